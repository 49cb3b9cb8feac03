"""Keys that open some routes only: `allowed_routes` and `key_type`."""

from __future__ import annotations

from .words import get, info, key, post, scenario, user

LISTS = {
    "one route": ["/key/list"],
    "two routes": ["/key/info", "/key/list"],
    "a route below": ["/key"],
    "a pattern": ["/key/*"],
    "another route": ["/chat/completions"],
    "llm_api_routes": ["llm_api_routes"],
    "info_routes": ["info_routes"],
    "management_routes": ["management_routes"],
    "key_management_routes": ["key_management_routes"],
    "openai_routes": ["openai_routes"],
    "spend_tracking_routes": ["spend_tracking_routes"],
    "global_spend_tracking_routes": ["global_spend_tracking_routes"],
    "a list and a route": ["llm_api_routes", "/key/info"],
    "no route": [],
    "an unknown list": ["every_route"],
    "everything": ["/*"],
}


def look(who: str) -> list:
    return [
        get(who, "/key/info"), get(who, "/key/list"), get(who, "/user/info"), post(who, "/key/generate", {"key_alias": "child"}, child="/key"),
        get(who, "/team/list"), get(who, "/health/liveliness"),
    ]


def write() -> None:
    for name, routes in LISTS.items():
        scenario(f"allowed_routes/{name}, of an internal user", user("ann"), key("narrow", user_id="ann", allowed_routes=routes), look("$narrow"))
        scenario(f"allowed_routes/{name}, of a proxy admin", user("root", "proxy_admin"), key("narrow", user_id="root", allowed_routes=routes), look("$narrow"))
        scenario(f"allowed_routes/{name}, set by an update", user("ann"), post("master", "/key/update", {"key": "$ann", "allowed_routes": routes}), look("$ann"))
    for kind in ("default", "llm_api", "management", "read_only"):
        made = post("$ann", "/key/generate", {"key_alias": "typed", "key_type": kind}, typed="/key")
        scenario(f"key_type/{kind}, by the master key", user("ann"), key("typed", user_id="ann", key_type=kind), info("master", "typed"), look("$typed"))
        scenario(f"key_type/{kind}, by an internal user", user("ann"), made, info("$ann", "typed"), get("$typed", "/key/list"))
        scenario(f"key_type/{kind}, with a list of routes", key("typed", key_type=kind, allowed_routes=["/key/info"]), info("master", "typed"), get("$typed", "/key/info"))
        scenario(f"key_type/{kind}, regenerated", key("typed"), post("master", "/key/$typed/regenerate", {"key_type": kind}, typed="/key"), info("master", "typed"))
        scenario(
            f"key_type/{kind}, regenerated from llm_api by the owner",
            user("ann"), key("typed", user_id="ann", key_type="llm_api"), post("$ann", "/key/$typed/regenerate", {"key_type": kind}, typed="/key"), info("$ann", "typed"),
        )
    for value in ("Default", "", "admin", 1, None, ["llm_api"]):
        scenario(f"key_type/is {value!r}", post("master", "/key/generate", {"key_alias": "typed", "key_type": value}, typed="/key"), info("master", "typed"))
