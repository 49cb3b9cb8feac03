-- the tokens that keys had before they were regenerated
CREATE TABLE "latchkey_grace" (
  "token" TEXT NOT NULL PRIMARY KEY,
  "current" TEXT NOT NULL,
  "key_id" TEXT NOT NULL,
  "works_until" TIMESTAMP(3),
  "position" BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX "latchkey_grace_current" ON "latchkey_grace" ("current");
