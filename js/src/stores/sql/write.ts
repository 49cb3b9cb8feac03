// A commit as statements that run in one transaction and of which one fails if a guard does not hold.
import { StoreError } from "../../errors.js";
import { members } from "../../text.js";
import { type Table, columnOf, tableOf } from "../schema.js";
import type { Guard, Write } from "../store.js";
import { COUNTERS } from "../tables.js";
import { cellsOf, stored } from "./rows.js";
import { assigned, changeOf, copyOf } from "./sets.js";
import { type Statement, among, bound, fill, joined } from "./statement.js";
import * as templates from "./templates.js";

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
    if ("absent" in guard) {
        const { column, value, except } = guard.absent;
        const table = tableOf(guard.absent.table);
        return unless(templates.FAIL_IF, table, [among(table, column, [value]), ...isNot(table, except)]);
    }
    const { table: name, key } = "present" in guard ? guard.present : guard.same;
    const table = tableOf(name);
    const same = "same" in guard ? unchanged(table, guard.same) : [];
    return unless(templates.FAIL_UNLESS, table, [...byKey(table, key), ...same]);
}

function isNot(table: Table, value: string | null): Statement[] {
    if (value === null) return [];
    const [column, ...more] = table.key;
    if (column !== undefined && more.length === 0) return [fill(templates.IS_NOT, { column, value })];
    throw new StoreError("store_unknown", `store has no single primary key in \`${table.name}\``);
}

/** The columns of a row are as they were read; those that others write beside every decision count where the guard says so. */
function unchanged(table: Table, { row, counters }: { row: string; counters: boolean }): Statement[] {
    const counts = ([name]: [string, string]): boolean =>
        (counters || !COUNTERS.includes(name)) && table.columns.some((column) => column.name === name);
    return [...members(row)]
        .filter(counts)
        .map(([name, text]) => fill(templates.SAME, { column: name, value: stored(text, columnOf(table, name)) }));
}

function change(write: Write): Statement[] {
    if ("change" in write) return changeOf(write.change, write.change);
    if ("copy" in write) return [copyOf(write.copy)];
    if ("delete" in write) return changeOf(write.delete, undefined);
    if ("insert" in write) {
        // `like` is for tables with columns that the rules do not know: these stores have none
        const table = tableOf(write.insert.table);
        return [fill(templates.INSERT, { table: table.name, ...cellsOf(table, write.insert.row) })];
    }
    const table = tableOf(write.update.table);
    const cells = Array.from(write.update.set, ([name, text]) => {
        const column = columnOf(table, name);
        return [column, bound(stored(text, column))] as const;
    });
    const condition = joined(byKey(table, write.update.key), " AND ");
    const update = fill(templates.UPDATE, { table: table.name, set: assigned(new Map(cells)), condition });
    return [unless(templates.FAIL_UNLESS, table, [condition]), update];
}

/** Fails unless the rows that meet the conditions are as the template says. */
function unless(template: string, table: Table, conditions: readonly Statement[]): Statement {
    return fill(template, { some: fill(templates.EXISTS, { table: table.name, condition: joined(conditions, " AND ") }) });
}

function byKey(table: Table, key: readonly string[]): Statement[] {
    if (key.length !== table.key.length) {
        throw new StoreError("store_unknown", `store has no primary key of ${key.length} values in \`${table.name}\``);
    }
    return table.key.map((name, at) => among(table, name, key.slice(at, at + 1)));
}
