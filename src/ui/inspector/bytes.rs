//! A packet's bytes in hexadecimal beside its fields: one lights the other, by pointing, by touch and by keys.

use crate::rules::standard;
use crate::ui::field::use_value;
use crate::ui::text::inspector as text;
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

/// The lit field: while one points at it, and the one that was chosen, which stays.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Lit {
    pointed: Option<usize>,
    chosen: Option<usize>,
}

/// The hex dump and the table of fields.
#[component]
pub(crate) fn Bytes(props: &BytesProps) -> Html {
    let fields: Rc<Vec<Field>> =
        use_memo((props.bytes.clone(), props.version), |(bytes, version)| field_map(bytes, *version));
    let (standard, clause) = match version_of(&props.bytes, props.version) {
        Version::V3 => (standard(Version::V3), text::CLAUSE_3),
        Version::V5 => (standard(Version::V5), text::CLAUSE_5),
    };
    let lit = use_value(Lit::default);
    let now = lit.pointed.or(lit.chosen);
    let point = |field: Option<usize>| {
        let (lit, chosen) = (lit.setter(), lit.chosen);
        Callback::from(move |_: PointerEvent| lit.set(Lit { pointed: field, chosen }))
    };
    let choose = |field: Option<usize>| {
        let lit = lit.setter();
        move || lit.set(Lit { pointed: None, chosen: field })
    };
    let onkeydown = {
        let (setter, last) = (lit.setter(), fields.len().saturating_sub(1));
        Callback::from(move |event: KeyboardEvent| {
            let chosen = match (event.key().as_str(), now) {
                ("ArrowRight", None) | ("Home", _) => Some(0),
                ("ArrowRight", Some(field)) => Some((field + 1).min(last)),
                ("ArrowLeft", Some(field)) => Some(field.saturating_sub(1)),
                ("ArrowLeft", None) | ("End", _) => Some(last),
                ("Escape", Some(_)) => None,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            setter.set(Lit { pointed: None, chosen });
        })
    };
    let of_byte = |at: usize| fields.iter().position(|field| (field.start..field.end).contains(&at));
    let shown = &props.bytes[..props.bytes.len().min(SHOWN)];
    html! {
        <div class="bytes">
            <h3>{ text::bytes(props.bytes.len()) }</h3>
            <div class="hex mono" data-test="hex" tabindex="0" role="group" aria-label={text::HEX} onpointerleave={point(None)} {onkeydown}>
                { for shown.iter().enumerate().map(|(at, byte)| {
                    let field = of_byte(at);
                    let class = classes!(
                        "byte",
                        field.map(|field| if field % 2 == 0 { "even" } else { "odd" }),
                        (field.is_some() && field == now).then_some("lit")
                    );
                    let choose = choose(field);
                    html! {
                        <span key={at} {class} onpointerenter={point(field)} onclick={Callback::from(move |_: MouseEvent| choose())}>
                            { format!("{byte:02X}") }
                        </span>
                    }
                }) }
                if props.bytes.len() > SHOWN {
                    <span key="more" class="faint">{ text::more_bytes(props.bytes.len() - SHOWN) }</span>
                }
            </div>
            <p class="lit-field break" role="status" data-test="lit-field">{ match now.and_then(|lit| fields.get(lit)) {
                Some(field) => html! {
                    <>
                        <span class="faint number">{ span_of(field) }</span>{ " " }<strong>{ field.name }</strong>{ " " }
                        <span class="mono">{ field.value.clone() }</span>{ " " }{ field.meaning.clone() }
                        <span class="faint">{ format!(" ({})", field.clause) }</span>
                    </>
                },
                None => html! { <span class="faint">{ text::HINT }</span> },
            } }</p>
            <table class="fields" data-test="fields">
                <thead><tr><th scope="col">{ text::FIELD }</th><th scope="col">{ text::VALUE }</th><th scope="col">{ clause }</th></tr></thead>
                <tbody>
                    { for fields.iter().enumerate().map(|(i, field)| {
                        let (click, focus) = (choose(Some(i)), choose(Some(i)));
                        html! {
                            <tr key={i} tabindex="0" class={(now == Some(i)).then_some("lit")} data-test="field" data-field={field.name}
                                onpointerenter={point(Some(i))} onpointerleave={point(None)}
                                onclick={Callback::from(move |_: MouseEvent| click())}
                                onfocus={Callback::from(move |_: FocusEvent| focus())}>
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

/// Which bytes a field has, in words.
fn span_of(field: &Field) -> String {
    text::at_bytes(field.start, field.end.saturating_sub(1).max(field.start))
}

/// Which bytes a field has, as `2` or `4–7`.
fn place(field: &Field) -> String {
    match field.end.saturating_sub(field.start) {
        0 => String::new(),
        1 => format!(" {}", field.start),
        _ => format!(" {}–{}", field.start, field.end - 1),
    }
}
