//! Forms out of tables: each field is a row with its label, its kind, its default and what it does. One piece of code shows, checks and
//! reads all of them.

mod html;
mod read;

pub(crate) use html::{Place, fields, only_those};
pub(crate) use read::{Values, bytes_of_hex, user_properties};

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// Bytes on one line, dots unless shown, written in the form that the field of this key says.
    Secret(&'static str),
    /// A whole number from the first to the second, or nothing.
    Number(u64, u64),
    Switch,
    /// A length of time with its unit.
    Span,
    /// One of these, by its index.
    Choice(&'static [&'static str]),
    /// Pairs, each a line.
    Lines,
    /// Bytes on lines of text, written in the form that the field of this key says.
    Bytes(&'static str),
    /// A Topic Name.
    Topic,
    /// A Topic Filter.
    Filter,
    /// Topic Filters, each a line.
    Filters,
}

/// Which versions have a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Versions {
    Both,
    Only5,
}

/// One field of a form.
pub(crate) struct Field {
    /// Its name in the code, in tests and in what is kept.
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: Kind,
    /// An example, or what it is where nothing is typed.
    pub(crate) hint: &'static str,
    pub(crate) versions: Versions,
    /// Its default, and what it does.
    pub(crate) help: &'static str,
}
