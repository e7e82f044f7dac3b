//! Code, both ways: the user's own program against this broker, in a sandboxed frame; and what a client does, as code.

mod client;
mod examples;
mod program;

use super::field::{Lines, choice};
use super::icons::icon;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::list_tabs::{closed, list_tabs};
use super::screen::Tab;
use super::text::code as text;
use client::ClientCode;
use examples::EXAMPLES;
pub(crate) use program::Code;
use program::{run, stop};
use yew::prelude::*;

/// How many lines of the editor are to be seen at first.
const ROWS: u32 = 12;

/// The panel.
#[component]
pub(crate) fn CodePanel(props: &LabProps) -> Html {
    let lab = &use_lab(&props.lab, Rate::Panel);
    if lab.screen().list != Tab::Code {
        return closed("code");
    }
    let as_client = lab.screen().code.as_client;
    let onview = on(lab, |code, view: usize| code.as_client = view == 1);
    html! {
        <section class="panel listing code" aria-label={text::TITLE} data-test="code">
            <div class="panel-head">
                { list_tabs(lab, Tab::Code, None) }
                { choice(text::VIEW, &text::VIEWS, usize::from(as_client), "code-view", &onview) }
            </div>
            if as_client {
                <ClientCode lab={lab.clone()} />
            } else {
                { program_view(lab) }
            }
        </section>
    }
}

/// A callback that changes the program's state.
fn on<T: 'static>(lab: &Lab, change: fn(&mut Code, T)) -> Callback<T> {
    let lab = lab.clone();
    Callback::from(move |value: T| lab.change(|screen| change(&mut screen.code, value)))
}

/// The editor, its buttons, and what the program said.
fn program_view(lab: &Lab) -> Html {
    let screen = lab.screen();
    let code = &screen.code;
    let does = |act: fn(&Lab)| {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| act(&lab))
    };
    let onexample = on(lab, |code, example: usize| {
        if let Some(example) = example.checked_sub(1).and_then(|at| EXAMPLES.get(at)) {
            code.foreign = false;
            code.write((*example).to_owned());
        }
    });
    let ontime = on(lab, |code, time: usize| code.wall = time == 1);
    let typed = on(lab, |code, text: String| code.write(text));
    let shown = EXAMPLES.iter().position(|example| *example == code.text()).map_or(0, |at| at + 1);
    let mut titles = vec!["…"];
    titles.extend(text::EXAMPLE_TITLES);
    let runs = code.runs();
    html! {
        <div class="code-body">
            <div class="code-edit">
                <div class="code-tools row">
                    if runs {
                        <button type="button" class="primary" onclick={does(stop)} data-test="code-stop">{ icon("close") }{ text::STOP }</button>
                    } else {
                        <button type="button" class="primary" onclick={does(run)} data-test="code-run">{ icon("play") }{ text::RUN }</button>
                    }
                    <span title={text::TIMES_TITLE}>{ choice(text::TIME, &text::TIMES, usize::from(code.wall), "code-time", &ontime) }</span>
                    { choice(text::EXAMPLES, &titles, shown, "code-example", &onexample) }
                </div>
                if code.foreign {
                    <p class="code-foreign" role="note" data-test="code-foreign">{ text::FOREIGN }</p>
                }
                { Lines { label: text::EDITOR, value: code.text(), rows: ROWS, error: None }.html("code-text", &typed) }
            </div>
            <div class="code-said">
                <div class="code-tools row">
                    <h3>{ text::OUTPUT }</h3>
                    <button type="button" class="quiet" onclick={on(lab, |code, _: MouseEvent| code.clear())} data-test="code-clear">{ text::CLEAR }</button>
                </div>
                if code.silent {
                    <p class="code-foreign row" role="alert" data-test="code-silent">
                        { text::SILENT }
                        <button type="button" onclick={does(stop)}>{ text::STOP }</button>
                    </p>
                }
                <div class="code-lines mono" role="log" tabindex="0" aria-label={text::OUTPUT} data-test="code-lines">
                    if code.left_out() > 0 {
                        <p class="soft">{ text::left_out(code.left_out()) }</p>
                    }
                    if code.lines.is_empty() {
                        <p class="soft">{ text::QUIET }</p>
                    }
                    { for code.lines.iter().map(|line| html! {
                        <p key={line.number} class={line.level} data-level={line.level}>{ line.text.clone() }</p>
                    }) }
                </div>
            </div>
        </div>
    }
}
