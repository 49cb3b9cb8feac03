// Statements, filled in from the templates, which are the host's own.
import { type Column, type Table, columnOf } from "../schema.js";
import * as templates from "./templates.js";

/** A value that stands for a `?`. Whole numbers go as their digits, which SQLite turns into what the column holds. */
export type Parameter = string | number | null;

/** One statement, or a part of one. */
export interface Statement {
    readonly sql: string;
    readonly parameters: readonly Parameter[];
}

/** Fills in a template: `{name}` stands for more SQL, `{?name}` for a value. */
export function fill(template: string, pieces: Readonly<Record<string, Parameter | Statement>>): Statement {
    const parameters: Parameter[] = [];
    const sql = template.replace(/\{(\??)(\w+)\}/g, (_, mark: string, name: string) => {
        const piece = pieces[name];
        if (piece === undefined) throw new Error(`nothing for \`${name}\` in \`${template}\``);
        if (typeof piece === "object" && piece !== null) {
            parameters.push(...piece.parameters);
            return piece.sql;
        }
        if (mark === "") return String(piece);
        parameters.push(piece);
        return "?";
    });
    return { sql, parameters };
}

/** A part without values. */
export const plain = (sql: string): Statement => ({ sql, parameters: [] });

/** A value alone. */
export const bound = (value: Parameter): Statement => ({ sql: "?", parameters: [value] });

/** Parts with a word between them. */
export const joined = (parts: readonly Statement[], word: string): Statement => ({
    sql: parts.map(({ sql }) => sql).join(word),
    parameters: parts.flatMap(({ parameters }) => parameters),
});

/** The conditions as what follows a table's name. */
export function allOf(conditions: readonly Statement[]): Statement {
    const { sql, parameters } = joined(conditions, " AND ");
    return { sql: sql === "" ? "" : `WHERE ${sql}`, parameters };
}

/** One of the conditions holds; none does where there are none. */
export function anyOf(any: readonly Statement[]): Statement {
    const { sql, parameters } = joined(any, " OR ");
    return { sql: any.length === 0 ? templates.NONE : `(${sql})`, parameters };
}

/** A column has one of the values. */
export function among(table: Table, name: string, values: readonly string[]): Statement {
    const column = columnOf(table, name);
    const how = { column: column.name, collation: column.caseless === true ? templates.CASELESS : "" };
    const [value, ...more] = values;
    if (value !== undefined && more.length === 0) return fill(templates.IS, { ...how, value });
    return fill(templates.IS_AMONG, { ...how, values: JSON.stringify(values) });
}

export const quoted = (name: string): string => `"${name}"`;

/** A column of `table` by its name in quotes. */
export const named = (column: Column): string => quoted(column.name);
