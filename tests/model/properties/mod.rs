//! The properties that hold in every run. Each looks at what happened, and at nothing of the broker's insides.

mod aliases;
mod bounds;
mod causes;
mod delivered;
mod exactly_once;
mod expiry;
mod fates;
mod identifiers;
mod order;
mod pace;
mod packet_size;
mod peace;
mod permission;
mod receive_maximum;
mod receivers;
mod retained;
mod session_present;
mod wills;

use crate::history::History;
use crate::ledger::Ledger;
use crate::sessions::Sessions;

/// What the properties look at.
pub(crate) struct Model<'a> {
    pub(crate) history: &'a History<'a>,
    pub(crate) sessions: &'a Sessions<'a>,
    pub(crate) ledger: &'a Ledger<'a>,
}

/// Where a property does not hold.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    pub(crate) property: &'static str,
    /// The event that shows it.
    pub(crate) seq: u32,
    pub(crate) what: String,
}

/// What is wrong: event and words.
type Faults = Vec<(u32, String)>;

/// The name of a property, and what finds where it does not hold.
type Property = (&'static str, fn(&Model<'_>) -> Faults);

const PROPERTIES: [Property; 18] = [
    ("causes", causes::check),
    ("session present", session_present::check),
    ("fates", fates::check),
    ("receivers", receivers::check),
    ("retained", retained::check),
    ("exactly once", exactly_once::check),
    ("order", order::check),
    ("receive maximum", receive_maximum::check),
    ("packet identifiers", identifiers::check),
    ("wills", wills::check),
    ("bounds", bounds::check),
    ("expiry", expiry::check),
    ("delivered", delivered::check),
    ("peace", peace::check),
    ("permission", permission::check),
    ("topic aliases", aliases::check),
    ("packet size", packet_size::check),
    ("pace", pace::check),
];

/// Everything that is wrong with a run.
pub(crate) fn check(model: &Model<'_>) -> Vec<Broken> {
    let mut broken = Vec::new();
    for (property, check) in PROPERTIES {
        broken.extend(check(model).into_iter().map(|(seq, what)| Broken { property, seq, what }));
    }
    broken
}
