//! A bill with its prices: a line for each thing that was metered.

use super::{Bill, Item, Metered, Prices, Usd};
use crate::rule::{RuleId, aws};
use std::fmt;

/// The rule that names what is not metered.
const FREE: RuleId = aws("aws.metering.free");

/// One line of a bill.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// What was metered.
    pub item: Item,
    /// How often, and in how many units.
    pub metered: Metered,
    /// What it costs; `None` where no price is known.
    pub cost: Option<Usd>,
}

/// A bill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// What it was made with.
    pub prices: Prices,
    /// What was metered, in the order of [`Item`]; what did not occur has no line.
    pub lines: Vec<Line>,
    /// How often there was what nothing is charged for, by its name.
    pub free: Vec<(&'static str, u64)>,
    /// The sum, without the lines that have no price.
    pub total: Usd,
}

impl Statement {
    pub(super) fn of(bill: &Bill, prices: &Prices) -> Self {
        let mut before = 0;
        let mut lines = Vec::new();
        for item in Item::all() {
            let metered = bill.of(item);
            if metered.count == 0 {
                continue;
            }
            // The lower prices of many messages hold for all kinds of messages together.
            let cost = prices.cost(item.key(), before, metered.units);
            if item.key() == super::Key::Messages {
                before += metered.units;
            }
            lines.push(Line { item, metered, cost });
        }
        let total = Usd(lines.iter().filter_map(|line| line.cost).map(|cost| cost.0).sum());
        Self { prices: prices.clone(), lines, free: bill.free().collect(), total }
    }

    /// How many units of messages there are.
    pub fn messages(&self) -> u64 {
        let messages = self.lines.iter().filter(|line| line.item.key() == super::Key::Messages);
        messages.map(|line| line.metered.units).sum()
    }

    /// The rule that names what is in `free`.
    pub const fn free_rule(&self) -> RuleId {
        FREE
    }
}

/// A table of plain text, with the prices and how each is known.
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = self.prices.region();
        writeln!(f, "{:18} {:>9} {:>9} {:>15}  rule", format!("bill, {region}"), "count", "units", "USD")?;
        for Line { item, metered: Metered { count, units }, cost } in &self.lines {
            let cost = cost.map_or_else(|| "no price".to_owned(), |cost| cost.to_string());
            writeln!(f, "{:18} {count:>9} {units:>9} {cost:>15}  {}", item.name(), item.rule().id)?;
        }
        writeln!(f, "{:18} {:>9} {:>9} {:>15}", "total", "", "", self.total)?;
        if !self.free.is_empty() {
            let free: Vec<_> = self.free.iter().map(|(name, count)| format!("{name} {count}")).collect();
            writeln!(f, "not metered: {}  {}", free.join(", "), FREE.id)?;
        }
        for (key, price) in self.prices.iter() {
            write!(f, "price of a million {key}: {}, {}", price.usd(), price.certainty)?;
            if !price.date.is_empty() {
                write!(f, ", as of {}: {}", price.date, price.source)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
