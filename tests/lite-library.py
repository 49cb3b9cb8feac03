"""LiteLLM's Python client against the server at LATCHKEY_URL, whose master key is LATCHKEY_KEY.

Part of tests/lite: prints `lite library … ok` or `lite library … FAILED` per step, ends with 0 either way, and leaves
101 keys behind, the last with the alias `page-100`. LATCHKEY_REPORT is the file for the same as lines of JSON.
"""

import hashlib
import json
import os
import traceback

import requests
from litellm.proxy.client import Client
from litellm.proxy.client.exceptions import UnauthorizedError

URL = os.environ["LATCHKEY_URL"]
client = Client(base_url=URL + "/", api_key=os.environ["LATCHKEY_KEY"])
secret = None


def hashed(key):
    return hashlib.sha256(key.encode()).hexdigest()


def generate():
    global secret
    answer = client.keys.generate(
        models=["gpt-4o"],
        aliases={"big": "gpt-4o"},
        spend=0.5,
        duration="12h",
        key_alias="library",
        user_id="grace",
        config={"room": 7},
    )
    secret = answer["key"]
    assert secret.startswith("sk-") and answer["token_id"] == hashed(secret), answer
    assert answer["models"] == ["gpt-4o"] and answer["key_alias"] == "library", answer
    assert answer["user_id"] == "grace" and answer["expires"], answer


def info():
    answer = client.keys.info(secret)
    assert answer["info"]["aliases"] == {"big": "gpt-4o"} and answer["info"]["spend"] == 0.5, answer
    assert client.keys.info(hashed(secret))["info"] == answer["info"]


def update():
    before = client.keys.info(secret)["info"]
    client.keys.update(
        secret, models=["gpt-4o-mini"], aliases={}, spend=0.75, duration="1h", key_alias="renamed", user_id="ada"
    )
    after = client.keys.info(secret)["info"]
    assert after["models"] == ["gpt-4o-mini"] and after["aliases"] == {}, after
    assert after["spend"] == 0.75 and after["key_alias"] == "renamed" and after["user_id"] == "ada", after
    assert after["expires"] < before["expires"] and after["config"] == {"room": 7}, after


def refused_update():
    try:
        answer = client.keys.update(secret, duration="soon")
    except Exception as refusal:
        assert str(refusal).startswith("Error updating key: {"), refusal
        assert "duration `soon` is not like `30s`, `15m`, `12h`, `7d`, `2w` or `3mo`" in str(refusal), refusal
        return
    raise AssertionError(answer)


def listing():
    assert client.keys.list()["keys"] == [hashed(secret)]
    answer = client.keys.list(page=1, size=10, user_id="ada", return_full_object=True, include_team_keys=True)
    assert [key["key_alias"] for key in answer["keys"]] == ["renamed"], answer
    assert answer["total_count"] == 1 and answer["current_page"] == 1 and answer["total_pages"] == 1, answer
    assert client.keys.list(key_alias="library", return_full_object=True)["keys"] == []


def own_key():
    answer = Client(base_url=URL, api_key=secret).keys.info(hashed(secret))
    assert answer["info"]["key_alias"] == "renamed", answer


def delete():
    assert client.keys.delete(keys=[secret])["deleted_keys"] == [secret]
    # what the key was is kept
    info = client.keys.info(secret)["info"]
    assert info["deleted_at"] and info["deleted_by"], info


def unauthorized():
    stranger = Client(base_url=URL, api_key="sk-nobody").keys
    for call in (stranger.list, stranger.generate, lambda: stranger.info("x"), lambda: stranger.delete(keys=["x"])):
        try:
            answer = call()
        except UnauthorizedError:
            continue
        raise AssertionError(answer)


def many_keys():
    for number in range(101):
        client.keys.generate(key_alias=f"page-{number}")
    assert client.keys.list(size=1)["total_count"] == 101


def tell(name, passed):
    print(f"lite library {name} {'ok' if passed else 'FAILED'}", flush=True)
    if report := os.environ.get("LATCHKEY_REPORT"):
        with open(report, "a", encoding="utf-8") as lines:
            lines.write(json.dumps({"name": f"lite library {name}", "passed": passed}) + "\n")


for name, run in (
    ("keys.generate", generate),
    ("keys.info", info),
    ("keys.update", update),
    ("keys.update, bad duration", refused_update),
    ("keys.list", listing),
    ("keys.info, a user's own key", own_key),
    ("keys.delete", delete),
    ("keys, unknown key", unauthorized),
    ("keys.generate, a hundred and one", many_keys),
):
    try:
        run()
        tell(name, True)
    except Exception:
        traceback.print_exc()
        tell(name, False)
