//! What would become of a message, asked by somebody who looks on: a copy of the broker routes it, so that what answers is what decides.

use super::publication::{Publication, Routed};
use super::turn::Turn;
use super::{Broker, Cause, Observer};
use crate::time::SimTime;
use crate::wire::{Publish, SubscribeOptions, Version};

/// One subscription, with whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Subscriber<'a> {
    /// The client identifier.
    pub client: &'a str,
    /// The version that the client speaks or spoke.
    pub version: Version,
    /// Whether it is connected.
    pub is_connected: bool,
    /// The Topic Filter, with `$share/…/` where it has it.
    pub filter: &'a str,
    /// Its options; the QoS is the granted one.
    pub options: SubscribeOptions,
}

impl Broker {
    /// Tells `observer` how a message would be handed on now; this broker stays as it is. Whether the publisher may publish it is not
    /// asked. `publisher` is a client identifier, for No Local.
    pub fn look_at_route(
        &self,
        now: SimTime,
        message: Publish,
        publisher: Option<&str>,
        observer: &mut impl Observer,
    ) {
        let publisher = publisher.and_then(|client| self.store.of_client(client)).map(|id| id.0);
        let mut routed = Routed::new(Publication { message, publisher, expires_at: None }, 0);
        self.clone().route(&mut Turn { now, observer }, &mut routed, Cause::NONE);
    }

    /// Every subscription, ordered by client and then by filter; a session without one comes with an empty filter.
    pub fn for_each_subscriber(&self, f: &mut dyn FnMut(Subscriber<'_>)) {
        self.store.by_client.for_each(&mut |_, id| {
            let Some(session) = self.store.session(*id) else { return };
            let mut one = |filter: &str, options: SubscribeOptions| {
                f(Subscriber {
                    client: &session.client,
                    version: session.version,
                    is_connected: session.conn.is_some(),
                    filter,
                    options,
                });
            };
            if session.subscriptions.is_empty() {
                one("", SubscribeOptions::default());
            }
            session.subscriptions.for_each(&mut |filter, held| one(filter, held.options));
        });
    }
}
