// What a module of bytes in and bytes out is, and how one is asked: the policy, or an operator's rule.
import { ModuleError } from "../errors.js";

/** What both export. */
export interface Exports {
    readonly memory: WebAssembly.Memory;
    alloc(length: number): number;
}

/** A question: where the input lies, and how long it is, for where the output lies (high half) and how long that is. */
export type Question = (at: number, length: number) => bigint;

/** Asserts that `module` is compiled, reaches nothing and has these exports; `what` is its name in the error. */
export function check(module: WebAssembly.Module, names: readonly string[], what: string): void {
    if (!(module instanceof WebAssembly.Module)) {
        throw new ModuleError("module_invalid", `${what} is not a compiled \`WebAssembly.Module\``);
    }
    if (WebAssembly.Module.imports(module).length > 0) {
        throw new ModuleError("module_foreign", `${what} must have no imports`);
    }
    const has = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
    const missing = names.filter((name) => !has.has(name));
    if (missing.length > 0) throw new ModuleError("module_foreign", `${what} does not export ${missing.join(", ")}`);
}

/** Asks one question; where the answer lies, and its length. */
export function ask(instance: Exports, question: Question, input: Uint8Array): [at: number, length: number] {
    const at = instance.alloc(input.length) >>> 0;
    new Uint8Array(instance.memory.buffer).set(input, at);
    const packed = BigInt.asUintN(64, question(at, input.length));
    return [Number(packed >> 32n), Number(packed & 0xffffffffn)];
}
