//! The page: header, transport, and the panels in their places.

use super::access::AccessDialog;
use super::autosave;
use super::branches::{BranchesDialog, branch_word};
use super::broker::BrokerPanel;
use super::clients::{ClientsPanel, OwnView};
use super::code::CodePanel;
use super::faults::faults;
use super::files::refused_file;
use super::flow::FlowPanel;
use super::header::header;
use super::help::help;
use super::icons::IconButton;
use super::inspector::inspector;
use super::jump::TimeDialog;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::laser::Laser;
use super::ledger::LedgerPanel;
use super::narration::Narration;
use super::operations::operations;
use super::palette::Palette;
use super::quotas::QuotasPanel;
use super::rules::RulesDialog;
use super::screen::Tab;
use super::sides::SidesPanel;
use super::table::EventTable;
use super::tabs::Tabs;
use super::teacher::TeacherBar;
use super::test_client::TestClientPanel;
use super::text::common;
use super::timeline::Timeline;
use super::topics::{TopicPanel, TopicsPanel};
use super::transport::transport;
use super::wills::{WillsPanel, way_back};
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
            if lab.screen().teacher.is_some() {
                <TeacherBar lab={lab.clone()} />
            }
            <Notice lab={lab.clone()} />
            if lab.screen().laser {
                <Laser />
            }
            { help(lab) }
            { refused_file(lab) }
            { operations(lab) }
            { faults(lab) }
            if lab.screen().palette {
                <Palette lab={lab.clone()} />
            }
            if lab.screen().own.is_some() {
                <OwnView lab={lab.clone()} />
            }
            if lab.screen().time {
                <TimeDialog lab={lab.clone()} />
            }
            if lab.screen().branches {
                <BranchesDialog lab={lab.clone()} />
            }
            if lab.screen().access {
                <AccessDialog lab={lab.clone()} />
            }
            if lab.screen().rules.is_some() {
                <RulesDialog lab={lab.clone()} />
            }
        </>
    }
}

/// The panels. A wide page shows all of them, a narrow one the chosen one.
fn panels(lab: &Lab) -> Html {
    let (tab, list) = (lab.screen().tab, lab.screen().list);
    let room_of = |tab: Tab| if Tab::LISTS.contains(&tab) { "list" } else { tab.name() };
    let teacher = lab.screen().teacher.as_ref().map(|teacher| (teacher.main, teacher.beside));
    let room = room_of(teacher.map_or(tab, |(main, _)| main));
    let beside = teacher.and_then(|(_, beside)| beside).map(Tab::name);
    html! {
        <div class="stage">
            <Tabs lab={lab.clone()} />
            <main class="panels" data-room={room} data-beside={beside} data-list={list.name()}>
                <div class="column column-left">
                    <ClientsPanel lab={lab.clone()} />
                    <TopicsPanel lab={lab.clone()} />
                </div>
                <div class="column column-middle">
                    { way_back(lab) }
                    { autosave::word(lab) }
                    { branch_word(lab) }
                    <Narration lab={lab.clone()} />
                    <Timeline lab={lab.clone()} />
                    <FlowPanel lab={lab.clone()} />
                    <EventTable lab={lab.clone()} />
                    <LedgerPanel lab={lab.clone()} />
                    <SidesPanel lab={lab.clone()} />
                    <WillsPanel lab={lab.clone()} />
                    <QuotasPanel lab={lab.clone()} />
                    <TestClientPanel lab={lab.clone()} />
                    <CodePanel lab={lab.clone()} />
                </div>
                <div class="column column-right">
                    <TopicPanel lab={lab.clone()} />
                    { inspector(lab) }
                    <BrokerPanel lab={lab.clone()} />
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
