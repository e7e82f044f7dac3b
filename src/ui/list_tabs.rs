//! The tabs of the lists that share the room under the timeline of a wide page.

use super::lab::Lab;
use super::screen::Tab;
use yew::prelude::*;

/// The tabs at the head of a list: its own title, with a count of what it shows and that count's name for tests, and the ways to
/// the others.
pub(crate) fn list_tabs(lab: &Lab, here: Tab, count: Option<(&'static str, usize)>) -> Html {
    html! {
        <div class="list-tabs">
            { for Tab::LISTS.into_iter().map(|one| if one == here {
                html! {
                    <>
                        <h2>{ one.title() }</h2>
                        if let Some((test, count)) = count {
                            <span class="faint number" data-test={test}>{ count }</span>
                        }
                    </>
                }
            } else {
                let onclick = lab.goes(one);
                html! {
                    <button key={one.name()} type="button" class="quiet other-list" {onclick}
                        data-test={format!("list-{}", one.name())}>{ one.title() }</button>
                }
            }) }
        </div>
    }
}

/// A list in whose place another is shown: it keeps its state, such as its filter, and costs no drawing.
pub(crate) fn closed(class: &'static str) -> Html {
    html! { <section class={classes!("panel", "listing", class)} hidden=true></section> }
}
