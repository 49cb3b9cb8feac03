// The rules under one set of settings.
import { InputError, LatchkeyError, SettingsError, type SettingsProblem } from "./errors.js";
import type { FormSchema, Verdict } from "./answers.js";
import type { Caller, Request } from "./questions.js";
import type { GenerateKeyRequest, Team, VirtualKey } from "./generated.js";
import type { Instance } from "./instance.js";
import type { ModuleRules } from "./glue.js";

/** Who asks about what. */
export interface DescribeOptions {
    /** Who would send the request. */
    caller: Caller;
    /** The team in question; `null` if it does not exist. Without it rules that need a team say `unknown`. */
    team?: Partial<Team> | null;
    /** Milliseconds since 1970 UTC; the clock's unless it is given. */
    now?: number;
}

/** How to judge a request. */
export interface CheckOptions<Operation extends keyof Request = "key_generate"> extends DescribeOptions {
    /** What the request is meant for; `key_generate` unless it is given. */
    operation?: Operation;
    /** The key that a `key_update` would change. */
    existingKey?: Partial<VirtualKey>;
}

interface Report {
    ok: boolean;
    errors?: SettingsProblem[];
    profile: "strict" | "litellm-1.60";
    rules_digest: string;
}

/** What judges requests; `configure` makes it. */
export class Rules {
    readonly #instance: Instance;
    readonly #settings: string;
    #rules: ModuleRules;
    #generation: number;
    #isFree = false;
    /** `strict`, or `litellm-1.60` if the settings ask for LiteLLM's own answers. */
    readonly profile: "strict" | "litellm-1.60";
    /** SHA-256 over the sources of the rules: equal to the server's if both judge by the same rules. */
    readonly rulesDigest: string;

    /** @internal */
    constructor(instance: Instance, settings: string) {
        this.#instance = instance;
        this.#settings = settings;
        this.#rules = instance.run((glue) => new glue.Rules(settings));
        this.#generation = instance.generation;
        const report = instance.run(() => this.#rules.report()) as Report;
        if (!report.ok) {
            this.#rules.free();
            throw new SettingsError(report.errors ?? []);
        }
        this.profile = report.profile;
        this.rulesDigest = report.rules_digest;
    }

    /** Judges a request as the server would: every violation, the effective values and where they come from. */
    check<Operation extends keyof Request = "key_generate">(
        request: Request[Operation],
        options: CheckOptions<Operation>,
    ): Verdict {
        const { existingKey, operation = "key_generate", now = Date.now(), ...rest } = options;
        const input = { operation, request, ...rest, existing_key: existingKey, now };
        const written = text(input);
        return answer<Verdict>(this.#ask((rules) => rules.check(written)));
    }

    /** What this caller may enter for a new key: ranges, defaults, what is required, as JSON Schema. */
    describe(options: DescribeOptions): FormSchema<keyof GenerateKeyRequest> {
        const { now = Date.now(), ...rest } = options;
        const input = text({ ...rest, now });
        return answer<FormSchema<keyof GenerateKeyRequest>>(this.#ask((rules) => rules.describe(input)));
    }

    /**
     * `check` over JSON text, where an object of JavaScript is not exact enough: it has no integers above 2^53 and
     * knows no difference between `1` and `1.0`. The text is `{"operation", "request", "caller", "team", "existing_key",
     * "now"}`; an answer `{"error": …}` says why it cannot be judged.
     */
    checkText(input: string): string {
        return this.#ask((rules) => rules.checkText(input));
    }

    /** `describe` over JSON text: `{"caller", "team", "now"}`. */
    describeText(input: string): string {
        return this.#ask((rules) => rules.describeText(input));
    }

    /**
     * Gives the memory back at once; otherwise the garbage collector does, sooner or later. Nothing can be asked afterwards:
     * that is the error `rules_freed`.
     */
    free(): void {
        if (this.#isFree) return;
        this.#isFree = true;
        if (this.#generation === this.#instance.generation) this.#rules.free();
    }

    [Symbol.dispose](): void {
        this.free();
    }

    #ask<T>(question: (rules: ModuleRules) => T): T {
        if (this.#isFree) throw new LatchkeyError("rules_freed", "rules are asked after `free`");
        return this.#instance.run((glue) => {
            if (this.#generation !== this.#instance.generation) {
                this.#rules = new glue.Rules(this.#settings);
                this.#generation = this.#instance.generation;
            }
            return question(this.#rules);
        });
    }
}

/** The text of a value, as it would be sent. */
export function text(value: unknown): string {
    try {
        return JSON.stringify(value) ?? "null";
    } catch (cause) {
        throw new InputError("input cannot be written as JSON", { cause });
    }
}

function answer<T>(said: unknown): T {
    const value = said as T | { error: string };
    if (typeof value === "object" && value !== null && "error" in value) throw new InputError(value.error);
    return value as T;
}
