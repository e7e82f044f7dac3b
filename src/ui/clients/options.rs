//! What a client says in CONNECT, as a form.

use crate::client::{ConnectOptions, Message, WillOptions};
use crate::policy::METHOD;
use crate::topic::check_name;
use crate::ui::field::{QOS, TextField, changed, check_field, choice, number, qos};
use yew::prelude::*;

/// What is typed into the form.
#[derive(Clone, PartialEq)]
pub(super) struct Draft {
    nameless: bool,
    clean_start: bool,
    session_expiry_s: String,
    keep_alive_s: String,
    username: String,
    password: String,
    /// Whether the password is shown.
    shown: bool,
    challenge: bool,
    will: bool,
    will_topic: String,
    will_payload: String,
    will_qos: usize,
    will_retain: bool,
    will_delay_s: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self::of(&ConnectOptions { session_expiry_s: Some(3600), ..ConnectOptions::default() })
    }
}

impl Draft {
    /// The form for options.
    pub(super) fn of(options: &ConnectOptions) -> Self {
        let message = options.will.as_ref().map(|will| &will.message);
        let text = |bytes: &bytes::Bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            nameless: options.client_id.as_deref() == Some(""),
            clean_start: options.clean_start,
            session_expiry_s: options.session_expiry_s.map(|s| s.to_string()).unwrap_or_default(),
            keep_alive_s: options.keep_alive_s.to_string(),
            username: options.username.clone().unwrap_or_default(),
            password: options.password.as_ref().map(text).unwrap_or_default(),
            shown: false,
            challenge: options.auth.as_deref() == Some(METHOD),
            will: options.will.is_some(),
            will_topic: message.map(|message| message.topic.clone()).unwrap_or_default(),
            will_payload: message
                .map(|message| text(&message.payload))
                .unwrap_or_else(|| "offline".to_owned()),
            will_qos: message.map_or(1, |message| message.qos as usize),
            will_retain: message.is_some_and(|message| message.retain),
            will_delay_s: options
                .will
                .as_ref()
                .and_then(|will| will.delay_s)
                .map(|s| s.to_string())
                .unwrap_or_default(),
        }
    }

    /// The options that it says, on top of those that it does not show; `None` where something is wrong in it.
    pub(super) fn options(&self, rest: ConnectOptions) -> Option<ConnectOptions> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let word = |text: &str| {
            number(text, u64::from(u32::MAX)).ok().map(|number| number.and_then(|n| u32::try_from(n).ok()))
        };
        let will = if self.will {
            check_name(&self.will_topic).ok()?;
            let message = Message {
                topic: self.will_topic.clone(),
                payload: self.will_payload.clone().into(),
                qos: qos(self.will_qos),
                retain: self.will_retain,
                extra: None,
            };
            Some(WillOptions { message, delay_s: word(&self.will_delay_s)? })
        } else {
            None
        };
        Some(ConnectOptions {
            client_id: if self.nameless {
                Some(String::new())
            } else {
                rest.client_id.filter(|id| !id.is_empty())
            },
            clean_start: self.clean_start,
            session_expiry_s: word(&self.session_expiry_s)?,
            keep_alive_s: number(&self.keep_alive_s, 65_535)
                .ok()?
                .and_then(|n| u16::try_from(n).ok())
                .unwrap_or(0),
            username: some(&self.username),
            password: some(&self.password).map(bytes::Bytes::from),
            auth: if self.challenge {
                Some(METHOD.to_owned())
            } else {
                rest.auth.filter(|method| method != METHOD)
            },
            will,
            ..rest
        })
    }
}

/// The largest number that a property of four bytes holds.
const WORD: u64 = u32::MAX as u64;

/// The fields of the form; `onchange` hears of every change.
pub(super) fn connect_fields(draft: &Draft, v5: bool, onchange: &Callback<Draft>) -> Html {
    let text = |set: fn(&mut Draft, String)| changed(draft, onchange, set);
    let check = |set: fn(&mut Draft, bool)| changed(draft, onchange, set);
    let clean = if v5 { "Clean start" } else { "Clean session" };
    let nameless = if v5 {
        "Empty client identifier: the broker assigns one"
    } else {
        "Empty client identifier: needs a clean session"
    };
    let expiry = TextField::new(
        "Session expiry, s",
        &draft.session_expiry_s,
        text(|draft, value| draft.session_expiry_s = value),
    );
    let keep_alive =
        TextField::new("Keep alive, s", &draft.keep_alive_s, text(|draft, value| draft.keep_alive_s = value));
    let username = TextField::new("User name", &draft.username, text(|draft, value| draft.username = value));
    let password = TextField::new("Password", &draft.password, text(|draft, value| draft.password = value));
    html! {
        <>
            { check_field(nameless, draft.nameless, "nameless", &check(|draft, on| draft.nameless = on)) }
            { check_field(clean, draft.clean_start, "clean-start", &check(|draft, on| draft.clean_start = on)) }
            <div class="field-row">
                if v5 {
                    { expiry.placeholder("0").number(WORD).html("session-expiry") }
                }
                { keep_alive.number(65_535).html("keep-alive") }
            </div>
            <div class="field-row">
                { username.html("username") }
                { password.password(draft.shown).html("password") }
            </div>
            { check_field("Show the password", draft.shown, "password-shown", &check(|draft, on| draft.shown = on)) }
            if v5 {
                { check_field("Answer a challenge with the password (GLASS-CHALLENGE)", draft.challenge, "challenge",
                    &check(|draft, on| draft.challenge = on)) }
            }
            { check_field("With a will", draft.will, "will", &check(|draft, on| draft.will = on)) }
            if draft.will {
                { will_fields(draft, v5, onchange) }
            }
        </>
    }
}

fn will_fields(draft: &Draft, v5: bool, onchange: &Callback<Draft>) -> Html {
    let text = |set: fn(&mut Draft, String)| changed(draft, onchange, set);
    let wrong = match draft.will_topic.as_str() {
        "" => None,
        topic => check_name(topic).err().map(|error| error.what().to_owned()),
    };
    let topic = TextField::new(
        "Will topic (needed)",
        &draft.will_topic,
        text(|draft, value| draft.will_topic = value),
    );
    let payload =
        TextField::new("Will payload", &draft.will_payload, text(|draft, value| draft.will_payload = value));
    let delay =
        TextField::new("Delay, s", &draft.will_delay_s, text(|draft, value| draft.will_delay_s = value));
    html! {
        <>
            { topic.error(wrong).placeholder("lamps/1/state").html("will-topic") }
            { payload.html("will-payload") }
            <div class="field-row">
                { choice("Will QoS", QOS, draft.will_qos, "will-qos", &changed(draft, onchange, |draft, value| draft.will_qos = value)) }
                if v5 {
                    { delay.placeholder("0").number(WORD).html("will-delay") }
                }
                { check_field("Retain", draft.will_retain, "will-retain", &changed(draft, onchange, |draft, on| draft.will_retain = on)) }
            </div>
        </>
    }
}
