//! The catalogue: what each rule says, where it is written, and how certain it is.
//!
//! Code cites a rule by its id ([`crate::rule`]); whoever shows the id finds the sentence here. The statements of both MQTT
//! versions are in `mqtt.tsv`, all of them, in words of our own, and AWS's in `aws.tsv`; the others are in one file a
//! source. A test holds that every id that is cited anywhere is in the catalogue.

mod aws;
mod document;
mod glassbroker;
mod mosquitto;
mod mqtt;
mod vernemq;
mod websocket;

pub use document::Document;
pub use mqtt::side_by_side;

/// The OASIS standard of a version of MQTT.
pub const fn standard(version: Version) -> Document {
    match version {
        Version::V3 => document::MQTT_3_1_1,
        Version::V5 => document::MQTT_5_0,
    }
}

use crate::rule::{RuleId, Source};
use crate::wire::Version;

/// How a rule is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Certainty {
    /// Its document states it.
    Documented,
    /// It was reported from practice, and no document says otherwise.
    Observed,
    /// It follows from what is stated or observed, but nobody states it.
    Inferred,
    /// The documents that should say it leave it open or contradict each other; this simulator chose, and a setting chooses
    /// otherwise.
    Unknown,
    /// It is this simulator's own.
    Choice,
}

impl Certainty {
    /// The name, such as `documented`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
            Self::Unknown => "unknown",
            Self::Choice => "choice",
        }
    }
}

/// Whom a rule binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Binds {
    /// The server.
    Server,
    /// The client.
    Client,
    /// Both ends of a connection.
    Both,
}

impl Binds {
    /// The name, such as `server`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Both => "both",
        }
    }

    /// Whether a server must keep to it.
    pub const fn server(self) -> bool {
        matches!(self, Self::Server | Self::Both)
    }

    /// Whether a client must keep to it.
    pub const fn client(self) -> bool {
        matches!(self, Self::Client | Self::Both)
    }
}

/// One cited behaviour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Its id, as code cites it.
    pub id: RuleId,
    /// What it says, in one sentence.
    pub sentence: &'static str,
    /// The document that it was taken from.
    pub document: Document,
    /// The section of the document, such as `3.1.2` or the title of a page.
    pub section: &'static str,
    /// Whom it binds.
    pub binds: Binds,
    /// How it is known.
    pub certainty: Certainty,
    /// The statement of MQTT 5.0 that it departs from, where it contradicts one.
    pub departs: Option<&'static str>,
}

/// The rule of this id; `None` where the catalogue has none.
pub fn find(id: RuleId) -> Option<Rule> {
    of_source(id.source).find(|rule| rule.id == id)
}

/// All rules: both MQTT versions, AWS, Mosquitto, VerneMQ, WebSocket, then this simulator's own.
pub fn all() -> impl Iterator<Item = Rule> {
    [
        Source::Mqtt311,
        Source::Mqtt5,
        Source::Aws,
        Source::Mosquitto,
        Source::VerneMq,
        Source::WebSocket,
        Source::Glassbroker,
    ]
    .into_iter()
    .flat_map(of_source)
}

fn of_source(source: Source) -> Box<dyn Iterator<Item = Rule>> {
    match source {
        Source::Mqtt311 | Source::Mqtt5 => Box::new(mqtt::statements(source)),
        Source::Aws => Box::new(aws::rules()),
        Source::Mosquitto => Box::new(mosquitto::RULES.iter().copied()),
        Source::VerneMq => Box::new(vernemq::RULES.iter().copied()),
        Source::WebSocket => Box::new(websocket::RULES.iter().copied()),
        Source::Glassbroker => Box::new(glassbroker::RULES.iter().copied()),
    }
}
