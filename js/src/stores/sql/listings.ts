// One page of keys, of the audit log or of another table, and how many rows match.
import { AUDIT_LOG, DELETED_KEYS, KEYS, type Table, columnOf, tableOf } from "../schema.js";
import type { AuditFilter, Found, KeyFilter, KeyOrder, Page, RowsPage, Visibility } from "../store.js";
import { type Row, arrayText, select, selectWithin } from "./rows.js";
import { conditionsOf } from "./sets.js";
import { type Statement, allOf, among, anyOf, fill, plain } from "./statement.js";
import * as templates from "./templates.js";

/** Statements, and what their rows mean. */
export interface Plan {
    readonly statements: readonly Statement[];
    readonly found: (results: readonly (readonly Row[])[]) => Found;
}

/** The keys that match, in their order, and their number. */
export function keys(filter: KeyFilter, order: KeyOrder, page: Page, bytes: number | null): Plan {
    const table = tableOf(filter.archived ? DELETED_KEYS : KEYS);
    const not = is(table, { team_id: filter.without_team })[0];
    return sorted(table, keyConditions(table, filter), order, page, bytes, not);
}

/** The rows of a table that match, in their order, and their number. */
export function rowsOf({ table: name, rows, having, order, bytes, ...page }: RowsPage): Plan {
    const table = tableOf(name);
    return sorted(table, conditionsOf(table, rows, having ?? undefined), order, page, bytes);
}

function sorted(
    table: Table,
    conditions: readonly Statement[],
    { column: name, descending }: KeyOrder,
    page: Page,
    bytes: number | null,
    not?: Statement,
): Plan {
    const column = columnOf(table, name).name;
    const key = table.key[0] ?? column;
    const order = fill(templates.PAGE_ORDER, { column, direction: descending ? "DESC" : "ASC", nulls: "LAST", key });
    const select = (page: Statement): Statement =>
        bytes === null ? fill(templates.TOKENS, { key, column, table: table.name, page, order }) : selectWithin(table, page, order.sql, bytes);
    return listing(table, conditions, order.sql, page, select, not);
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
    not?: Statement,
): Plan {
    const where = allOf(not === undefined ? conditions : [...conditions, fill(templates.NOT, { condition: not })]);
    const [limit, offset] = [page.limit, page.offset].map((number) => Math.min(number, Number.MAX_SAFE_INTEGER)) as [number, number];
    return {
        statements: [totalOf(table, conditions, not), select(fill(templates.PAGE, { where, order, limit, offset }))],
        found: ([total = [], rows = []]) => ({ rows: arrayText(table, rows), total: Number(total[0]?.["total"]) }),
    };
}

/** How many rows match. To count those that are not wanted is faster than to look at each. */
function totalOf(table: Table, conditions: readonly Statement[], not?: Statement): Statement {
    const count = (which: readonly Statement[]): Statement => fill(templates.TOTAL, { table: table.name, where: allOf(which) });
    if (not === undefined) return count(conditions);
    return fill(templates.TOTAL_BUT, { all: count(conditions), unwanted: count([...conditions, not]) });
}

/** The columns that must equal a text. */
const is = (table: Table, values: Readonly<Record<string, string | null>>): Statement[] =>
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [among(table, name, [value])]));

function keyConditions(table: Table, filter: KeyFilter): Statement[] {
    const { user_id, team_id, key_alias, budget_id, token, project_id, agent_id, search, alias_part, owner_part, visible_to, blocked, expired } = filter;
    const since = filter.archived ? filter.deleted_since : null;
    const conditions = [
        ...(since === null ? [] : [fill(templates.DELETED_SINCE, { moment: since })]),
        ...(filter.rotation_due === null ? [] : [fill(templates.ROTATION_DUE, { moment: filter.rotation_due })]),
        ...is(table, { user_id, team_id, key_alias, budget_id, token, project_id, agent_id }),
    ];
    if (search !== null) conditions.push(fill(templates.SEARCH, { text: search }));
    for (const [column, text] of Object.entries({ key_alias: alias_part, user_id: owner_part })) {
        if (text !== null) conditions.push(fill(templates.CONTAINS, { column, text }));
    }
    if (visible_to !== null) conditions.push(isVisible(table, visible_to));
    if (blocked !== null) conditions.push(plain(blocked ? templates.BLOCKED : templates.NOT_BLOCKED));
    if (expired !== null) conditions.push(fill(expired[0] ? templates.EXPIRED : templates.NOT_EXPIRED, { now: expired[1] }));
    return conditions;
}

function isVisible(table: Table, { user_id, team_ids, tokens }: Visibility): Statement {
    const columns = { user_id: user_id === null ? [] : [user_id], team_id: team_ids, token: tokens };
    const any = Object.entries(columns).flatMap(([name, values]) => (values.length === 0 ? [] : [among(table, name, values)]));
    return anyOf(any);
}
