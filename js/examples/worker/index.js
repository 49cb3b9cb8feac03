import { createHandler } from "latchkey/edge";
import { loadPolicy } from "latchkey/policy";
import { d1 } from "latchkey/stores/d1";
import settings from "./settings.json";

const policy = await loadPolicy();
let handler;

export default {
    /** Answers LiteLLM's key-management API; `env` has the database and the variables that the settings name. */
    fetch(request, env) {
        handler ??= createHandler({ policy, store: d1(env.DB), settings, env });
        return handler(request);
    },
};
