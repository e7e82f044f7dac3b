//! Reading values out of the tree: what is missing, of the wrong kind or misspelt becomes a problem with its place.

use super::base64;
use super::json::{Json, Node};
use super::names::{self, Fields};
use super::problem::{Problem, ended};
use crate::nearest::did_you_mean;
use crate::time::Span;
use bytes::Bytes;
use std::fmt;
use std::ops::RangeInclusive;

/// No more problems than this are collected.
pub(super) const MAX_PROBLEMS: usize = 50;

/// A place in the document.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Field(&'a Self, &'a str),
    Item(&'a Self, usize),
}

impl Path<'_> {
    pub(super) const fn field<'a>(&'a self, name: &'a str) -> Path<'a> {
        Path::Field(self, name)
    }

    pub(super) const fn item(&self, index: usize) -> Path<'_> {
        Path::Item(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Path::Root, name) => f.write_str(name),
            Self::Field(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// Collects what is wrong while values are read.
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) problems: Vec<Problem>,
}

/// An object whose fields were checked, to take values from.
#[derive(Clone, Copy)]
pub(super) struct Object<'a> {
    pub(super) node: &'a Node,
    pub(super) path: &'a Path<'a>,
}

impl<'a> Object<'a> {
    /// The value of a field; `None` where it is missing, or null where that says "none".
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        let Json::Object(entries) = &self.node.value else { return None };
        let node = entries.iter().find(|entry| entry.key == name).map(|entry| &entry.node)?;
        let says_none = matches!(node.value, Json::Null) && names::NULLABLE.contains(&name);
        (!says_none).then_some(node)
    }
}

/// How a value is read: `None` where it is wrong, and then the problem is noted.
pub(super) type Read<T> = fn(&mut Reader<'_>, &Node, &Path<'_>) -> Option<T>;

impl<'t> Reader<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, problems: Vec::new() }
    }

    pub(super) fn wrong(&mut self, offset: usize, path: &Path<'_>, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            let mut problem = Problem::at_path(path, message);
            problem.locate(self.text, offset);
            self.problems.push(problem);
        }
    }

    /// Notes that something of another kind should stand here.
    fn kind<T>(&mut self, node: &Node, path: &Path<'_>, wanted: &str) -> Option<T> {
        self.wrong(node.offset, path, format!("{wanted} belongs here, not {}", node.value.name()));
        None
    }

    /// The node as an object with these fields.
    pub(super) fn object<'a>(
        &mut self,
        node: &'a Node,
        path: &'a Path<'a>,
        required: &[&str],
        optional: &[&str],
    ) -> Option<Object<'a>> {
        let Json::Object(entries) = &node.value else { return self.kind(node, path, "an object") };
        let names = || required.iter().chain(optional).copied();
        for entry in entries {
            if !names().any(|name| name == entry.key) {
                let list: Vec<_> = names().map(|name| format!("`{name}`")).collect();
                let message = format!(
                    "there is no field `{}` here{} Allowed are {}",
                    entry.key.escape_debug(),
                    ended(did_you_mean(&entry.key, names())),
                    list.join(", ")
                );
                self.wrong(entry.offset, path, message);
            }
        }
        let object = Object { node, path };
        for name in required {
            if object.get(name).is_none() {
                self.wrong(node.offset, path, format!("the field `{name}` is missing"));
            }
        }
        Some(object)
    }

    /// The node as an object with the fields of a table.
    pub(super) fn fields<'a>(
        &mut self,
        node: &'a Node,
        path: &'a Path<'a>,
        fields: &Fields,
    ) -> Option<Object<'a>> {
        self.object(node, path, fields.required, fields.optional)
    }

    /// The value of a field, if it is there and right.
    pub(super) fn take<T>(&mut self, object: &Object<'_>, name: &str, read: Read<T>) -> Option<T> {
        let node = object.get(name)?;
        read(self, node, &object.path.field(name))
    }

    /// The values of a field that is a list.
    pub(super) fn list<T>(&mut self, object: &Object<'_>, name: &str, read: Read<T>) -> Vec<T> {
        object.get(name).map(|node| self.items(node, &object.path.field(name), read)).unwrap_or_default()
    }

    /// The values of a list.
    pub(super) fn items<T>(&mut self, node: &Node, path: &Path<'_>, read: Read<T>) -> Vec<T> {
        let Json::List(items) = &node.value else {
            return self.kind(node, path, "a list").unwrap_or_default();
        };
        items.iter().enumerate().filter_map(|(index, item)| read(self, item, &path.item(index))).collect()
    }

    /// A number of the field, within bounds.
    pub(super) fn number(
        &mut self,
        object: &Object<'_>,
        name: &str,
        range: RangeInclusive<u64>,
    ) -> Option<u64> {
        let node = object.get(name)?;
        let number = match &node.value {
            Json::Number(number) => number.parse::<u64>().ok().filter(|number| range.contains(number)),
            _ => None,
        };
        if number.is_none() {
            let (least, most) = (range.start(), range.end());
            let found = match &node.value {
                Json::Number(number) => number.clone(),
                other => other.name().to_owned(),
            };
            let message = format!("a whole number from {least} to {most} belongs here, not {found}");
            self.wrong(node.offset, &object.path.field(name), message);
        }
        number
    }

    /// A number of the field that fits into 16 bits.
    pub(super) fn number16(&mut self, object: &Object<'_>, name: &str, least: u16) -> Option<u16> {
        let number = self.number(object, name, u64::from(least)..=u64::from(u16::MAX))?;
        u16::try_from(number).ok()
    }

    /// A number of the field that fits into 32 bits.
    pub(super) fn number32(&mut self, object: &Object<'_>, name: &str, least: u32) -> Option<u32> {
        let number = self.number(object, name, u64::from(least)..=u64::from(u32::MAX))?;
        u32::try_from(number).ok()
    }
}

/// A text.
pub(super) fn text(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<String> {
    match &node.value {
        Json::Text(text) => Some(text.clone()),
        _ => reader.kind(node, path, "text"),
    }
}

/// `true` or `false`.
pub(super) fn switch(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<bool> {
    match &node.value {
        Json::Switch(switch) => Some(*switch),
        _ => reader.kind(node, path, "true or false"),
    }
}

/// A time: text with a unit.
pub(super) fn span(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<Span> {
    let Json::Text(text) = &node.value else {
        return reader.kind(node, path, "a time as text with its unit, such as \"1.5s\" or \"250ms\",");
    };
    match Span::parse(text) {
        Ok(span) => Some(span),
        Err(message) => {
            reader.wrong(node.offset, path, message);
            None
        }
    }
}

/// Bytes: text, or an object with `hex` or `base64`.
pub(super) fn bytes(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<Bytes> {
    const WANTED: &str = "text, { \"hex\": \"…\" } or { \"base64\": \"…\" }";
    match &node.value {
        Json::Text(text) => Some(Bytes::from(text.clone())),
        Json::Object(entries) => {
            let [entry] = entries.as_slice() else { return reader.kind(node, path, WANTED) };
            let place = path.field(&entry.key);
            let digits = text(reader, &entry.node, &place)?;
            let decoded = match entry.key.as_str() {
                "hex" => crate::form::from_hex(&digits)
                    .ok_or_else(|| "`hex` takes pairs of hexadecimal digits".to_owned()),
                "base64" => base64::decode(&digits)
                    .map_err(|at| format!("this is no base64: its character {} is wrong", at + 1)),
                other => Err(format!("`{}` is no form of bytes: {WANTED}", other.escape_debug())),
            };
            match decoded {
                Ok(bytes) => Some(bytes.into()),
                Err(message) => {
                    reader.wrong(entry.node.offset, &place, message);
                    None
                }
            }
        }
        _ => reader.kind(node, path, WANTED),
    }
}

/// User Properties: a list of pairs of texts.
pub(super) fn pair(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<(String, String)> {
    let pair = match &node.value {
        Json::List(items) => <&[Node; 2]>::try_from(items.as_slice()).ok(),
        _ => None,
    };
    match pair {
        Some([name, value]) => {
            Some((text(reader, name, &path.item(0))?, text(reader, value, &path.item(1))?))
        }
        None => reader.kind(node, path, "a pair [name, value] of texts"),
    }
}
