//! Having a client subscribe and publish, wherever on the page that is offered.

mod draft;
mod fields;
mod publish;
mod subscribe;

pub(crate) use draft::{MessageDraft, bytes_of_hex};
pub(crate) use fields::{Adds, message_fields};
pub(crate) use publish::{last_published, publish_again, publish_form};
pub(crate) use subscribe::SubscribeForm;
