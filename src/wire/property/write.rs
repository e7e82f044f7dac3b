//! Writing properties.

use super::super::write::{prefixed_len, put_prefixed, put_text, put_variable, text_len, variable_len};
use super::{Properties, Property, PropertyValue};
use bytes::{BufMut, BytesMut};

/// The length of the properties with the Property Length before them.
#[inline]
pub(in crate::wire) fn len(properties: &Properties) -> u64 {
    let inner = inner_len(properties);
    variable_len(inner) + inner
}

impl Properties {
    /// How many bytes they take in a packet, without the Property Length before them.
    pub fn encoded_len(&self) -> usize {
        inner_len(self) as usize
    }
}

#[inline]
fn inner_len(properties: &Properties) -> u64 {
    properties.iter().map(one_len).sum()
}

fn one_len(property: &Property) -> u64 {
    1 + match property.value() {
        PropertyValue::Byte(_) => 1,
        PropertyValue::TwoByteInteger(_) => 2,
        PropertyValue::FourByteInteger(_) => 4,
        PropertyValue::VariableByteInteger(number) => variable_len(u64::from(number)),
        PropertyValue::BinaryData(bytes) => prefixed_len(bytes.len()),
        PropertyValue::Utf8String(text) => text_len(text),
        PropertyValue::Utf8StringPair(name, value) => text_len(name) + text_len(value),
    }
}

/// The properties with the Property Length before them. The caller has found with [`len`] that they can be written.
#[inline]
pub(in crate::wire) fn write(properties: &Properties, out: &mut BytesMut) {
    put_variable(out, inner_len(properties));
    for property in properties {
        write_one(property, out);
    }
}

fn write_one(property: &Property, out: &mut BytesMut) {
    out.put_u8(property.id());
    match property.value() {
        PropertyValue::Byte(byte) => out.put_u8(byte),
        PropertyValue::TwoByteInteger(number) => out.put_u16(number),
        PropertyValue::FourByteInteger(number) => out.put_u32(number),
        PropertyValue::VariableByteInteger(number) => put_variable(out, u64::from(number)),
        PropertyValue::BinaryData(bytes) => put_prefixed(out, bytes),
        PropertyValue::Utf8String(text) => put_text(out, text),
        PropertyValue::Utf8StringPair(name, value) => {
            put_text(out, name);
            put_text(out, value);
        }
    }
}
