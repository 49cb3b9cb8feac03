// Short words for writes, guards, queries and rows: cells are JSON text.

export const KEYS = "LiteLLM_VerificationToken";
export const USERS = "LiteLLM_UserTable";
export const TEAMS = "LiteLLM_TeamTable";
export const MEMBERSHIPS = "LiteLLM_TeamMembership";
export const MODELS = "LiteLLM_ModelTable";
export const BUDGETS = "LiteLLM_BudgetTable";
export const AUDIT = "LiteLLM_AuditLog";
export const GRACE = "latchkey_grace";

/** Columns that must not be null, with what they hold when a test does not care. */
const DEFAULTS = {
    [KEYS]: {
        soft_budget_cooldown: "false",
        spend: "0.0",
        models: "[]",
        aliases: "{}",
        config: "{}",
        permissions: "{}",
        metadata: "{}",
        allowed_cache_controls: "[]",
        model_spend: "{}",
        model_max_budget: "{}",
    },
    [USERS]: {
        teams: "[]",
        spend: "0.0",
        models: "[]",
        metadata: "{}",
        allowed_cache_controls: "[]",
        model_spend: "{}",
        model_max_budget: "{}",
    },
    [TEAMS]: {
        admins: "[]",
        members: "[]",
        members_with_roles: "[]",
        metadata: "{}",
        spend: "0.0",
        models: "[]",
        blocked: "false",
        created_at: "1",
        updated_at: "1",
        model_spend: "{}",
        model_max_budget: "{}",
    },
    [MEMBERSHIPS]: { spend: "0.0" },
    [MODELS]: { created_at: "1", created_by: '""', updated_at: "1", updated_by: '""' },
    [BUDGETS]: { created_at: "1", created_by: '""', updated_at: "1", updated_by: '""' },
    [AUDIT]: { changed_by_api_key: '""', table_name: JSON.stringify(KEYS), changed_by: '""', action: '""' },
};

/** The write that stores a row; `cells` are JSON text. */
export const insert = (table, cells) => ({
    insert: { table, row: new Map(Object.entries({ ...DEFAULTS[table], ...cells })), like: null },
});
export const text = (value) => JSON.stringify(value);
const object = (cells) => `{${Object.entries(cells).map(([name, cell]) => `${text(name)}:${cell}`).join()}}`;
export const key = (token, cells = {}) => insert(KEYS, { token: text(token), ...cells });
export const among = (column, ...values) => ({ in: { column, values } });
export const remove = (table, column, value) => ({ delete: { table, rows: [among(column, value)], noted: null } });
export const setKey = (token, cells) => ({ update: { table: KEYS, key: [token], set: new Map(Object.entries(cells)) } });
export const absent = (column, value, except) => ({ absent: { table: KEYS, column, value, except: except ?? null } });
export const same = (token, cells) => ({ same: { table: KEYS, key: [token], row: object(cells), counters: false } });
export const present = (token) => ({ present: { table: KEYS, key: [token] } });
export const rowsOf = (table, column, ...values) => ({ rows: { table, column, values } });

export const ANY_KEY = {
    user_id: null,
    team_id: null,
    key_alias: null,
    budget_id: null,
    token: null,
    project_id: null,
    agent_id: null,
    without_team: null,
    search: null,
    alias_part: null,
    rotation_due: null,
    archived: false,
    deleted_since: null,
    owner_part: null,
    visible_to: null,
    blocked: null,
    expired: null,
};
export const ANY_CHANGE = { object_ids: [], changed_by: null, action: null, table_name: null, since: null, until: null };

export const read = async (store, query) => (await store.read([query]))[0];
export const rows = async (store, query) => JSON.parse((await read(store, query)).rows);
export const list = (filter, order, page = { offset: 0, limit: 10 }, bytes = null) => ({
    keys: { filter, order, ...page, bytes },
});

export async function tokens(store, filter, column = "token", descending = false) {
    const found = await read(store, list({ ...ANY_KEY, ...filter }, { column, descending }));
    return [JSON.parse(found.rows).map(({ token }) => token).join(""), found.total];
}
