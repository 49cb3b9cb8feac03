//! Strings of a text: read, or passed over.

use super::{ReadError, Reader};
use crate::json::plain::plain_length;
use std::borrow::Cow;

impl<'a> Reader<'a> {
    /// A string.
    pub fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        if self.peek() != b'"' {
            return self.fail();
        }
        self.at += 1;
        let plain = self.plain();
        if self.byte() == b'"' {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        self.string_from(plain)
    }

    /// The rest of a string that begins with `plain` and has an escape behind it.
    fn string_from(&mut self, plain: &'a str) -> Result<Cow<'a, str>, ReadError> {
        let mut out = Cow::Borrowed(plain);
        loop {
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Ok(out);
                }
                b'\\' => {
                    self.at += 1;
                    let escaped = self.escape()?;
                    let rest = self.plain();
                    let out = out.to_mut();
                    out.push(escaped);
                    out.push_str(rest);
                }
                _ => return self.fail(),
            }
        }
    }

    /// Passes over a string.
    pub(super) fn skip_string(&mut self) -> Result<(), ReadError> {
        if self.peek() != b'"' {
            return self.fail();
        }
        self.at += 1;
        loop {
            self.plain();
            let byte = self.byte();
            self.at += 1;
            match byte {
                b'"' => return Ok(()),
                b'\\' => self.escape().map(drop)?,
                _ => {
                    self.at -= 1;
                    return self.fail();
                }
            }
        }
    }

    /// Passes over a string without a look at its escapes.
    pub(super) fn pass_string(&mut self) -> Result<(), ReadError> {
        self.at += 1;
        loop {
            self.plain();
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.at += 2,
                _ => return self.fail(),
            }
        }
    }

    /// The characters of a string up to its end, an escape or what is not allowed.
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        self.at += plain_length(self.left());
        self.since(start)
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        let byte = self.byte();
        self.at += 1;
        Ok(match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex4()?;
                let after_first = self.at;
                let mut code = first;
                if (0xd800..0xdc00).contains(&first) && self.left().starts_with(b"\\u") {
                    self.at += 2;
                    let second = self.hex4()?;
                    if (0xdc00..0xe000).contains(&second) {
                        code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                    } else {
                        self.at = after_first;
                    }
                }
                return Ok(char::from_u32(code).unwrap_or_else(|| {
                    self.surrogate.get_or_insert(after_first);
                    char::REPLACEMENT_CHARACTER
                }));
            }
            _ => return self.fail(),
        })
    }

    fn hex4(&mut self) -> Result<u32, ReadError> {
        let mut value = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.byte()).to_digit(16) else { return self.fail() };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}
