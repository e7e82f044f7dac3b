//! The form of users, the access list and policies. What is changed there begins the run again, as another profile does.

use super::SHOWN;
use super::draft::{ANONYMOUS, Draft, User};
use super::policy_fields::policy_fields;
use super::who_may::who_may;
use crate::ui::dialog::Dialog;
use crate::ui::field::{TextField, check_field, choice, lines_field};
use crate::ui::icons::{IconButton, icon};
use crate::ui::lab::LabProps;
use crate::ui::lessons;
use crate::ui::screen::Screen;
use yew::prelude::*;

/// What the first line of an empty access list may be.
const ABOUT_LIST: &str = "As Mosquitto's acl_file: lines `topic` [read|write|readwrite|deny] and a filter, for clients without a user \
                          name; after a line `user` and a name for that user; `pattern` for everybody, %c is the client identifier \
                          and %u the user name. What no line allows is denied.";

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
                lessons::begin_with(&lab, scenario, "with this access");
            }
        })
    };
    let edit = Edit { draft: (*draft).clone(), set: draft.setter() };
    let add = edit.on(0, |draft, _, ()| draft.users.push(User::blank()));
    let add = add.reform(|_: MouseEvent| ());
    let more = draft.users.len().saturating_sub(SHOWN);
    html! {
        <Dialog title="Access" test="access" {onclose}>
            <form class="access-form" {onsubmit}>
                <p class="soft">{ "They are part of the scenario: whoever gets its file or a link to it can read them, the passwords too." }</p>
                <fieldset>
                    <legend>{ "Users" }</legend>
                    { for draft.users.iter().enumerate().take(SHOWN).map(|(at, user)| user_row(&edit, at, user)) }
                    if more > 0 {
                        <p class="soft">{ format!("and {more} more, which can be changed in the scenario's file") }</p>
                    }
                    <button type="button" onclick={add} data-test="add-user">{ icon("plus") }{ "Add a user" }</button>
                    if !draft.users.is_empty() {
                        { check_field("Show the passwords", draft.shown, "passwords-shown", &edit.on(0, |draft, _, on| draft.shown = on)) }
                    }
                    { choice("Clients without a user name", ANONYMOUS, draft.anonymous, "anonymous-choice",
                        &edit.on(0, |draft, _, value| draft.anonymous = value)) }
                    { check_field("MQTT 5 may answer a challenge instead (GLASS-CHALLENGE)", draft.challenge, "challenge-offered",
                        &edit.on(0, |draft, _, on| draft.challenge = on)) }
                </fieldset>
                <fieldset>
                    <legend>{ "Access list" }</legend>
                    { check_field("Only what an access list allows", draft.limited, "limited", &edit.on(0, |draft, _, on| draft.limited = on)) }
                    if draft.limited {
                        { lines_field("Access list", &draft.list, draft.wrong_list(), "acl", &edit.on(0, |draft, _, list| draft.list = list)) }
                        <p class="soft">{ ABOUT_LIST }</p>
                    }
                </fieldset>
                { policy_fields(&edit, &scenario) }
                { who_may(&edit, changed.as_ref(), lab.engine().profile()) }
                <div class="row">
                    <button type="submit" class="primary" disabled={!valid} data-test="access-go">{ "Begin the run again with these" }</button>
                    <span class="soft">{ "Clients that you added stay, not connected." }</span>
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
    let name = TextField::new("User name", &user.name, name).error(edit.draft.wrong_name(at));
    let password = TextField::new("Password", &user.password, password).password(edit.draft.shown);
    let remove =
        if user.name.is_empty() { "Remove this user".to_owned() } else { format!("Remove {}", user.name) };
    html! {
        <div key={at} role="group" aria-label={format!("User {}", at + 1)} class="field-row user-row" data-test="user-row">
            { name.html("user-name") }
            { password.html("user-password") }
            { IconButton::new("close", remove, "", gone).html("remove-user") }
        </div>
    }
}
