//! What-ifs: one packet is dropped, doubled, swapped or changed.

use super::button;
use crate::sim::{Chosen, Input, OnItsWay, Way, WhatIf};
use crate::ui::field::{TextField, number, set, use_value};
use crate::ui::lab::{Lab, Rate, use_lab};
use crate::ui::text::faults as text;
use crate::wire::PacketType;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What each side sends.
const UP: &[PacketType] = &[
    PacketType::Publish,
    PacketType::Puback,
    PacketType::Pubrec,
    PacketType::Pubrel,
    PacketType::Pubcomp,
    PacketType::Connect,
    PacketType::Subscribe,
    PacketType::Unsubscribe,
    PacketType::Pingreq,
    PacketType::Disconnect,
];
const DOWN: &[PacketType] = &[
    PacketType::Publish,
    PacketType::Puback,
    PacketType::Pubrec,
    PacketType::Pubrel,
    PacketType::Pubcomp,
    PacketType::Connack,
    PacketType::Suback,
    PacketType::Unsuback,
    PacketType::Pingresp,
    PacketType::Disconnect,
];
/// The most packets on their way that are listed.
const LISTED: usize = 50;

/// The packet that is meant.
#[derive(Clone, Copy, PartialEq)]
enum Picked {
    /// The one on its way that this event sent.
    Event(u32),
    /// The next one of its type.
    Next(usize),
}

#[derive(Properties, PartialEq)]
pub(super) struct PacketProps {
    pub(super) lab: Lab,
    pub(super) client: String,
    /// The event that sent the packet which is meant at first.
    pub(super) packet: Option<u32>,
}

/// The packets that are sent some time, those to the broker first.
fn nexts() -> Vec<Chosen> {
    let of = |way, packets: &'static [PacketType]| {
        packets.iter().map(move |packet| Chosen { way, packet: Some(*packet), on_its_way: 0 })
    };
    of(Way::Up, UP).chain(of(Way::Down, DOWN)).collect()
}

fn name(chosen: Chosen) -> (&'static str, &'static str) {
    (chosen.packet.map_or("", PacketType::name), text::WAYS[chosen.way as usize & 1])
}

/// What forgets the what-ifs that wait.
pub(super) fn forgets(client: &str) -> Input {
    let which = Chosen { way: Way::Up, packet: None, on_its_way: 0 };
    Input::WhatIf { client: client.to_owned(), what: WhatIf::Forget, which }
}

/// The group.
#[component]
pub(super) fn PacketFaults(props: &PacketProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let picked = use_state_eq(|| props.packet.map_or(Picked::Next(0), Picked::Event));
    let byte = use_value(|| "0".to_owned());
    let bits = use_value(|| "FF".to_owned());
    let moving: Vec<OnItsWay> = lab.engine().run().world().on_its_way(&props.client);
    let nexts = nexts();
    let chosen = match *picked {
        Picked::Event(event) => moving.iter().find(|one| one.event == event).map(|one| one.chosen),
        Picked::Next(at) => nexts.get(at).copied(),
    };
    let mut listed: Vec<OnItsWay> = moving;
    listed.truncate(LISTED);
    let onchange = {
        let picked = picked.setter();
        Callback::from(move |event: Event| {
            let value =
                event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default();
            let (kind, number) = value.split_at(value.len().min(1));
            if let Ok(number) = number.parse::<u32>() {
                picked.set(if kind == "e" { Picked::Event(number) } else { Picked::Next(number as usize) });
            }
        })
    };
    let bits_said = u8::from_str_radix(bits.trim(), 16).ok().filter(|bits| *bits > 0);
    let byte_said = number(&byte, u64::from(u32::MAX)).ok().map(|byte| byte.unwrap_or(0) as u32);
    let happens = |what: WhatIf| {
        let (lab, client) = (lab.clone(), props.client.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(which) = chosen {
                lab.input([Input::WhatIf { client: client.clone(), what, which }]);
            }
        })
    };
    html! {
        <>
            <label class="field">
                <span>{ text::WHICH }</span>
                <select data-test="what-if-packet" {onchange}>
                    if chosen.is_none() {
                        <option selected=true disabled=true>{ text::ARRIVED }</option>
                    }
                    if !listed.is_empty() {
                        <optgroup label={text::ON_ITS_WAY}>
                            { for listed.iter().map(|one| {
                                let (packet, way) = name(one.chosen);
                                html! {
                                    <option key={one.event} value={format!("e{}", one.event)} selected={*picked == Picked::Event(one.event)}>
                                        { text::on_its_way(packet, way, one.event) }
                                    </option>
                                }
                            }) }
                        </optgroup>
                    }
                    <optgroup label={text::NEXT}>
                        { for nexts.iter().enumerate().map(|(at, one)| {
                            let (packet, way) = name(*one);
                            html! {
                                <option value={format!("n{at}")} selected={*picked == Picked::Next(at)}>{ text::next(packet, way) }</option>
                            }
                        }) }
                    </optgroup>
                </select>
            </label>
            <div class="row">
                { button(text::DROP, "what-if-drop", happens(WhatIf::Drop)) }
                { button(text::DUPLICATE, "what-if-duplicate", happens(WhatIf::Duplicate)) }
                { button(text::REORDER, "what-if-reorder", happens(WhatIf::Reorder)) }
            </div>
            <div class="fault-row">
                { TextField::new(text::BYTE, &byte, set(&byte)).number(u64::from(u32::MAX)).html("what-if-byte") }
                { TextField::new(text::BITS, &bits, set(&bits))
                    .error(bits_said.is_none().then(|| text::BITS_ALLOWED.to_owned())).html("what-if-bits") }
                if let (Some(bits), Some(byte)) = (bits_said, byte_said) {
                    { button(text::CORRUPT, "what-if-corrupt", happens(WhatIf::Corrupt { byte, bits })) }
                }
            </div>
        </>
    }
}
