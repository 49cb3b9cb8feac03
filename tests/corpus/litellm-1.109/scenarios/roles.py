"""Who may do what: every caller, on things of their own, of others and of teams."""

from __future__ import annotations

from typing import Dict, List, Tuple

from .words import call, get, info, key, nobody_yet, post, scenario, team, user

#: how a caller is called, who that is at the API, and their place in the team `north`
CALLERS: List[Tuple[str, str, str]] = [
    ("the master key", "master", ""),
    ("a proxy admin", "proxy_admin", ""),
    ("a proxy admin's viewer", "proxy_admin_viewer", ""),
    ("an internal user", "internal_user", ""),
    ("an internal viewer", "internal_user_viewer", ""),
    ("an admin of the team", "internal_user", "admin"),
    ("a member of the team", "internal_user", "user"),
    ("a viewer in the team", "internal_user_viewer", "user"),
    ("a key without a user", "", ""),
    ("a key of the team", "team key", ""),
    ("nobody", "none", ""),
]


def cast(role: str, place: str, bob: bool = False, north: bool = False) -> Tuple[str, str, list]:
    """The caller's name in a scenario, their user id, and what makes them, Bob and the team `north` with its admin Boss."""
    steps: list = []
    who, name = "$cal", "cal"
    if role == "master" or role == "none":
        who, name = role, "cal"
    elif role not in ("", "team key"):
        steps.append(user("cal", role))
    north = north or bool(place) or role == "team key"
    if bob:
        steps.append(user("bob"))
    if north:
        admins = "boss cal" if place == "admin" else "boss"
        members = " ".join((["bob"] if bob else []) + (["cal"] if place == "user" else []))
        steps.append(team("north", admins, members))
    if role == "":
        steps.append(key("cal"))
    if role == "team key":
        steps.append(key("cal", team_id="north"))
    return who, name, steps


def keys_of_ones_own(who: str, name: str) -> list:
    owner: Dict[str, str] = {"user_id": name} if who == "$cal" else {}
    return [
        key("own", **owner),
        info(who, "own"),
        post(who, "/key/update", {"key": "$own", "key_alias": "renamed"}),
        post(who, "/key/block", {"key": "$own"}),
        post("master", "/key/unblock", {"key": "$own"}),
        post(who, "/key/$own/regenerate", {}, own="/key"),
        post(who, "/key/delete", {"keys": ["$own"]}),
    ]


def keys_of_others(who: str, name: str) -> list:
    return [
        info(who, "bob"),
        post(who, "/v2/key/info", {"keys": ["$bob"]}),
        post(who, "/key/update", {"key": "$bob", "key_alias": "taken over"}),
        post(who, "/key/block", {"key": "$bob"}),
        post("master", "/key/unblock", {"key": "$bob"}),
        post(who, "/key/$bob/reset_spend", {"reset_to": 0}),
        post(who, "/key/$bob/regenerate", {}, bob="/key"),
        post(who, "/key/delete", {"keys": ["$bob"]}),
    ]


def keys_of_the_team(who: str, name: str) -> list:
    return [
        key("work", team_id="north", user_id="bob"),
        info(who, "work"),
        post(who, "/key/update", {"key": "$work", "key_alias": "renamed"}),
        post(who, "/key/block", {"key": "$work"}),
        post("master", "/key/unblock", {"key": "$work"}),
        post(who, "/key/$work/reset_spend", {"reset_to": 0}),
        post(who, "/key/$work/regenerate", {}, work="/key"),
        post(who, "/key/delete", {"keys": ["$work"]}),
    ]


def new_keys(who: str, name: str) -> list:
    return [
        post(who, "/key/generate", {"key_alias": "for oneself"}, a="/key"),
        post(who, "/key/generate", {"key_alias": "for bob", "user_id": "bob"}, b="/key"),
        post(who, "/key/generate", {"key_alias": "for the team", "team_id": "north"}, c="/key"),
        post(who, "/key/generate", {"key_alias": "for bob's work", "team_id": "north", "user_id": "bob"}, d="/key"),
        post(who, "/key/service-account/generate", {"key_alias": "robot", "team_id": "north"}, e="/key"),
        get(who, "/key/list"),
    ]


def users(who: str, name: str) -> list:
    return [
        nobody_yet("spare"),
        get(who, "/user/info?user_id=spare"),
        get(who, f"/user/info?user_id={name}"),
        get(who, "/user/list?user_ids=spare"),
        post(who, "/user/new", {"user_id": "made", "auto_create_key": False}),
        post(who, "/user/update", {"user_id": name, "user_alias": "Cal"}),
        post(who, "/user/update", {"user_id": "spare", "user_alias": "Spare"}),
        post(who, "/user/delete", {"user_ids": ["spare"]}),
    ]


def teams(who: str, name: str) -> list:
    return [
        post(who, "/team/new", {"team_id": "made", "team_alias": "made"}),
        get(who, "/team/info?team_id=north"),
        get(who, "/team/list"),
        post(who, "/team/update", {"team_id": "north", "team_alias": "renamed"}),
        post(who, "/team/model/add", {"team_id": "north", "models": ["gpt-4"]}),
        post(who, "/team/block", {"team_id": "north"}),
        post("master", "/team/unblock", {"team_id": "north"}),
        post(who, "/team/delete", {"team_ids": ["north"]}),
    ]


def members(who: str, name: str) -> list:
    return [
        nobody_yet("spare"),
        get(who, "/team/permissions_list?team_id=north"),
        post(who, "/team/permissions_update", {"team_id": "north", "team_member_permissions": ["/key/generate"]}),
        post(who, "/team/member_add", {"team_id": "north", "member": {"role": "user", "user_id": "spare"}}),
        post(who, "/team/member_update", {"team_id": "north", "user_id": "bob", "max_budget_in_team": 3.0}),
        post(who, "/team/member_delete", {"team_id": "north", "user_id": "bob"}),
    ]


def budgets(who: str, name: str) -> list:
    return [
        post("master", "/budget/new", {"budget_id": "small", "max_budget": 1.0}),
        post(who, "/budget/new", {"budget_id": "made", "max_budget": 2.0}),
        post(who, "/budget/info", {"budgets": ["small"]}),
        get(who, "/budget/list"),
        post(who, "/budget/update", {"budget_id": "small", "max_budget": 3.0}),
        post(who, "/budget/delete", {"id": "small"}),
    ]


def many(who: str, name: str) -> list:
    return [
        key("work", team_id="north", user_id="bob"),
        get(who, "/key/aliases"),
        post(who, "/key/bulk_update", {"keys": [{"key": "$work", "max_budget": 1.0}]}),
        post(who, "/team/key/bulk_update", {"team_id": "north", "key_ids": ["${hash:work}"], "update_fields": {"max_budget": 2.0}}),
        get(who, "/key/list?return_full_object=true"),
        get(who, "/key/list?team_id=north"),
        get(who, "/key/list?user_id=bob"),
    ]


def lists_of_people(who: str, name: str) -> list:
    return [
        get(who, "/user/list"),
        get(who, "/v2/user/info"),
        get(who, "/user/filter/ui?user_id=bob"),
        get(who, "/v2/team/list"),
        get(who, "/team/available"),
        post(who, "/key/health", {}),
        get(who, "/user/info"),
    ]


AREAS = (
    ("keys of one's own", keys_of_ones_own, False, False),
    ("keys of others", keys_of_others, True, False),
    ("keys of a team", keys_of_the_team, True, True),
    ("new keys", new_keys, True, True),
    ("users", users, False, False),
    ("teams", teams, False, True),
    ("members", members, True, True),
    ("budgets", budgets, False, False),
    ("many at once", many, True, True),
    ("lists of people and teams", lists_of_people, True, True),
)


def write() -> None:
    for area, steps, bob, north in AREAS:
        for caller, role, place in CALLERS:
            if place and not north:
                continue
            who, name, before = cast(role, place, bob, north)
            scenario(f"who may/{area} by {caller}", before, steps(who, name), each_alone=True)
    strangers = (
        ("an unknown key", "raw:sk-unknown-0123456789"), ("a key that is none", "raw:nonsense"),
    )
    for caller, who in strangers:
        scenario(
            f"who may/read anything by {caller}",
            get(who, "/key/list"), get(who, "/key/info"), get(who, "/user/info"), get(who, "/team/list"), post(who, "/key/generate", {}),
            each_alone=True,
        )
    scenario(
        "who may/the first part of a key's life",
        user("ann"), get("$ann", "/key/info"), info("$ann", "ann"), post("$ann", "/key/delete", {"keys": ["$ann"]}), get("$ann", "/key/info"),
    )
    scenario(
        "who may/a blocked key",
        user("ann"), post("master", "/key/block", {"key": "$ann"}), get("$ann", "/key/info"), get("$ann", "/key/list"),
        post("master", "/key/unblock", {"key": "$ann"}), get("$ann", "/key/list"),
    )
    scenario(
        "who may/a key of a blocked team",
        team("north"), key("work", team_id="north"), post("master", "/team/block", {"team_id": "north"}),
        get("$work", "/key/info"), call("$work", "GET", "/key/list"), post("master", "/team/unblock", {"team_id": "north"}), get("$work", "/key/info"),
    )
    scenario(
        "who may/a deactivated user",
        user("ann", metadata={"scim_active": False}), get("$ann", "/key/list"), post("$ann", "/key/generate", {}), info("master", "ann"),
    )
