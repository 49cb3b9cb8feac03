// The store in memory, for tests: without indexes and without durability.
import {
    AUDIT_LOG,
    KEYS,
    TEAMS,
    type Table,
    checkKey,
    columnOf,
    comparable,
    comparedCells,
    isDocument,
    tableOf,
} from "./schema.js";
import { type Row, type Tables, checked, ofSet, rowsOf, value, without } from "./memory/sets.js";
import type {
    AuditFilter,
    Commit,
    Found,
    Guard,
    KeyFilter,
    KeyOrder,
    Page,
    Store,
    StoreQuery,
    Write,
} from "./store.js";

export type * from "./store.js";


/** Keeps the rows in memory. */
export function memory(): Store {
    let tables: Tables = new Map();
    return {
        read: async (queries) => queries.map((query) => answer(tables, query)),
        commit: async (writes, guards): Promise<Commit> => {
            const changed = commit(tables, writes, guards);
            if (changed === undefined) return "refused";
            tables = changed;
            return "committed";
        },
    };
}

const number = (row: Row, column: string): number | null => {
    const text = value(row, column);
    return text === null ? null : Number(text);
};

function rowText(table: Table, row: Row, isCut = false): string {
    const told = table.columns.filter((column) => !isCut || !isDocument(column));
    const cells = told.map(({ name }) => `"${name}":${row.get(name) ?? "null"}`);
    return `{${cells.join()}${isCut ? ',"cut":true' : ""}}`;
}

/** The rows with lists and documents as far as they have room in so many bytes: no row's take more than a quarter. */
function within(tableName: string, rows: readonly Row[], bytes: number): string {
    const table = tableOf(tableName);
    const sizeOf = (row: Row): number =>
        table.columns.filter(isDocument).reduce((sum, { name }) => sum + encoder.encode(row.get(name) ?? "").length, 0);
    let taken = 0;
    const shown = rows.map((row) => {
        const size = sizeOf(row);
        const isSmall = size <= Math.floor(bytes / 4);
        if (isSmall) taken += size;
        return rowText(table, row, !isSmall || taken > bytes);
    });
    return `[${shown.join()}]`;
}

const encoder = new TextEncoder();

function array(tableName: string, rows: readonly Row[], isCut = false): string {
    return `[${rows.map((row) => rowText(tableOf(tableName), row, isCut)).join()}]`;
}

function answer(tables: Tables, query: StoreQuery): Found {
    if ("caller" in query) return { rows: caller(tables, query.caller.token) };
    if ("all" in query) return { rows: array(query.all.table, rowsOf(tables, query.all.table)) };
    if ("rows" in query) return { rows: array(query.rows.table, some(tables, query.rows)) };
    if ("brief" in query) {
        const { table, limit } = query.brief;
        return { rows: array(table, some(tables, query.brief).slice(0, limit ?? undefined), true) };
    }
    if ("teams" in query) {
        const { member, bytes } = query.teams;
        const items = { column: "members_with_roles", member: "user_id", values: [member ?? ""] };
        const isMeant = (row: Row): boolean => member === null || without(row, items) !== undefined;
        return { rows: within(TEAMS, rowsOf(tables, TEAMS).filter(isMeant), bytes) };
    }
    if ("audit" in query) {
        return page(audit(rowsOf(tables, AUDIT_LOG), query.audit.filter), query.audit, (rows) => array(AUDIT_LOG, rows));
    }
    const { filter, order, bytes } = query.keys;
    const token = (row: Row): string => `{"token":${row.get("token")}}`;
    const tell = (rows: readonly Row[]): string =>
        bytes === null ? `[${rows.map(token).join()}]` : within(KEYS, rows, bytes);
    return page(keys(rowsOf(tables, KEYS), filter, order), query.keys, tell);
}

/** The rows in which a column has one of the values. */
function some(tables: Tables, looked: Extract<StoreQuery, { readonly rows: unknown }>["rows"]): Row[] {
    const column = columnOf(tableOf(looked.table), looked.column);
    const values = looked.values.map((text) => comparable(column, text));
    const isWanted = (row: Row): boolean => values.includes(comparable(column, value(row, column.name) ?? "\0"));
    return rowsOf(tables, looked.table).filter(isWanted);
}

function page(rows: readonly Row[], { offset, limit }: Page, tell: (rows: readonly Row[]) => string): Found {
    return { rows: tell(rows.slice(offset, offset + limit)), total: rows.length };
}

function caller(tables: Tables, token: string): string {
    const find = (table: string, wanted: Record<string, string | null | undefined>): Row | undefined =>
        rowsOf(tables, table).find((row) =>
            Object.entries(wanted).every(([name, wanted]) => typeof wanted === "string" && value(row, name) === wanted),
        );
    const key = find(KEYS, { token });
    if (key === undefined) return "[]";
    const [user_id, team_id] = [value(key, "user_id"), value(key, "team_id")];
    const team = find("LiteLLM_TeamTable", { team_id });
    const members = (
        [
            ["key", KEYS, key],
            ["user", "LiteLLM_UserTable", find("LiteLLM_UserTable", { user_id })],
            ["team", "LiteLLM_TeamTable", team],
            ["team_models", "LiteLLM_ModelTable", find("LiteLLM_ModelTable", { id: team && value(team, "model_id") })],
            ["membership", "LiteLLM_TeamMembership", find("LiteLLM_TeamMembership", { user_id, team_id })],
            ["budget", "LiteLLM_BudgetTable", find("LiteLLM_BudgetTable", { budget_id: value(key, "budget_id") })],
            ["project", "LiteLLM_ProjectTable", find("LiteLLM_ProjectTable", { project_id: value(key, "project_id") })],
        ] as const
    ).map(([name, table, row]) => `"${name}":${row === undefined ? "null" : rowText(tableOf(table), row)}`);
    return `[{${members.join()}}]`;
}

function keys(rows: readonly Row[], filter: KeyFilter, { column, descending }: KeyOrder): Row[] {
    const isNumber = columnOf(tableOf(KEYS), column).kind !== "text";
    const turn = descending ? -1 : 1;
    const compare = (a: Row, b: Row): number => {
        const [x, y] = isNumber ? [number(a, column), number(b, column)] : [value(a, column), value(b, column)];
        if (x === null || y === null) return Number(x === null) - Number(y === null);
        return x < y ? -turn : x > y ? turn : 0;
    };
    const byToken = (a: Row, b: Row): number => ((value(a, "token") ?? "") < (value(b, "token") ?? "") ? -turn : turn);
    return rows.filter((row) => matches(row, filter)).sort((a, b) => compare(a, b) || byToken(a, b));
}

function matches(row: Row, filter: KeyFilter): boolean {
    const { search, visible_to, status } = filter;
    for (const name of ["user_id", "team_id", "key_alias", "budget_id", "token"] as const) {
        if (filter[name] !== null && value(row, name) !== filter[name]) return false;
    }
    if (search !== null) {
        const alias = value(row, "key_alias")?.toLowerCase() ?? "";
        if (value(row, "token") !== search && !alias.includes(search.toLowerCase())) return false;
    }
    if (visible_to !== null) {
        const { user_id, team_ids, tokens } = visible_to;
        const isOwn = user_id !== null && value(row, "user_id") === user_id;
        const isOfTeam = team_ids.includes(value(row, "team_id") ?? "\0");
        if (!isOwn && !isOfTeam && !tokens.includes(value(row, "token") ?? "\0")) return false;
    }
    if (status === null) return true;
    const [wanted, now] = status;
    const isBlocked = value(row, "blocked") === "true";
    const expires = number(row, "expires");
    const isExpired = expires !== null && expires <= now;
    if (wanted === "blocked") return isBlocked;
    return wanted === "expired" ? isExpired : !isBlocked && !isExpired;
}

function audit(rows: readonly Row[], filter: AuditFilter): Row[] {
    const { object_ids, since, until } = filter;
    const at = (row: Row): number => number(row, "updated_at") ?? 0;
    const matches = (row: Row): boolean =>
        (["changed_by", "action", "table_name"] as const).every(
            (name) => filter[name] === null || value(row, name) === filter[name],
        ) &&
        (object_ids.length === 0 || object_ids.includes(value(row, "object_id") ?? "\0")) &&
        (since === null || at(row) >= since) &&
        (until === null || at(row) < until);
    const id = (row: Row): string => value(row, "id") ?? "";
    return rows.filter(matches).sort((a, b) => at(b) - at(a) || (id(a) < id(b) ? 1 : -1));
}

/** The tables after a commit; `undefined` if it is refused. */
function commit(before: Tables, writes: readonly Write[], guards: readonly Guard[]): Tables | undefined {
    if (!guards.every((guard) => holds(before, guard))) return undefined;
    const tables = new Map(before);
    for (const write of writes) {
        if ("change" in write || "delete" in write) {
            const [which, change] = "change" in write ? [write.change, write.change] : [write.delete, undefined];
            const { rows, notes } = ofSet(tables, which, change);
            tables.set(which.table, rows);
            tables.set(AUDIT_LOG, [...rowsOf(tables, AUDIT_LOG), ...notes]);
            continue;
        }
        const { table } = "insert" in write ? write.insert : write.update;
        const rows = changed(rowsOf(tables, table), tableOf(table), write);
        if (rows === undefined) return undefined;
        tables.set(table, rows);
    }
    return tables;
}

const hasKey = (row: Row, table: Table, key: readonly (string | null)[]): boolean =>
    table.key.every((name, at) => value(row, name) === key[at]);

/** Whether two cells hold one value. Whole numbers are compared as they are written: as doubles the large ones are alike. */
function equal(one: string, other: string): boolean {
    const areWhole = [one, other].every((text) => /^-?\d+$/.test(text));
    return one === other || (!areWhole && JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other)));
}

function holds(tables: Tables, guard: Guard): boolean {
    if ("absent" in guard) {
        const { value: wanted, except } = guard.absent;
        const table = tableOf(guard.absent.table);
        const column = columnOf(table, guard.absent.column);
        const isTaken = (row: Row): boolean =>
            comparable(column, value(row, column.name) ?? "\0") === comparable(column, wanted);
        const isOther = (row: Row): boolean => typeof except !== "string" || !hasKey(row, table, [except]);
        return !rowsOf(tables, table.name).some((row) => isTaken(row) && isOther(row));
    }
    const { table: name, key } = "same" in guard ? guard.same : guard.present;
    const table = tableOf(name);
    checkKey(table, key);
    const cells = "same" in guard ? comparedCells(table, guard.same.row) : [];
    const isSame = (row: Row): boolean => cells.every(([{ name }, text]) => equal(row.get(name) ?? "null", text));
    return rowsOf(tables, name).some((row) => hasKey(row, table, key) && isSame(row));
}

function changed(
    rows: readonly Row[],
    table: Table,
    write: Extract<Write, { readonly insert: unknown } | { readonly update: unknown }>,
): readonly Row[] | undefined {
    if ("insert" in write) {
        const row = checked(table, write.insert.row);
        const key = table.key.map((name) => value(row, name));
        return rows.some((other) => hasKey(other, table, key)) ? undefined : [...rows, row];
    }
    const { key } = write.update;
    checkKey(table, key);
    const set = checked(table, write.update.set);
    const update = (row: Row): Row => (hasKey(row, table, key) ? new Map([...row, ...set]) : row);
    return rows.some((row) => hasKey(row, table, key)) ? rows.map(update) : undefined;
}
