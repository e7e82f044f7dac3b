//! How a real MQTT client connects to the broker of this page.

use crate::ui::browser;
use crate::ui::icons::icon;
use yew::prelude::*;

/// What to write: the socket is given to MQTT.js in place of a network's.
const SNIPPET: &str = "import mqtt from \"mqtt\";\n\
    const client = mqtt.connect(\"ws://glassbroker/mqtt\", { createWebsocket: glassbroker.socket });";

/// The folded help.
pub(super) fn real_client() -> Html {
    let copy = Callback::from(|_: MouseEvent| browser::copy(SNIPPET));
    html! {
        <details class="real-client">
            <summary>{ "Connect a real client" }</summary>
            <p>{ "MQTT.js, unmodified, speaks to this broker without a network. In a script of this page, or in its console:" }</p>
            <pre class="snippet">{ SNIPPET }</pre>
            <div class="row">
                <button type="button" onclick={copy}>{ icon("share") }{ "Copy" }</button>
                <span class="soft">{ "While a live client is connected, time runs at 1×." }</span>
            </div>
        </details>
    }
}
