"""Lists: their parameters, pages, orders and what each caller sees in them."""

from __future__ import annotations

from .words import get, key, nobody_yet, post, scenario, team, user


def keys() -> None:
    scene = [user("ann"), nobody_yet("ben"), team("north", "", "ann"), key("alpha", user_id="ann", max_budget=3.0), key("beta", team_id="north", user_id="ann"), key("gamma", user_id="ben", blocked=True)]
    for query in (
        "page=9&size=2", "page=0", "size=0", "size=101", "page=x", "sort_by=metadata", "sort_by=spend&sort_order=up", "sort_by=key_alias", "sort_by=max_budget&sort_order=desc&return_full_object=true",
        "key_alias=alpha", "key_alias=alph", "key_alias=alph&substring_matching=true", "user_id=ann&sort_by=key_alias", "user_id=an&substring_matching=true", "team_id=north", "team_id=none", "organization_id=org", "key_hash=${hash:alpha}", "key_hash=none",
        "status=active", "status=expired", "status=revoked", "status=deleted", "status=odd", "expand=user&key_alias=alpha", "expand=team", "include_team_keys=true&sort_by=key_alias", "include_created_by_keys=true&sort_by=key_alias", "return_full_object=true&key_alias=beta",
        "project_id=p", "agent_id=a", "access_group_id=g", "unheard_of=1", "return_full_object=perhaps", "user_id=&team_id=&key_alias=", "sort_by=last_active", "sort_by=budget_reset_at", "expires=1d",
    ):
        scenario(f"key_list/{query}", scene, get("master", f"/key/list?{query}"), get("$ann", f"/key/list?{query}"), each_alone=True)
    for who, name in (("master", "the master key"), ("$ann", "an internal user")):
        scenario(f"key_aliases/by {name}", scene, get(who, "/key/aliases"), get(who, "/key/aliases?size=2"), get(who, "/key/aliases?page=2&size=2"), get(who, "/key/aliases?search=a&size=2"), get(who, "/key/aliases?team_id=north"), each_alone=True)
        scenario(f"key_aliases/what does not fit, by {name}", user("ann"), get(who, "/key/aliases?size=101"), get(who, "/key/aliases?size=0"), get(who, "/key/aliases?page=0"), get(who, "/key/aliases?search=%25"), get(who, "/key/aliases?team_id=none"), each_alone=True)
    scenario("key_list/all that the dashboard sends", scene, get("master", "/key/list?page=1&size=50&return_full_object=true&include_team_keys=true&include_created_by_keys=true&expand=user&sort_by=created_at&sort_order=desc"))
    scenario("key_list/of a team by its admin", user("boss"), nobody_yet("ann"), team("north", "boss", "ann"), key("work", team_id="north", user_id="ann"), get("$boss", "/key/list?team_id=north&return_full_object=true"), get("$boss", "/key/list?include_team_keys=true"), get("$boss", "/key/list?user_id=ann"), each_alone=True)


def users() -> None:
    scene = [user("ann", user_email="ann@example.com", user_alias="Ann"), nobody_yet("ben", user_email="ben@example.com"), nobody_yet("root", user_role="proxy_admin_viewer"), team("north", "", "ben")]
    for query in (
        "", "page=1&page_size=2", "page=2&page_size=2", "page_size=0", "page_size=101", "page=0", "role=internal_user", "role=emperor", "user_ids=ann,ben", "user_email=ann", "user_email=ANN@example.com", "team=north", "sort_by=user_id&sort_order=desc", "sort_by=password", "sort_order=up",
        "user_alias=an", "sso_user_ids=s", "organization_ids=org", "search=ann",
    ):
        scenario(f"user_list/{query or 'everybody'}", scene, get("master", f"/user/list?{query}"), get("$ann", f"/user/list?{query}"), each_alone=True)
    for query in ("user_id=an", "user_email=example", "user_id=none", "", "user_email=ben&team_id=north"):
        scenario(f"user_filter/{query or 'everybody'}", scene, get("master", f"/user/filter/ui?{query}"), get("$ann", f"/user/filter/ui?{query}"), each_alone=True)


def teams() -> None:
    scene = [user("ann"), team("north", "", "ann", max_budget=3.0), team("south"), key("work", team_id="north", user_id="ann")]
    for query in ("", "page=1&page_size=1", "page=2&page_size=1", "page_size=0", "page=0", "team_id=north", "team_alias=team", "team_alias=Team n", "user_id=ann", "organization_id=org", "sort_by=team_alias&sort_order=desc", "sort_by=metadata", "status=deleted", "status=odd", "search=nor"):
        scenario(f"team_list_v2/{query or 'all'}", scene, get("master", f"/v2/team/list?{query}"), get("$ann", f"/v2/team/list?{query}"), each_alone=True)
    for query in ("", "user_id=ann", "user_id=none", "organization_id=org", "team_id=north"):
        scenario(f"team_list/{query or 'all'}", scene, get("master", f"/team/list?{query}"), get("$ann", f"/team/list?{query}"), each_alone=True)
    scenario("team_list/available", scene, get("master", "/team/available"), get("$ann", "/team/available"), each_alone=True)


def write() -> None:
    keys()
    users()
    teams()
    scenario("health/of the server", get("none", "/health/liveliness"), get("none", "/health/liveness"), get("master", "/health/liveliness"), each_alone=True)
    scenario("health/of a key", user("ann"), post("$ann", "/key/health", {}), post("master", "/key/health", {}), each_alone=True)
