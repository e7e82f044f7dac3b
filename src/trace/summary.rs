//! A run in a few lines: what `glassbroker run --format summary` prints.

use super::event::EventRef;

use super::recorder::Recorder;
use super::store::Trace;
use crate::broker::{By, Kind};
use crate::time::Span;
use crate::wire::PacketType;
use std::fmt;

/// Counts over a trace. What a trace dropped is in the counts by kind, not in those by client.
#[derive(Clone, Debug)]
pub struct Summary {
    /// When the last event was.
    pub end: Span,
    /// How many events there were of each kind that occurred.
    pub kinds: Vec<(Kind, u64)>,
    /// What each client sent and received, in the order of their first events.
    pub clients: Vec<ClientSummary>,
    /// How many messages began.
    pub published: u64,
    /// How many deliveries the broker began, one for each message and subscriber.
    pub delivered: u64,
    /// How many deliveries it dropped or let expire.
    pub dropped: u64,
    /// The JSON line of the first thing that went wrong, if one did.
    pub first_error: Option<String>,
    /// How many events the trace no longer holds.
    pub forgotten: u64,
}

/// What one client sent and received.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ClientSummary {
    /// Its client identifier.
    pub client: String,
    /// Packets that it sent.
    pub sent: u64,
    /// Packets that it received.
    pub received: u64,
    /// Packets that were lost on the way from or to it.
    pub lost: u64,
    /// PUBLISH packets that it sent, re-sent ones included.
    pub published: u64,
    /// PUBLISH packets that it received, re-sent ones included.
    pub messages: u64,
}

impl Trace {
    /// Counts what it holds, with the kinds as the recorder counted them.
    pub fn summary(&self, recorder: &Recorder) -> Summary {
        let counts = recorder.counts();
        let mut clients: Vec<ClientSummary> = self
            .clients()
            .map(|client| ClientSummary { client: client.into(), ..Default::default() })
            .collect();
        let mut first_error = None;
        for event in self {
            if first_error.is_none() && is_error(&event) {
                let mut line = String::new();
                event.write_json(&mut line);
                first_error = Some(line);
            }
            if let Some(client) = clients.get_mut(event.client_number() as usize) {
                client.count(&event);
            }
        }
        clients.retain(|client| !client.client.is_empty());
        Summary {
            end: Span(self.before(self.next_seq()).map_or(0, |event| event.at().0)),
            kinds: Kind::all().map(|kind| (kind, counts.of(kind))).filter(|(_, count)| *count > 0).collect(),
            clients,
            published: u64::from(recorder.messages()),
            delivered: counts.of(Kind::MessageDelivered),
            dropped: counts.of(Kind::MessageDropped) + counts.of(Kind::MessageExpired),
            first_error,
            forgotten: self.dropped(),
        }
    }
}

impl ClientSummary {
    fn count(&mut self, event: &EventRef<'_>) {
        let publishes = event.packet_type() == Some(PacketType::Publish);
        match (event.kind(), event.by()) {
            (Kind::PacketSent, By::Client) => {
                self.sent += 1;
                self.published += u64::from(publishes);
            }
            (Kind::PacketReceived, By::Client) => {
                self.received += 1;
                self.messages += u64::from(publishes);
            }
            (Kind::PacketLost, _) => self.lost += 1,
            _ => {}
        }
    }
}

/// Whether something went wrong: a refusal, a drop, or a code of failure.
fn is_error(event: &EventRef<'_>) -> bool {
    matches!(
        event.kind(),
        Kind::SocketRefused | Kind::MessageDropped | Kind::QuotaRefused | Kind::PolicyDenied
    ) || (event.kind() == Kind::Decision && event.code().is_some_and(|code| code >= 0x80))
}

/// A table of plain text.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events: u64 = self.kinds.iter().map(|(_, count)| count).sum();
        writeln!(f, "{events} events until {}", self.end)?;
        if self.forgotten > 0 {
            writeln!(f, "{} of them are no longer held, and not counted by client", self.forgotten)?;
        }
        writeln!(
            f,
            "messages: {} published, {} deliveries, {} dropped or expired",
            self.published, self.delivered, self.dropped
        )?;
        let width = self.clients.iter().map(|client| client.client.chars().count()).max().unwrap_or(0).max(6);
        writeln!(
            f,
            "\n{:width$} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "client", "sent", "received", "lost", "published", "messages"
        )?;
        for c in &self.clients {
            let (sent, received, lost) = (c.sent, c.received, c.lost);
            writeln!(
                f,
                "{:width$} {sent:>9} {received:>9} {lost:>9} {:>9} {:>9}",
                c.client, c.published, c.messages
            )?;
        }
        writeln!(f)?;
        for (kind, count) in &self.kinds {
            writeln!(f, "{:24} {count:>9}", kind.name())?;
        }
        match &self.first_error {
            Some(line) => writeln!(f, "\nfirst error: {line}"),
            None => Ok(()),
        }
    }
}
