//! The one table of settings: name, unit, what is allowed, what it does, where it comes from, and its value in `mqtt`.

mod connections;
mod sessions;

use super::setting::Setting;

/// All settings, in the order of their names.
pub(super) const TABLE: &[Setting] = &joined();

const FIRST: &[Setting] = connections::SETTINGS;
const REST: &[Setting] = sessions::SETTINGS;

/// One list after the other.
const fn joined() -> [Setting; FIRST.len() + REST.len()] {
    let mut all = [FIRST[0]; FIRST.len() + REST.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < FIRST.len() { FIRST[at] } else { REST[at - FIRST.len()] };
        at += 1;
    }
    all
}
