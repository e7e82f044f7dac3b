//! What the broker counts of itself, for `$SYS`.

use crate::time::SimTime;

/// Counts since the broker began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    /// When it began.
    pub(super) began: SimTime,
    pub(super) bytes_received: u64,
    pub(super) bytes_sent: u64,
    /// Packets of every type.
    pub(super) messages_received: u64,
    pub(super) messages_sent: u64,
    pub(super) publish_received: u64,
    pub(super) publish_sent: u64,
    /// Messages that found a queue full.
    pub(super) publish_dropped: u64,
    /// Bytes of payloads.
    pub(super) publish_bytes_received: u64,
    pub(super) publish_bytes_sent: u64,
    /// CONNECT packets.
    pub(super) connections: u64,
    pub(super) sockets: u64,
    /// Clients that are connected now.
    pub(super) connected: u64,
    /// The most that were at once.
    pub(super) connected_maximum: u64,
    /// Sessions whose expiry has passed.
    pub(super) expired: u64,
}

impl Counted {
    pub(super) fn connect(&mut self) {
        self.connected += 1;
        self.connected_maximum = self.connected_maximum.max(self.connected);
    }

    /// What is averaged over time, in the order of [`LOADS`].
    const fn flows(&self) -> [u64; LOADS.len()] {
        [
            self.bytes_received,
            self.bytes_sent,
            self.connections,
            self.messages_received,
            self.messages_sent,
            self.publish_dropped,
            self.publish_received,
            self.publish_sent,
            self.sockets,
        ]
    }
}

/// The names of what is averaged.
pub(super) const LOADS: [&str; 9] = [
    "bytes/received",
    "bytes/sent",
    "connections",
    "messages/received",
    "messages/sent",
    "publish/dropped",
    "publish/received",
    "publish/sent",
    "sockets",
];

/// The names of the averages.
pub(super) const WINDOWS: [&str; 3] = ["1min", "5min", "15min"];

/// What is left after a second of the weight of the past, in each window: e^(-1/60), e^(-1/300) and e^(-1/900) times 2^32.
const LEFT_AFTER_1_S: [u64; 3] = [4_223_977_731, 4_280_674_573, 4_290_197_760];

/// Moving averages of how many there are a minute, times 2^32.
#[derive(Clone, Debug, Default)]
pub(super) struct Loads {
    at: SimTime,
    before: [u64; LOADS.len()],
    averages: [[u64; WINDOWS.len()]; LOADS.len()],
}

impl Loads {
    pub(super) fn since(at: SimTime) -> Self {
        Self { at, ..Self::default() }
    }

    /// Goes on to now. Whole seconds are enough.
    pub(super) fn update(&mut self, now: SimTime, counted: &Counted) {
        let passed_s = now.since(self.at).as_s();
        if passed_s == 0 {
            return;
        }
        let flows = counted.flows();
        let left = LEFT_AFTER_1_S.map(|left| power(left, passed_s));
        for ((averages, now), before) in self.averages.iter_mut().zip(flows).zip(self.before) {
            let a_minute = (u128::from(now.saturating_sub(before)) << 32) * 60 / u128::from(passed_s);
            for (average, left) in averages.iter_mut().zip(left) {
                let new = u128::from(*average) * u128::from(left) + a_minute * u128::from((1 << 32) - left);
                *average = u64::try_from(new >> 32).unwrap_or(u64::MAX);
            }
        }
        (self.at, self.before) = (now, flows);
    }

    /// Each average with its name, as Mosquitto writes it: with two digits after the point.
    pub(super) fn each(&self) -> impl Iterator<Item = (String, String)> {
        self.averages.iter().zip(LOADS).flat_map(|(averages, name)| {
            averages.iter().zip(WINDOWS).map(move |(average, window)| {
                let hundredths = (u128::from(*average) * 100 + (1 << 31)) >> 32;
                (format!("load/{name}/{window}"), format!("{}.{:02}", hundredths / 100, hundredths % 100))
            })
        })
    }
}

/// A fraction times 2^32, to the power of `n`.
fn power(fraction: u64, mut n: u64) -> u64 {
    let times = |a: u64, b: u64| ((u128::from(a) * u128::from(b)) >> 32) as u64;
    let (mut result, mut square) = (1 << 32, fraction);
    while n > 0 {
        if n & 1 == 1 {
            result = times(result, square);
        }
        square = times(square, square);
        n >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn averages(loads: &Loads, name: &str) -> Vec<String> {
        loads.each().filter(|(topic, _)| topic.starts_with(name)).map(|(_, value)| value).collect()
    }

    #[test]
    fn averages_follow_what_flows_and_forget_it() {
        let mut loads = Loads::default();
        let mut counted = Counted { connections: 1, ..Counted::default() };
        loads.update(SimTime(2_000_000), &counted);
        // 30 a minute for 2 s: 30 (1 - e^(-2/60)), 30 (1 - e^(-2/300)), 30 (1 - e^(-2/900)); Mosquitto says the same.
        assert_eq!(averages(&loads, "load/connections"), ["0.98", "0.20", "0.07"]);
        // 60 a minute for long: 60.
        for s in 1..=7_200 {
            counted.connections += 1;
            loads.update(SimTime((2 + s) * 1_000_000), &counted);
        }
        assert_eq!(averages(&loads, "load/connections"), ["60.00", "60.00", "59.98"]);
        loads.update(SimTime(7_262 * 1_000_000), &counted);
        // After a minute of nothing: 60/e, 60 e^(-1/5), 60 e^(-1/15).
        assert_eq!(averages(&loads, "load/connections"), ["22.07", "49.12", "56.11"]);
        loads.update(SimTime(u64::MAX), &counted);
        assert_eq!(averages(&loads, "load/connections"), ["0.00"; 3]);
    }
}
