//! The rules of the run's profile: where it departs from the standards, how each is known, and what nobody documents, to be switched.

mod draft;
mod row;

use super::text::common;
pub(crate) use draft::Draft;
pub(crate) use row::known;

use super::browser;
use super::dialog::Dialog;
use super::field::{TextField, choice, set, use_value};
use super::lab::{Lab, LabProps};
use super::lessons;
use super::screen::Screen;
use crate::profile::Chosen;
use crate::rule::Source;
use crate::rules::{self, Certainty, Rule};
use crate::ui::text::rules as text;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// The element of a rule's row.
fn id_of(rule: &str) -> String {
    format!("rule-{rule}")
}

/// How many settings at the view are not the profile's own, in words; empty for none.
pub(crate) fn changed_text(lab: &Lab) -> String {
    let engine = lab.engine();
    let run = engine.run();
    match run.world().broker().profile().changed().count() {
        0 => String::new(),
        count => text::changed(count),
    }
}

/// The way to the dialog, which says whether the run's settings are the profile's own.
pub(crate) fn way_to_rules(lab: &Lab) -> Html {
    let changed = changed_text(lab);
    let waiting = lab.screen().rules_draft.len();
    let onclick = lab.changes::<MouseEvent>(|screen| screen.rules = Some(""));
    html! {
        <button type="button" class="quiet" {onclick} title={text::OPEN_TITLE} data-test="open-rules">
            { text::OPEN }
            if !changed.is_empty() {
                <span class="tag known-unknown" data-test="settings-changed">{ changed }</span>
            }
            if waiting > 0 {
                <span class="tag known-unknown" title={text::WAITING_TITLE}
                    data-test="settings-waiting">{ text::waiting(waiting) }</span>
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
    // It outlives the dialog, so that nothing is lost where that is closed too early.
    let draft = use_state_eq(|| lab.screen().rules_draft.clone());
    let ondraft = {
        let (lab, set) = (lab.clone(), draft.setter());
        Callback::from(move |draft: Draft| {
            lab.change_quietly(|screen| screen.rules_draft = draft.clone());
            set.set(draft);
        })
    };
    let here = lab.screen().rules.unwrap_or_default();
    use_effect_with(here, |here| {
        // The dialog has room for it only once it is open.
        let id = id_of(here);
        let timeout = Timeout::new(0, move || browser::show_element(&id));
        || drop(timeout)
    });
    let onclose = {
        let lab = lab.clone();
        Callback::from(move |()| leave(&lab))
    };
    let ways: Vec<&str> = std::iter::once(text::ANY_WAY)
        .chain(counted(&told).map(|(certainty, ..)| certainty.name()))
        .collect();
    let text = typed.to_lowercase();
    let is_shown = |(rule, settings): &&(Rule, Vec<Chosen>)| {
        (*known == 0 || ways.get(*known) == Some(&rule.certainty.name())) && contains(rule, settings, &text)
    };
    let shown: Vec<_> = told.iter().filter(is_shown).collect();
    let profile = lab.engine().profile().to_owned();
    html! {
        <Dialog title={text::title(&profile)} test="rules" {onclose}>
            if told.is_empty() {
                <p>{ text::KEEPS }</p>
            } else {
                <p class="soft" data-test="rules-listed">{ listed(&profile, &told) }</p>
                { legend(&told) }
                <div class="field-row">
                    { TextField::new(text::FIND, &typed, set(&typed)).placeholder(text::FIND_EXAMPLE).html("rules-text") }
                    { choice(text::KNOWN, &ways, *known, "rules-known", &set(&known)) }
                </div>
                <p class="faint" role="status" data-test="rules-count">{ text::shown(shown.len(), told.len()) }</p>
                <form class="departures" onsubmit={submit(lab, &told, &draft)}>
                    { for shown.iter().map(|(rule, settings)| row::row(rule, settings, &draft, rule.id.id == here, &ondraft)) }
                    { foot(lab, &told, &draft, &ondraft) }
                </form>
            }
        </Dialog>
    }
}

fn close(screen: &mut Screen) {
    screen.rules = None;
}

/// Closes the dialog; what is typed and not yet in the run stays, and that is said.
pub(crate) fn leave(lab: &Lab) {
    let waiting = {
        let told = lab.engine().run().trace().header().profile.departures();
        lab.screen().rules_draft.changed(&told)
    };
    lab.change(|screen| {
        close(screen);
        screen.notice = match waiting.len() {
            0 => screen.notice.take(),
            count => Some(text::kept(count)),
        };
        screen.rules_draft = waiting;
    });
}

/// Which rules the dialog lists, and where all are.
fn listed(profile: &str, told: &[(Rule, Vec<Chosen>)]) -> Html {
    let differs = told.iter().filter(|(_, settings)| settings.iter().any(Chosen::differs)).count();
    let of_aws = rules::all().filter(|rule| rule.id.source == Source::Aws).count();
    html! {
        <>
            { text::listed(differs, told.len() - differs, profile) }
            if told.iter().any(|(rule, _)| rule.id.source == Source::Aws) {
                { " " }<code>{ text::AWS_DOCUMENT }</code>{ " " }{ text::has_all(of_aws) }
            }
        </>
    }
}

/// The ways in which the rules are known, with how many there are of each.
fn counted(told: &[(Rule, Vec<Chosen>)]) -> impl Iterator<Item = (Certainty, &'static str, usize)> {
    let counted = text::CERTAINTIES.iter().map(|(certainty, means)| {
        (*certainty, *means, told.iter().filter(|(rule, _)| rule.certainty == *certainty).count())
    });
    counted.filter(|(.., count)| *count > 0)
}

/// How the rules are known, and how many of each there are.
fn legend(told: &[(Rule, Vec<Chosen>)]) -> Html {
    html! {
        <ul class="legend" data-test="rules-legend">
            { for counted(told).map(|(certainty, means, count)| html! {
                <li key={certainty.name()}>
                    { row::known(certainty.name()) }
                    <span class="number">{ format!(" {count}: ") }</span><span class="soft">{ means }</span>
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
            lessons::begin_with(&lab, scenario, text::WITH_IT);
        }
    })
}

/// The button, while there is something to begin again with, and the way to be rid of it.
fn foot(lab: &Lab, told: &[(Rule, Vec<Chosen>)], draft: &Draft, ondraft: &Callback<Draft>) -> Html {
    let discard = ondraft.reform(|_: MouseEvent| Draft::default());
    let is_valid = draft.settings(told, &lab.engine().scenario().broker.set).is_some();
    html! {
        <div class="row departures-foot">
            <button type="submit" class="primary" disabled={!is_valid} data-test="rules-go">{ common::BEGIN_AGAIN }</button>
            if draft.changed(told).len() > 0 {
                <button type="button" class="link" onclick={discard} data-test="rules-discard">{ text::DISCARD }</button>
            }
            <span class="soft">{ text::SHARED }</span>
        </div>
    }
}
