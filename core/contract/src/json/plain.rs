//! The parts of a text in which nothing begins or ends: of a string what needs no escape, and what stands between strings and
//! brackets. Eight bytes at a time are looked at.

const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES << 7;

/// How many bytes stand before the first that may not stand in a string as it is: a quote, a backslash or a control
/// character.
pub(super) fn plain_length(text: &[u8]) -> usize {
    before_mark(text, marked)
}

/// How many bytes stand before the first quote or bracket.
pub(super) fn gap_length(text: &[u8]) -> usize {
    before_mark(text, brackets)
}

#[inline]
fn before_mark(text: &[u8], marked: impl Fn(u64) -> u64) -> usize {
    let (words, rest) = text.as_chunks();
    for (at, word) in words.iter().enumerate() {
        let marks = marked(u64::from_le_bytes(*word));
        if marks != 0 {
            return 8 * at + marks.trailing_zeros() as usize / 8;
        }
    }
    // `a` is marked by neither
    let mut last = [b'a'; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let marks = marked(u64::from_le_bytes(last));
    8 * words.len() + rest.len().min(marks.trailing_zeros() as usize / 8)
}

/// Marks the highest bit of each of eight bytes that is a quote, a backslash or a control character. The first mark is right;
/// bytes behind it may be marked for nothing.
const fn marked(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    // a byte below the subtracted one borrows, which shows in its highest bit
    let found = (quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * 0x20) & !word);
    found & HIGH
}

/// The same of each that is a quote or a bracket.
const fn brackets(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    // square and curly brackets differ in one bit
    let curly = word | (ONES * 0x20);
    let opening = curly ^ (ONES * b'{' as u64);
    let closing = curly ^ (ONES * b'}' as u64);
    let found = (quote.wrapping_sub(ONES) & !quote)
        | (opening.wrapping_sub(ONES) & !opening)
        | (closing.wrapping_sub(ONES) & !closing);
    found & HIGH
}

#[cfg(test)]
mod tests {
    use super::{gap_length, plain_length};

    #[test]
    fn the_first_byte_that_needs_an_escape_is_found_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let needs_escape = matches!(byte, b'"' | b'\\' | 0..=0x1f);
            for place in 0..20 {
                let mut text = [[b'a', 0x20, 0x7f, 0xff]; 5].as_flattened().to_vec();
                text[place] = byte;
                assert_eq!(plain_length(&text), if needs_escape { place } else { 20 }, "{byte} at {place}");
                let is_mark = matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
                assert_eq!(gap_length(&text), if is_mark { place } else { 20 }, "{byte} at {place}");
            }
        }
    }
}
