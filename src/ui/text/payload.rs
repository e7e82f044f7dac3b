//! A payload.

/// Its forms.
pub(crate) const JSON: &str = "JSON";
pub(crate) const TEXT: &str = "Text";
pub(crate) const HEX: &str = "Hex";

/// Over it.
pub(crate) fn title(bytes: usize) -> String {
    format!("Payload ({bytes} bytes)")
}
/// It, in one of its forms.
pub(crate) fn shown_as(form: &str) -> String {
    format!("Payload as {form}")
}
/// How much is not shown.
pub(crate) fn more(bytes: usize) -> String {
    let (tenths, unit) = match bytes {
        1_000_000.. => (bytes / 100_000, "MB"),
        1_000.. => (bytes / 100, "kB"),
        _ => return format!("… {bytes} more bytes"),
    };
    format!("… {}.{} {unit} more", tenths / 10, tenths % 10)
}
