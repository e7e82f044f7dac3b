//! `glassbroker compare`: a scenario under two profiles, and where they part.

use super::complaint::Complaint;
use super::input::{Given, Loaded};
use crate::picture::clock;
use crate::profile::{Profile, Setting, Value};
use crate::rule::RuleId;
use crate::rules;
use crate::scenario::Overrides;
use crate::sides::{Comparison, Divergence, Other, Sides, Teller};
use crate::sim::Journal;
use crate::time::SimTime;
use serde::Serialize;
use std::fmt::Write;
use std::process::ExitCode;

/// How many steps of the world are computed between two looks at what is done.
const SLICE_STEPS: u64 = 20_000;
/// How many of those that follow from a divergence are listed in text.
const LISTED: usize = 5;

#[derive(clap::Args, Debug)]
pub(super) struct Options {
    #[command(flatten)]
    given: Given,
    /// The profile of the other side.
    #[arg(long, value_name = "P")]
    against: String,
    /// What to write.
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum, Debug)]
enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

/// Runs the scenario on both sides to its end, and prints where they part.
pub(super) fn run(options: &Options) -> Result<ExitCode, Complaint> {
    let given = &options.given;
    let overrides = given.overrides();
    let against = Overrides { profile: Some(options.against.clone()), ..overrides.clone() };
    let loaded = [given.load(&overrides)?, given.load(&against)?];
    let mut sides = Sides::default();
    let mut runs = Vec::new();
    for (side, loaded) in loaded.iter().enumerate() {
        let setup = &loaded.plan.setup;
        let mut run = Other::new(setup).map_err(|what| Complaint::file(&given.scenario, what))?;
        loop {
            let done = run.advance_to(setup.until, &Journal::default(), SLICE_STEPS).done;
            let events = run.trace().range(sides.next_seq(side)..u32::MAX);
            events.for_each(|event| sides.take(side, &event));
            if done {
                break;
            }
        }
        runs.push(run);
    }
    let [left, right] = &runs[..] else { return Err(Complaint::new("there are two sides")) };
    let teller = Teller { sides: &sides, traces: [left.trace(), right.trace()] };
    let found = sides.compare(teller.traces, left.head());
    let told = Told::of(&loaded[0], &found, teller);
    match options.format {
        Format::Json => println!("{}", serde_json::to_string_pretty(&told).map_err(Complaint::new)?),
        Format::Text => print!("{}", told.text()),
    }
    Ok(ExitCode::SUCCESS)
}

/// All that is told.
#[derive(Serialize)]
struct Told {
    glassbroker: u32,
    scenario: String,
    seed: u64,
    until_us: u64,
    profiles: [&'static str; 2],
    /// The settings in which the profiles differ.
    settings: Vec<Differing>,
    /// How many things were compared.
    compared: usize,
    divergences: Vec<Parted>,
    /// How many divergences there are beyond those that are told.
    more: u32,
    /// Whether the runs were longer than what is compared.
    left_out: bool,
}

/// A setting, with its value on each side.
#[derive(Serialize)]
struct Differing {
    key: &'static str,
    values: [Option<Value>; 2],
}

/// One divergence.
#[derive(Serialize)]
struct Parted {
    /// From 1, in the order of time.
    number: usize,
    /// The number of the one that it follows from.
    #[serde(skip_serializing_if = "Option::is_none")]
    follows: Option<usize>,
    /// Whether it is the same once more.
    again: bool,
    t: u64,
    kind: &'static str,
    about: String,
    client: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    sides: [Side; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    setting: Option<Differing>,
    /// Whether an event cites the setting's rule; else it is the one that can make such a difference.
    cited: bool,
}

/// What one side says of it.
#[derive(Serialize)]
struct Side {
    /// When, in microseconds, and the event's number; null where nothing is noted.
    t: Option<u64>,
    seq: Option<u32>,
    what: String,
    rule: Option<Cited>,
}

/// A rule.
#[derive(Serialize)]
struct Cited {
    id: &'static str,
    sentence: &'static str,
    source: &'static str,
    section: &'static str,
    address: Option<&'static str>,
    certainty: &'static str,
}

fn cited(id: RuleId) -> Option<Cited> {
    let rule = rules::find(id)?;
    Some(Cited {
        id: id.id,
        sentence: rule.sentence,
        source: rule.document.title,
        section: rule.section,
        address: rule.document.address,
        certainty: rule.certainty.name(),
    })
}

impl Told {
    fn of(loaded: &Loaded, found: &Comparison, teller: Teller<'_>) -> Self {
        let setup = &loaded.plan.setup;
        let settings = teller
            .settings()
            .map(|(setting, values)| Differing { key: setting.key, values: values.map(Some) });
        let numbered = (1..).zip(&found.divergences);
        Self {
            glassbroker: 1,
            scenario: loaded.scenario.title.clone(),
            seed: setup.seed,
            until_us: setup.until.0,
            profiles: teller.traces.map(|trace| trace.header().profile.name()),
            settings: settings.collect(),
            compared: found.rows.len(),
            divergences: numbered.map(|(number, one)| parted(number, one, teller)).collect(),
            more: found.more,
            left_out: teller.sides.left_out(),
        }
    }

    fn text(&self) -> String {
        let mut out = String::new();
        // Writing into a string never fails.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "scenario  {}", self.scenario)?;
        for (letter, profile) in ["A", "B"].into_iter().zip(self.profiles) {
            let title = Profile::presets()
                .iter()
                .find(|preset| preset.name == profile)
                .map_or("", |preset| preset.title);
            writeln!(out, "{letter}         {profile} ({title})")?;
        }
        writeln!(out, "settings  {} differ", self.settings.len())?;
        let firsts = self.divergences.iter().filter(|one| one.follows.is_none());
        let count = firsts.clone().count();
        writeln!(
            out,
            "compared  {}, of which {} part",
            self.compared,
            self.divergences.len() + self.more as usize
        )?;
        if count == 0 {
            return writeln!(out, "\nno divergence: both sides do the same");
        }
        for one in firsts {
            one.write(out)?;
            let following: Vec<&Parted> =
                self.divergences.iter().filter(|other| other.follows == Some(one.number)).collect();
            for other in following.iter().take(LISTED) {
                let how = if other.again { "again" } else { "hence" };
                let [a, b] = &other.sides;
                writeln!(
                    out,
                    "  {how}  {}  {}: A {}; B {}",
                    clock(SimTime(other.t)),
                    other.about,
                    a.what,
                    b.what
                )?;
            }
            if following.len() > LISTED {
                writeln!(out, "  and {} more that follow from it", following.len() - LISTED)?;
            }
        }
        if self.more > 0 {
            writeln!(out, "\nand {} more", self.more)?;
        }
        if self.left_out {
            writeln!(out, "\nthe runs are longer than what is compared")?;
        }
        Ok(())
    }
}

fn parted(number: usize, one: &Divergence, teller: Teller<'_>) -> Parted {
    let thing = &teller.sides.things()[one.thing as usize];
    let side = |side: usize| {
        let step = one.steps[side];
        Side {
            t: step.map(|step| step.at.0),
            seq: step.map(|step| step.seq),
            what: teller.told(thing, side, step),
            rule: one.why.rules[side].and_then(cited),
        }
    };
    let has_message = thing.message.iter().any(Option::is_some) || thing.of.is_some();
    Parted {
        number,
        follows: one.follows.map(|first| first as usize + 1),
        again: one.again,
        t: one.at.0,
        kind: thing.subject.name(),
        about: teller.about(thing),
        client: teller.client(thing).to_owned(),
        message: has_message.then(|| teller.message(thing)),
        sides: [side(0), side(1)],
        setting: one
            .why
            .setting
            .map(|setting: &Setting| Differing { key: setting.key, values: teller.values(setting) }),
        cited: one.why.is_cited,
    }
}

impl Parted {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        let first = if self.number == 1 { ": the first divergence" } else { "" };
        writeln!(out, "\n{}  {}  {}{first}", self.number, clock(SimTime(self.t)), self.about)?;
        for (letter, side) in ["A", "B"].into_iter().zip(&self.sides) {
            let when = side.t.map_or_else(|| "-".to_owned(), |t| clock(SimTime(t)));
            let event = side.seq.map_or_else(String::new, |seq| format!(" (event {seq})"));
            writeln!(out, "  {letter}  {when}  {}{event}", side.what)?;
            if let Some(rule) = &side.rule {
                writeln!(out, "     {}: {}", rule.id, rule.sentence)?;
                writeln!(out, "     {}, {}; {}", rule.source, rule.section, rule.certainty)?;
            }
        }
        if let Some(setting) = &self.setting {
            let value =
                |side: usize| setting.values[side].map_or_else(|| "-".to_owned(), |value| value.to_string());
            let how = if self.cited { "setting" } else { "likely " };
            writeln!(out, "  {how} {}: A {}, B {}", setting.key, value(0), value(1))?;
        }
        Ok(())
    }
}
