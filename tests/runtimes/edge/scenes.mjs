// Many handlers behind one address, each with a store of its own: what a server of the corpus runner serves in every
// runtime. A request names its scene in a header; what else is for the scene and not for the handler is taken away.
import { createHandler } from "latchkey/edge";

/** Which scene: `open`, `close NUMBER` or the number of one. */
const SCENE = "x-latchkey-scene";

/** Milliseconds by which the scene's clock is ahead. */
const AHEAD = "x-latchkey-ahead";

/** The moment and the random bytes of this one request: `MILLISECONDS HEX`. */
const GIVEN = "x-latchkey-given";

/**
 * Answers requests to scenes.
 * @param policy the module
 * @param make makes an empty store: `{ store, close() }`
 */
export function scenes(policy, make) {
    const open = new Map();
    let last = 0;
    return async (request) => {
        const [word, number] = (request.headers.get(SCENE) ?? "").split(" ");
        try {
            if (word === "open") {
                const { store, close } = await make();
                const scene = { ahead: 0, close };
                const now = () => scene.now ?? Date.now() + scene.ahead;
                const entropy = () => scene.entropy ?? random();
                scene.handler = createHandler({ policy, store, settings: await request.text(), now, entropy });
                open.set(String(++last), scene);
                return new Response(String(last));
            }
            if (word === "close") {
                await open.get(number)?.close?.();
                return new Response(String(open.delete(number)));
            }
        } catch (error) {
            return new Response(`${error.code}: ${error.message}`, { status: 500 });
        }
        const scene = open.get(word);
        if (scene === undefined) return new Response(`no scene \`${word}\``, { status: 500 });
        const inner = new Request(request);
        for (const name of [SCENE, AHEAD, GIVEN]) inner.headers.delete(name);
        scene.ahead = Number(request.headers.get(AHEAD) ?? 0);
        const [moment, entropy] = request.headers.get(GIVEN)?.split(" ") ?? [];
        scene.now = moment === undefined ? undefined : Number(moment);
        scene.entropy = entropy;
        return scene.handler(inner);
    };
}

function random() {
    const bytes = crypto.getRandomValues(new Uint8Array(64));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
