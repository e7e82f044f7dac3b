//! What the client last asked for, and what became of that.

use crate::broker::{By, Kind};
use crate::picture::clock;
use crate::trace::{EventRef, Trace};
use crate::ui::lab::Lab;
use crate::ui::text::test_client as text;
use crate::ui::{timeline, words};
use crate::wire::PacketType;
use yew::prelude::*;

/// Whether an event of the client is something asked for, or may answer it.
pub(super) fn is_said(event: &EventRef<'_>) -> bool {
    is_asked(event) || is_answer(event)
}

fn is_asked(event: &EventRef<'_>) -> bool {
    match event.kind() {
        Kind::PacketSent if event.by() == By::Client => matches!(
            event.packet_type(),
            Some(PacketType::Connect | PacketType::Publish | PacketType::Subscribe | PacketType::Unsubscribe)
        ),
        // A publication that was not sent, or not yet; and what makes no sense as things are.
        Kind::MessageDropped | Kind::MessageQueued => event.by() == By::Client,
        Kind::Decision => event.by() == By::Client && event.topic() == "ignored",
        _ => false,
    }
}

fn is_answer(event: &EventRef<'_>) -> bool {
    match event.kind() {
        Kind::PacketReceived if event.by() == By::Client => {
            !matches!(event.packet_type(), Some(PacketType::Publish | PacketType::Pingresp))
        }
        Kind::SocketClosed | Kind::SocketRefused => true,
        _ => false,
    }
}

/// The last thing that was asked for among the events of [`is_said`], and its answer, each a way to its event.
pub(super) fn answer(lab: &Lab, trace: &Trace, said: &[u32]) -> Html {
    let events = || said.iter().rev().filter_map(|seq| trace.get(*seq));
    let Some(asked) = events().find(is_asked) else { return html! {} };
    let answered = events().take_while(|event| event.seq() > asked.seq()).find(|event| {
        is_answer(event) && trace.cause_chain(event.seq()).iter().any(|cause| cause.seq() == asked.seq())
    });
    let (class, text, seq) = match (&answered, asked.kind()) {
        (Some(event), _) if is_bad(event) => ("error", words::what(event), event.seq()),
        (Some(event), _) => ("good", words::what(event), event.seq()),
        (None, Kind::MessageDropped) => ("error", text::not_sent(asked.why()), asked.seq()),
        (None, Kind::Decision) => ("error", text::not_done(asked.why()), asked.seq()),
        (None, Kind::MessageQueued) => ("warn", text::held_back(asked.why()), asked.seq()),
        (None, _) if asked.packet_type() == Some(PacketType::Publish) && asked.qos() == Some(0) => {
            ("soft", text::NO_ANSWER.to_owned(), asked.seq())
        }
        (None, _) => ("soft", text::UNANSWERED.to_owned(), asked.seq()),
    };
    let way = |seq: u32, text: String| {
        let onclick = timeline::selects(lab, seq);
        html! { <button type="button" class="link break" {onclick}>{ text }</button> }
    };
    let what = if asked.packet().is_some() { words::packet(&asked) } else { text::publish(asked.topic()) };
    let what = if asked.kind() == Kind::Decision { text::REQUEST.to_owned() } else { what };
    html! {
        <p class="test-answer" role="status" data-test="test-answer">
            <span class="faint number">{ clock(asked.at()) }</span>{ " " }{ way(asked.seq(), what) }{ ": " }
            <span class={class}>{ way(seq, text) }</span>
        </p>
    }
}

/// Whether an answer says that something failed.
fn is_bad(event: &EventRef<'_>) -> bool {
    use crate::wire::Packet;
    match event.decode() {
        Some(Ok(Packet::Suback(suback))) => suback.codes.iter().any(|code| code.is_failure()),
        Some(Ok(Packet::Connack(connack))) => !connack.is_accepted(),
        Some(Ok(Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubcomp(ack))) => ack.code.is_failure(),
        Some(Ok(Packet::Unsuback(_))) => false,
        // The end of the connection.
        _ => true,
    }
}
