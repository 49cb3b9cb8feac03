//! Members of free data that LiteLLM obeys and that only proxy admins set, change and take away.

use super::KeyDraft;
use crate::caller::Caller;
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;

/// What LiteLLM says of a member to others than proxy admins; it names the kind of object. A field of a request that goes
/// there is called by its name alone.
type Message = fn(&str) -> String;

/// The members of a key's or a team's free data.
const RESERVED: &[(&str, Message)] = &[
    ("allowed_passthrough_routes", |of| set("allowed_passthrough_routes", of)),
    ("denied_passthrough_routes", |of| set("denied_passthrough_routes", of)),
    ("disable_global_guardrails", |of| messages::only_admins_set("`disable_global_guardrails`", of)),
    ("end_user_budget_id", |of| messages::only_admins_set("end_user_budget_id", of)),
    ("default_estimated_output_tokens", messages::only_admins_estimate),
    ("default_estimated_output_tokens_per_model", messages::only_admins_estimate),
    ("throttle_on_budget_exceeded", messages::only_admins_throttle),
    ("allow_client_message_redaction_opt_out", |of| set("allow_client_message_redaction_opt_out", of)),
    ("allow_client_mock_response", |of| set("allow_client_mock_response", of)),
    ("allow_client_pricing_override", |of| set("allow_client_pricing_override", of)),
    ("allow_litellm_changed_by_header", |of| set("allow_litellm_changed_by_header", of)),
    ("allowed_tools", |of| set("allowed_tools", of)),
    ("callback_settings", |of| set("callback_settings", of)),
    ("litellm_disabled_callbacks", |of| set("litellm_disabled_callbacks", of)),
    ("model_config", |of| set("model_config", of)),
    ("opted_out_global_guardrails", |of| set("opted_out_global_guardrails", of)),
    ("priority", |of| set("priority", of)),
    ("rpm_limit_type", |of| set("rpm_limit_type", of)),
    ("scim_data", |of| set("scim_data", of)),
    ("scim_managed", |of| set("scim_managed", of)),
    ("tpm_limit_type", |of| set("tpm_limit_type", of)),
];

fn set(member: &str, of: &str) -> String {
    messages::only_admins_set(&format!("`metadata.{member}`"), of)
}

/// What a member says that is reserved. That a limit of throughput is guaranteed or not is no more than the team's limit.
fn said(metadata: &Json, name: &str) -> Option<Json> {
    let is_free = |value: &Json| {
        let within = ["guaranteed_throughput", "best_effort_throughput"];
        name.ends_with("_limit_type") && value.as_str().is_some_and(|value| within.contains(&value))
    };
    metadata.get(name).filter(|value| value.is_truthy() && !is_free(value)).cloned()
}

/// The fields of a request that set a reserved member otherwise than it is, each with what LiteLLM says of it.
fn fields(old: &Json, request: &Json, of: &str) -> Vec<(&'static str, String)> {
    let is_set = |name: &str| request.get(name).is_some_and(|value| !value.is_null());
    let of_team = if of == "team" { OF_TEAMS } else { &[] };
    let all = RESERVED.iter().chain(of_team);
    let asked = all.filter(|(name, _)| is_set(name) && said(request, name) != said(old, name));
    asked.map(|(name, message)| (*name, message(of).replace("`metadata.", "`"))).collect()
}

/// Limits in the free data, of which 0 and `false` say something, too.
const BATCHES: &[&str] = &[
    "batch_enqueued_token_limit",
    "max_batch_file_records",
    "max_batch_file_uploads_per_day",
    "max_file_downloads_per_minute",
];

/// Those of a team's alone.
const OF_TEAMS: &[(&str, Message)] = &[
    ("require_trace_id", |of| messages::only_admins_set("`require_trace_id`", of)),
    ("team_member_budget_id", |of| set("team_member_budget_id", of)),
    ("team_member_key_duration", |of| set("team_member_key_duration", of)),
];

/// What has the free data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entity {
    /// A key.
    Key,
    /// A team.
    Team,
}

impl Entity {
    const fn called(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Team => "team",
        }
    }
}

/// Judges what the request puts into the free data of a key, or makes of it; the operator's defaults may hold what they
/// like.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let old = draft.before.map_or(Json::Null, |key| key.metadata.value());
    judge_fields(draft.caller, Entity::Key, &old, draft.request)?;
    let metadata = match draft.before {
        None => draft.request.get("metadata"),
        Some(_) => draft.columns.get("metadata"),
    };
    match metadata {
        None if draft.before.is_some() => Ok(Passed::NotApplicable),
        metadata => judge(draft.caller, Entity::Key, &old, metadata.unwrap_or(&Json::Null)),
    }
}

/// Whether the caller may set the fields of `request` that go into the free data `old` of a key or a team.
pub(crate) fn judge_fields(caller: &Caller, entity: Entity, old: &Json, request: &Json) -> Said {
    if caller.is_proxy_admin() {
        return Ok(Passed::NotApplicable);
    }
    let fields = fields(old, request, entity.called()).into_iter();
    Refusal::all(fields.map(|(name, message)| refusal(&message, name))).map(|()| Passed::Allowed)
}

fn refusal(message: &str, field: &str) -> Refusal {
    let message = format!("{{'error': {}}}", latchkey_contract::json::repr(&message.into()));
    Refusal::error(Code::AdminField, 403, Kind::AuthError, Json::Null, message).on(field)
}

/// Whether the caller may make `new` of `old`, the free data of a key or a team. What says nothing (`null`,
/// `false`, an empty list) is as good as absent.
pub(crate) fn judge(caller: &Caller, entity: Entity, old: &Json, new: &Json) -> Said {
    if caller.is_proxy_admin() {
        return Ok(Passed::NotApplicable);
    }
    let called = entity.called();
    let of_team = if entity == Entity::Team { OF_TEAMS } else { &[] };
    let changed = RESERVED.iter().chain(of_team).filter(|(name, _)| said(old, name) != said(new, name));
    let limit = |metadata: &Json, name: &str| metadata.get(name).filter(|value| !value.is_null()).cloned();
    let batches = BATCHES.iter().filter(|name| limit(old, name) != limit(new, name));
    let batches = batches.map(|name| messages::only_admins_set_batches(name, called));
    let objections = changed.map(|(_, message)| message(called)).chain(batches);
    Refusal::all(objections.map(|message| refusal(&message, "metadata"))).map(|()| Passed::Allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Role;
    use latchkey_contract::dict;

    fn judged(entity: Entity, old: &Json, new: &Json) -> Option<String> {
        let user = Caller { user_role: Some(Role::InternalUser), ..Caller::default() };
        let admin = Caller { user_role: Some(Role::ProxyAdmin), ..Caller::default() };
        assert_eq!(judge(&admin, Entity::Team, old, new), Ok(Passed::NotApplicable));
        judge(&user, entity, old, new).err().map(|refusal| latchkey_contract::json::str_of(&refusal.message))
    }

    #[test]
    fn a_reserved_member_is_neither_set_nor_changed_nor_taken_away() {
        let of_both = RESERVED.iter().flat_map(|(name, _)| [(Entity::Key, name), (Entity::Team, name)]);
        for (entity, name) in of_both.chain(OF_TEAMS.iter().map(|(name, _)| (Entity::Team, name))) {
            let (none, one, other) = (Json::empty_dict(), dict! { *name => 1 }, dict! { *name => 2 });
            for (old, new) in [(&none, &one), (&one, &other), (&one, &none)] {
                let said = judged(entity, old, new).unwrap_or_default();
                assert!(said.starts_with("{'error': 'Only proxy admins can "), "{name}: {said}");
            }
            assert_eq!(judged(entity, &one, &one), None);
            for nothing in [Json::Null, false.into(), Json::List(Vec::new())] {
                assert_eq!(judged(entity, &none, &dict! { *name => nothing }), None);
            }
        }
    }

    #[test]
    fn the_text_is_what_litellm_says() {
        let said = judged(
            Entity::Key,
            &Json::Null,
            &dict! { "allowed_passthrough_routes" => vec!["/x".to_owned()] },
        );
        assert_eq!(
            said.as_deref(),
            Some("{'error': 'Only proxy admins can set `metadata.allowed_passthrough_routes` on a key.'}")
        );
    }
}
