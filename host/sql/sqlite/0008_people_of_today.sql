-- what LiteLLM 1.109 keeps of users, teams and budgets and the rules did not know; lists and documents stay behind all
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
