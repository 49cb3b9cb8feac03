-- The teams of each user, as the lists of the teams say: to look through the lists themselves takes as long as all of them.
CREATE TABLE IF NOT EXISTS "latchkey_team_member" (
  "user_id" TEXT NOT NULL,
  "team_id" TEXT NOT NULL,
  PRIMARY KEY ("user_id", "team_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "latchkey_team_member_team_id" ON "latchkey_team_member" ("team_id");
CREATE TRIGGER IF NOT EXISTS "latchkey_team_member_insert" AFTER INSERT ON "LiteLLM_TeamTable"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = NEW."team_id";
  INSERT INTO "latchkey_team_member" ("user_id", "team_id")
  SELECT DISTINCT json_extract(i.value, '$.user_id'), NEW."team_id" FROM json_each(NEW."members_with_roles") AS i
  WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text';
END;
CREATE TRIGGER IF NOT EXISTS "latchkey_team_member_update" AFTER UPDATE OF "members_with_roles" ON "LiteLLM_TeamTable"
WHEN NEW."members_with_roles" <> OLD."members_with_roles"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = NEW."team_id" AND "user_id" NOT IN (
    SELECT json_extract(i.value, '$.user_id') FROM json_each(NEW."members_with_roles") AS i
    WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text'
  );
  INSERT INTO "latchkey_team_member" ("user_id", "team_id")
  SELECT DISTINCT json_extract(i.value, '$.user_id'), NEW."team_id" FROM json_each(NEW."members_with_roles") AS i
  WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text' AND NOT EXISTS (
    SELECT 1 FROM "latchkey_team_member"
    WHERE "user_id" = json_extract(i.value, '$.user_id') AND "team_id" = NEW."team_id"
  );
END;
CREATE TRIGGER IF NOT EXISTS "latchkey_team_member_delete" AFTER DELETE ON "LiteLLM_TeamTable"
BEGIN
  DELETE FROM "latchkey_team_member" WHERE "team_id" = OLD."team_id";
END;
INSERT OR IGNORE INTO "latchkey_team_member" ("user_id", "team_id")
SELECT json_extract(i.value, '$.user_id'), t."team_id"
FROM "LiteLLM_TeamTable" AS t, json_each(t."members_with_roles") AS i
WHERE i.type = 'object' AND json_type(i.value, '$.user_id') = 'text';
