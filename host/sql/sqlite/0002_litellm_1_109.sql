-- what LiteLLM's tables have got since its release 1.60.8, as far as the rules know it
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
