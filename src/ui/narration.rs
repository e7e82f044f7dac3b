//! What the scenario tells at the present moment, and what it asks.

use super::icons::icon;
use super::lab::{LabProps, Rate, use_lab};
use super::text::narration as text;
use super::transport;
use crate::ui::field::use_value;
use web_sys::Element;
use yew::prelude::*;

/// The card over the timeline: the last mark that was reached, or what the scenario is about.
#[component]
pub(crate) fn Narration(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let answered = use_value(|| None::<(usize, usize)>);
    let engine = lab.engine();
    let view = engine.view().at;
    let marks = engine.marks();
    let reached = marks.partition_point(|mark| mark.at <= view);
    let next = marks.get(reached).map(|mark| mark.at);
    let current = reached.checked_sub(1).and_then(|i| marks.get(i));
    let card = use_node_ref();
    // Where it is higher than its room: a mark is read from its top, and after an answer from what is said to it.
    use_effect_with(reached, {
        let card = card.clone();
        move |_| scroll(&card, 0)
    });
    use_effect_with(*answered, {
        let card = card.clone();
        move |answered| scroll(&card, if answered.is_some() { i32::MAX } else { 0 })
    });
    let (title, text) = match current {
        Some(mark) => (mark.title.clone(), mark.text.clone()),
        None => (engine.title().to_owned(), engine.about().to_owned()),
    };
    let playing = lab.screen().playing;
    let stopped = current.is_some_and(|mark| mark.pause && mark.at == view) && !playing;
    let ask = current.and_then(|mark| mark.ask.as_ref()).map(|ask| {
        let answer = answered.filter(|(mark, _)| *mark == reached).map(|(_, answer)| answer);
        let verdict = answer.map(|answer| (answer == ask.answer, ask.why.clone()));
        html! {
            <div class="ask" role="group" aria-label={ask.question.clone()}>
                <p>{ ask.question.clone() }</p>
                <div class="row">
                    { for ask.choices.iter().enumerate().map(|(i, choice)| {
                        let answered = answered.setter();
                        let onclick = Callback::from(move |_: MouseEvent| answered.set(Some((reached, i))));
                        let state = match answer {
                            Some(_) if i == ask.answer => "right",
                            Some(given) if i == given => "wrong",
                            _ => "",
                        };
                        html! { <button key={i} type="button" class={state} {onclick} data-test="choice">{ choice.clone() }</button> }
                    }) }
                </div>
                if let Some((right, why)) = verdict {
                    <p role="status"><strong>{ if right { text::RIGHT } else { text::WRONG } }</strong>{ why }</p>
                }
            </div>
        }
    });
    if title.is_empty() && text.is_empty() {
        return html! {};
    }
    let go_on = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| transport::toggle(&lab))
    };
    let skip = next.map(|at| {
        let lab = lab.clone();
        let onclick = Callback::from(move |_: MouseEvent| transport::seek(&lab, at));
        html! {
            <button type="button" {onclick} data-test="next-mark" title={text::NEXT_TITLE}>
                { text::NEXT }{ icon("right") }
            </button>
        }
    });
    html! {
        <section class="narration panel" ref={card} aria-label={text::TITLE} data-test="narration">
            <div class="narration-text">
                <h2>{ title }</h2>
                if !text.is_empty() {
                    <p>{ text }</p>
                }
                { for ask }
            </div>
            <div class="narration-acts">
                if stopped {
                    <button type="button" class="primary" onclick={go_on} data-test="go-on">{ text::GO_ON }</button>
                }
                { for skip }
            </div>
        </section>
    }
}

/// Scrolls the card, in pixels from its top; there may be none.
fn scroll(card: &NodeRef, top: i32) {
    if let Some(card) = card.cast::<Element>() {
        card.set_scroll_top(top);
    }
}
