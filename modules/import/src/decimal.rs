//! Exact decimals: "1,100.04" millions are 110,004,000,000 cents, with nothing lost on the way.

/// `units` × 10^-`places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    units: i128,
    places: u32,
}

/// How a file writes numbers.
#[derive(Debug, Clone)]
pub(crate) struct Notation {
    pub(crate) point: char,
    pub(crate) group: Option<char>,
    /// Characters without meaning, such as a currency sign.
    pub(crate) strip: String,
}

impl Default for Notation {
    fn default() -> Notation {
        Notation { point: '.', group: Some(','), strip: String::new() }
    }
}

impl Decimal {
    pub(crate) const ONE: Decimal = Decimal { units: 1, places: 0 };

    pub(crate) fn parse(text: &str, notation: &Notation) -> Option<Decimal> {
        let (mut units, mut places) = (0_i128, 0_u32);
        let (mut negative, mut digits, mut after_point) = (false, 0_u32, false);
        for c in text.trim().chars() {
            match c {
                '-' if digits == 0 && !negative => negative = true,
                '+' if digits == 0 && !negative => {}
                '0'..='9' => {
                    units = units.checked_mul(10)?.checked_add(i128::from(c as u8 - b'0'))?;
                    digits += 1;
                    places += u32::from(after_point);
                }
                c if c == notation.point && !after_point => after_point = true,
                c if Some(c) == notation.group && !after_point && digits > 0 => {}
                c if notation.strip.contains(c) || c == '\u{a0}' => {}
                _ => return None,
            }
        }
        (digits > 0).then(|| Decimal { units: if negative { -units } else { units }, places })
    }

    pub(crate) fn times(self, other: Decimal) -> Option<Decimal> {
        Some(Decimal {
            units: self.units.checked_mul(other.units)?,
            places: self.places.checked_add(other.places)?,
        })
    }

    /// As an integer of 10^-`exponent`; `None` when decimals would be lost or it does not fit.
    pub(crate) fn minor(self, exponent: u32) -> Option<i64> {
        let whole = match exponent.checked_sub(self.places) {
            Some(more) => self.units.checked_mul(10_i128.checked_pow(more)?)?,
            None => {
                let by = 10_i128.checked_pow(self.places - exponent)?;
                (self.units % by == 0).then_some(self.units / by)?
            }
        };
        i64::try_from(whole).ok()
    }

    pub(crate) fn float(self) -> f64 {
        let text = format!("{}e-{}", self.units, self.places);
        text.parse().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Decimal> {
        Decimal::parse(text, &Notation { strip: "$".into(), ..Notation::default() })
    }

    #[test]
    fn exact_to_the_last_place() {
        let million = read("1000000").unwrap();
        assert_eq!(
            read("1,100.04").unwrap().times(million).unwrap().minor(2),
            Some(110_004_000_000)
        );
        assert_eq!(read("-$4.50").unwrap().minor(2), Some(-450));
        assert_eq!(read("4.500").unwrap().minor(2), Some(450));
        assert_eq!(read("4.505").unwrap().minor(2), None);
        assert_eq!(read("12").unwrap().minor(0), Some(12));
        assert_eq!(read("0.1").unwrap().float(), 0.1);
        assert_eq!(read("99999999999999999999").unwrap().minor(2), None);
    }

    #[test]
    fn what_is_no_number() {
        for wrong in ["", "-", "1.2.3", "12a", "--1", "1-2", ".", "1.2,3"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn continental_notation() {
        let notation = Notation { point: ',', group: Some('.'), strip: String::new() };
        assert_eq!(Decimal::parse("1.054,50", &notation).unwrap().minor(2), Some(105_450));
    }
}
