//! Money: an integer of minor units and an ISO 4217 currency.

use std::fmt;

/// Three capital letters, as ISO 4217 has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const USD: Currency = Currency(*b"USD");
    pub const EUR: Currency = Currency(*b"EUR");

    pub fn parse(text: &str) -> Option<Currency> {
        let bytes: [u8; 3] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Currency(bytes))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits after the decimal point (ISO 4217 "minor unit").
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// In minor units: cents for USD, yen for JPY.
    pub amount: i64,
    pub currency: Currency,
}

impl Money {
    /// Reads a decimal in major units ("1,054.50" with `group` ',' and `point` '.').
    /// Errors when it is no number, has more decimals than the currency, or does not fit.
    pub fn from_major(
        text: &str,
        currency: Currency,
        point: char,
        group: Option<char>,
    ) -> Result<Money, String> {
        let wrong = || format!("\"{text}\" is not an amount");
        let trimmed = text.trim();
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed),
        };
        let (whole, fraction) = digits.split_once(point).unwrap_or((digits, ""));
        let whole: String = whole.chars().filter(|c| Some(*c) != group).collect();
        let is_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !is_digits(&whole) || !is_digits(fraction) {
            return Err(wrong());
        }
        let exponent = currency.exponent() as usize;
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > exponent {
            return Err(format!("\"{text}\" has more than {exponent} decimals"));
        }
        let padded = format!("{whole}{fraction:0<exponent$}");
        let amount: i64 = padded.parse().map_err(|_| format!("\"{text}\" is too large"))?;
        Ok(Money { amount: if negative { -amount } else { amount }, currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_amounts() {
        let read = |t, c: &str| {
            let currency = Currency::parse(c).unwrap();
            Money::from_major(t, currency, '.', Some(',')).map(|m| m.amount)
        };
        assert_eq!(read("1054", "USD"), Ok(105_400));
        assert_eq!(read("-1,054.5", "USD"), Ok(-105_450));
        assert_eq!(read("1100.040", "USD"), Ok(110_004));
        assert_eq!(read("12", "JPY"), Ok(12));
        assert!(read("1.005", "USD").is_err());
        assert!(read("", "USD").is_err());
        assert!(read("12a", "USD").is_err());
        assert!(read("99999999999999999999", "USD").is_err());
    }
}
