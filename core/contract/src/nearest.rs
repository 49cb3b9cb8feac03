//! Which name somebody meant who has misspelt one.

/// The names that lie close enough to `name` to be meant by it differ by at most one character in this many.
const CHARACTERS_PER_SLIP: usize = 5;

/// Slips that a misspelt name has at the most.
const SLIPS: usize = 4;

/// The one of `known` that `name` is a misspelling of, if there is one. Case and separators do not count, so that a name
/// that equals a known one but for these is a misspelling, too; a name that is known is none.
pub fn misspelt<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let plain = letters(name);
    let mut best: Option<(usize, &'n str)> = None;
    for candidate in known {
        if candidate == name {
            return None;
        }
        let wanted = letters(candidate);
        let most = (wanted.len() / CHARACTERS_PER_SLIP).clamp(1, SLIPS);
        if plain.len().abs_diff(wanted.len()) > most {
            continue;
        }
        let slips = slips(&plain, &wanted);
        if slips <= most && best.is_none_or(|(fewest, _)| slips < fewest) {
            best = Some((slips, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The one of `known` that is nearest to `name`, however far it is.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let plain = letters(name);
    known.into_iter().min_by_key(|candidate| slips(&plain, &letters(candidate)))
}

/// Whether two names differ by one character at the most.
pub fn is_near(name: &str, known: &str) -> bool {
    slips(&letters(name), &letters(known)) <= 1
}

/// The letters and digits of a name, at most as many as any known name has several times over.
pub fn letters(name: &str) -> Vec<char> {
    name.chars().take(128).filter(|c| is_letter(*c)).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a character is a letter or a digit. Known names have those of ASCII alone: beyond it all that matters is which
/// characters separate words, and the tables of Unicode would be a twentieth of the module for browsers.
const fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{aa}' | '\u{b2}' | '\u{b3}' | '\u{b5}' | '\u{b9}' | '\u{ba}' | '\u{bc}'..='\u{be}' => true,
        '\u{80}'..='\u{bf}' | '\u{d7}' | '\u{f7}' | '\u{300}'..='\u{344}' | '\u{346}'..='\u{362}' => false,
        '\u{2070}'..='\u{209f}' | '\u{2100}'..='\u{218f}' | '\u{2460}'..='\u{24ff}' => true,
        '\u{2000}'..='\u{2bff}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => false,
        '\u{fe00}'..='\u{fe6f}' | '\u{feff}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' => false,
        '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' | '\u{ffe0}'..='\u{ffff}' => false,
        '\u{1f000}'..='\u{1faff}' | '\u{e0000}'..='\u{e0fff}' => false,
        _ => true,
    }
}

/// How many characters must be added, dropped, replaced or swapped with their neighbour to turn `a` into `b`.
fn slips(a: &[char], b: &[char]) -> usize {
    let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut previous: Option<char> = None;
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        let mut left: Option<char> = None;
        for (j, y) in b.iter().enumerate() {
            let mut least =
                (at(&row, j) + usize::from(x != y)).min(at(&next, j) + 1).min(at(&row, j + 1) + 1);
            if j > 0 && left == Some(*x) && previous == Some(*y) {
                least = least.min(at(&before, j - 1) + 1);
            }
            next.push(least);
            left = Some(*y);
        }
        before = std::mem::replace(&mut row, next);
        previous = Some(*x);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_by_character() {
        let count = |a: &str, b: &str| slips(&letters(a), &letters(b));
        assert_eq!(count("profle", "profile"), 1);
        assert_eq!(count("databse", "database"), 1);
        assert_eq!(count("genreal", "general"), 1);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("", "abc"), 3);
    }

    #[test]
    fn words_are_separated_by_what_people_type_between_them() {
        for c in [
            "\u{a0}", "\u{ad}", "\u{2013}", "\u{2011}", "\u{200b}", "\u{2028}", "\u{feff}", "\u{ff0d}",
            "\u{3000}",
        ] {
            assert_eq!(misspelt(&format!("max{c}budget"), ["max_budget"]), Some("max_budget"), "{c:?}");
        }
        for c in ('\0'..='\u{2c1}').chain('\u{2010}'..='\u{206f}') {
            assert_eq!(is_letter(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn a_name_is_a_misspelling_of_one_that_is_close_and_not_of_itself() {
        let known = ["max_budget", "duration", "models", "tpm_limit", "rpm_limit"];
        for (name, meant) in [
            ("max_budgt", "max_budget"),
            ("maxBudget", "max_budget"),
            ("max-budget", "max_budget"),
            ("Duration", "duration"),
            ("durration", "duration"),
            ("model", "models"),
        ] {
            assert_eq!(misspelt(name, known), Some(meant), "{name}");
        }
        for name in ["max_budget", "rpm_limit", "token", "budget", "", "metadata", "x"] {
            assert_eq!(misspelt(name, known), None, "{name}");
        }
        assert_eq!(nearest("budget", known), Some("max_budget"));
    }
}
