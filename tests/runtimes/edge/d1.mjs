// Tells the story of a store on D1.
import { d1 } from "latchkey/stores/d1";
import { story } from "./story.mjs";
import { tell } from "./tell.mjs";
import { start } from "./workerd.mjs";

const names = Object.keys(story).map((_, at) => `D${at}`);
const idle = [{ type: "ESModule", path: "idle.mjs", contents: "export default {}" }];
const miniflare = await start(idle, names);
await tell("workerd, d1", story, async () => ({ store: d1(await miniflare.getD1Database(names.pop())) }));
await miniflare.dispose();
