// The form for a new key: it judges by the server's rules while one types, and sends what they allow.
import { load } from "latchkey";
import { Refused, Server } from "./server.js";
import { FIELDS, PLAIN, byId, request, showEffective, showFields, showViolations } from "./view.js";

const loading = load();

byId("sign-in").addEventListener("submit", async (event) => {
    event.preventDefault();
    const error = byId("own-key-error");
    error.textContent = "";
    try {
        await open(new Server(byId("own-key").value.trim()));
    } catch (cause) {
        error.textContent = cause instanceof Refused ? cause.message : `the server cannot be asked: ${cause.message}`;
    }
});

/** Opens the form for the user who signed in. */
async function open(server) {
    const [latchkey, policy] = await Promise.all([loading, server.policy()]);
    const { caller } = policy;
    const teams = await server.teams(caller.user_id);
    const judges = policy.rules_digest === latchkey.rulesDigest;
    // rules of another version might misunderstand the settings: then the fields have no limits
    const rules = judges ? latchkey.configure(policy.settings) : undefined;
    const team = () => teams.find(({ team_id }) => team_id === byId("team_id")?.value);
    const options = () => ({ caller, ...(team() ? { team: row(team()) } : {}) });
    let schema = rules?.describe(options()) ?? PLAIN;

    byId("sign-in").hidden = true;
    byId("workplace").hidden = false;
    byId("rules").textContent = `Rules ${policy.rules_digest.slice(0, 12)}, profile ${policy.profile}`;
    showFields(schema, teams);
    if (!judges) {
        byId("promise").hidden = true;
        byId("stored").parentElement.hidden = true;
        byId("notice").hidden = false;
        byId("notice").textContent =
            `This page has other rules (${latchkey.rulesDigest.slice(0, 12)}) than the server ` +
            `(${policy.rules_digest.slice(0, 12)}), so it does not judge what you enter: the server will.`;
    }

    const judge = () => {
        byId("answer").textContent = "";
        if (rules === undefined) return;
        const verdict = rules.check(request(schema), options());
        showViolations(verdict.violations);
        showEffective(verdict);
        byId("create").disabled = !verdict.allowed;
        byId("anyway").hidden = verdict.allowed;
    };
    const send = async () => {
        const answer = byId("answer");
        answer.className = "";
        try {
            const { key } = await server.create(request(schema));
            const code = document.createElement("code");
            code.textContent = key;
            answer.className = "made";
            answer.replaceChildren("Here is the key. It is shown once.", code);
        } catch (cause) {
            answer.textContent = cause instanceof Refused ? cause.message : `the server cannot be asked: ${cause.message}`;
        }
    };

    byId("new-key").addEventListener("input", (event) => {
        if (event.target.name === "team_id" && rules !== undefined) {
            schema = rules.describe(options());
            showFields(schema, teams);
        }
        judge();
    });
    byId("new-key").addEventListener("submit", (event) => {
        event.preventDefault();
        send();
    });
    byId("anyway").addEventListener("click", send);
    byId(FIELDS[0][0]).focus();
    judge();
}

/** A team as the rules take it: without the moments, which the server prints as text. */
function row({ created_at, updated_at, budget_reset_at, ...team }) {
    return team;
}
