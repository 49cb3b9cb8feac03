// Ends the server when the process that started it closes its standard input or ends.
import process from "node:process";

/** Calls `end`, then ends the process, when standard input does. */
export function untilClosed(end = () => {}) {
    process.stdin.resume();
    process.stdin.on("end", async () => {
        await end();
        process.exit(0);
    });
}
