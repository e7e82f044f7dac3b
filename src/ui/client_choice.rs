//! The choice of one client among all, for what lists show.

use super::text::common as text;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The most clients that are offered; of more, the wanted one's name is typed.
const MOST: usize = 200;

/// The choice; empty stands for all clients.
pub(crate) fn client_choice<'a>(
    names: impl Iterator<Item = &'a str>,
    chosen: &str,
    test: &'static str,
    set: Callback<String>,
) -> Html {
    let names: Vec<String> =
        names.filter(|name| !name.is_empty()).take(MOST + 1).map(str::to_owned).collect();
    if names.len() > MOST {
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                set.emit(input.value());
            }
        });
        return html! {
            <input type="search" class="compact" placeholder={text::ALL_CLIENTS} aria-label={text::CLIENT} autocomplete="off" autocapitalize="off"
                spellcheck="false" value={chosen.to_owned()} data-test={test} {oninput} />
        };
    }
    let onchange = Callback::from(move |event: Event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            set.emit(select.value());
        }
    });
    let is_gone = !chosen.is_empty() && !names.iter().any(|name| name == chosen);
    let gone = is_gone.then(|| chosen.to_owned());
    html! {
        <select class="compact" aria-label={text::CLIENT} data-test={test} {onchange}>
            <option value="" selected={chosen.is_empty()}>{ text::ALL_CLIENTS }</option>
            { for names.into_iter().chain(gone).map(|name| html! {
                <option key={name.clone()} value={name.clone()} selected={chosen == name}>{ name.clone() }</option>
            }) }
        </select>
    }
}
