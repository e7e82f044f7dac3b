//! Bytes that a client sends as they are, with what they decode to.

use crate::client::Action;
use crate::sim::Input;
use crate::ui::field::{Lines, set, use_value};
use crate::ui::form::bytes_of_hex;
use crate::ui::inspector::Bytes;
use crate::ui::lab::Lab;
use crate::ui::text::faults as text;
use crate::wire::{Splitter, Version, decode};
use yew::prelude::*;

/// Who sends, and what it speaks.
#[derive(Properties, PartialEq)]
pub(super) struct HexProps {
    pub(super) lab: Lab,
    pub(super) client: String,
    pub(super) version: Version,
}

/// What the bytes are, in a sentence.
fn judged(bytes: &bytes::Bytes, version: Version) -> String {
    let mut splitter = Splitter::new(u32::MAX);
    splitter.speak(version);
    splitter.push(bytes.clone());
    let first = match splitter.next() {
        Ok(Some(first)) => first,
        // Less than a packet, or no beginning of one.
        _ => bytes.clone(),
    };
    match decode(&first, version) {
        Ok(_) if first.len() == bytes.len() => text::HEX_GOOD.to_owned(),
        Ok(_) => text::HEX_REST.to_owned(),
        Err(malformed) => text::malformed(malformed.offset, malformed.what),
    }
}

/// The form.
#[component]
pub(super) fn SendHex(props: &HexProps) -> Html {
    let typed = use_value(|| "C0 00".to_owned());
    let bytes = bytes_of_hex(&typed);
    let onsubmit = {
        let (lab, client, bytes) = (props.lab.clone(), props.client.clone(), bytes.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Ok(bytes) = bytes.clone() {
                lab.input([Input::Client { client: client.clone(), action: Action::Send { bytes } }]);
            }
        })
    };
    let shown = bytes.clone().ok().filter(|bytes| !bytes.is_empty());
    html! {
        <form class="fault-hex" {onsubmit}>
            { Lines { label: text::HEX, value: &typed, rows: 2, error: bytes.clone().err() }.html("hex-typed", &set(&typed)) }
            if let Some(bytes) = shown.clone() {
                <p class="soft" data-test="hex-judged">{ judged(&bytes, props.version) }</p>
                <Bytes {bytes} version={props.version} />
            }
            <div class="row">
                <button type="submit" title={text::SEND.1} disabled={shown.is_none()} data-test="send-hex">{ text::SEND.0 }</button>
            </div>
        </form>
    }
}
