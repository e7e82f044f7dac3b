//! What a rule computes of a message: fields, functions, comparisons, arithmetic.

use super::decimal::Decimal;
use crate::json::{Json, Node, write_value};
use crate::wire::{Properties, Property, Publish};
use std::cmp::Ordering;

/// Something that has a value for a message; none where AWS says `Undefined`.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    Number(String),
    Text(String),
    Switch(bool),
    /// Fields from the payload inwards; a number is the index of an item.
    Path(Vec<String>),
    Call(Function, Vec<Self>),
    Not(Box<Self>),
    Binary(Box<(Self, Operator, Self)>),
}

/// What stands between two expressions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    /// Arithmetic, by its sign.
    Compute(u8),
}

/// What can be asked beside the payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Function {
    Topic,
    ClientId,
    Timestamp,
    MqttProperty,
    UserProperties,
}

impl Function {
    /// Each by its name.
    pub(super) const ALL: [(&'static str, Self); 5] = [
        ("topic", Self::Topic),
        ("clientid", Self::ClientId),
        ("timestamp", Self::Timestamp),
        ("get_mqtt_property", Self::MqttProperty),
        ("get_user_properties", Self::UserProperties),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, function)| *function)
    }

    /// Whether it takes so many arguments.
    pub(super) const fn takes(self, count: usize) -> bool {
        match self {
            Self::Topic => count <= 1,
            Self::ClientId | Self::Timestamp => count == 0,
            Self::MqttProperty | Self::UserProperties => count == 1,
        }
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }
}

/// The message that a rule looks at.
pub(super) struct Looked<'a> {
    pub(super) message: &'a Publish,
    /// Its topic, without the prefix of Basic Ingest.
    pub(super) topic: &'a str,
    /// Who published it; empty for the service.
    pub(super) client: &'a str,
    pub(super) unix_ms: u64,
    /// Its payload, where that is JSON.
    pub(super) payload: Option<Json>,
}

impl Expression {
    /// What the field is called that it becomes where nothing else is said.
    pub(super) fn own_name(&self) -> Option<String> {
        match self {
            Self::Path(path) => path.last().cloned(),
            Self::Call(function, _) => Some(function.name().to_owned()),
            _ => None,
        }
    }

    /// Its value for a message.
    pub(super) fn value(&self, looked: &Looked<'_>) -> Option<Json> {
        match self {
            Self::Number(number) => Some(Json::Number(Decimal::parse(number)?.to_string())),
            Self::Text(text) => Some(Json::Text(text.clone())),
            Self::Switch(switch) => Some(Json::Switch(*switch)),
            Self::Path(path) => path.iter().try_fold(looked.payload.as_ref()?, within).cloned(),
            Self::Call(function, arguments) => call(*function, arguments, looked),
            Self::Not(of) => Some(Json::Switch(!truth(&of.value(looked)?)?)),
            Self::Binary(parts) => {
                let (left, operator, right) = &**parts;
                // One side decides where the other has no value.
                let decided = match operator {
                    Operator::Or => Some(true),
                    Operator::And => Some(false),
                    _ => None,
                };
                let (left, right) = (left.value(looked), right.value(looked));
                if decided.is_some()
                    && [&left, &right].iter().any(|side| side.as_ref().and_then(truth) == decided)
                {
                    return decided.map(Json::Switch);
                }
                binary(&left?, *operator, &right?)
            }
        }
    }

    /// Whether it is true of a message.
    pub(super) fn holds(&self, looked: &Looked<'_>) -> bool {
        self.value(looked).as_ref().and_then(truth) == Some(true)
    }
}

fn within<'a>(value: &'a Json, step: &String) -> Option<&'a Json> {
    match value {
        Json::Object(entries) => {
            entries.iter().find(|entry| entry.key == *step).map(|entry| &entry.node.value)
        }
        Json::List(items) => items.get(step.parse::<usize>().ok()?).map(|node| &node.value),
        _ => None,
    }
}

fn call(function: Function, arguments: &[Expression], looked: &Looked<'_>) -> Option<Json> {
    let argument = arguments.first().map(|argument| argument.value(looked));
    let asked = |argument: &Option<Option<Json>>| match argument {
        Some(Some(Json::Text(text))) => Some(text.clone()),
        _ => None,
    };
    let Properties(properties) = &looked.message.properties;
    match function {
        Function::Topic => match argument {
            None => Some(Json::Text(looked.topic.to_owned())),
            Some(Some(Json::Number(number))) => {
                let level = number.parse::<usize>().ok()?.checked_sub(1)?;
                looked.topic.split('/').nth(level).map(|level| Json::Text(level.to_owned()))
            }
            Some(_) => None,
        },
        Function::ClientId => {
            let client = if looked.client.is_empty() { "N/A" } else { looked.client };
            Some(Json::Text(client.to_owned()))
        }
        Function::Timestamp => Some(Json::Number(looked.unix_ms.to_string())),
        Function::MqttProperty => {
            let name = asked(&argument)?;
            properties.iter().find_map(|property| match (name.as_str(), property) {
                ("content_type", Property::ContentType(text))
                | ("response_topic", Property::ResponseTopic(text)) => Some(Json::Text(text.to_string())),
                ("correlation_data", Property::CorrelationData(data)) => {
                    std::str::from_utf8(data).ok().map(|text| Json::Text(text.to_owned()))
                }
                ("format_indicator", Property::PayloadFormatIndicator(format)) => {
                    let name = if *format == 1 { "UTF8_DATA" } else { "UNSPECIFIED_BYTES" };
                    Some(Json::Text(name.to_owned()))
                }
                _ => None,
            })
        }
        Function::UserProperties => {
            let name = asked(&argument)?;
            let item = |property: &Property| match property {
                Property::UserProperty(key, value) if **key == *name => {
                    Some(Node { offset: 0, value: Json::Text(value.to_string()) })
                }
                _ => None,
            };
            // One by itself, several as a list.
            let mut values: Vec<Node> = properties.iter().filter_map(item).collect();
            if values.len() > 1 { Some(Json::List(values)) } else { values.pop().map(|node| node.value) }
        }
    }
}

fn truth(value: &Json) -> Option<bool> {
    match value {
        Json::Switch(switch) => Some(*switch),
        _ => None,
    }
}

fn number(value: &Json) -> Option<Decimal> {
    match value {
        Json::Number(text) | Json::Text(text) => Decimal::parse(text),
        _ => None,
    }
}

fn binary(left: &Json, operator: Operator, right: &Json) -> Option<Json> {
    if let Operator::Compute(sign) = operator {
        // `+` joins where one side is no number.
        let computed = match (number(left), number(right)) {
            (Some(left), Some(right)) => Json::Number(left.compute(sign, right)?.to_string()),
            _ if sign == b'+' => Json::Text(plain(left) + &plain(right)),
            _ => return None,
        };
        return Some(computed);
    }
    let holds = match operator {
        Operator::Or => truth(left)? || truth(right)?,
        Operator::And => truth(left)? && truth(right)?,
        Operator::Equal => order(left, right) == Some(Ordering::Equal),
        Operator::Unequal => order(left, right) != Some(Ordering::Equal),
        Operator::Less => order(left, right)?.is_lt(),
        Operator::LessOrEqual => order(left, right)?.is_le(),
        Operator::More => order(left, right)?.is_gt(),
        Operator::MoreOrEqual | Operator::Compute(_) => order(left, right)?.is_ge(),
    };
    Some(Json::Switch(holds))
}

/// How two values compare: texts as texts, what can be numbers as such, the rest only as equal.
fn order(left: &Json, right: &Json) -> Option<Ordering> {
    match (left, right) {
        (Json::Text(left), Json::Text(right)) => Some(left.cmp(right)),
        _ => match (number(left), number(right)) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => {
                let is_scalar = |value: &Json| !matches!(value, Json::Number(_) | Json::Text(_));
                let both = is_scalar(left) && is_scalar(right);
                (both && plain(left) == plain(right)).then_some(Ordering::Equal)
            }
        },
    }
}

/// A value as it stands in a topic: a text without its quotes, anything else as JSON.
pub(super) fn plain(value: &Json) -> String {
    match value {
        Json::Text(text) => text.clone(),
        value => {
            let mut out = String::new();
            write_value(&mut out, value, None);
            out
        }
    }
}
