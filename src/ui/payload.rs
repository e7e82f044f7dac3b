//! A payload as text, as JSON set out and folded, or in hexadecimal; never as markup.

use super::text::payload as text;
use crate::json::{Json, parse, write_value};
use crate::picture::visible;
use crate::ui::field::use_value;
use yew::prelude::*;

/// How many bytes of a payload are shown.
const SHOWN: usize = 16 * 1024;
/// Lists and objects that lie deeper in each other are folded at first.
const OPEN: usize = 3;

/// What it is.
#[derive(Properties, PartialEq)]
pub(crate) struct PayloadProps {
    /// The payload.
    pub(crate) payload: bytes::Bytes,
}

/// The payload with its choice of forms.
#[component]
pub(crate) fn Payload(props: &PayloadProps) -> Html {
    let shown = &props.payload[..props.payload.len().min(SHOWN)];
    let left = props.payload.len() - shown.len();
    let text = match std::str::from_utf8(shown) {
        Ok(text) => Some(text),
        // A letter may be cut in two.
        Err(error) if left > 0 && error.error_len().is_none() => {
            std::str::from_utf8(&shown[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    };
    // What goes on is no whole document.
    let json = text.filter(|_| left == 0).and_then(structured);
    let form = use_value(|| "");
    let forms: Vec<&'static str> =
        [json.as_ref().map(|_| text::JSON), text.map(|_| text::TEXT), Some(text::HEX)]
            .into_iter()
            .flatten()
            .collect();
    let current = if forms.contains(&*form) { *form } else { forms.first().copied().unwrap_or(text::HEX) };
    let body = match (current, &json) {
        (text::JSON, Some(json)) => html! { <ul class="json">{ tree(None, json, 0) }</ul> },
        (text::TEXT, _) => visible(text.unwrap_or_default()).into(),
        _ => hex_lines(shown).into(),
    };
    html! {
        <div class="payload-view">
            <div class="row">
                <h3 class="grow">{ text::title(props.payload.len()) }</h3>
                { for forms.iter().map(|one| {
                    let (form, one) = (form.setter(), *one);
                    let onclick = Callback::from(move |_: MouseEvent| form.set(one));
                    let pressed = (one == current).to_string();
                    html! {
                        <button key={one} type="button" class="chip" aria-pressed={pressed} data-test={format!("payload-as-{one}")} {onclick}>
                            { one }
                        </button>
                    }
                }) }
            </div>
            // Scrolled by the keyboard too.
            <div class="payload-body mono" tabindex="0" role="group" aria-label={text::shown_as(current)} data-test="payload">{ body }</div>
            if left > 0 {
                <p class="soft" data-test="payload-more">{ text::more(left) }</p>
            }
        </div>
    }
}

/// A list or an object of JSON; `None` where it is none, or a bare number or word, which is as well shown as text.
fn structured(text: &str) -> Option<Json> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    Some(parse(text).ok()?.value)
}

/// A value, a line for each of its members, under what folds it.
fn tree(key: Option<&str>, value: &Json, depth: usize) -> Html {
    let (ends, members): (&str, Vec<(Option<&str>, &Json)>) = match value {
        Json::List(items) => ("[]", items.iter().map(|node| (None, &node.value)).collect()),
        Json::Object(entries) => {
            ("{}", entries.iter().map(|entry| (Some(entry.key.as_str()), &entry.node.value)).collect())
        }
        _ => ("", Vec::new()),
    };
    let key = key.map(|key| html! { <span class="json-key">{ format!("{key}: ") }</span> });
    if members.is_empty() {
        let mut text = String::new();
        write_value(&mut text, value, None);
        return html! { <li>{ for key }{ text }</li> };
    }
    let (open, close) = ends.split_at(1);
    html! {
        <li>
            <details open={depth < OPEN}>
                <summary>{ for key }{ open }<span class="json-count">{ format!("{} {close}", members.len()) }</span></summary>
                <ul>{ for members.into_iter().map(|(key, value)| tree(key, value, depth + 1)) }</ul>
            </details>
        </li>
    }
}

/// Sixteen bytes a line, with the text that they might be.
fn hex_lines(bytes: &[u8]) -> String {
    let mut lines = String::new();
    for (i, line) in bytes.chunks(16).enumerate() {
        lines.push_str(&format!("{:04x}  ", i * 16));
        for at in 0..16 {
            match line.get(at) {
                Some(byte) => lines.push_str(&format!("{byte:02x} ")),
                None => lines.push_str("   "),
            }
        }
        lines.push(' ');
        lines.extend(
            line.iter()
                .map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { *byte as char } else { '.' }),
        );
        lines.push('\n');
    }
    lines
}
