//! One form for both ways: a function that names the fields of a value and their kinds reads it from JSON, and writes it.

use super::problem::Problem;
use crate::json::{self, Json, Node, write_text};
use crate::nearest::{did_you_mean, ended};
use std::fmt::Write as _;

/// No more problems than this are collected.
pub(super) const MAX_PROBLEMS: usize = 50;

/// Fields that may be null, for "none".
const NULLABLE: &[&str] = &["policy", "username", "password"];

/// Says that there is more of something than is allowed.
pub(super) fn too_many(count: usize, most: usize) -> String {
    format!("there are {count} of them; at most {most} are allowed")
}

/// Goes over a value, and either reads it or writes it.
///
/// [`must`](Self::must) or [`may`](Self::may) makes a field the present value, and the method that follows says of what kind it is. A
/// value that is read begins with its defaults; what is missing, of the wrong kind or misspelt becomes a problem with its place. Of a
/// value that is written, what has its default is left out.
///
/// What nearly every field calls is never inlined: this is no hot path, and the module that is optimised for speed would hold it a
/// hundred times.
pub(super) struct Form<'a> {
    /// The text that is read; `None` where one is written.
    text: Option<&'a str>,
    /// The text that is written.
    out: String,
    /// The objects and lists in which the present value stands, from the outside.
    around: Vec<Around<'a>>,
    /// What leads to the present value.
    key: Key<'a>,
    /// The present value, where one is read and there is one.
    node: Option<&'a Node>,
    /// Whether the present value is written even where it is the default.
    always: bool,
    problems: Vec<Problem>,
}

#[derive(Clone, Copy)]
enum Key<'a> {
    Root,
    Field(&'a str),
    Item(usize),
}

/// An object or a list.
struct Around<'a> {
    key: Key<'a>,
    node: Option<&'a Node>,
    always: bool,
    /// The fields that were asked for.
    names: Vec<&'static str>,
    /// Where it begins in what is written, with what separates it from the value before.
    begin: usize,
    /// How many values were written into it.
    count: usize,
}

/// The tree of a text.
///
/// # Errors
/// The first place where it is no JSON.
pub(super) fn tree(text: &str) -> Result<Node, Vec<Problem>> {
    json::parse(text).map_err(|fault| vec![Problem::at_offset(text, fault.offset, fault.message)])
}

/// Reads a value from the tree of a text; it begins as `value`.
///
/// # Errors
/// Everything that is wrong, up to a bound, with line, column and path.
pub(super) fn read<T>(
    text: &str,
    root: &Node,
    mut value: T,
    kind: fn(&mut Form<'_>, &mut T),
) -> Result<T, Vec<Problem>> {
    let mut form = Form::new(Some(text), Some(root));
    kind(&mut form, &mut value);
    if form.problems.is_empty() { Ok(value) } else { Err(form.problems) }
}

/// Writes a value, which stays as it is, as a text that reads back as the same value.
///
/// # Errors
/// The first thing in it that has no form.
pub(super) fn write<T>(value: &mut T, kind: fn(&mut Form<'_>, &mut T)) -> Result<String, Problem> {
    let mut form = Form::new(None, None);
    kind(&mut form, value);
    form.problems.into_iter().next().map_or(Ok(form.out), Err)
}

impl<'a> Form<'a> {
    fn new(text: Option<&'a str>, node: Option<&'a Node>) -> Self {
        let (out, around, problems) = (String::new(), Vec::new(), Vec::new());
        Self { text, out, around, key: Key::Root, node, always: true, problems }
    }

    pub(super) const fn reads(&self) -> bool {
        self.text.is_some()
    }

    /// The present value is this field, which must be there.
    #[inline(never)]
    pub(super) fn must(&mut self, name: &'static str) -> &mut Self {
        self.may(name);
        self.always = true;
        if self.reads() && self.node.is_none() {
            self.wrong_object(&format!("the field `{name}` is missing"));
        }
        self
    }

    /// The present value is this field, which may be left out.
    #[inline(never)]
    pub(super) fn may(&mut self, name: &'static str) -> &mut Self {
        self.at_field(name);
        self.always = false;
        if let Some(object) = self.around.last_mut() {
            object.names.push(name);
        }
        self
    }

    /// The present value is this field, whether there can be such a one or not.
    pub(super) fn at_field(&mut self, name: &'a str) -> &mut Self {
        self.key = Key::Field(name);
        self.node = self.peek(name);
        self
    }

    /// A field of the present object; `None` where it is missing, or null where that says "none".
    pub(super) fn peek(&self, name: &str) -> Option<&'a Node> {
        let Json::Object(entries) = &self.around.last()?.node?.value else { return None };
        let node = entries.iter().find(|entry| entry.key == name).map(|entry| &entry.node)?;
        let says_none = matches!(node.value, Json::Null) && NULLABLE.contains(&name);
        (!says_none).then_some(node)
    }

    /// The present value, where one is read and there is one.
    pub(super) fn given(&self) -> Option<&'a Json> {
        self.node.map(|node| &node.value)
    }

    /// Where the present value is to be written, after all that must stand before it.
    pub(super) fn put(&mut self) -> &mut String {
        match self.key {
            Key::Field(name) => self.put_as(Some(name)),
            _ => self.put_as(None),
        }
    }

    /// The same for a value of another name.
    #[inline(never)]
    pub(super) fn put_as(&mut self, name: Option<&str>) -> &mut String {
        if let Some(around) = self.around.last_mut() {
            if around.count > 0 {
                self.out.push(',');
            }
            around.count += 1;
        }
        if let Some(name) = name {
            write_text(&mut self.out, name);
            self.out.push(':');
        }
        &mut self.out
    }

    /// The present value is written even where it is the default.
    pub(super) const fn is_needed(&mut self) {
        self.always = true;
    }

    /// How many characters the present value takes in the text that is read, without white space.
    pub(super) fn characters(&self) -> usize {
        let (Some(text), Some(node)) = (self.text, self.node) else { return 0 };
        let rest = text.get(node.offset..).unwrap_or_default();
        let (mut count, mut depth, mut quoted, mut escaped) = (0, 0u32, false, false);
        for c in rest.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '{' | '[' if !quoted => depth += 1,
                '}' | ']' if !quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
            count += usize::from(!c.is_whitespace());
            if depth == 0 && !quoted {
                break;
            }
        }
        count
    }

    /// Whether the present value is to be written, where it is the default or not.
    pub(super) const fn is_put(&self, is_default: bool) -> bool {
        !self.reads() && (self.always || !is_default)
    }

    /// Notes that the present value is wrong; where it is written, that it has no form.
    pub(super) fn wrong(&mut self, message: &str) {
        self.note(&[self.key], self.node, message);
    }

    /// Notes where the present value has more parts than are allowed.
    pub(super) fn most(&mut self, count: usize, most: usize) {
        if count > most {
            self.wrong(&too_many(count, most));
        }
    }

    /// Notes that something is wrong with the present object.
    pub(super) fn wrong_object(&mut self, message: &str) {
        self.note(&[], None, message);
    }

    /// Notes that something of another kind should stand here.
    pub(super) fn not(&mut self, wanted: &str) {
        if let Some(value) = self.given() {
            self.wrong(&format!("{wanted} belongs here, not {}", value.name()));
        }
    }

    fn note(&mut self, last: &[Key<'_>], node: Option<&Node>, message: &str) {
        if self.problems.len() >= MAX_PROBLEMS {
            return;
        }
        let mut path = String::new();
        for key in self.around.iter().map(|around| &around.key).chain(last) {
            // Writing into a string never fails.
            let _ = match key {
                Key::Root => Ok(()),
                Key::Field(name) => write!(path, "{}{name}", if path.is_empty() { "" } else { "." }),
                Key::Item(index) => write!(path, "[{index}]"),
            };
        }
        let mut problem = Problem::at_path(path, message);
        let node = node.or_else(|| self.around.last().and_then(|around| around.node));
        if let (Some(text), Some(node)) = (self.text, node) {
            problem.locate(text, node.offset);
        }
        self.problems.push(problem);
    }

    /// Goes into the present value, an object or a list; whether there is one.
    fn enter(&mut self, open: char) -> bool {
        match self.given() {
            Some(Json::Object(_)) if open == '{' => {}
            Some(Json::List(_)) if open == '[' => {}
            Some(_) => {
                self.not(if open == '{' { "an object" } else { "a list" });
                return false;
            }
            None if self.reads() => return false,
            None => {}
        }
        let begin = self.out.len();
        if !self.reads() {
            self.put().push(open);
        }
        let (key, node, always) = (self.key, self.node, self.always);
        self.around.push(Around { key, node, always, names: Vec::new(), begin, count: 0 });
        true
    }

    /// Comes out again; what was entered is the present value as before.
    fn leave(&mut self, close: char) {
        self.judge_names();
        let Some(left) = self.around.pop() else { return };
        (self.key, self.node, self.always) = (left.key, left.node, left.always);
        if self.is_put(left.count == 0) {
            self.out.push(close);
        } else {
            self.out.truncate(left.begin);
            if let Some(around) = self.around.last_mut() {
                around.count = around.count.saturating_sub(1);
            }
        }
    }

    /// Notes which fields of the present object were not asked for. Where none was, it could not be told which it may have.
    fn judge_names(&mut self) {
        let Some(Around { node: Some(Node { value: Json::Object(entries), .. }), names, .. }) =
            self.around.last_mut()
        else {
            return;
        };
        let names = std::mem::take(names);
        for entry in entries.iter().filter(|entry| !names.is_empty() && !names.contains(&entry.key.as_str()))
        {
            let list: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            let message = format!(
                "there is no field `{}` here{} Allowed are {}",
                entry.key.escape_debug(),
                ended(did_you_mean(&entry.key, names.iter().copied())),
                list.join(", ")
            );
            let key = Node { offset: entry.offset, value: Json::Null };
            self.note(&[], Some(&key), &message);
        }
    }

    /// An object, of which `kind` tells the fields.
    #[inline(never)]
    pub(super) fn object<T>(&mut self, value: &mut T, kind: fn(&mut Self, &mut T)) {
        if self.enter('{') {
            kind(self, value);
            self.leave('}');
        }
    }

    /// The names in the present object, where it is one that is read.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let object = self.around.last().and_then(|around| around.node);
        let entries = match object.map(|node| &node.value) {
            Some(Json::Object(entries)) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(|entry| entry.key.as_str())
    }

    /// A list of values of one kind, each of which begins as `blank` makes it.
    pub(super) fn list_of<T>(&mut self, items: &mut Vec<T>, blank: fn() -> T, kind: fn(&mut Self, &mut T)) {
        let given = match self.given() {
            Some(Json::List(nodes)) => nodes.as_slice(),
            _ => &[],
        };
        if !self.enter('[') {
            return;
        }
        let count = if self.reads() { given.len() } else { items.len() };
        for index in 0..count {
            if self.reads() {
                // What is wrong takes less room in the text than its default takes in memory.
                if self.problems.len() >= MAX_PROBLEMS {
                    break;
                }
                items.push(blank());
            }
            if let Some(item) = items.get_mut(index) {
                (self.key, self.node, self.always) = (Key::Item(index), given.get(index), true);
                kind(self, item);
            }
        }
        self.leave(']');
    }

    /// One value of a kind, or a list of such.
    pub(super) fn one_or_more<T>(
        &mut self,
        items: &mut Vec<T>,
        blank: fn() -> T,
        kind: fn(&mut Self, &mut T),
    ) {
        let is_list = matches!(self.given(), Some(Json::List(_)));
        if self.given().is_some() && !is_list {
            items.push(blank());
        }
        match items.as_mut_slice() {
            [item] if !is_list => {
                self.is_needed();
                kind(self, item);
            }
            _ => self.list_of(items, blank, kind),
        }
    }

    /// Two values of one kind, as a list; `wanted` says so.
    pub(super) fn two<T>(&mut self, pair: &mut (T, T), kind: fn(&mut Self, &mut T), wanted: &str) {
        let given = match self.given() {
            Some(Json::List(nodes)) => nodes.as_slice(),
            _ => &[],
        };
        if self.given().is_some() && given.len() != 2 {
            return self.wrong(wanted);
        }
        if self.enter('[') {
            for (index, item) in [&mut pair.0, &mut pair.1].into_iter().enumerate() {
                (self.key, self.node, self.always) = (Key::Item(index), given.get(index), true);
                kind(self, item);
            }
            self.leave(']');
        }
    }

    /// A value that there need not be.
    pub(super) fn maybe<T: Default>(&mut self, value: &mut Option<T>, kind: fn(&mut Self, &mut T)) {
        if if self.reads() { self.node.is_some() } else { value.is_some() } {
            self.always = true;
            kind(self, value.get_or_insert_default());
        }
    }
}
