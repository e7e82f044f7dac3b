//! Wills: what is armed at CONNECT, and the one place that decides its fate.

use super::publication::{Publication, compact_properties, is_forwarded, properties_bytes};
use super::{Cause, Ending};
use crate::profile::{Limits, Profile};
use crate::rule::{RuleId, aws, mosquitto, own};
use crate::time::{SimTime, Span};
use crate::wire::{self, Properties, Property, Publish, QoS, Text, Version};
use bytes::Bytes;

/// What a Will's fate depends on besides the way of ending.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WillTerms {
    /// The version that the client spoke.
    pub version: Version,
    /// Its Will Delay Interval in seconds; 0 in 3.1.1.
    pub delay_s: u32,
    /// How long the session outlives the connection, in seconds; `None` where it never ends.
    pub session_expiry_s: Option<u32>,
}

/// What becomes of a Will.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is published at once.
    Sent,
    /// It is published after this long, unless the client comes back before.
    Delayed(Span),
    /// It is never published.
    Discarded,
}

/// A Will's fate with its reasons.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// What becomes of it.
    pub fate: Fate,
    /// The rule that says so.
    pub rule: RuleId,
    /// Why, in a few words.
    pub why: &'static str,
}

/// The fate of a Will when its connection ends (row W3): every way of ending, for every profile.
pub fn verdict(ending: Ending, profile: &Profile, terms: WillTerms) -> Verdict {
    decide(ending, &Limits::of(profile), terms)
}

pub(super) fn decide(ending: Ending, limits: &Limits, terms: WillTerms) -> Verdict {
    let rule = terms.version.rule("MQTT-3.1.2-8", "MQTT-3.1.2-8");
    match ending {
        Ending::Disconnect => Verdict {
            fate: Fate::Discarded,
            rule: terms.version.rule("MQTT-3.14.4-3", "MQTT-3.14.4-3"),
            why: ending.name(),
        },
        Ending::WebSocketClose if !limits.will_on_websocket_close => {
            Verdict { fate: Fate::Discarded, rule: aws("aws.will.websocket-close"), why: ending.name() }
        }
        // A session that goes on, or a delay that a session's end cuts short: the client is back before either.
        Ending::TakenOver
            if !limits.will_on_takeover && (terms.delay_s > 0 || terms.session_expiry_s != Some(0)) =>
        {
            Verdict { fate: Fate::Discarded, rule: mosquitto("mosquitto.will.takeover"), why: ending.name() }
        }
        _ => {
            let delay_s = terms.session_expiry_s.unwrap_or(u32::MAX).min(terms.delay_s);
            let fate = if delay_s == 0 { Fate::Sent } else { Fate::Delayed(Span::s(u64::from(delay_s))) };
            Verdict { fate, rule, why: ending.name() }
        }
    }
}

/// The Will of a session.
#[derive(Clone, Debug)]
pub(super) struct ArmedWill {
    pub(super) topic: Text,
    pub(super) payload: Bytes,
    pub(super) qos: QoS,
    pub(super) retain: bool,
    pub(super) properties: Properties,
    /// Will Delay Interval.
    pub(super) delay_s: u32,
    /// Message Expiry Interval.
    pub(super) expiry_s: Option<u32>,
    /// When the connection ended, where that is past: the Will's expiry runs from then (row W4).
    pub(super) ended_at: Option<SimTime>,
    /// What scheduled it.
    pub(super) cause: Cause,
}

impl ArmedWill {
    /// The bytes that it takes in a session.
    pub(super) fn size(&self) -> usize {
        self.topic.len() + self.payload.len() + properties_bytes(&self.properties)
    }

    /// The Will of a CONNECT, holding on to nothing but itself.
    pub(super) fn of(will: &wire::Will) -> Self {
        let mut delay_s = 0;
        let mut expiry_s = None;
        for property in &will.properties.0 {
            match property {
                Property::WillDelayInterval(s) => delay_s = *s,
                Property::MessageExpiryInterval(s) => expiry_s = Some(*s),
                _ => {}
            }
        }
        let forwarded = will.properties.0.iter().filter(|property| is_forwarded(property)).cloned().collect();
        Self {
            topic: Text::from(will.topic.as_str()),
            payload: Bytes::copy_from_slice(&will.payload),
            qos: will.qos,
            retain: will.retain,
            properties: compact_properties(&Properties(forwarded)),
            delay_s,
            expiry_s,
            ended_at: None,
            cause: Cause::NONE,
        }
    }

    /// The message that it becomes.
    pub(super) fn publication(self, publisher: Option<u32>, now: SimTime) -> Publication {
        let from = self.ended_at.unwrap_or(now);
        let message = Publish {
            topic: self.topic,
            payload: self.payload,
            qos: self.qos,
            retain: self.retain,
            properties: self.properties,
            ..Publish::default()
        };
        Publication { message, publisher, expires_at: self.expiry_s.map(|s| from + Span::s(u64::from(s))) }
    }
}

/// The rule that a Will follows which is lost with the store.
pub(super) const LOST_WITH_STORE: RuleId = own("glassbroker.restart.store");
