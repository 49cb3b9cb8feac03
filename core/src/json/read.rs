//! Reading JSON text, as Python's `json.loads` does, within bounds.

use super::{Json, JsonText, Name};
use crate::order::places;
use std::borrow::Cow;

/// Bounds on a document from outside.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How deep arrays and objects may nest.
    pub depth: usize,
    /// How many items one array, or members one object, may have.
    pub items: usize,
}

impl Limits {
    /// For the body of a request.
    pub const REQUEST: Self = Self { depth: 64, items: 10_000 };
    /// For what came out of the store, which was bounded when it went in.
    pub const STORED: Self = Self { depth: 256, items: usize::MAX };
}

/// Why a text is not JSON, or more than is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Not JSON; the byte where reading stopped.
    Syntax(usize),
    /// JSON, with half of a surrogate pair, which is no text; the byte behind the first one.
    Surrogate(usize),
    /// An integer with more digits than Python converts.
    Digits,
    /// Nested deeper than [`Limits::depth`].
    TooDeep,
    /// An array or object with more than [`Limits::items`].
    TooLong,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(at) => write!(f, "not json at byte {at}"),
            Self::Surrogate(at) => write!(f, "half of a surrogate pair before byte {at}"),
            Self::Digits => write!(f, "an integer with more than {MAX_DIGITS} digits"),
            Self::TooDeep => f.write_str("nested too deep"),
            Self::TooLong => f.write_str("too many items"),
        }
    }
}

/// Digits Python converts before it refuses (`sys.get_int_max_str_digits`).
const MAX_DIGITS: usize = 4300;

/// Members of an object that are compared one by one with each other; more of them are sorted.
const FEW: usize = 32;

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
/// use latchkey_core::json::Reader;
/// let mut reader = Reader::of(br#"{"a": [1], "b": "x"}"#, &latchkey_core::json::Limits::STORED)?;
/// let mut members = reader.dict()?;
/// while let Some(name) = reader.member(&mut members)? {
///     if name == "b" { assert_eq!(reader.string()?, "x") } else { reader.skip()? }
/// }
/// reader.end()?;
/// # Ok::<(), latchkey_core::json::ReadError>(())
/// ```
#[derive(Debug)]
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

    /// Whether there is another item, which must be read next.
    pub fn item(&mut self, within: &mut Within) -> Result<bool, ReadError> {
        self.next(within, b']')
    }

    /// Passes over `null`, if it stands here.
    pub fn null(&mut self) -> Result<bool, ReadError> {
        if self.peek() == b'n' { self.word("null").map(|()| true) } else { Ok(false) }
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

    /// A string.
    pub fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        if self.peek() != b'"' {
            return self.fail();
        }
        self.at += 1;
        let mut out = Cow::Borrowed(self.plain());
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

    /// Passes over a value.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b'{' => {
                let mut within = self.dict()?;
                while self.member(&mut within)?.is_some() {
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

    /// A value, kept as it is written.
    pub fn text(&mut self) -> Result<JsonText, ReadError> {
        self.skip_space();
        let start = self.at;
        self.skip()?;
        Ok(JsonText::checked(self.text.get(start..self.at).unwrap_or_default()))
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
            b'-' if self.rest().starts_with("-I") => ("-Infinity", Json::Float(f64::NEG_INFINITY)),
            _ => {
                let (text, is_integer) = self.number()?;
                return if is_integer {
                    match text.parse() {
                        Ok(value) => Ok(Json::Int(value)),
                        Err(_) if text.trim_start_matches('-').len() > MAX_DIGITS => Err(ReadError::Digits),
                        Err(_) => Ok(Json::Big(text.to_owned())),
                    }
                } else {
                    text.parse().map(Json::Float).or_else(|_| self.fail())
                };
            }
        };
        self.word(word).map(|()| value)
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while matches!(self.byte(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str) -> Result<(), ReadError> {
        if self.rest().starts_with(word) {
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

    /// The characters of a string up to its end, an escape or what is not allowed.
    fn plain(&mut self) -> &'a str {
        let rest = self.rest();
        let plain = rest.get(..plain_length(rest.as_bytes())).unwrap_or_default();
        self.at += plain.len();
        plain
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
                if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
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

/// How many bytes stand before the first that may not stand in a string as it is: a quote, a backslash or a control
/// character. Eight at a time are passed over while none of them is one.
pub(super) fn plain_length(text: &[u8]) -> usize {
    let (words, _) = text.as_chunks();
    let passed = 8 * words.iter().take_while(|word| is_plain(u64::from_le_bytes(**word))).count();
    let rest = text.get(passed..).unwrap_or_default();
    passed + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

/// Whether none of eight bytes is a quote, a backslash or a control character.
const fn is_plain(word: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    // a byte below the subtracted one borrows, which shows in its highest bit
    let found = (quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * 0x20) & !word);
    found & HIGH == 0
}

/// Keeps the last value of a repeated name, at the place of its first mention.
fn last_wins(mut members: Vec<(Name, Json)>) -> Vec<(Name, Json)> {
    let name = |at: &usize| members.get(*at).map(|(name, _)| name);
    let order = places(members.len(), &|a, b| name(&a).cmp(&name(&b)));
    let repeats: Vec<(usize, usize)> = order
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if name(a) == name(b) => Some((*a, *b)),
            _ => None,
        })
        .collect();
    // from the last mention back to the first
    for (earlier, later) in repeats.iter().rev() {
        let last = members.get_mut(*later).map(|(_, value)| std::mem::replace(value, Json::Null));
        if let (Some((_, value)), Some(last)) = (members.get_mut(*earlier), last) {
            *value = last;
        }
    }
    let mut gone = vec![false; members.len()];
    for (_, later) in repeats {
        if let Some(gone) = gone.get_mut(later) {
            *gone = true;
        }
    }
    let mut gone = gone.into_iter();
    members.retain(|_| gone.next() != Some(true));
    members
}

/// Whether a name stands twice among a few members.
fn repeats(members: &[(Name, Json)]) -> bool {
    members.iter().enumerate().any(|(at, (name, _))| members.iter().take(at).any(|(other, _)| other == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(text: &str) -> Json {
        read(text.as_bytes(), &Limits::REQUEST).unwrap_or(Json::Str("unreadable".to_owned()))
    }

    #[test]
    fn integers_keep_their_digits_and_floats_stay_floats() {
        assert_eq!(ok("9223372036854775807"), Json::Int(i64::MAX));
        assert_eq!(ok("9223372036854775808"), Json::Big("9223372036854775808".to_owned()));
        assert_eq!(ok("1.0"), Json::Float(1.0));
        assert_eq!(ok("-0"), Json::Int(0));
        assert_eq!(ok("1e400"), Json::Float(f64::INFINITY));
    }

    #[test]
    fn the_last_value_of_a_repeated_name_wins_at_the_first_place() {
        assert_eq!(ok(r#"{"a":1,"b":2,"a":3}"#), crate::dict! {"a" => 3, "b" => 2});
        let many: String = (0..100).map(|number| format!("\"{}\":{number},", number % 50)).collect();
        let read = ok(&format!("{{{many}\"x\":0}}"));
        assert_eq!(read.as_dict().map(<[_]>::len), Some(51));
        assert_eq!((read.get("0"), read.get("49")), (Some(&Json::Int(50)), Some(&Json::Int(99))));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in
            ["", "{", "[1,]", "01", "+1", "1.", ".5", "\"\u{1}\"", "nul", "{\"a\" 1}", "1 2", "\"\\ud800"]
        {
            assert!(matches!(read(text.as_bytes(), &Limits::REQUEST), Err(ReadError::Syntax(_))), "{text}");
        }
        assert_eq!(read(&[b'"', 0xff, b'"'], &Limits::REQUEST), Err(ReadError::Syntax(1)));
    }

    #[test]
    fn a_value_is_passed_over_or_kept_as_it_is_written() {
        let text = r#" { "a" : [1, {"b":null}] , "c" : "\u00e9" , "d":1E2}"#;
        let mut reader = Reader::of_text(text, &Limits::STORED);
        let mut members = reader.dict().unwrap();
        let mut names = Vec::new();
        while let Some(name) = reader.member(&mut members).unwrap() {
            match &*name {
                "a" => assert_eq!(reader.text().unwrap().as_str(), r#"[1, {"b":null}]"#),
                "c" => assert_eq!(reader.string().unwrap(), "\u{e9}"),
                _ => reader.skip().unwrap(),
            }
            names.push(name);
        }
        assert_eq!((names.len(), reader.end()), (3, Ok(())));
    }

    #[test]
    fn half_of_a_surrogate_pair_is_found_once_the_rest_is_read() {
        for text in [r#""\ud83d""#, r#""\ude00\ud83d""#, r#""\ud83d\u0041""#] {
            assert_eq!(read(text.as_bytes(), &Limits::REQUEST), Err(ReadError::Surrogate(7)), "{text}");
        }
        assert_eq!(ok(r#""\ud83d\ude00""#), Json::from("😀"));
    }

    #[test]
    fn an_integer_that_python_does_not_convert_is_no_syntax_error() {
        let digits = "9".repeat(MAX_DIGITS + 1);
        assert_eq!(read(digits.as_bytes(), &Limits::REQUEST), Err(ReadError::Digits));
        assert!(read(format!("{digits}.0").as_bytes(), &Limits::REQUEST).is_ok());
    }

    #[test]
    fn a_string_ends_at_its_first_special_byte_wherever_that_stands() {
        for special in (0..=0x1f).chain([b'"', b'\\']) {
            for at in 0..20 {
                for plain in [b' ', b'~', 0x7f, 0x80, 0xff] {
                    let mut text = [plain; 24];
                    text[at] = special;
                    assert_eq!(plain_length(&text), at, "{special} after {plain}");
                }
            }
        }
        assert_eq!(plain_length(&[b'#'; 13]), 13);
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = "[".repeat(10_000);
        assert_eq!(read(deep.as_bytes(), &Limits::REQUEST), Err(ReadError::TooDeep));
        let long = format!("[{}0]", "0,".repeat(10_000));
        assert_eq!(read(long.as_bytes(), &Limits::REQUEST), Err(ReadError::TooLong));
    }
}
