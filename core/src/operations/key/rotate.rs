//! Keys that get another secret by themselves. A shell asks which are due, and for each of them alone; no request can.

use super::rotation::{History, queries};
use super::stamp;
use crate::caller::{Caller, Role};
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::rules::rotated;
use crate::settings::KeyRotation;
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::write;
use latchkey_contract::secret::Secret;
use latchkey_contract::tables::{Millis, Table as _, VirtualKey};
use latchkey_contract::wire::{Event, KeyFilter, KeyOrder, Probe, Probed, Query, changed, unchanged};

/// The name by which LiteLLM's own jobs act.
const JOBS: &str = "litellm_internal_jobs";

/// Keys that are named at a time.
const MOST: u64 = 50;

/// Who rotates keys.
pub(crate) fn caller() -> Caller {
    Caller { user_role: Some(Role::ProxyAdmin), user_id: Some(JOBS.to_owned()), ..Caller::default() }
}

/// Names keys that were due when the look began, those that had been for longest first, without so many of them.
pub(crate) fn due(cx: &Context<'_>, skip: u64, since: Millis) -> Result<Outcome, Halt> {
    if cx.settings.key_rotation.is_none() || !cx.closes(Hole::rotated_secrets_are_delivered) {
        return Ok(named(&[]));
    }
    let filter = KeyFilter {
        rotation_due: Some(since.min(cx.now()).0),
        // what calls no more needs no secret
        blocked: Some(false),
        expired: Some((false, cx.now().0)),
        ..KeyFilter::default()
    };
    let order = KeyOrder { column: "key_rotation_at".into(), descending: false };
    let query = Query::Keys { filter, order, offset: skip, limit: MOST, bytes: None };
    let (keys, _) = cx.ask(&query, VirtualKey::read)?;
    let tokens: Vec<String> = keys.into_iter().map(|key| key.token).collect();
    Ok(named(&tokens))
}

fn named(tokens: &[String]) -> Outcome {
    Outcome::reply(dict! { "tokens" => tokens.to_vec() })
}

/// Gives the key another secret, if it still is due and the new one could be delivered.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, token: &str) -> Result<Outcome, Halt> {
    let Some(settings) = &cx.settings.key_rotation else { return Ok(left("keys are not rotated")) };
    cx.foresee(queries(token));
    let Some(key) = cx.caller_rows(token)?.map(|rows| rows.key) else { return Ok(left("the key is gone")) };
    if !is_due(&key, cx.now()) {
        return Ok(left("the key is not due any more"));
    }
    let history = History::read(cx, token)?;
    let row = rotated(cx.settings, key.clone(), cx.now());
    if row.key_rotation_at.is_none_or(|next| next <= cx.now()) {
        return Ok(left("its `rotation_interval` cannot be read"));
    }
    let secret = Secret::random(cx.random());
    let row = VirtualKey {
        token: secret.token(),
        key_name: Some(secret.name()),
        ..stamp::changed(cx, caller, row)
    };
    let grace = settings.grace_period.as_deref();
    let Ok((writes, unmoved)) = history.rotate(cx.now(), &key, &row, grace) else {
        return Ok(left("it has too many former secrets that work"));
    };
    // delivered before it is stored: otherwise a failed delivery would lock the key's holder out
    let probe = delivery(settings, &secret, &key, &row, &history);
    let told: Option<Probed> = cx.answer(&Query::Probe(probe))?.rows.message();
    if !matches!(told, Some(Probed::Answered { status: 200..300, .. })) {
        return Ok(Outcome::reply(dict! {
            "rotated" => false,
            "why" => "its new secret could not be delivered",
            "told" => false,
        }));
    }
    let mut outcome = Outcome::reply(dict! { "rotated" => true });
    outcome.writes.extend(changed(&key, &row));
    outcome.writes.extend(writes);
    outcome.guards.push(unchanged(&key));
    outcome.guards.extend(unmoved);
    outcome.events = vec![Event { event: "key_rotated".into(), object: row.token.clone() }];
    Ok(outcome)
}

fn left(why: &'static str) -> Outcome {
    Outcome::reply(dict! { "rotated" => false, "why" => why })
}

fn is_due(key: &VirtualKey, now: Millis) -> bool {
    key.auto_rotate == Some(true)
        && key.key_rotation_at.is_some_and(|due| due <= now)
        && key.blocked != Some(true)
        && key.expires.is_none_or(|end| end > now)
}

/// What the operator's address is sent.
fn delivery(
    settings: &KeyRotation,
    secret: &Secret,
    key: &VirtualKey,
    row: &VirtualKey,
    history: &History,
) -> Probe {
    let body = dict! {
        "event" => "key_rotating",
        "key" => secret.expose(),
        "token_id" => row.token.clone(),
        "former_token_id" => key.token.clone(),
        "key_id" => history.key_id(key),
        "key_alias" => row.key_alias.clone(),
        "user_id" => row.user_id.clone(),
        "team_id" => row.team_id.clone(),
        "grace_period" => settings.grace_period.clone(),
        "key_rotation_at" => row.key_rotation_at.map(iso_z),
    };
    let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    headers.extend(
        settings.deliver_key.as_ref().map(|key| ("authorization".to_owned(), format!("Bearer {key}"))),
    );
    Probe { method: "POST".to_owned(), url: settings.deliver_to.clone(), headers, body: write(&body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_due_while_it_rotates_by_itself_and_works() {
        let key =
            VirtualKey { auto_rotate: Some(true), key_rotation_at: Some(Millis(5)), ..VirtualKey::default() };
        assert!(is_due(&key, Millis(5)) && !is_due(&key, Millis(4)));
        for other in [
            VirtualKey { auto_rotate: None, ..key.clone() },
            VirtualKey { key_rotation_at: None, ..key.clone() },
            VirtualKey { blocked: Some(true), ..key.clone() },
            VirtualKey { expires: Some(Millis(5)), ..key },
        ] {
            assert!(!is_due(&other, Millis(5)), "{other:?}");
        }
    }
}
