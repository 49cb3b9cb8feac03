-- what LiteLLM 1.109 keeps of organizations and the rules did not know; lists and documents stay behind all other columns
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
