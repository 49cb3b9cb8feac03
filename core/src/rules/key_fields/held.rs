//! Keys as their limits are compared.

use crate::caller::{Caller, DASHBOARD_TEAM_ID};
use crate::settings::Settings;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Millis, VirtualKey};
use std::borrow::Cow;

/// By this a key is a service account, whose requests need the operator's parameters; `null` counts.
pub(crate) const SERVICE_ACCOUNT: &str = "service_account_id";

/// What raises a key's budget for a time, in its free data.
pub(crate) const INCREASE: &str = "temp_budget_increase";

/// The increase that a key's `metadata` holds.
pub(crate) fn increase(metadata: &Json) -> Option<&Json> {
    metadata.get(INCREASE).filter(|value| !value.is_null())
}

/// A key with what the comparison of limits reads often.
#[derive(Debug)]
pub(crate) struct Held<'k> {
    /// The row, with the amounts of the budget it belongs to, which count before its own.
    pub(crate) key: Cow<'k, VirtualKey>,
    /// Its free data.
    pub(crate) metadata: Cow<'k, Json>,
}

impl<'k> Held<'k> {
    /// What `key` has, which may belong to `budget`.
    pub(crate) fn of(key: Cow<'k, VirtualKey>, budget: Option<&Budget>) -> Self {
        let metadata = Cow::Owned(key.metadata.value());
        let Some(budget) = budget else { return Self { key, metadata } };
        let key = key.into_owned();
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
        Self { key: Cow::Owned(key), metadata }
    }

    /// What a new key has, whose row was fitted with this free data.
    pub(crate) fn new_key(key: &'k VirtualKey, metadata: Option<&'k Json>) -> Self {
        Self { key: Cow::Borrowed(key), metadata: Cow::Borrowed(metadata.unwrap_or(&Json::Null)) }
    }

    /// A member of the free data; `null` where there is none.
    pub(crate) fn member(&self, name: &str) -> &Json {
        self.metadata.get(name).unwrap_or(&Json::Null)
    }
}

/// The calling key, where it limits what is done with it.
#[derive(Debug)]
pub(crate) struct Limits<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) now: Millis,
    pub(crate) held: Held<'a>,
    /// The models of the calling key's team, as far as they are known.
    pub(crate) team_models: Option<&'a [String]>,
}

impl<'a> Limits<'a> {
    /// The limits of the key in use. A proxy admin's key limits nothing, and a session key of the dashboard stands for its
    /// user.
    pub(crate) fn of(settings: &'a Settings, caller: &'a Caller, now: Millis) -> Option<Self> {
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
pub(crate) fn key_of(caller: &Caller) -> Cow<'_, VirtualKey> {
    let unlimited = || VirtualKey { team_id: caller.team_id.clone(), ..VirtualKey::default() };
    caller.key.as_ref().map_or_else(|| Cow::Owned(unlimited()), Cow::Borrowed)
}

/// Whether what the caller's key is limited to binds nothing else.
pub(crate) fn is_free(caller: &Caller) -> bool {
    caller.is_proxy_admin() || caller.team_id.as_deref() == Some(DASHBOARD_TEAM_ID)
}
