//! `broker.trace({ from, kinds, client })`.

use crate::broker::Kind;
use crate::sim::Run;
use crate::trace::KindSet;
use serde::Deserialize;

/// Which events are wanted.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Query {
    from: f64,
    kinds: Option<Vec<String>>,
    client: Option<String>,
}

impl Query {
    /// The events as a JSON array.
    ///
    /// # Errors
    /// Names a kind that does not exist.
    pub(super) fn answer(&self, run: &Run) -> Result<String, String> {
        let kinds = match &self.kinds {
            None => KindSet::ALL,
            Some(names) => names.iter().try_fold(KindSet::NONE, |set, name| {
                set.with_named(name).ok_or_else(|| {
                    let all: Vec<_> = Kind::all().map(Kind::name).collect();
                    format!("there is no kind of event `{name}`; there are {}", all.join(", "))
                })
            })?,
        };
        let from = if self.from.is_finite() { self.from.max(0.0) as u32 } else { 0 };
        let trace = run.trace();
        let client = self.client.as_deref();
        let mut json = String::from("[");
        for event in trace.range(from..u32::MAX) {
            if kinds.has(event.kind()) && client.is_none_or(|client| event.client() == client) {
                if json.len() > 1 {
                    json.push(',');
                }
                event.write_json(&mut json);
            }
        }
        json.push(']');
        Ok(json)
    }
}
