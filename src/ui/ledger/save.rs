//! Saving the lines that are shown, in slices, so that a long ledger keeps nobody waiting; how far it is, and a way to stop it.

use crate::export::ledger::Form;
use crate::trace::Line;
use crate::ui::browser;
use crate::ui::field::use_value;
use crate::ui::lab::Lab;
use crate::ui::lessons;
use crate::ui::text::ledger as text;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use yew::prelude::*;

/// How many lines are written at once.
const AT_ONCE: usize = 2_000;

/// What is saved.
#[derive(Properties, PartialEq)]
pub(super) struct SaveProps {
    pub(super) lab: Lab,
    pub(super) lines: Rc<[Line]>,
}

/// A file that is being written.
struct Saving {
    lab: Lab,
    lines: Rc<[Line]>,
    form: Form,
    generation: u64,
    done: usize,
    parts: js_sys::Array,
    progress: UseStateSetter<Option<usize>>,
    timer: Rc<std::cell::RefCell<Option<Timeout>>>,
}

impl Saving {
    /// Writes the next lines, and comes back for more.
    fn go_on(mut self) {
        let engine = self.lab.engine();
        if engine.generation() != self.generation {
            drop(engine);
            self.progress.set(None);
            lessons::say(&self.lab, text::CHANGED.to_owned());
            return;
        }
        let run = engine.run();
        let end = self.lines.len().min(self.done + AT_ONCE);
        let mut part = String::new();
        if self.done == 0 {
            self.form.begin(&mut part);
        }
        for line in &self.lines[self.done..end] {
            self.form.write(&mut part, line, run.trace());
        }
        drop(run);
        drop(engine);
        self.parts.push(&part.into());
        self.done = end;
        if end < self.lines.len() {
            self.progress.set(Some(end));
            let timer = Rc::clone(&self.timer);
            let next = Timeout::new(0, move || self.go_on());
            *timer.borrow_mut() = Some(next);
            return;
        }
        self.progress.set(None);
        let name = format!("ledger.{}", self.form.extension());
        let saved = browser::download_parts(&name, &self.parts);
        lessons::say(&self.lab, text::saved(saved.then_some(&name)));
    }
}

/// The buttons; while it goes on, how far it is.
#[component]
pub(super) fn Save(props: &SaveProps) -> Html {
    let done = use_value(|| None::<usize>);
    let timer = use_mut_ref(|| None::<Timeout>);
    if let Some(done_lines) = *done {
        let of = props.lines.len();
        let stop = {
            let (timer, done) = (Rc::clone(&timer), done.setter());
            Callback::from(move |_: MouseEvent| {
                *timer.borrow_mut() = None;
                done.set(None);
            })
        };
        return html! {
            <>
                <span class="soft number" role="status">{ text::saving(done_lines, of.max(done_lines)) }</span>
                <button type="button" class="quiet" onclick={stop} data-test="ledger-stop">{ text::STOP }</button>
            </>
        };
    }
    let button = |form: Form, title: &'static str, hint: &'static str, test: &'static str| {
        let (lab, lines) = (props.lab.clone(), Rc::clone(&props.lines));
        let (progress, timer) = (done.setter(), Rc::clone(&timer));
        let onclick = Callback::from(move |_: MouseEvent| {
            let generation = lab.engine().generation();
            Saving {
                lab: lab.clone(),
                lines: Rc::clone(&lines),
                form,
                generation,
                done: 0,
                parts: js_sys::Array::new(),
                progress: progress.clone(),
                timer: Rc::clone(&timer),
            }
            .go_on();
        });
        html! { <button type="button" class="quiet" {onclick} title={hint} disabled={props.lines.is_empty()} data-test={test}>{ title }</button> }
    };
    html! {
        <>
            { button(Form::Csv, text::EXPORT_CSV, text::EXPORT_CSV_TITLE, "ledger-csv") }
            { button(Form::JsonLines, text::EXPORT_JSON, text::EXPORT_JSON_TITLE, "ledger-json") }
        </>
    }
}
