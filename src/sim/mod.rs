//! The world: broker, clients, links and their schedule, in simulated time; and the run of it, with checkpoints and branches.

mod apply;
mod arrive;
mod branch;
mod branches;
mod checkpoints;
mod connection;
mod ends;
mod hold;
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
mod template;
mod undo;
mod what_if;
mod world;

pub use branches::{BRANCH_NAME_MAX, BRANCHES_MAX, BRANCHES_MAX_BYTES};
pub use hold::STALL_MAX;
pub use input::{Input, LiveAct, LiveOutput, MAX_REPEATS, Repeat};
pub use journal::{Entry, Journal};
pub use link::{LinkSpec, WRITE_TIMEOUT};
pub use moment::{BranchInfo, Moment, Progress};
pub use party::Way;
pub use plan::RepeatView;
pub use run::Run;
pub use setup::{ClientSpec, Setup, Step};
pub use template::{PLACES, check_template, has_place};
pub use undo::Deed;
pub use what_if::{Chosen, OnItsWay, WhatIf};
pub use world::{ClientView, Network, World};
