//! The broker with its account: the same door, and behind it the services answer before anything leaves.

use super::lifecycle::Lifecycle;
use super::shadow::{ShadowView, Shadows};
use crate::broker::{Broker, Cause, Closed, Command, ConnId, Link, Observer, Output, Told};
use crate::time::SimTime;
use crate::wire::{Publish, QoS, Text};
use bytes::Bytes;

/// What a service of the account publishes, and why.
pub(super) struct Published {
    pub(super) message: Publish,
    pub(super) cause: Cause,
}

impl Published {
    /// A message of a service: at QoS 1, so that each subscriber gets it at its own, and not retained.
    pub(super) fn new(topic: String, payload: String, cause: Cause) -> Self {
        let message = Publish {
            qos: QoS::AtLeastOnce,
            topic: Text::from(topic),
            payload: Bytes::from(payload),
            ..Publish::default()
        };
        Self { message, cause }
    }
}

/// What every service is given: the time, and what stands for the whole run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    /// The moment.
    pub(super) at: SimTime,
    /// The run's beginning, in milliseconds since 1970.
    pub(super) epoch_ms: u64,
    /// The run's seed.
    pub(super) seed: u64,
}

impl Now {
    /// The calendar time in milliseconds since 1970.
    pub(super) fn unix_ms(self) -> u64 {
        self.epoch_ms.saturating_add(self.at.as_ms())
    }
}

/// A broker and the account around it.
///
/// It has the broker's door: every input is done with all that the account's services add to it when the call returns.
#[derive(Clone, Debug)]
pub struct Cloud {
    broker: Broker,
    seed: u64,
    epoch_ms: u64,
    lifecycle: Lifecycle,
    shadows: Shadows,
}

impl Cloud {
    /// The account of a broker; `epoch_ms` is the calendar time of the moment zero, in milliseconds since 1970.
    pub fn new(broker: Broker, seed: u64, epoch_ms: u64) -> Self {
        Self { broker, seed, epoch_ms, lifecycle: Lifecycle::default(), shadows: Shadows::default() }
    }

    /// The broker itself, to look at.
    pub const fn broker(&self) -> &Broker {
        &self.broker
    }

    /// The device shadows that there are.
    pub fn shadows(&self) -> impl Iterator<Item = ShadowView> {
        self.shadows.views()
    }

    /// As [`Broker::open`].
    pub fn open(&mut self, now: SimTime, link: Link, cause: Cause, observer: &mut impl Observer) -> ConnId {
        let conn = self.broker.open(now, link, cause, observer);
        self.settle(now, observer);
        conn
    }

    /// As [`Broker::receive`].
    pub fn receive(
        &mut self,
        now: SimTime,
        conn: ConnId,
        bytes: Bytes,
        cause: Cause,
        observer: &mut impl Observer,
    ) {
        self.broker.receive(now, conn, bytes, cause, observer);
        self.settle(now, observer);
    }

    /// As [`Broker::writable`].
    pub fn writable(
        &mut self,
        now: SimTime,
        conn: ConnId,
        bytes_free: usize,
        cause: Cause,
        observer: &mut impl Observer,
    ) {
        self.broker.writable(now, conn, bytes_free, cause, observer);
        self.settle(now, observer);
    }

    /// As [`Broker::closed`].
    pub fn closed(
        &mut self,
        now: SimTime,
        conn: ConnId,
        how: Closed,
        cause: Cause,
        observer: &mut impl Observer,
    ) {
        self.broker.closed(now, conn, how, cause, observer);
        self.settle(now, observer);
    }

    /// As [`Broker::tick`].
    pub fn tick(&mut self, now: SimTime, observer: &mut impl Observer) {
        self.broker.tick(now, observer);
        self.settle(now, observer);
    }

    /// As [`Broker::command`].
    ///
    /// # Errors
    /// As there.
    pub fn command(
        &mut self,
        now: SimTime,
        command: Command,
        cause: Cause,
        observer: &mut impl Observer,
    ) -> Result<(), String> {
        let done = self.broker.command(now, command, cause, observer);
        self.settle(now, observer);
        done
    }

    /// As [`Broker::poll`].
    pub fn poll(&mut self) -> Option<Output> {
        self.broker.poll()
    }

    /// As [`Broker::next_deadline`].
    pub fn next_deadline(&self) -> Option<SimTime> {
        self.broker.next_deadline()
    }

    /// Lets the services answer to what happened, and to what came of their answers.
    fn settle(&mut self, now: SimTime, observer: &mut impl Observer) {
        while let Some(told) = self.broker.take_told() {
            let now = Now { at: now, epoch_ms: self.epoch_ms, seed: self.seed };
            let mut published = Vec::new();
            self.hear(now, &told, observer, &mut published);
            for Published { message, cause } in published {
                // What nobody listens to is noted as what the service did, and is no message.
                if !self.broker.is_heard(&message.topic) {
                    continue;
                }
                // What a service publishes is well formed: its topics are made of what the broker accepted.
                let _ = self.broker.publish(now.at, message, cause, observer);
            }
        }
    }

    /// Tells every service.
    fn hear(&mut self, now: Now, told: &Told, observer: &mut impl Observer, published: &mut Vec<Published>) {
        self.lifecycle.hear(now, told, observer, published);
        self.shadows.hear(now, told, observer, published);
    }
}
