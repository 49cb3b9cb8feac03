-- An e-mail address is one user's, however it is written: the index ignores the case of ASCII letters, as the lookups do.
DROP INDEX IF EXISTS "LiteLLM_UserTable_user_email";
CREATE INDEX IF NOT EXISTS "latchkey_user_address" ON "LiteLLM_UserTable" ("user_email" COLLATE NOCASE);
