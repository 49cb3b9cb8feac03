//! Callers as forms name them: read for a question, and shown by `GET /policy` to whoever asks it.

use super::object::{only, row};
use crate::caller::{Caller, Role};
use crate::rules::shown_limits;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, VirtualKey};
use latchkey_contract::{dict, mint};

/// What a caller has.
const MEMBERS: &[&str] = &["user_role", "user_id", "team_id", "api_key", "max_budget", "limits"];

/// Reads `{user_role?, user_id?, team_id?, api_key?, max_budget?, limits?}`. `limits` is what the key in use is limited to:
/// an object of columns of a key, and with `team_models` the models of its team.
pub(super) fn read(value: &Json) -> Result<Caller, String> {
    if !matches!(value, Json::Null | Json::Dict(_)) {
        return Err("`caller` must be an object".to_owned());
    }
    only(value, "caller.", MEMBERS)?;
    let text = |name: &str| match value.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Str(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`caller.{name}` must be text")),
    };
    let user_role = match text("user_role")? {
        None => None,
        Some(name) => Some(Role::named(&name).ok_or_else(|| format!("unknown role `{name}`"))?),
    };
    let max_budget = match value.get("max_budget") {
        None | Some(Json::Null) => None,
        Some(Json::Int(amount)) => Some(*amount as f64),
        Some(Json::Float(amount)) => Some(*amount),
        Some(_) => return Err("`caller.max_budget` must be a number".to_owned()),
    };
    let (team_id, limits) = (text("team_id")?, value.get("limits"));
    let key: Option<VirtualKey> = match limits {
        None | Some(Json::Null) => None,
        Some(limits @ Json::Dict(_)) => Some(row(limits, "caller.limits")?),
        Some(_) => return Err("`caller.limits` must be an object".to_owned()),
    };
    let team_models = limits.and_then(|limits| limits.get("team_models"));
    let team = match (&team_id, team_models) {
        (Some(team_id), Some(models)) => {
            let team = dict! { "team_id" => team_id.clone(), "models" => models.clone() };
            Some(row(&team, "caller.limits.team_models")?)
        }
        _ => None,
    };
    Ok(Caller {
        user_role,
        user_id: text("user_id")?,
        key: key.map(|key| VirtualKey { team_id: team_id.clone(), ..key }),
        team,
        team_id,
        token: text("api_key")?.map(|key| mint::token_if_key(&key)),
        budget: max_budget.map(|_| Budget { max_budget, ..Budget::default() }),
        ..Caller::default()
    })
}

/// The caller as [`read`] takes it: a form judged with this is judged as the caller's own request.
pub(crate) fn shown(caller: &Caller) -> Json {
    dict! {
        "user_role" => caller.user_role.map(Role::as_str),
        "user_id" => caller.user_id.clone(),
        "team_id" => caller.team_id.clone(),
        "api_key" => caller.token.clone(),
        "max_budget" => caller.max_budget(),
        "limits" => limits(caller),
    }
}

/// What the key in use is limited to; its list of routes binds a proxy admin, too.
fn limits(caller: &Caller) -> Json {
    let mut limits = shown_limits(caller);
    if let Some(key) = caller.key.as_ref().filter(|key| !key.allowed_routes.is_empty()) {
        if limits.is_null() {
            limits = Json::empty_dict();
        }
        limits.set("allowed_routes", key.allowed_routes.clone().into());
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::json::JsonText;
    use latchkey_contract::tables::{Millis, Team};

    fn told(caller: &Caller) -> Caller {
        read(&shown(caller)).expect("a caller")
    }

    #[test]
    fn a_caller_who_is_shown_is_read_as_the_same() {
        let key = VirtualKey { token: mint::token("sk-1"), max_budget: Some(9.0), ..VirtualKey::default() };
        let caller = Caller {
            user_role: Some(Role::InternalUser),
            user_id: Some("u".to_owned()),
            team_id: Some("t".to_owned()),
            token: Some(key.token.clone()),
            key: Some(key),
            ..Caller::default()
        };
        let found = told(&caller);
        assert_eq!(found.user_role, caller.user_role);
        assert_eq!((found.user_id.as_deref(), found.team_id.as_deref()), (Some("u"), Some("t")));
        assert_eq!((&found.token, found.max_budget()), (&caller.token, Some(9.0)));
        let budget = Some(Budget { max_budget: Some(5.0), ..Budget::default() });
        assert_eq!(told(&Caller { budget, ..caller }).max_budget(), Some(5.0));
    }

    #[test]
    fn the_routes_of_the_key_in_use_are_shown_whatever_the_role() {
        let key = VirtualKey { allowed_routes: vec!["info_routes".to_owned()], ..VirtualKey::default() };
        let caller = Caller { user_role: Some(Role::ProxyAdmin), key: Some(key), ..Caller::default() };
        assert_eq!(told(&caller).key.map(|key| key.allowed_routes), Some(vec!["info_routes".to_owned()]));
    }

    #[test]
    fn the_limits_of_the_key_in_use_are_shown_and_read() {
        let key = VirtualKey {
            token: mint::token("sk-1"),
            team_id: Some("t".to_owned()),
            expires: Some(Millis(5_000)),
            models: vec!["all-team-models".to_owned()],
            rpm_limit: Some(0),
            metadata: JsonText::of(&dict! { "guardrails" => vec!["pii".to_owned()], "note" => "mine" }),
            ..VirtualKey::default()
        };
        let team = Team { team_id: "t".to_owned(), models: vec!["gpt-4".to_owned()], ..Team::default() };
        let caller = Caller {
            user_role: Some(Role::InternalUser),
            team_id: key.team_id.clone(),
            key: Some(key.clone()),
            team: Some(team),
            budget: Some(Budget { tpm_limit: Some(7), ..Budget::default() }),
            ..Caller::default()
        };
        let found = told(&caller);
        let read = found.key.expect("the key");
        assert_eq!((read.expires, read.rpm_limit, read.tpm_limit), (key.expires, Some(0), Some(7)));
        assert_eq!((read.models, read.team_id), (key.models, key.team_id));
        assert_eq!(read.metadata.as_str(), r#"{"guardrails":["pii"]}"#);
        assert_eq!(found.team.map(|team| team.models), Some(vec!["gpt-4".to_owned()]));
        let admin = Caller { user_role: Some(Role::ProxyAdmin), ..caller };
        assert!(told(&admin).key.is_none());
    }

    #[test]
    fn what_is_no_caller_is_refused_and_not_taken_for_nobody() {
        for (value, name) in [
            (Json::from("ada"), "caller"),
            (dict! { "user_role" => 5 }, "user_role"),
            (dict! { "user_role" => "king" }, "king"),
            (dict! { "max_budget" => "5" }, "max_budget"),
        ] {
            assert!(read(&value).is_err_and(|why| why.contains(name)), "{value:?}");
        }
    }

    #[test]
    fn the_holder_of_the_master_key_is_shown_as_a_proxy_admin() {
        let found = told(&Caller::master(mint::token("sk-master")));
        assert!(found.is_proxy_admin() && found.max_budget().is_none());
    }
}
