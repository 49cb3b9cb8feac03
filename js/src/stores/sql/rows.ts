// Rows of SQLite as JSON text, and JSON cells as values of SQLite.
import { StoreError } from "../../errors.js";
import { type Column, type Kind, type Table, columnOf, isDocument } from "../schema.js";
import type { Cells } from "../store.js";
import { type Parameter, type Statement, bound, fill, joined, named, quoted } from "./statement.js";
import * as templates from "./templates.js";

/** A row as it comes from the database, by column name. */
export type Row = Readonly<Record<string, unknown>>;

const isWhole = (kind: Kind): boolean => kind === "int4" || kind === "int8" || kind === "time";

/** A column as it is selected. Whole numbers come as text: JavaScript's numbers lose digits. */
const selected = ({ name, kind }: Column, from = ""): string =>
    isWhole(kind) ? `CAST(${from}${quoted(name)} AS TEXT) AS ${quoted(name)}` : `${from}${quoted(name)}`;

const listed = (columns: readonly Column[]): string => columns.map((column) => selected(column)).join(", ");

/** Rows with all columns; `rest` is what follows the table's name. */
export const select = (table: Table, rest: Statement): Statement =>
    fill(templates.SELECT, { columns: listed(table.columns), table: table.name, rest });

/** The same without lists and documents. */
export const selectBrief = (table: Table, rest: Statement): Statement =>
    fill(templates.SELECT_BRIEF, { columns: listed(table.columns.filter((column) => !isDocument(column))), table: table.name, rest });

/**
 * The same with lists and documents as far as they have room in so many bytes: no row's take more than a quarter. `page` is
 * what follows the table's name, `order` its order.
 */
export function selectWithin(table: Table, page: Statement, order: string, bytes: number): Statement {
    const documents = table.columns.filter(isDocument);
    const columns = table.columns.map((column) =>
        isDocument(column)
            ? fill(templates.UNLESS_CUT, { table: table.name, column: column.name }).sql
            : selected(column, "sized."),
    );
    return fill(templates.SELECT_WITHIN, {
        table: table.name,
        small: table.columns.filter((column) => !isDocument(column)).map(named).join(", "),
        size: joined(documents.map(({ name }) => fill(templates.SIZE, { column: name })), " + "),
        columns: columns.join(", "),
        page,
        order,
        most: Math.floor(bytes / 4),
        bytes,
    });
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

/** The columns of a row, and their values. */
export function cellsOf(table: Table, row: Cells): { columns: string; values: Statement } {
    const cells = Array.from(row, ([name, text]) => [columnOf(table, name), text] as const);
    return {
        columns: cells.map(([column]) => named(column)).join(", "),
        values: joined(cells.map(([column, text]) => bound(stored(text, column))), ", "),
    };
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
