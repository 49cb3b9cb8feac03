// The suite: what a library says to vectors, compared with what native core says. It knows no runtime: the caller
// brings the library and the lines that `verdicts` wrote.

/** The differences that are shown of each file. */
const SHOWN = 5;

/** Plays lines on the library; gives how many verdicts are equal, byte for byte, how many there are, and what differs. */
export function play(latchkey, lines) {
    const score = { equal: 0, total: 0, differences: [] };
    for (const line of lines) {
        if (line === "") continue;
        const { settings, vectors } = JSON.parse(line);
        const rules = latchkey.configure(settings);
        for (const [input, expected] of vectors) {
            const said = rules.checkText(input);
            score.total += 1;
            if (said === expected) score.equal += 1;
            else if (score.differences.length < SHOWN) score.differences.push(`asked ${input}\n    native ${expected}\n    here   ${said}`);
        }
        rules.free();
    }
    return score;
}

/** One score of several. */
export function sum(scores) {
    const total = { equal: 0, total: 0, differences: [] };
    for (const score of scores) {
        total.equal += score.equal;
        total.total += score.total;
        total.differences.push(...score.differences);
    }
    total.differences.length = Math.min(total.differences.length, SHOWN);
    return total;
}

/** A request such as a form sends while someone types, under settings with bounds and defaults. */
export const SETTINGS = {
    general_settings: { master_key: "sk-1234" },
    litellm_settings: {
        default_key_generate_params: { models: ["gpt-4o"], max_parallel_requests: 10 },
        upperbound_key_generate_params: { max_budget: 100, duration: "30d", tpm_limit: 10000 },
    },
};
export const REQUEST = { key_alias: "ci", duration: "7d", max_budget: 25, metadata: { team: "research" } };
export const OPTIONS = { caller: { user_role: "internal_user", user_id: "u-1" }, now: 1_700_000_000_000 };

/** Asks for the verdict on one request, so many times. */
export function ask(latchkey, times) {
    const rules = latchkey.configure(SETTINGS);
    let allowed = 0;
    for (let time = 0; time < times; time += 1) allowed += Number(rules.check(REQUEST, OPTIONS).allowed);
    rules.free();
    if (allowed !== times) throw new Error("the request of the measurement is refused");
}

/** Microseconds of one `check`, of the best of five rounds; for runtimes whose clock runs. */
export function measure(latchkey) {
    ask(latchkey, 2000);
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round += 1) {
        const started = performance.now();
        ask(latchkey, 2000);
        best = Math.min(best, (performance.now() - started) / 2);
    }
    return best;
}
