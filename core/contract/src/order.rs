//! Sorting and sets of names, once for all types: each instance of the standard library's sorts and trees makes the modules
//! some kilobytes larger.

use std::cmp::Ordering;

/// The places of `count` things in the order that `compare` gives for two places; equal ones keep their order.
pub fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    let mut length = 1;
    while length < count {
        let mut merged = Vec::with_capacity(count);
        for pair in places.chunks(2 * length) {
            let (mut left, mut right) = pair.split_at(length.min(pair.len()));
            while let ([a, after_a @ ..], [b, after_b @ ..]) = (left, right) {
                if compare(*b, *a).is_lt() {
                    merged.push(*b);
                    right = after_b;
                } else {
                    merged.push(*a);
                    left = after_a;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        places = merged;
        length *= 2;
    }
    places
}

/// The list in order; equal ones keep theirs.
pub fn sorted<T>(list: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let order = places(list.len(), &|a, b| match (list.get(a), list.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut list: Vec<Option<T>> = list.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| list.get_mut(place).and_then(Option::take)).collect()
}

/// The names without repetitions, each where it stands first.
pub fn distinct(names: Vec<String>) -> Vec<String> {
    let order = places(names.len(), &|a, b| names.get(a).cmp(&names.get(b)));
    let mut is_repeated = vec![false; names.len()];
    for pair in order.windows(2) {
        let [earlier, later] = pair else { continue };
        if let Some(is_repeated) = is_repeated.get_mut(*later) {
            *is_repeated = names.get(*earlier) == names.get(*later);
        }
    }
    let kept = names.into_iter().zip(is_repeated).filter(|(_, is_repeated)| !is_repeated);
    kept.map(|(name, _)| name).collect()
}

/// Distinct names in their order.
#[derive(Debug, Default)]
pub struct Names<'a>(Vec<&'a str>);

impl<'a> Names<'a> {
    /// The names among `names`.
    pub fn of(names: impl Iterator<Item = &'a String>) -> Self {
        names.map(String::as_str).collect()
    }

    /// Whether `name` is one of them.
    pub fn contains(&self, name: &str) -> bool {
        self.0.binary_search(&name).is_ok()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names themselves.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().copied()
    }

    /// Copies of the names.
    pub fn to_vec(&self) -> Vec<String> {
        self.iter().map(str::to_owned).collect()
    }
}

impl<'a> FromIterator<&'a str> for Names<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut names = sorted(names.into_iter().collect(), |a: &&str, b| a.cmp(b));
        names.dedup();
        Self(names)
    }
}

/// Things that are found by name.
#[derive(Debug)]
pub struct Index<'a, T>(Vec<(&'a str, &'a T)>);

impl<'a, T> Index<'a, T> {
    /// These things with their names, which differ.
    pub fn of(named: impl Iterator<Item = (&'a str, &'a T)>) -> Self {
        Self(sorted(named.collect(), |a, b| a.0.cmp(b.0)))
    }

    /// The one called `name`.
    pub fn get(&self, name: &str) -> Option<&'a T> {
        let at = self.0.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        self.0.get(at).map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_keep_their_order() {
        let list = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
        let expected = [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')];
        assert_eq!(sorted(list, |a, b| a.0.cmp(&b.0)), expected);
    }

    #[test]
    fn lists_of_every_length_are_sorted() {
        for length in 0..70_usize {
            let list: Vec<(usize, usize)> = (0..length).map(|at| (at * 31 % 7, at)).collect();
            let mut expected = list.clone();
            expected.sort_by_key(|(value, _)| *value);
            assert_eq!(sorted(list, |a, b| a.0.cmp(&b.0)), expected);
        }
    }

    #[test]
    fn repeated_names_stay_where_they_stand_first() {
        let names = ["b", "a", "b", "c", "a", "b"].map(str::to_owned).to_vec();
        assert_eq!(distinct(names), ["b", "a", "c"]);
    }

    #[test]
    fn names_are_distinct_and_found() {
        let names: Vec<String> = ["b", "a", "b"].map(str::to_owned).to_vec();
        let names = Names::of(names.iter());
        assert_eq!(names.to_vec(), ["a", "b"]);
        assert!(names.contains("b") && !names.contains("c") && !names.is_empty());
    }
}
