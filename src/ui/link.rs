//! The run in the address bar.

use super::lab::Lab;
use super::screen::Tab;
use super::{browser, lessons};
use crate::scenario::{Link, What};
use crate::sim::Moment;

/// The lesson of the first visit.
const FIRST: &str = "hello";

/// Opens what the address says; without anything in it the first lesson, playing.
pub(crate) fn open(lab: &Lab) {
    let hash = browser::hash();
    if hash.is_empty() {
        lessons::open(lab, FIRST, None);
        return;
    }
    let link = match Link::parse(&hash) {
        Ok(link) => link,
        Err(why) => {
            lessons::open(lab, FIRST, None);
            lessons::say(lab, format!("The link cannot be opened: {why}."));
            return;
        }
    };
    match link.what {
        What::Lesson(name) => lessons::open(lab, &name, link.moment),
        What::Run(run) => lessons::show(lab, run.scenario, None, None, run.journal, link.moment),
    }
    if let Some(tab) = link.view.as_deref().and_then(Tab::from_name) {
        lab.change(|screen| screen.tab = tab);
    }
}

/// The hash of a link to this moment, without `#`.
///
/// # Errors
/// Why there is none, as a sentence.
pub(crate) fn of_this_moment(lab: &Lab) -> Result<String, String> {
    let engine = lab.engine();
    let (run, view) = (engine.run(), engine.view());
    let untouched =
        run.journal().entries().is_empty() && engine.profile() == engine.scenario().broker.profile;
    let what = match engine.lesson() {
        Some(lesson) if untouched => What::Lesson(lesson.to_owned()),
        _ => What::Run(Box::new(engine.saved())),
    };
    // At the last event of its time the time says it all.
    let next = run.trace().get(run.visible()).map(|event| event.at());
    let moment = if next == Some(view.at) { view } else { Moment::after(view.at) };
    let view = Some(lab.screen().tab.name().to_owned());
    let link = Link { what, moment: Some(moment), view };
    link.write().map(|link| link.trim_start_matches('#').to_owned())
}

/// The same when the program is in pieces: whatever can still be read.
pub(crate) fn when_broken(lab: &Lab) -> Option<String> {
    if lab.is_borrowed() { None } else { of_this_moment(lab).ok() }
}

/// Makes the address say a lesson's name once another one is opened; the address of a first visit stays empty.
pub(crate) fn forget(lesson: &str) {
    let hash = browser::hash();
    if hash.is_empty() && lesson == FIRST || hash.contains(&format!("lesson={lesson}")) {
        return;
    }
    browser::set_hash(&format!("v=1&lesson={lesson}"));
}
