//! The value of a setting, as scenarios and links write it: a number, `true` or `false`, or `"unlimited"`.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// The value of a setting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// A number, a count or a length of time in the unit that the setting's name ends with.
    Number(u64),
    /// A switch.
    Switch(bool),
    /// No limit.
    Unlimited,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Switch(switch) => write!(f, "{switch}"),
            Self::Unlimited => f.write_str("unlimited"),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Switch(switch) => serializer.serialize_bool(*switch),
            Self::Unlimited => serializer.serialize_str("unlimited"),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, true, false or \"unlimited\"")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
                Ok(Value::Number(number))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
                u64::try_from(number).map(Value::Number).map_err(|_| E::custom("a setting is never negative"))
            }

            fn visit_bool<E: Error>(self, switch: bool) -> Result<Value, E> {
                Ok(Value::Switch(switch))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
                if text == "unlimited" {
                    Ok(Value::Unlimited)
                } else {
                    Err(E::custom(format_args!(
                        "`{text}` is no value: write a number, true, false or \"unlimited\""
                    )))
                }
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_written() {
        for (value, json) in
            [(Value::Number(10), "10"), (Value::Switch(true), "true"), (Value::Unlimited, "\"unlimited\"")]
        {
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(serde_json::from_str::<Value>(json).unwrap(), value);
        }
        for wrong in ["-1", "1.5", "\"ten\"", "null", "[]"] {
            assert!(serde_json::from_str::<Value>(wrong).is_err(), "{wrong}");
        }
    }
}
