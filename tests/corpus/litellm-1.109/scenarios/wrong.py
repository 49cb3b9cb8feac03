"""What does not fit: wrong types, unknown names, things that are missing, bodies that cannot be read."""

from __future__ import annotations

from typing import Any, Dict, List

from .values import BUDGET, GENERATE, MEMBER_UPDATE, REGENERATE, TEAM_NEW, USER_NEW
from .words import call, get, key, nobody_yet, post, raw, scenario, team, user


def misfits(value: Any) -> List[Any]:
    """Values of other types than that of `value`."""
    if isinstance(value, bool):
        return ["perhaps", 7, [], None]
    if isinstance(value, (int, float)):
        return ["many", -1, True, [], ""]
    if isinstance(value, str):
        return [7, ["x"], {"x": "y"}, ""]
    if isinstance(value, list):
        return ["x", {"x": "y"}, [7], [None]]
    return ["x", ["x"], 7, {"x": None}]


def types() -> None:
    for field, value in GENERATE.items():
        steps = [post("master", "/key/generate", {"key_alias": f"k{n}", field: wrong}) for n, wrong in enumerate(misfits(value))]
        scenario(f"key_generate_type/{field}", steps, each_alone=True)
    for field in ("models", "max_budget", "metadata", "tpm_limit", "budget_duration", "duration", "blocked", "team_id", "aliases", "tags", "model_max_budget", "auto_rotate", "allowed_routes", "budget_limits", "object_permission", "spend"):
        steps = [post("master", "/key/update", {"key": "$fresh", field: wrong}) for wrong in misfits(GENERATE[field])]
        scenario(f"key_update_type/{field}", key("fresh"), steps, each_alone=True)
    for field, value in REGENERATE.items():
        steps = [post("master", "/key/sk-none-0123456789abcdef/regenerate", {field: wrong}) for wrong in misfits(value)]
        scenario(f"key_regenerate_type/{field}", steps, each_alone=True)
    for field, value in TEAM_NEW.items():
        steps = [post("master", "/team/new", {"team_id": f"t{n}", field: wrong}) for n, wrong in enumerate(misfits(value))]
        scenario(f"team_new_type/{field}", steps, each_alone=True)
    for field in ("user_email", "user_alias", "user_role", "teams", "models", "max_budget", "budget_duration", "auto_create_key", "metadata", "tpm_limit", "organizations", "password", "sso_user_id"):
        steps = [post("master", "/user/new", {"user_id": f"u{n}", "auto_create_key": False, field: wrong}) for n, wrong in enumerate(misfits(USER_NEW[field]))]
        scenario(f"user_new_type/{field}", steps, each_alone=True)
    for field, value in BUDGET.items():
        steps = [post("master", "/budget/new", {"budget_id": f"b{n}", field: wrong}) for n, wrong in enumerate(misfits(value))]
        scenario(f"budget_new_type/{field}", steps, each_alone=True)
    for field, value in MEMBER_UPDATE.items():
        steps = [post("master", "/team/member_update", {"team_id": "north", "user_id": "ben", field: wrong}) for wrong in misfits(value)]
        scenario(f"member_update_type/{field}", nobody_yet("ben"), team("north", "", "ben"), steps, each_alone=True)


BODIES: Dict[str, str] = {
    "no JSON": "{", "a list": "[]", "a text": '"x"', "null": "null", "nothing": "", "a number": "1", "a non-finite budget": '{"max_budget": NaN}',
    "an infinite budget": '{"max_budget": Infinity}', "a member twice": '{"max_budget": 1, "max_budget": 2}', "a byte order mark": "\ufeff{}",
}


def bodies() -> None:
    for path in ("/key/generate", "/team/new", "/user/new", "/key/update"):
        for name, text in BODIES.items():
            scenario(f"body/{name} to {path}", user("ann"), raw("master", path, text), raw("$ann", path, text), raw("none", path, text), each_alone=True)


def names() -> None:
    for path, body in (
        ("/key/generate", {"key_alias": "k"}), ("/team/new", {"team_id": "t"}), ("/user/new", {"user_id": "u"}), ("/budget/new", {"budget_id": "b"}),
    ):
        unknown = [post("master", path, {**{n: f"{v}{i}" for n, v in body.items()}, name: 1}) for i, name in enumerate(("max_budgt", "unheard_of", "MAX_BUDGET", "x" * 300))]
        scenario(f"unknown name/on {path}", unknown, each_alone=True)
    for path in ("/key/list", "/team/list", "/budget/list", "/user/list", "/key/aliases", "/v2/team/list"):
        scenario(f"unknown name/in the query of {path}", get("master", f"{path}?unheard_of=1"), get("master", f"{path}?page=1&size=5&unheard_of="), each_alone=True)
    scenario("unknown name/routes", get("master", "/key/unheard_of"), get("master", "/key/generate"), post("master", "/key/list", {}), call("master", "DELETE", "/key/info"), get("none", "/unheard/of"), each_alone=True)


GONE = "sk-none-0123456789abcdef"
MISSING = {
    "/key/update": ({"key": GONE, "max_budget": 1}, {"key_alias": "none", "max_budget": 1}, {"max_budget": 1}, {"key": "", "max_budget": 1}, {"key": None}),
    "/key/delete": ({"keys": [GONE]}, {"keys": []}, {"key_aliases": ["none"]}, {"key_aliases": []}, {}),
    "/key/block": ({"key": GONE}, {"key": ""}, {"key": "nonsense"}, {"key_alias": "none"}, {}),
    "/key/unblock": ({"key": GONE}, {"key": ""}, {}, {"key": "0" * 64}),
    f"/key/{GONE}/regenerate": ({}, {"max_budget": 1}),
    "/key/regenerate": ({}, {"key": GONE}),
    f"/key/{GONE}/reset_spend": ({"reset_to": 0}, {}, {"reset_to": -1}),
    "/v2/key/info": ({"keys": [GONE]}, {"keys": []}, {}, {"key_aliases": ["none"]}),
    "/key/bulk_update": ({"keys": []}, {"keys": [{"key": GONE, "max_budget": 1}]}, {}),
    "/team/key/bulk_update": ({"team_id": "none", "all_keys_in_team": True, "update_fields": {"max_budget": 1}}, {"team_id": "none", "update_fields": {}}, {}),
    "/key/service-account/generate": ({"team_id": "none"}, {}, {"key_alias": "robot"}),
    "/user/update": ({"user_id": "none", "max_budget": 1}, {"max_budget": 1}, {"user_email": "none@example.com", "max_budget": 1}),
    "/user/delete": ({"user_ids": ["none"]}, {"user_ids": []}, {}),
    "/team/update": ({"team_id": "none", "max_budget": 1}, {"max_budget": 1}, {"team_id": ""}),
    "/team/delete": ({"team_ids": ["none"]}, {"team_ids": []}, {}),
    "/team/block": ({"team_id": "none"}, {}),
    "/team/unblock": ({"team_id": "none"}, {}),
    "/team/member_add": ({"team_id": "none", "member": {"role": "user", "user_id": "ben"}}, {"team_id": "none"}, {"member": []}, {"team_id": "none", "member": {"role": "owner", "user_id": "ben"}}, {"team_id": "none", "member": {"role": "user"}}),
    "/team/member_update": ({"team_id": "none", "user_id": "ben"}, {"team_id": "none"}, {"user_id": "ben"}),
    "/team/member_delete": ({"team_id": "none", "user_id": "ben"}, {"team_id": "none"}, {}),
    "/team/permissions_update": ({"team_id": "none", "team_member_permissions": []}, {"team_id": "none"}, {}),
    "/team/model/add": ({"team_id": "none", "models": ["gpt-4"]}, {"team_id": "none"}, {}),
    "/team/model/delete": ({"team_id": "none", "models": ["gpt-4"]}, {}),
    "/team/bulk_member_add": ({"team_id": "none", "members": [{"role": "user", "user_id": "ben"}]}, {"team_id": "none", "members": []}, {}),
    "/budget/update": ({"budget_id": "none", "max_budget": 1}, {"max_budget": 1}),
    "/budget/info": ({"budgets": ["none"]}, {"budgets": []}, {}),
    "/budget/delete": ({"id": "none"}, {}),
    "/organization/new": ({}, {"organization_alias": "org", "models": "gpt-4"}),
    "/organization/member_add": ({"organization_id": "none", "member": {"role": "internal_user", "user_id": "ben"}}, {}),
    "/project/new": ({"project_alias": "p", "team_id": "none"}, {}),
}
LOOKS = (
    f"/key/info?key={GONE}", "/key/info?key=", "/key/info?key=nonsense", "/user/info?user_id=none", "/team/info?team_id=none", "/team/info",
    "/v2/user/info?user_id=none", "/v2/user/info", "/team/permissions_list?team_id=none", "/team/permissions_list", "/organization/info?organization_id=none",
    "/project/info?project_id=none", "/budget/settings?budget_id=none", "/customer/info?end_user_id=none", "/key/list?user_id=none", "/key/list?team_id=none",
)


def missing() -> None:
    for path, sent in MISSING.items():
        scenario(f"missing/{path.replace(GONE, '{key}')}", [post("master", path, body) for body in sent], each_alone=True)
        if path not in ("/budget/info",):
            scenario(f"missing, as an internal user/{path.replace(GONE, '{key}')}", user("ann"), [post("$ann", path, body) for body in sent[:3]], each_alone=True)
    for path in LOOKS:
        scenario(f"missing/GET {path.replace(GONE, '{key}')}", user("ann"), get("master", path), get("$ann", path), each_alone=True)


def write() -> None:
    types()
    bodies()
    names()
    missing()
