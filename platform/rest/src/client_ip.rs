//! Whose address a request has: the peer's, or what a trusted proxy says of its client.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use axum::http::HeaderMap;

/// An address or a block of them: `10.0.0.0/8`, `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
                a.to_bits() & mask == b.to_bits() & mask
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
                a.to_bits() & mask == b.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Network, String> {
        let wrong = || format!("\"{text}\" is not an address or a block such as 10.0.0.0/8");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(digits) => digits.trim().parse().ok().filter(|p| *p <= most).ok_or_else(wrong)?,
            None => most,
        };
        Ok(Network { address, prefix })
    }
}

/// The peers whose forwarding headers are believed. The default is this machine.
#[derive(Debug, Clone)]
pub struct Proxies(Vec<Network>);

impl Default for Proxies {
    fn default() -> Proxies {
        Proxies(vec![
            Network { address: IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), prefix: 8 },
            Network { address: IpAddr::V6(Ipv6Addr::LOCALHOST), prefix: 128 },
        ])
    }
}

impl Proxies {
    pub fn new(networks: Vec<Network>) -> Proxies {
        Proxies(networks)
    }

    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|n| n.contains(address.to_canonical()))
    }

    /// From a trusted peer: the right-most address of `X-Forwarded-For` that is not a proxy of ours,
    /// else `CF-Connecting-IP`, else `X-Real-IP`. From anyone else: the peer.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return peer;
        }
        let forwarded: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        if !forwarded.is_empty() {
            return self.right_most(&forwarded).unwrap_or(peer);
        }
        let named = |name: &str| parse(headers.get(name)?.to_str().ok()?);
        named("cf-connecting-ip").or_else(|| named("x-real-ip")).unwrap_or(peer)
    }

    fn right_most(&self, forwarded: &[&str]) -> Option<IpAddr> {
        let mut nearest = None;
        for text in forwarded.iter().rev() {
            // What stands left of a word that is no address was not written by our proxies.
            let Some(address) = parse(text) else { return nearest };
            nearest = Some(address);
            if !self.trust(address) {
                break;
            }
        }
        nearest
    }
}

/// What limits count as one client: an IPv4 address, or the network of 64 bits that an IPv6 subscriber has to
/// pick addresses from.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
    }
}

/// An address, perhaps bracketed or with a port.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse::<IpAddr>().ok();
    let address =
        address.or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip()));
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.or_else(bare).map(|a: IpAddr| a.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &Proxies, peer: &str, headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &map).to_string()
    }

    #[test]
    fn only_trusted_peers_are_believed() {
        let local = Proxies::default();
        let forged = ("x-forwarded-for", "6.6.6.6");
        assert_eq!(client(&local, "9.9.9.9", &[forged, ("x-real-ip", "6.6.6.6")]), "9.9.9.9");
        assert_eq!(client(&local, "127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(client(&local, "::ffff:127.0.0.1", &[("x-real-ip", "5.5.5.5")]), "5.5.5.5");
        assert_eq!(client(&local, "::1", &[("cf-connecting-ip", "2001:db8::1")]), "2001:db8::1");
    }

    #[test]
    fn the_right_most_stranger_of_the_chain_is_the_client() {
        let proxies =
            Proxies::new(vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()]);
        let chain = |value| client(&proxies, "127.0.0.1", &[("x-forwarded-for", value)]);
        assert_eq!(chain("6.6.6.6, 5.5.5.5, 10.1.2.3"), "5.5.5.5");
        assert_eq!(chain("6.6.6.6, 5.5.5.5:4711"), "5.5.5.5");
        assert_eq!(chain("10.9.9.9, 10.1.2.3"), "10.9.9.9");
        assert_eq!(chain("6.6.6.6, nonsense, 10.1.2.3"), "10.1.2.3");
        assert_eq!(chain("[2001:db8::7]:80"), "2001:db8::7");
        assert_eq!(chain("nonsense"), "127.0.0.1");
    }

    #[test]
    fn networks_are_read() {
        assert!("10.0.0.0/8".parse::<Network>().is_ok());
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains("1.2.3.4".parse().unwrap()));
        for wrong in ["", "10.0.0.0/33", "localhost", "::1/129", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
