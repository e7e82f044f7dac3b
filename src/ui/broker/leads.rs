//! The ways from what the broker keeps to the events about it.

use crate::broker::Kind;
use crate::trace::EventRef;
use crate::ui::icons::IconButton;
use crate::ui::lab::Lab;
use crate::ui::screen::Tab;
use crate::ui::text::broker as text;
use crate::ui::timeline;
use yew::prelude::*;

/// What events are about.
#[derive(Clone, PartialEq)]
pub(super) enum About {
    /// A client's session.
    Session(String),
    /// A client's subscription, by its filter.
    Subscription(String, String),
    /// A shared subscription, by all of `$share/{ShareName}/{filter}`.
    Group(String),
    /// The retained message of a topic.
    Retained(String),
    /// A client's Will.
    Will(String),
    /// A rule, by its id.
    Rule(&'static str),
    /// The event that queued a message.
    Event(u32),
}

impl About {
    /// Whether an event says how this came to be as it is.
    fn is_told_by(&self, event: &EventRef<'_>) -> bool {
        let kind = event.kind().name();
        match self {
            Self::Session(client) => kind.starts_with("session.") && event.client() == client,
            Self::Subscription(client, filter) => {
                let is_one = matches!(event.kind(), Kind::SubscriptionAdded | Kind::SubscriptionReplaced);
                is_one && event.client() == client && event.topic() == filter
            }
            Self::Group(name) => {
                event.client() == name || (kind.starts_with("subscription.") && event.topic() == name)
            }
            Self::Retained(topic) => kind.starts_with("retained.") && event.topic() == topic,
            Self::Will(client) => kind.starts_with("will.") && event.client() == client,
            Self::Rule(id) => event.rule().is_some_and(|rule| rule.id == *id),
            Self::Event(seq) => event.seq() == *seq,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Session(name) | Self::Group(name) | Self::Retained(name) | Self::Will(name) => name,
            Self::Subscription(_, filter) => filter,
            Self::Rule(id) => id,
            Self::Event(_) => "",
        }
    }
}

/// What chooses the latest event about something before the view, and from there the one before.
pub(super) fn leads(lab: &Lab, about: About) -> Callback<()> {
    let lab = lab.clone();
    Callback::from(move |()| {
        let found = find(&lab, &about);
        if found.is_none() {
            return lab.change(|screen| screen.notice = Some(text::NO_EVENT.to_owned()));
        }
        timeline::select(&lab, found);
        lab.change(|screen| {
            // Where the panels share the room.
            if screen.tab == Tab::Broker {
                screen.tab = Tab::Inspector;
            }
        });
    })
}

fn find(lab: &Lab, about: &About) -> Option<u32> {
    let (engine, selected) = (lab.engine(), lab.screen().selected);
    let run = engine.run();
    let (trace, end) = (run.trace(), engine.events());
    match about {
        About::Rule(id) => return engine.ruled().next(id, selected, end),
        About::Event(seq) => return trace.get(*seq).map(|_| *seq),
        _ => {}
    }
    let is_it = |event: &EventRef<'_>| about.is_told_by(event);
    let chosen = selected.filter(|seq| *seq < end && trace.get(*seq).as_ref().is_some_and(is_it));
    let last = |end: u32| (trace.first_seq()..end).rev().filter_map(|seq| trace.get(seq)).find(is_it);
    let found = chosen.and_then(last).or_else(|| last(end));
    found.map(|event| event.seq())
}

/// The button at a row's end.
pub(super) fn lead(lab: &Lab, about: About) -> Html {
    let title = match &about {
        About::Rule(id) => text::next_of(id),
        other => text::lead(other.name()),
    };
    IconButton::new("right", title, "", leads(lab, about)).class("quiet to-event").html("to-event")
}
