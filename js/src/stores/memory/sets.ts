// Rows in memory, and what becomes of those that meet conditions.
import { StoreError } from "../../errors.js";
import { type Table, checkSet, columnOf, tableOf } from "../schema.js";
import type { Cells, Change, Condition, Items, Note, Rows } from "../store.js";

/** A row: JSON text by column name. */
export type Row = ReadonlyMap<string, string>;

/** The rows of each table in the order of their making. */
export type Tables = ReadonlyMap<string, readonly Row[]>;

export const rowsOf = (tables: Tables, name: string): readonly Row[] => tables.get(tableOf(name).name) ?? [];

/** The value of a column; a whole number as its digits, like every key that names a row. */
export function value(row: Row, column: string): string | null {
    const text = row.get(column) ?? "null";
    return text === "null" ? null : text.startsWith('"') ? JSON.parse(text) : text;
}

/** The cells, if the table has room for each. */
export function checked(table: Table, cells: Cells): Cells {
    for (const [name, text] of cells) {
        const { kind, nullable } = columnOf(table, name);
        if (text === "null" && !nullable && kind !== "json") {
            throw new StoreError("store_unknown", `store has no room for such a value in column \`${name}\``);
        }
    }
    return cells;
}

function items(row: Row, column: string): any[] {
    const list: unknown = JSON.parse(row.get(column) ?? "[]");
    return Array.isArray(list) ? list : [];
}

/** The list without the items, as JSON text; `undefined` if it has none of them. */
export function without(row: Row, { column, member, values }: Items): string | undefined {
    const list = items(row, column);
    const text = (item: any): unknown => (member === null ? item : item?.[member]);
    const isMeant = (item: unknown): boolean => values.some((value) => value === text(item));
    return list.some(isMeant) ? JSON.stringify(list.filter((item) => !isMeant(item))) : undefined;
}

/** The rows of the table after a change or a deletion of a set, and the rows of the audit log that note it. */
export function ofSet(
    tables: Tables,
    which: Rows,
    change: Change | undefined,
): { rows: readonly Row[]; notes: readonly Row[] } {
    const table = tableOf(which.table);
    const take = change?.take ?? undefined;
    checkSet(which.rows, take);
    for (const condition of which.rows) columnOf(table, ("in" in condition ? condition.in : condition.refers).column);
    const kept: Row[] = [];
    const met: { before: Row; after: Row | undefined }[] = [];
    for (const before of rowsOf(tables, which.table)) {
        const taken = take === undefined ? undefined : without(before, take);
        if (!which.rows.every((condition) => meets(tables, table, before, condition)) || (take && taken === undefined)) {
            kept.push(before);
            continue;
        }
        let after: Row | undefined;
        if (change !== undefined) {
            const list: [string, string][] = take && taken !== undefined ? [[take.column, taken]] : [];
            after = new Map([...before, ...checked(table, change.set), ...list]);
            kept.push(after);
        }
        met.push({ before, after });
    }
    const key = (row: Row): string => table.key.map((name) => value(row, name)).join("/");
    met.sort((a, b) => (key(a.before) < key(b.before) ? -1 : 1));
    const { noted } = which;
    const note = ({ before, after }: (typeof met)[number], at: number): Row[] =>
        noted === null ? [] : [audit(table, noted, at, before, after)];
    return { rows: kept, notes: met.flatMap(note) };
}

function meets(tables: Tables, table: Table, row: Row, condition: Condition): boolean {
    const { column } = "in" in condition ? condition.in : condition.refers;
    const found = value(row, columnOf(table, column).name);
    if (found === null) return false;
    if ("in" in condition) return condition.in.values.includes(found);
    const { of, member, rows } = condition.refers;
    const other = tableOf(condition.refers.table);
    const isMeant = (row: Row): boolean =>
        rows.every(([column, values]) => values.includes(value(row, columnOf(other, column).name) ?? "\0"));
    const names = (row: Row): unknown[] => (member === null ? [value(row, of)] : items(row, of).map((item) => item?.[member]));
    return rowsOf(tables, other.name).some((row) => isMeant(row) && names(row).includes(found));
}

function audit(table: Table, note: Note, at: number, before: Row, after: Row | undefined): Row {
    const shown = (row: Row): string => `{${note.shown.map((name) => `"${name}":${cell(table, row, name)}`).join()}}`;
    const key = table.key.map((name) => masked(value(before, name) ?? ""));
    return new Map([
        ...note.row,
        ["id", JSON.stringify(`${note.id}-${String(at + 1).padStart(8, "0")}`)],
        ["object_id", JSON.stringify(key.join("/"))],
        ["before_value", shown(before)],
        ["updated_values", after === undefined ? "null" : shown(after)],
    ]);
}

function cell(table: Table, row: Row, name: string): string {
    const text = row.get(name) ?? "null";
    const { kind } = columnOf(table, name);
    if (text === "null") return text;
    if (kind === "time") return JSON.stringify(new Date(Number(text)).toISOString());
    return kind === "text" ? JSON.stringify(masked(JSON.parse(text))) : text;
}

/** A text, of a key no more than how keys are shown. */
const masked = (text: string): string => (text.startsWith("sk-") ? `sk-...${text.slice(-4)}` : text);
