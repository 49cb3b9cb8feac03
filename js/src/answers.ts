// What the rules say.
import type { Code, Source, VirtualKey } from "./generated.js";

/** One reason to refuse a request. */
export interface Violation {
    /** The rule; `request_model` for what does not fit the request's form. */
    rule: string;
    /** For programs. The rule `request_model` has the codes of pydantic, such as `float_parsing`. */
    code: Code | (string & {});
    /** The status the server would answer with. */
    status: number;
    /** The field at fault, if it is one. */
    field: string | null;
    /** The server's words; where LiteLLM answers with an object, that object. */
    message: string | Record<string, unknown>;
    /** The `type` of the server's error. */
    type?: string | null;
    /** The `param` of the server's error. */
    param?: unknown;
    /** Where in the request, for the rule `request_model`. */
    loc?: (string | number)[];
}

/** What one rule said. */
export interface TraceEntry {
    /** The rule. */
    rule: string;
    /** `unknown`: it needs what only a store knows. */
    outcome: "allowed" | "not_applicable" | "changed" | "unknown" | "refused";
}

/** The key's row as it would be stored, moments as text. */
export type EffectiveKey = Partial<
    Omit<VirtualKey, "expires" | "budget_reset_at"> & { expires: string | null; budget_reset_at: string | null }
>;

/** A judgement. */
export interface Verdict {
    /** Whether the server would carry the request out, as far as that can be known without its store. */
    allowed: boolean;
    /** All violations, in the order of the rules: the server answers with the first. */
    violations: Violation[];
    /** What would be stored: the whole row for `key_generate`, the changed columns for `key_update`. */
    effective: EffectiveKey | null;
    /** Where each value comes from. */
    provenance: Record<string, Source>;
    /** What each rule said. */
    trace: TraceEntry[];
    /** The budget that would be made for `soft_budget`. */
    budget_row?: Record<string, unknown>;
}

/** What may be entered into one field, as JSON Schema. */
export interface FieldSchema {
    type?: string | string[];
    description?: string;
    /** What holds where the field is left empty. */
    default?: unknown;
    minimum?: number;
    /** The operator's upper bound. */
    maximum?: number;
    /** The only values this caller may enter. */
    enum?: unknown[];
    readOnly?: boolean;
    format?: string;
    items?: FieldSchema;
    additionalProperties?: FieldSchema;
    /** The operator's upper bound of a duration, such as `30d`. */
    "x-latchkey-longest"?: string;
    /** Whether the field needs a licence. */
    "x-latchkey-licence"?: boolean;
}

/** A form, as JSON Schema. */
export interface FormSchema<Field extends string> {
    $schema: string;
    title: string;
    type: "object";
    properties: Record<Field, FieldSchema>;
    /** The fields that must be filled in. */
    required: string[];
    /** Why this caller could create no key at all. */
    "x-latchkey-refused": Violation[];
}
