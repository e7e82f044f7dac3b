//! Icons as inline SVG: one path each on a grid of 16, in the colour of the text around them.

use yew::prelude::*;

/// The path of each icon.
const PATHS: [(&str, &str); 33] = [
    ("play", "M4 2.5v11l9-5.5z"),
    ("pause", "M4 2.5h3v11H4zM9 2.5h3v11H9z"),
    ("next", "M3 3v10l6-5zM10.5 3h2v10h-2z"),
    ("previous", "M13 3v10L7 8zM3.5 3h2v10h-2z"),
    ("start", "M2.5 3h2v10h-2zM9 3v10L4.5 8zM14 3v10L9.5 8z"),
    ("end", "M11.5 3h2v10h-2zM7 3v10l4.5-5zM2 3v10l4.5-5z"),
    (
        "share",
        "M11 1.5a2.5 2.5 0 1 1-1.9 4.1L6.4 7a2.5 2.5 0 0 1 0 2l2.7 1.4a2.5 2.5 0 1 1-.5 1L5.9 10a2.5 2.5 0 1 1 \
         0-4l2.7-1.4A2.5 2.5 0 0 1 11 1.5z",
    ),
    ("open", "M1.5 2.8h4.7l1.5 1.8h6.8v8.9h-13zM3 6.1V12h10V6.1z"),
    (
        "save",
        "M7.25 1.5h1.5v6.4l2.4-2.4 1.05 1.05L8 10.75 3.8 6.55 4.85 5.5l2.4 2.4zM2 11.5h1.5V13h9v-1.500H14v3H2z",
    ),
    (
        "search",
        "M7 1.5a5.5 5.5 0 1 1-3.3 9.900 5.500 5.500 0 0 1 3.3-9.900zm0 1.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10.300 11.400l1.100-1.100 3.700 3.700-1.100 1.100z",
    ),
    (
        "present",
        "M1 2h14v1.500h-1v7H8.750v1.500l3 2.500h-2L8 13l-1.750 1.500h-2l3-2.500v-1.500H2v-7H1zM3.500 3.500V9h9V3.500z",
    ),
    ("theme", "M8 1.5a6.5 6.5 0 1 0 0 13zm0-1a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z"),
    (
        "help",
        "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8zm0 1.3a5.9 5.9 0 1 0 0 11.8A5.9 5.9 0 0 0 8 2.1z\
         m-.8 8.7h1.6v1.6H7.2zM8 3.8c1.6 0 2.8 1 2.8 2.5 0 1.7-2 2-2 3.3H7.3c0-2.1 1.9-2.2 1.9-3.3 \
         0-.6-.5-1.1-1.2-1.1S6.7 5.8 6.7 6.5H5.2C5.2 4.9 6.4 3.8 8 3.8z",
    ),
    ("close", "M3.3 2.2 8 6.9l4.7-4.7 1.1 1.1L9.1 8l4.7 4.7-1.1 1.1L8 9.1l-4.7 4.7-1.1-1.1L6.9 8 2.2 3.3z"),
    (
        "undo",
        "M6.5 2 2 6.2l4.500 4.2V7.500h3.300a2.700 2.700 0 0 1 0 5.400H5v1.600h4.800a4.300 4.300 0 0 0 0-8.600H6.500z",
    ),
    (
        "redo",
        "M9.500 2 14 6.2l-4.500 4.2V7.500H6.200a2.700 2.700 0 0 0 0 5.400H11v1.600H6.200a4.300 4.300 0 0 1 0-8.600h3.300z",
    ),
    ("skip", "M1.5 3v10l5-5zM6.5 3v10l5-5zM11.500 7.100h3.500v1.800h-3.500z"),
    (
        "branch",
        "M4 1.500a2 2 0 0 1 .8 3.800v1.200c0 .6.4 1 1 1h4.400c.6 0 1-.4 1-1V5.300a2 2 0 1 1 1.600 0v1.200a2.600 2.600 0 0 1-2.600 2.600H5.800q-.600 0-1-.2v1.800\
         a2 2 0 1 1-1.600 0V5.300A2 2 0 0 1 4 1.500z",
    ),
    ("plus", "M7.2 2.5h1.6v4.7h4.7v1.6H8.8v4.7H7.2V8.8H2.5V7.2h4.7z"),
    ("minus", "M2.5 7.2h11v1.6h-11z"),
    ("fit", "M1.5 3h1.5v10H1.5zM13 3h1.5v10H13zM4 8l3-2.5v1.7h2V5.5L12 8l-3 2.5V8.8H7v1.7z"),
    (
        "follow",
        "M7.25 1h1.5v3.1h-1.5zM7.25 11.9h1.5V15h-1.5zM1 7.25h3.1v1.5H1zM11.9 7.25H15v1.5h-3.1z\
         M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
    ),
    (
        "cut",
        "M4.5 8.8a2.6 2.6 0 1 1-1.3-.3l1.6-.5-1.6-.5a2.6 2.6 0 1 1 2.6-2.2l8.7 5.5h-2.7L6.7 8.5l-.7.3z\
         M9 6.9l2.8-1.8h2.7L10.5 7.8z",
    ),
    ("fault", "M9.6.8 3.2 9h3.9l-1.2 6.2L12.8 6.6H8.7z"),
    ("send", "M1.5 2.2 14.8 8 1.5 13.8 3 8.7 9 8 3 7.3z"),
    ("down", "M3.2 5.5h9.6L8 11z"),
    ("up", "M3.2 10.5h9.6L8 5z"),
    ("right", "M5.5 3.2v9.6L11 8z"),
    ("left", "M10.500 3.2v9.6L5 8z"),
    (
        "tracks",
        "M1.5 2.5h3v3h-3zM6 3.2h8.5v1.6H6zM1.5 6.5h3v3h-3zM6 7.2h8.5v1.6H6zM1.5 10.5h3v3h-3zM6 11.2h8.5v1.6H6z",
    ),
    ("flag", "M3 1.5h1.5v1h8L10.300 5.5l2.200 3h-8v6H3z"),
    (
        "fold",
        "M1.5 7.2h4L4 5.500l1-1 3.300 3.500L5 11.500l-1-1 1.500-1.700h-4zM14.500 7.200v1.600h-4l1.500 1.700-1 1L7.700 8 11 4.500l1 1-1.500 1.700z",
    ),
    ("list", "M2 3h2v2H2zM5.5 3H14v2H5.5zM2 7h2v2H2zM5.5 7H14v2H5.5zM2 11h2v2H2zM5.5 11H14v2H5.5z"),
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

/// A button with an icon and no text: its name is the tooltip and what screen readers say.
pub(crate) struct IconButton {
    icon: &'static str,
    label: String,
    key: &'static str,
    onclick: Callback<()>,
    pressed: Option<bool>,
    class: &'static str,
    disabled: bool,
}

impl IconButton {
    /// A button that does what a key does too; without a key, an empty one.
    pub(crate) fn new(
        icon: &'static str,
        label: impl Into<String>,
        key: &'static str,
        onclick: Callback<()>,
    ) -> Self {
        Self { icon, label: label.into(), key, onclick, pressed: None, class: "quiet", disabled: false }
    }

    /// A switch, on or off.
    #[must_use]
    pub(crate) fn pressed(self, pressed: bool) -> Self {
        Self { pressed: Some(pressed), ..self }
    }

    /// Without a use for now.
    #[must_use]
    pub(crate) fn disabled(self, disabled: bool) -> Self {
        Self { disabled, ..self }
    }

    /// With another CSS class.
    #[must_use]
    pub(crate) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// The element; `test` is the name by which tests find it.
    pub(crate) fn html(self, test: &'static str) -> Html {
        let title = match self.key {
            "" => self.label.clone(),
            key => format!("{} ({key})", self.label),
        };
        let onclick = self.onclick.reform(|_: MouseEvent| ());
        let pressed = self.pressed.map(|pressed| pressed.to_string());
        html! {
            <button type="button" class={self.class} {title} aria-label={self.label} aria-pressed={pressed} disabled={self.disabled}
                data-test={test} {onclick}>
                { icon(self.icon) }
            </button>
        }
    }
}
