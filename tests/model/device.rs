//! What a client must remember, from the packets that it sent and received.

use crate::history::Fact;
use glassbroker::broker::{By, Kind};
use glassbroker::client::Action;
use glassbroker::sim::Input;
use glassbroker::wire::{Packet, QoS, Version};
use std::collections::{BTreeMap, BTreeSet};

/// One of the client's own messages under way.
#[derive(Clone, Copy)]
pub(crate) struct Flight {
    pub(crate) message: Option<u32>,
    /// Whether it was sent on the present connection.
    pub(crate) counts: bool,
}

/// The session state of one client (4.1), and its connection.
#[derive(Default)]
pub(crate) struct Device {
    /// How often its memory was emptied.
    pub(crate) memory: u32,
    /// QoS 2 messages that it has and that were not released.
    pub(crate) incoming: BTreeSet<u16>,
    pub(crate) flights: BTreeMap<u16, Flight>,
    pub(crate) connected: bool,
    /// The server's Receive Maximum.
    pub(crate) limit: u16,
    off: bool,
    disk: Option<(u32, BTreeSet<u16>, BTreeMap<u16, Flight>)>,
    asked_expiry_s: u32,
    ends_with_connection: bool,
}

impl Device {
    fn forget(&mut self) {
        self.memory += 1;
        self.incoming.clear();
        self.flights.clear();
    }

    /// What a restart may find again is what the session had, unless that ended with the connection.
    fn crashes(&mut self) {
        if !std::mem::replace(&mut self.off, true) {
            let disk = (self.memory, self.incoming.clone(), self.flights.clone());
            self.disk = Some(disk).filter(|_| !self.ends_with_connection);
        }
        self.forget();
        self.connected = false;
    }

    /// Takes an event about this client.
    pub(crate) fn read(&mut self, fact: &Fact<'_>) {
        match (fact.by, fact.kind, &fact.packet) {
            (By::User, Kind::Input, _) => match fact.input {
                Some(Input::Client { action: Action::Crash, .. }) => self.crashes(),
                Some(Input::Client { action: Action::Restart { keep_session }, .. }) => {
                    if let Some(disk) = std::mem::take(&mut self.disk).filter(|_| *keep_session) {
                        (self.memory, self.incoming, self.flights) = disk;
                    }
                    self.off = false;
                }
                _ => {}
            },
            (By::Client, Kind::SocketClosed, _) => {
                self.connected = false;
                if std::mem::take(&mut self.ends_with_connection) {
                    self.forget();
                }
            }
            (By::Client, Kind::PacketSent, Some(packet)) => self.sends(packet, fact.message),
            (By::Client, Kind::PacketReceived, Some(packet)) => self.receives(packet),
            _ => {}
        }
    }

    fn sends(&mut self, packet: &Packet, message: Option<u32>) {
        match packet {
            Packet::Connect(connect) => {
                if connect.clean_start {
                    self.forget();
                }
                self.flights.values_mut().for_each(|flight| flight.counts = false);
                self.limit = u16::MAX;
                self.asked_expiry_s = match (connect.version, connect.clean_start) {
                    (Version::V3, true) => 0,
                    (Version::V3, false) => u32::MAX,
                    (Version::V5, _) => connect.properties.session_expiry_interval().unwrap_or(0),
                };
            }
            Packet::Disconnect(disconnect) => {
                if let Some(s) = disconnect.properties.session_expiry_interval() {
                    self.ends_with_connection = s == 0;
                }
            }
            Packet::Publish(publish) if publish.qos != QoS::AtMostOnce => {
                self.flights.insert(publish.id, Flight { message, counts: true });
            }
            _ => {}
        }
    }

    fn receives(&mut self, packet: &Packet) {
        match packet {
            Packet::Connack(connack) if connack.is_accepted() => {
                self.connected = true;
                if !connack.session_present {
                    self.forget();
                }
                self.limit = connack.properties.receive_maximum().unwrap_or(u16::MAX);
                let granted = connack.properties.session_expiry_interval();
                self.ends_with_connection = granted.unwrap_or(self.asked_expiry_s) == 0;
            }
            Packet::Publish(publish) if publish.qos == QoS::ExactlyOnce => {
                self.incoming.insert(publish.id);
            }
            Packet::Pubrel(ack) => {
                self.incoming.remove(&ack.id);
            }
            Packet::Puback(ack) | Packet::Pubcomp(ack) => {
                self.flights.remove(&ack.id);
            }
            Packet::Pubrec(ack) if ack.code.is_failure() => {
                self.flights.remove(&ack.id);
            }
            _ => {}
        }
    }
}

/// The clients that have their identifier to themselves.
#[derive(Default)]
pub(crate) struct Devices<'a>(pub(crate) BTreeMap<&'a str, Device>);

impl<'a> Devices<'a> {
    /// The client of an event.
    pub(crate) fn of(&mut self, fact: &Fact<'a>) -> &mut Device {
        self.0.entry(fact.client).or_default()
    }
}
