//! AWS IoT Core.

use super::super::Value::{Number, Switch, Unlimited};
use super::{Preset, differs};
use crate::rule::aws;

pub(super) const AWS_IOT_CORE: Preset = Preset {
    name: "aws-iot-core",
    title: "AWS IoT Core",
    about: "AWS IoT Core: it has quotas, stored messages leave at ten a second beside live traffic, a WebSocket Close frame counts \
            as the client's own end, and 3.1.1 sessions expire after an hour; in everything else as `mqtt`.",
    base: Some("mqtt"),
    differences: &[
        differs("account.connect_per_s", Number(3_000), aws("aws.quota.account")),
        differs("account.connection_operations", Switch(true), aws("aws.operation.editions")),
        differs("account.operation_client_per_s", Number(1), aws("aws.operation.rate")),
        differs("account.operation_per_s", Number(100), aws("aws.operation.rate")),
        differs("account.present", Switch(true), aws("aws.lifecycle.events")),
        differs("account.publish_in_per_s", Number(20_000), aws("aws.quota.account")),
        differs("account.publish_out_per_s", Number(20_000), aws("aws.quota.account")),
        differs("account.queue_per_s", Number(500), aws("aws.quota.queue")),
        differs("account.retain_per_s", Number(500), aws("aws.quota.retain")),
        differs("account.subscribe_per_s", Number(3_000), aws("aws.quota.subscribe")),
        differs("connect.client_id_max_bytes", Number(128), aws("aws.connect.client-id")),
        differs("connect.client_id_reserved", Switch(true), aws("aws.connect.client-id-reserved")),
        differs("connect.client_per_s", Number(1), aws("aws.quota.connect-client")),
        differs("connect.must_wait", Switch(true), aws("aws.connect.wait")),
        differs("connect.packet_min_bytes", Number(512), aws("aws.connect.packet-size")),
        differs("connect.receive_maximum", Number(100), aws("aws.quota.inflight-in")),
        differs("connection.in_bytes_per_s", Number(524_288), aws("aws.quota.throughput")),
        differs("connection.out_bytes_per_s", Number(524_288), aws("aws.quota.throughput")),
        differs("connection.websocket_max_s", Number(86_400), aws("aws.quota.websocket")),
        differs("keep_alive.max_s", Number(1_200), aws("aws.connect.keep-alive")),
        differs("keep_alive.min_s", Number(30), aws("aws.connect.keep-alive")),
        differs("message.expiry_max_s", Number(604_800), aws("aws.message.expiry")),
        differs("message.expiry_min_s", Number(1), aws("aws.message.expiry")),
        differs("packet.max_bytes", Number(149_504), aws("aws.quota.packet")),
        differs("packet.qos2", Switch(false), aws("aws.qos.packets")),
        differs("property.content_type_max_bytes", Number(256), aws("aws.quota.properties")),
        differs("property.correlation_data_max_bytes", Number(8_192), aws("aws.quota.properties")),
        differs("property.user_max_bytes", Number(8_192), aws("aws.quota.properties")),
        differs("publish.in_per_s", Number(100), aws("aws.quota.publish-in")),
        differs("publish.out_per_s", Number(100), aws("aws.quota.publish-out")),
        differs("publish.payload_max_bytes", Number(131_072), aws("aws.quota.payload")),
        differs("publish.qos_max", Number(1), aws("aws.qos.max")),
        differs("publish.qos_over_ignored_v3", Switch(true), aws("aws.qos.publish")),
        differs("retained.by_exact_filter", Switch(true), aws("aws.retained.exact")),
        differs("retained.full_unanswered_v3", Switch(true), aws("aws.retained.throttled")),
        differs("retained.max_messages", Number(500_000), aws("aws.retained.throttled")),
        differs("retained.topic_per_s", Number(1), aws("aws.quota.retain")),
        differs("session.expiry_default_s", Number(3_600), aws("aws.session.expiry")),
        differs("session.expiry_limit_s", Number(604_800), aws("aws.session.expiry-limit")),
        differs("session.expiry_max_s", Number(3_600), aws("aws.session.expiry")),
        differs("session.inflight_max_messages", Number(100), aws("aws.quota.inflight-out")),
        differs("session.replay_per_s", Number(10), aws("aws.session.replay-rate")),
        differs("session.resend_after_s", Number(30), aws("aws.qos.resend")),
        differs("session.resend_dup", Switch(false), aws("aws.qos.dup")),
        differs("session.resend_window_v3_s", Number(3_600), aws("aws.qos.window")),
        differs("session.resend_window_v5_s", Number(960), aws("aws.qos.window")),
        differs("subscription.identifiers", Switch(false), aws("aws.subscription.identifiers")),
        differs("subscription.max_per_packet", Number(8), aws("aws.quota.filters")),
        differs("subscription.max_per_session", Number(50), aws("aws.quota.subscriptions")),
        differs("subscription.qos_over_unanswered_v3", Switch(true), aws("aws.qos.subscribe")),
        differs("subscription.share_name_max_bytes", Number(128), aws("aws.shared.name")),
        differs("subscription.shared_changes_per_s", Number(100), aws("aws.quota.shared")),
        differs("subscription.shared_handed_on", Switch(true), aws("aws.shared.handed-on")),
        differs("subscription.shared_max_groups", Number(100), aws("aws.quota.shared")),
        differs("subscription.shared_max_members", Number(100), aws("aws.quota.shared")),
        differs("subscription.shared_queue", Switch(true), aws("aws.shared.queue")),
        differs("subscription.shared_replay_per_s", Number(20), aws("aws.shared.replay-rate")),
        differs("subscription.shared_v3", Switch(true), aws("aws.shared.both-versions")),
        differs(
            "subscription.unsubscribe_over_unanswered",
            Switch(true),
            aws("aws.quota.filters-unsubscribe"),
        ),
        differs("sys.interval_s", Unlimited, aws("aws.sys.none")),
        differs("topic.hash_matches_parent", Switch(false), aws("aws.topic.hash-parent")),
        differs("topic.levels_max", Number(8), aws("aws.topic.levels")),
        differs("topic.max_bytes", Number(256), aws("aws.topic.bytes")),
        differs("topic.prefix_counts", Switch(false), aws("aws.topic.levels")),
        differs("topic.reserved", Switch(true), aws("aws.reserved.topics")),
        differs("topic_alias.maximum", Number(8), aws("aws.quota.topic-alias")),
        differs("will.on_websocket_close", Switch(false), aws("aws.will.websocket-close")),
    ],
};

pub(super) const AWS_IOT_CORE_2023: Preset = Preset {
    name: "aws-iot-core-2023",
    title: "AWS IoT Core, 2023",
    about: "AWS IoT Core as of 2023: a shared subscription queues nothing; what no member of it can have is dropped.",
    base: Some("aws-iot-core"),
    differences: &[
        differs("account.connection_operations", Switch(false), aws("aws.operation.editions")),
        differs("subscription.shared_queue", Switch(false), aws("aws.shared.not-stored")),
        differs("subscription.shared_stored", Switch(false), aws("aws.shared.not-stored")),
    ],
};

pub(super) const AWS_IOT_CORE_2022: Preset = Preset {
    name: "aws-iot-core-2022",
    title: "AWS IoT Core, 2022",
    about: "AWS IoT Core before MQTT 5, until the end of 2022: it speaks 3.1.1 only, shares no subscriptions, and keeps retained \
            messages for three years.",
    base: Some("aws-iot-core-2023"),
    differences: &[
        differs("connect.v5", Switch(false), aws("aws.connect.v3-only")),
        differs("retained.kept_s", Number(THREE_YEARS_S), aws("aws.retained.three-years")),
        differs("subscription.shared_v3", Switch(false), aws("aws.shared.since-v5")),
    ],
};

pub(super) const AWS_IOT_CORE_2020: Preset = Preset {
    name: "aws-iot-core-2020",
    title: "AWS IoT Core, 2020",
    about: "AWS IoT Core before retained messages, until August 2021: a message with RETAIN set closes the connection, and so \
            does a subscription too many.",
    base: Some("aws-iot-core-2022"),
    differences: &[
        differs("account.connect_per_s", Number(500), aws("aws.quota.rates-2019")),
        differs("account.subscribe_per_s", Number(500), aws("aws.quota.rates-2019")),
        differs("retained.available", Switch(false), aws("aws.retained.unsupported")),
        differs("retained.kept_s", Unlimited, aws("aws.retained.unsupported")),
        differs("subscription.over_max_closes", Switch(true), aws("aws.quota.subscriptions-closing")),
    ],
};

/// Three years of 365 days.
const THREE_YEARS_S: u64 = 3 * 365 * 86_400;
