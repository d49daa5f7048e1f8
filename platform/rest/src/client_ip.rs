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

/// Who sends a request, as far as addresses tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) address: IpAddr,
    /// A program of this machine itself, for which no proxy speaks.
    pub(crate) is_local: bool,
}

impl Client {
    /// What limits count as one client.
    pub(crate) fn network(self) -> IpAddr {
        network_of(self.address)
    }
}

impl Default for Client {
    fn default() -> Client {
        Client { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), is_local: false }
    }
}

/// The one header in which the proxies say for whom they ask. It must be one that they set whatever the
/// client sent: every other is passed on as the client forged it, so no other is ever read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClientHeader {
    /// Each proxy appends its peer; the right-most address that is none of ours counts.
    #[default]
    XForwardedFor,
    XRealIp,
    CfConnectingIp,
}

impl ClientHeader {
    fn name(self) -> &'static str {
        match self {
            ClientHeader::XForwardedFor => "x-forwarded-for",
            ClientHeader::XRealIp => "x-real-ip",
            ClientHeader::CfConnectingIp => "cf-connecting-ip",
        }
    }
}

impl FromStr for ClientHeader {
    type Err = String;

    fn from_str(text: &str) -> Result<ClientHeader, String> {
        match text.to_ascii_lowercase().as_str() {
            "x-forwarded-for" => Ok(ClientHeader::XForwardedFor),
            "x-real-ip" => Ok(ClientHeader::XRealIp),
            "cf-connecting-ip" => Ok(ClientHeader::CfConnectingIp),
            _ => Err("must be X-Forwarded-For, X-Real-IP or CF-Connecting-IP".to_owned()),
        }
    }
}

/// The peers who are believed, and what of theirs. The default is this machine.
#[derive(Debug, Clone)]
pub struct Proxies {
    networks: Vec<Network>,
    header: ClientHeader,
}

impl Default for Proxies {
    fn default() -> Proxies {
        Proxies::new(vec![
            Network { address: IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), prefix: 8 },
            Network { address: IpAddr::V6(Ipv6Addr::LOCALHOST), prefix: 128 },
        ])
    }
}

impl Proxies {
    pub fn new(networks: Vec<Network>) -> Proxies {
        Proxies { networks, header: ClientHeader::default() }
    }

    pub fn naming_clients_in(self, header: ClientHeader) -> Proxies {
        Proxies { header, ..self }
    }

    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|n| n.contains(address.to_canonical()))
    }

    /// From a trusted peer: the client its header names, if it names one. From anyone else: the peer.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let peer = peer.to_canonical();
        let itself = Client { address: peer, is_local: peer.is_loopback() };
        if !self.trust(peer) {
            return itself;
        }
        let name = self.header.name();
        if !headers.contains_key(name) {
            return itself;
        }
        // A client may have written any bytes left of what its proxy appended.
        let values = headers.get_all(name).iter().map(|v| String::from_utf8_lossy(v.as_bytes()));
        let values: Vec<_> = values.collect();
        let named = match self.header {
            ClientHeader::XForwardedFor => {
                self.right_most(values.iter().rev().flat_map(|value| value.rsplit(',')))
            }
            // Of several lines the last is the proxy's.
            _ => values.last().and_then(|value| parse(value)),
        };
        Client { address: named.unwrap_or(peer), is_local: false }
    }

    /// `forwarded` from the right.
    fn right_most<'a>(&self, forwarded: impl Iterator<Item = &'a str>) -> Option<IpAddr> {
        let mut nearest = None;
        for text in forwarded {
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
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn client(proxies: &Proxies, peer: &str, headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &map).address.to_string()
    }

    #[test]
    fn only_trusted_peers_are_believed() {
        let local = Proxies::default();
        let forged = ("x-forwarded-for", "6.6.6.6");
        assert_eq!(client(&local, "9.9.9.9", &[forged, ("x-real-ip", "6.6.6.6")]), "9.9.9.9");
        assert_eq!(client(&local, "127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(
            client(&local, "::ffff:127.0.0.1", &[("x-forwarded-for", "5.5.5.5")]),
            "5.5.5.5"
        );
    }

    #[test]
    fn no_header_is_read_but_the_one_the_proxies_set() {
        let all = [
            ("x-forwarded-for", "1.1.1.1"),
            ("x-real-ip", "6.6.6.6"),
            ("x-real-ip", "2.2.2.2"),
            ("cf-connecting-ip", "2001:db8::1"),
        ];
        for (header, expected) in [
            ("X-Forwarded-For", "1.1.1.1"),
            ("x-real-ip", "2.2.2.2"),
            ("CF-Connecting-IP", "2001:db8::1"),
        ] {
            let proxies = Proxies::default().naming_clients_in(header.parse().unwrap());
            assert_eq!(client(&proxies, "127.0.0.1", &all), expected);
            assert_eq!(client(&proxies, "127.0.0.1", &[("forwarded", "for=6.6.6.6")]), "127.0.0.1");
        }
        assert!("Forwarded".parse::<ClientHeader>().is_err());
    }

    #[test]
    fn only_programs_of_this_machine_are_local() {
        let is_local = |peer: &str, forwarded: Option<&str>| {
            let value = forwarded.map(|f| ("x-forwarded-for".parse().unwrap(), f.parse().unwrap()));
            let headers = HeaderMap::from_iter(value);
            Proxies::default().client(peer.parse().unwrap(), &headers).is_local
        };
        assert!(is_local("127.0.0.1", None) && is_local("::1", None));
        assert!(!is_local("127.0.0.1", Some("127.0.0.1")) && !is_local("127.0.0.1", Some("x")));
        assert!(!is_local("192.0.2.1", None));
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

    /// A proxy appends to whatever bytes its client sent.
    #[test]
    fn a_header_of_any_bytes_is_a_header() {
        for (name, value, expected) in [
            ("X-Forwarded-For", &b"\xe9, 1.2.3.4"[..], "1.2.3.4"),
            ("X-Forwarded-For", b"6.6.6.6, \xe9", "127.0.0.1"),
            ("X-Forwarded-For", b"\xff", "127.0.0.1"),
            ("X-Real-IP", b"\xe9", "127.0.0.1"),
        ] {
            let name: HeaderName = name.parse().unwrap();
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_bytes(value).unwrap())]);
            for header in [ClientHeader::XForwardedFor, ClientHeader::XRealIp] {
                let proxies = Proxies::default().naming_clients_in(header);
                let client = proxies.client(IpAddr::V4(Ipv4Addr::LOCALHOST), &headers);
                let is_named = headers.contains_key(header.name());
                assert_eq!(client.is_local, !is_named);
                let expected = if is_named { expected } else { "127.0.0.1" };
                assert_eq!(client.address.to_string(), expected);
            }
        }
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
