// Written from host/sql/sqlite:
// LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables

/** What makes the tables, one step after the other. */
export const MIGRATIONS: readonly string[] = [
    // 0001_latchkey.sql
    `CREATE TABLE IF NOT EXISTS "LiteLLM_VerificationToken" (
  "token" TEXT NOT NULL PRIMARY KEY,
  "key_name" TEXT,
  "key_alias" TEXT,
  "soft_budget_cooldown" INTEGER NOT NULL,
  "spend" REAL NOT NULL,
  "expires" INTEGER,
  "models" TEXT NOT NULL,
  "aliases" TEXT NOT NULL,
  "config" TEXT NOT NULL,
  "user_id" TEXT,
  "team_id" TEXT,
  "permissions" TEXT NOT NULL,
  "max_parallel_requests" INTEGER,
  "metadata" TEXT NOT NULL,
  "blocked" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "max_budget" REAL,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "allowed_cache_controls" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "budget_id" TEXT,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX IF NOT EXISTS "LiteLLM_VerificationToken_key_alias" ON "LiteLLM_VerificationToken" ("key_alias");
CREATE INDEX IF NOT EXISTS "LiteLLM_VerificationToken_user_id" ON "LiteLLM_VerificationToken" ("user_id");
CREATE INDEX IF NOT EXISTS "LiteLLM_VerificationToken_team_id" ON "LiteLLM_VerificationToken" ("team_id");
CREATE INDEX IF NOT EXISTS "LiteLLM_VerificationToken_budget_id" ON "LiteLLM_VerificationToken" ("budget_id");
-- for listings: every order is a column and then the token
CREATE INDEX IF NOT EXISTS "LiteLLM_VerificationToken_created_at" ON "LiteLLM_VerificationToken" ("created_at", "token");
CREATE TABLE IF NOT EXISTS "LiteLLM_UserTable" (
  "user_id" TEXT NOT NULL PRIMARY KEY,
  "user_alias" TEXT,
  "team_id" TEXT,
  "sso_user_id" TEXT,
  "organization_id" TEXT,
  "password" TEXT,
  "teams" TEXT NOT NULL,
  "user_role" TEXT,
  "max_budget" REAL,
  "spend" REAL NOT NULL,
  "user_email" TEXT,
  "models" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "max_parallel_requests" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "allowed_cache_controls" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX IF NOT EXISTS "LiteLLM_UserTable_user_email" ON "LiteLLM_UserTable" ("user_email");
CREATE INDEX IF NOT EXISTS "LiteLLM_UserTable_team_id" ON "LiteLLM_UserTable" ("team_id");
CREATE INDEX IF NOT EXISTS "LiteLLM_UserTable_organization_id" ON "LiteLLM_UserTable" ("organization_id");
CREATE TABLE IF NOT EXISTS "LiteLLM_TeamTable" (
  "team_id" TEXT NOT NULL PRIMARY KEY,
  "team_alias" TEXT,
  "organization_id" TEXT,
  "admins" TEXT NOT NULL,
  "members" TEXT NOT NULL,
  "members_with_roles" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "max_budget" REAL,
  "spend" REAL NOT NULL,
  "models" TEXT NOT NULL,
  "max_parallel_requests" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "blocked" INTEGER NOT NULL,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "model_id" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX IF NOT EXISTS "LiteLLM_TeamTable_organization_id" ON "LiteLLM_TeamTable" ("organization_id");

CREATE TABLE IF NOT EXISTS "LiteLLM_TeamMembership" (
  "user_id" TEXT NOT NULL,
  "team_id" TEXT NOT NULL,
  "spend" REAL NOT NULL,
  "budget_id" TEXT,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("user_id", "team_id")
) STRICT;
CREATE INDEX IF NOT EXISTS "LiteLLM_TeamMembership_team_id" ON "LiteLLM_TeamMembership" ("team_id");
CREATE INDEX IF NOT EXISTS "LiteLLM_TeamMembership_budget_id" ON "LiteLLM_TeamMembership" ("budget_id");

CREATE TABLE IF NOT EXISTS "LiteLLM_ModelTable" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "aliases" TEXT,
  "created_at" INTEGER NOT NULL,
  "created_by" TEXT NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "updated_by" TEXT NOT NULL,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE IF NOT EXISTS "LiteLLM_BudgetTable" (
  "budget_id" TEXT NOT NULL PRIMARY KEY,
  "max_budget" REAL,
  "soft_budget" REAL,
  "max_parallel_requests" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "model_max_budget" TEXT,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "created_at" INTEGER NOT NULL,
  "created_by" TEXT NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "updated_by" TEXT NOT NULL,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE IF NOT EXISTS "LiteLLM_AuditLog" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "updated_at" INTEGER NOT NULL,
  "changed_by" TEXT NOT NULL,
  "changed_by_api_key" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "table_name" TEXT NOT NULL,
  "object_id" TEXT NOT NULL,
  "before_value" TEXT,
  "updated_values" TEXT,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
-- for listings, newest first: of all, of one object, of one actor
CREATE INDEX IF NOT EXISTS "LiteLLM_AuditLog_updated_at" ON "LiteLLM_AuditLog" ("updated_at", "id");
CREATE INDEX IF NOT EXISTS "LiteLLM_AuditLog_object_id" ON "LiteLLM_AuditLog" ("object_id", "updated_at", "id");
CREATE INDEX IF NOT EXISTS "LiteLLM_AuditLog_changed_by" ON "LiteLLM_AuditLog" ("changed_by", "updated_at", "id");
-- what the server keeps for itself: the digest of the master key made at the first start
CREATE TABLE IF NOT EXISTS "latchkey_meta" (
  "name" TEXT NOT NULL PRIMARY KEY,
  "value" TEXT NOT NULL
) STRICT;

-- the tokens that keys had before they were regenerated
CREATE TABLE IF NOT EXISTS "latchkey_grace" (
  "token" TEXT NOT NULL PRIMARY KEY,
  "current" TEXT NOT NULL,
  "key_id" TEXT NOT NULL,
  "works_until" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX IF NOT EXISTS "latchkey_grace_current" ON "latchkey_grace" ("current");
`,
    // 0002_litellm_1_109.sql
    `-- what LiteLLM's tables have got since its release 1.60.8, as far as the rules know it
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "allowed_routes" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "project_id" TEXT;
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "team_member_permissions" TEXT;

CREATE TABLE "LiteLLM_ProjectTable" (
  "project_id" TEXT NOT NULL PRIMARY KEY,
  "project_alias" TEXT,
  "description" TEXT,
  "team_id" TEXT,
  "budget_id" TEXT,
  "metadata" TEXT NOT NULL,
  "models" TEXT NOT NULL,
  "spend" REAL NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_rpm_limit" TEXT NOT NULL,
  "model_tpm_limit" TEXT NOT NULL,
  "blocked" INTEGER NOT NULL,
  "created_at" INTEGER NOT NULL,
  "created_by" TEXT NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "updated_by" TEXT NOT NULL,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE "LiteLLM_OrganizationTable" (
  "organization_id" TEXT NOT NULL PRIMARY KEY,
  "organization_alias" TEXT NOT NULL,
  "budget_id" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "models" TEXT NOT NULL,
  "spend" REAL NOT NULL,
  "model_spend" TEXT NOT NULL,
  "created_at" INTEGER NOT NULL,
  "created_by" TEXT NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "updated_by" TEXT NOT NULL,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;

-- former secrets that still work, as LiteLLM keeps them
CREATE TABLE "LiteLLM_DeprecatedVerificationToken" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "token" TEXT NOT NULL,
  "active_token_id" TEXT NOT NULL,
  "revoke_at" INTEGER NOT NULL,
  "created_at" INTEGER NOT NULL,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX "LiteLLM_DeprecatedVerificationToken_token" ON "LiteLLM_DeprecatedVerificationToken" ("token");
CREATE INDEX "LiteLLM_DeprecatedVerificationToken_active_token_id" ON "LiteLLM_DeprecatedVerificationToken" ("active_token_id");
`,
    // 0003_addresses.sql
    `-- An e-mail address is one user's, however it is written: the index ignores the case of ASCII letters, as the lookups do.
DROP INDEX IF EXISTS "LiteLLM_UserTable_user_email";
CREATE INDEX IF NOT EXISTS "latchkey_user_address" ON "LiteLLM_UserTable" ("user_email" COLLATE NOCASE);
`,
    // 0004_members.sql
    `-- The teams of each user, as the lists of the teams say: to look through the lists themselves takes as long as all of them.
CREATE TABLE IF NOT EXISTS "latchkey_team_member" (
  "user_id" TEXT NOT NULL,
  "team_id" TEXT NOT NULL,
  PRIMARY KEY ("user_id", "team_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "latchkey_team_member_team_id" ON "latchkey_team_member" ("team_id");
CREATE TRIGGER IF NOT EXISTS "latchkey_team_member_insert" AFTER INSERT ON "LiteLLM_TeamTable"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = NEW."team_id";
  INSERT INTO "latchkey_team_member" ("user_id", "team_id")
  SELECT DISTINCT json_extract(i.value, '$.user_id'), NEW."team_id" FROM json_each(NEW."members_with_roles") AS i
  WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text';
END;
CREATE TRIGGER IF NOT EXISTS "latchkey_team_member_update" AFTER UPDATE OF "members_with_roles" ON "LiteLLM_TeamTable"
WHEN NEW."members_with_roles" <> OLD."members_with_roles"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = NEW."team_id" AND "user_id" NOT IN (
    SELECT json_extract(i.value, '$.user_id') FROM json_each(NEW."members_with_roles") AS i
    WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text'
  );
  INSERT INTO "latchkey_team_member" ("user_id", "team_id")
  SELECT DISTINCT json_extract(i.value, '$.user_id'), NEW."team_id" FROM json_each(NEW."members_with_roles") AS i
  WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text' AND NOT EXISTS (
    SELECT 1 FROM "latchkey_team_member"
    WHERE "user_id" = json_extract(i.value, '$.user_id') AND "team_id" = NEW."team_id"
  );
END;
CREATE TRIGGER IF NOT EXISTS "latchkey_team_member_delete" AFTER DELETE ON "LiteLLM_TeamTable"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = OLD."team_id";
END;
INSERT OR IGNORE INTO "latchkey_team_member" ("user_id", "team_id")
SELECT json_extract(i.value, '$.user_id'), t."team_id"
FROM "LiteLLM_TeamTable" AS t, json_each(t."members_with_roles") AS i
WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text';
`,
    // 0005_documents_last.sql
    `-- Lists and documents stand behind all other columns: SQLite reads a row from its beginning, so that a column behind a
-- large document takes as long as the document. A later column that is neither a list nor a document needs the table made
-- again, as here.

CREATE TABLE "latchkey_new" (
  "token" TEXT NOT NULL PRIMARY KEY,
  "key_name" TEXT,
  "key_alias" TEXT,
  "soft_budget_cooldown" INTEGER NOT NULL,
  "spend" REAL NOT NULL,
  "expires" INTEGER,
  "user_id" TEXT,
  "team_id" TEXT,
  "max_parallel_requests" INTEGER,
  "blocked" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "max_budget" REAL,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "budget_id" TEXT,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "project_id" TEXT,
  "models" TEXT NOT NULL,
  "aliases" TEXT NOT NULL,
  "config" TEXT NOT NULL,
  "permissions" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "allowed_cache_controls" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "allowed_routes" TEXT NOT NULL DEFAULT '[]'
) STRICT;
INSERT INTO "latchkey_new" (
  rowid, "token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "user_id", "team_id",
  "max_parallel_requests", "blocked", "tpm_limit", "rpm_limit", "max_budget", "budget_duration", "budget_reset_at",
  "budget_id", "created_at", "updated_at", "row_version", "project_id", "models", "aliases", "config", "permissions",
  "metadata", "allowed_cache_controls", "model_spend", "model_max_budget", "allowed_routes"
) SELECT
  rowid, "token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "user_id", "team_id",
  "max_parallel_requests", "blocked", "tpm_limit", "rpm_limit", "max_budget", "budget_duration", "budget_reset_at",
  "budget_id", "created_at", "updated_at", "row_version", "project_id", "models", "aliases", "config", "permissions",
  "metadata", "allowed_cache_controls", "model_spend", "model_max_budget", "allowed_routes"
FROM "LiteLLM_VerificationToken";
DROP TABLE "LiteLLM_VerificationToken";
ALTER TABLE "latchkey_new" RENAME TO "LiteLLM_VerificationToken";
CREATE INDEX "LiteLLM_VerificationToken_key_alias" ON "LiteLLM_VerificationToken" ("key_alias");
CREATE INDEX "LiteLLM_VerificationToken_user_id" ON "LiteLLM_VerificationToken" ("user_id");
CREATE INDEX "LiteLLM_VerificationToken_team_id" ON "LiteLLM_VerificationToken" ("team_id");
CREATE INDEX "LiteLLM_VerificationToken_budget_id" ON "LiteLLM_VerificationToken" ("budget_id");
CREATE INDEX "LiteLLM_VerificationToken_created_at" ON "LiteLLM_VerificationToken" ("created_at", "token");

CREATE TABLE "latchkey_new" (
  "user_id" TEXT NOT NULL PRIMARY KEY,
  "user_alias" TEXT,
  "team_id" TEXT,
  "sso_user_id" TEXT,
  "organization_id" TEXT,
  "password" TEXT,
  "user_role" TEXT,
  "max_budget" REAL,
  "spend" REAL NOT NULL,
  "user_email" TEXT,
  "max_parallel_requests" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "teams" TEXT NOT NULL,
  "models" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "allowed_cache_controls" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL
) STRICT;
INSERT INTO "latchkey_new" (
  rowid, "user_id", "user_alias", "team_id", "sso_user_id", "organization_id", "password", "user_role", "max_budget",
  "spend", "user_email", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at",
  "created_at", "updated_at", "row_version", "teams", "models", "metadata", "allowed_cache_controls", "model_spend",
  "model_max_budget"
) SELECT
  rowid, "user_id", "user_alias", "team_id", "sso_user_id", "organization_id", "password", "user_role", "max_budget",
  "spend", "user_email", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at",
  "created_at", "updated_at", "row_version", "teams", "models", "metadata", "allowed_cache_controls", "model_spend",
  "model_max_budget"
FROM "LiteLLM_UserTable";
DROP TABLE "LiteLLM_UserTable";
ALTER TABLE "latchkey_new" RENAME TO "LiteLLM_UserTable";
CREATE INDEX "LiteLLM_UserTable_team_id" ON "LiteLLM_UserTable" ("team_id");
CREATE INDEX "LiteLLM_UserTable_organization_id" ON "LiteLLM_UserTable" ("organization_id");
CREATE INDEX "latchkey_user_address" ON "LiteLLM_UserTable" ("user_email" COLLATE NOCASE);

CREATE TABLE "latchkey_new" (
  "team_id" TEXT NOT NULL PRIMARY KEY,
  "team_alias" TEXT,
  "organization_id" TEXT,
  "max_budget" REAL,
  "spend" REAL NOT NULL,
  "max_parallel_requests" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "blocked" INTEGER NOT NULL,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "model_id" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "admins" TEXT NOT NULL,
  "members" TEXT NOT NULL,
  "members_with_roles" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "models" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "team_member_permissions" TEXT
) STRICT;
INSERT INTO "latchkey_new" (
  rowid, "team_id", "team_alias", "organization_id", "max_budget", "spend", "max_parallel_requests", "tpm_limit",
  "rpm_limit", "budget_duration", "budget_reset_at", "blocked", "created_at", "updated_at", "model_id", "row_version",
  "admins", "members", "members_with_roles", "metadata", "models", "model_spend", "model_max_budget",
  "team_member_permissions"
) SELECT
  rowid, "team_id", "team_alias", "organization_id", "max_budget", "spend", "max_parallel_requests", "tpm_limit",
  "rpm_limit", "budget_duration", "budget_reset_at", "blocked", "created_at", "updated_at", "model_id", "row_version",
  "admins", "members", "members_with_roles", "metadata", "models", "model_spend", "model_max_budget",
  "team_member_permissions"
FROM "LiteLLM_TeamTable";
DROP TABLE "LiteLLM_TeamTable";
ALTER TABLE "latchkey_new" RENAME TO "LiteLLM_TeamTable";
CREATE INDEX "LiteLLM_TeamTable_organization_id" ON "LiteLLM_TeamTable" ("organization_id");
CREATE TRIGGER "latchkey_team_member_insert" AFTER INSERT ON "LiteLLM_TeamTable"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = NEW."team_id";
  INSERT INTO "latchkey_team_member" ("user_id", "team_id")
  SELECT DISTINCT json_extract(i.value, '$.user_id'), NEW."team_id" FROM json_each(NEW."members_with_roles") AS i
  WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text';
END;
CREATE TRIGGER "latchkey_team_member_update" AFTER UPDATE OF "members_with_roles" ON "LiteLLM_TeamTable"
WHEN NEW."members_with_roles" <> OLD."members_with_roles"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = NEW."team_id" AND "user_id" NOT IN (
    SELECT json_extract(i.value, '$.user_id') FROM json_each(NEW."members_with_roles") AS i
    WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text'
  );
  INSERT INTO "latchkey_team_member" ("user_id", "team_id")
  SELECT DISTINCT json_extract(i.value, '$.user_id'), NEW."team_id" FROM json_each(NEW."members_with_roles") AS i
  WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text' AND NOT EXISTS (
    SELECT 1 FROM "latchkey_team_member"
    WHERE "user_id" = json_extract(i.value, '$.user_id') AND "team_id" = NEW."team_id"
  );
END;
CREATE TRIGGER "latchkey_team_member_delete" AFTER DELETE ON "LiteLLM_TeamTable"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = OLD."team_id";
END;
`,
    // 0006_keys_of_today.sql
    `-- what LiteLLM 1.109 keeps of a key and the rules did not know; lists and documents stay behind all other columns
CREATE TABLE "latchkey_new" (
  "token" TEXT NOT NULL PRIMARY KEY,
  "key_name" TEXT,
  "key_alias" TEXT,
  "soft_budget_cooldown" INTEGER NOT NULL,
  "spend" REAL NOT NULL,
  "expires" INTEGER,
  "user_id" TEXT,
  "team_id" TEXT,
  "max_parallel_requests" INTEGER,
  "blocked" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "max_budget" REAL,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "budget_id" TEXT,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "project_id" TEXT,
  "key_type" TEXT,
  "organization_id" TEXT,
  "agent_id" TEXT,
  "object_permission_id" TEXT,
  "tpd_limit" INTEGER,
  "created_by" TEXT,
  "updated_by" TEXT,
  "settings_updated_at" INTEGER,
  "last_active" INTEGER,
  "total_spend" REAL NOT NULL DEFAULT 0,
  "auto_rotate" INTEGER,
  "rotation_interval" TEXT,
  "key_rotation_at" INTEGER,
  "last_rotation_at" INTEGER,
  "rotation_count" INTEGER,
  "models" TEXT NOT NULL,
  "aliases" TEXT NOT NULL,
  "config" TEXT NOT NULL,
  "permissions" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "allowed_cache_controls" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "allowed_routes" TEXT NOT NULL DEFAULT '[]',
  "access_group_ids" TEXT NOT NULL DEFAULT '[]',
  "policies" TEXT NOT NULL DEFAULT '[]',
  "budget_limits" TEXT,
  "budget_fallbacks" TEXT NOT NULL DEFAULT '{}',
  "router_settings" TEXT
) STRICT;
INSERT INTO "latchkey_new" (
  rowid,
  "token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "user_id", "team_id",
  "max_parallel_requests", "blocked", "tpm_limit", "rpm_limit", "max_budget", "budget_duration", "budget_reset_at",
  "budget_id", "created_at", "updated_at", "row_version", "project_id", "models", "aliases", "config", "permissions",
  "metadata", "allowed_cache_controls", "model_spend", "model_max_budget", "allowed_routes"
) SELECT
  rowid,
  "token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "user_id", "team_id",
  "max_parallel_requests", "blocked", "tpm_limit", "rpm_limit", "max_budget", "budget_duration", "budget_reset_at",
  "budget_id", "created_at", "updated_at", "row_version", "project_id", "models", "aliases", "config", "permissions",
  "metadata", "allowed_cache_controls", "model_spend", "model_max_budget", "allowed_routes"
FROM "LiteLLM_VerificationToken";
DROP TABLE "LiteLLM_VerificationToken";
ALTER TABLE "latchkey_new" RENAME TO "LiteLLM_VerificationToken";
CREATE INDEX "LiteLLM_VerificationToken_key_alias" ON "LiteLLM_VerificationToken" ("key_alias");
CREATE INDEX "LiteLLM_VerificationToken_user_id" ON "LiteLLM_VerificationToken" ("user_id");
CREATE INDEX "LiteLLM_VerificationToken_team_id" ON "LiteLLM_VerificationToken" ("team_id");
CREATE INDEX "LiteLLM_VerificationToken_budget_id" ON "LiteLLM_VerificationToken" ("budget_id");
CREATE INDEX "LiteLLM_VerificationToken_created_at" ON "LiteLLM_VerificationToken" ("created_at", "token");
CREATE INDEX "LiteLLM_VerificationToken_key_rotation_at" ON "LiteLLM_VerificationToken" ("key_rotation_at")
WHERE "key_rotation_at" IS NOT NULL;

CREATE TABLE "LiteLLM_ObjectPermissionTable" (
  "object_permission_id" TEXT NOT NULL PRIMARY KEY,
  "mcp_servers" TEXT NOT NULL,
  "mcp_access_groups" TEXT NOT NULL,
  "mcp_tool_permissions" TEXT,
  "vector_stores" TEXT NOT NULL,
  "agents" TEXT NOT NULL,
  "agent_access_groups" TEXT NOT NULL,
  "models" TEXT NOT NULL DEFAULT '[]',
  "blocked_tools" TEXT NOT NULL DEFAULT '[]',
  "mcp_toolsets" TEXT NOT NULL DEFAULT '[]',
  "search_tools" TEXT NOT NULL DEFAULT '[]',
  "mcp_tool_search_enabled" INTEGER,
  "skills" TEXT NOT NULL DEFAULT '[]',
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE "LiteLLM_OrganizationMembership" (
  "user_id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "user_role" TEXT,
  "spend" REAL,
  "budget_id" TEXT,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("user_id", "organization_id")
) STRICT;
CREATE INDEX "LiteLLM_OrganizationMembership_organization_id" ON "LiteLLM_OrganizationMembership" ("organization_id");
`,
    // 0007_lists.sql
    `-- for lists of users, teams and budgets: every order is a column and then the key
CREATE INDEX "LiteLLM_UserTable_created_at" ON "LiteLLM_UserTable" ("created_at", "user_id");
CREATE INDEX "LiteLLM_TeamTable_created_at" ON "LiteLLM_TeamTable" ("created_at", "team_id");
CREATE INDEX "LiteLLM_BudgetTable_created_at" ON "LiteLLM_BudgetTable" ("created_at", "budget_id");
`,
    // 0008_people_of_today.sql
    `-- what LiteLLM 1.109 keeps of users, teams and budgets and the rules did not know; lists and documents stay behind all
-- other columns
CREATE TABLE "latchkey_new" (
  "user_id" TEXT NOT NULL PRIMARY KEY,
  "user_alias" TEXT,
  "team_id" TEXT,
  "sso_user_id" TEXT,
  "organization_id" TEXT,
  "password" TEXT,
  "user_role" TEXT,
  "max_budget" REAL,
  "spend" REAL NOT NULL,
  "user_email" TEXT,
  "max_parallel_requests" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "object_permission_id" TEXT,
  "teams" TEXT NOT NULL,
  "models" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "allowed_cache_controls" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "policies" TEXT NOT NULL DEFAULT '[]'
) STRICT;
INSERT INTO "latchkey_new" (
  rowid, "user_id", "user_alias", "team_id", "sso_user_id", "organization_id", "password", "user_role", "max_budget",
  "spend", "user_email", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at",
  "created_at", "updated_at", "row_version", "teams", "models", "metadata", "allowed_cache_controls", "model_spend",
  "model_max_budget"
) SELECT
  rowid, "user_id", "user_alias", "team_id", "sso_user_id", "organization_id", "password", "user_role", "max_budget",
  "spend", "user_email", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at",
  "created_at", "updated_at", "row_version", "teams", "models", "metadata", "allowed_cache_controls", "model_spend",
  "model_max_budget"
FROM "LiteLLM_UserTable";
DROP TABLE "LiteLLM_UserTable";
ALTER TABLE "latchkey_new" RENAME TO "LiteLLM_UserTable";
CREATE INDEX "LiteLLM_UserTable_team_id" ON "LiteLLM_UserTable" ("team_id");
CREATE INDEX "LiteLLM_UserTable_organization_id" ON "LiteLLM_UserTable" ("organization_id");
CREATE INDEX "LiteLLM_UserTable_sso_user_id" ON "LiteLLM_UserTable" ("sso_user_id");
CREATE INDEX "LiteLLM_UserTable_created_at" ON "LiteLLM_UserTable" ("created_at", "user_id");
CREATE INDEX "latchkey_user_address" ON "LiteLLM_UserTable" ("user_email" COLLATE NOCASE);

CREATE TABLE "latchkey_new" (
  "team_id" TEXT NOT NULL PRIMARY KEY,
  "team_alias" TEXT,
  "organization_id" TEXT,
  "max_budget" REAL,
  "spend" REAL NOT NULL,
  "max_parallel_requests" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "blocked" INTEGER NOT NULL,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "model_id" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "object_permission_id" TEXT,
  "soft_budget" REAL,
  "tpd_limit" INTEGER,
  "admins" TEXT NOT NULL,
  "members" TEXT NOT NULL,
  "members_with_roles" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "models" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "team_member_permissions" TEXT,
  "access_group_ids" TEXT NOT NULL DEFAULT '[]',
  "policies" TEXT NOT NULL DEFAULT '[]',
  "default_team_member_models" TEXT NOT NULL DEFAULT '[]',
  "budget_limits" TEXT,
  "router_settings" TEXT
) STRICT;
INSERT INTO "latchkey_new" (
  rowid, "team_id", "team_alias", "organization_id", "max_budget", "spend", "max_parallel_requests", "tpm_limit",
  "rpm_limit", "budget_duration", "budget_reset_at", "blocked", "created_at", "updated_at", "model_id", "row_version",
  "admins", "members", "members_with_roles", "metadata", "models", "model_spend", "model_max_budget",
  "team_member_permissions"
) SELECT
  rowid, "team_id", "team_alias", "organization_id", "max_budget", "spend", "max_parallel_requests", "tpm_limit",
  "rpm_limit", "budget_duration", "budget_reset_at", "blocked", "created_at", "updated_at", "model_id", "row_version",
  "admins", "members", "members_with_roles", "metadata", "models", "model_spend", "model_max_budget",
  "team_member_permissions"
FROM "LiteLLM_TeamTable";
DROP TABLE "LiteLLM_TeamTable";
ALTER TABLE "latchkey_new" RENAME TO "LiteLLM_TeamTable";
CREATE INDEX "LiteLLM_TeamTable_created_at" ON "LiteLLM_TeamTable" ("created_at", "team_id");
CREATE INDEX "LiteLLM_TeamTable_organization_id" ON "LiteLLM_TeamTable" ("organization_id");
CREATE TRIGGER "latchkey_team_member_insert" AFTER INSERT ON "LiteLLM_TeamTable"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = NEW."team_id";
  INSERT INTO "latchkey_team_member" ("user_id", "team_id")
  SELECT DISTINCT json_extract(i.value, '$.user_id'), NEW."team_id" FROM json_each(NEW."members_with_roles") AS i
  WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text';
END;
CREATE TRIGGER "latchkey_team_member_update" AFTER UPDATE OF "members_with_roles" ON "LiteLLM_TeamTable"
WHEN NEW."members_with_roles" <> OLD."members_with_roles"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = NEW."team_id" AND "user_id" NOT IN (
    SELECT json_extract(i.value, '$.user_id') FROM json_each(NEW."members_with_roles") AS i
    WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text'
  );
  INSERT INTO "latchkey_team_member" ("user_id", "team_id")
  SELECT DISTINCT json_extract(i.value, '$.user_id'), NEW."team_id" FROM json_each(NEW."members_with_roles") AS i
  WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text' AND NOT EXISTS (
    SELECT 1 FROM "latchkey_team_member"
    WHERE "user_id" = json_extract(i.value, '$.user_id') AND "team_id" = NEW."team_id"
  );
END;
CREATE TRIGGER "latchkey_team_member_delete" AFTER DELETE ON "LiteLLM_TeamTable"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = OLD."team_id";
END;

CREATE TABLE "latchkey_new" (
  "budget_id" TEXT NOT NULL PRIMARY KEY,
  "max_budget" REAL,
  "soft_budget" REAL,
  "max_parallel_requests" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "created_at" INTEGER NOT NULL,
  "created_by" TEXT NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "updated_by" TEXT NOT NULL,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "tpd_limit" INTEGER,
  "temp_budget_increase" REAL,
  "temp_budget_expiry" INTEGER,
  "model_max_budget" TEXT,
  "allowed_models" TEXT NOT NULL DEFAULT '[]'
) STRICT;
INSERT INTO "latchkey_new" (
  rowid, "budget_id", "max_budget", "soft_budget", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration",
  "budget_reset_at", "created_at", "created_by", "updated_at", "updated_by", "row_version", "model_max_budget"
) SELECT
  rowid, "budget_id", "max_budget", "soft_budget", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration",
  "budget_reset_at", "created_at", "created_by", "updated_at", "updated_by", "row_version", "model_max_budget"
FROM "LiteLLM_BudgetTable";
DROP TABLE "LiteLLM_BudgetTable";
ALTER TABLE "latchkey_new" RENAME TO "LiteLLM_BudgetTable";
CREATE INDEX "LiteLLM_BudgetTable_created_at" ON "LiteLLM_BudgetTable" ("created_at", "budget_id");
`,
    // 0009_archive.sql
    `-- what deleted keys and teams were, as LiteLLM 1.109 keeps it
CREATE TABLE "LiteLLM_DeletedVerificationToken" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "deleted_at" INTEGER NOT NULL,
  "deleted_by" TEXT,
  "deleted_by_api_key" TEXT,
  "litellm_changed_by" TEXT,
  "token" TEXT NOT NULL,
  "key_name" TEXT,
  "key_alias" TEXT,
  "soft_budget_cooldown" INTEGER NOT NULL,
  "spend" REAL NOT NULL,
  "expires" INTEGER,
  "user_id" TEXT,
  "team_id" TEXT,
  "max_parallel_requests" INTEGER,
  "blocked" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "max_budget" REAL,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "budget_id" TEXT,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "project_id" TEXT,
  "key_type" TEXT,
  "organization_id" TEXT,
  "agent_id" TEXT,
  "object_permission_id" TEXT,
  "tpd_limit" INTEGER,
  "created_by" TEXT,
  "updated_by" TEXT,
  "settings_updated_at" INTEGER,
  "last_active" INTEGER,
  "total_spend" REAL NOT NULL DEFAULT 0,
  "auto_rotate" INTEGER,
  "rotation_interval" TEXT,
  "key_rotation_at" INTEGER,
  "last_rotation_at" INTEGER,
  "rotation_count" INTEGER,
  "models" TEXT NOT NULL,
  "aliases" TEXT NOT NULL,
  "config" TEXT NOT NULL,
  "permissions" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "allowed_cache_controls" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "allowed_routes" TEXT NOT NULL DEFAULT '[]',
  "access_group_ids" TEXT NOT NULL DEFAULT '[]',
  "policies" TEXT NOT NULL DEFAULT '[]',
  "budget_fallbacks" TEXT NOT NULL DEFAULT '{}',
  "router_settings" TEXT
) STRICT;
CREATE INDEX "LiteLLM_DeletedVerificationToken_token" ON "LiteLLM_DeletedVerificationToken" ("token");
CREATE INDEX "LiteLLM_DeletedVerificationToken_user_id" ON "LiteLLM_DeletedVerificationToken" ("user_id");
CREATE INDEX "LiteLLM_DeletedVerificationToken_team_id" ON "LiteLLM_DeletedVerificationToken" ("team_id");
CREATE INDEX "LiteLLM_DeletedVerificationToken_created_at" ON "LiteLLM_DeletedVerificationToken" ("created_at", "id");

CREATE TABLE "LiteLLM_DeletedTeamTable" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "deleted_at" INTEGER NOT NULL,
  "deleted_by" TEXT,
  "deleted_by_api_key" TEXT,
  "litellm_changed_by" TEXT,
  "team_id" TEXT NOT NULL,
  "team_alias" TEXT,
  "organization_id" TEXT,
  "max_budget" REAL,
  "spend" REAL NOT NULL,
  "max_parallel_requests" INTEGER,
  "tpm_limit" INTEGER,
  "rpm_limit" INTEGER,
  "budget_duration" TEXT,
  "budget_reset_at" INTEGER,
  "blocked" INTEGER NOT NULL,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "model_id" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "object_permission_id" TEXT,
  "soft_budget" REAL,
  "tpd_limit" INTEGER,
  "admins" TEXT NOT NULL,
  "members" TEXT NOT NULL,
  "members_with_roles" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "models" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "team_member_permissions" TEXT,
  "access_group_ids" TEXT NOT NULL DEFAULT '[]',
  "policies" TEXT NOT NULL DEFAULT '[]',
  "router_settings" TEXT
) STRICT;
CREATE INDEX "LiteLLM_DeletedTeamTable_team_id" ON "LiteLLM_DeletedTeamTable" ("team_id");
CREATE INDEX "LiteLLM_DeletedTeamTable_created_at" ON "LiteLLM_DeletedTeamTable" ("created_at", "id");
`,
    // 0010_organizations.sql
    `-- what LiteLLM 1.109 keeps of organizations and the rules did not know; lists and documents stay behind all other columns
CREATE TABLE "latchkey_new" (
  "organization_id" TEXT NOT NULL PRIMARY KEY,
  "organization_alias" TEXT NOT NULL,
  "budget_id" TEXT NOT NULL,
  "spend" REAL NOT NULL,
  "created_at" INTEGER NOT NULL,
  "created_by" TEXT NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "updated_by" TEXT NOT NULL,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  "object_permission_id" TEXT,
  "metadata" TEXT NOT NULL,
  "models" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL
) STRICT;
INSERT INTO "latchkey_new" (
  rowid, "organization_id", "organization_alias", "budget_id", "spend", "created_at", "created_by", "updated_at",
  "updated_by", "row_version", "metadata", "models", "model_spend"
) SELECT
  rowid, "organization_id", "organization_alias", "budget_id", "spend", "created_at", "created_by", "updated_at",
  "updated_by", "row_version", "metadata", "models", "model_spend"
FROM "LiteLLM_OrganizationTable";
DROP TABLE "LiteLLM_OrganizationTable";
ALTER TABLE "latchkey_new" RENAME TO "LiteLLM_OrganizationTable";
CREATE INDEX "LiteLLM_OrganizationTable_created_at" ON "LiteLLM_OrganizationTable" ("created_at", "organization_id");
CREATE INDEX "LiteLLM_OrganizationTable_budget_id" ON "LiteLLM_OrganizationTable" ("budget_id");
CREATE INDEX "LiteLLM_OrganizationMembership_budget_id" ON "LiteLLM_OrganizationMembership" ("budget_id");
CREATE INDEX "LiteLLM_VerificationToken_organization_id" ON "LiteLLM_VerificationToken" ("organization_id")
WHERE "organization_id" IS NOT NULL;
`,
];
