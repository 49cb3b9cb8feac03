// Calls and steps as text: rows, cells and queries pass as they were written.
import type { Condition, Guard, Items, Note, Query, Write } from "../stores/store.js";
import { items, members } from "../text.js";
import type { Incoming } from "./http.js";
import type { Probe } from "./probe.js";

/** A question to the operator's own rule. */
export interface RuleQuery {
    readonly query: "custom_rule";
    readonly input: string;
}

/** A request to make. */
export interface ProbeQuery {
    readonly query: "probe";
    readonly probe: Probe;
}

/** A query, and its text, which the fact repeats. */
export interface Asked {
    readonly text: string;
    readonly query: Query | RuleQuery | ProbeQuery;
}

/** A reply, but for its body. */
export interface ReplyHead {
    readonly operation: string;
    readonly status: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly events: readonly { readonly event: string; readonly object: string }[];
}

/** What the module wants. */
export type Step =
    | { readonly step: "read"; readonly queries: readonly Asked[] }
    | { readonly step: "body" }
    | ({ readonly step: "reply" } & ReplyHead)
    | ({ readonly step: "write"; readonly writes: readonly Write[]; readonly guards: readonly Guard[] } & ReplyHead);

/** What the world gives to a decision besides the request. */
export interface Given {
    /** Milliseconds since 1970 UTC. */
    readonly now: number;
    /** 64 random bytes, lower-case hex. */
    readonly entropy: string;
}

/** The part of a call's head that stays the same between crossings, without its closing brace. */
export function requestHead({ method, path, query, headers }: Incoming, { now, entropy }: Given, isComing: boolean): string {
    const coming = isComing ? { body_coming: true } : {};
    return JSON.stringify({ method, path, query, entropy, headers, now, ...coming }).slice(0, -1);
}

/** A call's head. */
export function callHead(request: string, facts: readonly string[], conflict: boolean): string {
    return `${request},"facts":[${facts.join()}]${conflict ? ',"conflict":"lost"' : ""}}`;
}

/** A fact. */
export function fact(query: string, rows: string, total: number | undefined): string {
    return `{"query":${query},"rows":${rows}${total === undefined ? "" : `,"total":${total}`}}`;
}

/** Reads a step's head. */
export function step(text: string): Step {
    const head = members(text);
    const parsed = (name: string): any => JSON.parse(head.get(name) ?? "null");
    const kind = parsed("step");
    if (kind === "read") {
        const queries = items(head.get("queries") ?? "[]");
        return { step: kind, queries: queries.map((text) => ({ text, query: JSON.parse(text) })) };
    }
    if (kind === "body") return { step: kind };
    const reply: ReplyHead = {
        operation: parsed("operation"),
        status: parsed("status"),
        headers: parsed("headers"),
        events: parsed("events"),
    };
    if (kind === "reply") return { step: kind, ...reply };
    if (kind !== "write") throw new Error(`no step \`${kind}\``);
    const writes = items(head.get("writes") ?? "[]").map(write);
    return { step: kind, ...reply, writes, guards: items(head.get("guards") ?? "[]").map(guard) };
}

function guard(text: string): Guard {
    const parsed: Guard = JSON.parse(text);
    return parsed.guard === "same" ? { ...parsed, row: members(members(text).get("row") ?? "{}") } : parsed;
}

function write(text: string): Write {
    const found = members(text);
    const parsed = (name: string): any => JSON.parse(found.get(name) ?? "null");
    const [kind, table] = [parsed("write"), parsed("table")];
    switch (kind) {
        case "insert":
            // `like` is for tables with columns that the rules do not know: these stores have none
            return { write: kind, table, row: members(found.get("row") ?? "{}") };
        case "update":
            return { write: kind, table, key: parsed("key"), set: members(found.get("set") ?? "{}") };
        case "change":
            return { write: kind, table, set: members(found.get("set") ?? "{}"), ...set(found) };
        case "delete":
            return { write: kind, table, ...set(found) };
        default:
            throw new Error(`no write \`${kind}\``);
    }
}

/** What changes and deletions of sets have in common. */
function set(found: ReadonlyMap<string, string>): { rows: Condition[]; take?: Items; noted?: Note } {
    const [take, noted] = [found.get("take"), found.get("noted")];
    return {
        rows: JSON.parse(found.get("rows") ?? "[]"),
        ...(take !== undefined && { take: JSON.parse(take) }),
        ...(noted !== undefined && { noted: { ...JSON.parse(noted), row: members(members(noted).get("row") ?? "{}") } }),
    };
}
