// Each runtime with the library: how a file of vectors is played on it, and how long one `check` takes there.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Miniflare } from "miniflare";
import { findChromium, serveFiles, startChromium, top } from "../browser.mjs";
import { sum } from "./suite.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const run = promisify(execFile);

/** Lines sent to workerd at a time. */
const LINES = 250;

function inProcess(name, command, ...words) {
    const ask = async (asked) => {
        const { stdout } = await run(command, [...words, here("process.mjs"), asked], { maxBuffer: 1 << 24 });
        return JSON.parse(stdout);
    };
    return { name, play: ask, measure: () => ask("--measure"), close: async () => {} };
}

const binary = (name) => here(`../node_modules/.bin/${name}`);

async function workerd() {
    const miniflare = new Miniflare({
        modules: true,
        modulesRoot: top,
        modulesRules: [
            { type: "ESModule", include: ["**/*.js", "**/*.mjs"] },
            { type: "CompiledWasm", include: ["**/*.wasm"] },
        ],
        scriptPath: here("worker.mjs"),
        compatibilityDate: "2026-01-01",
    });
    const post = async (search, body) => {
        const reply = await miniflare.dispatchFetch(`http://worker/${search}`, { method: "POST", body });
        if (reply.status !== 200) throw new Error(`workerd: ${await reply.text()}`);
        return reply.json();
    };
    const took = async (times) => {
        let best = Number.POSITIVE_INFINITY;
        for (let round = 0; round < 7; round += 1) {
            const started = performance.now();
            await post(`?ask=${times}`, "");
            best = Math.min(best, performance.now() - started);
        }
        return best;
    };
    return {
        name: "workerd",
        async play(path) {
            const lines = (await readFile(path, "utf8")).split("\n");
            const scores = [];
            for (let at = 0; at < lines.length; at += LINES) {
                scores.push(await post("", lines.slice(at, at + LINES).join("\n")));
            }
            return sum(scores);
        },
        measure: async () => ((await took(4000)) - (await took(1))) / 4,
        close: () => miniflare.dispose(),
    };
}

async function browser(executable, folder) {
    const { server, address } = await serveFiles({ verdicts: folder });
    const browser = await startChromium(executable);
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(`chromium: ${error}`));
    await page.goto(`${address}/tests/runtimes/vectors/page.html`);
    await page.waitForFunction("globalThis.isReady");
    return {
        name: "chromium",
        play: (path) => page.evaluate((file) => globalThis.playFile(file), `/verdicts/${basename(path)}`),
        measure: () => page.evaluate(() => globalThis.measureChecks()),
        measureStart: () => page.evaluate(() => globalThis.measureStart()),
        async close() {
            await browser.close();
            server.close();
        },
    };
}

/** Every runtime there is, one after the other; `verdicts` is the folder that files of vectors are in. */
export async function* runtimes(verdicts) {
    yield inProcess("node", process.execPath);
    yield inProcess("deno", binary("deno"), "run", "--allow-read", "--no-lock", "--quiet");
    yield inProcess("bun", binary("bun"), "run");
    yield await workerd();
    const executable = findChromium();
    if (executable) yield await browser(executable, verdicts);
    else console.log("chromium  LEFT OUT: no /usr/bin/chromium here (`apt-get install chromium`)");
}
