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
