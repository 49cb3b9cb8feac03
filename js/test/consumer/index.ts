// A consumer of the package that has its libraries' types checked, too.
import { LatchkeyError, type Verdict, load } from "latchkey";
import { type Handler, createHandler } from "latchkey/edge";
import { loadPolicy } from "latchkey/policy";
import { d1 } from "latchkey/stores/d1";
import { sqlite } from "latchkey/stores/sqlite";

export async function judge(): Promise<Verdict> {
    const rules = (await load()).configure({ general_settings: { master_key: "sk-1234" } });
    // @ts-expect-error: a field of no request
    rules.check({ max_bugdet: 1 }, { caller: { user_role: "internal_user" } });
    return rules.check({ max_budget: 1 }, { caller: { user_role: "internal_user", user_id: "ada" } });
}

export async function serve(): Promise<Handler> {
    const log = ({ error }: { error?: unknown }) => console.log(error instanceof LatchkeyError ? error.code : error);
    return createHandler({ policy: await loadPolicy(), store: await sqlite(":memory:"), masterKey: { sha256: "0".repeat(64) }, log });
}

export const stores = [d1, sqlite];
