//! A profile's values by field, so that no decision looks a name up.

use super::rate::{QUOTAS, Quota, Rate, rates};
use super::{Profile, Value};
use crate::time::Span;
use crate::wire::QoS;

/// The resolved values of a [`Profile`]; each field is the setting of the same name.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub(crate) struct Limits {
    pub(crate) access_list_subscribe: bool,
    pub(crate) account_connection_operations: bool,
    pub(crate) account_present: bool,
    pub(crate) auth_bad_password_told: bool,
    pub(crate) auth_challenge: bool,
    pub(crate) broker_max_bytes: usize,
    pub(crate) connect_client_id_max_bytes: usize,
    pub(crate) connect_client_id_reserved: bool,
    pub(crate) connect_max_count: usize,
    pub(crate) connect_must_wait: bool,
    pub(crate) connect_packet_min_bytes: u32,
    pub(crate) connect_receive_maximum: u16,
    pub(crate) connect_timeout: Option<Span>,
    pub(crate) connect_v5: bool,
    pub(crate) connection_waiting_max_bytes: usize,
    pub(crate) connection_websocket_max: Option<Span>,
    pub(crate) keep_alive_max_s: Option<u16>,
    pub(crate) keep_alive_min_s: u16,
    pub(crate) message_expiry_max_s: u32,
    pub(crate) message_expiry_min_s: u32,
    pub(crate) packet_max_bytes: Option<u32>,
    pub(crate) packet_qos2: bool,
    pub(crate) packet_reason_string: bool,
    pub(crate) packet_user_properties: bool,
    pub(crate) policy_attributes_by_default: bool,
    pub(crate) policy_delay_s: u64,
    pub(crate) property_content_type_max_bytes: usize,
    pub(crate) property_correlation_data_max_bytes: usize,
    pub(crate) property_user_max_bytes: usize,
    pub(crate) publish_late: Span,
    pub(crate) publish_late_per_million: u64,
    pub(crate) publish_over_rate_told: bool,
    pub(crate) publish_payload_max_bytes: usize,
    pub(crate) publish_qos2_on_release: bool,
    pub(crate) publish_qos_max: QoS,
    pub(crate) publish_qos_over_ignored_v3: bool,
    pub(crate) publish_repeat_qos0_per_million: u64,
    pub(crate) publish_repeat_qos1_per_million: u64,
    pub(crate) retained_available: bool,
    pub(crate) retained_by_exact_filter: bool,
    pub(crate) retained_full_unanswered_v3: bool,
    pub(crate) retained_kept: Option<Span>,
    pub(crate) retained_max_bytes: usize,
    pub(crate) retained_max_messages: usize,
    pub(crate) retained_over_rate_live: bool,
    pub(crate) retained_to_shared: bool,
    pub(crate) session_across_versions: bool,
    pub(crate) session_expiry_default_s: Option<u32>,
    pub(crate) session_expiry_late_max_s: u64,
    pub(crate) session_expiry_max_s: Option<u32>,
    pub(crate) session_inflight_by_client: bool,
    pub(crate) session_inflight_max_messages: u16,
    pub(crate) session_max_count: usize,
    pub(crate) session_queue_max_bytes: usize,
    pub(crate) session_queue_max_messages: usize,
    pub(crate) session_resend_after: Option<Span>,
    pub(crate) session_replay_yields: bool,
    pub(crate) session_resend_dup: bool,
    pub(crate) session_resend_window_v3: Option<Span>,
    pub(crate) session_resend_window_v5: Option<Span>,
    pub(crate) session_resend_over_quota: bool,
    pub(crate) session_takeover_told: bool,
    pub(crate) subscription_begins_after: Span,
    pub(crate) subscription_identifiers: bool,
    pub(crate) subscription_max_per_packet: usize,
    pub(crate) subscription_max_per_session: usize,
    pub(crate) subscription_options_kept: bool,
    pub(crate) subscription_over_max_closes: bool,
    pub(crate) subscription_overlap_each_v5: bool,
    pub(crate) subscription_overlap_in_order: bool,
    pub(crate) subscription_overlap_once: bool,
    pub(crate) subscription_qos_over_unanswered_v3: bool,
    pub(crate) subscription_qos_over_unanswered_v5: bool,
    pub(crate) subscription_share_name_max_bytes: usize,
    pub(crate) subscription_shared: bool,
    pub(crate) subscription_shared_handed_on: bool,
    pub(crate) subscription_shared_in_turn: bool,
    pub(crate) subscription_shared_max_groups: usize,
    pub(crate) subscription_shared_max_members: usize,
    pub(crate) subscription_shared_queue: bool,
    pub(crate) subscription_shared_queue_max_messages: usize,
    pub(crate) subscription_shared_stored: bool,
    pub(crate) subscription_shared_v3: bool,
    pub(crate) subscription_unsubscribe_over_unanswered: bool,
    pub(crate) subscription_wildcards: bool,
    pub(crate) sys_interval: Option<Span>,
    pub(crate) topic_hash_matches_parent: bool,
    pub(crate) topic_alias_maximum: u16,
    pub(crate) topic_levels_close: bool,
    pub(crate) topic_levels_max: Option<usize>,
    pub(crate) topic_max_bytes: usize,
    pub(crate) topic_prefix_counts: bool,
    pub(crate) topic_reserved: bool,
    pub(crate) will_on_takeover: bool,
    pub(crate) will_on_websocket_close: bool,
    /// Whether topics have a bound, of levels or of bytes: what is asked first of each.
    pub(crate) bounds_topics: bool,
    /// Whether payloads or properties have a bound: what is asked first of each message.
    pub(crate) bounds_messages: bool,
    /// Whether messages have a rate, a connection's or the account's: what is asked first of each.
    pub(crate) throttles: bool,
    /// Whether messages come twice or late by chance: what is asked first of each.
    pub(crate) quirks: bool,
    rates: [Option<Rate>; QUOTAS.len()],
}

/// The settings that bound a message's properties.
const PROPERTIES: [&str; 3] =
    ["property.content_type_max_bytes", "property.correlation_data_max_bytes", "property.user_max_bytes"];

impl Limits {
    /// The values of a profile.
    pub(crate) fn of(profile: &Profile) -> Self {
        let rates = rates(profile);
        let is_limited = |key: &&str| limit(profile, key).is_some();
        Self {
            access_list_subscribe: switch(profile, "access_list.subscribe"),
            account_connection_operations: switch(profile, "account.connection_operations"),
            account_present: switch(profile, "account.present"),
            auth_bad_password_told: switch(profile, "auth.bad_password_told"),
            auth_challenge: switch(profile, "auth.challenge"),
            broker_max_bytes: size(profile, "broker.max_bytes"),
            connect_client_id_max_bytes: size(profile, "connect.client_id_max_bytes"),
            connect_client_id_reserved: switch(profile, "connect.client_id_reserved"),
            connect_max_count: size(profile, "connect.max_count"),
            connect_must_wait: switch(profile, "connect.must_wait"),
            connect_packet_min_bytes: word(profile, "connect.packet_min_bytes").unwrap_or(0),
            connect_receive_maximum: short(profile, "connect.receive_maximum"),
            connect_timeout: limit(profile, "connect.timeout_s").map(Span::s),
            connect_v5: switch(profile, "connect.v5"),
            connection_waiting_max_bytes: size(profile, "connection.waiting_max_bytes"),
            connection_websocket_max: limit(profile, "connection.websocket_max_s").map(Span::s),
            keep_alive_max_s: limit(profile, "keep_alive.max_s")
                .map(|n| u16::try_from(n).unwrap_or(u16::MAX)),
            keep_alive_min_s: short(profile, "keep_alive.min_s"),
            message_expiry_max_s: word(profile, "message.expiry_max_s").unwrap_or(u32::MAX),
            message_expiry_min_s: word(profile, "message.expiry_min_s").unwrap_or(0),
            packet_max_bytes: word(profile, "packet.max_bytes"),
            packet_qos2: switch(profile, "packet.qos2"),
            packet_reason_string: switch(profile, "packet.reason_string"),
            packet_user_properties: switch(profile, "packet.user_properties"),
            policy_attributes_by_default: switch(profile, "policy.attributes_by_default"),
            policy_delay_s: limit(profile, "policy.delay_s").unwrap_or(0),
            property_content_type_max_bytes: size(profile, "property.content_type_max_bytes"),
            property_correlation_data_max_bytes: size(profile, "property.correlation_data_max_bytes"),
            property_user_max_bytes: size(profile, "property.user_max_bytes"),
            publish_late: Span::ms(often(profile, "publish.late_ms")),
            publish_late_per_million: often(profile, "publish.late_per_million"),
            publish_over_rate_told: switch(profile, "publish.over_rate_told"),
            publish_payload_max_bytes: size(profile, "publish.payload_max_bytes"),
            publish_qos2_on_release: switch(profile, "publish.qos2_on_release"),
            publish_qos_max: limit(profile, "publish.qos_max")
                .and_then(|number| QoS::from_number(u8::try_from(number).ok()?))
                .unwrap_or(QoS::ExactlyOnce),
            publish_qos_over_ignored_v3: switch(profile, "publish.qos_over_ignored_v3"),
            publish_repeat_qos0_per_million: often(profile, "publish.repeat_qos0_per_million"),
            publish_repeat_qos1_per_million: often(profile, "publish.repeat_qos1_per_million"),
            retained_available: switch(profile, "retained.available"),
            retained_by_exact_filter: switch(profile, "retained.by_exact_filter"),
            retained_full_unanswered_v3: switch(profile, "retained.full_unanswered_v3"),
            retained_kept: limit(profile, "retained.kept_s").map(Span::s),
            retained_max_bytes: size(profile, "retained.max_bytes"),
            retained_max_messages: size(profile, "retained.max_messages"),
            retained_over_rate_live: switch(profile, "retained.over_rate_live"),
            retained_to_shared: switch(profile, "retained.to_shared"),
            session_across_versions: switch(profile, "session.across_versions"),
            session_expiry_default_s: lowest(profile, ["session.expiry_default_s", "session.expiry_limit_s"]),
            session_expiry_late_max_s: often(profile, "session.expiry_late_max_s"),
            session_expiry_max_s: lowest(profile, ["session.expiry_max_s", "session.expiry_limit_s"]),
            session_inflight_by_client: switch(profile, "session.inflight_by_client"),
            session_inflight_max_messages: short(profile, "session.inflight_max_messages"),
            session_max_count: size(profile, "session.max_count"),
            session_queue_max_bytes: size(profile, "session.queue_max_bytes"),
            session_queue_max_messages: size(profile, "session.queue_max_messages"),
            session_resend_after: limit(profile, "session.resend_after_s").map(Span::s),
            session_replay_yields: switch(profile, "session.replay_yields"),
            session_resend_dup: switch(profile, "session.resend_dup"),
            session_resend_window_v3: limit(profile, "session.resend_window_v3_s").map(Span::s),
            session_resend_window_v5: limit(profile, "session.resend_window_v5_s").map(Span::s),
            session_resend_over_quota: switch(profile, "session.resend_over_quota"),
            session_takeover_told: switch(profile, "session.takeover_told"),
            subscription_begins_after: Span::ms(often(profile, "subscription.begins_after_ms")),
            subscription_identifiers: switch(profile, "subscription.identifiers"),
            subscription_max_per_packet: size(profile, "subscription.max_per_packet"),
            subscription_max_per_session: size(profile, "subscription.max_per_session"),
            subscription_options_kept: switch(profile, "subscription.options_kept"),
            subscription_over_max_closes: switch(profile, "subscription.over_max_closes"),
            subscription_overlap_each_v5: switch(profile, "subscription.overlap_each_v5"),
            subscription_overlap_in_order: switch(profile, "subscription.overlap_in_order"),
            subscription_overlap_once: switch(profile, "subscription.overlap_once"),
            subscription_qos_over_unanswered_v3: switch(profile, "subscription.qos_over_unanswered_v3"),
            subscription_qos_over_unanswered_v5: switch(profile, "subscription.qos_over_unanswered_v5"),
            subscription_share_name_max_bytes: size(profile, "subscription.share_name_max_bytes"),
            subscription_shared: switch(profile, "subscription.shared"),
            subscription_shared_handed_on: switch(profile, "subscription.shared_handed_on"),
            subscription_shared_in_turn: switch(profile, "subscription.shared_in_turn"),
            subscription_shared_max_groups: size(profile, "subscription.shared_max_groups"),
            subscription_shared_max_members: size(profile, "subscription.shared_max_members"),
            subscription_shared_queue: switch(profile, "subscription.shared_queue"),
            subscription_shared_queue_max_messages: size(profile, "subscription.shared_queue_max_messages"),
            subscription_shared_stored: switch(profile, "subscription.shared_stored"),
            subscription_shared_v3: switch(profile, "subscription.shared_v3"),
            subscription_unsubscribe_over_unanswered: switch(
                profile,
                "subscription.unsubscribe_over_unanswered",
            ),
            subscription_wildcards: switch(profile, "subscription.wildcards"),
            sys_interval: limit(profile, "sys.interval_s").map(Span::s),
            topic_hash_matches_parent: switch(profile, "topic.hash_matches_parent"),
            topic_alias_maximum: short(profile, "topic_alias.maximum"),
            topic_levels_close: switch(profile, "topic.levels_close"),
            topic_levels_max: limit(profile, "topic.levels_max").and_then(|n| usize::try_from(n).ok()),
            topic_max_bytes: size(profile, "topic.max_bytes"),
            topic_prefix_counts: switch(profile, "topic.prefix_counts"),
            topic_reserved: switch(profile, "topic.reserved"),
            will_on_takeover: switch(profile, "will.on_takeover"),
            will_on_websocket_close: switch(profile, "will.on_websocket_close"),
            bounds_topics: ["topic.levels_max", "topic.max_bytes"].iter().any(is_limited),
            bounds_messages: ["publish.payload_max_bytes"].iter().chain(&PROPERTIES).any(is_limited),
            throttles: [Quota::PublishIn, Quota::PublishOut, Quota::AllIn, Quota::AllOut]
                .iter()
                .any(|quota| rates[*quota as usize].is_some()),
            quirks: QUIRKS.iter().any(|key| often(profile, key) > 0),
            rates,
        }
    }

    /// Whether a group gives each message to a member that can have it, and keeps it where there is none.
    pub(crate) const fn shares_by_group(&self) -> bool {
        (self.subscription_shared_queue || self.subscription_shared_handed_on)
            && !self.subscription_shared_in_turn
    }

    /// All rates, in the order of [`Quota`].
    pub(crate) const fn rates(&self) -> &[Option<Rate>] {
        &self.rates
    }

    /// A rate; `None` where it is unlimited.
    #[inline]
    pub(crate) const fn rate(&self, quota: Quota) -> Option<Rate> {
        self.rates[quota as usize]
    }
}

/// A number; `None` where it is unlimited. [`Profile::set`] has checked its range.
pub(super) fn limit(profile: &Profile, key: &str) -> Option<u64> {
    match profile.get(key) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    }
}

/// What is done by chance to each message, if ever.
const QUIRKS: [&str; 3] =
    ["publish.late_per_million", "publish.repeat_qos0_per_million", "publish.repeat_qos1_per_million"];

/// A number that is always limited.
fn often(profile: &Profile, key: &str) -> u64 {
    limit(profile, key).unwrap_or(0)
}

fn word(profile: &Profile, key: &str) -> Option<u32> {
    limit(profile, key).map(|n| u32::try_from(n).unwrap_or(u32::MAX))
}

/// The lowest of some numbers; `None` where none is limited.
fn lowest<const N: usize>(profile: &Profile, keys: [&str; N]) -> Option<u32> {
    keys.into_iter().filter_map(|key| word(profile, key)).min()
}

fn short(profile: &Profile, key: &str) -> u16 {
    limit(profile, key).map_or(u16::MAX, |n| u16::try_from(n).unwrap_or(u16::MAX))
}

fn size(profile: &Profile, key: &str) -> usize {
    limit(profile, key).map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX))
}

fn switch(profile: &Profile, key: &str) -> bool {
    profile.get(key) == Some(Value::Switch(true))
}
