"""Runs groups, two at a time where that disturbs none, and keeps what each prints."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from runner.group import Count, Ended, Group

AT_ONCE = 2


@dataclass
class Row:
    """A line of the table at the end."""

    name: str
    count: Count
    seconds: float
    is_good: bool


class Running:
    def __init__(self, group: Group, folder: Path, environment: dict[str, str]):
        self.group = group
        self.started = time.monotonic()
        self.log = folder / f"{group.file_name}.log"
        self.output = folder / f"{group.file_name}.out"
        self.report = folder / f"{group.file_name}.jsonl"
        self.report.unlink(missing_ok=True)
        # what the next groups are made from must not be mixed with messages
        self.out = open(self.output if group.then else self.log, "wb")
        self.err = open(self.log, "wb") if group.then else subprocess.STDOUT
        self.process = subprocess.Popen(
            group.command,
            cwd=group.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.out,
            stderr=self.err,
            env={**os.environ, **environment, **group.environment, "LATCHKEY_REPORT": str(self.report.absolute())},
            start_new_session=True,
        )

    def ended(self) -> Ended | None:
        status = self.process.poll()
        if status is None:
            return None
        self.out.close()
        if self.group.then:
            self.err.close()
        return Ended(status, self.log, self.report)

    def stop(self) -> None:
        """Ends the command and what it has started."""
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            return
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


class Schedule:
    def __init__(self, groups: list[Group], logs: Path, environment: dict[str, str]):
        self.waiting = list(groups)
        self.running: list[Running] = []
        self.rows: list[Row] = []
        self.logs = logs
        self.environment = environment
        logs.mkdir(parents=True, exist_ok=True)

    def run(self) -> list[Row]:
        try:
            while self.waiting or self.running:
                self.start()
                self.collect()
                if self.running:
                    time.sleep(0.05)
        finally:
            for running in self.running:
                running.stop()
        return self.rows

    def start(self) -> None:
        for group in list(self.waiting):
            states = [self.state(name) for name in group.after]
            if False in states:
                self.waiting.remove(group)
                say(f"{group.name}: not run, as it needs what failed")
                self.rows.append(Row(group.name, Count(), 0, False))
            elif None not in states and self.has_room(group):
                self.waiting.remove(group)
                say(f"{group.name} …")
                self.running.append(Running(group, self.logs, self.environment))

    def state(self, name: str) -> bool | None:
        """Whether a group has ended well; `None` while it has not ended."""
        return next((row.is_good for row in self.rows if row.name == name), None)

    def has_room(self, group: Group) -> bool:
        if group.alone:
            return not self.running
        others = [running.group for running in self.running]
        is_lane_free = not group.lane or all(other.lane != group.lane for other in others)
        return len(others) < AT_ONCE and is_lane_free and not any(other.alone for other in others)

    def collect(self) -> None:
        for running in list(self.running):
            ended = running.ended()
            if ended is None:
                continue
            self.running.remove(running)
            group, count = running.group, running.group.count(ended)
            seconds = time.monotonic() - running.started
            is_good = count.failed == 0
            self.rows.append(Row(group.name, count, seconds, is_good))
            if not is_good:
                say(running.log.read_text(encoding="utf-8", errors="replace").rstrip())
            say(f"{group.name}: {count.passed} passed, {count.failed} failed, {seconds:.0f} s")
            if is_good and group.then:
                self.waiting[:0] = group.then(running.output.read_text(encoding="utf-8"))


def say(text: str) -> None:
    print(text, flush=True)


def table(rows: list[Row]) -> Count:
    """Prints what came of the groups, and gives the sum."""
    width = max(len(row.name) for row in rows)
    print(f"\n{'group':<{width}}  passed  failed  seconds")
    total = Count()
    for row in rows:
        print(f"{row.name:<{width}}  {row.count.passed:>6}  {row.count.failed:>6}  {row.seconds:>7.0f}")
        total += row.count
    sys.stdout.flush()
    return total
