// What `latchkey` exports on every runtime, but for `load`.
export type { EffectiveKey, FieldSchema, FormSchema, TraceEntry, Verdict, Violation } from "./answers.js";
export {
    DurationError,
    InputError,
    LatchkeyError,
    ModuleError,
    type ModuleErrorCode,
    SettingsError,
    type SettingsProblem,
} from "./errors.js";
export { ABI_VERSION, MODULE_SHA256, RULES_DIGEST } from "./facts.js";
export {
    CODES,
    type Code,
    type GenerateKeyRequest,
    ROLES,
    type Role,
    SOURCES,
    type Source,
    type Team,
    type UpdateKeyRequest,
    type VirtualKey,
} from "./generated.js";
export type { Latchkey } from "./latchkey.js";
export type { Caller, Request } from "./questions.js";
export type { CheckOptions, DescribeOptions, Rules } from "./rules.js";
export type { Source as ModuleSource } from "./source.js";
