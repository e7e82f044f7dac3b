//! What an account does without a client: publishing over HTTP, retained messages, connections.

use crate::picture::clock;
use crate::time::SimTime;

/// A message.
pub(crate) const PUBLISH_TITLE: &str = "Publish over HTTP";
pub(crate) const PUBLISH_ABOUT: &str = "A message without a client, as an account publishes it. An empty one with Retain deletes what is retained.";
pub(crate) const PUBLISH: &str = "Publish";
pub(crate) const POLICIES_OF: &str = "With the policies of";
pub(crate) const POLICIES_OF_NOBODY: &str = "nobody: everything is allowed";
/// A retained message.
pub(crate) const NO_RETAINED: &str = "There is none now.";
pub(crate) const READ: &str = "Read it";
pub(crate) const DELETE: &str = "Delete it";
/// A connection and its session.
pub(crate) const LOOK: &str = "Look at it";
pub(crate) const LIST: &str = "List its subscriptions";
pub(crate) const CLEAN: &str = "Its session ends too";
pub(crate) const SILENT: &str = "Its Will is not published";
pub(crate) const DISCONNECT: &str = "Disconnect it";
pub(crate) const END: &str = "End it";
pub(crate) const NO_SESSION: &str = "It has no session.";
pub(crate) const AWAY: &str = "Away.";
pub(crate) const FOREVER: &str = "Its session never expires.";
pub(crate) const UNTIL_CLOSED: &str = "Its session ends with its connection.";

/// The retained message of a topic.
pub(crate) fn retained(topic: &str) -> String {
    format!("Retained message of {topic}")
}
/// What is retained, after the payload.
pub(crate) fn stored(qos: u8, at: SimTime) -> String {
    format!("QoS {qos}, stored at {}", clock(at))
}
/// The connection of a client.
pub(crate) fn connection(client: &str) -> String {
    format!("Connection of {client}")
}
/// Since when it is there.
pub(crate) fn connected(since: SimTime, keep_alive_s: u16) -> String {
    format!("Connected since {}, keep alive {keep_alive_s} s.", clock(since))
}
/// How long its session lasts.
pub(crate) fn outlives(s: u32) -> String {
    format!("Its session outlives its connection by {s} s.")
}
