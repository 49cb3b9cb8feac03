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
