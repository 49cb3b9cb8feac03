"""Each field of each request, alone, sent by the callers who could want it."""

from __future__ import annotations

from typing import Any, Dict

from .values import BUDGET, GENERATE, MEMBER_ADD, MEMBER_UPDATE, REGENERATE, TEAM_NEW, TEAM_UPDATE, USER_NEW, USER_UPDATE
from .words import get, info, key, nobody_yet, post, scenario, team, user


def body(field: str, value: Any) -> Dict[str, Any]:
    """The field with what it needs beside it."""
    beside = {"rotation_interval": {"auto_rotate": True}, "temp_budget_increase": {"temp_budget_expiry": "2099-01-01T00:00:00Z"}}
    return {field: value, **beside.get(field, {})}


def needs(fields: Dict[str, Any]) -> list:
    """What must be there before the fields can be sent."""
    steps = []
    if fields.get("user_id") == "ben":
        steps.append(nobody_yet("ben"))
    if fields.get("budget_id") == "small" or fields.get("end_user_budget_id") == "small":
        steps.append(post("master", "/budget/new", {"budget_id": "small", "max_budget": 50.0}))
    if fields.get("organization_id") == "org":
        steps.append(post("master", "/organization/new", {"organization_id": "org", "organization_alias": "org"}))
    return steps


def of_keys() -> None:
    for field, value in GENERATE.items():
        sent = body(field, value)
        before = needs(sent)
        in_team = [team("north")] if field == "team_id" else []
        look = get("master", "/key/list?return_full_object=true&key_alias=fresh")
        scenario(f"key_generate_field/{field} by the master key", before, in_team, key("fresh", **sent), info("master", "fresh"), look)
        made = post("$ann", "/key/generate", {"key_alias": "fresh", **sent}, fresh="/key")
        scenario(f"key_generate_field_own/{field} by an internal user", before, user("ann"), in_team, made, info("$ann", "fresh"))
        made = post("$boss", "/key/generate", {"key_alias": "fresh", **sent, "team_id": "north"}, fresh="/key")
        scenario(f"key_generate_field_team/{field} by the admin of a team", before, user("boss"), team("north", "boss"), made, info("$boss", "fresh"))
    for field, value in {**{n: v for n, v in GENERATE.items() if n not in ("key", "key_type", "send_invite_email")}, "temp_budget_increase": 5.0}.items():
        sent = body(field, value)
        before = needs(sent)
        more = {"max_budget": 20.0} if field == "temp_budget_increase" else {}
        in_team = [team("north")] if field == "team_id" else []
        change = {"key": "$fresh", **sent}
        scenario(f"key_update_field/{field} by the master key", before, in_team, key("fresh", **more), post("master", "/key/update", change), info("master", "fresh"))
        scenario(f"key_update_field_own/{field} by the owner", before, in_team, user("ann"), key("fresh", user_id="ann", **more), post("$ann", "/key/update", change), info("$ann", "fresh"))
        scenario(f"key_update_field_team/{field} by the admin of its team", before, user("boss"), team("north", "boss"), key("fresh", team_id="north", **more), post("$boss", "/key/update", change), info("$boss", "fresh"))
    for field, value in REGENERATE.items():
        sent = body(field, value)
        before = needs(sent)
        renewed = {"again": "/key"}
        scenario(f"key_regenerate_field/{field} by the master key", before, key("fresh"), post("master", "/key/$fresh/regenerate", sent, **renewed), info("master", "again"))
        scenario(f"key_regenerate_field_own/{field} by the owner", before, user("ann"), key("fresh", user_id="ann"), post("$ann", "/key/$fresh/regenerate", sent, **renewed), info("$ann", "again"))


def of_teams() -> None:
    for field, value in TEAM_NEW.items():
        sent = body(field, value)
        before = needs(sent)
        if field in ("admins", "members", "members_with_roles"):
            before.append(nobody_yet("ben"))
        name = sent.get("team_id", "north")
        made = post("master", "/team/new", {"team_id": name, **sent})
        scenario(f"team_new_field/{field}", before, made, get("master", f"/team/info?team_id={name}"), get("master", "/team/list"))
    for field, value in TEAM_UPDATE.items():
        sent = body(field, value)
        change = {"team_id": "north", **sent}
        look = "/team/info?team_id=north"
        scenario(f"team_update_field/{field} by the master key", needs(sent), team("north"), post("master", "/team/update", change), get("master", look))
        scenario(f"team_update_field_admin/{field} by the team's admin", needs(sent), user("boss"), team("north", "boss"), post("$boss", "/team/update", change), get("$boss", look))


def of_users() -> None:
    for field, value in USER_NEW.items():
        sent = body(field, value)
        before = needs(sent) + ([team("north")] if field in ("team_id", "teams") else [])
        if field == "organizations":
            before += needs({"organization_id": "org"})
        made = post("master", "/user/new", {"user_id": "ann", **sent}, ann="/key")
        scenario(f"user_new_field/{field}", before, made, get("master", "/user/info?user_id=ann"), info("master", "ann"))
    for field, value in USER_UPDATE.items():
        sent = body(field, value)
        before = needs(sent) + ([team("north")] if field == "team_id" else [])
        look = "/user/info?user_id=ann"
        change = {"user_id": "ann", **sent}
        scenario(f"user_update_field/{field} by the master key", before, nobody_yet("ann"), post("master", "/user/update", change), get("master", look))
        scenario(f"user_update_field_self/{field} by the user", before, user("ann"), post("$ann", "/user/update", change), get("$ann", look))


def of_budgets() -> None:
    look = post("master", "/budget/info", {"budgets": ["small"]})
    for field, value in BUDGET.items():
        scenario(f"budget_new_field/{field}", post("master", "/budget/new", {"budget_id": "small", field: value}), look, get("master", "/budget/list"))
        scenario(f"budget_update_field/{field}", post("master", "/budget/new", {"budget_id": "small", "max_budget": 7.0}), post("master", "/budget/update", {"budget_id": "small", field: value}), look)


def of_members() -> None:
    member = {"role": "user", "user_id": "ben"}
    look = "/team/info?team_id=north"
    for who, name in (("master", "the master key"), ("$boss", "the team's admin")):
        people = [user("boss")] if who == "$boss" else []
        admins = "boss" if who == "$boss" else ""
        for field, value in MEMBER_ADD.items():
            added = post(who, "/team/member_add", {"team_id": "north", "member": member, field: value})
            scenario(f"member_add_field/{field} by {name}", people, nobody_yet("ben"), team("north", admins), added, get(who, look))
        for field, value in MEMBER_UPDATE.items():
            changed = post(who, "/team/member_update", {"team_id": "north", "user_id": "ben", **body(field, value)})
            scenario(f"member_update_field/{field} by {name}", people, nobody_yet("ben"), team("north", admins, "ben"), changed, get(who, look))


def write() -> None:
    of_keys()
    of_teams()
    of_users()
    of_budgets()
    of_members()
