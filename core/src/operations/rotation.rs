//! Regeneration that keeps one record: a stable id, and a former secret that works for a while.

use crate::context::{Context, Halt};
use crate::contract::{Guard, Write};
use crate::error::Refusal;
use crate::rules::grace_end;
use crate::tables::{FormerToken, Millis, VirtualKey, changed, insert, unchanged};

/// The former tokens of a key, as they were read.
#[derive(Debug)]
pub(super) struct History {
    former: Vec<FormerToken>,
}

impl History {
    /// Reads the former tokens of the key with this token.
    pub(super) fn read(cx: &Context<'_>, token: &str) -> Result<Self, Halt> {
        Ok(Self { former: cx.rows("current", vec![token.to_owned()])? })
    }

    /// The id of the key, the same through all regenerations: the token it had first.
    pub(super) fn key_id(&self, key: &VirtualKey) -> String {
        self.former.first().map_or_else(|| key.token.clone(), |former| former.key_id.clone())
    }

    /// What to store when `key` becomes `renewed`: the former tokens lead to the new one, the last of them works for the
    /// grace period, and none of the earlier ones longer. Without grace all stop at once, so that a leaked secret can be
    /// ended.
    pub(super) fn rotate(
        &self,
        now: Millis,
        key: &VirtualKey,
        renewed: &VirtualKey,
        grace_period: Option<&str>,
    ) -> Result<(Vec<Write>, Vec<Guard>), Refusal> {
        let last = FormerToken {
            token: key.token.clone(),
            current: renewed.token.clone(),
            key_id: self.key_id(key),
            works_until: grace_end(grace_period, now, key, renewed)?,
            ..FormerToken::default()
        };
        let mut writes = vec![insert(&last)];
        for former in &self.former {
            let led = FormerToken {
                current: renewed.token.clone(),
                works_until: former.works_until.min(last.works_until),
                ..former.clone()
            };
            writes.extend(changed(former, &led));
        }
        Ok((writes, self.former.iter().map(|row| unchanged(row)).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    #[test]
    fn the_id_stays_through_all_regenerations() {
        let key = |token: &str| VirtualKey { token: token.to_owned(), ..VirtualKey::default() };
        let fresh = History { former: Vec::new() };
        assert_eq!(fresh.key_id(&key("a")), "a");
        let former = FormerToken {
            token: "a".to_owned(),
            current: "b".to_owned(),
            key_id: "a".to_owned(),
            ..FormerToken::default()
        };
        let once = History { former: vec![former] };
        assert_eq!(once.key_id(&key("b")), "a");
        let (writes, guards) = once.rotate(Millis(0), &key("b"), &key("c"), None).expect("no grace");
        assert_eq!((writes.len(), guards.len()), (2, 1));
    }

    #[test]
    fn no_earlier_secret_outlives_the_grace_of_the_last() {
        let ends = |earlier: Option<i64>, grace: Option<&str>| {
            let key = VirtualKey { token: "b".to_owned(), ..VirtualKey::default() };
            let renewed = VirtualKey { token: "c".to_owned(), ..VirtualKey::default() };
            let former = FormerToken {
                token: "a".to_owned(),
                current: "b".to_owned(),
                works_until: earlier.map(Millis),
                ..FormerToken::default()
            };
            let history = History { former: vec![former.clone()] };
            let (writes, _) = history.rotate(Millis(0), &key, &renewed, grace).expect("a grace period");
            let Some(Write::Update { set, .. }) = writes.last() else { panic!("no update: {writes:?}") };
            match set.get("works_until") {
                None => former.works_until,
                Some(until) => match until.value() {
                    Json::Int(until) => Some(Millis(until)),
                    _ => None,
                },
            }
        };
        assert_eq!(ends(Some(9_000), Some("5s")), Some(Millis(5_000)));
        assert_eq!(ends(Some(3_000), Some("5s")), Some(Millis(3_000)));
        assert_eq!(ends(Some(9_000), None), None);
        assert_eq!(ends(None, Some("5s")), None);
    }
}
