// What browsers, proxies and probes get from the handler, and when a body is read at all.
import { deepStrictEqual as equal, ok, throws } from "node:assert";
import process from "node:process";
import { createHandler } from "latchkey/edge";
import { loadPolicy } from "latchkey/policy";
import { empty } from "./empty.mjs";
import { tell } from "./tell.mjs";

const policy = await loadPolicy();
const MASTER = "sk-master-of-the-serving-tests";
const PAGE = "https://admin.example.com";

const handlerOf = (latchkey = {}, more = {}) =>
    createHandler({ policy, store: empty(), masterKey: MASTER, settings: { latchkey }, log: () => {}, ...more });

const ask = (handler, method, target, headers = {}, more = {}) =>
    handler(new Request(`http://localhost${target}`, { method, headers, ...more }));

const key = { authorization: `Bearer ${MASTER}` };

/** A body that tells whether it was read. */
function watched(size) {
    const state = { read: 0 };
    state.body = new ReadableStream(
        {
            pull(controller) {
                state.read += 1024;
                controller.enqueue(new Uint8Array(1024).fill(32));
                if (state.read >= size) controller.close();
            },
        },
        { highWaterMark: 0 },
    );
    return state;
}

await tell(process.argv.slice(2).join(" "), {
    async "a page of a listed origin may read every reply and others none"() {
        const handler = handlerOf({ cors: { origins: [PAGE] } });
        for (const [method, target, headers, status] of [
            ["GET", "/health/liveliness", {}, 200],
            ["GET", "/key/list", {}, 401],
            ["GET", "/nothing", {}, 404],
            ["POST", "/key/generate", key, 413],
        ]) {
            for (const [origin, allowed] of [[PAGE, PAGE], ["https://evil.example", null]]) {
                const body = status === 413 ? { body: " ".repeat((1 << 20) + 1) } : {};
                const response = await ask(handler, method, target, { ...headers, origin }, body);
                equal([response.status, response.headers.get("access-control-allow-origin")], [status, allowed]);
                equal(response.headers.get("vary"), "origin");
            }
        }
    },

    async "a preflight needs no key"() {
        const handler = handlerOf({ cors: { origins: [PAGE] } });
        const asked = { origin: PAGE, "access-control-request-method": "POST" };
        const response = await ask(handler, "OPTIONS", "/key/generate", asked);
        equal([response.status, response.headers.get("access-control-allow-origin")], [204, PAGE]);
        ok(response.headers.get("access-control-allow-headers").includes("authorization"));
        equal((await ask(handlerOf(), "OPTIONS", "/key/generate", asked)).status, 405);
        throws(() => handlerOf({ cors: { origins: [`${PAGE}/`] } }), { code: "settings_invalid" });
    },

    async "a head is what get would answer without its body"() {
        const handler = handlerOf();
        for (const target of ["/health/liveliness", "/docs", "/openapi.json", "/key/list"]) {
            const [get, head] = [await ask(handler, "GET", target, key), await ask(handler, "HEAD", target, key)];
            const body = await get.arrayBuffer();
            equal([head.status, (await head.arrayBuffer()).byteLength], [get.status, 0]);
            equal(head.headers.get("content-length"), String(body.byteLength));
            equal(head.headers.get("content-type"), get.headers.get("content-type"));
        }
        equal((await ask(handler, "HEAD", "/key/list")).status, 401);
        equal((await ask(handler, "HEAD", "/key/generate")).headers.get("allow"), "POST");
    },

    async "everything is served with and without the root path"() {
        for (const handler of [handlerOf({ root_path: "/gateway" }), handlerOf({}, { env: { SERVER_ROOT_PATH: "/gateway" } })]) {
            for (const root of ["", "/gateway"]) {
                equal((await ask(handler, "GET", `${root}/key/list`, key)).status, 200);
                equal((await ask(handler, "GET", `${root}/key/list`)).status, 401);
                const { servers } = await (await ask(handler, "GET", `${root}/openapi.json`)).json();
                equal(servers, [{ url: "/gateway" }]);
                const moved = await ask(handler, "GET", `${root}/key/list/`, key);
                equal([moved.status, moved.headers.get("location")], [307, "/gateway/key/list"]);
            }
            equal((await ask(handler, "GET", "/gateway/gateway/key/list", key)).status, 404);
        }
    },

    async "replies stay out of caches and frames"() {
        const handler = handlerOf();
        for (const target of ["/health/liveliness", "/nothing", "/docs"]) {
            const { headers } = await ask(handler, "GET", target);
            equal([headers.get("cache-control"), headers.get("x-content-type-options")], ["no-store", "nosniff"]);
        }
        const { headers } = await ask(handler, "GET", "/docs");
        ok(headers.get("content-security-policy").includes("frame-ancestors 'none'"));
        equal(headers.get("x-frame-options"), "DENY");
    },

    async "a large body is read for those alone whose key is good"() {
        const kept = [];
        const handler = handlerOf({}, { log: ({ operation, status }) => kept.push([operation, status]) });
        const send = async (authorization, body) => {
            const headers = { authorization, "content-type": "application/json" };
            const response = await ask(handler, "POST", "/key/generate", headers, { body, duplex: "half" });
            return response.status;
        };
        const [small, large] = [watched(2048), watched(512 << 10)];
        equal(await send("Bearer sk-of-nobody-0123456789", small.body), 401);
        equal(await send("Bearer sk-of-nobody-0123456789", large.body), 401);
        equal(await send(`Bearer ${MASTER}`, watched(200 << 10).body), 422);
        equal(kept, [["key_generate", 401], ["key_generate", 401], ["key_generate", 422]]);
    },

    async "bodies in flight have a bound together, and give their room back"() {
        const handler = handlerOf({ limits: { bodies_in_flight_bytes: 1 << 20 } });
        let go;
        const gone = new Promise((resolve) => (go = resolve));
        const held = () =>
            new ReadableStream({
                async start(controller) {
                    controller.enqueue(new Uint8Array(240_000).fill(32));
                    await gone;
                    controller.enqueue(new TextEncoder().encode("{}"));
                    controller.close();
                },
            });
        const headers = { ...key, "content-type": "application/json" };
        const send = (body) => ask(handler, "POST", "/key/generate", headers, { body, duplex: "half" });
        const first = Array.from({ length: 4 }, () => send(held()));
        await new Promise((resolve) => setTimeout(resolve, 50));
        equal((await send(`${" ".repeat(200_000)}{}`)).status, 503);
        go();
        for (const response of await Promise.all(first)) equal(response.status, 200);
        equal((await send(`${" ".repeat(200_000)}{}`)).status, 200);
    },

    async "a body that could keep the rules long is refused"() {
        const { report } = handlerOf();
        equal(report.limits.body_bytes, 256 << 10);
        const numbers = Array.from({ length: 25 }, (_, at) => `"k${at}":[${"0,".repeat(5000)}0]`).join();
        const body = `{"metadata":{${numbers}}}`;
        const [small, large] = [handlerOf(), handlerOf({ stops_decisions: true })];
        ok(body.length < 256 << 10);
        const headers = { ...key, "content-type": "application/json" };
        equal((await ask(small, "POST", "/key/generate", headers, { body })).status, 400);
        const more = `${" ".repeat(256 << 10)}{}`;
        equal((await ask(small, "POST", "/key/generate", headers, { body: more })).status, 413);
        equal((await ask(large, "POST", "/key/generate", headers, { body: more })).status, 200);
    },

    async "a key sent as the number of a request is not taken for one"() {
        const ids = [];
        const handler = handlerOf({}, { log: ({ requestId }) => ids.push(requestId) });
        await ask(handler, "GET", "/key/list", { ...key, "x-request-id": MASTER });
        await ask(handler, "GET", "/key/list", { authorization: "Bearer other-credential", "x-request-id": "other-credential" });
        await ask(handler, "GET", "/key/list", { "x-request-id": "trace-1" });
        ok(ids[0] !== MASTER && ids[1] !== "other-credential");
        equal(ids[2], "trace-1");
    },
});
