// `latchkey.upstream`: what is not ours goes on to another server, streamed both ways, and what is ours never does.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { createHandler } from "latchkey/edge";
import { loadPolicy } from "latchkey/policy";

const policy = await loadPolicy();
const LARGE = 2 << 20;

/** No request of these tests needs a row. */
const store = {
    read: async () => assert.fail("the store is asked"),
    commit: async () => assert.fail("the store is written to"),
};

/** A server that answers with `answer`, and a handler in front of it. */
async function behind(t, answer, profile = "strict") {
    const server = createServer(answer).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => (server.closeAllConnections(), server.close()));
    return over(`http://127.0.0.1:${server.address().port}`, profile);
}

function over(upstream, profile = "strict") {
    const entries = [];
    const settings = { latchkey: { upstream, profile } };
    const handler = createHandler({ policy, store, masterKey: "sk-0123456789abcdef", settings, log: (entry) => entries.push(entry) });
    const ask = (method, target, headers = {}, more = {}) =>
        handler(new Request(`http://gateway.example${target}`, { method, headers, duplex: "half", ...more }));
    return { ask, entries, upstream };
}

/** Tells what it got, in a header but for the body, which it sends back. */
async function echo(request, response) {
    const { method, url, headers, rawHeaders } = request;
    const parts = [];
    for await (const part of request) parts.push(part);
    const seen = encodeURIComponent(JSON.stringify({ method, url, headers, rawHeaders }));
    const length = Buffer.concat(parts).length;
    response.writeHead(200, { "x-seen": seen, "set-cookie": ["a=1", "b=2"], "content-length": length, "x-hop": "1", connection: "keep-alive, x-hop" });
    response.end(Buffer.concat(parts));
}

const seen = (response) => JSON.parse(decodeURIComponent(response.headers.get("x-seen")));

for (const profile of ["strict", "litellm-1.60"]) {
    test(`${profile}: a request goes on as it is, without the headers of one connection`, async (t) => {
        const { ask, entries, upstream } = await behind(t, echo, profile);
        const headers = { authorization: "Bearer sk-of-a-client", "x-kept": "1", te: "trailers", "proxy-authorization": "x", "x-forwarded-proto": "https" };
        for (const [method, target, body] of [
            ["POST", "/v1/chat/completions?key=sk-a%2Fb&x=%zz+1", '{"model": "m"}'],
            ["GET", "/models/meta%2Fllama", null],
            ["DELETE", "/v1/files/f", null],
            ["HEAD", "/ui/", null],
        ]) {
            const response = await ask(method, target, headers, { body });
            const { headers: got, ...request } = seen(response);
            assert.deepEqual([response.status, request.method, request.url], [200, method, target]);
            assert.equal(await response.text(), body ?? "");
            assert.deepEqual([got.authorization, got["x-kept"]], ["Bearer sk-of-a-client", "1"]);
            assert.equal(got.host, upstream.slice("http://".length));
            assert.deepEqual([got["x-forwarded-proto"], got["x-forwarded-host"]], ["https, http", "gateway.example"]);
            assert.equal(got.via, "1.1 latchkey");
            assert.deepEqual([got.te, got["proxy-authorization"]], [undefined, undefined]);
            assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
            assert.deepEqual([response.headers.get("x-hop"), response.headers.get("connection")], [null, null]);
            assert.ok(response.headers.get("x-request-id"));
        }
        assert.deepEqual(entries.map(({ operation, status, events }) => [operation, status, events.length]), Array(4).fill(["forward", 200, 0]));
    });

    test(`${profile}: what is ours stays here`, async (t) => {
        const { ask } = await behind(t, () => assert.fail("one of ours went on"), profile);
        for (const target of ["/key/generate", "/key/generate/", "/key%2Fgenerate", "//key/generate", "/%6bey/generate", "/KEY/generate", "/x/key/generate"]) {
            assert.ok([307, 404, 405].includes((await ask("PUT", target)).status), target);
        }
    });

    test(`${profile}: an upstream that is away is a 502`, async () => {
        const { ask, entries } = over("http://127.0.0.1:1", profile);
        for (const body of ["", "x", "x".repeat(LARGE)]) {
            const response = await ask("POST", "/v1/x", {}, { body: new Blob([body]).stream() });
            assert.deepEqual([response.status, (await response.json()).error.code], [502, "502"]);
        }
        assert.ok(entries.every(({ events: [{ object }], error }) => object === "upstream_away" && error !== undefined));
    });
}

test("large bodies pass both ways, with and without a length", async (t) => {
    const { ask } = await behind(t, echo);
    const bytes = new Uint8Array(LARGE).map((_, at) => at % 251);
    for (const headers of [{}, { "content-length": String(LARGE) }]) {
        const response = await ask("POST", "/v1/files", headers, { body: new Blob([bytes]).stream() });
        assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
    }
});

test("an event arrives before the next one is sent", async (t) => {
    let go;
    const { ask } = await behind(t, async (_, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
            const arrived = new Promise((resolve) => (go = resolve));
            response.write(event);
            await arrived;
        }
        response.end();
    });
    const { body, headers } = await ask("POST", "/chat/completions", {}, { body: "{}" });
    assert.equal(headers.get("content-type"), "text/event-stream");
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
        assert.equal((await reader.read()).value, event);
        go();
    }
    assert.ok((await reader.read()).done);
});

test("who goes away ends the exchange", async (t) => {
    let hear;
    const closed = new Promise((resolve) => (hear = resolve));
    const { ask } = await behind(t, (request, response) => {
        response.writeHead(200);
        response.write("abc");
        if (request.url === "/closes") setTimeout(() => response.destroy(), 50);
        else response.on("close", hear);
    });
    await assert.rejects((await ask("GET", "/closes")).text());
    const abort = new AbortController();
    const response = await ask("GET", "/waits", {}, { signal: abort.signal });
    await response.body.getReader().read();
    abort.abort();
    await closed;
});

test("a redirect of the upstream stays at our address", async (t) => {
    const { ask } = await behind(t, ({ headers }, response) => {
        response.writeHead(307, { location: `http://${headers.host}/ui/?a=b` }).end();
    });
    const response = await ask("GET", "/ui");
    assert.deepEqual([response.status, response.headers.get("location")], [307, "/ui/?a=b"]);
});
