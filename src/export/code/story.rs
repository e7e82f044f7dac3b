//! What a client does in a run, in the order of time.

use crate::client::{Action, ClientOptions, ConnectOptions, Message};
use crate::scenario::Scenario;
use crate::sim::{Input, Journal, Repeat, Way, has_place};
use crate::sorted::in_order;
use crate::time::{SimTime, Span};
use crate::wire::Version;

/// A client and what it does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// The title of the scenario.
    pub title: String,
    /// The client.
    pub client: ClientOptions,
    /// What it does, in the order of time.
    pub acts: Vec<Act>,
}

/// Something that a client does, once or again and again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act {
    /// When, the first time.
    pub at: SimTime,
    /// How long after each time the next one is.
    pub every: Span,
    /// How often.
    pub times: u64,
    /// Whether the places in its topic and payload, such as `{{n}}`, are filled.
    pub fills: bool,
    /// What.
    pub what: What,
}

/// What a client does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// It connects, and says this.
    Connect(Box<ConnectOptions>),
    /// Anything else that it does by itself.
    Do(Action),
    /// Its connection ends without DISCONNECT.
    Lost(&'static str),
    /// Something that no client can do, or no library: it is told.
    Say(String),
}

impl Act {
    /// Whether it is told only.
    pub(super) const fn is_said(&self) -> bool {
        matches!(self.what, What::Say(_))
    }
}

impl Story {
    /// What a virtual client does, by the scenario's steps and by what was done by hand; `None` where there is no such client.
    pub fn of(scenario: &Scenario, journal: &Journal, name: &str) -> Option<Self> {
        let added = journal.entries().iter().filter_map(|entry| match &entry.input {
            Input::AddClient(spec) => Some(spec.as_ref()),
            _ => None,
        });
        let spec = scenario.clients.iter().chain(added).find(|spec| spec.client.id == name)?;
        let mut gathering = Gathering { name, acts: Vec::new(), steps: 0 };
        for step in scenario.steps.iter().filter(|step| step.times > 0) {
            gathering.input(step.at, step.every, step.times, step.times > 1, &step.input);
        }
        gathering.steps = gathering.acts.len();
        for entry in journal.entries() {
            match &entry.input {
                Input::Repeat(repeat) => {
                    let Repeat { client, action, delay, every, times } = repeat.as_ref().clone();
                    gathering.input(entry.at + delay, every, times, true, &Input::Client { client, action });
                }
                Input::Stop { client, topic } if client == name => gathering.stop(entry.at, topic.as_deref()),
                input => gathering.input(entry.at, Span::ZERO, 1, false, input),
            }
        }
        let acts = in_order(gathering.acts, |act| act.at.0);
        let mut story = Self { title: scenario.title.clone(), client: spec.client.clone(), acts };
        story.settle_connects();
        Some(story)
    }

    /// The names of the clients that one can tell of.
    pub fn names(scenario: &Scenario, journal: &Journal) -> Vec<String> {
        let mut names: Vec<String> = scenario.clients.iter().map(|spec| spec.client.id.clone()).collect();
        for entry in journal.entries() {
            if let Input::AddClient(spec) = &entry.input
                && !names.contains(&spec.client.id)
            {
                names.push(spec.client.id.clone());
            }
        }
        names
    }

    /// Whether the client speaks 5.0.
    pub fn is_five(&self) -> bool {
        self.client.version == Version::V5
    }

    /// The identifier that a CONNECT says.
    pub(super) fn identifier<'a>(&'a self, options: &'a ConnectOptions) -> &'a str {
        options.client_id.as_deref().unwrap_or(&self.client.id)
    }

    /// Whether it is connected when all is done.
    pub(super) fn stays_connected(&self) -> bool {
        let last = self.acts.iter().rev().find(|act| act.ends() || matches!(act.what, What::Connect(_)));
        last.is_some_and(|act| !act.ends())
    }

    /// Gives each connection the options that hold for it: its own, those of the connection before it, or the client's.
    fn settle_connects(&mut self) {
        let mut own = self.client.connect.clone();
        for act in &mut self.acts {
            let What::Do(Action::Connect { options }) = &act.what else { continue };
            if let Some(options) = options {
                let (username, password) = (own.username.take(), own.password.take());
                own = options.as_ref().clone();
                own.username = own.username.or(username);
                own.password = own.password.or(password);
            }
            act.what = What::Connect(Box::new(own.clone()));
        }
    }
}

impl Act {
    fn ends(&self) -> bool {
        matches!(
            self.what,
            What::Lost(_) | What::Do(Action::Disconnect { .. } | Action::Close { .. } | Action::Crash)
        )
    }

    /// Takes away the times from a moment on; whether any is left.
    fn clip(&mut self, end: SimTime) -> bool {
        if self.at >= end {
            return false;
        }
        if self.every.0 > 0 {
            self.times = self.times.min((end.0 - self.at.0).div_ceil(self.every.0));
        }
        true
    }
}

struct Gathering<'a> {
    name: &'a str,
    acts: Vec<Act>,
    /// How many of them are the scenario's.
    steps: usize,
}

impl Gathering<'_> {
    fn input(&mut self, at: SimTime, every: Span, times: u64, fills: bool, input: &Input) {
        let what = match input {
            Input::Client { client, action } if client == self.name => What::Do(action.clone()),
            Input::Cut { client } if client == self.name => What::Lost("the network is cut"),
            Input::RemoveClient { client } if client == self.name => What::Lost("the client is removed"),
            Input::HalfOpen { client, way } if client == self.name => What::Say(
                match way {
                    Way::Up => "nothing reaches the broker from here on, and nobody is told",
                    Way::Down => "nothing reaches the client from here on, and nobody is told",
                }
                .to_owned(),
            ),
            Input::Stall { client, length } if client == self.name => {
                What::Say(format!("the network stands still for {length}"))
            }
            Input::Restore { client } if client == self.name => {
                What::Say("the network works again".to_owned())
            }
            Input::Link { client, .. } if client == self.name => What::Say("the network changes".to_owned()),
            Input::WhatIf { client, .. } if client == self.name => {
                What::Say("a what-if happens to a packet on its way".to_owned())
            }
            _ => return,
        };
        let fills = fills && matches!(&what, What::Do(Action::Publish(message)) if has_places(message));
        self.acts.push(Act { at, every, times, fills, what });
    }

    /// Ends what goes on, and what was asked for later; a step of the scenario that has not begun is none of it.
    fn stop(&mut self, end: SimTime, topic: Option<&str>) {
        let (steps, mut index) = (self.steps, 0);
        self.acts.retain_mut(|act| {
            index += 1;
            let of_topic = |topic| matches!(&act.what, What::Do(Action::Publish(one)) if one.topic == topic);
            let goes_on = if act.at < end { act.times > 1 } else { index > steps };
            !goes_on || !topic.is_none_or(of_topic) || act.clip(end)
        });
    }
}

/// Whether a message has places to fill.
pub(super) fn has_places(message: &Message) -> bool {
    has_place(&message.topic) || std::str::from_utf8(&message.payload).is_ok_and(has_place)
}
