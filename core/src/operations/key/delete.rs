//! `POST /key/delete`: deletes virtual keys, named by themselves, their hashes or their aliases.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::lookup::{Teams, by_id, team_of};
use crate::rules::KeyRoute;
use crate::rules::delete::may_delete;
use crate::rules::may_manage;
use crate::rules::member_permissions::owner_may;
use crate::types::KeyRequest;
use latchkey_contract::order::{Names, sorted};
use latchkey_contract::tables::{DeprecatedToken, FormerToken, Team, VirtualKey};
use latchkey_contract::wire::{Condition, Query, Write};
use latchkey_contract::{dict, mint};

/// Deletes what the caller may delete.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: KeyRequest = request.model()?;
    let keys = asked.keys.into_value().filter(|keys| !keys.is_empty());
    let by_key = keys.is_some();
    let names = keys.or_else(|| asked.key_aliases.into_value()).unwrap_or_default();
    let mut tokens: Vec<String> = names.iter().map(|name| mint::token_if_key(name)).collect();
    let mut found: Vec<VirtualKey> =
        if by_key { cx.brief("token", tokens.clone())? } else { cx.brief("key_alias", names.clone())? };
    if by_key && cx.closes(Hole::regenerated_keys_keep_their_id) {
        found_by_former(cx, &mut tokens, &mut found, |column, values| cx.brief(column, values))?;
    }
    if !by_key && !cx.closes(Hole::deletions_are_whole) {
        tokens = found.iter().map(|key| key.token.clone()).collect();
    }
    // a proxy admin may delete every key, whatever its team
    let teams = if caller.is_proxy_admin() { Vec::new() } else { teams_of(cx, &found)? };
    let doomed = if cx.closes(Hole::deletions_are_whole) {
        let wanted = if by_key { &tokens } else { &names };
        let doomed = all_or_nothing(caller, &names, wanted, by_key, &found, &by_id(&teams))?;
        if cx.closes(Hole::members_need_their_teams_permission) {
            permitted(cx, caller, &doomed, &by_id(&teams))?;
        }
        doomed
    } else {
        one_by_one(cx, caller, &tokens, &found, &by_id(&teams)).map_err(wrapped)?
    };
    let mut changes = Changes::default();
    let gone: Vec<String> = doomed.iter().map(|key| key.token.clone()).collect();
    if !gone.is_empty() {
        changes.delete_keys(cx, caller, &[("token", &gone)]);
    }
    for key in doomed {
        if caller.is_proxy_admin() {
            // whatever others change of the key meanwhile, it goes
            changes.require::<VirtualKey>(&key.token);
        } else {
            changes.rely_on(key);
        }
        changes.event("key_deleted", &key.token);
    }
    if cx.closes(Hole::decisions_hold_until_they_are_stored) {
        teams.iter().for_each(|team| changes.rely_on(team));
    }
    Ok(changes.answer(dict! { "deleted_keys" => names }))
}

/// Finds the other keys by tokens that they had before and that still work, and puts their tokens of today in place. `rows`
/// asks for keys.
pub(crate) fn found_by_former(
    cx: &Context<'_>,
    tokens: &mut [String],
    found: &mut Vec<VirtualKey>,
    rows: impl Fn(&'static str, Vec<String>) -> Result<Vec<VirtualKey>, Halt>,
) -> Result<(), Halt> {
    let known = Names::of(found.iter().map(|key| &key.token));
    let missing: Vec<String> = tokens.iter().filter(|token| !known.contains(token)).cloned().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut working = cx.rows::<FormerToken>("token", missing.clone())?;
    let deprecated = cx.rows::<DeprecatedToken>("token", missing)?;
    let of_litellm = deprecated.into_iter().map(|row| FormerToken {
        token: row.token,
        current: row.active_token_id,
        works_until: Some(row.revoke_at),
        ..FormerToken::default()
    });
    // what is kept here counts before what LiteLLM keeps
    let unknown = of_litellm.filter(|row| !working.iter().any(|known| known.token == row.token));
    let unknown: Vec<FormerToken> = unknown.collect();
    working.extend(unknown);
    working.retain(|former| former.works(cx.now()));
    let working = sorted(working, |a, b| a.token.cmp(&b.token));
    let current = working.iter().map(|former| &former.current);
    let others = Names::of(current.filter(|token| !known.contains(token))).to_vec();
    if !others.is_empty() {
        found.extend(rows("token", others)?);
    }
    for token in tokens {
        let at = working.binary_search_by(|former| former.token.cmp(token));
        if let Some(former) = at.ok().and_then(|at| working.get(at)) {
            token.clone_from(&former.current);
        }
    }
    Ok(())
}

/// The teams of the keys.
pub(crate) fn teams_of(cx: &Context<'_>, keys: &[VirtualKey]) -> Result<Vec<Team>, Halt> {
    let ids = Names::of(keys.iter().filter_map(|key| key.team_id.as_ref()));
    cx.foresee(ids.iter().map(|id| Query::one::<Team>("team_id", id)));
    let teams = ids.iter().map(|id| cx.row::<Team>("team_id", id));
    Ok(teams.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// All named keys, if there are all of them and the caller may manage each; nothing is deleted otherwise. `wanted` are
/// the tokens or aliases that `names` stand for, one by one.
fn all_or_nothing<'k>(
    caller: &Caller,
    names: &[String],
    wanted: &[String],
    by_key: bool,
    found: &'k [VirtualKey],
    teams: &Teams<'_>,
) -> Result<Vec<&'k VirtualKey>, Refusal> {
    let mine = |key: &&VirtualKey| may_manage(caller, key, team_of(key, teams)).is_ok();
    let doomed: Vec<&VirtualKey> = found.iter().filter(mine).collect();
    let called = |key: &&'k VirtualKey| if by_key { Some(&key.token) } else { key.key_alias.as_ref() };
    let gone = Names::of(doomed.iter().filter_map(called));
    let named = names.iter().zip(wanted);
    let missing: Vec<&String> =
        named.filter(|(_, wanted)| !gone.contains(wanted.as_str())).map(|(name, _)| name).collect();
    if missing.is_empty() && !names.is_empty() { Ok(doomed) } else { Err(not_found(&missing, by_key)) }
}

/// Whether the teams permit the caller to delete keys of theirs.
fn permitted(
    cx: &Context<'_>,
    caller: &Caller,
    doomed: &[&VirtualKey],
    teams: &Teams<'_>,
) -> Result<(), Refusal> {
    doomed.iter().try_for_each(|key| {
        let team = team_of(key, teams);
        let standing = may_manage(caller, key, team)?;
        owner_may(&cx.settings.lacking, caller, standing, key, team, KeyRoute::Delete)
    })
}

/// Names what was not found; a key is named like in listings, never by itself.
fn not_found(missing: &[&String], by_key: bool) -> Refusal {
    let shown = |name: &&String| {
        if by_key && name.starts_with("sk-") { mint::key_name(name) } else { (*name).clone() }
    };
    let shown: Vec<String> = missing.iter().map(|name| format!("`{}`", shown(name))).collect();
    let message = format!("nothing was deleted, not found: {}", shown.join(", "));
    let param = if by_key { "keys" } else { "key_aliases" };
    Refusal::error(Code::KeyUnknown, 404, Kind::NotFoundError, param, message)
}

/// The keys that are deleted. The reference deletes each key on its own: what the caller may delete is gone even if it
/// then refuses because of another, and it looks at keys without a team first.
fn one_by_one<'k>(
    cx: &Context<'_>,
    caller: &Caller,
    tokens: &[String],
    found: &'k [VirtualKey],
    teams: &Teams<'_>,
) -> Result<Vec<&'k VirtualKey>, Refusal> {
    let (mut doomed, mut refusal) = (Vec::new(), None);
    for key in found {
        match may_delete(cx.settings, caller, key, team_of(key, teams)) {
            Ok(true) => doomed.push(key),
            Ok(false) => first(&mut refusal, key, not_authorized()),
            Err(refused) => first(&mut refusal, key, refused),
        }
    }
    let refusal = match refusal {
        Some((_, refusal)) => refusal,
        None if caller.is_proxy_admin() || doomed.len() == tokens.len() => return Ok(doomed),
        None => {
            let gone = Names::of(doomed.iter().map(|key| &key.token));
            let rest = tokens.iter().filter(|token| !gone.contains(token));
            let message = messages::failed_to_delete(&rest.cloned().collect::<Vec<_>>());
            Refusal::raised(Code::KeyUnknown, message)
        }
    };
    let gone: Vec<String> = doomed.iter().map(|key| key.token.clone()).collect();
    let left_behind = (!gone.is_empty()).then(|| {
        Write::delete_all::<VirtualKey>(vec![Condition::In { column: "token".into(), values: gone }])
    });
    Err(Refusal { left_behind: left_behind.into_iter().collect(), ..refusal })
}

/// Keeps the refusal that comes first: that of the first key without a team, else of the first key.
fn first(kept: &mut Option<(bool, Refusal)>, key: &VirtualKey, refusal: Refusal) {
    let is_of_team = key.team_id.is_some();
    if kept.as_ref().is_none_or(|(kept_is_of_team, _)| *kept_is_of_team && !is_of_team) {
        *kept = Some((is_of_team, refusal));
    }
}

fn not_authorized() -> Refusal {
    Refusal::http(Code::NotOwner, 403, dict! { "error" => messages::MAY_NOT_DELETE })
}

fn wrapped(refusal: Refusal) -> Refusal {
    refusal.wrapped(Kind::InternalServerError, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Profile, Settings};
    use latchkey_contract::json::str_of;
    use latchkey_contract::wire::Call;

    fn key(token: &str, user_id: &str) -> VirtualKey {
        VirtualKey { token: token.to_owned(), user_id: Some(user_id.to_owned()), ..VirtualKey::default() }
    }

    #[test]
    fn the_reference_stops_half_way_and_strict_deletes_all_or_nothing() {
        let caller = Caller { user_id: Some("u".to_owned()), ..Caller::default() };
        let found = [key("a", "u"), key("b", "v")];
        let names = ["a", "b"].map(str::to_owned);
        let call = Call::default();
        let settings = Settings { profile: Profile::Litellm160, ..Settings::default() };
        let cx = Context::new(&call, b"", &settings);
        let half =
            one_by_one(&cx, &caller, &names, &found, &by_id(&[])).expect_err("one is not the caller's");
        assert_eq!((half.status, half.left_behind.len()), (403, 1));
        let whole = all_or_nothing(&caller, &names, &names, true, &found, &by_id(&[]))
            .expect_err("one is not the caller's");
        assert_eq!((whole.status, whole.left_behind.len()), (404, 0));
        assert_eq!(str_of(&whole.message), "nothing was deleted, not found: `b`");
        let own = all_or_nothing(&caller, &names[..1], &names[..1], true, &found[..1], &by_id(&[]))
            .expect("the caller's own");
        assert_eq!(own.len(), 1);
    }

    #[test]
    fn a_missing_key_is_named_without_its_secret() {
        let refusal = not_found(&[&"sk-abcdefgh".to_owned()], true);
        assert_eq!(str_of(&refusal.message), "nothing was deleted, not found: `sk-...efgh`");
    }
}
