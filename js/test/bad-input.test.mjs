// Wrong modules, wrong settings, wrong questions: a typed error each time, and the next question is answered.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import binaryen from "binaryen";
import {
    ABI_VERSION,
    DurationError,
    InputError,
    LatchkeyError,
    ModuleError,
    SettingsError,
    load,
} from "latchkey";

const dist = new URL("../dist/", import.meta.url);
const SETTINGS = { general_settings: { master_key: "sk-1234" } };
const CALLER = { user_role: "internal_user", user_id: "u" };

/** A module with the contract's version, and whatever else `more` says. */
const imitation = (version, more = "") =>
    binaryen
        .parseText(`(module (func (export "abiVersion") (result i32) (i32.const ${version})) ${more})`)
        .emitBinary();

const withCode = (type, code) => (error) => {
    assert.ok(error instanceof type && error instanceof LatchkeyError && error instanceof Error, String(error));
    assert.equal(error.code, code);
    assert.equal(error.name, type.name);
    assert.match(error.message, /^[a-z`].*[^.]$/);
    return true;
};

test("what is no WebAssembly is refused", async () => {
    await assert.rejects(load(new Uint8Array([1, 2, 3])), withCode(ModuleError, "module_invalid"));
    await assert.rejects(load(new Response("<html>")), withCode(ModuleError, "module_invalid"));
    const streamed = new Response("<html>", { headers: { "content-type": "application/wasm" } });
    await assert.rejects(load(streamed), withCode(ModuleError, "module_invalid"));
});

test("a module that cannot be had is named so", async () => {
    await assert.rejects(load(new Response("", { status: 404 })), withCode(ModuleError, "module_unavailable"));
    await assert.rejects(load(Promise.reject(new TypeError("offline"))), withCode(ModuleError, "module_unavailable"));
});

test("a module of somebody else's is refused", async () => {
    const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    await assert.rejects(load(empty), withCode(ModuleError, "module_foreign"));
    const needy = binaryen.parseText('(module (import "env" "f" (func)))').emitBinary();
    await assert.rejects(load(needy), withCode(ModuleError, "module_foreign"));
    await assert.rejects(load(await readFile(new URL("policy.wasm", dist))), withCode(ModuleError, "module_foreign"));
});

test("a module of another version of the contract is refused", async () => {
    await assert.rejects(load(imitation(ABI_VERSION + 1)), withCode(ModuleError, "abi_version"));
});

test("a module that traps gives a typed error, and again when it is asked again", async () => {
    const traps = `(memory (export "memory") 1)
        (func (export "__wbindgen_export") (param i32 i32) (result i32) (i32.const 8))
        (func (export "__wbindgen_export2") (param i32 i32 i32 i32) (result i32) (i32.const 8))
        (func (export "rules_new") (param i32 i32) (result i32) (unreachable))`;
    const latchkey = await load(imitation(ABI_VERSION, traps));
    for (let time = 0; time < 2; time += 1) {
        assert.throws(() => latchkey.configure(SETTINGS), withCode(ModuleError, "module_trapped"));
    }
});

test("the module is taken as bytes, as a reply of any type, and compiled", async () => {
    const bytes = await readFile(new URL("latchkey.wasm", dist));
    const reply = (type) => new Response(bytes, { headers: type ? { "content-type": type } : {} });
    const sources = [bytes, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), reply("application/wasm")];
    sources.push(reply("text/plain"), reply(""), Promise.resolve(reply("application/wasm; charset=x")), await WebAssembly.compile(bytes));
    for (const source of sources) {
        const latchkey = await load(source);
        assert.equal(latchkey.abiVersion, ABI_VERSION);
        assert.equal(latchkey.configure(SETTINGS).check({}, { caller: CALLER }).allowed, true);
    }
});

test("settings that cannot be used name each problem and its place", async () => {
    const latchkey = await load();
    const profile = { ...SETTINGS, latchkey: { profle: "strict" } };
    assert.throws(
        () => latchkey.configure(profile),
        (error) => withCode(SettingsError, "settings_invalid")(error) && error.problems[0].path === "latchkey.profle",
    );
    for (const wrong of ["{", "[]", "", '{"latchkey": 1}']) {
        assert.throws(() => latchkey.configure(wrong), withCode(SettingsError, "settings_invalid"), wrong);
    }
    assert.throws(() => latchkey.configure({ n: 1n }), withCode(InputError, "input_invalid"));
    assert.equal(latchkey.configure(SETTINGS).profile, "strict");
});

test("questions that cannot be judged are refused, and the next one is answered", async () => {
    const rules = (await load()).configure(SETTINGS);
    const ask = (request, options) => () => rules.check(request, { caller: CALLER, ...options });
    assert.throws(ask({}, { caller: { user_role: "king" } }), withCode(InputError, "input_invalid"));
    assert.throws(ask({}, { operation: "key_mint" }), withCode(InputError, "input_invalid"));
    assert.throws(ask({}, { now: 1.5 }), withCode(InputError, "input_invalid"));
    assert.throws(ask({ max_budget: 1n }), withCode(InputError, "input_invalid"));
    assert.throws(() => rules.describe({ caller: { user_role: "king" } }), withCode(InputError, "input_invalid"));
    assert.match(rules.checkText("{"), /^\{"error":/);
    assert.equal(ask({}, {})().allowed, true);
});

test("a text that is no duration has the code of the rules", async () => {
    const latchkey = await load();
    assert.throws(() => latchkey.parseDuration("1d12h"), withCode(DurationError, "duration_invalid"));
    assert.throws(() => latchkey.parseDuration("0s"), withCode(DurationError, "duration_zero"));
    assert.throws(() => latchkey.parseDuration("99999999mo"), withCode(DurationError, "duration_too_long"));
});
