// What the package knows of its modules: their digests, the digest of the rules, the version of the contract.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dist, sha256 } from "./shared.mjs";

/** Writes dist/facts.js. */
export async function writeFacts() {
    const bytes = readFileSync(join(dist, "latchkey.wasm"));
    const { createGlue } = await import(pathToFileURL(join(dist, "glue.js")));
    const glue = createGlue();
    const { instance } = await WebAssembly.instantiate(bytes, { "./latchkey_bg.js": glue });
    glue.__wbg_set_wasm(instance.exports);
    const facts = {
        ABI_VERSION: glue.abiVersion(),
        RULES_DIGEST: glue.rulesDigest(),
        POLICY_SHA256: sha256(readFileSync(join(dist, "policy.wasm"))),
        MODULE_SHA256: sha256(bytes),
    };
    const lines = Object.entries(facts).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`);
    writeFileSync(join(dist, "facts.js"), lines.join(""));
}
