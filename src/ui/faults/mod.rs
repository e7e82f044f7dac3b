//! Faults by hand: what can happen to a client's link, to one packet, to the client and to the broker; and the way back from each.

mod hex;
mod link;
mod packet;
mod state;

use super::dialog::Dialog;
use super::icons::IconButton;
use super::lab::{Lab, Rate, use_lab};
use super::text::faults as text;
use super::views::ClientView;
use crate::broker::{Command, Kind};
use crate::client::Action;
use crate::sim::Input;
use crate::trace::EventRef;
use hex::SendHex;
use link::link_faults;
use packet::PacketFaults;
pub(crate) use state::{fault_states, restores};
use yew::prelude::*;

/// Whose faults the dialog is about.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    /// The client; `None` for the broker.
    pub(crate) client: Option<String>,
    /// The event that sent the packet which is meant.
    pub(crate) packet: Option<u32>,
}

/// The dialog, where one is asked for.
pub(crate) fn faults(lab: &Lab) -> Html {
    let Some(subject) = lab.screen().faults.clone() else { return html! {} };
    html! { <FaultsDialog lab={lab.clone()} {subject} /> }
}

/// What opens the dialog.
fn opens<E: 'static>(lab: &Lab, subject: Subject) -> Callback<E> {
    let lab = lab.clone();
    Callback::from(move |_: E| {
        let subject = subject.clone();
        lab.change(|screen| screen.faults = Some(subject));
    })
}

/// The button that opens it for a client, or for the broker.
pub(crate) fn faults_button(lab: &Lab, client: Option<&str>) -> Html {
    let subject = Subject { client: client.map(str::to_owned), packet: None };
    if client.is_some() {
        // A card is narrow.
        return IconButton::new("fault", text::OPEN_TITLE, "", opens(lab, subject)).html("faults");
    }
    let onclick = opens::<MouseEvent>(lab, subject);
    html! {
        <button type="button" class="quiet" {onclick} title={text::OPEN_BROKER_TITLE} data-test="broker-faults">{ text::OPEN }</button>
    }
}

/// The way to the what-ifs of a packet that is on its way at the view.
pub(crate) fn what_if_button(lab: &Lab, event: &EventRef<'_>) -> Html {
    let may = matches!(event.kind(), Kind::PacketSent | Kind::Decision);
    let engine = lab.engine();
    let arrow = engine.tracks().arrow(event.client(), event.seq()).copied();
    let on_its_way =
        arrow.is_some_and(|arrow| arrow.seq < engine.events() && arrow.end_seq >= engine.events());
    if !may || !on_its_way {
        return html! {};
    }
    let clients = engine.clients();
    let client = clients.iter().find(|client| client.identifier() == event.client());
    let Some(client) = client.map(|client| client.name.clone()) else { return html! {} };
    let onclick = opens::<MouseEvent>(lab, Subject { client: Some(client), packet: Some(event.seq()) });
    html! { <p><button type="button" {onclick} title={text::PACKET_ABOUT} data-test="what-if">{ text::WHAT_IF }</button></p> }
}

/// A button by its name and what it does.
fn button(
    (name, title): (&'static str, &'static str),
    test: &'static str,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! { <button type="button" {title} {onclick} data-test={test}>{ name }</button> }
}

/// What does something to the run.
fn does(lab: &Lab, input: Input) -> Callback<MouseEvent> {
    let lab = lab.clone();
    Callback::from(move |_: MouseEvent| lab.input([input.clone()]))
}

#[derive(Properties, PartialEq)]
struct DialogProps {
    lab: Lab,
    subject: Subject,
}

#[component]
fn FaultsDialog(props: &DialogProps) -> Html {
    let lab = &use_lab(&props.lab, Rate::Panel);
    let onclose = lab.changes(|screen| screen.faults = None);
    let client = props.subject.client.as_ref();
    let view = client.and_then(|name| lab.engine().clients().into_iter().find(|view| view.name == *name));
    let title = client.map_or_else(|| text::TITLE_BROKER.to_owned(), |name| text::title(name));
    let said = lab.screen().notice.clone();
    html! {
        <Dialog {title} test="faults-dialog" {onclose}>
            if let Some(view) = view {
                <div class="client-state" data-test="faults-state">{ fault_states(lab, &view) }</div>
                { group("link", text::LINK, text::LINK_ABOUT, link_faults(lab, &view)) }
                { group("what-if", text::PACKET, text::PACKET_ABOUT, html! {
                    <PacketFaults lab={lab.clone()} client={view.name.clone()} packet={props.subject.packet} />
                }) }
                if !view.real {
                    { group("client", text::CLIENT, "", client_faults(lab, &view)) }
                }
            }
            { group("broker", text::BROKER, text::BROKER_ABOUT, broker_faults(lab)) }
            <p class="soft" role="status" data-test="faults-said">{ said }</p>
        </Dialog>
    }
}

fn group(name: &'static str, title: &'static str, about: &'static str, inside: Html) -> Html {
    html! {
        <section class="faults" data-test={format!("faults-{name}")} aria-label={title}>
            <h3>{ title }</h3>
            if !about.is_empty() {
                <p class="soft">{ about }</p>
            }
            { inside }
        </section>
    }
}

fn client_faults(lab: &Lab, view: &ClientView) -> Html {
    let act = |name, test, action| {
        button(name, test, does(lab, Input::Client { client: view.name.clone(), action }))
    };
    html! {
        <>
            <div class="row">
                if view.off {
                    <span>{ text::OFF }</span>
                    { act(text::RESTART_KEPT, "restart-kept", Action::Restart { keep_session: true }) }
                    { act(text::RESTART, "restart", Action::Restart { keep_session: false }) }
                } else {
                    { act(text::CRASH, "crash", Action::Crash) }
                    if view.owes.is_some() {
                        { act(text::RESUME_ACKS, "resume-acks", Action::ResumeAcks) }
                    } else {
                        { act(text::STOP_ACKS, "stop-acks", Action::StopAcks) }
                    }
                }
            </div>
            if !view.off {
                <SendHex lab={lab.clone()} client={view.name.clone()} version={view.version} />
            }
        </>
    }
}

fn broker_faults(lab: &Lab) -> Html {
    let restart = |keep_store| does(lab, Input::Broker(Command::Restart { keep_store }));
    html! {
        <div class="row">
            { button(text::RESTART_BROKER_KEPT, "broker-restart-kept", restart(true)) }
            { button(text::RESTART_BROKER, "broker-restart", restart(false)) }
        </div>
    }
}
