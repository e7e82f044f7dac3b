//! A message that is being written, and what is wrong with it.

use crate::client::{Message, MessageExtra};
use crate::json::{from_base64, from_hex, parse, push_hex};
use crate::scenario::Problem;
use crate::topic::check_name;
use crate::ui::field::{number, qos};
use bytes::Bytes;

/// How bytes are written, by the index in a draft.
pub(crate) const FORMS: &[&str] = &["Text", "JSON", "Hex", "Base64"];
pub(crate) const TEXT: usize = 0;
const JSON: usize = 1;
const HEX: usize = 2;

/// What the Payload Format Indicator may be, by the index in a draft.
pub(crate) const FORMATS: &[&str] = &["Not said", "Bytes", "UTF-8 text"];

/// The largest number that a property of four bytes holds.
pub(crate) const WORD: u64 = u32::MAX as u64;
/// The same for two bytes.
pub(crate) const SHORT: u64 = u16::MAX as u64;

/// What is typed into the form of a message.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct MessageDraft {
    pub(crate) topic: String,
    /// The index in [`FORMS`] by which the payload is written.
    pub(crate) form: usize,
    pub(crate) payload: String,
    pub(crate) qos: usize,
    pub(crate) retain: bool,
    pub(crate) expiry_s: String,
    pub(crate) content_type: String,
    pub(crate) response_topic: String,
    pub(crate) correlation: String,
    /// The index in [`FORMS`] by which the Correlation Data is written.
    pub(crate) correlation_form: usize,
    /// The index in [`FORMATS`].
    pub(crate) format: usize,
    pub(crate) alias: String,
    /// A line `name: value` each.
    pub(crate) user: String,
}

impl MessageDraft {
    /// An empty text at QoS 1.
    pub(crate) fn new() -> Self {
        Self { qos: 1, ..Self::default() }
    }

    /// A topic and its payload, as text where it is some.
    pub(crate) fn of(topic: &str, payload: &[u8]) -> Self {
        let (form, payload) = match std::str::from_utf8(payload) {
            Ok(text) => (TEXT, text.to_owned()),
            Err(_) => {
                let mut digits = String::new();
                push_hex(&mut digits, payload);
                (HEX, digits)
            }
        };
        Self { topic: topic.to_owned(), form, payload, ..Self::default() }
    }

    /// A payload that is JSON, at QoS 1.
    pub(crate) fn json(payload: &str) -> Self {
        Self { form: JSON, payload: payload.to_owned(), ..Self::new() }
    }

    /// The message, with what MQTT 5 adds where that is spoken; `None` where something is wrong in it.
    pub(crate) fn message(&self, v5: bool) -> Option<Message> {
        check_name(&self.topic).ok()?;
        Some(Message {
            topic: self.topic.clone(),
            payload: bytes_of(self.form, &self.payload).ok()?,
            qos: qos(self.qos),
            retain: self.retain,
            extra: if v5 { self.extra()?.map(Box::new) } else { None },
        })
    }

    /// What MQTT 5 adds, if anything of it is said; without where it is wrong.
    fn extra(&self) -> Option<Option<MessageExtra>> {
        if self.wrong_response_topic().is_some() {
            return None;
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let extra = MessageExtra {
            payload_is_text: [None, Some(false), Some(true)].get(self.format).copied().flatten(),
            expiry_s: number(&self.expiry_s, WORD).ok()?.and_then(|s| u32::try_from(s).ok()),
            content_type: some(&self.content_type),
            response_topic: some(&self.response_topic),
            correlation_data: some(&self.correlation)
                .map(|text| bytes_of(self.correlation_form, &text))
                .transpose()
                .ok()?,
            topic_alias: number(&self.alias, SHORT).ok()?.and_then(|alias| u16::try_from(alias).ok()),
            user_properties: user_properties(&self.user).ok()?,
        };
        Some((extra != MessageExtra::default()).then_some(extra))
    }

    /// What is wrong with the topic; nothing is as long as it is empty.
    pub(crate) fn wrong_topic(&self) -> Option<String> {
        wrong_name(&self.topic)
    }

    /// What is wrong with the payload.
    pub(crate) fn wrong_payload(&self) -> Option<String> {
        bytes_of(self.form, &self.payload).err()
    }

    pub(crate) fn wrong_response_topic(&self) -> Option<String> {
        wrong_name(&self.response_topic)
    }

    pub(crate) fn wrong_correlation(&self) -> Option<String> {
        bytes_of(self.correlation_form, &self.correlation).err()
    }

    pub(crate) fn wrong_user(&self) -> Option<String> {
        user_properties(&self.user).err()
    }
}

fn wrong_name(topic: &str) -> Option<String> {
    if topic.is_empty() { None } else { check_name(topic).err().map(|error| error.what().to_owned()) }
}

/// The bytes that are written in a form.
///
/// # Errors
/// What is wrong, and where.
fn bytes_of(form: usize, text: &str) -> Result<Bytes, String> {
    match form {
        TEXT => Ok(text.to_owned().into()),
        JSON => match parse(text) {
            Ok(_) => Ok(text.to_owned().into()),
            Err(fault) => {
                let at = Problem::at_offset(text, fault.offset, fault.message);
                Err(format!("Line {}, column {}: {}", at.line, at.column, at.message))
            }
        },
        HEX => from_hex(text)
            .map(Bytes::from)
            .ok_or_else(|| "Pairs of hexadecimal digits are needed, such as 00 ff 1a".to_owned()),
        _ => {
            let digits: String = text.split_whitespace().collect();
            from_base64(&digits)
                .map(Bytes::from)
                .map_err(|at| format!("Character {} is wrong: this is no base64", at + 1))
        }
    }
}

/// The bytes of hexadecimal digits.
///
/// # Errors
/// What is wanted.
pub(crate) fn bytes_of_hex(text: &str) -> Result<Bytes, String> {
    bytes_of(HEX, text)
}

/// The User Properties of lines `name: value`.
///
/// # Errors
/// Which line is wrong.
fn user_properties(lines: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let Some((name, value)) = line.split_once(':') else {
            return Err(format!("Line {number} has no colon: a line is `name: value`"));
        };
        pairs.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(pairs)
}
