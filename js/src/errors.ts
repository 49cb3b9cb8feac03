// Everything this package throws: classes with a code for programs.
import type { SettingsProblem } from "./contract.js";
import type { Code } from "./generated.js";

export type { SettingsProblem } from "./contract.js";

/** Something that went wrong, with a code that stays the same. */
export class LatchkeyError extends Error {
    override readonly name: string = "LatchkeyError";
    /** For programs: what went wrong. */
    readonly code: string;

    constructor(code: string, message: string, options?: ErrorOptions) {
        super(message, options);
        this.code = code;
    }
}

/** Why a module cannot be used. */
export type ModuleErrorCode =
    /** It cannot be fetched or read. */
    | "module_unavailable"
    /** The source is not WebAssembly. */
    | "module_invalid"
    /** It is WebAssembly, but not this module of Latchkey. */
    | "module_foreign"
    /** It is a module of Latchkey with another version of the contract. */
    | "abi_version"
    /** It failed in the middle of a question; the next question gets a fresh instance. */
    | "module_trapped";

/** The module of the rules cannot be used. */
export class ModuleError extends LatchkeyError {
    override readonly name = "ModuleError";
    declare readonly code: ModuleErrorCode;

    constructor(code: ModuleErrorCode, message: string, options?: ErrorOptions) {
        super(code, message, options);
    }
}

/** The settings cannot be used. */
export class SettingsError extends LatchkeyError {
    override readonly name = "SettingsError";
    declare readonly code: "settings_invalid";
    /** All that is wrong with them. */
    readonly problems: readonly SettingsProblem[];

    constructor(problems: readonly SettingsProblem[]) {
        const said = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
        super("settings_invalid", said.join("; "));
        this.problems = problems;
    }
}

/** A question that cannot be judged: not JSON, an unknown role, a row that is none. */
export class InputError extends LatchkeyError {
    override readonly name = "InputError";
    declare readonly code: "input_invalid";

    constructor(message: string, options?: ErrorOptions) {
        super("input_invalid", message, options);
    }
}

/** A text that is not a duration. */
export class DurationError extends LatchkeyError {
    override readonly name = "DurationError";
    declare readonly code: Extract<Code, `duration_${string}`>;
}

/** Why a store gave no answer. */
export type StoreErrorCode =
    /** It cannot be reached, is full, or is damaged. */
    | "store_unavailable"
    /** It was asked for a table, a column or a value that it has no room for. */
    | "store_unknown";

/** A store gave no answer. What was to be stored may be stored, all of it, or not: the answer to a commit can be lost. */
export class StoreError extends LatchkeyError {
    override readonly name = "StoreError";
    declare readonly code: StoreErrorCode;

    constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
        super(code, message, options);
    }
}
