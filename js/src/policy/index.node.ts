// `policy.wasm` from the file beside this one: Node, Deno and Bun.
import { readFile } from "node:fs/promises";
import { compile } from "../source.js";

export { ABI_VERSION, POLICY_SHA256, RULES_DIGEST } from "../facts.js";

/** Compiles `policy.wasm`, the module behind `latchkey/edge`. */
export function loadPolicy(): Promise<WebAssembly.Module> {
    return compile(() => readFile(new URL("../policy.wasm", import.meta.url)));
}
