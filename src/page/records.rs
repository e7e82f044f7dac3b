//! `broker.metrics()` and `broker.log()`: what the cloud would have recorded of the run.

use crate::account::records::{Log, Metrics};
use crate::sorted::Sorted;
use crate::trace::{Level, Trace};

/// Says that a trace keeps too little.
fn check(trace: &Trace) -> Result<(), &'static str> {
    match trace.level() {
        Level::Full => Ok(()),
        _ => Err("what the cloud records is read from a trace of the level \"full\""),
    }
}

/// The metrics so far, by name.
pub(super) fn metrics(trace: &Trace) -> Result<Sorted<Box<str>, u64>, &'static str> {
    check(trace)?;
    let metrics = Metrics::of(trace, u32::MAX);
    let mut named = Sorted::new();
    for (name, count) in metrics.iter() {
        named.insert(name.into(), count);
    }
    Ok(named)
}

/// The log so far.
pub(super) fn log(trace: &Trace) -> Result<String, &'static str> {
    check(trace)?;
    Ok(Log::written(trace, u32::MAX))
}
