//! A section of the broker's panel: its head with a count, which opens and closes it, and as many rows as are asked for.

use crate::ui::lab::Lab;
use crate::ui::text::broker as text;
use yew::prelude::*;

/// How many rows are shown at first, and how many more each time.
const SHOWN: usize = 50;

/// What the panel remembers.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Look {
    /// What is searched for.
    pub(super) query: String,
    /// The sections that are not as they are at first.
    pub(super) turned: Vec<&'static str>,
    /// The sections with more rows, once for each time that more were asked for.
    pub(super) longer: Vec<&'static str>,
}

/// What a section needs to be drawn.
pub(super) struct Panel<'a> {
    /// The store.
    pub(super) lab: &'a Lab,
    /// What is remembered.
    pub(super) look: &'a UseStateHandle<Look>,
    /// Whether anything was found.
    pub(super) found: std::cell::Cell<bool>,
}

/// A section.
pub(super) struct Section {
    /// Its name for tests.
    pub(super) name: &'static str,
    /// Its title.
    pub(super) title: &'static str,
    /// Whether it is open at first.
    pub(super) open: bool,
}

impl Panel<'_> {
    /// Whether one of these texts has what is searched for.
    pub(super) fn has(&self, texts: &[&str]) -> bool {
        let query = self.look.query.trim().as_bytes();
        let has =
            |text: &&str| text.as_bytes().windows(query.len()).any(|part| part.eq_ignore_ascii_case(query));
        query.is_empty() || texts.iter().any(has)
    }

    fn changes(&self, change: impl Fn(&mut Look) + 'static) -> Callback<MouseEvent> {
        let look = self.look.clone();
        Callback::from(move |_: MouseEvent| {
            let mut next = (*look).clone();
            change(&mut next);
            look.set(next);
        })
    }

    /// The section of these things, of which `is_found` knows those that are searched for; only the rows that are shown are made.
    pub(super) fn section<T>(
        &self,
        section: Section,
        all: impl Iterator<Item = T>,
        is_found: impl Fn(&T) -> bool,
        row: impl Fn(T) -> Html,
    ) -> Html {
        let Section { name, title, open } = section;
        let searches = !self.look.query.trim().is_empty();
        let most = SHOWN * (1 + self.look.longer.iter().filter(|one| **one == name).count());
        let (mut count, mut found, mut first) = (0, 0_usize, Vec::new());
        for thing in all {
            count += 1;
            if !searches || is_found(&thing) {
                found += 1;
                if first.len() < most {
                    first.push(thing);
                }
            }
        }
        if count == 0 {
            return html! {};
        }
        self.found.set(self.found.get() || found > 0);
        let open = (open != self.look.turned.contains(&name)) || (searches && found > 0);
        let turn = self.changes(move |look| match look.turned.iter().position(|one| *one == name) {
            Some(at) => _ = look.turned.remove(at),
            None => look.turned.push(name),
        });
        let longer = self.changes(move |look| look.longer.push(name));
        let left = found.saturating_sub(most);
        html! {
            <div key={name} class="broker-section" data-test="section" data-section={name}>
                <h3><button type="button" class="quiet section-head" aria-expanded={open.to_string()} onclick={turn}>
                    <span>{ title }</span>
                    <span class="faint number" data-test="section-count">{ text::count(found, count) }</span>
                </button></h3>
                if open {
                    <ul>{ for first.into_iter().map(row) }</ul>
                    if left > 0 {
                        <button type="button" class="link" onclick={longer} data-test="more-rows">
                            { text::more(left.min(SHOWN), left) }
                        </button>
                    }
                }
            </div>
        }
    }
}
