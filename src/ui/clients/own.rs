//! A client's own view: what it sent, received and holds back until the view, as it saw that itself.

use crate::broker::{By, Kind};
use crate::client::Message;
use crate::picture::clock;
use crate::sorted::Sorted;
use crate::trace::{EventRef, Trace};
use crate::ui::dialog::Dialog;
use crate::ui::field::{choice, set, use_value};
use crate::ui::lab::{Lab, LabProps, Rate, use_lab};
use crate::ui::rows::choosing;
use crate::ui::talk::draft_of;
use crate::ui::text::clients as text;
use crate::ui::virtual_list::VirtualList;
use crate::ui::{timeline, words};
use crate::wire::{Packet, PacketType};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the list is narrowed to, by the index among its names.
const MESSAGES: usize = 1;
const SENT: usize = 2;
const RECEIVED: usize = 3;
const DUPLICATES: usize = 4;
const LOST: usize = 5;

/// How many events are looked at in one drawing; the rest in the next ones.
const LOOKS: u32 = 50_000;

/// The events of one client's own side, as far as they were looked at.
#[derive(Default)]
struct Own {
    /// The generation of the trace, the client, and what the list is narrowed to.
    key: (u64, String, usize, String),
    looked_at: u32,
    /// Those that are shown, and which of them are messages that it had received before.
    seqs: Vec<u32>,
    again: Sorted<u32, ()>,
    received: Sorted<u32, ()>,
    /// How many packets of each type and way there were, with the number of the last event that counts.
    counts: Sorted<(bool, &'static str), Vec<u32>>,
}

impl Own {
    /// Takes what is new; all of it where the key is another one. Says whether something is left for the next drawing.
    fn update(&mut self, key: (u64, String, usize, String), trace: &Trace) -> bool {
        if self.key != key {
            *self = Self { key, ..Self::default() };
        }
        let end = self.looked_at.max(trace.first_seq()).saturating_add(LOOKS).min(trace.next_seq());
        for event in trace.range(self.looked_at..end) {
            if event.by() == By::Client && event.client() == self.key.1 {
                self.take(&event);
            }
        }
        self.looked_at = end;
        end < trace.next_seq()
    }

    fn take(&mut self, event: &EventRef<'_>) {
        let (kind, packet, seq) = (event.kind(), event.packet_type(), event.seq());
        let is_publish = packet == Some(PacketType::Publish);
        if let (Kind::PacketReceived, true, Some(message)) = (kind, is_publish, event.message_number())
            && self.received.insert(message, ()).is_some()
        {
            self.again.insert(seq, ());
        }
        if let Some(packet) = packet {
            let place = (kind == Kind::PacketReceived, packet.name());
            match self.counts.get_mut(&place) {
                Some(seqs) => seqs.push(seq),
                None => {
                    self.counts.insert(place, vec![seq]);
                }
            }
        }
        let is_lost = matches!(kind, Kind::MessageQueued | Kind::MessageDropped);
        let is_in = match self.key.2 {
            MESSAGES => is_publish || is_lost,
            SENT => kind == Kind::PacketSent,
            RECEIVED => kind == Kind::PacketReceived,
            DUPLICATES => self.again.contains(&seq),
            LOST => is_lost,
            _ => true,
        };
        let found = || words::what(event).to_lowercase().contains(&self.key.3);
        if is_in && (self.key.3.is_empty() || found()) {
            self.seqs.push(seq);
        }
    }

    /// How many packets of each type there were before an event.
    fn counted(&self, events: u32, is_received: bool) -> String {
        let of_way = self.counts.iter().filter(|((way, _), _)| *way == is_received);
        let counted = of_way.map(|((_, name), seqs)| (name, seqs.partition_point(|seq| *seq < events)));
        counted.filter(|(_, n)| *n > 0).map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(", ")
    }
}

/// What the properties of an event's PUBLISH say, as `expiry: 30`.
fn properties(event: &EventRef<'_>) -> String {
    let Some(Ok(Packet::Publish(publish))) = event.decode() else { return String::new() };
    let draft = draft_of(&Message { payload: Default::default(), ..Message::of(&publish) });
    let is_property = |key: &str| !matches!(key, "topic" | "payload" | "qos" | "retain" | "form");
    let written = draft.written().filter(|(key, _)| is_property(key));
    written.map(|(key, text)| format!(" · {key}: {}", text.replace('\n', ", "))).collect()
}

/// What opens the view of a client.
pub(super) fn opens_own(lab: &Lab, name: &str) -> Callback<()> {
    let (lab, name) = (lab.clone(), name.to_owned());
    Callback::from(move |()| lab.change(|screen| screen.own = Some(name.clone())))
}

/// The dialog.
#[component]
pub(crate) fn OwnView(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let group = use_value(|| 0usize);
    let typed = use_value(String::new);
    let own = use_mut_ref(Own::default);
    let client = lab.screen().own.clone().and_then(|name| lab.engine().client(&name));
    let Some(client) = client else { return html! {} };
    let (count, sent, received) = {
        let engine = lab.engine();
        let (run, events) = (engine.run(), engine.events());
        let mut own = own.borrow_mut();
        let key = (engine.generation(), client.identifier().to_owned(), *group, typed.to_lowercase());
        if own.update(key, run.trace()) {
            lab.draws_on();
        }
        let count = own.seqs.partition_point(|seq| *seq < events);
        (count, own.counted(events, false), own.counted(events, true))
    };
    let selected = lab.screen().selected;
    let active = selected.and_then(|seq| own.borrow().seqs[..count].binary_search(&seq).ok());
    let row = {
        let (lab, own) = (lab.clone(), Rc::clone(&own));
        Callback::from(move |i: usize| {
            let own = own.borrow();
            let seq = own.seqs.get(i).copied().unwrap_or_default();
            row(&lab, seq, i, selected == Some(seq), own.again.contains(&seq))
        })
    };
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    let onkeydown = {
        let (own, of) = (Rc::clone(&own), Rc::clone(&own));
        let row_of = move |seq| of.borrow().seqs[..count].binary_search(&seq).ok();
        choosing(&lab, count, move |row| own.borrow().seqs.get(row).copied(), row_of)
    };
    let is_filtered = *group != 0 || !typed.is_empty();
    html! {
        <Dialog title={text::own(&client.name)} test="own" onclose={lab.changes(|screen| screen.own = None)}>
            <div class="own">
                <p class="soft" data-test="own-counts">
                    { text::counted(&sent, &received) }
                    if client.held > 0 {
                        { " " }{ text::held(client.held) }
                    }
                </p>
                <div class="field-row">
                    { choice(text::OWN_GROUP, &text::OWN_GROUPS, *group, "own-group", &set(&group)) }
                    <label class="field">
                        <span>{ text::OWN_SEARCH }</span>
                        <input type="search" autocomplete="off" spellcheck="false" value={(*typed).clone()} data-test="own-text"
                            {oninput} />
                    </label>
                </div>
                if count == 0 {
                    <p class="empty">{ if is_filtered { text::OWN_NO_MATCH } else { text::OWN_NONE } }</p>
                } else {
                    <VirtualList {count} {row} {active} at_end={active.is_none()} role="grid"
                        label={text::own(&client.name)} test="own-list"
                        active_id={active.map(|at| AttrValue::from(format!("own-{at}")))} {onkeydown} />
                }
            </div>
        </Dialog>
    }
}

fn row(lab: &Lab, seq: u32, i: usize, chosen: bool, again: bool) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let Some(event) = run.trace().get(seq) else {
        return html! { <div key={seq} class="list-row" role="row"></div> };
    };
    let (sign, way) = match event.kind() {
        Kind::PacketSent => ("→", text::SENT),
        Kind::PacketReceived => ("←", text::RECEIVED),
        _ => ("·", text::ITSELF),
    };
    let mut said = words::what(&event);
    if event.packet().is_none() {
        said = format!("{}: {said}", words::kind(event.kind()));
    }
    said.push_str(&properties(&event));
    html! {
        <div key={seq} id={format!("own-{i}")} role="row" class="list-row" aria-selected={chosen.to_string()}
            aria-rowindex={(i + 1).to_string()} data-test="own-row" data-way={way} onclick={timeline::selects(lab, seq)}>
            <span role="gridcell" class="number time">{ clock(event.at()) }</span>
            <span role="gridcell" class="soft way"><span aria-hidden="true">{ sign }</span>{ " " }{ way }</span>
            <span role="gridcell" class="what clip" title={said.clone()}>
                { said }
                if again {
                    { " " }<span class="tag">{ text::DUPLICATE }</span>
                }
            </span>
        </div>
    }
}
