//! Light, dark, or as the system says; remembered.

use super::browser;
use super::icons::IconButton;
use super::lab::Lab;
use super::text::header as text;
use yew::prelude::*;

const KEY: &str = "glassbroker.theme";
const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// The remembered theme.
fn remembered() -> &'static str {
    let name = browser::remembered(KEY).unwrap_or_default();
    THEMES.into_iter().find(|theme| *theme == name).unwrap_or("auto")
}

fn show(theme: &str) {
    if let Some(root) = browser::document().and_then(|document| document.document_element()) {
        let _ = if theme == "auto" {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme)
        };
    }
}

/// Puts the remembered theme on the page, and says which it is.
pub(crate) fn apply() -> &'static str {
    let theme = remembered();
    show(theme);
    theme
}

/// The button that goes through the three.
pub(crate) fn theme_button(lab: &Lab) -> Html {
    let theme = lab.screen().theme;
    let onclick = {
        let lab = lab.clone();
        Callback::from(move |()| next(&lab))
    };
    IconButton::new("theme", text::theme(theme), "", onclick).html("theme")
}

/// Goes on to the next of the three.
pub(crate) fn next(lab: &Lab) {
    let theme = lab.screen().theme;
    let at = THEMES.iter().position(|known| *known == theme).unwrap_or(0);
    let next = THEMES[(at + 1) % THEMES.len()];
    browser::remember(KEY, next);
    show(next);
    lab.change(|screen| screen.theme = next);
}
