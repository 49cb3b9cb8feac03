//! A key hands on no more than it has: what is made, changed or rotated with a limited key is within its limits.
//!
//! [`table::LIMITS`] says field by field what a limit is. A new key gets what the request leaves out, and the request is
//! refused where it asks for more; a change may raise nothing beyond; and the secret of a key that has more is not to be had.

mod change;
mod draft;
mod models;
mod table;

pub(crate) use change::{apply as change, may_hold};
pub(crate) use draft::apply as draft;
pub(crate) use table::{IN_METADATA, SERVICE_ACCOUNT};

use crate::caller::{Caller, DASHBOARD_TEAM_ID};
use crate::error::{Code, Refusal};
use crate::settings::Settings;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{Budget, Millis, Row, VirtualKey};

/// A key with what the comparison of limits reads often.
#[derive(Debug)]
pub(crate) struct Held {
    /// The row, with the amounts of the budget it belongs to, which count before its own.
    pub(crate) key: VirtualKey,
    /// Its free data.
    pub(crate) metadata: Json,
}

impl Held {
    /// What `key` has, which may belong to `budget`.
    pub(crate) fn of(key: VirtualKey, budget: Option<&Budget>) -> Self {
        let metadata = key.metadata.value();
        let Some(budget) = budget else { return Self { key, metadata } };
        let by_model = budget.model_max_budget.clone().filter(|budgets| budgets.value().is_truthy());
        let key = VirtualKey {
            max_budget: budget.max_budget.or(key.max_budget),
            budget_duration: match budget.max_budget {
                Some(_) => budget.budget_duration.clone(),
                None => key.budget_duration,
            },
            max_parallel_requests: budget.max_parallel_requests.or(key.max_parallel_requests),
            tpm_limit: budget.tpm_limit.or(key.tpm_limit),
            rpm_limit: budget.rpm_limit.or(key.rpm_limit),
            model_max_budget: by_model.unwrap_or(key.model_max_budget),
            ..key
        };
        Self { key, metadata }
    }

    /// A member of the free data; `null` where there is none.
    fn member(&self, name: &str) -> &Json {
        self.metadata.get(name).unwrap_or(&Json::Null)
    }
}

/// The calling key, where it limits what is done with it.
#[derive(Debug)]
struct Limits<'a> {
    settings: &'a Settings,
    now: Millis,
    held: Held,
    /// The models of the calling key's team, as far as they are known.
    team_models: Option<&'a [String]>,
}

impl<'a> Limits<'a> {
    /// The limits of the key in use. A proxy admin's key limits nothing, and a session key of the dashboard stands for its
    /// user.
    fn of(settings: &'a Settings, caller: &'a Caller, now: Millis) -> Option<Self> {
        if is_free(caller) {
            return None;
        }
        let key = key_of(caller);
        let team_models = match (&key.team_id, &caller.team) {
            (None, _) => Some(&[][..]),
            (Some(_), team) => team.as_ref().map(|team| team.models.as_slice()),
        };
        Some(Self { settings, now, held: Held::of(key, caller.budget.as_ref()), team_models })
    }
}

/// The key in use; a form may not know its limits.
fn key_of(caller: &Caller) -> VirtualKey {
    let unlimited = || VirtualKey { team_id: caller.team_id.clone(), ..VirtualKey::default() };
    caller.key.clone().unwrap_or_else(unlimited)
}

/// Whether what the caller's key is limited to binds nothing else.
pub(crate) fn is_free(caller: &Caller) -> bool {
    caller.is_proxy_admin() || caller.team_id.as_deref() == Some(DASHBOARD_TEAM_ID)
}

/// The limits of the key in use, as a form takes them to judge by itself; `null` where it is limited in nothing.
pub(crate) fn shown(caller: &Caller) -> Json {
    if is_free(caller) {
        return Json::Null;
    }
    let held = Held::of(key_of(caller), caller.budget.as_ref());
    let row: &dyn Row = &held.key;
    let cells = row.cells();
    let mut shown = Json::empty_dict();
    for name in table::columns() {
        let value = cells.get(name).map_or(Json::Null, JsonText::value);
        if value.is_truthy() || matches!(value, Json::Int(_) | Json::Float(_)) {
            shown.set(name, value);
        }
    }
    let members = IN_METADATA.iter().chain(&["tags"]);
    let metadata = members.filter_map(|name| Some(((*name).into(), held.metadata.get(name)?.clone())));
    let metadata = Json::Dict(metadata.collect());
    if metadata.is_truthy() {
        shown.set("metadata", metadata);
    }
    if let Some(team) = caller.team.as_ref().filter(|_| models::is_left_to_team(&held.key)) {
        shown.set("team_models", team.models.clone().into());
    }
    if shown.is_truthy() { shown } else { Json::Null }
}

fn above(field: &str) -> Refusal {
    let message =
        format!("`{field}` asks for more than the calling key has, which hands on no more than that");
    Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on(field)
}
