// The policy module: bytes in, bytes out. The contract is wasm/README.md.
import type { Configured, Report } from "../contract.js";
import { ModuleError, SettingsError } from "../errors.js";
import { ABI_VERSION } from "../facts.js";
import { type Exports, type Question, ask, check } from "./crossing.js";

interface PolicyExports extends Exports {
    abi_version(): number;
    free(at: number, length: number): void;
    readonly configure: Question;
    readonly handle: Question;
}

const NAMES = ["memory", "abi_version", "alloc", "free", "configure", "handle"];

/** Linear memory never shrinks: an instance that took more than this for a request is not kept. */
const KEPT_BYTES = 16 << 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The rules under some settings. A call runs to its end before the next: one instance serves them all. */
export class Policy {
    readonly report: Report;
    readonly #module: WebAssembly.Module;
    readonly #settings: Uint8Array;
    #instance: PolicyExports | undefined;

    /** Starts the module with settings as JSON text. */
    constructor(module: WebAssembly.Module, settings: string) {
        check(module, NAMES, "policy");
        this.#module = module;
        this.#settings = encoder.encode(settings);
        [this.#instance, this.report] = this.#start();
    }

    /** Decides a call: its head and the request's body in, the step's head and the reply's body out. */
    handle(head: string, body: Uint8Array): { head: string; body: Uint8Array<ArrayBuffer> } {
        const instance = this.#instance ?? this.#start()[0];
        // after a trap it stays away
        this.#instance = undefined;
        const text = encoder.encode(head);
        const frame = new Uint8Array(4 + text.length + body.length);
        new DataView(frame.buffer).setUint32(0, text.length, true);
        frame.set(text, 4);
        frame.set(body, 4 + text.length);
        const out = cross(instance, instance.handle, frame);
        if (instance.memory.buffer.byteLength <= KEPT_BYTES) this.#instance = instance;
        const end = 4 + new DataView(out.buffer).getUint32(0, true);
        return { head: decoder.decode(out.subarray(4, end)), body: out.subarray(end) };
    }

    #start(): [PolicyExports, Report] {
        const instance = new WebAssembly.Instance(this.#module).exports as unknown as PolicyExports;
        const version = instance.abi_version();
        if (version !== ABI_VERSION) {
            throw new ModuleError("abi_version", `module has version \`${version}\` of the contract, not ${ABI_VERSION}`);
        }
        let configured: Configured;
        try {
            configured = JSON.parse(decoder.decode(cross(instance, instance.configure, this.#settings)));
        } catch (cause) {
            throw new ModuleError("module_trapped", "module failed on the settings", { cause });
        }
        if ("unusable" in configured) throw new SettingsError(configured.unusable);
        return [instance, configured.usable];
    }
}

function cross(instance: PolicyExports, question: Question, input: Uint8Array): Uint8Array<ArrayBuffer> {
    const [at, length] = ask(instance, question, input);
    const output = new Uint8Array(instance.memory.buffer).slice(at, at + length);
    instance.free(at, length);
    return output;
}
