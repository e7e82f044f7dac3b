//! The topic tree, and what is shown of one topic.

use crate::topic::SHARE;

/// The panel's title.
pub(crate) const TITLE: &str = "Topics";
/// Where there is nothing.
pub(crate) const EMPTY: &str =
    "Nothing was published yet. A topic exists from its first message on; nobody has to create it.";
/// The names of the search box, by filter and by text, and what stands in it first.
pub(crate) const FILTER: &str = "Topic filter";
pub(crate) const FIND: &str = "Text in topic names";
pub(crate) const FILTER_EXAMPLE: &str = "Filter, such as factory/+/status";
pub(crate) const FIND_EXAMPLE: &str = "Text in a name, such as status";
/// Switches of the search.
pub(crate) const BY_TEXT: &str = "Text";
pub(crate) const BY_TEXT_TITLE: &str = "Find names that hold a text; else those that a topic filter matches";
pub(crate) const ONLY_HITS: &str = "Only hits";
pub(crate) const ONLY_HITS_TITLE: &str = "Show what is found, and nothing else";
pub(crate) const SUBSCRIPTIONS: &str = "Filters";
pub(crate) const SUBSCRIPTIONS_TITLE: &str =
    "Show who subscribes by which filter, at the level where its wildcards begin";
/// Steps through what is found.
pub(crate) const NEXT_HIT: &str = "Next hit";
pub(crate) const PREVIOUS_HIT: &str = "Previous hit";
/// A level without a text.
pub(crate) const EMPTY_LEVEL: &str = "(empty)";
/// The mark of a retained message.
pub(crate) const RETAINED: &str = "R";
pub(crate) const RETAINED_TITLE: &str = "The broker keeps a retained message";
/// What a rate is.
pub(crate) const RATE_TITLE: &str = "Messages a second, over the last five seconds of simulated time";
/// What a client that is not connected is.
pub(crate) const AWAY: &str = "away";
/// Folds.
pub(crate) const FOLD: &str = "Fold or unfold";

/// How many names match.
pub(crate) fn matches(hits: usize, names: usize) -> String {
    format!("{hits} of {names} {} match", if names == 1 { "name" } else { "names" })
}

/// Where a filter is wrong.
pub(crate) fn wrong(character: usize, what: &str) -> String {
    format!("At character {character}: {what}.")
}

/// Which hit it is.
pub(crate) fn place(place: usize, hits: usize) -> String {
    format!("hit {place} of {hits}")
}

/// What a closed level hides.
pub(crate) fn below(names: usize) -> String {
    format!("{names} {} below", if names == 1 { "topic" } else { "topics" })
}

/// What a count counts.
pub(crate) fn count_title(last: &str) -> String {
    format!("Messages; the last at {last}")
}
/// The same of a level with all below it.
pub(crate) const COUNT_BELOW_TITLE: &str = "Messages for all topics below";

/// Who subscribes by a filter, in a row.
pub(crate) fn who(names: &[&str], more: usize) -> String {
    let mut text = names.join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// Each QoS that was granted for a filter.
pub(crate) fn levels(levels: &[u8]) -> String {
    let levels: Vec<String> = levels.iter().map(u8::to_string).collect();
    format!("QoS {}", levels.join(", "))
}

/// What a filter means.
pub(crate) fn means(filter: &str) -> String {
    let mut text = format!("Click to light what {filter} matches");
    if filter.starts_with(SHARE) {
        text.push_str("; each message goes to one of those who share it");
    }
    if filter.split('/').any(|level| level == "+") {
        text.push_str("; + is one level, whatever it says");
    }
    if filter.ends_with('#') {
        text.push_str("; # is the rest, however many levels");
    }
    text
}

/// The panel of one topic.
pub(crate) const TOPIC: &str = "Topic";
pub(crate) const CLOSE: &str = "Close the topic";
pub(crate) const NO_MESSAGE: &str = "There is no message of this topic at the view.";
pub(crate) const INSPECT: &str = "Inspect this message";
/// Its parts, in the order of `Part::ALL`.
pub(crate) const PARTS: [&str; 4] = ["Payload", "Difference", "Plot", "Who receives this?"];
/// Opens the last of them.
pub(crate) const RECEIVERS: &str = "Receivers…";
pub(crate) const RECEIVERS_TITLE: &str = "Who receives a message of a topic?";

/// How much there was of a topic.
pub(crate) fn facts(count: u32, rate: Option<&str>, last: &str) -> String {
    let messages = if count == 1 { "message" } else { "messages" };
    let rate = rate.map(|rate| format!(", {rate}")).unwrap_or_default();
    format!("{count} {messages}{rate}, the last at {last}")
}

/// The difference.
pub(crate) const ONLY_ONE: &str = "This is the first message of the topic.";
pub(crate) const NO_DIFFERENCE: &str = "The payload is the same as that of the message before.";
pub(crate) const BY_FIELDS: &str = "By JSON fields, from the message before to this one";
pub(crate) const BY_LINES: &str = "By lines, from the message before to this one";
pub(crate) const BY_BYTES: &str = "By bytes, from the message before to this one";
pub(crate) const CUT: &str = "Only the beginning is compared.";
pub(crate) const SAME: &str = "the same";
pub(crate) const GONE: &str = "gone";
pub(crate) const NEW: &str = "new";

/// Lines that are not shown.
pub(crate) fn skipped(lines: &str) -> String {
    format!("{lines} {} the same", if lines == "1" { "line is" } else { "lines are" })
}

/// The plot.
pub(crate) const NO_NUMBER: &str = "There is no number in the last payload.";
pub(crate) const NO_NUMBERS: &str = "There is no number in the last payloads.";
pub(crate) const FIELD: &str = "Field";
pub(crate) const WHOLE: &str = "the payload";
pub(crate) const VALUES: &str = "The last values";
pub(crate) const TIME: &str = "Time";
pub(crate) const VALUE: &str = "Value";
pub(crate) const READING: &str = "Reading the payloads…";
pub(crate) const LATER: &str = "The dashed line lies after the view.";

/// What the plot shows, in words.
pub(crate) fn plotted(count: u32, (low, high, last): (&str, &str, &str)) -> String {
    format!("{count} values in the run; up to the view from {low} to {high}, the last {last}")
}

/// Who receives this?
pub(crate) const ASKED_TOPIC: &str = "Topic";
pub(crate) const PUBLISHER: &str = "Published by";
pub(crate) const ANYONE: &str = "none of these clients";
pub(crate) const QOS: &str = "QoS";
pub(crate) const NOBODY: &str = "There is no session at the view: nobody receives it.";
pub(crate) const KEPT: &str =
    "A retained message is kept for this topic: who subscribes to it gets that one.";
/// The groups of answers.
pub(crate) const NOW: &str = "Now";
pub(crate) const QUEUED: &str = "Later";
pub(crate) const NEVER: &str = "Not";
/// What a delivery at once is.
pub(crate) const SENT: &str = "sent at once";
/// Why what was sent does not reach a client that the broker takes for connected.
pub(crate) const NO_POWER: &str = "the client has no power";
pub(crate) const LEFT: &str = "the client has left this connection, which the broker does not know yet";
/// Why somebody does not get it.
pub(crate) const UNSUBSCRIBED: &str = "it has no subscription";

/// The QoS of a delivery, and the filters that match.
pub(crate) fn delivery(qos: Option<u8>, filters: &[String]) -> String {
    let qos = qos.map(|qos| format!("QoS {qos}"));
    let by = (!filters.is_empty()).then(|| format!("by {}", filters.join(", ")));
    [qos, by].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What is sent, and does not reach the client.
pub(crate) fn unreached(why: &str) -> String {
    format!(", but it does not arrive now: {why}")
}

/// A filter with the QoS that was granted.
pub(crate) fn granted(filter: &str, qos: u8) -> String {
    format!("{filter} (granted QoS {qos})")
}

/// Another member of the group gets it.
pub(crate) fn shared(filter: &str) -> String {
    format!("it shares {filter}, and another member gets this message")
}

/// A filter that begins with a wildcard, and a reserved name.
pub(crate) fn reserved(filter: &str) -> String {
    format!("{filter} begins with a wildcard, which stands for no name that begins with $")
}

/// A filter that wants another level.
pub(crate) fn other_level(filter: &str, level: usize, wants: &str, is: &str) -> String {
    format!("{filter} parts at level {level}: “{wants}” is not “{is}”")
}

/// A filter that ends too early.
pub(crate) fn ends_early(filter: &str, level: usize) -> String {
    format!("{filter} has no level {level}; with /# at its end it would match")
}

/// A filter that goes on.
pub(crate) fn goes_on(filter: &str, level: usize) -> String {
    format!("{filter} wants a level {level}, which the topic has not")
}

/// Until when.
pub(crate) fn until(when: &str) -> String {
    format!("until {when}")
}

/// The exercises on filters.
pub(crate) const EXERCISE: &str = "Try an exercise";
pub(crate) const EXERCISE_REST: &str = "One: the rest of a name";
pub(crate) const EXERCISE_LEVELS: &str = "Two: one level each";
pub(crate) const EXERCISE_THINK: &str = "Which names fall under each of these? Think, then light it up.";

/// Publishes to the names of an exercise.
pub(crate) fn publish_names(count: usize) -> String {
    format!("Publish {count} names")
}
