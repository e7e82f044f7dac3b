//! The tabs of a narrow page: five panels, and the others under More.

use super::field::use_value;
use super::icons::icon;
use super::lab::{LabProps, Rate, use_lab};
use super::screen::Tab;
use super::text::tabs as text;
use yew::prelude::*;

/// Those that have room at 360 pixels.
const MAIN: [Tab; 5] = [Tab::Timeline, Tab::Flow, Tab::Clients, Tab::Topics, Tab::Inspector];

/// The bar.
#[component]
pub(crate) fn Tabs(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let open = use_value(|| false);
    let tab = lab.screen().tab;
    let one = |one: Tab| {
        let (lab, open) = (lab.clone(), open.setter());
        let onclick = Callback::from(move |_: MouseEvent| {
            open.set(false);
            lab.change(|screen| screen.go(one));
        });
        html! {
            <button key={one.name()} type="button" class="quiet" aria-pressed={(one == tab).to_string()} {onclick}
                data-test={format!("tab-{}", one.name())}>{ one.title() }</button>
        }
    };
    let more = {
        let (is_open, open) = (*open, open.setter());
        Callback::from(move |_: MouseEvent| open.set(!is_open))
    };
    let is_rest = !MAIN.contains(&tab);
    html! {
        <nav class="tabs" aria-label={text::PANELS}>
            { for MAIN.into_iter().map(one) }
            <button type="button" class={classes!("quiet", is_rest.then_some("chosen"))} aria-expanded={open.to_string()} aria-controls="more-tabs"
                onclick={more} data-test="tab-more">
                <span class="clip">{ if is_rest { tab.title() } else { text::MORE } }</span>{ icon("down") }
            </button>
            <div id="more-tabs" class="more-tabs" hidden={!*open}>
                { for Tab::ALL.into_iter().filter(|tab| !MAIN.contains(tab)).map(one) }
            </div>
        </nav>
    }
}
