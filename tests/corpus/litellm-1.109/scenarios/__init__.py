"""The scenarios of the corpus, by what they are about."""

from . import changes, fields, lists, people, roles, routes, tables, wrong
from .words import SCENARIOS


def all_of_them() -> list:
    if not SCENARIOS:
        for part in (fields, roles, routes, changes, people, tables, lists, wrong):
            part.write()
        names = [item["name"] for item in SCENARIOS]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise SystemExit(f"two scenarios of one name: {sorted(twice)}")
    return SCENARIOS
