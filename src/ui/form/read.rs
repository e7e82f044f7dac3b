//! What is typed into a form, and what is wrong in it.

use super::{Field, Kind};
use crate::json::{from_base64, from_hex, parse};
use crate::scenario::Problem;
use crate::time::Span;
use crate::topic::{check_filter, check_name};
use crate::ui::field::number;
use crate::ui::text::forms as text;
use bytes::Bytes;

/// What stands in the fields of a form.
#[derive(Clone)]
pub(crate) struct Values {
    /// The fields.
    pub(crate) of: &'static [Field],
    texts: Vec<String>,
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        self.texts == other.texts
    }
}

/// What a switch holds that is on.
const ON: &str = "1";

impl Values {
    /// Nothing in any field.
    pub(crate) fn new(of: &'static [Field]) -> Self {
        Self { of, texts: vec![String::new(); of.len()] }
    }

    fn at(&self, key: &str) -> Option<usize> {
        self.of.iter().position(|field| field.key == key)
    }

    /// What was typed.
    pub(crate) fn get(&self, key: &str) -> &str {
        self.at(key).and_then(|at| self.texts.get(at)).map_or("", String::as_str)
    }

    /// What was typed, where something was.
    pub(crate) fn some(&self, key: &str) -> Option<String> {
        Some(self.get(key).to_owned()).filter(|text| !text.is_empty())
    }

    /// Whether a switch is on.
    pub(crate) fn on(&self, key: &str) -> bool {
        self.get(key) == ON
    }

    /// The index of a choice.
    pub(crate) fn pick(&self, key: &str) -> usize {
        self.get(key).parse().unwrap_or(0)
    }

    /// A number, where one was typed.
    pub(crate) fn number<N: TryFrom<u64>>(&self, key: &str) -> Option<N> {
        N::try_from(self.get(key).trim().parse().ok()?).ok()
    }

    /// A length of time, where one was typed.
    pub(crate) fn span(&self, key: &str) -> Option<Span> {
        Span::parse(self.get(key)).ok()
    }

    /// No, yes, or nothing said: a choice of three.
    pub(crate) fn said(&self, key: &str) -> Option<bool> {
        [None, Some(false), Some(true)].get(self.pick(key)).copied().flatten()
    }

    /// Writes into a field.
    pub(crate) fn set(&mut self, key: &str, text: impl Into<String>) {
        if let Some(place) = self.at(key).and_then(|at| self.texts.get_mut(at)) {
            *place = text.into();
        }
    }

    /// Turns a switch.
    pub(crate) fn turn(&mut self, key: &str, on: bool) {
        self.set(key, if on { ON } else { "" });
    }

    /// Says [`Values::said`].
    pub(crate) fn say(&mut self, key: &str, said: Option<bool>) {
        self.set(key, said.map_or("", |said| if said { "2" } else { "1" }));
    }

    /// With something in a field.
    #[must_use]
    pub(crate) fn with(mut self, key: &str, text: impl Into<String>) -> Self {
        self.set(key, text);
        self
    }

    /// The fields in which something stands, with that.
    pub(crate) fn written(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.of
            .iter()
            .zip(&self.texts)
            .filter(|(_, text)| !text.is_empty())
            .map(|(field, text)| (field.key, &**text))
    }

    /// The same with every text changed.
    #[must_use]
    pub(crate) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self { of: self.of, texts: self.texts.iter().map(|text| change(text)).collect() }
    }

    /// What is wrong in a field; nothing is where it is empty.
    pub(crate) fn wrong(&self, field: &Field) -> Option<String> {
        let text = self.get(field.key);
        match field.kind {
            _ if text.is_empty() => None,
            Kind::Number(least, most) => match number(text, most) {
                Ok(Some(number)) if number >= least => None,
                _ => Some(text::whole(least, most)),
            },
            Kind::Span => Span::parse(text).err(),
            Kind::Topic => check_name(text).err().map(|error| error.what().to_owned()),
            Kind::Filter => check_filter(text).err().map(|error| error.what().to_owned()),
            Kind::Filters => filters(text).err(),
            Kind::Lines => user_properties(text).err(),
            Kind::Bytes(form) | Kind::Secret(form) => bytes_of(self.pick(form), text).err(),
            Kind::Text | Kind::Switch | Kind::Choice(_) => {
                (text.len() > usize::from(u16::MAX)).then(|| text::TOO_LONG.to_owned())
            }
        }
    }

    /// Whether nothing is wrong in any field.
    pub(crate) fn is_right(&self) -> bool {
        self.of.iter().all(|field| self.wrong(field).is_none())
    }

    /// The filters on the lines of a field, with the QoS that stands before one.
    pub(crate) fn filters(&self, key: &str) -> Vec<(Option<usize>, String)> {
        filters(self.get(key)).unwrap_or_default()
    }

    /// The bytes of a field, in the form that another one says.
    pub(crate) fn bytes(&self, key: &str, form: &str) -> Option<Bytes> {
        bytes_of(self.pick(form), self.get(key)).ok()
    }
}

/// The filters of lines, each with its QoS before it or without.
fn filters(lines: &str) -> Result<Vec<(Option<usize>, String)>, String> {
    let lines = (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let (qos, filter) = match line.split_at_checked(2) {
                Some(("0 ", filter)) => (Some(0), filter),
                Some(("1 ", filter)) => (Some(1), filter),
                Some(("2 ", filter)) => (Some(2), filter),
                _ => (None, line),
            };
            match check_filter(filter) {
                Ok(_) => Ok((qos, filter.to_owned())),
                Err(error) => Err(text::line(number, error.what())),
            }
        })
        .collect()
}

/// How bytes are written, by the index among the forms.
const TEXT: usize = 0;
const JSON: usize = 1;
const HEX: usize = 2;

/// The bytes that are written in a form.
///
/// # Errors
/// What is wrong, and where.
fn bytes_of(form: usize, text: &str) -> Result<Bytes, String> {
    match form {
        TEXT => Ok(text.to_owned().into()),
        // What is filled in later is no JSON yet.
        JSON if crate::sim::has_place(text) => Ok(text.to_owned().into()),
        JSON => match parse(text) {
            Ok(_) => Ok(text.to_owned().into()),
            Err(fault) => {
                let at = Problem::at_offset(text, fault.offset, fault.message);
                Err(text::place(at.line, at.column, &at.message))
            }
        },
        HEX => from_hex(text).map(Bytes::from).ok_or_else(|| text::NO_HEX.to_owned()),
        _ => {
            let digits: String = text.split_whitespace().collect();
            from_base64(&digits).map(Bytes::from).map_err(|at| text::no_base64(at + 1))
        }
    }
}

/// The User Properties of lines `name: value`.
///
/// # Errors
/// Which line is wrong.
pub(crate) fn user_properties(lines: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let Some((name, value)) = line.split_once(':') else {
            return Err(text::no_colon(number));
        };
        pairs.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(pairs)
}

/// The bytes of hexadecimal digits.
///
/// # Errors
/// What is wanted.
pub(crate) fn bytes_of_hex(text: &str) -> Result<Bytes, String> {
    bytes_of(HEX, text)
}
