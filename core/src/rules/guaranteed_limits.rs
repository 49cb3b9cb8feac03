//! Limits of throughput that a key is guaranteed: those of all keys of its team together fit that of the team.

use super::compare::to_f64;
use super::{KeyDraft, Known};
use crate::error::{Code, Kind, Refusal, messages};
use crate::settings::Settings;
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Millis, Team, VirtualKey};
use latchkey_contract::wire::{Guard, Write, changed, untouched};

/// Keys of a team that can be added up, at the most.
pub(crate) const MOST: u64 = 1_000;

/// What says that a limit is guaranteed.
const GUARANTEED: &str = "guaranteed_throughput";

/// The keys of the team, as many as can be added up, and how many there are.
#[derive(Debug)]
pub struct Siblings {
    /// The keys.
    pub keys: Vec<VirtualKey>,
    /// How many there are.
    pub total: u64,
}

/// A limit: its column, what says whether it is guaranteed, its limits by model, and what LiteLLM calls it.
struct Limit {
    column: &'static str,
    kind: &'static str,
    by_model: &'static str,
    words: &'static str,
    of_key: fn(&VirtualKey) -> Option<i64>,
    of_team: fn(&Team) -> Option<i64>,
}

const LIMITS: [Limit; 2] = [
    Limit {
        column: "tpm_limit",
        kind: "tpm_limit_type",
        by_model: "model_tpm_limit",
        words: "TPM",
        of_key: |key| key.tpm_limit,
        of_team: |team| team.tpm_limit,
    },
    Limit {
        column: "rpm_limit",
        kind: "rpm_limit_type",
        by_model: "model_rpm_limit",
        words: "RPM",
        of_key: |key| key.rpm_limit,
        of_team: |team| team.rpm_limit,
    },
];

/// Whether what `asked` says of a new key, or of a change of the key `before`, leaves a guaranteed limit to be judged.
pub(crate) fn is_about(asked: &Json, before: Option<&VirtualKey>) -> bool {
    let of_limits =
        |name: &str| LIMITS.iter().any(|limit| [limit.column, limit.kind, limit.by_model].contains(&name));
    let is_meant = |name: &str| ["team_id", "metadata"].contains(&name) || of_limits(name);
    let members = asked.as_dict().unwrap_or_default();
    let is_so_far = || before.is_some_and(|key| key.metadata.as_str().contains(GUARANTEED));
    members.iter().any(|(name, _)| is_meant(name))
        && (says(asked) || asked.get("metadata").is_some_and(says) || is_so_far())
}

/// Whether the operator's defaults make the limits of new keys guaranteed ones.
pub(crate) fn is_preset(settings: &Settings) -> bool {
    let presets = settings.default_key_params.as_deref().unwrap_or_default();
    presets.iter().any(|(_, value)| says(value)) || presets.iter().any(|(name, value)| is_said(name, value))
}

fn is_said(name: &str, value: &Json) -> bool {
    LIMITS.iter().any(|limit| limit.kind == name) && value.as_str() == Some(GUARANTEED)
}

/// Whether an object says that a limit is guaranteed.
fn says(value: &Json) -> bool {
    value.as_dict().unwrap_or_default().iter().any(|(name, value)| is_said(name, value))
}

/// Compares each guaranteed limit with what the team has left. Two such keys that are made at the same time do not both
/// pass: each changes the row of the team.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if !is_about(&draft.fields, draft.before) {
        return Ok(Passed::NotApplicable);
    }
    let Some(row) = &draft.fitted else { return Ok(Passed::Unknown) };
    let metadata = row.metadata.value();
    let is_guaranteed = |limit: &&Limit| metadata.get(limit.kind).and_then(Json::as_str) == Some(GUARANTEED);
    let limits: Vec<&Limit> = LIMITS.iter().filter(is_guaranteed).collect();
    let team = match draft.fields.get("team_id") {
        None if draft.before.is_some() => draft.old_team,
        _ => draft.team,
    };
    if limits.is_empty() || draft.next_team_id().is_none() || matches!(team, Known::Absent) {
        return Ok(Passed::NotApplicable);
    }
    let (Known::Present(team), Known::Present(related)) = (team, draft.related) else {
        return Ok(Passed::Unknown);
    };
    let Some(siblings) = &related.siblings else { return Ok(Passed::Unknown) };
    siblings.can_be_added_up()?;
    let others =
        siblings.keys.iter().filter(|key| Some(&key.token) != draft.before.map(|before| &before.token));
    let others: Vec<(&VirtualKey, Json)> = others.map(|key| (key, key.metadata.value())).collect();
    let of_team = team.metadata.value();
    let objections =
        limits.iter().flat_map(|limit| limit.objections((row, &metadata), (team, &of_team), &others));
    Refusal::all(objections.collect::<Vec<_>>())?;
    draft.promise = touched(team, draft.now);
    Ok(Passed::Allowed)
}

impl Siblings {
    fn can_be_added_up(&self) -> Result<(), Refusal> {
        let message = if self.total > MOST {
            format!("a team with more than {MOST} keys guarantees no throughput")
        } else if self.keys.iter().any(|key| key.told.is_cut) {
            "the keys of the team are too large together to add up what they are guaranteed".to_owned()
        } else {
            return Ok(());
        };
        Err(Refusal::error(Code::RequestUnsupported, 400, Kind::InvalidRequestError, Json::Null, message))
    }
}

impl Limit {
    fn objections(
        &self,
        (key, metadata): (&VirtualKey, &Json),
        (team, of_team): (&Team, &Json),
        others: &[(&VirtualKey, Json)],
    ) -> Vec<Refusal> {
        let whole = (self.of_team)(team);
        let mut objections = Vec::new();
        if let (Some(own), Some(most)) = ((self.of_key)(key), whole) {
            let allocated =
                others.iter().filter_map(|(key, _)| (self.of_key)(key)).fold(0, i64::saturating_add);
            objections.extend(self.above(allocated, own, most, self.column));
        }
        for (model, own) in metadata.get(self.by_model).and_then(Json::as_dict).unwrap_or_default() {
            let most = of_model(of_team, self.by_model, model).or(whole);
            if let (Some(own), Some(most)) = (number(own), most) {
                let of_others =
                    others.iter().filter_map(|(_, metadata)| of_model(metadata, self.by_model, model));
                let allocated = of_others.fold(0, i64::saturating_add);
                objections.extend(self.above(allocated, own, most, self.by_model));
            }
        }
        objections
    }

    fn above(&self, allocated: i64, own: i64, most: i64, field: &str) -> Option<Refusal> {
        if allocated.saturating_add(own) <= most {
            return None;
        }
        let message = messages::guaranteed_above_team(self.words, allocated, own, most);
        let refusal =
            Refusal::error(Code::AboveUpperBound, 400, Kind::InvalidRequestError, Json::Null, message);
        Some(refusal.on(field))
    }
}

fn of_model(metadata: &Json, by_model: &str, model: &str) -> Option<i64> {
    metadata.get(by_model).and_then(|limits| limits.get(model)).and_then(number)
}

/// The whole number that a limit allows; what is beyond any table is the largest there is.
fn number(value: &Json) -> Option<i64> {
    match value {
        Json::Int(number) => Some(*number),
        // a conversion to the nearest number there is
        other => to_f64(other).map(|number| number.floor() as i64),
    }
}

/// The team's row at another moment, so that what was read of it does not hold any more.
fn touched(team: &Team, now: Millis) -> Option<(Write, Guard)> {
    let moment = Millis(now.0.max(team.updated_at.0.saturating_add(1)));
    let write = changed(team, &Team { updated_at: moment, ..team.clone() })?;
    Some((write, untouched(team)))
}
