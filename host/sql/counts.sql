-- how many keys there are: to count a million takes longer than to show a page of them
CREATE TABLE IF NOT EXISTS "latchkey_count" (
  "table" TEXT NOT NULL PRIMARY KEY,
  "rows" INTEGER NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS "latchkey_count_insert" AFTER INSERT ON "LiteLLM_VerificationToken"
BEGIN
  UPDATE "latchkey_count" SET "rows" = "rows" + 1 WHERE "table" = 'LiteLLM_VerificationToken';
END;
CREATE TRIGGER IF NOT EXISTS "latchkey_count_delete" AFTER DELETE ON "LiteLLM_VerificationToken"
BEGIN
  UPDATE "latchkey_count" SET "rows" = "rows" - 1 WHERE "table" = 'LiteLLM_VerificationToken';
END;
-- once, and after the triggers: what others insert meanwhile is counted here or there
INSERT INTO "latchkey_count" ("table", "rows")
SELECT 'LiteLLM_VerificationToken', COUNT(*) FROM "LiteLLM_VerificationToken"
WHERE NOT EXISTS (SELECT 1 FROM "latchkey_count")
ON CONFLICT DO NOTHING;
