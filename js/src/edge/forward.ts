// Sends requests on to another server, and streams bodies both ways.
import type { Forwarding } from "../contract.js";

/** The reply of the server at `base` to a request, of whose body `sent` has been read if it is there. Rejects if there is none. */
export async function forward(
    request: Request,
    sent: Uint8Array<ArrayBuffer> | undefined,
    base: string,
    forwarding: Forwarding,
): Promise<Response> {
    const { url, method, signal } = request;
    const target = url.slice(url.indexOf("/", url.indexOf("://") + 3)).split("#", 1)[0] ?? "/";
    const body = sent === undefined ? request.body : sent.length > 0 ? sent : null;
    // the type of the last member is not in every runtime's declarations
    const init: RequestInit & { duplex: "half" } = {
        method,
        headers: ofRequest(request, forwarding),
        body,
        redirect: "manual",
        signal,
        duplex: "half",
    };
    const reply = await fetch(base + target, init);
    // one that does not follow redirects may hide them
    if (reply.type === "opaqueredirect" || reply.status < 200) throw new Error(`reply of status ${reply.status}`);
    return new Response(reply.body, { status: reply.status, headers: ofReply(reply.headers, base, forwarding) });
}

function ofRequest({ headers, url }: Request, { hop_by_hop, via }: Forwarding): Headers {
    const kept = endToEnd(headers, hop_by_hop);
    const { protocol, host } = new URL(url);
    const before = headers.get("host") ?? host;
    // what a client says of its own address is not passed on
    for (const name of ["host", "content-length", "forwarded", "x-forwarded-for", "x-real-ip"]) kept.delete(name);
    // the runtime would decode a body that is compressed
    kept.set("accept-encoding", "identity");
    // the address of the client is not known here: a platform that knows it adds it
    kept.append("x-forwarded-proto", protocol.slice(0, -1));
    kept.append("x-forwarded-host", before);
    kept.append("via", `1.1 ${via}`);
    return kept;
}

/** Addresses of the other server in `location` become paths, since the client knows ours alone. */
function ofReply(headers: Headers, base: string, { hop_by_hop }: Forwarding): Headers {
    const kept = endToEnd(headers, hop_by_hop);
    // the runtime has decoded the body all the same
    if (kept.has("content-encoding")) for (const name of ["content-encoding", "content-length"]) kept.delete(name);
    const path = pathBelow(kept.get("location") ?? "", base);
    if (path !== undefined) kept.set("location", path);
    return kept;
}

function pathBelow(place: string, base: string): string | undefined {
    const [, address] = place.split(/^https?:\/\//);
    const [, host = ""] = base.split("://");
    if (address === undefined || !address.startsWith(host)) return undefined;
    const path = address.slice(host.length);
    // a browser takes what begins with two slashes for another server
    if (/^\/[/\\]/.test(path)) return undefined;
    if (path.startsWith("/")) return path;
    return path === "" || path.startsWith("?") || path.startsWith("#") ? `/${path}` : undefined;
}

/** The headers without those of one connection and those that `connection` names. */
function endToEnd(headers: Headers, hopByHop: readonly string[]): Headers {
    const named = (headers.get("connection") ?? "").split(",").map((name) => name.trim().toLowerCase());
    const dropped = new Set([...hopByHop, ...named]);
    const kept = new Headers();
    for (const [name, value] of headers) if (!dropped.has(name)) kept.append(name, value);
    return kept;
}
