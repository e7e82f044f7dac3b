//! Having a client subscribe and publish, wherever on the page that is offered.

mod draft;
mod fields;
mod publish;
mod saved;
mod subscribe;

pub(crate) use draft::{bytes_into, draft_of, json_message, lines, message, message_of, new_message};
pub(crate) use fields::{Adds, message_fields};
pub(crate) use publish::{PublishForm, last_published, publish_again};
pub(crate) use saved::Saved;
pub(crate) use subscribe::SubscribeForm;
