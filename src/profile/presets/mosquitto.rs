//! Eclipse Mosquitto.

use super::super::Value::{Number, Switch};
use super::{Preset, differs};
use crate::rule::mosquitto;

pub(super) const MOSQUITTO_2_0: Preset = Preset {
    name: "mosquitto-2.0",
    title: "Mosquitto 2.0",
    about: "Eclipse Mosquitto with its defaults, as Debian 12 ships it (2.0.11). The tests compare it with the real one.",
    base: Some("mqtt"),
    differences: &[
        differs("connect.receive_maximum", Number(20), mosquitto("mosquitto.inflight")),
        differs("session.across_versions", Switch(true), mosquitto("mosquitto.session.across-versions")),
        differs("session.inflight_max_messages", Number(20), mosquitto("mosquitto.inflight")),
        differs("session.queue_max_messages", Number(1_000), mosquitto("mosquitto.queue")),
        differs("topic_alias.maximum", Number(10), mosquitto("mosquitto.topic-alias")),
    ],
};
