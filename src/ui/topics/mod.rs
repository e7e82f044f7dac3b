//! The topic tree: every topic that was published to, and which of them a filter matches.

mod exercise;

use super::lab::{LabProps, Rate, use_lab};
use super::virtual_list::{VirtualList, moved};
use super::{icons, timeline, words};
use crate::picture::{Node, clock, nodes};
use crate::sorted::Sorted;
use crate::topic::{check_filter, matches};
use crate::ui::field::use_value;
use exercise::exercises;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the filter box says.
enum Lit {
    Nothing,
    Filter(String),
    Wrong(String),
}

fn read(text: &str) -> Lit {
    if text.is_empty() {
        return Lit::Nothing;
    }
    match check_filter(text) {
        Ok(filter) => Lit::Filter(filter.filter.to_owned()),
        Err(error) => Lit::Wrong(format!(
            "At character {}: {}.",
            text[..error.offset.min(text.len())].chars().count() + 1,
            error.what()
        )),
    }
}

/// The panel.
#[component]
pub(crate) fn TopicsPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let typed = use_value(String::new);
    let closed = use_state(|| Rc::new(Sorted::<Box<str>, ()>::new()));
    let active = use_value(|| None::<String>);
    let lit = read(&typed);

    let engine = lab.engine();
    let leaves = engine.topics().at(engine.events());
    let is_lit =
        |name: &str| matches!(&lit, Lit::Filter(filter) if matches(filter, name, engine.parent_match()));
    let names = leaves.len();
    let hits = leaves.iter().filter(|(name, _)| is_lit(name)).count();
    let rows: Rc<[Node]> = nodes(&leaves, &closed, is_lit).into();
    drop(leaves);

    let toggle = {
        let closed = closed.clone();
        Rc::new(move |path: &str| {
            let mut next = (**closed).clone();
            if next.remove(path).is_none() {
                next.insert(path.into(), ());
            }
            closed.set(Rc::new(next));
        })
    };
    let at = active.as_ref().and_then(|path| rows.iter().position(|node| node.path == *path));
    let row = {
        let (lab, rows, toggle, active) = (lab.clone(), Rc::clone(&rows), Rc::clone(&toggle), active.clone());
        Callback::from(move |i: usize| {
            let Some(node) = rows.get(i) else { return html! { <div key={i}></div> } };
            let onclick = {
                let (lab, toggle, active, node) =
                    (lab.clone(), Rc::clone(&toggle), active.setter(), node.clone());
                Callback::from(move |_: MouseEvent| {
                    active.set(Some(node.path.clone()));
                    match &node.leaf {
                        Some(leaf) => timeline::select(&lab, Some(leaf.last_seq)),
                        None => toggle(&node.path),
                    }
                })
            };
            topic_row(&lab, node, i, at == Some(i), onclick)
        })
    };
    let onkeydown = {
        let (lab, rows, toggle, active) =
            (lab.clone(), Rc::clone(&rows), Rc::clone(&toggle), active.setter());
        Callback::from(move |event: KeyboardEvent| {
            let node = at.and_then(|at| rows.get(at));
            match (event.key().as_str(), node) {
                ("ArrowRight", Some(node)) if node.children > 0 && !node.open => toggle(&node.path),
                ("ArrowLeft", Some(node)) if node.children > 0 && node.open => toggle(&node.path),
                ("ArrowLeft", Some(node)) => active.set(node.parent().map(str::to_owned)),
                ("Enter", Some(node)) => match &node.leaf {
                    Some(leaf) => timeline::select(&lab, Some(leaf.last_seq)),
                    None => toggle(&node.path),
                },
                (key, _) => match moved(key, at.or(Some(0)), rows.len()) {
                    Some(to) => active.set(rows.get(to).map(|node| node.path.clone())),
                    None => return,
                },
            }
            event.prevent_default();
        })
    };
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    let try_filter = {
        let typed = typed.setter();
        Callback::from(move |filter: String| typed.set(filter))
    };
    let said = match &lit {
        Lit::Nothing => String::new(),
        Lit::Filter(_) => format!("{hits} of {names} {} match", if names == 1 { "name" } else { "names" }),
        Lit::Wrong(why) => why.clone(),
    };
    let wrong = matches!(lit, Lit::Wrong(_));
    let active_id = at.map(|at| AttrValue::from(format!("topic-{at}")));
    html! {
        <section class="panel topics" aria-label="Topics">
            <div class="panel-head">
                <h2>{ "Topics" }</h2>
                <span class="faint number" data-test="topic-count">{ names }</span>
            </div>
            <div class="topics-filter">
                <label class="visually-hidden" for="topic-filter">{ "Topic filter" }</label>
                <input id="topic-filter" type="search" placeholder="Filter, such as factory/+/status" autocomplete="off"
                    spellcheck="false" class="mono" value={(*typed).clone()} aria-invalid={wrong.to_string()}
                    aria-describedby="topic-filter-says" data-test="topic-filter" {oninput} />
                <p id="topic-filter-says" class={if wrong { "error" } else { "soft" }} role="status" data-test="topic-matches">{ said }</p>
            </div>
            if names == 0 {
                <p class="empty">{ "Nothing was published yet. A topic exists from its first message on; nobody has to create it." }</p>
            } else {
                <VirtualList count={rows.len()} {row} active={at} role="tree" label="Topics" test="topics" {active_id} {onkeydown} />
            }
            { exercises(&lab, &try_filter) }
        </section>
    }
}

fn topic_row(
    lab: &super::lab::Lab,
    node: &Node,
    i: usize,
    active: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    let flash = lab.screen().playing;
    let is_stale = node.leaf.is_some_and(|leaf| leaf.newer) && lab.engine().is_stale(&node.path);
    let (count, last) = match &node.leaf {
        Some(leaf) => (leaf.count.to_string(), clock(leaf.last_at)),
        None => (String::new(), String::new()),
    };
    let payload = node.leaf.as_ref().and_then(|leaf| {
        let engine = lab.engine();
        let payload = engine.payload_near(leaf.last_seq)?;
        Some(words::preview(&payload))
    });
    // A new key at each message makes a new element, whose animation is the flash.
    let key = format!("{}#{}", node.path, node.leaf.as_ref().map_or(0, |leaf| leaf.last_seq));
    let expanded = (node.children > 0).then(|| node.open.to_string());
    let class = classes!(
        "topic-row",
        format!("depth-{}", node.depth.min(9)),
        node.lit.then_some("lit"),
        (flash && node.leaf.is_some()).then_some("flash")
    );
    html! {
        <div {key} id={format!("topic-{i}")} {class} role="treeitem" aria-level={(node.depth + 1).to_string()} aria-expanded={expanded}
            aria-selected={active.to_string()} title={node.path.clone()} data-topic={node.path.clone()} data-lit={node.lit.to_string()}
            data-test={if node.leaf.is_some() { "topic-leaf" } else { "topic-node" }} {onclick}>
            <span class="twist" aria-hidden="true">
                if node.children > 0 {
                    { icons::icon(if node.open { "down" } else { "right" }) }
                }
            </span>
            <span class="level clip">{ if node.level.is_empty() { "(empty)".to_owned() } else { node.level.clone() } }</span>
            if let Some(payload) = payload {
                <span class="payload mono clip">{ payload }</span>
            } else {
                <span class="grow"></span>
            }
            if node.leaf.as_ref().is_some_and(|leaf| leaf.retained) {
                <span class="tag ink-retained" title="The broker keeps a retained message">{ "R" }</span>
            }
            if is_stale {
                { words::stale() }
            }
            if node.leaf.is_some() {
                <span class="count number" title={format!("Messages; the last at {last}")}>{ count }</span>
            } else if !node.open {
                <span class="count number faint">{ format!("{} below", node.children) }</span>
            }
        </div>
    }
}
