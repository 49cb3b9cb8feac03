-- what the server keeps for itself: the digest of the master key made at the first start
CREATE TABLE IF NOT EXISTS "latchkey_meta" (
  "name" TEXT NOT NULL PRIMARY KEY,
  "value" TEXT NOT NULL
) STRICT;

-- the tokens that keys had before they were regenerated
CREATE TABLE IF NOT EXISTS "latchkey_grace" (
  "token" TEXT NOT NULL PRIMARY KEY,
  "current" TEXT NOT NULL,
  "key_id" TEXT NOT NULL,
  "works_until" INTEGER,
  "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX IF NOT EXISTS "latchkey_grace_current" ON "latchkey_grace" ("current");
