// What the package says about requests, in the words of the README.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { CODES, MODULE_SHA256, RULES_DIGEST, load } from "latchkey";
import { POLICY_SHA256, RULES_DIGEST as POLICY_RULES, loadPolicy } from "latchkey/policy";

const NOW = Date.UTC(2026, 0, 1);
const CALLER = { user_role: "internal_user", user_id: "ada" };
const SETTINGS = {
    general_settings: { master_key: "sk-1234" },
    litellm_settings: {
        default_key_generate_params: { rpm_limit: 60 },
        upperbound_key_generate_params: { max_budget: 100, duration: "30d" },
        key_generation_settings: { personal_key_generation: { allowed_user_roles: ["internal_user"], required_params: ["key_alias"] } },
    },
};
const latchkey = await load();
const rules = latchkey.configure(SETTINGS);

test("a verdict has every violation, the effective values, where they come from, and the trace", () => {
    const verdict = rules.check({ max_budget: 500, duration: "60d" }, { caller: CALLER, now: NOW });
    assert.equal(verdict.allowed, false);
    assert.deepEqual(
        verdict.violations.map(({ field, code, status }) => [field, code, status]),
        [
            ["key_alias", "param_required", 400],
            ["duration", "above_upper_bound", 400],
            ["max_budget", "above_upper_bound", 400],
        ],
    );
    for (const { code } of verdict.violations) assert.ok(CODES.includes(code));
    assert.equal(verdict.violations[0].message, "Required param key_alias not in data");
    assert.match(verdict.violations[2].message, /max_budget is over max limit/);
    assert.ok(verdict.trace.some(({ outcome }) => outcome === "refused"));
});

test("what is left empty is filled by defaults and bounds, and says so", () => {
    const { allowed, effective, provenance } = rules.check({ key_alias: "ci" }, { caller: CALLER, now: NOW });
    assert.equal(allowed, true);
    assert.deepEqual([effective.max_budget, provenance.max_budget], [100, "upper_bound"]);
    assert.deepEqual([effective.rpm_limit, provenance.rpm_limit], [60, "default"]);
    assert.deepEqual([effective.key_alias, provenance.key_alias], ["ci", "request"]);
    assert.deepEqual([effective.user_id, provenance.user_id], ["ada", "caller"]);
    assert.equal(effective.expires, "2026-01-31T00:00:00.000000Z");
});

test("a form learns ranges, defaults, what is required and what may be chosen", () => {
    const { properties, required } = rules.describe({ caller: CALLER, now: NOW });
    assert.deepEqual([properties.max_budget.minimum, properties.max_budget.maximum], [0, 100]);
    assert.equal(properties.duration["x-latchkey-longest"], "30d");
    assert.equal(properties.rpm_limit.default, 60);
    assert.deepEqual(properties.user_id.enum, ["ada", null]);
    assert.deepEqual(required, ["key_alias"]);
});

test("freed rules say so, however often they are freed, and harm no other", () => {
    const freed = latchkey.configure(SETTINGS);
    freed.free();
    freed.free();
    assert.throws(() => freed.check({}, { caller: CALLER }), { name: "LatchkeyError", code: "rules_freed" });
    assert.equal(rules.check({ key_alias: "ci" }, { caller: CALLER }).allowed, true);
});

test("what depends on a team that nobody named is unknown, not refused", () => {
    const said = (team) => {
        const { allowed, trace } = rules.check({ key_alias: "ci", team_id: "t" }, { caller: CALLER, ...team });
        return [allowed, trace.find(({ rule }) => rule === "own_team").outcome];
    };
    assert.deepEqual(said({}), [true, "unknown"]);
    assert.deepEqual(said({ team: null }), [false, "refused"]);
    const members_with_roles = [{ role: "user", user_id: "ada" }];
    assert.deepEqual(said({ team: { team_id: "t", members_with_roles } }), [true, "allowed"]);
});

test("several sets of settings are in force at a time, and a freed one harms no other", () => {
    const free = latchkey.configure({ general_settings: { master_key: "sk-1234" } });
    assert.equal(free.check({ max_budget: 500 }, { caller: CALLER }).allowed, true);
    free.free();
    assert.equal(rules.check({ max_budget: 500 }, { caller: CALLER }).allowed, false);
});

test("integers above 2^53 and decimal points survive in text", () => {
    const said = rules.checkText(
        `{"operation": "key_generate", "now": ${NOW}, "caller": ${JSON.stringify(CALLER)},
          "request": {"key_alias": "ci", "metadata": {"big": 9007199254740993, "point": 1.0}}}`,
    );
    assert.match(said, /"big": ?9007199254740993\b/);
    assert.match(said, /"point": ?1\.0\b/);
});

test("durations, hashes and new keys", () => {
    assert.equal(latchkey.parseDuration("30d", NOW), NOW + 30 * 86_400_000);
    assert.equal(latchkey.parseDuration("1mo", NOW), Date.UTC(2026, 1, 1));
    assert.equal(latchkey.hashKey("sk-1234"), createHash("sha256").update("sk-1234").digest("hex"));
    const keys = new Set(Array.from({ length: 100 }, () => latchkey.mintKey()));
    assert.equal(keys.size, 100);
    for (const key of keys) assert.match(key, /^sk-[\w-]{22}$/);
});

test("both modules carry the digest of the same rules, and are the files the package says", async () => {
    assert.equal(latchkey.rulesDigest, RULES_DIGEST);
    assert.equal(rules.rulesDigest, POLICY_RULES);
    const hash = async (name) =>
        createHash("sha256").update(await readFile(new URL(`../dist/${name}`, import.meta.url))).digest("hex");
    assert.deepEqual([await hash("latchkey.wasm"), await hash("policy.wasm")], [MODULE_SHA256, POLICY_SHA256]);
    assert.deepEqual(WebAssembly.Module.imports(await loadPolicy()), []);
});
