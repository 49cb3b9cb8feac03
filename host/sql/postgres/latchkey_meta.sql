-- what the server keeps for itself: the digest of the master key made at the first start
CREATE TABLE "latchkey_meta" (
  "name" TEXT NOT NULL PRIMARY KEY,
  "value" TEXT NOT NULL
);
