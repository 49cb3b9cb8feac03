//! Names that somebody may have meant: misspelt settings, members of bodies and query parameters.

/// A known name this short must differ from what was written by one character only to be meant by it.
const SHORT: usize = 5;

/// The name among `known` that `name` is probably a misspelling of: apart from case and punctuation it is one or two
/// characters away.
pub(crate) fn meant<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let name = letters(name);
    let near = |candidate: &'k str| {
        let letters = letters(candidate);
        let most = if letters.len() <= SHORT { 1 } else { 2 };
        // a difference in length alone would be more
        let can_be = letters.len().abs_diff(name.len()) <= most && name.len() > most;
        let distance = if can_be { distance(&name, &letters) } else { usize::MAX };
        (distance <= most).then_some((distance, candidate))
    };
    known.into_iter().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The name among `known` that is the least changes away, however many they are.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let name: Vec<char> = name.chars().collect();
    known.into_iter().min_by_key(|candidate| distance(&name, &candidate.chars().collect::<Vec<_>>()))
}

/// The letters of a name: `maxBudget`, `Max-Budget` and `max_budget` are one word.
pub(crate) fn letters(name: &str) -> Vec<char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The number of characters to insert, drop, replace or swap with the next to turn `a` into `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut last_x = None;
    for (i, x) in a.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut left = i + 1;
        next.push(left);
        let mut last_y = None;
        for (j, (y, pair)) in b.iter().zip(row.windows(2)).enumerate() {
            let [diagonal, above] = pair else { continue };
            left = (diagonal + usize::from(x != y)).min(left + 1).min(above + 1);
            if last_x == Some(y) && last_y == Some(x) {
                let swapped = j.checked_sub(1).and_then(|at| before.get(at));
                left = swapped.map_or(left, |swapped| left.min(swapped + 1));
            }
            last_y = Some(y);
            next.push(left);
        }
        last_x = Some(x);
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(a: &str, b: &str) -> usize {
        distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
    }

    #[test]
    fn the_distance_counts_single_character_changes_and_swaps() {
        assert_eq!(between("profle", "profile"), 1);
        assert_eq!(between("kitten", "sitting"), 3);
        assert_eq!(between("", "abc"), 3);
        assert_eq!(between("modles", "models"), 1);
        assert_eq!(between("dureation", "duration"), 1);
        assert_eq!(between("ab", "ba"), 1);
    }

    #[test]
    fn a_misspelling_means_the_name_that_is_least_away() {
        let known = ["max_budget", "duration", "models", "tags", "team_id", "key"];
        for (written, name) in [
            ("max_budgt", "max_budget"),
            ("maxBudget", "max_budget"),
            ("MAX-BUDGETS", "max_budget"),
            ("durration", "duration"),
            ("model", "models"),
            ("modles", "models"),
            ("tag", "tags"),
            ("teamid", "team_id"),
        ] {
            assert_eq!(meant(written, known), Some(name), "{written}");
        }
        for other in ["token", "user", "disabled_callbacks", "", "_", "x", "te", "max_spend"] {
            assert_eq!(meant(other, known), None, "{other}");
        }
    }
}
