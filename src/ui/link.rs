//! The run in the address bar.

use super::engine::{Difference, VERSION};
use super::lab::Lab;
use super::screen::Tab;
use super::text::runs as text;
use super::{browser, lessons, teacher, timeline, transport};
use crate::scenario::{Link, SavedRun, What};
use crate::sim::Moment;
use crate::trace::Fingerprint;

/// The lesson of the first visit.
const FIRST: &str = "hello";

/// A link that was written.
pub(crate) struct Written {
    /// Without `#`.
    pub(crate) hash: String,
    /// Whether it has all branches, and not only the one that is shown.
    pub(crate) is_whole: bool,
}

/// Opens what the address says; without anything in it the first lesson, playing.
pub(crate) fn open(lab: &Lab) {
    let hash = browser::hash();
    let opened = if hash.is_empty() { lessons::open(lab, FIRST, None) } else { follow(lab, &hash) };
    if let Err(why) = opened {
        // Something runs all the same. The address stays as it is, so that it can be mended.
        let _ = lessons::open(lab, FIRST, None);
        lessons::say(lab, text::bad_link(&why));
    }
}

/// Opens what a link leads to.
fn follow(lab: &Lab, hash: &str) -> Result<(), String> {
    let link = Link::parse(hash)?;
    match link.what {
        What::Lesson(name) => lessons::open(lab, &name, link.moment)?,
        What::Run(run) => open_run(lab, *run, link.moment)?,
    }
    let (whole, against) = (link.moment.is_none(), link.against);
    if let Some(tab) = link.view.as_deref().and_then(Tab::from_name) {
        lab.change(|screen| screen.go(tab));
        if tab == Tab::Sides && whole {
            // Two sides are compared as a whole, unless the link names a moment.
            transport::to_end(lab);
        }
    }
    if link.present {
        teacher::enter(lab);
    }
    if let Some(profile) = against {
        lab.act(|engine| engine.set_against(&profile))?;
        lab.change(|screen| (screen.parted, screen.unfolded) = (None, None));
    }
    Ok(())
}

/// Opens the run of a link, and has it compared with what the link's engine saw once it is computed up to the link's moment.
fn open_run(lab: &Lab, run: SavedRun, moment: Option<Moment>) -> Result<(), String> {
    let done = run.done();
    let SavedRun { engine, hash, scenario, markers, code, .. } = run;
    lessons::start(lab, scenario, None, None, done, moment)?;
    lab.change(|screen| {
        screen.markers = markers;
        screen.code.bring(code);
    });
    match hash.filter(|_| moment.is_some()).map(|hash| hash.parse::<Fingerprint>()) {
        Some(Ok(trace)) => lab.act(|ours| ours.expect(engine, trace)),
        Some(Err(why)) => {
            lessons::say(lab, text::bad_hash(&why.to_string()));
        }
        None => {}
    }
    Ok(())
}

/// Says that a link's run is another one here, and chooses the first event that may differ.
pub(crate) fn tell(lab: &Lab, difference: &Difference) {
    let Difference { engine, events } = difference;
    timeline::select(lab, Some(events.start));
    lessons::say(lab, text::other_run(engine, VERSION, events.start, events.end - 1));
}

/// The hash of a link to this moment, without `#`.
///
/// # Errors
/// Why there is none, as a sentence.
pub(crate) fn of_this_moment(lab: &Lab) -> Result<Written, String> {
    write(lab, Some(this_moment(lab)), true)
}

/// The same without what takes time to compute: another engine could not see that it computes another run.
pub(crate) fn in_short(lab: &Lab) -> Result<Written, String> {
    write(lab, Some(this_moment(lab)), false)
}

/// Makes the address lead to the beginning of the present run. The address of a first visit stays empty.
pub(crate) fn address_this_run(lab: &Lab) {
    let Ok(link) = write(lab, None, false) else { return };
    if !(browser::hash().is_empty() && link.hash == format!("v=1&lesson={FIRST}")) {
        browser::set_hash(&link.hash);
    }
}

/// The moment that is looked at, as a link says it.
pub(crate) fn this_moment(lab: &Lab) -> Moment {
    let engine = lab.engine();
    let (run, view) = (engine.run(), engine.view());
    // At the last event of its time the time says it all.
    let next = run.trace().get(run.visible()).map(|event| event.at());
    if next == Some(view.at) { view } else { Moment::after(view.at) }
}

/// A link to the run; to a moment of it also with the panel that is shown. Where the branches do not fit, that to the shown one.
fn write(lab: &Lab, moment: Option<Moment>, compared: bool) -> Result<Written, String> {
    let branches = lab.engine().branches().len() > 1;
    let whole = write_with(lab, moment, compared, branches);
    if whole.is_ok() || !branches {
        return whole.map(|hash| Written { hash, is_whole: true });
    }
    write_with(lab, moment, compared, false).map(|hash| Written { hash, is_whole: false })
}

fn write_with(lab: &Lab, moment: Option<Moment>, compared: bool, branches: bool) -> Result<String, String> {
    let engine = lab.engine();
    let run = engine.run();
    let untouched = !branches
        && run.journal().entries().is_empty()
        && lab.screen().markers.is_empty()
        && lab.screen().code.own().is_none()
        && engine.profile() == engine.scenario().broker.profile;
    let what = match engine.lesson() {
        Some(lesson) if untouched => What::Lesson(lesson.to_owned()),
        _ => {
            let trace = compared.then(|| Fingerprint::of(run.trace(), run.visible())).flatten();
            let mut saved = SavedRun { hash: trace.map(|trace| trace.to_string()), ..lab.saved() };
            if !branches {
                saved.branches.clear();
            }
            What::Run(Box::new(saved))
        }
    };
    let view = moment.map(|_| lab.screen().tab.name().to_owned());
    let against = engine.against().filter(|_| moment.is_some() && lab.screen().tab == Tab::Sides);
    let against = against.and_then(|against| against.profile().map(str::to_owned));
    let present = moment.is_some() && lab.screen().teacher.is_some();
    let link = Link { what, moment, view, against, present };
    link.write().map(|link| link.trim_start_matches('#').to_owned())
}

/// The same when the program is in pieces: whatever can still be read.
pub(crate) fn when_broken(lab: &Lab) -> Option<String> {
    if lab.is_borrowed() {
        return None;
    }
    in_short(lab).ok().filter(|link| link.is_whole).map(|link| link.hash)
}
