// Everything this package throws: classes with a code for programs.

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
    /** What came is no WebAssembly. */
    | "module_invalid"
    /** It is WebAssembly, but not a module of Latchkey. */
    | "module_foreign"
    /** It is a module of Latchkey of another version. */
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
