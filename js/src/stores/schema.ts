// The tables of the rules, by name: nothing else may stand in a statement.
import { StoreError } from "../errors.js";
import { TABLES } from "./tables.js";

/** What a column holds. */
export type Kind = "text" | "int4" | "int8" | "float" | "bool" | "time" | "json" | "text_list";

/** One column. */
export interface Column {
    readonly name: string;
    readonly kind: Kind;
    readonly nullable: boolean;
    /** Whether texts are compared without regard to the case of ASCII letters. */
    readonly caseless?: boolean;
}

/** One table. */
export interface Table {
    readonly name: string;
    /** The columns of the primary key. */
    readonly key: readonly string[];
    readonly columns: readonly Column[];
}

export const KEYS = "LiteLLM_VerificationToken";
export const DELETED_KEYS = "LiteLLM_DeletedVerificationToken";
export const TEAMS = "LiteLLM_TeamTable";
export const AUDIT_LOG = "LiteLLM_AuditLog";

const byName = new Map(TABLES.map((table) => [table.name, table]));

/** The table called `name`. */
export function tableOf(name: string): Table {
    const table = byName.get(name);
    if (table === undefined) throw new StoreError("store_unknown", `store has no table \`${name}\``);
    return table;
}

/** The column of `table` called `name`. */
export function columnOf(table: Table, name: string): Column {
    const column = table.columns.find((column) => column.name === name);
    if (column === undefined) throw new StoreError("store_unknown", `store has no column \`${name}\` in \`${table.name}\``);
    return column;
}

/** Whether a column may hold text of any length. */
export const isDocument = ({ kind }: Column): boolean => kind === "json" || kind === "text_list";
