//! The SQL: `{name}` stands for more of it, and `{?name}` for a value.
//!
//! Equal questions about other values give the same text, so that it can be kept prepared.

/// States the templates, and lists them for the npm package.
macro_rules! templates {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub const $name: &str = $text;)+

        /// Every template by its name.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

templates! {
    /// Rows of a table.
    SELECT = r#"SELECT {columns} FROM "{table}" {rest}"#;
    /// Rows without their lists and documents.
    SELECT_BRIEF = r#"SELECT {columns}, 1 AS "cut" FROM "{table}" {rest}"#;
    /// Rows with their lists and documents as far as they have room. How long a document is SQLite knows without reading it,
    /// unless a window function stands beside it.
    SELECT_WITHIN = concat!(
        r#"WITH page AS (SELECT rowid AS "rowid", {small}, {size} AS "size" "#,
        r#"FROM "{table}" WHERE rowid IN (SELECT rowid FROM "{table}" {page})), "#,
        r#"sized AS (SELECT *, row_number() OVER ({order}) AS "place", "size" > {most} "#,
        r#"OR sum(iif("size" <= {most}, "size", 0)) OVER ({order} ROWS UNBOUNDED PRECEDING) > {bytes} AS "cut" FROM page) "#,
        r#"SELECT {columns}, "cut" FROM sized JOIN "{table}" ON "{table}".rowid = sized."rowid" ORDER BY "place""#,
    );
    /// How long a document is.
    SIZE = r#"ifnull(octet_length("{column}"), 0)"#;
    /// A document that has room.
    UNLESS_CUT = r#"iif("cut", NULL, "{table}"."{column}") AS "{column}""#;
    /// The order of rows without another.
    OLDEST_FIRST = "ORDER BY rowid";
    /// Some rows of a table.
    SOME = "WHERE {condition} ORDER BY rowid";
    /// The first of them.
    FIRST = "WHERE {condition} ORDER BY rowid LIMIT {?limit}";
    /// One page of the rows that meet conditions.
    PAGE = "{where} {order} LIMIT {?limit} OFFSET {?offset}";
    /// How many rows meet conditions.
    TOTAL = r#"SELECT COUNT(*) AS "total" FROM "{table}" {where}"#;
    /// How many rows are left without some.
    TOTAL_BUT = r#"SELECT ({all}) - ({unwanted}) AS "total""#;
    /// A condition does not hold, nor can it not be told.
    NOT = "({condition}) IS NOT 1";
    /// The order of rows by a column, ties by their key.
    PAGE_ORDER = r#"ORDER BY "{column}" {direction} NULLS {nulls}, "{key}" {direction}"#;
    /// A column contains a text.
    CONTAINS = r#"instr(lower("{column}"), lower({?text})) > 0"#;

    /// A column has a value.
    IS = r#""{column}"{collation} = {?value}"#;
    /// A column has one of some values, an array of JSON.
    IS_AMONG = r#""{column}"{collation} IN (SELECT value FROM json_each({?values}))"#;
    /// How texts are compared where the case of ASCII letters makes no difference.
    CASELESS = " COLLATE NOCASE";

    /// Tokens of keys alone; the order of the page needs what it is by.
    TOKENS = r#"SELECT "token" FROM (SELECT "token", "{key}", "{column}" FROM "{table}" {page}) {order}"#;
    /// A key's token is the text, or its alias contains it.
    SEARCH = r#"("token" = {?text} OR instr(lower("key_alias"), lower({?text})) > 0)"#;
    /// A key is blocked.
    BLOCKED = r#""blocked" = 1"#;
    /// A key is not blocked.
    NOT_BLOCKED = r#""blocked" IS NOT 1"#;
    /// A key has expired.
    EXPIRED = r#"("expires" IS NOT NULL AND "expires" <= {?now})"#;
    /// A key has not expired.
    NOT_EXPIRED = r#"("expires" IS NULL OR "expires" > {?now})"#;
    /// A key was deleted at this moment or after it.
    DELETED_SINCE = r#""deleted_at" >= {?moment}"#;
    /// A key rotates by itself, and was to do so at this moment or before it.
    ROTATION_DUE = r#"("auto_rotate" = 1 AND "key_rotation_at" <= {?moment})"#;
    /// No row.
    NONE = "0";

    /// The order of the audit log. With its table's name a column is not taken for the text that it may be selected as.
    AUDIT_ORDER = r#"ORDER BY "LiteLLM_AuditLog"."updated_at" DESC, "id" DESC"#;
    /// A change was made at this moment or after it.
    SINCE = r#""updated_at" >= {?moment}"#;
    /// A change was made before this moment.
    UNTIL = r#""updated_at" < {?moment}"#;

    /// A key by its token.
    CALLER_KEY = r#"WHERE "token" = {?token}"#;
    /// The user of a key.
    CALLER_USER = r#"WHERE "user_id" = (SELECT "user_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})"#;
    /// The team of a key.
    CALLER_TEAM = r#"WHERE "team_id" = (SELECT "team_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})"#;
    /// The model aliases of a key's team.
    CALLER_TEAM_MODELS = concat!(
        r#"WHERE "id" = (SELECT "model_id" FROM "LiteLLM_TeamTable" WHERE "team_id" = "#,
        r#"(SELECT "team_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token}))"#,
    );
    /// The membership of a key's user in its team.
    CALLER_MEMBERSHIP = concat!(
        r#"WHERE ("user_id", "team_id") = "#,
        r#"(SELECT "user_id", "team_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})"#,
    );
    /// The budget of a key.
    CALLER_BUDGET =
        r#"WHERE "budget_id" = (SELECT "budget_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})"#;
    /// The project of a key.
    CALLER_PROJECT =
        r#"WHERE "project_id" = (SELECT "project_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})"#;

    /// Whether there is such a row.
    EXISTS = r#"SELECT 1 FROM "{table}" WHERE {condition}"#;
    /// A column holds what it held, or still nothing.
    SAME = r#""{column}" IS {?value}"#;
    /// A column has another value.
    IS_NOT = r#""{column}" <> {?value}"#;
    /// Fails, and the transaction with it, unless a row is found: for a store that cannot look at a result before the end.
    FAIL_UNLESS = r#"INSERT INTO "latchkey_meta" ("name", "value") SELECT NULL, NULL WHERE NOT EXISTS ({some})"#;
    /// Fails if a row is found.
    FAIL_IF = r#"INSERT INTO "latchkey_meta" ("name", "value") SELECT NULL, NULL WHERE EXISTS ({some})"#;
    /// A new row.
    INSERT = r#"INSERT INTO "{table}" ({columns}) VALUES ({values})"#;
    /// Changed rows.
    UPDATE = r#"UPDATE "{table}" SET {set} WHERE {condition}"#;
    /// Copies of rows in another table, which numbers them.
    COPY = concat!(
        r#"INSERT INTO "{into}" ("{id_column}", {columns}) "#,
        r#"SELECT {?id} || printf('%012x', row_number() OVER (ORDER BY {key})), {values} "#,
        r#"FROM "{table}" WHERE {condition}"#,
    );
    /// Rows that go.
    DELETE = r#"DELETE FROM "{table}" WHERE {condition}"#;

    /// A column has the value of a column of another table.
    REFERS = r#""{column}" IN (SELECT "{of}" FROM "{table}" WHERE {condition})"#;
    /// A column has the value of a member of the objects that another table lists.
    REFERS_TO_ITEM = r#""{column}" IN (SELECT {item} FROM "{table}", {each} WHERE {condition})"#;
    /// Each item of a list.
    EACH = r#"json_each("{table}"."{column}") AS i"#;
    /// An item of a list of texts.
    ITEM = "i.value";
    /// The member of an item of a list of objects.
    MEMBER = "CASE WHEN i.type = 'object' THEN json_extract(i.value, {?path}) END";
    /// An item is one of some.
    ITEM_IS_AMONG = "{item} IN (SELECT value FROM json_each({?values}))";
    /// A list has one of some items.
    HAS_ITEM = "EXISTS (SELECT 1 FROM {each} WHERE {is_meant})";
    /// A team has one of some members, by the index of them.
    HAS_MEMBER = concat!(
        r#""team_id" IN (SELECT "team_id" FROM "latchkey_team_member" "#,
        r#"WHERE "user_id" IN (SELECT value FROM json_each({?values})))"#,
    );
    /// A list of texts without some.
    TEXTS_WITHOUT = "(SELECT json_group_array(i.value) FROM {each} WHERE ({is_meant}) IS NOT 1)";
    /// A list of objects without some.
    OBJECTS_WITHOUT =
        "(SELECT json_group_array(json(i.value)) FROM {each} WHERE ({is_meant}) IS NOT 1 AND i.type = 'object')";

    /// A row of the audit log for each row that goes or is changed.
    NOTE = concat!(
        r#"INSERT INTO "LiteLLM_AuditLog" ("id", "object_id", "before_value", "updated_values", {columns}) "#,
        r#"SELECT {?id} || '-' || printf('%08d', row_number() OVER (ORDER BY {key})), {object}, {before}, {after}, {values} "#,
        r#"FROM "{table}" WHERE {condition}"#,
    );
    /// Shown columns.
    SHOWN = "json_object({members})";
    /// A document or list that is shown.
    SHOWN_JSON = "json({value})";
    /// Whether something is so.
    SHOWN_BOOL = "json(iif({value} IS NULL, 'null', iif({value}, 'true', 'false')))";
    /// A moment.
    SHOWN_TIME = "strftime('%Y-%m-%dT%H:%M:%fZ', {value} / 1000.0, 'unixepoch')";
    /// A whole number, which may be bound as its digits.
    SHOWN_WHOLE = "CAST({value} AS INTEGER)";
    /// A text, of a key no more than how keys are shown.
    MASKED = "iif(substr({value}, 1, 3) = 'sk-', 'sk-...' || substr({value}, -4), {value})";
}
