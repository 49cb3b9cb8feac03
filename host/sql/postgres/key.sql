CREATE TABLE "LiteLLM_VerificationToken" (
  "token" TEXT NOT NULL,
  "key_name" TEXT,
  "key_alias" TEXT,
  "soft_budget_cooldown" BOOLEAN NOT NULL DEFAULT false,
  "spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
  "expires" TIMESTAMP(3),
  "models" TEXT[],
  "aliases" JSONB NOT NULL DEFAULT '{}',
  "config" JSONB NOT NULL DEFAULT '{}',
  "user_id" TEXT,
  "team_id" TEXT,
  "permissions" JSONB NOT NULL DEFAULT '{}',
  "max_parallel_requests" INTEGER,
  "metadata" JSONB NOT NULL DEFAULT '{}',
  "blocked" BOOLEAN,
  "tpm_limit" BIGINT,
  "rpm_limit" BIGINT,
  "max_budget" DOUBLE PRECISION,
  "budget_duration" TEXT,
  "budget_reset_at" TIMESTAMP(3),
  "allowed_cache_controls" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "model_spend" JSONB NOT NULL DEFAULT '{}',
  "model_max_budget" JSONB NOT NULL DEFAULT '{}',
  "budget_id" TEXT,
  "created_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "LiteLLM_VerificationToken_pkey" PRIMARY KEY ("token")
);
ALTER TABLE "LiteLLM_VerificationToken" ADD CONSTRAINT "LiteLLM_VerificationToken_budget_id_fkey"
  FOREIGN KEY ("budget_id") REFERENCES "LiteLLM_BudgetTable"("budget_id") ON DELETE SET NULL ON UPDATE CASCADE;
