// Plays every vector on the npm package in every runtime: `node vectors/main.mjs FOLDER`, where FOLDER is what
// `verdicts` wrote. One line for each runtime and file, as the corpus runner prints them; fails unless all are equal.
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { report } from "../report.mjs";
import { runtimes } from "./runtimes.mjs";

const folder = resolve(process.argv[2] ?? "");
const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl")).sort();
let equal = files.length > 0;
if (!equal) console.log("no vectors to play");
for await (const runtime of runtimes(folder)) {
    for (const file of files) {
        const score = await runtime.play(join(folder, file));
        const isEqual = score.total > 0 && score.equal === score.total;
        const counts = `${String(score.equal).padStart(6)} / ${String(score.total).padEnd(6)}`;
        console.log(`${runtime.name.padEnd(9)} ${file.padEnd(32)} ${counts} ${isEqual ? "equal" : "DIFFERENT"}`);
        report(`${runtime.name} ${file}`, isEqual);
        for (const difference of score.differences) console.log(`  ${difference}`);
        equal &&= isEqual;
    }
    await runtime.close();
}
process.exitCode = equal ? 0 : 1;
