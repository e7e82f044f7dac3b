//! Icons as inline SVG: one path each on a grid of 16, in the colour of the text around them.

use yew::prelude::*;

/// The path of each icon.
const PATHS: [(&str, &str); 19] = [
    ("play", "M4 2.5v11l9-5.5z"),
    ("pause", "M4 2.5h3v11H4zM9 2.5h3v11H9z"),
    ("next", "M3 3v10l6-5zM10.5 3h2v10h-2z"),
    ("previous", "M13 3v10L7 8zM3.5 3h2v10h-2z"),
    ("start", "M2.5 3h2v10h-2zM9 3v10L4.5 8zM14 3v10L9.5 8z"),
    ("end", "M11.5 3h2v10h-2zM7 3v10l4.5-5zM2 3v10l4.5-5z"),
    (
        "share",
        "M11 1.5a2.5 2.5 0 1 1-1.9 4.1L6.4 7a2.5 2.5 0 0 1 0 2l2.7 1.4a2.5 2.5 0 1 1-.5 1L5.9 10a2.5 2.5 0 1 1 0-4l2.7-1.4A2.5 2.5 0 0 1 11 1.5z",
    ),
    ("theme", "M8 1.5a6.5 6.5 0 1 0 0 13zm0-1a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z"),
    (
        "help",
        "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8zm0 1.3a5.9 5.9 0 1 0 0 11.8A5.9 5.9 0 0 0 8 2.1zm-.8 8.7h1.6v1.6H7.2zM8 3.8c1.6 0 2.8 1 2.8 2.5 0 1.7-2 2-2 3.3H7.3c0-2.1 1.9-2.2 1.9-3.3 0-.6-.5-1.1-1.2-1.1S6.700 5.800 6.700 6.500H5.2C5.200 4.900 6.400 3.800 8 3.800z",
    ),
    (
        "close",
        "M3.300 2.200 8 6.900l4.700-4.700 1.100 1.100L9.100 8l4.700 4.700-1.100 1.100L8 9.100l-4.700 4.700-1.100-1.100L6.900 8 2.200 3.300z",
    ),
    ("plus", "M7.200 2.500h1.600v4.700h4.700v1.600H8.800v4.700H7.200V8.800H2.500V7.200h4.700z"),
    ("minus", "M2.500 7.200h11v1.600h-11z"),
    (
        "fit",
        "M1.500 3h1.500v10H1.500zM13 3h1.500v10H13zM4 8l3-2.500v1.700h2V5.500L12 8l-3 2.500V8.800H7v1.700z",
    ),
    (
        "follow",
        "M7.250 1h1.500v3.100h-1.500zM7.250 11.900h1.500V15h-1.500zM1 7.250h3.100v1.500H1zM11.900 7.250H15v1.500h-3.100zM8 5.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z",
    ),
    (
        "cut",
        "M4.500 8.800a2.600 2.600 0 1 1-1.300-.3l1.600-.5-1.600-.5a2.600 2.600 0 1 1 2.600-2.200l8.700 5.500h-2.700L6.700 8.500l-.7.300zM9 6.900l2.800-1.800h2.700L10.500 7.800z",
    ),
    ("send", "M1.500 2.200 14.800 8 1.500 13.800 3 8.700 9 8 3 7.300z"),
    ("down", "M3.200 5.500h9.600L8 11z"),
    ("right", "M5.500 3.200v9.600L11 8z"),
    (
        "pin",
        "M5.500 1.500h5v1.300l-.8.700v3.200L11.500 9v1.300H8.700v4.200h-1.400v-4.200H4.500V9l1.800-2.300V3.500l-.8-.7z",
    ),
];

/// An icon by its name; it says nothing to screen readers, since its button has a name.
pub(crate) fn icon(name: &str) -> Html {
    let path = PATHS.iter().find(|(known, _)| *known == name).map_or("", |(_, path)| *path);
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d={path} fill="currentColor" fill-rule="evenodd" />
        </svg>
    }
}

/// What an icon button looks like: its name is the tooltip and what screen readers say.
#[derive(Properties, PartialEq)]
pub(crate) struct IconButtonProps {
    /// Which icon.
    pub(crate) icon: &'static str,
    /// What it does.
    pub(crate) label: AttrValue,
    /// The key that does the same, for the tooltip.
    #[prop_or_default]
    pub(crate) key_hint: &'static str,
    /// What to call.
    pub(crate) onclick: Callback<()>,
    /// Whether it is a switch, and on.
    #[prop_or_default]
    pub(crate) pressed: Option<bool>,
    /// Whether it can be used.
    #[prop_or_default]
    pub(crate) disabled: bool,
    /// Its CSS class.
    #[prop_or("quiet")]
    pub(crate) class: &'static str,
    /// The name by which tests find it.
    #[prop_or_default]
    pub(crate) test: Option<&'static str>,
}

/// A button with an icon and no text.
#[component]
pub(crate) fn IconButton(props: &IconButtonProps) -> Html {
    let title = match props.key_hint {
        "" => props.label.to_string(),
        key => format!("{} ({key})", props.label),
    };
    let onclick = props.onclick.reform(|_: MouseEvent| ());
    let pressed = props.pressed.map(|pressed| if pressed { "true" } else { "false" });
    html! {
        <button type="button" class={props.class} {title} aria-label={props.label.clone()} aria-pressed={pressed}
            disabled={props.disabled} data-test={props.test} {onclick}>
            { icon(props.icon) }
        </button>
    }
}
