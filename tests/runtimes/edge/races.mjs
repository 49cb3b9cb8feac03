// Keys that are made while what they belong to is removed, on a store behind the handler: none is left.
import { deepStrictEqual as equal, ok } from "node:assert";
import { createHandler } from "latchkey/edge";
import { loadPolicy } from "latchkey/policy";

/** The master key of every handler here. */
export const MASTER = "sk-master-of-the-races";
const MAKERS = 3;

const policy = await loadPolicy();

/** A handler over a store, in this process. */
const handlerOver = (store) => createHandler({ policy, store, masterKey: MASTER, log: () => {} });

/** Sends a request to a handler: the status and the document. */
function sender(handler) {
    return async (path, body, key) => {
        const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
        const init = { method: "POST", headers, body: JSON.stringify(body) };
        const response = await handler(new Request(`http://localhost${path}`, init));
        return [response.status, await response.json()];
    };
}

/** Removes while keys are made. `begin` gives the key and the body of those requests. */
async function race({ store, handler, rounds = 200 }, kind, begin, [path, remove], filter) {
    const send = sender(handler ?? handlerOver(store));
    let made = 0;
    for (let round = 0; round < rounds; round++) {
        const id = `${kind}-${round}`;
        const [key, body] = await begin(async (path, body) => {
            const [status, reply] = await send(path, body, MASTER);
            equal(status, 200, `${path}: ${JSON.stringify(reply)}`);
            return reply;
        }, id);
        // the removal comes at another place among them in each round
        const requests = Array.from({ length: MAKERS }, () => () => send("/key/generate", body, key));
        const removal = async () => {
            // and later in each, since it takes fewer steps than they do
            for (let tick = 0; tick < 4 * (round % 50); tick++) await null;
            if (round % 5 === 4) await new Promise((done) => setTimeout(done, round % 10));
            return await send(path, remove(id), MASTER);
        };
        requests.splice(round % (MAKERS + 1), 0, removal);
        const ended = await Promise.all(requests.map((request) => request()));
        ok(ended.every(([status]) => status < 500), JSON.stringify(ended));
        equal(ended[round % (MAKERS + 1)][0], 200);
        made += ended.filter(([status]) => status === 200).length - 1;
        const wanted = filter(id);
        const [{ rows }] = await store.read([{ all: { table: "LiteLLM_VerificationToken" } }]);
        const left = JSON.parse(rows).filter((key) => Object.entries(wanted).every(([name, value]) => key[name] === value));
        equal(left.length, 0, `what is left of ${id}`);
    }
    ok(made > 0, "no key was made at all");
}

/** Each takes an empty store, and the handler over it where that is in another process: `{ store, handler, rounds }`. */
export const races = {
    async "no key outlives the removal of a member"(where) {
        const begin = async (done, id) => {
            const { key } = await done("/user/new", { user_id: id, user_role: "internal_user" });
            await done("/team/new", { team_id: `${id}-team`, members_with_roles: [{ user_id: id, role: "user" }] });
            return [key, { team_id: `${id}-team` }];
        };
        const remove = ["/team/member_delete", (id) => ({ team_id: `${id}-team`, user_id: id })];
        await race(where, "member", begin, remove, (id) => ({ team_id: `${id}-team`, user_id: id }));
    },

    async "no key outlives its user"(where) {
        const begin = async (done, id) => {
            const { key } = await done("/user/new", { user_id: id, user_role: "internal_user" });
            return [key, {}];
        };
        await race(where, "user", begin, ["/user/delete", (id) => ({ user_ids: [id] })], (id) => ({ user_id: id }));
    },

    async "no key outlives its team"(where) {
        const begin = async (done, id) => {
            await done("/team/new", { team_id: id });
            return [MASTER, { team_id: id }];
        };
        await race(where, "team", begin, ["/team/delete", (id) => ({ team_ids: [id] })], (id) => ({ team_id: id }));
    },

    async "no key names a budget that is gone"(where) {
        const begin = async (done, id) => {
            await done("/budget/new", { budget_id: id });
            return [MASTER, { budget_id: id }];
        };
        await race(where, "budget", begin, ["/budget/delete", (id) => ({ id })], (id) => ({ budget_id: id }));
    },
};
