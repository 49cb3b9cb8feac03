// Where a module comes from, and how it is compiled.
import { ModuleError } from "./errors.js";

/** A module, its bytes, or the answer to a request for them. */
export type Source = WebAssembly.Module | BufferSource | Response;

/** Compiles what `get` gives: while it still arrives, where the runtime can and the server named the right type. */
export async function compile(get: () => Source | Promise<Source>): Promise<WebAssembly.Module> {
    const source = await attempt("module_unavailable", "module cannot be loaded", get);
    if (source instanceof WebAssembly.Module) return source;
    if (!(source instanceof Response)) return compileBytes(source);
    if (!source.ok) {
        throw new ModuleError("module_unavailable", `module cannot be loaded: status ${source.status}`);
    }
    const type = source.headers.get("content-type")?.trim().toLowerCase();
    if (type === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
        return attempt("module_invalid", "module is no WebAssembly", () => WebAssembly.compileStreaming(source));
    }
    const read = () => source.arrayBuffer();
    return compileBytes(await attempt("module_unavailable", "module cannot be loaded", read));
}

function compileBytes(bytes: BufferSource): Promise<WebAssembly.Module> {
    return attempt("module_invalid", "module is no WebAssembly", () => WebAssembly.compile(bytes));
}

async function attempt<T>(
    code: "module_unavailable" | "module_invalid",
    message: string,
    work: () => T | Promise<T>,
): Promise<T> {
    try {
        return await work();
    } catch (cause) {
        if (cause instanceof ModuleError) throw cause;
        throw new ModuleError(code, `${message}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
}
