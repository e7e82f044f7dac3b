//! How many connections are open, altogether and from each address.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts connections, from the moment that the system hands them over.
#[derive(Debug)]
pub(super) struct Gate {
    most: usize,
    most_per_address: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    count: usize,
    by_address: BTreeMap<IpAddr, usize>,
}

/// One connection's place; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Place {
    gate: Arc<Gate>,
    address: IpAddr,
}

impl Gate {
    pub(super) fn new(most: usize, most_per_address: usize) -> Arc<Self> {
        Arc::new(Self { most, most_per_address, open: Mutex::default() })
    }

    /// A place for a connection from this address.
    ///
    /// # Errors
    /// Says which bound is reached.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr) -> Result<Place, &'static str> {
        // One peer that comes by IPv4 to a socket of both families is the same peer.
        let address = address.to_canonical();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.count >= self.most {
            return Err("too many connections");
        }
        let from_here = open.by_address.entry(address).or_default();
        if *from_here >= self.most_per_address {
            return Err("too many connections from one address");
        }
        *from_here += 1;
        open.count += 1;
        Ok(Place { gate: Arc::clone(self), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.gate.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.count -= 1;
        if let Some(from_here) = open.by_address.get_mut(&self.address) {
            *from_here -= 1;
            if *from_here == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_all_and_by_address_and_given_back() {
        let gate = Gate::new(3, 2);
        let [a, b]: [IpAddr; 2] = ["127.0.0.1", "127.0.0.2"].map(|text| text.parse().unwrap());
        let mapped: IpAddr = "::ffff:127.0.0.1".parse().unwrap();
        let first = gate.enter(a).unwrap();
        let _second = gate.enter(mapped).unwrap();
        assert_eq!(gate.enter(a).unwrap_err(), "too many connections from one address");
        let _third = gate.enter(b).unwrap();
        assert_eq!(gate.enter(b).unwrap_err(), "too many connections");
        drop(first);
        let _again = gate.enter(a).unwrap();
        assert!(gate.enter(b).is_err());
    }
}
