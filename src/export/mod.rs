//! What of a run goes into other people's programs.

pub mod code;
pub mod ledger;
