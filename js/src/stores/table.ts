// What a table of the rules is.

/** What a column holds. */
export type Kind = "text" | "int4" | "int8" | "float" | "bool" | "time" | "json" | "text_list";

/** One column. */
export interface Column {
    readonly name: string;
    readonly kind: Kind;
    readonly nullable: boolean;
    /** Whether texts are compared without regard to the case of ASCII letters. */
    readonly caseless?: boolean;
}

/** One table. */
export interface Table {
    readonly name: string;
    /** The columns of the primary key. */
    readonly key: readonly string[];
    readonly columns: readonly Column[];
}
