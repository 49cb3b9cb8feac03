// One running module: checked when it starts, replaced when it fails.
import { ABI_VERSION } from "./facts.js";
import { ModuleError } from "./errors.js";
import { createGlue, type Glue } from "./glue.js";

/** The name under which the module imports its glue. */
const GLUE = "./latchkey_bg.js";

/** An instance of `latchkey.wasm`. */
export class Instance {
    readonly #module: WebAssembly.Module;
    #glue: Glue;
    /** Rises when a fresh instance takes over: what was made inside the former one is gone. */
    generation = 0;

    private constructor(module: WebAssembly.Module, glue: Glue) {
        this.#module = module;
        this.#glue = glue;
    }

    /** Starts a module, or says why it is not one that this package can use. */
    static async start(module: WebAssembly.Module): Promise<Instance> {
        const glue = createGlue();
        let exports: WebAssembly.Exports;
        try {
            exports = (await WebAssembly.instantiate(module, { [GLUE]: glue })).exports;
        } catch (cause) {
            throw new ModuleError("module_foreign", "module is not one of Latchkey's for forms", { cause });
        }
        if (typeof exports["abiVersion"] !== "function") {
            throw new ModuleError("module_foreign", "module is not one of Latchkey's for forms");
        }
        wire(glue, exports);
        const version = glue.abiVersion();
        if (version !== ABI_VERSION) {
            throw new ModuleError("abi_version", `module has version \`${version}\` of the contract, not ${ABI_VERSION}`);
        }
        return new Instance(module, glue);
    }

    /** Does some work inside the module. */
    run<T>(work: (glue: Glue) => T): T {
        try {
            return work(this.#glue);
        } catch (cause) {
            this.#restart();
            throw new ModuleError("module_trapped", "module failed on this question", { cause });
        }
    }

    #restart(): void {
        const glue = createGlue();
        wire(glue, new WebAssembly.Instance(this.#module, { [GLUE]: glue }).exports);
        this.#glue = glue;
        this.generation += 1;
    }
}

/** Gives an instance's exports to its glue, and has it make room for the objects it will hold. */
function wire(glue: Glue, exports: WebAssembly.Exports): void {
    glue.__wbg_set_wasm(exports);
    const start = exports["__wbindgen_start"];
    if (typeof start === "function") start();
}
