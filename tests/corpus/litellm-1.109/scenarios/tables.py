"""Keys as they are made, blocked and deleted; durations, amounts and budgets."""

from __future__ import annotations

from .words import get, info, key, nobody_yet, post, scenario, team, user


def keys() -> None:
    scenario("keys/one alias for two", key("same"), post("master", "/key/generate", {"key_alias": "same"}, second="/key"))
    scenario("keys/renamed to a taken alias", key("one"), key("two"), post("master", "/key/update", {"key": "$two", "key_alias": "one"}), info("master", "two"))
    scenario("keys/changed by alias", key("one"), post("master", "/key/update", {"key_alias": "one", "max_budget": 2.0}), info("master", "one"))
    scenario("keys/read by hash, and as themselves", key("one"), get("master", "/key/info?key=${hash:one}"), get("$one", "/key/info"), get("$one", "/key/list"))
    scenario("keys/read many", key("one"), key("two"), post("master", "/v2/key/info", {"keys": ["$one", "${hash:two}", "sk-none-0123456789"]}), post("master", "/v2/key/info", {"key_aliases": ["one"]}))
    scenario("keys/blocked by hash and unblocked", key("one"), post("master", "/key/block", {"key": "${hash:one}"}), post("master", "/key/block", {"key": "$one"}), post("master", "/key/unblock", {"key": "$one"}), info("master", "one"))
    scenario("keys/blocked by the key itself", user("ann"), post("$ann", "/key/block", {"key": "$ann"}), get("$ann", "/key/info"))
    scenario("keys/deleted by alias", key("one"), key("two"), post("master", "/key/delete", {"key_aliases": ["one", "two"]}), info("master", "one"))
    scenario("keys/deleted twice", key("one"), post("master", "/key/delete", {"keys": ["$one"]}), post("master", "/key/delete", {"keys": ["$one"]}), info("master", "one"))
    scenario("keys/deleted, one not there", key("one"), post("master", "/key/delete", {"keys": ["$one", "sk-none-0123456789"]}), info("master", "one"))
    scenario("keys/deleted by hash", key("one"), post("master", "/key/delete", {"keys": ["${hash:one}"]}), get("master", "/key/list"))
    scenario("keys/deleted, and read in the archive", key("one"), post("master", "/key/delete", {"keys": ["$one"]}), get("master", "/key/list?status=deleted&return_full_object=true"), info("master", "one"))
    scenario("keys/the same secret twice", key("one", key="sk-chosen-0123456789abcdef"), post("master", "/key/generate", {"key": "sk-chosen-0123456789abcdef", "max_budget": 5}, second="/key"), info("master", "one"))
    for secret in ("sk-short", "no-prefix-0123456789abcdef", "", "sk-with space-0123456789", "sk-ünïcode-0123456789"):
        scenario(f"keys/the secret {secret!r}", user("ann"), post("master", "/key/generate", {"key": secret}), post("$ann", "/key/generate", {"key": secret}), each_alone=True)
    for alias in ("a/../b", "a\tb", "a\nb", "../x", " spaced ", "", "ünïcode", "x" * 200, "..", "a..b"):
        scenario(f"keys/the alias {alias[:20]!r}", post("master", "/key/generate", {"key_alias": alias}, k="/key"), info("master", "k"))
    scenario("keys/of an unknown team", user("ann"), post("$ann", "/key/generate", {"team_id": "none"}), post("master", "/key/generate", {"team_id": "none"}, k="/key"), each_alone=True)
    scenario("keys/of an unknown user", post("master", "/key/generate", {"user_id": "unheard of"}, k="/key"), info("master", "k"))
    scenario("keys/of an unknown budget", post("master", "/key/generate", {"end_user_budget_id": "none"}), post("master", "/key/generate", {"project_id": "none"}), post("master", "/key/generate", {"agent_id": "none"}, k="/key"), each_alone=True)
    scenario("keys/of another user", user("ann"), nobody_yet("ben"), post("$ann", "/key/generate", {"user_id": "ben"}), post("$ann", "/key/generate", {"user_id": None}, k="/key"), each_alone=True)
    scenario("keys/who made them", user("ann"), post("$ann", "/key/generate", {"key_alias": "k"}, k="/key"), info("master", "k"), post("master", "/key/update", {"key": "$k", "max_budget": 2.0}), info("master", "k"))
    scenario("keys/without a body", {"as": "master", "method": "POST", "path": "/key/generate", "capture": {"k": "/key"}}, post("master", "/key/generate", {}, second="/key"), get("master", "/key/list"))
    scenario("keys/their models", key("k", models=["gpt-4", "no such model", "all-team-models", "all-proxy-models"]), info("master", "k"), post("master", "/key/update", {"key": "$k", "models": []}), info("master", "k"))
    for field, before, value in (
        ("max_budget", 2.0, None), ("tpm_limit", 5, None), ("models", ["gpt-4"], None), ("tags", ["t"], []), ("guardrails", ["g"], None), ("key_alias", "old", None), ("duration", "30d", None), ("duration", "30d", "-1"),
        ("budget_duration", "30d", None), ("aliases", {"a": "gpt-4"}, {}), ("allowed_routes", ["/key/list"], []), ("budget_limits", [{"budget_duration": "1h", "max_budget": 1.0}], []), ("budget_limits", [{"budget_duration": "1h", "max_budget": 1.0}], None),
        ("max_budget", 2.0, ""), ("duration", "30d", ""), ("model_max_budget", {"gpt-4": {"max_budget": 1.0, "budget_duration": "1d"}}, {}), ("permissions", {"p": True}, {}), ("object_permission", {"mcp_servers": ["s"]}, None), ("user_id", "ben", None),
    ):
        before_it = [nobody_yet("ben")] if field == "user_id" else []
        scenario(f"clear/{field} with {value!r}", before_it, post("master", "/key/generate", {field: before}, k="/key"), post("master", "/key/update", {"key": "$k", field: value}), info("master", "k"))
        scenario(f"clear/{field} with {value!r} by the owner", user("ann"), post("master", "/key/generate", {"user_id": "ann", **({field: before} if field != "user_id" else {})}, k="/key"), post("$ann", "/key/update", {"key": "$k", field: value}), info("$ann", "k"))


def durations() -> None:
    for text in ("30s", "10m", "12h", "30d", "2w", "1mo", "1y", "0d", "-1", "-5d", "1.5h", "", "1 d", "1D", "nonsense", "99999999d"):
        scenario(f"duration/a key of {text!r}", post("master", "/key/generate", {"duration": text}, k="/key"), info("master", "k"), post("master", "/key/update", {"key": "$k", "duration": text}), info("master", "k"))
        if text in ("30s", "10m"):
            continue  # they begin again within the minute
        scenario(f"budget_duration/{text!r} of a key, a team, a user, a budget", post("master", "/key/generate", {"budget_duration": text, "max_budget": 1.0}, k="/key"), post("master", "/team/new", {"team_id": "north", "budget_duration": text}), post("master", "/user/new", {"user_id": "ann", "budget_duration": text, "auto_create_key": False}), post("master", "/budget/new", {"budget_id": "small", "budget_duration": text}), each_alone=True)


def amounts() -> None:
    for value in (0, -1, 1e308, 0.1, "5", "5.5", "", True, 2**63):
        for field in ("max_budget", "tpm_limit", "soft_budget", "max_parallel_requests"):
            scenario(f"amounts/{field} {value!r}", post("master", "/key/generate", {field: value}, k="/key"), info("master", "k"))
    for name, windows in {
        "two of one duration": [{"budget_duration": "1h", "max_budget": 1.0}, {"budget_duration": "1h", "max_budget": 2.0}], "a negative budget": [{"budget_duration": "1h", "max_budget": -1}], "no budget": [{"budget_duration": "1h"}],
        "a duration that cannot be read": [{"budget_duration": "x", "max_budget": 1.0}], "no duration": [{"max_budget": 1.0}], "none": [], "an object": {"budget_duration": "1h", "max_budget": 1.0}, "more members": [{"budget_duration": "1h", "max_budget": 1.0, "reset_at": "2099-01-01T00:00:00Z", "x": 1}],
        "longer than the key's": [{"budget_duration": "7d", "max_budget": 100.0}],
    }.items():
        scenario(f"windows/{name}", post("master", "/key/generate", {"budget_limits": windows, "max_budget": 5.0}, k="/key"), info("master", "k"))
        scenario(f"windows/{name}, of a team", post("master", "/team/new", {"team_id": "north", "budget_limits": windows, "max_budget": 5.0}), get("master", "/team/info?team_id=north"))
    for name, limits in {
        "today's members": {"gpt-4": {"max_budget": 1.0, "budget_duration": "1d"}}, "older members": {"gpt-4": {"budget_limit": 1.0, "time_period": "1d"}}, "a number": {"gpt-4": 1.0}, "no duration": {"gpt-4": {"max_budget": 1.0}}, "rates": {"gpt-4": {"tpm_limit": 5, "rpm_limit": 5}},
        "a negative budget": {"gpt-4": {"max_budget": -1.0, "budget_duration": "1d"}}, "zero": {"gpt-4": {"max_budget": 0, "budget_duration": "1d"}}, "an unknown model": {"no such model": {"max_budget": 1.0, "budget_duration": "1d"}},
    }.items():
        scenario(f"budgets by model/{name}", post("master", "/key/generate", {"model_max_budget": limits}, k="/key"), info("master", "k"))
        scenario(f"budgets by model/{name}, of a team", post("master", "/team/new", {"team_id": "north", "model_max_budget": limits}), get("master", "/team/info?team_id=north"))


def budgets() -> None:
    look = post("master", "/budget/info", {"budgets": ["small"]})
    small = post("master", "/budget/new", {"budget_id": "small", "max_budget": 2.0, "budget_duration": "30d"})
    scenario("budgets/made, changed, deleted", small, post("master", "/budget/update", {"budget_id": "small", "max_budget": 3.0}), look, post("master", "/budget/delete", {"id": "small"}), look)
    scenario("budgets/twice the same id", small, small, look)
    scenario("budgets/without an id", post("master", "/budget/new", {"max_budget": 1.0}, b="/budget_id"), post("master", "/budget/info", {"budgets": ["$b"]}))
    scenario("budgets/of a key", small, key("k", budget_id="small"), info("master", "k"), post("master", "/budget/delete", {"id": "small"}), info("master", "k"))
    scenario("budgets/a soft one of a key", key("k", soft_budget=1.0, max_budget=2.0), info("master", "k"), post("master", "/key/update", {"key": "$k", "soft_budget": 3.0}), info("master", "k"))
    scenario("budgets/listed", small, post("master", "/budget/new", {"budget_id": "large", "max_budget": 99.0}), get("master", "/budget/list"), post("master", "/budget/info", {"budgets": ["small", "large", "none"]}))
    scenario("budgets/settings", small, get("master", "/budget/settings?budget_id=small"))
    scenario("budgets/taken away by null", small, post("master", "/budget/update", {"budget_id": "small", "max_budget": None, "budget_duration": None}), look)
    scenario("budgets/negative", post("master", "/budget/new", {"budget_id": "small", "max_budget": -1.0}), post("master", "/budget/new", {"budget_id": "large", "soft_budget": -1.0}), post("master", "/budget/new", {"budget_id": "third", "tpm_limit": -1}), each_alone=True)


def write() -> None:
    keys()
    durations()
    amounts()
    budgets()
