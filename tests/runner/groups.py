"""The groups, in the order in which they would like to run."""

import json
import sys
from pathlib import Path

from runner import tools
from runner.group import Group, one, step, summaries

# one choice of packages and features for all that is built: another one would build most of it a second time
WORKSPACE = ["--profile", "checks", "--workspace", "--features", "latchkey-tests/server"]

# test binaries that neither measure time nor run servers; each other one has the machine to itself
IN_PROCESS = ["contract", "core", "wasm", "bindgen-bin", "tests"]
IN_PROCESS += ["audit", "deviations", "dry_run", "edge_tables", "fields_of_today", "hostile", "javascript", "matrix", "policy", "properties", "readme", "routes", "settings"]

# test binaries of `tests/run quick`, beside the units
QUICK = ["audit", "deviations", "dry_run", "edge_tables", "fields_of_today", "hostile", "javascript", "matrix", "properties", "readme", "routes", "settings"]

RUNTIMES = ["workerd", "node", "deno", "bun", "bytes"]


def everything() -> list[Group]:
    return [*checks(), *build(), *package(), *corpora(), *clients(), *rust(doc=True)]


def quick() -> list[Group]:
    tests = [word for name in QUICK for word in ("--test", name)]
    native = [group for group in corpora() if group.name == "corpora/native"]
    return [*checks(), *build(), *rust(["--lib", *tests]), *native]


def chosen(words: list[str]) -> list[Group]:
    """Those that are named, by name or family, and what they need."""
    known = {group.name: group for group in everything()}
    names = {name for name in known if any(is_of(name, word) for word in words)}
    names |= {"rust" for word in words if word.startswith("rust/")}
    for word in words:
        if not word.startswith("rust/") and not any(is_of(name, word) for name in names):
            sys.exit(f"no group `{word}`")
    while needed := {need for name in names for need in known[name].after} - names:
        names |= needed
    if "rust" in names and "rust" not in words:
        known["rust"].then = lambda messages: narrowed(binaries(messages), words)
    return [group for name, group in known.items() if name in names]


def narrowed(groups: list[Group], words: list[str]) -> list[Group]:
    for word in words:
        if word.startswith("rust/") and word != "rust/doc" and not any(group.name == word for group in groups):
            sys.exit(f"no group `{word}`")
    return [group for group in groups if group.name in words]


def is_of(name: str, word: str) -> bool:
    return name == word or name.startswith(f"{word}/")


def checks() -> list[Group]:
    lints = ["cargo", "clippy", *WORKSPACE, "--all-targets", "--", "--deny", "warnings"]
    return [
        Group("runner", [sys.executable, "-B", "-m", "unittest", "runner.test_runner"], one, folder="tests"),
        Group("format", ["cargo", "fmt", "--all", "--", "--check"], one),
        Group("lints", lints, one, lane="cargo"),
    ]


def build() -> list[Group]:
    return [Group("build", ["cargo", "build", *WORKSPACE, "--bins"], step, lane="cargo")]


def rust(chosen: list[str] = [], doc: bool = False) -> list[Group]:
    command = ["cargo", "test", *WORKSPACE, "--no-run", "--message-format", "json-render-diagnostics", *chosen]
    examples = ["cargo", "test", *WORKSPACE, "--doc"]
    groups = [Group("rust", command, step, after=("build",), lane="cargo", then=binaries)]
    if doc:
        groups.append(Group("rust/doc", examples, summaries, after=("rust",), lane="cargo"))
    return groups


def binaries(messages: str) -> list[Group]:
    """A group for each test binary that cargo has built."""
    groups = []
    for message in map(json.loads, messages.splitlines()):
        if message["reason"] != "compiler-artifact" or not message["profile"]["test"] or not message["executable"]:
            continue
        folder = Path(message["manifest_path"]).parent
        kinds, name = message["target"]["kind"], message["target"]["name"]
        if "test" not in kinds:
            # the units of a library are called like its folder
            name = f"{folder.name}-bin" if "bin" in kinds else folder.name
        is_alone = name not in IN_PROCESS
        command = [message["executable"]]
        groups.append(Group(f"rust/{name}", command, summaries, folder=str(folder), alone=is_alone))
    return sorted(groups, key=lambda group: (group.alone, group.name))


def package() -> list[Group]:
    def part(name: str, *after: str, alone: bool = False) -> Group:
        ready = {"LATCHKEY_PACKAGE": "ready"}
        command = ["tests/javascript", name]
        return Group(f"npm/{name}", command, after=("npm", *after), alone=alone, environment=ready)

    return [
        Group("npm", ["tests/javascript", "prepare"], step),
        part("unit"),
        part("form", "build"),
        part("vectors", "build"),
        part("edge", alone=True),
    ]


def clients() -> list[Group]:
    return [
        Group("clients/lite", ["tests/lite"], after=("build",)),
        Group("clients/schemathesis", ["tests/schemathesis", tools.binary("latchkey")], one, after=("build",)),
    ]


def corpora() -> list[Group]:
    player = tools.binary("corpus")

    def on(name: str, *after: str) -> Group:
        return Group(f"corpora/{name}", [player, "--on", name], after=("build", *after))

    groups = [on("native"), on("wasmtime"), on("http")]
    if tools.has_postgres():
        groups.append(on("postgres"))
    return groups + [on(name, "npm") for name in RUNTIMES]
