//! The test client: a client of the run that one has subscribe and publish, with what it receives in a column for each filter.

mod answer;
mod chosen;
mod column;
mod new;

use super::clients::state;
use super::icons::icon;
use super::inspector::way_to_inspector;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::list_tabs::{closed, list_tabs};
use super::rows::Rows;
use super::screen::Tab;
use super::talk::{PublishForm, SubscribeForm, json_message, last_published, publish_again};
use super::views::{ClientView, Presence};
use crate::client::{Action, Granted};
use crate::sim::Input;
use crate::ui::field::{check_field, choice, set, use_value};
use crate::ui::text::test_client as text;
use crate::ui::text::{common, help};
use crate::wire::Version;
use answer::{answer, is_said};
use chosen::chosen;
use column::{Column, Hold};
use new::NewClient;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The client that acts unless another is chosen.
pub(crate) const NAME: &str = "test-client";

/// How many messages a column keeps, as they are offered.
const KEEP: &[&str] = &["10", "100", "1,000", "10,000"];
const KEPT: [usize; 4] = [10, 100, 1_000, 10_000];

/// What the columns hold back, by filter.
type Holds = Vec<(String, Hold)>;

/// The panel.
#[component]
pub(crate) fn TestClientPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let draft = use_value(|| json_message(r#"{ "message": "Hello" }"#));
    let newest_first = use_value(|| false);
    let keep = use_value(|| 1usize);
    let holds = use_value(Holds::new);
    let said = use_mut_ref(Rows::default);
    if lab.screen().list != Tab::TestClient {
        return closed("test-client");
    }
    let name = lab.screen().test_client.clone();
    let clients: Vec<ClientView> = lab.engine().clients().into_iter().filter(|client| !client.real).collect();
    let client = clients.iter().find(|client| client.name == name).cloned();
    let past = !lab.engine().is_at_head();
    let identifier = client.as_ref().map(|client| client.identifier().to_owned()).unwrap_or_default();
    let columns = subscriptions(&lab, &name);
    let told = {
        let engine = lab.engine();
        let run = engine.run();
        let mut said = said.borrow_mut();
        let key = (engine.generation(), identifier.clone());
        said.update(&lab, key, run.trace(), |event| event.client() == identifier && is_said(event));
        answer(&lab, run.trace(), said.before(engine.events()))
    };
    let ondraft = set(&draft);
    let column = |(filter, granted): (String, Granted)| {
        let hold = holds.iter().find(|(of, _)| *of == filter).map(|(_, hold)| *hold).unwrap_or_default();
        let onhold = {
            let (holds, filter) = (holds.clone(), filter.clone());
            Callback::from(move |hold: Hold| {
                let others = holds.iter().filter(|(of, _)| *of != filter).cloned();
                holds.set(others.chain([(filter.clone(), hold)]).collect());
            })
        };
        let key = filter.clone();
        html! {
            <Column {key} lab={lab.clone()} client={name.clone()} identifier={identifier.clone()} {filter}
                {granted} keep={KEPT[*keep]} newest_first={*newest_first} {hold} {onhold} />
        }
    };
    html! {
        <section class="panel listing test-client" aria-label={help::TEST_CLIENT_TITLE}>
            <div class="panel-head">
                { list_tabs(&lab, Tab::TestClient, None) }
                <span class="grow"></span>
                { chooser(&lab, &clients, &name) }
            </div>
            <div class="test-body">
                <div class="test-forms" tabindex="0" role="group" aria-label={text::ASKED}>
                    if past {
                        <p class="notice-inline narrow">{ text::IN_PAST }</p>
                    }
                    if let Some(client) = &client {
                        { head(&lab, client) }
                        <SubscribeForm lab={lab.clone()} client={name.clone()} version={client.version}
                            connected={client.presence == Presence::Connected} />
                        <PublishForm lab={lab.clone()} client={name.clone()} version={client.version} topics="test-topics"
                            draft={(*draft).clone()} {ondraft} />
                        { again(&lab, &name) }
                        { told }
                    } else {
                        <NewClient key={name.clone()} lab={lab.clone()} name={name.clone()} />
                    }
                </div>
                <div class="test-received">
                    if columns.is_empty() {
                        <p class="empty">{ text::COLUMNS }</p>
                    } else {
                        <div class="test-tools">
                            { choice(text::LAST, KEEP, *keep, "test-keep", &set(&keep)) }
                            { check_field(text::NEWEST_FIRST, *newest_first, "test-newest-first", &set(&newest_first)) }
                        </div>
                        <div class="test-columns">{ for columns.into_iter().map(column) }</div>
                        { chosen(&lab, &identifier) }
                    }
                </div>
            </div>
            { way_to_inspector(&lab) }
        </section>
    }
}

/// Who acts: one of the virtual clients, or one that is to be added.
fn chooser(lab: &Lab, clients: &[ClientView], name: &str) -> Html {
    let is_free = |name: &str| clients.iter().all(|client| client.name != name);
    let new = if is_free(name) {
        name.to_owned()
    } else {
        let names = [NAME.to_owned()].into_iter().chain((2..).map(|n| format!("{NAME}-{n}")));
        names.into_iter().find(|name| is_free(name)).unwrap_or_default()
    };
    let onchange = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                lab.change(|screen| screen.test_client = select.value());
            }
        })
    };
    html! {
        <label class="field-inline">
            <span class="visually-hidden">{ text::WHO }</span>
            <select class="compact" {onchange} data-test="test-who">
                { for clients.iter().map(|client| &client.name).map(|one| html! {
                    <option key={one.clone()} value={one.clone()} selected={one == name}>{ one.clone() }</option>
                }) }
                <option key={format!("+{new}")} value={new.clone()} selected={new == name}>{ text::new_client(&new) }</option>
            </select>
        </label>
    }
}

/// Whether it is there, and the way in.
fn head(lab: &Lab, client: &ClientView) -> Html {
    let (class, state) = state(client.presence, client.session);
    let version = common::VERSIONS[usize::from(client.version != Version::V5)];
    let connect = {
        let (lab, client) = (lab.clone(), client.name.clone());
        let action = Action::Connect { options: None };
        Callback::from(move |_: MouseEvent| {
            lab.input([Input::Client { client: client.clone(), action: action.clone() }]);
        })
    };
    html! {
        <div class="row">
            <span class={classes!("state", class)} data-test="test-state">{ state }</span>
            <span class="faint">{ version }</span>
            if client.presence == Presence::Offline {
                <button type="button" onclick={connect} data-test="test-connect">{ common::CONNECT }</button>
            }
        </div>
    }
}

/// The way to publish the last message once more.
fn again(lab: &Lab, name: &str) -> Html {
    let Some(last) = last_published(&lab.engine(), name) else { return html! {} };
    let onclick = {
        let (lab, name) = (lab.clone(), name.to_owned());
        Callback::from(move |_: MouseEvent| publish_again(&lab, &name))
    };
    html! {
        <button type="button" class="test-again" {onclick} title={text::AGAIN_TITLE} data-test="publish-again">
            { icon("send") }<span class="clip">{ text::again(&last.topic) }</span>
        </button>
    }
}

/// The filters of a client, as it was told.
fn subscriptions(lab: &Lab, name: &str) -> Vec<(String, Granted)> {
    let engine = lab.engine();
    let run = engine.run();
    let client = run.world().client(name);
    let subscriptions = client.iter().flat_map(|view| view.client.subscriptions());
    subscriptions.map(|(filter, granted)| (filter.to_owned(), granted)).collect()
}
