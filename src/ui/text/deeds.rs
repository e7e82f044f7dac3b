//! What was done by hand, in words. Every kind of input has its own: none is told by the name that events give it.

use crate::broker::Command;
use crate::client::Action;
use crate::sim::{Input, Repeat, Way, WhatIf};
use crate::wire::PacketType;

/// One input, such as `lamp published to lamps/1`: the client that it is about, what became of it, and to what.
pub(crate) fn deed(input: &Input) -> String {
    let (client, ..) = input.told();
    let (verb, about) = match input {
        Input::Client { action, .. } => acted(action),
        Input::Repeat(repeat) => repeated(repeat),
        Input::Stop { topic: Some(topic), .. } => ("stopped publishing to", topic.as_str()),
        Input::Stop { topic: None, .. } => ("stopped what it does again and again", ""),
        Input::Cut { .. } => ("was cut off", ""),
        Input::HalfOpen { way: Way::Up, .. } => ("had its link half-open to the broker", ""),
        Input::HalfOpen { way: Way::Down, .. } => ("had its link half-open to the client", ""),
        Input::Stall { .. } => ("had its link stalled", ""),
        Input::WhatIf { what, which, .. } => what_if(*what, which.packet),
        Input::Restore { .. } => ("was back on the network", ""),
        Input::Link { .. } => ("got another link", ""),
        Input::AddClient(_) => ("was added", ""),
        Input::RemoveClient { .. } => ("was removed", ""),
        Input::Broker(command) => commanded(command),
        Input::Mark { title, .. } => ("marked the moment", title.as_str()),
        Input::Live { .. } => ("a live client did something", ""),
    };
    let words = [client, verb, about];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn acted(action: &Action) -> (&'static str, &str) {
    match action {
        Action::Connect { .. } => ("connected", ""),
        Action::Subscribe(request) => {
            ("subscribed to", request.filters.first().map_or("", |one| one.filter.as_str()))
        }
        Action::Unsubscribe { filters } => ("unsubscribed from", filters.first().map_or("", String::as_str)),
        Action::Publish(message) => ("published to", &message.topic),
        Action::Disconnect { .. } => ("disconnected", ""),
        Action::Close { .. } => ("closed its socket", ""),
        Action::Reauthenticate => ("authenticated again", ""),
        Action::Crash => ("lost power", ""),
        Action::Restart { keep_session: true } => ("restarted with its session", ""),
        Action::Restart { keep_session: false } => ("restarted", ""),
        Action::StopAcks => ("stopped acknowledging", ""),
        Action::ResumeAcks => ("acknowledged again", ""),
        Action::Send { .. } => ("sent bytes", ""),
    }
}

fn repeated(repeat: &Repeat) -> (&'static str, &str) {
    match (&repeat.action, repeat.times) {
        (Action::Publish(message), 1) => ("was to publish later to", &message.topic),
        (Action::Publish(message), _) => ("was to publish again and again to", &message.topic),
        (_, 1) => ("was to do something later", ""),
        _ => ("was to do something again and again", ""),
    }
}

fn what_if(what: WhatIf, packet: Option<PacketType>) -> (&'static str, &'static str) {
    let packet = packet.map_or("a packet", PacketType::name);
    match what {
        WhatIf::Drop => ("got a what-if that drops", packet),
        WhatIf::Duplicate => ("got a what-if that doubles", packet),
        WhatIf::Reorder => ("got a what-if that swaps", packet),
        WhatIf::Corrupt { .. } => ("got a what-if that corrupts", packet),
        WhatIf::Forget => ("had its what-ifs forgotten", ""),
    }
}

fn commanded(command: &Command) -> (&'static str, &str) {
    match command {
        Command::Disconnect { .. } => ("was disconnected by the broker", ""),
        Command::Publish { message, .. } => ("published over HTTP to", message.topic.as_str()),
        Command::RetainedList(_) => ("listed the retained messages", ""),
        Command::RetainedRead { topic } => ("read the retained message of", topic),
        Command::RetainedDelete { topic } => ("deleted the retained message of", topic),
        Command::ConnectionRead { .. } => ("had its connection looked at", ""),
        Command::SubscriptionList { .. } => ("had its subscriptions listed", ""),
        Command::Set { key, .. } => ("changed the setting", key),
        Command::Policy { name, .. } => ("changed the policy", name),
        Command::Restart { .. } => ("the broker restarted", ""),
    }
}
