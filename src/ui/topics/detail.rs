//! One topic: its last payload, what differs from the one before, its numbers over time, and who receives it.

use super::difference::difference_part;
use super::plot::PlotPart;
use super::receivers::ReceiversPart;
use super::row::Moment;
use crate::picture::clock;
use crate::ui::icons::IconButton;
use crate::ui::lab::{LabProps, Rate, use_lab};
use crate::ui::payload::Payload;
use crate::ui::text::topics as text;
use crate::ui::timeline;
use yew::prelude::*;

/// What is shown of a topic.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Payload,
    Difference,
    Plot,
    Receivers,
}

impl Part {
    /// Every part with its name for tests, in the order of their buttons.
    const ALL: [(Self, &'static str); 4] = [
        (Self::Payload, "topic-payload"),
        (Self::Difference, "topic-difference"),
        (Self::Plot, "topic-plot"),
        (Self::Receivers, "topic-receivers"),
    ];
}

/// The topic that is looked at.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ChosenTopic {
    /// Its name; empty where only its receivers are asked for.
    pub(crate) name: String,
    /// What of it is shown.
    pub(crate) part: Part,
}

/// The panel; nothing while no topic is looked at.
#[component]
pub(crate) fn TopicPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let Some(ChosenTopic { name, part }) = lab.screen().topic.clone() else { return html! {} };
    let (seqs, facts, retained) = {
        let engine = lab.engine();
        let (topics, events) = (engine.topics(), engine.events());
        let number = topics.find(&name);
        let leaf = number.and_then(|number| topics.leaf_of(number, events));
        let published = number.map(|number| topics.level(number).published()).unwrap_or_default();
        let count = leaf.map_or(0, |leaf| leaf.count as usize);
        let before = count.checked_sub(2).and_then(|at| published.get(at)).copied();
        let rate = number.and_then(|number| Moment::of(&engine, false).rate(topics, number));
        let facts = leaf.map(|leaf| text::facts(leaf.count, rate.as_deref(), &clock(leaf.last_at)));
        (leaf.map(|leaf| (leaf.last_seq, before)), facts, leaf.is_some_and(|leaf| leaf.retained))
    };
    let close = lab.changes(|screen| screen.topic = None);
    let payload = |seq: u32| lab.engine().payload_near(seq).unwrap_or_default();
    let none = || html! { <p class="soft">{ text::NO_MESSAGE }</p> };
    let shown = match (part, seqs) {
        (Part::Receivers, _) => {
            html! { <ReceiversPart key={name.clone()} lab={lab.clone()} topic={name.clone()} /> }
        }
        (_, None) => none(),
        (Part::Payload, Some((last, _))) => html! {
            <>
                <Payload key={name.clone()} payload={payload(last)} />
                <p><button type="button" class="link" onclick={timeline::selects(&lab, last)} data-test="topic-inspect">{ text::INSPECT }</button></p>
            </>
        },
        (Part::Difference, Some((last, before))) => {
            difference_part(before.map(payload).as_deref(), &payload(last))
        }
        (Part::Plot, Some(_)) => {
            html! { <PlotPart key={name.clone()} lab={lab.clone()} topic={name.clone()} /> }
        }
    };
    html! {
        <section class="panel topic" aria-label={text::TOPIC} data-test="topic" data-topic={name.clone()}>
            <div class="panel-head">
                <h2 class="grow mono clip" title={name.clone()}>{ if name.is_empty() { text::TOPIC.to_owned() } else { name.clone() } }</h2>
                { IconButton::new("close", text::CLOSE, "Esc", close).html("close-topic") }
            </div>
            <div class="topic-parts row" role="group" aria-label={text::TOPIC}>
                { for Part::ALL.into_iter().zip(text::PARTS).map(|((one, test), title)| {
                    let lab = lab.clone();
                    let onclick = Callback::from(move |_: MouseEvent| lab.change(|screen| {
                        screen.topic = screen.topic.take().map(|topic| ChosenTopic { part: one, ..topic });
                    }));
                    html! {
                        <button key={test} type="button" class="chip" aria-pressed={(one == part).to_string()} data-test={test} {onclick}>{ title }</button>
                    }
                }) }
            </div>
            <div class="topic-body" tabindex="0" role="group" aria-label={text::PARTS[part as usize]}>
                if let Some(facts) = facts {
                    <p class="soft number" data-test="topic-facts">
                        { facts }
                        if retained {
                            { " " }<span class="tag ink-retained" title={text::RETAINED_TITLE}>{ text::RETAINED }</span>
                        }
                    </p>
                }
                { shown }
            </div>
        </section>
    }
}
