// The tables of the rules, by name: nothing else may stand in a statement.
import { StoreError } from "../errors.js";
import type { Column, Table } from "./table.js";
import { TABLES } from "./tables.js";

export type { Column, Kind, Table } from "./table.js";

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
