// A store over any SQLite that runs several statements in one transaction.
import { StoreError } from "../../errors.js";
import { TABLES } from "../tables.js";
import type { Commit, Found, Guard, Store, StoreQuery, Write } from "../store.js";
import { plan } from "./read.js";
import type { Row } from "./rows.js";
import type { Statement } from "./statement.js";
import { isRefusal, statements } from "./write.js";

/** What a database must do. */
export interface Database {
    /** The rows of each statement, all from one state of the database. */
    read(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>;
    /** Runs all statements in one transaction, and none if one fails. */
    write(statements: readonly Statement[]): Promise<void>;
}

/** Keeps the rules' rows in a database that has the tables of the package's migrations. */
export class SqlStore implements Store {
    readonly #database: Database;

    constructor(database: Database) {
        this.#database = database;
    }

    async read(queries: readonly StoreQuery[]): Promise<Found[]> {
        const plans = queries.map(plan);
        const results = await this.#attempt((database) => database.read(plans.flatMap((plan) => plan.statements)));
        let from = 0;
        return plans.map((plan) => plan.found(results.slice(from, (from += plan.statements.length))));
    }

    /** A database without all columns needs its migrations first. No LiteLLM reads it: it is told of no secret. */
    async lacking(): Promise<readonly string[]> {
        const statements = TABLES.map(({ name }) => ({ sql: "SELECT name FROM pragma_table_info(?)", parameters: [name] }));
        const found = await this.#attempt((database) => database.read(statements));
        const missing = TABLES.flatMap(({ name, columns }, at) => {
            const names = new Set(found[at]?.map((row) => row["name"]));
            return columns.filter((column) => !names.has(column.name)).map((column) => `${name}.${column.name}`);
        });
        if (missing.length === 0) return ["LiteLLM_DeprecatedVerificationToken"];
        throw new StoreError("store_unavailable", `database needs the package's migrations: it has no ${missing.join(", ")}`);
    }

    async commit(writes: readonly Write[], guards: readonly Guard[]): Promise<Commit> {
        const all = statements(writes, guards);
        try {
            await this.#attempt((database) => database.write(all));
            return "committed";
        } catch (error) {
            if (error instanceof StoreError && isRefusal(error.cause)) return "refused";
            throw error;
        }
    }

    async #attempt<T>(work: (database: Database) => Promise<T>): Promise<T> {
        try {
            return await work(this.#database);
        } catch (cause) {
            const why = cause instanceof Error ? cause.message : String(cause);
            throw new StoreError("store_unavailable", `store cannot be used: ${why}`, { cause });
        }
    }
}
