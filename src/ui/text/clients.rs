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
