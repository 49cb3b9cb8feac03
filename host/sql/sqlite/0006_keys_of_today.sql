-- what LiteLLM 1.109 keeps of a key and the rules did not know; lists and documents stay behind all other columns
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
  "key_type" TEXT,
  "organization_id" TEXT,
  "agent_id" TEXT,
  "object_permission_id" TEXT,
  "tpd_limit" INTEGER,
  "created_by" TEXT,
  "updated_by" TEXT,
  "settings_updated_at" INTEGER,
  "last_active" INTEGER,
  "total_spend" REAL NOT NULL DEFAULT 0,
  "auto_rotate" INTEGER,
  "rotation_interval" TEXT,
  "key_rotation_at" INTEGER,
  "last_rotation_at" INTEGER,
  "rotation_count" INTEGER,
  "models" TEXT NOT NULL,
  "aliases" TEXT NOT NULL,
  "config" TEXT NOT NULL,
  "permissions" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "allowed_cache_controls" TEXT NOT NULL,
  "model_spend" TEXT NOT NULL,
  "model_max_budget" TEXT NOT NULL,
  "allowed_routes" TEXT NOT NULL DEFAULT '[]',
  "access_group_ids" TEXT NOT NULL DEFAULT '[]',
  "policies" TEXT NOT NULL DEFAULT '[]',
  "budget_limits" TEXT,
  "budget_fallbacks" TEXT NOT NULL DEFAULT '{}',
  "router_settings" TEXT
) STRICT;
INSERT INTO "latchkey_new" (
  rowid,
  "token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "user_id", "team_id",
  "max_parallel_requests", "blocked", "tpm_limit", "rpm_limit", "max_budget", "budget_duration", "budget_reset_at",
  "budget_id", "created_at", "updated_at", "row_version", "project_id", "models", "aliases", "config", "permissions",
  "metadata", "allowed_cache_controls", "model_spend", "model_max_budget", "allowed_routes"
) SELECT
  rowid,
  "token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "user_id", "team_id",
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
CREATE INDEX "LiteLLM_VerificationToken_key_rotation_at" ON "LiteLLM_VerificationToken" ("key_rotation_at")
WHERE "key_rotation_at" IS NOT NULL;

CREATE TABLE "LiteLLM_ObjectPermissionTable" (
  "object_permission_id" TEXT NOT NULL PRIMARY KEY,
  "mcp_servers" TEXT NOT NULL,
  "mcp_access_groups" TEXT NOT NULL,
  "mcp_tool_permissions" TEXT,
  "vector_stores" TEXT NOT NULL,
  "agents" TEXT NOT NULL,
  "agent_access_groups" TEXT NOT NULL,
  "models" TEXT NOT NULL DEFAULT '[]',
  "blocked_tools" TEXT NOT NULL DEFAULT '[]',
  "mcp_toolsets" TEXT NOT NULL DEFAULT '[]',
  "search_tools" TEXT NOT NULL DEFAULT '[]',
  "mcp_tool_search_enabled" INTEGER,
  "skills" TEXT NOT NULL DEFAULT '[]',
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE "LiteLLM_OrganizationMembership" (
  "user_id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "user_role" TEXT,
  "spend" REAL,
  "budget_id" TEXT,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY ("user_id", "organization_id")
) STRICT;
CREATE INDEX "LiteLLM_OrganizationMembership_organization_id" ON "LiteLLM_OrganizationMembership" ("organization_id");
