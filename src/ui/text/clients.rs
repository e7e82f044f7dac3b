//! The clients' panel, their cards, and what they publish.

use crate::sim::RepeatView;

/// What MQTT 5.0 adds to a message, folded.
pub(crate) const PROPERTIES: &str = "Properties of MQTT 5.0";
/// The rest of SUBSCRIBE, folded.
pub(crate) const OPTIONS: &str = "More filters and options";
/// Why it cannot subscribe.
pub(crate) const NOT_CONNECTED: &str = "It is not connected.";

/// Over the places in a message.
pub(crate) const PLACES: &str = "Places in topic and payload";
/// What the places are for.
pub(crate) const PLACES_ABOUT: &str =
    "Each time they become something else; by chance, but the same whenever the run is computed again.";
/// Where places are typed and nothing fills them.
pub(crate) const PLACES_ONCE: &str =
    "Published once, {{…}} stays as it is written: choose Again and again to have it filled.";
/// What publishes.
pub(crate) const PUBLISH: &str = "Publish";
/// The same again and again.
pub(crate) const PUBLISH_AGAIN: &str = "Publish again and again";
/// Ends that.
pub(crate) const STOP: &str = "Stop";

/// What goes on by itself.
pub(crate) fn repeats(one: &RepeatView<'_>) -> String {
    format!("publishing {} every {} ({} of {})", one.topic, one.every, one.done, one.times)
}

/// The name of the button that ends it.
pub(crate) fn stop(topic: &str) -> String {
    format!("Stop publishing {topic}")
}

/// Over what was saved.
pub(crate) fn saved(count: usize) -> String {
    if count == 0 { "Saved messages".to_owned() } else { format!("Saved messages ({count})") }
}
/// Where nothing was.
pub(crate) const SAVED_NONE: &str =
    "Give this message a name, and it can be used again for every client, also after a reload.";
/// The name under which the message is saved.
pub(crate) const SAVED_NAME: &str = "Name";
/// Saves it.
pub(crate) const SAVE: &str = "Save";
/// Puts a saved message into the form.
pub(crate) const SAVED_USE: &str = "Put it into the form";

/// Publishes a saved message at once.
pub(crate) fn saved_send(name: &str) -> String {
    format!("Publish {name} now")
}
/// Deletes it.
pub(crate) fn saved_delete(name: &str) -> String {
    format!("Delete {name}")
}
/// It was, and the way back.
pub(crate) fn saved_deleted(name: &str) -> String {
    format!("{name} is deleted.")
}
/// The way back.
pub(crate) const UNDO: &str = "Keep it";
/// No more can be saved.
pub(crate) fn saved_full(most: usize) -> String {
    format!("At most {most} messages are saved; delete one first.")
}
/// It is too long.
pub(crate) fn saved_long(most: usize) -> String {
    format!("A saved message has at most {most} bytes.")
}
/// The browser takes no more.
pub(crate) const SAVED_REFUSED: &str =
    "The browser keeps nothing more for this page: its storage is full or blocked.";

/// The client's own view.
pub(crate) const OWN: &str = "What it sent and received";
/// Over that.
pub(crate) fn own(name: &str) -> String {
    format!("{name}: its own view")
}
/// Nothing in it.
pub(crate) const OWN_NONE: &str = "Nothing was sent or received until the view.";
/// Nothing that the filter lets through.
pub(crate) const OWN_NO_MATCH: &str = "Nothing of that.";
/// What the list can be narrowed to.
pub(crate) const OWN_GROUPS: [&str; 6] =
    ["Everything", "Messages", "Sent", "Received", "Duplicates that it saw", "Lost and held back"];
/// The name of that choice.
pub(crate) const OWN_GROUP: &str = "Which";
/// The search.
pub(crate) const OWN_SEARCH: &str = "Topic, packet or payload";
/// How many packets there were.
pub(crate) fn counted(sent: &str, received: &str) -> String {
    let all = |counted: &str| if counted.is_empty() { "nothing" } else { counted }.to_owned();
    format!("Sent: {}. Received: {}.", all(sent), all(received))
}
/// Ways.
pub(crate) const SENT: &str = "sent";
/// The other way.
pub(crate) const RECEIVED: &str = "received";
/// Neither.
pub(crate) const ITSELF: &str = "itself";
/// What it holds back.
pub(crate) fn held(count: usize) -> String {
    format!("It holds back {count} publications now.")
}
/// A PUBLISH that it had already.
pub(crate) const DUPLICATE: &str = "seen before";

/// Makes another one like it.
pub(crate) const CLONE: &str = "Clone";
/// What that does.
pub(crate) const CLONE_ABOUT: &str =
    "One more client, or several from a pattern, with the same options, link and policies.";
/// The names of the clones.
pub(crate) const CLONE_NAMES: &str = "Name, or a pattern such as lamp-{1..100}";
/// Whether they subscribe.
pub(crate) const CLONE_SUBSCRIBES: &str = "With its subscriptions";
/// Removes it.
pub(crate) const REMOVE: &str = "Remove";
/// What that does.
pub(crate) const REMOVE_ABOUT: &str = "It loses power and its name is free; going back in time has it again";
/// How many there are to add.
pub(crate) fn add(count: usize) -> String {
    if count == 1 { "Add and connect".to_owned() } else { format!("Add and connect {count}") }
}
/// A name that is taken.
pub(crate) fn taken(name: &str) -> String {
    format!("There is a client {name} already")
}
/// A name that is too long.
pub(crate) const LONG: &str = "A client identifier has at most 65,535 bytes";
/// Too many in all.
pub(crate) fn too_many(there: usize, most: usize) -> String {
    format!("There are {there} clients; a run has at most {most}")
}
/// What patterns are.
pub(crate) const PATTERN: &str =
    "A pattern such as sensor-{1..100} adds as many; {{i}} in the fields below is each one's number.";

/// The search among the clients.
pub(crate) const SEARCH: &str = "Find a client";
/// Nobody found.
pub(crate) const NOBODY: &str = "No client of that name.";
/// What is done with those that are found.
pub(crate) fn with_those(count: usize, narrowed: bool) -> String {
    if narrowed { format!("With these {count}:") } else { format!("With all {count}:") }
}
/// Connects those that are away.
pub(crate) const CONNECT_ALL: &str = "Connect";
/// Disconnects those that are there.
pub(crate) const DISCONNECT_ALL: &str = "Disconnect";
/// Removes them.
pub(crate) const REMOVE_ALL: &str = "Remove";
/// Asks before.
pub(crate) fn remove_sure(count: usize) -> String {
    format!("Remove {count} clients?")
}
/// Does not.
pub(crate) const KEEP: &str = "Keep them";

/// Over them all.
pub(crate) const TITLE: &str = "Clients";
pub(crate) const IN_PAST: &str =
    "You look at the past. What you do here begins another branch; the run as it was is kept.";
pub(crate) const LIVE_WAIT: &str = "Time stands still: live clients wait until you press play.";
pub(crate) const NONE: &str = "Nobody is here yet. Add a virtual client, or connect a real one.";
/// Connecting a real one.
pub(crate) const REAL: &str = "Connect a real client";
pub(crate) const REAL_ABOUT: &str = "MQTT.js, unmodified, lies beside this page and speaks to its broker without a network. Paste this into the browser's console:";
pub(crate) const REAL_TIME: &str = "While a live client is connected, time runs at 1×.";
/// Adding virtual ones.
pub(crate) const ADD: &str = "Add virtual clients";
pub(crate) const IDENTIFIER: &str = "Client identifier";
pub(crate) const HOW_IT_CONNECTS: &str = "How it connects";
pub(crate) const ITS_NETWORK: &str = "Its network";
pub(crate) const ITS_POLICIES: &str = "Its policies";
pub(crate) const POLICIES: &str = "Policies:";
pub(crate) const NO_POLICY: &str = "Without a policy it may do nothing: it is refused.";
pub(crate) const REST_DENIED: &str = "What none of these allows is denied.";

/// A name that is made up, and what patterns are.
pub(crate) fn nameless(suggested: &str) -> String {
    format!("Without a name it is {suggested}. {PATTERN}")
}
/// A policy that lets everything.
pub(crate) fn lets_all(policy: &str, is_new: bool) -> String {
    if is_new {
        format!("{policy} is added for it, and lets it do everything.")
    } else {
        format!("The policy {policy} lets it do everything.")
    }
}
/// The same among the choices.
pub(crate) fn lets_all_choice(policy: &str) -> String {
    format!("{policy}: lets all (added)")
}

/// What a client is, and what the broker takes it for where it is of another mind.
pub(crate) const CONNECTED: &str = "connected";
pub(crate) const CONNECTED_NO_SESSION: &str = "client: connected, broker: no connection";
pub(crate) const CONNECTING_CONNECTED: &str = "client: connecting, broker: connected";
pub(crate) const CONNECTING: &str = "connecting";
pub(crate) const OFFLINE_CONNECTED: &str = "client: offline, broker: connected";
pub(crate) const OFFLINE_KEPT: &str = "offline, session kept";
pub(crate) const OFFLINE: &str = "offline";
/// The card.
pub(crate) const LIVE: &str = "live";
pub(crate) const LIVE_TITLE: &str = "A real client of this page";
pub(crate) const RECORDED: &str = "recorded";
pub(crate) const RECORDED_TITLE: &str =
    "A real client of the page in which this run was recorded: it does again what it did there";
pub(crate) const DISCONNECT_TITLE: &str = "Send DISCONNECT and close";
pub(crate) const RESTORE: &str = "Restore the network";
pub(crate) const CUT: &str = "Cut the network";
pub(crate) const CUT_TITLE: &str = "Cut the network: what is in flight is lost";
pub(crate) const DISMISSED: &str = "What the server said as it refused or ended the latest connection";
pub(crate) const IDENTIFIER_TITLE: &str = "Its client identifier";
pub(crate) const WILL: &str = "will";
pub(crate) const WILL_TITLE: &str = "A will is armed";
pub(crate) const QUEUED_TITLE: &str = "Messages that the broker keeps for it";
pub(crate) const HELD_TITLE: &str = "Publications that the client holds back";
pub(crate) const UNSUBSCRIBE: &str = "Unsubscribe";
pub(crate) const AUTHENTICATE: &str = "Authenticate again";
pub(crate) const AUTHENTICATE_TITLE: &str = "Send AUTH, to be challenged again on this connection";
pub(crate) const NEXT_TIME: &str = "How it connects the next time";
pub(crate) const HAS_NO_POLICY: &str = "No policy: it may do nothing";
pub(crate) const SUBSCRIBE: &str = "Subscribe";
pub(crate) const PUBLISH_KEY: &str = "Ctrl or ⌘ and Enter, in a field";

/// Another identifier than its name.
pub(crate) fn known_as(identifier: &str) -> String {
    format!("as {identifier}")
}
/// How many messages wait for it.
pub(crate) fn queued(count: usize) -> String {
    format!("{count} queued")
}
/// How many it holds back.
pub(crate) fn held_back(count: usize) -> String {
    format!("{count} held back")
}
/// The policies that it has.
pub(crate) fn has_policies(names: &str) -> String {
    format!("Policies: {names}")
}
