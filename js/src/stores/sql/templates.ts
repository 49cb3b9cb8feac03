// Written from core/contract/src/sql/templates.rs, which says what each is:
// LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables
export const SELECT =
    `SELECT {columns} FROM "{table}" {rest}`;
export const SELECT_BRIEF =
    `SELECT {columns}, 1 AS "cut" FROM "{table}" {rest}`;
export const SELECT_WITHIN =
    `WITH page AS (SELECT rowid AS "rowid", {small}, {size} AS "size" FROM "{table}" WHERE rowid IN (SELECT rowid FROM "{table}" {page})), sized AS (SELECT *, row_number() OVER ({order}) AS "place", "size" > {most} OR sum(iif("size" <= {most}, "size", 0)) OVER ({order} ROWS UNBOUNDED PRECEDING) > {bytes} AS "cut" FROM page) SELECT {columns}, "cut" FROM sized JOIN "{table}" ON "{table}".rowid = sized."rowid" ORDER BY "place"`;
export const SIZE =
    `ifnull(octet_length("{column}"), 0)`;
export const UNLESS_CUT =
    `iif("cut", NULL, "{table}"."{column}") AS "{column}"`;
export const OLDEST_FIRST =
    `ORDER BY rowid`;
export const SOME =
    `WHERE {condition} ORDER BY rowid`;
export const FIRST =
    `WHERE {condition} ORDER BY rowid LIMIT {?limit}`;
export const PAGE =
    `{where} {order} LIMIT {?limit} OFFSET {?offset}`;
export const TOTAL =
    `SELECT COUNT(*) AS "total" FROM "{table}" {where}`;
export const TOTAL_BUT =
    `SELECT ({all}) - ({unwanted}) AS "total"`;
export const NOT =
    `({condition}) IS NOT 1`;
export const PAGE_ORDER =
    `ORDER BY "{column}" {direction} NULLS {nulls}, "{key}" {direction}`;
export const CONTAINS =
    `instr(lower("{column}"), lower({?text})) > 0`;
export const IS =
    `"{column}"{collation} = {?value}`;
export const IS_AMONG =
    `"{column}"{collation} IN (SELECT value FROM json_each({?values}))`;
export const CASELESS =
    ` COLLATE NOCASE`;
export const TOKENS =
    `SELECT "token" FROM (SELECT "token", "{key}", "{column}" FROM "{table}" {page}) {order}`;
export const SEARCH =
    `("token" = {?text} OR instr(lower("key_alias"), lower({?text})) > 0)`;
export const BLOCKED =
    `"blocked" = 1`;
export const NOT_BLOCKED =
    `"blocked" IS NOT 1`;
export const EXPIRED =
    `("expires" IS NOT NULL AND "expires" <= {?now})`;
export const NOT_EXPIRED =
    `("expires" IS NULL OR "expires" > {?now})`;
export const DELETED_SINCE =
    `"deleted_at" >= {?moment}`;
export const ROTATION_DUE =
    `("auto_rotate" = 1 AND "key_rotation_at" <= {?moment})`;
export const NONE =
    `0`;
export const AUDIT_ORDER =
    `ORDER BY "LiteLLM_AuditLog"."updated_at" DESC, "id" DESC`;
export const SINCE =
    `"updated_at" >= {?moment}`;
export const UNTIL =
    `"updated_at" < {?moment}`;
export const CALLER_KEY =
    `WHERE "token" = {?token}`;
export const CALLER_USER =
    `WHERE "user_id" = (SELECT "user_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})`;
export const CALLER_TEAM =
    `WHERE "team_id" = (SELECT "team_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})`;
export const CALLER_TEAM_MODELS =
    `WHERE "id" = (SELECT "model_id" FROM "LiteLLM_TeamTable" WHERE "team_id" = (SELECT "team_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token}))`;
export const CALLER_MEMBERSHIP =
    `WHERE ("user_id", "team_id") = (SELECT "user_id", "team_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})`;
export const CALLER_BUDGET =
    `WHERE "budget_id" = (SELECT "budget_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})`;
export const CALLER_PROJECT =
    `WHERE "project_id" = (SELECT "project_id" FROM "LiteLLM_VerificationToken" WHERE "token" = {?token})`;
export const EXISTS =
    `SELECT 1 FROM "{table}" WHERE {condition}`;
export const SAME =
    `"{column}" IS {?value}`;
export const IS_NOT =
    `"{column}" <> {?value}`;
export const FAIL_UNLESS =
    `INSERT INTO "latchkey_meta" ("name", "value") SELECT NULL, NULL WHERE NOT EXISTS ({some})`;
export const FAIL_IF =
    `INSERT INTO "latchkey_meta" ("name", "value") SELECT NULL, NULL WHERE EXISTS ({some})`;
export const INSERT =
    `INSERT INTO "{table}" ({columns}) VALUES ({values})`;
export const UPDATE =
    `UPDATE "{table}" SET {set} WHERE {condition}`;
export const COPY =
    `INSERT INTO "{into}" ("{id_column}", {columns}) SELECT {?id} || printf('%012x', row_number() OVER (ORDER BY {key})), {values} FROM "{table}" WHERE {condition}`;
export const DELETE =
    `DELETE FROM "{table}" WHERE {condition}`;
export const REFERS =
    `"{column}" IN (SELECT "{of}" FROM "{table}" WHERE {condition})`;
export const REFERS_TO_ITEM =
    `"{column}" IN (SELECT {item} FROM "{table}", {each} WHERE {condition})`;
export const EACH =
    `json_each("{table}"."{column}") AS i`;
export const ITEM =
    `i.value`;
export const MEMBER =
    `CASE WHEN i.type = 'object' THEN json_extract(i.value, {?path}) END`;
export const ITEM_IS_AMONG =
    `{item} IN (SELECT value FROM json_each({?values}))`;
export const HAS_ITEM =
    `EXISTS (SELECT 1 FROM {each} WHERE {is_meant})`;
export const HAS_MEMBER =
    `"team_id" IN (SELECT "team_id" FROM "latchkey_team_member" WHERE "user_id" IN (SELECT value FROM json_each({?values})))`;
export const TEXTS_WITHOUT =
    `(SELECT json_group_array(i.value) FROM {each} WHERE ({is_meant}) IS NOT 1)`;
export const OBJECTS_WITHOUT =
    `(SELECT json_group_array(json(i.value)) FROM {each} WHERE ({is_meant}) IS NOT 1 AND i.type = 'object')`;
export const NOTE =
    `INSERT INTO "LiteLLM_AuditLog" ("id", "object_id", "before_value", "updated_values", {columns}) SELECT {?id} || '-' || printf('%08d', row_number() OVER (ORDER BY {key})), {object}, {before}, {after}, {values} FROM "{table}" WHERE {condition}`;
export const SHOWN =
    `json_object({members})`;
export const SHOWN_JSON =
    `json({value})`;
export const SHOWN_BOOL =
    `json(iif({value} IS NULL, 'null', iif({value}, 'true', 'false')))`;
export const SHOWN_TIME =
    `strftime('%Y-%m-%dT%H:%M:%fZ', {value} / 1000.0, 'unixepoch')`;
export const SHOWN_WHOLE =
    `CAST({value} AS INTEGER)`;
export const MASKED =
    `iif(substr({value}, 1, 3) = 'sk-', 'sk-...' || substr({value}, -4), {value})`;
