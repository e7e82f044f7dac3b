//! AWS IoT Core.

use super::super::Value::{Number, Switch, Unlimited};
use super::{Preset, differs};
use crate::rule::aws;

pub(super) const AWS_IOT_CORE: Preset = Preset {
    name: "aws-iot-core",
    title: "AWS IoT Core",
    about: "AWS IoT Core: stored messages leave at ten a second beside live traffic, a WebSocket Close frame counts \
            as the client's own end, and 3.1.1 sessions expire after an hour; in everything else as `mqtt`.",
    base: Some("mqtt"),
    differences: &[
        differs("account.present", Switch(true), aws("aws.lifecycle.events")),
        differs("session.expiry_default_s", Number(3_600), aws("aws.session.expiry")),
        differs("session.replay_per_s", Number(10), aws("aws.session.replay-rate")),
        differs("sys.interval_s", Unlimited, aws("aws.sys.none")),
        differs("topic.levels_max", Number(8), aws("aws.topic.levels")),
        differs("topic.levels_of_prefix", Switch(false), aws("aws.topic.levels")),
        differs("will.on_websocket_close", Switch(false), aws("aws.will.websocket-close")),
    ],
};
