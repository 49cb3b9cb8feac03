//! Members of an object that have one name: the last one counts.

use super::{Json, Name};
use crate::order::places;

/// Members of an object that are compared one by one with each other; more of them are sorted.
pub(super) const FEW: usize = 32;

/// Keeps the last value of a repeated name, at the place of its first mention.
pub(super) fn last_wins(mut members: Vec<(Name, Json)>) -> Vec<(Name, Json)> {
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
pub(super) fn repeats(members: &[(Name, Json)]) -> bool {
    members.iter().enumerate().any(|(at, (name, _))| members.iter().take(at).any(|(other, _)| other == name))
}
