//! One filter's column: the messages that the client received and that match it, at the view.

use crate::broker::{By, Kind};
use crate::client::{Action, Granted};
use crate::picture::clock;
use crate::sim::Input;
use crate::topic::{check_filter, matches};
use crate::trace::EventRef;
use crate::ui::icons::IconButton;
use crate::ui::lab::{Lab, Rate, use_lab};
use crate::ui::rows::{Rows, choosing};
use crate::ui::text::common;
use crate::ui::text::test_client as text;
use crate::ui::virtual_list::VirtualList;
use crate::ui::{timeline, words};
use crate::wire::{Packet, PacketType, Version};
use std::rc::Rc;
use yew::prelude::*;

/// What a column does not show, in numbers of events; of the trace of this generation only.
#[derive(Clone, Copy, PartialEq, Default)]
pub(super) struct Hold {
    generation: u64,
    /// Where it was cleared: nothing before that is shown, unless one looks at a moment before it.
    cleared: u32,
    /// Where it was paused: nothing after that is shown.
    paused: Option<u32>,
}

/// Which column.
#[derive(Properties, PartialEq)]
pub(super) struct ColumnProps {
    /// The store.
    pub(super) lab: Lab,
    /// The client's name in the run.
    pub(super) client: String,
    /// Its client identifier, which events carry.
    pub(super) identifier: String,
    /// The filter.
    pub(super) filter: String,
    /// What the client was told of it.
    pub(super) granted: Granted,
    /// How many messages are kept.
    pub(super) keep: usize,
    /// Whether the newest stands at the top.
    pub(super) newest_first: bool,
    /// What it does not show.
    pub(super) hold: Hold,
    /// It is to hold something else.
    pub(super) onhold: Callback<Hold>,
}

/// Whether a client received a message in an event.
pub(super) fn is_received(event: &EventRef<'_>, identifier: &str) -> bool {
    event.kind() == Kind::PacketReceived
        && event.by() == By::Client
        && event.packet_type() == Some(PacketType::Publish)
        && event.client() == identifier
}

/// The column.
#[component]
pub(super) fn Column(props: &ColumnProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let rows = use_mut_ref(Rows::default);
    let filter = &props.filter;
    let code = props.granted.code;
    let refused = code.is_failure();
    let (shown, count, now, generation, version) = {
        let engine = lab.engine();
        let run = engine.run();
        let mut rows = rows.borrow_mut();
        let key = (engine.generation(), props.identifier.clone(), filter.clone());
        let (parent, plain) =
            (engine.parent_match(), check_filter(filter).map_or("", |filter| filter.filter));
        rows.update(&lab, key, run.trace(), |event| {
            is_received(event, &props.identifier) && matches(plain, event.topic(), parent)
        });
        let (now, generation) = (engine.events(), engine.generation());
        let hold = if props.hold.generation == generation { props.hold } else { Hold::default() };
        let known = rows.before(now.min(hold.paused.unwrap_or(now)));
        let from = if now < hold.cleared { 0 } else { known.partition_point(|seq| *seq < hold.cleared) };
        let all = &known[from..];
        let last = &all[all.len().saturating_sub(props.keep)..];
        let shown: Rc<[u32]> =
            if props.newest_first { last.iter().rev().copied().collect() } else { last.into() };
        let version = run.world().client(&props.client).map_or(Version::V5, |view| view.client.version());
        (shown, all.len(), now, generation, version)
    };
    let hold =
        if props.hold.generation == generation { props.hold } else { Hold { generation, ..Hold::default() } };
    let holding = |next: Hold| {
        let onhold = props.onhold.clone();
        Callback::from(move |()| onhold.emit(next))
    };
    let clear = holding(Hold { cleared: now, paused: hold.paused.map(|_| now), ..hold });
    let pause = holding(Hold { paused: if hold.paused.is_some() { None } else { Some(now) }, ..hold });
    let close = {
        let (lab, client, filter) = (lab.clone(), props.client.clone(), filter.clone());
        Callback::from(move |()| {
            let action = Action::Unsubscribe { filters: vec![filter.clone()] };
            lab.input([Input::Client { client: client.clone(), action }]);
        })
    };
    let selected = lab.screen().selected;
    let active = selected.and_then(|seq| shown.iter().position(|one| *one == seq));
    let row = {
        let (lab, shown) = (lab.clone(), Rc::clone(&shown));
        let of = filter.clone();
        Callback::from(move |i: usize| {
            let seq = shown.get(i).copied().unwrap_or_default();
            received_row(&lab, &of, seq, i, selected == Some(seq))
        })
    };
    let onkeydown = {
        let (shown, of) = (Rc::clone(&shown), Rc::clone(&shown));
        let row_of = move |seq| of.iter().position(|one| *one == seq);
        choosing(&lab, shown.len(), move |i| shown.get(i).copied(), row_of)
    };
    let at_end = !props.newest_first && hold.paused.is_none() && (lab.screen().playing || selected.is_none());
    let paused = hold.paused.is_some();
    html! {
        <section class="test-column" aria-label={text::received(filter)} data-test="test-column" data-filter={filter.clone()}>
            <div class="test-column-head">
                <div class="grow">
                    <h3 class="mono clip" title={filter.clone()}>{ filter.clone() }</h3>
                    <p class="clip">
                        <span class={if refused { "error" } else { "faint" }} data-test="test-granted">
                            { if refused { code.name(PacketType::Suback, version).to_owned() } else { common::qos(code.0) } }
                        </span>
                        if !refused {
                            <span class="faint number" title={text::COUNT_TITLE} data-test="test-count">{ told(shown.len(), count) }</span>
                        }
                    </p>
                </div>
                if !refused {
                    { IconButton::new(if paused { "play" } else { "pause" }, if paused { text::GO_ON } else { text::HOLD },
                        "", pause).pressed(paused).html("test-pause") }
                    { IconButton::new("minus", text::CLEAR, "", clear).html("test-clear") }
                }
                { IconButton::new("close", common::unsubscribe(filter), "", close).html("test-close") }
            </div>
            if refused {
                <p class="empty error">{ text::REFUSED }</p>
            } else if shown.is_empty() {
                <p class="empty">{ text::NOTHING }</p>
            } else {
                <VirtualList count={shown.len()} {row} {active} {at_end} role="grid" label={text::received(filter)}
                    test="received" active_id={active.map(|i| AttrValue::from(row_id(filter, i)))} {onkeydown} />
            }
        </section>
    }
}

/// How many messages are shown, and of how many.
fn told(shown: usize, count: usize) -> String {
    if shown == count { count.to_string() } else { common::of(shown, count) }
}

/// The id of a row's element. Ids hold no white space, and filters may.
fn row_id(filter: &str, i: usize) -> String {
    let filter: String = filter.chars().map(|c| if c.is_whitespace() { '_' } else { c }).collect();
    format!("received-{i}-{filter}")
}

fn received_row(lab: &Lab, filter: &str, seq: u32, i: usize, active: bool) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let event = run.trace().get(seq);
    let Some((event, Some(Ok(Packet::Publish(publish))))) = event.map(|event| (event, event.decode())) else {
        return html! { <div key={seq} class="list-row" role="row"></div> };
    };
    let onclick = timeline::selects(lab, seq);
    html! {
        <div key={seq} id={row_id(filter, i)} role="row" class="list-row" aria-selected={active.to_string()}
            aria-rowindex={(i + 1).to_string()} data-test="received-row" data-seq={seq.to_string()} data-topic={publish.topic.as_str().to_owned()} {onclick}>
            <span role="gridcell" class="mono clip topic">{ publish.topic.as_str().to_owned() }</span>
            <span role="gridcell" class="number time">{ clock(event.at()) }</span>
            <span role="gridcell" class="mono clip payload">{ words::preview(&publish.payload) }</span>
            <span role="gridcell" class="flags">
                { common::qos(publish.qos as u8) }
                if publish.retain {
                    { " " }<span class="tag ink-retained" title={text::RETAINED_TITLE}>{ common::RETAIN }</span>
                }
                if publish.dup {
                    { " " }<span class="tag" title={text::DUP_TITLE}>{ common::DUP }</span>
                }
            </span>
        </div>
    }
}
