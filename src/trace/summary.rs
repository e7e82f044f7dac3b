//! What each client sent and received, and what went wrong first: what `glassbroker run --format summary` tells of a run.

use super::event::EventRef;
use crate::broker::{By, Kind};
use crate::topic::SHARE;
use crate::wire::PacketType;
use std::fmt;

/// A fold over events, in their order; any level that keeps packets will do.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// What each client sent and received, by the trace's numbers of clients.
    clients: Vec<ClientSummary>,
    /// The JSON line of the first event that tells of something wrong.
    first_error: Option<String>,
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

impl Summary {
    /// Takes the next event.
    pub fn take(&mut self, event: &EventRef<'_>) {
        if self.first_error.is_none() && is_error(event) {
            let mut line = String::new();
            event.write_json(&mut line);
            self.first_error = Some(line);
        }
        let number = event.client_number() as usize;
        if self.clients.len() <= number {
            self.clients.resize_with(number + 1, ClientSummary::default);
        }
        if let Some(client) = self.clients.get_mut(number) {
            client.count(event);
        }
    }

    /// The clients, in the order of their first events.
    pub fn clients(&self) -> impl Iterator<Item = &ClientSummary> {
        self.clients.iter().filter(|client| !client.client.is_empty())
    }

    /// The JSON line of the first refusal, drop or failure, if there was one.
    pub fn first_error(&self) -> Option<&str> {
        self.first_error.as_deref()
    }
}

impl ClientSummary {
    fn count(&mut self, event: &EventRef<'_>) {
        // A shared subscription's queue is no client.
        if self.client.is_empty() && !event.client().starts_with(SHARE) {
            event.client().clone_into(&mut self.client);
        }
        let publishes = u64::from(event.packet_type() == Some(PacketType::Publish));
        match (event.kind(), event.by()) {
            (Kind::PacketSent, By::Client) => {
                self.sent += 1;
                self.published += publishes;
            }
            (Kind::PacketReceived, By::Client) => {
                self.received += 1;
                self.messages += publishes;
            }
            (Kind::PacketLost, _) => self.lost += 1,
            _ => {}
        }
    }
}

/// Whether something went wrong: a refusal, a drop, or a code of failure.
fn is_error(event: &EventRef<'_>) -> bool {
    let refused = matches!(
        event.kind(),
        Kind::SocketRefused | Kind::MessageDropped | Kind::QuotaRefused | Kind::PolicyDenied
    );
    refused || (event.kind() == Kind::Decision && event.code().is_some_and(|code| code >= 0x80))
}

/// A table of plain text, and the first error in a line of its own.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.clients().map(|client| client.client.chars().count()).max().unwrap_or(0).max(6);
        writeln!(f, "{:width$}       sent   received       lost  published   messages", "client")?;
        for c in self.clients() {
            let (sent, received, lost, published) = (c.sent, c.received, c.lost, c.published);
            writeln!(
                f,
                "{:width$} {sent:>10} {received:>10} {lost:>10} {published:>10} {:>10}",
                c.client, c.messages
            )?;
        }
        match &self.first_error {
            Some(line) => writeln!(f, "\nfirst error: {line}"),
            None => Ok(()),
        }
    }
}
