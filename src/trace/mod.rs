//! Events, causes, and how a run is remembered.
//!
//! A [`Recorder`] numbers events and messages; it is small and lives in the world, so that a checkpoint carries it. A [`Trace`]
//! holds events in rows of 48 bytes. [`Recorder::watch`] makes of both the observer for a call into the broker; with [`Count`] in
//! place of the trace, a re-run gives the same causes and stores nothing. The JSON lines are in `docs/trace.md`.

mod answer;
mod chunk;
mod event;
mod fingerprint;
mod hash;
mod kind;
mod ledger;
mod line;
mod packet_line;
mod read;
mod receivers;
mod recorder;
mod store;
mod summary;
mod why;

#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use event::EventRef;
pub use fingerprint::Fingerprint;
pub use kind::{KINDS, KindSet};
pub use ledger::{Fate, Ledger, LedgerRows, Line, Order, Query, Totals, Verdict, Wanted};
pub use read::{Events, Filter};
pub use receivers::{Outcome, Reason, Receiver, receivers};
pub use recorder::{Count, Counts, Numbers, Recorder, Sink, Watch};
pub use store::{Bounds, Header, Level, MessageName, Trace};
pub use summary::{ClientSummary, Summary};
pub use why::{About, Found, Hint, Mark, Question, Walk, WhyStep, why_nothing};
