// The whole API as a fetch handler: asks the module, answers its queries, commits its writes, until there is a reply.
import { ModuleError, SettingsError } from "../errors.js";
import type { ReadyReply, Refused, Report } from "../contract.js";
import type { Store, StoreQuery } from "../stores/store.js";
import { CustomRule } from "./custom-rule.js";
import { forward } from "./forward.js";
import { Bodies, type Incoming, body, completed, forget, incoming, isShort, randomHex, requestId, respond } from "./http.js";
import { Policy } from "./module.js";
import { Prober } from "./probe.js";
import { type Environment, type MasterKey, settingsText } from "./settings.js";
import { type Asked, type Given, type ReplyHead, callHead, fact, requestHead, step } from "./step.js";

export * from "../errors.js";
export type { Environment, MasterKey } from "./settings.js";
export type { Store } from "../stores/store.js";

/** What a handler is made of. */
export interface Options {
    /** `policy.wasm`, compiled: what `loadPolicy` of `latchkey/policy` gives. */
    readonly policy: WebAssembly.Module;
    /** Where the rows are. */
    readonly store: Store;
    /** LiteLLM's config.yaml as an object, or as JSON text, which keeps numbers as they are written. */
    readonly settings?: unknown;
    /** The key of the proxy admin; else that of the settings, else `LITELLM_MASTER_KEY` of `env`. */
    readonly masterKey?: MasterKey;
    /** Variables for `os.environ/NAME` in the settings. */
    readonly env?: Environment;
    /** The operator's own rule, compiled; the settings name it in `custom_key_generate`. */
    readonly customRule?: WebAssembly.Module;
    /** Hears of every request; by default failures of the module or the store go to `console.error`. */
    readonly log?: (entry: LogEntry) => void;
    /** The clock, in milliseconds since 1970 UTC. */
    readonly now?: () => number;
    /** 64 random bytes as lower-case hex, fresh for each request. */
    readonly entropy?: () => string;
}

/** One request, for a log. It holds no secret. */
export interface LogEntry {
    readonly requestId: string;
    /** The operation's name, or `none`. */
    readonly operation: string;
    readonly status: number;
    readonly milliseconds: number;
    readonly events: ReplyHead["events"];
    /** What kept the module or the store from answering. */
    readonly error?: unknown;
}

/** Answers requests. */
export interface Handler {
    (request: Request): Promise<Response>;
    /** What the rules said about the settings. */
    readonly report: Report;
}

interface Reply {
    readonly head: ReplyHead;
    readonly body: Uint8Array<ArrayBuffer> | string;
    readonly error?: unknown;
    /** The server that answers instead, unless it cannot be reached, and what has been read of the body. */
    readonly onward?: { readonly base: string; readonly sent: Uint8Array<ArrayBuffer> | undefined };
}

/**
 * The API over a store. Throws `ModuleError` or `SettingsError` if the module or the settings cannot be used; the handler
 * itself does not throw.
 */
export function createHandler(options: Options): Handler {
    const { store, now = Date.now, entropy = () => randomHex(64), log = complain } = options;
    const configured = (lacking: readonly string[]): Policy =>
        new Policy(options.policy, settingsText(options.settings, options.masterKey, options.env ?? {}, lacking));
    const complete = configured([]);
    const { report } = complete;
    const { limits } = report;
    let policy: Policy | undefined;
    for (const { path, message } of report.warnings) console.warn(`settings: ${path}: ${message}`);
    const rule = customRule(report, options.customRule);
    const prober = new Prober(report.probes);
    const bodies = new Bodies(limits.bodies_in_flight_bytes);

    const handler = async (request: Request): Promise<Response> => {
        const began = Date.now();
        const id = requestId(request, report.request_ids);
        const asked = incoming(request, report.headers);
        let reply = (isShort(request, limits) ? undefined : await early(request, asked)) ?? (await whole(request, asked));
        const tell = (head: ReplyHead): void => {
            const { operation, status, events } = head;
            const error = "error" in reply ? { error: reply.error } : {};
            try {
                log({ requestId: id, operation, status, milliseconds: Date.now() - began, events, ...error });
            } catch (cause) {
                // what is done is done, and the reply may hold the only copy of a new key
                console.error(`request ${id}: log failed:`, cause);
            }
        };
        if (reply.onward !== undefined && report.forwarding !== null) {
            const { base, sent } = reply.onward;
            try {
                const response = await forward(request, sent, base, report.forwarding);
                tell({ ...reply.head, status: response.status, events: [] });
                return completed(request, response, id, report);
            } catch (error) {
                reply = { ...reply, error };
            }
        }
        tell(reply.head);
        return respond(request, reply.head, reply.body, id, report);
    };

    /** The answer that is the same whatever the body is, which has not been read. */
    const early = async (request: Request, asked: Incoming): Promise<Reply | undefined> => {
        const reply = await answer(asked, undefined);
        if (reply !== undefined && reply.onward === undefined) await forget(request, limits);
        return reply;
    };

    const whole = async (request: Request, asked: Incoming): Promise<Reply> => {
        const read = await body(request, limits.body_bytes, limits, bodies);
        if (typeof read === "string") return ready(report.replies[read]);
        try {
            return (await answer(asked, read.sent)) ?? ready(report.replies.trap, trap("module asks for a body that it has"));
        } finally {
            read.done();
        }
    };

    /** The answer to a request with this body; nothing if the body has not been read and is needed. */
    const answer = async (incoming: Incoming, sent: Uint8Array<ArrayBuffer> | undefined): Promise<Reply | undefined> => {
        try {
            const given: Given = { now: now(), entropy: entropy() };
            const isComing = sent === undefined;
            return await inTime(limits.request_ms, run(requestHead(incoming, given, isComing), sent ?? new Uint8Array(), isComing));
        } catch (error) {
            if (error instanceof Away) return ready(report.replies.store_away, error.cause);
            return ready(error instanceof Late ? report.replies.busy : report.replies.trap, error);
        }
    };

    /** The policy over what the store has. Each of several first requests asks: none may wait for the reads of another. */
    const overStore = async (): Promise<Policy> => {
        const lacking = await attempt(async () => (await store.lacking?.()) ?? []);
        return lacking.length === 0 ? complete : configured(lacking);
    };

    const run = async (request: string, sent: Uint8Array<ArrayBuffer>, isComing: boolean): Promise<Reply | undefined> => {
        policy ??= await overStore();
        let facts: string[] = [];
        let crossings = 0;
        let refused: Refused | null = null;
        for (;;) {
            if (++crossings > limits.crossings) throw trap("module asks without end");
            const { head, body } = policy.handle(callHead(request, facts, refused), sent);
            const next = step(head);
            const times: number = refused?.times ?? 0;
            if (next.step === "read") {
                facts.push(...(await answers(next.queries)));
            } else if (next.step === "body") {
                return undefined;
            } else if (next.step === "reply") {
                return { head: next, body };
            } else if (next.step === "forward") {
                return { head: next, body, onward: { base: next.base, sent: isComing ? undefined : sent } };
            } else if (times === limits.attempts) {
                throw trap("module writes after its last attempt");
            } else if ((await attempt(() => store.commit(next.writes, next.guards))) === "committed") {
                return { head: next, body };
            } else {
                [facts, crossings] = [[], 0];
                refused = { why: "lost", times: times + 1, relied_on: next.relies_on };
            }
        }
    };

    const answers = async (asked: readonly Asked[]): Promise<string[]> => {
        const ofStore: { text: string; query: StoreQuery }[] = [];
        const others: Promise<string>[] = [];
        for (const { text, query } of asked) {
            if ("custom_rule" in query) {
                const said = rule?.ask(query.custom_rule.input);
                others.push(Promise.resolve(fact(text, JSON.stringify(said === undefined ? [] : [said]), undefined)));
            } else if ("probe" in query) {
                others.push(prober.send(query.probe).then((said) => fact(text, JSON.stringify([said]), undefined)));
            } else {
                ofStore.push({ text, query });
            }
        }
        const facts = await Promise.all(others);
        if (ofStore.length === 0) return facts;
        const found = await attempt(() => store.read(ofStore.map(({ query }) => query)));
        return [...facts, ...found.map(({ rows, total }, at) => fact(ofStore[at]?.text ?? "", rows, total))];
    };

    return Object.assign(handler, { report });
}

/** The store gave no answer; the cause says why. */
class Away extends Error {}

/** The request took longer than it may. */
class Late extends Error {}

async function inTime<T>(milliseconds: number, work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, fail) => {
        timer = setTimeout(() => fail(new Late(`no answer within ${milliseconds} ms`)), milliseconds);
    });
    try {
        return await Promise.race([work, late]);
    } finally {
        clearTimeout(timer);
    }
}

async function attempt<T>(ask: () => Promise<T>): Promise<T> {
    try {
        return await ask();
    } catch (cause) {
        throw new Away("store is away", { cause });
    }
}

const trap = (why: string): ModuleError => new ModuleError("module_trapped", why);

function ready({ status, headers, body }: ReadyReply, ...error: [unknown?]): Reply {
    const head: ReplyHead = { operation: "none", status, headers, events: [] };
    return { head, body, ...(error.length > 0 ? { error: error[0] } : {}) };
}

function customRule({ custom_rule }: Report, module: WebAssembly.Module | undefined): CustomRule | undefined {
    if (custom_rule === null) return undefined;
    if (module !== undefined) return new CustomRule(module, custom_rule);
    const message = "names a module, which the handler gets as `customRule`";
    throw new SettingsError([{ path: "general_settings.custom_key_generate", message }]);
}

function complain({ requestId, error }: LogEntry): void {
    if (error !== undefined) console.error(`request ${requestId}:`, error);
}
