//! Which tracks are shown: check boxes, a text to filter by, and the way back to all.

use crate::picture::{Shown, toggle};
use crate::ui::field::TextField;
use crate::ui::icons::icon;
use crate::ui::lab::Lab;
use crate::ui::text::timeline as text;
use yew::prelude::*;

/// How many tracks are listed; a filter finds the others.
const LISTED: usize = 200;

/// The clients that have tracks, in the order of their lanes.
fn clients(lab: &Lab) -> Vec<String> {
    lab.engine().tracks().clients.iter().map(|track| track.client.clone()).collect()
}

fn change(lab: &Lab, change: impl FnOnce(&mut Shown)) {
    lab.change(|screen| change(&mut screen.shown));
}

/// A check box or a switch of the list.
fn switch(
    lab: &Lab,
    test: &'static str,
    name: &str,
    label: String,
    checked: bool,
    flip: fn(&mut Shown, &str),
) -> Html {
    let (lab, client) = (lab.clone(), name.to_owned());
    let onchange = Callback::from(move |_: Event| change(&lab, |shown| flip(shown, &client)));
    html! {
        <label class="check">
            <input type="checkbox" {checked} {onchange} data-test={test} data-client={name.to_owned()} />
            <span class="clip">{ label }</span>
        </label>
    }
}

/// How many tracks are not shown, with the way back; nothing where all are.
pub(super) fn hidden(lab: &Lab) -> Html {
    let count = lab.screen().not_shown;
    if count == 0 {
        return html! {};
    }
    let onclick = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| {
            change(&lab, |shown| (shown.hidden, shown.filter, shown.only_lit) = Default::default());
        })
    };
    html! {
        <span class="hidden-tracks" role="status" data-test="tracks-hidden">
            { text::hidden(count) }
            <button type="button" class="link" {onclick} data-test="tracks-all">{ text::SHOW_ALL }</button>
        </span>
    }
}

/// The list, where it is open.
pub(super) fn tracks(lab: &Lab) -> Html {
    let shown = lab.screen().shown.clone();
    let filter = {
        let lab = lab.clone();
        Callback::from(move |typed: String| change(&lab, |shown| shown.filter = typed))
    };
    let wanted = shown.filter.to_lowercase();
    let names: Vec<String> =
        clients(lab).into_iter().filter(|name| name.to_lowercase().contains(&wanted)).collect();
    let all = |test: &'static str, title: &'static str, collapse: bool| {
        let lab = lab.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let names = if collapse { clients(&lab) } else { Vec::new() };
            change(&lab, |shown| (shown.collapsed, shown.broker_collapsed) = (names, collapse));
        });
        html! { <button type="button" class="quiet" {onclick} data-test={test}>{ title }</button> }
    };
    let has = |names: &[String], name: &String| names.contains(name);
    html! {
        <div class="timeline-menu" role="group" aria-label={text::TRACKS} data-test="tracks">
            { TextField::new(text::FILTER, &shown.filter, filter).html("tracks-filter") }
            <div class="row">
                { switch(lab, "tracks-lit", "", text::ONLY_LIT.to_owned(), shown.only_lit, |shown, _| shown.only_lit = !shown.only_lit) }
                { all("tracks-collapse", text::COLLAPSE_ALL, true) }
                { all("tracks-open", text::OPEN_ALL, false) }
            </div>
            <ul class="track-list">
                { for names.iter().take(LISTED).map(|name| html! {
                    <li key={name.clone()} class="row">
                        { switch(lab, "track-show", name, text::show(name), !has(&shown.hidden, name), |shown, name| toggle(&mut shown.hidden, name)) }
                        { switch(lab, "track-collapse", name, text::COLLAPSE.to_owned(), has(&shown.collapsed, name), |shown, name| toggle(&mut shown.collapsed, name)) }
                        { switch(lab, "track-pin", name, text::PIN.to_owned(), has(&shown.pinned, name), |shown, name| toggle(&mut shown.pinned, name)) }
                    </li>
                }) }
            </ul>
            <div class="row">
                <span class="grow">{ text::BROKER }</span>
                { switch(lab, "broker-collapse", "", text::COLLAPSE.to_owned(), shown.broker_collapsed, |shown, _| shown.broker_collapsed = !shown.broker_collapsed) }
            </div>
            if names.len() > LISTED {
                <p class="soft">{ text::more_tracks(names.len() - LISTED) }</p>
            }
        </div>
    }
}

/// The button that opens the list, and closes it.
pub(super) fn button(lab: &Lab) -> Html {
    let open = lab.screen().menu == Some(super::Menu::Tracks);
    let onclick = super::opens(lab, super::Menu::Tracks);
    html! {
        <button type="button" class="quiet" title={text::TRACKS} aria-label={text::TRACKS} aria-expanded={open.to_string()} {onclick} data-test="tracks-button">
            { icon("tracks") }
        </button>
    }
}
