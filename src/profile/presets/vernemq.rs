//! VerneMQ.

use super::super::Value::Number;
use super::{Preset, differs};
use crate::rule::vernemq;

pub(super) const VERNEMQ: Preset = Preset {
    name: "vernemq",
    title: "VerneMQ (documented defaults)",
    about: "VerneMQ by the defaults that its documentation states, in everything else as `mqtt`; not compared with a real one.",
    base: Some("mqtt"),
    differences: &[
        differs("session.queue_max_messages", Number(1_000), vernemq("vernemq.queue")),
        differs("topic_alias.maximum", Number(0), vernemq("vernemq.topic-alias")),
    ],
};
