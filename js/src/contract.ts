// What crosses between the module and its shells (wasm/README.md), written from the contract:
// LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test javascript

/** The head of a request; its body follows in the frame. */
export interface Call {
    /** `GET`, `POST`, … in capitals. */
    readonly method: string;
    /** The path of the request target, still percent-encoded. */
    readonly path: string;
    /** What follows the `?`, still encoded; empty without one. */
    readonly query: string;
    /** Names in lower case, each byte of a value as one character. */
    readonly headers: readonly (readonly [string, string])[];
    /** Milliseconds since 1970-01-01 UTC. */
    readonly now: number;
    /** At least 64 random bytes in lower-case hex, fresh for each request and kept between its crossings. */
    readonly entropy: string;
    /** Whether the body has not been read yet: the module decides without it, or asks for it. */
    readonly body_coming: boolean;
    /** The answers to all queries asked so far. */
    readonly facts: readonly Fact[];
    /** How the last commit of this request was refused, if one was. */
    readonly refused: Refused | null;
    /** Something that the shell does by itself, in place of a request: no request brings one along. */
    readonly task: Task | null;
}

/** One answered query. */
export interface Fact {
    /** The query, as it was asked. */
    readonly query: Query;
    /** The rows found: objects by column name, timestamps in milliseconds, Json columns as JSON. */
    readonly rows: Rows;
    /** How many rows match in all, where the query asked for a page. */
    readonly total: number | null;
}

/** A question to the shell. The set is closed: a store can answer all of them and hide no rule. */
export type Query =
    /** The key with this token (SHA-256 hex) and the rows it names; one row of `CallerRows`, or none. */
    | {
        readonly caller: {
            /** SHA-256 of the key, lower-case hex. */
            readonly token: string;
        };
    }
    /** All rows of `table` in which `column` is one of `values`, oldest first. */
    | {
        readonly rows: {
            /** The table's name. */
            readonly table: string;
            /** The primary key, of text or one number as its digits, or an indexed text column. */
            readonly column: string;
            /** Wanted values. */
            readonly values: readonly string[];
        };
    }
    /** The same rows without their lists and documents, each with `"cut": true`. */
    | {
        readonly brief: {
            /** The table's name. */
            readonly table: string;
            /** As of `Query::Rows`. */
            readonly column: string;
            /** Wanted values. */
            readonly values: readonly string[];
            /** Rows at the most, oldest first; none where all are wanted. */
            readonly limit: number | null;
        };
    }
    /** All rows of `table`, oldest first. */
    | {
        readonly all: {
            /** The table's name. */
            readonly table: string;
        };
    }
    /** One page of a table, and how many rows match in all (`total` of the answer). */
    | {
        readonly page: {
            /** The table's name. */
            readonly table: string;
            /** Which rows: all conditions hold. */
            readonly rows: readonly Condition[];
            /** Items of which the list of each row has one. */
            readonly having: Items | null;
            /** In which order. */
            readonly order: KeyOrder;
            /** Rows to pass over. */
            readonly offset: number;
            /** Rows to return at the most. */
            readonly limit: number;
            /** As of `Query::Keys`. */
            readonly bytes: number;
        };
    }
    /** One page of keys, and how many match in all (`total` of the answer). */
    | {
        readonly keys: {
            /** Which keys. */
            readonly filter: KeyFilter;
            /** In which order. */
            readonly order: KeyOrder;
            /** Rows to pass over. */
            readonly offset: number;
            /** Rows to return at the most. */
            readonly limit: number;
            /** Bytes of the lists and documents of all rows together. A row whose own take more than a quarter of them, or do not fit any more beside those of the rows before it, comes without lists and documents, and with `"cut": true`. None means that a row is its token alone. */
            readonly bytes: number | null;
        };
    }
    /** One page of the audit log, newest first (`updated_at`, then `id`), and how many rows match in all. */
    | {
        readonly audit: {
            /** Which rows. */
            readonly filter: AuditFilter;
            /** Rows to pass over. */
            readonly offset: number;
            /** Rows to return at the most. */
            readonly limit: number;
        };
    }
    /** What the operator's own rule says to `input`: one row of `RuleAnswer`, or none where there is no rule. It is no question to the store. */
    | {
        readonly custom_rule: {
            /** JSON text, without secrets. */
            readonly input: string;
        };
    }
    /** What a request to elsewhere is answered with: one row of `Probed`, or none from a shell that makes no such requests. It is no question to the store. */
    | {
        readonly probe: Probe;
    };

/** A condition on rows. */
export type Condition =
    /** The text column has one of these values. */
    | {
        readonly in: {
            /** The column. */
            readonly column: string;
            /** The values. */
            readonly values: readonly string[];
        };
    }
    /** One of the text columns contains this, in any case. */
    | {
        readonly contains: {
            /** The columns. */
            readonly columns: readonly string[];
            /** The text. */
            readonly text: string;
        };
    }
    /** The text column has the value that `of` has in a row of another table, or an item of it. */
    | {
        readonly refers: {
            /** The column. */
            readonly column: string;
            /** The other table. */
            readonly table: string;
            /** A column of the other table: of text, or with `member` a document that is a list of objects. */
            readonly of: string;
            /** The member of such an object that is meant. */
            readonly member: string | null;
            /** In the other table's row each of these text columns has one of the values, and there is one at least. */
            readonly rows: readonly (readonly [string, readonly string[]])[];
        };
    };

/** Items of a column that holds a list. */
export interface Items {
    /** The column: a list of text, or a document that is a list of objects. */
    readonly column: string;
    /** The member of such an object; none where the items are text. */
    readonly member: string | null;
    /** The items, or their members' values. */
    readonly values: readonly string[];
}

/** An order of rows: a column, ties by the first column of the primary key. */
export interface KeyOrder {
    /** A column of the table. */
    readonly column: string;
    /** Largest first; absent values last either way. */
    readonly descending: boolean;
}

/** Which keys a listing wants: every member that is set must hold. */
export interface KeyFilter {
    /** Whether the keys are wanted that were deleted, as their archive has them, and not those that are there. */
    readonly archived: boolean;
    /** Of deleted keys, those that were deleted at this moment (milliseconds) or after it. */
    readonly deleted_since: number | null;
    /** Keys that rotate by themselves and were to do so at this moment (milliseconds) or before it. */
    readonly rotation_due: number | null;
    /** The key's owner. */
    readonly user_id: string | null;
    /** The key's team. */
    readonly team_id: string | null;
    /** The key's alias. */
    readonly key_alias: string | null;
    /** The key's budget. */
    readonly budget_id: string | null;
    /** The key's token. */
    readonly token: string | null;
    /** The key's project. */
    readonly project_id: string | null;
    /** The key's agent. */
    readonly agent_id: string | null;
    /** The team of which no key is wanted. */
    readonly without_team: string | null;
    /** Token equal to this, or alias containing it in any case. */
    readonly search: string | null;
    /** A text that the alias contains in any case; an empty one is part of every alias that is not empty. */
    readonly alias_part: string | null;
    /** A text that the owner's id contains in any case. */
    readonly owner_part: string | null;
    /** Only keys the caller may see. */
    readonly visible_to: Visibility | null;
    /** Whether the key is blocked. */
    readonly blocked: boolean | null;
    /** Whether the key has expired at this moment (milliseconds). */
    readonly expired: readonly [boolean, number] | null;
}

/** The keys a caller may see: their own, and those of some teams. */
export interface Visibility {
    /** Keys of this user. */
    readonly user_id: string | null;
    /** All keys of these teams. */
    readonly team_ids: readonly string[];
    /** The keys with these tokens. */
    readonly tokens: readonly string[];
}

/** Which rows of the audit log a listing wants: every member that is set must hold. */
export interface AuditFilter {
    /** The changed objects; none means all. */
    readonly object_ids: readonly string[];
    /** Who changed it. */
    readonly changed_by: string | null;
    /** What was done. */
    readonly action: string | null;
    /** The table of the object. */
    readonly table_name: string | null;
    /** Changes at or after this moment (milliseconds). */
    readonly since: number | null;
    /** Changes before this moment (milliseconds). */
    readonly until: number | null;
}

/** An HTTP request to an address that the operator has named. */
export interface Probe {
    /** In capitals. */
    readonly method: string;
    /** `http://` or `https://` and so on. */
    readonly url: string;
    /** Names in lower case. */
    readonly headers: readonly (readonly [string, string])[];
    /** What to send. */
    readonly body: string;
}

/** Rows, each as it was written: objects by column name, or the message of a shell. */
export type Rows = string;

/** A commit that the store refused. */
export interface Refused {
    /** Why it was refused. */
    readonly why: Conflict;
    /** How many commits of this request were refused, with this one. */
    readonly times: number;
    /** The rows that the step relied on, as it named them. */
    readonly relied_on: readonly RowName[];
}

/** Why a store refuses a commit. */
export type Conflict =
    /** Others changed the same rows at the same time. */
    | "lost"
    /** A row that is to go is referred to by rows of others, which share the database. */
    | "referred"
    /** A value is one that the database has no room for. */
    | "unstorable";

/** A row by its table and its primary key. */
export interface RowName {
    /** The table's name. */
    readonly table: string;
    /** The values of the primary key's columns, in order. */
    readonly key: readonly string[];
}

/** What a shell does by itself. */
export type Task =
    /** Names keys that are to get another secret; the reply is `{"tokens": […]}`. */
    | {
        readonly due_keys: {
            /** How many of them to pass over. */
            readonly skip: number;
            /** When the look began, in milliseconds: a key is rotated once in a look, however short its interval is. */
            readonly since: number;
        };
    }
    /** Gives a key another secret; the reply is `{"rotated": true}`, or says why not, and whether the address that is told new secrets could be reached (`told`). */
    | {
        readonly rotate_key: {
            /** The key's token. */
            readonly token: string;
        };
    };

/** The head of an answer; in the frame a body follows that of a reply. */
export type StepHead =
    /** Answer these queries and call again with all facts so far. */
    | {
        readonly read: {
            /** What is not known yet. */
            readonly queries: readonly Query[];
            /** Whether the same request and facts will ask the same at any other time. */
            readonly lasting: boolean;
        };
    }
    /** Read the body, and call again with it and with all facts so far. */
    | {
        readonly body: {
            /** One name for all requests of the same user; none where the sender is unknown. */
            readonly sender: string | null;
        };
    }
    /** Send this reply. */
    | {
        readonly reply: {
            /** The operation's name: the route with underscores, or `none`. */
            readonly operation: string;
            /** HTTP status. */
            readonly status: number;
            /** Response headers. */
            readonly headers: readonly (readonly [string, string])[];
            /** For log and metrics. */
            readonly events: readonly Event[];
            /** Whether the same request and facts will get the same reply at any other time. */
            readonly lasting: boolean;
        };
    }
    /** Commit all writes in one transaction if every guard holds, then send this reply. */
    | {
        readonly write: {
            /** The operation's name. */
            readonly operation: string;
            /** HTTP status. */
            readonly status: number;
            /** Response headers. */
            readonly headers: readonly (readonly [string, string])[];
            /** For log and metrics. */
            readonly events: readonly Event[];
            /** The changes, in order. */
            readonly writes: readonly Write[];
            /** The conditions. */
            readonly guards: readonly Guard[];
            /** The rows that must not go before a further attempt, if this one is refused. */
            readonly relies_on: readonly RowName[];
        };
    }
    /** Send the request on to another server, and its reply back. If that server cannot be reached, send this one. */
    | {
        readonly forward: {
            /** The operation's name, for the log. */
            readonly operation: string;
            /** The address of the other server: scheme, host and port, without a path. */
            readonly base: string;
            /** HTTP status of the reply that this module gives. */
            readonly status: number;
            /** Its headers. */
            readonly headers: readonly (readonly [string, string])[];
            /** For log and metrics, if that reply is sent. */
            readonly events: readonly Event[];
        };
    };

/** Something that happened, for the shell's log and metrics. It never names a secret. */
export interface Event {
    /** What happened: `key_created`, `refused`, … */
    readonly event: string;
    /** The object it happened to: a token, a team id, …; for a refusal the machine code. */
    readonly object: string;
}

/** One change: of one row by its primary key, or of all rows that meet conditions, which the store finds itself. */
export type Write =
    /** A new row with all its columns. A row with the same primary key refuses the commit like a failed guard. */
    | {
        readonly insert: {
            /** The table's name. */
            readonly table: string;
            /** All columns. */
            readonly row: Cells;
            /** The primary key of the row that gives the values of columns that the rules do not know, where the table has such: a copy of a row keeps what others wrote there. */
            readonly like: readonly string[] | null;
        };
    }
    /** Some columns of the row with this primary key. A missing row refuses the commit like a failed guard. */
    | {
        readonly update: {
            /** The table's name. */
            readonly table: string;
            /** The values of the primary key's columns, in order. */
            readonly key: readonly string[];
            /** The changed columns. */
            readonly set: Cells;
        };
    }
    /** The rows that meet all conditions, if any, are changed. */
    | {
        readonly change: {
            /** The table's name. */
            readonly table: string;
            /** Which rows; with `take` there may be no condition. */
            readonly rows: readonly Condition[];
            /** The changed columns. */
            readonly set: Cells;
            /** Items that go out of a list; only rows whose list has one are changed. */
            readonly take: Items | null;
            /** How the store notes each changed row in the audit log. */
            readonly noted: Note | null;
        };
    }
    /** Of the rows that meet all conditions, of which there is one at least, copies are kept in another table. */
    | {
        readonly copy: {
            /** The table's name. */
            readonly table: string;
            /** Which rows. */
            readonly rows: readonly Condition[];
            /** The other table's name. The store makes the values of its primary key. */
            readonly into: string;
            /** How those begin. The store appends the row's number in the set, in twelve hexadecimal digits. */
            readonly id: string;
            /** The columns that are copied. */
            readonly columns: readonly string[];
            /** The values of other columns, the same in all copies. */
            readonly set: Cells;
        };
    }
    /** The rows that meet all conditions, of which there is one at least, are deleted, if there are any. */
    | {
        readonly delete: {
            /** The table's name. */
            readonly table: string;
            /** Which rows. */
            readonly rows: readonly Condition[];
            /** How the store notes each deleted row in the audit log. */
            readonly noted: Note | null;
        };
    };

/** Values by column name, each as it was written. */
export type Cells = ReadonlyMap<string, string>;

/** A row of the audit log for each row of a set. */
export interface Note {
    /** How the ids begin. The store appends `-` and the row's number in the set, in eight digits. */
    readonly id: string;
    /** The columns that are the same in all of them. The store adds `id`, `object_id`, `before_value` and `updated_values`. */
    readonly row: Cells;
    /** The columns that are shown in `before_value` and, of a changed row, in `updated_values`. */
    readonly shown: readonly string[];
}

/** A condition that must hold inside the transaction; if it does not, nothing is written. */
export type Guard =
    /** No row has this value in this column, except the one whose primary key is `except`. */
    | {
        readonly absent: {
            /** The table's name. */
            readonly table: string;
            /** A text column. */
            readonly column: string;
            /** The value. */
            readonly value: string;
            /** The primary key of the row that may have it. */
            readonly except: string | null;
        };
    }
    /** The row exists, and its columns are as they were read. */
    | {
        readonly same: {
            /** The table's name. */
            readonly table: string;
            /** The values of the primary key's columns, in order. */
            readonly key: readonly string[];
            /** The row as it was read. */
            readonly row: JsonText;
            /** Whether `COUNTERS` are as they were read, too. */
            readonly counters: boolean;
        };
    }
    /** The row exists. */
    | {
        readonly present: {
            /** The table's name. */
            readonly table: string;
            /** The values of the primary key's columns, in order. */
            readonly key: readonly string[];
        };
    };

/** A document, as it was written. */
export type JsonText = string;

/** The answer to `configure`. */
export type Configured =
    /** The settings are in force. */
    | {
        readonly usable: Report;
    }
    /** They cannot be used, for these reasons. */
    | {
        readonly unusable: readonly SettingsProblem[];
    };

/** What a shell needs to know of settings that are in force. */
export interface Report {
    /** The profile in force. */
    readonly profile: string;
    /** The hash over the sources of the rules. */
    readonly rules_digest: string;
    /** The headers that decisions look at, in lower case. */
    readonly headers: readonly string[];
    /** What the shell keeps to. */
    readonly limits: Bounds;
    /** Which ids a request may bring along. */
    readonly request_ids: RequestIds;
    /** What probes may take. */
    readonly probes: ProbeBounds;
    /** Headers of every reply that does not have them itself. */
    readonly reply_headers: readonly (readonly [string, string])[];
    /** Headers of replies to pages of other origins. */
    readonly origins: readonly OriginHeaders[];
    /** Answers for when the module cannot be asked. */
    readonly replies: ReadyReplies;
    /** Known holes of the profile. */
    readonly open_holes: readonly string[];
    /** How requests are sent on to another server, if any are. */
    readonly forwarding: Forwarding | null;
    /** The operator's own rule, if there is one. */
    readonly custom_rule: CustomRuleReport | null;
    /** How keys that are due are looked for, if they are. */
    readonly rotation: RotationReport | null;
    /** What the operator should know of the settings. */
    readonly warnings: readonly SettingsProblem[];
}

/** Bounds on requests, and on what is in flight. */
export interface Bounds {
    /** Bytes of a body. */
    readonly body_bytes: number;
    /** Bytes of a body that is read before it is known who sends it. */
    readonly prompt_body_bytes: number;
    /** Bytes of a refused body that are read and dropped, so that the client reads the answer. */
    readonly drained_body_bytes: number;
    /** Milliseconds that a client may take to send a body. */
    readonly body_ms: number;
    /** Bytes of all bodies that are being read. */
    readonly bodies_in_flight_bytes: number;
    /** Bytes of all replies that are being sent. */
    readonly replies_in_flight_bytes: number;
    /** Connections of one address: 0 is without a bound, and with `null` the shell chooses. */
    readonly connections_per_address: number | null;
    /** Milliseconds that a request may take in all, however often it waits. */
    readonly request_ms: number;
    /** Crossings of one attempt. */
    readonly crossings: number;
    /** Commits of one request. After the last one is refused the module replies. */
    readonly attempts: number;
}

/** Which `x-request-id` of a client is used as the request's id: letters and digits of ASCII and some other characters. One that may be a credential is not. */
export interface RequestIds {
    /** Characters at the most; one at the least. */
    readonly length: number;
    /** The other characters. */
    readonly punctuation: string;
    /** How credentials begin, in lower case: an id that has this anywhere, in any case, is not used. */
    readonly credential: string;
    /** An id of so many characters or more is not used if another header has it in its value. */
    readonly telling: number;
}

/** What the requests that a shell makes for the module may take. */
export interface ProbeBounds {
    /** Milliseconds that connecting, sending and answering may take together. */
    readonly ms: number;
    /** Bytes of an answer that are read. */
    readonly answer_bytes: number;
    /** Probes at one time. */
    readonly at_once: number;
}

/** What replies to the pages of one origin have. */
export interface OriginHeaders {
    /** As browsers send it; `*` stands for every origin. */
    readonly origin: string;
    /** Headers, unless a reply has them itself. */
    readonly headers: readonly (readonly [string, string])[];
}

/** Answers for when the module cannot be asked, worded by it beforehand. */
export interface ReadyReplies {
    /** The module failed. */
    readonly trap: ReadyReply;
    /** The module took too long. */
    readonly overrun: ReadyReply;
    /** The store cannot be reached. */
    readonly store_away: ReadyReply;
    /** The body is larger than the limit. */
    readonly body_too_large: ReadyReply;
    /** The body broke off or did not arrive in time. */
    readonly body_unread: ReadyReply;
    /** Too much is under way. */
    readonly busy: ReadyReply;
}

/** One such answer. */
export interface ReadyReply {
    /** HTTP status. */
    readonly status: number;
    /** Response headers. */
    readonly headers: readonly (readonly [string, string])[];
    /** The body. */
    readonly body: string;
}

/** How requests are sent on to another server. */
export interface Forwarding {
    /** Headers that are of one connection alone, in lower case: neither requests nor replies keep them, nor those that their `connection` names. */
    readonly hop_by_hop: readonly string[];
    /** The name of this server in `via`. */
    readonly via: string;
    /** Milliseconds in which the other server must take a connection. */
    readonly connect_ms: number;
}

/** The operator's own rule. */
export interface CustomRuleReport {
    /** The module's file, relative to the configuration's folder. */
    readonly path: string;
    /** A question to try it with. */
    readonly trial: string;
    /** Bytes of linear memory that it may take. */
    readonly memory_bytes: number;
    /** Bytes that its answer may have. */
    readonly answer_bytes: number;
}

/** How a shell looks for keys that are to get another secret. */
export interface RotationReport {
    /** Milliseconds between two looks. */
    readonly check_ms: number;
    /** Milliseconds for which one shell is the only one, from each key on. */
    readonly lease_ms: number;
    /** Deliveries that fail one after the other before a look ends. */
    readonly most_failures: number;
}

/** What is wrong with a setting, or worth knowing of it. */
export interface SettingsProblem {
    /** Where it stands, as names joined by dots; empty for the settings as a whole. */
    readonly path: string;
    /** What is wrong, or worth knowing. */
    readonly message: string;
}

/** What became of a `Probe`: the row that answers the query for it. */
export type Probed =
    /** It was answered. */
    | {
        readonly answered: {
            /** The HTTP status. */
            readonly status: number;
            /** The beginning of the body, as text. */
            readonly body: string;
        };
    }
    /** It was not. */
    | {
        readonly failed: ProbeFailure;
    };

/** Why a probe was not answered. */
export type ProbeFailure =
    /** Address or headers cannot be sent. */
    | "malformed"
    /** Nobody answers there, or not in HTTP. */
    | "unreachable"
    /** The answer took too long. */
    | "timeout"
    /** The shell has too many probes under way. */
    | "busy";

/** What became of a question to the operator's own rule: the row that answers the query for it. */
export type RuleAnswer =
    /** The text that the rule gave. */
    | {
        readonly answer: string;
    }
    /** The rule gave none. */
    | {
        readonly failed: RuleFailure;
    };

/** Why the operator's own rule gave no answer. */
export type RuleFailure =
    /** The module failed. */
    | "trap"
    /** It ran too long. */
    | "overrun"
    /** What it gave is no text, or is too long. */
    | "malformed";
