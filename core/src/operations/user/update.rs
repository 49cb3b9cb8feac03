//! `POST /user/update`: changes a user.

use super::addresses;
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::{Changes, wrapped};
use crate::operations::fields::{self, at, take};
use crate::operations::permission;
use crate::types::{AssignableRole, Field, Model as _, UpdateUserRequest};
use crate::verdict::Passed;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Table, User, fit, storable};
use latchkey_contract::{dict, mint};

/// Fields of the request that go into the user's metadata.
const IN_METADATA: [&str; 5] =
    ["model_rpm_limit", "model_tpm_limit", "guardrails", "mcp_rpm_limit", "tag_rpm_limit"];

/// Changes the user whom the request names by id, or else by e-mail address.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: UpdateUserRequest = request.model()?;
    let outcome = match cx.closes(Hole::updates_make_no_users) {
        true => of_one_user(cx, caller, &asked),
        false => as_the_reference(cx, &asked),
    };
    outcome.map_err(|halt| {
        let reference =
            |refusal: Refusal| refusal.wrapped(Kind::AuthError, messages::AUTHENTICATION_ERROR_PREFIX);
        wrapped(halt, cx.wrapping(reference))
    })
}

/// Exactly one user must be meant, and what the request mentions counts, zero and `null` too.
fn of_one_user(cx: &Context<'_>, caller: &Caller, asked: &UpdateUserRequest) -> Result<Outcome, Halt> {
    let user = the_one(cx, asked)?;
    if !caller.is_proxy_admin() && caller.user_id.as_ref() != Some(&user.user_id) {
        return Err(unknown("user_id").into());
    }
    let mut values = values(cx, asked);
    let address = asked.user_email.text().filter(|address| !addresses::has(cx, &user, address));
    if let Some(address) = address {
        storable::plain("user_email", address)?;
    }
    if !caller.is_proxy_admin() && cx.closes(Hole::access_reads_the_operations_body) {
        cx.judge("own_user", only_of_oneself(&values).map(|()| Passed::Allowed))?;
    }
    fields::judge_amounts(cx, &values)?;
    let mut presets = Json::empty_dict();
    preset(cx, asked, &values, &mut presets);
    for (name, value) in presets.as_dict().unwrap_or_default() {
        values.set(name.clone(), value.clone());
    }
    if values.get("budget_duration").is_some() {
        values.set("budget_reset_at", fields::window_end(cx, at(&values, "budget_duration"))?);
    }
    let password = at(&values, "password").as_str().map(mint::token);
    if let Some(password) = password.filter(|_| cx.closes(Hole::passwords_are_hashed)) {
        values.set("password", password.into());
    }
    let mut metadata = match values.get("metadata") {
        None => user.metadata.value(),
        Some(Json::Null) => Json::empty_dict(),
        Some(given) => given.clone(),
    };
    into_metadata(asked, &mut metadata);
    for name in ["mcp_rpm_limit", "tag_rpm_limit", "policies"] {
        if values.get(name).is_some_and(Json::is_null) {
            take(&mut metadata, name);
        }
    }
    // the free data of a new user has them, too
    match values.get("policies") {
        Some(Json::Null) => values.set("policies", Json::List(Vec::new())),
        Some(policies) => metadata.set("policies", policies.clone()),
        None => {}
    }
    values.set("metadata", metadata);
    values.set("user_id", user.user_id.clone().into());
    let mut changes = Changes::default();
    permission::settle(cx, caller, user.object_permission_id.as_deref(), &mut values, &mut changes)?;
    known_columns(cx, &mut values)?;
    for name in ["models", "allowed_cache_controls", "spend", "model_max_budget"] {
        if at(&values, name).is_null() {
            take(&mut values, name);
        }
    }
    if let Some(address) = address.filter(|_| cx.closes(Hole::addresses_are_one_users)) {
        addresses::free(cx, address, &user.user_id)?;
        changes.extend(Vec::new(), addresses::still_free(cx, address, Some(&user.user_id)));
    }
    let changed = save(cx, &user, values, &mut changes)?;
    Ok(changes.answer(reply(cx, &changed.user_id, &changed)))
}

/// What the request says: in strict all that it mentions.
fn values(cx: &Context<'_>, asked: &UpdateUserRequest) -> Json {
    if cx.closes(Hole::updated_users_take_zero_and_null) {
        return fields::mentioned(asked);
    }
    let mut values = fields::effective(asked);
    if let Json::Dict(members) = &mut values {
        members.retain(|(name, value)| {
            let text = value.as_str().is_some();
            (text || value.is_truthy()) && !IN_METADATA.contains(&&**name)
        });
    }
    values
}

/// What users change of themselves: the e-mail address and the password, and nothing that says what they may.
fn only_of_oneself(values: &Json) -> Result<(), Refusal> {
    const OWN: [&str; 3] = ["user_id", "user_email", "password"];
    let mut names = values.as_dict().unwrap_or_default().iter().map(|(name, _)| &**name);
    match names.find(|name| !OWN.contains(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!("only a proxy admin can set `{name}`");
            Err(Refusal::error(Code::AdminField, 403, Kind::AuthError, name, message).on(name))
        }
    }
}

fn the_one(cx: &Context<'_>, asked: &UpdateUserRequest) -> Result<User, Halt> {
    let is_id = |id: &&str| !id.is_empty() || !cx.closes(Hole::updated_users_keep_their_id);
    let id = asked.common.values.text("user_id").filter(is_id);
    let (column, value) = match id {
        Some(id) => ("user_id", id),
        None => ("user_email", asked.user_email.text().unwrap_or_default()),
    };
    storable::plain(column, value)?;
    let mut users: Vec<User> = match id {
        Some(id) => cx.rows(column, vec![id.to_owned()])?,
        None => addresses::holders(cx, value)?,
    };
    match (users.pop(), users.is_empty()) {
        (Some(user), true) => Ok(user),
        (None, _) => Err(unknown(column).into()),
        (Some(_), false) => {
            let message = format!("several users have the e-mail address `{value}`, please use `user_id`");
            Err(Refusal::error(Code::UserUnknown, 400, Kind::BadRequestError, "user_email", message).into())
        }
    }
}

fn unknown(param: &str) -> Refusal {
    let message = "the user does not exist, or is not yours to change";
    Refusal::error(Code::UserUnknown, 404, Kind::NotFoundError, param, message)
}

/// The reference passes over zero, empty and `null`, makes users who do not exist, and gives users whom it found by
/// e-mail address a new id.
fn as_the_reference(cx: &Context<'_>, asked: &UpdateUserRequest) -> Result<Outcome, Halt> {
    let mut values = values(cx, asked);
    let given = values.clone();
    preset(cx, asked, &given, &mut values);
    if let Some(duration) = values.get("budget_duration") {
        let end = fields::window_end(cx, duration)?;
        values.set("budget_reset_at", end);
    }
    let Some(id) = asked.common.values.text("user_id") else {
        return Err(Refusal::raised(Code::RequestUnsupported, "users are found by `user_id` only").into());
    };
    storable::plain("user_id", id)?;
    let stored: Option<User> = cx.row("user_id", id)?;
    let mut metadata = match values.get("metadata") {
        Some(given) => given.clone(),
        None => stored.as_ref().map_or_else(Json::empty_dict, |user| user.metadata.value()),
    };
    into_metadata(asked, &mut metadata);
    values.set("metadata", metadata);
    let mut changes = Changes::default();
    match (id, asked.user_email.text()) {
        ("", None) => Ok(Outcome::reply(Json::Null)),
        ("", Some(email)) => by_email(cx, email, values),
        (id, _) => {
            values.set("user_id", id.into());
            known_columns(cx, &mut values)?;
            let changed = match &stored {
                Some(stored) => save(cx, stored, values, &mut changes)?,
                None => create(cx, values, &mut changes)?,
            };
            Ok(changes.answer(reply(cx, id, &changed)))
        }
    }
}

fn by_email(cx: &Context<'_>, email: &str, mut values: Json) -> Result<Outcome, Halt> {
    storable::plain("user_email", email)?;
    let users = addresses::holders(cx, email)?;
    values.set("user_id", cx.uuid().into());
    values.set("user_email", email.into());
    known_columns(cx, &mut values)?;
    let mut changes = Changes::default();
    let Some((first, others)) = users.split_first() else {
        let created = create(cx, values, &mut changes)?;
        return Ok(changes.answer(view::record(cx, &created)));
    };
    let changed = save(cx, first, values, &mut changes)?;
    if !others.is_empty() {
        let message = format!("several users have the e-mail address `{email}`, please use `user_id`");
        return Err(changes.refuse(cx, Refusal::raised(Code::UserUnknown, message)));
    }
    Ok(changes.answer(reply(cx, &first.user_id, &changed)))
}

/// What the operator presets for internal users, where `given` has nothing.
fn preset(cx: &Context<'_>, asked: &UpdateUserRequest, given: &Json, values: &mut Json) {
    if asked.user_role != Field::Value(AssignableRole::InternalUser) {
        return;
    }
    let presets = [
        ("max_budget", cx.settings.max_user_budget.map(Json::Float)),
        ("budget_duration", cx.settings.user_budget_duration.clone().map(Json::Str)),
    ];
    for (name, preset) in presets {
        if let Some(preset) = preset.filter(|_| given.get(name).is_none()) {
            values.set(name, preset);
        }
    }
}

fn into_metadata(asked: &UpdateUserRequest, metadata: &mut Json) {
    for name in IN_METADATA {
        if let Some(Field::Value(value)) = asked.get(name) {
            metadata.set(name, value);
        }
    }
}

/// Fields that only keys have are refused when they say something, as by the reference's database.
/// To that even an empty text says something.
fn known_columns(cx: &Context<'_>, values: &mut Json) -> Result<(), Refusal> {
    let Json::Dict(members) = values else { return Ok(()) };
    members.retain(|(name, value)| {
        let is_text = value.as_str().is_some() && !cx.closes(Hole::empty_texts_are_no_values);
        let says = value.is_truthy() || is_text;
        !IN_METADATA.contains(&&**name) && (says || User::SCHEMA.column(name).is_some())
    });
    match members.iter().find(|(name, _)| User::SCHEMA.column(name).is_none()) {
        None => Ok(()),
        Some((name, _)) => {
            let message = format!("users have no `{name}`, keys do");
            cx.judge("fields_of_users", Err(Refusal::raised(Code::RequestUnsupported, message).on(name)))
        }
    }
}

fn save(cx: &Context<'_>, stored: &User, mut values: Json, changes: &mut Changes) -> Result<User, Refusal> {
    values.set("updated_at", cx.now().0.into());
    let changed = fit::amended(stored, &values)?;
    changes.update(stored, &changed);
    changes.event("user_updated", &changed.user_id);
    Ok(changed)
}

fn create(cx: &Context<'_>, mut values: Json, changes: &mut Changes) -> Result<User, Refusal> {
    values.set("created_at", cx.now().0.into());
    values.set("updated_at", cx.now().0.into());
    let created: User = fit::row(&values)?;
    changes.insert(&created);
    changes.event("user_created", &created.user_id);
    Ok(created)
}

fn reply(cx: &Context<'_>, user_id: &str, user: &User) -> Json {
    dict! { "user_id" => user_id, "data" => view::record(cx, user) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_change_nothing_of_themselves_but_address_and_password() {
        let own = dict! { "user_id" => "u", "user_email" => "a@b.c", "password" => "p" };
        assert_eq!(only_of_oneself(&own), Ok(()));
        for name in ["user_role", "max_budget", "metadata", "models", "spend"] {
            let mut asked = own.clone();
            asked.set(name, Json::Null);
            let refusal = only_of_oneself(&asked).expect_err(name);
            assert_eq!((refusal.status, refusal.code), (403, Code::AdminField));
        }
    }
}
