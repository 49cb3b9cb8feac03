// The suite in workerd: lines come as a request's body, what came of them is the reply. `?ask=N` asks N times, for a
// measurement from outside: the clock of a worker does not advance while it works.
import { load } from "../../../js/dist/index.workerd.js";
import { ask, play } from "./suite.mjs";

export default {
    async fetch(request) {
        const latchkey = await load();
        const times = new URL(request.url).searchParams.get("ask");
        if (times === null) return Response.json(play(latchkey, (await request.text()).split("\n")));
        ask(latchkey, Number(times));
        return Response.json(null);
    },
};
