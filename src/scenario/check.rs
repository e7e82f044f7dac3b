//! What a document must keep to beyond its form: names that exist, topics that are valid, bounds.

use super::document::{Ask, Scenario, last_time};
use super::form::{MAX_PROBLEMS, too_many};
use super::problem::Problem;
use crate::broker::Command;
use crate::client::{Action, ConnectOptions, Message, MessageExtra};
use crate::nearest::{did_you_mean, ended};
use crate::policy::aws::Policy;
use crate::policy::{Access, MAX_USERS};
use crate::profile::Profile;
use crate::sim::{ClientSpec, Input, Step, check_template};
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};
use crate::topic::{check_filter, check_name};
use crate::wire::Version;

/// The longest document, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 4 << 20;
/// The most clients.
pub const MAX_CLIENTS: usize = 10_000;
/// The most steps, each counted once however often it happens.
pub const MAX_STEPS: usize = 100_000;
/// The most times that all steps together happen.
pub const MAX_TIMES: u64 = 1_000_000;
/// The most marks, and the most claims.
pub const MAX_MARKS: usize = 1_000;
/// The longest run.
pub const MAX_LENGTH: Span = Span::s(366 * 86_400);
/// The most policies of one client ([aws.policy.size]).
pub const MAX_POLICIES: usize = 10;
/// The longest name of a client, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// Everything that is wrong with a scenario, up to a bound; its places are paths without lines.
pub(super) fn check(scenario: &Scenario) -> Vec<Problem> {
    let policies = Some(&scenario.broker.access.policies.documents);
    let mut checker = Checker { problems: Vec::new(), clients: Sorted::new(), policies };
    checker.scenario(scenario);
    checker.problems
}

/// Everything that is wrong with one step, where these are the clients.
pub(super) fn check_step<'a>(
    step: &Step,
    clients: impl IntoIterator<Item = (&'a str, Version)>,
) -> Vec<Problem> {
    let mut checker = Checker { problems: Vec::new(), clients: Sorted::new(), policies: None };
    for (name, version) in clients {
        checker.clients.insert(name, version);
    }
    checker.step("", step);
    checker.problems
}

struct Checker<'a> {
    problems: Vec<Problem>,
    clients: Sorted<&'a str, Version>,
    /// The policies that there are; `None` where that is not known.
    policies: Option<&'a Sorted<Box<str>, Policy>>,
}

impl<'a> Checker<'a> {
    fn wrong(&mut self, path: impl ToString, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem::at_path(path, message));
        }
    }

    fn most(&mut self, path: &str, count: usize, most: usize) {
        if count > most {
            self.wrong(path, too_many(count, most));
        }
    }

    fn scenario(&mut self, scenario: &'a Scenario) {
        self.most("clients", scenario.clients.len(), MAX_CLIENTS);
        self.most("steps", scenario.steps.len(), MAX_STEPS);
        self.most("marks", scenario.marks.len(), MAX_MARKS);
        self.most("expect", scenario.expect.len(), MAX_MARKS);
        if !is_rfc3339(&scenario.epoch) {
            self.wrong("epoch", "a date and time in UTC belongs here, such as \"2026-01-01T00:00:00Z\"");
        }
        if scenario.until.is_some_and(|until| until > SimTime(MAX_LENGTH.0)) {
            self.wrong("until", format!("a run is at most {MAX_LENGTH} long"));
        }
        self.broker(scenario);
        for (index, client) in scenario.clients.iter().enumerate() {
            self.client(&format!("clients[{index}]"), client);
        }
        let mut times = 0u64;
        for (index, step) in scenario.steps.iter().enumerate() {
            let path = format!("steps[{index}]");
            times = times.saturating_add(step.times);
            self.time(&path, last_time(step), scenario);
            self.step(&path, step);
        }
        if times > MAX_TIMES {
            self.wrong(
                "steps",
                format!("they happen {times} times together; at most {MAX_TIMES} are allowed"),
            );
        }
        for (index, mark) in scenario.marks.iter().enumerate() {
            let path = format!("marks[{index}]");
            self.time(&path, mark.at, scenario);
            if let Some(ask) = &mark.ask {
                self.ask(&format!("{path}.ask"), ask);
            }
        }
        for (index, claim) in scenario.expect.iter().enumerate() {
            let path = format!("expect[{index}]");
            self.known(&format!("{path}.client"), &claim.client);
            if let Some(topic) = &claim.topic
                && let Err(error) = check_filter(topic)
            {
                self.wrong(format!("{path}.topic"), error.to_string());
            }
            if claim.between.is_some_and(|(from, to)| from >= to) {
                self.wrong(format!("{path}.between"), "the first time must be before the second");
            }
        }
    }

    fn broker(&mut self, scenario: &Scenario) {
        let name = &scenario.broker.profile;
        let Some(mut profile) = Profile::named(name) else {
            return self.wrong("broker.profile", no_profile(name));
        };
        for (key, value) in scenario.broker.set.iter() {
            if let Err(message) = profile.set(key, *value) {
                self.wrong(format!("broker.set.{key}"), message);
            }
        }
        let Access { users, policies, redirect, response_information, .. } = &scenario.broker.access;
        self.most("broker.users", users.len(), MAX_USERS);
        self.most("broker.policies", policies.documents.len(), MAX_CLIENTS);
        for (name, password) in users.iter() {
            self.text_length(&format!("broker.users.{name}"), name.len().max(password.len()));
        }
        if let Some(redirect) = redirect {
            if redirect.to.is_empty() {
                self.wrong("broker.redirect.to", "a server belongs here, such as \"broker.example:1883\"");
            }
            self.text_length("broker.redirect.to", redirect.to.len());
        }
        self.text_length("broker.response_information", response_information.as_ref().map_or(0, String::len));
    }

    /// Whether there is such a policy.
    fn policy(&mut self, path: &str, name: &str) {
        let Some(policies) = self.policies.filter(|policies| !policies.contains(name)) else { return };
        let near = did_you_mean(name, policies.keys().map(|name| &**name));
        self.wrong(path, format!("there is no policy `{name}` in `broker.policies`{near}"));
    }

    /// A time must lie within the run, where that says how long it is.
    fn time(&mut self, path: &str, at: SimTime, scenario: &Scenario) {
        let end = scenario.until.unwrap_or(SimTime(MAX_LENGTH.0));
        if at > end {
            let (at, end) = (Span(at.0), Span(end.0));
            self.wrong(
                format!("{path}.at"),
                format!("this would go on until {at}, but the run ends at {end}"),
            );
        }
    }

    fn client(&mut self, path: &str, spec: &'a ClientSpec) {
        let client = &spec.client;
        let place = format!("{path}.id");
        if client.id.is_empty() || client.id.len() > MAX_NAME_BYTES {
            self.wrong(&place, format!("a client's name has 1 to {MAX_NAME_BYTES} bytes"));
        }
        if self.clients.insert(&client.id, client.version).is_some() {
            self.wrong(&place, format!("there are two clients `{}`", client.id));
        }
        let policies = &spec.principal.policies;
        for (index, name) in policies.iter().enumerate() {
            let place = if policies.len() == 1 { String::new() } else { format!("[{index}]") };
            self.policy(&format!("{path}.policy{place}"), name);
        }
        self.most(&format!("{path}.policy"), policies.len(), MAX_POLICIES);
        self.connect(&format!("{path}.connect"), &client.connect, client.version);
        if client.version == Version::V3
            && client.connect.password.is_some()
            && client.connect.username.is_none()
        {
            self.wrong(format!("{path}.password"), "MQTT 3.1.1 allows no password without a user name");
        }
    }

    fn connect(&mut self, path: &str, connect: &ConnectOptions, version: Version) {
        if let Some(id) = &connect.client_id {
            self.text_length(&format!("{path}.client_id"), id.len());
        }
        self.pairs(path, &connect.user_properties);
        if version == Version::V3 {
            let of_5 = [
                ("session_expiry_s", connect.session_expiry_s.is_some()),
                ("receive_maximum", connect.receive_maximum.is_some()),
                ("maximum_packet_bytes", connect.maximum_packet_bytes.is_some()),
                ("topic_alias_maximum", connect.topic_alias_maximum.is_some()),
                ("request_response_information", connect.request_response_information.is_some()),
                ("request_problem_information", connect.request_problem_information.is_some()),
                ("auth", connect.auth.is_some()),
                ("user_properties", !connect.user_properties.is_empty()),
            ];
            self.only_in_5(path, &of_5);
        }
        self.text_length(&format!("{path}.auth"), connect.auth.as_ref().map_or(0, String::len));
        let Some(will) = &connect.will else { return };
        let path = format!("{path}.will");
        self.message(&path, &will.message, version);
        if version == Version::V3 {
            self.only_in_5(&path, &[("delay_s", will.delay_s.is_some())]);
        }
    }

    fn only_in_5(&mut self, path: &str, fields: &[(&str, bool)]) {
        for (name, _) in fields.iter().filter(|(_, used)| *used) {
            self.wrong(format!("{path}.{name}"), "only MQTT 5 has this, and the client speaks 3.1.1");
        }
    }

    fn message(&mut self, path: &str, message: &Message, version: Version) {
        let alias = message.extra.as_ref().is_some_and(|extra| extra.topic_alias.is_some());
        if !(alias && message.topic.is_empty())
            && let Err(error) = check_name(&message.topic)
        {
            self.wrong(format!("{path}.topic"), error.to_string());
        }
        let Some(extra) = message.extra.as_deref() else { return };
        if version == Version::V3 {
            let MessageExtra { user_properties: pairs, .. } = extra;
            let of_5 = [
                ("payload_is_text", extra.payload_is_text.is_some()),
                ("expiry_s", extra.expiry_s.is_some()),
                ("content_type", extra.content_type.is_some()),
                ("response_topic", extra.response_topic.is_some()),
                ("correlation_data", extra.correlation_data.is_some()),
                ("topic_alias", extra.topic_alias.is_some()),
                ("user_properties", !pairs.is_empty()),
            ];
            self.only_in_5(path, &of_5);
        }
        if let Some(topic) = &extra.response_topic
            && let Err(error) = check_name(topic)
        {
            self.wrong(format!("{path}.response_topic"), error.to_string());
        }
        if let Some(text) = &extra.content_type {
            self.text_length(&format!("{path}.content_type"), text.len());
        }
        if let Some(data) = &extra.correlation_data {
            self.text_length(&format!("{path}.correlation_data"), data.len());
        }
        self.pairs(path, &extra.user_properties);
    }

    fn pairs(&mut self, path: &str, pairs: &[(String, String)]) {
        for (index, (name, value)) in pairs.iter().enumerate() {
            self.text_length(&format!("{path}.user_properties[{index}]"), name.len().max(value.len()));
        }
    }

    fn text_length(&mut self, path: &str, bytes: usize) {
        if bytes > usize::from(u16::MAX) {
            self.wrong(path, format!("MQTT allows at most 65,535 bytes here, not {bytes}"));
        }
    }

    /// Whether there is such a client; its version, and 5 where there is none, so that nothing else is complained of.
    fn known(&mut self, path: &str, client: &str) -> Version {
        if let Some(version) = self.clients.get(client) {
            return *version;
        }
        let near = did_you_mean(client, self.clients.keys().copied());
        self.wrong(path, format!("there is no client `{client}`{near}"));
        Version::V5
    }

    fn step(&mut self, path: &str, step: &Step) {
        if step.times > 1 {
            self.templates(path, &step.input);
        }
        match &step.input {
            Input::Client { client, action } => {
                let version = self.known(&format!("{path}.client"), client);
                self.action(path, action, version);
            }
            Input::Cut { client }
            | Input::Restore { client }
            | Input::Link { client, .. }
            | Input::HalfOpen { client, .. }
            | Input::Stall { client, .. }
            | Input::WhatIf { client, .. } => {
                self.known(&format!("{path}.client"), client);
            }
            Input::Broker(command) => self.command(path, command),
            Input::AddClient(_)
            | Input::RemoveClient { .. }
            | Input::Repeat(_)
            | Input::Stop { .. }
            | Input::Mark { .. }
            | Input::Live { .. } => {
                self.wrong(path, "a scenario's steps cannot do this");
            }
        }
    }

    /// The places that are filled each time in what is published again and again.
    fn templates(&mut self, path: &str, input: &Input) {
        let (topic, payload) = match input {
            Input::Client { action: Action::Publish(message), .. } => (&*message.topic, &message.payload),
            Input::Broker(Command::Publish { message, .. }) => (&*message.topic, &message.payload),
            _ => return,
        };
        let payload = std::str::from_utf8(payload).unwrap_or_default();
        for (name, text) in [("topic", topic), ("payload", payload)] {
            if let Err(why) = check_template(text) {
                self.wrong(format!("{path}.{name}"), why);
            }
        }
    }

    fn action(&mut self, path: &str, action: &Action, version: Version) {
        match action {
            Action::Connect { options: Some(options) } => {
                self.connect(&format!("{path}.connect"), options, version);
            }
            Action::Subscribe(request) => {
                if request.filters.is_empty() {
                    self.wrong(format!("{path}.filters"), "at least one filter belongs here");
                }
                for (index, filter) in request.filters.iter().enumerate() {
                    let path = format!("{path}.filters[{index}]");
                    if let Err(error) = check_filter(&filter.filter) {
                        self.wrong(format!("{path}.filter"), error.to_string());
                    }
                    if version == Version::V3 {
                        let of_5 = [
                            ("no_local", filter.no_local),
                            ("retain_as_published", filter.retain_as_published),
                            ("retain_handling", filter.retain_handling != 0),
                        ];
                        self.only_in_5(&path, &of_5);
                    }
                }
                if version == Version::V3 {
                    self.only_in_5(path, &[("identifier", request.identifier.is_some())]);
                }
            }
            Action::Unsubscribe { filters } => {
                if filters.is_empty() {
                    self.wrong(format!("{path}.filters"), "at least one filter belongs here");
                }
                for (index, filter) in filters.iter().enumerate() {
                    if let Err(error) = check_filter(filter) {
                        self.wrong(format!("{path}.filters[{index}]"), error.to_string());
                    }
                }
            }
            Action::Publish(message) => self.message(path, message, version),
            Action::Disconnect { code, session_expiry_s } if version == Version::V3 => {
                let of_5 = [("code", *code != 0), ("session_expiry_s", session_expiry_s.is_some())];
                self.only_in_5(path, &of_5);
            }
            Action::Reauthenticate if version == Version::V3 => self.only_in_5(path, &[("do", true)]),
            Action::Close { code } if !matches!(code, 1_000 | 3_000..=4_999) => {
                self.wrong(format!("{path}.code"), "a page may close with 1000 or 3000 to 4999");
            }
            _ => {}
        }
    }

    fn command(&mut self, path: &str, command: &Command) {
        match command {
            // What an account is asked about need not be there: its answer says so.
            Command::RetainedList(_) | Command::ConnectionRead { .. } | Command::SubscriptionList { .. } => {}
            Command::Disconnect { client, .. } => {
                self.known(&format!("{path}.client"), client);
            }
            Command::Publish { message, .. } => self.message(path, &Message::of(message), Version::V5),
            Command::RetainedRead { topic } | Command::RetainedDelete { topic } => {
                if let Err(error) = check_name(topic) {
                    self.wrong(format!("{path}.topic"), error.to_string());
                }
            }
            Command::Set { key, value } => {
                if let Err(message) = Profile::default().set(key, *value) {
                    self.wrong(format!("{path}.key"), message);
                }
            }
            Command::Policy { is_new: true, .. } => {}
            Command::Policy { name, .. } => self.policy(&format!("{path}.name"), name),
            Command::Restart { .. } => {}
        }
    }

    fn ask(&mut self, path: &str, ask: &Ask) {
        if !(2..=9).contains(&ask.choices.len()) {
            self.wrong(format!("{path}.choices"), "a question has 2 to 9 choices");
        } else if ask.answer >= ask.choices.len() {
            let most = ask.choices.len() - 1;
            self.wrong(format!("{path}.answer"), format!("the choices are numbered 0 to {most}"));
        }
    }
}

/// Whether it is a date and time in UTC, as RFC 3339 writes it: `2026-01-01T00:00:00Z`, with a fraction or without.
fn is_rfc3339(text: &str) -> bool {
    let number = |from: usize, to: usize| -> Option<u32> {
        let digits = text.get(from..to)?;
        if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
    };
    let within =
        |from, to, least: u32, most: u32| number(from, to).is_some_and(|n| (least..=most).contains(&n));
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let fraction = match text.get(19..) {
        Some("Z") => true,
        Some(rest) => rest.strip_prefix('.').and_then(|rest| rest.strip_suffix('Z')).is_some_and(|digits| {
            (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        }),
        None => false,
    };
    marks.iter().all(|(at, byte)| text.as_bytes().get(*at) == Some(byte))
        && number(0, 4).is_some()
        && within(5, 7, 1, 12)
        && within(8, 10, 1, 31)
        && within(11, 13, 0, 23)
        && within(14, 16, 0, 59)
        && within(17, 19, 0, 60)
        && fraction
}

/// What is said of a profile's name that there is not: the nearest one, and all that there are.
pub(super) fn no_profile(name: &str) -> String {
    let names: Vec<_> = Profile::names().map(|name| format!("`{name}`")).collect();
    let near = ended(did_you_mean(name, Profile::names()));
    format!("there is no profile `{name}`{near} There are {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_rfc_3339() {
        for right in ["2026-01-01T00:00:00Z", "1999-12-31T23:59:60Z", "2026-01-01T00:00:00.123Z"] {
            assert!(is_rfc3339(right), "{right}");
        }
        for wrong in [
            "",
            "2026-01-01",
            "2026-13-01T00:00:00Z",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
        ] {
            assert!(!is_rfc3339(wrong), "{wrong}");
        }
    }
}
