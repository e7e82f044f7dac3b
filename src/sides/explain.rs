//! Why the two sides part: the rules that they cite, and the setting in which their profiles differ.

use super::fold::Sides;
use super::thing::{Step, Subject, Thing, What};
use crate::profile::{Profile, Setting};
use crate::rule::RuleId;
use crate::trace::Trace;

/// The rules that an event cites where a setting shows, besides the setting's own.
const SHOWN_BY: &[(&str, &[&str])] = &[("publish.qos_max", &["MQTT-3.2.2-10", "MQTT-3.2.2-11"])];
/// How many causes one looks back for a rule.
const LOOK_BACK: usize = 12;

/// Why a thing took other steps.
#[derive(Clone, Copy, Debug, Default)]
pub struct Why {
    /// The rule that each side followed.
    pub rules: [Option<RuleId>; 2],
    /// The setting in which the profiles differ, and which makes the difference.
    pub setting: Option<&'static Setting>,
    /// Whether an event cites the setting's rule. Else it is the one that can make such a difference.
    pub is_cited: bool,
}

impl Why {
    /// Why, by what the events cite; else, where `guess` says so, by the setting that can make such a difference.
    pub(super) fn find(
        about: &Thing,
        steps: [Option<Step>; 2],
        sides: &Sides,
        traces: [&Trace; 2],
        guess: bool,
    ) -> Self {
        let profiles = traces.map(|trace| &trace.header().profile);
        let cited = [0, 1].map(|side| cited(about, steps[side], traces[side], side));
        let is_of = |setting: &Setting, rule: RuleId| {
            let shown_by = SHOWN_BY.iter().find(|(key, _)| *key == setting.key);
            rule == setting.rule
                || profiles.iter().any(|profile| profile.rule(setting) == rule)
                || shown_by.is_some_and(|(_, rules)| rules.contains(&rule.id))
        };
        let names_it = |setting: &Setting, (rule, key): &(Option<RuleId>, &str)| {
            *key == setting.key || rule.is_some_and(|rule| is_of(setting, rule))
        };
        let differing: Vec<&'static Setting> = differing(profiles).collect();
        let cites = |steps: &Vec<(Option<RuleId>, &str)>| {
            steps.iter().find_map(|step| differing.iter().copied().find(|setting| names_it(setting, step)))
        };
        let found = cites(&cited[0]).into_iter().chain(cites(&cited[1])).next();
        let setting = found.or_else(|| likely(about, steps, sides, &differing).filter(|_| guess));
        let standard = Profile::default();
        let first = |side: usize| cited[side].iter().find_map(|(rule, _)| *rule);
        let rules = [0, 1].map(|side| {
            let Some(setting) = setting else { return first(side) };
            let own = profiles[side].rule(setting);
            // The setting's own rule is that of the side which does not do as the standards say; the other one has what it cites.
            let is_standard = profiles[side].get(setting.key) == standard.get(setting.key);
            if is_standard && own == setting.rule {
                first(side).filter(|rule| *rule != profiles[1 - side].rule(setting))
            } else {
                Some(own)
            }
        });
        Self { rules, setting, is_cited: found.is_some() }
    }
}

/// The settings in which two profiles differ, in the order of their names.
pub(super) fn differing(profiles: [&Profile; 2]) -> impl Iterator<Item = &'static Setting> {
    let [a, b] = profiles;
    Profile::keys().iter().filter(|setting| a.get(setting.key) != b.get(setting.key))
}

/// The rules that a side cites, with the settings that its events name: first those of the step, then of what led to it, then
/// of what else was noted of the thing.
fn cited<'a>(
    about: &Thing,
    step: Option<Step>,
    trace: &'a Trace,
    side: usize,
) -> Vec<(Option<RuleId>, &'a str)> {
    let chain = step.map(|step| trace.cause_chain(step.seq)).unwrap_or_default();
    let noted = about.steps[side].iter().filter_map(|step| trace.get(step.seq));
    let events = chain.into_iter().take(LOOK_BACK).chain(noted);
    events.map(|event| (event.rule(), event.topic())).filter(|(rule, _)| rule.is_some()).collect()
}

/// The setting that can make such a difference where no event cites one.
fn likely(
    about: &Thing,
    steps: [Option<Step>; 2],
    sides: &Sides,
    differing: &[&'static Setting],
) -> Option<&'static Setting> {
    let topic = sides.name(about.topic);
    let is = |what: What| steps.iter().flatten().any(|step| step.what == what);
    let copies = |side: usize| about.facts(side).filter(|step| step.what == What::Received).count();
    let is_retained = steps.iter().flatten().any(|step| step.what == What::Received && step.code & 1 == 1);
    let prefixes: &[&str] = match about.subject {
        _ if topic.starts_with("$SYS/") => &["sys."],
        _ if topic.starts_with("$aws/events/") => &["account."],
        Subject::Delivery if copies(0) > 0 && copies(1) > 0 => &["subscription.overlap"],
        Subject::Delivery if is_retained => &["retained."],
        Subject::Delivery if is(What::Unmatched) => &["topic.hash_matches_parent", "subscription.shared"],
        Subject::Delivery => &["subscription.shared", "topic.hash_matches_parent", "session.queue"],
        Subject::Connection => &["connect.", "keep_alive.", "auth."],
        Subject::Session => &["session.expiry"],
        Subject::Will => &["will."],
        Subject::Subscription if steps.iter().flatten().all(|step| step.code <= 2) => &["publish.qos_max"],
        Subject::Subscription => &["subscription.", "topic."],
        Subject::Message => &["publish.qos_max", "publish.", "retained.", "topic."],
    };
    prefixes
        .iter()
        .find_map(|prefix| differing.iter().copied().find(|setting| setting.key.starts_with(prefix)))
}
