//! The user's program: its text, whether it runs, and what it said.

use super::examples::EXAMPLES;
use crate::page::Program;
use crate::scenario::MAX_CODE_BYTES;
use crate::time::epoch_ms;
use crate::ui::browser;
use crate::ui::engine::Paced;
use crate::ui::lab::Lab;
use crate::ui::text::code as text;
use std::collections::VecDeque;

/// How many lines of output are kept.
const MAX_LINES: usize = 500;
/// How long the run may go on at once after a turn of a program, in milliseconds.
const SLICE_MS: f64 = 5.0;

/// One line of output.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number from the beginning.
    pub(crate) number: usize,
    /// `log`, `warn`, `error`, or `told` for a word of the page.
    pub(crate) level: &'static str,
    /// What it says.
    pub(crate) text: String,
}

/// The code panel's state, which no drawing loses.
#[derive(Default)]
pub(crate) struct Code {
    /// What was typed; `None` before, when the first example stands there.
    typed: Option<String>,
    /// Whether it came with a link or a file, and was not run since.
    pub(crate) foreign: bool,
    /// Whether it has the wall's time.
    pub(crate) wall: bool,
    /// What it said last.
    pub(crate) lines: VecDeque<Line>,
    /// How many lines there were.
    said: usize,
    /// What runs.
    program: Option<Program>,
    /// Which one that is; what an earlier one says late counts no more.
    number: u32,
    /// Whether the user stopped it.
    stopped: bool,
    /// Whether it does not answer.
    pub(crate) silent: bool,
    /// Whether a client is shown as code, in its place.
    pub(crate) as_client: bool,
}

impl Code {
    /// The program's text.
    pub(crate) fn text(&self) -> &str {
        self.typed.as_deref().unwrap_or(EXAMPLES[0])
    }

    /// The program, where it is no example.
    pub(crate) fn own(&self) -> Option<String> {
        let text = self.text();
        (!EXAMPLES.contains(&text) && !text.trim().is_empty() && text.len() <= MAX_CODE_BYTES)
            .then(|| text.to_owned())
    }

    /// Takes what the user typed.
    pub(crate) fn write(&mut self, text: String) {
        self.typed = Some(text);
    }

    /// Takes a program that came with a run. It is shown, and not run.
    pub(crate) fn bring(&mut self, code: Option<String>) {
        if code.is_some() {
            self.foreign = true;
            self.typed = code;
        }
    }

    /// Whether it runs.
    pub(crate) const fn runs(&self) -> bool {
        self.program.is_some()
    }

    /// How many lines are no longer kept.
    pub(crate) fn left_out(&self) -> usize {
        self.said - self.lines.len()
    }

    /// Forgets what was said.
    pub(crate) fn clear(&mut self) {
        self.lines.clear();
        self.said = 0;
    }

    fn say(&mut self, level: &'static str, text: String) {
        self.said += 1;
        if self.lines.len() >= MAX_LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(Line { number: self.said, level, text });
    }
}

/// Runs it, at the head; an earlier one ends.
pub(super) fn run(lab: &Lab) {
    stop(lab);
    let (head, epoch, programs) = {
        let engine = lab.engine();
        (engine.head(), epoch_ms(&engine.scenario().epoch).unwrap_or_default(), engine.programs())
    };
    let (number, code, wall, playing) = lab.change_quietly(|screen| {
        let code = &mut screen.code;
        code.number += 1;
        (code.foreign, code.stopped, code.silent) = (false, false, false);
        code.clear();
        (code.number, code.text().to_owned(), code.wall, screen.playing)
    });
    if !lab.engine().is_at_head() {
        lab.act(|engine| engine.go_to(head));
    }
    let tell = {
        let lab = lab.clone();
        move |kind: String, text: String, value: f64| heard(&lab, number, &kind, text, value)
    };
    let epoch = (!wall).then_some(epoch as f64);
    let program = programs.and_then(|programs| programs.start(&code, epoch, head.0 as f64, tell));
    if let Some(program) = program.clone().filter(|_| !wall) {
        lab.act(|engine| engine.set_paced(Some(Paced::new(program))));
    }
    lab.change(|screen| {
        let said = match program {
            None => text::NO_PROGRAMS,
            Some(_) if wall || playing => text::STARTED,
            Some(_) => text::STARTED_STILL,
        };
        screen.code.say("told", said.to_owned());
        screen.code.program = program;
    });
}

/// Ends it, whatever it is doing.
pub(super) fn stop(lab: &Lab) {
    let program = lab.change_quietly(|screen| {
        screen.code.stopped = true;
        screen.code.program.take()
    });
    let Some(program) = program else { return };
    program.stop();
    lab.act(|engine| engine.set_paced(None));
    lab.change(|screen| {
        screen.code.silent = false;
        screen.code.say("told", text::STOPPED.to_owned());
    });
}

/// What a program tells.
fn heard(lab: &Lab, number: u32, kind: &str, text: String, value: f64) {
    {
        let screen = lab.screen();
        if screen.code.number != number || !screen.code.runs() {
            return;
        }
    }
    match kind {
        "settled" => settled(lab, value),
        "silent" => lab.change(|screen| screen.code.silent = true),
        "answers" => lab.change(|screen| screen.code.silent = false),
        "failed" => lab.change(|screen| screen.code.say("error", text::failed(&text, value as u32))),
        "warn" => lab.change(|screen| screen.code.say("warn", text)),
        "error" => lab.change(|screen| screen.code.say("error", text)),
        "ended" => {
            lab.act(|engine| engine.set_paced(None));
            lab.change(|screen| {
                let code = &mut screen.code;
                (code.program, code.silent) = (None, false);
                let said = if text.is_empty() { text::LEFT.to_owned() } else { text };
                code.say("told", said);
            });
        }
        _ => lab.change(|screen| screen.code.say("log", text)),
    }
}

/// It has done all that it does at the present instant: the run goes on at once, and not only with the next frame.
fn settled(lab: &Lab, deadline_us: f64) {
    let until = browser::now_ms() + SLICE_MS;
    lab.act(|engine| {
        if let Some(paced) = engine.paced_mut() {
            paced.settle(deadline_us);
        }
        engine.work(&mut || browser::now_ms() < until)
    });
}
