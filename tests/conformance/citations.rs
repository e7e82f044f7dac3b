//! Which code and which tests name which statements and rows.
//!
//! Tags stand in comments, in square brackets: `[MQTT-3.3.1-5]` a statement whose number means one thing, be it in one
//! version or in both, `[5.0 MQTT-3.1.2-22]` a version's where the number means another thing in the other,
//! `[aws.session.expiry]` another rule, `[S3]` a row of `behaviours.tsv`; several of one kind with commas between.
//! In tests a row of a table of cases that begins with `(V3,` or `(V5,` names what it shows in quotes, as code does that
//! cites a rule.

use crate::common::source::{File, cited, files, rust};
use glassbroker::rule::{RuleId, Source};
use glassbroker::rules;
use std::collections::{BTreeMap, BTreeSet};

/// What can be named: a statement or another rule, or a row by its id.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Named {
    Rule(RuleId),
    Row(String),
}

/// A test, and the file in which it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Test {
    pub(crate) path: String,
    pub(crate) name: String,
}

/// All that was found.
#[derive(Default)]
pub(crate) struct Citations {
    /// The files whose code or comments name a rule, tests left out.
    pub(crate) code: BTreeMap<RuleId, BTreeSet<String>>,
    pub(crate) tests: BTreeMap<Named, BTreeSet<Test>>,
    /// Tags that name nothing, with their place.
    pub(crate) wrong: Vec<String>,
}

impl Citations {
    /// Reads all of the project's code.
    pub(crate) fn read() -> Self {
        let catalogue = Catalogue::new();
        let mut found = Self::default();
        for source in rust(&["src"]) {
            if !is_about_rules(&source.path) {
                found.read_code(&catalogue, &source);
            }
            found.read_tests(&catalogue, &source.path, &source.text[source.tests_at()..]);
        }
        let tests = rust(&["tests"]).into_iter().map(|source| (source.path, source.text));
        let scripts = ["tests/e2e", "tests/headless"].into_iter().flat_map(|folder| files(folder, &[".mjs"]));
        for (path, text) in tests.chain(scripts) {
            if !["tests/conformance/", "tests/common/"].iter().any(|folder| path.starts_with(folder)) {
                found.read_tests(&catalogue, &path, &text);
            }
        }
        for (path, text) in files("tests/peers", &[".py"]) {
            found.read_python(&catalogue, &path, &text);
        }
        found
    }

    fn read_code(&mut self, catalogue: &Catalogue, source: &File) {
        let code = source.tests_at();
        let mut names: Vec<RuleId> = cited(source)
            .into_iter()
            .filter(|(at, ..)| *at < code)
            .filter_map(|(_, kind, id)| catalogue.rule(kind, &id))
            .collect();
        for (number, line) in source.text[..code].lines().enumerate() {
            let Some((_, comment)) = line.split_once("//") else { continue };
            let named = self.tags(catalogue, comment, &format!("{}:{}", source.path, number + 1));
            names.extend(named.into_iter().filter_map(|named| match named {
                Named::Rule(rule) => Some(rule),
                Named::Row(_) => None,
            }));
        }
        for rule in names {
            self.code.entry(rule).or_default().insert(source.path.clone());
        }
    }

    fn read_tests(&mut self, catalogue: &Catalogue, path: &str, text: &str) {
        let mut tests = Tests::default();
        for (number, line) in text.lines().enumerate() {
            let place = format!("{path}:{}", number + 1);
            let mut names = match line.split_once("//") {
                Some((_, comment)) => self.tags(catalogue, comment, &place),
                None => Vec::new(),
            };
            names.extend(quoted(catalogue, line).into_iter().map(Named::Rule));
            tests.line(line, names);
        }
        for (name, named) in tests.found {
            let test = Test { path: path.to_owned(), name };
            self.tests.entry(named).or_default().insert(test);
        }
        self.wrong.extend(tests.stray.iter().map(|named| format!("{path}: {named:?} is named by no test")));
    }

    /// Tests in Python, each with what the string below its head names.
    fn read_python(&mut self, catalogue: &Catalogue, path: &str, text: &str) {
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        for (number, pair) in lines.windows(2).enumerate() {
            let name = pair[0].strip_prefix("def test_").and_then(|rest| rest.split('(').next());
            if let (Some(name), Some(said)) = (name, pair[1].strip_prefix("\"\"\"")) {
                let named = self.tags(catalogue, said, &format!("{path}:{}", number + 2));
                let test = Test { path: path.to_owned(), name: format!("test_{name}") };
                for named in named {
                    self.tests.entry(named).or_default().insert(test.clone());
                }
            }
        }
    }

    /// What the brackets of a comment name.
    fn tags(&mut self, catalogue: &Catalogue, comment: &str, place: &str) -> Vec<Named> {
        let mut named = Vec::new();
        for bracket in comment.split('[').skip(1) {
            let Some((inside, _)) = bracket.split_once(']') else { continue };
            match catalogue.tag(inside) {
                Ok(names) => named.extend(names),
                Err(what) => self.wrong.push(format!("{place}: [{inside}] {what}")),
            }
        }
        named
    }
}

/// The files that say what rules are and which settings they have: naming a rule there is not keeping to it.
fn is_about_rules(path: &str) -> bool {
    path.starts_with("src/rules/") || path == "src/rule.rs" || path == "src/profile/table.rs"
}

/// The name for all tests of a file: what its head names.
const WHOLE: &str = "all of it";

/// The tests of one file, line by line.
#[derive(Default)]
struct Tests {
    /// What the comment above names.
    above: Vec<Named>,
    is_test: bool,
    /// The test that is being read, and the indentation at which it ends.
    current: Option<(String, usize)>,
    found: Vec<(String, Named)>,
    /// Named in a comment above something that is no test.
    stray: Vec<Named>,
}

impl Tests {
    fn line(&mut self, line: &str, named: Vec<Named>) {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        if let Some((name, end)) = &self.current {
            self.found.extend(named.into_iter().map(|named| (name.clone(), named)));
            if indent == *end && trimmed.starts_with('}') {
                self.current = None;
            }
            return;
        }
        if trimmed.starts_with("//!") {
            self.found.extend(named.into_iter().map(|named| (WHOLE.to_owned(), named)));
            return;
        }
        if trimmed.starts_with("//") {
            self.above.extend(named);
            return;
        }
        if trimmed.starts_with("#[") || trimmed.starts_with("fn ") || trimmed.starts_with("async fn ") {
            self.is_test |= trimmed.starts_with("#[test]") || trimmed.starts_with("#[wasm_bindgen_test");
        }
        let name = match trimmed.split_once("fn ") {
            Some((_, rest)) if self.is_test => rest.split('(').next(),
            _ => ["test(", "story("]
                .iter()
                .find_map(|call| trimmed.strip_prefix(call)?.split(['"', '`']).nth(1)),
        };
        if let Some(name) = name {
            let above = std::mem::take(&mut self.above);
            self.found.extend(above.into_iter().map(|named| (name.to_owned(), named)));
            self.is_test = false;
            self.current = Some((name.to_owned(), indent));
        } else if !trimmed.starts_with("#[") {
            self.is_test = false;
            self.stray.append(&mut self.above);
        }
    }
}

/// What a row of a table of cases names: `(V3, …, "MQTT-4.7.3-1", …)`.
fn quoted(catalogue: &Catalogue, line: &str) -> Vec<RuleId> {
    let line = line.trim_start();
    let source = match line.get(..4) {
        Some("(V3,") => Source::Mqtt311,
        Some("(V5,") => Source::Mqtt5,
        _ => return Vec::new(),
    };
    let texts = line.split('"').filter(|text| text.starts_with("MQTT-"));
    texts.filter_map(|id| catalogue.rule(source, id)).collect()
}

/// What there is to name.
pub(crate) struct Catalogue {
    rules: BTreeSet<RuleId>,
    /// The statements by number, where the number means one thing.
    plain: BTreeMap<&'static str, Vec<RuleId>>,
    rows: BTreeSet<String>,
}

impl Catalogue {
    pub(crate) fn new() -> Self {
        let mut plain: BTreeMap<&'static str, Vec<RuleId>> = BTreeMap::new();
        let mut sentences: BTreeMap<&'static str, BTreeSet<&'static str>> = BTreeMap::new();
        for rule in rules::side_by_side().flatten().flatten() {
            plain.entry(rule.id.id).or_default().push(rule.id);
            sentences.entry(rule.id.id).or_default().insert(rule.sentence);
        }
        plain.retain(|id, _| sentences.get(id).is_some_and(|said| said.len() == 1));
        let rows = crate::behaviours::rows().map(|row| row.id.to_owned()).collect();
        Self { rules: rules::all().map(|rule| rule.id).collect(), plain, rows }
    }

    pub(crate) fn rule(&self, source: Source, id: &str) -> Option<RuleId> {
        self.rules.iter().find(|rule| rule.source == source && rule.id == id).copied()
    }

    /// What a tag names; nothing where the brackets hold something else.
    pub(crate) fn tag(&self, inside: &str) -> Result<Vec<Named>, String> {
        let (version, list) = match inside.split_once(" MQTT-") {
            Some((version @ ("3.1.1" | "5.0"), _)) => (version, &inside[version.len() + 1..]),
            _ => ("", inside),
        };
        if !is_tag(list) {
            return Ok(Vec::new());
        }
        let mut named = Vec::new();
        for id in list.split(", ") {
            let found: Vec<Named> = match version {
                "3.1.1" => self.rule(Source::Mqtt311, id).into_iter().map(Named::Rule).collect(),
                "5.0" => self.rule(Source::Mqtt5, id).into_iter().map(Named::Rule).collect(),
                _ if self.plain.contains_key(id) => self.plain[id].iter().copied().map(Named::Rule).collect(),
                _ if id.starts_with("MQTT-") && self.rules.iter().any(|rule| rule.id == id) => {
                    return Err("says of which version it is, as in [5.0 MQTT-3.1.2-22]".to_owned());
                }
                _ if self.rows.contains(id) => vec![Named::Row(id.to_owned())],
                _ => {
                    [Source::Aws, Source::Mosquitto, Source::VerneMq, Source::WebSocket, Source::Glassbroker]
                        .into_iter()
                        .filter_map(|source| self.rule(source, id))
                        .map(Named::Rule)
                        .collect()
                }
            };
            if found.is_empty() {
                return Err(format!("names `{id}`, which there is not"));
            }
            named.extend(found);
        }
        Ok(named)
    }
}

/// Whether what stands in brackets is meant as a tag, and not a type, a link or an interval.
fn is_tag(list: &str) -> bool {
    let first = list.split(", ").next().unwrap_or("");
    let is_row = first.len() <= 3
        && first.starts_with(|c: char| c.is_ascii_uppercase())
        && first.len() > 1
        && first[1..].chars().all(|c| c.is_ascii_digit());
    let prefixes = ["MQTT-", "aws.", "mosquitto.", "glassbroker.", "RFC6455-"];
    is_row || prefixes.iter().any(|prefix| first.starts_with(prefix))
}
