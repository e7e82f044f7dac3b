//! The dialog of time: going to a time, a mark or a divergence; how it plays.

use super::dialog::Dialog;
use super::field::{check_field, set, use_value};
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::screen::Tab;
use super::text::time as text;
use super::transport::{self, pace_field, seek, speed_field};
use super::{browser, sides};
use crate::picture::read_time;
use crate::sorted::in_order;
use crate::time::SimTime;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The element of the field, which has the keyboard first.
const FIELD: &str = "go-to-time";

/// Where one can go by name, in the order of time: the narration's marks and the user's markers.
fn places(lab: &Lab) -> Vec<(SimTime, String)> {
    let (engine, screen) = (lab.engine(), lab.screen());
    let marks = engine.marks().iter().map(|mark| (mark.at, mark.title.clone()));
    let markers = screen.markers.iter().map(|marker| (marker.at, marker.name.clone()));
    in_order(marks.chain(markers).collect(), |(at, _)| at.0)
}

/// The dialog.
#[component]
pub(crate) fn TimeDialog(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let draft = use_value(String::new);
    let error = use_value(|| None::<String>);
    use_effect_with((), |()| browser::show_element(FIELD));
    let close = lab.changes::<()>(|screen| screen.time = false);
    let oninput = {
        let (draft, error) = (set(&draft), set(&error));
        Callback::from(move |event: InputEvent| {
            let value = event.target_dyn_into::<HtmlInputElement>().map(|input| input.value());
            draft.emit(value.unwrap_or_default());
            error.emit(None);
        })
    };
    let onsubmit = {
        let (lab, draft, error) = (lab.clone(), draft.clone(), set(&error));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let view = lab.engine().view().at;
            match read_time(&draft, view) {
                Ok(at) => goes(&lab, at),
                Err(why) => error.emit(Some(why)),
            }
        })
    };
    let places = places(&lab);
    let divergence = lab.engine().against().is_some().then(|| {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| {
            lab.change(|screen| {
                screen.time = false;
                screen.go(Tab::Sides);
            });
            sides::walk(&lab, true);
        })
    });
    let skip = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| {
            lab.change(|screen| screen.time = false);
            transport::skip(&lab);
        })
    };
    let switch = |label: &'static str,
                  value: bool,
                  key: &'static str,
                  of: fn(&mut super::screen::Screen) -> &mut bool| {
        let lab = lab.clone();
        let onchange = Callback::from(move |on: bool| {
            browser::remember(key, if on { "on" } else { "off" });
            lab.change(|screen| *of(screen) = on);
        });
        check_field(label, value, key.trim_start_matches("glassbroker."), &onchange)
    };
    let (pauses, skips) = (lab.screen().pauses, lab.screen().skips);
    html! {
        <Dialog title={text::GO_TITLE} test="time-dialog" onclose={close}>
            <form class="go-form" {onsubmit}>
                <label class="field">
                    <span>{ text::GO_FIELD }</span>
                    <input id={FIELD} type="text" inputmode="text" class="mono" value={(*draft).clone()} placeholder={text::GO_EXAMPLE} autocomplete="off"
                        autocapitalize="off" spellcheck="false" aria-invalid={error.is_some().to_string()}
                        aria-describedby={error.is_some().then_some("go-error")} {oninput} data-test="go-time" />
                </label>
                <button type="submit" class="primary" data-test="go">{ text::GO }</button>
                if let Some(error) = &*error {
                    <span id="go-error" class="error" role="alert" data-test="go-error">{ error.clone() }</span>
                }
            </form>
            <div class="row">
                <button type="button" onclick={skip} data-test="go-skip">{ text::SKIP }</button>
                if let Some(onclick) = divergence {
                    <button type="button" {onclick} data-test="go-divergence">{ text::GO_DIVERGENCE }</button>
                }
                <button type="button" onclick={lab.changes(|screen| (screen.time, screen.branches) = (false, true))} data-test="go-branches">
                    { text::BRANCHES }
                </button>
            </div>
            if !places.is_empty() {
                <h3>{ text::GO_MARKS }</h3>
                <ul class="places">
                    { for places.into_iter().enumerate().map(|(key, (at, name))| {
                        let lab = lab.clone();
                        let onclick = Callback::from(move |_: MouseEvent| goes(&lab, at));
                        html! { <li {key}><button type="button" class="link" {onclick} data-test="go-mark">{ text::named_moment(at, &name) }</button></li> }
                    }) }
                </ul>
            }
            <h3>{ text::PLAYING }</h3>
            <div class="row playing">
                { speed_field(&lab) }
                <label class="row">{ text::STEP_BY }{ " " }{ pace_field(&lab, "dialog-pace") }</label>
            </div>
            { switch(text::PAUSE_ON_CHOOSING, pauses, transport::PAUSES, |screen| &mut screen.pauses) }
            { switch(text::SKIPS, skips, transport::SKIPS, |screen| &mut screen.skips) }
        </Dialog>
    }
}

/// Goes there, and leaves the dialog.
fn goes(lab: &Lab, at: SimTime) {
    lab.change_quietly(|screen| (screen.time, screen.playing) = (false, false));
    seek(lab, at);
}
