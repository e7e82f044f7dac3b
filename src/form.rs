//! How bytes stand in JSON, wherever they do: as text, or as `{"hex": "…"}` where they are no text.

/// For `#[serde(with = "crate::form::bytes")]` on a field of type [`Bytes`](bytes::Bytes).
pub mod bytes {
    use ::bytes::Bytes;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Form<T> {
        Text(T),
        Hex { hex: String },
    }

    /// Writes text where the bytes are UTF-8, else hexadecimal digits.
    ///
    /// # Errors
    /// Only the serializer's own.
    pub fn serialize<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Form::Text(text),
            Err(_) => Form::Hex { hex: super::to_hex(bytes) },
        }
        .serialize(serializer)
    }

    /// Reads what [`serialize`] writes.
    ///
    /// # Errors
    /// Where the digits are no hexadecimal ones, or an odd number of them.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        match Form::<String>::deserialize(deserializer)? {
            Form::Text(text) => Ok(Bytes::from(text)),
            Form::Hex { hex } => super::from_hex(&hex)
                .map(Bytes::from)
                .ok_or_else(|| D::Error::custom("`hex` takes pairs of hexadecimal digits")),
        }
    }
}

/// The same for a field of type `Option<Bytes>`, which is `null` where there is none.
pub mod maybe_bytes {
    use ::bytes::Bytes;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct Form(#[serde(with = "super::bytes")] Bytes);

    /// Writes as [`super::bytes::serialize`] does.
    ///
    /// # Errors
    /// Only the serializer's own.
    pub fn serialize<S: Serializer>(bytes: &Option<Bytes>, serializer: S) -> Result<S::Ok, S::Error> {
        bytes.clone().map(Form).serialize(serializer)
    }

    /// Reads what [`serialize`] writes.
    ///
    /// # Errors
    /// As [`super::bytes::deserialize`].
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Bytes>, D::Error> {
        Ok(Option::<Form>::deserialize(deserializer)?.map(|form| form.0))
    }
}

/// The bytes as lower-case hexadecimal digits.
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|&byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes that pairs of hexadecimal digits stand for, white space between pairs allowed; `None` where they do not.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut digits = text.chars().filter(|c| !c.is_ascii_whitespace());
    while let Some(high) = digits.next() {
        let low = digits.next()?;
        bytes.push((high.to_digit(16)? * 16 + low.to_digit(16)?) as u8);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
    struct Holder(#[serde(with = "bytes")] ::bytes::Bytes);

    #[test]
    fn bytes_are_text_where_they_can_be() {
        for (value, json) in [(&b"on"[..], "\"on\""), (&[0xff, 0x00], "{\"hex\":\"ff00\"}")] {
            let holder = Holder(::bytes::Bytes::from_static(value));
            assert_eq!(serde_json::to_string(&holder).unwrap(), json);
            assert_eq!(serde_json::from_str::<Holder>(json).unwrap(), holder);
        }
        assert!(serde_json::from_str::<Holder>("{\"hex\":\"f\"}").is_err());
        assert!(serde_json::from_str::<Holder>("{\"hex\":\"fg\"}").is_err());
        assert_eq!(from_hex("ff 00"), Some(vec![255, 0]));
    }
}
