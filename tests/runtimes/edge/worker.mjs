// The example worker of js/examples/worker, built by wrangler and run in workerd with its own migration.
import { deepStrictEqual as equal, ok } from "node:assert";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RULES_DIGEST } from "latchkey/policy";
import { tell } from "./tell.mjs";
import { build, start } from "./workerd.mjs";

const PACKAGE = join(import.meta.dirname, "../../../js");
const EXAMPLE = join(PACKAGE, "examples/worker");
const MASTER = "sk-master-of-the-example";

/** The example's modules, made as the README of the package says, but for wrangler, which is installed here. */
function example() {
    const copy = mkdtempSync(join(tmpdir(), "latchkey-my-keys-"));
    const npm = (words, cwd) => execFileSync("npm", ["--loglevel=error", ...words], { cwd, stdio: ["ignore", "ignore", "inherit"] });
    try {
        cpSync(EXAMPLE, copy, { recursive: true, filter: (path) => !path.includes("node_modules") });
        npm(["pack", "--pack-destination", copy], PACKAGE);
        const [packed] = readdirSync(copy).filter((name) => name.endsWith(".tgz"));
        npm(["install", "--omit=dev", "--no-audit", "--no-fund", `./${packed}`], copy);
        return build(copy);
    } finally {
        rmSync(copy, { recursive: true });
    }
}

const modules = example();

await tell("workerd, example", {
    async "the worker answers with the host's rules and keeps its keys in D1"() {
        const miniflare = await start(modules, ["DB"], { bindings: { MASTER_KEY: MASTER } });
        const send = async (path, body, key = MASTER) => {
            const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
            const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
            const response = await miniflare.dispatchFetch(`http://example.com${path}`, init);
            return [response.status, await response.json()];
        };
        try {
            const [status, { key, expires }] = await send("/key/generate", { key_alias: "ci" });
            equal(status, 200);
            ok(expires !== null, "the upper bound of the duration holds");
            const [, { info }] = await send(`/key/info?key=${key}`);
            equal([info.key_alias, info.max_budget], ["ci", 100]);
            equal((await send("/key/generate", { max_budget: 101 }))[0], 400);
            equal((await send("/key/generate", { key_alias: "ci" }))[0], 400);
            equal((await send("/key/generate", {}, "sk-somebody-else"))[0], 401);
            equal((await send("/audit"))[1].total_count, 1);
            const [, { rules_digest }] = await send("/policy");
            equal(rules_digest, RULES_DIGEST);
            const database = await miniflare.getD1Database("DB");
            const { results } = await database.prepare('SELECT COUNT(*) AS n FROM "LiteLLM_VerificationToken"').all();
            equal(results, [{ n: 1 }]);
        } finally {
            await miniflare.dispose();
        }
    },

    "its code is as short as the README says"() {
        const lines = readFileSync(join(EXAMPLE, "index.js"), "utf8").trim().split("\n");
        ok(lines.length <= 15, `${lines.length} lines`);
    },
});
