// What the handler does when something is wrong: with the module, the settings, the store, or what a client sends.
import { deepStrictEqual as equal, ok, throws } from "node:assert";
import { createServer } from "node:http";
import process from "node:process";
import { createHandler, ModuleError, SettingsError } from "latchkey/edge";
import { loadPolicy } from "latchkey/policy";
import { empty } from "./empty.mjs";
import * as fake from "./fake.mjs";
import { tell } from "./tell.mjs";

const policy = await loadPolicy();
const MASTER = "sk-1234";
const quiet = () => {};

const handlerOf = (options = {}) =>
    createHandler({ policy, store: empty(), masterKey: MASTER, log: quiet, ...options });

/** As a server hands it over, which knows the length of a body that is not a stream. */
const post = (path, sent, more = {}) => {
    const body = typeof sent === "string" ? sent : JSON.stringify(sent);
    const headers = { authorization: `Bearer ${MASTER}`, "content-type": "application/json" };
    if (!("body" in more)) headers["content-length"] = String(body.length);
    return new Request(`http://localhost${path}`, { method: "POST", headers, body, ...more });
};
const get = (target, key = MASTER) =>
    new Request(`http://localhost${target}`, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });

/** Answers a request: the status and the document. */
async function ask(handler, request) {
    const response = await handler(request);
    return [response.status, await response.json()];
}

async function keysIn(store) {
    const [{ rows }] = await store.read([{ all: { table: "LiteLLM_VerificationToken" } }]);
    return JSON.parse(rows).length;
}

/** A store that fails where it is told to. */
function fragile() {
    const store = empty();
    const state = { store, fails: "", commits: 0 };
    state.around = {
        read: async (queries) => {
            if (state.fails === "read") throw new Error("the disk is gone");
            return store.read(queries);
        },
        commit: async (writes, guards) => {
            state.commits++;
            if (state.fails === "commit") throw new Error("the disk is full");
            if (state.fails === "never") return new Promise(() => {});
            if (state.fails === "guard") return "refused";
            const done = await store.commit(writes, guards);
            if (state.fails === "answer") throw new Error("the answer is lost");
            return done;
        },
    };
    return state;
}

const usable = handlerOf().report;
const configured = { usable };
const reply = (body) => ({ step: { reply: { operation: "x", status: 200, headers: [], events: [] } }, body });

const tests = {
    async "a store says once what it lacks, and the rules know"() {
        const store = empty();
        let asked = 0;
        const around = {
            read: (queries) => store.read(queries),
            commit: (writes, guards) => store.commit(writes, guards),
            lacking: async () => (asked++, ["LiteLLM_VerificationToken.allowed_routes"]),
        };
        const handler = handlerOf({ store: around });
        const [, { key }] = await ask(handler, post("/key/generate", {}));
        const [status, { info }] = await ask(handler, get(`/key/info?key=${key}`));
        equal([status, info.allowed_routes, asked], [200, [], 1]);
        const [, whole] = await ask(handlerOf({ store }), get(`/key/info?key=${key}`));
        equal(whole.info.allowed_routes, []);
        const unknown = handlerOf({ store: { ...around, lacking: async () => ["LiteLLM_UserTable"] } });
        equal((await ask(unknown, get("/key/list")))[0], 500);
    },
    "a module that is none of Latchkey's is a typed error"() {
        for (const module of [fake.empty(), fake.rule("{}")]) {
            throws(() => handlerOf({ policy: module }), { name: "ModuleError", code: "module_foreign" });
        }
        for (const module of [undefined, new Uint8Array(8)]) {
            throws(() => handlerOf({ policy: module }), { name: "ModuleError", code: "module_invalid" });
        }
    },

    "a module with another version of the contract is a typed error"() {
        throws(() => handlerOf({ policy: fake.policy({ version: 7, report: configured }) }), (error) => {
            return error instanceof ModuleError && error.code === "abi_version" && error.message.includes("`7`");
        });
    },

    "a module that fails on the settings is a typed error"() {
        throws(() => handlerOf({ policy: fake.policy({ report: configured, isBroken: true }) }), { code: "module_trapped" });
    },

    "settings that cannot be used are a typed error that says where"() {
        const settings = { latchkey: { profle: "strict" } };
        throws(() => handlerOf({ settings }), (error) => {
            ok(error instanceof SettingsError, error);
            equal([error.code, error.problems[0].path], ["settings_invalid", "latchkey.profle"]);
            return true;
        });
        for (const settings of ["{", "[]", '"x"', "null garbage", { general_settings: [] }]) {
            throws(() => handlerOf({ settings }), { name: "SettingsError" }, JSON.stringify(settings));
        }
        throws(() => handlerOf({ masterKey: undefined }), { name: "SettingsError" });
    },

    async "the master key is text, a hash, in the settings or in the environment"() {
        const sha256 = "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b";
        for (const options of [
            { masterKey: MASTER, settings: { general_settings: { master_key: "sk-other" } } },
            { masterKey: { sha256 } },
            { masterKey: { sha256 }, settings: { general_settings: { master_key: "sk-other" } } },
            { masterKey: { sha256 }, settings: { general_settings: { master_key: "os.environ/UNSET", x: 1 } } },
            { masterKey: MASTER, settings: { latchkey: { master_key_sha256: "0".repeat(64) } } },
            { masterKey: { sha256 }, settings: '{"latchkey": null}' },
            { settings: { general_settings: { master_key: MASTER } } },
            { settings: { general_settings: { master_key: "os.environ/KEY" } }, env: { KEY: MASTER, OTHER: {} } },
            { env: { LITELLM_MASTER_KEY: MASTER } },
        ]) {
            const handler = handlerOf({ masterKey: undefined, ...options });
            equal((await ask(handler, get("/key/list")))[0], 200, JSON.stringify(options));
            equal((await ask(handler, get("/key/list", "sk-other")))[0], 401, JSON.stringify(options));
        }
    },

    async "settings keep their numbers and what stands beside them"() {
        const settings = '{ "litellm_settings": {"upperbound_key_generate_params": {"max_budget": 100.0}, "x": ["\\"os.environ/A"]} }';
        const [status, { error }] = await ask(handlerOf({ settings }), post("/key/generate", { max_budget: 100.5 }));
        const said = JSON.stringify(error);
        ok(status === 400 && said.includes("100.0"), said);
    },

    async "a module that traps answers for one request, and a fresh instance for the next"() {
        const errors = [];
        const log = ({ error }) => errors.push(error);
        const handler = handlerOf({ policy: fake.policy({ report: configured, limit: 5000, ...reply("{}") }), log });
        for (let round = 0; round < 2; round++) {
            const [status, { error }] = await ask(handler, post("/", "x".repeat(6000)));
            equal([status, error.message], [500, "the rules failed on this request"]);
            equal(await ask(handler, post("/", "x")), [200, {}]);
        }
        equal(errors.map((error) => error === undefined), [false, true, false, true]);
    },

    async "a module that asks without end is stopped"() {
        const handler = handlerOf({ policy: fake.policy({ report: configured, step: { read: { queries: [] } } }) });
        equal((await ask(handler, get("/")))[0], 500);
    },

    async "a module that gives no step is a trap"() {
        for (const step of [{ dance: {} }, [], { write: { writes: [{ x: {} }] } }]) {
            equal((await ask(handlerOf({ policy: fake.policy({ report: configured, step }) }), get("/")))[0], 500);
        }
    },

    async "a store that fails before it stores is 503, and the handler goes on serving"() {
        const fault = fragile();
        const handler = handlerOf({ store: fault.around });
        for (const fails of ["read", "commit"]) {
            fault.fails = fails;
            // an alias is looked up before
            const response = await handler(post("/key/generate", { key_alias: "a" }));
            equal([response.status, response.headers.get("retry-after")], [503, "1"], fails);
            equal((await response.json()).error.message, "the store cannot be reached");
            equal(await keysIn(fault.store), 0);
        }
        fault.fails = "";
        equal((await ask(handler, post("/key/generate", { key_alias: "a" })))[0], 200);
        equal(await keysIn(fault.store), 1);
    },

    async "a commit whose answer is lost is 503 and is not made again"() {
        const fault = fragile();
        const handler = handlerOf({ store: fault.around });
        fault.fails = "answer";
        equal((await ask(handler, post("/key/generate", { key_alias: "a" })))[0], 503);
        equal([fault.commits, await keysIn(fault.store)], [1, 1]);
        fault.fails = "";
        equal((await ask(handler, post("/key/generate", { key_alias: "a" })))[0], 400);
        equal((await ask(handler, post("/key/generate", { key_alias: "b" })))[0], 200);
    },

    async "a store that never answers is 503 in time"() {
        const fault = fragile();
        const errors = [];
        const handler = handlerOf({ store: fault.around, log: ({ error }) => errors.push(error) });
        const { setTimeout } = globalThis;
        const waits = [];
        globalThis.setTimeout = (run, wait) => {
            waits.push(wait);
            return setTimeout(run, wait / 100);
        };
        try {
            fault.fails = "never";
            const response = await handler(post("/key/generate", {}));
            equal([response.status, response.headers.get("retry-after")], [503, "1"]);
            equal((await response.json()).error.message, "too many requests are waiting");
            ok(waits.includes(8000) && /8000 ms/.test(errors[0].message), `${waits} ${errors}`);
        } finally {
            globalThis.setTimeout = setTimeout;
        }
        fault.fails = "";
        equal((await ask(handler, post("/key/generate", {})))[0], 200);
    },

    async "a log that throws costs nobody the reply"() {
        const fault = fragile();
        const complaints = [];
        const { error } = console;
        console.error = (...words) => complaints.push(words);
        const log = () => {
            throw new Error("no room for the log");
        };
        try {
            const [status, { key }] = await ask(handlerOf({ store: fault.around, log }), post("/key/generate", {}));
            equal([status, key.slice(0, 3), complaints.length], [200, "sk-", 1]);
        } finally {
            console.error = error;
        }
    },

    async "the moment of a decision is when its body is there"() {
        const order = [];
        const body = new ReadableStream({
            async pull(controller) {
                await new Promise((resolve) => setTimeout(resolve, 20));
                order.push("body");
                controller.enqueue(new TextEncoder().encode("{}"));
                controller.close();
            },
        });
        const now = () => {
            order.push("now");
            return Date.now();
        };
        const request = post("/key/generate", "", { body, duplex: "half" });
        equal((await ask(handlerOf({ now }), request))[0], 200);
        // the caller is judged before the body is read, and once more with it
        equal(order, ["now", "body", "now"]);
    },

    async "a commit that is refused three times is told so"() {
        const fault = fragile();
        fault.fails = "guard";
        const [status] = await ask(handlerOf({ store: fault.around }), post("/key/generate", {}));
        equal([status, fault.commits], [409, 3]);
    },

    async "of many who want one alias at one time one gets it"() {
        const store = empty();
        const handler = handlerOf({ store });
        const asked = Array.from({ length: 50 }, () => ask(handler, post("/key/generate", { key_alias: "one" })));
        const statuses = (await Promise.all(asked)).map(([status]) => status);
        equal(statuses.filter((status) => status === 200).length, 1);
        ok(statuses.every((status) => [200, 400, 409].includes(status)), statuses.join());
        equal(await keysIn(store), 1);
    },

    async "a body above the limit is answered without the rules"() {
        const operations = [];
        const handler = handlerOf({ log: ({ operation }) => operations.push(operation) });
        const limit = usable.limits.body_bytes;
        const [status, { error }] = await ask(handler, post("/key/generate", "x".repeat(limit + 1)));
        equal([status, error.code], [413, "413"]);
        const [next] = await ask(handler, post("/key/generate", " ".repeat(limit - 2) + "{}"));
        equal([next, operations], [200, ["none", "key_generate"]]);
    },

    async "a body that breaks off is answered without the rules"() {
        const body = new ReadableStream({
            start(controller) {
                controller.enqueue(new TextEncoder().encode("{"));
                controller.error(new Error("gone"));
            },
        });
        equal((await ask(handlerOf(), post("/key/generate", "", { body, duplex: "half" })))[0], 408);
    },

    async "a body that somebody else has read is answered without the rules"() {
        const request = post("/key/generate", {});
        await request.text();
        equal((await ask(handlerOf(), request))[0], 408);
    },

    async "a plain request id comes back, any other is replaced"() {
        const handler = handlerOf();
        const idFor = async (id) => {
            const request = get("/health/liveliness", undefined);
            request.headers.set("x-request-id", id);
            return (await handler(request)).headers.get("x-request-id");
        };
        equal(await idFor("a-1_B.c:d"), "a-1_B.c:d");
        for (const id of ["", "a b", "x".repeat(129)]) ok(/^[0-9a-f]{32}$/.test(await idFor(id)), id);
    },

    async "a log has the operation, the status and the events, and no secret"() {
        const entries = [];
        const handler = handlerOf({ log: (entry) => entries.push(entry) });
        const [, { key, token_id }] = await ask(handler, post("/key/generate", {}));
        await ask(handler, get("/key/list", "sk-nobody-knows-this"));
        const [made, refused] = entries;
        equal([made.operation, made.status, refused.status], ["key_generate", 200, 401]);
        ok(made.events.some(({ object }) => object === token_id));
        ok(!JSON.stringify(entries).includes(key) && !JSON.stringify(entries).includes("nobody-knows"));
    },

    async "an operator's rule is asked, and one that cannot be used is a typed error"() {
        const settings = { general_settings: { custom_key_generate: "rule.wasm" } };
        const path = "general_settings.custom_key_generate";
        throws(() => handlerOf({ settings }), (error) => error.problems?.[0]?.path === path);
        throws(() => handlerOf({ settings, customRule: policy }), ModuleError);
        throws(() => handlerOf({ settings, customRule: fake.rule() }), { code: "module_trapped" });
        const refuses = fake.rule('{"decision": false, "message": "not today"}');
        const [status, { error }] = await ask(handlerOf({ settings, customRule: refuses }), post("/key/generate", {}));
        equal(status, 403);
        ok(error.message.includes("not today"), error.message);
        const allows = fake.rule('{"decision": true}');
        equal((await ask(handlerOf({ settings, customRule: allows }), post("/key/generate", {})))[0], 200);
        const long = fake.rule(" ".repeat((64 << 10) + 1));
        throws(() => handlerOf({ settings, customRule: long }), { code: "module_trapped" });
    },

    async "a key's logging is tested by events that are sent where the operator allows"() {
        const got = [];
        const listen = (status) =>
            new Promise((resolve) => {
                const server = createServer((request, response) => {
                    got.push(request.headers.authorization ?? request.url);
                    response.writeHead(status, { location: "/elsewhere" }).end("{}");
                });
                server.listen(0, "127.0.0.1", () => resolve(server));
            });
        const at = (server) => `http://127.0.0.1:${server.address().port}`;
        const servers = await Promise.all([listen(207), listen(401), listen(307)]);
        const [langfuse, otel, hook] = servers.map(at);
        try {
            const variables = {
                ...{ LANGFUSE_HOST: langfuse, LANGFUSE_PUBLIC_KEY: "pk", LANGFUSE_SECRET_KEY: "secret" },
                ...{ OTEL_ENDPOINT: `${otel}/v1/traces`, GENERIC_LOGGER_ENDPOINT: hook },
            };
            const handler = handlerOf({ settings: { latchkey: { probes: { variables } } } });
            const health = async (...names) => {
                const logging = names.map((callback_name) => ({ callback_name, callback_vars: {} }));
                const [, { key }] = await ask(handler, post("/key/generate", { metadata: { logging } }));
                const headers = { authorization: `Bearer ${key}` };
                const [status, said] = await ask(handler, post("/key/health", "", { headers }));
                return [status, said.logging_callbacks.status, said.logging_callbacks.details];
            };
            equal((await health("langfuse")).slice(0, 2), [200, "healthy"]);
            const [status, verdict, details] = await health("otel", "generic");
            equal([status, verdict], [200, "unhealthy"]);
            ok(details.includes("otel: the test event was answered with status 401"), details);
            ok(details.includes("generic: the test event was answered with status 307"), details);
            equal(got.sort(), ["/", "/v1/traces", "Basic cGs6c2VjcmV0"]);
            await new Promise((resolve) => servers[2].close(resolve).closeAllConnections?.());
            ok((await health("generic"))[2].includes("generic: "), "nobody is there");
        } finally {
            for (const server of servers) server.close();
        }
    },

    async "what a logging service said before it broke off is told"() {
        const server = createServer((request, response) => {
            response.writeHead(400, { "content-length": "100" });
            response.write("not toda", () => response.destroy());
        });
        await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
        try {
            const variables = { GENERIC_LOGGER_ENDPOINT: `http://127.0.0.1:${server.address().port}` };
            const handler = handlerOf({ settings: { latchkey: { probes: { variables } } } });
            const logging = [{ callback_name: "generic", callback_vars: {} }];
            const [, { key }] = await ask(handler, post("/key/generate", { metadata: { logging } }));
            const headers = { authorization: `Bearer ${key}` };
            const [, said] = await ask(handler, post("/key/health", "", { headers }));
            const { details } = said.logging_callbacks;
            ok(details.includes("generic: the test event was answered with status 400"), details);
        } finally {
            server.close();
        }
    },

    async "bytes that are no text come to the rules as they are"() {
        const [status] = await ask(handlerOf(), post("/key/generate", "", { body: new Uint8Array([0xff, 0xfe, 0x7b]) }));
        ok(status === 400 || status === 422, String(status));
    },
};

await tell(process.argv[2], tests);
