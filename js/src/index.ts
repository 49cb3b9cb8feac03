// `latchkey` where the module is fetched from beside this file: browsers, and whatever else has `fetch`.
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
    return Latchkey.from(() => source ?? fetch(new URL("./latchkey.wasm", import.meta.url)));
}
