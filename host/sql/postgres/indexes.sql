-- one statement a line: what LiteLLM's own schema has no index for. A b-tree takes no text above 2,704 bytes: where texts
-- may be longer it holds their beginning. Hash indexes take all, but are slow where many rows have one value. An index on a
-- table that later releases add is made where there is that table.
CREATE INDEX "latchkey_key_alias" ON "LiteLLM_VerificationToken" USING hash ("key_alias");
CREATE INDEX "latchkey_key_user_id" ON "LiteLLM_VerificationToken" (left("user_id", 256));
CREATE INDEX "latchkey_key_team_id" ON "LiteLLM_VerificationToken" (left("team_id", 256));
CREATE INDEX "latchkey_key_budget_id" ON "LiteLLM_VerificationToken" ("budget_id");
CREATE INDEX "latchkey_key_created_at" ON "LiteLLM_VerificationToken" ("created_at" DESC NULLS LAST, "token" COLLATE "C" DESC);
CREATE INDEX "latchkey_user_address" ON "LiteLLM_UserTable" USING hash (lower("user_email" COLLATE "C"));
CREATE INDEX "latchkey_user_team_id" ON "LiteLLM_UserTable" (left("team_id", 256));
CREATE INDEX "latchkey_user_organization_id" ON "LiteLLM_UserTable" ("organization_id");
CREATE INDEX "latchkey_team_organization_id" ON "LiteLLM_TeamTable" ("organization_id");
CREATE INDEX "latchkey_team_member" ON "LiteLLM_TeamTable" USING gin (jsonb_path_query_array("members_with_roles", '$[*].user_id'));
CREATE INDEX "latchkey_user_created_at" ON "LiteLLM_UserTable" ("created_at" DESC NULLS LAST, "user_id" COLLATE "C" DESC);
CREATE INDEX "latchkey_team_created_at" ON "LiteLLM_TeamTable" ("created_at" DESC NULLS LAST, "team_id" COLLATE "C" DESC);
CREATE INDEX "latchkey_membership_team_id" ON "LiteLLM_TeamMembership" ("team_id");
CREATE INDEX "latchkey_membership_budget_id" ON "LiteLLM_TeamMembership" ("budget_id");
CREATE INDEX "latchkey_audit_updated_at" ON "LiteLLM_AuditLog" ("updated_at", "id" COLLATE "C");
CREATE INDEX "latchkey_audit_object_id" ON "LiteLLM_AuditLog" (left("object_id", 256), "updated_at", "id" COLLATE "C");
CREATE INDEX "latchkey_audit_changed_by" ON "LiteLLM_AuditLog" (left("changed_by", 256), "updated_at", "id" COLLATE "C");
CREATE INDEX "latchkey_deprecated_active_token_id" ON "LiteLLM_DeprecatedVerificationToken" ("active_token_id");
CREATE INDEX "latchkey_organization_created_at" ON "LiteLLM_OrganizationTable" ("created_at" DESC NULLS LAST, "organization_id" COLLATE "C" DESC);
CREATE INDEX "latchkey_organization_budget_id" ON "LiteLLM_OrganizationTable" ("budget_id");
CREATE INDEX "latchkey_organization_member_organization_id" ON "LiteLLM_OrganizationMembership" ("organization_id");
CREATE INDEX "latchkey_organization_member_budget_id" ON "LiteLLM_OrganizationMembership" ("budget_id");
