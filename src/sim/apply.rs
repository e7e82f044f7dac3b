//! What is done to the world from outside.

use super::hold::STALL_MAX;
use super::link::Frame;
use super::live::{Live, Waiting};
use super::party::{Kind, Party, Way};
use super::world::World;
use super::{Input, LinkSpec, LiveAct};
use crate::broker::{self, By, Cause, Closed, Command, Event, Observer};
use crate::client::Action;
use crate::rule::own;
use crate::socket::{CloseCode, End, Side, State, overhead_bytes};
use crate::time::SimTime;
use crate::trace::Sink;
use crate::wire::PacketType;

impl World {
    /// Whether the input speaks of parts that there are.
    ///
    /// # Errors
    /// Names the part that there is not.
    pub(super) fn check(&self, input: &Input) -> Result<(), String> {
        let unknown = |name: &str| format!("there is no client `{name}`");
        match input {
            Input::Client { client, .. } | Input::RemoveClient { client } => {
                match self.names.get(client.as_str()) {
                    Some(_) => Ok(()),
                    None => Err(unknown(client)),
                }
            }
            Input::Cut { client }
            | Input::Restore { client }
            | Input::Link { client, .. }
            | Input::HalfOpen { client, .. }
            | Input::Stall { client, .. }
            | Input::WhatIf { client, .. } => {
                self.party_named(client).map(|_| ()).ok_or_else(|| unknown(client))
            }
            Input::Repeat(repeat) => {
                if !self.names.contains(repeat.client.as_str()) {
                    return Err(unknown(&repeat.client));
                }
                repeat.check()
            }
            Input::Stop { client, .. } if !self.names.contains(client.as_str()) => Err(unknown(client)),
            Input::AddClient(spec) if self.names.contains(spec.client.id.as_str()) => {
                Err(format!("there is a client `{}` already", spec.client.id))
            }
            Input::Live { id, act: LiveAct::Open { .. } } if self.live.contains(id) => {
                Err(format!("there is a live client {id} already"))
            }
            Input::Broker(Command::Set { key, value }) => self.cloud.profile().clone().set(key, *value),
            _ => Ok(()),
        }
    }

    /// A client by its name, or a live one by the name that it has now.
    pub(super) fn party_named(&self, name: &str) -> Option<u32> {
        self.names.get(name).copied().or_else(|| {
            let named =
                |index: &&u32| self.parties.get(**index as usize).is_some_and(|party| party.name() == name);
            self.live.values().find(named).copied()
        })
    }

    pub(super) fn apply<S: Sink>(&mut self, input: &Input, cause: Cause, sink: &mut S) {
        let cause = self.note_input(input, cause, sink);
        // A scenario may speak of a client that has left meanwhile.
        if let Err(why) = self.check(input).and_then(|()| self.try_apply(input, cause, sink)) {
            let event = Event::new(self.now, broker::Kind::Decision, By::User, "", cause);
            let rule = Some(own("glassbroker.input.ignored"));
            self.recorder.watch(sink).note(Event { topic: "ignored", why: &why, rule, ..event });
        }
    }

    fn try_apply<S: Sink>(&mut self, input: &Input, cause: Cause, sink: &mut S) -> Result<(), String> {
        match input {
            Input::Client { client, action } => {
                if let Some(party) = self.names.get(client.as_str()).copied() {
                    self.client_acts(party, action, cause, sink);
                }
            }
            Input::Repeat(repeat) => self.plan.ask(self.now, repeat, cause)?,
            Input::Stop { client, topic } => {
                if self.plan.stop(client, topic.as_deref()) == 0 {
                    return Err(format!("`{client}` has nothing to do later or again and again"));
                }
            }
            Input::Cut { client } => {
                if let Some(party) = self.party_named(client) {
                    self.cut(party, cause, sink);
                }
            }
            Input::Restore { client } => {
                if let Some(party) = self.party_named(client) {
                    self.restore(party);
                }
            }
            Input::HalfOpen { client, way } => {
                if let Some(party) = self.party_named(client) {
                    self.check_not_cut(party)?;
                    self.hold(party, *way, SimTime::END);
                }
            }
            Input::Stall { client, length } => {
                if let Some(party) = self.party_named(client) {
                    self.check_not_cut(party)?;
                    let until = self.now + (*length).min(STALL_MAX);
                    self.hold(party, Way::Up, until);
                    self.hold(party, Way::Down, until);
                }
            }
            Input::WhatIf { client, what, which } => {
                if let Some(party) = self.party_named(client) {
                    self.what_if(party, *what, *which, sink)?;
                }
            }
            Input::Link { client, link } => self.change_link(client, *link),
            Input::AddClient(spec) => {
                self.add_client(spec)?;
            }
            Input::RemoveClient { client } => {
                if let Some(party) = self.names.remove(client.as_str()) {
                    self.plan.stop(client, None);
                    self.client_acts(party, &Action::Crash, cause, sink);
                    if let Some(entry) = self.parties.get_mut(party as usize) {
                        entry.gone = true;
                    }
                    self.tidy_party(party);
                }
            }
            Input::Broker(command) => {
                let done =
                    self.cloud.command(self.now, command.clone(), cause, &mut self.recorder.watch(sink));
                self.drain_broker(sink);
                if !command.is_answered() {
                    done?;
                }
            }
            Input::Mark { title, text } => {
                let event = Event::new(self.now, broker::Kind::Mark, By::User, "", cause);
                self.recorder.watch(sink).note(Event { topic: title, why: text, ..event });
            }
            Input::Live { id, act } => self.live_acts(*id, act, cause, sink),
        }
        Ok(())
    }

    fn note_input<S: Sink>(&mut self, input: &Input, cause: Cause, sink: &mut S) -> Cause {
        // Narration is an event of its own kind.
        if matches!(input, Input::Mark { .. }) {
            return Cause::NONE;
        }
        let (mut client, what, key) = input.told();
        let until = match input {
            Input::Stall { length, .. } => Some(self.now + (*length).min(STALL_MAX)),
            _ => None,
        };
        if let Input::Live { id, .. } = input {
            let party = self.live.get(id).and_then(|party| self.parties.get(*party as usize));
            client = party.map_or("", Party::name);
        }
        // A client that goes by another identifier than its name is told of by that identifier.
        let party = self.names.get(client).and_then(|party| self.parties.get(*party as usize));
        let client = party.map(Party::name).filter(|name| !name.is_empty()).unwrap_or(client);
        let event = Event::new(self.now, broker::Kind::Input, By::User, client, cause);
        self.recorder.watch(sink).note(Event { topic: key, why: what, until, ..event })
    }

    fn client_acts<S: Sink>(&mut self, party: u32, action: &Action, cause: Cause, sink: &mut S) {
        if let Some(entry) = self.parties.get_mut(party as usize)
            && let Kind::Virtual(client) = &mut entry.kind
        {
            client.act(self.now, action, cause, &mut self.recorder.watch(sink));
            self.drain_client(party, sink);
        }
    }

    fn party_mut(&mut self, name: &str) -> Option<&mut Party> {
        let index = self.party_named(name)?;
        self.parties.get_mut(index as usize)
    }

    /// The network dies: what is in flight both ways is lost.
    fn cut<S: Sink>(&mut self, party: u32, cause: Cause, sink: &mut S) {
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        entry.cut = true;
        let Some(conn) = entry.conn else { return };
        let Some(connection) = self.connections.get(conn) else { return };
        for item in connection.up.drain() {
            self.lose(party, &item.frame, item.cause, "the network was cut", sink);
        }
        self.client_vanishes(conn, "the network was cut", cause, sink);
    }

    fn check_not_cut(&self, party: u32) -> Result<(), String> {
        let cut = self.parties.get(party as usize).is_some_and(|party| party.cut);
        if cut { Err("the network is cut: restore it first".into()) } else { Ok(()) }
    }

    fn change_link(&mut self, name: &str, link: LinkSpec) {
        let Some(entry) = self.party_mut(name) else { return };
        entry.link = link;
    }

    fn live_acts<S: Sink>(&mut self, id: u32, act: &LiveAct, cause: Cause, sink: &mut S) {
        if let LiveAct::Open { path, protocols } = act {
            let live = Kind::Live(Box::new(Live::new(id)));
            let party = self.add_party(Party::new(&format!("socket-{id}"), live, self.live_link));
            self.live.insert(id, party);
            self.opens(party, path.clone(), protocols.clone(), cause, sink);
            return;
        }
        let Some(party) = self.live.get(&id).copied() else { return };
        let Some(conn) = self.parties.get(party as usize).and_then(|party| party.conn) else { return };
        let end = self.connections.get(conn).map_or_else(End::default, |connection| connection.client_end);
        match act {
            LiveAct::Open { .. } => {}
            LiveAct::Send { bytes } => {
                // As the interface says, what is sent while it closes goes nowhere.
                if end.is_open() {
                    self.live_sends(party, bytes, cause, sink);
                }
            }
            LiveAct::SendText { text } => {
                let payload_bytes = text.len();
                let wire_bytes = payload_bytes + overhead_bytes(payload_bytes, Side::Client);
                self.live_queues(
                    party,
                    Waiting { frame: Frame::Text, cause, wire_bytes, payload_bytes },
                    sink,
                );
            }
            LiveAct::Close { code, reason } => match end.state() {
                State::Connecting => self.client_closes(conn, None, String::new(), cause, sink),
                _ => {
                    let close = Box::new((code.map(CloseCode), reason.clone()));
                    let waiting =
                        Waiting { frame: Frame::Close(close), cause, wire_bytes: 0, payload_bytes: 0 };
                    self.live_queues(party, waiting, sink);
                }
            },
            LiveAct::Vanish => self.client_vanishes(conn, "the client is gone", cause, sink),
            LiveAct::LeftBehind => {
                let why = "the run went on in another branch";
                self.server_end_fails(conn, Closed::Lost, why, cause, sink);
                if let Some(connection) = self.connections.get(conn) {
                    connection.up.drain();
                    connection.down.drain();
                }
                let code = CloseCode::SERVICE_RESTART;
                self.client_end_is_closed(party, conn, code, why, false, why, cause, sink);
                self.tidy(conn);
            }
        }
    }

    fn live_queues<S: Sink>(&mut self, party: u32, waiting: Waiting, sink: &mut S) {
        if let Some(entry) = self.parties.get_mut(party as usize)
            && let Kind::Live(live) = &mut entry.kind
        {
            live.waiting_bytes += waiting.payload_bytes;
            live.waiting.push_back(waiting);
            self.send_waiting(party, sink);
        }
    }
}

impl Input {
    /// What is told of it: the client that it is about, empty where that is none or a live one; what is done; to what, where that is
    /// no client.
    pub fn told(&self) -> (&str, &'static str, &str) {
        match self {
            Self::Client { client, action } => {
                let kept = matches!(action, Action::Restart { keep_session: true });
                (client.as_str(), action_name(action), if kept { "keep_session" } else { "" })
            }
            Self::Repeat(repeat) => (
                repeat.client.as_str(),
                if repeat.times == 1 { "later" } else { "repeat" },
                match &repeat.action {
                    Action::Publish(message) => message.topic.as_str(),
                    _ => "",
                },
            ),
            Self::Stop { client, topic } => (client.as_str(), "stop", topic.as_deref().unwrap_or_default()),
            Self::Cut { client } => (client.as_str(), "cut", ""),
            Self::Restore { client } => (client.as_str(), "restore", ""),
            Self::Link { client, .. } => (client.as_str(), "link", ""),
            Self::HalfOpen { client, way } => (client.as_str(), "half_open", way.name()),
            Self::Stall { client, .. } => (client.as_str(), "stall", ""),
            Self::WhatIf { client, what, which } => {
                (client.as_str(), what.asked(), which.packet.map_or("", PacketType::name))
            }
            Self::AddClient(spec) => (spec.client.id.as_str(), "add", ""),
            Self::RemoveClient { client } => (client.as_str(), "remove", ""),
            Self::Broker(command) => match command {
                Command::Disconnect { client, .. } => (client.as_str(), "broker disconnect", ""),
                Command::Publish { message, .. } => ("", "publish over HTTP", message.topic.as_str()),
                Command::RetainedList(_) => ("", "retained list", ""),
                Command::ConnectionRead { client } => (client.as_str(), "connection read", ""),
                Command::SubscriptionList { client, .. } => (client.as_str(), "subscription list", ""),
                Command::RetainedRead { topic } => ("", "retained read", topic.as_str()),
                Command::RetainedDelete { topic } => ("", "retained delete", topic.as_str()),
                Command::Set { key, .. } => ("", "set", key.as_str()),
                Command::Policy { name, .. } => ("", "policy", name.as_str()),
                Command::Restart { .. } => ("", "broker restart", ""),
            },
            Self::Mark { .. } => ("", "mark", ""),
            Self::Live { act, .. } => {
                let what = match act {
                    LiveAct::Open { .. } => "live open",
                    LiveAct::Send { .. } | LiveAct::SendText { .. } => "live send",
                    LiveAct::Close { .. } => "live close",
                    LiveAct::Vanish => "live vanish",
                    LiveAct::LeftBehind => "live left behind",
                };
                ("", what, "")
            }
        }
    }
}

/// What a step calls the action.
const fn action_name(action: &Action) -> &'static str {
    match action {
        Action::Connect { .. } => "connect",
        Action::Subscribe(_) => "subscribe",
        Action::Unsubscribe { .. } => "unsubscribe",
        Action::Publish(_) => "publish",
        Action::Disconnect { .. } => "disconnect",
        Action::Close { .. } => "close",
        Action::Reauthenticate => "reauthenticate",
        Action::Crash => "crash",
        Action::Restart { .. } => "restart",
        Action::StopAcks => "stop_acks",
        Action::ResumeAcks => "resume_acks",
        Action::Send { .. } => "send",
    }
}
