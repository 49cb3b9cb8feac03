//! `POST /key/bulk_update`: changes several virtual keys, each as the request says.

use super::bulk::{self, MOST, Wanted};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::types::{BulkUpdateKeyRequest, Model as _};
use latchkey_contract::json::Json;
use latchkey_contract::{dict, mint};

/// Changes the keys for a proxy admin, and says which could not be.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BulkUpdateKeyRequest = request.model()?;
    if !caller.is_proxy_admin() {
        return Err(refusal(403, Code::RouteForbidden, messages::BULK_IS_FOR_ADMINS.to_owned()).into());
    }
    let count = asked.keys.len();
    if count == 0 {
        return Err(refusal(400, Code::RequestInvalid, messages::NO_KEYS_TO_UPDATE.to_owned()).into());
    }
    if count > MOST {
        let message = messages::too_many_keys(count as u64, "keys");
        return Err(refusal(400, Code::RequestInvalid, message).into());
    }
    let fields: Vec<Json> = asked.keys.iter().map(|item| fields(item.dump_set())).collect();
    let wanted = asked.keys.iter().zip(&fields).map(|(item, fields)| Wanted {
        shown: item.key.clone(),
        token: mint::token_if_key(&item.key),
        fields,
    });
    let wanted: Vec<Wanted<'_>> = wanted.collect();
    let found = bulk::named(cx, wanted.iter().map(|one| one.token.clone()).collect())?;
    bulk::change(cx, caller, &wanted, &found, "Key not found.")
}

fn fields(set: Vec<(&'static str, Json)>) -> Json {
    Json::from(set.into_iter().filter(|(name, _)| *name != "key").collect::<Vec<_>>())
}

/// A refusal of a request about many keys.
pub(crate) fn refusal(status: u16, code: Code, message: String) -> Refusal {
    Refusal::http(code, status, dict! { "error" => message })
}
