//! Light, dark, or as the system says; remembered.

use super::browser;
use super::icons::IconButton;
use super::lab::{LabProps, Rate, use_lab};
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

/// Puts the remembered theme on the page.
pub(crate) fn apply() {
    show(remembered());
}

/// The button that goes through the three.
#[component]
pub(crate) fn ThemeButton(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let theme = use_state(remembered);
    let label = format!("Theme: {}", *theme);
    let onclick = {
        let (theme, lab) = (theme.clone(), lab.clone());
        Callback::from(move |()| {
            let at = THEMES.iter().position(|known| *known == *theme).unwrap_or(0);
            let next = THEMES[(at + 1) % THEMES.len()];
            browser::remember(KEY, next);
            show(next);
            theme.set(next);
            lab.touch();
        })
    };
    IconButton::new("theme", label, "", onclick).html("theme")
}
