// What is put to the rules.
import type { GenerateKeyRequest, Role, UpdateKeyRequest } from "./generated.js";

/** Who sends a request. */
export interface Caller {
    /** The role; none for a key without a user. */
    user_role?: Role | null;
    /** The user. */
    user_id?: string | null;
    /** The team of the key that is used. */
    team_id?: string | null;
    /** The key that is used, or its SHA-256 in hex. */
    api_key?: string | null;
    /** What that key may spend. */
    max_budget?: number | null;
    /** What that key is limited to, as `GET /policy` tells it: columns of a key, which hands on no more than that. */
    limits?: Readonly<Record<string, unknown>> | null;
}

/** The requests that are judged, by operation. */
export interface Request {
    key_generate: GenerateKeyRequest;
    key_update: UpdateKeyRequest;
}
