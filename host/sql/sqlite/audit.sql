CREATE TABLE IF NOT EXISTS "LiteLLM_AuditLog" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "updated_at" INTEGER NOT NULL,
  "changed_by" TEXT NOT NULL,
  "changed_by_api_key" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "table_name" TEXT NOT NULL,
  "object_id" TEXT NOT NULL,
  "before_value" TEXT,
  "updated_values" TEXT,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
-- for listings, newest first: of all, of one object, of one actor
CREATE INDEX IF NOT EXISTS "LiteLLM_AuditLog_updated_at" ON "LiteLLM_AuditLog" ("updated_at", "id");
CREATE INDEX IF NOT EXISTS "LiteLLM_AuditLog_object_id" ON "LiteLLM_AuditLog" ("object_id", "updated_at", "id");
CREATE INDEX IF NOT EXISTS "LiteLLM_AuditLog_changed_by" ON "LiteLLM_AuditLog" ("changed_by", "updated_at", "id");
