//! The code panel.

/// The tab's title.
pub(crate) const TITLE: &str = "Code";
/// The two views.
pub(crate) const VIEWS: [&str; 2] = ["Your program", "A client as code"];
/// Over the choice of views.
pub(crate) const VIEW: &str = "View";
/// The editor's label.
pub(crate) const EDITOR: &str = "JavaScript, with mqtt from MQTT.js";
/// The choice of examples.
pub(crate) const EXAMPLES: &str = "Example";
/// The choice of time.
pub(crate) const TIME: &str = "Time";
/// The two times.
pub(crate) const TIMES: [&str; 2] = ["Simulated", "Wall"];
/// What they mean.
pub(crate) const TIMES_TITLE: &str = "Simulated: its timers and dates are the run's, which waits for it, at any speed. Wall: as anywhere else; the run goes along at 1×";
/// Starts it.
pub(crate) const RUN: &str = "Run";
/// Ends it.
pub(crate) const STOP: &str = "Stop";
/// Forgets what it said.
pub(crate) const CLEAR: &str = "Clear";
/// What it said.
pub(crate) const OUTPUT: &str = "Console";
/// Before it said anything.
pub(crate) const QUIET: &str = "Nothing was said yet. A program runs in a sandboxed frame without network, and its connections are clients of this run.";
/// A program that came with a link or a file.
pub(crate) const FOREIGN: &str = "This program came with the link or the file. It has not run, and does not before you press Run: read it first.";
/// It is started.
pub(crate) const STARTED: &str = "It runs.";
/// It is started while time stands still.
pub(crate) const STARTED_STILL: &str =
    "It runs in simulated time, which stands still: press play, or step on.";
/// It was stopped.
pub(crate) const STOPPED: &str = "It was stopped; its sockets are gone.";
/// The run went elsewhere.
pub(crate) const LEFT: &str = "The run went on in another branch, or another run was opened, where the program cannot follow: its sockets closed with 1012.";
/// It loops without end.
pub(crate) const SILENT: &str = "The program does not answer. Stop it?";
/// There is nothing to start it.
pub(crate) const NO_PROGRAMS: &str = "This page cannot run programs.";
/// The choice of clients.
pub(crate) const CLIENT: &str = "Client";
/// The choice of languages.
pub(crate) const LANGUAGE: &str = "As";
/// Puts the code on the clipboard.
pub(crate) const COPY: &str = "Copy";
/// Saves it.
pub(crate) const SAVE: &str = "Save";
/// Puts it into the editor.
pub(crate) const EDIT: &str = "Edit and run here";
/// There is no client.
pub(crate) const NO_CLIENT: &str = "There is no client to write code of: add one.";

/// The titles of the examples.
pub(crate) const EXAMPLE_TITLES: [&str; 4] =
    ["Connect, subscribe, publish", "QoS 2", "A Will, by killing the socket", "A hundred messages"];

/// Something that the program threw.
pub(crate) fn failed(text: &str, line: u32) -> String {
    if line > 0 { format!("Line {line}: {text}") } else { text.to_owned() }
}

/// Lines that are not kept.
pub(crate) fn left_out(count: usize) -> String {
    format!("{count} earlier lines are left out.")
}
