//! Every word that the page shows, one file for each panel: a translation is another such directory.
//!
//! Plain sentences are constants; a sentence with something in it is a function of that, so that a translation can put it elsewhere.

pub(crate) mod broker;
pub(crate) mod clients;
pub(crate) mod code;
pub(crate) mod commands;
pub(crate) mod computing;
pub(crate) mod events;
pub(crate) mod faults;
pub(crate) mod flow;
pub(crate) mod forms;
pub(crate) mod help;
pub(crate) mod inspector;
pub(crate) mod kept;
pub(crate) mod ledger;
pub(crate) mod palette;
pub(crate) mod tabs;
pub(crate) mod teacher;
pub(crate) mod time;
pub(crate) mod timeline;
pub(crate) mod topics;
pub(crate) mod why;
