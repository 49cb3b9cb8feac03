// The module for forms, loaded.
import { ABI_VERSION } from "./facts.js";
import { DurationError } from "./errors.js";
import { Instance } from "./instance.js";
import { Rules, text } from "./rules.js";
import { compile, type Source } from "./source.js";

/** The rules, before they have settings. */
export class Latchkey {
    readonly #instance: Instance;

    private constructor(instance: Instance) {
        this.#instance = instance;
    }

    /** Compiles and starts what `get` gives. */
    static async from(get: () => Source | Promise<Source>): Promise<Latchkey> {
        return new Latchkey(await Instance.start(await compile(get)));
    }

    /** The version of the module's contract. */
    get abiVersion(): number {
        return ABI_VERSION;
    }

    /** SHA-256 over the sources of the rules: equal to the server's if both judge by the same rules. */
    get rulesDigest(): string {
        return this.#instance.run((glue) => glue.rulesDigest());
    }

    /**
     * The rules under some settings: LiteLLM's configuration as an object or as JSON text. A server gives those that a
     * page needs with `GET /policy`.
     *
     * @throws SettingsError with all that is wrong with them
     */
    configure(settings: object | string): Rules {
        return new Rules(this.#instance, typeof settings === "string" ? settings : text(settings));
    }

    /**
     * The moment that a duration (`30s`, `15m`, `12h`, `7d`, `2w`, `3mo`) is after `now`, both in milliseconds since 1970 UTC.
     *
     * @throws DurationError if it is none
     */
    parseDuration(duration: string, now: number = Date.now()): number {
        const said = this.#instance.run((glue) => glue.parseDuration(duration, now)) as
            | { end: number }
            | { code: DurationError["code"]; message: string };
        if ("end" in said) return said.end;
        throw new DurationError(said.code, said.message);
    }

    /** How a key is stored: its SHA-256 in lower-case hex. */
    hashKey(key: string): string {
        return this.#instance.run((glue) => glue.hashKey(key));
    }

    /** A new key, of 128 bits from the runtime's own source of randomness. */
    mintKey(): string {
        return this.#instance.run((glue) => glue.mintKey());
    }
}
