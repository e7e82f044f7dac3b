//! Publishing without a client.

use super::{Asked, Failure, Posted, length};
use crate::broker::access::{May, Who};
use crate::broker::turn::Turn;
use crate::broker::{Broker, Cause, Observer};
use crate::policy::Action;
use crate::topic::check_name;
use crate::wire::{Publish, Version};

impl Broker {
    /// Publishes a message without a client ([aws.http.publish]).
    pub(in crate::broker) fn publish_over_http<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        message: Publish,
        principal: Option<&str>,
        cause: Cause,
    ) -> Result<(), String> {
        let bytes = length(message.payload.len() + message.properties.content_bytes());
        let topic = message.topic.clone();
        let asked = Asked::publish(&topic, Posted { bytes, retain: message.retain });
        let accepted = self
            .may_be_posted(turn, &message, principal, cause)
            .and_then(|cause| self.accept_as_service(turn, message, Some(bytes), cause));
        match accepted {
            Ok((mut routed, cause)) => {
                self.answer(turn, asked, Ok((String::new(), cause)))?;
                self.route(turn, &mut routed, cause);
                Ok(())
            }
            Err(failure) => self.answer(turn, asked, Err(failure)),
        }
    }

    /// Whether a message may be published without a client: what leads on, or why not ([aws.http.errors]).
    fn may_be_posted<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        message: &Publish,
        principal: Option<&str>,
        cause: Cause,
    ) -> Result<Cause, Failure> {
        let topic = &message.topic;
        let wrong = |what: String| (400, what, cause);
        if let Some((_, _, why)) = self.unsupported(Version::V5, message.qos, message.retain) {
            return Err(wrong(why.to_owned()));
        }
        if !self.limits.connect_v5 && !message.properties.0.is_empty() {
            return Err(wrong("this edition has no properties of MQTT 5".to_owned()));
        }
        for name in [Some(topic), message.properties.response_topic()].into_iter().flatten() {
            check_name(name).map_err(|error| wrong(format!("`{name}`: {}", error.what())))?;
        }
        self.limits
            .check_publish(topic, message.retain)
            .map_err(|error| wrong(format!("`{topic}`: {}", error.what())))?;
        if let Some((excess, _)) = self.limits.publish_over(message) {
            return Err(wrong(excess.why.to_owned()));
        }
        self.may_post(turn, cause).map_err(|(why, cause)| (429, why.to_owned(), cause))?;
        let mut cause = cause;
        if let Some(principal) = principal {
            let who = Who { client: "", user: None, principal };
            for (action, is_asked) in [(Action::Publish, true), (Action::RetainPublish, message.retain)] {
                if !is_asked {
                    continue;
                }
                let (may, then) = self.may_by_policy(turn, action, who, topic, cause);
                if may != May::Yes {
                    return Err((401, format!("`{principal}` may not publish to `{topic}`"), then));
                }
                cause = then;
            }
        }
        if message.retain {
            self.may_retain(turn, "", topic, cause).map_err(|why| (429, why.to_owned(), cause))?;
        }
        Ok(cause)
    }
}
