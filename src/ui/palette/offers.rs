//! What the palette offers: every command, and the ways to panels, lessons, profiles, clients, faults, topics and named moments.

use crate::nearest::likeness;
use crate::profile::Profile;
use crate::sorted::in_order;
use crate::time::SimTime;
use crate::ui::commands::{COMMANDS, Command, Place};
use crate::ui::faults::Subject;
use crate::ui::lab::Lab;
use crate::ui::screen::Tab;
use crate::ui::text::palette as text;
use crate::ui::{browser, lessons, transport};

/// Where the browser remembers what was chosen last, by its title, a line each; and how many.
const RECENT: &str = "glassbroker.recent-commands";
const MOST_RECENT: usize = 6;
/// No more than so many are shown.
const MOST: usize = 60;
/// How much better what was chosen lately is found.
const RECENT_LIKENESS: u32 = 15;

/// One thing that can be chosen.
#[derive(Clone)]
pub(super) enum Offer {
    Command(&'static Command),
    Panel(Tab),
    Lesson(&'static str),
    Profile(String),
    Client(String),
    /// Of a client, or of the broker.
    Faults(Option<String>),
    Topic(String),
    Moment(SimTime),
}

impl Offer {
    /// Its keys.
    pub(super) fn keys(&self) -> &'static [&'static str] {
        if let Self::Command(command) = self { command.keys } else { &[] }
    }
}

/// An offer as it is shown.
pub(super) struct Found {
    pub(super) offer: Offer,
    pub(super) title: String,
    pub(super) is_recent: bool,
}

/// What there is to choose from. Of clients and topics, which may be very many, only those that are meant.
fn all(lab: &Lab, typed: &str) -> Vec<(Offer, String)> {
    let is_command = |one: &&Command| match one.place {
        // Of what is open nobody asks to open it.
        Place::Always => false,
        Place::Teacher => lab.screen().teacher.is_some(),
        _ => true,
    };
    let mut all: Vec<_> = COMMANDS
        .iter()
        .filter(is_command)
        .map(|one| (Offer::Command(one), one.title.to_owned()))
        .chain(Tab::ALL.into_iter().map(|tab| (Offer::Panel(tab), text::panel(tab.title()))))
        .chain(lessons::ALL.iter().map(|one| (Offer::Lesson(one.name), text::lesson(one.title()))))
        .chain(
            Profile::presets()
                .iter()
                .map(|one| (Offer::Profile(one.name.to_owned()), lessons::profile_title(one))),
        )
        .collect();
    all.push((Offer::Faults(None), text::broker_faults()));
    let markers = lab.screen().markers.clone();
    all.extend(markers.iter().map(|one| (Offer::Moment(one.at), text::marker(one.at, &one.name))));
    if !typed.trim().is_empty() {
        let engine = lab.engine();
        let names = engine.client_names();
        let run = engine.run();
        let clients = names.iter().map(|name| (Offer::Client(name.clone()), text::client(name)));
        let faults = names.iter().map(|name| {
            let title = text::faults(name, run.world().client(name).is_some());
            (Offer::Faults(Some(name.clone())), title)
        });
        let meant = |(_, title): &(Offer, String)| likeness(typed, title).is_some();
        all.extend(clients.filter(meant).take(MOST));
        all.extend(faults.filter(meant).take(MOST));
        let is_meant = |name: &str| likeness(typed, &text::topic(name)).is_some();
        let topics = engine.topics().latest(engine.events(), MOST, is_meant);
        all.extend(topics.into_iter().map(|name| (Offer::Topic(name.to_owned()), text::topic(name))));
    }
    all
}

/// What was chosen lately, the last one first.
fn recent() -> Vec<String> {
    browser::remembered(RECENT).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// What is meant by what was typed, the nearest first; where nothing was typed all of it, what was chosen lately first.
pub(super) fn find(lab: &Lab, typed: &str) -> Vec<Found> {
    let recent = recent();
    let meant = all(lab, typed).into_iter().filter_map(|(offer, title)| {
        let likeness = likeness(typed, &title)?;
        let place = recent.iter().position(|one| *one == title);
        let of_recent = place.map_or(0, |place| RECENT_LIKENESS - place as u32);
        Some((likeness + of_recent, Found { offer, title, is_recent: place.is_some() }))
    });
    // Where two are as near as each other they stay in their order.
    let mut found = in_order(meant.collect(), |(likeness, _)| u64::MAX - u64::from(*likeness));
    found.truncate(MOST);
    found.into_iter().map(|(_, found)| found).collect()
}

/// Leaves the palette and does it.
pub(super) fn run(lab: &Lab, offer: &Offer, title: &str) {
    let others = recent().into_iter().filter(|one| one != title).take(MOST_RECENT - 1);
    let lines: Vec<String> = std::iter::once(title.to_owned()).chain(others).collect();
    browser::remember(RECENT, &lines.join("\n"));
    lab.change(|screen| screen.palette = false);
    match offer {
        Offer::Command(command) => {
            match command.place {
                Place::List(tab) => lab.change(|screen| screen.go(tab)),
                Place::Timeline => lab.change(|screen| screen.go(Tab::Timeline)),
                _ => {}
            }
            (command.run)(lab);
        }
        Offer::Panel(tab) => lab.change(|screen| screen.go(*tab)),
        Offer::Lesson(name) => lessons::choose(lab, name),
        Offer::Profile(name) => lessons::with_profile(lab, name),
        Offer::Client(name) => lab.change(|screen| screen.own = Some(name.clone())),
        Offer::Faults(client) => {
            let subject = Subject { client: client.clone(), packet: None };
            lab.change(|screen| screen.faults = Some(subject));
        }
        Offer::Topic(name) => lab.change(|screen| {
            screen.go(Tab::Topics);
            screen.show_topic(name.clone(), None);
        }),
        Offer::Moment(at) => transport::seek(lab, *at),
    }
}
