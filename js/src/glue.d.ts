// What wasm-bindgen writes around the browser build, as build/glue.mjs makes a function of it (dist/glue.js).

/** The rules under one set of settings, inside an instance. */
export interface ModuleRules {
    report(): unknown;
    check(input: string): unknown;
    checkText(input: string): string;
    describe(input: string): unknown;
    describeText(input: string): string;
    free(): void;
}

/** The functions of one instance. */
export interface Glue extends WebAssembly.ModuleImports {
    __wbg_set_wasm(exports: WebAssembly.Exports): void;
    Rules: new (settings: string) => ModuleRules;
    abiVersion(): number;
    parseDuration(text: string, now: number): unknown;
    hashKey(key: string): string;
    mintKey(): string;
    rulesDigest(): string;
}

/** Glue for one more instance; it has none yet. */
export function createGlue(): Glue;
