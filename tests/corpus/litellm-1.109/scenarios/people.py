"""Users, teams, their members and what these may do; organizations and projects as far as keys name them."""

from __future__ import annotations

from .words import call, get, info, key, nobody_yet, post, scenario, team, user

NORTH = "/team/info?team_id=north"


def permissions() -> None:
    for route, steps in {
        "/key/generate": [post("$ann", "/key/generate", {"key_alias": "made", "team_id": "north"}, made="/key"), info("$ann", "made")],
        "/key/update": [key("work", team_id="north", user_id="ann"), post("$ann", "/key/update", {"key": "$work", "key_alias": "renamed"}), info("$ann", "work")],
        "/key/delete": [key("work", team_id="north", user_id="ann"), post("$ann", "/key/delete", {"keys": ["$work"]}), info("master", "work")],
        "/key/regenerate": [key("work", team_id="north", user_id="ann"), post("$ann", "/key/$work/regenerate", {}, again="/key"), get("$again", "/key/info")],
        "/key/block": [key("work", team_id="north", user_id="ann"), post("$ann", "/key/block", {"key": "$work"}), info("$ann", "work")],
        "/key/list": [key("work", team_id="north"), get("$ann", "/key/list?team_id=north"), get("$ann", "/key/list?include_team_keys=true")],
        "/key/info": [key("work", team_id="north"), info("$ann", "work")],
        "/team/daily/activity": [get("$ann", NORTH)],
    }.items():
        for name, list_ in (("the permission", [route]), ("another permission", ["/key/health"]), ("no permission", []), ("the permission by default", None)):
            fields = {} if list_ is None else {"team_member_permissions": list_}
            scenario(f"permissions/{route} with {name}", user("ann"), team("north", "", "ann", **fields), steps)
    scenario("permissions/read and changed", team("north"), get("master", "/team/permissions_list?team_id=north"), post("master", "/team/permissions_update", {"team_id": "north", "team_member_permissions": ["/key/generate", "/key/info"]}), get("master", "/team/permissions_list?team_id=north"), get("master", NORTH))
    scenario("permissions/changed by the team's admin", user("boss"), team("north", "boss"), post("$boss", "/team/permissions_update", {"team_id": "north", "team_member_permissions": ["/key/generate"]}), get("$boss", "/team/permissions_list?team_id=north"))
    scenario("permissions/of an unknown route", team("north"), post("master", "/team/permissions_update", {"team_id": "north", "team_member_permissions": ["/nonsense"]}), get("master", "/team/permissions_list?team_id=north"))
    scenario("permissions/not a list", team("north"), post("master", "/team/permissions_update", {"team_id": "north", "team_member_permissions": "/key/generate"}), post("master", "/team/permissions_update", {"team_id": "north", "team_member_permissions": None}), post("master", "/team/permissions_update", {"team_id": "north"}), each_alone=True)


def members() -> None:
    add, change, leave = "/team/member_add", "/team/member_update", "/team/member_delete"
    ben = {"role": "user", "user_id": "ben"}
    scenario("members/one is added", nobody_yet("ben"), team("north"), post("master", add, {"team_id": "north", "member": ben}), get("master", NORTH), get("master", "/user/info?user_id=ben"))
    scenario("members/one who does not exist", team("north"), post("master", add, {"team_id": "north", "member": ben}), get("master", "/user/info?user_id=ben"))
    scenario("members/two at once", nobody_yet("ben"), nobody_yet("cat"), team("north"), post("master", add, {"team_id": "north", "member": [ben, {"role": "admin", "user_id": "cat"}]}), get("master", NORTH))
    scenario("members/the same twice", nobody_yet("ben"), team("north"), post("master", add, {"team_id": "north", "member": ben}), post("master", add, {"team_id": "north", "member": ben}), get("master", NORTH))
    scenario("members/by address", nobody_yet("ben", user_email="ben@example.com"), team("north"), post("master", add, {"team_id": "north", "member": {"role": "user", "user_email": "ben@example.com"}}), get("master", NORTH))
    scenario("members/a second by address", nobody_yet("ben", user_email="ben@example.com"), nobody_yet("cat", user_email="cat@example.com"), team("north"), post("master", add, {"team_id": "north", "member": {"role": "user", "user_email": "ben@example.com"}}), post("master", add, {"team_id": "north", "member": {"role": "user", "user_email": "cat@example.com"}}), get("master", NORTH))
    scenario("members/many at once", nobody_yet("ben"), nobody_yet("cat"), team("north"), post("master", "/team/bulk_member_add", {"team_id": "north", "members": [ben, {"role": "user", "user_id": "cat"}]}), get("master", NORTH))
    scenario("members/many with a budget", nobody_yet("ben"), team("north"), post("master", "/team/bulk_member_add", {"team_id": "north", "members": [ben], "max_budget_in_team": 2.0}), get("master", NORTH))
    scenario("members/become admins", nobody_yet("ben"), team("north", "", "ben"), post("master", change, {"team_id": "north", "user_id": "ben", "role": "admin"}), get("master", NORTH))
    scenario("members/get a budget", nobody_yet("ben"), team("north", "", "ben"), post("master", change, {"team_id": "north", "user_id": "ben", "max_budget_in_team": 2.0}), post("master", change, {"team_id": "north", "user_id": "ben", "max_budget_in_team": 3.0}), get("master", NORTH))
    scenario("members/share a budget", nobody_yet("ben"), nobody_yet("cat"), team("north", "", "ben cat", team_member_budget=5.0), get("master", NORTH), post("master", change, {"team_id": "north", "user_id": "ben", "max_budget_in_team": 9.0}), get("master", NORTH))
    scenario("members/who come later share the budget", nobody_yet("ben"), team("north", team_member_budget=5.0, team_member_budget_duration="30d"), post("master", add, {"team_id": "north", "member": ben}), get("master", NORTH))
    scenario("members/the shared budget is changed", nobody_yet("ben"), team("north", "", "ben", team_member_budget=5.0), post("master", "/team/update", {"team_id": "north", "team_member_budget": 7.0}), get("master", NORTH))
    scenario("members/leave", nobody_yet("ben"), team("north", "", "ben"), key("work", team_id="north", user_id="ben"), post("master", leave, {"team_id": "north", "user_id": "ben"}), get("master", NORTH), info("master", "work"))
    scenario("members/leave by address", nobody_yet("ben", user_email="ben@example.com"), team("north", "", "ben"), post("master", leave, {"team_id": "north", "user_email": "ben@example.com"}), get("master", NORTH))
    scenario("members/a stranger leaves", nobody_yet("ben"), team("north"), post("master", leave, {"team_id": "north", "user_id": "ben"}), get("master", NORTH))
    scenario("members/a stranger gets a budget", nobody_yet("ben"), team("north"), post("master", change, {"team_id": "north", "user_id": "ben", "max_budget_in_team": 2.0}), get("master", NORTH))
    for value in (0, -1, None):
        scenario(f"members/a budget of {value!r}", nobody_yet("ben"), team("north", "", "ben"), post("master", change, {"team_id": "north", "user_id": "ben", "max_budget_in_team": value}), get("master", NORTH))


def teams() -> None:
    scenario("teams/of a chosen id, twice", team("north"), team("north"), get("master", NORTH))
    scenario("teams/of one alias", post("master", "/team/new", {"team_id": "a", "team_alias": "same"}), post("master", "/team/new", {"team_id": "b", "team_alias": "same"}), get("master", "/team/list"))
    scenario("teams/made by an internal user", user("ann"), post("$ann", "/team/new", {"team_alias": "mine"}), get("$ann", "/team/list"))
    scenario("teams/blocked and unblocked", team("north"), post("master", "/team/block", {"team_id": "north"}), get("master", NORTH), post("master", "/team/unblock", {"team_id": "north"}), get("master", NORTH))
    scenario("teams/models are added and taken away", team("north", models=["gpt-4"]), post("master", "/team/model/add", {"team_id": "north", "models": ["claude-mock"]}), get("master", NORTH), post("master", "/team/model/delete", {"team_id": "north", "models": ["gpt-4"]}), get("master", NORTH))
    scenario("teams/deleted with their keys", team("north"), key("work", team_id="north"), post("master", "/team/delete", {"team_ids": ["north"]}), info("master", "work"), get("master", NORTH))
    scenario("teams/two deleted, one not there", team("north"), post("master", "/team/delete", {"team_ids": ["north", "none"]}), get("master", NORTH))
    for field, value in {"max_budget": None, "models": [], "tpm_limit": None, "metadata": {}, "team_alias": None, "budget_duration": None, "team_member_permissions": []}.items():
        before = {"max_budget": 2.0, "models": ["gpt-4"], "tpm_limit": 5, "metadata": {"a": 1}, "budget_duration": "1d", "team_member_permissions": ["/key/generate"]}
        scenario(f"teams/{field} is taken away with {value!r}", team("north", **({field: before[field]} if field in before else {})), post("master", "/team/update", {"team_id": "north", field: value}), get("master", NORTH))
    for value in (-1, 0):
        for field in ("max_budget", "tpm_limit", "soft_budget", "team_member_budget"):
            scenario(f"teams/{field} {value}", post("master", "/team/new", {"team_id": "north", field: value}), get("master", NORTH))
    scenario("teams/patched", team("north"), call("master", "PATCH", "/team/north", {"max_budget": 3.0}), get("master", NORTH))
    scenario("teams/of an organization", post("master", "/organization/new", {"organization_id": "org", "organization_alias": "org"}), team("north", organization_id="org"), get("master", NORTH), get("master", "/organization/info?organization_id=org"))
    scenario("teams/of an organization that is not there", team("north", organization_id="none"), get("master", NORTH))


def users() -> None:
    look = "/user/info?user_id=ann"
    for role in ("proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer", "org_admin", "team", "customer", "emperor", None):
        scenario(f"users/of role {role}", post("master", "/user/new", {"user_id": "ann", "user_role": role}, ann="/key"), get("master", look), get("$ann", "/key/list"), post("$ann", "/key/generate", {"key_alias": "own"}))
    scenario("users/twice the same id", user("ann"), post("master", "/user/new", {"user_id": "ann"}, second="/key"), get("master", look))
    scenario("users/one address for two", nobody_yet("ann", user_email="ann@example.com"), post("master", "/user/new", {"user_id": "ben", "user_email": "ann@example.com"}), post("master", "/user/new", {"user_id": "cat", "user_email": "ANN@example.com"}))
    scenario("users/without an id", post("master", "/user/new", {"user_email": "ann@example.com"}, made="/user_id", k="/key"), get("master", "/user/info?user_id=$made"))
    scenario("users/in a team", team("north"), post("master", "/user/new", {"user_id": "ann", "teams": ["north"]}, ann="/key"), get("master", look), get("master", NORTH))
    scenario("users/in teams as objects", team("north"), post("master", "/user/new", {"user_id": "ann", "teams": [{"team_id": "north", "max_budget_in_team": 5.0, "user_role": "user"}]}, ann="/key"), get("master", look), get("master", NORTH))
    scenario("users/in a team that is not there", post("master", "/user/new", {"user_id": "ann", "teams": ["none"]}, ann="/key"), get("master", look))
    scenario("users/with a password", post("master", "/user/new", {"user_id": "ann", "password": "a secret of hers"}), nobody_yet("ben"), post("master", "/user/update", {"user_id": "ben", "password": "a secret of his"}), get("master", "/user/info?user_id=ben"))
    scenario("users/changed by address", nobody_yet("ann", user_email="ann@example.com"), post("master", "/user/update", {"user_email": "ann@example.com", "max_budget": 3.0}), get("master", look))
    scenario("users/made by an update", post("master", "/user/update", {"user_id": "ann", "max_budget": 3.0}), get("master", look))
    scenario("users/raise themselves", user("ann"), post("$ann", "/user/update", {"user_id": "ann", "user_role": "proxy_admin"}), post("$ann", "/user/update", {"user_id": "ann", "max_budget": 1e6}), get("$ann", "/user/info"), each_alone=True)
    scenario("users/deleted with their keys", user("ann"), post("master", "/user/delete", {"user_ids": ["ann"]}), get("$ann", "/key/info"), get("master", look))
    scenario("users/deleted, members before", nobody_yet("ann"), team("north", "", "ann"), post("master", "/user/delete", {"user_ids": ["ann"]}), get("master", NORTH))
    scenario("users/deleted twice", nobody_yet("ann"), post("master", "/user/delete", {"user_ids": ["ann", "ann"]}), post("master", "/user/delete", {"user_ids": ["ann"]}))
    scenario("users/today's info", user("ann"), get("$ann", "/v2/user/info"), get("master", "/v2/user/info?user_id=ann"), get("$ann", "/user/info"))
    for field, value in {"max_budget": None, "models": [], "user_alias": None, "tpm_limit": None, "budget_duration": None, "metadata": {}, "user_email": None}.items():
        before = {"max_budget": 2.0, "models": ["gpt-4"], "user_alias": "Ann", "tpm_limit": 5, "budget_duration": "1d", "metadata": {"a": 1}, "user_email": "ann@example.com"}[field]
        scenario(f"users/{field} is taken away with {value!r}", nobody_yet("ann", **{field: before}), post("master", "/user/update", {"user_id": "ann", field: value}), get("master", look))


def organizations() -> None:
    made = post("master", "/organization/new", {"organization_id": "org", "organization_alias": "org", "max_budget": 9.0, "models": ["gpt-4"]})
    scenario("organizations/made, changed, deleted", made, get("master", "/organization/info?organization_id=org"), call("master", "PATCH", "/organization/update", {"organization_id": "org", "organization_alias": "renamed"}), get("master", "/organization/list"), call("master", "DELETE", "/organization/delete", {"organization_ids": ["org"]}))
    scenario("organizations/members", made, user("ann"), post("master", "/organization/member_add", {"organization_id": "org", "member": {"role": "internal_user", "user_id": "ann"}}), get("master", "/organization/info?organization_id=org"), post("$ann", "/key/generate", {"organization_id": "org", "key_alias": "k"}, k="/key"), call("master", "DELETE", "/organization/member_delete", {"organization_id": "org", "user_id": "ann"}))
    scenario("organizations/an admin of one", made, user("ann", "org_admin"), post("master", "/organization/member_add", {"organization_id": "org", "member": {"role": "org_admin", "user_id": "ann"}}), post("$ann", "/team/new", {"team_id": "north", "organization_id": "org"}), get("$ann", NORTH))
    scenario("projects/made, changed, blocked", team("north"), post("master", "/project/new", {"project_alias": "p", "team_id": "north", "models": ["gpt-4"]}, p="/project_id"), get("master", "/project/info?project_id=$p"), post("master", "/project/update", {"project_id": "$p", "blocked": True}), get("master", "/project/list"))
    scenario("projects/a key of a blocked one", team("north"), post("master", "/project/new", {"project_alias": "p", "team_id": "north"}, p="/project_id"), key("k", team_id="north", project_id="$p"), post("master", "/project/update", {"project_id": "$p", "blocked": True}), get("$k", "/key/info"))
    scenario("customers/made and read", post("master", "/customer/new", {"user_id": "shop", "max_budget": 3.0}), get("master", "/customer/info?end_user_id=shop"), get("master", "/customer/list"), post("master", "/customer/block", {"user_ids": ["shop"]}), post("master", "/customer/delete", {"user_ids": ["shop"]}))


def write() -> None:
    permissions()
    members()
    teams()
    users()
    organizations()
