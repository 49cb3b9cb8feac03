//! From a judged draft to a stored key: the secret, the rows, the conditions. Shared by all operations that make keys.

use super::{chosen, stamp};
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::operations::record::{record, without_relations};
use crate::rules::key_fields::is_in_metadata;
use crate::rules::{KeyDraft, Known};
use crate::settings::Settings;
use crate::types::{GenerateKeyRequest, Model as _};
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::mint;
use latchkey_contract::secret::Secret;
use latchkey_contract::tables::{Budget, ObjectPermission, Row, Table, User, VirtualKey, fit};
use latchkey_contract::wire::{Event, Guard, Write, present, unchanged};

/// A key that is about to be stored.
#[derive(Debug)]
pub(crate) struct Issued {
    /// The key itself; it is shown once and never stored.
    pub(crate) key: Secret,
    /// The row.
    pub(crate) row: VirtualKey,
    /// The budget made with it.
    pub(crate) budget: Option<Budget>,
    /// What to store.
    pub(crate) writes: Vec<Write>,
    /// Under which conditions.
    pub(crate) guards: Vec<Guard>,
    /// What happened.
    pub(crate) events: Vec<Event>,
}

/// Makes the key that `draft` describes, of the row that was fitted, if one was.
pub(crate) fn issue(cx: &Context<'_>, draft: &mut KeyDraft<'_>) -> Result<Issued, Refusal> {
    let key =
        draft.text("key").map_or_else(|| Secret::random(cx.random()), |key| Secret::new(key.to_owned()));
    let fitted = draft.fitted.take().map_or_else(|| draft.row(), Ok)?;
    let row = VirtualKey {
        token: key.token(),
        key_name: Some(key.name()),
        created_at: Some(cx.now()),
        updated_at: Some(cx.now()),
        ..fitted
    };
    let row = stamp::made(cx, draft.caller, row);
    let budget = new_budget(cx, draft)?;

    let mut writes = Vec::new();
    let mut guards = Vec::new();
    writes.extend(budget.as_ref().map(|budget| latchkey_contract::wire::insert(budget)));
    // the reference passes over a key that exists already and answers as if it had stored it
    if draft.existing_key != Known::Present(()) {
        writes.extend(new_permission(draft)?);
        if let Some((write, guard)) = draft.promise.take() {
            writes.push(write);
            guards.push(guard);
        }
        writes.push(latchkey_contract::wire::insert(&row));
        guards.extend(conditions(draft));
    }
    let events = vec![Event { event: "key_created".into(), object: row.token.clone() }];
    Ok(Issued { key, row, budget, writes, guards, events })
}

pub(super) fn new_budget(cx: &Context<'_>, draft: &KeyDraft<'_>) -> Result<Option<Budget>, Refusal> {
    let Some(mut columns) = draft.budget_row() else { return Ok(None) };
    columns.set("created_at", cx.now().0.into());
    columns.set("updated_at", cx.now().0.into());
    Ok(Some(fit::row(&columns)?))
}

/// The row of what the key may use beside models, if it gets one.
pub(in crate::operations) fn new_permission(draft: &KeyDraft<'_>) -> Result<Option<Write>, Refusal> {
    let row: Option<ObjectPermission> = draft.new_permission.as_ref().map(fit::row).transpose()?;
    Ok(row.map(|row| latchkey_contract::wire::insert(&row)))
}

/// What must still hold when the key is stored: nobody took the alias or had the
/// key, and the rows that decided have not changed.
fn conditions(draft: &KeyDraft<'_>) -> Vec<Guard> {
    let mut guards = Vec::new();
    if let (Some(alias), Known::Absent) = (draft.text("key_alias"), draft.alias_holder) {
        guards.push(Guard::Absent {
            table: VirtualKey::NAME.into(),
            column: "key_alias".into(),
            value: alias.to_owned(),
            except: None,
        });
    }
    if let (Some(key), true) = (draft.text("key"), draft.closes(Hole::custom_key_is_new)) {
        guards.extend(chosen::still_new(&mint::token(key)));
    }
    if draft.closes(Hole::no_key_outlives_what_it_belongs_to) {
        guards.extend(draft.team.present().map(|team| unchanged(team)));
        guards.extend(draft.budget.present().map(|budget| unchanged(budget)));
    }
    guards
}

/// The condition that the user who is to own a key is still there, if they are now: their keys go with them.
pub(crate) fn owner(cx: &Context<'_>, caller: &Caller, user_id: Option<&str>) -> Result<Option<Guard>, Halt> {
    // that the caller's own user is as they were is a condition of every change
    let is_own = |id: &&str| caller.key.is_some() && caller.user_id.as_deref() == Some(*id);
    let is_kept = cx.closes(Hole::no_key_outlives_what_it_belongs_to);
    let Some(id) = user_id.filter(|id| is_kept && !is_own(id)) else { return Ok(None) };
    let users: Vec<User> = cx.brief("user_id", vec![id.to_owned()])?;
    Ok(users.first().map(|user| present::<User>(&user.user_id)))
}

/// What the reference leaves behind when it refuses after it has made the budget.
pub(crate) fn left_behind(cx: &Context<'_>, draft: &KeyDraft<'_>, refusal: Refusal) -> Halt {
    let left_behind = match new_budget(cx, draft) {
        Ok(Some(budget)) if !draft.closes(Hole::refusals_leave_nothing) => {
            vec![latchkey_contract::wire::insert(&budget)]
        }
        _ => Vec::new(),
    };
    Halt::from(Refusal { left_behind, ..refusal })
}

/// How calls are routed, of which replies to requests for keys show each setting.
const ROUTER_SETTINGS: [&str; 21] = [
    "routing_strategy_args",
    "routing_strategy",
    "routing_groups",
    "retry_policy",
    "model_group_retry_policy",
    "model_group_affinity_config",
    "allowed_fails",
    "cooldown_time",
    "num_retries",
    "timeout",
    "max_retries",
    "retry_after",
    "fallbacks",
    "context_window_fallbacks",
    "content_policy_fallbacks",
    "model_group_alias",
    "enable_tag_filtering",
    "weights",
    "tag_routing_prefix",
    "optional_pre_call_checks",
    "fallback_on_unsupported_params",
];

/// The settings that are stored, beside those that say nothing.
fn router_settings(stored: Option<&JsonText>) -> Json {
    let silent = |name: &'static str| match name {
        "model_group_alias" => (name.into(), Json::empty_dict()),
        _ => (name.into(), Json::Null),
    };
    let mut shown = Json::Dict(ROUTER_SETTINGS.into_iter().map(silent).collect());
    let stored = stored.map_or(Json::Null, JsonText::value);
    for (name, value) in stored.as_dict().unwrap_or_default() {
        shown.set(name.clone(), value.clone());
    }
    shown
}

/// Fields of a request for a key that no reply repeats.
const OF_REQUESTS: [&str; 2] = ["soft_budget", "send_invite_email"];

/// The reply to a request for a key, LiteLLM's GenerateKeyResponse: the fields of the request, of which it shows those that
/// have a column, and what was made.
pub(crate) fn reply(settings: &Settings, issued: &Issued, budget_table: Json) -> Json {
    let (row, stored): (&VirtualKey, &dyn Row) = (&issued.row, &issued.row);
    let fields = GenerateKeyRequest::fields().into_iter().filter(|field| settings.knows(field));
    let (names, columns) = (stored.schema().columns, stored.columns());
    let shown = |name: &'static str| {
        match name {
            "key" => return issued.key.expose().into(),
            "router_settings" => return router_settings(row.router_settings.as_ref()),
            _ => {}
        }
        let at = names.iter().position(|column| column.name == name);
        let text = at.and_then(|at| columns.get(at)).map_or_else(JsonText::null, |cell| cell.text());
        if text.as_str() == "null" || is_in_metadata(name) { Json::Null } else { Json::Raw(text) }
    };
    let asked = fields.map(|field| field.name).filter(|name| !OF_REQUESTS.contains(name));
    let asked = asked.map(|name| (name.into(), shown(name)));
    let made = [
        ("key_name", row.key_name.clone().into()),
        ("expires", row.expires.map(crate::time::iso_z).into()),
        ("token_id", row.token.clone().into()),
        ("litellm_budget_table", budget_table),
        ("token", issued.key.expose().into()),
    ];
    let is_of_today = settings.closes(Hole::fields_of_today_are_kept);
    let stamps = [
        ("created_at", row.created_at.map(crate::time::iso_z).into()),
        ("created_by", row.created_by.clone().into()),
        ("updated_at", row.updated_at.map(crate::time::iso_z).into()),
        ("updated_by", row.updated_by.clone().into()),
    ];
    let made = made.into_iter().chain(stamps.into_iter().filter(|_| is_of_today));
    Json::Dict(asked.chain(made.map(|(name, value)| (name.into(), value))).collect())
}

/// The members of [`reply`] where no key was made.
pub(crate) fn reply_without_key(settings: &Settings) -> Json {
    let key = Secret::random([0; 16]);
    let (budget, writes) = (None, Vec::new());
    let row = VirtualKey::default();
    let nothing = Issued { key, row, budget, writes, guards: Vec::new(), events: Vec::new() };
    let Json::Dict(members) = reply(settings, &nothing, Json::Null) else { return Json::Null };
    Json::Dict(members.into_iter().map(|(name, _)| (name, Json::Null)).collect())
}

/// A budget as Prisma's rows print, relations included; `zone` is how the endpoint writes UTC.
pub(crate) fn budget_table(
    settings: &Settings,
    budget: &Budget,
    zone: fn(latchkey_contract::tables::Millis) -> String,
) -> Json {
    let mut shown = record(settings, budget, zone);
    let relations = ["organization", "keys", "end_users", "team_membership", "organization_membership"];
    without_relations(&mut shown, &relations);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issued_key_is_printed_by_its_name() {
        let key = Secret::random([7; 16]);
        let row = VirtualKey { token: key.token(), ..VirtualKey::default() };
        let writes = vec![latchkey_contract::wire::insert(&row)];
        let issued = Issued { key, row, budget: None, writes, guards: Vec::new(), events: Vec::new() };
        let printed = format!("{issued:?}");
        assert!(printed.contains(&issued.key.name()), "{printed}");
        assert!(!printed.contains(issued.key.expose()), "{printed}");
    }
}
