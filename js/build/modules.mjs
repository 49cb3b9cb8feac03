// The two WebAssembly modules: the host's, and that for forms, which goes through wasm-bindgen at the version of the lock file.
// wasm-opt would take half a hundredth off what is loaded.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createGlue } from "./glue.mjs";
import { dist, fail, targetFolder, top } from "./shared.mjs";

const TARGET = "wasm32-unknown-unknown";

const target = targetFolder();

/** `policy.wasm`: plain exports, for the edge handler; the module that the host has. */
export function policyModule() {
    const recipe = readFileSync(join(top, "wasm", "policy.args"), "utf8");
    copyFileSync(cargoModule("policy", recipe.trim().split(" ")), join(dist, "policy.wasm"));
}

/** `latchkey.wasm` and `glue.js`: the rules for forms. */
export function browserModule() {
    const profile = ["--profile", "browser", "--features", "browser", "--target", TARGET];
    const built = cargoModule("browser", ["build", "--locked", "--package", "latchkey-wasm", "--lib", ...profile]);
    const folder = join(target, "js", "bindgen");
    run(bindgen(), [built, folder]);
    copyFileSync(join(folder, "latchkey_bg.wasm"), join(dist, "latchkey.wasm"));
    writeFileSync(join(dist, "glue.js"), createGlue(readFileSync(join(folder, "latchkey_bg.js"), "utf8")));
}

/** Builds latchkey-wasm; gives the module's path. Neither flags of the user's nor the machine's folders count. */
function cargoModule(profile, words) {
    addTarget();
    const registry = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
    const environment = Object.keys(process.env).filter((name) => /^CARGO_(?:PROFILE|BUILD)_|^RUSTC_/.test(name));
    run("cargo", [...words, "--target-dir", target], {
        ...Object.fromEntries(environment.map((name) => [name, undefined])),
        CARGO_ENCODED_RUSTFLAGS: `--remap-path-prefix=${registry}=`,
    });
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

function run(program, words, environment = {}) {
    const ended = spawnSync(program, words, { cwd: top, stdio: "inherit", env: { ...process.env, ...environment } });
    if (ended.error) fail(`\`${program}\` cannot be started (${ended.error.message})`);
    if (ended.status !== 0) fail(`\`${[program, ...words].join(" ")}\` failed`);
}
