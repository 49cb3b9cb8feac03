// `policy.wasm` by its address beside this file: browsers, and whatever else has `fetch`.
import { compile } from "../source.js";

export { ABI_VERSION, POLICY_SHA256, RULES_DIGEST } from "../facts.js";

/** Compiles `policy.wasm`, the module behind `latchkey/edge`. */
export function loadPolicy(): Promise<WebAssembly.Module> {
    return compile(() => fetch(new URL("../policy.wasm", import.meta.url)));
}
