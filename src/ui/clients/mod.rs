//! The clients: what each is up to, and everything that one can have them do.

mod add;
mod card;
mod options;
mod real;

use super::lab::{LabProps, Rate, use_lab};
use add::AddClient;
pub(crate) use add::joining_open;
pub(crate) use card::state;

use crate::ui::field::use_value;
use card::ClientCard;
use real::real_client;
use yew::prelude::*;

/// The panel.
#[component]
pub(crate) fn ClientsPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let open = use_value(|| None::<String>);
    let clients = lab.engine().clients();
    let past = !lab.engine().is_at_head();
    let waiting = lab.engine().has_live_clients() && !lab.screen().playing;
    html! {
        <section class="panel clients" aria-label="Clients">
            <div class="panel-head">
                <h2>{ "Clients" }</h2>
                <span class="faint number">{ clients.len() }</span>
            </div>
            <div class="clients-body">
                if past {
                    <p class="notice-inline" data-test="past">
                        { "You look at the past. What you do here begins another branch; the run as it was is kept." }
                    </p>
                }
                if waiting {
                    <p class="notice-inline" data-test="waiting">{ "Time stands still: live clients wait until you press play." }</p>
                }
                if clients.is_empty() {
                    <p class="empty">{ "Nobody is here yet. Add a virtual client, or connect a real one." }</p>
                }
                <ul class="client-list">
                    { for clients.into_iter().map(|client| {
                        let toggle = {
                            let (open, name) = (open.clone(), client.name.clone());
                            Callback::from(move |()| open.set(if open.as_ref() == Some(&name) { None } else { Some(name.clone()) }))
                        };
                        let is_open = open.as_ref() == Some(&client.name);
                        let key = client.name.clone();
                        let lab = lab.clone();
                        html! { <ClientCard {key} {lab} {client} {toggle} open={is_open} /> }
                    }) }
                </ul>
                <AddClient lab={lab.clone()} />
                { real_client() }
            </div>
        </section>
    }
}
