CREATE TABLE "LiteLLM_ModelTable" (
  "id" SERIAL NOT NULL,
  "aliases" JSONB,
  "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "created_by" TEXT NOT NULL,
  "updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_by" TEXT NOT NULL,

  CONSTRAINT "LiteLLM_ModelTable_pkey" PRIMARY KEY ("id")
);
