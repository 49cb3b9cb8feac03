// Serves the page, and forwards everything else to a Latchkey server, so that both have one origin:
//
//     node js/examples/form/serve.mjs [http://127.0.0.1:4000] [PORT]
import { createReadStream, existsSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const [server = "http://127.0.0.1:4000", port = "8080"] = process.argv.slice(2);
const page = fileURLToPath(new URL(".", import.meta.url));
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** The file behind a path: the page's own, or the package's below /latchkey. */
function fileOf(path) {
    const name = normalize(path === "/" ? "/index.html" : path);
    const file = name.startsWith("/latchkey/") ? join(dist, name.slice("/latchkey/".length)) : join(page, name);
    return extname(file) in TYPES && existsSync(file) ? file : undefined;
}

const here = createServer((asked, answer) => {
    const file = fileOf(new URL(asked.url, "http://localhost").pathname);
    if (file !== undefined) {
        answer.writeHead(200, { "content-type": TYPES[extname(file)], "cache-control": "no-cache" });
        createReadStream(file).pipe(answer);
        return;
    }
    const { method, headers } = asked;
    const passed = forward(new URL(asked.url, server), { method, headers }, (reply) => {
        answer.writeHead(reply.statusCode, reply.headers);
        reply.pipe(answer);
    });
    passed.on("error", () => {
        answer.writeHead(502, { "content-type": "application/json" });
        answer.end(JSON.stringify({ detail: `no Latchkey server answers at ${server}` }));
    });
    asked.pipe(passed);
});
here.listen(Number(port), "127.0.0.1", () => {
    console.log(`The form is on http://127.0.0.1:${here.address().port}/, its server is ${server}`);
});
