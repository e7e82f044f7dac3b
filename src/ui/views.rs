//! Clients at the view, as the panels show them.

use crate::broker::SessionView;
use crate::client::{ConnectOptions, State};
use crate::sim::{LinkSpec, Network, World};
use crate::time::SimTime;
use crate::wire::Version;

/// Whether a client is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// The broker accepted it.
    Connected,
    /// It is on its way in.
    Connecting,
    /// It is away.
    Offline,
}

/// A client at the view, as its card shows it.
#[derive(Clone, PartialEq)]
pub(crate) struct ClientView {
    /// Its name in the run.
    pub(crate) name: String,
    /// Its client identifier, where that is known and another.
    pub(crate) identifier: String,
    /// The version that it speaks.
    pub(crate) version: Version,
    /// Whether it is there, as it sees that itself.
    pub(crate) presence: Presence,
    /// What the server said as it refused or ended the latest connection; empty where it said nothing.
    pub(crate) dismissed: &'static str,
    /// Its session with the broker, and whether that is connected, as the broker sees it.
    pub(crate) session: Option<bool>,
    /// Its filters and the QoS granted, as the broker holds them.
    pub(crate) subscriptions: Vec<(String, u8)>,
    /// How many messages the broker keeps for it.
    pub(crate) queued: usize,
    /// How many publications it holds back itself.
    pub(crate) held: usize,
    /// Whether its network is cut.
    pub(crate) cut: bool,
    /// For each way the moment until which nothing arrives; the end of time where it is half open.
    pub(crate) holds: [Option<SimTime>; 2],
    /// How many what-ifs wait for their packets.
    pub(crate) what_ifs: usize,
    /// Its link.
    pub(crate) link: LinkSpec,
    /// Whether it has no power.
    pub(crate) off: bool,
    /// How many acknowledgements it owes, while it sends none.
    pub(crate) owes: Option<usize>,
    /// Whether it is no virtual client but a real one's socket.
    pub(crate) real: bool,
    /// Whether that socket is one of this page; else there is only the record of it.
    pub(crate) live: bool,
    /// Whether it has a will with the broker.
    pub(crate) will: bool,
    /// What it says in CONNECT.
    pub(crate) connect: ConnectOptions,
    /// Whether it connects again by itself.
    pub(crate) reconnects: bool,
}

impl ClientView {
    /// The client identifier, which events carry.
    pub(crate) fn identifier(&self) -> &str {
        if self.identifier.is_empty() { &self.name } else { &self.identifier }
    }
}

/// The names of the clients: the virtual ones, then the real ones.
pub(crate) fn names(world: &World) -> Vec<String> {
    let mut names: Vec<String> = world.clients().map(|view| view.name.to_owned()).collect();
    let real = world.live_clients().map(|(_, name)| name).filter(|name| !name.is_empty());
    let others: Vec<String> = real.filter(|name| world.client(name).is_none()).map(str::to_owned).collect();
    for name in others {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The client of a name; of the real ones `is_here` knows those of this page by their sockets' numbers.
pub(crate) fn client(world: &World, name: &str, is_here: impl Fn(u32) -> bool) -> Option<ClientView> {
    let broker = world.broker();
    let Some(view) = world.client(name) else {
        let (id, name) = world.live_clients().find(|(_, known)| *known == name)?;
        let session = broker.session(name, world.now());
        return Some(ClientView {
            presence: Presence::Connected,
            real: true,
            live: is_here(id),
            ..of_session(name, world.network(name), session.as_ref())
        });
    };
    let client = view.client;
    let session = broker.session(client.identifier(), world.now());
    let presence = match client.state() {
        State::Connected => Presence::Connected,
        State::Opening | State::Connecting => Presence::Connecting,
        State::Off | State::Idle | State::Closing => Presence::Offline,
    };
    let rest = of_session(name, Some(view.network), session.as_ref());
    let identifier = Some(client.identifier()).filter(|id| *id != name).unwrap_or_default();
    Some(ClientView {
        identifier: identifier.to_owned(),
        version: client.version(),
        presence,
        dismissed: client.dismissed().unwrap_or_default(),
        held: client.held_messages(),
        off: client.state() == State::Off,
        owes: client.acks_stopped().then(|| client.owed_acks()),
        connect: client.options().connect.clone(),
        reconnects: client.options().reconnect.is_some(),
        ..rest
    })
}

fn of_session(name: &str, network: Option<Network<'_>>, session: Option<&SessionView>) -> ClientView {
    let subscriptions = session.into_iter().flat_map(|session| &session.subscriptions);
    ClientView {
        name: name.to_owned(),
        identifier: String::new(),
        version: session.map_or(Version::V5, |session| session.version),
        presence: Presence::Offline,
        dismissed: "",
        subscriptions: subscriptions.map(|one| (one.filter.clone(), one.options.qos as u8)).collect(),
        queued: session.map_or(0, |session| session.queued),
        held: 0,
        cut: network.is_some_and(|network| !network.is_up),
        holds: network.map(|network| network.holds).unwrap_or_default(),
        what_ifs: network.map_or(0, |network| network.waiting.len()),
        link: network.map(|network| network.link).unwrap_or_default(),
        off: false,
        owes: None,
        real: false,
        live: false,
        session: session.map(|session| session.connection.is_some()),
        will: session.is_some_and(|session| session.will.is_some()),
        connect: ConnectOptions::default(),
        reconnects: false,
    }
}
