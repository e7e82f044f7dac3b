//! A connection on its way between a client and the broker, and the places where connections are kept.

use super::link::{LinkSpec, Pipe};
use super::party::{ConnRef, Way};
use crate::broker::ConnId;
use crate::socket::End;
use crate::time::SimTime;

/// One WebSocket: two ends and two ways.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) party: u32,
    pub(super) up: Pipe,
    pub(super) down: Pipe,
    pub(super) client_end: End,
    pub(super) server_end: End,
    /// The broker's number for it, while the broker knows it.
    pub(super) broker: Option<ConnId>,
    /// How many bytes the broker thinks the link takes.
    pub(super) told_bytes: usize,
    /// Whether the client is gone without the broker's knowledge: whatever is sent to it is lost.
    pub(super) severed: bool,
    /// For each way the moment at which its sender's network stack gives up waiting for an acknowledgement that does not come.
    pub(super) gives_up: [Option<SimTime>; 2],
}

impl Connection {
    pub(super) fn new(party: u32, link: &LinkSpec) -> Self {
        Self {
            party,
            up: Pipe::new(link),
            down: Pipe::new(link),
            client_end: End::default(),
            server_end: End::default(),
            broker: None,
            told_bytes: 0,
            severed: false,
            gives_up: [None; 2],
        }
    }

    pub(super) const fn pipe(&mut self, way: Way) -> &mut Pipe {
        match way {
            Way::Up => &mut self.up,
            Way::Down => &mut self.down,
        }
    }
}

/// The connections, by number; a number is given again after its connection is over.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections {
    places: Vec<(u32, Option<Box<Connection>>)>,
    free: Vec<u32>,
    /// For each of the broker's numbers, the place of the connection.
    by_broker: Vec<Option<ConnRef>>,
}

impl Connections {
    pub(super) fn add(&mut self, connection: Connection) -> ConnRef {
        let connection = Some(Box::new(connection));
        if let Some(index) = self.free.pop()
            && let Some(place) = self.places.get_mut(index as usize)
        {
            place.0 = place.0.wrapping_add(1);
            place.1 = connection;
            return ConnRef { index, generation: place.0 };
        }
        let index = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push((0, connection));
        ConnRef { index, generation: 0 }
    }

    /// The connection, unless it is over.
    pub(super) fn get(&mut self, conn: ConnRef) -> Option<&mut Connection> {
        match self.places.get_mut(conn.index as usize) {
            Some((generation, Some(connection))) if *generation == conn.generation => Some(connection),
            _ => None,
        }
    }

    /// The same, to look at.
    pub(super) fn read(&self, conn: ConnRef) -> Option<&Connection> {
        let (generation, connection) = self.places.get(conn.index as usize)?;
        connection.as_deref().filter(|_| *generation == conn.generation)
    }

    /// The connections of a party that are not over, half open ones included.
    pub(super) fn of_party(&self, party: u32) -> Vec<ConnRef> {
        let places = self.places.iter().zip(0..);
        let of_party = |place: &Option<Box<Connection>>| place.as_ref().is_some_and(|one| one.party == party);
        places
            .filter(|((_, place), _)| of_party(place))
            .map(|((generation, _), index)| ConnRef { index, generation: *generation })
            .collect()
    }

    /// The connection that the broker has this number for.
    pub(super) fn of_broker(&self, id: ConnId) -> Option<ConnRef> {
        self.by_broker.get(id.0 as usize).copied().flatten()
    }

    /// Notes the broker's number for a connection.
    pub(super) fn known_to_broker(&mut self, conn: ConnRef, id: ConnId) {
        let at = id.0 as usize;
        if self.by_broker.len() <= at {
            self.by_broker.resize(at + 1, None);
        }
        self.by_broker[at] = Some(conn);
        if let Some(connection) = self.get(conn) {
            connection.broker = Some(id);
        }
    }

    /// The broker knows the connection no more; the number that it had.
    pub(super) fn forgotten_by_broker(&mut self, conn: ConnRef) -> Option<ConnId> {
        let id = self.get(conn)?.broker.take()?;
        if let Some(place) = self.by_broker.get_mut(id.0 as usize) {
            *place = None;
        }
        Some(id)
    }

    pub(super) fn remove(&mut self, conn: ConnRef) {
        self.forgotten_by_broker(conn);
        if let Some((generation, place)) = self.places.get_mut(conn.index as usize)
            && *generation == conn.generation
            && place.take().is_some()
        {
            self.free.push(conn.index);
        }
    }

    /// Every connection that is not over, in the order of its place.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Connection> {
        self.places.iter().filter_map(|(_, connection)| connection.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_used_again_is_not_the_old_connection() {
        let mut connections = Connections::default();
        let first = connections.add(Connection::new(0, &LinkSpec::default()));
        connections.known_to_broker(first, ConnId(4));
        assert_eq!(connections.of_broker(ConnId(4)), Some(first));
        connections.remove(first);
        assert_eq!(connections.of_broker(ConnId(4)), None);
        let second = connections.add(Connection::new(1, &LinkSpec::default()));
        assert_eq!(second.index, first.index);
        assert!(connections.get(first).is_none());
        assert_eq!(connections.get(second).map(|connection| connection.party), Some(1));
        connections.remove(first);
        assert!(connections.get(second).is_some());
    }
}
