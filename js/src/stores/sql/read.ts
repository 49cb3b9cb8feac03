// Queries as statements, and their rows as answers.
import { type Table, tableOf } from "../schema.js";
import type { StoreQuery } from "../store.js";
import { type Plan, audit, keys, rowsOf } from "./listings.js";
import { type Row, arrayText, rowText, select, selectBrief } from "./rows.js";
import { type Statement, among, fill, plain } from "./statement.js";
import * as templates from "./templates.js";

/** How to answer a query. */
export function plan(query: StoreQuery): Plan {
    if ("caller" in query) return caller(query.caller.token);
    if ("all" in query) return rows(query.all.table, (table) => select(table, plain(templates.OLDEST_FIRST)));
    if ("keys" in query) return keys(query.keys.filter, query.keys.order, query.keys, query.keys.bytes);
    if ("page" in query) return rowsOf(query.page);
    if ("audit" in query) return audit(query.audit.filter, query.audit);
    if ("rows" in query) {
        const { table, column, values } = query.rows;
        return rows(table, (table) => select(table, some(among(table, column, values))));
    }
    const { table, column, values, limit } = query.brief;
    return rows(table, (table) => selectBrief(table, some(among(table, column, values), limit)));
}

const some = (condition: Statement, limit: number | null = null): Statement =>
    limit === null ? fill(templates.SOME, { condition }) : fill(templates.FIRST, { condition, limit });

function rows(tableName: string, select: (table: Table) => Statement): Plan {
    const table = tableOf(tableName);
    return {
        statements: [select(table)],
        found: ([rows = []]) => ({ rows: arrayText(table, rows) }),
    };
}

/** The rows that a key names, and how they are found by the key's token. */
const CALLER = [
    ["key", "LiteLLM_VerificationToken", templates.CALLER_KEY],
    ["user", "LiteLLM_UserTable", templates.CALLER_USER],
    ["team", "LiteLLM_TeamTable", templates.CALLER_TEAM],
    ["team_models", "LiteLLM_ModelTable", templates.CALLER_TEAM_MODELS],
    ["membership", "LiteLLM_TeamMembership", templates.CALLER_MEMBERSHIP],
    ["budget", "LiteLLM_BudgetTable", templates.CALLER_BUDGET],
    ["project", "LiteLLM_ProjectTable", templates.CALLER_PROJECT],
] as const;

/** The key with this token and the rows it names, as one object. */
function caller(token: string): Plan {
    const statements = CALLER.map(([, table, template]) => select(tableOf(table), fill(template, { token })));
    const object = (results: readonly (readonly Row[])[]): string => {
        const members = CALLER.map(([name, table], at) => {
            const row = results[at]?.[0];
            return `"${name}":${row === undefined ? "null" : rowText(tableOf(table), row)}`;
        });
        return `{${members.join()}}`;
    };
    return { statements, found: (results) => ({ rows: results[0]?.length ? `[${object(results)}]` : "[]" }) };
}
