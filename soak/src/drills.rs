//! Every drill there is. A new one is a module here and a line in `all`.

mod crash;
mod kill;
pub(crate) mod migration;
mod pause;
mod races;
mod shutdown;

use crate::drill::Drill;

pub(crate) fn all() -> Vec<Box<dyn Drill>> {
    vec![
        Box::new(kill::Kill),
        Box::new(crash::Crash),
        Box::new(pause::Pause),
        Box::new(races::Races),
        Box::new(migration::Upgrade),
        Box::new(shutdown::Shutdown),
    ]
}
