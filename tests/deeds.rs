//! What was done by hand is told in words: every kind of input has its own.

#![cfg(not(target_arch = "wasm32"))]
#![allow(unreachable_pub)]

pub use glassbroker::{broker, client, sim, wire};

// The page's words are compiled for wasm32 only; these need nothing of the page.
#[path = "../src/ui/text/deeds.rs"]
mod deeds;

use broker::Command;
use client::{Action, ConnectOptions, FilterRequest, Message, SubscribeRequest};
use deeds::deed;
use glassbroker::time::Span;
use sim::{Chosen, ClientSpec, Input, LinkSpec, Repeat, Way, WhatIf};
use std::collections::BTreeSet;

fn lamp() -> String {
    "lamp".to_owned()
}

fn of(action: Action) -> Input {
    Input::Client { client: lamp(), action }
}

fn message() -> Message {
    Message { topic: "lamps/1".to_owned(), ..Message::default() }
}

fn again(times: u64, action: Action) -> Input {
    Input::Repeat(Box::new(Repeat { client: lamp(), action, delay: Span::s(1), every: Span::s(1), times }))
}

fn what_if(what: WhatIf, packet: Option<wire::PacketType>) -> Input {
    let which = Chosen { way: Way::Up, packet, on_its_way: 0 };
    Input::WhatIf { client: lamp(), what, which }
}

#[test]
fn each_input_is_told_in_its_own_words() {
    let filter = FilterRequest { filter: "a/#".to_owned(), ..FilterRequest::default() };
    let subscribe = SubscribeRequest { filters: vec![filter], identifier: None };
    let told = [
        (of(Action::Connect { options: Some(Box::<ConnectOptions>::default()) }), "lamp connected"),
        (of(Action::Subscribe(subscribe)), "lamp subscribed to a/#"),
        (of(Action::Unsubscribe { filters: vec!["a/#".to_owned()] }), "lamp unsubscribed from a/#"),
        (of(Action::Publish(message())), "lamp published to lamps/1"),
        (of(Action::Disconnect { code: 0, session_expiry_s: None }), "lamp disconnected"),
        (of(Action::Close { code: 1000 }), "lamp closed its socket"),
        (of(Action::Reauthenticate), "lamp authenticated again"),
        (of(Action::Crash), "lamp lost power"),
        (of(Action::Restart { keep_session: true }), "lamp restarted with its session"),
        (of(Action::Restart { keep_session: false }), "lamp restarted"),
        (of(Action::StopAcks), "lamp stopped acknowledging"),
        (of(Action::ResumeAcks), "lamp acknowledged again"),
        (of(Action::Send { bytes: vec![0].into() }), "lamp sent bytes"),
        (again(1, Action::Publish(message())), "lamp was to publish later to lamps/1"),
        (again(9, Action::Publish(message())), "lamp was to publish again and again to lamps/1"),
        (
            Input::Stop { client: lamp(), topic: Some("lamps/1".to_owned()) },
            "lamp stopped publishing to lamps/1",
        ),
        (Input::Stop { client: lamp(), topic: None }, "lamp stopped what it does again and again"),
        (Input::Cut { client: lamp() }, "lamp was cut off"),
        (Input::HalfOpen { client: lamp(), way: Way::Up }, "lamp had its link half-open to the broker"),
        (Input::HalfOpen { client: lamp(), way: Way::Down }, "lamp had its link half-open to the client"),
        (Input::Stall { client: lamp(), length: Span::s(1) }, "lamp had its link stalled"),
        (what_if(WhatIf::Drop, None), "lamp got a what-if that drops a packet"),
        (
            what_if(WhatIf::Duplicate, Some(wire::PacketType::Puback)),
            "lamp got a what-if that doubles PUBACK",
        ),
        (what_if(WhatIf::Reorder, None), "lamp got a what-if that swaps a packet"),
        (what_if(WhatIf::Corrupt { byte: 0, bits: 1 }, None), "lamp got a what-if that corrupts a packet"),
        (what_if(WhatIf::Forget, None), "lamp had its what-ifs forgotten"),
        (Input::Restore { client: lamp() }, "lamp was back on the network"),
        (Input::Link { client: lamp(), link: LinkSpec::default() }, "lamp got another link"),
        (Input::RemoveClient { client: lamp() }, "lamp was removed"),
        (Input::Broker(Command::disconnect(lamp())), "lamp was disconnected by the broker"),
        (
            Input::Broker(Command::RetainedDelete { topic: "a".to_owned() }),
            "deleted the retained message of a",
        ),
        (Input::Broker(Command::Restart { keep_store: true }), "the broker restarted"),
        (Input::Mark { title: "here".to_owned(), text: String::new() }, "marked the moment here"),
    ];
    let mut all = BTreeSet::new();
    for (input, words) in told {
        assert_eq!(deed(&input), words);
        assert!(all.insert(words), "{words}: twice");
    }
    let mut spec = ClientSpec::default();
    spec.client.id = lamp();
    assert_eq!(deed(&Input::AddClient(Box::new(spec))), "lamp was added");
}

/// The compiler asks for words for every kind of input, action, command and what-if as long as none is left to a rest.
#[test]
fn no_kind_is_left_to_a_rest() {
    let source = include_str!("../src/ui/text/deeds.rs");
    let rests: Vec<&str> =
        source.lines().map(str::trim_start).filter(|line| line.starts_with("_ =>")).collect();
    assert_eq!(rests, ["_ => (\"was to do something again and again\", \"\"),"]);
}
