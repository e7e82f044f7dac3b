//! The one table of settings: name, unit, what is allowed, what it does, where it comes from, and its value in `mqtt`.

use super::Value;
use super::Value::{Number, Switch, Unlimited};
use crate::rule::{RuleId, aws, mosquitto, own, v3, v5};

/// What a setting may be set to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Allowed {
    /// `true` or `false`.
    Switch,
    /// A number between the two, both included.
    Number(u64, u64),
    /// A number between the two, both included, or no limit.
    NumberOrUnlimited(u64, u64),
}

impl Allowed {
    /// Whether the value is one of these.
    pub const fn holds(self, value: Value) -> bool {
        match (self, value) {
            (Self::Switch, Switch(_)) | (Self::NumberOrUnlimited(..), Unlimited) => true,
            (Self::Number(low, high) | Self::NumberOrUnlimited(low, high), Number(n)) => {
                low <= n && n <= high
            }
            _ => false,
        }
    }
}

impl std::fmt::Display for Allowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Switch => f.write_str("true or false"),
            Self::Number(low, high) => write!(f, "a number from {low} to {high}"),
            Self::NumberOrUnlimited(low, high) => {
                write!(f, "a number from {low} to {high}, or \"unlimited\"")
            }
        }
    }
}

/// One setting of a profile.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name, such as `session.replay_per_s`.
    pub key: &'static str,
    /// The unit of its number; empty for a switch.
    pub unit: &'static str,
    /// What it may be set to.
    pub allowed: Allowed,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// The rule that it belongs to.
    pub rule: RuleId,
    /// Its value in `mqtt`.
    pub(super) mqtt: Value,
}

/// All settings, in the order of their names.
pub(super) const TABLE: &[Setting] = &[
    Setting {
        key: "access_list.subscribe",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether SUBSCRIBE is refused where an access list does not let the client receive all that the filter matches; \
                otherwise it is granted, and what may not be received is not delivered.",
        rule: own("glassbroker.access-list"),
        mqtt: Switch(true),
    },
    Setting {
        key: "account.present",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a cloud account stands around the broker, which tells on `$aws/events/` who comes, goes and subscribes.",
        rule: aws("aws.lifecycle.events"),
        mqtt: Switch(false),
    },
    Setting {
        key: "auth.bad_password_told",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a CONNECT with a wrong user name or password is answered with that, 4 in 3.1.1 and 0x86 in 5.0; else with \
                not authorized, 5 and 0x87.",
        rule: own("glassbroker.users"),
        mqtt: Switch(true),
    },
    Setting {
        key: "auth.challenge",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether MQTT 5 may authenticate by the method GLASS-CHALLENGE, which shows the packets and gives no security; \
                any other method gets 0x8C.",
        rule: own("glassbroker.challenge"),
        mqtt: Switch(false),
    },
    Setting {
        key: "broker.max_bytes",
        unit: "bytes",
        allowed: Allowed::Number(65_536, 1 << 40),
        about: "How many bytes the broker holds for sessions and connections altogether: messages that wait or are under way, \
                subscriptions, Wills, identifiers, packets that are not whole or wait for a link, with something for the place of \
                each. Beyond, messages are dropped, subscriptions and CONNECT refused, connections that add to it closed.",
        rule: own("glassbroker.bound.total"),
        mqtt: Number(1 << 30),
    },
    Setting {
        key: "connect.max_count",
        unit: "connections",
        allowed: Allowed::Number(1, 1_000_000),
        about: "How many connections are open at once; one more is closed.",
        rule: own("glassbroker.bound.connections"),
        mqtt: Number(1_000_000),
    },
    Setting {
        key: "connect.must_wait",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a client that sends more together with CONNECT, before CONNACK can have left, is disconnected, with 0x82 in MQTT 5.",
        rule: aws("aws.connect.wait"),
        mqtt: Switch(false),
    },
    Setting {
        key: "connect.receive_maximum",
        unit: "messages",
        allowed: Allowed::Number(1, 65_535),
        about: "How many QoS 2 messages an MQTT 5 client may have under way to the broker; told in CONNACK, 0x93 beyond.",
        rule: v5("MQTT-3.3.4-7"),
        mqtt: Number(65_535),
    },
    Setting {
        key: "connect.timeout_s",
        unit: "s",
        allowed: Allowed::NumberOrUnlimited(1, 3_600),
        about: "How long a connection may stay open without a CONNECT.",
        rule: own("glassbroker.connect.timeout"),
        mqtt: Number(30),
    },
    Setting {
        key: "connect.v5",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether MQTT 5 is spoken; else its CONNECT is answered as a server of 3.1.1 does, with return code 1.",
        rule: v3("MQTT-3.1.2-2"),
        mqtt: Switch(true),
    },
    Setting {
        key: "connection.waiting_max_bytes",
        unit: "bytes",
        allowed: Allowed::Number(1_024, 1 << 32),
        about: "How many bytes of packets wait for a link that takes no more; beyond, QoS 0 messages are dropped, and a \
                connection whose acknowledgements alone go beyond is closed.",
        rule: own("glassbroker.bound.waiting"),
        mqtt: Number(256 << 20),
    },
    Setting {
        key: "keep_alive.max_s",
        unit: "s",
        allowed: Allowed::NumberOrUnlimited(1, 65_535),
        about: "The longest keep alive; a longer one, or none, becomes this, which MQTT 5 is told as Server Keep Alive.",
        rule: v5("MQTT-3.2.2-21"),
        mqtt: Unlimited,
    },
    Setting {
        key: "message.expiry_max_s",
        unit: "s",
        allowed: Allowed::NumberOrUnlimited(1, 4_294_967_294),
        about: "The longest Message Expiry Interval of a message or a Will; a longer one becomes this.",
        rule: aws("aws.message.expiry"),
        mqtt: Unlimited,
    },
    Setting {
        key: "message.expiry_min_s",
        unit: "s",
        allowed: Allowed::Number(0, 60),
        about: "The shortest Message Expiry Interval of a message or a Will; a shorter one becomes this.",
        rule: aws("aws.message.expiry"),
        mqtt: Number(0),
    },
    Setting {
        key: "packet.max_bytes",
        unit: "bytes",
        allowed: Allowed::NumberOrUnlimited(64, 268_435_460),
        about: "The largest packet that the broker takes; told in CONNACK, 0x95 beyond.",
        rule: v5("MQTT-3.2.2-15"),
        mqtt: Unlimited,
    },
    Setting {
        key: "packet.qos2",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether PUBREC, PUBREL and PUBCOMP are taken; else they end the connection, with 0x82 in MQTT 5.",
        rule: aws("aws.qos.packets"),
        mqtt: Switch(true),
    },
    Setting {
        key: "packet.reason_string",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether what fails is explained to MQTT 5 in a Reason String, as far as the client asked for such.",
        rule: v5("MQTT-3.1.2-29"),
        mqtt: Switch(true),
    },
    Setting {
        key: "publish.qos2_on_release",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a QoS 2 message is routed and retained when its publisher releases it with PUBREL; else when it comes.",
        rule: mosquitto("mosquitto.qos2.on-release"),
        mqtt: Switch(false),
    },
    Setting {
        key: "publish.qos_max",
        unit: "level",
        allowed: Allowed::Number(0, 2),
        about: "The highest QoS; told in CONNACK. A PUBLISH above it ends the connection, with 0x9B in MQTT 5, a Will above it is \
                refused, and a subscription above it is granted at it.",
        rule: v5("MQTT-3.2.2-9"),
        mqtt: Number(2),
    },
    Setting {
        key: "publish.qos_over_ignored_v3",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a PUBLISH of 3.1.1 above `publish.qos_max` is passed over without an answer; else it ends the connection.",
        rule: aws("aws.qos.publish"),
        mqtt: Switch(false),
    },
    Setting {
        key: "retained.available",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether messages may be retained; told in CONNACK. A PUBLISH that asks for it ends the connection, with 0x9A in \
                MQTT 5, and such a Will is refused.",
        rule: v5("MQTT-3.2.2-14"),
        mqtt: Switch(true),
    },
    Setting {
        key: "retained.by_exact_filter",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a new subscription gets a retained message only where its filter is the topic, without wildcards.",
        rule: aws("aws.retained.exact"),
        mqtt: Switch(false),
    },
    Setting {
        key: "retained.full_unanswered_v3",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a PUBLISH of 3.1.1 that the retained store has no room for is not acknowledged; else it is, as if it were stored.",
        rule: aws("aws.retained.throttled"),
        mqtt: Switch(false),
    },
    Setting {
        key: "retained.kept_s",
        unit: "s",
        allowed: Allowed::NumberOrUnlimited(1, 4_294_967_294),
        about: "How long a retained message is kept after it was last stored or sent to a new subscription.",
        rule: aws("aws.retained.three-years"),
        mqtt: Unlimited,
    },
    Setting {
        key: "retained.max_bytes",
        unit: "bytes",
        allowed: Allowed::Number(0, 1 << 32),
        about: "How many bytes of topics, payloads and properties the retained messages hold together.",
        rule: own("glassbroker.bound.retained"),
        mqtt: Number(256 << 20),
    },
    Setting {
        key: "retained.max_messages",
        unit: "messages",
        allowed: Allowed::Number(0, 10_000_000),
        about: "How many retained messages are kept; one more is not stored.",
        rule: own("glassbroker.bound.retained"),
        mqtt: Number(1_000_000),
    },
    Setting {
        key: "retained.to_shared",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a shared subscription gets the retained messages that it matches.",
        rule: mosquitto("mosquitto.retained.shared"),
        mqtt: Switch(false),
    },
    Setting {
        key: "session.across_versions",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a session of 3.1.1 may be resumed by 5.0 and the other way; else it is discarded.",
        rule: aws("aws.session.cross-version"),
        mqtt: Switch(false),
    },
    Setting {
        key: "session.expiry_default_s",
        unit: "s",
        allowed: Allowed::NumberOrUnlimited(1, 4_294_967_294),
        about: "How long a 3.1.1 session with Clean Session 0 outlives its connection.",
        rule: aws("aws.session.expiry"),
        mqtt: Unlimited,
    },
    Setting {
        key: "session.expiry_limit_s",
        unit: "s",
        allowed: Allowed::NumberOrUnlimited(1, 4_294_967_294),
        about: "How long any session outlives its connection at most, whatever the account sets by the other two.",
        rule: aws("aws.session.expiry-limit"),
        mqtt: Unlimited,
    },
    Setting {
        key: "session.expiry_max_s",
        unit: "s",
        allowed: Allowed::NumberOrUnlimited(0, 4_294_967_294),
        about: "The longest Session Expiry Interval that MQTT 5 gets; a longer one becomes this, told in CONNACK.",
        rule: v5("MQTT-3.1.2-23"),
        mqtt: Unlimited,
    },
    Setting {
        key: "session.inflight_by_client",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a client's Receive Maximum stands in the place of `session.inflight_max_messages`, also where it is larger.",
        rule: mosquitto("mosquitto.inflight.by-client"),
        mqtt: Switch(false),
    },
    Setting {
        key: "session.inflight_max_messages",
        unit: "messages",
        allowed: Allowed::Number(1, 65_535),
        about: "How many QoS 1 and 2 messages are under way to one client at once, if its Receive Maximum is not less.",
        rule: v5("MQTT-3.3.4-9"),
        mqtt: Number(65_535),
    },
    Setting {
        key: "session.max_count",
        unit: "sessions",
        allowed: Allowed::Number(1, 1_000_000),
        about: "How many sessions are kept; a CONNECT that needs one more is refused.",
        rule: own("glassbroker.bound.sessions"),
        mqtt: Number(1_000_000),
    },
    Setting {
        key: "session.queue_max_bytes",
        unit: "bytes",
        allowed: Allowed::Number(0, 1 << 32),
        about: "How many bytes of topics, payloads and properties one session's queue holds; what does not fit is dropped. No more are \
                under way to the client at once, but for one message.",
        rule: own("glassbroker.bound.queue"),
        mqtt: Number(256 << 20),
    },
    Setting {
        key: "session.queue_max_messages",
        unit: "messages",
        allowed: Allowed::Number(0, 1_000_000),
        about: "How many messages one session's queue holds; one more is dropped.",
        rule: own("glassbroker.bound.queue"),
        mqtt: Number(100_000),
    },
    Setting {
        key: "session.replay_burst",
        unit: "messages",
        allowed: Allowed::Number(1, 1_000_000),
        about: "How many stored messages may leave at once before the replay rate spaces them.",
        rule: aws("aws.session.replay-rate"),
        mqtt: Number(1),
    },
    Setting {
        key: "session.replay_per_s",
        unit: "messages/s",
        allowed: Allowed::NumberOrUnlimited(1, 1_000_000),
        about: "At which rate messages stored while a client was away leave when it is back. Live messages do not wait \
                behind them; where it is unlimited, everything leaves in the order of the queue.",
        rule: aws("aws.session.replay-rate"),
        mqtt: Unlimited,
    },
    Setting {
        key: "session.resend_over_quota",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether all that is unacknowledged is sent again at once when a session goes on, though the client's Receive \
                Maximum is less.",
        rule: mosquitto("mosquitto.resend.over-quota"),
        mqtt: Switch(false),
    },
    Setting {
        key: "session.takeover_told",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether MQTT 5 is told by DISCONNECT with 0x8E that another connection has taken its session over; else it is closed.",
        rule: mosquitto("mosquitto.session.takeover-silent"),
        mqtt: Switch(true),
    },
    Setting {
        key: "subscription.identifiers",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether MQTT 5 may use Subscription Identifiers; 0xA1 where it may not.",
        rule: v5("MQTT-3.3.4-3"),
        mqtt: Switch(true),
    },
    Setting {
        key: "subscription.max_per_session",
        unit: "subscriptions",
        allowed: Allowed::Number(1, 1_000_000),
        about: "How many subscriptions one session holds; SUBACK refuses one more.",
        rule: own("glassbroker.bound.subscriptions"),
        mqtt: Number(100_000),
    },
    Setting {
        key: "subscription.options_kept",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a subscription that is made again keeps the No Local and Retain As Published that it had; else they \
                are replaced too.",
        rule: mosquitto("mosquitto.subscription.options-kept"),
        mqtt: Switch(false),
    },
    Setting {
        key: "subscription.overlap_each_v5",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a client of MQTT 5 gets a message once for each matching subscription, though `subscription.overlap_once` is on.",
        rule: mosquitto("mosquitto.overlap.version-5"),
        mqtt: Switch(false),
    },
    Setting {
        key: "subscription.overlap_in_order",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether the order of overlapping subscriptions decides, exact text before `+` before `#`: of a message that comes once \
                the QoS, of copies which comes first.",
        rule: mosquitto("mosquitto.overlap.order"),
        mqtt: Switch(false),
    },
    Setting {
        key: "subscription.overlap_once",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a client whose subscriptions overlap gets a message once, at the highest QoS and with all \
                Subscription Identifiers, or once for each subscription.",
        rule: v5("MQTT-3.3.4-2"),
        mqtt: Switch(true),
    },
    Setting {
        key: "subscription.qos_over_unanswered_v3",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a SUBSCRIBE of 3.1.1 that asks for more than `publish.qos_max` is passed over without an answer; else it is granted that.",
        rule: aws("aws.qos.subscribe"),
        mqtt: Switch(false),
    },
    Setting {
        key: "subscription.qos_over_unanswered_v5",
        unit: "",
        allowed: Allowed::Switch,
        about: "The same in MQTT 5.",
        rule: aws("aws.qos.subscribe-v5"),
        mqtt: Switch(false),
    },
    Setting {
        key: "subscription.share_name_max_bytes",
        unit: "bytes",
        allowed: Allowed::NumberOrUnlimited(1, 65_535),
        about: "The longest ShareName.",
        rule: aws("aws.shared.name"),
        mqtt: Unlimited,
    },
    Setting {
        key: "subscription.shared",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether MQTT 5 may subscribe to `$share/…`; 0x9E where it may not.",
        rule: v5("MQTT-4.8.2-1"),
        mqtt: Switch(true),
    },
    Setting {
        key: "subscription.shared_in_turn",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether the members of a shared subscription get its messages in turn, connected or not; else one of those \
                that are connected, by chance.",
        rule: mosquitto("mosquitto.shared.turn"),
        mqtt: Switch(false),
    },
    Setting {
        key: "subscription.shared_stored",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a message for a shared subscription none of whose members is connected is stored for one of them; else it \
                is dropped.",
        rule: aws("aws.shared.not-stored"),
        mqtt: Switch(true),
    },
    Setting {
        key: "subscription.shared_v3",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether `$share/…` makes a shared subscription in 3.1.1 too; else it is a topic like any other there.",
        rule: mosquitto("mosquitto.shared.version-3"),
        mqtt: Switch(false),
    },
    Setting {
        key: "subscription.wildcards",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a filter may have `+` and `#`; told in CONNACK. One that has ends the connection with 0xA2 in MQTT 5, and \
                gets the return code of failure in 3.1.1.",
        rule: v3("MQTT-3.8.3-2"),
        mqtt: Switch(true),
    },
    Setting {
        key: "sys.interval_s",
        unit: "s",
        allowed: Allowed::NumberOrUnlimited(1, 86_400),
        about: "How often what the broker counts is published under `$SYS/`, while somebody subscribes to any of it; unlimited \
                for never.",
        rule: own("glassbroker.sys"),
        mqtt: Number(10),
    },
    Setting {
        key: "topic.hash_matches_parent",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether `sensor/#` also matches `sensor`.",
        rule: v5("MQTT-4.7.1-1"),
        mqtt: Switch(true),
    },
    Setting {
        key: "topic.levels_close",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a topic with more levels than `topic.levels_max` ends the connection of MQTT 5 too; else PUBACK, PUBREC, \
                SUBACK and UNSUBACK tell it.",
        rule: mosquitto("mosquitto.topic.levels"),
        mqtt: Switch(false),
    },
    Setting {
        key: "topic.levels_max",
        unit: "levels",
        allowed: Allowed::NumberOrUnlimited(1, 65_536),
        about: "How many levels a topic or a filter may have, in PUBLISH, SUBSCRIBE, UNSUBSCRIBE and a Will.",
        rule: own("glassbroker.bound.levels"),
        mqtt: Unlimited,
    },
    Setting {
        key: "topic.levels_of_prefix",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether the levels of `$share/NAME/` and `$aws/rules/NAME/` count for `topic.levels_max`.",
        rule: aws("aws.topic.levels"),
        mqtt: Switch(true),
    },
    Setting {
        key: "topic.reserved",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether all topics that begin with `$` are reserved: a client may do with those under `$aws/` what each is for, and \
                nothing with others.",
        rule: aws("aws.reserved.topics"),
        mqtt: Switch(false),
    },
    Setting {
        key: "topic_alias.maximum",
        unit: "aliases",
        allowed: Allowed::Number(0, 65_535),
        about: "How many topic aliases a client may use towards the broker; told in CONNACK, 0x94 beyond.",
        rule: v5("MQTT-3.3.2-9"),
        mqtt: Number(16),
    },
    Setting {
        key: "will.on_takeover",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a Will is sent where the client takes its own session over from another connection and goes on with it.",
        rule: mosquitto("mosquitto.will.takeover"),
        mqtt: Switch(true),
    },
    Setting {
        key: "will.on_websocket_close",
        unit: "",
        allowed: Allowed::Switch,
        about: "Whether a Will is sent where the client closed its WebSocket in order but sent no DISCONNECT.",
        rule: aws("aws.will.websocket-close"),
        mqtt: Switch(true),
    },
];
