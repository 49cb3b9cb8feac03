// Builds the package into dist: both modules, the glue between JavaScript and the browser build, and the TypeScript.
//
//     npm run build
//
// It needs Rust (rustup) and `npm ci`.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { browserModule, policyModule } from "./modules.mjs";
import { writeFacts } from "./facts.mjs";
import { check as checkSizes } from "./sizes.mjs";
import { dist, fail, js, tool, top } from "./shared.mjs";

mkdirSync(dist, { recursive: true });
policyModule();
browserModule();
await writeFacts();
const compiled = spawnSync(process.execPath, [tool("typescript", "tsc"), "--project", js], { stdio: "inherit" });
if (compiled.status !== 0) fail("the TypeScript does not compile");
for (const name of ["facts", "glue"]) copyFileSync(`${js}/src/${name}.d.ts`, `${dist}/${name}.d.ts`);
// for D1: `migrations_dir` of a worker's wrangler.toml
rmSync(`${dist}/migrations`, { recursive: true, force: true });
cpSync(`${top}/host/sql/sqlite`, `${dist}/migrations`, { recursive: true });
checkSizes();
