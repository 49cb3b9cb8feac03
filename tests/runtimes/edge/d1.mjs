// Tells the story of a store on D1, and lets requests race in workerd.
import { d1 } from "latchkey/stores/d1";
import { MASTER, races } from "./races.mjs";
import { story } from "./story.mjs";
import { tell } from "./tell.mjs";
import { SCENES, build, start } from "./workerd.mjs";

const names = Object.keys(story).map((_, at) => `D${at}`);
const idle = [{ type: "ESModule", path: "idle.mjs", contents: "export default {}" }];
const miniflare = await start(idle, names);
await tell("workerd, d1", story, async () => ({ store: d1(await miniflare.getD1Database(names.pop())) }));
await miniflare.dispose();

const scenes = build(SCENES);

/** A race between requests to the worker of the scenes, whose one database is `RACE`; of four kinds 200 removals. */
const inWorker = (race) => async () => {
    const worker = await start(scenes, ["RACE"]);
    try {
        const ask = (body, headers) => worker.dispatchFetch("http://localhost/", { method: "POST", body, headers });
        const settings = JSON.stringify({ general_settings: { master_key: MASTER } });
        const scene = await (await ask(settings, { "x-latchkey-scene": "open" })).text();
        const handler = async (request) => {
            const headers = { ...Object.fromEntries(request.headers), "x-latchkey-scene": scene };
            return worker.dispatchFetch(request.url, { method: request.method, headers, body: await request.text() });
        };
        await race({ store: d1(await worker.getD1Database("RACE")), handler, rounds: 50 });
    } finally {
        await worker.dispose();
    }
};
await tell("workerd, d1", Object.fromEntries(Object.entries(races).map(([name, race]) => [name, inWorker(race)])));
