-- for lists of users, teams and budgets: every order is a column and then the key
CREATE INDEX "LiteLLM_UserTable_created_at" ON "LiteLLM_UserTable" ("created_at", "user_id");
CREATE INDEX "LiteLLM_TeamTable_created_at" ON "LiteLLM_TeamTable" ("created_at", "team_id");
CREATE INDEX "LiteLLM_BudgetTable_created_at" ON "LiteLLM_BudgetTable" ("created_at", "budget_id");
