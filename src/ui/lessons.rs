//! The scenarios that ship with the page, and opening one.

use super::lab::Lab;
use super::{link, timeline};
use crate::scenario::{Scenario, parse};
use crate::sim::{Journal, Moment};

/// A scenario that ships.
pub(crate) struct Lesson {
    /// Its name in links.
    pub(crate) name: &'static str,
    /// Its name in the list.
    pub(crate) title: &'static str,
    text: &'static str,
}

macro_rules! lesson {
    ($name:literal, $title:literal) => {
        Lesson {
            name: $name,
            title: $title,
            text: include_str!(concat!("../../www/lessons/", $name, ".json")),
        }
    };
}

/// All of them, in the order of the list.
pub(crate) const ALL: [Lesson; 4] = [
    lesson!("hello", "Hello: two clients and a topic"),
    lesson!("qos", "The three qualities of service"),
    lesson!("replay", "Replay: a session comes back"),
    lesson!("will", "The will"),
];

/// The profiles that can be chosen.
pub(crate) const PROFILES: [(&str, &str); 2] =
    [("mqtt", "Broker: the MQTT standards"), ("aws-iot-core", "Broker: AWS IoT Core")];

/// Opens a lesson: at a moment, or at its beginning and playing.
pub(crate) fn open(lab: &Lab, name: &str, moment: Option<Moment>) {
    let Some(lesson) = ALL.iter().find(|lesson| lesson.name == name) else {
        let known: Vec<&str> = ALL.iter().map(|lesson| lesson.name).collect();
        say(lab, format!("There is no lesson `{name}`; there are {}.", known.join(", ")));
        return;
    };
    match parse(lesson.text) {
        Ok(scenario) => {
            show(lab, scenario, Some(name.to_owned()), None, Journal::default(), moment);
            link::forget(name);
        }
        Err(problems) => {
            let first = problems.first();
            say(
                lab,
                first.map(|problem| format!("The lesson is broken: {}", problem.message)).unwrap_or_default(),
            );
        }
    }
}

/// Opens the present scenario again, from its beginning, under another profile.
pub(crate) fn with_profile(lab: &Lab, profile: &str) {
    let (scenario, lesson) = {
        let engine = lab.engine();
        (engine.scenario().clone(), engine.lesson().map(str::to_owned))
    };
    show(lab, scenario, lesson, Some(profile.to_owned()), Journal::default(), None);
}

/// Opens a scenario: at a moment, or at its beginning and playing. Says whether it did; where not, the user was told why.
pub(crate) fn show(
    lab: &Lab,
    scenario: Scenario,
    lesson: Option<String>,
    profile: Option<String>,
    journal: Journal,
    moment: Option<Moment>,
) -> bool {
    let opened = lab.act(|engine| {
        engine.open(scenario, lesson, profile, journal)?;
        if let Some(moment) = moment {
            // It is computed up to there.
            engine.go_to_moment(moment);
        }
        Ok::<(), String>(())
    });
    match opened {
        Ok(()) => {
            lab.change(|screen| {
                screen.playing = moment.is_none();
                screen.selected = None;
                screen.notice = None;
            });
            timeline::fit(lab);
            super::panic::remember(lab);
            true
        }
        Err(why) => {
            say(lab, why);
            false
        }
    }
}

/// Tells the user something.
pub(crate) fn say(lab: &Lab, text: String) {
    lab.change(|screen| screen.notice = Some(text));
}
