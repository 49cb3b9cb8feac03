// Requests as the module reads them, and its replies as responses.

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

/** How long a client may take to send a body. */
const PATIENCE = 30_000;

/** Bytes of a too large body that are read and forgotten, so that the client reads the answer. */
const FORGIVEN = 64 << 20;

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

/** The body, or why it is not there. */
export async function body(request: Request, limit: number): Promise<Uint8Array | "body_too_large" | "body_unread"> {
    if (!request.body) return new Uint8Array();
    // somebody else has read it, or is about to
    if (request.bodyUsed || request.body.locked) return "body_unread";
    const reader = request.body.getReader();
    const parts: Uint8Array[] = [];
    let seen = 0;
    let isLate = false;
    const timer = setTimeout(() => {
        isLate = true;
        reader.cancel().catch(() => {});
    }, PATIENCE);
    try {
        for (let part = await reader.read(); !part.done && seen <= FORGIVEN; part = await reader.read()) {
            seen += part.value.length;
            if (seen > limit) parts.length = 0;
            else parts.push(part.value);
        }
    } catch {
        return "body_unread";
    } finally {
        clearTimeout(timer);
    }
    if (isLate) return "body_unread";
    return seen > limit ? "body_too_large" : joined(parts, seen);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
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

/** The id that came with the request, if it is a plain one, or a new one. */
export function requestId(request: Request): string {
    const id = request.headers.get("x-request-id");
    return id !== null && /^[A-Za-z0-9_.:-]{1,128}$/.test(id) ? id : randomHex(16);
}

/** A reply as a response. */
export function respond(
    { status, headers }: { status: number; headers: Incoming["headers"] },
    body: Uint8Array<ArrayBuffer> | string,
    id: string,
): Response {
    // servers name a media type of their own for a text, even for an empty one
    const response = new Response(BODILESS.has(status) || body.length === 0 ? null : body, { status });
    // one that a text brings along is not of the reply
    response.headers.delete("content-type");
    for (const [name, value] of headers) response.headers.append(name, value);
    response.headers.set("x-request-id", id);
    return response;
}

/** So many random bytes in lower-case hex. */
export function randomHex(bytes: number): string {
    const random = crypto.getRandomValues(new Uint8Array(bytes));
    return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
