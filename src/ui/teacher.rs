//! Teacher mode: the narration and one picture, large, for a room; next and back by one key, as presenters' remotes send them.

use super::browser;
use super::icons::{IconButton, icon};
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::screen::Tab;
use super::text::teacher as text;
use super::{laser, transport};
use crate::picture::{Window, clock};
use crate::sim::Pace;
use crate::time::SimTime;
use yew::prelude::*;

/// The pictures and the panels that its bar has buttons for.
const LARGE: [Tab; 2] = [Tab::Timeline, Tab::Flow];
const BESIDE: [Tab; 4] = [Tab::Clients, Tab::Topics, Tab::Inspector, Tab::Broker];

/// What it shows, and what was shown before it.
pub(crate) struct Teacher {
    /// The timeline, or one of the lists.
    pub(crate) main: Tab,
    /// The panel beside it.
    pub(crate) beside: Option<Tab>,
    before: (Tab, Tab, Window, bool),
}

impl Teacher {
    /// Brings a panel back, large or beside.
    pub(crate) fn show(&mut self, tab: Tab) {
        if tab == Tab::Timeline || Tab::LISTS.contains(&tab) {
            self.main = tab;
        } else {
            self.beside = Some(tab);
        }
    }
}

/// Shows it, with the flow where that was looked at, else with the timeline.
pub(crate) fn enter(lab: &Lab) {
    lab.change(|screen| {
        let main = if screen.tab == Tab::Flow { Tab::Flow } else { Tab::Timeline };
        let before = (screen.tab, screen.list, screen.window.clone(), screen.follow);
        screen.teacher = Some(Teacher { main, beside: None, before });
        (screen.menu, screen.notice) = (None, None);
    });
    large(true);
}

/// Leaves it: what was shown before is shown again, at the moment that one came to.
pub(crate) fn leave(lab: &Lab) {
    lab.change(|screen| {
        if let Some(Teacher { before, .. }) = screen.teacher.take() {
            (screen.tab, screen.list, screen.window, screen.follow) = before;
        }
        screen.laser = false;
    });
    large(false);
    if browser::document().is_some_and(|document| document.fullscreen_element().is_some()) {
        full_screen();
    }
}

/// Enters or leaves it.
pub(crate) fn toggle(lab: &Lab) {
    let is_on = lab.screen().teacher.is_some();
    if is_on { leave(lab) } else { enter(lab) }
}

/// Scales the page's type, by a class of its root.
fn large(on: bool) {
    if let Some(root) = browser::document().and_then(|document| document.document_element()) {
        let _ = root.class_list().toggle_with_force("teacher", on);
    }
}

/// Has the browser show nothing but the page, or the page among its windows again.
pub(crate) fn full_screen() {
    let Some(document) = browser::document() else { return };
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Some(root) = document.document_element() {
        // Where the browser refuses, the page stays as it is.
        let _ = root.request_fullscreen();
    }
}

/// Plays to the next mark of the narration and waits there; while it plays, goes there at once. Without a narration one message on.
pub(crate) fn next(lab: &Lab) {
    if lab.engine().marks().is_empty() {
        return transport::step_by(lab, true, Pace::Message);
    }
    let (view, end) = (lab.engine().view().at, lab.engine().end());
    let to = lab.engine().marks().iter().map(|mark| mark.at).find(|at| *at > view).unwrap_or(end);
    let was_playing = lab.screen().playing;
    if was_playing {
        lab.change_quietly(|screen| screen.playing = false);
        transport::seek(lab, to);
    } else if to > view {
        lab.change(|screen| screen.playing = true);
    }
}

/// Back to the mark before, or to the beginning. Without a narration one message back.
pub(crate) fn back(lab: &Lab) {
    if lab.engine().marks().is_empty() {
        return transport::step_by(lab, false, Pace::Message);
    }
    let view = lab.engine().view().at;
    let to = lab.engine().marks().iter().map(|mark| mark.at).rfind(|at| *at < view);
    lab.change_quietly(|screen| screen.playing = false);
    transport::seek(lab, to.unwrap_or(SimTime::ZERO));
}

/// The bar at the foot of the page: back, next, and one panel back.
#[component]
pub(crate) fn TeacherBar(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let Some((main, beside)) = lab.screen().teacher.as_ref().map(|teacher| (teacher.main, teacher.beside))
    else {
        return html! {};
    };
    let call = |act: fn(&Lab)| {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| act(&lab))
    };
    let (view, reached, all) = {
        let engine = lab.engine();
        let (view, marks) = (engine.view().at, engine.marks());
        (view, marks.partition_point(|mark| mark.at <= view), marks.len())
    };
    let panel = |tab: Tab, is_shown: bool| {
        let lab = lab.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            lab.change(|screen| {
                // Pressed once more, what is beside goes.
                match &mut screen.teacher {
                    Some(teacher) if teacher.beside == Some(tab) => teacher.beside = None,
                    _ => screen.go(tab),
                }
            });
        });
        html! {
            <button key={tab.name()} type="button" class="quiet" aria-pressed={is_shown.to_string()} {onclick}
                data-test={format!("teacher-{}", tab.name())}>{ tab.title() }</button>
        }
    };
    html! {
        <section class="teacher-bar" aria-label={text::BAR} data-test="teacher">
            <button type="button" onclick={call(back)} data-test="teacher-back">{ icon("left") }{ text::BACK }</button>
            <button type="button" class="primary" onclick={call(next)} data-test="teacher-next">{ text::NEXT }{ icon("right") }</button>
            <output class="number" data-test="teacher-clock" aria-live="off">{ clock(SimTime(view.0 / 1000 * 1000)) }</output>
            if all > 0 {
                <span class="soft number" data-test="teacher-mark">{ text::mark_of(reached, all) }</span>
            }
            <span class="grow"></span>
            <div class="segments" role="group" aria-label={text::MAIN}>{ for LARGE.into_iter().map(|tab| panel(tab, main == tab)) }</div>
            <div class="segments" role="group" aria-label={text::BESIDE}>{ for BESIDE.into_iter().map(|tab| panel(tab, beside == Some(tab))) }</div>
            <button type="button" class="quiet" aria-pressed={lab.screen().laser.to_string()} onclick={call(laser::toggle)}
                data-test="teacher-laser">{ text::LASER }</button>
            <button type="button" class="quiet" onclick={call(|_| full_screen())} data-test="teacher-full">{ text::FULL_SCREEN }</button>
            { IconButton::new("close", text::LEAVE, "Esc", { let lab = lab.clone(); Callback::from(move |()| leave(&lab)) }).html("teacher-leave") }
        </section>
    }
}
