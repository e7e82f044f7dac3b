//! The moments that the user named: set at the view, listed, renamed, jumped to, deleted.

use crate::picture::clock;
use crate::scenario::{MAX_MARKS, Marker};
use crate::ui::field::TextField;
use crate::ui::icons::{IconButton, icon};
use crate::ui::lab::Lab;
use crate::ui::text::timeline as text;
use crate::ui::{lessons, panic, transport};
use yew::prelude::*;

/// Marks the moment that is looked at.
pub(crate) fn add(lab: &Lab) {
    let at = lab.engine().view().at;
    let said = lab.change_quietly(|screen| {
        let markers = &mut screen.markers;
        if markers.len() >= MAX_MARKS {
            return text::too_many(MAX_MARKS);
        }
        // A number that none has, also where some were deleted.
        let is_free = |name: &String| !markers.iter().any(|marker| marker.name == *name);
        let name = (1..).map(text::new_marker).find(is_free).unwrap_or_default();
        let place = markers.partition_point(|marker| marker.at <= at);
        let said = text::marked(&name, &clock(at));
        markers.insert(place, Marker { at, name });
        said
    });
    lessons::say(lab, said);
    panic::remember(lab);
}

fn change(lab: &Lab, change: impl FnOnce(&mut Vec<Marker>)) {
    lab.change(|screen| change(&mut screen.markers));
    panic::remember(lab);
}

/// The list, where it is open.
pub(super) fn markers(lab: &Lab) -> Html {
    let markers = lab.screen().markers.clone();
    let set = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| add(&lab))
    };
    html! {
        <div class="timeline-menu" role="group" aria-label={text::MARKERS} data-test="markers">
            <div class="row"><button type="button" onclick={set} data-test="marker-add">{ text::ADD_MARKER }</button></div>
            if markers.is_empty() {
                <p class="soft">{ text::NO_MARKERS }</p>
            }
            <ul class="track-list">
                { for markers.iter().enumerate().map(|(place, marker)| one(lab, place, marker)) }
            </ul>
        </div>
    }
}

fn one(lab: &Lab, place: usize, marker: &Marker) -> Html {
    let at = marker.at;
    let there = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| {
            lab.change_quietly(|screen| screen.playing = false);
            transport::seek(&lab, at);
        })
    };
    let renamed = {
        let lab = lab.clone();
        Callback::from(move |name: String| {
            change(&lab, |markers| {
                if let Some(marker) = markers.get_mut(place) {
                    marker.name = name;
                }
            });
        })
    };
    let delete = {
        let lab = lab.clone();
        Callback::from(move |()| {
            change(&lab, |markers| {
                if place < markers.len() {
                    markers.remove(place);
                }
            });
        })
    };
    html! {
        <li key={place} class="row" data-test="marker">
            <button type="button" class="link number" onclick={there} title={text::GO_TO_MARKER} data-test="marker-go">{ clock(at) }</button>
            { TextField::new(text::MARKER_NAME, &marker.name, renamed).html("marker-name") }
            { IconButton::new("close", text::delete_marker(&marker.name), "", delete).html("marker-delete") }
        </li>
    }
}

/// The button that opens the list, and closes it.
pub(super) fn button(lab: &Lab) -> Html {
    let open = lab.screen().menu == Some(super::Menu::Markers);
    let onclick = super::opens(lab, super::Menu::Markers);
    html! {
        <button type="button" class="quiet" title={text::MARKERS} aria-label={text::MARKERS} aria-expanded={open.to_string()} {onclick} data-test="markers-button">
            { icon("flag") }
        </button>
    }
}
