//! The SQL of topic rules, read: `SELECT … FROM '…' WHERE …`.

use super::decimal::Decimal;
use super::expression::{Expression, Function, Operator};
use crate::topic::check_plain_filter;
use std::fmt;

/// How deep parentheses, functions and signs may stand in each other.
const DEPTH_MAX: usize = 32;
/// The longest statement, in bytes.
const SQL_MAX_BYTES: usize = 8_192;

/// Why a statement or a template is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SqlError {
    /// Where, in bytes from the beginning.
    pub at: usize,
    /// What is wrong, and what is allowed.
    pub message: String,
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.at, self.message)
    }
}

impl std::error::Error for SqlError {}

/// One thing that is selected.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// All fields of the payload.
    All,
    /// A value, and the field that it becomes.
    Field(Expression, String),
}

/// A statement that was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Statement {
    pub(super) items: Vec<Item>,
    /// The Topic Filter; `None` where only Basic Ingest brings messages.
    pub(super) from: Option<String>,
    pub(super) condition: Option<Expression>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Word(String),
    Number(String),
    Text(String),
    Sign(&'static str),
    End,
}

/// The signs, the longer ones first.
const SIGNS: [&str; 18] =
    ["<>", "<=", ">=", "!=", "<", ">", "=", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/", "%"];

impl Statement {
    /// Reads a statement.
    pub(super) fn parse(text: &str) -> Result<Self, SqlError> {
        if text.len() > SQL_MAX_BYTES {
            return Err(SqlError {
                at: SQL_MAX_BYTES,
                message: format!("a statement has at most {SQL_MAX_BYTES} bytes"),
            });
        }
        let mut parser = Parser::new(text, 0)?;
        parser.need_word("SELECT")?;
        let mut items = vec![parser.item()?];
        while parser.take_sign(",")? {
            items.push(parser.item()?);
        }
        let mut from = None;
        if parser.take_word("FROM")? {
            let at = parser.at;
            let Token::Text(filter) = parser.next()? else {
                return Err(SqlError {
                    at,
                    message: "a Topic Filter in quotes belongs after FROM, such as 'lamps/+/state'".into(),
                });
            };
            check_plain_filter(&filter).map_err(|error| SqlError { at, message: error.to_string() })?;
            from = Some(filter);
        }
        let condition = if parser.take_word("WHERE")? { Some(parser.expression()?) } else { None };
        parser.end("FROM, WHERE, an operator or the end")?;
        Ok(Self { items, from, condition })
    }
}

/// Reads an expression that stands `offset` bytes into something.
pub(super) fn parse_expression(text: &str, offset: usize) -> Result<Expression, SqlError> {
    let mut parser = Parser::new(text, offset)?;
    let expression = parser.expression()?;
    parser.end("an operator or the end")?;
    Ok(expression)
}

struct Parser<'a> {
    text: &'a str,
    /// Where the text begins in what errors speak of.
    offset: usize,
    /// Where the present token begins, in what errors speak of.
    at: usize,
    token: Token,
    /// What follows it.
    rest: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, offset: usize) -> Result<Self, SqlError> {
        let mut parser = Self { text, offset, at: offset, token: Token::End, rest: 0, depth: 0 };
        parser.next()?;
        Ok(parser)
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Result<T, SqlError> {
        Err(SqlError { at: self.at, message: message.into() })
    }

    /// Takes the present token and reads the one after it.
    fn next(&mut self) -> Result<Token, SqlError> {
        let begin = self.text.len() - self.text.get(self.rest..).unwrap_or("").trim_start().len();
        self.at = self.offset + begin;
        let rest = self.text.get(begin..).unwrap_or("");
        let (token, length) = self.read(rest)?;
        self.rest = begin + length;
        Ok(std::mem::replace(&mut self.token, token))
    }

    /// The token at the beginning of a text, and its length.
    fn read(&self, rest: &str) -> Result<(Token, usize), SqlError> {
        let Some(first) = rest.chars().next() else { return Ok((Token::End, 0)) };
        let run = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        if first.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit() || c == '.');
            return Ok((Token::Number(rest[..length].to_owned()), length));
        }
        if first.is_alphabetic() || first == '_' {
            let length = run(|c| c.is_alphanumeric() || c == '_');
            return Ok((Token::Word(rest[..length].to_owned()), length));
        }
        if first == '\'' || first == '"' {
            let inner = &rest[1..];
            let Some(length) = inner.find(first) else { return self.wrong("this text has no closing quote") };
            return Ok((Token::Text(inner[..length].to_owned()), length + 2));
        }
        match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            Some(sign) => Ok((Token::Sign(sign), sign.len())),
            None => self.wrong(format!("`{}` has no meaning here", first.escape_debug())),
        }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(&self.token, Token::Word(here) if here.eq_ignore_ascii_case(word))
    }

    fn take_word(&mut self, word: &str) -> Result<bool, SqlError> {
        let is_here = self.is_word(word);
        if is_here {
            self.next()?;
        }
        Ok(is_here)
    }

    fn take_sign(&mut self, sign: &'static str) -> Result<bool, SqlError> {
        let is_here = self.token == Token::Sign(sign);
        if is_here {
            self.next()?;
        }
        Ok(is_here)
    }

    fn need_word(&mut self, word: &str) -> Result<(), SqlError> {
        if self.take_word(word)? { Ok(()) } else { self.wrong(format!("{word} belongs here")) }
    }

    fn need_sign(&mut self, sign: &'static str) -> Result<(), SqlError> {
        if self.take_sign(sign)? { Ok(()) } else { self.wrong(format!("`{sign}` belongs here")) }
    }

    fn end(&self, wanted: &str) -> Result<(), SqlError> {
        if self.token == Token::End { Ok(()) } else { self.wrong(format!("{wanted} belongs here")) }
    }

    fn item(&mut self) -> Result<Item, SqlError> {
        if self.take_sign("*")? {
            return Ok(Item::All);
        }
        let at = self.at;
        let expression = self.expression()?;
        if self.take_word("AS")? {
            return Ok(Item::Field(expression, self.name()?));
        }
        match expression.own_name() {
            Some(name) => Ok(Item::Field(expression, name)),
            None => Err(SqlError { at, message: "what is computed needs a name: AS and the name".into() }),
        }
    }

    /// The name of a field.
    fn name(&mut self) -> Result<String, SqlError> {
        match &self.token {
            Token::Word(_) => {}
            _ => return self.wrong("the name of a field belongs here"),
        }
        match self.next()? {
            Token::Word(name) => Ok(name),
            _ => Ok(String::new()),
        }
    }

    fn expression(&mut self) -> Result<Expression, SqlError> {
        self.binary(0)
    }

    /// Operators of a level and of all that bind tighter.
    fn binary(&mut self, level: usize) -> Result<Expression, SqlError> {
        const LEVELS: [&[(&str, Operator)]; 5] = [
            &[("OR", Operator::Or)],
            &[("AND", Operator::And)],
            &[
                ("=", Operator::Equal),
                ("<>", Operator::Unequal),
                ("!=", Operator::Unequal),
                ("<", Operator::Less),
                ("<=", Operator::LessOrEqual),
                (">", Operator::More),
                (">=", Operator::MoreOrEqual),
            ],
            &[("+", Operator::Compute(b'+')), ("-", Operator::Compute(b'-'))],
            &[("*", Operator::Compute(b'*')), ("/", Operator::Compute(b'/')), ("%", Operator::Compute(b'%'))],
        ];
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        // NOT binds looser than a comparison.
        if level == 2 && self.is_word("NOT") {
            self.next()?;
            return Ok(Expression::Not(Box::new(self.nested(|parser| parser.binary(2))?)));
        }
        let mut left = self.binary(level + 1)?;
        loop {
            let here = |(sign, _): &&(&str, Operator)| match &self.token {
                Token::Sign(here) => here == sign,
                Token::Word(here) => here.eq_ignore_ascii_case(sign),
                _ => false,
            };
            let Some((_, operator)) = operators.iter().find(here) else { return Ok(left) };
            self.next()?;
            let right = self.binary(level + 1)?;
            left = Expression::Binary(Box::new((left, *operator, right)));
        }
    }

    /// Goes one step deeper, as far as that is allowed.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, SqlError>) -> Result<T, SqlError> {
        if self.depth >= DEPTH_MAX {
            return self.wrong(format!("more than {DEPTH_MAX} expressions stand in each other"));
        }
        self.depth += 1;
        let read = read(self)?;
        self.depth -= 1;
        Ok(read)
    }

    fn unary(&mut self) -> Result<Expression, SqlError> {
        if self.take_sign("-")? {
            let of = self.nested(Self::unary)?;
            let zero = Expression::Number("0".into());
            return Ok(Expression::Binary(Box::new((zero, Operator::Compute(b'-'), of))));
        }
        if self.take_sign("(")? {
            let inner = self.nested(Self::expression)?;
            self.need_sign(")")?;
            return Ok(inner);
        }
        let at = self.at;
        match self.token.clone() {
            Token::Number(number) => {
                if Decimal::parse(&number).is_none() {
                    return self.wrong(format!("`{number}` is no number"));
                }
                self.next()?;
                Ok(Expression::Number(number))
            }
            Token::Text(text) => {
                self.next()?;
                Ok(Expression::Text(text))
            }
            Token::Word(word) => {
                self.next()?;
                if self.take_sign("(")? { self.call(&word, at) } else { self.path(word) }
            }
            _ => self.wrong("a value belongs here: a field, a number, a text in quotes or a function"),
        }
    }

    fn call(&mut self, name: &str, at: usize) -> Result<Expression, SqlError> {
        let Some(function) = Function::named(name) else {
            let all = Function::ALL.map(|(name, _)| format!("`{name}`")).join(", ");
            return Err(SqlError {
                at,
                message: format!("there is no function `{name}` here; there are {all}"),
            });
        };
        let mut arguments = Vec::new();
        if !self.take_sign(")")? {
            loop {
                arguments.push(self.nested(Self::expression)?);
                if !self.take_sign(",")? {
                    break;
                }
            }
            self.need_sign(")")?;
        }
        if !function.takes(arguments.len()) {
            return Err(SqlError {
                at,
                message: format!("`{name}` does not take {} arguments", arguments.len()),
            });
        }
        Ok(Expression::Call(function, arguments))
    }

    /// A field, and the way into it.
    fn path(&mut self, first: String) -> Result<Expression, SqlError> {
        for (word, value) in [("true", true), ("false", false)] {
            if first.eq_ignore_ascii_case(word) {
                return Ok(Expression::Switch(value));
            }
        }
        let mut path = vec![first];
        loop {
            if self.take_sign(".")? {
                path.push(self.name()?);
            } else if self.take_sign("[")? {
                let Token::Number(index) = self.next()? else {
                    return self.wrong("the index of an item belongs here");
                };
                path.push(index);
                self.need_sign("]")?;
            } else {
                return Ok(Expression::Path(path));
            }
        }
    }
}
