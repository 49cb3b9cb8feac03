//! Decimal digits of all scripts, which Python's `\d` and `int()` take.

/// The zero of every script that has decimal digits (Unicode 14); its nine others follow it.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066,
    0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950,
    0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
    0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The decimal digits at the start of `text` as ASCII, and what follows them.
pub(super) fn leading(text: &str) -> (String, &str) {
    let mut digits = String::new();
    let mut rest = text.chars();
    while let Some(digit) = rest.clone().next().and_then(ascii) {
        digits.push(digit);
        rest.next();
    }
    (digits, rest.as_str())
}

fn ascii(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= code)?;
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_end_where_something_else_begins() {
        assert_eq!(leading("12٣४5mo"), ("12345".to_owned(), "mo"));
        assert_eq!(leading("𝟗🯹x"), ("99".to_owned(), "x"));
        for text in ["", "x1", "²", "½", "/", ":"] {
            assert_eq!(leading(text), (String::new(), text));
        }
    }
}
