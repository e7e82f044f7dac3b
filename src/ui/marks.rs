//! Small marks that several panels show.

use super::text::{broker, common};
use yew::prelude::*;

/// The mark of a retained message that is not the last message of its topic.
pub(crate) fn stale() -> Html {
    html! { <span class="tag" data-test="stale" title={broker::STALE_TITLE}>{ broker::STALE }</span> }
}

/// Says how many more there are than are shown, if there are.
pub(crate) fn more(count: usize, shown: usize) -> Html {
    match count.saturating_sub(shown) {
        0 => html! {},
        more => html! { <p class="soft">{ common::more(more) }</p> },
    }
}
