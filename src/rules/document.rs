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

/// The developer guide of AWS IoT Core.
pub(super) const AWS_DEVELOPER_GUIDE: Document = Document {
    title: "AWS IoT Core Developer Guide",
    date: "as of 2026",
    address: Some("https://docs.aws.amazon.com/iot/latest/developerguide/"),
};

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
