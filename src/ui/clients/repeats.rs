//! What a client publishes again and again, with the way to stop it.

use crate::sim::Input;
use crate::ui::lab::Lab;
use crate::ui::text::clients as text;
use yew::prelude::*;

/// How many are listed.
const LISTED: usize = 8;

/// The list; nothing where there is none.
pub(super) fn repeats(lab: &Lab, client: &str) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let row = |one: crate::sim::RepeatView<'_>| {
        let (lab, client, topic) = (lab.clone(), client.to_owned(), one.topic.to_owned());
        let label = text::stop(&topic);
        let onclick = {
            let topic = topic.clone();
            Callback::from(move |_: MouseEvent| {
                lab.input([Input::Stop { client: client.clone(), topic: Some(topic.clone()) }]);
            })
        };
        html! {
            <p key={topic.clone()} class="row repeat" data-test="repeat" data-topic={topic}>
                <span class="soft break grow">{ text::repeats(&one) }</span>
                <button type="button" class="quiet" aria-label={label} {onclick} data-test="repeat-stop">{ text::STOP }</button>
            </p>
        }
    };
    run.world().repeats(client).take(LISTED).map(row).collect()
}
