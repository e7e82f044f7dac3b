//! What is charged for a million of each thing that is metered: a dated table, of which the user may change each price.

use std::fmt;

/// One line a price: region, key, USD a million, how it is known (as in `rules/aws.tsv`), date, source.
const TABLE: &str = include_str!("prices.tsv");

/// What has a price, in the order of [`Key`].
const KEYS: [&str; 7] = [
    "connection_minutes",
    "messages",
    "messages_over_1b",
    "messages_over_5b",
    "shadow_operations",
    "rules",
    "actions",
];

/// Where the second and the third price of messages begin: how many units a month.
const TIERS: [u64; 2] = [1_000_000_000, 5_000_000_000];

/// What has a price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Key {
    ConnectionMinutes,
    Messages,
    MessagesOver1b,
    MessagesOver5b,
    ShadowOperations,
    Rules,
    Actions,
}

/// An amount of money in millionths of a millionth of a US dollar, which is what one of a million at a millionth of a dollar costs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Usd(pub u128);

/// One price, and how it is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Price {
    /// For a million, in millionths of a US dollar.
    pub micro_usd: u64,
    /// How it is known: documented, observed, unknown, or the user's own.
    pub certainty: &'static str,
    /// Of when it is, as exactly as that is known; empty for the user's own.
    pub date: &'static str,
    /// Who says so; empty for the user's own.
    pub source: &'static str,
}

/// The prices of one region.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prices {
    region: &'static str,
    prices: Box<[Option<Price>; KEYS.len()]>,
}

impl Default for Prices {
    fn default() -> Self {
        Self::named("us-east-1").unwrap_or(Self { region: "", prices: Box::new([None; KEYS.len()]) })
    }
}

impl Prices {
    /// The names of the regions of which a price is known, in the order of the table.
    pub fn regions() -> Vec<&'static str> {
        let mut regions: Vec<&str> = rows().filter_map(|row| row.first().copied()).collect();
        regions.dedup();
        regions
    }

    /// What has a price, by the names that a user writes.
    pub const fn keys() -> [&'static str; 7] {
        KEYS
    }

    /// The prices of a region, as far as they are known.
    ///
    /// # Errors
    /// Names the regions that there are.
    pub fn named(region: &str) -> Result<Self, String> {
        let mut found = Self { region: "", prices: Box::new([None; KEYS.len()]) };
        for row in rows() {
            let [name, key, usd, certainty, date, source] = row[..] else { continue };
            let index = KEYS.iter().position(|known| *known == key);
            if let (true, Some(index), Ok(micro_usd)) = (name == region, index, micro_usd(usd)) {
                found.region = name;
                let certainty = how_known(certainty);
                found.prices[index] = Some(Price { micro_usd, certainty, date, source });
            }
        }
        if found.region.is_empty() {
            return Err(format!(
                "no price is known of `{}`; there are prices of {}",
                region.escape_debug(),
                Self::regions().join(", ")
            ));
        }
        Ok(found)
    }

    /// What a user writes: a region, then prices of their own, with commas between, such as `eu-west-1,rules=0.15`. Each may be left out.
    ///
    /// # Errors
    /// Says what is wrong and what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut prices = Self::default();
        for (index, part) in text.split(',').map(str::trim).enumerate() {
            match part.split_once('=') {
                Some((key, usd)) => prices.set(key.trim(), usd.trim())?,
                None if index == 0 && part.is_empty() => {}
                None if index == 0 => prices = Self::named(part)?,
                None => {
                    return Err(format!(
                        "`{}`: a price is written as in `messages=1.00`",
                        part.escape_debug()
                    ));
                }
            }
        }
        Ok(prices)
    }

    /// Changes a price: US dollars for a million, with at most six decimals.
    ///
    /// # Errors
    /// Says what is wrong and what is allowed.
    pub fn set(&mut self, key: &str, usd: &str) -> Result<(), String> {
        let Some(index) = KEYS.iter().position(|known| *known == key) else {
            return Err(format!("`{}` has no price; prices have {}", key.escape_debug(), KEYS.join(", ")));
        };
        let micro_usd = micro_usd(usd)?;
        self.prices[index] = Some(Price { micro_usd, certainty: "your own", date: "", source: "" });
        Ok(())
    }

    /// The region that the prices were taken from.
    pub const fn region(&self) -> &'static str {
        self.region
    }

    /// A price, where it is known.
    pub fn of(&self, key: Key) -> Option<Price> {
        self.prices[key as usize]
    }

    /// Each price that is known, by its name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Price)> + '_ {
        KEYS.into_iter().zip(self.prices.iter()).filter_map(|(key, price)| Some((key, (*price)?)))
    }

    /// What so many cost when so many of the same went before in the month.
    pub fn cost(&self, key: Key, before: u64, count: u64) -> Option<Usd> {
        let first = self.of(key)?;
        if key != Key::Messages {
            return Some(first.times(count));
        }
        // Where no lower price is known, the one before goes on.
        let second = self.of(Key::MessagesOver1b).unwrap_or(first);
        let third = self.of(Key::MessagesOver5b).unwrap_or(second);
        let up_to = |units: u64| {
            let [one, five] = TIERS;
            first.times(units.min(one)).0
                + second.times(units.clamp(one, five) - one).0
                + third.times(units.max(five) - five).0
        };
        Some(Usd(up_to(before.saturating_add(count)) - up_to(before)))
    }
}

impl Price {
    /// The price of a million.
    pub const fn usd(self) -> Usd {
        Usd(self.micro_usd as u128 * 1_000_000)
    }

    fn times(self, count: u64) -> Usd {
        Usd(u128::from(self.micro_usd) * u128::from(count))
    }
}

/// The fields of each line.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    TABLE.lines().skip(1).map(|line| line.split('\t').collect())
}

fn how_known(letter: &str) -> &'static str {
    match letter {
        "D" => "documented",
        "O" => "observed",
        _ => "unknown",
    }
}

/// US dollars with at most six decimals, as millionths.
fn micro_usd(text: &str) -> Result<u64, String> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || decimals.len() > 6 || !digits(whole) || !digits(decimals) {
        return Err(format!(
            "`{}` is no price: it is US dollars for a million, such as 0.08, with at most six decimals",
            text.escape_debug()
        ));
    }
    format!("{whole}{decimals:0<6}").parse().map_err(|_| "too much".to_owned())
}

/// Dollars with two decimals, or as many as it takes.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ONE: u128 = 1_000_000_000_000;
        let decimals = format!("{:012}", self.0 % ONE);
        let (cents, rest) = decimals.split_at(2);
        f.pad(&format!("{}.{cents}{}", self.0 / ONE, rest.trim_end_matches('0')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_price_of_something() {
        for row in rows() {
            let [_, key, usd, certainty, date, source] = row[..] else { panic!("{row:?}") };
            assert!(KEYS.contains(&key) && micro_usd(usd).is_ok(), "{row:?}");
            assert!(
                ["D", "O", "U"].contains(&certainty) && !date.is_empty() && !source.is_empty(),
                "{row:?}"
            );
        }
    }

    /// [O3] [aws.metering.minutes] AWS's own example, of Ireland: 100,000 devices that are always on for 30 days, each with 325
    /// messages of 1 KB a day.
    #[test]
    fn the_worked_example_of_the_price_page_comes_out() {
        let prices = Prices::named("eu-west-1").unwrap();
        let minutes = prices.cost(Key::ConnectionMinutes, 0, 100_000 * 30 * 24 * 60).unwrap();
        let messages = prices.cost(Key::Messages, 0, 100_000 * 325 * 30).unwrap();
        assert_eq!((minutes.to_string(), messages.to_string()), ("345.60".to_owned(), "975.00".to_owned()));
    }

    /// Of 6 billion in Tokyo: one at 1.20, four at 0.96 and one at 0.84 a million.
    #[test]
    fn many_messages_cost_less_each() {
        let prices = Prices::named("ap-northeast-1").unwrap();
        let billion = 1_000_000_000;
        assert_eq!(prices.cost(Key::Messages, 0, 6 * billion).unwrap().to_string(), "5880.00");
        assert_eq!(prices.cost(Key::Messages, billion, billion).unwrap().to_string(), "960.00");
        assert_eq!(prices.cost(Key::Rules, 0, 1), None, "nobody says");
    }

    #[test]
    fn a_user_writes_prices_of_their_own() {
        let prices = Prices::parse("eu-west-1, rules=0.15,messages=2").unwrap();
        assert_eq!((prices.region(), prices.of(Key::Messages).unwrap().micro_usd), ("eu-west-1", 2_000_000));
        assert_eq!(prices.of(Key::Rules).unwrap().certainty, "your own");
        assert_eq!(Prices::parse("messages=0.000001").unwrap().cost(Key::Messages, 0, 1), Some(Usd(1)));
        for wrong in ["eu-west-9", "messages=", "messages=1,5", "messages=-1", "messages=1.0000001", "x=1"] {
            assert!(Prices::parse(wrong).is_err(), "{wrong}");
        }
    }
}
