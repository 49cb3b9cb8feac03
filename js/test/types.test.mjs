// The types as a consumer's compiler sees them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

test("a strict consumer that checks its libraries compiles against every entry", () => {
    const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
    const project = fileURLToPath(new URL("consumer", import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [tsc, "--project", project], { encoding: "utf8" });
    assert.equal(status, 0, stdout);
});
