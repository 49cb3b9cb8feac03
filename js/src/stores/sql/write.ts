// A commit as statements that run in one transaction and of which one fails if a guard does not hold.
import { StoreError } from "../../errors.js";
import { checkKey, columnOf, comparedCells, tableOf } from "../schema.js";
import type { Guard, RowName, Write } from "../store.js";
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
    if ("absent" in guard) return absent(guard.absent);
    if ("present" in guard) return unless(`EXISTS (${byKey(guard.present).sql})`, guard.present.key);
    const { sql, parameters } = byKey(guard.same);
    const cells = comparedCells(tableOf(guard.same.table), guard.same.row);
    const same = cells.map(([{ name }]) => ` AND ${quoted(name)} IS ?`).join("");
    return unless(`EXISTS (${sql}${same})`, [...parameters, ...cells.map(([column, text]) => stored(text, column))]);
}

function absent({ table: name, column, value, except }: Extract<Guard, { readonly absent: unknown }>["absent"]): Statement {
    const table = tableOf(name);
    const some = `SELECT 1 FROM ${quoted(table.name)} WHERE ${compared(columnOf(table, column))} = ?`;
    if (except === null) return unless(`NOT EXISTS (${some})`, [value]);
    const [key, ...more] = table.key;
    if (key === undefined || more.length > 0) {
        throw new StoreError("store_unknown", `store has no single primary key in \`${table.name}\``);
    }
    return unless(`NOT EXISTS (${some} AND ${quoted(key)} <> ?)`, [value, except]);
}

function change(write: Write): Statement[] {
    if ("change" in write) return changeOf(write.change, write.change);
    if ("delete" in write) return changeOf(write.delete, undefined);
    if ("insert" in write) {
        // `like` is for tables with columns that the rules do not know: these stores have none
        const { table, row } = write.insert;
        const { names, parameters } = cellsOf(table, row);
        const marks = names.map(() => "?").join(", ");
        return [{ sql: `INSERT INTO ${quoted(tableOf(table).name)} (${names.join(", ")}) VALUES (${marks})`, parameters }];
    }
    const { names, parameters } = cellsOf(write.update.table, write.update.set);
    const set = names.map((name) => `${name} = ?`).join(", ");
    const row = byKey(write.update);
    const sql = `UPDATE ${quoted(tableOf(write.update.table).name)} SET ${set} WHERE ${row.condition}`;
    const is = unless(`EXISTS (${row.sql})`, row.parameters);
    return [is, { sql, parameters: [...parameters, ...row.parameters] }];
}

/** Fails, and the transaction with it, unless the condition holds. */
function unless(condition: string, parameters: readonly Parameter[]): Statement {
    const sql = `INSERT INTO "latchkey_meta" ("name", "value") SELECT NULL, NULL WHERE NOT ${condition}`;
    return { sql, parameters };
}

function byKey({ table: name, key }: RowName): Statement & { condition: string } {
    const table = tableOf(name);
    checkKey(table, key);
    const condition = table.key.map((name) => `${quoted(name)} = ?`).join(" AND ");
    return { sql: `SELECT 1 FROM ${quoted(table.name)} WHERE ${condition}`, condition, parameters: key };
}
