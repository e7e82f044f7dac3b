//! The flow: the sequence diagram of a message, a client, a window of time or the whole run. It goes down with the view, until the
//! user scrolls away from it.

mod painter;

use super::browser;
use super::canvas::Resized;
use super::field::use_value;
use super::icons::icon;
use super::inspector::way_to_inspector;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::list_tabs::{closed, list_tabs};
use super::screen::{Screen, Tab};
use super::text::flow as text;
use super::timeline;
use super::virtual_list::moved;
use crate::ui::text::help;
use painter::{Painter, Refs, Seen};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What is to be seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Everything.
    All,
    /// The message of the chosen event.
    Message,
    /// One client.
    Client,
    /// The timeline's window.
    Window,
}

/// Every one, in the order of their buttons, with the name by which tests find it.
const SCOPES: [(Scope, &str); 4] = [
    (Scope::All, "flow-all"),
    (Scope::Message, "flow-message"),
    (Scope::Client, "flow-client"),
    (Scope::Window, "flow-window"),
];

/// What the flow shows, and how.
#[derive(Clone, PartialEq)]
pub(crate) struct Shown {
    scope: Scope,
    /// The client that was asked for, while that event was chosen.
    client: Option<(Option<u32>, String)>,
    /// Whether waits are folded.
    folded: bool,
    /// Whether the diagram goes down with the view.
    follows: bool,
    /// The first row of those that are laid out; `None` for as many of the last ones as have room.
    first: Option<usize>,
}

impl Default for Shown {
    fn default() -> Self {
        Self { scope: Scope::All, client: None, folded: true, follows: true, first: None }
    }
}

/// Changes what the flow shows; it then follows the view.
fn show(screen: &mut Screen, change: impl FnOnce(&mut Shown)) {
    change(&mut screen.flow);
    (screen.flow.follows, screen.flow.first) = (true, None);
}

/// The panel.
#[component]
pub(crate) fn FlowPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    if lab.screen().list != Tab::Flow {
        return closed("flow");
    }
    html! { <Flow lab={lab} /> }
}

/// The panel while it is shown.
#[component]
fn Flow(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let refs = use_memo((), |()| Refs::default());
    let painter = use_memo((), |()| RefCell::new(Painter::new((*refs).clone())));
    let seen = use_value(Seen::default);
    use_effect_with((), {
        let (lab, painter, seen) = (lab.clone(), Rc::clone(&painter), seen.setter());
        let scroller = refs.scroller.clone();
        move |()| {
            let paint = {
                let lab = lab.clone();
                Callback::from(move |()| seen.set(painter.borrow_mut().paint(&lab)))
            };
            let id = lab.listen(Rate::Frame, paint);
            let resized = Resized::of(&lab, &scroller);
            move || {
                lab.forget(id);
                drop(resized);
            }
        }
    });

    let shown = lab.screen().flow.clone();
    let onscroll = {
        let (lab, painter) = (lab.clone(), Rc::clone(&painter));
        Callback::from(move |_: Event| painter.borrow().scrolled(&lab))
    };
    let onpointermove = {
        let (lab, painter) = (lab.clone(), Rc::clone(&painter));
        Callback::from(move |event: PointerEvent| painter.borrow().tip(&lab, Some(&event)))
    };
    let onpointerleave = {
        let (lab, painter) = (lab.clone(), Rc::clone(&painter));
        Callback::from(move |_: PointerEvent| painter.borrow().tip(&lab, None))
    };
    let onclick = {
        let (lab, painter) = (lab.clone(), Rc::clone(&painter));
        Callback::from(move |event: MouseEvent| {
            let hit = painter.borrow().hit(&event);
            timeline::select(&lab, hit);
        })
    };
    let onkeydown = {
        let (lab, painter) = (lab.clone(), Rc::clone(&painter));
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                lab.change(|screen| screen.go(Tab::Inspector));
                return;
            }
            let to = {
                let painter = painter.borrow();
                let rows = painter.rows();
                let chosen = lab.screen().selected.and_then(|seq| painter.row_of(seq));
                moved(&event.key(), chosen, rows.len()).and_then(|row| rows.get(row)).map(|row| row.seq)
            };
            if to.is_some() {
                event.prevent_default();
                timeline::select(&lab, to);
            }
        })
    };
    let follow = lab.changes::<MouseEvent>(|screen| show(screen, |_| {}));
    let more = |count: usize, before: bool, test: &'static str| {
        let (lab, first) = (lab.clone(), seen.first);
        let onclick = Callback::from(move |_: MouseEvent| painter::go(&lab, first, before));
        html! {
            if count > 0 {
                <button type="button" class="link flow-more" {onclick} data-test={test}>{ text::more(&thousands(count), before) }</button>
            }
        }
    };
    let copy = {
        let (lab, painter) = (lab.clone(), Rc::clone(&painter));
        Callback::from(move |_: MouseEvent| {
            browser::copy(&painter.borrow().text(&lab));
            lab.change(|screen| screen.notice = Some(text::COPIED.to_owned()));
        })
    };
    let unchosen = shown.scope == Scope::Message && lab.screen().selected.is_none();
    html! {
        <section class="panel listing flow" aria-label={help::FLOW_TITLE}>
            <div class="panel-head">{ list_tabs(&lab, Tab::Flow, None) }</div>
            { tools(&lab, &shown, &seen, copy) }
            if unchosen {
                <p class="flow-note soft" data-test="flow-choose">{ text::CHOOSE }</p>
            }
            { more(seen.before, true, "flow-before") }
            <div class="flow-stage">
                <div class="flow-scroll" ref={refs.scroller.clone()} tabindex="0" role="group" aria-label={text::LABEL} data-test="flow"
                    {onscroll} {onpointermove} {onpointerleave} {onclick} {onkeydown}>
                    <canvas ref={refs.canvas.clone()} aria-hidden="true"></canvas>
                    <div class="flow-spacer" ref={refs.spacer.clone()}></div>
                    <div class="tooltip" ref={refs.tooltip.clone()} role="presentation"></div>
                    <span class="probe" ref={refs.probe.clone()} aria-hidden="true"></span>
                </div>
                if seen.rows == 0 {
                    <p class="flow-empty soft" data-test="flow-empty">{ text::EMPTY }</p>
                }
                if !shown.follows {
                    <button type="button" class="flow-follow" onclick={follow} data-test="flow-follow">{ icon("down") }{ text::FOLLOW }</button>
                }
            </div>
            { more(seen.after, false, "flow-after") }
            { way_to_inspector(&lab) }
            <p class="visually-hidden" data-test="flow-summary">{ text::summary(seen.arrows, seen.lost, seen.folded, seen.rows) }</p>
        </section>
    }
}

/// What is shown, of whom, and whether waits are folded.
fn tools(lab: &Lab, shown: &Shown, seen: &Seen, copy: Callback<MouseEvent>) -> Html {
    let fold = lab.changes::<MouseEvent>(|screen| show(screen, |flow| flow.folded = !flow.folded));
    let of_client = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            lab.change(|screen| {
                let chosen = screen.selected;
                show(screen, |flow| flow.client = Some((chosen, select.value())));
            });
        })
    };
    html! {
        <div class="flow-tools row">
            <div class="segments" role="group" aria-label={text::SCOPE}>
                { for SCOPES.into_iter().map(|(scope, test)| {
                    let lab = lab.clone();
                    let onclick = Callback::from(move |_: MouseEvent| lab.change(|screen| show(screen, |flow| flow.scope = scope)));
                    let pressed = (shown.scope == scope).to_string();
                    html! { <button key={test} type="button" aria-pressed={pressed} {onclick} data-test={test}>{ text::scope(scope) }</button> }
                }) }
            </div>
            if shown.scope == Scope::Client {
                <select class="compact" aria-label={text::CLIENT} onchange={of_client} data-test="flow-of">
                    { for painter::clients(lab).into_iter().map(|name| {
                        let selected = seen.client == name;
                        html! { <option key={name.clone()} value={name.clone()} {selected}>{ name }</option> }
                    }) }
                </select>
            }
            <span class="grow"></span>
            <button type="button" class="flow-copy quiet" title={text::COPY_TITLE} onclick={copy} data-test="flow-copy">{ text::COPY }</button>
            <button type="button" class="flow-fold" aria-pressed={shown.folded.to_string()} title={text::FOLD_TITLE} onclick={fold}
                data-test="flow-fold">{ text::FOLD }</button>
        </div>
    }
}

/// A count with a comma after each three digits.
fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
