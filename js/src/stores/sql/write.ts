// A commit as statements that run in one transaction and of which one fails if a guard does not hold.
import { StoreError } from "../../errors.js";
import { checkKey, columnOf, comparedCells, tableOf } from "../schema.js";
import type { Guard, Write } from "../store.js";
import { type Parameter, type Statement, cellsOf, compared, quoted, stored } from "./rows.js";
import { changeOf } from "./sets.js";

/** What SQLite says when a guard does not hold, or a unique value is there already. */
const REFUSED = /NOT NULL constraint failed: latchkey_meta\.name|UNIQUE constraint failed: /;

/** Whether a statement failed because the commit is refused, and not because the store is in trouble. */
export function isRefusal(error: unknown): boolean {
    return error instanceof Error && REFUSED.test(error.message);
}

/** The statements of a commit: guards first, then the writes in their order. */
export function statements(writes: readonly Write[], guards: readonly Guard[]): Statement[] {
    return [...guards.map(guard), ...writes.flatMap(change)];
}

function guard(guard: Guard): Statement {
    const table = tableOf(guard.table);
    if (guard.guard !== "absent") {
        const { sql, parameters } = byKey(guard.table, guard.key);
        const cells = guard.guard === "same" ? comparedCells(table, guard.row) : [];
        const same = cells.map(([{ name }]) => ` AND ${quoted(name)} IS ?`).join("");
        return unless(`EXISTS (${sql}${same})`, [...parameters, ...cells.map(([column, text]) => stored(text, column))]);
    }
    const column = columnOf(table, guard.column);
    const some = `SELECT 1 FROM ${quoted(table.name)} WHERE ${compared(column)} = ?`;
    if (guard.except === undefined || guard.except === null) return unless(`NOT EXISTS (${some})`, [guard.value]);
    const [key, ...more] = table.key;
    if (key === undefined || more.length > 0) {
        throw new StoreError("store_unknown", `store has no single primary key in \`${table.name}\``);
    }
    return unless(`NOT EXISTS (${some} AND ${quoted(key)} <> ?)`, [guard.value, guard.except]);
}

function change(write: Write): Statement[] {
    const table = quoted(tableOf(write.table).name);
    switch (write.write) {
        case "insert": {
            const { names, parameters } = cellsOf(write.table, write.row);
            const marks = names.map(() => "?").join(", ");
            return [{ sql: `INSERT INTO ${table} (${names.join(", ")}) VALUES (${marks})`, parameters }];
        }
        case "update": {
            const { names, parameters } = cellsOf(write.table, write.set);
            const set = names.map((name) => `${name} = ?`).join(", ");
            const row = byKey(write.table, write.key);
            const sql = `UPDATE ${table} SET ${set} WHERE ${row.condition}`;
            const is = unless(`EXISTS (${row.sql})`, row.parameters);
            return [is, { sql, parameters: [...parameters, ...row.parameters] }];
        }
        case "change":
        case "delete":
            return changeOf(write);
    }
}

/** Fails, and the transaction with it, unless the condition holds. */
function unless(condition: string, parameters: readonly Parameter[]): Statement {
    const sql = `INSERT INTO "latchkey_meta" ("name", "value") SELECT NULL, NULL WHERE NOT ${condition}`;
    return { sql, parameters };
}

function byKey(tableName: string, key: readonly string[]): Statement & { condition: string } {
    const table = tableOf(tableName);
    checkKey(table, key);
    const condition = table.key.map((name) => `${quoted(name)} = ?`).join(" AND ");
    return { sql: `SELECT 1 FROM ${quoted(table.name)} WHERE ${condition}`, condition, parameters: key };
}
