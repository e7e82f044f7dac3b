//! Clients and what the broker keeps at the view, as the panels show them.

use crate::account::{RuleCounts, ShadowView};
use crate::broker::{ReplayView, SessionView};
use crate::client::{ConnectOptions, State};
use crate::picture::Tracks;
use crate::sim::{LinkSpec, Network, World};
use crate::sorted::Sorted;
use crate::time::SimTime;
use crate::wire::Version;
use bytes::Bytes;

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

/// A session as the broker's panel shows it.
pub(crate) struct KeptSession {
    /// The client identifier.
    pub(crate) client: String,
    /// Whether it is connected.
    pub(crate) connected: bool,
    /// When it ends, where the client is away and it ends at all.
    pub(crate) expires: Option<SimTime>,
    /// How many subscriptions it has.
    pub(crate) subscriptions: usize,
    /// How many messages wait in it.
    pub(crate) queued: usize,
    /// The most that ever waited.
    pub(crate) most_queued: usize,
    /// How long until the replay bucket let all of them out, in microseconds.
    pub(crate) drains_us: Option<u64>,
    /// The pace of what was stored, where it has one and something waits.
    pub(crate) replay: Option<ReplayView>,
    /// How many of those that wait expire, and which is the next: when, and its topic.
    pub(crate) expiring: Option<(usize, SimTime, String)>,
    /// How many messages for it were lost, by why.
    pub(crate) lost: Vec<(String, usize)>,
}

/// A shared subscription as the broker's panel shows it.
pub(crate) struct KeptGroup {
    /// ShareName and filter.
    pub(crate) name: String,
    /// How many members it has.
    pub(crate) members: usize,
    /// How many of those are connected.
    pub(crate) active: usize,
    /// How many messages wait in its queue.
    pub(crate) queued: usize,
    /// The most that ever waited.
    pub(crate) most_queued: usize,
    /// How many of those leave a second, where something waits and the profile has a rate.
    pub(crate) per_s: Option<u64>,
    /// How long until all of them have left at that rate, in microseconds.
    pub(crate) drains_us: Option<u64>,
}

/// A will as the broker's panel shows it.
pub(crate) struct KeptWill {
    /// The client identifier.
    pub(crate) client: String,
    /// Its topic.
    pub(crate) topic: String,
    /// When it is sent, where that is decided.
    pub(crate) due: Option<SimTime>,
}

/// A topic rule as the broker's panel shows it.
pub(crate) struct KeptRule {
    /// Its name.
    pub(crate) name: String,
    /// Its statement.
    pub(crate) sql: String,
    /// Whether it acts at all.
    pub(crate) is_enabled: bool,
    /// How often it did what.
    pub(crate) counts: RuleCounts,
}

/// The most rows of each kind that are shown.
pub(crate) const SHOWN: usize = 100;

/// What the broker and the account around it keep at the view.
pub(crate) struct Kept {
    /// By thing and name.
    pub(crate) shadows: Vec<ShadowView>,
    /// By name.
    pub(crate) rules: Vec<KeptRule>,
    /// By client identifier.
    pub(crate) sessions: Vec<KeptSession>,
    /// By name.
    pub(crate) groups: Vec<KeptGroup>,
    /// Topics and payloads, by topic: the first of them.
    pub(crate) retained: Vec<(String, Bytes)>,
    /// How many retained messages there are.
    pub(crate) retained_count: usize,
    /// By client identifier.
    pub(crate) wills: Vec<KeptWill>,
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

/// The next of a queue's messages to expire, and how many expire at all.
fn expiring(session: &SessionView) -> Option<(usize, SimTime, String)> {
    let expire = || session.queue.iter().filter_map(|message| Some((message.expires_at?, &message.topic)));
    let (at, topic) = expire().min_by_key(|(at, _)| *at)?;
    Some((expire().count(), at, topic.clone()))
}

/// What the broker keeps at the view before event `events`; `most` says how deep each client's and each group's queue ever was.
pub(crate) fn kept(world: &World, most: &Sorted<Box<str>, u32>, tracks: &Tracks, events: u32) -> Kept {
    let now = world.now();
    let most_queued = |name: &str| most.get(name).map_or(0, |most| *most as usize);
    let groups = world.broker().groups(now).into_iter().map(|group| KeptGroup {
        members: group.members.len(),
        active: group.active,
        queued: group.queued,
        most_queued: most_queued(&format!("$share/{}", group.name)),
        per_s: group.replay.map(|replay| replay.per_s),
        drains_us: group.replay.and_then(|replay| Some(replay.empty_at?.since(now).0)),
        name: group.name,
    });
    let groups = groups.collect();
    let sessions = world.broker().sessions(now);
    let wills = sessions.iter().filter_map(|session| {
        let will = session.will.as_ref()?;
        Some(KeptWill { client: session.client.clone(), topic: will.topic.clone(), due: will.due_at })
    });
    let wills = wills.collect();
    let sessions = sessions
        .into_iter()
        .map(|session| KeptSession {
            connected: session.connection.is_some(),
            expires: session.ends_at,
            subscriptions: session.subscriptions.len(),
            queued: session.queued,
            most_queued: most_queued(&session.client),
            drains_us: session.replay.and_then(|replay| Some(replay.empty_at?.since(now).0)),
            replay: session.replay,
            expiring: expiring(&session),
            lost: tracks.lost(&session.client, events),
            client: session.client,
        })
        .collect();
    let retained = world.broker().first_retained(SHOWN).map(|kept| (kept.topic, kept.payload)).collect();
    let retained_count = world.broker().retained_count();
    let shadows = world.account().shadows().collect();
    let rules = world.account().rules().map(|(name, rule, counts)| KeptRule {
        name: name.to_owned(),
        sql: rule.query.text().to_owned(),
        is_enabled: !rule.disabled,
        counts,
    });
    Kept { shadows, rules: rules.collect(), sessions, groups, retained, retained_count, wills }
}
