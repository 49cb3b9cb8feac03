//! `POST /key/{key}/reset_spend`: sets back what a key has spent.

use super::block::former_secret;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::rules::{Standing, may_manage, may_reset_spend, unknown_key};
use crate::types::ResetSpendRequest;
use latchkey_contract::json::{Json, str_of};
use latchkey_contract::tables::VirtualKey;
use latchkey_contract::wire::{CallerRows, Event, changed, unchanged, unchanged_in};
use latchkey_contract::{dict, mint};

/// Sets it back for a proxy admin or an admin of the key's team. The reference says what was spent before it looks who asks.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: ResetSpendRequest = request.model()?;
    let Some(CallerRows { key, team, budget, .. }) = cx.holder(&mint::token_if_key(&request.path_param))?
    else {
        return Err(unknown_key().into());
    };
    let standing = may_manage(caller, &key, team.as_ref())?;
    if standing == Standing::Owner && cx.closes(Hole::who_asks_is_judged_before_what) {
        return Err(refusal(403, Code::NotOwner, messages::SPEND_IS_FOR_ADMINS.to_owned()).into());
    }
    if cx.closes(Hole::limited_keys_reset_no_spend) {
        may_reset_spend(caller, standing)?;
    }
    if caller.is_former {
        return Err(former_secret().into());
    }
    let limit = key.max_budget.or_else(|| budget.as_ref()?.max_budget);
    cx.judge("spend", judged(asked.reset_to.0, key.spend, limit).map(|()| crate::verdict::Passed::Allowed))?;
    let row = VirtualKey { spend: asked.reset_to.0, updated_at: Some(cx.now()), ..key.clone() };
    let mut outcome = Outcome::reply(dict! {
        "key_hash" => key.token.clone(),
        "spend" => row.spend,
        "previous_spend" => key.spend,
        "max_budget" => limit,
        "budget_reset_at" => key.budget_reset_at.map(crate::time::isoformat),
    });
    outcome.guards = vec![unchanged_in(&key, &["user_id", "team_id"])];
    outcome.guards.extend(team.as_ref().map(|team| unchanged(team)));
    outcome.writes.extend(changed(&key, &row));
    outcome.events = vec![Event { event: "key_spend_reset".into(), object: row.token }];
    Ok(outcome)
}

/// Nothing is owed, no more was spent than before, and the budget is not exceeded.
fn judged(reset_to: f64, spend: f64, limit: Option<f64>) -> Result<(), Refusal> {
    let amount = |value: f64| str_of(&Json::Float(value));
    let message = if reset_to.is_nan() || reset_to < 0.0 {
        messages::RESET_BELOW_ZERO.to_owned()
    } else if reset_to > spend {
        messages::reset_above("current spend", &amount(reset_to), &amount(spend))
    } else if let Some(limit) = limit.filter(|limit| reset_to > *limit) {
        messages::reset_above("budget", &amount(reset_to), &amount(limit))
    } else {
        return Ok(());
    };
    Err(refusal(400, Code::AmountInvalid, message).on("reset_to"))
}

fn refusal(status: u16, code: Code, message: String) -> Refusal {
    Refusal::http(code, status, dict! { "error" => message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_goes_down_and_not_below_nothing() {
        let said = |reset_to, spend, limit| {
            judged(reset_to, spend, limit).map_err(|refusal| str_of(refusal.message.get("error").unwrap()))
        };
        assert_eq!(said(1.0, 5.0, Some(3.0)), Ok(()));
        assert_eq!(said(4.0, 1.0, None), Err("reset_to (4.0) must be <= current spend (1.0)".to_owned()));
        assert_eq!(said(4.0, 5.0, Some(3.0)), Err("reset_to (4.0) must be <= budget (3.0)".to_owned()));
        for wrong in [-1.0, f64::NAN] {
            assert_eq!(said(wrong, 5.0, None), Err("reset_to must be >= 0".to_owned()));
        }
    }
}
