// Scenes on Deno, each with a SQLite of its own.
import { loadPolicy } from "latchkey/policy";
import { sqlite } from "latchkey/stores/sqlite";
import { scenes } from "./scenes.mjs";
import { untilClosed } from "./until-closed.mjs";

const fetch = scenes(await loadPolicy(), async () => ({ store: await sqlite(":memory:") }));
const onListen = ({ port }) => {
    console.log(`Latchkey listens on http://127.0.0.1:${port}, on Deno ${Deno.version.deno}`);
};
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, (request) => fetch(request));
untilClosed();
