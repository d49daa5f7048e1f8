//! Numbers that look random and are the same on every machine (Steele, Lea and Flood's
//! SplitMix64, "Fast splittable pseudorandom number generators", 2014).

pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `least` to `most`, both possible.
    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = most.abs_diff(least) + 1;
        least + i64::try_from(self.next() % span).unwrap_or(0)
    }

    /// An index below `length`.
    pub(super) fn below(&mut self, length: usize) -> usize {
        usize::try_from(self.next() % length.max(1) as u64).unwrap_or(0)
    }

    /// `items` must not be empty.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_everywhere() {
        let mut random = Random::new(1);
        let drawn: Vec<i64> = (0..6).map(|_| random.between(1, 6)).collect();
        assert_eq!(drawn, Random::new(1).many(6));
        assert_eq!(Random::new(0).next(), 0xe220_a839_7b1d_cdaf);
    }

    impl Random {
        fn many(&mut self, count: usize) -> Vec<i64> {
            (0..count).map(|_| self.between(1, 6)).collect()
        }
    }
}
