// The two WebAssembly modules: cargo, wasm-bindgen at the version of the lock file, wasm-opt.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createGlue } from "./glue.mjs";
import { dist, fail, hashOf, js, targetFolder, tool, top } from "./shared.mjs";

const TARGET = "wasm32-unknown-unknown";
/** What the compiler uses beyond the first version of WebAssembly; every browser since 2021 has them. */
const FEATURES = [
    "bulk-memory",
    "bulk-memory-opt",
    "call-indirect-overlong",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
].map((feature) => `--enable-${feature}`);

const target = targetFolder();
const work = join(target, "js");

/** `policy.wasm`: plain exports, for the edge handler. */
export function policyModule() {
    const built = cargoModule("policy", []);
    const out = join(dist, "policy.wasm");
    unlessFresh(out, [built], () => optimise(built, out));
}

/** `latchkey.wasm` and `glue.js`: the rules for forms. */
export function browserModule() {
    const built = cargoModule("browser", ["--features", "browser"]);
    const out = join(dist, "latchkey.wasm");
    const generator = bindgen();
    unlessFresh(out, [built, generator, join(js, "build", "glue.mjs")], () => {
        const folder = join(work, "bindgen");
        run(generator, [built, folder]);
        optimise(join(folder, "latchkey_bg.wasm"), out, "--dae-optimizing");
        writeFileSync(join(dist, "glue.js"), createGlue(readFileSync(join(folder, "latchkey_bg.js"), "utf8")));
    });
}

/** Builds latchkey-wasm with a profile of the workspace; gives the module's path. */
function cargoModule(profile, features) {
    addTarget();
    const chosen = ["--package", "latchkey-wasm", "--lib", "--profile", profile, "--target", TARGET, ...features];
    // no flags of the user's: the module is the same on every machine
    run("cargo", ["build", "--locked", ...chosen], { CARGO_ENCODED_RUSTFLAGS: "" });
    return join(target, TARGET, profile, "latchkey_wasm.wasm");
}

function bindgen() {
    run("cargo", ["build", "--locked", "--profile", "checks", "--package", "latchkey-bindgen"]);
    return join(target, "checks", process.platform === "win32" ? "latchkey-bindgen.exe" : "latchkey-bindgen");
}

function addTarget() {
    const asked = ["--print", "target-libdir", "--target", TARGET];
    const found = spawnSync("rustc", asked, { cwd: top, encoding: "utf8" });
    if (found.error) fail("it needs Rust, see https://rustup.rs");
    if (existsSync(found.stdout.trim())) return;
    run("rustup", ["target", "add", TARGET]);
}

/** Does the work unless `out` was made from the same files before. */
function unlessFresh(out, files, make) {
    mkdirSync(work, { recursive: true });
    const stamp = join(work, `${basename(out)}.made-from`);
    const hash = hashOf([...files, join(js, "package-lock.json"), join(js, "build", "modules.mjs")]);
    const made = existsSync(out) && existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
    if (made === `${hash} ${hashOfOut(out)}`) return;
    make();
    writeFileSync(stamp, `${hash} ${hashOfOut(out)}`);
}

const hashOfOut = (out) => (existsSync(out) ? hashOf([out]) : "");

/**
 * The compiler has optimised already: most further passes make a module smaller as it is, and larger after compression.
 * Removing unused arguments is one that pays for the small module.
 */
function optimise(from, to, ...more) {
    const optimised = `${to}.tmp`;
    run(process.execPath, [tool("binaryen", "wasm-opt"), "-O1", ...more, ...FEATURES, from, "-o", optimised]);
    renameSync(optimised, to);
}

function run(program, words, environment = {}) {
    const ended = spawnSync(program, words, { cwd: top, stdio: "inherit", env: { ...process.env, ...environment } });
    if (ended.error) fail(`\`${program}\` cannot be started (${ended.error.message})`);
    if (ended.status !== 0) fail(`\`${[program, ...words].join(" ")}\` failed`);
}
