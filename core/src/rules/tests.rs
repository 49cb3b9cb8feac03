//! Each hole of the reference that strict closes on a change: open in one profile, closed in the other.

use super::order::{Rule, UPDATE_LITELLM};
use super::{KeyDraft, UPDATE_STRICT};
use crate::caller::{Caller, Role};
use crate::error::{Code, Refusal};
use crate::rules::{Counts, Known};
use crate::settings::{Profile, Settings, UpperBounds};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{Millis, Team, VirtualKey};

const NOW: Millis = Millis(1_750_000_000_000);

fn user(user_id: &str) -> Caller {
    Caller { user_role: Some(Role::InternalUser), user_id: Some(user_id.to_owned()), ..Caller::default() }
}

fn admin() -> Caller {
    Caller { user_role: Some(Role::ProxyAdmin), user_id: Some("root".to_owned()), ..Caller::default() }
}

fn team(team_id: &str) -> Team {
    let member = |role: &str, user_id: &str| dict! { "role" => role, "user_id" => user_id };
    let members = Json::List(vec![member("admin", "boss"), member("user", "u"), member("user", "mate")]);
    Team { team_id: team_id.to_owned(), members_with_roles: JsonText::of(&members), ..Team::default() }
}

fn owned() -> VirtualKey {
    VirtualKey {
        token: "t".to_owned(),
        user_id: Some("u".to_owned()),
        max_budget: Some(10.0),
        spend: 5.0,
        rpm_limit: Some(7),
        models: vec!["gpt-4".to_owned()],
        ..VirtualKey::default()
    }
}

fn bounded() -> Settings {
    let bounds = UpperBounds {
        max_budget: Some(100.0),
        duration: Some("30d".to_owned()),
        rpm_limit: Some(50.into()),
        ..UpperBounds::default()
    };
    Settings { upper_bounds: Some(bounds), ..Settings::default() }
}

fn judge(
    rules: &[Rule],
    settings: &Settings,
    caller: &Caller,
    key: &VirtualKey,
    request: &Json,
) -> Result<VirtualKey, Refusal> {
    let profile = if std::ptr::eq(rules, UPDATE_LITELLM) { Profile::Litellm160 } else { Profile::Strict };
    let settings = Settings { profile, ..settings.clone() };
    let (home, away) = (team("home"), team("away"));
    let mut change = KeyDraft {
        old_team: key.team_id.as_ref().map(|_| &home).into(),
        team: match request.get("team_id").and_then(Json::as_str) {
            Some("away") => Known::Present(&away),
            Some("home") => Known::Present(&home),
            _ => Known::Absent,
        },
        alias_holder: Known::Absent,
        counts: Counts { user: Known::Present(0), team: Known::Present(0) },
        budget: Known::Absent,
        ..KeyDraft::change(&settings, caller, NOW, key, request)
    };
    change.judge(rules)?;
    change.row()
}

/// The change passes in the reference, and strict refuses it with this code for this field.
fn closes(settings: &Settings, caller: &Caller, key: &VirtualKey, request: &Json, code: Code) {
    let open = judge(UPDATE_LITELLM, settings, caller, key, request);
    assert!(open.is_ok(), "{request:?} is no hole: {open:?}");
    let closed = judge(UPDATE_STRICT, settings, caller, key, request);
    assert_eq!(closed.expect_err(&format!("{request:?} stands open")).code, code, "{request:?}");
}

fn allowed(caller: &Caller, key: &VirtualKey, request: &Json) -> VirtualKey {
    judge(UPDATE_STRICT, &Settings::default(), caller, key, request)
        .unwrap_or_else(|refusal| panic!("{request:?}: {refusal:?}"))
}

#[test]
fn a_foreign_key_is_changed_by_nobody_else() {
    let nobodys = VirtualKey { user_id: None, ..owned() };
    let keyless = Caller { user_id: None, ..user("x") };
    let request = dict! { "key_alias" => "mine" };
    closes(&Settings::default(), &user("v"), &owned(), &request, Code::KeyUnknown);
    closes(&Settings::default(), &keyless, &nobodys, &request, Code::KeyUnknown);
    assert_eq!(allowed(&user("u"), &owned(), &request).key_alias.as_deref(), Some("mine"));
}

#[test]
fn the_owner_raises_nothing() {
    for request in [
        dict! { "max_budget" => 11 },
        dict! { "max_budget" => Json::Null },
        dict! { "rpm_limit" => 8 },
        dict! { "rpm_limit" => Json::Null },
        dict! { "models" => Json::List(Vec::new()) },
        dict! { "budget_duration" => "1d" },
        dict! { "temp_budget_increase" => 5, "temp_budget_expiry" => "2099-01-01T00:00:00" },
        dict! { "metadata" => dict! { "temp_budget_increase" => 5 } },
    ] {
        closes(&Settings::default(), &user("u"), &owned(), &request, Code::NotOwner);
        allowed(&admin(), &owned(), &request);
    }
    let lowered = allowed(&user("u"), &owned(), &dict! { "max_budget" => 9, "rpm_limit" => 1 });
    assert_eq!((lowered.max_budget, lowered.rpm_limit), (Some(9.0), Some(1)));
}

#[test]
fn the_owner_unblocks_revives_and_forgets_nothing() {
    let settings = Settings::default();
    let blocked = VirtualKey { blocked: Some(true), ..owned() };
    closes(&settings, &user("u"), &blocked, &dict! { "blocked" => false }, Code::NotOwner);
    closes(&settings, &user("u"), &blocked, &dict! { "blocked" => Json::Null }, Code::NotOwner);
    let expired = VirtualKey { expires: Some(Millis(NOW.0 - 1)), ..owned() };
    closes(&settings, &user("u"), &expired, &dict! { "duration" => "1s" }, Code::NotOwner);
    let short = VirtualKey { expires: Some(Millis(NOW.0 + 60_000)), ..owned() };
    closes(&settings, &user("u"), &short, &dict! { "duration" => "1h" }, Code::NotOwner);
    allowed(&user("u"), &short, &dict! { "duration" => "30s" });
    closes(&settings, &user("u"), &owned(), &dict! { "spend" => 0 }, Code::NotOwner);
    assert_eq!(allowed(&admin(), &blocked, &dict! { "blocked" => false }).blocked, Some(false));
}

#[test]
fn the_owner_gives_the_key_to_nobody() {
    let settings = Settings::default();
    closes(&settings, &user("u"), &owned(), &dict! { "user_id" => Json::Null }, Code::NotOwner);
    closes(&settings, &user("u"), &owned(), &dict! { "team_id" => "away" }, Code::NotOwner);
    allowed(&user("u"), &owned(), &dict! { "user_id" => "u", "team_id" => Json::Null });
}

#[test]
fn an_admin_of_the_team_gives_no_key_to_others_and_no_configuration() {
    let of_team = VirtualKey { team_id: Some("home".to_owned()), ..owned() };
    let judge = |request: Json| judge(UPDATE_STRICT, &Settings::default(), &user("boss"), &of_team, &request);
    let code = |request| judge(request).map_err(|refusal| refusal.code).err();
    // with the secret of a key that is somebody's one acts as that user
    assert_eq!(code(dict! { "user_id" => "mate" }), Some(Code::OtherUser));
    let config = dict! { "model_list" => Json::List(vec![dict! { "model_name" => "mine" }]) };
    assert_eq!(code(dict! { "config" => config }), Some(Code::AdminField));
    assert_eq!(code(dict! { "config" => Json::empty_dict(), "user_id" => "u" }), None);
    // a secret that is out would act as whoever takes the key
    for taker in [Json::from("boss"), Json::Null] {
        assert_eq!(code(dict! { "user_id" => taker }), Some(Code::NotOwner));
    }
    let nobodys = VirtualKey { user_id: None, ..of_team.clone() };
    assert_eq!(
        allowed(&user("boss"), &nobodys, &dict! { "user_id" => "boss" }).user_id.as_deref(),
        Some("boss")
    );
}

#[test]
fn upper_bounds_hold_for_changes_and_null_gets_the_bound() {
    let settings = bounded();
    closes(&settings, &admin(), &owned(), &dict! { "max_budget" => 101 }, Code::AboveUpperBound);
    closes(&settings, &admin(), &owned(), &dict! { "duration" => "31d" }, Code::AboveUpperBound);
    let increase = dict! { "temp_budget_increase" => 91, "temp_budget_expiry" => "2099-01-01T00:00:00" };
    closes(&settings, &admin(), &owned(), &increase, Code::AboveUpperBound);
    let cleared = dict! { "max_budget" => Json::Null, "duration" => Json::Null, "rpm_limit" => Json::Null };
    let row = judge(UPDATE_STRICT, &settings, &admin(), &owned(), &cleared).expect("filled");
    assert_eq!((row.max_budget, row.rpm_limit), (Some(100.0), Some(50)));
    assert_eq!(row.expires, Some(Millis(NOW.0 + 30 * 86_400_000)));
}

#[test]
fn null_clears_an_expiry_and_a_budget_window() {
    let key = VirtualKey {
        expires: Some(Millis(NOW.0 + 1)),
        budget_duration: Some("1d".to_owned()),
        budget_reset_at: Some(NOW),
        ..owned()
    };
    let row = allowed(&admin(), &key, &dict! { "duration" => Json::Null, "budget_duration" => Json::Null });
    assert_eq!((row.expires, row.budget_duration, row.budget_reset_at), (None, None, None));
}

#[test]
fn amounts_are_finite_and_not_negative() {
    let settings = Settings::default();
    closes(&settings, &admin(), &owned(), &dict! { "max_budget" => -1 }, Code::AmountInvalid);
    closes(&settings, &admin(), &owned(), &dict! { "rpm_limit" => -1 }, Code::AmountInvalid);
    closes(&settings, &admin(), &owned(), &dict! { "spend" => -0.5 }, Code::AmountInvalid);
    let increase = dict! { "metadata" => dict! { "temp_budget_increase" => -1 } };
    closes(&settings, &admin(), &owned(), &increase, Code::AmountInvalid);
}

#[test]
fn licences_and_permissions_are_asked_for_on_changes_too() {
    let settings = Settings { premium_user: false, ..Settings::default() };
    let tags = dict! { "tags" => vec!["a".to_owned()] };
    closes(&settings, &admin(), &owned(), &tags, Code::LicenceRequired);
    let reports = dict! { "permissions" => dict! { "get_spend_routes" => true } };
    closes(&settings, &admin(), &owned(), &reports, Code::LicenceRequired);
    closes(
        &settings,
        &user("u"),
        &owned(),
        &dict! { "permissions" => dict! { "pii" => true } },
        Code::AdminField,
    );
}

#[test]
fn a_key_moves_only_to_a_known_team_and_to_a_member() {
    let settings = Settings::default();
    let of_team = VirtualKey { team_id: Some("home".to_owned()), ..owned() };
    closes(&settings, &admin(), &owned(), &dict! { "team_id" => "ghost" }, Code::TeamUnknown);
    closes(&settings, &admin(), &of_team, &dict! { "user_id" => "stranger" }, Code::NotTeamMember);
    let row = allowed(&admin(), &of_team, &dict! { "user_id" => "mate", "max_budget" => 50 });
    assert_eq!((row.user_id.as_deref(), row.max_budget), (Some("mate"), Some(50.0)));
    assert_eq!(allowed(&user("boss"), &of_team, &dict! { "max_budget" => 50 }).max_budget, Some(50.0));
    allowed(&user("boss"), &of_team, &dict! { "team_id" => "away" });
    closes(&settings, &user("boss"), &of_team, &dict! { "team_id" => Json::Null }, Code::OtherTeam);
}
