//! The scenarios that ship with the page, and opening one.

use super::lab::Lab;
use super::screen::Screen;
use super::text::runs as text;
use super::{link, timeline};
use crate::profile::{Preset, Profile};
use crate::scenario::{Scenario, parse};
use crate::sim::{Branches, Moment};

/// A scenario that ships.
pub(crate) struct Lesson {
    /// Its name in links.
    pub(crate) name: &'static str,
    text: &'static str,
}

impl Lesson {
    /// Its title, which is the first in its document: to read all of that for a list would take too long.
    pub(crate) fn title(&self) -> &'static str {
        let value = self.text.split_once("\"title\": \"").and_then(|(_, rest)| rest.split_once('"'));
        value.map_or(self.name, |(title, _)| title)
    }
}

macro_rules! lesson {
    ($name:literal) => {
        Lesson { name: $name, text: include_str!(concat!("../../www/lessons/", $name, ".json")) }
    };
}

/// All of them, in the order of the list.
pub(crate) const ALL: [Lesson; 9] = [
    lesson!("hello"),
    lesson!("qos"),
    lesson!("faults"),
    lesson!("replay"),
    lesson!("interrupted"),
    lesson!("will"),
    lesson!("remember"),
    lesson!("share"),
    lesson!("empty"),
];

/// The name of a profile in the list.
pub(crate) fn profile_title(preset: &Preset) -> String {
    text::profile(preset.title)
}

/// Opens a lesson: at a moment, or at its beginning and playing.
///
/// # Errors
/// Why it cannot be opened, as a sentence without its end.
pub(crate) fn open(lab: &Lab, name: &str, moment: Option<Moment>) -> Result<(), String> {
    let Some(lesson) = ALL.iter().find(|lesson| lesson.name == name) else {
        let known: Vec<&str> = ALL.iter().map(|lesson| lesson.name).collect();
        return Err(text::no_lesson(name, &known.join(", ")));
    };
    let scenario = parse(lesson.text).map_err(|problems| {
        let first = problems.first().map(|problem| problem.message.as_str());
        text::broken_lesson(first.unwrap_or_default())
    })?;
    start(lab, scenario, Some(name.to_owned()), None, Branches::default(), moment)
}

/// Opens the lesson that the user chose, and makes the address say so.
pub(crate) fn choose(lab: &Lab, name: &str) {
    match open(lab, name, None) {
        Ok(()) => {
            lab.change(Screen::left_subject);
            link::address_this_run(lab);
        }
        Err(why) => say(lab, text::not_opened(&why)),
    }
}

/// Opens the present scenario again, from its beginning, under another profile.
pub(crate) fn with_profile(lab: &Lab, profile: &str) {
    let (scenario, lesson) = {
        let engine = lab.engine();
        (engine.scenario().clone(), engine.lesson().map(str::to_owned))
    };
    let preset = Profile::presets().iter().find(|preset| preset.name == profile);
    let title = preset.map_or_else(|| profile.to_owned(), profile_title);
    begin_again(lab, scenario, lesson, profile.to_owned(), text::again_under(&title));
}

/// The present scenario with the clients that were added by hand, and the policies that were added for them.
pub(crate) fn present(lab: &Lab) -> Scenario {
    let engine = lab.engine();
    let mut scenario = engine.scenario().clone();
    scenario.clients.extend(engine.added_clients());
    let run = engine.run();
    let documents = &mut scenario.broker.access.policies.documents;
    for (name, document) in run.head_world().broker().access().policies.documents.iter() {
        if !documents.contains(&**name) {
            documents.insert(name.clone(), document.clone());
        }
    }
    scenario
}

/// Opens a changed scenario from its beginning, under the present profile. Clients that were added by hand stay, not connected.
pub(crate) fn begin_with(lab: &Lab, scenario: Scenario, with: &str) {
    let profile = lab.engine().profile().to_owned();
    begin_again(lab, scenario, None, profile, text::again(with));
}

/// Opens a scenario from its beginning, says so, and has the address lead there.
fn begin_again(lab: &Lab, scenario: Scenario, lesson: Option<String>, profile: String, said: String) {
    let markers = lab.screen().markers.clone();
    let said = match start(lab, scenario, lesson, Some(profile), Branches::default(), None) {
        Ok(()) => {
            lab.change(|screen| screen.markers = markers);
            link::address_this_run(lab);
            said
        }
        Err(why) => why,
    };
    say(lab, said);
}

/// Opens a scenario: at a moment, or at its beginning and playing.
///
/// # Errors
/// What is wrong with the scenario.
pub(crate) fn start(
    lab: &Lab,
    scenario: Scenario,
    lesson: Option<String>,
    profile: Option<String>,
    done: Branches,
    moment: Option<Moment>,
) -> Result<(), String> {
    let markers = lab.screen().markers.clone();
    lab.act(|engine| {
        engine.open(scenario, lesson, profile, done, markers)?;
        if let Some(moment) = moment {
            // It is computed up to there.
            engine.go_to_moment(moment);
        }
        Ok::<(), String>(())
    })?;
    lab.change(|screen| {
        screen.left_run();
        screen.playing = moment.is_none();
    });
    timeline::fit(lab);
    if let Some(moment) = moment {
        // A moment after the scenario's end lies beyond the whole run.
        lab.change(|screen| screen.window = screen.window.reaching(moment.at));
    }
    super::panic::remember(lab);
    Ok(())
}

/// Tells the user something.
pub(crate) fn say(lab: &Lab, text: String) {
    lab.change(|screen| screen.notice = Some(text));
}
