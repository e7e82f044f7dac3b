//! What a client does, as code.

use crate::export::code::{Language, Story, write};
use crate::ui::browser;
use crate::ui::field::{choice, set, use_value};
use crate::ui::files::download;
use crate::ui::icons::icon;
use crate::ui::lab::{Lab, LabProps, Rate, use_lab};
use crate::ui::text::code as text;
use yew::prelude::*;

/// The names of the clients, and the code of one of them.
fn code(lab: &Lab, client: &str, language: Language) -> (Vec<String>, Option<(String, String)>) {
    let engine = lab.engine();
    let run = engine.run();
    let names = Story::names(engine.scenario(), run.journal());
    let name = if names.iter().any(|name| name == client) {
        Some(client)
    } else {
        names.first().map(String::as_str)
    };
    let story = name.and_then(|name| Story::of(engine.scenario(), run.journal(), name));
    let written = story.map(|story| (story.client.id.clone(), write(language, &story)));
    (names, written)
}

/// The choice of client and language, and the code.
#[component]
pub(super) fn ClientCode(props: &LabProps) -> Html {
    let lab = &use_lab(&props.lab, Rate::Panel);
    let client = use_value(String::new);
    let language = use_value(|| 0);
    let chosen = Language::ALL[*language];
    let (names, written) = code(lab, &client, chosen);
    let Some((name, code)) = written else {
        return html! { <p class="empty">{ text::NO_CLIENT }</p> };
    };
    let onclient = {
        let client = client.setter();
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<web_sys::HtmlSelectElement>();
            client.set(select.map(|select| select.value()).unwrap_or_default());
        })
    };
    let copy = {
        let code = code.clone();
        Callback::from(move |_: MouseEvent| browser::copy(&code))
    };
    let save = {
        let (lab, code) = (lab.clone(), code.clone());
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let file = format!("{}.{}", if plain.is_empty() { "client" } else { &plain }, chosen.ending());
        Callback::from(move |_: MouseEvent| download(&lab, &file, &code))
    };
    let edit = (chosen == Language::MqttJs).then(|| {
        let (lab, code) = (lab.clone(), code.clone());
        Callback::from(move |_: MouseEvent| {
            lab.change(|screen| {
                screen.code.write(code.clone());
                screen.code.as_client = false;
            });
        })
    });
    html! {
        <>
            <div class="code-tools row">
                <label class="field field-short">
                    <span>{ text::CLIENT }</span>
                    <select data-test="code-client" onchange={onclient}>
                        { for names.iter().map(|one| html! {
                            <option key={one.clone()} value={one.clone()} selected={*one == name}>{ one }</option>
                        }) }
                    </select>
                </label>
                { choice(text::LANGUAGE, &Language::ALL.map(Language::title), *language, "code-language", &set(&language)) }
                <button type="button" onclick={copy} data-test="code-copy">{ icon("share") }{ text::COPY }</button>
                <button type="button" onclick={save} data-test="code-save">{ icon("save") }{ text::SAVE }</button>
                if let Some(onclick) = edit {
                    <button type="button" {onclick} data-test="code-edit">{ text::EDIT }</button>
                }
            </div>
            <pre class="snippet code-written" tabindex="0" aria-label={chosen.title()} data-test="code-written">{ code }</pre>
        </>
    }
}
