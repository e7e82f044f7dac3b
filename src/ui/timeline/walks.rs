//! From the chosen event to the next or the one before: on its track, of its message, of its cause.

use crate::picture::{Along, walk};
use crate::ui::icons::IconButton;
use crate::ui::lab::Lab;
use crate::ui::lessons;
use crate::ui::text::timeline as text;
use yew::prelude::*;

/// Chooses the event that a step of a walk leads to, or says that there is none.
pub(crate) fn go(lab: &Lab, along: Along, forward: bool) {
    let selected = lab.screen().selected;
    let found = {
        let engine = lab.engine();
        let run = engine.run();
        selected.ok_or(text::NOTHING_CHOSEN).and_then(|seq| {
            let is_of_none = run.trace().get(seq).is_none_or(|event| event.message_number().is_none());
            match walk(run.trace(), seq, along, forward, engine.events()) {
                Some(next) => Ok(next),
                None if along == Along::Message && is_of_none => Err(text::NO_MESSAGE),
                None => Err(text::no_step(along, forward)),
            }
        })
    };
    match found {
        Ok(seq) => super::select(lab, Some(seq)),
        Err(why) => lessons::say(lab, why.to_owned()),
    }
}

/// Each walk, the names that tests have for its two ways, and their keys.
const WALKS: [(Along, [&str; 2], [&str; 2]); 3] = [
    (Along::Track, ["track-previous", "track-next"], ["[", "]"]),
    (Along::Message, ["message-previous", "message-next"], ["V", "B"]),
    (Along::Cause, ["cause-previous", "cause-next"], ["Z", "X"]),
];

/// The buttons, while something is chosen.
pub(super) fn walks(lab: &Lab) -> Html {
    if lab.screen().selected.is_none() {
        return html! {};
    }
    html! {
        <div class="walks" role="group" aria-label={text::WALKS}>
            { for WALKS.into_iter().map(|(along, tests, keys)| html! {
                <span key={tests[0]} class="walk">
                    { way(lab, along, false, tests[0], keys[0]) }
                    <span class="soft">{ text::along(along) }</span>
                    { way(lab, along, true, tests[1], keys[1]) }
                </span>
            }) }
        </div>
    }
}

fn way(lab: &Lab, along: Along, forward: bool, test: &'static str, key: &'static str) -> Html {
    let lab = lab.clone();
    let onclick = Callback::from(move |()| go(&lab, along, forward));
    let icon = if forward { "right" } else { "left" };
    IconButton::new(icon, text::step(along, forward), key, onclick).html(test)
}
