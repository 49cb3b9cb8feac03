// Measures the npm package: the time of one `check` in each runtime, the start in a browser, and the sizes, as rows of
// the README's table. Needs a built package.
import { sizes } from "../../../js/build/sizes.mjs";
import { runtimes } from "./runtimes.mjs";

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const row = (what, measured, goal = "") => console.log(`| ${what} | ${measured} | ${goal} |`);

for (const { name, raw, gzip, brotli, budget } of sizes()) {
    row(`\`${name}\`: raw, gzip, brotli`, [raw, gzip, brotli].map(kilobytes).join(", "), `≤ ${kilobytes(budget)} brotli`);
}
for await (const runtime of runtimes("")) {
    row(`one \`check\`, objects in and out: ${runtime.name}`, `${(await runtime.measure()).toFixed(1)} µs`);
    if (runtime.measureStart) {
        const { compile, instantiate } = await runtime.measureStart();
        row(`${runtime.name}: compile, instantiate`, `${compile.toFixed(1)} ms, ${instantiate.toFixed(1)} ms`, "≤ 5 ms to instantiate");
    }
    await runtime.close();
}
