// The operator's own rule: a module that can reach nothing, with a fresh instance for each question. The contract is
// wasm/CUSTOM_RULE.md; JavaScript cannot stop a module that runs too long.
import type { CustomRuleReport, RuleAnswer, RuleFailure } from "../contract.js";
import { ModuleError } from "../errors.js";
import { type Exports, type Question, ask, check } from "./crossing.js";

const NAMES = ["memory", "alloc", "decide"];

/** Why a question got no answer. */
class Unanswered extends Error {
    constructor(
        readonly kind: RuleFailure,
        message: string,
    ) {
        super(message);
    }
}

/** A rule that answered the trial. */
export class CustomRule {
    readonly #module: WebAssembly.Module;
    readonly #report: CustomRuleReport;

    constructor(module: WebAssembly.Module, report: CustomRuleReport) {
        check(module, NAMES, "custom rule");
        this.#module = module;
        this.#report = report;
        try {
            this.#decide(report.trial);
        } catch (cause) {
            const why = cause instanceof Error ? cause.message : String(cause);
            throw new ModuleError("module_trapped", `custom rule fails on a question to try it with: ${why}`, { cause });
        }
    }

    /** What the rule says. */
    ask(input: string): RuleAnswer {
        try {
            return { answer: this.#decide(input) };
        } catch (error) {
            return { failed: error instanceof Unanswered ? error.kind : "trap" };
        }
    }

    #decide(input: string): string {
        const instance = new WebAssembly.Instance(this.#module).exports as unknown as Exports & { decide: Question };
        const [start, length] = ask(instance, instance.decide, new TextEncoder().encode(input));
        const memory = instance.memory.buffer;
        const { memory_bytes, answer_bytes } = this.#report;
        if (memory.byteLength > memory_bytes) throw new Unanswered("trap", `it takes more than ${memory_bytes >> 20} MiB`);
        if (length > answer_bytes || start + length > memory.byteLength) {
            throw new Unanswered("malformed", "its answer lies outside its memory or is too long");
        }
        try {
            return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(new Uint8Array(memory, start, length));
        } catch {
            throw new Unanswered("malformed", "its answer is not UTF-8");
        }
    }
}
