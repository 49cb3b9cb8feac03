// What the page asks the server, in the name of a key.

/** A message as text: where LiteLLM answers with an object, the text is in it. */
export function words(message) {
    return typeof message === "string" ? message : (message?.error ?? JSON.stringify(message));
}

/** A refusal in the server's words. */
export class Refused extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

/** The server, for the holder of `key`. */
export class Server {
    #key;

    constructor(key) {
        this.#key = key;
    }

    /** The rules in force: settings to configure with, and the digest of the server's rules. */
    policy() {
        return this.#ask("/policy");
    }

    /** Who holds the key, as the rules know callers, and the teams they are in. */
    async whoami() {
        const own = await this.#ask("/key/info").catch((error) => {
            if (error.status === 404) return null;
            throw error;
        });
        // the one key that is no row of the store is the master key
        if (own === null) return { caller: { user_role: "proxy_admin" }, teams: [] };
        const { user_id, team_id, token, max_budget } = own.info;
        const caller = { user_role: null, user_id, team_id, api_key: token, max_budget };
        if (user_id === null) return { caller, teams: [] };
        const { user_info, teams } = await this.#ask(`/user/info?user_id=${encodeURIComponent(user_id)}`);
        return { caller: { ...caller, user_role: user_info.user_role ?? null }, teams };
    }

    /** Creates a key. */
    create(request) {
        return this.#ask("/key/generate", request);
    }

    async #ask(path, request) {
        const reply = await fetch(path, {
            method: request === undefined ? "GET" : "POST",
            headers: { authorization: `Bearer ${this.#key}`, "content-type": "application/json" },
            ...(request === undefined ? {} : { body: JSON.stringify(request) }),
        });
        const body = await reply.json();
        if (reply.ok) return body;
        throw new Refused(reply.status, words(body.error?.message ?? body.detail));
    }
}
