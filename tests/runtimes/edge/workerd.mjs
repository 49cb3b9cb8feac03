// Workers in workerd: built as wrangler deploys them, run by miniflare.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Miniflare, supportedCompatibilityDate } from "miniflare";

const wrangler = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin", "wrangler.js");

/** The modules of the worker in `folder`, as `wrangler deploy` would upload them. */
export function build(folder) {
    const out = mkdtempSync(join(tmpdir(), "latchkey-worker-"));
    try {
        const words = [wrangler, "deploy", "--dry-run", "--outdir", out];
        execFileSync(process.execPath, words, {
            cwd: folder,
            stdio: ["ignore", "ignore", "inherit"],
            env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" },
        });
        const types = { js: "ESModule", mjs: "ESModule", wasm: "CompiledWasm" };
        return readdirSync(out)
            .map((path) => ({ path, type: types[path.split(".").pop()] }))
            .filter(({ type }) => type !== undefined)
            .sort((a, b) => a.type.localeCompare(b.type) * -1)
            .map(({ path, type }) => ({ type, path, contents: readFileSync(join(out, path)) }));
    } finally {
        rmSync(out, { recursive: true });
    }
}

/** Runs the modules with these D1 databases, which have the tables of the package's migrations. */
export async function start(modules, databases, more = {}) {
    const miniflare = new Miniflare({
        modules,
        modulesRoot: "/",
        compatibilityDate: supportedCompatibilityDate,
        d1Databases: databases,
        host: "127.0.0.1",
        port: 0,
        ...more,
    });
    for (const name of databases) {
        const database = await miniflare.getD1Database(name);
        for (const file of readdirSync(MIGRATIONS).sort()) {
            const sql = readFileSync(join(MIGRATIONS, file), "utf8").replace(/^--.*$/gm, "");
            // a trigger has statements of its own
            const statements = sql.split(/;\n(?! |END)/).filter((statement) => statement.trim() !== "");
            await database.batch(statements.map((statement) => database.prepare(statement)));
        }
    }
    return miniflare;
}

/** The worker of the scenes. */
export const SCENES = join(import.meta.dirname, "worker");

const MIGRATIONS = join(import.meta.dirname, "../../../host/sql/sqlite");
