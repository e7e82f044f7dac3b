//! Time: the transport bar, going to a time, branches, undo and redo.

use crate::picture::{clock, span};
use crate::sim::{BRANCHES_MAX, BranchInfo, Deed, Input, Pace};
use crate::time::SimTime;

/// The bar.
pub(crate) const BAR: &str = "Time";
/// Its buttons.
pub(crate) const TO_START: &str = "Back to the start";
/// Its buttons.
pub(crate) const TO_END: &str = "Go to the end";
/// Its buttons.
pub(crate) const PLAY: &str = "Play";
/// Its buttons.
pub(crate) const PAUSE: &str = "Pause";
/// What a step goes by.
pub(crate) const STEP_BY: &str = "Step by";
/// The speed.
pub(crate) const SPEED: &str = "Speed";
/// The speed's range.
pub(crate) const SPEED_ABOUT: &str =
    "Speed, from a thousandth to a thousandfold, and at the end as fast as it computes";
/// The highest speed.
pub(crate) const FASTEST: &str = "max";
/// The highest speed, in full.
pub(crate) const FASTEST_ABOUT: &str = "as fast as it computes";
/// The speed beside live clients.
pub(crate) const LIVE_SPEED: &str = "1× live";
/// Back to the usual speed.
pub(crate) const REAL_TIME: &str = "Back to real time";
/// While time stands still and live clients wait.
pub(crate) const HELD: &str = "bytes held";
/// What that means.
pub(crate) const HELD_ABOUT: &str =
    "Time stands still: what live clients send, and what is on its way to them, waits until it goes on";
/// The scrubber.
pub(crate) const SCRUBBER: &str = "Moment";
/// What the scrubber does.
pub(crate) const SCRUBBER_ABOUT: &str =
    "A moment of the run; arrow keys move by a hundredth of what the timeline shows";
/// The clock is a way to the dialog.
pub(crate) const CLOCK_ABOUT: &str = "Go to a time, a mark or a marker; speed and steps (G)";

/// The dialog of time.
pub(crate) const GO_TITLE: &str = "Time, speed and steps";
/// Its field.
pub(crate) const GO_FIELD: &str = "Time";
/// An example for the field.
pub(crate) const GO_EXAMPLE: &str = "12.5s, 1:02.5, 2h, +30s";
/// Its button.
pub(crate) const GO: &str = "Go";
/// Over marks and markers.
pub(crate) const GO_MARKS: &str = "Marks and markers";
/// To a divergence.
pub(crate) const GO_DIVERGENCE: &str = "Next divergence";
/// Over the settings.
pub(crate) const PLAYING: &str = "Playing";
/// A setting.
pub(crate) const PAUSE_ON_CHOOSING: &str = "Pause when something is chosen";
/// A setting.
pub(crate) const SKIPS: &str = "While playing, skip the hours in which only keep-alive traffic happens";
/// Skips once.
pub(crate) const SKIP: &str = "Skip to where something happens";

/// The dialog of branches.
pub(crate) const BRANCHES: &str = "Branches";
/// What branches are.
pub(crate) const BRANCHES_ABOUT: &str = "Doing something in the past begins a branch; both futures stay. A file holds all of them, and a link as long as they fit.";
/// The first branch.
pub(crate) const FIRST_BRANCH: &str = "The run as it was at first";
/// A branch's name.
pub(crate) const BRANCH_NAME: &str = "Name of the branch";
/// The present branch.
pub(crate) const HERE: &str = "shown";
/// To a branch.
pub(crate) const GO_BRANCH: &str = "Show";
/// Side by side with a branch.
pub(crate) const COMPARE: &str = "Compare";
/// What that does.
pub(crate) const COMPARE_ABOUT: &str = "Side by side with the shown branch";
/// Gives a branch up.
pub(crate) const THROW_AWAY: &str = "Throw away";
/// Brings it back.
pub(crate) const BRING_BACK: &str = "Bring back";
/// What one compares with.
pub(crate) const COMPARE_WITH: &str = "Compare with the profile or the branch";
/// The way back to where a branch left.
pub(crate) const BRANCH_BACK: &str = "Back to the branch before";
/// Refused.
pub(crate) const SAME_BRANCH: &str = "A branch cannot be compared with itself.";
/// Refused.
pub(crate) const NO_BRANCH: &str = "There is no such branch any more.";

/// A button.
pub(crate) const UNDO: &str = "Undo";
/// A button.
pub(crate) const REDO: &str = "Redo";
/// Refused.
pub(crate) const NOTHING_TO_UNDO: &str =
    "Nothing to undo: nothing was done by hand here. What live clients do is theirs, and cannot be undone.";
/// Refused.
pub(crate) const NOTHING_TO_REDO: &str =
    "Nothing to redo: nothing was undone, or something else was done since.";
/// Said of live clients.
const LIVE_GO: &str = " What live clients did after it went with it; their sockets are closed.";
/// Said of a branch that was begun.
const OTHER_BRANCH: &str = " It had begun a branch: this is the branch before, and that one stays.";

/// What a step goes by.
pub(crate) const fn pace(pace: Pace) -> &'static str {
    match pace {
        Pace::Event => "event",
        Pace::Packet => "packet",
        Pace::Message => "message",
        Pace::Eventful => "eventful moment",
    }
}

/// A step's button.
pub(crate) fn step(forward: bool, by: Pace) -> String {
    format!("{} {}", if forward { "Next" } else { "Previous" }, pace(by))
}

/// A moment with its name.
pub(crate) fn named_moment(at: SimTime, name: &str) -> String {
    format!("{} {name}", clock(at))
}

/// What a skip passed over.
pub(crate) fn skipped(length_us: u64, pings: usize, found: bool) -> String {
    let count = thousands(pings);
    let what = match pings {
        0 => "nothing happened".to_owned(),
        1 => "1 ping".to_owned(),
        _ => format!("{count} pings"),
    };
    let end = if found { "" } else { " Nothing else happens up to here." };
    format!("Skipped {}: {what}.{end}", long_span(length_us))
}

/// A number with its thousands apart.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A length of time in two units where it is long, such as `6 d 23 h`.
fn long_span(us: u64) -> String {
    let s = us / 1_000_000;
    let two = |a: u64, a_name: &str, b: u64, b_name: &str| match b {
        0 => format!("{a} {a_name}"),
        _ => format!("{a} {a_name} {b} {b_name}"),
    };
    match s {
        0..120 => span(us),
        120..3_600 => two(s / 60, "min", s % 60, "s"),
        3_600..86_400 => two(s / 3_600, "h", s / 60 % 60, "min"),
        _ => two(s / 86_400, "d", s / 3_600 % 24, "h"),
    }
}

/// The present branch, in the bar over the panels.
pub(crate) fn on_branch(name: &str) -> String {
    format!("You did something else in the past: this is the branch “{name}”.")
}

/// The first branch, where there are others.
pub(crate) fn on_first(name: &str) -> String {
    format!("This is “{name}”.")
}

/// The way to another branch.
pub(crate) fn to_branch(name: &str) -> String {
    format!("To “{name}”")
}

/// A branch among the choices of what to compare with.
pub(crate) fn branch_choice(name: &str) -> String {
    format!("Branch: {name}")
}

/// Where a branch left another, and how far it has come.
pub(crate) fn branch_told(from: Option<SimTime>, head: SimTime, events: u32) -> String {
    if let Some(from) = from.filter(|from| head < *from) {
        return format!("from {}, computed when it is shown", clock(from));
    }
    let from = from.map(|at| format!("from {} ", clock(at))).unwrap_or_default();
    format!("{from}to {}, {events} events", clock(head))
}

/// A branch was given up by hand.
pub(crate) fn thrown_away(name: &str) -> String {
    format!("“{name}” was thrown away. Branches can bring it back.")
}

/// A branch had to go.
pub(crate) fn had_to_go(gone: &BranchInfo) -> String {
    let name = if gone.name.is_empty() { FIRST_BRANCH } else { gone.name.as_str() };
    format!(
        "At most {BRANCHES_MAX} branches are kept: “{name}”, which was left first, had to go. Branches can bring it back."
    )
}

/// What was undone.
pub(crate) fn undone(deed: &Deed) -> String {
    format!("Undone: {}.{}", deed_at(&deed.inputs, deed.at), with_it(deed))
}

/// What was redone.
pub(crate) fn redone(deed: &Deed) -> String {
    format!("Redone: {}.", deed_at(&deed.inputs, deed.at))
}

fn with_it(deed: &Deed) -> &'static str {
    match deed {
        Deed { branches: true, .. } => OTHER_BRANCH,
        Deed { live: 1.., .. } => LIVE_GO,
        _ => "",
    }
}

/// The opening of a run was undone or redone.
pub(crate) fn opened_again(title: &str, profile: &str) -> String {
    format!("Here is “{title}” with the profile {profile} again, as you left it.")
}

/// A button's title with what it would undo or redo.
pub(crate) fn would(what: &str, done: &Result<Deed, &str>) -> String {
    match done {
        Ok(deed) => format!("{what}: {}", deed_at(&deed.inputs, deed.at)),
        Err(title) => format!("{what}: back to “{title}”"),
    }
}

/// What was done, and when.
pub(crate) fn deed_at(inputs: &[Input], at: SimTime) -> String {
    format!("{} at {}", deed(inputs), clock(at))
}

/// What was done, in words.
fn deed(inputs: &[Input]) -> String {
    let first = inputs.first().map(super::deeds::deed).unwrap_or_default();
    match inputs {
        // A client that is added connects.
        [Input::AddClient(_), Input::Client { .. }] => first,
        [_, rest @ ..] if !rest.is_empty() => format!("{first}, and {} more", rest.len()),
        _ => first,
    }
}
