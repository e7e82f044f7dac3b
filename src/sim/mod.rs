//! The world: broker, clients, links and their schedule, in simulated time; and the run of it, with checkpoints and branches.

mod apply;
mod arrive;
mod branch;
mod checkpoints;
mod connection;
mod ends;
mod input;
mod journal;
mod link;
mod live;
mod moment;
mod party;
mod plan;
mod run;
mod send;
mod setup;
mod world;

pub use input::{Input, LiveAct, LiveOutput};
pub use journal::{Entry, Journal};
pub use link::{LinkSpec, WRITE_TIMEOUT};
pub use moment::{BranchInfo, Moment, Progress};
pub use run::{BRANCHES_MAX, Run};
pub use setup::{ClientSpec, Setup, Step};
pub use world::{ClientView, World};
