//! The few things that are asked of the browser, each safe where the browser refuses.

use gloo_timers::callback::Timeout;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Blob, Document, Element, HtmlAnchorElement, HtmlElement, MouseEvent, Storage, Url, Window};

/// The window. The lab runs in one; a missing window would be a worker's, where it is never mounted.
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// The time of the browser's own clock, in milliseconds; it drives playback and nothing else.
pub(crate) fn now_ms() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Sets one CSS property of an element by its CSSOM, which a strict Content-Security-Policy allows.
pub(crate) fn set_css(element: &Element, property: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Fails only on a name that is no property.
        let _ = element.style().set_property(property, value);
    }
}

/// How much larger than its own pixels an element is shown, by the CSS property `zoom`.
pub(crate) fn zoom(element: &Element) -> f64 {
    // Where a browser does not say it, it is not zoomed by more than the page.
    let zoom = js_sys::Reflect::get(element, &"currentCSSZoom".into()).ok().and_then(|zoom| zoom.as_f64());
    zoom.filter(|zoom| *zoom > 0.0).unwrap_or(1.0)
}

/// Where a pointer is, from an element's top left corner, in the element's own pixels.
pub(crate) fn place(element: &Element, event: &MouseEvent) -> (f64, f64) {
    let (rect, zoom) = (element.get_bounding_client_rect(), zoom(element));
    let (x, y) = (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top());
    (x / zoom, y / zoom)
}

/// The page's store; `None` where cookies are blocked, since even asking throws there.
fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// Gives the whole page an attribute, or takes it away.
pub(crate) fn mark(attribute: &str, on: bool) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.toggle_attribute_with_force(attribute, on);
    }
}

/// Brings an element into sight, and the keyboard to it.
pub(crate) fn show_element(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.scroll_into_view();
        // Where it cannot have it, it is in sight all the same.
        let _ = element.focus();
    }
}

/// A remembered setting.
pub(crate) fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Remembers a setting, where the browser lets it.
pub(crate) fn remember(key: &str, value: &str) {
    // What is not remembered is as at first.
    let _ = keep(key, value);
}

/// The same for what a person made. Says whether it is kept.
pub(crate) fn keep(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// What was kept for this tab; `None` where cookies are blocked, too.
pub(crate) fn kept_for_tab(key: &str) -> Option<String> {
    window()?.session_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Keeps a text for this tab as long as it is open, where the browser lets it; without a text forgets it.
pub(crate) fn keep_for_tab(key: &str, text: Option<&str>) {
    let Some(storage) = window().and_then(|window| window.session_storage().ok().flatten()) else { return };
    // An older one must not come back in the place of one that has no room.
    let _ = storage.remove_item(key);
    if let Some(text) = text {
        let _ = storage.set_item(key, text);
    }
}

/// Whether the user had the browser load this page anew, or came back to it, in the same tab.
pub(crate) fn was_reloaded() -> bool {
    let entries = window().and_then(|window| window.performance());
    let entry = entries.map(|performance| performance.get_entries_by_type("navigation").get(0));
    let kind = entry.and_then(|entry| js_sys::Reflect::get(&entry, &"type".into()).ok()?.as_string());
    matches!(kind.as_deref(), Some("reload" | "back_forward"))
}

/// Whether a media query holds.
pub(crate) fn media(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

/// Whether the page is in a frame of another one.
pub(crate) fn is_embedded() -> bool {
    let window = window();
    let parent = window.as_ref().and_then(|window| window.parent().ok().flatten());
    parent.is_some() && parent != window
}

/// The part of the address after `#`, without it.
pub(crate) fn hash() -> String {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.strip_prefix('#').map(str::to_owned).unwrap_or(hash)
}

/// The address of this page without its hash.
pub(crate) fn address() -> String {
    let href = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// Writes the hash of the address without a new entry in the history.
pub(crate) fn set_hash(hash: &str) {
    let history = window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        let _ = history.replace_state_with_url(
            &web_sys::wasm_bindgen::JsValue::NULL,
            "",
            Some(&format!("#{hash}")),
        );
    }
}

/// Puts text on the clipboard, where the browser lets it. Nobody waits for it: the text is in the address bar too.
pub(crate) fn copy(text: &str) {
    if let Some(window) = window() {
        // Undefined outside of a secure context.
        let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into());
        if clipboard.is_ok_and(|clipboard| !clipboard.is_undefined()) {
            let _ = window.navigator().clipboard().write_text(text);
        }
    }
}

/// How long the browser may take to begin saving a file, in milliseconds.
const SAVING_MS: u32 = 60_000;

/// The address under which the browser holds a text in parts as a file.
pub(crate) fn file_address(parts: &js_sys::Array) -> Option<String> {
    Url::create_object_url_with_blob(&Blob::new_with_str_sequence(parts).ok()?).ok()
}

/// Has the browser save a text as a file. Says whether it could be asked.
pub(crate) fn download(name: &str, text: &str) -> bool {
    download_parts(name, &js_sys::Array::of1(&text.into()))
}

/// The same with a text in parts.
pub(crate) fn download_parts(name: &str, parts: &js_sys::Array) -> bool {
    let Some(url) = file_address(parts) else { return false };
    let link = document().and_then(|document| document.create_element("a").ok());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return false };
    link.set_href(&url);
    link.set_download(name);
    link.click();
    let forget = move || {
        let _ = Url::revoke_object_url(&url);
    };
    Timeout::new(SAVING_MS, forget).forget();
    true
}
