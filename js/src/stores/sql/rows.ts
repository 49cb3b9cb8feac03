// Rows of SQLite as JSON text, and JSON cells as values of SQLite.
import { StoreError } from "../../errors.js";
import type { Cells } from "../store.js";
import { type Column, type Kind, type Table, columnOf, isDocument, tableOf } from "../schema.js";

/** A value that stands for a `?`. Whole numbers go as their digits, which SQLite turns into what the column holds. */
export type Parameter = string | number | null;

/** One statement. */
export interface Statement {
    readonly sql: string;
    readonly parameters: readonly Parameter[];
}

/** A row as it comes from the database, by column name. */
export type Row = Readonly<Record<string, unknown>>;

const isWhole = (kind: Kind): boolean => kind === "int4" || kind === "int8" || kind === "time";

export const quoted = (name: string): string => `"${name}"`;

/** A column as texts are compared with it. */
export const compared = (column: Column): string => `${quoted(column.name)}${column.caseless === true ? " COLLATE NOCASE" : ""}`;

/** A column as it is selected. Whole numbers come as text: JavaScript's numbers lose digits. */
const selected = ({ name, kind }: Column, from = ""): string =>
    isWhole(kind) ? `CAST(${from}${quoted(name)} AS TEXT) AS ${quoted(name)}` : `${from}${quoted(name)}`;

/** `SELECT` and all columns of a table. */
export function select(table: Table, condition: string, parameters: readonly Parameter[]): Statement {
    return { sql: `SELECT ${table.columns.map((column) => selected(column)).join(", ")} FROM ${quoted(table.name)} ${condition}`, parameters };
}

/** The same without lists and documents. */
export function selectBrief(table: Table, condition: string, parameters: readonly Parameter[]): Statement {
    const columns = table.columns.filter((column) => !isDocument(column)).map((column) => selected(column));
    return { sql: `SELECT ${columns.join(", ")}, 1 AS "cut" FROM ${quoted(table.name)} ${condition}`, parameters };
}

/**
 * The same with lists and documents as far as they have room in so many bytes: no row's take more than a quarter. `page` is
 * what follows the table's name, `order` its order. How long a document is SQLite knows without reading it, unless a window
 * function stands beside it.
 */
export function selectWithin(
    table: Table,
    page: string,
    order: string,
    bytes: number,
    parameters: readonly Parameter[],
): Statement {
    const from = quoted(table.name);
    const most = Math.floor(bytes / 4);
    const small = table.columns.filter((column) => !isDocument(column)).map(({ name }) => quoted(name));
    const documents = table.columns.filter(isDocument).map(({ name }) => quoted(name));
    const size = documents.map((name) => `ifnull(octet_length(${name}), 0)`).join(" + ");
    const sum = `sum(iif("size" <= ${most}, "size", 0)) OVER (${order} ROWS UNBOUNDED PRECEDING)`;
    const columns = table.columns.map((column) =>
        isDocument(column)
            ? `iif("cut", NULL, ${from}.${quoted(column.name)}) AS ${quoted(column.name)}`
            : selected(column, "sized."),
    );
    const sql =
        `WITH page AS (SELECT rowid AS "rowid", ${small.join(", ")}, ${size} AS "size" ` +
        `FROM ${from} WHERE rowid IN (SELECT rowid FROM ${from} ${page})), ` +
        `sized AS (SELECT *, row_number() OVER (${order}) AS "place", "size" > ${most} OR ${sum} > ${bytes} AS "cut" FROM page) ` +
        `SELECT ${columns.join(", ")}, "cut" FROM sized JOIN ${from} ON ${from}.rowid = sized."rowid" ORDER BY "place"`;
    return { sql, parameters };
}

/** The rows of a statement of `select`, as the text of a JSON array. */
export function arrayText(table: Table, rows: readonly Row[]): string {
    return `[${rows.map((row) => rowText(table, row)).join()}]`;
}

/** One row of a statement of `select`, as the text of a JSON object. */
export function rowText(table: Table, row: Row): string {
    const isCut = Boolean(row["cut"]);
    // of a listing of tokens there is nothing else
    const told = table.columns.filter((column) => column.name in row && !(isCut && isDocument(column)));
    const cells = told.map((column) => `"${column.name}":${cellText(row[column.name], column)}`);
    return `{${cells.join()}${isCut ? ',"cut":true' : ""}}`;
}

function cellText(value: unknown, { name, kind }: Column): string {
    if (value === null) return "null";
    if (typeof value === "string") {
        if (kind === "text") return JSON.stringify(value);
        if (kind === "json" || kind === "text_list" || isWhole(kind)) return value;
    }
    if (kind === "float" && typeof value === "number") return JSON.stringify(value);
    if (kind === "bool" && (typeof value === "number" || typeof value === "bigint")) return String(Number(value) !== 0);
    throw new StoreError("store_unavailable", `store is damaged: column \`${name}\` holds something else`);
}

/** The columns and values of a row. */
export function cellsOf(tableName: string, cells: Cells): { names: string[]; parameters: Parameter[] } {
    const table = tableOf(tableName);
    const entries = Array.from(cells, ([name, text]) => [name, stored(text, columnOf(table, name))] as const);
    return { names: entries.map(([name]) => quoted(name)), parameters: entries.map(([, value]) => value) };
}

/** What SQLite stores for a cell. */
export function stored(text: string, { name, kind, nullable }: Column): Parameter {
    if (text === "null" && (nullable || kind !== "json")) return null;
    if (kind === "json" || kind === "text_list") return text;
    if (kind === "bool") return text === "true" ? 1 : 0;
    if (isWhole(kind) && /^-?\d+$/.test(text)) return text;
    const value: unknown = JSON.parse(text);
    if (kind === "text" && typeof value === "string") return value;
    if (kind === "float" && typeof value === "number") return value;
    throw new StoreError("store_unknown", `store has no room for such a value in column \`${name}\``);
}
