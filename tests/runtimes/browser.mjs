// Debian's Chromium, driven by playwright-core, and a server of files for its pages.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const top = fileURLToPath(new URL("../../", import.meta.url));

const TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".jsonl": "application/jsonl",
    ".mjs": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
};

/** Where Chromium is, or `undefined`. */
export function findChromium() {
    return ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
}

/** Starts Chromium. */
export function startChromium(executablePath) {
    const quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run"];
    const args = ["--headless", "--no-sandbox", "--disable-gpu", ...quiet];
    return chromium.launch({ executablePath, args, headless: true });
}

/** Serves the files below the repository and below further folders by name; gives the address and the server. */
export async function serveFiles(folders = {}) {
    const server = createServer(async (request, response) => {
        const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
        const [, first, ...rest] = path.split("/");
        const file = first in folders ? join(folders[first], ...rest) : join(top, path);
        try {
            const bytes = await readFile(file);
            response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
            response.end(bytes);
        } catch {
            response.writeHead(404).end();
        }
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    return { server, address: `http://127.0.0.1:${server.address().port}` };
}
