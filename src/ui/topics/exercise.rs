//! Two exercises on filters: names to publish to, and filters to think about before one lights them up.

use crate::client::{Action, ClientOptions, Message};
use crate::sim::Input;
use crate::ui::clients::joining_open;
use crate::ui::lab::Lab;
use crate::ui::text::topics as text;
use crate::wire::QoS;
use yew::prelude::*;

/// The client that publishes to an exercise's names.
const CLIENT: &str = "exercise";

struct Exercise {
    title: &'static str,
    names: &'static [&'static str],
    filters: &'static [&'static str],
}

const EXERCISES: [Exercise; 2] = [
    Exercise {
        title: text::EXERCISE_REST,
        names: &[
            "factory/1/machine/1/status",
            "factory/1/machine/32/status",
            "factory/2/machine/7/status",
            "office/7/machine/23/status",
            "office/8/sensor/42/measurements",
        ],
        filters: &["factory/1/machine/#", "factory/#", "#", "office/#"],
    },
    Exercise {
        title: text::EXERCISE_LEVELS,
        names: &[
            "factory/1/machine/1/status",
            "factory/1/machine/1/alerts",
            "factory/2/machine/3/status",
            "factory/1/vehicle/1/alerts",
            "office/1/machine/23/status",
            "office/2/machine/16/status",
            "office/2/machine/16/alerts",
        ],
        filters: &["factory/+/machine/+/status", "+/+/machine/+/alerts", "factory/+/machine/#"],
    },
];

fn publish(lab: &Lab, exercise: &Exercise) {
    let mut inputs = Vec::new();
    let act = |action| Input::Client { client: CLIENT.to_owned(), action };
    if !lab.engine().has_client(CLIENT) {
        inputs.extend(joining_open(lab, ClientOptions { id: CLIENT.to_owned(), ..ClientOptions::default() }));
    }
    inputs.extend(exercise.names.iter().map(|name| {
        // At QoS 1 they wait for the connection; at QoS 0 they would be dropped until it is there.
        let qos = QoS::AtLeastOnce;
        act(Action::Publish(Message {
            topic: (*name).to_owned(),
            payload: "1".into(),
            qos,
            ..Message::default()
        }))
    }));
    lab.input(inputs);
}

/// The folded part below the tree; `try_filter` puts a filter into the box.
pub(super) fn exercises(lab: &Lab, try_filter: &Callback<String>) -> Html {
    html! {
        <details class="exercises">
            <summary>{ text::EXERCISE }</summary>
            { for EXERCISES.iter().enumerate().map(|(i, exercise)| {
                let lab = lab.clone();
                let onclick = Callback::from(move |_: MouseEvent| publish(&lab, exercise));
                html! {
                    <div key={i} class="exercise">
                        <div class="row">
                            <strong class="grow">{ exercise.title }</strong>
                            <button type="button" {onclick} data-test={format!("exercise-{}", i + 1)}>
                                { text::publish_names(exercise.names.len()) }
                            </button>
                        </div>
                        <p class="soft">{ text::EXERCISE_THINK }</p>
                        <div class="row">
                            { for exercise.filters.iter().map(|filter| {
                                let onclick = try_filter.reform(move |_: MouseEvent| (*filter).to_owned());
                                html! { <button key={*filter} type="button" class="chip mono" {onclick}>{ *filter }</button> }
                            }) }
                        </div>
                    </div>
                }
            }) }
        </details>
    }
}
