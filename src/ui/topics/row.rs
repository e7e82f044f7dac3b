//! A row of the tree: a level with what came there, or a filter with who subscribes by it.

use crate::picture::{Attached, Leaf, RATE_SPAN, Topics, TreeRow, clock};
use crate::time::SimTime;
use crate::ui::engine::Engine;
use crate::ui::marks;
use crate::ui::text::topics as text;
use crate::ui::{icons, words};
use yew::prelude::*;

/// How many clients a filter's row names.
const NAMED: usize = 3;

/// What the rows of one drawing have in common.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Moment {
    events: u32,
    rate_from: u32,
    view: SimTime,
    playing: bool,
}

impl Moment {
    pub(super) fn of(engine: &Engine, playing: bool) -> Self {
        let view = engine.view().at;
        Self { events: engine.events(), rate_from: engine.topics().rate_from(view), view, playing }
    }

    /// How many messages a second there are for a level and all below; nothing where there are none.
    pub(super) fn rate(&self, topics: &Topics, number: u32) -> Option<String> {
        let recent = topics.recent(number, self.rate_from, self.events) as u64;
        let span = self.view.0.clamp(1_000_000, RATE_SPAN.0);
        let tenths = recent * 10_000_000 / span;
        match tenths {
            0 if recent == 0 => None,
            0 => Some("<0.1/s".to_owned()),
            100.. => Some(format!("{}/s", tenths / 10)),
            _ => Some(format!("{}.{}/s", tenths / 10, tenths % 10)),
        }
    }
}

/// What a row does.
pub(super) struct Acts {
    pub(super) onclick: Callback<MouseEvent>,
    pub(super) ontwist: Callback<MouseEvent>,
}

/// A level's row.
pub(super) fn level_row(
    engine: &Engine,
    moment: Moment,
    (number, row): (u32, &TreeRow),
    (i, active): (usize, bool),
    acts: Acts,
) -> Html {
    let topics = engine.topics();
    let level = topics.level(number);
    let leaf = topics.leaf_of(number, moment.events);
    let is_stale = leaf.is_some_and(|leaf| leaf.newer) && engine.is_stale(level.path());
    let payload = leaf
        .filter(|_| row.open || !row.folds)
        .and_then(|leaf| Some(words::preview(&engine.payload_near(leaf.last_seq)?)));
    let told = match payload {
        Some(payload) => html! { <span class="payload mono clip">{ payload }</span> },
        None if row.folds && !row.open => {
            html! { <span class="payload clip">{ text::below(level.names_below(moment.events)) }</span> }
        }
        None => html! { <span class="grow"></span> },
    };
    // A closed level speaks for all below it.
    let whole = leaf.is_none() || (row.folds && !row.open);
    let last = if whole { level.last_below(moment.events) } else { leaf.map(|leaf| leaf.last_seq) };
    let (count, title) = match leaf.filter(|_| !whole) {
        Some(Leaf { count, last_at, .. }) => (count as usize, text::count_title(&clock(last_at))),
        None => (level.messages(moment.events), text::COUNT_BELOW_TITLE.to_owned()),
    };
    let class = classes!("topic-row", depth(row), row.lit.then_some("lit"));
    html! {
        <div key={format!("l{number}")} id={format!("topic-{i}")} {class} role="treeitem" aria-level={(row.depth + 1).to_string()}
            aria-expanded={row.folds.then(|| row.open.to_string())} aria-selected={active.to_string()} title={level.path().to_owned()}
            data-topic={level.path().to_owned()} data-lit={row.lit.to_string()}
            data-test={if leaf.is_some() { "topic-leaf" } else { "topic-node" }} onclick={acts.onclick}>
            // A new key at each message makes a new element, whose animation is the flash; the row itself stays, so that clicks reach it.
            if let Some(last) = last.filter(|_| moment.playing) {
                <span key={last} class="flash" aria-hidden="true" data-test="topic-flash"></span>
            }
            <span key="twist" class="twist" aria-hidden="true" title={row.folds.then_some(text::FOLD)} data-test="topic-twist" onclick={acts.ontwist}>
                if row.folds {
                    { icons::icon(if row.open { "down" } else { "right" }) }
                }
            </span>
            <span key="level" class="level clip">{ if level.level().is_empty() { text::EMPTY_LEVEL } else { level.level() }.to_owned() }</span>
            { told }
            if leaf.is_some_and(|leaf| leaf.retained) {
                <span key="retained" class="tag ink-retained" title={text::RETAINED_TITLE} data-test="topic-retained">{ text::RETAINED }</span>
            }
            if is_stale {
                { marks::stale() }
            }
            if let Some(rate) = moment.rate(topics, number) {
                <span key="rate" class="rate number" title={text::RATE_TITLE} data-test="topic-rate">{ rate }</span>
            }
            if count > 0 {
                <span key="count" class={classes!("count", "number", whole.then_some("faint"))} {title} data-test="topic-messages">{ count }</span>
            }
        </div>
    }
}

/// A filter's row.
pub(super) fn filter_row(attached: &Attached, row: &TreeRow, (i, active): (usize, bool), acts: Acts) -> Html {
    let names: Vec<&str> = attached.who.iter().take(NAMED).map(|(client, ..)| client.as_str()).collect();
    let granted = |level: &u8| attached.who.iter().any(|(_, qos, _)| qos == level);
    let levels: Vec<u8> = (0..=2).filter(granted).collect();
    let is_away = attached.who.iter().all(|(.., is_connected)| !is_connected);
    let class = classes!("topic-row", "filter-row", depth(row));
    html! {
        <div key={format!("f{}", attached.filter)} id={format!("topic-{i}")} {class} role="treeitem"
            aria-level={(row.depth + 1).to_string()} aria-selected={active.to_string()} title={text::means(&attached.filter)}
            data-test="topic-subscription" data-filter={attached.filter.clone()} onclick={acts.onclick}>
            <span class="twist" aria-hidden="true">{ "◂" }</span>
            <span class="filter mono clip">{ for attached.filter.split_inclusive('/').map(filter_level) }</span>
            <span class="payload clip">{ text::who(&names, attached.who.len() - names.len()) }</span>
            if is_away {
                <span class="tag">{ text::AWAY }</span>
            }
            <span class="count number">{ text::levels(&levels) }</span>
        </div>
    }
}

/// A level of a filter; a wildcard stands out.
fn filter_level(level: &str) -> Html {
    match level.trim_end_matches('/') {
        "+" | "#" => html! { <b class="wildcard">{ level.to_owned() }</b> },
        _ => level.into(),
    }
}

fn depth(row: &TreeRow) -> String {
    format!("depth-{}", row.depth.min(9))
}
