//! Reading, deleting and listing retained messages.

use super::list::{RESULTS_MAX, listed};
use super::{Asked, Failure, Operation, Posted};
use crate::broker::retained::Kept;
use crate::broker::turn::Turn;
use crate::broker::{Broker, Cause, Observer, Page};
use crate::json::{Object, to_base64_padded};
use crate::wire::{Publish, Text};

impl Broker {
    /// Reads a retained message.
    pub(in crate::broker) fn read_retained<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        topic: &str,
        cause: Cause,
    ) -> Result<(), String> {
        let kept = self.retained_or_none(topic, cause);
        let answer = kept.map(|kept| {
            let message = &kept.publication.message;
            let mut body = String::new();
            let mut object = Object::begin(&mut body);
            object.text("topic", topic);
            object.text("payload", &to_base64_padded(&message.payload));
            object.number("qos", message.qos as u64);
            object.number("lastModifiedTime", self.unix_ms(kept.stored_at));
            let mut pairs = String::from("[");
            for (name, value) in message.properties.user_properties() {
                if pairs.len() > 1 {
                    pairs.push(',');
                }
                let mut pair = Object::begin(&mut pairs);
                pair.text("name", name);
                pair.text("value", value);
                pair.end();
            }
            if pairs.len() > 1 {
                pairs.push(']');
                object.text("userProperties", &to_base64_padded(pairs.as_bytes()));
            }
            object.end();
            (body, cause)
        });
        self.answer(turn, Asked::of_topic(Operation::GetRetainedMessage, topic), answer)
    }

    fn retained_or_none(&self, topic: &str, cause: Cause) -> Result<&Kept, Failure> {
        let kept = self.store.retained.names().get(topic);
        kept.ok_or_else(|| (404, format!("`{topic}` has no retained message"), cause))
    }

    /// Deletes a retained message: publishes the empty one.
    pub(in crate::broker) fn delete_retained<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        topic: String,
        cause: Cause,
    ) -> Result<(), String> {
        if let Err(failure) = self.retained_or_none(&topic, cause) {
            let asked = Asked::publish(&topic, Posted { bytes: 0, retain: true });
            return self.answer(turn, asked, Err(failure));
        }
        let message = Publish { retain: true, topic: Text::from(topic), ..Publish::default() };
        self.publish_over_http(turn, message, None, cause)
    }

    /// Lists retained messages ([aws.operation.list-retained]).
    pub(in crate::broker) fn list_retained<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        page: &Page,
        cause: Cause,
    ) -> Result<(), String> {
        let answer = page.read(RESULTS_MAX).map_err(|why| (400, why, cause)).map(|(most, after)| {
            let names = self.store.retained.names();
            let from = after.as_deref().map_or_else(|| names.iter(), |after| names.after(after));
            let items = from.map(|(topic, kept)| {
                let message = &kept.publication.message;
                let mut item = String::new();
                let mut object = Object::begin(&mut item);
                object.text("topic", topic);
                object.number("payloadSize", message.payload.len() as u64);
                object.number("qos", message.qos as u64);
                object.number("lastModifiedTime", self.unix_ms(kept.stored_at));
                object.end();
                (topic, item)
            });
            (listed("retainedTopics", items, most), cause)
        });
        self.answer(turn, Asked::of_topic(Operation::ListRetainedMessages, ""), answer)
    }
}
