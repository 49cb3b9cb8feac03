// The build writes these down from the modules it made.

/** The version of the modules' contract. */
export const ABI_VERSION: number;

/** SHA-256 over the sources of the rules, lower-case hex: equal to the server's if both judge by the same rules. */
export const RULES_DIGEST: string;

/** SHA-256 of `policy.wasm`, lower-case hex. */
export const POLICY_SHA256: string;

/** SHA-256 of `latchkey.wasm`, lower-case hex. */
export const MODULE_SHA256: string;
