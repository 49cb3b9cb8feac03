"""The runner believes no command that its exit status and its report do not agree on."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from runner.group import Count, Group, lines, one, step, summaries
from runner.groups import binaries, chosen
from runner.schedule import Schedule


def sh(name: str, script: str, count=one, **more) -> Group:
    return Group(name, ["sh", "-c", script], count, **more)


def result(name: str, passed: bool) -> str:
    return f"""echo '{{"name": "{name}", "passed": {str(passed).lower()}}}' >>"$LATCHKEY_REPORT"; """


SUMMARY = "echo 'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out'; "
FAILURE = "echo 'test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out'; "


class Runner(unittest.TestCase):
    def play(self, *groups: Group) -> dict[str, Count]:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as self.printed:
            rows = Schedule(list(groups), Path(folder), {}).run()
        return {row.name: row.count for row in rows}

    def count(self, script: str, count) -> Count:
        return self.play(sh("it", script, count))["it"]

    def test_a_command_is_one_test(self):
        self.assertEqual(self.count("true", one), Count(1, 0))
        self.assertEqual(self.count("exit 3", one), Count(0, 1))
        self.assertEqual(self.count("true", step), Count(0, 0))
        self.assertEqual(self.count("false", step), Count(0, 1))

    def test_summaries_are_counted_with_the_exit_status(self):
        self.assertEqual(self.count(SUMMARY + SUMMARY, summaries), Count(6, 0))
        self.assertEqual(self.count(FAILURE + "exit 101", summaries), Count(2, 1))
        self.assertEqual(self.count(SUMMARY + "exit 101", summaries), Count(3, 1))
        self.assertEqual(self.count("true", summaries), Count(0, 1))

    def test_reports_are_counted_with_the_exit_status(self):
        good, bad = result("a", True), result("b", False)
        self.assertEqual(self.count(good + good, lines), Count(2, 0))
        self.assertEqual(self.count(good + bad + "exit 1", lines), Count(1, 1))
        self.assertEqual(self.count(good + bad, lines), Count(1, 1))
        self.assertEqual(self.count(good + "exit 1", lines), Count(1, 1))
        self.assertEqual(self.count("true", lines), Count(0, 1))
        self.assertEqual(self.count("echo nonsense >>$LATCHKEY_REPORT", lines), Count(0, 1))

    def test_what_needs_a_failed_group_does_not_run(self):
        found = self.play(sh("a", "false", step), sh("b", "true", after=("a",)), sh("c", "true", after=("b",)))
        self.assertEqual(found, {"a": Count(0, 1), "b": Count(0, 0), "c": Count(0, 0)})

    def test_a_group_that_measures_time_runs_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            in_use = lambda what: f"mkdir {folder}/{what} || exit 1; sleep 0.2; rmdir {folder}/{what}"
            in_lane = [sh(name, in_use("lane"), lane="x") for name in ("first", "second")]
            beside = sh("beside", f"sleep 0.1; test ! -e {folder}/machine")
            found = self.play(beside, sh("alone", in_use("machine"), alone=True), *in_lane)
        self.assertEqual(sum(count.failed for count in found.values()), 0, self.printed.getvalue())

    def test_a_group_names_those_that_follow_it(self):
        follow = lambda printed: [sh(name, "true") for name in printed.split()]
        self.assertEqual(set(self.play(sh("a", "echo b c; echo d >&2", then=follow))), {"a", "b", "c"})

    def test_what_a_failure_has_printed_is_shown(self):
        self.play(sh("a", "echo why >&2; false"), sh("b", "echo nothing"))
        self.assertIn("why", self.printed.getvalue())
        self.assertNotIn("nothing", self.printed.getvalue())

    def test_chosen_groups_come_with_what_they_need(self):
        names = [group.name for group in chosen(["corpora/node"])]
        self.assertEqual(names, ["build", "npm", "corpora/node"])
        with self.assertRaises(SystemExit):
            chosen(["corpora/nowhere"])

    def test_unknown_test_binaries_run_alone(self):
        artifact = """{"reason":"compiler-artifact","manifest_path":"/w/tests/Cargo.toml","executable":"/w/%s",
            "profile":{"test":true},"target":{"kind":["test"],"name":"%s"}}""".replace("\n", "")
        found = binaries("\n".join(artifact % (name, name) for name in ("new", "matrix")))
        self.assertEqual([(group.name, group.alone) for group in found], [("rust/matrix", False), ("rust/new", True)])


if __name__ == "__main__":
    unittest.main()
