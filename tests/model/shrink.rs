//! A smaller story that breaks the same property, and its telling.

use crate::judge;
use crate::properties::Broken;
use crate::story::QUIET;
use glassbroker::scenario::Scenario;

/// Leaves out steps, many and then few at a time, while the property is still broken. The quiet phase stays: without it not all need
/// come right.
pub(crate) fn shrunk(scenario: &Scenario, broken: &Broken) -> (Scenario, Broken) {
    let (mut best, mut worst) = (scenario.clone(), broken.clone());
    best.steps.sort_by_key(|step| step.at);
    let mut piece = best.steps.len() / 2;
    while piece > 0 {
        let mut at = 0;
        loop {
            let end = best.steps.partition_point(|step| step.at < QUIET);
            if at >= end {
                break;
            }
            let mut tried = best.clone();
            tried.steps.drain(at..(at + piece).min(end));
            match judge(&tried).into_iter().find(|found| found.property == broken.property) {
                Some(found) => (best, worst) = (tried, found),
                None => at += piece,
            }
        }
        piece /= 2;
    }
    (best, worst)
}

/// The story, a line for each client and step that is left.
pub(crate) fn told(scenario: &Scenario) -> String {
    let Ok(json) = scenario.to_json() else { return String::new() };
    let Ok(json) = serde_json::from_str::<serde_json::Value>(&json) else { return String::new() };
    let mut text = format!("broker {}\n", json["broker"]);
    for key in ["clients", "steps"] {
        for line in json[key].as_array().into_iter().flatten() {
            text += &format!("  {line}\n");
        }
    }
    text
}
