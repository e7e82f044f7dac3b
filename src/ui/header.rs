//! The top of the page: which run this is, and what is done with the whole of it.

use super::browser;
use super::files::file_buttons;
use super::icons::{IconButton, icon};
use super::lab::Lab;
use super::link::Written;
use super::rules::way_to_rules;
use super::text::commands;
use super::text::header as text;
use super::theme::theme_button;
use super::{lessons, link, palette, teacher};
use crate::profile::Profile;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The bar.
pub(crate) fn header(lab: &Lab) -> Html {
    // A choice that was made by hand is only shown otherwise by other elements.
    let key = lab.engine().openings_undone();
    let (lesson, profile, title) = {
        let engine = lab.engine();
        (
            engine.lesson().unwrap_or_default().to_owned(),
            engine.profile().to_owned(),
            engine.title().to_owned(),
        )
    };
    let choose_lesson = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                lessons::choose(&lab, &select.value());
            }
        })
    };
    let choose_profile = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                lessons::with_profile(&lab, &select.value());
            }
        })
    };
    let call = |act: fn(&Lab)| {
        let lab = lab.clone();
        Callback::from(move |()| act(&lab))
    };
    let help = lab.changes(|screen| screen.help = true);
    html! {
        <header class="top">
            <div class="brand">
                <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
                    <rect class="brand-glass" x="2" y="5" width="20" height="14" rx="4" />
                    <path class="brand-line" d="M6 15.500 10.500 8.500 M10.500 8.500 14 15.500 M14 15.500 18 8.500" />
                </svg>
                <h1>{ text::NAME }</h1>
            </div>
            <label class="field-inline">
                <span class="visually-hidden">{ text::SCENARIO }</span>
                <select {key} onchange={choose_lesson} data-test="scenario">
                    { for lessons::ALL.iter().map(|one| html! {
                        <option key={one.name} value={one.name} selected={one.name == lesson}>{ one.title() }</option>
                    }) }
                    if lesson.is_empty() {
                        <option value="" selected=true>{ if title.is_empty() { text::UNTITLED } else { title.as_str() } }</option>
                    }
                </select>
            </label>
            <label class="field-inline">
                <span class="visually-hidden">{ text::PROFILE }</span>
                <select {key} onchange={choose_profile} title={text::PROFILE_TITLE} data-test="profile">
                    { for Profile::presets().iter().map(|preset| html! {
                        <option key={preset.name} value={preset.name} selected={preset.name == profile}>
                            { lessons::profile_title(preset) }
                        </option>
                    }) }
                </select>
            </label>
            { way_to_rules(lab) }
            <span class="grow"></span>
            { file_buttons(lab) }
            <button type="button" class="quiet" onclick={call(share).reform(|_: MouseEvent| ())} data-test="share" title={text::SHARE_TITLE}>
                { icon("share") }<span class="wide-only">{ text::SHARE }</span>
            </button>
            { theme_button(lab) }
            { IconButton::new("present", commands::TEACHER, "T", call(teacher::toggle)).class("quiet wide-only").html("open-teacher") }
            { IconButton::new("search", commands::PALETTE, commands::PALETTE_KEY, call(palette::open)).html("open-palette") }
            { IconButton::new("help", text::HELP, "?", help).html("open-help") }
        </header>
    }
}

/// Copies a link to this moment, and says so.
pub(crate) fn share(lab: &Lab) {
    let text = match link::of_this_moment(lab) {
        Ok(Written { hash, is_whole }) => {
            browser::set_hash(&hash);
            browser::copy(&format!("{}#{hash}", browser::address()));
            let mut said = text::SHARED.to_owned();
            if !is_whole {
                said.push_str(text::OF_ONE_BRANCH);
            }
            if has_passwords(lab) {
                said.push_str(text::WITH_PASSWORDS);
            }
            said
        }
        Err(why) => why,
    };
    lab.change(|screen| screen.notice = Some(text));
}

/// Whether whoever has the run has passwords.
fn has_passwords(lab: &Lab) -> bool {
    let engine = lab.engine();
    let scenario = engine.scenario();
    !scenario.broker.access.users.is_empty()
        || scenario.clients.iter().any(|spec| spec.client.connect.password.is_some())
}
