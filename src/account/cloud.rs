//! The broker with its account: the same door, and behind it the services answer before anything leaves.

use super::lifecycle::Lifecycle;
use super::shadow::{ShadowView, Shadows};
use super::topic_rule::{RuleCounts, TopicRule, TopicRules};
use crate::broker::{Broker, Cause, Closed, Command, ConnId, Link, Observer, Output, Told};
use crate::policy::Access;
use crate::policy::aws::Principal;
use crate::sorted::Sorted;
use crate::time::SimTime;
use crate::wire::{Publish, QoS, Text};
use bytes::Bytes;
use std::iter;
use std::ops::Deref;
use std::sync::Arc;

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
    rules: TopicRules,
}

impl Cloud {
    /// The account of a broker; `epoch_ms` is the calendar time of the moment zero, in milliseconds since 1970.
    pub fn new(broker: Broker, seed: u64, epoch_ms: u64) -> Self {
        let (lifecycle, shadows, rules) = Default::default();
        Self { broker: broker.with_epoch(epoch_ms), seed, epoch_ms, lifecycle, shadows, rules }
    }

    /// The same account, whose broker is told who may come in and do what.
    #[must_use]
    pub fn with_access(self, access: Arc<Access>) -> Self {
        Self { broker: self.broker.with_access(access), ..self }
    }

    /// The same account with topic rules, by name.
    #[must_use]
    pub fn with_rules(mut self, rules: Arc<Sorted<Box<str>, TopicRule>>) -> Self {
        self.rules = TopicRules::new(rules);
        self.broker.tell_all(self.rules.looks_at_all());
        self
    }

    /// The topic rules by name, with how often each did what.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &TopicRule, RuleCounts)> {
        self.rules.views()
    }

    /// The device shadows that there are.
    pub fn shadows(&self) -> impl Iterator<Item = ShadowView> {
        self.shadows.views()
    }

    /// As [`Broker::attach`].
    pub fn attach(&mut self, principal: &str, policies: Principal) {
        self.broker.attach(principal, policies);
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
        let now = Now { at: now, epoch_ms: self.epoch_ms, seed: self.seed };
        self.rules.begin();
        // What is told because of an answer comes after all that was told before it, so that a round is a link of a chain.
        for round in 0.. {
            let all: Vec<Told> = iter::from_fn(|| self.broker.take_told()).collect();
            if all.is_empty() {
                break;
            }
            for told in all {
                self.hear(now, &told, round, observer);
            }
        }
    }

    /// Tells every service, and publishes what they answer.
    fn hear(&mut self, now: Now, told: &Told, round: u32, observer: &mut impl Observer) {
        let mut published = Vec::new();
        self.lifecycle.hear(now, told, observer, &mut published);
        self.shadows.hear(now, told, observer, &mut published);
        self.rules.hear(now, told, round, &self.broker, observer, &mut published);
        for Published { message, cause } in published {
            // What nobody listens to is noted as what the service did, and is no message.
            let by_service =
                Shadows::looks_at(&message.topic) || self.rules.looks_at(&message.topic, &self.broker);
            if !by_service && !self.broker.is_heard(&message.topic) {
                continue;
            }
            // What a service publishes is well formed: its topics are made of what the broker accepted, or were checked.
            let _ = self.broker.publish(now.at, message, cause, observer);
        }
    }
}

/// To look at, the account is its broker.
impl Deref for Cloud {
    type Target = Broker;

    fn deref(&self) -> &Broker {
        &self.broker
    }
}
