//! A cell of the matrix as the lab's run, and the way back to the run that was there before.

use super::super::lab::Lab;
use super::super::lessons;
use super::super::link;
use super::super::screen::Tab;
use super::{column_title, told};
use crate::picture::Window;
use crate::scenario::{Marker, Scenario};
use crate::sim::{Branches, Moment};
use crate::time::{SimTime, Span};
use crate::ui::text::wills as text;
use crate::wills::{ENDS_AT, Terms, Under, Verdict, Way};
use std::rc::Rc;
use yew::prelude::*;

/// How much of the story before the end began is shown, and after what it led to at the least.
const BEFORE: Span = Span::s(4);
const AFTER: Span = Span::s(2);

/// The cell whose run is open.
pub(crate) struct Cell {
    /// Its row.
    pub(crate) way: &'static Way,
    /// Its column.
    pub(crate) under: Under,
    told: String,
    before: Rc<Before>,
}

impl Cell {
    /// How the broker of the run before behaved.
    pub(crate) fn own(&self) -> Under {
        Under { profile: self.before.profile.clone(), set: self.before.scenario.broker.set.clone() }
    }
}

/// The run that was there before.
struct Before {
    scenario: Scenario,
    lesson: Option<String>,
    profile: String,
    done: Branches,
    moment: Moment,
    markers: Vec<Marker>,
}

impl Before {
    fn of(lab: &Lab) -> Self {
        let engine = lab.engine();
        let done = engine.run().saved();
        Self {
            scenario: engine.scenario().clone(),
            lesson: engine.lesson().map(str::to_owned),
            profile: engine.profile().to_owned(),
            done,
            moment: engine.view(),
            markers: lab.screen().markers.clone(),
        }
    }
}

/// Opens a cell's run at its verdict.
///
/// # Errors
/// Why there is none.
pub(super) fn open(
    lab: &Lab,
    terms: Terms,
    way: &'static Way,
    under: &Under,
    verdict: &Verdict,
) -> Result<(), String> {
    let open = lab.screen().cell.as_ref().map(|cell| Rc::clone(&cell.before));
    let before = open.unwrap_or_else(|| Rc::new(Before::of(lab)));
    let scenario = terms.scenario(way, under)?;
    let decided_at = ENDS_AT + verdict.after;
    let to = decided_at + AFTER.max(Span(verdict.after.0 / 4));
    lessons::start(lab, scenario, None, None, Branches::default(), Some(Moment::after(to)))?;
    link::address_this_run(lab);
    let told = format!("{}, {}: {}.", way.title, column_title(under), told(&Ok(verdict.clone())));
    lab.change(|screen| {
        screen.window = Window::new(SimTime(ENDS_AT.0 - BEFORE.0), to, screen.window.width);
        screen.selected = Some(verdict.seq);
        screen.tab = Tab::Timeline;
        screen.cell = Some(Rc::new(Cell { way, under: under.clone(), told, before }));
    });
    Ok(())
}

/// Opens the run from before again.
fn back(lab: &Lab, before: &Before) {
    let Before { scenario, lesson, profile, done, moment, markers } = before;
    let profile = Some(profile.clone());
    let opened = lessons::start(lab, scenario.clone(), lesson.clone(), profile, done.clone(), Some(*moment));
    match opened {
        Ok(()) => {
            lab.change(|screen| screen.markers.clone_from(markers));
            link::address_this_run(lab);
        }
        Err(why) => lessons::say(lab, why),
    }
}

/// The way back to the run from before, while a cell's run is open.
pub(super) fn back_button(lab: &Lab) -> Html {
    let Some(cell) = lab.screen().cell.clone() else { return html! {} };
    let title = Some(cell.before.scenario.title.as_str()).filter(|title| !title.is_empty());
    let title = text::back(title);
    let lab = lab.clone();
    let onclick = Callback::from(move |_: MouseEvent| back(&lab, &cell.before));
    html! { <button type="button" class="link" {onclick} data-test="cell-back">{ title }</button> }
}

/// While a cell's run is open and the matrix is not on the screen: which it is, and the ways back.
pub(crate) fn way_back(lab: &Lab) -> Html {
    let Some(cell) = lab.screen().cell.clone() else { return html! {} };
    let matrix = lab.goes(Tab::Wills);
    html! {
        <p class="branch row open-cell" role="status" data-test="open-cell">
            <span>{ cell.told.clone() }</span>
            <button type="button" class="link" onclick={matrix} data-test="to-matrix">{ text::ALL }</button>
            { back_button(lab) }
        </p>
    }
}
