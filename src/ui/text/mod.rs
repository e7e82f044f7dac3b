//! Every word that the page shows, one file for each panel: a translation is another such directory.
//!
//! Plain sentences are constants; a sentence with something in it is a function of that, so that a translation can put it elsewhere.

pub(crate) mod access;
pub(crate) mod bill;
pub(crate) mod broker;
pub(crate) mod clients;
pub(crate) mod code;
pub(crate) mod commands;
pub(crate) mod common;
pub(crate) mod computing;
pub(crate) mod deeds;
pub(crate) mod events;
pub(crate) mod faults;
pub(crate) mod files;
pub(crate) mod flow;
pub(crate) mod forms;
pub(crate) mod header;
pub(crate) mod help;
pub(crate) mod inspector;
pub(crate) mod kept;
pub(crate) mod later;
pub(crate) mod ledger;
pub(crate) mod narration;
pub(crate) mod operations;
pub(crate) mod palette;
pub(crate) mod payload;
pub(crate) mod quotas;
pub(crate) mod rules;
pub(crate) mod runs;
pub(crate) mod sides;
pub(crate) mod table;
pub(crate) mod tabs;
pub(crate) mod teacher;
pub(crate) mod test_client;
pub(crate) mod time;
pub(crate) mod timeline;
pub(crate) mod topics;
pub(crate) mod why;
pub(crate) mod wills;
pub(crate) mod words;
