//! Side by side: the same scenario under two profiles, or two branches of a run, aligned by what is the same on both sides, and
//! where they part.
//!
//! Two branches were asked the same things but for what was done by hand after one left the other: that has no like on the other
//! side, and takes nobody's place ([`Sides::take_as`]).
//!
//! Two runs of one scenario are asked the same things in the same order, so that an input has the same name on both sides, and so
//! has all that comes of it: a connection, a subscription, a message, its delivery to one client. Each such thing is a [`Thing`]
//! with the steps that it took on either side. [`Sides::compare`] says which took other steps. When they were taken does not
//! count, unless one side says that a quota delayed it.

mod compare;
mod explain;
mod fold;
mod fold_in;
mod other;
mod tell;
mod thing;

pub use compare::{Comparison, Divergence, MAX_DIVERGENCES, Row};
pub use explain::Why;
pub use fold::Sides;
pub use other::Other;
pub use tell::Teller;
pub use thing::{Step, Subject, Thing, What};
