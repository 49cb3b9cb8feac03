"""The words that scenarios are written in: calls, people, teams, keys.

A scenario is a name, `family/what it shows`, and its calls. Every scenario starts on empty tables and makes what it needs over the
API, so that it can be played on any server.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, List

_ABSENT = object()

#: every scenario of the corpus, in the order in which they were written
SCENARIOS: List[dict] = []


def call(who: str, method: str, path: str, body: Any = _ABSENT, **capture: str) -> dict:
    """A call by `who`: master, none, raw:KEY, or $name for the key that was captured as `name`."""
    step: dict = {"as": who, "method": method, "path": path}
    if body is not _ABSENT:
        step["body"] = body
    if capture:
        step["capture"] = capture
    return step


def post(who: str, path: str, body: Any, **capture: str) -> dict:
    return call(who, "POST", path, body, **capture)


def get(who: str, path: str, **capture: str) -> dict:
    return call(who, "GET", path, **capture)


def raw(who: str, path: str, text: str) -> dict:
    """A POST whose body is this text as it is."""
    return {"as": who, "method": "POST", "path": path, "body_raw": text}


def user(name: str, role: str = "internal_user", **fields: Any) -> dict:
    """A user called `name`, whose key is captured under the same name."""
    return post("master", "/user/new", {"user_id": name, "user_role": role, **fields}, **{name: "/key"})


def nobody_yet(name: str, **fields: Any) -> dict:
    """A user without a key."""
    return post("master", "/user/new", {"user_id": name, "auto_create_key": False, **fields})


def team(name: str, admins: str = "", members: str = "", **fields: Any) -> dict:
    """A team with these people, whose names stand in a text."""
    people = [{"role": "admin", "user_id": who} for who in admins.split()]
    people += [{"role": "user", "user_id": who} for who in members.split()]
    return post("master", "/team/new", {"team_id": name, "team_alias": f"team {name}", "members_with_roles": people, **fields})


def key(name: str, **fields: Any) -> dict:
    """A key with the alias `name`, made by the master key, captured under the same name."""
    return post("master", "/key/generate", {"key_alias": name, **fields}, **{name: "/key"})


def scenario(name: str, *steps: Any, each_alone: bool = False) -> None:
    """Adds a scenario. Steps may be lists of steps. With `each_alone` the calls work on things of their own: one that goes otherwise
    than recorded says nothing about the next."""
    flat: List[dict] = []
    for step in steps:
        flat.extend(step if isinstance(step, list) else [step])
    item: dict = {"name": name}
    if each_alone:
        item["tags"] = ["each alone"]
    # an answer is written into each step: no two scenarios may share one
    SCENARIOS.append({**item, "steps": [deepcopy(step) for step in flat]})


def info(who: str, name: str) -> dict:
    """The key that was captured as `name`."""
    return get(who, f"/key/info?key=${name}")
