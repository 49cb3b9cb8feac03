// The stores over SQLite make the statements that the host makes of the same steps.
import { deepStrictEqual as equal } from "node:assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { step } from "../dist/edge/step.js";
import { plan } from "../dist/stores/sql/read.js";
import { statements } from "../dist/stores/sql/write.js";

/** Written from core/contract/src/sql: LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables */
const STEPS = JSON.parse(readFileSync(new URL("statements.json", import.meta.url), "utf8"));

/** A statement as the host has it: here whole numbers are selected as text and bound as their digits. */
const ofHost = ({ sql, parameters }) => [
    sql.replaceAll(/CAST\((\S*"\w+") AS TEXT\) AS "\w+"/g, "$1"),
    parameters.map((value) => (value === null ? null : String(value))),
];

for (const { head, statements: wanted } of STEPS) {
    const asked = step(head);
    const name = asked.step === "read" ? asked.queries[0].text : asked.step;
    test(`the statements of ${name}`, () => {
        const made = asked.step === "read" ? plan(asked.queries[0].query).statements : statements(asked.writes, asked.guards);
        equal(made.map(ofHost), wanted);
    });
}
