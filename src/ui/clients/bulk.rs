//! What is done with many clients at once.

use crate::client::{Action, State};
use crate::sim::Input;
use crate::ui::field::{set, use_value};
use crate::ui::lab::Lab;
use crate::ui::text::clients as text;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct BulkProps {
    pub(super) lab: Lab,
    /// The names of the virtual clients that are meant.
    pub(super) names: Rc<[String]>,
    /// Whether those are not all.
    pub(super) narrowed: bool,
}

/// The buttons.
#[component]
pub(super) fn Bulk(props: &BulkProps) -> Html {
    let sure = use_value(|| false);
    let (lab, names) = (&props.lab, &props.names);
    let press = |input: fn(&str, bool) -> Option<Input>| {
        let (lab, names, sure) = (lab.clone(), Rc::clone(names), sure.setter());
        Callback::from(move |_: MouseEvent| {
            let inputs: Vec<Input> = {
                let engine = lab.engine();
                let run = engine.run();
                let is_up = |name: &str| {
                    run.world().client(name).is_some_and(|view| view.client.state() > State::Idle)
                };
                names.iter().filter_map(|name| input(name, is_up(name))).collect()
            };
            lab.input(inputs);
            sure.set(false);
        })
    };
    let connect = press(|name, is_up| {
        let action = Action::Connect { options: None };
        (!is_up).then(|| Input::Client { client: name.to_owned(), action })
    });
    let disconnect = press(|name, is_up| {
        let action = Action::Disconnect { code: 0, session_expiry_s: None };
        is_up.then(|| Input::Client { client: name.to_owned(), action })
    });
    let remove = press(|name, _| Some(Input::RemoveClient { client: name.to_owned() }));
    let ask = |on: bool| set(&sure).reform(move |_: MouseEvent| on);
    html! {
        <div class="row bulk" role="group" aria-label={text::with_those(names.len(), props.narrowed)}>
            if *sure {
                <span>{ text::remove_sure(names.len()) }</span>
                <button type="button" onclick={remove} data-test="remove-sure">{ text::REMOVE_ALL }</button>
                <button type="button" class="quiet" onclick={ask(false)}>{ text::KEEP }</button>
            } else {
                <span class="soft">{ text::with_those(names.len(), props.narrowed) }</span>
                <button type="button" class="quiet" onclick={connect} data-test="connect-all">{ text::CONNECT_ALL }</button>
                <button type="button" class="quiet" onclick={disconnect} data-test="disconnect-all">{ text::DISCONNECT_ALL }</button>
                <button type="button" class="quiet" onclick={ask(true)} data-test="remove-all">{ text::REMOVE_ALL }</button>
            }
        </div>
    }
}
