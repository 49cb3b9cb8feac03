// Where things are, and how a build step says that it failed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const js = dirname(dirname(fileURLToPath(import.meta.url)));
export const top = dirname(js);
export const dist = join(js, "dist");

/** Says in one sentence what is wrong, and ends the build. */
export function fail(sentence) {
    console.error(`the package does not build: ${sentence}`);
    process.exit(1);
}

/** The path of a program of an npm package. */
export function tool(name, program) {
    const manifest = join(js, "node_modules", name, "package.json");
    if (!existsSync(manifest)) fail(`run \`npm ci\` in ${js} first`);
    const { bin } = createRequire(import.meta.url)(manifest);
    return join(dirname(manifest), typeof bin === "string" ? bin : bin[program]);
}

/** Cargo's folder for what it builds. */
export function targetFolder() {
    const described = execFileSync("cargo", ["metadata", "--format-version", "1", "--no-deps"], {
        cwd: top,
        encoding: "utf8",
        maxBuffer: 1 << 26,
    });
    return JSON.parse(described).target_directory;
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
