//! The clients: what each is up to, and everything that one can have them do.

mod add;
mod bulk;
mod card;
mod cloning;
mod joining;
mod options;
mod own;
mod real;
mod repeats;

use super::lab::{Lab, LabProps, Rate, use_lab};
use super::text::clients as text;
use super::views::ClientView;
use super::virtual_list::{VirtualList, moved};
use add::AddClient;
use bulk::Bulk;
pub(crate) use card::state;
pub(crate) use joining::joining_open;
pub(crate) use own::OwnView;

use crate::ui::field::use_value;
use card::ClientCard;
use real::real_client;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// How many clients are shown as cards; of more, each is a row of a list, and the chosen one has its card above that.
const CARDS: usize = 40;
/// From how many on they can be searched, and done something with at once.
const MANY: usize = 6;

/// The names of the clients, kept while nobody comes or goes.
#[derive(Default)]
struct Names {
    key: (u64, u64, String),
    all: usize,
    found: Rc<[String]>,
}

/// The panel.
#[component]
pub(crate) fn ClientsPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let open = use_value(|| None::<String>);
    let typed = use_value(String::new);
    let names = use_mut_ref(Names::default);
    let (all, found) = {
        let engine = lab.engine();
        let mut names = names.borrow_mut();
        let key = (engine.generation(), engine.clients_key(), typed.to_lowercase());
        if names.key != key {
            let all = engine.client_names();
            let count = all.len();
            let found = all.into_iter().filter(|name| name.to_lowercase().contains(&key.2)).collect();
            *names = Names { key, all: count, found };
        }
        (names.all, Rc::clone(&names.found))
    };
    let past = !lab.engine().is_at_head();
    let waiting = lab.engine().has_live_clients() && !lab.screen().playing;
    let toggle = |name: &str| {
        let (open, name) = (open.clone(), name.to_owned());
        Callback::from(move |()| open.set(Some(name.clone()).filter(|name| open.as_ref() != Some(name))))
    };
    let card = |client: ClientView| {
        let (toggle, is_open) = (toggle(&client.name), open.as_ref() == Some(&client.name));
        let key = client.name.clone();
        html! { <ClientCard {key} lab={lab.clone()} {client} {toggle} open={is_open} /> }
    };
    let is_list = found.len() > CARDS;
    let shown: Vec<ClientView> = {
        let engine = lab.engine();
        let is_shown = |name: &&String| !is_list || open.as_ref() == Some(*name);
        found.iter().filter(is_shown).filter_map(|name| engine.client(name)).collect()
    };
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    html! {
        <section class="panel clients" aria-label={text::TITLE}>
            <div class="panel-head">
                <h2>{ text::TITLE }</h2>
                <span class="faint number" data-test="client-count">{ all }</span>
                if all > MANY || !typed.is_empty() {
                    <span class="grow"></span>
                    <label class="visually-hidden" for="client-search">{ text::SEARCH }</label>
                    <input id="client-search" type="search" class="compact" placeholder={text::SEARCH} autocomplete="off"
                        spellcheck="false" value={(*typed).clone()} data-test="client-search" {oninput} />
                }
            </div>
            <div class="clients-body">
                if all == 0 {
                    <p class="empty">{ text::NONE }</p>
                } else if found.is_empty() {
                    <p class="empty">{ text::NOBODY }</p>
                }
                if all > MANY && !found.is_empty() {
                    <Bulk lab={lab.clone()} names={virtual_names(&lab, &found)} narrowed={found.len() < all} />
                }
                <ul class="client-list">{ for shown.into_iter().map(card) }</ul>
                if is_list {
                    { list(&lab, &found, open.as_ref(), &open.setter()) }
                }
                <AddClient lab={lab.clone()} />
                { real_client() }
            </div>
            // Below the cards, so that these stand still when a notice goes.
            <div class="clients-notices">
                if past {
                    <p class="notice-inline" data-test="past">{ text::IN_PAST }</p>
                }
                if waiting {
                    <p class="notice-inline" data-test="waiting">{ text::LIVE_WAIT }</p>
                }
            </div>
        </section>
    }
}

/// Those that the page moves itself.
fn virtual_names(lab: &Lab, names: &Rc<[String]>) -> Rc<[String]> {
    let engine = lab.engine();
    if names.iter().all(|name| engine.has_client(name)) {
        return Rc::clone(names);
    }
    names.iter().filter(|name| engine.has_client(name)).cloned().collect()
}

/// Many clients, a row each.
fn list(
    lab: &Lab,
    names: &Rc<[String]>,
    open: Option<&String>,
    choose: &UseStateSetter<Option<String>>,
) -> Html {
    let active = open.and_then(|open| names.iter().position(|name| name == open));
    let row = {
        let (lab, names, choose) = (lab.clone(), Rc::clone(names), choose.clone());
        Callback::from(move |i: usize| {
            let Some(client) = names.get(i).and_then(|name| lab.engine().client(name)) else {
                return html! { <div key={i} class="list-row" role="row"></div> };
            };
            let (class, state) = state(client.presence, client.session);
            let onclick = {
                let (choose, name) = (choose.clone(), client.name.clone());
                Callback::from(move |_: MouseEvent| choose.set(Some(name.clone())))
            };
            html! {
                <div key={client.name.clone()} id={format!("client-{i}")} class="list-row" role="row" {onclick}
                    aria-selected={(active == Some(i)).to_string()} aria-rowindex={(i + 1).to_string()}
                    data-test="client-row" data-client={client.name.clone()} data-state={state}>
                    <span role="gridcell" class="clip">{ client.name.clone() }</span>
                    <span role="gridcell" class={classes!("state", "clip", class)}>{ state }</span>
                </div>
            }
        })
    };
    let onkeydown = {
        let (names, choose) = (Rc::clone(names), choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(to) = moved(&event.key(), active, names.len()) {
                event.prevent_default();
                choose.set(names.get(to).cloned());
            }
        })
    };
    html! {
        <div class="client-rows">
            <VirtualList count={names.len()} {row} {active} role="grid" label={text::TITLE} test="client-rows"
                active_id={active.map(|at| AttrValue::from(format!("client-{at}")))} {onkeydown} />
        </div>
    }
}
