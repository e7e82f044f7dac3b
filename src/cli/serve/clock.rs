//! `--clock`: where the broker's time comes from, and what may be said on standard input where it comes from there.

use crate::broker::Command;
use crate::scenario::parse_step;
use crate::sim::Input;
use crate::time::{SimTime, Span};
use crate::wire::Version;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How many lines may wait for the broker.
const WAITING_LINES: usize = 16;

/// What turns the broker's clock.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum By {
    /// Time passes as it does outside.
    Wall,
    /// Time stands still but for lines on standard input: `advance 1500ms`, `settle`, or what an operator does, such as
    /// `{ "on": "broker", "do": "disconnect", "client": "lamp" }`. Each is answered on standard output once all that came and
    /// all that was due is done, and what the broker sent has left. At the end of the input the broker stops.
    Stdin,
}

/// The broker's time.
pub(super) enum Clock {
    Wall { began: Instant },
    Stdin { now: SimTime, lines: mpsc::Receiver<String> },
}

impl Clock {
    pub(super) fn new(by: By) -> Self {
        match by {
            By::Wall => Self::Wall { began: Instant::now() },
            By::Stdin => Self::Stdin { now: SimTime::ZERO, lines: read_lines() },
        }
    }

    pub(super) fn now(&self) -> SimTime {
        match self {
            Self::Wall { began } => SimTime(began.elapsed().as_micros() as u64),
            Self::Stdin { now, .. } => *now,
        }
    }

    /// How long ago a moment was by this clock: no time at all where it is turned by hand.
    pub(super) fn since(&self, moment: Instant) -> Span {
        match self {
            Self::Wall { .. } => Span::us(moment.elapsed().as_micros() as u64),
            Self::Stdin { .. } => Span::ZERO,
        }
    }

    /// Turns a clock that is turned by hand.
    pub(super) fn turn(&mut self, to: SimTime) {
        if let Self::Stdin { now, .. } = self {
            *now = to;
        }
    }

    /// When a moment comes by itself; never where the clock is turned by hand.
    pub(super) fn comes(&self, at: SimTime) -> Option<Instant> {
        match self {
            Self::Wall { began } => Some(*began + Duration::from_micros(at.0)),
            Self::Stdin { .. } => None,
        }
    }

    /// The next line of who turns the clock; `None` at the end of the input. Waits for ever where nobody does.
    pub(super) async fn line(&mut self) -> Option<String> {
        match self {
            Self::Wall { .. } => std::future::pending().await,
            Self::Stdin { lines, .. } => lines.recv().await,
        }
    }
}

/// Reads standard input on a thread of its own: it cannot be waited for otherwise.
fn read_lines() -> mpsc::Receiver<String> {
    let (to_clock, lines) = mpsc::channel(WAITING_LINES);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if to_clock.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// What a line asks for.
#[derive(Debug)]
pub(super) enum Asked {
    /// That time passes.
    Advance(Span),
    /// That what came is done.
    Settle,
    Operator(Command),
}

/// Reads a line: `advance SPAN`, `settle`, or a step of a scenario that is for the broker, without its time.
pub(super) fn read_line<'a>(
    line: &str,
    clients: impl IntoIterator<Item = (&'a str, Version)>,
) -> Result<Asked, String> {
    let line = line.trim();
    if line == "settle" {
        return Ok(Asked::Settle);
    }
    if let Some(span) = line.strip_prefix("advance ") {
        return Span::parse(span).map(Asked::Advance);
    }
    if !line.starts_with('{') {
        let allowed =
            "a line is `advance SPAN`, such as `advance 1500ms`, or `settle`, or an operator's step as JSON";
        return Err(allowed.to_owned());
    }
    match parse_step(line, clients) {
        Ok(Input::Broker(command)) => Ok(Asked::Operator(command)),
        Ok(_) => Err("only the broker can be asked here: write \"on\": \"broker\"".to_owned()),
        Err(problems) => Err(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_turns_the_clock_or_is_an_operators_step() {
        assert!(matches!(read_line("advance 1500ms", []), Ok(Asked::Advance(Span(1_500_000)))));
        assert!(matches!(read_line("settle", []), Ok(Asked::Settle)));
        let step = r#"{ "on": "broker", "do": "disconnect", "client": "lamp" }"#;
        assert!(
            matches!(read_line(step, [("lamp", Version::V5)]), Ok(Asked::Operator(Command::Disconnect { client, .. })) if client == "lamp")
        );
    }

    #[test]
    fn another_line_is_told_what_is_allowed() {
        for (line, said) in [
            ("advance 5", "no unit"),
            ("later", "advance 1500ms"),
            (r#"{ "client": "lamp", "do": "cut" }"#, "\"on\": \"broker\""),
            (r#"{ "on": "broker", "do": "dance" }"#, "It can"),
        ] {
            let error = read_line(line, [("lamp", Version::V5)]).unwrap_err();
            assert!(error.contains(said), "{line}: {error}");
        }
    }
}
