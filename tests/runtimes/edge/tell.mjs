// Runs named tests one after the other and prints a line for each: `edge NAME … ok` or `edge NAME … FAILED`.
import process from "node:process";

/** Runs all tests of `tests`, each with what `make` makes for it. */
export async function tell(where, tests, make = async () => ({})) {
    for (const [name, test] of Object.entries(tests)) {
        const line = `edge ${where}: ${name} ...`;
        try {
            const { store, close } = await make();
            try {
                await test(store);
            } finally {
                await close?.();
            }
            console.log(`${line} ok`);
        } catch (error) {
            console.log(`${line} FAILED\n${error?.stack ?? error}`);
            process.exitCode = 1;
        }
    }
}
