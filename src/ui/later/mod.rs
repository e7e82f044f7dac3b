//! The views that a reader does not need at first: their code is a module of its own, loaded when one of them is opened, or when the
//! page has nothing else to do. See "The page in two modules" in docs/ARCHITECTURE.md.

mod module;
mod views;

use super::dialog::Dialog;
use super::lab::Lab;
use super::list_tabs::list_tabs;
use super::screen::Tab;
use super::text::later as text;
use super::{browser, keys};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// After this time the page has been drawn, in milliseconds.
const DRAWN_MS: u32 = 200;
/// From this width on the panels beside the timeline are shown as well; the style sheet has the same.
const WIDE: &str = "(min-width:880px)";

/// A view of the second module.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum View {
    /// A panel that is shown under its tab, or has its place on a wide page.
    Panel(Tab),
    /// The topic that is looked at.
    Topic,
    /// The bar of the teacher mode.
    Teacher,
    /// The help.
    Help,
    /// What is wrong with a file.
    Refused,
    /// What an account does without a client.
    Operations,
    /// The faults.
    Faults,
    /// The palette of commands.
    Palette,
    /// A client's own view.
    Own,
    /// The dialog of time.
    Time,
    /// The dialog of branches.
    Branches,
    /// The form of users, access list and policies.
    Access,
    /// The dialog of rules.
    Rules,
}

impl View {
    /// The dialogs, each over the page while it is open.
    pub(crate) const DIALOGS: [Self; 10] = [
        Self::Help,
        Self::Refused,
        Self::Operations,
        Self::Faults,
        Self::Palette,
        Self::Own,
        Self::Time,
        Self::Branches,
        Self::Access,
        Self::Rules,
    ];

    /// Whether the user is to see it.
    fn is_open(self, lab: &Lab) -> bool {
        let screen = lab.screen();
        match self {
            Self::Panel(Tab::Inspector) => screen.selected.is_some(),
            Self::Panel(tab) if Tab::LISTS.contains(&tab) => screen.list == tab,
            Self::Panel(tab) => screen.shows(tab) || browser::media(WIDE),
            Self::Topic => screen.topic.is_some(),
            Self::Teacher => screen.teacher.is_some(),
            Self::Help => screen.help,
            Self::Refused => screen.refused.is_some(),
            Self::Operations => screen.operation.is_some(),
            Self::Faults => screen.faults.is_some(),
            Self::Palette => screen.palette,
            Self::Own => screen.own.is_some(),
            Self::Time => screen.time,
            Self::Branches => screen.branches,
            Self::Access => screen.access,
            Self::Rules => screen.rules.is_some(),
        }
    }
}

/// What the second module does when a key asks for it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Deed {
    /// Asks why somebody got nothing, of the chosen event.
    AskWhy,
    /// Goes to the next divergence of the two sides.
    NextDivergence,
    /// Goes to the previous one.
    PreviousDivergence,
    /// The test client publishes its last message again.
    PublishAgain,
    /// Closes the dialog of rules, which keeps what was typed.
    LeaveRules,
}

/// How far the second module is.
// Without a border it is always here.
#[cfg_attr(not(split), expect(dead_code))]
#[derive(Clone, Copy, PartialEq, Eq)]
enum Loaded {
    /// Nobody asked for it.
    No,
    /// It is on its way.
    Coming,
    /// It did not come.
    Failed,
    /// It is here.
    Yes,
}

/// The view, or that it is on its way.
pub(crate) fn later(lab: &Lab, view: View) -> Html {
    if is_whole() {
        return module::draw(view, lab);
    }
    if !view.is_open(lab) {
        return html! {};
    }
    if module::loaded() == Loaded::No {
        module::load(lab);
    }
    waiting(lab, view)
}

/// Whether all views are here.
pub(crate) fn is_whole() -> bool {
    module::loaded() == Loaded::Yes
}

/// Does it, where the view that it belongs to is here.
pub(crate) fn act(lab: &Lab, deed: Deed) {
    if is_whole() {
        module::act(deed, lab);
    }
}

/// Loads the views once the page is drawn. Not in another page's frame: its readers may want none of them.
pub(crate) fn install(lab: &Lab) {
    if browser::is_embedded() {
        return;
    }
    let lab = lab.clone();
    let load = move || {
        if module::loaded() == Loaded::No {
            module::load(&lab);
        }
    };
    Timeout::new(DRAWN_MS, load).forget();
}

/// What stands in the view's place until it is here.
fn waiting(lab: &Lab, view: View) -> Html {
    let word = word(lab);
    match view {
        View::Panel(tab) if Tab::LISTS.contains(&tab) => html! {
            <section class={classes!("panel", "listing", tab.name())} aria-label={tab.title()}>
                <div class="panel-head">{ list_tabs(lab, tab, None) }</div>
                { word }
            </section>
        },
        View::Panel(tab) => html! {
            <section class={classes!("panel", tab.name())} aria-label={tab.title()}>
                <div class="panel-head"><h2>{ tab.title() }</h2></div>
                { word }
            </section>
        },
        View::Topic | View::Teacher => word,
        _ => {
            let lab = lab.clone();
            let onclose = Callback::from(move |()| {
                keys::escape(&lab);
            });
            html! { <Dialog title={text::LOADING} test="later-dialog" {onclose}>{ word }</Dialog> }
        }
    }
}

/// That it is on its way; or that it did not come, and the way to ask once more.
fn word(lab: &Lab) -> Html {
    if module::loaded() == Loaded::Coming {
        return html! { <p class="empty later" role="status" data-test="later">{ text::LOADING }</p> };
    }
    let again = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| {
            module::load(&lab);
            lab.touch();
        })
    };
    html! {
        <p class="empty" role="alert">
            { text::FAILED }{ " " }
            <button type="button" onclick={again} data-test="later-again">{ text::AGAIN }</button>
        </p>
    }
}
