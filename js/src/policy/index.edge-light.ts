// `policy.wasm` as a module that the runtime compiled: edge-light.
import module from "../policy.wasm?module";

export { ABI_VERSION, POLICY_SHA256, RULES_DIGEST } from "../facts.js";

/** Gives `policy.wasm`, the module behind `latchkey/edge`. */
export async function loadPolicy(): Promise<WebAssembly.Module> {
    return module;
}
