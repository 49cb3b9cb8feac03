// What a store is: it answers the rules' queries and commits their writes, and knows no rule. The contract is
// wasm/README.md.

/** A question of the rules. */
export type Query =
    | { readonly query: "caller"; readonly token: string }
    | { readonly query: "rows"; readonly table: string; readonly column: string; readonly values: readonly string[] }
    | {
          readonly query: "brief";
          readonly table: string;
          readonly column: string;
          readonly values: readonly string[];
          /** Rows at the most; none where all are asked for. */
          readonly limit: number | null;
      }
    | { readonly query: "all"; readonly table: string }
    | { readonly query: "teams"; readonly member: string | null; readonly bytes: number }
    | ({
          readonly query: "keys";
          readonly filter: KeyFilter;
          readonly order: KeyOrder;
          /** Bytes of lists and documents; null means tokens alone. */
          readonly bytes: number | null;
      } & Page)
    | ({ readonly query: "audit"; readonly filter: AuditFilter } & Page);

/** A part of a listing. */
export interface Page {
    readonly offset: number;
    readonly limit: number;
}

/** Which keys a listing wants: every member that is not null must hold. */
export interface KeyFilter {
    readonly user_id: string | null;
    readonly team_id: string | null;
    readonly key_alias: string | null;
    readonly budget_id: string | null;
    readonly token: string | null;
    readonly search: string | null;
    readonly visible_to: Visibility | null;
    readonly status: readonly ["active" | "expired" | "blocked", number] | null;
}

/** The keys a caller may see. */
export interface Visibility {
    readonly user_id: string | null;
    readonly team_ids: readonly string[];
    readonly tokens: readonly string[];
}

/** An order of keys: a column, ties by token, absent values last. */
export interface KeyOrder {
    readonly column: string;
    readonly descending: boolean;
}

/** Which rows of the audit log a listing wants: every member that is not null must hold. */
export interface AuditFilter {
    readonly object_ids: readonly string[];
    readonly changed_by: string | null;
    readonly action: string | null;
    readonly table_name: string | null;
    readonly since: number | null;
    readonly until: number | null;
}

/** The answer to a query. */
export interface Found {
    /** The rows as the text of a JSON array; what is stored as JSON stands in it as it was stored. */
    readonly rows: string;
    /** How many rows match in all, where the query asked for a page. */
    readonly total?: number;
}

/** Values by column name, each as JSON text. */
export type Cells = ReadonlyMap<string, string>;

/** One change: of one row, or of all rows that meet conditions. */
export type Write =
    | { readonly write: "insert"; readonly table: string; readonly row: Cells }
    | { readonly write: "update"; readonly table: string; readonly key: readonly string[]; readonly set: Cells }
    | ({ readonly write: "change"; readonly set: Cells; readonly take?: Items } & Rows)
    | ({ readonly write: "delete" } & Rows);

/** The rows of a table that meet all conditions. */
export interface Rows {
    readonly table: string;
    readonly rows: readonly Condition[];
    /** How each of them is noted in the audit log. */
    readonly noted?: Note;
}

/** The column has one of the values. */
export interface Among {
    readonly column: string;
    readonly values: readonly string[];
}

/** A condition on rows: one of some values, or that of `of`, or an item of it, in a row of another table. */
export type Condition =
    | Among
    | {
          readonly column: string;
          readonly table: string;
          readonly of: string;
          /** The member of the objects that `of` lists; none where `of` is text. */
          readonly member: string | null;
          readonly rows: readonly Among[];
      };

/** Items of a list: texts, or objects by the text of a member. */
export interface Items {
    readonly column: string;
    readonly member: string | null;
    readonly values: readonly string[];
}

/** A row of the audit log for each row of a set. */
export interface Note {
    /** How the ids begin. */
    readonly id: string;
    /** The columns that are the same in all of them. */
    readonly row: Cells;
    /** The columns that are shown. */
    readonly shown: readonly string[];
}

/** A condition without which nothing is written. */
export type Guard =
    | {
          readonly guard: "absent";
          readonly table: string;
          readonly column: string;
          readonly value: string;
          readonly except?: string | null;
      }
    | { readonly guard: "same"; readonly table: string; readonly key: readonly string[]; readonly row: Cells }
    | { readonly guard: "present"; readonly table: string; readonly key: readonly string[] };

/** How a commit ended: all is stored, or nothing because a guard failed, a value was taken or a row was gone. */
export type Commit = "committed" | "refused";

/** A store of rows. It throws `StoreError` where it gives no answer. */
export interface Store {
    /** Answers all queries, in their order, from one state of the store. */
    read(queries: readonly Query[]): Promise<Found[]>;
    /** Makes all writes last, if every guard holds, or none of them. */
    commit(writes: readonly Write[], guards: readonly Guard[]): Promise<Commit>;
    /**
     * Which of the optional tables and columns (wasm/README.md) it does not have, as `table` or `table.column`; none without
     * this method. The handler asks before the first request.
     */
    lacking?(): Promise<readonly string[]>;
}
