//! A packet's bytes in hexadecimal beside its fields: one lights the other.

use crate::rules::standard;
use crate::ui::field::use_value;
use crate::wire::{Field, Version, field_map, version_of};
use std::rc::Rc;
use yew::prelude::*;

/// How many bytes are shown; a long payload's rest is not.
const SHOWN: usize = 512;

/// A packet.
#[derive(Properties, PartialEq)]
pub(crate) struct BytesProps {
    /// Its bytes.
    pub(crate) bytes: bytes::Bytes,
    /// The version to read them in.
    pub(crate) version: Version,
}

/// The hex dump and the table of fields.
#[component]
pub(crate) fn Bytes(props: &BytesProps) -> Html {
    let fields: Rc<Vec<Field>> =
        use_memo((props.bytes.clone(), props.version), |(bytes, version)| field_map(bytes, *version));
    let (standard, clause) = match version_of(&props.bytes, props.version) {
        Version::V3 => (standard(Version::V3), "Clause of MQTT 3.1.1"),
        Version::V5 => (standard(Version::V5), "Clause of MQTT 5.0"),
    };
    let lit = use_value(|| None::<usize>);
    let light = |field: Option<usize>| {
        let lit = lit.setter();
        move || lit.set(field)
    };
    let of_byte = |at: usize| fields.iter().position(|field| (field.start..field.end).contains(&at));
    let shown = &props.bytes[..props.bytes.len().min(SHOWN)];
    let clear = {
        let clear = light(None);
        Callback::from(move |_: PointerEvent| clear())
    };
    html! {
        <div class="bytes">
            <h3>{ format!("Bytes ({})", props.bytes.len()) }</h3>
            <div class="hex mono" data-test="hex" onpointerleave={clear}>
                { for shown.iter().enumerate().map(|(at, byte)| {
                    let field = of_byte(at);
                    let class = classes!(
                        "byte",
                        field.map(|field| if field % 2 == 0 { "even" } else { "odd" }),
                        (field.is_some() && field == *lit).then_some("lit")
                    );
                    let light = light(field);
                    let onpointerenter = Callback::from(move |_: PointerEvent| light());
                    html! { <span key={at} {class} {onpointerenter}>{ format!("{byte:02X}") }</span> }
                }) }
                if props.bytes.len() > SHOWN {
                    <span key="more" class="faint">{ format!(" and {} more", props.bytes.len() - SHOWN) }</span>
                }
            </div>
            <table class="fields" data-test="fields">
                <thead><tr><th scope="col">{ "Field" }</th><th scope="col">{ "Value" }</th><th scope="col">{ clause }</th></tr></thead>
                <tbody>
                    { for fields.iter().enumerate().map(|(i, field)| {
                        let (enter, focus) = (light(Some(i)), light(Some(i)));
                        let (leave, blur) = (light(None), light(None));
                        html! {
                            <tr key={i} tabindex="0" class={(*lit == Some(i)).then_some("lit")} data-test="field" data-field={field.name}
                                onpointerenter={Callback::from(move |_: PointerEvent| enter())}
                                onpointerleave={Callback::from(move |_: PointerEvent| leave())}
                                onfocus={Callback::from(move |_: FocusEvent| focus())}
                                onblur={Callback::from(move |_: FocusEvent| blur())}>
                                <th scope="row">{ field.name }<span class="faint number">{ place(field) }</span></th>
                                <td class="break"><span class="mono">{ field.value.clone() }</span>
                                    <span class="meaning">{ field.meaning.clone() }</span></td>
                                <td class="clause"><a href={standard.address} target="_blank" rel="noopener noreferrer"
                                    title={format!("{}: {}", standard.title, field.clause)}>{ field.clause }</a></td>
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
        </div>
    }
}

/// Which bytes a field has, as `2` or `4–7`.
fn place(field: &Field) -> String {
    match field.end.saturating_sub(field.start) {
        0 => String::new(),
        1 => format!(" {}", field.start),
        _ => format!(" {}–{}", field.start, field.end - 1),
    }
}
