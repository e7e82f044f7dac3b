//! What was sent at QoS 1 or 2 and is not yet fully acknowledged.

use super::Cause;
use super::publication::{Ids, Publication};
use crate::time::SimTime;
use crate::wire::QoS;
use std::collections::VecDeque;
use std::sync::Arc;

/// How many Packet Identifiers there are.
const ALL: u32 = 65_535;

/// How far the handshake of one message is.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// PUBLISH was sent; PUBACK or PUBREC is awaited, and the message kept for sending it again.
    Published(Arc<Publication>),
    /// PUBREC came, PUBREL was sent; PUBCOMP is awaited.
    Released,
}

/// One message under way.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) step: Step,
    pub(super) qos: QoS,
    pub(super) retain: bool,
    pub(super) ids: Ids,
    /// The shared subscription that it is for: [`super::shared::Group::serial`]; 0 for none.
    pub(super) group: u32,
    /// The delivery's cause: the events of its handshake keep its message.
    pub(super) cause: Cause,
    /// When it was first sent, and when last.
    pub(super) first_at: SimTime,
    pub(super) sent_at: SimTime,
    /// Whether it was sent on the present connection, and so took one of its send quota.
    pub(super) counts: bool,
}

/// Messages under way to one client, in the order of sending. Packet Identifiers are handed out in sequence, so that one
/// is found by its distance from the first; where one was acknowledged out of order a hole stays until it is first.
#[derive(Clone, Debug)]
pub(super) struct Inflight {
    flights: VecDeque<Option<Flight>>,
    /// The identifier of the first.
    first: u16,
    len: usize,
    /// The topics, payloads and properties of all that are kept for sending them again.
    bytes: usize,
}

impl Flight {
    fn bytes(&self) -> usize {
        match &self.step {
            Step::Published(publication) => publication.size(),
            Step::Released => 0,
        }
    }
}

impl Default for Inflight {
    fn default() -> Self {
        Self { flights: VecDeque::new(), first: 1, len: 0, bytes: 0 }
    }
}

/// The identifier `distance` after `id`; 0 is left out.
const fn after(id: u16, distance: u32) -> u16 {
    ((id as u32 - 1 + distance) % ALL + 1) as u16
}

impl Inflight {
    /// How many are under way.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// How many bytes are kept for sending them again.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether an identifier can be given: the oldest that is still in use must not come round.
    pub(super) fn has_id(&self) -> bool {
        self.flights.len() < ALL as usize
    }

    /// Adds one under the next identifier. Ask [`Self::has_id`] first.
    pub(super) fn add(&mut self, flight: Flight) -> u16 {
        let id = after(self.first, self.flights.len() as u32);
        self.bytes += flight.bytes();
        self.flights.push_back(Some(flight));
        self.len += 1;
        id
    }

    /// The identifier that [`Self::add`] will give: not 0 and not in use. [MQTT-2.3.1-4] [5.0 MQTT-2.2.1-4]
    pub(super) fn next_id(&self) -> u16 {
        after(self.first, self.flights.len() as u32)
    }

    fn index(&self, id: u16) -> Option<usize> {
        if id == 0 {
            return None;
        }
        Some(((u32::from(id) + ALL - u32::from(self.first)) % ALL) as usize)
    }

    pub(super) fn get(&self, id: u16) -> Option<&Flight> {
        self.flights.get(self.index(id)?)?.as_ref()
    }

    /// The client has one: the message is not kept any more. Says nothing where there is none of this identifier.
    pub(super) fn release(&mut self, id: u16) {
        if let Some(flight) = self.get_mut(id) {
            let released_bytes = flight.bytes();
            flight.step = Step::Released;
            self.bytes -= released_bytes;
        }
    }

    pub(super) fn get_mut(&mut self, id: u16) -> Option<&mut Flight> {
        let index = self.index(id)?;
        self.flights.get_mut(index)?.as_mut()
    }

    /// Ends one; its identifier is free again.
    pub(super) fn take(&mut self, id: u16) -> Option<Flight> {
        let index = self.index(id)?;
        let flight = self.flights.get_mut(index)?.take()?;
        self.len -= 1;
        self.bytes -= flight.bytes();
        while matches!(self.flights.front(), Some(None)) {
            self.flights.pop_front();
            self.first = after(self.first, 1);
        }
        Some(flight)
    }

    /// A new connection begins with its whole send quota: nothing has taken any of it.
    pub(super) fn begin_connection(&mut self) {
        self.flights.iter_mut().flatten().for_each(|flight| flight.counts = false);
    }

    /// All with their identifiers, in the order of sending.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u16, &Flight)> {
        let first = self.first;
        self.flights
            .iter()
            .enumerate()
            .filter_map(move |(at, slot)| Some((after(first, at as u32), slot.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flight() -> Flight {
        Flight {
            step: Step::Released,
            qos: QoS::ExactlyOnce,
            retain: false,
            ids: Ids::None,
            group: 0,
            cause: Cause::NONE,
            first_at: SimTime::ZERO,
            sent_at: SimTime::ZERO,
            counts: true,
        }
    }

    #[test]
    fn identifiers_go_round_and_leave_out_zero_and_what_is_in_use() {
        let mut inflight = Inflight::default();
        for n in 0..200_000u32 {
            assert_eq!(inflight.next_id(), (n % ALL + 1) as u16);
            let id = inflight.add(flight());
            assert!(inflight.take(id).is_some() && inflight.take(id).is_none());
        }
        let first = inflight.add(flight());
        for _ in 1..ALL {
            let id = inflight.add(flight());
            inflight.take(id);
        }
        assert!(!inflight.has_id() && inflight.len() == 1);
        assert!(inflight.take(first).is_some());
        assert!(inflight.has_id() && inflight.len() == 0 && inflight.take(0).is_none());
    }

    #[test]
    fn order_is_that_of_sending_whatever_is_acknowledged() {
        let mut inflight = Inflight::default();
        let ids: Vec<u16> = (0..5).map(|_| inflight.add(flight())).collect();
        inflight.take(ids[2]);
        inflight.take(ids[0]);
        assert_eq!(inflight.iter().map(|(id, _)| id).collect::<Vec<_>>(), [ids[1], ids[3], ids[4]]);
        assert!(inflight.get(ids[3]).is_some() && inflight.get(ids[2]).is_none());
    }
}
