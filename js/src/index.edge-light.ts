// `latchkey` where the runtime compiles the module: edge-light.
import module from "./latchkey.wasm?module";
import { Latchkey } from "./latchkey.js";
import type { Source } from "./source.js";

export * from "./exports.js";

/**
 * Loads the rules: the module that comes with this package, or one from elsewhere (its bytes, the answer to a request for
 * them, or what was compiled of them).
 *
 * @throws ModuleError if it cannot be loaded or is another module
 */
export function load(source?: Source | Promise<Source>): Promise<Latchkey> {
    return Latchkey.from(() => source ?? module);
}
