// One page of keys or of the audit log, and how many rows match.
import { StoreError } from "../../errors.js";
import { AUDIT_LOG, KEYS, type Table, columnOf, tableOf } from "../schema.js";
import type { AuditFilter, Found, KeyFilter, KeyOrder, Page } from "../store.js";
import { type Parameter, type Row, type Statement, arrayText, quoted, select, selectWithin } from "./rows.js";

/** Statements, and what their rows mean. */
export interface Plan {
    readonly statements: readonly Statement[];
    readonly found: (results: readonly (readonly Row[])[]) => Found;
}

type Condition = readonly [sql: string, ...parameters: Parameter[]];

/** The keys that match, in their order, and their number. */
export function keys(filter: KeyFilter, order: KeyOrder, page: Page, bytes: number | null): Plan {
    const table = tableOf(KEYS);
    const column = (name: string): string => quoted(columnOf(table, name).name);
    const direction = order.descending ? "DESC" : "ASC";
    const by = `${column(order.column)} ${direction} NULLS LAST, ${column("token")} ${direction}`;
    return listing(table, keyConditions(filter), page, (condition, parameters) => {
        const order = `ORDER BY ${by}`;
        const rows = `${condition} ${order} LIMIT ? OFFSET ?`;
        if (bytes !== null) return selectWithin(table, rows, order, bytes, parameters);
        return { sql: `SELECT "token" FROM ${quoted(KEYS)} ${rows}`, parameters };
    });
}

/** The rows of the audit log that match, newest first, and their number. */
export function audit(filter: AuditFilter, page: Page): Plan {
    const { object_ids, changed_by, action, table_name, since, until } = filter;
    const conditions: Condition[] = [];
    if (object_ids.length > 0) conditions.push([among("object_id"), JSON.stringify(object_ids)]);
    if (changed_by !== null) conditions.push(['"changed_by" = ?', changed_by]);
    if (action !== null) conditions.push(['"action" = ?', action]);
    if (table_name !== null) conditions.push(['"table_name" = ?', table_name]);
    if (since !== null) conditions.push(['"updated_at" >= ?', since]);
    if (until !== null) conditions.push(['"updated_at" < ?', until]);
    // with its table's name a column is not taken for the text that it is selected as
    const by = `${quoted(AUDIT_LOG)}."updated_at" DESC, "id" DESC`;
    const table = tableOf(AUDIT_LOG);
    return listing(table, conditions, page, (condition, parameters) =>
        select(table, `${condition} ORDER BY ${by} LIMIT ? OFFSET ?`, parameters),
    );
}

function listing(
    table: Table,
    conditions: readonly Condition[],
    page: Page,
    select: (condition: string, parameters: readonly Parameter[]) => Statement,
): Plan {
    const condition = conditions.length === 0 ? "" : `WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`;
    const parameters = conditions.flatMap(([, ...parameters]) => parameters);
    const count = { sql: `SELECT COUNT(*) AS "total" FROM ${quoted(table.name)} ${condition}`, parameters };
    const bounds = [page.limit, page.offset].map((number) => Math.min(number, Number.MAX_SAFE_INTEGER));
    return {
        statements: [count, select(condition, [...parameters, ...bounds])],
        found: ([total = [], rows = []]) => ({ rows: arrayText(table, rows), total: Number(total[0]?.["total"]) }),
    };
}

function keyConditions(filter: KeyFilter): Condition[] {
    const conditions: Condition[] = [];
    for (const name of ["user_id", "team_id", "key_alias", "budget_id", "token"] as const) {
        const value = filter[name];
        if (value !== null) conditions.push([`${quoted(name)} = ?`, value]);
    }
    const { search, visible_to, status } = filter;
    if (search !== null) {
        conditions.push(['("token" = ? OR instr(lower("key_alias"), lower(?)) > 0)', search, search]);
    }
    if (visible_to !== null) {
        const any: Condition[] = [];
        if (visible_to.user_id !== null) any.push(['"user_id" = ?', visible_to.user_id]);
        if (visible_to.team_ids.length > 0) any.push([among("team_id"), JSON.stringify(visible_to.team_ids)]);
        if (visible_to.tokens.length > 0) any.push([among("token"), JSON.stringify(visible_to.tokens)]);
        const either = any.length === 0 ? "0" : `(${any.map(([sql]) => sql).join(" OR ")})`;
        conditions.push([either, ...any.flatMap(([, ...parameters]) => parameters)]);
    }
    if (status !== null) conditions.push(statusCondition(...status));
    return conditions;
}

function statusCondition(status: string, now: number): Condition {
    const expired = '("expires" IS NOT NULL AND "expires" <= ?)';
    switch (status) {
        case "blocked":
            return ['"blocked" = 1'];
        case "expired":
            return [expired, now];
        case "active":
            return [`"blocked" IS NOT 1 AND NOT ${expired}`, now];
        default:
            throw new StoreError("store_unknown", `store has no status \`${status}\``);
    }
}

const among = (column: string): string => `${quoted(column)} IN (SELECT value FROM json_each(?))`;
