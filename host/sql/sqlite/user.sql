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
