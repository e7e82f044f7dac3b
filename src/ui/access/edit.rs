//! The form of users, the access list and policies. What is changed there begins the run again, as another profile does.

use super::SHOWN;
use super::draft::{Draft, User};
use super::policy_fields::policy_fields;
use super::who_may::who_may;
use crate::ui::dialog::Dialog;
use crate::ui::field::{TextField, check_field, choice, lines_field};
use crate::ui::icons::{IconButton, icon};
use crate::ui::lab::LabProps;
use crate::ui::lessons;
use crate::ui::screen::Screen;
use crate::ui::text::access as text;
use crate::ui::text::common;
use yew::prelude::*;

/// The dialog.
#[component]
pub(crate) fn AccessDialog(props: &LabProps) -> Html {
    let lab = &props.lab;
    let scenario = use_memo((), |()| lessons::present(lab));
    let draft = use_state(|| Draft::of(&scenario));
    let changed = draft.scenario(&scenario);
    let valid = changed.is_some();
    let onclose = lab.changes(close);
    let onsubmit = {
        let (lab, changed) = (lab.clone(), changed.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(scenario) = changed.clone() {
                lab.change(close);
                lessons::begin_with(&lab, scenario, text::WITH_IT);
            }
        })
    };
    let edit = Edit { draft: (*draft).clone(), set: draft.setter() };
    let add = edit.on(0, |draft, _, ()| draft.users.push(User::blank()));
    let add = add.reform(|_: MouseEvent| ());
    let more = draft.users.len().saturating_sub(SHOWN);
    html! {
        <Dialog title={text::TITLE} test="access" {onclose}>
            <form class="access-form" {onsubmit}>
                <p class="soft">{ text::SHARED }</p>
                <fieldset>
                    <legend>{ text::USERS }</legend>
                    { for draft.users.iter().enumerate().take(SHOWN).map(|(at, user)| user_row(&edit, at, user)) }
                    if more > 0 {
                        <p class="soft">{ text::more_users(more) }</p>
                    }
                    <button type="button" onclick={add} data-test="add-user">{ icon("plus") }{ text::ADD_USER }</button>
                    if !draft.users.is_empty() {
                        { check_field(text::SHOW_PASSWORDS, draft.shown, "passwords-shown", &edit.on(0, |draft, _, on| draft.shown = on)) }
                    }
                    { choice(text::ANONYMOUS, text::ANONYMOUS_MAY, draft.anonymous, "anonymous-choice",
                        &edit.on(0, |draft, _, value| draft.anonymous = value)) }
                    { check_field(text::CHALLENGE, draft.challenge, "challenge-offered",
                        &edit.on(0, |draft, _, on| draft.challenge = on)) }
                </fieldset>
                <fieldset>
                    <legend>{ text::LIST }</legend>
                    { check_field(text::LIMITED, draft.limited, "limited", &edit.on(0, |draft, _, on| draft.limited = on)) }
                    if draft.limited {
                        { lines_field(text::LIST, &draft.list, draft.wrong_list(), "acl", &edit.on(0, |draft, _, list| draft.list = list)) }
                        <p class="soft">{ text::LIST_ABOUT }</p>
                    }
                </fieldset>
                { policy_fields(&edit, &scenario) }
                { who_may(&edit, changed.as_ref(), lab.engine().profile()) }
                <div class="row">
                    <button type="submit" class="primary" disabled={!valid} data-test="access-go">{ common::BEGIN_AGAIN }</button>
                    <span class="soft">{ text::ADDED_STAY }</span>
                </div>
            </form>
        </Dialog>
    }
}

fn close(screen: &mut Screen) {
    screen.access = false;
}

/// The draft of this render, and the way to another one.
pub(super) struct Edit {
    pub(super) draft: Draft,
    set: UseStateSetter<Draft>,
}

impl Edit {
    /// A callback that changes the draft; `at` is the user that it is about.
    pub(super) fn on<T: 'static>(&self, at: usize, change: fn(&mut Draft, usize, T)) -> Callback<T> {
        let (draft, set) = (self.draft.clone(), self.set.clone());
        Callback::from(move |value: T| {
            let mut draft = draft.clone();
            change(&mut draft, at, value);
            set.set(draft);
        })
    }
}

fn user_row(edit: &Edit, at: usize, user: &User) -> Html {
    let name = edit.on(at, |draft, at, name| draft.users[at].name = name);
    let password = edit.on(at, |draft, at, password| draft.users[at].password = password);
    let gone = edit.on(at, |draft, at, ()| _ = draft.users.remove(at));
    let name = TextField::new(text::USER_NAME, &user.name, name).error(edit.draft.wrong_name(at));
    let password = TextField::new(text::PASSWORD, &user.password, password).password(edit.draft.shown);
    let remove = text::remove(&user.name);
    html! {
        <div key={at} role="group" aria-label={text::user(at + 1)} class="field-row user-row" data-test="user-row">
            { name.html("user-name") }
            { password.html("user-password") }
            { IconButton::new("close", remove, "", gone).html("remove-user") }
        </div>
    }
}
