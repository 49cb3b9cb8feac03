CREATE TABLE "LiteLLM_TeamMembership" (
  "user_id" TEXT NOT NULL,
  "team_id" TEXT NOT NULL,
  "spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
  "budget_id" TEXT,

  CONSTRAINT "LiteLLM_TeamMembership_pkey" PRIMARY KEY ("user_id","team_id")
);
ALTER TABLE "LiteLLM_TeamMembership" ADD CONSTRAINT "LiteLLM_TeamMembership_budget_id_fkey"
  FOREIGN KEY ("budget_id") REFERENCES "LiteLLM_BudgetTable"("budget_id") ON DELETE SET NULL ON UPDATE CASCADE;
