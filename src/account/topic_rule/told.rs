//! What the events of topic rules say, for the bill and the metrics.

use crate::trace::EventRef;

/// What the condition says that does not hold.
pub(super) const NOT_TRUE: &str = "WHERE is not true";
/// What an action says that published.
pub(super) const REPUBLISHED: &str = "republished";

/// What one event of a rule says.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct RuleTold {
    /// That the rule looks at a message, where no event said so before.
    pub(crate) matched: bool,
    /// That it does something with it, where no event said so before.
    pub(crate) executed: bool,
    /// That an action was done.
    pub(crate) acted: bool,
    /// That there is no such rule.
    pub(crate) not_found: bool,
}

/// Reads the events of rules in their order: those of one rule about one message follow each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleReader {
    last: Option<(Option<u32>, String)>,
}

impl RuleReader {
    /// Takes the next event that a rule noted.
    pub(crate) fn take(&mut self, event: &EventRef<'_>) -> RuleTold {
        let Some((name, said)) = event.why().split_once(": ") else {
            return RuleTold { not_found: true, ..RuleTold::default() };
        };
        let is_first =
            self.last.as_ref().is_none_or(|(cause, last)| (*cause, last.as_str()) != (event.cause(), name));
        self.last = Some((event.cause(), name.to_owned()));
        RuleTold {
            matched: is_first,
            executed: is_first && said != NOT_TRUE,
            acted: said == REPUBLISHED,
            not_found: false,
        }
    }
}
