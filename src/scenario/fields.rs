//! The fields of the document's objects, each named once: this is how they are read, how they are written, and which there are.

use super::document::{Ask, BrokerPart, Claim, FORMAT, Mark, Scenario};
use super::form::{Form, write};
use super::inputs::{blank_step, step};
use super::kinds::put_bytes;
use super::policies::{documents, principal};
use super::problem::Problem;
use crate::client::{ClientOptions, ConnectOptions, FilterRequest, Message, WillOptions};
use crate::json::Json;
use crate::policy::{Access, AccessList, Redirect, Users};
use crate::profile::Value;
use crate::sim::{ClientSpec, LinkSpec};
use crate::sorted::Sorted;
use crate::time::Span;
use crate::wire::Version;
use bytes::Bytes;

/// The greatest whole number that every JSON reader takes exactly: 2^53 - 1 (RFC 8259, section 6).
const MAX_EXACT: u64 = (1 << 53) - 1;

impl Scenario {
    /// The document as JSON that [`parse`](super::parse) reads back; what has its default is left out.
    ///
    /// # Errors
    /// Where something in it is nothing that a document can say.
    pub fn to_json(&self) -> Result<String, Problem> {
        write(&mut self.clone(), scenario)
    }
}

impl Form<'_> {
    /// The version of a document, which is its first field.
    pub(super) fn format(&mut self) {
        let given = self.must("glassbroker").given();
        if given.is_some() && !matches!(given, Some(Json::Number(number)) if *number == FORMAT.to_string()) {
            self.wrong(&format!("this is the version of the document; the only one is {FORMAT}"));
        } else {
            self.number(&mut { FORMAT }, 0, 0..=FORMAT);
        }
    }
}

pub(super) fn scenario(form: &mut Form<'_>, value: &mut Scenario) {
    form.object(value, |form, value| {
        let default = Scenario::default();
        form.format();
        // For editors only.
        form.may("$schema").text(&mut String::new());
        form.may("title").text(&mut value.title);
        form.may("about").text(&mut value.about);
        form.may("seed").number(&mut value.seed, default.seed, 0..=MAX_EXACT);
        form.may("epoch").words(&mut value.epoch, &default.epoch, "text");
        form.may("until").maybe(&mut value.until, Form::time);
        form.may("broker").object(&mut value.broker, broker);
        form.may("clients").list_of(&mut value.clients, ClientSpec::default, client);
        form.may("steps").list_of(&mut value.steps, blank_step, step);
        form.may("marks").list_of(&mut value.marks, Mark::default, mark);
        form.may("expect").list_of(&mut value.expect, Claim::default, claim);
    });
}

fn broker(form: &mut Form<'_>, value: &mut BrokerPart) {
    let default = BrokerPart::default();
    form.may("profile").words(&mut value.profile, &default.profile, "text");
    form.may("set").object(&mut value.set, settings);
    form.may("policies").object(&mut value.access.policies.documents, documents);
    access(form, &mut value.access);
    super::topic_rules::topic_rules(form.may("rules"), &mut value.rules);
}

/// Who may come in, and what they may do there.
fn access(form: &mut Form<'_>, value: &mut Access) {
    form.may("users").object(&mut value.users, users);
    form.may("anonymous").maybe(&mut value.anonymous, Form::on);
    form.may("acl").maybe(&mut value.list, access_list);
    form.may("redirect").maybe(&mut value.redirect, |form, value| form.object(value, redirect));
    form.may("response_information").maybe(&mut value.response_information, Form::text);
}

fn users(form: &mut Form<'_>, value: &mut Users) {
    let mut users = Sorted::new();
    for name in form.names() {
        let mut password = Bytes::new();
        form.at_field(name).bytes(&mut password);
        users.insert(name.into(), password);
    }
    if form.reads() {
        *value = Users::new(users);
    } else {
        for (name, password) in value.iter() {
            put_bytes(form.put_as(Some(name)), password);
        }
    }
}

/// An access list, as one text or as a list of its lines.
fn access_list(form: &mut Form<'_>, value: &mut AccessList) {
    let mut text = value.text().to_owned();
    if let Some(Json::List(_)) = form.given() {
        let mut lines = Vec::new();
        form.list_of(&mut lines, String::new, Form::text);
        text = lines.join("\n");
    } else {
        form.words(&mut text, "", "an access list, as text or as a list of lines,");
    }
    if form.reads() {
        match AccessList::parse(&text) {
            Ok(list) => *value = list,
            Err(error) => form.wrong(&error.to_string()),
        }
    }
}

fn redirect(form: &mut Form<'_>, value: &mut Redirect) {
    form.must("to").text(&mut value.to);
    form.may("permanently").on(&mut value.permanently);
}

fn settings(form: &mut Form<'_>, value: &mut Sorted<Box<str>, Value>) {
    for name in form.names() {
        let mut one = Value::Unlimited;
        form.at_field(name);
        setting(form, &mut one);
        value.insert(name.into(), one);
    }
    if !form.reads() {
        for (name, one) in value.iter() {
            put_setting(form.put_as(Some(name)), *one);
        }
    }
}

/// The value of a setting.
pub(super) fn setting(form: &mut Form<'_>, value: &mut Value) {
    let given = match form.given() {
        None => Some(*value),
        Some(Json::Number(number)) => number.parse().ok().map(Value::Number),
        Some(Json::Switch(switch)) => Some(Value::Switch(*switch)),
        Some(Json::Text(text)) if text == "unlimited" => Some(Value::Unlimited),
        Some(_) => None,
    };
    match given {
        Some(given) => *value = given,
        None => form.wrong("a whole number, true, false or \"unlimited\" belongs here"),
    }
    if form.is_put(false) {
        put_setting(form.put(), *value);
    }
}

fn put_setting(out: &mut String, value: Value) {
    let quote = if value == Value::Unlimited { "\"" } else { "" };
    out.push_str(&format!("{quote}{value}{quote}"));
}

pub(super) fn client(form: &mut Form<'_>, value: &mut ClientSpec) {
    form.object(value, |form, ClientSpec { client: value, link: network, principal: attached }| {
        let default = ClientOptions::default();
        form.must("id").text(&mut value.id);
        form.may("mqtt");
        version(form, &mut value.version);
        principal(form, attached);
        form.may("username").maybe(&mut value.connect.username, Form::text);
        form.may("password").maybe(&mut value.connect.password, Form::bytes);
        form.may("connect").object(&mut value.connect, connect);
        form.may("link").object(network, link);
        form.may("pings").switch(&mut value.pings, default.pings);
        form.may("reconnect_after").maybe(&mut value.reconnect, Form::span);
        form.may("queue_max_messages").number(
            &mut value.queue_max_messages,
            default.queue_max_messages,
            0..=1_000_000,
        );
    });
}

fn version(form: &mut Form<'_>, value: &mut Version) {
    let mut text = if *value == Version::V5 { "5" } else { "3.1.1" }.to_owned();
    form.words(&mut text, "5", "the version of MQTT, \"5\" or \"3.1.1\",");
    match text.as_str() {
        "5" => *value = Version::V5,
        "3.1.1" => *value = Version::V3,
        _ => form.wrong("the version of MQTT is \"5\" or \"3.1.1\""),
    }
}

/// What a CONNECT says; without user name and password, which stand beside it.
pub(super) fn connect(form: &mut Form<'_>, value: &mut ConnectOptions) {
    let default = ConnectOptions::default();
    form.may("client_id").maybe(&mut value.client_id, Form::text);
    form.may("clean_start").switch(&mut value.clean_start, default.clean_start);
    form.may("keep_alive_s").number(&mut value.keep_alive_s, default.keep_alive_s, 0..=u16::MAX);
    form.may("session_expiry_s").maybe(&mut value.session_expiry_s, Form::any32);
    form.may("receive_maximum").maybe(&mut value.receive_maximum, Form::some16);
    form.may("maximum_packet_bytes").maybe(&mut value.maximum_packet_bytes, Form::some32);
    form.may("topic_alias_maximum").maybe(&mut value.topic_alias_maximum, Form::any16);
    form.may("request_response_information").maybe(&mut value.request_response_information, Form::on);
    form.may("request_problem_information").maybe(&mut value.request_problem_information, Form::on);
    form.may("auth").maybe(&mut value.auth, Form::text);
    form.may("user_properties").pairs(&mut value.user_properties);
    form.may("will").maybe(&mut value.will, |form, value| form.object(value, will));
}

fn will(form: &mut Form<'_>, value: &mut WillOptions) {
    message(form, &mut value.message, false);
    form.may("delay_s").maybe(&mut value.delay_s, Form::any32);
}

/// A message to publish; that of a will has no topic alias.
pub(super) fn message(form: &mut Form<'_>, value: &mut Message, has_alias: bool) {
    form.must("topic").text(&mut value.topic);
    form.may("payload").bytes(&mut value.payload);
    form.may("qos").qos(&mut value.qos);
    form.may("retain").on(&mut value.retain);
    let mut extra = value.extra.take().unwrap_or_default();
    form.may("payload_is_text").maybe(&mut extra.payload_is_text, Form::on);
    form.may("expiry_s").maybe(&mut extra.expiry_s, Form::any32);
    form.may("content_type").maybe(&mut extra.content_type, Form::text);
    form.may("response_topic").maybe(&mut extra.response_topic, Form::text);
    form.may("correlation_data").maybe(&mut extra.correlation_data, Form::bytes);
    form.may("user_properties").pairs(&mut extra.user_properties);
    if has_alias {
        form.may("topic_alias").maybe(&mut extra.topic_alias, Form::some16);
    }
    value.extra = (*extra != Default::default()).then_some(extra);
}

/// A link, in whole milliseconds.
pub(super) fn link(form: &mut Form<'_>, value: &mut LinkSpec) {
    let default = LinkSpec::default();
    form.may("latency_ms");
    ms(form, &mut value.latency, default.latency);
    form.may("jitter_ms");
    ms(form, &mut value.jitter, default.jitter);
    form.may("bytes_per_s").maybe(&mut value.bytes_per_s, |form, value| {
        form.number(value, 0, 1..=1_000_000_000_000);
    });
    let most = 1 << 30;
    form.may("in_flight_max_bytes").number(
        &mut value.in_flight_max_bytes,
        default.in_flight_max_bytes,
        1..=most,
    );
}

fn ms(form: &mut Form<'_>, value: &mut Span, default: Span) {
    const US: u64 = 1_000;
    if !value.0.is_multiple_of(US) {
        form.wrong("only whole milliseconds can be written here");
    }
    let mut number = value.0 / US;
    form.number(&mut number, default.0 / US, 0..=3_600_000);
    *value = Span::ms(number);
}

pub(super) fn filter(form: &mut Form<'_>, value: &mut FilterRequest) {
    form.object(value, |form, value| {
        form.must("filter").text(&mut value.filter);
        form.may("qos").qos(&mut value.qos);
        form.may("no_local").on(&mut value.no_local);
        form.may("retain_as_published").on(&mut value.retain_as_published);
        form.may("retain_handling").number(&mut value.retain_handling, 0, 0..=2);
    });
}

fn mark(form: &mut Form<'_>, value: &mut Mark) {
    form.object(value, |form, value| {
        form.must("at").time(&mut value.at);
        form.must("title").text(&mut value.title);
        form.may("text").text(&mut value.text);
        form.may("pause").on(&mut value.pause);
        form.may("ask").maybe(&mut value.ask, |form, value| form.object(value, ask));
    });
}

fn ask(form: &mut Form<'_>, value: &mut Ask) {
    form.must("question").text(&mut value.question);
    form.must("choices").list_of(&mut value.choices, String::new, Form::text);
    form.must("answer").number(&mut value.answer, 0, 0..=99);
    form.may("why").text(&mut value.why);
}

fn claim(form: &mut Form<'_>, value: &mut Claim) {
    form.object(value, |form, value| {
        form.must("client").text(&mut value.client);
        form.must("receives").number(&mut value.receives, 0, 0..=u64::from(u32::MAX));
        form.may("topic").maybe(&mut value.topic, Form::text);
        form.may("between").maybe(&mut value.between, |form, value| {
            form.two(value, Form::time, "two times belong here, such as [\"30s\", \"60s\"]");
        });
    });
}
