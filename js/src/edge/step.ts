// Calls and steps as text: rows, cells and queries pass as they were written.
import type { Call, Event, Guard, Query, Refused, RowName, Write } from "../contract.js";
import { items, members, object } from "../text.js";
import type { Incoming } from "./http.js";

/** A query, and its text, which the fact repeats. */
export interface Asked {
    readonly text: string;
    readonly query: Query;
}

/** A reply, but for its body. */
export interface ReplyHead {
    readonly operation: string;
    readonly status: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly events: readonly Event[];
}

/** What the module wants. */
export type Step =
    | { readonly step: "read"; readonly queries: readonly Asked[] }
    | { readonly step: "body" }
    | ({ readonly step: "reply" } & ReplyHead)
    | ({ readonly step: "forward"; readonly base: string } & ReplyHead)
    | ({ readonly step: "write" } & Wanted & ReplyHead);

/** A commit that the module wants. */
export interface Wanted {
    readonly writes: readonly Write[];
    readonly guards: readonly Guard[];
    readonly relies_on: readonly RowName[];
}

/** What the world gives to a decision besides the request. */
export interface Given {
    /** Milliseconds since 1970 UTC. */
    readonly now: number;
    /** 64 random bytes, lower-case hex. */
    readonly entropy: string;
}

/** The part of a call's head that stays the same between crossings, without its closing brace. */
export function requestHead({ method, path, query, headers }: Incoming, { now, entropy }: Given, isComing: boolean): string {
    const head: Omit<Call, "facts" | "refused" | "task"> = { method, path, query, entropy, headers, now, body_coming: isComing };
    return JSON.stringify(head).slice(0, -1);
}

/** A call's head. */
export function callHead(request: string, facts: readonly string[], refused: Refused | null): string {
    return `${request},"facts":[${facts.join()}],"refused":${JSON.stringify(refused)}}`;
}

/** A fact. */
export function fact(query: string, rows: string, total: number | undefined): string {
    return `{"query":${query},"rows":${rows}${total === undefined ? "" : `,"total":${total}`}}`;
}

/** Reads a step's head. */
export function step(text: string): Step {
    const [kind, head] = only(text);
    switch (kind) {
        case "read": {
            const queries = items(members(head).get("queries") ?? "[]");
            return { step: kind, queries: queries.map((text) => ({ text, query: JSON.parse(text) })) };
        }
        case "body":
            return { step: kind };
        case "reply":
            return { step: kind, ...(JSON.parse(head) as ReplyHead) };
        case "forward":
            return { step: kind, ...(JSON.parse(head) as ReplyHead & { base: string }) };
        case "write": {
            const found = members(head);
            const taken = (name: string): string[] => {
                const list = items(found.get(name) ?? "[]");
                found.delete(name);
                return list;
            };
            const [writes, guards] = [taken("writes").map(write), taken("guards").map(guard)];
            const rest = JSON.parse(object(found)) as ReplyHead & Pick<Wanted, "relies_on">;
            return { step: kind, ...rest, writes, guards };
        }
        default:
            throw new Error(`no step \`${kind}\``);
    }
}

/** The name of a message, and the text of what it says. */
function only(text: string): [name: string, said: string] {
    const [message, ...more] = members(text);
    if (message === undefined || more.length > 0) throw new Error(`no message: ${text.slice(0, 100)}`);
    return message;
}

const WRITES = ["insert", "update", "change", "copy", "delete"];

function write(text: string): Write {
    const [kind, said] = only(text);
    if (!WRITES.includes(kind)) throw new Error(`no write \`${kind}\``);
    return { [kind]: withCells(said) } as unknown as Write;
}

/** An object whose cells are kept as they are written. */
function withCells(text: string): Record<string, unknown> {
    const value = (name: string, text: string): unknown => {
        if (name === "row" || name === "set") return members(text);
        return name === "noted" && text !== "null" ? withCells(text) : JSON.parse(text);
    };
    return Object.fromEntries(Array.from(members(text), ([name, text]) => [name, value(name, text)]));
}

function guard(text: string): Guard {
    const [kind, said] = only(text);
    const guard = JSON.parse(said);
    return { [kind]: kind === "same" ? { ...guard, row: members(said).get("row") } : guard } as unknown as Guard;
}
