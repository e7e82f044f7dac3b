//! Which faults a client has now, each with its way back.

use super::does;
use crate::client::Action;
use crate::picture::{clock, span};
use crate::sim::Input;
use crate::time::SimTime;
use crate::ui::lab::Lab;
use crate::ui::text::faults as text;
use crate::ui::views::{ClientView, Presence};
use yew::prelude::*;

/// The faults and the ways back.
pub(crate) fn fault_states(lab: &Lab, view: &ClientView) -> Html {
    let name = &view.name;
    let mut dead: Vec<String> = Vec::new();
    if view.cut {
        dead.push(text::IS_CUT.to_owned());
    }
    for (until, way) in view.holds.iter().zip(text::WAYS) {
        if *until == Some(SimTime::END) {
            dead.push(text::half_open(way));
        }
    }
    let stalled = view.holds.iter().flatten().filter(|until| **until != SimTime::END).max();
    dead.extend(stalled.map(|until| text::stalled(&clock(*until))));
    let slow = view.link != lab.engine().usual_link(name);
    let back = |(what, title): (&'static str, &'static str), test: &'static str, onclick| {
        html! { <button type="button" class="fault-back" {title} {onclick} data-test={test}>{ what }</button> }
    };
    // A fault and its way back stay on one line.
    let fault = |said: Vec<String>, backs: Html| {
        html! {
            <span class="fault">
                { for said.into_iter().map(|said| html! { <span class="state state-cut" data-test="fault">{ said }</span> }) }
                { backs }
            </span>
        }
    };
    html! {
        <>
            if !dead.is_empty() {
                { fault(dead, back(text::RESTORE, "restore", restores(lab, view))) }
            }
            if slow {
                { fault(
                    vec![text::link(&span(view.link.latency.0), view.link.bytes_per_s)],
                    back(text::USUAL, "usual-link", usual(lab, name)),
                ) }
            }
            if view.off {
                { fault(vec![text::OFF.to_owned()], html! {
                    <>
                        { back(text::RESTART_KEPT, "back-kept", does(lab, acts(name, Action::Restart { keep_session: true }))) }
                        { back(text::RESTART, "back", does(lab, acts(name, Action::Restart { keep_session: false }))) }
                    </>
                }) }
            }
            if let Some(count) = view.owes {
                { fault(vec![text::owes(count)], back(text::RESUME_ACKS, "back-acks", does(lab, acts(name, Action::ResumeAcks)))) }
            }
            if view.what_ifs > 0 {
                { fault(
                    vec![text::waiting(view.what_ifs)],
                    back(text::FORGET, "forget", does(lab, super::packet::forgets(name))),
                ) }
            }
        </>
    }
}

fn acts(client: &str, action: Action) -> Input {
    Input::Client { client: client.to_owned(), action }
}

/// The usual link, which is looked up when it is asked for.
fn usual(lab: &Lab, client: &str) -> Callback<MouseEvent> {
    let (lab, client) = (lab.clone(), client.to_owned());
    Callback::from(move |_: MouseEvent| {
        let link = lab.engine().usual_link(&client);
        lab.input([Input::Link { client: client.clone(), link }]);
    })
}

/// The network works again; who has no connection and makes none is told how to.
pub(crate) fn restores(lab: &Lab, view: &ClientView) -> Callback<MouseEvent> {
    let (lab, client) = (lab.clone(), view.name.clone());
    let connects = view.presence != Presence::Offline || view.reconnects || view.real;
    Callback::from(move |_: MouseEvent| {
        lab.input([Input::Restore { client: client.clone() }]);
        if !connects {
            lab.change(|screen| screen.notice = Some(text::restored(&client)));
        }
    })
}
