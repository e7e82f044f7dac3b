//! The help: what this is, every key, and what the timeline's signs mean.

use super::dialog::Dialog;
use super::lab::Lab;
use yew::prelude::*;

const KEYS: [(&str, &str); 15] = [
    ("Space", "Play or pause"),
    (". and ,", "Next and previous moment: all that happens at once"),
    ("Home and End", "Start and end of the run"),
    ("+ and −", "Faster and slower"),
    ("W and S", "Zoom the timeline in and out"),
    ("A and D", "Pan the timeline"),
    ("F", "Zoom to the chosen event"),
    ("0", "Show the whole run"),
    ("Ctrl or ⌘ and wheel", "Zoom where the pointer is"),
    ("← and →", "Choose the packet before or after, on the timeline"),
    (
        "Arrows",
        "Move in the event table, the ledger, the sides, the Wills, the test client's columns or the topic tree",
    ),
    ("N and P", "Next and previous divergence, side by side"),
    ("R", "Publish once more what the test client published last"),
    ("?", "This help"),
    ("Esc", "Close what is open, then choose nothing"),
];

const SIGNS: [(&str, &str, &str); 11] = [
    ("connect", "C", "CONNECT, answered by c: CONNACK"),
    ("publish-0", "P", "PUBLISH at QoS 0"),
    ("publish-1", "P", "PUBLISH at QoS 1; p is its PUBACK"),
    ("publish-2", "P", "PUBLISH at QoS 2; r PUBREC, R PUBREL, p PUBCOMP"),
    ("subscribe", "S", "SUBSCRIBE, answered by s; U and u for UNSUBSCRIBE"),
    ("ping", "I", "PINGREQ, answered by i"),
    ("disconnect", "D", "DISCONNECT"),
    ("lost", "×", "Lost on the way, dropped or refused"),
    ("will", "◇", "A Will is armed; ◆ it was sent"),
    ("retained", "▾", "On the ruler: the narration says something here"),
    ("branch", "Y", "On the ruler, as a fork: here this branch left another"),
];

/// The help, while it is open.
pub(crate) fn help(lab: &Lab) -> Html {
    if !lab.screen().help {
        return html! {};
    }
    let onclose = lab.changes(|screen| screen.help = false);
    html! {
        <Dialog title="Help" test="help" {onclose}>
            <p>{ "A real MQTT broker runs in this page, in simulated time. Virtual clients, and real ones, speak MQTT to it byte \
                  for byte. Everything that happens is an event; each says what led to it and which rule the broker followed. \
                  Rewind, look, and do something else instead: the run branches." }</p>
            <h3>{ "Keys" }</h3>
            <dl class="keys">
                { for KEYS.into_iter().map(|(key, what)| html! {
                    <div key={key}><dt><kbd>{ key }</kbd></dt><dd>{ what }</dd></div>
                }) }
            </dl>
            <h3>{ "Signs on the timeline" }</h3>
            <dl class="keys signs">
                { for SIGNS.into_iter().map(|(ink, letter, what)| html! {
                    <div key={ink}>
                        <dt><span class={classes!("badge", format!("ink-{ink}"))}>{ letter }</span></dt>
                        <dd>{ what }</dd>
                    </div>
                }) }
            </dl>
            <p class="soft">{ "A client's upper line is the client, its lower line the broker. The bar above is its session: full \
                               while it is connected, hatched while it is kept offline. \
                               Below it stand what is queued, the bucket that lets it go where there is one, and what is in flight. \
                               A hatched bar between the lines: the network is \
                               cut. The client knows at once, the broker only by what does not come." }</p>
            <h3>{ "Test client" }</h3>
            <p class="soft">{ "One more client of the run, or one of those that there are: each filter that it subscribes to is a column with what it \
                               received until the view. Ctrl or ⌘ and Enter in a field publish." }</p>
            <h3>{ "Side by side" }</h3>
            <p class="soft">{ "The same scenario, with all that was done by hand, under two profiles: A is the run, B the other one. = says that \
                               both sides did the same, ≠1 that they part here, ↳1 that this only follows from the divergence 1. When \
                               something was done does not count, unless a quota delayed it. Share makes a link to this comparison." }</p>
        </Dialog>
    }
}
