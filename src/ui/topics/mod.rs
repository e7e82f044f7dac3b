//! The topic tree: every topic that was published to, who subscribes where, and which names a search finds.

mod detail;
mod difference;
mod exercise;
mod find;
mod plot;
mod receivers;
mod row;
mod tree;
mod unreached;

use super::lab::{Lab, LabProps, Rate, use_lab};
use super::text::topics as text;
use super::virtual_list::{VirtualList, moved};
use crate::picture::{InRow, TreeRow};
use crate::ui::field::use_value;
pub(crate) use detail::{ChosenTopic, Part, TopicPanel};
use exercise::exercises;
use find::{Search, search_box};
use row::{Acts, Moment, filter_row, level_row};
use std::cell::RefCell;
use std::rc::Rc;
use tree::Tree;
use yew::prelude::*;

/// What a row can be asked for, by pointer and by keyboard.
#[derive(Clone)]
struct Deeds {
    lab: Lab,
    tree: Rc<RefCell<Tree>>,
    search: UseStateSetter<Search>,
}

impl Deeds {
    /// Puts the keyboard there and does what is most useful: a topic is shown, another level folded, a filter lights what it matches.
    fn choose(&self, row: &TreeRow) {
        self.activate(Some(row));
        match row.shown {
            InRow::Level(number) => {
                let topic = {
                    let engine = self.lab.engine();
                    let path = engine.topics().level(number).path();
                    engine.topics().leaf(path, engine.events()).map(|_| path.to_owned())
                };
                match topic {
                    Some(name) => self.lab.change(|screen| screen.show_topic(name, None)),
                    None => self.fold(row),
                }
            }
            InRow::Filter(place) => {
                let filter = self.tree.borrow().attached.get(place as usize).map(|one| one.filter.clone());
                self.search.set(Search { typed: filter.unwrap_or_default(), ..Search::new() });
            }
        }
    }

    fn fold(&self, row: &TreeRow) {
        if let (InRow::Level(number), true) = (row.shown, row.folds) {
            let engine = self.lab.engine();
            self.tree.borrow_mut().toggle(engine.topics().level(number).path());
        }
        self.lab.touch();
    }

    fn activate(&self, row: Option<&TreeRow>) {
        self.tree.borrow_mut().activate(self.lab.engine().topics(), row);
        self.lab.touch();
    }

    /// What a key does on a row. Says whether it does anything.
    fn press(&self, key: &str, at: Option<usize>) -> bool {
        let rows = Rc::clone(&self.tree.borrow().rows);
        let row = at.and_then(|at| rows.get(at));
        match (key, row) {
            ("ArrowRight", Some(row)) if row.folds && !row.open => self.fold(row),
            ("ArrowLeft", Some(row)) if row.open => self.fold(row),
            ("ArrowLeft", Some(row)) => {
                let above = rows[..at.unwrap_or(0)].iter().rev().find(|other| other.depth < row.depth);
                self.activate(above.or(Some(row)));
            }
            ("Enter", Some(row)) => self.choose(row),
            (key, _) => match moved(key, at.or(Some(0)), rows.len()) {
                Some(to) => self.activate(rows.get(to)),
                None => return false,
            },
        }
        true
    }
}

/// The panel.
#[component]
pub(crate) fn TopicsPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let search = use_value(Search::new);
    use_effect_with(lab.screen().subjects, {
        let search = search.setter();
        move |_| search.set(Search::new())
    });
    let tree = use_mut_ref(Tree::default);
    let deeds = Deeds { lab: lab.clone(), tree: Rc::clone(&tree), search: search.setter() };

    let (hits, names, at, rows, attached, moment) = {
        let engine = lab.engine();
        let mut tree = tree.borrow_mut();
        let hits = tree.update(&engine, &search);
        let (rows, attached) = (Rc::clone(&tree.rows), Rc::clone(&tree.attached));
        let moment = Moment::of(&engine, lab.screen().playing);
        (hits, engine.topics().names(engine.events()), tree.at(engine.topics()), rows, attached, moment)
    };
    let count = rows.len();
    let row = {
        let deeds = deeds.clone();
        Callback::from(move |i: usize| {
            let Some(row) = rows.get(i).copied() else { return html! { <div key={i}></div> } };
            let act = |act: fn(&Deeds, &TreeRow)| {
                let deeds = deeds.clone();
                Callback::from(move |event: MouseEvent| {
                    event.stop_propagation();
                    act(&deeds, &row);
                })
            };
            let ontwist = if row.folds { Deeds::fold } else { Deeds::choose };
            let acts = Acts { onclick: act(Deeds::choose), ontwist: act(ontwist) };
            let place = (i, at == Some(i));
            match row.shown {
                InRow::Level(number) => level_row(&deeds.lab.engine(), moment, (number, &row), place, acts),
                InRow::Filter(filter) => match attached.get(filter as usize) {
                    Some(attached) => filter_row(attached, &row, place, acts),
                    None => html! { <div key={i}></div> },
                },
            }
        })
    };
    let onkeydown = {
        let deeds = deeds.clone();
        Callback::from(move |event: KeyboardEvent| {
            // Asked now: the list may not show yet where the key before led.
            let at = deeds.tree.borrow().at(deeds.lab.engine().topics());
            if deeds.press(&event.key(), at) {
                event.prevent_default();
            }
        })
    };
    let try_filter = {
        let search = search.setter();
        Callback::from(move |typed: String| search.set(Search { typed, ..Search::new() }))
    };
    let ask = lab.changes::<MouseEvent>(|screen| {
        let name = screen.topic.take().map(|topic| topic.name).unwrap_or_default();
        screen.show_topic(name, Some(Part::Receivers));
    });
    let active_id = at.map(|at| AttrValue::from(format!("topic-{at}")));
    html! {
        <section class="panel topics" aria-label={text::TITLE}>
            <div class="panel-head">
                <h2>{ text::TITLE }</h2>
                <span class="faint number" data-test="topic-count">{ names }</span>
                <span class="grow"></span>
                <button type="button" class="quiet" title={text::RECEIVERS_TITLE} onclick={ask} data-test="ask-receivers">{ text::RECEIVERS }</button>
            </div>
            { search_box(&lab, &search, &tree, (hits, names)) }
            if names == 0 {
                <p class={if count == 0 { "empty" } else { "soft topics-none" }}>{ text::EMPTY }</p>
            }
            if count > 0 {
                <VirtualList {count} {row} active={at} role="tree" label={text::TITLE} test="topics" {active_id} {onkeydown} />
            }
            { exercises(&lab, &try_filter) }
        </section>
    }
}
