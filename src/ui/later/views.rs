//! The views behind the border.

use super::{Deed, View};
use crate::ui::access::AccessDialog;
use crate::ui::branches::BranchesDialog;
use crate::ui::broker::BrokerPanel;
use crate::ui::clients::{ClientsPanel, OwnView};
use crate::ui::code::CodePanel;
use crate::ui::faults::faults;
use crate::ui::files::refused_file;
use crate::ui::flow::FlowPanel;
use crate::ui::help::help;
use crate::ui::inspector::inspector;
use crate::ui::jump::TimeDialog;
use crate::ui::lab::Lab;
use crate::ui::ledger::LedgerPanel;
use crate::ui::operations::operations;
use crate::ui::palette::Palette;
use crate::ui::quotas::QuotasPanel;
use crate::ui::rules::{self, RulesDialog};
use crate::ui::screen::Tab;
use crate::ui::sides::{self, SidesPanel};
use crate::ui::talk;
use crate::ui::teacher::TeacherBar;
use crate::ui::test_client::TestClientPanel;
use crate::ui::topics::{TopicPanel, TopicsPanel};
use crate::ui::why;
use crate::ui::wills::WillsPanel;
use yew::prelude::*;

/// A panel keeps its state while it is not shown; a dialog is there while it is open.
pub(super) fn draw(view: View, lab: &Lab) -> Html {
    let is_panel = matches!(view, View::Panel(_) | View::Topic);
    if !is_panel && !view.is_open(lab) {
        return html! {};
    }
    let lab = lab.clone();
    match view {
        View::Panel(Tab::Timeline | Tab::Events) => html! {},
        View::Panel(Tab::Flow) => html! { <FlowPanel {lab} /> },
        View::Panel(Tab::Ledger) => html! { <LedgerPanel {lab} /> },
        View::Panel(Tab::Sides) => html! { <SidesPanel {lab} /> },
        View::Panel(Tab::Wills) => html! { <WillsPanel {lab} /> },
        View::Panel(Tab::Quotas) => html! { <QuotasPanel {lab} /> },
        View::Panel(Tab::TestClient) => html! { <TestClientPanel {lab} /> },
        View::Panel(Tab::Code) => html! { <CodePanel {lab} /> },
        View::Panel(Tab::Clients) => html! { <ClientsPanel {lab} /> },
        View::Panel(Tab::Topics) => html! { <TopicsPanel {lab} /> },
        View::Panel(Tab::Inspector) => inspector(&lab),
        View::Panel(Tab::Broker) => html! { <BrokerPanel {lab} /> },
        View::Topic => html! { <TopicPanel {lab} /> },
        View::Teacher => html! { <TeacherBar {lab} /> },
        View::Help => help(&lab),
        View::Refused => refused_file(&lab),
        View::Operations => operations(&lab),
        View::Faults => faults(&lab),
        View::Palette => html! { <Palette {lab} /> },
        View::Own => html! { <OwnView {lab} /> },
        View::Time => html! { <TimeDialog {lab} /> },
        View::Branches => html! { <BranchesDialog {lab} /> },
        View::Access => html! { <AccessDialog {lab} /> },
        View::Rules => html! { <RulesDialog {lab} /> },
    }
}

pub(super) fn act(deed: Deed, lab: &Lab) {
    match deed {
        Deed::AskWhy => why::ask_chosen(lab),
        Deed::NextDivergence => sides::walk(lab, true),
        Deed::PreviousDivergence => sides::walk(lab, false),
        Deed::LeaveRules => rules::leave(lab),
        Deed::PublishAgain => {
            let client = lab.screen().test_client.clone();
            talk::publish_again(lab, &client);
        }
    }
}
