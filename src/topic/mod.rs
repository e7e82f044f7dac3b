//! Topic Names and Topic Filters: validity, matching, and the two stores that are searched by them.
//!
//! A topic is a tree of levels cut at `/`. [`Tree`] holds filters and is asked with a name: who subscribes to this?
//! [`Names`] holds names and is asked with a filter: which retained messages fall under this? [`matches`] is the plain
//! definition that both are tested against. Section 4.7 of either MQTT specification is the source.

mod check;
mod matching;
mod names;
mod names_match;
mod reserved;
mod tree;

pub use check::{
    Filter, Problem, SHARE, TopicError, check_bytes_max, check_filter, check_levels_max, check_name,
    check_plain_filter, check_share_max,
};
pub use matching::{ParentMatch, Parting, literal_prefix, matches, parting};
pub use names::{Iter, Names};
pub(crate) use names_match::cmp as in_tree_order;
pub use reserved::{check_reserved_filter, check_reserved_name};
pub use tree::Tree;
