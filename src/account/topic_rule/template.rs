//! Text with `${…}` in it, which stands for what is computed of a message.

use super::expression::{Expression, Looked, plain};
use super::sql::{SqlError, parse_expression};

/// A text in which expressions stand. Two with the same text are equal.
#[derive(Clone, Debug, Default)]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Plain(String),
    Computed(Expression),
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong with an expression in it, and where.
    pub fn parse(text: &str) -> Result<Self, SqlError> {
        let mut parts = Vec::new();
        let mut from = 0;
        while let Some(begin) = text.get(from..).and_then(|rest| rest.find("${")).map(|at| from + at) {
            parts.push(Part::Plain(text.get(from..begin).unwrap_or("").to_owned()));
            let inner = text.get(begin + 2..).unwrap_or("");
            let Some(length) = inner.find('}') else {
                return Err(SqlError { at: begin, message: "`${` has no closing `}`".into() });
            };
            let expression = parse_expression(inner.get(..length).unwrap_or(""), begin + 2)?;
            parts.push(Part::Computed(expression));
            from = begin + 2 + length + 1;
        }
        parts.push(Part::Plain(text.get(from..).unwrap_or("").to_owned()));
        Ok(Self { text: text.to_owned(), parts })
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text for a message.
    pub(super) fn fill(&self, looked: &Looked<'_>) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Plain(text) => out.push_str(text),
                Part::Computed(expression) => match expression.value(looked) {
                    Some(value) => out.push_str(&plain(&value)),
                    None => out.push_str("Undefined"),
                },
            }
        }
        out
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Template {}
