//! The part of a string that needs no escape.

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
