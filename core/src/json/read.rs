//! Reading JSON text, as Python's `json.loads` does, within bounds.

use super::Json;

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

/// Reads one JSON document that fills the whole text.
pub fn read(text: &[u8], limits: &Limits) -> Result<Json, ReadError> {
    let mut reader = Reader { text, at: 0, limits, surrogate: None };
    reader.skip_space();
    let value = reader.value(0)?;
    reader.skip_space();
    match reader.surrogate {
        _ if reader.at != text.len() => reader.fail(),
        Some(at) => Err(ReadError::Surrogate(at)),
        None => Ok(value),
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    limits: &'a Limits,
    surrogate: Option<usize>,
}

impl Reader<'_> {
    const fn fail<T>(&self) -> Result<T, ReadError> {
        Err(ReadError::Syntax(self.at))
    }

    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn literal(&mut self, word: &[u8], value: Json) -> Result<Json, ReadError> {
        if self.rest().starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else {
            self.fail()
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, ReadError> {
        if depth > self.limits.depth {
            return Err(ReadError::TooDeep);
        }
        match self.peek() {
            b'"' => self.string().map(Json::Str),
            b'{' => self.dict(depth),
            b'[' => self.list(depth),
            b't' => self.literal(b"true", Json::Bool(true)),
            b'f' => self.literal(b"false", Json::Bool(false)),
            b'n' => self.literal(b"null", Json::Null),
            b'N' => self.literal(b"NaN", Json::Float(f64::NAN)),
            b'I' => self.literal(b"Infinity", Json::Float(f64::INFINITY)),
            b'-' if self.rest().starts_with(b"-I") => {
                self.literal(b"-Infinity", Json::Float(f64::NEG_INFINITY))
            }
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.fail(),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, ReadError> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == b']' {
            self.at += 1;
            return Ok(Json::List(items));
        }
        loop {
            self.skip_space();
            items.push(self.value(depth + 1)?);
            if items.len() > self.limits.items {
                return Err(ReadError::TooLong);
            }
            self.skip_space();
            match self.peek() {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(Json::List(items));
                }
                _ => return self.fail(),
            }
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Json, ReadError> {
        self.at += 1;
        let mut members = Vec::new();
        self.skip_space();
        if self.peek() == b'}' {
            self.at += 1;
            return Ok(Json::Dict(members));
        }
        loop {
            self.skip_space();
            if self.peek() != b'"' {
                return self.fail();
            }
            let name = self.string()?;
            self.skip_space();
            if self.peek() != b':' {
                return self.fail();
            }
            self.at += 1;
            self.skip_space();
            let value = self.value(depth + 1)?;
            members.push((name, value));
            if members.len() > self.limits.items {
                return Err(ReadError::TooLong);
            }
            self.skip_space();
            match self.peek() {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(Json::Dict(last_wins(members)));
                }
                _ => return self.fail(),
            }
        }
    }

    fn number(&mut self) -> Result<Json, ReadError> {
        let start = self.at;
        if self.peek() == b'-' {
            self.at += 1;
        }
        let whole = self.digits();
        if whole == 0 || (whole > 1 && self.text.get(self.at - whole) == Some(&b'0')) {
            self.at = start;
            return self.fail();
        }
        let mut is_float = false;
        if self.peek() == b'.' {
            self.at += 1;
            if self.digits() == 0 {
                return self.fail();
            }
            is_float = true;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.fail();
            }
            is_float = true;
        }
        let text = self.text.get(start..self.at).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let Some(text) = text else { return self.fail() };
        if is_float {
            return text.parse().map(Json::Float).or_else(|_| self.fail());
        }
        match text.parse() {
            Ok(value) => Ok(Json::Int(value)),
            Err(_) if whole > MAX_DIGITS => Err(ReadError::Digits),
            Err(_) => Ok(Json::Big(text.to_owned())),
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<String, ReadError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let plain =
                self.rest().iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
            match std::str::from_utf8(self.rest().get(..plain).unwrap_or_default()) {
                Ok(text) => out.push_str(text),
                Err(_) => return self.fail(),
            }
            self.at += plain;
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return Ok(out);
                }
                b'\\' => {
                    self.at += 1;
                    let escaped = self.escape()?;
                    out.push(escaped);
                }
                _ => return self.fail(),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        let byte = self.peek();
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
                if (0xd800..0xdc00).contains(&first) && self.rest().starts_with(b"\\u") {
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
            let Some(digit) = char::from(self.peek()).to_digit(16) else { return self.fail() };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}

/// Keeps the last value of a repeated name, at the place of its first mention.
fn last_wins(members: Vec<(String, Json)>) -> Vec<(String, Json)> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|a, b| members.get(*a).map(|m| &m.0).cmp(&members.get(*b).map(|m| &m.0)).then(a.cmp(b)));
    let repeated = order.windows(2).any(|pair| match pair {
        [a, b] => members.get(*a).map(|m| &m.0) == members.get(*b).map(|m| &m.0),
        _ => false,
    });
    if !repeated {
        return members;
    }
    let mut places: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    let mut out: Vec<(String, Json)> = Vec::with_capacity(members.len());
    for (name, value) in members {
        match places.get(&name).and_then(|place| out.get_mut(*place)) {
            Some(slot) => slot.1 = value,
            None => {
                places.insert(name.clone(), out.len());
                out.push((name, value));
            }
        }
    }
    out
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
    fn depth_and_length_are_bounded() {
        let deep = "[".repeat(10_000);
        assert_eq!(read(deep.as_bytes(), &Limits::REQUEST), Err(ReadError::TooDeep));
        let long = format!("[{}0]", "0,".repeat(10_000));
        assert_eq!(read(long.as_bytes(), &Limits::REQUEST), Err(ReadError::TooLong));
    }
}
