// Runs named tests one after the other and prints a line for each: `edge NAME … ok` or `edge NAME … FAILED`.
import process from "node:process";
import { report } from "../report.mjs";

/** Runs all tests of `tests`, each with what `make` makes for it. */
export async function tell(where, tests, make = async () => ({})) {
    for (const [name, test] of Object.entries(tests)) {
        const title = `edge ${where}: ${name}`;
        try {
            const { store, close } = await make();
            try {
                await test(store);
            } finally {
                await close?.();
            }
            console.log(`${title} ... ok`);
            report(title, true);
        } catch (error) {
            console.log(`${title} ... FAILED\n${error?.stack ?? error}`);
            report(title, false);
            process.exitCode = 1;
        }
    }
}
