"""What the tests need beside this repository."""

import functools
import glob
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

TARGET = "wasm32-unknown-unknown"


def need_cargo() -> None:
    if shutil.which("cargo") is None:
        sys.exit("tests/run needs Rust: see https://rustup.rs")


def set_up() -> None:
    """Adds what is missing where it can be added."""
    if shutil.which("rustup") is not None:
        # to the toolchain that is there, whatever its version
        if TARGET not in printed("rustup", "target", "list", "--installed").split():
            subprocess.run(["rustup", "target", "add", TARGET])
        components = printed("rustup", "component", "list", "--installed")
        for component in ("rustfmt", "clippy"):
            if component not in components:
                subprocess.run(["rustup", "component", "add", component])
    if not has_postgres():
        install_postgres()


def has_postgres() -> bool:
    """Whether there is a server of PostgreSQL where the tests look for one."""
    if glob.glob("/usr/lib/postgresql/*/bin/initdb") or shutil.which("initdb"):
        return True
    folder = printed("pg_config", "--bindir").strip()
    return bool(folder) and os.access(Path(folder) / "initdb", os.X_OK)


def install_postgres() -> None:
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        return
    print("installing a server of PostgreSQL", flush=True)
    # the binaries are wanted, not a cluster that runs
    settings = Path("/etc/postgresql-common/createcluster.conf")
    settings.parent.mkdir(parents=True, exist_ok=True)
    if not settings.exists():
        settings.write_text("create_main_cluster = false\n")
    subprocess.run(["apt-get", "update", "-qq"])
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for package in ("postgresql-15", "postgresql"):
        command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", package]
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode == 0:
            return


@functools.cache
def target() -> Path:
    """Cargo's folder for what it builds."""
    described = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], stdout=subprocess.PIPE, check=True
    )
    return Path(json.loads(described.stdout)["target_directory"])


def binary(name: str) -> str:
    return str(target() / "checks" / name)


def printed(*command: str) -> str:
    """What a command prints; nothing if it is missing or fails."""
    try:
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    except OSError:
        return ""
    return ended.stdout if ended.returncode == 0 else ""
