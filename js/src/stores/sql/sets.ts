// Writes of all rows that meet conditions, and the rows of the audit log that note them.
import { StoreError } from "../../errors.js";
import { AUDIT_LOG, TEAMS, type Column, type Table, columnOf, tableOf } from "../schema.js";
import type { Change, Condition, Contains, Copies, Items, Note, Refers, Rows } from "../store.js";
import { cellsOf, stored } from "./rows.js";
import { type Statement, among, anyOf, bound, fill, joined, named, plain, quoted } from "./statement.js";
import * as templates from "./templates.js";

/** What the rows meet, of which a write is about some: every condition, and that they have one of the items. */
function conditionOf(table: Table, conditions: readonly Condition[], take: Items | undefined): Statement {
    const all = conditionsOf(table, conditions, take);
    if (all.length === 0) throw new StoreError("store_unknown", "store has no write of all rows");
    return joined(all, " AND ");
}

/** What rows meet: every condition, and that they have one of the items. */
export function conditionsOf(table: Table, conditions: readonly Condition[], take: Items | undefined): Statement[] {
    const all = conditions.map((condition) => {
        if ("in" in condition) return among(table, condition.in.column, condition.in.values);
        return "contains" in condition ? contains(table, condition.contains) : refers(table, condition.refers);
    });
    if (take !== undefined && areMembersOfTeams(table, take)) {
        all.push(fill(templates.HAS_MEMBER, { values: JSON.stringify(take.values) }));
    } else if (take !== undefined) {
        all.push(fill(templates.HAS_ITEM, { each: each(table, columnOf(table, take.column)), is_meant: isMeant(take) }));
    }
    return all;
}

/** One of the columns contains the text. */
const contains = (table: Table, { columns, text }: Contains): Statement =>
    anyOf(columns.map((name) => fill(templates.CONTAINS, { column: columnOf(table, name).name, text })));

/** Whether an index says which teams have the items. */
const areMembersOfTeams = ({ name }: Table, { column, member }: Items): boolean =>
    name === TEAMS && column === "members_with_roles" && member === "user_id";

/** The statements of a change or deletion of a set. */
export function changeOf(rows: Rows, change: Change | undefined): Statement[] {
    const table = tableOf(rows.table);
    const take = change?.take ?? undefined;
    const condition = conditionOf(table, rows.rows, take);
    const set = change === undefined ? undefined : changes(table, change.set, take);
    const noted = rows.noted === null ? [] : [audit(table, rows.noted, condition, set)];
    if (set === undefined) return [...noted, fill(templates.DELETE, { table: table.name, condition })];
    return [...noted, fill(templates.UPDATE, { table: table.name, set: assigned(set), condition })];
}

/** The statement that keeps copies of a set in another table. */
export function copyOf({ table: name, rows, into: other, id, columns, set }: Copies): Statement {
    const [table, into] = [tableOf(name), tableOf(other)];
    const [idColumn, ...more] = into.key;
    if (idColumn === undefined || more.length > 0) {
        throw new StoreError("store_unknown", `store has no single primary key in \`${into.name}\``);
    }
    const condition = conditionOf(table, rows, undefined);
    const cells = Array.from(set, ([name, text]) => {
        const column = columnOf(into, name);
        return [named(column), bound(stored(text, column))] as const;
    });
    const names = columns.map((name) => named(columnOf(into, name)));
    const copied = columns.map((name) => plain(named(columnOf(table, name))));
    return fill(templates.COPY, {
        into: into.name,
        id_column: idColumn,
        columns: [...names, ...cells.map(([name]) => name)].join(", "),
        id,
        key: table.key.map(quoted).join(", "),
        values: joined([...copied, ...cells.map(([, value]) => value)], ", "),
        table: table.name,
        condition,
    });
}

function refers(table: Table, condition: Refers): Statement {
    const other = tableOf(condition.table);
    const [column, of] = [columnOf(table, condition.column), columnOf(other, condition.of)];
    const { member } = condition;
    const rows = condition.rows.map(([column, values]) => among(other, column, values));
    const both = {
        column: column.name,
        table: other.name,
        condition: rows.length === 0 ? plain(templates.NONE) : joined(rows, " AND "),
    };
    if (member === null) return fill(templates.REFERS, { ...both, of: of.name });
    return fill(templates.REFERS_TO_ITEM, { ...both, item: itemOf(member), each: each(other, of) });
}

const each = (table: Table, column: Column): Statement => fill(templates.EACH, { table: table.name, column: column.name });

/** An item of a list, or a member of it. */
const itemOf = (member: string | null): Statement =>
    member === null ? plain(templates.ITEM) : fill(templates.MEMBER, { path: `$."${member}"` });

const isMeant = ({ member, values }: Items): Statement =>
    fill(templates.ITEM_IS_AMONG, { item: itemOf(member), values: JSON.stringify(values) });

type Changes = ReadonlyMap<Column, Statement>;

/** What the columns of changed rows are set to. */
function changes(table: Table, cells: ReadonlyMap<string, string>, take: Items | undefined): Changes {
    const set = new Map<Column, Statement>();
    for (const [name, text] of cells) {
        const column = columnOf(table, name);
        set.set(column, bound(stored(text, column)));
    }
    if (take === undefined) return set;
    const column = columnOf(table, take.column);
    const template = take.member === null ? templates.TEXTS_WITHOUT : templates.OBJECTS_WITHOUT;
    return set.set(column, fill(template, { each: each(table, column), is_meant: isMeant(take) }));
}

/** Columns and what they are set to. */
export const assigned = (set: Changes): Statement =>
    joined(
        Array.from(set, ([column, { sql, parameters }]) => ({ sql: `${named(column)} = ${sql}`, parameters })),
        ", ",
    );

/** The statement that notes the rows. */
function audit(table: Table, note: Note, condition: Statement, set: Changes | undefined): Statement {
    return fill(templates.NOTE, {
        id: note.id,
        key: table.key.map(quoted).join(", "),
        object: joined(table.key.map((name) => masked(plain(quoted(name)))), " || '/' || "),
        before: object(table, note, new Map()),
        after: set === undefined ? plain("NULL") : object(table, note, set),
        ...cellsOf(tableOf(AUDIT_LOG), note.row),
        table: table.name,
        condition,
    });
}

/** The shown columns as a JSON object, those in `set` as they will be. */
function object(table: Table, note: Note, set: Changes): Statement {
    const members = note.shown.map((name) => {
        const column = columnOf(table, name);
        const { sql, parameters } = shown(column, set.get(column));
        return { sql: `'${column.name}', ${sql}`, parameters };
    });
    return fill(templates.SHOWN, { members: joined(members, ", ") });
}

/** A column as it is, or as it will be. */
function shown(column: Column, changed: Statement | undefined): Statement {
    const value = changed ?? plain(named(column));
    switch (column.kind) {
        case "json":
        case "text_list":
            return fill(templates.SHOWN_JSON, { value });
        case "bool":
            return fill(templates.SHOWN_BOOL, { value });
        case "time":
            return fill(templates.SHOWN_TIME, { value });
        case "int4":
        case "int8":
            return fill(templates.SHOWN_WHOLE, { value });
        case "text":
            return changed === undefined ? masked(value) : value;
        case "float":
            return value;
    }
}

const masked = (value: Statement): Statement => fill(templates.MASKED, { value });
