//! Texts and their numbers, from 0 in the order in which they first came.

use crate::table::{Table, hash};
use std::sync::Arc;

/// Texts by number, and numbers by text. A copy shares the texts.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    texts: Vec<Arc<str>>,
    table: Table,
}

impl Texts {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The text with this number.
    pub fn get(&self, number: u32) -> Option<&str> {
        self.texts.get(number as usize).map(|text| &**text)
    }

    /// The number of a text, where it has one.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.table.find(hash(0, text.as_bytes()), |number| self.get(number) == Some(text))
    }

    /// The number of a text: the next one where it has none yet.
    pub fn number(&mut self, text: &str) -> u32 {
        self.find(text).unwrap_or_else(|| {
            let number = self.texts.len() as u32;
            self.texts.push(text.into());
            self.table.add(hash(0, text.as_bytes()), number);
            number
        })
    }

    /// All texts in the order of their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(|text| &**text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_the_number_that_it_was_given_first() {
        let mut texts = Texts::new();
        for round in 0..2 {
            for n in 0..1_000 {
                assert_eq!(texts.number(&format!("text {n}")), n, "round {round}");
            }
        }
        assert_eq!((texts.find("text 999"), texts.find("text"), texts.number("")), (Some(999), None, 1_000));
        assert_eq!((texts.get(7), texts.get(1_001), texts.len()), (Some("text 7"), None, 1_001));
        assert!(texts.iter().eq(texts.clone().iter()));
    }
}
