// One page of keys or of the audit log, and how many rows match.
import { StoreError } from "../../errors.js";
import { AUDIT_LOG, KEYS, type Table, columnOf, tableOf } from "../schema.js";
import type { AuditFilter, Found, KeyFilter, KeyOrder, Page, Visibility } from "../store.js";
import { type Row, arrayText, select, selectWithin } from "./rows.js";
import { type Statement, allOf, among, fill, joined, plain } from "./statement.js";
import * as templates from "./templates.js";

/** Statements, and what their rows mean. */
export interface Plan {
    readonly statements: readonly Statement[];
    readonly found: (results: readonly (readonly Row[])[]) => Found;
}

/** The keys that match, in their order, and their number. */
export function keys(filter: KeyFilter, { column: name, descending }: KeyOrder, page: Page, bytes: number | null): Plan {
    const table = tableOf(KEYS);
    const column = columnOf(table, name).name;
    const order = fill(templates.KEYS_ORDER, { column, direction: descending ? "DESC" : "ASC", nulls: "LAST" });
    return listing(table, keyConditions(table, filter), order.sql, page, (page) =>
        bytes === null ? fill(templates.TOKENS, { column, page, order }) : selectWithin(table, page, order.sql, bytes),
    );
}

/** The rows of the audit log that match, newest first, and their number. */
export function audit(filter: AuditFilter, page: Page): Plan {
    const { object_ids, changed_by, action, table_name, since, until } = filter;
    const table = tableOf(AUDIT_LOG);
    const conditions = [
        ...(object_ids.length > 0 ? [among(table, "object_id", object_ids)] : []),
        ...is(table, { changed_by, action, table_name }),
        ...(since === null ? [] : [fill(templates.SINCE, { moment: since })]),
        ...(until === null ? [] : [fill(templates.UNTIL, { moment: until })]),
    ];
    return listing(table, conditions, templates.AUDIT_ORDER, page, (page) => select(table, page));
}

function listing(
    table: Table,
    conditions: readonly Statement[],
    order: string,
    page: Page,
    select: (page: Statement) => Statement,
): Plan {
    const where = allOf(conditions);
    const [limit, offset] = [page.limit, page.offset].map((number) => Math.min(number, Number.MAX_SAFE_INTEGER)) as [number, number];
    return {
        statements: [fill(templates.TOTAL, { table: table.name, where }), select(fill(templates.PAGE, { where, order, limit, offset }))],
        found: ([total = [], rows = []]) => ({ rows: arrayText(table, rows), total: Number(total[0]?.["total"]) }),
    };
}

/** The columns that must equal a text. */
const is = (table: Table, values: Readonly<Record<string, string | null>>): Statement[] =>
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [among(table, name, [value])]));

const STATUSES: Readonly<Record<string, string>> = { active: templates.ACTIVE, expired: templates.EXPIRED, blocked: templates.BLOCKED };

function keyConditions(table: Table, filter: KeyFilter): Statement[] {
    const { user_id, team_id, key_alias, budget_id, token, search, visible_to, status } = filter;
    const conditions = is(table, { user_id, team_id, key_alias, budget_id, token });
    if (search !== null) conditions.push(fill(templates.SEARCH, { text: search }));
    if (visible_to !== null) conditions.push(isVisible(table, visible_to));
    if (status !== null) {
        const [name, now] = status;
        const template = Object.hasOwn(STATUSES, name) ? STATUSES[name] : undefined;
        if (template === undefined) throw new StoreError("store_unknown", `store has no status \`${name}\``);
        conditions.push(fill(template, { now }));
    }
    return conditions;
}

function isVisible(table: Table, { user_id, team_ids, tokens }: Visibility): Statement {
    const columns = { user_id: user_id === null ? [] : [user_id], team_id: team_ids, token: tokens };
    const any = Object.entries(columns).flatMap(([name, values]) => (values.length === 0 ? [] : [among(table, name, values)]));
    if (any.length === 0) return plain(templates.NONE);
    const { sql, parameters } = joined(any, " OR ");
    return { sql: `(${sql})`, parameters };
}
