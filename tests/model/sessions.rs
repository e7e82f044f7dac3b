//! Who was connected when, with which session, and what each session was subscribed to: from packets, and from the broker's word on when a
//! connection or a session ended. Whether that word was right is for the properties to judge.

use crate::history::{Fact, History};
use glassbroker::broker::{By, Command, Kind};
use glassbroker::profile::{Profile, Value};
use glassbroker::sim::Input;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::{Connect, Disconnect, Packet, ReasonCode, SubscribeOptions, Version};
use std::collections::BTreeMap;

/// One session, from its creation to its end.
pub(crate) struct Session<'a> {
    pub(crate) client: &'a str,
    pub(crate) from: u32,
    pub(crate) until: Option<u32>,
}

/// One connection that the broker accepted.
pub(crate) struct Connection<'a> {
    pub(crate) client: &'a str,
    pub(crate) session: usize,
    /// The event of the CONNECT that came in.
    pub(crate) connect_seq: u32,
    pub(crate) connect: &'a Connect,
    /// The event from which on it has its session.
    pub(crate) from: u32,
    pub(crate) resumed: bool,
    pub(crate) connack: Option<(u32, bool)>,
    /// The DISCONNECT that came in.
    pub(crate) disconnect: Option<&'a Disconnect>,
    /// The event that says that it ended.
    pub(crate) until: Option<u32>,
    /// How many seconds its session outlives it; `None` where that is for ever.
    pub(crate) expiry_s: Option<u32>,
}

impl Connection<'_> {
    pub(crate) fn version(&self) -> Version {
        self.connect.version
    }

    pub(crate) fn receive_maximum(&self) -> u16 {
        self.connect.properties.receive_maximum().unwrap_or(u16::MAX)
    }

    /// When its session ends if nobody comes back after it ended at `end`.
    pub(crate) fn session_ends(&self, end: SimTime) -> SimTime {
        self.expiry_s.map_or(SimTime::END, |s| end + Span::s(u64::from(s)))
    }
}

/// One subscription, from one SUBSCRIBE to the next with the same filter, or to its end.
pub(crate) struct Subscription<'a> {
    pub(crate) session: usize,
    pub(crate) whole: &'a str,
    /// The filter without ShareName.
    pub(crate) filter: &'a str,
    pub(crate) share: Option<&'a str>,
    pub(crate) options: SubscribeOptions,
    pub(crate) id: Option<u32>,
    pub(crate) from: u32,
    pub(crate) until: Option<u32>,
    /// Whether the session had none of this filter before.
    pub(crate) is_new: bool,
}

/// What is at an event.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    pub(crate) session: Option<usize>,
    pub(crate) connection: Option<usize>,
}

#[derive(Default)]
pub(crate) struct Sessions<'a> {
    pub(crate) sessions: Vec<Session<'a>>,
    pub(crate) connections: Vec<Connection<'a>>,
    pub(crate) subscriptions: Vec<Subscription<'a>>,
    /// For each of the broker's events, where its client stood.
    places: Vec<Place>,
    /// The profile from each event on at which it changed.
    profiles: Vec<(u32, Profile)>,
    /// The restarts in which the store was lost.
    pub(crate) wipes: Vec<u32>,
}

impl<'a> Sessions<'a> {
    pub(crate) fn of(history: &'a History<'a>) -> Self {
        let mut profile = Profile::named(&history.scenario.broker.profile).expect("a profile of this name");
        for (key, value) in history.scenario.broker.set.iter() {
            profile.set(key, *value).expect("a setting");
        }
        let answers = history.facts.iter().filter(|fact| fact.is(By::Broker, Kind::PacketSent));
        let subacks = answers.filter_map(|fact| match &fact.packet {
            Some(Packet::Suback(suback)) => Some((fact.cause?, &suback.codes[..])),
            _ => None,
        });
        let subacks = subacks.collect();
        let mut reader =
            Reader { all: Self::default(), at: BTreeMap::new(), connects: BTreeMap::new(), subacks };
        reader.all.profiles.push((0, profile));
        for fact in &history.facts {
            reader.read(fact);
        }
        reader.all
    }

    pub(crate) fn place(&self, seq: u32) -> Place {
        self.places[seq as usize]
    }

    fn profile(&self, seq: u32) -> &Profile {
        let after = self.profiles.partition_point(|(from, _)| *from <= seq);
        &self.profiles[after - 1].1
    }

    /// The value of a setting at an event; `None` where it has no limit.
    pub(crate) fn number(&self, seq: u32, key: &str) -> Option<u64> {
        match self.profile(seq).get(key) {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn switch(&self, seq: u32, key: &str) -> bool {
        self.profile(seq).get(key) == Some(Value::Switch(true))
    }

    /// The connection that a session has at an event.
    pub(crate) fn connection_of(&self, session: usize, seq: u32) -> Option<&Connection<'a>> {
        let open = |c: &&Connection<'_>| {
            c.session == session && c.from <= seq && c.until.is_none_or(|until| seq < until)
        };
        self.connections.iter().find(open)
    }

    /// The subscriptions that there are at an event.
    pub(crate) fn subscribed(&self, seq: u32) -> impl Iterator<Item = &Subscription<'a>> {
        self.subscriptions.iter().filter(move |s| s.from < seq && s.until.is_none_or(|until| seq < until))
    }
}

struct Reader<'a> {
    all: Sessions<'a>,
    at: BTreeMap<&'a str, Place>,
    connects: BTreeMap<&'a str, (u32, &'a Connect)>,
    /// What each SUBSCRIBE was answered, by its event. Whether that was right is for the property of bounds to judge.
    subacks: BTreeMap<u32, &'a [ReasonCode]>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, fact: &'a Fact<'a>) {
        let before = self.at.get(fact.client).copied().unwrap_or_default();
        match fact.input {
            Some(Input::Broker(Command::Set { key, value })) => {
                let mut profile = self.all.profile(fact.seq).clone();
                profile.set(key, *value).expect("a setting");
                self.all.profiles.push((fact.seq, profile));
            }
            Some(Input::Broker(Command::Restart { keep_store: false })) => self.all.wipes.push(fact.seq),
            _ => {}
        }
        if fact.by == By::Broker {
            self.read_broker(fact, before);
        }
        // What ended with this event is still where it is.
        let place = match fact.kind {
            Kind::SessionDisconnected | Kind::SessionExpired | Kind::SessionCleared => before,
            _ => self.at.get(fact.client).copied().unwrap_or_default(),
        };
        self.all.places.push(place);
    }

    fn read_broker(&mut self, fact: &'a Fact<'a>, before: Place) {
        let (seq, client) = (fact.seq, fact.client);
        match fact.kind {
            Kind::SessionCreated => {
                self.all.sessions.push(Session { client, from: seq, until: None });
                self.open(fact, self.all.sessions.len() - 1, false);
            }
            Kind::SessionResumed => {
                if let Some(session) = before.session {
                    self.open(fact, session, true);
                }
            }
            Kind::SessionDisconnected => {
                if let Some(connection) = before.connection {
                    self.all.connections[connection].until = Some(seq);
                }
                self.at.insert(client, Place { connection: None, ..before });
            }
            Kind::SessionExpired | Kind::SessionCleared => {
                if let Some(session) = before.session {
                    self.all.sessions[session].until = Some(seq);
                    let ended = self.all.subscriptions.iter_mut().filter(|s| s.session == session);
                    ended.for_each(|s| s.until = s.until.or(Some(seq)));
                }
                self.at.insert(client, Place::default());
            }
            // From then on; the broker's own topics may be told between SUBSCRIBE and this.
            Kind::SubscriptionAdded | Kind::SubscriptionReplaced => {
                let mut all = self.all.subscriptions.iter_mut();
                let asked =
                    |s: &&mut Subscription<'_>| Some(s.from) == fact.cause && s.whole == fact.event.topic();
                if let Some(subscription) = all.find(asked) {
                    subscription.from = seq;
                }
            }
            Kind::PacketReceived => self.read_packet(fact, before),
            Kind::PacketSent => {
                if let (Some(Packet::Connack(connack)), Some(connection)) = (&fact.packet, before.connection)
                {
                    self.all.connections[connection].connack = Some((seq, connack.session_present));
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, fact: &'a Fact<'a>, session: usize, resumed: bool) {
        let Some((connect_seq, connect)) = self.connects.remove(fact.client) else { return };
        let number = |key| self.all.number(fact.seq, key).and_then(|s| u32::try_from(s).ok());
        let asked = connect.properties.session_expiry_interval().unwrap_or(0);
        let expiry_s = match connect.version {
            Version::V3 if connect.clean_start => Some(0),
            Version::V3 => number("session.expiry_default_s"),
            Version::V5 => lower((asked != u32::MAX).then_some(asked), number("session.expiry_max_s")),
        };
        self.all.connections.push(Connection {
            client: fact.client,
            session,
            connect_seq,
            connect,
            from: fact.seq,
            resumed,
            connack: None,
            disconnect: None,
            until: None,
            expiry_s,
        });
        let connection = Some(self.all.connections.len() - 1);
        self.at.insert(fact.client, Place { session: Some(session), connection });
    }

    fn read_packet(&mut self, fact: &'a Fact<'a>, before: Place) {
        let Some(packet) = &fact.packet else { return };
        if let Packet::Connect(connect) = packet {
            self.connects.insert(fact.client, (fact.seq, connect));
        }
        let (Some(session), Some(connection)) = (before.session, before.connection) else { return };
        match packet {
            Packet::Disconnect(disconnect) => {
                let most =
                    self.all.number(fact.seq, "session.expiry_max_s").and_then(|s| u32::try_from(s).ok());
                let connection = &mut self.all.connections[connection];
                connection.disconnect = Some(disconnect);
                if let Some(asked) = disconnect.properties.session_expiry_interval() {
                    connection.expiry_s = lower((asked != u32::MAX).then_some(asked), most);
                }
            }
            Packet::Subscribe(subscribe) => {
                let version = self.all.connections[connection].version();
                let codes = self.subacks.get(&fact.seq).copied().unwrap_or_default();
                for (at, asked) in subscribe.filters.iter().enumerate() {
                    if codes.get(at).is_some_and(|code| code.is_failure()) {
                        continue;
                    }
                    let is_new = !self.end(session, &asked.filter, fact.seq);
                    let (share, filter) = split(&asked.filter, version);
                    self.all.subscriptions.push(Subscription {
                        session,
                        whole: &asked.filter,
                        filter,
                        share,
                        options: asked.options,
                        id: subscribe.properties.subscription_identifier(),
                        from: fact.seq,
                        until: None,
                        is_new,
                    });
                }
            }
            Packet::Unsubscribe(unsubscribe) => {
                for filter in &unsubscribe.filters {
                    self.end(session, filter, fact.seq);
                }
            }
            _ => {}
        }
    }

    /// Ends the subscription of a filter; says whether there was one.
    fn end(&mut self, session: usize, whole: &str, seq: u32) -> bool {
        let mut all = self.all.subscriptions.iter_mut();
        let found = all.find(|s| s.session == session && s.until.is_none() && s.whole == whole);
        found.map(|s| s.until = Some(seq)).is_some()
    }
}

/// The lower of two numbers, of which `None` is the highest.
fn lower(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// ShareName and filter of `$share/name/filter`, which 3.1.1 does not know.
fn split(whole: &str, version: Version) -> (Option<&str>, &str) {
    let shared = whole.strip_prefix("$share/").filter(|_| version == Version::V5);
    match shared.and_then(|rest| rest.split_once('/')) {
        Some((share, filter)) => (Some(share), filter),
        None => (None, whole),
    }
}

/// Whether a filter matches a name (4.7.1, 4.7.2).
pub(crate) fn matches(filter: &str, name: &str, hash_matches_parent: bool) -> bool {
    if name.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let (mut filter, mut name) = (filter.split('/'), name.split('/'));
    loop {
        match (filter.next(), name.next()) {
            (Some("#"), Some(_)) | (None, None) => return true,
            (Some("#"), None) => return hash_matches_parent,
            (Some("+"), Some(_)) => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}
