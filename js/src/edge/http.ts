// Requests as the module reads them, and its replies as responses.
import type { Bounds, Report, RequestIds } from "../contract.js";

/** Pairs of a name and a value. */
type Pairs = readonly (readonly [name: string, value: string])[];

/** A request as it came in, without its body. */
export interface Incoming {
    readonly method: string;
    /** Still percent-encoded. */
    readonly path: string;
    /** What follows the `?`, still encoded. */
    readonly query: string;
    /** Names in lower case, each byte of a value as one character. */
    readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Statuses whose responses have no body. */
const BODILESS = new Set([101, 204, 205, 304]);

/** Whether the runtime reads the values of headers as UTF-8, as workerd does, and not each byte as one character. */
const READS_UTF8 = takes("\u20ac");

function takes(value: string): boolean {
    try {
        new Headers({ name: value });
        return true;
    } catch {
        return false;
    }
}

/** The bytes of a text in UTF-8, each as one character. */
const bytes = (text: string): string => Array.from(new TextEncoder().encode(text), (b) => String.fromCharCode(b)).join("");

/** What a request says before its body, with the headers of these names. */
export function incoming(request: Request, wanted: readonly string[]): Incoming {
    const { url } = request;
    const [target = ""] = url.slice(url.indexOf("/", url.indexOf("://") + 3)).split("#", 1);
    const mark = target.indexOf("?");
    const [path, query] = mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark + 1)];
    const headers = Array.from(request.headers).filter(([name]) => wanted.includes(name));
    const asBytes = READS_UTF8 ? headers.map(([name, value]) => [name, bytes(value)] as const) : headers;
    return { method: request.method, path, query, headers: asBytes };
}

/** Whether there is no body, or a short one. */
export function isShort(request: Request, { prompt_body_bytes }: Bounds): boolean {
    const length = request.headers.get("content-length");
    return !request.body || (length !== null && Number(length) <= prompt_body_bytes);
}

/** Bytes of all bodies that are being read. */
export class Bodies {
    #bytes = 0;

    constructor(readonly limit: number) {}

    /** Counts so many more; whether there is room for them. */
    take(bytes: number): boolean {
        if (this.#bytes + bytes > this.limit) return false;
        this.#bytes += bytes;
        return true;
    }

    give(bytes: number): void {
        this.#bytes -= bytes;
    }
}

/** The body, or why it is not there; `bodies` counts it until `done` is called. */
export async function body(
    request: Request,
    limit: number,
    { body_ms, drained_body_bytes }: Bounds,
    bodies: Bodies,
): Promise<{ sent: Uint8Array<ArrayBuffer>; done(): void } | "body_too_large" | "body_unread" | "busy"> {
    if (!request.body) return { sent: new Uint8Array(), done: () => {} };
    // somebody else has read it, or is about to
    if (request.bodyUsed || request.body.locked) return "body_unread";
    const reader = request.body.getReader();
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let [seen, counted] = [0, 0];
    let isLate = false;
    const done = (): void => {
        bodies.give(counted);
        counted = 0;
    };
    const timer = setTimeout(() => {
        isLate = true;
        reader.cancel().catch(() => {});
    }, body_ms);
    try {
        for (let part = await reader.read(); !part.done && seen <= drained_body_bytes; part = await reader.read()) {
            seen += part.value.length;
            if (seen > limit) {
                parts.length = 0;
                done();
            } else if (bodies.take(part.value.length)) {
                counted += part.value.length;
                parts.push(part.value);
            } else {
                done();
                reader.cancel().catch(() => {});
                return "busy";
            }
        }
    } catch {
        done();
        return "body_unread";
    } finally {
        clearTimeout(timer);
    }
    if (isLate) {
        done();
        return "body_unread";
    }
    return seen > limit ? "body_too_large" : { sent: joined(parts, seen), done };
}

/** Reads what follows and keeps nothing of it, so that the client reads the answer. */
export async function forget(request: Request, bounds: Bounds): Promise<void> {
    // a limit of none keeps nothing
    await body(request, -1, bounds, new Bodies(0));
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
    const [first] = parts;
    if (first !== undefined && parts.length === 1) return first;
    const whole = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

/** The id that came with the request, if it is a plain one and no credential, or a new one. */
export function requestId({ headers }: Request, ids: RequestIds): string {
    const id = headers.get("x-request-id");
    return id !== null && isPlain(id, ids) && !isSecret(id, ids, headers) ? id : randomHex(16);
}

function isPlain(id: string, { length, punctuation }: RequestIds): boolean {
    const isPlain = (one: string): boolean => /[A-Za-z0-9]/.test(one) || punctuation.includes(one);
    return id.length >= 1 && id.length <= length && Array.from(id).every(isPlain);
}

/** Whether the id could be a key: it holds how keys begin, or stands in another header as well. */
function isSecret(id: string, { credential, telling }: RequestIds, headers: Headers): boolean {
    const isElsewhere = ([name, value]: [string, string]): boolean => name !== "x-request-id" && value.includes(id);
    return id.toLowerCase().includes(credential) || (id.length >= telling && Array.from(headers).some(isElsewhere));
}

/** A reply as the response to `request`. */
export function respond(
    request: Request,
    { status, headers }: { status: number; headers: Pairs },
    body: Uint8Array<ArrayBuffer> | string,
    id: string,
    report: Report,
): Response {
    const isHead = request.method === "HEAD";
    // servers name a media type of their own for a text, even for an empty one
    const response = new Response(BODILESS.has(status) || isHead || body.length === 0 ? null : body, { status });
    // one that a text brings along is not of the reply
    response.headers.delete("content-type");
    for (const [name, value] of headers) response.headers.append(name, value);
    for (const [name, value] of [...report.reply_headers, ...ofOrigin(request, report)]) {
        if (!response.headers.has(name)) response.headers.set(name, value);
    }
    if (isHead && !BODILESS.has(status)) {
        const length = typeof body === "string" ? new TextEncoder().encode(body).length : body.length;
        response.headers.set("content-length", String(length));
    }
    response.headers.set("x-request-id", id);
    return response;
}

/** The reply of another server as the response to `request`. */
export function completed(request: Request, response: Response, id: string, report: Report): Response {
    for (const [name, value] of [...ofOrigin(request, report), ["x-request-id", id] as const]) {
        if (!response.headers.has(name)) response.headers.set(name, value);
    }
    return response;
}

/** The headers of replies to the page that asks, if it is of another origin that is listed. */
function ofOrigin(request: Request, { origins }: Report): Pairs {
    const asking = request.headers.get("origin");
    if (asking === null) return [];
    return origins.find(({ origin }) => origin === "*" || origin === asking)?.headers ?? [];
}

/** So many random bytes in lower-case hex. */
export function randomHex(bytes: number): string {
    const random = crypto.getRandomValues(new Uint8Array(bytes));
    return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
