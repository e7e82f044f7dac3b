//! The rules of the run's profile: where it departs from the standards, how each is known, and what nobody documents, to be switched.

mod draft;
mod row;

use super::browser;
use super::dialog::Dialog;
use super::field::{TextField, choice, set, use_value};
use super::lab::{Lab, LabProps};
use super::lessons;
use super::screen::Screen;
use crate::profile::Chosen;
use crate::rules::{Certainty, Rule};
use draft::Draft;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How rules are known, and what that means.
const KNOWN: [(Certainty, &str); 5] = [
    (Certainty::Documented, "its document states it."),
    (Certainty::Observed, "it was reported from practice, and nothing documented says otherwise."),
    (Certainty::Inferred, "it follows from what is documented or observed; it can be switched."),
    (
        Certainty::Unknown,
        "the documents are silent or contradict themselves; the profile chose, and it can be switched.",
    ),
    (Certainty::Choice, "it is this simulator's own."),
];
/// The same as a filter.
const CHOICES: &[&str] = &["any way", "documented", "observed", "inferred", "unknown", "choice"];

/// The element of a rule's row.
fn id_of(rule: &str) -> String {
    format!("rule-{rule}")
}

/// How many settings of the run are not the profile's own, in words; empty for none.
pub(crate) fn changed_text(lab: &Lab) -> String {
    let engine = lab.engine();
    let run = engine.run();
    match run.trace().header().profile.changed().count() {
        0 => String::new(),
        1 => "1 setting changed".to_owned(),
        count => format!("{count} settings changed"),
    }
}

/// The way to the dialog, which says whether the run's settings are the profile's own.
pub(crate) fn way_to_rules(lab: &Lab) -> Html {
    let changed = changed_text(lab);
    let onclick = lab.changes::<MouseEvent>(|screen| screen.rules = Some(""));
    html! {
        <button type="button" class="quiet" {onclick} title="The rules by which this profile differs from the standards" data-test="open-rules">
            { "Rules" }
            if !changed.is_empty() {
                <span class="tag known-unknown" data-test="settings-changed">{ changed }</span>
            }
        </button>
    }
}

/// Whether a search finds something in a rule or its settings.
fn contains(rule: &Rule, settings: &[Chosen], text: &str) -> bool {
    let found = |part: &str| part.to_lowercase().contains(text);
    [rule.id.id, rule.sentence, rule.section, rule.document.title].into_iter().any(found)
        || settings.iter().any(|one| found(one.setting.key) || found(one.setting.about))
}

/// The dialog.
#[component]
pub(crate) fn RulesDialog(props: &LabProps) -> Html {
    let lab = &props.lab;
    let told = use_memo((), |()| lab.engine().run().trace().header().profile.departures());
    let typed = use_value(String::new);
    let known = use_value(|| 0usize);
    let draft = use_value(Draft::default);
    let here = lab.screen().rules.unwrap_or_default();
    use_effect_with(here, |here| {
        // The dialog has room for it only once it is open.
        let id = id_of(here);
        let timeout = Timeout::new(0, move || browser::show_element(&id));
        || drop(timeout)
    });
    let onclose = lab.changes(close);
    let text = typed.to_lowercase();
    let is_shown = |(rule, settings): &&(Rule, Vec<Chosen>)| {
        (*known == 0 || CHOICES.get(*known) == Some(&rule.certainty.name()))
            && contains(rule, settings, &text)
    };
    let shown: Vec<_> = told.iter().filter(is_shown).collect();
    let profile = lab.engine().profile().to_owned();
    html! {
        <Dialog title={format!("Rules of {profile}")} test="rules" {onclose}>
            if told.is_empty() {
                <p>{ "It keeps to the standards." }</p>
            } else {
                <p class="soft">{ format!("Where {profile} differs from the MQTT standards, and what its documents leave open.") }</p>
                { legend(&told) }
                <div class="field-row">
                    { TextField::new("Find", &typed, set(&typed)).placeholder("replay, retained, Will").html("rules-text") }
                    { choice("Known", CHOICES, *known, "rules-known", &set(&known)) }
                </div>
                <p class="faint" role="status" data-test="rules-count">{ format!("{} of {} rules", shown.len(), told.len()) }</p>
                <form class="departures" onsubmit={submit(lab, &told, &draft)}>
                    { for shown.iter().map(|(rule, settings)| row::row(rule, settings, &draft, rule.id.id == here, &set(&draft))) }
                    { foot(lab, &told, &draft) }
                </form>
            }
        </Dialog>
    }
}

fn close(screen: &mut Screen) {
    screen.rules = None;
}

/// How the rules are known, and how many of each there are.
fn legend(told: &[(Rule, Vec<Chosen>)]) -> Html {
    let counted = KNOWN.iter().map(|(certainty, means)| {
        (certainty, means, told.iter().filter(|(rule, _)| rule.certainty == *certainty).count())
    });
    html! {
        <ul class="legend" data-test="rules-legend">
            { for counted.filter(|(.., count)| *count > 0).map(|(certainty, means, count)| html! {
                <li key={certainty.name()}>
                    { row::known(certainty.name()) }
                    <span class="number">{ format!(" {count}: ") }</span><span class="soft">{ *means }</span>
                </li>
            }) }
        </ul>
    }
}

/// Begins the run again with what is typed.
fn submit(lab: &Lab, told: &[(Rule, Vec<Chosen>)], draft: &Draft) -> Callback<SubmitEvent> {
    let (lab, changed) = (lab.clone(), draft.settings(told, &lab.engine().scenario().broker.set));
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(settings) = changed.clone() {
            lab.change(close);
            let mut scenario = lessons::present(&lab);
            scenario.broker.set = settings;
            lessons::begin_with(&lab, scenario, "with these settings");
        }
    })
}

/// The button, while there is something to begin again with.
fn foot(lab: &Lab, told: &[(Rule, Vec<Chosen>)], draft: &Draft) -> Html {
    let is_valid = draft.settings(told, &lab.engine().scenario().broker.set).is_some();
    html! {
        <div class="row departures-foot">
            <button type="submit" class="primary" disabled={!is_valid} data-test="rules-go">{ "Begin the run again with these" }</button>
            <span class="soft">{ "They are part of the scenario: its file and every link to it have them." }</span>
        </div>
    }
}
