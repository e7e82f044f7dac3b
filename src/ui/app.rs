//! The page: header, transport, and the panels in their places.

use super::autosave;
use super::branches::branch_word;
use super::header::header;
use super::icons::IconButton;
use super::inspector;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::laser::Laser;
use super::later::{self, View, later};
use super::narration::Narration;
use super::screen::Tab;
use super::table::EventTable;
use super::tabs::Tabs;
use super::text::common;
use super::timeline::Timeline;
use super::transport::transport;
use super::wills::way_back;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How long a notice stays, in milliseconds; and how long it takes to read a letter of it.
const NOTICE_MS: u32 = 10_000;
const READING_MS: u32 = 100;

/// The whole page.
#[component]
pub(crate) fn App(props: &LabProps) -> Html {
    let lab = &use_lab(&props.lab, Rate::Panel);
    html! {
        <>
            { header(lab) }
            { transport(lab) }
            { panels(lab) }
            { later(lab, View::Teacher) }
            <Notice lab={lab.clone()} />
            if lab.screen().laser {
                <Laser />
            }
            { for View::DIALOGS.into_iter().map(|view| later(lab, view)) }
        </>
    }
}

/// The panels. A wide page shows all of them, a narrow one the chosen one.
fn panels(lab: &Lab) -> Html {
    let list = lab.screen().list;
    let room_of = |tab: Tab| if Tab::LISTS.contains(&tab) { "list" } else { tab.name() };
    let (room, beside) = lab.screen().rooms();
    let (room, beside) = (room_of(room), beside.map(Tab::name));
    let panel = |tab: Tab| later(lab, View::Panel(tab));
    html! {
        <div class="stage">
            <Tabs lab={lab.clone()} />
            <main class="panels" data-whole={later::is_whole().to_string()} data-room={room} data-beside={beside} data-list={list.name()}>
                <div class="column column-left">
                    { panel(Tab::Clients) }
                    { panel(Tab::Topics) }
                </div>
                <div class="column column-middle">
                    { way_back(lab) }
                    { autosave::word(lab) }
                    { branch_word(lab) }
                    <Narration lab={lab.clone()} />
                    <Timeline lab={lab.clone()} />
                    { panel(Tab::Flow) }
                    <EventTable lab={lab.clone()} />
                    { panel(Tab::Ledger) }
                    { panel(Tab::Sides) }
                    { panel(Tab::Wills) }
                    { panel(Tab::Quotas) }
                    { panel(Tab::TestClient) }
                    { panel(Tab::Code) }
                </div>
                <div class="column column-right">
                    { later(lab, View::Topic) }
                    if lab.screen().selected.is_some() {
                        { panel(Tab::Inspector) }
                    } else {
                        { inspector::empty() }
                    }
                    { panel(Tab::Broker) }
                </div>
            </main>
        </div>
    }
}

/// A passing word to the user: it stays for ten seconds, and longer where it is long.
#[component]
fn Notice(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let notice = lab.screen().notice.clone();
    use_effect_with((lab.clone(), notice.clone()), |(lab, notice)| {
        let timeout = notice.clone().map(|said| {
            let (lab, ms) = (lab.clone(), NOTICE_MS.max(said.len() as u32 * READING_MS));
            let gone = move |now: &String| *now != said;
            Timeout::new(ms, move || lab.change(|screen| screen.notice = screen.notice.take().filter(gone)))
        });
        move || drop(timeout)
    });
    let close = lab.changes(|screen| screen.notice = None);
    html! {
        <div class="notices" role="status" aria-live="polite">
            if let Some(text) = notice {
                <div class="notice" data-test="notice">
                    <span>{ text }</span>
                    { IconButton::new("close", common::CLOSE, "Esc", close).html("close-notice") }
                </div>
            }
        </div>
    }
}
