//! `POST /team/bulk_member_add`: lets many users join a team, and says of each what became of it.

use super::find::{find_today, not_reserved};
use super::join::Joining;
use super::member_add::{admins_are_premium, enlarge, enlarged, newcomers};
use super::member_budget;
use super::members::{TeamMember, listed, members};
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Envelope, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields;
use crate::operations::lookup::oldest;
use crate::operations::user;
use crate::types::{BulkTeamMemberAddRequest, Members};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, str_of};
use latchkey_contract::tables::{Table as _, User};

/// Users who join by one request at the most.
const MOST: usize = 500;

/// Adds those who are not members yet, all of them or none, for a proxy admin.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BulkTeamMemberAddRequest = request.model()?;
    let team_id = asked.team_id.as_str();
    not_reserved(cx, "team_id", &team_id.into())?;
    fields::judge_amounts(cx, &fields::mentioned(&asked))?;
    let limits = member_budget::given(&member_budget::limits(cx, fields::mentioned(&asked))?);
    let named = Members::Many(asked.members.into_value().unwrap_or_default());
    let wanted: Vec<TeamMember> = match asked.all_users.value() {
        Some(true) => everybody(cx)?,
        _ => newcomers(&named),
    };
    match wanted.len() {
        0 => return Err(refusal(messages::NO_MEMBERS_TO_ADD).into()),
        count if count > MOST => return Err(refusal(messages::TOO_MANY_MEMBERS).into()),
        _ => admins_are_premium(cx, &named)?,
    }
    match join(cx, caller, team_id, &wanted, &limits) {
        Err(Halt::Refused(refusal)) => {
            cx.conclude(|verdict| verdict.heard("members", Err((*refusal).clone())));
            let failed = wanted.iter().map(|member| result(member, Some(&refusal), Json::Null, Json::Null));
            Ok(Outcome::reply(reply(team_id, failed.collect(), 0, Json::Null)))
        }
        outcome => outcome,
    }
}

/// All users, or one more than may join at once.
fn everybody(cx: &Context<'_>) -> Result<Vec<TeamMember>, Halt> {
    let one_more = oldest::<User>(None, MOST as u64 + 1, 0);
    let (users, _) = cx.ask(&one_more, User::read)?;
    let member =
        |user: User| TeamMember { user_id: Some(user.user_id), user_email: None, role: "user".to_owned() };
    Ok(users.into_iter().map(member).collect())
}

fn join(
    cx: &Context<'_>,
    caller: &Caller,
    team_id: &str,
    wanted: &[TeamMember],
    limits: &Json,
) -> Result<Outcome, Halt> {
    let team = find_today(cx, team_id)?;
    let mut joining = Joining::read(cx, &team, wanted, limits.is_truthy())?;
    let present = members(&team);
    let is_new: Vec<bool> = joining.are_new(&present, wanted).into_iter().collect::<Result<_, _>>()?;
    if !is_new.contains(&true) {
        let message = messages::all_in_team(&listed(&present));
        return Err(Refusal::raised(Code::IdTaken, message).into());
    }
    let mut newcomers = Vec::new();
    for (member, _) in wanted.iter().zip(&is_new).filter(|(_, is_new)| **is_new) {
        joining.add(cx, caller, team_id, member, limits)?;
        newcomers.push(member.clone());
    }
    let mut changes = Changes::default();
    joining.write(cx, &mut changes);
    let team = enlarge(cx, &team, newcomers, &joining, &mut changes);
    changes.event("team_members_added", team_id);
    let mut joined = joining.joined.iter();
    let results = wanted.iter().zip(is_new).map(|(member, is_new)| {
        let user = if is_new { joined.next() } else { None };
        let Some(user) = user else { return result(member, None, Json::Null, Json::Null) };
        let membership = joining.memberships.iter().find(|(row, _)| row.user_id == user.user_id);
        let membership = membership.map(|(row, budget)| view::membership(cx.settings, row, Some(budget)));
        result(member, None, user::view::joined(cx.settings, user), membership.into())
    });
    let results: Vec<Json> = results.collect();
    let joined = results.len();
    Ok(changes.answer(reply(team_id, results, joined, enlarged(cx.settings, &team, &joining, false))))
}

/// What became of one of them.
fn result(member: &TeamMember, refusal: Option<&Refusal>, user: Json, membership: Json) -> Json {
    let reason = refusal.map(|refusal| match refusal.envelope {
        Envelope::Detail => format!("{}: {}", refusal.status, str_of(&refusal.message)),
        Envelope::Error { .. } | Envelope::Raised => str_of(&refusal.message),
    });
    dict! {
        "user_id" => member.user_id.clone(),
        "user_email" => member.user_email.clone(),
        "success" => refusal.is_none(),
        "error" => reason,
        "updated_user" => user,
        "updated_team_membership" => membership,
    }
}

fn reply(team_id: &str, results: Vec<Json>, joined: usize, team: Json) -> Json {
    let number = |count: usize| Json::from(i64::try_from(count).unwrap_or(i64::MAX));
    let (all, failed) = (results.len(), results.len().saturating_sub(joined));
    dict! {
        "team_id" => team_id,
        "results" => results,
        "total_requested" => number(all),
        "successful_additions" => number(joined),
        "failed_additions" => number(failed),
        "updated_team" => team,
    }
}

fn refusal(message: &str) -> Refusal {
    Refusal::http(Code::RequestInvalid, 400, dict! { "error" => message })
}
