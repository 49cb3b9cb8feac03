// The page's elements: fields made from a schema, what is wrong with them, and what would be stored.
import { words } from "./server.js";

/** The fields of the form in their order: name, label, and the width of the wide ones. */
export const FIELDS = [
    ["key_alias", "Name", "wide"],
    ["team_id", "Team"],
    ["duration", "Valid for"],
    ["max_budget", "Budget in dollars"],
    ["budget_duration", "Budget starts anew every"],
    ["rpm_limit", "Requests a minute"],
    ["tpm_limit", "Tokens a minute"],
    ["max_parallel_requests", "Requests at a time"],
    ["models", "Models"],
];

const LABELS = Object.fromEntries(FIELDS);

/** The schema of fields that nothing is known about. */
export const PLAIN = { properties: Object.fromEntries(FIELDS.map(([name]) => [name, { type: "string" }])), required: [] };

/** How the page says where a value comes from. */
const SOURCES = {
    request: "as entered",
    default: "default",
    upper_bound: "upper bound",
    caller: "your own",
    computed: "computed",
};

export const byId = (id) => document.getElementById(id);

function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
}

/** Makes the fields that the schema describes; what was entered stays. */
export function showFields(schema, teams) {
    const entered = new Map(FIELDS.map(([name]) => [name, byId(name)?.value]));
    byId("fields").replaceChildren(
        ...FIELDS.map(([name, label, width]) => {
            const property = schema.properties[name];
            const mark = schema.required.includes(name) ? [element("span", { className: "required" }, "required")] : [];
            const control = name === "team_id" ? teamControl(teams) : inputControl(name, property);
            control.id = name;
            control.value = entered.get(name) ?? "";
            control.setAttribute("aria-describedby", `${name}-hint ${name}-error`);
            return element(
                "div",
                { className: `field ${width ?? ""}` },
                element("label", { htmlFor: name }, label, ...mark),
                control,
                element("p", { className: "hint", id: `${name}-hint` }, ...hint(property, label)),
                element("p", { className: "error", id: `${name}-error`, role: "alert" }),
            );
        }),
    );
}

function inputControl(name, { type, default: fallback, readOnly }) {
    const isNumber = [type].flat().some((kind) => kind === "number" || kind === "integer");
    return element("input", {
        name,
        readOnly: readOnly ?? false,
        inputMode: isNumber ? "decimal" : "text",
        placeholder: (fallback ?? "") === "" || fallback.length === 0 ? "" : String(fallback),
    });
}

function teamControl(teams) {
    const options = teams.map(({ team_id, team_alias }) => element("option", { value: team_id }, team_alias ?? team_id));
    return element("select", { name: "team_id" }, element("option", { value: "" }, "No team"), ...options);
}

/** What the rules allow, in words, and what the field means unless its label says so already. */
function hint({ description = "", minimum, maximum, "x-latchkey-longest": longest }, label) {
    const limits = maximum !== undefined ? `${minimum ?? 0} to ${maximum}` : longest !== undefined ? `At most ${longest}` : "";
    const about = description.replaceAll("`", "");
    const says = about.replace(/^the |\.$/gi, "").toLowerCase() === label.toLowerCase() ? "" : about;
    return [...(limits === "" ? [] : [element("strong", {}, limits), says === "" ? "" : " · "]), says];
}

/** The request of the form: only what was filled in. What is not a number stays text, which the rules refuse. */
export function request(schema) {
    const entries = FIELDS.flatMap(([name]) => {
        const text = byId(name).value.trim();
        return text === "" ? [] : [[name, value(text, [schema.properties[name].type].flat())]];
    });
    return Object.fromEntries(entries);
}

function value(text, types) {
    if (types.includes("array")) return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
    const number = Number(text);
    return (types.includes("number") || types.includes("integer")) && Number.isFinite(number) ? number : text;
}

/** Shows every violation at its field, or above the buttons if it has none here. */
export function showViolations(violations) {
    for (const [name] of FIELDS) {
        const own = violations.filter((violation) => violation.field === name);
        // two rules may say the same of one value
        byId(`${name}-error`).textContent = [...new Set(own.map(({ message }) => words(message)))].join(" ");
        byId(name).setAttribute("aria-invalid", String(own.length > 0));
    }
    const others = violations.filter(({ field }) => !(field in LABELS));
    byId("objections").replaceChildren(...others.map((violation) => element("li", {}, words(violation.message))));
}

/** Shows the values as they would be stored, and where each comes from or that it is refused. */
export function showEffective({ effective, provenance, violations }) {
    const rows = [];
    const say = (label, text, name) => {
        const isRefused = violations.some(({ field }) => field === name);
        const from = isRefused ? "refused" : SOURCES[provenance[name]];
        const badge = element("span", { className: `source ${isRefused ? "refused" : provenance[name]}` }, `(${from})`);
        rows.push(element("div", {}, element("dt", {}, label), element("dd", {}, text, ...(from ? [" ", badge] : []))));
    };
    if (effective?.expires) say("Expiry", `will expire on ${moment(effective.expires)}`, "duration");
    for (const [name, label] of FIELDS) {
        const held = effective?.[name];
        if (name === "duration" || held === undefined || held === null || held.length === 0) continue;
        say(label, name === "max_budget" ? `budget ${held}` : [held].flat().join(", "), name);
    }
    if (effective?.user_id) say("Owner", effective.user_id, "user_id");
    if (rows.length === 0) say("Nothing yet", "–");
    byId("stored").replaceChildren(...rows);
}

const moment = (text) => new Date(text).toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" });
