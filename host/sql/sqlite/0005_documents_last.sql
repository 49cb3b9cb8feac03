-- Lists and documents stand behind all other columns: SQLite reads a row from its beginning, so that a column behind a
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
