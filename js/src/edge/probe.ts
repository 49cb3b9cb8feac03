// Makes the requests to elsewhere that the module plans, without following redirects, within a time and a size.
import type { Probe, ProbeBounds, Probed } from "../contract.js";

/** A client for probes. */
export class Prober {
    readonly #bounds: ProbeBounds;
    #underWay = 0;

    constructor(bounds: ProbeBounds) {
        this.#bounds = bounds;
    }

    /** What the probe is answered with. */
    async send(probe: Probe): Promise<Probed> {
        if (this.#underWay >= this.#bounds.at_once) return { failed: "busy" };
        this.#underWay++;
        try {
            return await exchange(probe, this.#bounds);
        } finally {
            this.#underWay--;
        }
    }
}

async function exchange({ method, url, headers, body }: Probe, { ms, answer_bytes }: ProbeBounds): Promise<Probed> {
    const signal = AbortSignal.timeout(ms);
    let request: Request;
    try {
        const sent = body === "" ? {} : { body };
        request = new Request(url, { method, headers: headers.map(([name, value]) => [name, value]), ...sent });
    } catch {
        return { failed: "malformed" };
    }
    try {
        const answer = await fetch(request, { redirect: "manual", signal });
        return { answered: { status: answer.status, body: await beginning(answer, answer_bytes, signal) } };
    } catch {
        return { failed: signal.aborted ? "timeout" : "unreachable" };
    }
}

/** The first bytes of a body as text; what cannot be read is left out. */
async function beginning({ body }: Response, bytes: number, signal: AbortSignal): Promise<string> {
    if (body === null) return "";
    const reader = body.getReader();
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let [text, read] = ["", 0];
    try {
        while (read < bytes) {
            const { done, value } = await reader.read();
            if (done) return text + decoder.decode();
            const part = value.subarray(0, bytes - read);
            read += part.length;
            text += decoder.decode(part, { stream: true });
        }
        await reader.cancel();
    } catch (error) {
        if (signal.aborted) throw error;
    }
    return text + decoder.decode();
}
