//! The branches of the run: a word about the one that is shown, and the dialog that names, compares and gives up.

use super::dialog::Dialog;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::screen::Tab;
use super::text::time as text;
use super::{lessons, panic};
use crate::sim::BranchInfo;
use crate::sorted::in_order;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The name of a branch.
pub(crate) fn name_of(all: &[BranchInfo], id: u32) -> String {
    let one = all.iter().find(|one| one.id == id);
    match one {
        Some(one) if !one.name.is_empty() => one.name.clone(),
        Some(BranchInfo { from: None, .. }) => text::FIRST_BRANCH.to_owned(),
        _ => format!("{id}"),
    }
}

/// Shows another branch, at the same time.
fn go(lab: &Lab, id: u32) {
    lab.act(|engine| engine.go_to_branch(id));
    panic::remember(lab);
    let events = lab.engine().run().trace().next_seq();
    lab.change(|screen| screen.selected = screen.selected.filter(|seq| *seq < events));
}

/// A word about the branch that is shown, with the ways to the one before and to all others.
pub(crate) fn branch_word(lab: &Lab) -> Html {
    let all = lab.engine().branches();
    let Some((current, others)) = all.split_first().filter(|(_, others)| !others.is_empty()) else {
        return html! {};
    };
    let name = name_of(&all, current.id);
    let (test, said) = match current.from {
        Some(_) => ("branch", text::on_branch(&name)),
        None => ("branches", text::on_first(&name)),
    };
    // The branch before; from the first one the one that was left last.
    let origin =
        current.from.map(|(branch, _)| branch).filter(|id| others.iter().any(|other| other.id == *id));
    let to = origin.or(others.first().map(|other| other.id)).unwrap_or_default();
    let onclick = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| go(&lab, to))
    };
    let (way, title) = match origin {
        Some(_) => ("branch-back", text::BRANCH_BACK.to_owned()),
        None => ("branch-to", text::to_branch(&name_of(&all, to))),
    };
    html! {
        <p class="branch row" role="status" data-test={test}>
            <span class="break">{ said }</span>
            <button type="button" class="link" {onclick} data-test={way}>{ title }</button>
            <button type="button" class="link" onclick={lab.changes(|screen| screen.branches = true)} data-test="all-branches">
                { format!("{} ({})", text::BRANCHES, all.len()) }
            </button>
        </p>
    }
}

/// The branches in the order of the tree, each with how deep it is in it.
fn tree(all: &[BranchInfo]) -> Vec<(usize, &BranchInfo)> {
    let all = in_order(all.iter().collect(), |one| one.id);
    let is_kept = |id: u32| all.iter().any(|one| one.id == id);
    let roots = all.iter().rev().filter(|one| one.from.is_none_or(|(from, _)| !is_kept(from)));
    let mut left: Vec<(usize, &BranchInfo)> = roots.map(|one| (0, *one)).collect();
    let mut found = Vec::new();
    while let Some((depth, one)) = left.pop() {
        found.push((depth, one));
        let of_it = all.iter().rev().filter(|other| other.from.is_some_and(|(from, _)| from == one.id));
        left.extend(of_it.map(|other| (depth + 1, *other)));
    }
    found
}

/// The dialog of branches.
#[component]
pub(crate) fn BranchesDialog(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let all = lab.engine().branches();
    let here = all.first().map_or(0, |one| one.id);
    let gone = lab.engine().run().gone();
    let onclose = lab.changes(|screen| screen.branches = false);
    let bring_back = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.act(|engine| engine.bring_back()))
    };
    html! {
        <Dialog title={text::BRANCHES} test="branches-dialog" {onclose}>
            <p class="soft">{ text::BRANCHES_ABOUT }</p>
            <ul class="branch-tree">
                { for tree(&all).into_iter().map(|(depth, one)| row(&lab, &all, here, depth, one)) }
            </ul>
            if let Some(gone) = gone {
                <p class="row">
                    <span class="soft break">{ name_of(std::slice::from_ref(&gone), gone.id) }</span>
                    <button type="button" onclick={bring_back} data-test="branch-bring-back">{ text::BRING_BACK }</button>
                </p>
            }
        </Dialog>
    }
}

fn row(lab: &Lab, all: &[BranchInfo], here: u32, depth: usize, one: &BranchInfo) -> Html {
    let (id, name) = (one.id, name_of(all, one.id));
    let is_here = id == here;
    let act = |act: fn(&Lab, u32)| {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| act(&lab, id))
    };
    let onchange = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                lab.act(|engine| engine.name_branch(id, &input.value()));
                // An empty name is none: the field shows the old one again.
                input.set_value(&name_of(&lab.engine().branches(), id));
            }
        })
    };
    let told = text::branch_told(one.from.map(|(_, at)| at.at), one.head, one.events);
    let class = classes!("branch-row", format!("depth-{}", depth.min(4)), is_here.then_some("here"));
    html! {
        <li key={id} {class} aria-current={is_here.then_some("true")} data-test="branch-row" data-branch={id.to_string()} data-depth={depth.to_string()}>
            <label class="field">
                <span class="visually-hidden">{ text::BRANCH_NAME }</span>
                <input type="text" maxlength="80" autocomplete="off" value={name.clone()} title={name.clone()} {onchange} data-test="branch-name" />
            </label>
            <span class="soft number branch-told">{ told }</span>
            <span class="row branch-acts">
                if is_here {
                    <strong class="tag">{ text::HERE }</strong>
                } else {
                    <button type="button" onclick={act(go)} data-test="branch-go">{ text::GO_BRANCH }</button>
                    <button type="button" onclick={act(compare)} title={text::COMPARE_ABOUT} data-test="branch-compare">{ text::COMPARE }</button>
                }
                if all.len() > 1 {
                    <button type="button" class="quiet" onclick={act(throw_away)} aria-label={format!("{} {name}", text::THROW_AWAY)}
                        data-test="branch-throw">{ text::THROW_AWAY }</button>
                }
            </span>
        </li>
    }
}

/// Compares the shown branch with another one, side by side.
fn compare(lab: &Lab, id: u32) {
    let done = lab.act(|engine| engine.set_against_branch(id));
    lab.change(|screen| {
        screen.branches = false;
        (screen.parted, screen.unfolded) = (None, None);
        screen.go(Tab::Sides);
    });
    if let Err(why) = done {
        lessons::say(lab, why);
    }
}

fn throw_away(lab: &Lab, id: u32) {
    let name = name_of(&lab.engine().branches(), id);
    let done = lab.act(|engine| engine.throw_away(id));
    let events = lab.engine().run().trace().next_seq();
    lab.change_quietly(|screen| screen.selected = screen.selected.filter(|seq| *seq < events));
    panic::remember(lab);
    lessons::say(lab, done.map_or_else(|why| why, |()| text::thrown_away(&name)));
}
