//! What became of one message for one subscriber, from the steps that it took.

/// One thing that happened to a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Step {
    /// The event's number.
    pub(super) seq: u32,
    pub(super) what: What,
    /// The QoS that the event names.
    pub(super) qos: Option<u8>,
}

/// The steps that a message can take, on its way to the broker and from there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    Sent,
    Received,
    Lost,
    Accepted,
    Retained,
    Unmatched,
    Refused,
    Queued,
    Dequeued,
    PassedOn,
    Handed,
    Acknowledged,
    Expired,
    Dropped,
}

/// What has become of a message for a subscriber, or, where it has gone to none, on its way to the broker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Fate {
    /// It waits in the broker: the client is away, or there is no room.
    Waiting,
    /// It is on its way.
    Sent,
    /// The client has it; at QoS 1 and 2 the acknowledgement has not come yet.
    Delivered,
    /// The client has it, and the broker knows.
    Acknowledged,
    /// The client was handed it more than once.
    Duplicated,
    /// It was on its way when the link was cut, and was not sent again.
    Lost,
    /// Its Message Expiry Interval passed while it waited.
    Expired,
    /// The broker, or the publisher, gave it up.
    Dropped,
    /// It was not allowed, or the broker did not take it.
    Refused,
    /// No subscription matches its topic.
    Unmatched,
    /// Another member of its shared subscription gets it.
    PassedOn,
}

/// Whether the promise of the QoS was kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// As promised; at most once also allows that nothing comes.
    Kept,
    /// It is not decided yet.
    Open,
    /// At least once or exactly once was promised, and it will not come.
    Broken,
}

impl Fate {
    /// Every fate, in the order of the enumeration.
    pub const ALL: [Self; 11] = [
        Self::Waiting,
        Self::Sent,
        Self::Delivered,
        Self::Acknowledged,
        Self::Duplicated,
        Self::Lost,
        Self::Expired,
        Self::Dropped,
        Self::Refused,
        Self::Unmatched,
        Self::PassedOn,
    ];

    /// The fate in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "on its way",
            Self::Delivered => "delivered",
            Self::Acknowledged => "acknowledged",
            Self::Duplicated => "duplicated",
            Self::Lost => "lost",
            Self::Expired => "expired",
            Self::Dropped => "dropped",
            Self::Refused => "refused",
            Self::Unmatched => "no subscription",
            Self::PassedOn => "passed on",
        }
    }

    /// Whether this keeps the promise of a QoS.
    pub const fn verdict(self, qos: u8) -> Verdict {
        match self {
            // What is passed on is promised to whom it goes.
            Self::Acknowledged | Self::Duplicated | Self::Unmatched | Self::PassedOn => Verdict::Kept,
            Self::Waiting | Self::Sent => Verdict::Open,
            _ if qos == 0 => Verdict::Kept,
            // As long as the session lasts it is sent again.
            Self::Delivered | Self::Lost => Verdict::Open,
            Self::Expired | Self::Dropped | Self::Refused => Verdict::Broken,
        }
    }
}

/// How often each step was taken, and where the last one of its kind stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    /// The QoS of the delivery.
    pub(super) qos: Option<u8>,
    pub(super) sent: u32,
    pub(super) received: u32,
    lost: u32,
    /// How many copies wait.
    waiting: u32,
    /// How many copies the broker decided to send, and of how many it waits for the acknowledgement.
    handed: u32,
    in_flight: u32,
    last: [Option<u32>; What::Dropped as usize + 1],
}

/// Counts the steps that have been taken.
pub(super) fn count(steps: &[Step]) -> Counted {
    let mut counted = Counted::default();
    steps.iter().for_each(|step| counted.take(step));
    counted
}

impl Counted {
    fn take(&mut self, step: &Step) {
        self.last[step.what as usize] = Some(step.seq);
        self.qos = self.qos.max(step.qos);
        match step.what {
            What::Sent => self.sent += 1,
            What::Received => self.received += 1,
            What::Lost => self.lost += 1,
            What::Queued => self.waiting += 1,
            What::Dequeued => self.waiting = self.waiting.saturating_sub(1),
            What::Handed => {
                self.handed += 1;
                self.in_flight += u32::from(step.qos.unwrap_or(0) > 0);
            }
            What::Acknowledged => self.in_flight = self.in_flight.saturating_sub(1),
            // What is given up while it waits was not under way.
            What::Expired | What::Dropped | What::PassedOn if self.waiting > 0 => self.waiting -= 1,
            What::Expired | What::Dropped | What::PassedOn => {
                self.in_flight = self.in_flight.saturating_sub(1)
            }
            What::Accepted | What::Retained | What::Unmatched | What::Refused => {}
        }
    }

    /// The event of the last such step.
    pub(super) const fn last(&self, what: What) -> Option<u32> {
        self.last[what as usize]
    }

    /// The fate with the event that settled it, from the first of these steps that was taken.
    fn first_of(&self, fates: &[(What, Fate)]) -> Option<(Fate, u32)> {
        fates.iter().find_map(|(what, fate)| Some((*fate, self.last(*what)?)))
    }

    /// What has become of a message for a subscriber, and the event that settled it.
    pub(super) fn at_subscriber(&self) -> (Fate, u32) {
        let on_the_way = self.sent.saturating_sub(self.received + self.lost) > 0;
        let ended = [
            (What::Dropped, Fate::Dropped),
            (What::Expired, Fate::Expired),
            (What::Lost, Fate::Lost),
            (What::Refused, Fate::Refused),
        ];
        let found = if self.waiting > 0 {
            self.first_of(&[(What::Queued, Fate::Waiting)])
        } else if self.in_flight == 0 && self.last(What::PassedOn) > self.last(What::Handed) {
            self.first_of(&[(What::PassedOn, Fate::PassedOn)])
        } else if on_the_way {
            self.first_of(&[(What::Sent, Fate::Sent)])
        } else if self.received == 0 && self.in_flight > 0 {
            self.first_of(&[(What::Lost, Fate::Lost), (What::Handed, Fate::Sent)])
        } else if self.received == 0 {
            self.first_of(&ended)
        } else if self.copies() > 1 {
            self.first_of(&[(What::Received, Fate::Duplicated)])
        } else if self.in_flight == 0 && self.last(What::Acknowledged).is_some() {
            self.first_of(&[(What::Acknowledged, Fate::Acknowledged)])
        } else {
            self.first_of(&[(What::Received, Fate::Delivered)])
        };
        found.unwrap_or((Fate::Sent, self.last.iter().flatten().max().copied().unwrap_or(0)))
    }

    /// How often the client was handed it. At QoS 2 it knows a repeat by its Packet Identifier.
    fn copies(&self) -> u32 {
        if self.qos == Some(2) { self.received.min(self.handed) } else { self.received }
    }

    /// What has become of a message on its way to the broker, and the event that settled it; `None` once the broker has taken it on
    /// and nothing says that it goes to nobody.
    pub(super) fn at_broker(&self) -> Option<(Fate, u32)> {
        if self.last(What::Accepted).is_some() {
            return self.first_of(&[(What::Refused, Fate::Refused), (What::Unmatched, Fate::Unmatched)]);
        }
        if self.sent > self.received + self.lost {
            return self.first_of(&[(What::Sent, Fate::Sent)]);
        }
        self.first_of(&[
            (What::Refused, Fate::Refused),
            (What::Dropped, Fate::Dropped),
            (What::Lost, Fate::Lost),
            (What::Received, Fate::Delivered),
        ])
    }
}
