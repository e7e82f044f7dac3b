//! The kinds of values that have no fields: text, numbers, times, bytes.

use super::form::Form;
use crate::json::{Json, from_base64, from_hex, write_hex, write_text};
use crate::nearest::{did_you_mean, ended};
use crate::time::{SimTime, Span};
use crate::wire::QoS;
use bytes::Bytes;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// Writes bytes: as text where they are that.
pub(super) fn put_bytes(out: &mut String, value: &[u8]) {
    match std::str::from_utf8(value) {
        Ok(text) => write_text(out, text),
        Err(_) => {
            out.push_str("{\"hex\":");
            write_hex(out, value);
            out.push('}');
        }
    }
}

impl Form<'_> {
    /// Text that is empty where it is left out.
    pub(super) fn text(&mut self, value: &mut String) {
        self.words(value, "", "text");
    }

    /// Text that has a default of its own.
    #[inline(never)]
    pub(super) fn words(&mut self, value: &mut String, default: &str, wanted: &str) {
        match self.given() {
            None => {}
            Some(Json::Text(text)) => value.clone_from(text),
            Some(_) => self.not(wanted),
        }
        if self.is_put(value == default) {
            write_text(self.put(), value);
        }
    }

    /// `true` or `false`.
    #[inline(never)]
    pub(super) fn switch(&mut self, value: &mut bool, default: bool) {
        match self.given() {
            None => {}
            Some(Json::Switch(switch)) => *value = *switch,
            Some(_) => self.not("true or false"),
        }
        if self.is_put(*value == default) {
            self.put().push_str(if *value { "true" } else { "false" });
        }
    }

    /// A switch that is off where it is left out.
    pub(super) fn on(&mut self, value: &mut bool) {
        self.switch(value, false);
    }

    /// A whole number within bounds.
    pub(super) fn number<N>(&mut self, value: &mut N, default: N, range: RangeInclusive<N>)
    where
        N: Copy + TryFrom<u64> + TryInto<u64>,
    {
        let wide = |number: N| number.try_into().unwrap_or(u64::MAX);
        let number = self.whole(wide(*value), wide(default), wide(*range.start()), wide(*range.end()));
        if let Ok(number) = N::try_from(number) {
            *value = number;
        }
    }

    #[inline(never)]
    fn whole(&mut self, value: u64, default: u64, least: u64, most: u64) -> u64 {
        let number = match self.given() {
            None => Some(value),
            Some(Json::Number(number)) => number.parse().ok(),
            Some(_) => None,
        };
        if let Some(number) = number.filter(|number| (least..=most).contains(number)) {
            if self.is_put(number == default) {
                let _ = write!(self.put(), "{number}");
            }
            return number;
        }
        let found = match self.given() {
            None => value.to_string(),
            Some(Json::Number(number)) => number.clone(),
            Some(other) => other.name().to_owned(),
        };
        self.wrong(&format!("a whole number from {least} to {most} belongs here, not {found}"));
        value
    }

    /// A number that fits its type.
    pub(super) fn any16(&mut self, value: &mut u16) {
        self.number(value, 0, 0..=u16::MAX);
    }

    /// A number that fits its type.
    pub(super) fn any32(&mut self, value: &mut u32) {
        self.number(value, 0, 0..=u32::MAX);
    }

    /// A number that fits its type and is not 0.
    pub(super) fn some16(&mut self, value: &mut u16) {
        self.number(value, 0, 1..=u16::MAX);
    }

    /// A number that fits its type and is not 0.
    pub(super) fn some32(&mut self, value: &mut u32) {
        self.number(value, 0, 1..=u32::MAX);
    }

    /// A quality of service.
    pub(super) fn qos(&mut self, value: &mut QoS) {
        let mut number = *value as u8;
        self.number(&mut number, 0, 0..=2);
        *value = QoS::from_number(number).unwrap_or_default();
    }

    /// One of these names, by its place among them.
    #[inline(never)]
    pub(super) fn choice(&mut self, value: &mut usize, names: &[&str]) {
        let mut name = names.get(*value).copied().unwrap_or_default().to_owned();
        self.words(&mut name, "", "text");
        match names.iter().position(|known| *known == name) {
            Some(at) => *value = at,
            None => self.wrong(&format!(
                "`{}` is none of them{} Allowed are {}",
                name.escape_debug(),
                ended(did_you_mean(&name, names.iter().copied())),
                names.join(", ")
            )),
        }
    }

    /// A length of time: text with a unit.
    #[inline(never)]
    pub(super) fn span(&mut self, value: &mut Span) {
        let mut text = value.to_string();
        self.words(&mut text, "0s", "a time as text with its unit, such as \"1.5s\" or \"250ms\",");
        match Span::parse(&text) {
            Ok(span) => *value = span,
            Err(message) => self.wrong(&message),
        }
    }

    /// A moment of the run.
    pub(super) fn time(&mut self, value: &mut SimTime) {
        let mut span = Span(value.0);
        self.span(&mut span);
        *value = SimTime(span.0);
    }

    /// Bytes: text, or an object with `hex` or `base64`; none where they are left out.
    pub(super) fn bytes(&mut self, value: &mut Bytes) {
        const WANTED: &str = "text, { \"hex\": \"…\" } or { \"base64\": \"…\" }";
        match self.given() {
            None => {}
            Some(Json::Text(text)) => *value = Bytes::from(text.clone()),
            Some(Json::Object(entries)) if entries.len() == 1 => self.object(value, Self::digits),
            Some(_) => self.not(WANTED),
        }
        if self.is_put(value.is_empty()) {
            put_bytes(self.put(), value);
        }
    }

    /// The fields of bytes that are no text.
    fn digits(&mut self, value: &mut Bytes) {
        let mut digits = String::new();
        self.may("hex").text(&mut digits);
        if self.given().is_some() {
            return match from_hex(&digits) {
                Some(bytes) => *value = bytes.into(),
                None => self.wrong("`hex` takes pairs of hexadecimal digits"),
            };
        }
        self.may("base64").text(&mut digits);
        match from_base64(&digits) {
            Ok(bytes) => *value = bytes.into(),
            Err(at) => self.wrong(&format!("this is no base64: its character {} is wrong", at + 1)),
        }
    }

    /// User Properties: pairs of name and value.
    pub(super) fn pairs(&mut self, value: &mut Vec<(String, String)>) {
        self.list_of(value, Default::default, |form, pair| {
            form.two(pair, Self::text, "a pair [name, value] of texts belongs here");
        });
    }
}
