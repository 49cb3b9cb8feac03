// The settings as the module reads them: completed with the master key and the environment's values.
import { mapStrings, members, object } from "../text.js";

/** The prefix of a value that stands in a variable of the environment. */
const FROM_ENVIRONMENT = "os.environ/";

/** The key of the proxy admin: itself, or the SHA-256 of it in lower-case hex. */
export type MasterKey = string | { readonly sha256: string };

/** Variables of the environment; whatever is no text is passed over, as bindings of a worker are. */
export type Environment = Readonly<Record<string, unknown>>;

/**
 * The settings as JSON text. `settings` is LiteLLM's config.yaml as an object, or as JSON text, which keeps numbers as they
 * are written. `lacking` is what the store does not have.
 */
export function settingsText(
    settings: unknown,
    masterKey: MasterKey | undefined,
    environment: Environment,
    lacking: readonly string[],
): string {
    const given = typeof settings === "string" ? settings : JSON.stringify(settings ?? {});
    // what is no object is for the module to refuse
    if (!isObject(given)) return given;
    const own = (name: string): string | undefined => {
        const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
        return typeof value === "string" ? value : undefined;
    };
    // what the settings set counts where the environment has nothing
    const presets = JSON.parse(members(given).get("environment_variables") ?? "null") as unknown;
    const variable = (name: string): string | undefined => {
        const found = own(name);
        if (found !== undefined || typeof presets !== "object" || presets === null || !Object.hasOwn(presets, name)) return found;
        const value = (presets as Record<string, unknown>)[name];
        if (typeof value !== "string") return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
        return value.startsWith(FROM_ENVIRONMENT) ? own(value.slice(FROM_ENVIRONMENT.length)) : value;
    };
    const text = mapStrings(given, (value) =>
        value.startsWith(FROM_ENVIRONMENT) ? (variable(value.slice(FROM_ENVIRONMENT.length)) ?? value) : value,
    );
    const sections = members(text);
    const has = (section: string, name: string): boolean => {
        const values = sections.get(section);
        return values !== undefined && isObject(values) && (members(values).get(name) ?? "null") !== "null";
    };
    const set = (section: string, name: string, value: string | boolean | readonly string[] | null): void => {
        const values = sections.get(section) ?? "null";
        if (values !== "null" && !isObject(values)) return;
        sections.set(section, object((values === "null" ? new Map() : members(values)).set(name, JSON.stringify(value))));
    };
    // JavaScript cannot stop a module: the rules take no body that could keep them long
    if (!has("latchkey", "stops_decisions")) set("latchkey", "stops_decisions", false);
    const rootPath = has("latchkey", "root_path") ? undefined : variable("SERVER_ROOT_PATH");
    if (rootPath !== undefined) set("latchkey", "root_path", rootPath);
    const isSet = has("general_settings", "master_key") || has("latchkey", "master_key_sha256");
    const key = masterKey ?? (isSet ? undefined : variable("LITELLM_MASTER_KEY"));
    if (typeof key === "string") set("general_settings", "master_key", key);
    else if (key !== undefined) {
        // a key in the settings counts before a hash, and may stand in a variable that is no longer set
        if (has("general_settings", "master_key")) set("general_settings", "master_key", null);
        set("latchkey", "master_key_sha256", key.sha256);
    }
    if (lacking.length > 0) set("latchkey", "store_lacks", lacking);
    return object(sections);
}

function isObject(text: string): boolean {
    try {
        JSON.parse(text);
    } catch {
        return false;
    }
    return text.trimStart().startsWith("{");
}
