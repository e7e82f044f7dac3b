//! `broker.bill({ prices })`: what the run would be billed as, as plain data. `docs` of each field are in
//! `www/headless/glassbroker.d.ts`.

use crate::account::metering::{Bill, Metered, Prices, Statement};
use crate::sim::Run;
use crate::trace::Level;
use serde::Serialize;

/// Millionths of a US dollar, and millionths of those.
const MICRO: f64 = 1e6;
const PICO: f64 = 1e12;

/// The bill as it is now.
#[derive(Serialize)]
pub(super) struct BillView {
    t: u64,
    region: &'static str,
    lines: Vec<LineView>,
    total_usd: f64,
    free: Vec<FreeView>,
    prices: Vec<PriceView>,
    left_out: u32,
}

#[derive(Serialize)]
struct LineView {
    item: &'static str,
    rule: &'static str,
    count: u64,
    units: u64,
    usd: Option<f64>,
}

#[derive(Serialize)]
struct FreeView {
    item: &'static str,
    rule: &'static str,
    count: u64,
}

#[derive(Serialize)]
struct PriceView {
    of: &'static str,
    usd: f64,
    certainty: &'static str,
    date: &'static str,
    source: &'static str,
}

impl BillView {
    /// Reads the whole trace.
    ///
    /// # Errors
    /// Where the trace keeps too little for a bill, or the prices are wrong.
    pub(super) fn of(run: &Run, prices: &str) -> Result<Self, String> {
        let prices = Prices::parse(prices)?;
        let trace = run.trace();
        if trace.level() != Level::Full {
            return Err("the bill is read from a trace of the level \"full\"".to_owned());
        }
        let mut bill = Bill::default();
        trace.range(0..u32::MAX).for_each(|event| bill.take(&event));
        let statement = bill.statement(&prices, run.head());
        Ok(Self { t: run.head().0, left_out: trace.first_seq(), ..Self::shown(&statement) })
    }

    fn shown(statement: &Statement) -> Self {
        let lines = statement.lines.iter().map(|line| {
            let Metered { count, units } = line.metered;
            let usd = line.cost.map(|cost| cost.0 as f64 / PICO);
            LineView { item: line.item.name(), rule: line.item.rule().id, count, units, usd }
        });
        let rule = statement.free_rule().id;
        let free = statement.free.iter().map(|(item, count)| FreeView { item, rule, count: *count });
        let prices = statement.prices.iter().map(|(of, price)| PriceView {
            of,
            usd: price.micro_usd as f64 / MICRO,
            certainty: price.certainty,
            date: price.date,
            source: price.source,
        });
        Self {
            t: 0,
            region: statement.prices.region(),
            lines: lines.collect(),
            total_usd: statement.total.0 as f64 / PICO,
            free: free.collect(),
            prices: prices.collect(),
            left_out: 0,
        }
    }
}
