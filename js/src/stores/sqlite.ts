// The store in a SQLite file: node:sqlite (Node 22.13 and newer, Deno), bun:sqlite, or any database object that is used
// like theirs, as better-sqlite3's is.
import { StoreError } from "../errors.js";
import { MIGRATIONS } from "./migrations.js";
import type { Row } from "./sql/rows.js";
import type { Statement } from "./sql/statement.js";
import { SqlStore } from "./sql/store.js";
import type { Store } from "./store.js";

export type * from "./store.js";

/** What node:sqlite, bun:sqlite and better-sqlite3 have in common. */
export interface SqliteDatabase {
    exec(sql: string): unknown;
    prepare(sql: string): SqliteStatement;
}

/** A prepared statement. */
export interface SqliteStatement {
    all(...parameters: unknown[]): unknown[];
    run(...parameters: unknown[]): unknown;
}

/** Statements that are kept prepared. */
const PREPARED = 256;

/**
 * Keeps the rows in a database: an open one, or a file by its path, which is made if it is missing. Makes what
 * is missing of the tables. What was committed survives a loss of power.
 */
export async function sqlite(database: string | SqliteDatabase): Promise<Store> {
    try {
        const opened = typeof database === "string" ? await open(database) : database;
        refuseNewer(opened);
        opened.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;");
        migrate(opened);
        return over(opened);
    } catch (cause) {
        if (cause instanceof StoreError) throw cause;
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new StoreError("store_unavailable", `database cannot be opened: ${why}`, { cause });
    }
}

function over(database: SqliteDatabase): Store {
    const prepared = new Map<string, SqliteStatement>();
    const prepare = (sql: string): SqliteStatement => {
        const known = prepared.get(sql);
        if (known !== undefined) return known;
        const statement = database.prepare(sql);
        if (prepared.size >= PREPARED) prepared.clear();
        prepared.set(sql, statement);
        return statement;
    };
    const rows = ({ sql, parameters }: Statement): Row[] => prepare(sql).all(...parameters) as Row[];
    return new SqlStore({
        read: async (statements) =>
            statements.length === 1 ? statements.map(rows) : within(database, "BEGIN", () => statements.map(rows)),
        write: async (statements) =>
            within(database, "BEGIN IMMEDIATE", () => {
                for (const { sql, parameters } of statements) prepare(sql).run(...parameters);
            }),
    });
}

/** Nothing is awaited between the beginning and the end: transactions of one connection do not mix. */
function within<T>(database: SqliteDatabase, begin: string, work: () => T): T {
    database.exec(begin);
    try {
        const done = work();
        database.exec("COMMIT");
        return done;
    } catch (error) {
        // SQLite may have ended the transaction itself
        try {
            database.exec("ROLLBACK");
        } catch {}
        throw error;
    }
}

/** Runs the migrations that the database does not have; one of a release before they were counted says 0 and takes all. */
function migrate(database: SqliteDatabase): void {
    if (version(database) === MIGRATIONS.length) return;
    within(database, "BEGIN IMMEDIATE", () => {
        for (const sql of MIGRATIONS.slice(version(database))) database.exec(sql);
        database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    });
}

function refuseNewer(database: SqliteDatabase): void {
    if (version(database) <= MIGRATIONS.length) return;
    throw new StoreError("store_unavailable", `database is of a newer release of latchkey: its tables have version ${version(database)}`);
}

function version(database: SqliteDatabase): number {
    const [row] = database.prepare("PRAGMA user_version").all() as Row[];
    return Number(row?.["user_version"]);
}

/** Opens a file with what the runtime brings. */
async function open(path: string): Promise<SqliteDatabase> {
    const isBun = "Bun" in globalThis;
    // a variable, so that a bundler for another runtime does not look for it
    const name = isBun ? "bun:sqlite" : "node:sqlite";
    let library;
    try {
        library = await import(name);
    } catch (cause) {
        const message = `this runtime has no \`${name}\`: pass an open database, of better-sqlite3 for example`;
        throw new StoreError("store_unavailable", message, { cause });
    }
    if (path !== ":memory:") await makePrivateFile(path);
    return isBun ? new library.Database(path) : new library.DatabaseSync(path);
}

/** The database holds hashes of keys: a new file is its owner's alone. */
async function makePrivateFile(path: string): Promise<void> {
    const name = "node:fs/promises";
    const { open } = await import(name);
    await (await open(path, "a", 0o600)).close();
}
