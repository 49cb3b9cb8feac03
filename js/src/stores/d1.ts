// The store on Cloudflare's D1. The tables come from the package's migrations (dist/migrations).
import type { Row } from "./sql/rows.js";
import type { Statement } from "./sql/statement.js";
import { SqlStore } from "./sql/store.js";
import type { Store } from "./store.js";

export type * from "./store.js";

/** What this needs of a D1 binding. */
export interface D1 {
    prepare(sql: string): D1Statement;
    /** Runs the statements in one transaction. */
    batch(statements: D1Statement[]): Promise<{ results?: unknown[] }[]>;
}

/** A statement of D1. */
export interface D1Statement {
    bind(...parameters: unknown[]): D1Statement;
}

/** Keeps the rows in the D1 database of a binding. */
export function d1(database: D1): Store {
    const batch = (statements: readonly Statement[]): Promise<{ results?: unknown[] }[]> =>
        database.batch(statements.map(({ sql, parameters }) => database.prepare(sql).bind(...parameters)));
    return new SqlStore({
        read: async (statements) => (await batch(statements)).map(({ results }) => (results ?? []) as Row[]),
        write: async (statements) => {
            await batch(statements);
        },
    });
}
