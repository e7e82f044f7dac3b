//! What a profile does without: levels of service, retained messages (3.2.2.3.4 and 3.2.2.3.5 of 5.0), and some topics.

use super::Broker;
use crate::profile::Limits;
use crate::rule::RuleId;
use crate::topic::{
    TopicError, check_bytes_max, check_levels_max, check_reserved_filter, check_reserved_name,
};
use crate::wire::{QoS, ReasonCode, Version};

impl Limits {
    /// Whether a Topic Name or Topic Filter has no more levels and bytes than the profile allows.
    #[inline]
    pub(super) fn check_extent(&self, topic: &str) -> Result<(), TopicError> {
        if !self.bounds_topics {
            return Ok(());
        }
        check_bytes_max(topic, self.topic_max_bytes, self.topic_prefix_counts)?;
        check_levels_max(topic, self.topic_levels_max.unwrap_or(usize::MAX), self.topic_prefix_counts)
    }

    /// Whether the profile lets a client publish to a Topic Name.
    #[inline]
    pub(super) fn check_publish(&self, topic: &str, retain: bool) -> Result<(), TopicError> {
        self.check_extent(topic)?;
        if self.topic_reserved { check_reserved_name(topic, retain) } else { Ok(()) }
    }

    /// Whether the profile lets a client subscribe to a Topic Filter, without its `$share/NAME/`.
    pub(super) fn check_subscribe(&self, filter: &str) -> Result<(), TopicError> {
        if self.topic_reserved { check_reserved_filter(filter) } else { Ok(()) }
    }
}

impl Limits {
    /// What a keep alive becomes; 0 is none.
    pub(super) fn keep_alive_s(&self, asked_s: u16) -> u16 {
        match self.keep_alive_max_s {
            Some(most) if asked_s == 0 || asked_s > most => most,
            _ if asked_s == 0 => 0,
            _ => asked_s.max(self.keep_alive_min_s),
        }
    }

    /// What a Message Expiry Interval becomes.
    pub(super) fn message_expiry_s(&self, asked_s: u32) -> u32 {
        asked_s.min(self.message_expiry_max_s).max(self.message_expiry_min_s)
    }
}

impl Broker {
    /// Why a message cannot be taken with this QoS and RETAIN: the code, the rule that a PUBLISH breaks, and the reason.
    pub(super) fn unsupported(
        &self,
        version: Version,
        qos: QoS,
        retain: bool,
    ) -> Option<(ReasonCode, RuleId, &'static str)> {
        if qos > self.limits.publish_qos_max {
            let rule = version.rule("MQTT-4.8.0-1", "MQTT-3.2.2-11");
            return Some((ReasonCode::QOS_NOT_SUPPORTED, rule, "a QoS above the Maximum QoS"));
        }
        if retain && !self.limits.retained_available {
            let rule = version.rule("MQTT-4.8.0-1", "MQTT-3.2.2-14");
            return Some((ReasonCode::RETAIN_NOT_SUPPORTED, rule, "retained messages are not available"));
        }
        None
    }
}
