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

    /** The rules in force: settings to configure with, the caller as they know it, and the digest of the server's rules. */
    policy() {
        return this.#ask("/policy");
    }

    /** The teams of a user; none without a user. */
    async teams(user_id) {
        if (user_id === null) return [];
        return (await this.#ask(`/user/info?user_id=${encodeURIComponent(user_id)}`)).teams;
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
