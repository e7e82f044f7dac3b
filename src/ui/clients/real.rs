//! How a real MQTT client connects to the broker of this page.

use crate::ui::browser;
use crate::ui::icons::icon;
use crate::ui::text::clients as text;
use crate::ui::text::common;
use yew::prelude::*;

/// What to write: the socket is given to MQTT.js in place of a network's. README.md has the same, and a test runs it. MQTT.js's own
/// timer would need a worker that the page's Content-Security-Policy forbids.
const SNIPPET: &str = r#"const { default: mqtt } = await import("./mqtt.js");
const client = mqtt.connect("ws://glass/mqtt", { createWebsocket: glassbroker.socket, timerVariant: "native" });
client.on("message", (topic, payload) => console.log(topic, payload.toString()));
client.subscribe("factory/#");"#;

/// The folded help.
pub(super) fn real_client() -> Html {
    let copy = Callback::from(|_: MouseEvent| browser::copy(SNIPPET));
    html! {
        <details class="real-client">
            <summary>{ text::REAL }</summary>
            <p>{ text::REAL_ABOUT }</p>
            <pre class="snippet">{ SNIPPET }</pre>
            <div class="row">
                <button type="button" onclick={copy}>{ icon("share") }{ common::COPY }</button>
                <span class="soft">{ text::REAL_TIME }</span>
            </div>
        </details>
    }
}
