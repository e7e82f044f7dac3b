//! The event table: the timeline in text, which the keyboard and screen readers get.

use super::client_choice::client_choice;
use super::field::set;
use super::inspector::way_to_inspector;
use super::lab::{LabProps, Rate, use_lab};
use super::list_tabs::{closed, list_tabs};
use super::rows::{Rows, choosing};
use super::screen::Tab;
use super::text::table as text;
use super::text::{common, events, tabs};
use super::virtual_list::VirtualList;
use super::{timeline, words};
use crate::broker::Kind;
use crate::picture::clock;
use crate::ui::field::use_value;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

fn in_group(kind: Kind, group: &str) -> bool {
    let name = kind.name();
    let family = name.split('.').next().unwrap_or_default();
    match group {
        "all" => true,
        "session" => matches!(family, "session" | "socket"),
        "quota" => matches!(family, "quota" | "policy" | "decision"),
        "input" => matches!(family, "input" | "mark"),
        group => family == group,
    }
}

/// The panel.
#[component]
pub(crate) fn EventTable(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let group = use_value(|| "all".to_owned());
    let client = use_value(String::new);
    let rows = use_mut_ref(Rows::default);
    if lab.screen().list != Tab::Events {
        return closed("events");
    }
    let (count, active, selected, dropped) = {
        let engine = lab.engine();
        let mut rows = rows.borrow_mut();
        let run = engine.run();
        let trace = run.trace();
        rows.update(&lab, (engine.generation(), (*group).clone(), (*client).clone()), trace, |event| {
            in_group(event.kind(), &group) && (client.is_empty() || event.client() == *client)
        });
        let selected = lab.screen().selected;
        let shown = rows.before(engine.events());
        let active = selected.and_then(|seq| shown.binary_search(&seq).ok());
        (shown.len(), active, selected, engine.dropped())
    };

    let row = {
        let (lab, rows) = (lab.clone(), Rc::clone(&rows));
        Callback::from(move |i: usize| {
            let seq = rows.borrow().get(i).unwrap_or_default();
            let engine = lab.engine();
            let run = engine.run();
            let trace = engine.trace_with(&run, seq);
            let Some(event) = trace.get(seq) else {
                return html! {
                    <div key={seq} class="list-row" role="row"><span role="gridcell" class="soft">{ events::GONE }</span></div>
                };
            };
            let chosen = selected == Some(seq);
            let onclick = timeline::selects(&lab, seq);
            let kind = event.kind().name();
            let family = kind.split('.').next().unwrap_or_default().to_owned();
            html! {
                <div key={seq} id={format!("event-{seq}")} role="row" class="list-row" aria-selected={chosen.to_string()}
                    aria-rowindex={(i + 1).to_string()} data-test="event-row" data-kind={kind} data-seq={seq.to_string()}
                    data-client={event.client().to_owned()} {onclick}>
                    <span role="gridcell" class="number time">{ clock(event.at()) }</span>
                    <span role="gridcell" class={format!("roomy kind kind-{family}")}>{ kind }</span>
                    <span role="gridcell" class="roomiest clip">{ event.client() }</span>
                    <span role="gridcell" class="roomiest by">{ words::by(event.by()) }</span>
                    <span role="gridcell" class="what clip">
                        if !event.client().is_empty() {
                            // Where there is no room for its column.
                            <span class="cramped">{ format!("{} ", event.client()) }</span>
                        }
                        { words::what(&event) }
                    </span>
                </div>
            }
        })
    };
    let onkeydown = {
        let (rows, of) = (Rc::clone(&rows), Rc::clone(&rows));
        let row_of = move |seq| of.borrow().before(seq + 1).binary_search(&seq).ok();
        choosing(&lab, count, move |i| rows.borrow().get(i), row_of)
    };
    let onchange = {
        let group = set(&group);
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                group.emit(select.value());
            }
        })
    };
    let clients = client_choice(lab.engine().run().trace().clients(), &client, "event-client", set(&client));
    let playing = lab.screen().playing;
    html! {
        <section class="panel listing events" aria-label={tabs::EVENTS}>
            <div class="panel-head">
                { list_tabs(&lab, Tab::Events, Some(("event-count", count))) }
                <span class="grow"></span>
                <label class="visually-hidden" for="event-group">{ text::KIND }</label>
                <select id="event-group" class="compact" {onchange} data-test="event-group">
                    { for text::GROUPS.into_iter().map(|(value, title)| html! {
                        <option key={value} {value} selected={*group == value}>{ title }</option>
                    }) }
                </select>
                { clients }
            </div>
            if dropped > 0 {
                <p class="soft list-note" data-test="events-dropped">{ events::dropped(dropped) }</p>
            }
            <div class="list-row list-head" aria-hidden="true">
                <span>{ text::TIME }</span>
                <span class="roomy">{ text::KIND }</span>
                <span class="roomiest">{ common::CLIENT }</span>
                <span class="roomiest">{ text::BY }</span>
                <span>{ text::WHAT }</span>
            </div>
            <VirtualList count={count} {row} {active} at_end={playing || selected.is_none()} role="grid" label={tabs::EVENTS}
                test="events" active_id={selected.map(|seq| AttrValue::from(format!("event-{seq}")))} {onkeydown} />
            { way_to_inspector(&lab) }
        </section>
    }
}
