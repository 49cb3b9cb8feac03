// The operator's own rule: a module that can reach nothing, with a fresh instance for each question. The contract is
// wasm/CUSTOM_RULE.md; JavaScript cannot stop a module that runs too long.
import { ModuleError } from "../errors.js";
import { type Exports, type Question, ask, check } from "./crossing.js";

const NAMES = ["memory", "alloc", "decide"];

/** Bytes of an answer. */
const ANSWER = 64 << 10;

/** Bytes of linear memory. */
const MEMORY = 64 << 20;

/** Why a question got no answer. */
class Unanswered extends Error {
    constructor(
        readonly kind: "trap" | "malformed",
        message: string,
    ) {
        super(message);
    }
}

/** A rule that answered the trial. */
export class CustomRule {
    readonly #module: WebAssembly.Module;

    constructor(module: WebAssembly.Module, trial: string) {
        check(module, NAMES, "custom rule");
        this.#module = module;
        try {
            this.#decide(trial);
        } catch (cause) {
            const why = cause instanceof Error ? cause.message : String(cause);
            throw new ModuleError("module_trapped", `custom rule fails on a question to try it with: ${why}`, { cause });
        }
    }

    /** What the rule says, as a fact's rows. */
    ask(input: string): string {
        try {
            return JSON.stringify([{ answer: this.#decide(input) }]);
        } catch (error) {
            return JSON.stringify([{ failed: error instanceof Unanswered ? error.kind : "trap" }]);
        }
    }

    #decide(input: string): string {
        const instance = new WebAssembly.Instance(this.#module).exports as unknown as Exports & { decide: Question };
        const [start, length] = ask(instance, instance.decide, new TextEncoder().encode(input));
        const memory = instance.memory.buffer;
        if (memory.byteLength > MEMORY) throw new Unanswered("trap", "it takes more than 64 MiB");
        if (length > ANSWER || start + length > memory.byteLength) {
            throw new Unanswered("malformed", "its answer lies outside its memory or is too long");
        }
        try {
            return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(new Uint8Array(memory, start, length));
        } catch {
            throw new Unanswered("malformed", "its answer is not UTF-8");
        }
    }
}
