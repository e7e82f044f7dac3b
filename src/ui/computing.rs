//! That something is computed for long: how far it is, and the way to stop it.

use super::lab::Lab;
use super::text::computing as text;
use yew::prelude::*;

/// The word beside the clock; a computation that ends soon shows no more than that.
pub(crate) fn computing(lab: &Lab) -> Html {
    let (is_computing, part) = {
        let engine = lab.engine();
        (engine.is_computing() || engine.is_comparing(), engine.computed_part())
    };
    if !is_computing {
        return html! {};
    }
    let onclick = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| stop(&lab))
    };
    html! {
        <span class="computing">
            <span role="status">{ text::COMPUTING }</span>
            if let Some(part) = part {
                <progress class="by-and-by" max="100" value={part.to_string()} aria-label={text::COMPUTED}></progress>
            }
            <button type="button" class="quiet by-and-by" title={text::STOP_TITLE} {onclick} data-test="stop">{ text::STOP }</button>
        </span>
    }
}

/// Stops what is computed: the view stays where it has come to.
pub(crate) fn stop(lab: &Lab) {
    lab.change_quietly(|screen| screen.playing = false);
    lab.act(super::engine::Engine::stop);
}
