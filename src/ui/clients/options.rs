//! What a client says in CONNECT, as a form.

use crate::client::{ConnectOptions, WillOptions};
use crate::policy::METHOD;
use crate::ui::form::{Place, Values, fields, user_properties};
use crate::ui::talk::{bytes_into, draft_of, lines, message, new_message};
use crate::ui::text::forms::{CONNECT, MESSAGE, WILL};
use yew::prelude::*;

/// What is typed into the form.
#[derive(Clone, PartialEq)]
pub(super) struct Draft {
    connect: Values,
    will: Values,
    message: Values,
}

impl Default for Draft {
    fn default() -> Self {
        Self::of(&ConnectOptions { session_expiry_s: Some(3600), ..ConnectOptions::default() })
    }
}

/// A number, where there is one.
fn text(number: Option<impl ToString>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

impl Draft {
    /// The form for options.
    pub(super) fn of(options: &ConnectOptions) -> Self {
        let identifier = options.client_id.clone().unwrap_or_default();
        let auth = options.auth.clone().unwrap_or_default();
        let mut connect = Values::new(CONNECT)
            .with("session-expiry", text(options.session_expiry_s))
            .with("keep-alive", options.keep_alive_s.to_string())
            .with("username", options.username.clone().unwrap_or_default())
            .with("receive-maximum", text(options.receive_maximum))
            .with("maximum-packet", text(options.maximum_packet_bytes))
            .with("alias-maximum", text(options.topic_alias_maximum))
            .with("connect-user", lines(&options.user_properties));
        connect.turn("nameless", options.client_id.is_some() && identifier.is_empty());
        connect.turn("clean-start", options.clean_start);
        connect.turn("challenge", auth == METHOD);
        connect.turn("will", options.will.is_some());
        connect.say("request-response", options.request_response_information);
        connect.say("request-problem", options.request_problem_information);
        connect.set("identifier", identifier);
        connect.set("auth", if auth == METHOD { String::new() } else { auth });
        let password = options.password.as_deref().unwrap_or_default();
        let connect = bytes_into(connect, "password", "password-form", password);
        let will = options.will.as_ref();
        let delay = will.and_then(|will| will.delay_s);
        Self {
            connect,
            will: Values::new(WILL).with("delay", text(delay)),
            message: will
                .map_or_else(|| new_message().with("payload", "offline"), |will| draft_of(&will.message)),
        }
    }

    /// The same with every text changed.
    pub(super) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self {
            connect: self.connect.map(&change),
            will: self.will.map(&change),
            message: self.message.map(&change),
        }
    }

    /// The options that it says, for a client that speaks 5.0 or not; `None` where something is wrong in it.
    pub(super) fn options(&self, v5: bool) -> Option<ConnectOptions> {
        let of = &self.connect;
        if !of.is_right() || !self.will.is_right() {
            return None;
        }
        let will = if of.on("will") {
            let delay_s = self.will.number("delay").filter(|_| v5);
            Some(WillOptions { message: message(&self.message, v5)?, delay_s })
        } else {
            None
        };
        let plain = ConnectOptions {
            client_id: if of.on("nameless") { Some(String::new()) } else { of.some("identifier") },
            clean_start: of.on("clean-start"),
            keep_alive_s: of.number("keep-alive").unwrap_or(0),
            username: of.some("username"),
            password: of.some("password").and(of.bytes("password", "password-form")),
            will,
            ..ConnectOptions::default()
        };
        if !v5 {
            return Some(plain);
        }
        Some(ConnectOptions {
            session_expiry_s: of.number("session-expiry"),
            receive_maximum: of.number("receive-maximum"),
            maximum_packet_bytes: of.number("maximum-packet"),
            topic_alias_maximum: of.number("alias-maximum"),
            request_response_information: of.said("request-response"),
            request_problem_information: of.said("request-problem"),
            auth: if of.on("challenge") { Some(METHOD.to_owned()) } else { of.some("auth") },
            user_properties: user_properties(of.get("connect-user")).unwrap_or_default(),
            ..plain
        })
    }
}

/// The fields of the form; `onchange` hears of every change.
pub(super) fn connect_fields(draft: &Draft, v5: bool, onchange: &Callback<Draft>) -> Html {
    let part = |set: fn(&mut Draft, Values)| {
        let draft = draft.clone();
        onchange.reform(move |values: Values| {
            let mut draft = draft.clone();
            set(&mut draft, values);
            draft
        })
    };
    let own = Place { prefix: "", topics: "", v5 };
    let will = Place { prefix: "will-", ..own };
    html! {
        <>
            { fields(&draft.connect, CONNECT, own, &part(|draft, values| draft.connect = values)) }
            if draft.connect.on("will") {
                <div class="will-fields">
                    { fields(&draft.message, MESSAGE.iter().filter(|field| field.key != "alias"), will,
                        &part(|draft, values| draft.message = values)) }
                    { fields(&draft.will, WILL, will, &part(|draft, values| draft.will = values)) }
                </div>
            }
        </>
    }
}
