//! The ledger's lines as a list shows them: those that a query lets through, in an order. They are found in slices, so that a long
//! ledger never keeps anybody waiting; meanwhile the lines of the last answer stand.

use super::{Fate, Ledger, Line, Verdict};
use crate::sorted::in_order;
use crate::texts::Texts;
use crate::time::SimTime;
use crate::topic::{ParentMatch, check_filter, parting};
use crate::trace::{EventRef, Trace};
use std::rc::Rc;

/// By what the lines are in order. What has nothing to compare comes last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// When the message was published.
    #[default]
    Time,
    /// The message's topic.
    Topic,
    /// Who published it.
    Publisher,
    /// For whom it is.
    Subscriber,
    /// What became of it, in the order of [`Fate::ALL`].
    Fate,
    /// How long it took from its publisher to its subscriber.
    Delay,
}

/// Which fates are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Wanted {
    /// All.
    #[default]
    All,
    /// This one.
    Fate(Fate),
    /// Those that keep their promise, break it, or have not settled.
    Verdict(Verdict),
    /// Those with which the client has the message.
    Arrived,
}

/// Which lines are wanted, and in which order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    /// In the name of the message, its topic or its subscriber; in lower case.
    pub text: String,
    /// A Topic Filter that matches the topic; empty for any.
    pub filter: String,
    /// Who published it or for whom it is; empty for anybody.
    pub client: String,
    /// What became of it.
    pub wanted: Wanted,
    /// The order.
    pub order: Order,
    /// Whether the order is from the highest down.
    pub descending: bool,
}

/// What an answer answers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Asked {
    query: Query,
    generation: u64,
    events: u32,
    folded: u32,
}

/// The lines.
#[derive(Debug, Default)]
pub struct LedgerRows {
    /// What is being found: from which message on, and what was found so far with its place in the order.
    asked: Asked,
    next: u32,
    found: Vec<(u64, Line)>,
    texts: Texts,
    /// What was found.
    answered: Option<Asked>,
    lines: Rc<[Line]>,
}

impl Line {
    /// How long it took from its publisher to its subscriber, in microseconds.
    pub fn delay_us(&self, trace: &Trace) -> Option<u64> {
        let at = |seq: u32| trace.get(seq).map(|event| event.at());
        Some(at(self.received_seq?)?.since(at(self.published_seq)?).0)
    }

    /// When it was published.
    pub fn published_at(&self, trace: &Trace) -> Option<SimTime> {
        trace.get(self.published_seq).map(|event| event.at())
    }

    /// Its topic.
    pub fn topic<'a>(&self, trace: &'a Trace) -> &'a str {
        trace.get(self.first_seq).map_or("", |event| event.topic())
    }

    /// For whom it is.
    pub fn subscriber_name<'a>(&self, trace: &'a Trace) -> Option<&'a str> {
        trace.clients().nth(self.subscriber? as usize)
    }
}

impl Query {
    fn lets_through(&self, line: &Line, trace: &Trace) -> bool {
        let is_wanted = match self.wanted {
            Wanted::All => true,
            Wanted::Fate(fate) => line.fate == fate,
            Wanted::Verdict(verdict) => line.fate.verdict(line.qos) == verdict,
            Wanted::Arrived => matches!(line.fate, Fate::Delivered | Fate::Acknowledged | Fate::Duplicated),
        };
        is_wanted && self.is_about(line, trace) && self.matches(line, trace) && self.has_text(line, trace)
    }

    fn is_about(&self, line: &Line, trace: &Trace) -> bool {
        let publisher = || trace.message_name(line.message).is_some_and(|name| name.client == self.client);
        self.client.is_empty() || publisher() || line.subscriber_name(trace) == Some(&self.client)
    }

    fn matches(&self, line: &Line, trace: &Trace) -> bool {
        if self.filter.is_empty() {
            return true;
        }
        let Ok(filter) = check_filter(&self.filter) else { return true };
        parting(filter.filter, line.topic(trace), ParentMatch::Included).is_none()
    }

    fn has_text(&self, line: &Line, trace: &Trace) -> bool {
        let found = |name: &str| name.to_lowercase().contains(&self.text);
        self.text.is_empty()
            || trace.message_name(line.message).is_some_and(|name| found(&name.to_string()))
            || found(line.topic(trace))
            || found(line.subscriber_name(trace).unwrap_or_default())
    }
}

impl LedgerRows {
    /// The lines that were found last.
    pub fn lines(&self) -> Rc<[Line]> {
        Rc::clone(&self.lines)
    }

    /// Whether the ledger was looked at in part, and the answer is still to come.
    pub fn is_reading(&self) -> bool {
        self.answered.as_ref() != Some(&self.asked)
    }

    /// The row that an event is about: its message for its client, or else its message at all.
    pub fn row_of(&self, event: &EventRef<'_>) -> Option<usize> {
        let (number, client) = (event.message_number()?, event.client_number());
        let query = self.answered.as_ref().map(|asked| &asked.query)?;
        // In the order of time those of a message stand together.
        let (from, to) = match (query.order, query.descending) {
            (Order::Time, false) => {
                let from = self.lines.partition_point(|line| line.message < number);
                (from, from + self.lines[from..].partition_point(|line| line.message == number))
            }
            _ => (0, self.lines.len()),
        };
        let lines = &self.lines[from..to];
        let of_message = |line: &Line| line.message == number;
        let of_client = |line: &Line| of_message(line) && line.subscriber == Some(client);
        let found = lines.iter().position(of_client).or_else(|| lines.iter().position(of_message));
        found.map(|row| from + row)
    }

    /// Looks at the next `most` messages for a query, once the first `events` events of the trace of this generation have happened.
    /// Says whether that was all: then [`LedgerRows::lines`] answers it.
    pub fn work(
        &mut self,
        (trace, ledger): (&Trace, &Ledger),
        query: &Query,
        (generation, events, folded): (u64, u32, u32),
        most: u32,
    ) -> bool {
        let asked = Asked { query: query.clone(), generation, events, folded };
        if self.answered.as_ref() == Some(&asked) {
            return true;
        }
        let is_other = self.asked.query != asked.query || self.asked.generation != generation;
        // What is nearly found is worth finishing while time runs on.
        if is_other || self.answered.as_ref() == Some(&self.asked) || self.next == 0 && self.found.is_empty()
        {
            (self.asked, self.next) = (asked.clone(), ledger.messages().start);
            self.found.clear();
            self.texts = Texts::new();
        }
        let end = ledger.messages().end.min(self.next.saturating_add(most));
        for number in self.next..end {
            for line in ledger.of(number, self.asked.events) {
                if self.asked.query.lets_through(&line, trace) {
                    let key = self.key(&line, trace);
                    self.found.push((key, line));
                }
            }
        }
        self.next = end;
        if end < ledger.messages().end {
            return false;
        }
        self.finish();
        self.answered.as_ref() == Some(&asked)
    }

    fn finish(&mut self) {
        let mut found = std::mem::take(&mut self.found);
        if matches!(self.asked.query.order, Order::Topic | Order::Publisher | Order::Subscriber) {
            let numbered = in_order(self.texts.iter().zip(0u64..).collect(), |(text, _)| *text);
            let mut places = vec![0u64; numbered.len()];
            for (place, (_, number)) in numbered.into_iter().enumerate() {
                places[number as usize] = place as u64;
            }
            for (key, _) in &mut found {
                *key = places.get(*key as usize).copied().unwrap_or(u64::MAX);
            }
        }
        let descending = self.asked.query.descending;
        if self.asked.query.order == Order::Time {
            if descending {
                found.reverse();
            }
        } else {
            found = in_order(
                found,
                |(key, _)| if *key < u64::MAX && descending { u64::MAX - 1 - *key } else { *key },
            );
        }
        self.lines = found.into_iter().map(|(_, line)| line).collect();
        self.answered = Some(self.asked.clone());
    }

    /// A line's place in the order; of a text its number.
    fn key(&mut self, line: &Line, trace: &Trace) -> u64 {
        let text = match self.asked.query.order {
            Order::Time => return 0,
            Order::Fate => return line.fate as u64,
            Order::Delay => return line.delay_us(trace).unwrap_or(u64::MAX),
            Order::Topic => line.topic(trace),
            Order::Publisher => trace.message_name(line.message).map_or("", |name| name.client),
            Order::Subscriber => match line.subscriber_name(trace) {
                Some(name) => name,
                None => return u64::MAX,
            },
        };
        u64::from(self.texts.number(text))
    }
}
