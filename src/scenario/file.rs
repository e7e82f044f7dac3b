//! A scenario in a file; with what was done while it ran it is a whole run.

use super::check::MAX_DOCUMENT_BYTES;
use super::form::tree;
use super::link::SavedRun;
use super::problem::Problem;
use super::read::parse;
use crate::json::{self, Json, write_value};

impl SavedRun {
    /// The text of a file: the scenario's document, or all of the run where something was done while it ran or a moment was named.
    ///
    /// # Errors
    /// Where something in it is nothing that a document can say.
    pub fn to_file(&self) -> Result<String, Vec<Problem>> {
        let whole = self.code.is_some()
            || !(self.journal.entries().is_empty() && self.branches.is_empty() && self.markers.is_empty());
        let json = if whole { self.to_json() } else { self.scenario.to_json() };
        let root = tree(&json.map_err(|problem| vec![problem])?)?;
        let mut text = String::new();
        write_value(&mut text, &root.value, Some(0));
        text.push('\n');
        Ok(text)
    }
}

/// Reads a file: a run, which is told by its part `scenario`, or a scenario, which is a run that nobody has seen yet.
///
/// # Errors
/// Everything that is wrong with it, up to a bound, with line, column and path.
pub fn parse_file(text: &str) -> Result<SavedRun, Vec<Problem>> {
    if text.len() <= MAX_DOCUMENT_BYTES && is_run(text) {
        SavedRun::parse(text)
    } else {
        parse(text).map(|scenario| SavedRun { scenario, ..SavedRun::default() })
    }
}

fn is_run(text: &str) -> bool {
    match json::parse(text).map(|root| root.value) {
        Ok(Json::Object(entries)) => entries.iter().any(|entry| entry.key == "scenario"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{MAX_CODE_BYTES, Marker};
    use crate::sim::{Entry, Input, Journal};
    use crate::time::SimTime;

    const LAMP: &str = r#"{ "glassbroker": 1, "title": "A lamp", "clients": [ { "id": "lamp" } ] }"#;

    fn run(entries: Vec<Entry>) -> SavedRun {
        let (scenario, journal) = (parse(LAMP).unwrap(), Journal::new(entries).unwrap());
        SavedRun { engine: "0.1.0".into(), scenario, journal, ..SavedRun::default() }
    }

    #[test]
    fn a_scenario_is_read_as_it_was_saved() {
        let text = run(Vec::new()).to_file().unwrap();
        assert_eq!(parse(&text), parse(LAMP), "a document like any other");
        assert_eq!(parse_file(&text).map(|run| run.scenario), parse(LAMP));
    }

    #[test]
    fn what_was_done_is_saved_too() {
        let run = run(vec![Entry {
            steps: 0,
            at: SimTime(9),
            input: Input::Cut { client: "lamp".into() },
            along: false,
        }]);
        assert_eq!(parse_file(&run.to_file().unwrap()), Ok(run));
    }

    #[test]
    fn so_are_the_moments_that_the_user_named() {
        let markers = vec![Marker { at: SimTime(1_500_000), name: "Here".into() }];
        let run = SavedRun { markers, ..run(Vec::new()) };
        assert_eq!(parse_file(&run.to_file().unwrap()), Ok(run));
    }

    #[test]
    fn so_is_the_users_program_up_to_a_size() {
        let with = |bytes| SavedRun { code: Some("x".repeat(bytes)), ..run(Vec::new()) };
        let most = with(MAX_CODE_BYTES);
        assert_eq!(parse_file(&most.to_file().unwrap()), Ok(most));
        let problems = parse_file(&with(MAX_CODE_BYTES + 1).to_file().unwrap()).unwrap_err();
        assert!(problems[0].to_string().contains("at most 65536 bytes"), "{}", problems[0]);
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let wrong = |text: &str| parse_file(text).unwrap_err().remove(0).to_string();
        assert!(wrong("{\n  \"glassbroker\": 2\n}").starts_with("2:18: glassbroker: "));
        assert!(wrong("{ \"glassbroker\": 1,\n").starts_with("2:1: "));
        let run =
            r#"{ "glassbroker": 1, "engine": "0.1.0", "scenario": { "glassbroker": 1, "clients": 3 } }"#;
        assert!(wrong(run).contains("clients"), "{}", wrong(run));
        assert!(wrong(&" ".repeat(MAX_DOCUMENT_BYTES + 1)).contains("at most"));
    }
}
