// An empty store in memory, with the SQLite of this runtime, or with sql.js on a Node that has none.
import { sqlite } from "latchkey/stores/sqlite";

let open = () => sqlite(":memory:");
try {
    await open();
} catch {
    const { default: start } = await import("sql.js");
    const { Database } = await start();
    open = () => sqlite(likeNode(new Database()));
}

/** A database of sql.js as it is used here. */
function likeNode(database) {
    const all = (statement, parameters) => {
        const rows = [];
        statement.bind(parameters);
        while (statement.step()) rows.push(statement.getAsObject());
        statement.reset();
        return rows;
    };
    return {
        exec: (sql) => database.exec(sql),
        prepare(sql) {
            const statement = database.prepare(sql);
            const run = (...parameters) => all(statement, parameters);
            return { all: run, run };
        },
    };
}

/** A store that is opened while the handler over it is made. */
export function empty() {
    const store = open();
    return {
        read: async (queries) => (await store).read(queries),
        commit: async (writes, guards) => (await store).commit(writes, guards),
        lacking: async () => (await store).lacking(),
    };
}
