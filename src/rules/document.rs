//! The documents that rules are taken from.

/// A document, as one cites it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Document {
    /// Its title.
    pub title: &'static str,
    /// Its date, as exactly as it is known.
    pub date: &'static str,
    /// Where it can be read, where that is on the web.
    pub address: Option<&'static str>,
}

/// MQTT 3.1.1.
pub(super) const MQTT_3_1_1: Document = Document {
    title: "MQTT Version 3.1.1, OASIS Standard",
    date: "29 October 2014",
    address: Some("https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html"),
};

/// MQTT 5.0.
pub(super) const MQTT_5_0: Document = Document {
    title: "MQTT Version 5.0, OASIS Standard",
    date: "7 March 2019",
    address: Some("https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html"),
};

/// What is said of AWS IoT Core, by the short names of `aws.tsv`.
pub(super) const AWS: &[(&str, Document)] = &[
    (
        "guide",
        page(
            "AWS IoT Core Developer Guide",
            "as of 2026",
            "https://docs.aws.amazon.com/iot/latest/developerguide/",
        ),
    ),
    (
        "quotas",
        page(
            "AWS General Reference: AWS IoT Core endpoints and quotas",
            "as of 2026",
            "https://docs.aws.amazon.com/general/latest/gr/iot-core.html",
        ),
    ),
    (
        "api",
        page("AWS IoT API Reference", "as of 2026", "https://docs.aws.amazon.com/iot/latest/apireference/"),
    ),
    (
        "iam",
        page(
            "AWS Identity and Access Management User Guide",
            "as of 2026",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/",
        ),
    ),
    ("price", page("AWS IoT Core pricing", "as of 2026", "https://aws.amazon.com/iot-core/pricing/")),
    (
        "guide-2023",
        edition(
            "AWS IoT Core Developer Guide, after MQTT 5 and before shared subscriptions queued",
            "about 2023",
        ),
    ),
    ("guide-2022", edition("AWS IoT Core Developer Guide", "12 December 2022")),
    ("guide-2021", edition("AWS IoT Core Developer Guide, before retained messages", "23 August 2021")),
    ("limits-2019", edition("AWS IoT Core Developer Guide: limits", "25 November 2019")),
    // What users of the service reported, each with where: the section names the thread.
    ("practice", edition("Reports from practice", "2016 to 2026")),
];

const fn page(title: &'static str, date: &'static str, address: &'static str) -> Document {
    Document { title, date, address: Some(address) }
}

/// What can no longer be read where it was.
const fn edition(title: &'static str, date: &'static str) -> Document {
    Document { title, date, address: None }
}

/// The manual of Mosquitto's configuration.
pub(super) const MOSQUITTO_CONF: Document = Document {
    title: "mosquitto.conf(5), Mosquitto 2.0.11",
    date: "June 2021",
    address: Some("https://mosquitto.org/man/mosquitto-conf-5.html"),
};

/// Mosquitto itself, watched from outside.
pub(super) const MOSQUITTO: Document = Document {
    title: "Eclipse Mosquitto 2.0.11 as Debian 12 ships it",
    date: "June 2021",
    address: Some("https://packages.debian.org/bookworm/mosquitto"),
};

/// The documentation of VerneMQ.
pub(super) const VERNEMQ: Document = Document {
    title: "VerneMQ documentation",
    date: "as of 2026",
    address: Some("https://docs.vernemq.com/"),
};

/// WebSocket.
pub(super) const RFC_6455: Document = Document {
    title: "RFC 6455, The WebSocket Protocol",
    date: "December 2011",
    address: Some("https://www.rfc-editor.org/rfc/rfc6455"),
};

/// What this simulator chose.
pub(super) const GLASSBROKER: Document =
    Document { title: "Glassbroker", date: "this version", address: None };
