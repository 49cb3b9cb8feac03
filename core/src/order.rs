//! Sorting and sets of names, once for all types: each further instance of the standard library's sorts and trees would
//! make the module some kilobytes larger.

use std::cmp::Ordering;

/// The places of `count` things in the order that `compare` tells of two places; equal ones keep their order.
pub(crate) fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

/// The list in order; equal ones keep theirs.
pub(crate) fn sorted<T>(list: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let order = places(list.len(), &|a, b| match (list.get(a), list.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut list: Vec<Option<T>> = list.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| list.get_mut(place).and_then(Option::take)).collect()
}

/// Distinct names in their order.
#[derive(Debug, Default)]
pub(crate) struct Names<'a>(Vec<&'a str>);

impl<'a> Names<'a> {
    /// The names among `names`.
    pub(crate) fn of(names: impl Iterator<Item = &'a String>) -> Self {
        let mut names = sorted(names.map(String::as_str).collect(), |a: &&str, b| a.cmp(b));
        names.dedup();
        Self(names)
    }

    /// Whether `name` is one of them.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.binary_search(&name).is_ok()
    }

    /// Whether there are none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names themselves.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().copied()
    }

    /// Copies of the names.
    pub(crate) fn to_vec(&self) -> Vec<String> {
        self.iter().map(str::to_owned).collect()
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
    fn names_are_distinct_and_found() {
        let names: Vec<String> = ["b", "a", "b"].map(str::to_owned).to_vec();
        let names = Names::of(names.iter());
        assert_eq!(names.to_vec(), ["a", "b"]);
        assert!(names.contains("b") && !names.contains("c") && !names.is_empty());
    }
}
