//! The search: by a topic filter, or by a text in names.

use super::tree::Tree;
use crate::topic::{ParentMatch, check_filter, matches};
use crate::ui::icons::IconButton;
use crate::ui::lab::Lab;
use crate::ui::text::topics as text;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What is searched for, and how what is found is shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Search {
    /// What was typed.
    pub(super) typed: String,
    /// Whether it is a text, and no filter.
    pub(super) by_text: bool,
    /// Whether only what is found is shown.
    pub(super) only_hits: bool,
    /// Whether subscriptions are shown.
    pub(super) with_filters: bool,
}

impl Search {
    /// Nothing is searched for.
    pub(super) fn new() -> Self {
        Self { typed: String::new(), by_text: false, only_hits: false, with_filters: true }
    }

    /// What that asks for.
    pub(super) fn sought(&self) -> Sought {
        if self.typed.is_empty() {
            return Sought::Nothing;
        }
        if self.by_text {
            return Sought::Text(self.typed.to_lowercase());
        }
        match check_filter(&self.typed) {
            Ok(filter) => Sought::Filter(filter.filter.to_owned()),
            Err(error) => {
                let before = &self.typed[..error.offset.min(self.typed.len())];
                Sought::Wrong(text::wrong(before.chars().count() + 1, error.what()))
            }
        }
    }
}

/// What is sought.
pub(super) enum Sought {
    Nothing,
    Filter(String),
    /// In small letters.
    Text(String),
    /// It is no filter: why.
    Wrong(String),
}

impl Sought {
    /// Whether a name is found.
    pub(super) fn is_hit(&self, name: &str, parent: ParentMatch) -> bool {
        match self {
            Self::Filter(filter) => matches(filter, name, parent),
            Self::Text(text) => name.contains(text.as_str()) || name.to_lowercase().contains(text.as_str()),
            Self::Nothing | Self::Wrong(_) => false,
        }
    }
}

/// The box with its switches. `hits` of `names` were found.
pub(super) fn search_box(
    lab: &Lab,
    search: &UseStateHandle<Search>,
    tree: &Rc<RefCell<Tree>>,
    (hits, names): (usize, usize),
) -> Html {
    let change = |change: fn(&mut Search)| {
        let (now, set) = ((**search).clone(), search.setter());
        Callback::from(move |_: MouseEvent| {
            let mut next = now.clone();
            change(&mut next);
            set.set(next);
        })
    };
    let oninput = {
        let (now, set) = ((**search).clone(), search.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                set.set(Search { typed: input.value(), ..now.clone() });
            }
        })
    };
    let step = |forward: bool| {
        let (lab, tree) = (lab.clone(), Rc::clone(tree));
        Callback::from(move |()| {
            tree.borrow_mut().step(&lab.engine(), forward);
            lab.touch();
        })
    };
    let onkeydown = {
        let (next, previous) = (step(true), step(false));
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                if event.shift_key() { &previous } else { &next }.emit(());
            }
        })
    };
    let (wrong, said) = match search.sought() {
        Sought::Nothing => (false, String::new()),
        Sought::Wrong(why) => (true, why),
        _ => (false, text::matches(hits, names)),
    };
    let place = tree.borrow().place.filter(|_| hits > 0).map(|place| text::place(place, hits));
    let (label, example) =
        if search.by_text { (text::FIND, text::FIND_EXAMPLE) } else { (text::FILTER, text::FILTER_EXAMPLE) };
    let chip = |name: &'static str, title: &'static str, on: bool, test: &'static str, onclick| {
        html! {
            <button type="button" class="chip" aria-pressed={on.to_string()} {title} data-test={test} {onclick}>{ name }</button>
        }
    };
    html! {
        <div class="topics-filter">
            <label class="visually-hidden" for="topic-filter">{ label }</label>
            <input id="topic-filter" type="search" placeholder={example} autocomplete="off" autocapitalize="off" spellcheck="false" class="mono"
                value={search.typed.clone()} aria-invalid={wrong.to_string()} aria-describedby="topic-filter-says" data-test="topic-filter"
                {oninput} {onkeydown} />
            <div class="row topics-switches">
                { chip(text::BY_TEXT, text::BY_TEXT_TITLE, search.by_text, "find-text", change(|search| search.by_text = !search.by_text)) }
                { chip(text::ONLY_HITS, text::ONLY_HITS_TITLE, search.only_hits, "find-only", change(|search| search.only_hits = !search.only_hits)) }
                { chip(text::SUBSCRIPTIONS, text::SUBSCRIPTIONS_TITLE, search.with_filters, "find-filters",
                    change(|search| search.with_filters = !search.with_filters)) }
                <span class="grow"></span>
                if hits > 0 {
                    { IconButton::new("up", text::PREVIOUS_HIT, "Shift+Enter", step(false)).html("find-previous") }
                    { IconButton::new("down", text::NEXT_HIT, "Enter", step(true)).html("find-next") }
                }
            </div>
            <div class="row">
                <p id="topic-filter-says" class={if wrong { "error" } else { "soft" }} role="status" data-test="topic-matches">{ said }</p>
                <span class="grow"></span>
                if let Some(place) = place {
                    <span class="soft number" role="status" data-test="find-place">{ place }</span>
                }
            </div>
        </div>
    }
}
