//! From JSON text to a [`Scenario`].

use super::check::{MAX_DOCUMENT_BYTES, check, check_step};
use super::document::Scenario;
use super::fields::scenario;
use super::form::{read, tree};
use super::inputs::{at_once, blank_input};
use super::problem::Problem;
use crate::json::{Json, Node};
use crate::sim::{Input, Step};
use crate::time::SimTime;
use crate::wire::Version;

/// Reads a document and checks it.
///
/// # Errors
/// Everything that is wrong with it, up to a bound, with line, column and path.
pub fn parse(text: &str) -> Result<Scenario, Vec<Problem>> {
    if text.len() > MAX_DOCUMENT_BYTES {
        let message =
            format!("the document has {} bytes; at most {MAX_DOCUMENT_BYTES} are allowed", text.len());
        return Err(vec![Problem::at_offset(text, 0, message)]);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = tree(text)?;
    let scenario = read(text, &root, Scenario::default(), scenario)?;
    located(text, &root, check(&scenario))?;
    Ok(scenario)
}

/// Reads one step by itself, which is to happen at once: as in a document, but without `at`, `every` and `times`.
///
/// `clients` are the virtual clients that there are, and the version that each speaks.
///
/// # Errors
/// Everything that is wrong with it, with line, column and path.
pub fn parse_step<'a>(
    text: &str,
    clients: impl IntoIterator<Item = (&'a str, Version)>,
) -> Result<Input, Vec<Problem>> {
    let root = tree(text)?;
    let step = Step::once(SimTime::ZERO, read(text, &root, blank_input(), at_once)?);
    located(text, &root, check_step(&step, clients))?;
    Ok(step.input)
}

/// What a check found wrong, with its places in the text; nothing where it found nothing.
pub(super) fn located(text: &str, root: &Node, mut problems: Vec<Problem>) -> Result<(), Vec<Problem>> {
    for problem in &mut problems {
        problem.path = problem.path.trim_start_matches('.').to_owned();
        problem.locate(text, place(root, &problem.path));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Where the value at a path begins, or the last value on the way to it that is there.
fn place(root: &Node, path: &str) -> usize {
    let (mut node, mut path) = (root, path);
    while let Some((next, rest)) = step_down(node, path.strip_prefix('.').unwrap_or(path)) {
        (node, path) = (next, rest);
    }
    node.offset
}

/// The next value on a path, and what is left of the path. A key may hold dots itself, as the names of settings do.
fn step_down<'a, 'p>(node: &'a Node, path: &'p str) -> Option<(&'a Node, &'p str)> {
    match &node.value {
        Json::List(items) => {
            let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
            Some((items.get(index.parse::<usize>().ok()?)?, rest))
        }
        Json::Object(entries) => entries.iter().find_map(|entry| {
            let rest = path.strip_prefix(entry.key.as_str())?;
            (rest.is_empty() || rest.starts_with(['.', '['])).then_some((&entry.node, rest))
        }),
        _ => None,
    }
}
