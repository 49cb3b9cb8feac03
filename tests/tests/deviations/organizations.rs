//! Deviations on organizations, which profile `litellm-1.60` has no routes for.

use crate::{MASTER, World, text};
use latchkey_contract::json::Json;
use latchkey_tests::implementation::Request;

fn sent(world: &mut World, method: &str, path: &str, body: &str) -> (u16, Json) {
    world.send(&Request { method: method.to_owned(), ..Request::post(path, MASTER, body) })
}

/// The organization `o` with the admin `ada` and the member `bob`; the keys of both.
fn with_organization(world: &mut World) -> [String; 2] {
    let keys = ["ada", "bob"].map(|id| world.user(id, "internal_user"));
    world.made("/organization/new", r#"{"organization_id":"o","organization_alias":"O"}"#);
    let members = r#"[{"role":"org_admin","user_id":"ada"},{"role":"internal_user","user_id":"bob"}]"#;
    world.made("/organization/member_add", &format!(r#"{{"organization_id":"o","member":{members}}}"#));
    keys
}

fn count(reply: &Json, name: &str) -> Option<usize> {
    let first = reply.as_list().and_then(<[Json]>::first).unwrap_or(reply);
    first.get(name).and_then(Json::as_list).map(<[Json]>::len)
}

deviations! {
    organizations_with_teams_stay under "{}": |litellm, strict| {
        let body = r#"{"organization_ids":["o"]}"#;
        assert_eq!(sent(litellm, "DELETE", "/organization/delete", body).0, 404);
        with_organization(strict);
        strict.made("/team/new", r#"{"team_id":"t","organization_id":"o"}"#);
        let key = strict.key(r#"{"team_id":"t"}"#);
        let (status, reply) = sent(strict, "DELETE", "/organization/delete", body);
        let said = text(reply.get("error").unwrap_or(&Json::Null), "message");
        assert_eq!((status, said.as_str()), (409, "organization `o` has team `t`: delete its teams first, or move them"));
        assert_eq!(strict.get(&key, "/key/info").0, 200);
        strict.made("/team/delete", r#"{"team_ids":["t"]}"#);
        let halfway = sent(strict, "DELETE", "/organization/delete", r#"{"organization_ids":["o","none"]}"#).0;
        assert_eq!((halfway, strict.rows("LiteLLM_OrganizationTable").len()), (404, 1));
        assert_eq!(sent(strict, "DELETE", "/organization/delete", body).0, 200);
        assert!(strict.rows("LiteLLM_OrganizationMembership").is_empty());
    }

    members_of_organizations_see_themselves under "{}": |litellm, strict| {
        assert_eq!(litellm.get(MASTER, "/organization/list").0, 404);
        let [ada, bob] = with_organization(strict);
        for (team, members) in [("t", r#"[{"role":"user","user_id":"bob"}]"#), ("u", "[]")] {
            strict.made("/team/new", &format!(r#"{{"team_id":"{team}","organization_id":"o","members_with_roles":{members}}}"#));
        }
        for (key, seen) in [(MASTER, 2), (ada.as_str(), 2), (bob.as_str(), 1)] {
            let (status, reply) = strict.get(key, "/organization/list");
            assert_eq!((status, count(&reply, "members"), count(&reply, "teams")), (200, Some(seen), Some(seen)));
        }
        assert_eq!(strict.get(&bob, "/organization/info?organization_id=o").0, 401);
        // an admin of the organization finds its members alone by address
        strict.made("/user/new", r#"{"user_id":"stranger","user_email":"boss@example.com"}"#);
        for address in ["boss@example.com", "none@example.com"] {
            let body = format!(r#"{{"organization_id":"o","user_email":"{address}"}}"#);
            let request = Request { method: "PATCH".to_owned(), ..Request::post("/organization/member_update", &ada, body) };
            let (status, reply) = strict.send(&request);
            assert_eq!(status, 400, "{reply:?}");
            assert!(!latchkey_contract::json::write(&reply).contains("stranger"), "{reply:?}");
        }
        let viewer = strict.user("vic", "proxy_admin_viewer");
        let (status, reply) = strict.get(&viewer, "/organization/info?organization_id=o");
        assert_eq!((status, count(&reply, "members")), (200, Some(2)));
    }

    members_of_organizations_get_their_budget under "{}": |litellm, strict| {
        let body = r#"{"organization_id":"o","member":{"role":"internal_user","user_id":"eve"},"max_budget_in_organization":3}"#;
        assert_eq!(litellm.post(MASTER, "/organization/member_add", body).0, 404);
        with_organization(strict);
        let reply = strict.made("/organization/member_add", body);
        let members = reply.get("updated_organization_memberships").cloned().unwrap_or(Json::Null);
        let budget_id = text(&members.as_list().expect("members")[0], "budget_id");
        let budgets = strict.made("/budget/info", &format!(r#"{{"budgets":["{budget_id}"]}}"#));
        let most = budgets.as_list().and_then(<[Json]>::first).and_then(|budget| budget.get("max_budget")).cloned();
        assert_eq!(most, Some(Json::Float(3.0)));
    }

    leaving_an_organization_removes_its_keys under "{}": |litellm, strict| {
        let body = r#"{"organization_id":"o","user_id":"bob"}"#;
        assert_eq!(sent(litellm, "DELETE", "/organization/member_delete", body).0, 404);
        let [_, bob] = with_organization(strict);
        let key = strict.key(r#"{"organization_id":"o","user_id":"bob"}"#);
        assert_eq!(sent(strict, "DELETE", "/organization/member_delete", body).0, 200);
        assert_eq!((strict.get(&key, "/key/info").0, strict.get(&bob, "/key/info").0), (401, 200));
        assert_eq!(sent(strict, "DELETE", "/organization/member_delete", body).0, 404);
    }
}
