//! A row of the two lanes.

use super::super::lab::Lab;
use super::{LETTERS, Shown, card, choose, letter_mark};
use crate::picture::clock;
use crate::sides::{Divergence, Teller};
use crate::ui::text::sides as text;
use yew::prelude::*;

/// The sign, the class and the words by which a row says whether the sides part there.
pub(super) fn sign(shown: &Shown, one: Option<&Divergence>) -> (String, &'static str, String) {
    let number =
        |thing: u32| shown.firsts.iter().position(|(first, _)| *first == thing).map_or(0, |at| at + 1);
    match one {
        None => ("=".to_owned(), "alike", text::ALIKE.to_owned()),
        Some(one) => match one.follows.and_then(|first| shown.found.divergences.get(first as usize)) {
            None => (format!("≠{}", number(one.thing)), "parted", text::divergence(number(one.thing))),
            Some(first) => {
                (format!("↳{}", number(first.thing)), "follows", text::follows(number(first.thing)))
            }
        },
    }
}

pub(super) fn row(lab: &Lab, shown: &Shown, i: usize) -> Html {
    let engine = lab.engine();
    let (Some(row), Some(against)) = (shown.rows.get(i), engine.against()) else {
        return html! { <div key={i} class="list-row" role="row"></div> };
    };
    let run = engine.run();
    let teller = Teller { sides: against.sides(), traces: against.traces(&run) };
    let Some(thing) = teller.sides.things().get(row.thing as usize) else { return html! {} };
    let one = card::divergence(shown, row.thing);
    let (sign, class, words) = sign(shown, one);
    let onclick = {
        let (lab, thing) = (lab.clone(), row.thing);
        Callback::from(move |_: MouseEvent| choose(&lab, thing))
    };
    let lane = |side: usize| {
        let (step, told) = card::lane(shown, teller, thing, one, side);
        html! {
            <span role="gridcell" class="lane clip" title={told.clone()}>
                <span class="visually-hidden">{ format!("{}: ", LETTERS[side]) }</span>
                <span class="lane-letter" aria-hidden="true">{ letter_mark(LETTERS[side]) }</span>
                if let Some(step) = step {
                    <span class="number time">{ clock(step.at) }</span>{ " " }
                }
                { told }
            </span>
        }
    };
    let about = teller.about(thing);
    html! {
        <div key={row.thing} id={format!("side-{i}")} role="row" class={classes!("list-row", class)} {onclick}
            aria-selected={(shown.chosen == Some(row.thing)).to_string()} aria-rowindex={(i + 1).to_string()}
            data-test="side-row" data-sign={sign.clone()} data-about={about.clone()}>
            <span role="gridcell" class="sign" title={words.clone()}>
                <span aria-hidden="true">{ sign }</span><span class="visually-hidden">{ words }</span>
            </span>
            <span role="gridcell" class="about clip" title={about.clone()}>{ about }</span>
            { lane(0) }
            { lane(1) }
        </div>
    }
}
