// A reporter for `node --test` that writes what tests/run counts.
import { line } from "./report.mjs";

export default async function* reporter(events) {
    for await (const { type, data } of events) {
        if (type !== "test:pass" && type !== "test:fail") continue;
        // a suite is as good as its tests, and what is skipped says nothing
        if (data.details?.type === "suite" || data.skip !== undefined || data.todo !== undefined) continue;
        yield line(data.name, type === "test:pass");
    }
}
