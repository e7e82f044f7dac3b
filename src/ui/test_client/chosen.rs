//! The chosen message, where the client received it: what came with it, and its payload.

use super::column::is_received;
use crate::picture::clock;
use crate::ui::lab::Lab;
use crate::ui::payload::Payload;
use crate::ui::text::test_client as text;
use crate::ui::words;
use crate::wire::{Packet, Property, PropertyValue};
use yew::prelude::*;

/// What is shown under the columns.
pub(super) fn chosen(lab: &Lab, identifier: &str) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let event = lab.screen().selected.and_then(|seq| run.trace().get(seq));
    let Some(event) = event.filter(|event| is_received(event, identifier)) else { return html! {} };
    let Some(Ok(Packet::Publish(publish))) = event.decode() else { return html! {} };
    html! {
        <div class="test-chosen" tabindex="0" role="group" aria-label={text::CHOSEN} data-test="test-message">
            <div class="row">
                <strong class="grow mono break">{ publish.topic.as_str().to_owned() }</strong>
                <span class="faint number">{ clock(event.at()) }</span>
            </div>
            if !publish.properties.is_empty() {
                <dl class="facts">
                    { for publish.properties.iter().enumerate().map(|(i, property)| html! {
                        <div key={i}><dt>{ name(property) }</dt><dd class="break">{ value(property) }</dd></div>
                    }) }
                </dl>
            }
            <Payload key={event.seq()} payload={publish.payload.clone()} />
        </div>
    }
}

/// The standard's name, or what a User Property is called.
fn name(property: &Property) -> String {
    match property.value() {
        PropertyValue::Utf8StringPair(name, _) => name.as_str().to_owned(),
        _ => property.name().to_owned(),
    }
}

fn value(property: &Property) -> String {
    match property.value() {
        PropertyValue::Byte(number) => number.to_string(),
        PropertyValue::TwoByteInteger(number) => number.to_string(),
        PropertyValue::FourByteInteger(number) | PropertyValue::VariableByteInteger(number) => {
            number.to_string()
        }
        PropertyValue::BinaryData(bytes) => words::preview(bytes),
        PropertyValue::Utf8String(text) | PropertyValue::Utf8StringPair(_, text) => text.as_str().to_owned(),
    }
}
