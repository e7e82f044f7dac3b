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
        differs("access_list.subscribe", Switch(false), mosquitto("mosquitto.access-list.subscribe")),
        differs("auth.bad_password_told", Switch(false), mosquitto("mosquitto.bad-password")),
        differs("connect.receive_maximum", Number(20), mosquitto("mosquitto.inflight")),
        differs("keep_alive.max_s", Number(65_535), mosquitto("mosquitto.keep-alive")),
        differs("packet.reason_string", Switch(false), mosquitto("mosquitto.reason-string")),
        differs("publish.qos2_on_release", Switch(true), mosquitto("mosquitto.qos2.on-release")),
        differs("retained.to_shared", Switch(true), mosquitto("mosquitto.retained.shared")),
        differs("session.across_versions", Switch(true), mosquitto("mosquitto.session.across-versions")),
        differs("session.inflight_by_client", Switch(true), mosquitto("mosquitto.inflight.by-client")),
        differs("session.inflight_max_messages", Number(20), mosquitto("mosquitto.inflight")),
        differs("session.queue_max_messages", Number(1_000), mosquitto("mosquitto.queue")),
        differs("session.resend_over_quota", Switch(true), mosquitto("mosquitto.resend.over-quota")),
        differs("session.takeover_told", Switch(false), mosquitto("mosquitto.session.takeover-silent")),
        differs("subscription.options_kept", Switch(true), mosquitto("mosquitto.subscription.options-kept")),
        differs("subscription.overlap_each_v5", Switch(true), mosquitto("mosquitto.overlap.version-5")),
        differs("subscription.overlap_in_order", Switch(true), mosquitto("mosquitto.overlap.order")),
        differs("subscription.shared_in_turn", Switch(true), mosquitto("mosquitto.shared.turn")),
        differs("subscription.shared_v3", Switch(true), mosquitto("mosquitto.shared.version-3")),
        differs("topic.levels_close", Switch(true), mosquitto("mosquitto.topic.levels")),
        differs("topic.levels_max", Number(201), mosquitto("mosquitto.topic.levels")),
        differs("topic_alias.maximum", Number(10), mosquitto("mosquitto.topic-alias")),
        differs("will.on_takeover", Switch(false), mosquitto("mosquitto.will.takeover")),
    ],
};
