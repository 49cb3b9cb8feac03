use super::*;
use crate::settings::Profile;

/// The columns of the tables below: the roles, then a key without a user.
const ROLES: [Option<&str>; 7] = [
    Some("proxy_admin"),
    Some("proxy_admin_viewer"),
    Some("internal_user"),
    Some("internal_user_viewer"),
    Some("org_admin"),
    Some("never heard of"),
    None,
];

/// One letter for each of [`ROLES`]: `y` let in, `4` refused with 401, `3` with 403.
const LITELLM: &[(&str, &str)] = &[
    ("/key/generate", "y3y44y4"),
    ("/key/update", "y3y44y4"),
    ("/key/delete", "y3y44y4"),
    ("/key/abc/regenerate", "y3y44y4"),
    ("/key/a/b/regenerate", "yy44444"),
    ("/key/a/openai/regenerate", "yyyyyyy"),
    ("/key/info", "yyyyyyy"),
    ("/v2/key/info", "yyyyyyy"),
    ("/key/health", "yyyyyyy"),
    ("/key/list", "4444444"),
    ("/key/block", "yy44444"),
    ("/key/unblock", "yy44444"),
    ("/user/new", "y344444"),
    ("/user/info", "yyyyyyy"),
    ("/user/update", "yy44444"),
    ("/team/new", "y344444"),
    ("/team/info", "yyyyyyy"),
    ("/team/list", "yyyyyyy"),
    ("/team/member_add", "yyyyyyy"),
    ("/team/member_update", "yy44444"),
    ("/budget/new", "yy44444"),
    ("/spend/logs", "yyyy4y4"),
    ("/global/spend/report", "yy4y444"),
    ("/global/spend/reset", "4444444"),
    ("/v1/threads/t/runs", "yyyyyyy"),
    ("/realtimeX", "yyyyyyy"),
    ("/nothing", "yy44444"),
];

/// Where profile strict differs.
const STRICT: &[(&str, &str)] = &[
    ("/key/generate", "y3y44y4"),
    ("/key/a/b/regenerate", "y3y44y4"),
    ("/key/a/openai/regenerate", "y3y44y4"),
    ("/key/regenerate", "y3y44y4"),
    ("/key/list", "yyyyyyy"),
    ("/key/block", "y3y4yyy"),
    ("/key/unblock", "y3y4yyy"),
    ("/budget/new", "y344444"),
    ("/team/member_add", "y3y4yyy"),
    ("/team/member_update", "y344444"),
    ("/organization/info", "yyyyyyy"),
    ("/organization/list", "yyyyyyy"),
    ("/organization/new", "yyyyyyy"),
    ("/organization/update", "y344444"),
    ("/organization/member_add", "y3y4yyy"),
    ("/global/spend/reset", "4444444"),
    ("/realtimeX", "yy44444"),
    ("/openai/x", "yyyyyyy"),
];

fn settings(profile: Profile) -> Settings {
    Settings { profile, ..Settings::default() }
}

fn visitor(role: Option<&str>) -> Visitor<'_> {
    Visitor::of(role, "u")
}

fn ask(profile: Profile, visitor: &Visitor<'_>, route: &str) -> Result<(), Refusal> {
    route_access(&settings(profile), visitor, route, &[], &Json::empty_dict())
}

fn row(profile: Profile, route: &str) -> String {
    ROLES
        .iter()
        .map(|role| match ask(profile, &visitor(*role), route).map_err(|refusal| refusal.status) {
            Ok(()) => 'y',
            Err(401) => '4',
            Err(403) => '3',
            Err(_) => '?',
        })
        .collect()
}

#[test]
fn every_role_gets_what_the_reference_gives_it() {
    for (route, expected) in LITELLM {
        assert_eq!(row(Profile::Litellm160, route), *expected, "{route}");
    }
}

#[test]
fn profile_strict_leaves_keys_to_their_owners_and_changes_nothing_for_viewers() {
    for (route, expected) in STRICT {
        assert_eq!(row(Profile::Strict, route), *expected, "{route}");
    }
}

#[test]
fn a_refused_role_is_named_as_it_is_stored() {
    let texts = |role| ask(Profile::Litellm160, &visitor(role), "/team/new").unwrap_err().message;
    assert_eq!(
        texts(Some("never heard of")),
        messages::only_proxy_admin("/team/new", "never heard of", "u").into()
    );
    assert_eq!(texts(None), messages::only_proxy_admin("/team/new", "unknown", "unknown").into());
}

#[test]
fn another_user_is_shown_to_nobody_but_admins() {
    let query = [("user_id".to_owned(), "v".to_owned())];
    let ask = |role| {
        let settings = settings(Profile::Litellm160);
        route_access(&settings, &visitor(role), "/user/info", &query, &Json::empty_dict())
    };
    assert_eq!(ask(Some("internal_user")).unwrap_err().message, messages::other_users_info("v", "u").into());
    assert_eq!(ask(None).unwrap_err().message, messages::other_users_info("v", "None").into());
    assert!(ask(Some("proxy_admin")).is_ok());
}

#[test]
fn the_viewing_admin_updates_the_own_address_and_password_only() {
    let ask = |body: &Json| {
        let settings = settings(Profile::Litellm160);
        route_access(&settings, &visitor(Some("proxy_admin_viewer")), "/user/update", &[], body)
    };
    assert!(ask(&latchkey_contract::dict! { "user_email" => "a@b.c", "password" => "p" }).is_ok());
    let refusal = ask(&latchkey_contract::dict! { "user_email" => "a@b.c", "max_budget" => 1 }).unwrap_err();
    assert_eq!(
        refusal.message,
        messages::viewer_param("proxy_admin_viewer", "/user/update", "max_budget").into()
    );
}

#[test]
fn a_session_key_of_the_dashboard_opens_prefixes_only_in_the_reference() {
    let session = Visitor { dashboard: true, ..visitor(None) };
    for (route, reference, strict) in [
        ("/user/info", true, true),
        ("/user/new", true, false),
        ("/config", true, true),
        ("/spend/anything", true, false),
        ("/key/generate", false, false),
    ] {
        assert_eq!(ask(Profile::Litellm160, &session, route).is_ok(), reference, "{route}");
        assert_eq!(ask(Profile::Strict, &session, route).is_ok(), strict, "{route}");
    }
}

#[test]
fn the_operators_admin_routes_need_a_licence() {
    let mut settings = settings(Profile::Litellm160);
    settings.admin_only_routes = Some(vec!["/key/generate".to_owned()]);
    let ask = |settings: &Settings, role| {
        route_access(settings, &visitor(role), "/key/generate", &[], &Json::empty_dict())
    };
    assert!(ask(&settings, Some("internal_user")).is_ok());
    settings.premium_user = true;
    let refusal = ask(&settings, Some("internal_user")).unwrap_err();
    assert_eq!((refusal.status, refusal.message), (403, messages::admin_only_route("/key/generate").into()));
    assert!(ask(&settings, Some("proxy_admin")).is_ok());
}

#[test]
fn a_permission_opens_the_spend_of_the_platform() {
    let sees = Visitor { sees_spend: true, ..visitor(None) };
    assert!(ask(Profile::Strict, &sees, "/global/spend/report").is_ok());
    assert!(ask(Profile::Strict, &sees, "/global/activity").is_err());
}
