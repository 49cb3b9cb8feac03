CREATE TABLE "LiteLLM_UserTable" (
  "user_id" TEXT NOT NULL,
  "user_alias" TEXT,
  "team_id" TEXT,
  "sso_user_id" TEXT,
  "organization_id" TEXT,
  "password" TEXT,
  "teams" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "user_role" TEXT,
  "max_budget" DOUBLE PRECISION,
  "spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
  "user_email" TEXT,
  "models" TEXT[],
  "metadata" JSONB NOT NULL DEFAULT '{}',
  "max_parallel_requests" INTEGER,
  "tpm_limit" BIGINT,
  "rpm_limit" BIGINT,
  "budget_duration" TEXT,
  "budget_reset_at" TIMESTAMP(3),
  "allowed_cache_controls" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "model_spend" JSONB NOT NULL DEFAULT '{}',
  "model_max_budget" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "LiteLLM_UserTable_pkey" PRIMARY KEY ("user_id")
);
CREATE UNIQUE INDEX "LiteLLM_UserTable_sso_user_id_key" ON "LiteLLM_UserTable"("sso_user_id");
