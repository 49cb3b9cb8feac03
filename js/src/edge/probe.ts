// Makes the requests to elsewhere that the module plans, without following redirects, within a time and a size.

/** An HTTP request to an address that the operator has named. */
export interface Probe {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly body: string;
}

/** Milliseconds that connecting, sending and answering may take together. */
const TIME = 5000;

/** Bytes of an answer that are read. */
const ANSWER = 64 << 10;

/** Probes at one time. */
const PROBES = 16;

/** A client for probes. */
export class Prober {
    #underWay = 0;

    /** What the probe is answered with, as a fact's rows. */
    async send(probe: Probe): Promise<string> {
        if (this.#underWay >= PROBES) return failed("busy");
        this.#underWay++;
        try {
            return await exchange(probe);
        } finally {
            this.#underWay--;
        }
    }
}

async function exchange({ method, url, headers, body }: Probe): Promise<string> {
    const signal = AbortSignal.timeout(TIME);
    let request: Request;
    try {
        const sent = body === "" ? {} : { body };
        request = new Request(url, { method, headers: headers.map(([name, value]) => [name, value]), ...sent });
    } catch {
        return failed("malformed");
    }
    try {
        const answer = await fetch(request, { redirect: "manual", signal });
        return JSON.stringify([{ status: answer.status, body: await beginning(answer, signal) }]);
    } catch {
        return failed(signal.aborted ? "timeout" : "unreachable");
    }
}

/** The first bytes of a body as text; what cannot be read is left out. */
async function beginning({ body }: Response, signal: AbortSignal): Promise<string> {
    if (body === null) return "";
    const reader = body.getReader();
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let [text, read] = ["", 0];
    try {
        while (read < ANSWER) {
            const { done, value } = await reader.read();
            if (done) return text + decoder.decode();
            const part = value.subarray(0, ANSWER - read);
            read += part.length;
            text += decoder.decode(part, { stream: true });
        }
        await reader.cancel();
    } catch (error) {
        if (signal.aborted) throw error;
    }
    return text + decoder.decode();
}

const failed = (failed: "malformed" | "unreachable" | "timeout" | "busy"): string => JSON.stringify([{ failed }]);
