//! The world: broker, clients, links and their schedule, in simulated time; and the run of it, with checkpoints and branches.

mod input;
mod link;
mod moment;
mod setup;

pub use input::{Input, LiveAct, LiveOutput};
pub use link::{LinkSpec, WRITE_TIMEOUT};
pub use moment::{BranchInfo, Moment, Progress};
pub use setup::{ClientSpec, Setup, Step};
