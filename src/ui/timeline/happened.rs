//! What happened at the moment where time stands still: all events of one step of the world, in words.

use crate::ui::lab::Lab;
use crate::ui::text::timeline as text;
use crate::ui::words;
use yew::prelude::*;

/// How many events are named.
const NAMED: usize = 4;

/// The line; empty while time runs.
pub(super) fn happened(lab: &Lab) -> Html {
    let playing = lab.screen().playing;
    let text = if playing { String::new() } else { told(lab) };
    html! { <p class="happened soft grow clip" role="status" title={text.clone()} data-test="happened">{ text }</p> }
}

fn told(lab: &Lab) -> String {
    let engine = lab.engine();
    let run = engine.run();
    let step = run.last_step();
    let mut text = match step.len() {
        0 => return String::new(),
        1 => String::new(),
        events => text::at_once(events),
    };
    let mut last = "";
    for event in run.trace().range(step.clone()).take(NAMED) {
        if !last.is_empty() {
            text.push_str(", ");
        }
        if event.client() != last {
            text.push_str(event.client());
            text.push(' ');
            last = event.client();
        }
        text.push_str(&words::brief(&event));
    }
    if step.len() > NAMED {
        text.push_str(", …");
    }
    text
}
