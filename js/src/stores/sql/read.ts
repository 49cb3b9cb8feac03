// Queries as statements, and their rows as answers.
import { TEAMS, type Table, tableOf } from "../schema.js";
import type { Query } from "../store.js";
import { type Plan, audit, keys } from "./listings.js";
import { type Row, arrayText, rowText, select, selectBrief, selectWithin } from "./rows.js";
import { conditionOf } from "./sets.js";
import { type Statement, allOf, among, fill, plain } from "./statement.js";
import * as templates from "./templates.js";

/** How to answer a query. */
export function plan(query: Query): Plan {
    switch (query.query) {
        case "caller":
            return caller(query.token);
        case "rows":
            return rows(query.table, (table) => select(table, some(among(table, query.column, query.values))));
        case "brief":
            return rows(query.table, (table) => selectBrief(table, some(among(table, query.column, query.values), query.limit)));
        case "all":
            return rows(query.table, (table) => select(table, plain(templates.OLDEST_FIRST)));
        case "teams":
            return rows(TEAMS, (table) => selectWithin(table, having(table, query.member), templates.OLDEST_FIRST, query.bytes));
        case "keys":
            return keys(query.filter, query.order, query, query.bytes);
        case "audit":
            return audit(query.filter, query);
    }
}

const some = (condition: Statement, limit: number | null = null): Statement =>
    limit === null ? fill(templates.SOME, { condition }) : fill(templates.FIRST, { condition, limit });

/** All teams, or those that have a member. */
const having = (table: Table, member: string | null): Statement =>
    allOf(member === null ? [] : [conditionOf(table, [], { column: "members_with_roles", member: "user_id", values: [member] })]);

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
