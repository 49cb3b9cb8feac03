// Writes of all rows that meet conditions, and the rows of the audit log that note them.
import { AUDIT_LOG, TEAMS, type Column, type Table, checkSet, columnOf, tableOf } from "../schema.js";
import type { Among, Change, Condition, Items, Note, Refers, Rows } from "../store.js";
import { type Parameter, type Statement, cellsOf, compared, quoted, stored } from "./rows.js";

/** What the rows meet: every condition, and that they have one of the items. */
export function conditionOf(tableName: string, conditions: readonly Condition[], take: Items | undefined): Statement {
    checkSet(conditions, take);
    const table = tableOf(tableName);
    const parts = conditions.map((condition) => ("in" in condition ? among(table, condition.in) : refers(table, condition.refers)));
    if (take !== undefined && areMembersOfTeams(table, take)) {
        const teams = 'SELECT "team_id" FROM "latchkey_team_member" WHERE "user_id" IN (SELECT value FROM json_each(?))';
        parts.push({ sql: `"team_id" IN (${teams})`, parameters: [JSON.stringify(take.values)] });
    } else if (take !== undefined) {
        const { each, isMeant, parameters } = itemsOf(table, take);
        parts.push({ sql: `EXISTS (SELECT 1 FROM ${each} WHERE ${isMeant})`, parameters });
    }
    return joined(parts);
}

/** Whether an index says which teams have the items. */
const areMembersOfTeams = ({ name }: Table, { column, member }: Items): boolean =>
    name === TEAMS && column === "members_with_roles" && member === "user_id";

/** The statements of a change or deletion of a set. */
export function changeOf(rows: Rows, change: Change | undefined): Statement[] {
    const table = tableOf(rows.table);
    const take = change?.take ?? undefined;
    const which = conditionOf(rows.table, rows.rows, take);
    const set = change === undefined ? undefined : changes(table, change.set, take);
    const noted = rows.noted === null ? [] : [audit(table, rows.noted, which, set)];
    const name = quoted(table.name);
    if (set === undefined) return [...noted, { sql: `DELETE FROM ${name} WHERE ${which.sql}`, parameters: which.parameters }];
    const columns = [...set].map(([{ name }, { sql }]) => `${quoted(name)} = ${sql}`).join(", ");
    const parameters = [...set.values()].flatMap(({ parameters }) => parameters);
    const sql = `UPDATE ${name} SET ${columns} WHERE ${which.sql}`;
    return [...noted, { sql, parameters: [...parameters, ...which.parameters] }];
}

function joined(parts: readonly Statement[]): Statement {
    const sql = parts.map(({ sql }) => sql).join(" AND ");
    return { sql: parts.length === 0 ? "0" : sql, parameters: parts.flatMap(({ parameters }) => parameters) };
}

function among(table: Table, { column, values }: Among): Statement {
    const name = compared(columnOf(table, column));
    const [value, ...more] = values;
    if (value !== undefined && more.length === 0) return { sql: `${name} = ?`, parameters: [value] };
    return { sql: `${name} IN (SELECT value FROM json_each(?))`, parameters: [JSON.stringify(values)] };
}

function refers(table: Table, condition: Refers): Statement {
    const other = tableOf(condition.table);
    const [column, of] = [columnOf(table, condition.column), columnOf(other, condition.of)];
    const { sql, parameters } = joined(condition.rows.map(([column, values]) => among(other, { column, values })));
    const { member } = condition;
    const named =
        member === null
            ? `${quoted(of.name)} FROM ${quoted(other.name)}`
            : `${MEMBER} FROM ${quoted(other.name)}, json_each(${quoted(other.name)}.${quoted(of.name)}) AS i`;
    return {
        sql: `${quoted(column.name)} IN (SELECT ${named} WHERE ${sql})`,
        parameters: [...(member === null ? [] : [path(member)]), ...parameters],
    };
}

/** The member of the item `i` of a list; its path is a parameter. */
const MEMBER = "CASE WHEN i.type = 'object' THEN json_extract(i.value, ?) END";

const path = (member: string): string => `$."${member}"`;

/** How the items of a list are looked through. */
interface Each {
    readonly column: Column;
    readonly each: string;
    readonly isMeant: string;
    readonly parameters: readonly Parameter[];
}

function itemsOf(table: Table, { column: name, member, values }: Items): Each {
    const column = columnOf(table, name);
    const value = member === null ? "i.value" : MEMBER;
    return {
        column,
        each: `json_each(${quoted(table.name)}.${quoted(column.name)}) AS i`,
        isMeant: `${value} IN (SELECT value FROM json_each(?))`,
        parameters: [...(member === null ? [] : [path(member)]), JSON.stringify(values)],
    };
}

/** The list without the items. */
function without(table: Table, items: Items): [Column, Statement] {
    const { column, each, isMeant, parameters } = itemsOf(table, items);
    const [kept, isKept] = items.member === null ? ["i.value", ""] : ["json(i.value)", " AND i.type = 'object'"];
    const sql = `(SELECT json_group_array(${kept}) FROM ${each} WHERE (${isMeant}) IS NOT 1${isKept})`;
    return [column, { sql, parameters }];
}

type Changes = ReadonlyMap<Column, Statement>;

/** What the columns of changed rows are set to. */
function changes(table: Table, cells: ReadonlyMap<string, string>, take: Items | undefined): Changes {
    const set = new Map<Column, Statement>();
    for (const [name, text] of cells) {
        const column = columnOf(table, name);
        set.set(column, { sql: "?", parameters: [stored(text, column)] });
    }
    return take === undefined ? set : new Map([...set, without(table, take)]);
}

/** The statement that notes the rows. */
function audit(table: Table, note: Note, which: Statement, set: Changes | undefined): Statement {
    const { names, parameters } = cellsOf(AUDIT_LOG, note.row);
    const key = table.key.map(quoted);
    const id = `? || '-' || printf('%08d', row_number() OVER (ORDER BY ${key.join(", ")}))`;
    const before = object(table, note, new Map());
    const after = set === undefined ? { sql: "NULL", parameters: [] } : object(table, note, set);
    const values = [id, key.map(masked).join(" || '/' || "), before.sql, after.sql, ...names.map(() => "?")];
    const columns = ['"id"', '"object_id"', '"before_value"', '"updated_values"', ...names];
    return {
        sql:
            `INSERT INTO ${quoted(AUDIT_LOG)} (${columns.join(", ")}) SELECT ${values.join(", ")} ` +
            `FROM ${quoted(table.name)} WHERE ${which.sql}`,
        parameters: [note.id, ...before.parameters, ...after.parameters, ...parameters, ...which.parameters],
    };
}

/** The shown columns as a JSON object, those in `set` as they will be. */
function object(table: Table, note: Note, set: Changes): Statement {
    const members = note.shown.map((name) => {
        const column = columnOf(table, name);
        const { sql, parameters } = set.get(column) ?? { sql: quoted(column.name), parameters: [] };
        return { sql: `'${column.name}', ${shown(column, sql, set.has(column))}`, parameters: times(column, parameters) };
    });
    const sql = `json_object(${members.map(({ sql }) => sql).join(", ")})`;
    return { sql, parameters: members.flatMap(({ parameters }) => parameters) };
}

function shown({ kind }: Column, value: string, isChanged: boolean): string {
    switch (kind) {
        case "json":
        case "text_list":
            return `json(${value})`;
        case "bool":
            return `json(iif(${value} IS NULL, 'null', iif(${value}, 'true', 'false')))`;
        case "time":
            return `strftime('%Y-%m-%dT%H:%M:%fZ', ${value} / 1000.0, 'unixepoch')`;
        case "text":
            return isChanged ? value : masked(value);
        default:
            return value;
    }
}

/** A value that stands twice in what shows it is given twice. */
const times = ({ kind }: Column, parameters: readonly Parameter[]): readonly Parameter[] =>
    kind === "bool" ? [...parameters, ...parameters] : parameters;

/** A text, of a key no more than how keys are shown. */
const masked = (value: string): string =>
    `iif(substr(${value}, 1, 3) = 'sk-', 'sk-...' || substr(${value}, -4), ${value})`;
