CREATE TABLE IF NOT EXISTS "LiteLLM_VerificationToken" (
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
