//! How many packets there are in each stretch of time, at every zoom: sparse buckets of powers of four.

use super::Window;
use crate::time::SimTime;
use crate::wire::PacketType;

/// What a packet is for: one colour and one letter each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Class {
    /// CONNECT, CONNACK, AUTH.
    Connect,
    /// PUBLISH at QoS 0.
    Publish0,
    /// PUBLISH at QoS 1.
    Publish1,
    /// PUBLISH at QoS 2.
    Publish2,
    /// PUBACK, PUBREC, PUBREL, PUBCOMP.
    Ack,
    /// SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK.
    Subscribe,
    /// PINGREQ, PINGRESP.
    Ping,
    /// DISCONNECT.
    Disconnect,
}

/// Every class, in the order of its number.
pub const CLASSES: [Class; 8] = [
    Class::Connect,
    Class::Publish0,
    Class::Publish1,
    Class::Publish2,
    Class::Ack,
    Class::Subscribe,
    Class::Ping,
    Class::Disconnect,
];

impl Class {
    /// The class of a packet; `qos` counts for PUBLISH only.
    pub fn of(packet: PacketType, qos: u8) -> Self {
        match packet {
            PacketType::Connect | PacketType::Connack | PacketType::Auth => Self::Connect,
            PacketType::Publish => match qos {
                0 => Self::Publish0,
                1 => Self::Publish1,
                _ => Self::Publish2,
            },
            PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp => Self::Ack,
            PacketType::Subscribe | PacketType::Suback | PacketType::Unsubscribe | PacketType::Unsuback => {
                Self::Subscribe
            }
            PacketType::Pingreq | PacketType::Pingresp => Self::Ping,
            PacketType::Disconnect => Self::Disconnect,
        }
    }
}

/// The shortest bucket is 2^12 µs, about four milliseconds; each level is four times longer.
const FIRST_BITS: u32 = 12;
const LEVELS: u32 = 11;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    index: u64,
    count: u32,
    classes: [u16; CLASSES.len()],
}

/// Counts of packets over time. Moments must come in order.
#[derive(Clone, Debug, Default)]
pub struct Density {
    levels: Vec<Vec<Bucket>>,
}

/// One stretch of time with packets in it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bin {
    /// Where it begins.
    pub from: SimTime,
    /// How long it is, in microseconds.
    pub length_us: u64,
    /// How many packets.
    pub count: u32,
    /// What most of them are.
    pub class: Class,
}

impl Density {
    /// Counts one packet.
    pub fn add(&mut self, at: SimTime, class: Class) {
        if self.levels.is_empty() {
            self.levels.resize_with(LEVELS as usize, Vec::new);
        }
        for (level, buckets) in (0..).zip(&mut self.levels) {
            let index = at.0 >> (FIRST_BITS + 2 * level);
            if buckets.last().is_none_or(|last| last.index != index) {
                buckets.push(Bucket { index, count: 0, classes: [0; CLASSES.len()] });
            }
            if let Some(bucket) = buckets.last_mut() {
                bucket.count += 1;
                let class = &mut bucket.classes[class as usize];
                *class = class.saturating_add(1);
            }
        }
    }

    /// The stretches of a window up to `end`, each about `px` pixels wide or a little wider, in order.
    pub fn bins(&self, window: &Window, end: SimTime, px: f64) -> impl Iterator<Item = Bin> {
        let least = window.us_per_px() * px;
        let level = (0..LEVELS)
            .find(|level| (1u64 << (FIRST_BITS + 2 * level)) as f64 >= least)
            .unwrap_or(LEVELS - 1);
        let bits = FIRST_BITS + 2 * level;
        let buckets: &[Bucket] = self.levels.get(level as usize).map_or(&[], Vec::as_slice);
        let (from, to) = (window.from.0 >> bits, window.to().0.min(end.0));
        let first = buckets.partition_point(|bucket| bucket.index < from);
        buckets[first..].iter().take_while(move |bucket| bucket.index << bits <= to).map(move |bucket| {
            let most = (0..CLASSES.len()).max_by_key(|i| (bucket.classes[*i], usize::MAX - i)).unwrap_or(0);
            Bin {
                from: SimTime(bucket.index << bits),
                length_us: 1 << bits,
                count: bucket.count,
                class: CLASSES[most],
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_packet_is_counted_once_at_every_zoom() {
        let mut density = Density::default();
        for i in 0..1000u64 {
            let class = if i % 3 == 0 { Class::Ack } else { Class::Publish1 };
            density.add(SimTime(i * 7_919), class);
        }
        for length_us in [10_000_000, 100_000_000, 1_000_000_000, 100_000_000_000] {
            let window = Window::new(SimTime::ZERO, SimTime(length_us), 800.0);
            let bins: Vec<Bin> = density.bins(&window, SimTime::END, 3.0).collect();
            assert_eq!(bins.iter().map(|bin| bin.count).sum::<u32>(), 1000);
            assert!(bins.iter().filter(|bin| bin.count > 2).all(|bin| bin.class == Class::Publish1));
            assert!(bins.len() < 800);
        }
    }

    #[test]
    fn a_window_shows_its_own_part() {
        let mut density = Density::default();
        for s in 0..10 {
            density.add(SimTime(s * 1_000_000), Class::Ping);
        }
        let window = Window::new(SimTime(3_000_000), SimTime(6_500_000), 1000.0);
        let count = |end| density.bins(&window, end, 1.0).map(|bin| bin.count).sum::<u32>();
        assert_eq!(count(SimTime::END), 4);
        assert_eq!(count(SimTime(4_500_000)), 2);
    }
}
