// Scenes in workerd, each with a D1 database of its own: one of those bound to the worker, emptied.
import { loadPolicy } from "latchkey/policy";
import { d1 } from "latchkey/stores/d1";
import { scenes } from "../scenes.mjs";

let fetch;

export default {
    async fetch(request, env) {
        fetch ??= scenes(await loadPolicy(), maker(Object.values(env)));
        return fetch(request);
    },
};

/** Makes stores of databases that are free. */
function maker(databases) {
    const free = [...databases];
    return async () => {
        const database = free.pop();
        if (database === undefined) throw new Error("no database is free");
        const { results } = await database
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '[_s]*'")
            .all();
        await database.batch(results.map(({ name }) => database.prepare(`DELETE FROM "${name}"`)));
        return { store: d1(database), close: () => void free.push(database) };
    };
}
