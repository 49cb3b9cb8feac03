"""A group of tests: one command, and how its results are counted."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SUMMARY = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed;", re.MULTILINE)


@dataclass
class Ended:
    """What a command leaves behind."""

    status: int
    # everything it printed
    log: Path
    # what it wrote to LATCHKEY_REPORT: one JSON object a line, `{"name": …, "passed": …}`
    report: Path


@dataclass
class Count:
    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed)


def one(ended: Ended) -> Count:
    """The command is one test."""
    return Count(passed=1) if ended.status == 0 else Count(failed=1)


def step(ended: Ended) -> Count:
    """The command prepares something, which counts only when it fails."""
    return Count() if ended.status == 0 else Count(failed=1)


def summaries(ended: Ended) -> Count:
    """The summaries of Rust's test binaries, whose own reports in JSON are not stable yet."""
    found = SUMMARY.findall(ended.log.read_text(encoding="utf-8", errors="replace"))
    count = Count(sum(int(passed) for passed, _ in found), sum(int(failed) for _, failed in found))
    return believed(ended, count, is_complete=bool(found))


def lines(ended: Ended) -> Count:
    """The lines of the report."""
    try:
        results = [json.loads(line)["passed"] for line in ended.report.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, KeyError, TypeError):
        return Count(failed=1)
    count = Count(results.count(True), len(results) - results.count(True))
    return believed(ended, count, is_complete=bool(results))


def believed(ended: Ended, count: Count, is_complete: bool) -> Count:
    """A command that fails without a failed test, or ends well without any result, is a failure of its own."""
    if count.failed == 0 and (ended.status != 0 or not is_complete):
        return count + Count(failed=1)
    return count


@dataclass
class Group:
    # `family/name`, or a family of one
    name: str
    command: list[str]
    count: Callable[[Ended], Count] = lines
    # names of groups that must have ended well before
    after: tuple[str, ...] = ()
    # it measures time, or loads the machine so much that others would miss theirs
    alone: bool = False
    # groups of one lane wait for each other, as cargo would make them
    lane: str = ""
    folder: str = "."
    # more groups, known once this one has ended well; they get what it printed to standard output
    then: Callable[[str], list["Group"]] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        return self.name.replace("/", "-")
