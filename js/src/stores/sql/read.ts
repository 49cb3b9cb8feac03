// Queries as statements, and their rows as answers.
import { TEAMS, columnOf, tableOf } from "../schema.js";
import type { StoreQuery } from "../store.js";
import { type Plan, audit, keys } from "./listings.js";
import {
    type Parameter,
    type Row,
    type Statement,
    arrayText,
    compared,
    rowText,
    select,
    selectBrief,
    selectWithin,
} from "./rows.js";
import { conditionOf } from "./sets.js";

type Select = typeof select;

/** The rows in which a column has one of the values. */
type Looked = Extract<StoreQuery, { readonly rows: unknown }>["rows"];

/** How to answer a query. */
export function plan(query: StoreQuery): Plan {
    if ("caller" in query) return caller(query.caller.token);
    if ("all" in query) return rows(query.all.table, "ORDER BY rowid", [], select);
    if ("teams" in query) return teams(query.teams.member, query.teams.bytes);
    if ("keys" in query) return keys(query.keys.filter, query.keys.order, query.keys, query.keys.bytes);
    if ("audit" in query) return audit(query.audit.filter, query.audit);
    if ("rows" in query) return some(query.rows, select);
    return some(query.brief, selectBrief, query.brief.limit);
}

/** All teams, or those that have a member. */
function teams(member: string | null, bytes: number): Plan {
    const items = { column: "members_with_roles", member: "user_id", values: [member ?? ""] };
    const { sql, parameters } = member === null ? { sql: "1", parameters: [] } : conditionOf(TEAMS, [], items);
    return rows(TEAMS, `WHERE ${sql}`, parameters, (table, condition, parameters) =>
        selectWithin(table, condition, "ORDER BY rowid", bytes, parameters),
    );
}

function some({ table, column: name, values }: Looked, select: Select, limit: number | null = null): Plan {
    const column = compared(columnOf(tableOf(table), name));
    const [value, ...more] = values;
    const end = `ORDER BY rowid${limit === null ? "" : ` LIMIT ${limit}`}`;
    if (value !== undefined && more.length === 0) {
        return rows(table, `WHERE ${column} = ? ${end}`, [value], select);
    }
    const condition = `WHERE ${column} IN (SELECT value FROM json_each(?)) ${end}`;
    return rows(table, condition, [JSON.stringify(values)], select);
}

function rows(tableName: string, condition: string, parameters: readonly Parameter[], select: Select): Plan {
    const table = tableOf(tableName);
    return {
        statements: [select(table, condition, parameters)],
        found: ([rows = []]) => ({ rows: arrayText(table, rows) }),
    };
}

const KEY = '"LiteLLM_VerificationToken" WHERE "token" = ?';
const TEAM = `"LiteLLM_TeamTable" WHERE "team_id" = (SELECT "team_id" FROM ${KEY})`;

/** The rows that a key names, and how they are found by the key's token. */
const CALLER = [
    ["key", "LiteLLM_VerificationToken", 'WHERE "token" = ?'],
    ["user", "LiteLLM_UserTable", `WHERE "user_id" = (SELECT "user_id" FROM ${KEY})`],
    ["team", "LiteLLM_TeamTable", `WHERE "team_id" = (SELECT "team_id" FROM ${KEY})`],
    ["team_models", "LiteLLM_ModelTable", `WHERE "id" = (SELECT "model_id" FROM ${TEAM})`],
    ["membership", "LiteLLM_TeamMembership", `WHERE ("user_id", "team_id") = (SELECT "user_id", "team_id" FROM ${KEY})`],
    ["budget", "LiteLLM_BudgetTable", `WHERE "budget_id" = (SELECT "budget_id" FROM ${KEY})`],
    ["project", "LiteLLM_ProjectTable", `WHERE "project_id" = (SELECT "project_id" FROM ${KEY})`],
] as const;

/** The key with this token and the rows it names, as one object. */
function caller(token: string): Plan {
    const statements: Statement[] = CALLER.map(([, table, where]) => select(tableOf(table), where, [token]));
    const object = (results: readonly (readonly Row[])[]): string => {
        const members = CALLER.map(([name, table], at) => {
            const row = results[at]?.[0];
            return `"${name}":${row === undefined ? "null" : rowText(tableOf(table), row)}`;
        });
        return `{${members.join()}}`;
    };
    return { statements, found: (results) => ({ rows: results[0]?.length ? `[${object(results)}]` : "[]" }) };
}
