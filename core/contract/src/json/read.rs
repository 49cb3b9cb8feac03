//! Reading JSON text, as Python's `json.loads` does, within bounds.

mod strings;

use super::limits::MAX_DIGITS;
use super::members::{FEW, last_wins, repeats};
use super::plain::gap_length;
use super::{Json, JsonText, Limits, Name, ReadError};
use crate::number::parse_float;
use std::borrow::Cow;

/// Reads one JSON document that fills the whole text.
pub fn read(text: &[u8], limits: &Limits) -> Result<Json, ReadError> {
    let mut reader = Reader::of(text, limits)?;
    let value = reader.value()?;
    reader.end()?;
    Ok(value)
}

/// Reads a document piece by piece, for those who know what they look for: nothing is built but what is asked for.
///
/// ```
/// use latchkey_contract::json::Reader;
/// let mut reader = Reader::of(br#"{"a": [1], "b": "x"}"#, &latchkey_contract::json::Limits::STORED)?;
/// let mut members = reader.dict()?;
/// while let Some(name) = reader.member(&mut members)? {
///     if name == "b" { assert_eq!(reader.string()?, "x") } else { reader.skip()? }
/// }
/// reader.end()?;
/// # Ok::<(), latchkey_contract::json::ReadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    limits: &'a Limits,
    surrogate: Option<usize>,
}

/// Where a reader stands within an array or object.
#[derive(Debug, Default)]
pub struct Within {
    seen: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of a text, which must be UTF-8.
    pub fn of(text: &'a [u8], limits: &'a Limits) -> Result<Self, ReadError> {
        match std::str::from_utf8(text) {
            Ok(text) => Ok(Self::of_text(text, limits)),
            Err(error) => Err(ReadError::Syntax(error.valid_up_to())),
        }
    }

    /// A reader at the beginning of a text.
    pub const fn of_text(text: &'a str, limits: &'a Limits) -> Self {
        Self { text, at: 0, depth: 0, limits, surrogate: None }
    }

    /// The refusal of what stands here.
    pub const fn fail<T>(&self) -> Result<T, ReadError> {
        Err(ReadError::Syntax(self.at))
    }

    /// Makes sure that nothing follows but white space, and that all that was read is text.
    pub fn end(&mut self) -> Result<(), ReadError> {
        self.skip_space();
        match self.surrogate {
            _ if self.at != self.text.len() => self.fail(),
            Some(at) => Err(ReadError::Surrogate(at)),
            None => Ok(()),
        }
    }

    /// The first byte of the next value; 0 at the end.
    pub fn peek(&mut self) -> u8 {
        self.skip_space();
        self.byte()
    }

    /// Enters an object.
    pub fn dict(&mut self) -> Result<Within, ReadError> {
        self.enter(b'{')
    }

    /// Enters an array.
    pub fn list(&mut self) -> Result<Within, ReadError> {
        self.enter(b'[')
    }

    /// The name of the next member, whose value must be read next; `None` after the last.
    pub fn member(&mut self, within: &mut Within) -> Result<Option<Cow<'a, str>>, ReadError> {
        if !self.next(within, b'}')? {
            return Ok(None);
        }
        let name = self.string()?;
        if self.peek() != b':' {
            return self.fail();
        }
        self.at += 1;
        Ok(Some(name))
    }

    /// Whether the next member is called `name`, whose value must be read next then. Where it is not, nothing was read; one that
    /// is written with white space is left to [`Reader::member`].
    pub fn is_member(&mut self, within: &mut Within, name: &str) -> Result<bool, ReadError> {
        let (begin, rest) = match (within.seen, self.left()) {
            (0, [b'"', rest @ ..]) => (1, rest),
            (1.., [b',', b'"', rest @ ..]) => (2, rest),
            _ => return Ok(false),
        };
        match rest.split_at_checked(name.len()) {
            Some((found, [b'"', b':', ..])) if found == name.as_bytes() => {}
            _ => return Ok(false),
        }
        self.at += begin + name.len() + 2;
        within.seen += 1;
        if within.seen > self.limits.items { Err(ReadError::TooLong) } else { Ok(true) }
    }

    /// Passes over an array or an object that is judged when it is read: only its strings and brackets are looked at.
    pub fn pass(&mut self) -> Result<&'a str, ReadError> {
        self.skip_space();
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.byte() {
                b'"' => self.pass_string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                _ => return self.fail(),
            }
            if depth == 0 {
                return Ok(self.since(start));
            }
            self.at += gap_length(self.left());
        }
    }

    /// Whether there is another item, which must be read next.
    pub fn item(&mut self, within: &mut Within) -> Result<bool, ReadError> {
        self.next(within, b']')
    }

    /// Passes over `null`, if it stands here.
    pub fn null(&mut self) -> Result<bool, ReadError> {
        if self.peek() != b'n' {
            return Ok(false);
        }
        if !self.left().starts_with(b"null") {
            return self.fail();
        }
        self.at += 4;
        Ok(true)
    }

    /// `true` or `false`.
    pub fn boolean(&mut self) -> Result<bool, ReadError> {
        match self.peek() {
            b't' => self.word("true").map(|()| true),
            _ => self.word("false").map(|()| false),
        }
    }

    /// The digits of an integer, or the text of any other number, and whether it is an integer.
    pub fn number(&mut self) -> Result<(&'a str, bool), ReadError> {
        self.skip_space();
        let start = self.at;
        if self.byte() == b'-' {
            self.at += 1;
        }
        let whole = self.digits();
        if whole == 0 || (whole > 1 && self.text.as_bytes().get(self.at - whole) == Some(&b'0')) {
            self.at = start;
            return self.fail();
        }
        let mut is_integer = true;
        if self.byte() == b'.' {
            self.at += 1;
            if self.digits() == 0 {
                return self.fail();
            }
            is_integer = false;
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.fail();
            }
            is_integer = false;
        }
        Ok((self.text.get(start..self.at).unwrap_or_default(), is_integer))
    }

    /// An integer that fits 64 bits.
    pub fn integer(&mut self) -> Result<i64, ReadError> {
        match self.number()? {
            (digits, true) => digits.parse().or_else(|_| self.fail()),
            _ => self.fail(),
        }
    }

    /// Passes over a value.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            b'"' => self.skip_string(),
            b'{' => {
                let mut within = self.dict()?;
                while self.next(&mut within, b'}')? {
                    self.skip_string()?;
                    if self.peek() != b':' {
                        return self.fail();
                    }
                    self.at += 1;
                    self.skip()?;
                }
                Ok(())
            }
            b'[' => {
                let mut within = self.list()?;
                while self.item(&mut within)? {
                    self.skip()?;
                }
                Ok(())
            }
            _ => self.scalar().map(drop),
        }
    }

    /// Where the reader stands, for [`Self::since`].
    pub const fn at(&self) -> usize {
        self.at
    }

    /// What was read since the reader stood there.
    pub fn since(&self, at: usize) -> &'a str {
        self.text.get(at..self.at).unwrap_or_default()
    }

    /// A value, kept as it is written.
    pub fn text(&mut self) -> Result<JsonText, ReadError> {
        self.skip_space();
        let start = self.at;
        self.skip()?;
        Ok(JsonText::checked(self.since(start)))
    }

    /// A value.
    pub fn value(&mut self) -> Result<Json, ReadError> {
        match self.peek() {
            b'"' => self.string().map(|text| Json::Str(text.into_owned())),
            b'{' => {
                let mut within = self.dict()?;
                let mut members = Vec::new();
                while let Some(name) = self.member(&mut within)? {
                    let value = self.value()?;
                    members.push((Name::Owned(name.into_owned()), value));
                }
                let is_plain = members.len() <= FEW && !repeats(&members);
                Ok(Json::Dict(if is_plain { members } else { last_wins(members) }))
            }
            b'[' => {
                let mut within = self.list()?;
                let mut items = Vec::new();
                while self.item(&mut within)? {
                    items.push(self.value()?);
                }
                Ok(Json::List(items))
            }
            _ => self.scalar(),
        }
    }

    fn scalar(&mut self) -> Result<Json, ReadError> {
        let (word, value) = match self.byte() {
            b't' => ("true", Json::Bool(true)),
            b'f' => ("false", Json::Bool(false)),
            b'n' => ("null", Json::Null),
            b'N' => ("NaN", Json::Float(f64::NAN)),
            b'I' => ("Infinity", Json::Float(f64::INFINITY)),
            b'-' if self.left().starts_with(b"-I") => ("-Infinity", Json::Float(f64::NEG_INFINITY)),
            _ => {
                let (text, is_integer) = self.number()?;
                return if is_integer {
                    match text.parse() {
                        Ok(value) => Ok(Json::Int(value)),
                        Err(_) if text.trim_start_matches('-').len() > MAX_DIGITS => Err(ReadError::Digits),
                        Err(_) => Ok(Json::Big(text.to_owned())),
                    }
                } else {
                    parse_float(text).map_or_else(|| self.fail(), |number| Ok(Json::Float(number)))
                };
            }
        };
        self.word(word).map(|()| value)
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn left(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while matches!(self.byte(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str) -> Result<(), ReadError> {
        if self.left().starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else {
            self.fail()
        }
    }

    fn enter(&mut self, bracket: u8) -> Result<Within, ReadError> {
        if self.peek() != bracket {
            return self.fail();
        }
        self.at += 1;
        self.depth += 1;
        if self.depth > self.limits.depth { Err(ReadError::TooDeep) } else { Ok(Within::default()) }
    }

    fn next(&mut self, within: &mut Within, bracket: u8) -> Result<bool, ReadError> {
        let next = self.peek();
        if next == bracket {
            self.at += 1;
            self.depth -= 1;
            return Ok(false);
        }
        if within.seen > 0 {
            if next != b',' {
                return self.fail();
            }
            self.at += 1;
            self.skip_space();
        }
        within.seen += 1;
        if within.seen > self.limits.items { Err(ReadError::TooLong) } else { Ok(true) }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }
}

#[cfg(test)]
mod tests;
