// Scenes in workerd, each with a D1 database of its own.
import { supportedCompatibilityDate } from "miniflare";
import { untilClosed } from "./until-closed.mjs";
import { SCENES, build, start } from "./workerd.mjs";

/** Scenes at one time. */
const DATABASES = ["A", "B", "C", "D"];

const miniflare = await start(build(SCENES), DATABASES);
const { port } = await miniflare.ready;
console.log(`Latchkey listens on http://127.0.0.1:${port}, in workerd of ${supportedCompatibilityDate}`);
untilClosed(() => miniflare.dispose());
