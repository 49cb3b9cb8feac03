// The story of a store: what host/src/store/sqlite/tests.rs tells of the host's, told of every store of the package.
import { deepStrictEqual as equal, ok, rejects } from "node:assert";
import { StoreError } from "latchkey/edge";
import {
    absent,
    among,
    ANY_CHANGE,
    ANY_KEY,
    AUDIT,
    BUDGETS,
    GRACE,
    insert,
    key,
    KEYS,
    list,
    MEMBERSHIPS,
    MODELS,
    present,
    read,
    remove,
    rows,
    rowsOf,
    same,
    setKey,
    TEAMS,
    text,
    tokens,
    USERS,
} from "./words.mjs";

/** Every chapter takes an empty store. */
export const story = {
    async "what was inserted reads back equal to the last digit"(store) {
        const metadata = '{"z":123456789012345678901234567890,"a":1.0,"é\\n":[null,true]}';
        const alias = `it's "quoted" and é 😀 \u0001`;
        const write = key("t", {
            key_alias: text(alias),
            spend: "0.30000000000000004",
            expires: "1700000000123",
            models: '["gpt-4","b\\""]',
            metadata,
            blocked: "false",
            tpm_limit: "9223372036854775807",
            rpm_limit: "-9007199254740993",
            max_budget: "1e16",
            max_parallel_requests: "2147483647",
        });
        equal(await store.commit([write], []), "committed");
        const { rows } = await read(store, rowsOf(KEYS, "token", "t"));
        for (const part of [
            `"metadata":${metadata},`,
            '"tpm_limit":9223372036854775807,',
            '"rpm_limit":-9007199254740993,',
            '"expires":1700000000123,',
            '"models":["gpt-4","b\\""],',
            '"blocked":false,',
            '"soft_budget_cooldown":false,',
            '"user_id":null,',
        ]) {
            ok(rows.includes(part), `${part} in ${rows}`);
        }
        const [found] = JSON.parse(rows);
        equal([found.key_alias, found.spend, found.max_budget], [alias, 0.1 + 0.2, 1e16]);
        equal(await read(store, rowsOf(KEYS, "token", "u")), { rows: "[]" });
    },

    async "a guard refuses what is not as it was read any more, but for counters"(store) {
        const cells = { metadata: '{"a":1}', tpm_limit: "9223372036854775807", blocked: "false", max_budget: "1.5" };
        await store.commit([key("t", cells)], []);
        const read = { token: '"t"', spend: "0.0", key_alias: "null", expires: "null", models: "[]", ...cells };
        const write = setKey("t", { spend: "2.5", key_alias: '"x"' });
        equal(await store.commit([write], [same("t", read)]), "committed");
        const [found] = await rows(store, rowsOf(KEYS, "token", "t"));
        equal([found.spend, found.key_alias, found.metadata], [2.5, "x", { a: 1 }]);
        equal(await store.commit([write], [same("t", read)]), "refused");
        const now = { ...read, key_alias: '"x"' };
        equal(await store.commit([setKey("t", { spend: "3.5", updated_at: "5" })], [same("t", now)]), "committed");
        equal(await store.commit([], [same("t", now), present("t")]), "committed");
        for (const [name, text] of Object.entries({
            tpm_limit: "9223372036854775806",
            blocked: "null",
            max_budget: "2.5",
            metadata: '{"a":2}',
            models: '["m"]',
            expires: "5",
        })) {
            await store.commit([setKey("t", { [name]: text })], []);
            equal(await store.commit([], [same("t", now)]), "refused", name);
            await store.commit([setKey("t", { [name]: now[name] })], []);
        }
        const gone = remove(KEYS, "token", "t");
        equal(await store.commit([gone, gone], [present("t")]), "committed");
        equal(await store.commit([write], []), "refused");
        equal(await store.commit([], [same("t", now)]), "refused");
        equal(await store.commit([], [present("t")]), "refused");
    },

    async "keys go by several columns with the secrets they had before"(store) {
        const held = (token, user, team) => key(token, { user_id: text(user), team_id: text(team) });
        const former = (token, current) =>
            insert(GRACE, { token: text(token), current: text(current), key_id: text(current), works_until: "null" });
        const keys = [held("a", "u", "t"), held("b", "u", "s"), held("c", "v", "t")];
        await store.commit([...keys, former("a0", "a"), former("c0", "c")], []);
        const of = [among("user_id", "u", "v'"), among("team_id", "t")];
        const refers = { refers: { column: "current", table: KEYS, of: "token", member: null, rows: of.map((one) => [one.in.column, one.in.values]) } };
        const gone = [
            { delete: { table: GRACE, rows: [refers], noted: null } },
            { delete: { table: KEYS, rows: of, noted: null } },
        ];
        equal(await store.commit(gone, []), "committed");
        equal((await tokens(store, {}))[0], "bc");
        equal((await rows(store, { all: { table: GRACE } })).map(({ token }) => token), ["c0"]);
        equal(await store.commit(gone, []), "committed");
        await rejects(store.commit([{ delete: { table: KEYS, rows: [], noted: null } }], []), StoreError);
    },

    async "items go out of lists of text and of objects"(store) {
        const members = (...ids) => text(ids.map((user_id) => ({ role: "user", user_id, user_email: null })));
        await store.commit(
            [
                insert(USERS, { user_id: '"u"', teams: '["a","t\\"","b","t\\""]' }),
                insert(USERS, { user_id: '"w"', teams: '["t\\""]' }),
                insert(TEAMS, { team_id: '"a"', members_with_roles: members("u", "v") }),
                insert(TEAMS, { team_id: '"b"', members_with_roles: members("v") }),
                insert(TEAMS, { team_id: '"c"', members_with_roles: "{}" }),
            ],
            [],
        );
        const set = new Map([["updated_at", "9"]]);
        const take = (table, rows, column, member, ...values) => ({
            change: { table, rows, set, take: { column, member, values }, noted: null },
        });
        const taken = [
            take(USERS, [among("user_id", "u", "v")], "teams", null, 't"', "x"),
            take(TEAMS, [], "members_with_roles", "user_id", "u", "w"),
        ];
        equal(await store.commit(taken, []), "committed");
        const users = await rows(store, { all: { table: USERS } });
        equal(users.map(({ teams, updated_at }) => [teams, updated_at]), [
            [["a", "b"], 9],
            [['t"'], null],
        ]);
        const refers = {
            refers: { column: "user_id", table: TEAMS, of: "members_with_roles", member: "user_id", rows: [["team_id", ["a", "c"]]] },
        };
        await store.commit([take(USERS, [refers], "teams", null, "b")], []);
        equal((await rows(store, { all: { table: USERS } }))[0].teams, ["a", "b"], "no member any more");
        const teams = await rows(store, { all: { table: TEAMS } });
        equal(teams.map(({ members_with_roles, updated_at }) => [members_with_roles, updated_at]), [
            [JSON.parse(members("v")), 9],
            [JSON.parse(members("v")), 1],
            [{}, 1],
        ]);
    },

    async "each row of a set is noted in the audit log"(store) {
        const held = (token, cells) => key(token, { user_id: '"u"', ...cells });
        await store.commit(
            [
                held("b", { key_alias: '"sk-0123456789"', expires: "1700000000123", blocked: "true", max_budget: "1.5" }),
                held("a"),
                key("c"),
                insert(USERS, { user_id: '"u"', teams: '["s","t"]' }),
            ],
            [],
        );
        const said = { updated_at: "7", changed_by: '"boss"', changed_by_api_key: '"h"', action: '"x"', table_name: '"it"' };
        const note = (id, ...shown) => ({ id, row: new Map(Object.entries(said)), shown });
        const columns = ["token", "key_alias", "expires", "blocked", "max_budget", "tpm_limit"];
        const taken = {
            change: {
                table: USERS,
                rows: [among("user_id", "u")],
                set: new Map([["updated_at", "9"]]),
                take: { column: "teams", member: null, values: ["t"] },
                noted: note("2", "user_id", "teams", "updated_at"),
            },
        };
        const gone = { delete: { table: KEYS, rows: [among("user_id", "u")], noted: note("1", ...columns) } };
        equal(await store.commit([gone, taken], []), "committed");
        const log = (await rows(store, { all: { table: AUDIT } })).sort((a, b) => (a.id < b.id ? -1 : 1));
        equal(log.map(({ id, object_id, changed_by }) => [id, object_id, changed_by]), [
            ["1-00000001", "a", "boss"],
            ["1-00000002", "b", "boss"],
            ["2-00000001", "u", "boss"],
        ]);
        equal(log[1].before_value, {
            token: "b",
            key_alias: "sk-...6789",
            expires: "2023-11-14T22:13:20.123Z",
            blocked: true,
            max_budget: 1.5,
            tpm_limit: null,
        });
        equal([log[0].updated_values, log[2].before_value.teams], [null, ["s", "t"]]);
        equal(log[2].updated_values, { user_id: "u", teams: ["s"], updated_at: "1970-01-01T00:00:00.009Z" });
    },

    async "a page has all its rows, and documents as far as they have room"(store) {
        const sizes = { a: 10, b: 3000, c: 1000, d: 1000, e: 1000, f: 1000, g: 1000 };
        const metadata = (size) => text({ m: "x".repeat(size) });
        const keys = Object.entries(sizes).map(([token, size]) => key(token, { metadata: metadata(size), created_at: "1" }));
        await store.commit([...keys, insert(TEAMS, { team_id: '"t"', members_with_roles: '[{"user_id":"u"}]' })], []);
        const page = async (bytes) => {
            const order = { column: "created_at", descending: false };
            const found = await rows(store, list(ANY_KEY, order, { offset: 0, limit: 10 }, bytes));
            return found.map((row) => (row.cut && row.metadata === undefined ? row.token.toUpperCase() : row.token)).join("");
        };
        equal([await page(4800), await page(1 << 20), await page(0)], ["aBcdefG", "abcdefg", "ABCDEFG"]);
        equal((await rows(store, list(ANY_KEY, { column: "token", descending: false })))[0], { token: "a" });
        const [brief] = await rows(store, { brief: { table: KEYS, column: "token", values: ["a"], limit: null } });
        equal([brief.cut, brief.created_at, brief.metadata, brief.models], [true, 1, undefined, undefined]);
        const some = { brief: { table: KEYS, column: "token", values: ["c", "b", "a"], limit: 2 } };
        equal((await rows(store, some)).map(({ token }) => token), ["a", "b"]);
        const oldest = { column: "created_at", descending: false };
        const having = (member) => member && { column: "members_with_roles", member: "user_id", values: [member] };
        const oneOf = (member) => ({ table: TEAMS, rows: [], having: having(member), order: oldest, offset: 0, limit: 10, bytes: 8000 });
        const teams = async (member) => (await rows(store, { page: oneOf(member) })).length;
        equal([await teams(null), await teams("u"), await teams("x'")], [1, 1, 0]);
        const set = new Map([["members_with_roles", '[{"user_id":"v"},{"user_id":7}]']]);
        await store.commit([{ update: { table: TEAMS, key: ["t"], set } }], []);
        equal([await teams("u"), await teams("v"), await teams("7")], [0, 1, 0]);
        await store.commit([remove(TEAMS, "team_id", "t")], []);
        equal(await teams("v"), 0);
    },

    async "a refused commit leaves nothing and hurts no other beside it"(store) {
        await store.commit([key("taken", { key_alias: '"alias"' })], []);
        const commits = Array.from({ length: 20 }, (_, at) =>
            store.commit(at % 2 === 0 ? [key(`t${at}`)] : [key(`t${at}`), key("taken")], []),
        );
        for (const [at, ended] of (await Promise.all(commits)).entries()) {
            equal(ended, at % 2 === 0 ? "committed" : "refused", `commit ${at}`);
        }
        equal((await tokens(store, {}))[1], 11);
        equal(await store.commit([key("new")], [absent("key_alias", "alias")]), "refused");
        equal(await store.commit([key("new")], [absent("key_alias", "alias", "taken")]), "committed");
        equal(await store.commit([setKey("taken", { key_alias: '"other"' }), setKey("gone", { spend: "1.0" })], []), "refused");
        equal((await tokens(store, { key_alias: "alias" }))[0], "taken");
    },

    async "a write the table cannot hold is an error and hurts no other"(store) {
        const [unfit, unknown, noColumn, fit] = await Promise.allSettled([
            store.commit([key("before"), key("t", { spend: "null" })], []),
            store.commit([key("before"), remove("sqlite_master", "x", "")], []),
            store.commit([remove(KEYS, "rowid", "")], []),
            store.commit([key("t")], []),
        ]);
        ok(unfit.reason instanceof StoreError, unfit.reason);
        equal([unknown.reason?.code, noColumn.reason?.code], ["store_unknown", "store_unknown"]);
        equal(fit.value, "committed");
        await rejects(store.read([rowsOf("latchkey_meta", "name", "x")]), { code: "store_unknown" });
        equal(await tokens(store, {}), ["t", 1]);
    },

    async "many values and whole tables come oldest first"(store) {
        for (const id of ["b", "a", "c"]) await store.commit([insert(USERS, { user_id: text(id) })], []);
        const ids = async (query) => (await rows(store, query)).map(({ user_id }) => user_id).join("");
        equal(await ids(rowsOf(USERS, "user_id", "c", "b", "x")), "bc");
        equal(await ids(rowsOf(USERS, "user_id")), "");
        equal(await ids({ all: { table: USERS } }), "bac");
    },

    async "a caller comes with the rows the key names"(store) {
        const [x, y] = ['"x"', '"y"'];
        await store.commit(
            [
                key("t", { user_id: x, team_id: x, budget_id: x }),
                insert(USERS, { user_id: x }),
                insert(TEAMS, { team_id: x, model_id: "7" }),
                insert(MODELS, { id: "7", aliases: '{"a":"b"}' }),
                insert(MEMBERSHIPS, { user_id: x, team_id: x }),
                insert(MEMBERSHIPS, { user_id: x, team_id: y }),
                insert(BUDGETS, { budget_id: x, max_budget: "1.0" }),
                key("alone"),
            ],
            [],
        );
        const [found] = await rows(store, { caller: { token: "t" } });
        equal(Object.keys(found), ["key", "user", "team", "team_models", "membership", "budget", "project"]);
        equal([found.key.token, found.user.user_id, found.team.model_id], ["t", "x", 7]);
        equal([found.team_models.aliases, found.membership.team_id, found.budget.max_budget], [{ a: "b" }, "x", 1]);
        const [alone] = await rows(store, { caller: { token: "alone" } });
        equal([alone.user, alone.team, alone.team_models, alone.membership, alone.budget], [null, null, null, null, null]);
        equal(await rows(store, { caller: { token: "nobody" } }), []);
        equal((await rows(store, rowsOf(MODELS, "id", "7"))).length, 1);
    },

    async "a page of keys is filtered, ordered and counted"(store) {
        await store.commit(
            [
                key("a", { user_id: '"u"', created_at: "2", key_alias: '"Prod-1"' }),
                key("b", { team_id: '"g"', created_at: "2", expires: "5" }),
                key("c", { team_id: '"h"', created_at: "10", blocked: "true" }),
                key("d", { budget_id: '"b"' }),
            ],
            [],
        );
        equal((await tokens(store, {}, "created_at", true))[0], "cbad");
        equal((await tokens(store, {}, "created_at", false))[0], "abcd");
        const sees = (visible) => ({ visible_to: { user_id: null, team_ids: [], tokens: [], ...visible } });
        for (const [filter, found] of [
            [{ user_id: "u" }, "a"],
            [{ budget_id: "b" }, "d"],
            [{ search: "prod" }, "a"],
            [{ search: "c" }, "c"],
            [{ blocked: false, expired: [false, 5] }, "ad"],
            [{ blocked: false, expired: [true, 5] }, "b"],
            [{ blocked: true }, "c"],
            [sees({ user_id: "u", team_ids: ["g"], tokens: ["d"] }), "abd"],
            [sees({ team_ids: ["g", "h"] }), "bc"],
            [sees({}), ""],
        ]) {
            equal(await tokens(store, filter), [found, found.length], JSON.stringify(filter));
        }
        const order = { column: "token", descending: false };
        const page = await read(store, list(ANY_KEY, order, { offset: 3, limit: 2 }));
        equal([JSON.parse(page.rows).length, page.total], [1, 4]);
        await rejects(store.read([list(ANY_KEY, { column: "row_version", descending: true })]), StoreError);
    },

    async "a page of the audit log is filtered, newest first and counted"(store) {
        const row = (id, at, object, actor, action, more = {}) =>
            insert(AUDIT, {
                id: text(id),
                updated_at: String(at),
                object_id: text(object),
                changed_by: text(actor),
                action: text(action),
                ...more,
            });
        await store.commit(
            [
                row("b", 1, "k", "boss", "created", { before_value: "null", updated_values: '{"n":1.0}' }),
                row("a", 1, "l", "boss", "created"),
                row("c", 2, "k", "u", "updated"),
                row("d", 10, "k", "u", "deleted", { table_name: '"other"' }),
            ],
            [],
        );
        const ids = async (filter) => {
            const query = { audit: { filter: { ...ANY_CHANGE, ...filter }, offset: 0, limit: 10 } };
            const found = await read(store, query);
            return [JSON.parse(found.rows).map(({ id }) => id).join(""), found.total];
        };
        for (const [filter, found] of [
            [{}, "dcba"],
            [{ object_ids: ["k"] }, "dcb"],
            [{ changed_by: "boss" }, "ba"],
            [{ object_ids: ["l", "k", "x"] }, "dcba"],
            [{ action: "created", object_ids: ["l"] }, "a"],
            [{ table_name: "other" }, "d"],
            [{ since: 2, until: 10 }, "c"],
        ]) {
            equal(await ids(filter), [found, found.length], JSON.stringify(filter));
        }
        const page = await read(store, { audit: { filter: ANY_CHANGE, offset: 3, limit: 2 } });
        equal([JSON.parse(page.rows).length, page.total], [1, 4]);
        ok((await read(store, { all: { table: AUDIT } })).rows.includes('"updated_values":{"n":1.0}'));
    },

    async "several queries are answered in their order"(store) {
        await store.commit([key("t"), insert(USERS, { user_id: '"u"' })], []);
        const found = await store.read([
            rowsOf(USERS, "user_id", "u"),
            { caller: { token: "t" } },
            list(ANY_KEY, { column: "token", descending: true }),
            rowsOf(KEYS, "token", "nobody"),
        ]);
        equal(found.map(({ rows, total }) => [JSON.parse(rows).length, total]), [
            [1, undefined],
            [1, undefined],
            [1, 1],
            [0, undefined],
        ]);
    },
};
