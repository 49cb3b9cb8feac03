//! How a user prints in answers.

use crate::context::Context;
use crate::deviations::Hole;
use crate::operations::record;
use crate::settings::Settings;
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::User;

/// The relations of users, which no endpoint fetches.
const RELATIONS: &[&str] = &[
    "litellm_organization_table",
    "organization_memberships",
    "invitations_created",
    "invitations_updated",
    "invitations_user",
];

/// A user as Prisma's rows print, relations included. In strict it never has the password's hash.
pub(crate) fn record(cx: &Context<'_>, user: &User) -> Json {
    let hidden = || User { password: None, ..user.clone() };
    let mut shown = match cx.closes(Hole::passwords_are_hashed) && user.password.is_some() {
        true => record::record(cx.settings, &hidden(), iso_z),
        false => record::record(cx.settings, user, iso_z),
    };
    record::without_relations(&mut shown, RELATIONS);
    if cx.closes(Hole::fields_of_today_are_kept) {
        record::without_relations(&mut shown, &["object_permission"]);
    }
    shown
}

/// A user as lists print them, without relations and without the password's hash.
pub(crate) fn plain(cx: &Context<'_>, user: &User) -> Json {
    let mut shown = record(cx, user);
    if let Json::Dict(members) = &mut shown {
        members.retain(|(name, _)| name != "password" && !RELATIONS.contains(&&**name));
    }
    shown
}

/// A user by what names them.
pub(crate) fn named(user: &User) -> Json {
    dict! { "user_id" => user.user_id.clone(), "user_email" => user.user_email.clone() }
}

/// A user as `/team/member_add` prints those who joined.
pub(crate) fn joined(settings: &Settings, user: &User) -> Json {
    let mut shown = dict! {
        "user_id" => user.user_id.clone(),
        "max_budget" => user.max_budget,
        "spend" => user.spend,
        "model_max_budget" => user.model_max_budget.value(),
        "model_spend" => user.model_spend.value(),
        "user_email" => user.user_email.clone(),
        "models" => user.models.clone(),
        "tpm_limit" => user.tpm_limit,
        "rpm_limit" => user.rpm_limit,
        "user_role" => user.user_role.clone(),
        "organization_memberships" => Json::Null,
        "teams" => user.teams.clone(),
        "sso_user_id" => user.sso_user_id.clone(),
    };
    if settings.closes(Hole::fields_of_today_are_kept) {
        let whole = record::record(settings, user, iso_z);
        let others = whole.as_dict().unwrap_or_default().iter().filter(|(name, _)| name != "password");
        for (name, value) in others {
            shown.set(name.clone(), value.clone());
        }
        shown.set("object_permission", Json::Null);
    }
    shown
}
