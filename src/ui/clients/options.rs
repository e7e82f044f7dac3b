//! What a client says in CONNECT, as a form.

use super::field::{CheckField, Choice, QOS, TextField, number};
use crate::client::{ConnectOptions, Message, WillOptions};
use crate::topic::check_name;
use crate::wire::QoS;
use yew::prelude::*;

/// What is typed into the form.
#[derive(Clone, PartialEq)]
pub(super) struct Draft {
    clean_start: bool,
    session_expiry_s: String,
    keep_alive_s: String,
    username: String,
    password: String,
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
            clean_start: options.clean_start,
            session_expiry_s: options.session_expiry_s.map(|s| s.to_string()).unwrap_or_default(),
            keep_alive_s: options.keep_alive_s.to_string(),
            username: options.username.clone().unwrap_or_default(),
            password: options.password.as_ref().map(text).unwrap_or_default(),
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
            clean_start: self.clean_start,
            session_expiry_s: word(&self.session_expiry_s)?,
            keep_alive_s: number(&self.keep_alive_s, 65_535)
                .ok()?
                .and_then(|n| u16::try_from(n).ok())
                .unwrap_or(0),
            username: some(&self.username),
            password: some(&self.password).map(bytes::Bytes::from),
            will,
            ..rest
        })
    }
}

/// The level of an index.
pub(super) fn qos(index: usize) -> QoS {
    u8::try_from(index).ok().and_then(QoS::from_number).unwrap_or_default()
}

/// The form.
#[derive(Properties, PartialEq)]
pub(super) struct ConnectFieldsProps {
    /// What is typed.
    pub(super) draft: Draft,
    /// Whether the client speaks 5.0.
    pub(super) v5: bool,
    /// What to call when it changes.
    pub(super) onchange: Callback<Draft>,
}

/// The fields.
#[component]
pub(super) fn ConnectFields(props: &ConnectFieldsProps) -> Html {
    let draft = &props.draft;
    let text = |set: fn(&mut Draft, String)| {
        let (draft, onchange) = (draft.clone(), props.onchange.clone());
        Callback::from(move |value: String| {
            let mut draft = draft.clone();
            set(&mut draft, value);
            onchange.emit(draft);
        })
    };
    let check = |set: fn(&mut Draft, bool)| {
        let (draft, onchange) = (draft.clone(), props.onchange.clone());
        Callback::from(move |value: bool| {
            let mut draft = draft.clone();
            set(&mut draft, value);
            onchange.emit(draft);
        })
    };
    let will_qos = {
        let (draft, onchange) = (draft.clone(), props.onchange.clone());
        Callback::from(move |value: usize| onchange.emit(Draft { will_qos: value, ..draft.clone() }))
    };
    let word = |text: &str| number(text, u64::from(u32::MAX)).err();
    let topic = if draft.will {
        check_name(&draft.will_topic).err().map(|error| AttrValue::from(error.what()))
    } else {
        None
    };
    html! {
        <>
            <CheckField label={if props.v5 { "Clean start" } else { "Clean session" }} value={draft.clean_start}
                onchange={check(|draft, on| draft.clean_start = on)} test="clean-start" />
            <div class="field-row">
                if props.v5 {
                    <TextField label="Session expiry, s" value={draft.session_expiry_s.clone()} mode="numeric" error={word(&draft.session_expiry_s)}
                        oninput={text(|draft, value| draft.session_expiry_s = value)} placeholder="0" test="session-expiry" />
                }
                <TextField label="Keep alive, s" value={draft.keep_alive_s.clone()} mode="numeric" error={number(&draft.keep_alive_s, 65_535).err()}
                    oninput={text(|draft, value| draft.keep_alive_s = value)} test="keep-alive" />
            </div>
            <div class="field-row">
                <TextField label="User name" value={draft.username.clone()} oninput={text(|draft, value| draft.username = value)} />
                <TextField label="Password" value={draft.password.clone()} oninput={text(|draft, value| draft.password = value)} />
            </div>
            <CheckField label="With a will" value={draft.will} onchange={check(|draft, on| draft.will = on)} test="will" />
            if draft.will {
                <TextField label="Will topic" value={draft.will_topic.clone()} error={topic} placeholder="lamps/1/state"
                    oninput={text(|draft, value| draft.will_topic = value)} test="will-topic" />
                <TextField label="Will payload" value={draft.will_payload.clone()} oninput={text(|draft, value| draft.will_payload = value)} />
                <div class="field-row">
                    <Choice label="Will QoS" choices={QOS} value={draft.will_qos} onchange={will_qos} />
                    if props.v5 {
                        <TextField label="Delay, s" value={draft.will_delay_s.clone()} mode="numeric" error={word(&draft.will_delay_s)}
                            oninput={text(|draft, value| draft.will_delay_s = value)} placeholder="0" />
                    }
                    <CheckField label="Retain" value={draft.will_retain} onchange={check(|draft, on| draft.will_retain = on)} />
                </div>
            }
        </>
    }
}
