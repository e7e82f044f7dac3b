//! A message that is being written.

use crate::client::{Message, MessageExtra};
use crate::json::push_hex;
use crate::topic::check_name;
use crate::ui::field::qos;
use crate::ui::form::{Values, user_properties};
use crate::ui::text::forms::MESSAGE;

/// Forms of bytes, by their index.
const JSON: &str = "1";
const HEX: &str = "2";

/// An empty text at QoS 1.
pub(crate) fn new_message() -> Values {
    Values::new(MESSAGE).with("qos", "1")
}

/// A topic and its payload, as text where it is some, at a QoS.
pub(crate) fn message_of(topic: &str, payload: &[u8], level: u8) -> Values {
    let draft = Values::new(MESSAGE).with("topic", topic).with("qos", level.to_string());
    bytes_into(draft, "payload", "form", payload)
}

/// With bytes in a field, as text where they are that, and how they are written in another.
pub(crate) fn bytes_into(draft: Values, key: &str, form: &str, bytes: &[u8]) -> Values {
    match std::str::from_utf8(bytes) {
        Ok(text) => draft.with(key, text),
        Err(_) => {
            let mut digits = String::new();
            push_hex(&mut digits, bytes);
            draft.with(key, digits).with(form, HEX)
        }
    }
}

/// A payload that is JSON, at QoS 1.
pub(crate) fn json_message(payload: &str) -> Values {
    new_message().with("payload", payload).with("form", JSON)
}

/// A message as it is typed, in full.
pub(crate) fn draft_of(message: &Message) -> Values {
    let mut draft = message_of(&message.topic, &message.payload, message.qos as u8);
    draft.turn("retain", message.retain);
    let Some(extra) = message.extra.as_deref() else { return draft };
    draft.say("format", extra.payload_is_text);
    let text = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    draft.set("expiry", text(extra.expiry_s.map(u64::from)));
    draft.set("alias", text(extra.topic_alias.map(u64::from)));
    draft.set("content-type", extra.content_type.clone().unwrap_or_default());
    draft.set("response", extra.response_topic.clone().unwrap_or_default());
    draft.set("user", lines(&extra.user_properties));
    bytes_into(
        draft,
        "correlation",
        "correlation-form",
        extra.correlation_data.as_deref().unwrap_or_default(),
    )
}

/// User Properties as lines.
pub(crate) fn lines(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
}

/// The message, with what MQTT 5 adds where that is spoken; `None` where something is wrong in it.
pub(crate) fn message(draft: &Values, v5: bool) -> Option<Message> {
    let topic = draft.get("topic").to_owned();
    if !draft.is_right() || check_name(&topic).is_err() {
        return None;
    }
    let extra = MessageExtra {
        payload_is_text: draft.said("format"),
        expiry_s: draft.number("expiry"),
        content_type: draft.some("content-type"),
        response_topic: draft.some("response"),
        correlation_data: draft.some("correlation").and(draft.bytes("correlation", "correlation-form")),
        topic_alias: draft.number("alias"),
        user_properties: user_properties(draft.get("user")).unwrap_or_default(),
    };
    Some(Message {
        topic,
        payload: draft.bytes("payload", "form")?,
        qos: qos(draft.pick("qos")),
        retain: draft.on("retain"),
        extra: (v5 && extra != MessageExtra::default()).then(|| Box::new(extra)),
    })
}
