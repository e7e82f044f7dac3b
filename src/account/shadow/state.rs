//! The state in a device shadow: fields with the time at which each was set, merged, compared and written.

use crate::json::{Entry, Json, Object, parse, write_text, write_value};

/// The fields of an object, in the order in which they came.
pub(super) type Fields = Vec<(Box<str>, Part)>;

/// What a field holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// Anything but an object, as JSON text, and when it was set in seconds since 1970. A list is one value.
    Value { json: Box<str>, at_s: u64 },
    /// An object, which has at least one field.
    Fields(Fields),
}

/// The two sections of a shadow.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct State {
    pub(super) desired: Fields,
    pub(super) reported: Fields,
}

impl State {
    /// The sections by name; of those that hold anything.
    fn sections(&self) -> impl Iterator<Item = (&'static str, &Fields)> {
        let all = [("desired", &self.desired), ("reported", &self.reported)];
        all.into_iter().filter(|(_, fields)| !fields.is_empty())
    }

    /// Merges what an update says into the section of this name.
    pub(super) fn merge(&mut self, section: &str, update: &Json, at_s: u64) {
        let fields = if section == "desired" { &mut self.desired } else { &mut self.reported };
        match update {
            Json::Object(entries) => merge(fields, entries, at_s),
            _ => fields.clear(),
        }
    }

    /// What is desired and not reported, or not so.
    pub(super) fn delta(&self) -> Fields {
        difference(&self.desired, &self.reported)
    }

    /// Writes `state` and `metadata` of a document.
    pub(super) fn write(&self, object: &mut Object<'_>, delta: Option<&Fields>) {
        let mut state = Object::begin(object.key("state"));
        let delta = delta.filter(|fields| !fields.is_empty()).map(|fields| ("delta", fields));
        for (name, fields) in self.sections().chain(delta) {
            write_fields(state.key(name), fields);
        }
        state.end();
        self.write_metadata(object);
    }

    /// Writes `metadata` of a document.
    pub(super) fn write_metadata(&self, object: &mut Object<'_>) {
        let mut metadata = Object::begin(object.key("metadata"));
        for (name, fields) in self.sections() {
            write_times(metadata.key(name), fields);
        }
        metadata.end();
    }

    /// How many bytes it has as JSON text, without metadata.
    pub(super) fn size(&self) -> usize {
        let mut text = String::new();
        self.sections().for_each(|(_, fields)| write_fields(&mut text, fields));
        text.len()
    }
}

/// Null deletes a field, an object merges, everything else replaces.
fn merge(fields: &mut Fields, entries: &[Entry], at_s: u64) {
    for entry in entries {
        let known = fields.iter().position(|(key, _)| **key == entry.key);
        let part = match &entry.node.value {
            Json::Null => None,
            Json::Object(entries) => {
                let mut inner = match known.map(|at| &mut fields[at].1) {
                    Some(Part::Fields(inner)) => std::mem::take(inner),
                    _ => Fields::new(),
                };
                merge(&mut inner, entries, at_s);
                (!inner.is_empty()).then_some(Part::Fields(inner))
            }
            value => {
                let mut json = String::new();
                write_value(&mut json, value, None);
                Some(Part::Value { json: json.into(), at_s })
            }
        };
        match (known, part) {
            (Some(at), Some(part)) => fields[at].1 = part,
            (Some(at), None) => _ = fields.remove(at),
            (None, Some(part)) => fields.push((entry.key.as_str().into(), part)),
            (None, None) => {}
        }
    }
}

fn difference(desired: &Fields, reported: &Fields) -> Fields {
    let mut delta = Fields::new();
    for (key, wanted) in desired {
        let there = reported.iter().find(|(other, _)| other == key).map(|(_, part)| part);
        let part = match (wanted, there) {
            (Part::Fields(wanted), Some(Part::Fields(there))) => {
                Some(difference(wanted, there)).filter(|fields| !fields.is_empty()).map(Part::Fields)
            }
            (Part::Value { json, .. }, Some(Part::Value { json: there, .. })) if json == there => None,
            _ => Some(wanted.clone()),
        };
        delta.extend(part.map(|part| (key.clone(), part)));
    }
    delta
}

/// Writes an object of values.
pub(super) fn write_fields(out: &mut String, fields: &Fields) {
    write_object(out, fields, |out, json, _| out.push_str(json));
}

/// Writes the same object with a time in the place of each value.
pub(super) fn write_times(out: &mut String, fields: &Fields) {
    write_object(out, fields, |out, json, at_s| match parse(json).map(|node| node.value) {
        Ok(value) => write_time(out, &value, at_s),
        Err(_) => out.push_str("null"),
    });
}

fn write_object(out: &mut String, fields: &Fields, write: fn(&mut String, &str, u64)) {
    out.push('{');
    for (at, (key, part)) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_text(out, key);
        out.push(':');
        match part {
            Part::Value { json, at_s } => write(out, json, *at_s),
            Part::Fields(fields) => write_object(out, fields, write),
        }
    }
    out.push('}');
}

/// A value's time; of a list, that of each item.
fn write_time(out: &mut String, value: &Json, at_s: u64) {
    let Json::List(items) = value else {
        let mut time = Object::begin(out);
        time.number("timestamp", at_s);
        time.end();
        return;
    };
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_time(out, &item.value, at_s);
    }
    out.push(']');
}

/// How many fields stand in each other.
pub(super) fn depth(value: &Json) -> usize {
    match value {
        Json::Object(entries) => entries.iter().map(|entry| 1 + depth(&entry.node.value)).max().unwrap_or(0),
        Json::List(items) => items.iter().map(|item| depth(&item.value)).max().unwrap_or(0),
        _ => 0,
    }
}
