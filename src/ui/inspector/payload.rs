//! A payload as text, as JSON set out in lines, or in hexadecimal; never as markup.

use crate::json::{parse, write_value};
use yew::prelude::*;

/// How many bytes of a payload are shown.
const SHOWN: usize = 16 * 1024;

/// What it is.
#[derive(Properties, PartialEq)]
pub(super) struct PayloadProps {
    /// The payload.
    pub(super) payload: bytes::Bytes,
}

/// The payload with its choice of forms.
#[component]
pub(super) fn Payload(props: &PayloadProps) -> Html {
    let shown = &props.payload[..props.payload.len().min(SHOWN)];
    let text = std::str::from_utf8(shown).ok();
    let json = text.and_then(json_lines);
    let form = use_state_eq(|| "");
    let forms: Vec<&'static str> =
        [json.as_ref().map(|_| "JSON"), text.map(|_| "Text"), Some("Hex")].into_iter().flatten().collect();
    let current = if forms.contains(&*form) { *form } else { forms.first().copied().unwrap_or("Hex") };
    let body = match current {
        "JSON" => json.unwrap_or_default(),
        "Text" => text.unwrap_or_default().to_owned(),
        _ => hex_lines(shown),
    };
    html! {
        <div class="payload-view">
            <div class="row">
                <h3 class="grow">{ format!("Payload ({} bytes)", props.payload.len()) }</h3>
                { for forms.iter().map(|one| {
                    let (form, one) = (form.setter(), *one);
                    let onclick = Callback::from(move |_: MouseEvent| form.set(one));
                    let pressed = (one == current).to_string();
                    html! { <button key={one} type="button" class="chip" aria-pressed={pressed} {onclick}>{ one }</button> }
                }) }
            </div>
            <pre class="payload-body" data-test="payload">{ body }</pre>
            if props.payload.len() > SHOWN {
                <p class="soft">{ "Only its beginning is shown." }</p>
            }
        </div>
    }
}

/// JSON with one member a line; `None` where it is none, or a bare number or word, which is as well shown as text.
fn json_lines(text: &str) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut lines = String::new();
    write_value(&mut lines, &parse(text).ok()?.value, Some(0));
    Some(lines)
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
