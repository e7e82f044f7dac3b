//! The chosen divergence in full: what each side did, by which rule, and which setting makes the difference.

use super::super::inspector::rule_text;
use super::super::lab::Lab;
use super::super::screen::Tab;
use super::super::timeline;
use super::{LETTERS, Shown, letter_mark, names, row};
use crate::picture::clock;
use crate::sides::{Divergence, Step, Teller, Thing};
use crate::ui::text::sides as text;
use yew::prelude::*;

/// The divergence of a thing, once it has come.
pub(super) fn divergence(shown: &Shown, thing: u32) -> Option<&Divergence> {
    shown.found.divergences.iter().find(|one| one.thing == thing && one.at <= shown.view)
}

/// The step that a lane shows of a thing, and what it says.
pub(super) fn lane(
    shown: &Shown,
    teller: Teller<'_>,
    thing: &Thing,
    one: Option<&Divergence>,
    side: usize,
) -> (Option<Step>, String) {
    match one {
        Some(one) => (one.steps[side], teller.told(thing, side, one.steps[side])),
        None => teller.lane(thing, side, shown.view),
    }
}

/// The step alone, by the thing's number.
pub(super) fn step(lab: &Lab, shown: &Shown, thing: u32, side: usize) -> Option<Step> {
    let engine = lab.engine();
    let about = engine.against()?.sides().things().get(thing as usize)?;
    match divergence(shown, thing) {
        Some(one) => one.steps[side],
        None => Teller::shown(about, side, shown.view),
    }
}

/// The card.
pub(super) fn card(lab: &Lab, shown: &Shown) -> Html {
    let engine = lab.engine();
    let Some(against) = engine.against() else { return html! {} };
    let run = engine.run();
    let teller = Teller { sides: against.sides(), traces: against.traces(&run) };
    let thing = shown.chosen.and_then(|chosen| teller.sides.things().get(chosen as usize));
    let (Some(chosen), Some(thing)) = (shown.chosen, thing) else { return nothing(lab, shown) };
    let one = divergence(shown, chosen);
    let (sign, class, words) = row::sign(shown, one);
    let first =
        if shown.firsts.first().is_some_and(|(first, _)| *first == chosen) { text::FIRST } else { "" };
    let names = names(lab);
    let side = |side: usize| {
        let (step, told) = lane(shown, teller, thing, one, side);
        let rule = one.and_then(|one| one.why.rules[side]);
        html! {
            <div class="parted-side" data-test="parted-side" data-side={LETTERS[side]}>
                <p class="parted-told">
                    { letter_mark(LETTERS[side]) }
                    <span><strong>{ told }</strong>
                    <span class="soft">{ names[side].clone() }</span>
                    { step.map(|step| moment(lab, side, step)).unwrap_or_default() }</span>
                </p>
                { rule.map(rule_text).unwrap_or_default() }
            </div>
        }
    };
    html! {
        <article class={classes!("parted-card", class)} data-test="parted" data-sign={sign.clone()}>
            <h3 aria-live="polite">
                <span class="sign" aria-hidden="true">{ sign }</span><span class="visually-hidden">{ words }</span>
                <span class="break">{ teller.about(thing) }</span>
                if !first.is_empty() {
                    <span class="first-mark">{ first }</span>
                }
            </h3>
            <div class="parted-sides">{ side(0) }{ side(1) }</div>
            { one.map(|one| foot(lab, shown, one, teller)).unwrap_or_default() }
        </article>
    }
}

/// When a step was, and which event of its side's trace it is; on the run's own side the way to it.
fn moment(lab: &Lab, side: usize, step: Step) -> Html {
    let text = text::step(&clock(step.at), step.seq);
    if side > 0 {
        return html! { <span class="soft number">{ format!(" · {text}") }</span> };
    }
    let lab = lab.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        timeline::select(&lab, Some(step.seq));
        lab.change(|screen| screen.tab = Tab::Inspector);
    });
    html! { <>{ " · " }<button type="button" class="link number" {onclick} data-test="parted-event">{ text }</button></> }
}

/// The setting, and what follows from it.
fn foot(lab: &Lab, shown: &Shown, one: &Divergence, teller: Teller<'_>) -> Html {
    let value =
        |value: Option<crate::profile::Value>| value.map_or_else(String::new, |value| value.to_string());
    let at = shown.found.divergences.iter().position(|other| other.thing == one.thing);
    let following =
        at.map_or(0, |at| shown.found.following(at).filter(|other| other.at <= shown.view).count());
    let is_unfolded = lab.screen().unfolded == Some(one.thing);
    let onclick = {
        let (lab, thing) = (lab.clone(), one.thing);
        Callback::from(move |_: MouseEvent| {
            lab.change(|screen| {
                screen.only_parted = true;
                screen.unfolded = Some(thing).filter(|_| screen.unfolded != Some(thing));
            });
        })
    };
    html! {
        <div class="parted-foot">
            if let Some(setting) = one.why.setting {
                <p title={setting.about}>
                    { if one.why.is_cited { text::BY_SETTING } else { text::LIKELY_BY_SETTING } }
                    <code>{ setting.key }</code>{ ": " }
                    { for teller.values(setting).into_iter().zip(LETTERS).map(|(one, letter)| html! {
                        <span class="parted-value">{ letter_mark(letter) }{ value(one) }</span>
                    }) }
                </p>
            }
            if following > 0 {
                <button type="button" class="link" aria-expanded={is_unfolded.to_string()} {onclick} data-test="parted-following">
                    { text::following(following, is_unfolded) }
                </button>
            }
        </div>
    }
}

/// Where nothing parts up to the view.
fn nothing(lab: &Lab, shown: &Shown) -> Html {
    let engine = lab.engine();
    let is_branch = engine.against().is_some_and(|against| against.branch().is_some());
    let settings = {
        let run = engine.run();
        let traces = engine.against().map(|against| (against.sides(), against.traces(&run)));
        traces.map_or(0, |(sides, traces)| Teller { sides, traces }.settings().count())
    };
    let first_at = shown.firsts.first().map(|(_, at)| clock(*at));
    html! {
        <p class="parted-card soft" role="status" data-test="parted-none">
            { text::none((!is_branch).then_some(settings), first_at) }
        </p>
    }
}
