//! The bill, the metrics and the log of an account.

pub(crate) const TITLE: &str = "Bill";
pub(crate) const NO_PRICE: &str = "no price";
pub(crate) const TOTAL: &str = "total";
pub(crate) const NOT_METERED: &str = "Not metered: ";
pub(crate) const METRICS: &str = "Metrics";
pub(crate) const SAVE_METRICS: &str = "Save the metrics";
pub(crate) const SAVE_LOG: &str = "Save the log";
pub(crate) const REGION: &str = "US dollars for a million, in";
pub(crate) const NOT_KNOWN: &str = "not known";
