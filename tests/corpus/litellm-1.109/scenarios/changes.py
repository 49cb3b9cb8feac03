"""Keys that change: other teams, limits against those of a team, rotation, resets, many at once, reserved metadata."""

from __future__ import annotations

from .words import get, info, key, nobody_yet, post, scenario, team, user

RESERVED = {
    "allowed_passthrough_routes": ["/x"], "denied_passthrough_routes": ["/x"], "disable_global_guardrails": True, "end_user_budget_id": "small",
    "default_estimated_output_tokens": 1, "default_estimated_output_tokens_per_model": {"gpt-4": 1}, "service_account_id": "robot",
    "throttle_on_budget_exceeded": True, "temp_budget_increase": 5.0, "guardrails": ["g"], "tags": ["t"], "logging": [{"callback_name": "langfuse"}],
    "model_rpm_limit": {"gpt-4": 1}, "enforced_params": ["user"], "team_member_budget_id": "small", "scim_active": False,
}


def metadata() -> None:
    for name, value in RESERVED.items():
        given = {"metadata": {name: value}}
        scenario(f"metadata/{name} of a new key", user("ann"), key("byadmin", **given), post("$ann", "/key/generate", {"key_alias": "own", **given}, own="/key"), info("master", "byadmin"), each_alone=True)
        scenario(f"metadata/{name} put into a key", user("ann"), key("own", user_id="ann"), post("$ann", "/key/update", {"key": "$own", **given}), info("$ann", "own"), post("master", "/key/update", {"key": "$own", **given}), info("master", "own"), each_alone=True)
        scenario(f"metadata/{name} taken out of a key", user("ann"), key("own", user_id="ann", **given), post("$ann", "/key/update", {"key": "$own", "metadata": {}}), info("$ann", "own"))
        scenario(f"metadata/{name} of a team", user("boss"), team("north", "boss", **given), post("$boss", "/team/update", {"team_id": "north", **given}), get("$boss", "/team/info?team_id=north"))
    scenario("metadata/a field and its place in the metadata", key("both", tags=["a"], metadata={"tags": ["b"], "x": 1}), info("master", "both"), post("master", "/key/update", {"key": "$both", "tags": ["c"]}), info("master", "both"))
    scenario("metadata/replaced, and taken away", key("m", metadata={"a": 1}), post("master", "/key/update", {"key": "$m", "metadata": {"b": 2}}), info("master", "m"), post("master", "/key/update", {"key": "$m", "metadata": None}), info("master", "m"))


def moves() -> None:
    for who, name in (("master", "the master key"), ("$boss", "the admin of both teams"), ("$ann", "a member of both teams"), ("$one", "the admin of the first team")):
        cast = [user({"master": "ann", "$boss": "boss", "$ann": "ann", "$one": "one"}[who]), *([] if who in ("master", "$ann") else [nobody_yet("ann")])]
        admins = {"$boss": ("boss", "boss"), "$one": ("one", "")}.get(who, ("", ""))
        teams = [team("north", admins[0], "ann"), team("south", admins[1], "ann")]
        moved = post(who, "/key/update", {"key": "$work", "team_id": "south"})
        scenario(f"move/to another team by {name}", cast, teams, key("work", team_id="north", user_id="ann"), moved, info("master", "work"))
        scenario(f"move/out of a team by {name}", cast, teams, key("work", team_id="north", user_id="ann"), post(who, "/key/update", {"key": "$work", "team_id": None}), info("master", "work"))
        scenario(f"move/into a team by {name}", cast, teams, key("work", user_id="ann"), moved, info("master", "work"))
        scenario(f"move/to a team that does not exist by {name}", cast, teams, key("work", team_id="north", user_id="ann"), post(who, "/key/update", {"key": "$work", "team_id": "none"}), info("master", "work"))
    for name, of_team, of_key in (
        ("fewer tokens", {"tpm_limit": 100}, {"tpm_limit": 500}), ("fewer requests", {"rpm_limit": 10}, {"rpm_limit": 50}), ("a smaller budget", {"max_budget": 1.0}, {"max_budget": 5.0}),
        ("other models", {"models": ["gpt-4"]}, {"models": ["claude-mock"]}), ("fewer models", {"models": ["gpt-4"]}, {"models": ["gpt-4", "claude-mock"]}), ("the same models", {"models": ["gpt-4"]}, {"models": ["gpt-4"]}),
        ("models, and a key for all", {"models": ["gpt-4"]}, {}), ("a block", {"blocked": True}, {}), ("enough of all", {"tpm_limit": 100, "rpm_limit": 10}, {"tpm_limit": 100, "rpm_limit": 10}),
    ):
        scenario(f"move/to a team with {name}", team("south", **of_team), key("work", **of_key), post("master", "/key/update", {"key": "$work", "team_id": "south"}), info("master", "work"))
    scenario("move/of a key whose owner is not in the team", nobody_yet("ann"), team("south"), key("work", user_id="ann"), post("master", "/key/update", {"key": "$work", "team_id": "south"}), info("master", "work"))
    scenario("move/an empty team changes nothing", team("north"), key("work", team_id="north"), post("master", "/key/update", {"key": "$work", "team_id": "", "max_budget": 2.0}), info("master", "work"))
    scenario("move/to another owner", nobody_yet("ann"), nobody_yet("ben"), key("own", user_id="ann"), post("master", "/key/update", {"key": "$own", "user_id": "ben"}), info("master", "own"))


def limits() -> None:
    for name, of_team, of_key in (
        ("tokens", {"tpm_limit": 100}, {"tpm_limit": 500}), ("requests", {"rpm_limit": 10}, {"rpm_limit": 50}), ("budget", {"max_budget": 1.0}, {"max_budget": 5.0}),
        ("models", {"models": ["gpt-4"]}, {"models": ["claude-mock"]}), ("all models of the team", {"models": ["gpt-4"]}, {"models": ["all-team-models"]}), ("tokens for sure", {"tpm_limit": 100}, {"tpm_limit": 60, "tpm_limit_type": "guaranteed_throughput"}),
        ("requests for sure", {"rpm_limit": 10}, {"rpm_limit": 6, "rpm_limit_type": "guaranteed_throughput"}), ("tokens as they come", {"tpm_limit": 100}, {"tpm_limit": 60, "tpm_limit_type": "dynamic"}),
        ("tokens of a model for sure", {"model_tpm_limit": {"gpt-4": 100}}, {"model_tpm_limit": {"gpt-4": 60}, "tpm_limit_type": "guaranteed_throughput"}),
        ("requests of a model for sure", {"model_rpm_limit": {"gpt-4": 10}}, {"model_rpm_limit": {"gpt-4": 6}, "rpm_limit_type": "guaranteed_throughput"}),
    ):
        scenario(f"limits/of a team: {name}", team("north", **of_team), key("one", team_id="north", **of_key), key("two", team_id="north", **of_key), info("master", "one"))
        if of_team:
            scenario(f"limits/of a team by its admin: {name}", user("boss"), team("north", "boss", **of_team), post("$boss", "/key/generate", {"key_alias": "one", "team_id": "north", **of_key}, one="/key"), post("$boss", "/key/generate", {"key_alias": "two", "team_id": "north", **of_key}, two="/key"))
            scenario(f"limits/of a team on an update: {name}", team("north", **of_team), key("one", team_id="north"), post("master", "/key/update", {"key": "$one", **of_key}), info("master", "one"))
    for kind in ("guaranteed_throughput", "best_effort_throughput", "dynamic", "sometimes", None):
        scenario(f"limits/type {kind}", key("one", rpm_limit_type=kind, rpm_limit=5), key("two", tpm_limit_type=kind, tpm_limit=5), info("master", "one"), each_alone=True)
    for name, fields in (
        ("larger", {"max_budget": 10.0}), ("none", {}), ("equal", {"max_budget": 5.0}), ("smaller", {"max_budget": 2.0}),
        ("larger window", {"max_budget": 2.0, "budget_limits": [{"budget_duration": "1d", "max_budget": 10.0}]}),
    ):
        scenario(f"limits/of the calling key: a budget, {name}", user("ann"), key("purse", user_id="ann", max_budget=5.0), post("$purse", "/key/generate", {"key_alias": "child", **fields}, child="/key"), info("$ann", "child"))
    scenario("limits/of an organization: models", post("master", "/organization/new", {"organization_id": "org", "organization_alias": "org", "models": ["gpt-4"]}), team("north", organization_id="org", models=["claude-mock"]), get("master", "/team/info?team_id=north"))
    scenario("limits/of an organization: tokens", post("master", "/organization/new", {"organization_id": "org", "organization_alias": "org", "tpm_limit": 100}), team("north", organization_id="org", tpm_limit=500), get("master", "/team/info?team_id=north"))
    scenario("limits/of an organization: budget", post("master", "/organization/new", {"organization_id": "org", "organization_alias": "org", "max_budget": 1.0}), team("north", organization_id="org", max_budget=5.0), get("master", "/team/info?team_id=north"))
    scenario("limits/of an organization: a key", post("master", "/organization/new", {"organization_id": "org", "organization_alias": "org"}), key("k", organization_id="org"), info("master", "k"))
    scenario("limits/of an organization: a key of a stranger", post("master", "/organization/new", {"organization_id": "org", "organization_alias": "org"}), user("ann"), post("$ann", "/key/generate", {"organization_id": "org"}))
    scenario("limits/of a project: models", team("north"), post("master", "/project/new", {"project_alias": "p", "team_id": "north", "models": ["gpt-4"]}, p="/project_id"), key("k", team_id="north", project_id="$p", models=["claude-mock"]), key("l", team_id="north", project_id="$p", models=["gpt-4"]))
    scenario("limits/of a project: another team", team("north"), team("south"), post("master", "/project/new", {"project_alias": "p", "team_id": "north"}, p="/project_id"), key("k", team_id="south", project_id="$p"))


def rotation() -> None:
    again = {"again": "/key"}
    scenario("regenerate/a new secret", user("ann"), key("k", user_id="ann"), post("$k", "/key/$k/regenerate", {}, **again), get("$k", "/key/info"), get("$again", "/key/info"))
    scenario("regenerate/by its hash", key("k"), post("master", "/key/${hash:k}/regenerate", {}, **again), info("master", "again"))
    scenario("regenerate/named in the body", key("k"), post("master", "/key/regenerate", {"key": "$k"}, **again), info("master", "again"))
    scenario("regenerate/without a body", key("k"), {"as": "master", "method": "POST", "path": "/key/$k/regenerate", "capture": again}, info("master", "again"))
    scenario("regenerate/twice", key("k"), post("master", "/key/$k/regenerate", {}, **again), post("master", "/key/$again/regenerate", {}, third="/key"), info("master", "third"))
    for grace in ("1h", "", "0s", "soon", None, "90d"):
        scenario(f"regenerate/with a grace of {grace!r}", user("ann"), key("k", user_id="ann"), post("master", "/key/$k/regenerate", {"grace_period": grace}, **again), get("$k", "/key/info"), get("$again", "/key/info"))
    for chosen in ("sk-a", "no-prefix-0123456789", "sk-chosen-0123456789abcdef", "", None):
        scenario(f"regenerate/to the secret {chosen!r}", key("k"), post("master", "/key/$k/regenerate", {"new_key": chosen}, **again), info("master", "again"))
    scenario("regenerate/to the secret of another key", key("other", key="sk-other-0123456789abcdef"), key("k"), post("master", "/key/$k/regenerate", {"new_key": "sk-other-0123456789abcdef"}, **again), info("master", "k"))
    for rotate in ({"auto_rotate": True, "rotation_interval": "30d"}, {"auto_rotate": True}, {"rotation_interval": "30d"}, {"auto_rotate": False, "rotation_interval": "30d"}, {"auto_rotate": True, "rotation_interval": "never"}):
        name = ", ".join(f"{n} {v}" for n, v in rotate.items())
        scenario(f"rotation/a key with {name}", key("k", **rotate), info("master", "k"), post("master", "/key/$k/regenerate", {}, **again), info("master", "again"))
        scenario(f"rotation/an update to {name}", key("k"), post("master", "/key/update", {"key": "$k", **rotate}), info("master", "k"), post("master", "/key/update", {"key": "$k", "auto_rotate": False}), info("master", "k"))


def resets() -> None:
    for amount in (0, 1.5, 3, -1, 99, True, "1", None):
        scenario(f"reset_spend/to {amount!r}", key("k", spend=3.0, max_budget=5.0), post("master", "/key/$k/reset_spend", {"reset_to": amount}), info("master", "k"))
    scenario("reset_spend/beyond the budget", key("k", spend=8.0, max_budget=5.0), post("master", "/key/$k/reset_spend", {"reset_to": 6}), info("master", "k"))
    scenario("reset_spend/by the owner", user("ann"), key("k", spend=3.0, user_id="ann"), post("$ann", "/key/$k/reset_spend", {"reset_to": 0}), info("$ann", "k"))
    scenario("reset_spend/by its hash", key("k", spend=3.0), post("master", "/key/${hash:k}/reset_spend", {"reset_to": 0}), info("master", "k"))
    scenario("reset_spend/by an update", user("ann"), key("k", spend=3.0, user_id="ann"), post("$ann", "/key/update", {"key": "$k", "spend": 0}), post("master", "/key/update", {"key": "$k", "spend": 0}), info("master", "k"))


def bulk() -> None:
    scenario("bulk/two keys", key("one"), key("two"), post("master", "/key/bulk_update", {"keys": [{"key": "$one", "max_budget": 1.0}, {"key": "$two", "tags": ["t"], "max_budget": 2.0}]}), info("master", "one"), info("master", "two"))
    scenario("bulk/one that is not there", key("one"), post("master", "/key/bulk_update", {"keys": [{"key": "$one", "max_budget": 1.0}, {"key": "sk-none-0123456789", "max_budget": 1.0}]}), info("master", "one"))
    scenario("bulk/to a team", team("north"), key("one"), post("master", "/key/bulk_update", {"keys": [{"key": "$one", "team_id": "north"}]}), info("master", "one"))
    scenario("bulk/a field it does not take", key("one"), post("master", "/key/bulk_update", {"keys": [{"key": "$one", "models": ["gpt-4"]}]}), info("master", "one"))
    scenario("bulk/a negative budget", key("one"), post("master", "/key/bulk_update", {"keys": [{"key": "$one", "max_budget": -1}]}), info("master", "one"))
    scenario("bulk/all keys of a team", team("north"), key("one", team_id="north"), key("two", team_id="north"), post("master", "/team/key/bulk_update", {"team_id": "north", "all_keys_in_team": True, "update_fields": {"max_budget": 2.0, "tpm_limit": 5}}), info("master", "one"))
    scenario("bulk/some keys of a team", team("north"), key("one", team_id="north"), key("two", team_id="north"), post("master", "/team/key/bulk_update", {"team_id": "north", "key_ids": ["${hash:one}"], "update_fields": {"tags": ["t"]}}), info("master", "one"), info("master", "two"))
    scenario("bulk/keys of another team", team("north"), team("south"), key("one", team_id="south"), post("master", "/team/key/bulk_update", {"team_id": "north", "key_ids": ["${hash:one}"], "update_fields": {"max_budget": 2.0}}), info("master", "one"))
    scenario("bulk/nothing to change", team("north"), key("one", team_id="north"), post("master", "/team/key/bulk_update", {"team_id": "north", "all_keys_in_team": True, "update_fields": {}}), post("master", "/team/key/bulk_update", {"team_id": "north", "all_keys_in_team": True}), info("master", "one"))
    scenario("bulk/both ways at once", team("north"), key("one", team_id="north"), post("master", "/team/key/bulk_update", {"team_id": "north", "all_keys_in_team": True, "key_ids": ["${hash:one}"], "update_fields": {"max_budget": 2.0}}), info("master", "one"))
    scenario("bulk/a field it forbids", team("north"), key("one", team_id="north"), post("master", "/team/key/bulk_update", {"team_id": "north", "all_keys_in_team": True, "update_fields": {"models": ["gpt-4"]}}), info("master", "one"))


def service_accounts() -> None:
    path = "/key/service-account/generate"
    scenario("service account/of a team", team("north"), post("master", path, {"team_id": "north", "key_alias": "robot"}, robot="/key"), info("master", "robot"), get("$robot", "/key/info"))
    scenario("service account/with a user", nobody_yet("ann"), team("north", "", "ann"), post("master", path, {"team_id": "north", "user_id": "ann", "key_alias": "robot"}, robot="/key"), info("master", "robot"))
    scenario("service account/with its own name", team("north"), post("master", path, {"team_id": "north", "metadata": {"service_account_id": "ci"}}, robot="/key"), info("master", "robot"))
    scenario("service account/by the admin of the team", user("boss"), team("north", "boss"), post("$boss", path, {"team_id": "north", "key_alias": "robot"}, robot="/key"), info("$boss", "robot"), get("$boss", "/key/list?include_team_keys=true"))
    scenario("service account/by a member with the permission", user("ann"), team("north", "", "ann", team_member_permissions=["/key/service-account/generate"]), post("$ann", path, {"team_id": "north", "key_alias": "robot"}, robot="/key"), info("$ann", "robot"))
    scenario("service account/gets another name", team("north"), post("master", path, {"team_id": "north", "key_alias": "robot"}, robot="/key"), post("master", "/key/update", {"key": "$robot", "metadata": {"service_account_id": "other"}}), post("master", "/key/update", {"key": "$robot", "metadata": {}}), info("master", "robot"))
    scenario("service account/of the alias of another", team("north"), post("master", path, {"team_id": "north", "key_alias": "robot"}, robot="/key"), post("master", path, {"team_id": "north", "key_alias": "robot"}, second="/key"))
    scenario("service account/regenerated", team("north"), post("master", path, {"team_id": "north", "key_alias": "robot"}, robot="/key"), post("master", "/key/$robot/regenerate", {}, again="/key"), info("master", "again"))


def write() -> None:
    metadata()
    moves()
    limits()
    rotation()
    resets()
    bulk()
    service_accounts()
