//! Regeneration that keeps one record: a stable id, and a former secret that works for a while.

use crate::context::{Context, Halt};
use crate::error::{Code, Kind, Refusal};
use crate::rules::grace_end;
use latchkey_contract::tables::{DeprecatedToken, FormerToken, Millis, VirtualKey};
use latchkey_contract::wire::{Guard, Query, Write, changed, insert, unchanged};

/// How many secrets that work no more are remembered of one key.
const REMEMBERED: usize = 100;

/// How many former secrets of one key work at one time: with those that are remembered, what a rotation changes is bounded.
const WORKING: usize = 10;

/// The former tokens of a key, as they were read.
#[derive(Debug, Default)]
pub(crate) struct History {
    former: Vec<FormerToken>,
    /// Those that LiteLLM knows of; none where the store has no table for them.
    deprecated: Vec<DeprecatedToken>,
    /// The id of the row that tells LiteLLM of the next one, where the store has a table for it.
    new_id: Option<String>,
}

/// What tells the former tokens of the key with this token.
pub(crate) fn queries(token: &str) -> [Query; 2] {
    [Query::one::<FormerToken>("current", token), Query::one::<DeprecatedToken>("active_token_id", token)]
}

impl History {
    /// Reads the former tokens of the key with this token.
    pub(crate) fn read(cx: &Context<'_>, token: &str) -> Result<Self, Halt> {
        cx.foresee(queries(token));
        let former = cx.rows("current", vec![token.to_owned()])?;
        let deprecated = cx.rows("active_token_id", vec![token.to_owned()])?;
        // drawn in any case: on every store the new secret is made of the same random bytes
        let id = cx.uuid();
        let new_id = cx.settings.lacking.has_table::<DeprecatedToken>().then_some(id);
        Ok(Self { former, deprecated, new_id })
    }

    /// The id of the key, the same through all regenerations: the token it had first.
    pub(crate) fn key_id(&self, key: &VirtualKey) -> String {
        self.former.first().map_or_else(|| key.token.clone(), |former| former.key_id.clone())
    }

    /// What to store when `key` becomes `renewed`: the former tokens lead to the new one, the last of them works for the
    /// grace period, and none of the earlier ones longer. Without grace all stop at once, so that a leaked secret can be
    /// ended.
    pub(crate) fn rotate(
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
        let works = |former: &&FormerToken| former.works_until.is_some_and(|until| until > now);
        let stopped = self.former.iter().filter(|former| !works(former)).count();
        if grace_period.is_some() && self.former.len() - stopped >= WORKING {
            let message = format!(
                "the key has {WORKING} former secrets that work: a rotation without a grace period ends them"
            );
            let kind = Kind::BadRequestError;
            return Err(
                Refusal::error(Code::TooManyKeys, 400, kind, "grace_period", message).on("grace_period")
            );
        }
        let mut forgotten = stopped.saturating_sub(REMEMBERED);
        for former in &self.former {
            // the oldest come first
            if forgotten > 0 && !works(&former) {
                forgotten -= 1;
                writes.push(Write::delete::<FormerToken>("token", &former.token));
                continue;
            }
            let led = FormerToken {
                current: renewed.token.clone(),
                works_until: former.works_until.min(last.works_until),
                ..former.clone()
            };
            writes.extend(changed(former, &led));
        }
        writes.extend(self.told(&last, now));
        let former = self.former.iter().map(|row| unchanged(row));
        Ok((writes, former.chain(self.deprecated.iter().map(|row| unchanged(row))).collect()))
    }

    /// The same for LiteLLM, whose table holds no token that has stopped working.
    fn told(&self, last: &FormerToken, now: Millis) -> Vec<Write> {
        let mut writes = Vec::new();
        for row in &self.deprecated {
            match last.works_until.map(|until| until.min(row.revoke_at)).filter(|until| *until > now) {
                Some(revoke_at) => {
                    let led =
                        DeprecatedToken { active_token_id: last.current.clone(), revoke_at, ..row.clone() };
                    writes.extend(changed(row, &led));
                }
                None => writes.push(Write::delete::<DeprecatedToken>("id", &row.id)),
            }
        }
        if let (Some(id), Some(revoke_at)) = (&self.new_id, last.works_until) {
            // one of an earlier life of the same secret
            writes.push(Write::delete::<DeprecatedToken>("token", &last.token));
            writes.push(insert(&DeprecatedToken {
                id: id.clone(),
                token: last.token.clone(),
                active_token_id: last.current.clone(),
                revoke_at,
                created_at: now,
                ..DeprecatedToken::default()
            }));
        }
        writes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::json::Json;
    use latchkey_contract::tables::Table as _;
    use latchkey_contract::wire::Condition;

    #[test]
    fn the_id_stays_through_all_regenerations() {
        let key = |token: &str| VirtualKey { token: token.to_owned(), ..VirtualKey::default() };
        let fresh = History::default();
        assert_eq!(fresh.key_id(&key("a")), "a");
        let former = FormerToken {
            token: "a".to_owned(),
            current: "b".to_owned(),
            key_id: "a".to_owned(),
            ..FormerToken::default()
        };
        let once = History { former: vec![former], ..History::default() };
        assert_eq!(once.key_id(&key("b")), "a");
        let (writes, guards) = once.rotate(Millis(0), &key("b"), &key("c"), None).expect("no grace");
        assert_eq!((writes.len(), guards.len()), (2, 1));
    }

    #[test]
    fn a_key_remembers_so_many_secrets_that_work_no_more_and_all_that_work() {
        let key = |token: &str| VirtualKey { token: token.to_owned(), ..VirtualKey::default() };
        let former = |number: i64| FormerToken {
            token: number.to_string(),
            current: "b".to_owned(),
            works_until: (number < 5).then_some(Millis(9_000 + number)),
            ..FormerToken::default()
        };
        let history =
            History { former: (0..REMEMBERED as i64 + 12).map(former).collect(), ..History::default() };
        let (writes, _) =
            history.rotate(Millis(9_002), &key("b"), &key("c"), Some("1d")).expect("a grace period");
        let gone = writes.iter().filter_map(|write| match write {
            Write::Delete { rows, .. } => Some(rows.clone()),
            _ => None,
        });
        let wanted = ["0", "1", "2", "5", "6", "7", "8", "9", "10", "11"];
        assert_eq!(gone.collect::<Vec<_>>(), wanted.map(|token| vec![Condition::is("token", token)]));
        assert_eq!(writes.len(), 1 + REMEMBERED + 12);
    }

    #[test]
    fn a_key_has_ten_former_secrets_that_work_at_the_most() {
        let key = |token: &str| VirtualKey { token: token.to_owned(), ..VirtualKey::default() };
        let with = |working: usize, grace: Option<&str>| {
            let former = |number: usize| FormerToken {
                token: number.to_string(),
                works_until: Some(Millis(9)),
                ..FormerToken::default()
            };
            let history = History { former: (0..working).map(former).collect(), ..History::default() };
            history.rotate(Millis(0), &key("b"), &key("c"), grace).map(|(writes, _)| writes.len())
        };
        assert_eq!(with(WORKING - 1, Some("1d")).ok(), Some(WORKING));
        assert_eq!(with(WORKING, Some("1d")).map_err(|refusal| refusal.status), Err(400));
        assert_eq!(with(WORKING, None).ok(), Some(1 + WORKING));
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
            let history = History { former: vec![former.clone()], ..History::default() };
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

    #[test]
    fn litellm_is_told_of_the_secrets_that_still_work_and_of_no_other() {
        let key = |token: &str| VirtualKey { token: token.to_owned(), ..VirtualKey::default() };
        let row = DeprecatedToken {
            id: "1".to_owned(),
            token: "a".to_owned(),
            active_token_id: "b".to_owned(),
            revoke_at: Millis(9_000),
            ..DeprecatedToken::default()
        };
        let history = History { deprecated: vec![row], new_id: Some("2".to_owned()), ..History::default() };
        let told = |grace: Option<&str>| {
            let (writes, _) = history.rotate(Millis(0), &key("b"), &key("c"), grace).expect("a grace period");
            let mut told = String::new();
            for write in writes {
                match write {
                    Write::Insert { table, row, .. } if table == DeprecatedToken::NAME => {
                        told.push_str(&format!("+{}", row.get("revoke_at").expect("a moment").as_str()));
                    }
                    Write::Update { table, set, .. } if table == DeprecatedToken::NAME => {
                        let until = set.get("revoke_at").map_or("same", |until| until.as_str());
                        told.push_str(&format!(
                            "~{until}{}",
                            set.get("active_token_id").expect("moved").as_str()
                        ));
                    }
                    Write::Delete { table, rows, .. } if table == DeprecatedToken::NAME => {
                        let [Condition::In { column, .. }] = rows.as_slice() else { panic!("{rows:?}") };
                        told.push_str(&format!("-{column}"));
                    }
                    _ => {}
                }
            }
            told
        };
        assert_eq!(told(Some("5s")), "~5000\"c\"-token+5000");
        assert_eq!(told(Some("1h")), "~same\"c\"-token+3600000");
        assert_eq!(told(None), "-id");
    }
}
