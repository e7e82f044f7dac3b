//! Lists that are answered in parts.

use crate::broker::Page;
use crate::json::{Object, from_hex, push_hex};

/// The most of a list in one answer ([aws.operation.page]).
pub(super) const RESULTS_MAX: u32 = 200;

/// A list of at most so many items, each with its name, and where it goes on.
pub(super) fn listed<'a>(key: &str, items: impl Iterator<Item = (&'a str, String)>, most: u32) -> String {
    let (mut body, mut count, mut last, mut is_cut) = (String::new(), 0, "", false);
    let mut object = Object::begin(&mut body);
    let out = object.key(key);
    out.push('[');
    for (name, item) in items {
        if count == most {
            is_cut = true;
            break;
        }
        if count > 0 {
            out.push(',');
        }
        out.push_str(&item);
        (count, last) = (count + 1, name);
    }
    out.push(']');
    if is_cut {
        let mut token = String::new();
        push_hex(&mut token, last.as_bytes());
        object.text("nextToken", &token);
    }
    object.end();
    body
}

impl Page {
    /// How many are wanted, and the name after which they begin ([aws.operation.page]).
    pub(super) fn read(&self, default: u32) -> Result<(u32, Option<String>), String> {
        let most = self.max_results.unwrap_or(default);
        if !(1..=RESULTS_MAX).contains(&most) {
            return Err(format!("an answer has 1 to {RESULTS_MAX} results, not {most}"));
        }
        let Some(token) = &self.next_token else { return Ok((most, None)) };
        let after = from_hex(token).and_then(|bytes| String::from_utf8(bytes).ok());
        after
            .map(|after| (most, Some(after)))
            .ok_or_else(|| "this is no token of an answer before".to_owned())
    }
}
