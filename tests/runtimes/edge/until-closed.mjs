// A server ends when who started it closes its standard input, or is gone.
import process from "node:process";

/** Calls `end`, then ends the process, when standard input does. */
export function untilClosed(end = () => {}) {
    process.stdin.resume();
    process.stdin.on("end", async () => {
        await end();
        process.exit(0);
    });
}
