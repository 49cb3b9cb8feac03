// The sizes of what is loaded over a network, and the budgets above which the build fails.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { dist, fail } from "./shared.mjs";

/** Files and the most bytes they may have after brotli. */
const BUDGETS = { "latchkey.wasm": 123_000, "policy.wasm": 460_000, "glue.js": 2_500 };

/** Bytes of each file: as it is, after gzip, after brotli, and the most it may have after brotli. */
export function sizes() {
    return Object.entries(BUDGETS).map(([name, budget]) => {
        const bytes = readFileSync(join(dist, name));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        const [gzip, brotli] = [gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes, { params })];
        return { name, raw: bytes.length, gzip: gzip.length, brotli: brotli.length, budget };
    });
}

/** Prints the sizes; ends the build if one is above its budget. */
export function check() {
    for (const { name, raw, gzip, brotli, budget } of sizes()) {
        console.log(`${name.padEnd(14)} ${raw} bytes, gzip ${gzip}, brotli ${brotli} (at most ${budget})`);
        if (brotli > budget) fail(`${name} has ${brotli} bytes after brotli, more than its budget of ${budget}`);
    }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) check();
