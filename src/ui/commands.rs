//! Everything that a key does: one table for the keyboard, the help and the palette.

use super::lab::Lab;
use super::later::{self, Deed};
use super::screen::Tab;
use super::text::commands as text;
use super::{autosave, files, header, palette, theme};
use super::{laser, teacher, timeline, transport, undo};
use crate::picture::Along;
use crate::sim::Pace;
use crate::time::SimTime;

/// Where a command has its meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Everywhere, also where a field has the keyboard.
    Always,
    /// Everywhere, where no field has the keyboard.
    Page,
    /// In teacher mode.
    Teacher,
    /// Where the timeline has the focus.
    Timeline,
    /// While this one of [`Tab::LISTS`] is shown.
    List(Tab),
}

/// Where a key is pressed.
pub(crate) struct Here {
    /// Whether a field has the keyboard.
    pub(crate) in_field: bool,
    /// Whether the timeline has the focus.
    pub(crate) on_timeline: bool,
    /// Whether the teacher mode is on.
    pub(crate) teaches: bool,
    /// The list that is shown.
    pub(crate) list: Tab,
}

/// One thing that can be done by key or from the palette.
pub(crate) struct Command {
    /// What it does, as the help says it.
    pub(crate) title: &'static str,
    /// Its keys, none where only the palette and a button do it, as [`KeyboardEvent::key`](web_sys::KeyboardEvent::key) names them,
    /// letters in lower case;
    /// `Mod+` stands for Ctrl or ⌘, `Shift+` goes before a letter or a named key.
    pub(crate) keys: &'static [&'static str],
    /// Where.
    pub(crate) place: Place,
    /// Does it.
    pub(crate) run: fn(&Lab),
}

const fn command(title: &'static str, keys: &'static [&'static str], place: Place, run: fn(&Lab)) -> Command {
    Command { title, keys, place, run }
}

/// All of them, as the help lists them.
pub(crate) const COMMANDS: &[Command] = &[
    command(text::PALETTE, &["Mod+k"], Place::Always, palette::open),
    command(text::TEACHER_NEXT, &["PageDown", "ArrowRight"], Place::Teacher, teacher::next),
    command(text::TEACHER_BACK, &["PageUp", "ArrowLeft"], Place::Teacher, teacher::back),
    command(text::PLAY, &[" "], Place::Page, transport::toggle),
    command(text::NEXT, &["."], Place::Page, |lab| transport::step(lab, true)),
    command(text::PREVIOUS, &[","], Place::Page, |lab| transport::step(lab, false)),
    command(text::NEXT_MESSAGE, &[">"], Place::Page, |lab| transport::step_by(lab, true, Pace::Message)),
    command(text::PREVIOUS_MESSAGE, &["<"], Place::Page, |lab| transport::step_by(lab, false, Pace::Message)),
    command(text::SKIP, &["j"], Place::Page, transport::skip),
    command(text::GO_TO, &["g"], Place::Page, |lab| lab.change(|screen| screen.time = true)),
    command(text::START, &["Home"], Place::Page, |lab| transport::seek(lab, SimTime::ZERO)),
    command(text::END, &["End"], Place::Page, transport::to_end),
    command(text::FASTER, &["+", "="], Place::Page, |lab| transport::faster(lab, 3)),
    command(text::SLOWER, &["-"], Place::Page, |lab| transport::faster(lab, -3)),
    command(text::UNDO, &["Mod+z"], Place::Page, undo::undo),
    command(text::REDO, &["Mod+Shift+z", "Mod+y"], Place::Page, undo::redo),
    command(text::BRANCHES, &["y"], Place::Page, |lab| lab.change(|screen| screen.branches = true)),
    command(text::ZOOM_IN, &["w"], Place::Page, |lab| timeline::zoom(lab, 0.8)),
    command(text::ZOOM_OUT, &["s"], Place::Page, |lab| timeline::zoom(lab, 1.25)),
    command(text::EARLIER, &["a"], Place::Page, |lab| timeline::pan(lab, -0.15)),
    command(text::LATER, &["d"], Place::Page, |lab| timeline::pan(lab, 0.15)),
    command(text::FOCUS, &["f"], Place::Page, timeline::focus),
    command(text::FIT, &["0"], Place::Page, timeline::fit),
    command(text::PREVIOUS_ON_TRACK, &["["], Place::Page, |lab| timeline::walk(lab, Along::Track, false)),
    command(text::NEXT_ON_TRACK, &["]"], Place::Page, |lab| timeline::walk(lab, Along::Track, true)),
    command(text::PREVIOUS_OF_MESSAGE, &["v"], Place::Page, |lab| timeline::walk(lab, Along::Message, false)),
    command(text::NEXT_OF_MESSAGE, &["b"], Place::Page, |lab| timeline::walk(lab, Along::Message, true)),
    command(text::PREVIOUS_OF_CAUSE, &["z"], Place::Page, |lab| timeline::walk(lab, Along::Cause, false)),
    command(text::NEXT_OF_CAUSE, &["x"], Place::Page, |lab| timeline::walk(lab, Along::Cause, true)),
    command(text::MARK, &["m"], Place::Page, timeline::mark),
    command(text::NEXT_PACKET, &["ArrowRight"], Place::Timeline, |lab| timeline::choose_next(lab, true)),
    command(text::PREVIOUS_PACKET, &["ArrowLeft"], Place::Timeline, |lab| timeline::choose_next(lab, false)),
    command(text::INSPECT, &["Enter"], Place::Timeline, |lab| {
        lab.change(|screen| screen.go(Tab::Inspector));
    }),
    command(text::WHY, &["q"], Place::List(Tab::Ledger), |lab| later::act(lab, Deed::AskWhy)),
    command(text::NEXT_DIVERGENCE, &["n"], Place::List(Tab::Sides), |lab| {
        later::act(lab, Deed::NextDivergence)
    }),
    command(text::PREVIOUS_DIVERGENCE, &["p"], Place::List(Tab::Sides), |lab| {
        later::act(lab, Deed::PreviousDivergence)
    }),
    command(text::PUBLISH_AGAIN, &["r"], Place::List(Tab::TestClient), |lab| {
        later::act(lab, Deed::PublishAgain)
    }),
    command(text::TEACHER, &["t"], Place::Page, teacher::toggle),
    command(text::LASER, &["l"], Place::Page, laser::toggle),
    command(text::FULL_SCREEN, &[], Place::Page, |_| teacher::full_screen()),
    command(text::SHARE, &[], Place::Page, header::share),
    command(text::OPEN, &[], Place::Page, |_| files::choose()),
    command(text::SAVE, &[], Place::Page, files::save),
    command(text::AFRESH, &[], Place::Page, autosave::start_afresh),
    command(text::THEME, &[], Place::Page, theme::next),
    command(text::RULES, &[], Place::Page, |lab| lab.change(|screen| screen.rules = Some(""))),
    command(text::ACCESS, &[], Place::Page, |lab| lab.change(|screen| screen.access = true)),
    command(text::REAL_TIME, &[], Place::Page, |lab| lab.change(|screen| screen.speed = 0)),
    command(text::TRACKS, &[], Place::Page, |lab| timeline::show_menu(lab, timeline::Menu::Tracks)),
    command(text::MARKERS, &[], Place::Page, |lab| timeline::show_menu(lab, timeline::Menu::Markers)),
    command(text::FOLD, &[], Place::Page, timeline::fold),
    command(text::FOLLOW, &[], Place::Page, |lab| lab.change(|screen| screen.follow = !screen.follow)),
    command(text::HELP, &["?"], Place::Page, |lab| lab.change(|screen| screen.help = !screen.help)),
];

/// The command of a key that is pressed there; what belongs to one place goes first.
pub(crate) fn of_key(chord: &str, here: &Here) -> Option<&'static Command> {
    let here = |place: Place| match place {
        Place::Always => true,
        _ if here.in_field => false,
        Place::Page => true,
        Place::Teacher => here.teaches,
        Place::Timeline => here.on_timeline,
        Place::List(tab) => tab == here.list,
    };
    let found = || COMMANDS.iter().filter(|one| one.keys.contains(&chord) && here(one.place));
    found().find(|one| one.place != Place::Page).or_else(|| found().next())
}

/// A key as people know it.
pub(crate) fn key_name(chord: &str) -> String {
    let parts = chord.split('+').map(|part| match part {
        " " => text::SPACE.to_owned(),
        "ArrowLeft" => "←".to_owned(),
        "ArrowRight" => "→".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "Escape" => "Esc".to_owned(),
        "PageUp" => text::PAGE_UP.to_owned(),
        "PageDown" => text::PAGE_DOWN.to_owned(),
        "Mod" => text::MOD.to_owned(),
        // The key `+` itself is split into two of nothing.
        "" => "+".to_owned(),
        "-" => "−".to_owned(),
        letter => letter[..1].to_uppercase() + &letter[1..],
    });
    let mut parts: Vec<String> = parts.collect();
    parts.dedup();
    parts.join(" ")
}
