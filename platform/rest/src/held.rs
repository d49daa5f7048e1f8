//! Bytes that the process holds for its clients: how many in all, and for each of them.
//!
//! Nobody has a fixed share. A client may hold so many as are a part of what is left (the dynamic threshold of
//! Choudhury and Hahne, "Dynamic queue length thresholds for shared-memory packet switches", 1998): one
//! that is alone gets a good deal, many leave room for one more, and none of them can take it all.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kernel::Id;

/// Who counts as one: people by who they are, strangers by their network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    Person(Id),
    Stranger(IpAddr),
}

pub(crate) struct Allowance {
    most: usize,
    part: usize,
    taken: Mutex<Taken>,
}

struct Taken {
    all: usize,
    /// By strangers together.
    strangers: usize,
    each: BTreeMap<Holder, usize>,
}

/// There is no room for so many.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Allowance {
    /// `most` bytes in all, half of them for strangers. A holder may have one `part`th of what is left.
    pub(crate) const fn new(most: usize, part: usize) -> Allowance {
        let taken = Taken { all: 0, strangers: 0, each: BTreeMap::new() };
        Allowance { most, part, taken: Mutex::new(taken) }
    }

    /// Nothing yet, for `holder`.
    pub(crate) fn held_by(&'static self, holder: Holder) -> Held {
        Held { allowance: self, holder, bytes: 0 }
    }

    /// Whether `holder` could be given so many more just now.
    pub(crate) fn has_room(&self, holder: Holder, bytes: usize) -> bool {
        self.lock().has_room(self, holder, bytes)
    }

    /// Whether somebody holds more than they could ever have been given if asked before, see
    /// [`Held::more_at_any_rate`].
    pub(crate) fn is_exceeded_by(&self, holder: Holder) -> bool {
        self.lock().each.get(&holder).is_some_and(|bytes| *bytes > self.most / self.part)
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn has_room(&self, of: &Allowance, holder: Holder, bytes: usize) -> bool {
        let mut left = of.most.saturating_sub(self.all);
        if matches!(holder, Holder::Stranger(_)) {
            left = left.min((of.most / 2).saturating_sub(self.strangers));
        }
        let has = self.each.get(&holder).copied().unwrap_or_default();
        has + bytes <= left / of.part
    }

    fn add(&mut self, holder: Holder, bytes: usize) {
        self.all += bytes;
        if matches!(holder, Holder::Stranger(_)) {
            self.strangers += bytes;
        }
        *self.each.entry(holder).or_default() += bytes;
    }

    fn give_back(&mut self, holder: Holder, bytes: usize) {
        self.all -= bytes;
        if matches!(holder, Holder::Stranger(_)) {
            self.strangers -= bytes;
        }
        if let Entry::Occupied(mut has) = self.each.entry(holder) {
            *has.get_mut() -= bytes;
            if *has.get() == 0 {
                has.remove();
            }
        }
    }
}

/// Bytes of one holder, given back when dropped.
pub(crate) struct Held {
    allowance: &'static Allowance,
    holder: Holder,
    bytes: usize,
}

impl Held {
    pub(crate) fn more(&mut self, bytes: usize) -> Result<(), Full> {
        let mut taken = self.allowance.lock();
        if !taken.has_room(self.allowance, self.holder, bytes) {
            return Err(Full);
        }
        taken.add(self.holder, bytes);
        self.bytes += bytes;
        Ok(())
    }

    /// For what cannot be refused any more.
    pub(crate) fn more_at_any_rate(&mut self, bytes: usize) {
        self.allowance.lock().add(self.holder, bytes);
        self.bytes += bytes;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.bytes > 0 {
            self.allowance.lock().give_back(self.holder, self.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Holder {
        Holder::Person(kernel::new_id())
    }

    fn stranger(n: u8) -> Holder {
        Holder::Stranger(IpAddr::from([192, 0, 2, n]))
    }

    /// As many as there is room for, one by one.
    fn fill(held: &mut Held) -> usize {
        (0..).take_while(|_| held.more(1).is_ok()).count()
    }

    #[test]
    fn one_holder_leaves_room_for_many() {
        static ALL: Allowance = Allowance::new(900, 8);
        let mut holders: Vec<Held> = (0..10).map(|_| ALL.held_by(person())).collect();
        let got: Vec<usize> = holders.iter_mut().map(fill).collect();
        assert_eq!(got[0], 100, "a ninth");
        assert!(got.windows(2).all(|pair| pair[1] <= pair[0]) && got[9] >= 30, "{got:?}");
        drop(holders);
        assert_eq!(fill(&mut ALL.held_by(person())), 100, "all was given back");
        assert!(ALL.lock().each.is_empty() && ALL.lock().all == 0);
    }

    #[test]
    fn strangers_have_half() {
        static ALL: Allowance = Allowance::new(1800, 2);
        let mut many: Vec<Held> = (0..200).map(|n| ALL.held_by(stranger(n))).collect();
        let together: usize = many.iter_mut().map(fill).sum();
        assert!((800..=900).contains(&together), "{together}");
        assert!(fill(&mut ALL.held_by(person())) >= 300);
    }

    #[test]
    fn what_is_not_refused_is_counted() {
        static ALL: Allowance = Allowance::new(100, 2);
        let who = person();
        let mut held = ALL.held_by(who);
        assert_eq!(held.more(51), Err(Full));
        held.more_at_any_rate(50);
        assert!(!ALL.is_exceeded_by(who));
        held.more_at_any_rate(150);
        assert!(ALL.is_exceeded_by(who) && !ALL.is_exceeded_by(person()));
        assert_eq!(ALL.held_by(person()).more(1), Err(Full));
        drop(held);
        assert!(!ALL.is_exceeded_by(who));
    }
}
