//! `POST /user/new`: makes a user, and a key unless it is not wanted.

use super::addresses;
use super::defaults;
use super::joins::Joins;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields::{self, at};
use crate::operations::key::issue::{self, Issued, issue, new_permission};
use crate::operations::key::related::siblings;
use crate::operations::team;
use crate::operations::team::join::Joining;
use crate::operations::team::member_add::{enlarge, may_add, may_join};
use crate::operations::team::members::TeamMember;
use crate::rules::{KeyDraft, Known, OrganizationBounds, Related, USER_LITELLM, USER_STRICT};
use crate::time::iso_z;
use crate::types::{Field, NewUserRequest};
use crate::verdict::Passed;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::order::Names;
use latchkey_contract::tables::{Team, User, VirtualKey, fit, storable};
use latchkey_contract::wire::Query;

/// The user under whom LiteLLM counts the spending of the whole proxy; no key is made for it.
const PROXY_BUDGET_USER: &str = "litellm-proxy-budget";

/// Stores the user and the key.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: NewUserRequest = request.model()?;
    let mut wanted = defaults::fill(cx, &asked)?;
    if at(&wanted, "user_id").is_null() {
        wanted.set("user_id", cx.uuid().into());
    }
    let joins = Joins::read(cx, &mut wanted)?;
    let rows = Rows::read(cx, &wanted)?;
    let of_key = Rows::fields_of_key(cx, &wanted);
    let mut draft = rows.draft(cx, caller, &of_key);
    let rules = match cx.closes(Hole::new_users_are_bounded) {
        true => USER_STRICT,
        false => USER_LITELLM,
    };
    draft.judge_in(cx, rules, |refusal| refusal)?;
    let mut user = rows.user(cx, &wanted, &draft)?;
    if joins.has_teams() {
        // each is noted with the user as it is joined
        user.teams = Vec::new();
    }
    if cx.closes(Hole::replies_show_what_is_stored) {
        show_judged(&mut wanted, &user);
    }
    let with_key = asked.auto_create_key != Field::Value(false) && user.user_id != PROXY_BUDGET_USER;

    if !with_key && cx.closes(Hole::fields_of_today_are_kept) {
        no_key(cx, &wanted)?;
    }

    let mut joining = Joining::default();
    if let Some(team) = &rows.team {
        joining.of_team(cx, team, vec![user.user_id.clone()], false)?;
    }
    match &rows.stored {
        Some(stored) => joining.people.add(vec![stored.clone()]),
        None => joining.people.create(user.clone()),
    }
    let mut changes = Changes::default();
    let mut issued = None;
    if !with_key {
        changes.extend(new_permission(&draft)?.into_iter().collect(), Vec::new());
    }
    if with_key {
        match rows.key(cx, &wanted, &mut draft) {
            Ok(made) => issued = Some(made),
            Err(refusal) => {
                joining.write(cx, &mut changes);
                return Err(changes.refuse(cx, refusal));
            }
        }
    }
    if cx.closes(Hole::deleted_users_and_teams_leave_nothing) {
        // a team that goes meanwhile is noted with no user
        let noted = at(&wanted, "teams").as_list().unwrap_or_default().iter().filter_map(Json::as_str);
        noted
            .chain(at(&wanted, "team_id").as_str().filter(|_| rows.team.is_some()))
            .for_each(|id| changes.require::<Team>(id));
    }
    if let Some(team) = &rows.team {
        Rows::join(cx, caller, team, &wanted, &mut joining, &mut changes);
    }
    joins.of_teams(cx, caller, &user, rows.team.as_ref(), &mut joining, &mut changes)?;
    joining.write(cx, &mut changes);
    joins.of_organizations(cx, &user.user_id, &mut changes);
    if let Some(id) = user.sso_user_id.as_deref().filter(|_| cx.closes(Hole::fields_of_today_are_kept)) {
        changes.extend(Vec::new(), vec![addresses::sso_still_free(id)]);
    }
    let address = user.user_email.as_deref().filter(|address| !address.is_empty());
    if let Some(address) = address.filter(|_| cx.closes(Hole::addresses_are_one_users)) {
        changes.extend(Vec::new(), addresses::still_free(cx, address, None));
    }
    if let Some(issued) = &mut issued {
        changes.extend(std::mem::take(&mut issued.writes), std::mem::take(&mut issued.guards));
    }
    if asked.send_invite_email == Field::Value(true) && !cx.settings.email_alerting {
        let refusal = Refusal::raised(Code::RequestUnsupported, messages::NO_EMAIL_ALERTING);
        return Err(changes.refuse(cx, refusal));
    }
    changes.event("user_created", &user.user_id);
    if let Some(issued) = &issued {
        changes.event("key_created", &issued.row.token);
    }
    let mut reply = reply(&wanted, &draft, issued.as_ref());
    if cx.closes(Hole::replies_show_what_is_stored) {
        show_stored(cx, &mut reply, &draft, &user, issued.as_ref());
    }
    Ok(changes.answer(reply))
}

/// What the store knows about the objects a request names.
#[derive(Debug)]
struct Rows {
    stored: Option<User>,
    team: Option<Team>,
    organization: Option<OrganizationBounds>,
    alias_taken: bool,
    new_permission_id: String,
    related: Related,
}

impl Rows {
    fn read(cx: &Context<'_>, wanted: &Json) -> Result<Self, Halt> {
        let named = |name: &str| at(wanted, name).as_str();
        let user_id = named("user_id").unwrap_or_default();
        for name in ["user_id", "team_id", "key_alias", "user_email"] {
            storable::plain(name, named(name).unwrap_or_default()).map(drop).or_else(|refusal| {
                // the reference stores the user before it comes to the alias of the key
                let is_stored_later = matches!(name, "key_alias" | "user_email");
                match is_stored_later && !cx.closes(Hole::refusals_leave_nothing) {
                    true => Ok(()),
                    false => Err(refusal),
                }
            })?;
        }
        let team = named("team_id").map(|id| Query::one::<Team>("team_id", id));
        let alias = named("key_alias").filter(|_| cx.closes(Hole::new_users_are_bounded));
        cx.foresee(team.into_iter().chain(alias.map(|alias| Query::one::<VirtualKey>("key_alias", alias))));
        let stored: Option<User> = cx.row("user_id", user_id)?;
        let team = named("team_id").map_or(Ok(None), |id| cx.row("team_id", id))?;
        let holder: Option<VirtualKey> = alias.map_or(Ok(None), |alias| cx.row("key_alias", alias))?;
        if stored.is_some() && cx.closes(Hole::user_ids_are_new) {
            let message = format!("user id `{user_id}` exists already");
            let refusal = Refusal::error(Code::IdTaken, 400, Kind::BadRequestError, "user_id", message);
            cx.judge("user_id_new", Err(refusal))?;
        }
        if cx.closes(Hole::teams_of_new_users_exist) {
            known_teams(cx, at(wanted, "teams"))?;
        }
        if cx.closes(Hole::addresses_are_one_users) {
            addresses::free(cx, named("user_email").unwrap_or_default(), user_id)?;
        }
        if let Some(id) = named("sso_user_id").filter(|_| cx.closes(Hole::fields_of_today_are_kept)) {
            addresses::sso_free(cx, id)?;
        }
        let organization = team::organization::named(cx, at(wanted, "organization_id"))?;
        let related = Related { siblings: siblings(cx, wanted, None)?, ..Related::default() };
        let is_permitted =
            cx.closes(Hole::fields_of_today_are_kept) && at(wanted, "object_permission").is_truthy();
        let new_permission_id = if is_permitted { cx.uuid() } else { String::new() };
        Ok(Self { stored, team, organization, alias_taken: holder.is_some(), new_permission_id, related })
    }

    /// What is asked of the key that is made with the user. In the reference it has no budget of its own; in strict the
    /// operator's upper bounds hold for it as for every key.
    fn fields_of_key(cx: &Context<'_>, wanted: &Json) -> Json {
        let mut fields = wanted.clone();
        if !cx.closes(Hole::new_users_are_bounded) {
            fields.set("max_budget", at(wanted, "key_max_budget").clone());
            fields.set("budget_duration", at(wanted, "key_budget_duration").clone());
        }
        fields
    }

    fn draft<'a>(&'a self, cx: &Context<'a>, caller: &'a Caller, fields: &'a Json) -> KeyDraft<'a> {
        KeyDraft {
            new_permission_id: &self.new_permission_id,
            related: Known::Present(&self.related),
            team: self.team.as_ref().into(),
            alias_holder: match cx.closes(Hole::new_users_are_bounded) {
                true => self.alias_taken.then_some(()).into(),
                false => Known::Unknown,
            },
            ..KeyDraft::new(cx.settings, caller, cx.now(), fields)
        }
    }

    /// The user, checked unless it is stored already: then the reference passes over all values.
    fn user(&self, cx: &Context<'_>, wanted: &Json, draft: &KeyDraft<'_>) -> Result<User, Refusal> {
        let judged = |name: &str| {
            let source = if cx.closes(Hole::new_users_are_bounded) { &draft.fields } else { wanted };
            at(source, name).clone()
        };
        let list = |name: &str| {
            if at(wanted, name).is_null() { Json::List(Vec::new()) } else { at(wanted, name).clone() }
        };
        let reset_at = fields::window_end(cx, &judged("budget_duration"))?;
        if let Some(stored) = &self.stored {
            return Ok(stored.clone());
        }
        team::organization::known(cx, at(wanted, "organization_id"), self.organization.as_ref())?;
        let spend = match at(wanted, "spend") {
            Json::Null if cx.closes(Hole::new_users_are_bounded) => Json::Float(0.0),
            spend => spend.clone(),
        };
        let mut columns = dict! {
            "max_budget" => judged("max_budget"),
            "budget_duration" => judged("budget_duration"),
            "budget_reset_at" => reset_at,
            "tpm_limit" => judged("tpm_limit"),
            "rpm_limit" => judged("rpm_limit"),
            "max_parallel_requests" => judged("max_parallel_requests"),
            "spend" => spend,
            "models" => list("models"),
            "teams" => list("teams"),
            "allowed_cache_controls" => list("allowed_cache_controls"),
            "metadata" => draft.get("metadata").cloned().unwrap_or_else(Json::empty_dict),
            "created_at" => cx.now().0,
            "updated_at" => cx.now().0,
        };
        for name in ["user_id", "user_email", "user_alias", "team_id", "user_role", "sso_user_id"] {
            columns.set(name, at(wanted, name).clone());
        }
        if draft.new_permission.is_some() {
            columns.set("object_permission_id", draft.new_permission_id.into());
        }
        let budgets = draft.get("model_max_budget");
        if let Some(budgets) = budgets.filter(|_| cx.closes(Hole::new_users_keep_their_budgets_by_model)) {
            columns.set("model_max_budget", budgets.clone());
        }
        Ok(fit::row(&columns)?)
    }

    fn key(&self, cx: &Context<'_>, wanted: &Json, draft: &mut KeyDraft<'_>) -> Result<Issued, Refusal> {
        // in strict the key has the budget of its user: the row was fitted when the rules had judged it
        if !cx.closes(Hole::new_users_are_bounded) {
            storable::float("spend", at(wanted, "spend"))?;
            not_null(wanted)?;
        }
        let models = self.stored.as_ref().map(|user| user.models.clone()).unwrap_or_default();
        let asked = at(wanted, "models").as_list();
        if !models.is_empty() && asked.is_none_or(<[Json]>::is_empty) {
            if asked.is_none() {
                return Err(Refusal::raised(Code::ValueUnstorable, "`models` must not be null"));
            }
            draft.fields.set("models", models.into());
        }
        // the row was fitted before the key got values of its own
        draft.fitted = None;
        issue(cx, draft)
    }

    /// The user joins the team. The reference passes over what stands in the way.
    fn join(
        cx: &Context<'_>,
        caller: &Caller,
        team: &Team,
        wanted: &Json,
        joining: &mut Joining,
        changes: &mut Changes,
    ) {
        let text = |name: &str| at(wanted, name).as_str().map(str::to_owned);
        let member =
            TeamMember { user_id: text("user_id"), user_email: text("user_email"), role: "user".to_owned() };
        let newcomers = vec![member.clone()];
        if may_join(team, &newcomers).is_ok()
            && may_add(cx, caller, team, &newcomers)
            && joining.add(cx, caller, &team.team_id, &member, &Json::empty_dict()).is_ok()
        {
            enlarge(cx, team, newcomers, joining, changes);
        }
    }
}

/// In strict the reply shows what is stored: the upper bounds may have filled in what the request left out.
fn show_judged(wanted: &mut Json, user: &User) {
    wanted.set("max_budget", user.max_budget.into());
    wanted.set("budget_duration", user.budget_duration.clone().into());
    wanted.set("tpm_limit", user.tpm_limit.into());
    wanted.set("rpm_limit", user.rpm_limit.into());
}

/// What a key would have says nothing where none is made.
fn no_key(cx: &Context<'_>, wanted: &Json) -> Result<(), Refusal> {
    let asked = ["agent_id", "budget_limits", "budget_fallbacks"].into_iter();
    let objections = asked.filter(|name| at(wanted, name).is_truthy()).map(|name| {
        let message = format!("`{name}` is of the key, and `auto_create_key` asks for none");
        Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, name, message).on(name)
    });
    cx.judge("fields_of_keys", Refusal::all(objections).map(|()| Passed::Allowed))
}

/// In strict the reply shows what else of the request is stored, too.
fn show_stored(
    cx: &Context<'_>,
    reply: &mut Json,
    draft: &KeyDraft<'_>,
    user: &User,
    issued: Option<&Issued>,
) {
    reply.set("spend", user.spend.into());
    reply.set("max_parallel_requests", user.max_parallel_requests.into());
    reply.set("allowed_cache_controls", user.allowed_cache_controls.clone().into());
    reply.set("model_max_budget", (&user.model_max_budget).into());
    if cx.closes(Hole::fields_of_today_are_kept) {
        let of_key = match issued {
            Some(issued) => issue::reply(cx.settings, issued, Json::Null),
            None => issue::reply_without_key(cx.settings),
        };
        for (name, value) in of_key.as_dict().unwrap_or_default() {
            if reply.get(name).is_none() || name == "key_name" {
                reply.set(name.clone(), value.clone());
            }
        }
    }
    let Some(Issued { row, .. }) = issued else { return };
    reply.set("duration", draft.text("duration").into());
    reply.set("key_alias", row.key_alias.clone().into());
    reply.set("config", (&row.config).into());
    reply.set("permissions", (&row.permissions).into());
    reply.set("blocked", row.blocked.into());
    reply.set("aliases", (&row.aliases).into());
    reply.set("agent_id", row.agent_id.clone().into());
    reply.set("budget_limits", row.budget_limits.as_ref().map(Json::from).into());
    reply.set("budget_fallbacks", (&row.budget_fallbacks).into());
}

/// In strict the teams of a user exist.
fn known_teams(cx: &Context<'_>, teams: &Json) -> Result<(), Halt> {
    if teams.as_list().unwrap_or_default().is_empty() {
        return Ok(());
    }
    let ids = storable::list("teams", teams)?;
    let known: Vec<Team> = cx.rows("team_id", ids.clone())?;
    let known = Names::of(known.iter().map(|team| &team.team_id));
    let unknown = ids.iter().filter(|id| !known.contains(id)).map(|id| {
        let message = messages::team_not_in_db(id);
        Refusal::error(Code::TeamUnknown, 400, Kind::BadRequestError, "teams", message).on("teams")
    });
    Ok(cx.judge("teams_known", Refusal::all(unknown).map(|()| Passed::Allowed))?)
}

/// The reference stores `null` in these columns and cannot read it back.
fn not_null(wanted: &Json) -> Result<(), Refusal> {
    let columns = ["metadata", "permissions", "aliases", "config", "model_max_budget"];
    match columns.iter().find(|name| at(wanted, name).is_null()) {
        Some(&"metadata") if has_metadata(wanted) => Ok(()),
        Some(name) => Err(Refusal::raised(
            Code::ValueUnstorable,
            format!("`{name}` cannot be stored: it must not be null"),
        )),
        None => Ok(()),
    }
}

/// Whether other fields go into the metadata.
fn has_metadata(wanted: &Json) -> bool {
    ["model_rpm_limit", "model_tpm_limit", "guardrails"].iter().any(|name| !at(wanted, name).is_null())
}

/// LiteLLM's NewUserResponse: what was asked, and the key.
fn reply(wanted: &Json, draft: &KeyDraft<'_>, issued: Option<&Issued>) -> Json {
    let asked = |name: &str| at(wanted, name).clone();
    let float = |name: &str| match storable::float(name, at(wanted, name)) {
        Ok(number) => Json::Float(number),
        Err(_) => Json::Null,
    };
    dict! {
        "key_alias" => Json::Null,
        "duration" => Json::Null,
        "models" => asked("models"),
        "spend" => 0.0,
        "max_budget" => float("max_budget"),
        "user_id" => asked("user_id"),
        "team_id" => asked("team_id"),
        "max_parallel_requests" => Json::Null,
        "metadata" => at(&draft.fields, "metadata").clone(),
        "tpm_limit" => asked("tpm_limit"),
        "rpm_limit" => asked("rpm_limit"),
        "budget_duration" => asked("budget_duration"),
        "allowed_cache_controls" => Json::List(Vec::new()),
        "config" => Json::empty_dict(),
        "permissions" => Json::empty_dict(),
        "model_max_budget" => issued.map(|issued| issued.row.model_max_budget.value()),
        "model_rpm_limit" => Json::Null,
        "model_tpm_limit" => Json::Null,
        "guardrails" => Json::Null,
        "blocked" => Json::Null,
        "aliases" => Json::empty_dict(),
        "key" => issued.map_or("", |issued| issued.key.expose()),
        "budget_id" => Json::Null,
        "tags" => Json::Null,
        "enforced_params" => Json::Null,
        "key_name" => Json::Null,
        "expires" => issued.and_then(|issued| issued.row.expires).map(iso_z),
        "token_id" => Json::Null,
        "litellm_budget_table" => Json::Null,
        "token" => Json::Null,
        "user_email" => asked("user_email"),
        "user_role" => asked("user_role"),
        "teams" => asked("teams"),
        "user_alias" => asked("user_alias"),
    }
}
