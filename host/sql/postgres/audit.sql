CREATE TABLE "LiteLLM_AuditLog" (
  "id" TEXT NOT NULL,
  "updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "changed_by" TEXT NOT NULL DEFAULT '',
  "changed_by_api_key" TEXT NOT NULL DEFAULT '',
  "action" TEXT NOT NULL,
  "table_name" TEXT NOT NULL,
  "object_id" TEXT NOT NULL,
  "before_value" JSONB,
  "updated_values" JSONB,

  CONSTRAINT "LiteLLM_AuditLog_pkey" PRIMARY KEY ("id")
);
