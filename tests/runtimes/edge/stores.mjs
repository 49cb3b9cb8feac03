// Tells the story of a store on every store that this runtime has, or on a database of the package that a second argument
// names.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { deepStrictEqual as equal, rejects } from "node:assert";
import { sqlite } from "latchkey/stores/sqlite";
import { races } from "./races.mjs";
import { story } from "./story.mjs";
import { tell } from "./tell.mjs";

const [runtime, library] = process.argv.slice(2);
const Database = library && (await import(library)).default;

/** The story and the races of a store. */
const all = { ...story };
for (const [name, race] of Object.entries(races)) all[name] = (store) => race({ store });

/** A database in a folder of its own. */
async function file() {
    const folder = await mkdtemp(join(tmpdir(), "latchkey-store-"));
    const path = join(folder, "keys.sqlite3");
    return { path, store: await sqlite(Database ? new Database(path) : path), close: () => rm(folder, { recursive: true }) };
}

if (Database) {
    await tell(`${runtime}, ${library}`, all, file);
    process.exit();
}
await tell(`${runtime}, sqlite`, all, file);
await tell(`${runtime}, sqlite`, {
    async "what was committed is there for the next, in a file of its owner's alone"() {
        const { path, store, close } = await file();
        try {
            const budget = [
                ["budget_id", '"b"'],
                ["created_at", "1"],
                ["created_by", '"x"'],
                ["updated_at", "1"],
                ["updated_by", '"x"'],
            ];
            await store.commit([{ insert: { table: "LiteLLM_BudgetTable", row: new Map(budget), like: null } }], []);
            const [{ rows }] = await (await sqlite(path)).read([{ all: { table: "LiteLLM_BudgetTable" } }]);
            equal(JSON.parse(rows).length, 1);
            equal((await stat(path)).mode & 0o777, 0o600);
        } finally {
            await close();
        }
    },
    async "a file that cannot be opened is a typed error"() {
        await rejects(sqlite("/no/such/folder/keys.sqlite3"), { name: "StoreError", code: "store_unavailable" });
    },
});
