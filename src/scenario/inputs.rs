//! What is done to a run, in words: the steps of a document, what is done at once, and the journal's entries.

use super::check::MAX_TIMES;
use super::fields::{client, connect, filter, link, message, setting};
use super::form::Form;
use super::policies::document;
use crate::broker::{Command, Page};
use crate::client::{Action, ConnectOptions, Message, SubscribeRequest};
use crate::json::Json;
use crate::nearest::{did_you_mean, ended};
use crate::policy::aws::Policy;
use crate::profile::Value;
use crate::sim::{
    Chosen, Entry, Input, LinkSpec, LiveAct, MAX_REPEATS, Repeat, STALL_MAX, Step, Way, WhatIf,
};
use crate::time::{SimTime, Span};
use crate::wire::{PacketType, Publish};
use bytes::Bytes;
use std::mem::discriminant;

/// A word of `do`, and the input that it stands for, before anything else is said of it.
type Doing = (&'static str, fn() -> Input);

/// What a client can be asked to do.
const CLIENT: &[Doing] = &[
    ("connect", || acts(Action::Connect { options: None })),
    ("subscribe", || acts(Action::Subscribe(SubscribeRequest::default()))),
    ("unsubscribe", || acts(Action::Unsubscribe { filters: Vec::new() })),
    ("publish", || acts(Action::Publish(Message::default()))),
    ("disconnect", || acts(Action::Disconnect { code: 0, session_expiry_s: None })),
    ("close", || acts(Action::Close { code: NORMAL_CLOSURE })),
    ("cut", || Input::Cut { client: String::new() }),
    ("restore", || Input::Restore { client: String::new() }),
    ("link", || Input::Link { client: String::new(), link: LinkSpec::default() }),
    ("stop_acks", || acts(Action::StopAcks)),
    ("resume_acks", || acts(Action::ResumeAcks)),
    ("reauthenticate", || acts(Action::Reauthenticate)),
    ("send", || acts(Action::Send { bytes: Bytes::new() })),
    ("crash", || acts(Action::Crash)),
    ("restart", || acts(Action::Restart { keep_session: false })),
    ("half_open", || Input::HalfOpen { client: String::new(), way: Way::Up }),
    ("stall", || Input::Stall { client: String::new(), length: Span::ZERO }),
    ("what_if_drop", || what_happens(WhatIf::Drop)),
    ("what_if_duplicate", || what_happens(WhatIf::Duplicate)),
    ("what_if_reorder", || what_happens(WhatIf::Reorder)),
    ("what_if_corrupt", || what_happens(WhatIf::Corrupt { byte: 0, bits: u8::MAX })),
    ("forget_what_ifs", || what_happens(WhatIf::Forget)),
];

/// What an operator can do with the broker.
const BROKER: &[Doing] = &[
    ("disconnect", || Input::Broker(Command::disconnect(String::new()))),
    ("publish", || Input::Broker(Command::publish(Publish::default()))),
    ("restart", || Input::Broker(Command::Restart { keep_store: true })),
    ("set", || Input::Broker(Command::Set { key: String::new(), value: Value::Unlimited })),
    ("policy", || {
        let (name, document, is_new) = (String::new(), Policy::default(), false);
        Input::Broker(Command::Policy { name, document, is_new })
    }),
    ("retained_list", || Input::Broker(Command::RetainedList(Page::default()))),
    ("retained_read", || Input::Broker(Command::RetainedRead { topic: String::new() })),
    ("retained_delete", || Input::Broker(Command::RetainedDelete { topic: String::new() })),
    ("connection_read", || Input::Broker(Command::ConnectionRead { client: String::new() })),
    ("subscription_list", || {
        Input::Broker(Command::SubscriptionList { client: String::new(), page: Page::default() })
    }),
];

/// What besides is done to a run by hand.
const RUN: &[Doing] = &[
    ("add", || Input::AddClient(Box::default())),
    ("stop", || Input::Stop { client: String::new(), topic: None }),
    ("remove", || Input::RemoveClient { client: String::new() }),
    ("mark", || Input::Mark { title: String::new(), text: String::new() }),
];

/// What a live client does with its socket.
const LIVE: &[Doing] = &[
    ("open", || lives(LiveAct::Open { path: String::new(), protocols: Vec::new() })),
    ("send", || lives(LiveAct::Send { bytes: Bytes::new() })),
    ("send_text", || lives(LiveAct::SendText { text: String::new() })),
    ("close", || lives(LiveAct::Close { code: None, reason: String::new() })),
    ("vanish", || lives(LiveAct::Vanish)),
    ("left_behind", || lives(LiveAct::LeftBehind)),
];

/// The close code of a connection that has done what it was opened for (RFC 6455, 7.4.1).
const NORMAL_CLOSURE: u16 = 1_000;

const fn acts(action: Action) -> Input {
    Input::Client { client: String::new(), action }
}

const fn what_happens(what: WhatIf) -> Input {
    let which = Chosen { way: Way::Up, packet: None, on_its_way: 0 };
    Input::WhatIf { client: String::new(), what, which }
}

const fn lives(act: LiveAct) -> Input {
    Input::Live { id: 0, act }
}

/// Whether two inputs do the same, to whomever and with whatever.
fn does_the_same(a: &Input, b: &Input) -> bool {
    match (a, b) {
        (Input::Client { action: a, .. }, Input::Repeat(b)) => discriminant(a) == discriminant(&b.action),
        (Input::Client { action: a, .. }, Input::Client { action: b, .. }) => {
            discriminant(a) == discriminant(b)
        }
        (Input::Broker(a), Input::Broker(b)) => discriminant(a) == discriminant(b),
        (Input::Live { act: a, .. }, Input::Live { act: b, .. }) => discriminant(a) == discriminant(b),
        (Input::WhatIf { what: a, .. }, Input::WhatIf { what: b, .. }) => discriminant(a) == discriminant(b),
        (a, b) => discriminant(a) == discriminant(b),
    }
}

/// Where an input stands, which decides what else can be said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    /// In a document, or at once.
    Step,
    /// In a journal, which has more to say than a document.
    Journal,
}

/// An input before anything is said of it.
pub(super) const fn blank_input() -> Input {
    acts(Action::Crash)
}

/// The same for a step.
pub(super) const fn blank_step() -> Step {
    Step::once(SimTime::ZERO, blank_input())
}

/// The same for an entry of a journal.
const fn blank_entry() -> Entry {
    Entry { steps: 0, at: SimTime::ZERO, input: blank_input(), along: false }
}

/// A step of a document.
pub(super) fn step(form: &mut Form<'_>, value: &mut Step) {
    form.object(value, |form, value| {
        input(form, &mut value.input, Where::Step, |form| {
            form.must("at").time(&mut value.at);
            let again = value.times != 1 || value.every != Span::ZERO;
            let mut every = again.then_some(value.every);
            let mut times = again.then_some(value.times);
            form.may("every").maybe(&mut every, Form::span);
            form.may("times").maybe(&mut times, |form, times| form.number(times, 0, 1..=MAX_TIMES));
            if every.is_some() != times.is_some() {
                form.wrong_object("`every` and `times` belong together: how long between, and how often");
            }
            (value.every, value.times) = (every.unwrap_or(Span::ZERO), times.unwrap_or(1));
        });
    });
}

/// What is done at once: a step without its time.
pub(super) fn at_once(form: &mut Form<'_>, value: &mut Input) {
    form.object(value, |form, value| {
        for name in ["at", "every", "times"] {
            if form.peek(name).is_some() {
                form.at_field(name).wrong("what is done at once has no time of its own");
            }
        }
        input(form, value, Where::Step, |_| {});
    });
}

/// The entries of a journal.
pub(super) fn journal(form: &mut Form<'_>, value: &mut Vec<Entry>) {
    form.list_of(value, blank_entry, |form, value| {
        form.object(value, |form, Entry { steps, at, input: value, along }| {
            input(form, value, Where::Journal, |form| {
                form.must("after").number(steps, 0, 0..=u64::MAX);
                form.must("at").time(at);
                form.may("along").switch(along, false);
            });
        });
    });
}

/// An input as part of an object, of which `when` goes over the fields that say when it is done.
fn input(form: &mut Form<'_>, value: &mut Input, place: Where, when: impl FnOnce(&mut Form<'_>)) {
    // Which fields there are depends on two of them; until those are known, no field is judged.
    if form.reads() {
        match said(form, place) {
            Some(blank) => *value = blank(),
            None => return,
        }
        if place == Where::Journal {
            again(form, value);
        }
    }
    let tables: &[_] = if place == Where::Journal { &[CLIENT, BROKER, RUN, LIVE] } else { &[CLIENT, BROKER] };
    let Some((name, _)) = tables.iter().copied().flatten().find(|(_, blank)| does_the_same(&blank(), value))
    else {
        return form.wrong_object("a scenario's steps cannot do this");
    };
    when(form);
    if matches!(value, Input::Broker(_)) {
        form.must("on").text(&mut "broker".to_owned());
    }
    form.must("do").text(&mut (*name).to_owned());
    fields(form, value, place);
}

/// What a client does later, or again and again, where the fields say so.
fn again(form: &mut Form<'_>, value: &mut Input) {
    let said = ["delay", "every", "times"].iter().any(|name| form.peek(name).is_some());
    if let (Input::Client { client, action }, true) = (&mut *value, said) {
        let (client, action) = (std::mem::take(client), std::mem::replace(action, Action::StopAcks));
        let (delay, every, times) = (Span::ZERO, Span::ZERO, 1);
        *value = Input::Repeat(Box::new(Repeat { client, action, delay, every, times }));
    }
}

/// What the fields that decide it say is done.
fn said(form: &mut Form<'_>, place: Where) -> Option<fn() -> Input> {
    let Some(node) = form.peek("do") else {
        form.wrong_object("the field `do` is missing: it says what happens");
        return None;
    };
    let to_client = "; that is for a client: write `client` in place of `on`";
    let to_broker = "; that is for the broker: write \"on\": \"broker\"";
    let (here, there, hint, who) = match form.peek("on").map(|on| &on.value) {
        Some(Json::Text(on)) if on == "broker" => (&[BROKER][..], CLIENT, to_client, "the broker"),
        Some(_) => {
            form.at_field("on").wrong("only \"broker\" belongs here; for a client, write `client`");
            return None;
        }
        None if place == Where::Step => (&[CLIENT][..], BROKER, to_broker, "a client"),
        None if form.peek("live").is_some() => (&[LIVE][..], BROKER, to_broker, "a live client"),
        None => (&[CLIENT, RUN][..], BROKER, to_broker, "a client"),
    };
    let mut name = String::new();
    form.at_field("do").text(&mut name);
    let Json::Text(_) = &node.value else { return None };
    let all = || here.iter().copied().flatten();
    if let Some((_, blank)) = all().find(|(known, _)| *known == name) {
        return Some(*blank);
    }
    let list: Vec<_> = all().map(|(known, _)| format!("`{known}`")).collect();
    let hint = if there.iter().any(|(known, _)| *known == name) {
        hint.to_owned()
    } else {
        did_you_mean(&name, all().map(|(known, _)| *known))
    };
    form.wrong(&format!(
        "`{}` is nothing that {who} can do{} It can {}",
        name.escape_debug(),
        ended(hint),
        list.join(", ")
    ));
    None
}

/// What else is said of an input.
fn fields(form: &mut Form<'_>, value: &mut Input, place: Where) {
    match value {
        Input::Client { client, action } => {
            form.must("client").text(client);
            action_fields(form, action, place);
        }
        Input::Repeat(repeat) => {
            form.may("delay").span(&mut repeat.delay);
            form.may("every").span(&mut repeat.every);
            form.may("times").number(&mut repeat.times, 0, 1..=MAX_REPEATS);
            form.must("client").text(&mut repeat.client);
            action_fields(form, &mut repeat.action, place);
        }
        Input::Stop { client, topic } => {
            form.must("client").text(client);
            form.may("topic").maybe(topic, Form::text);
        }
        Input::Cut { client } | Input::Restore { client } | Input::RemoveClient { client } => {
            form.must("client").text(client);
        }
        Input::Link { client, link: network } => {
            form.must("client").text(client);
            form.must("link").object(network, link);
        }
        Input::HalfOpen { client, way: dead } => {
            form.must("client").text(client);
            way(form.must("way"), dead);
        }
        Input::Stall { client, length } => {
            form.must("client").text(client);
            form.must("for").span(length);
            if !(Span::us(1)..=STALL_MAX).contains(length) {
                form.wrong(&format!(
                    "a stall lasts up to {STALL_MAX}; what is dead for longer is `half_open`"
                ));
            }
        }
        Input::WhatIf { client, what, which } => {
            form.must("client").text(client);
            what_if(form, what, which);
        }
        Input::AddClient(spec) => {
            form.must("client");
            client(form, spec);
        }
        Input::Broker(command) => command_fields(form, command),
        Input::Mark { title, text } => {
            form.must("title").text(title);
            form.may("text").text(text);
        }
        Input::Live { id, act } => {
            form.must("live").any32(id);
            live_fields(form, act);
        }
    }
}

/// Which way of a link.
fn way(form: &mut Form<'_>, value: &mut Way) {
    let ways = [Way::Up, Way::Down];
    let mut at = *value as usize;
    form.choice(&mut at, &ways.map(Way::name));
    *value = ways[at.min(1)];
}

/// What happens to which packet.
fn what_if(form: &mut Form<'_>, what: &mut WhatIf, which: &mut Chosen) {
    if *what == WhatIf::Forget {
        return;
    }
    way(form.must("way"), &mut which.way);
    let mut packet = which.packet.map(|packet| packet as usize - 1);
    form.may("packet").maybe(&mut packet, |form, packet| {
        let names: Vec<_> = (1..=15).filter_map(PacketType::from_number).map(PacketType::name).collect();
        form.choice(packet, &names);
    });
    which.packet = packet.and_then(|packet| PacketType::from_number(packet as u8 + 1));
    form.may("on_its_way").any32(&mut which.on_its_way);
    if let WhatIf::Corrupt { byte, bits } = what {
        form.may("byte").any32(byte);
        form.may("bits").number(bits, u8::MAX, 1..=u8::MAX);
    }
}

fn action_fields(form: &mut Form<'_>, action: &mut Action, place: Where) {
    match action {
        Action::Connect { options } => connect_fields(form, options, place),
        Action::Subscribe(request) => {
            form.must("filters").list_of(&mut request.filters, Default::default, filter);
            form.may("identifier").maybe(&mut request.identifier, |form, identifier| {
                form.number(identifier, 0, 1..=268_435_455);
            });
        }
        Action::Unsubscribe { filters } => form.must("filters").list_of(filters, String::new, Form::text),
        Action::Publish(publication) => message(form, publication, true),
        Action::Disconnect { code, session_expiry_s } => {
            form.may("code").number(code, 0, 0..=u8::MAX);
            form.may("session_expiry_s").maybe(session_expiry_s, Form::any32);
        }
        Action::Close { code } => form.may("code").number(code, NORMAL_CLOSURE, NORMAL_CLOSURE..=u16::MAX),
        Action::Send { bytes } => form.must("bytes").bytes(bytes),
        Action::Restart { keep_session } => form.may("keep_session").on(keep_session),
        Action::Reauthenticate | Action::Crash | Action::StopAcks | Action::ResumeAcks => {}
    }
}

/// What a client says from now on; a step leaves user name and password to the client, a journal has them beside it.
fn connect_fields(form: &mut Form<'_>, options: &mut Option<Box<ConnectOptions>>, place: Where) {
    let (mut username, mut password) = (None, None);
    if let Some(options) = options {
        (username, password) = (options.username.take(), options.password.take());
    }
    form.may("connect").maybe(options, |form, options| form.object(&mut **options, connect));
    if place == Where::Journal {
        form.may("username").maybe(&mut username, Form::text);
        form.may("password").maybe(&mut password, Form::bytes);
        if let Some(options) = options {
            (options.username, options.password) = (username, password);
        } else if username.is_some() || password.is_some() {
            form.wrong_object("`username` and `password` stand beside `connect`, which is missing");
        }
    }
}

fn command_fields(form: &mut Form<'_>, command: &mut Command) {
    match command {
        Command::Disconnect { client, clean_session, prevent_will } => {
            form.must("client").text(client);
            form.may("clean_session").on(clean_session);
            form.may("prevent_will").on(prevent_will);
        }
        Command::Publish { message: publish, principal } => {
            let mut said = Message::of(publish);
            message(form, &mut said, false);
            if form.reads() {
                **publish = said.to_publish();
            }
            form.may("principal").maybe(principal, Form::text);
        }
        Command::RetainedList(of) => page(form, of),
        Command::ConnectionRead { client } => form.must("client").text(client),
        Command::SubscriptionList { client, page: of } => {
            form.must("client").text(client);
            page(form, of);
        }
        Command::Restart { keep_store } => form.may("keep_store").switch(keep_store, true),
        Command::Set { key, value } => {
            form.must("key").text(key);
            form.must("value");
            setting(form, value);
        }
        Command::Policy { name, document: value, is_new } => {
            form.must("name").text(name);
            document(form.must("document"), value);
            form.may("new").on(is_new);
        }
        Command::RetainedRead { topic } | Command::RetainedDelete { topic } => form.must("topic").text(topic),
    }
}

/// Which part of a list.
fn page(form: &mut Form<'_>, value: &mut Page) {
    form.may("max_results").maybe(&mut value.max_results, |form, most| form.number(most, 0, 1..=200));
    form.may("next_token").maybe(&mut value.next_token, Form::text);
}

fn live_fields(form: &mut Form<'_>, act: &mut LiveAct) {
    match act {
        LiveAct::Open { path, protocols } => {
            form.must("path").text(path);
            form.may("protocols").list_of(protocols, String::new, Form::text);
        }
        LiveAct::Send { bytes } => form.must("bytes").bytes(bytes),
        LiveAct::SendText { text } => form.must("text").text(text),
        LiveAct::Close { code, reason } => {
            form.may("code").maybe(code, Form::any16);
            form.may("reason").text(reason);
        }
        LiveAct::Vanish | LiveAct::LeftBehind => {}
    }
}
