// What wasm-bindgen writes keeps one instance for the whole page. This makes a function of it, so that each instance has
// glue of its own: after a trap a fresh one takes over, and a module of another version does no harm.

/** The module of JavaScript around `latchkey_bg.js`. */
export function createGlue(generated) {
    const names = [...generated.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
    const body = generated.replace(/^export (?=class|function)/gm, "");
    if (names.length === 0 || /^(?:export|import)\b/m.test(body)) {
        throw new Error("wasm-bindgen writes its JavaScript in another form than this expects");
    }
    return `export function createGlue() {\n${body}\nreturn { ${names.join(", ")} };\n}\n`;
}
