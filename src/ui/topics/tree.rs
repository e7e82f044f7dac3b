//! What the panel keeps between two drawings: the rows, made again only when another name, subscription, fold or search asks for it.

use super::find::{Search, Sought};
use crate::picture::{Attached, Found, InRow, ROOT, Topics, TreeRow, TreeRows, next_hit};
use crate::sorted::{Sorted, in_order};
use crate::topic::{check_filter, literal_prefix};
use crate::ui::engine::Engine;
use std::rc::Rc;

/// What rows depend on: the run, the names and subscriptions at the view, the folds, the search and what it found.
type Key = (u64, usize, usize, u32, Search, usize);

/// The tree as it was drawn last.
#[derive(Default)]
pub(super) struct Tree {
    closed: Sorted<Box<str>, ()>,
    /// Grows with each change of `closed`.
    folded: u32,
    linked: Option<(u64, usize)>,
    pub(super) attached: Rc<[Attached]>,
    found: Found<(u64, Search)>,
    key: Option<Key>,
    pub(super) rows: Rc<[TreeRow]>,
    /// The row that the keyboard is on: a path, or a filter.
    pub(super) active: Option<(bool, String)>,
    /// Which of the hits that is, from 1.
    pub(super) place: Option<usize>,
}

impl Tree {
    /// Brings the rows to the view. Gives how many names the search found.
    pub(super) fn update(&mut self, engine: &Engine, search: &Search) -> usize {
        let (topics, events, generation) = (engine.topics(), engine.events(), engine.generation());
        let links = topics.links(events);
        if self.linked != Some((generation, links)) {
            self.linked = Some((generation, links));
            self.attached = attached(engine).into();
        }
        let sought = search.sought();
        let parent = engine.parent_match();
        self.found.update((generation, search.clone()), topics, |name| sought.is_hit(name, parent));
        let hits = self.found.at(events);
        let key = (generation, topics.names(events), links, self.folded, search.clone(), hits.len());
        if self.key.as_ref() != Some(&key) {
            let rows = TreeRows {
                topics,
                events,
                closed: &self.closed,
                attached: if search.with_filters { &self.attached } else { &[] },
                hits,
                only_hits: search.only_hits && !matches!(sought, Sought::Nothing | Sought::Wrong(_)),
            };
            self.rows = rows.make().into();
            self.key = Some(key);
        }
        hits.len()
    }

    /// Folds a level, or unfolds it.
    pub(super) fn toggle(&mut self, path: &str) {
        if self.closed.remove(path).is_none() {
            self.closed.insert(path.into(), ());
        }
        self.folded += 1;
    }

    /// The place of the row that the keyboard is on.
    pub(super) fn at(&self, topics: &Topics) -> Option<usize> {
        let (is_level, name) = self.active.as_ref()?;
        self.rows.iter().position(|row| match row.shown {
            InRow::Level(number) => *is_level && topics.level(number).path() == name,
            InRow::Filter(place) => {
                !is_level && self.attached.get(place as usize).is_some_and(|one| one.filter == *name)
            }
        })
    }

    /// Puts the keyboard on a row.
    pub(super) fn activate(&mut self, topics: &Topics, row: Option<&TreeRow>) {
        self.place = None;
        self.active = row.and_then(|row| match row.shown {
            InRow::Level(number) => Some((true, topics.level(number).path().to_owned())),
            InRow::Filter(place) => Some((false, self.attached.get(place as usize)?.filter.clone())),
        });
    }

    /// Goes to the next thing that was found, or to the one before, and unfolds what hides it.
    pub(super) fn step(&mut self, engine: &Engine, forward: bool) {
        let topics = engine.topics();
        let from = self.active.as_ref().filter(|(is_level, _)| *is_level).map(|(_, path)| path.as_str());
        let Some((number, place)) = next_hit(topics, self.found.at(engine.events()), from, forward) else {
            return;
        };
        let mut above = topics.level(number).parent();
        while above != ROOT {
            if self.closed.remove(topics.level(above).path()).is_some() {
                self.folded += 1;
            }
            above = topics.level(above).parent();
        }
        self.active = Some((true, topics.level(number).path().to_owned()));
        self.place = Some(place);
    }
}

/// Who subscribes at the view, by the levels where the filters attach.
fn attached(engine: &Engine) -> Vec<Attached> {
    let topics = engine.topics();
    let mut by_filter: Sorted<Box<str>, Vec<(String, u8, bool)>> = Sorted::new();
    engine.run().world().broker().for_each_subscriber(&mut |one| {
        if one.filter.is_empty() {
            return;
        }
        let who = (one.client.to_owned(), one.options.qos as u8, one.is_connected);
        match by_filter.get_mut(one.filter) {
            Some(known) => known.push(who),
            None => _ = by_filter.insert(one.filter.into(), vec![who]),
        }
    });
    let mut attached = Vec::new();
    by_filter.for_each(&mut |filter, who| {
        let Ok(plain) = check_filter(filter) else { return };
        let level = literal_prefix(plain.filter).map_or(Some(ROOT), |prefix| topics.find(prefix));
        attached.extend(level.map(|level| Attached { level, filter: filter.to_string(), who: who.clone() }));
    });
    in_order(attached, |one: &Attached| one.level)
}
