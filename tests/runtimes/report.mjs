// What came of a test, for tests/run: a line of JSON in the file that LATCHKEY_REPORT names.
import { appendFileSync } from "node:fs";
import process from "node:process";

export const line = (name, passed) => `${JSON.stringify({ name, passed })}\n`;

/** Appends one result, where tests/run runs the test. */
export function report(name, passed) {
    if (process.env.LATCHKEY_REPORT) appendFileSync(process.env.LATCHKEY_REPORT, line(name, passed));
}
