// Queries as statements, and their rows as answers.
import { columnOf, tableOf } from "../schema.js";
import type { Query } from "../store.js";
import { type Plan, audit, keys } from "./listings.js";
import { type Parameter, type Row, type Statement, arrayText, compared, rowText, select } from "./rows.js";

/** How to answer a query. */
export function plan(query: Query): Plan {
    switch (query.query) {
        case "caller":
            return caller(query.token);
        case "rows":
            return some(query.table, query.column, query.values);
        case "all":
            return rows(query.table, "ORDER BY rowid", []);
        case "keys":
            return keys(query.filter, query.order, query);
        case "audit":
            return audit(query.filter, query);
    }
}

function some(tableName: string, columnName: string, values: readonly string[]): Plan {
    const column = compared(columnOf(tableOf(tableName), columnName));
    const [value, ...more] = values;
    if (value !== undefined && more.length === 0) return rows(tableName, `WHERE ${column} = ? ORDER BY rowid`, [value]);
    const condition = `WHERE ${column} IN (SELECT value FROM json_each(?)) ORDER BY rowid`;
    return rows(tableName, condition, [JSON.stringify(values)]);
}

function rows(tableName: string, condition: string, parameters: readonly Parameter[]): Plan {
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
