// Scenes on Node, each with a SQLite of its own.
import { serve } from "@hono/node-server";
import { loadPolicy } from "latchkey/policy";
import { sqlite } from "latchkey/stores/sqlite";
import { scenes } from "./scenes.mjs";
import { untilClosed } from "./until-closed.mjs";

const fetch = scenes(await loadPolicy(), async () => ({ store: await sqlite(":memory:") }));
const server = serve({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
    console.log(`Latchkey listens on http://127.0.0.1:${port}, on Node ${process.versions.node}`);
});
server.keepAliveTimeout = 75_000;
untilClosed();
