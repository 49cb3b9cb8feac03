// What a store is: it answers the rules' queries and commits their writes, and knows no rule. The contract is
// wasm/README.md.
import type { Condition, Guard, Query, Write } from "../contract.js";

export type {
    AuditFilter,
    Cells,
    Condition,
    Guard,
    Items,
    KeyFilter,
    KeyOrder,
    Note,
    RowName,
    Visibility,
    Write,
} from "../contract.js";

/** A question of the rules to a store. */
export type StoreQuery = Exclude<Query, { readonly custom_rule: unknown } | { readonly probe: unknown }>;

/** What changes and deletions of sets of rows have in common. */
export type Rows = Pick<Extract<Write, { readonly change: unknown }>["change"], "table" | "rows" | "noted">;

/** Copies of rows in another table. */
export type Copies = Extract<Write, { readonly copy: unknown }>["copy"];

/** What becomes of changed rows. */
export type Change = Pick<Extract<Write, { readonly change: unknown }>["change"], "set" | "take">;

/** A column and the values of which it has one. */
export type Among = Extract<Condition, { readonly in: unknown }>["in"];

/** Columns of which one contains a text. */
export type Contains = Extract<Condition, { readonly contains: unknown }>["contains"];

/** A condition on the rows of another table. */
export type Refers = Extract<Condition, { readonly refers: unknown }>["refers"];

/** A page of a table. */
export type RowsPage = Extract<Query, { readonly page: unknown }>["page"];

/** A part of a listing. */
export interface Page {
    readonly offset: number;
    readonly limit: number;
}

/** The answer to a query. */
export interface Found {
    /** The rows as the text of a JSON array; what is stored as JSON stands in it as it was stored. */
    readonly rows: string;
    /** How many rows match in all, where the query asked for a page. */
    readonly total?: number;
}

/** How a commit ended: all is stored, or nothing because a guard failed, a value was taken or a row was gone. */
export type Commit = "committed" | "refused";

/** A store of rows. It throws `StoreError` where it gives no answer. */
export interface Store {
    /** Answers all queries, in their order, from one state of the store. */
    read(queries: readonly StoreQuery[]): Promise<Found[]>;
    /** Makes all writes last, if every guard holds, or none of them. */
    commit(writes: readonly Write[], guards: readonly Guard[]): Promise<Commit>;
    /**
     * Which of the optional tables and columns (wasm/README.md) it does not have, as `table` or `table.column`; none without
     * this method. The handler asks before the first request.
     */
    lacking?(): Promise<readonly string[]>;
}
