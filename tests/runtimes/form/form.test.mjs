// The example form in Chromium, against the server: what it says while one types is what the server says when asked.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findChromium, startChromium, top } from "../browser.mjs";

const MASTER = "sk-master-key-of-the-form";
const CONFIG = `
general_settings:
  master_key: ${MASTER}
litellm_settings:
  default_key_generate_params: { rpm_limit: 60 }
  upperbound_key_generate_params: { max_budget: 100, duration: 30d, tpm_limit: 100000 }
  key_generation_settings:
    personal_key_generation: { allowed_user_roles: [proxy_admin, internal_user], required_params: [key_alias] }
`;
const chromium = findChromium();
const skip = chromium ? false : "LEFT OUT: no /usr/bin/chromium here (`apt-get install chromium`)";
const screenshots = process.env.LATCHKEY_SCREENSHOTS ?? join(top, "tests/runtimes/screenshots");
const folder = mkdtempSync(join(tmpdir(), "latchkey-form-"));
const started = [];
let address, browser, key;
/** Keys of callers of whom the page must know more than their own row says. */
let plain, attached;

/** Starts a program and gives the address in the line it prints when it is ready. */
function start(program, words) {
    const child = spawn(program, words, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    started.push(child);
    return new Promise((found, failed) => {
        let said = "";
        child.stdout.on("data", (text) => {
            said += text;
            const match = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
            if (match) found(match[0]);
        });
        child.on("exit", (code) => failed(new Error(`${program} ended with ${code}: ${said}`)));
        child.on("error", failed);
    });
}

async function post(path, body) {
    const headers = { authorization: `Bearer ${MASTER}`, "content-type": "application/json" };
    const reply = await fetch(`${address}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    assert.equal(reply.status, 200, await reply.clone().text());
    return reply.json();
}

test("the server and the package have the same module", () => {
    assert.ok(process.env.LATCHKEY_BIN, "LATCHKEY_BIN names the server's binary");
    const module = readFileSync(join(top, "js/dist/policy.wasm"));
    assert.ok(readFileSync(process.env.LATCHKEY_BIN).includes(module));
});

before(async () => {
    if (skip) return;
    assert.ok(process.env.LATCHKEY_BIN, "LATCHKEY_BIN names the server's binary");
    writeFileSync(join(folder, "config.yaml"), CONFIG);
    const words = ["serve", "--config", "config.yaml", "--port", "0", "--db", "keys.sqlite3"];
    const server = await start(process.env.LATCHKEY_BIN, words);
    address = await start(process.execPath, [join(top, "js/examples/form/serve.mjs"), server, "0"]);
    await post("/user/new", { user_id: "ada", user_role: "internal_user", key_alias: "of-ada", auto_create_key: false });
    key = (await post("/key/generate", { user_id: "ada", key_alias: "ada-signs-in" })).key;
    await post("/user/new", { user_id: "bob", key_alias: "of-bob", auto_create_key: false });
    plain = (await post("/key/generate", { user_id: "bob", key_alias: "bob-signs-in" })).key;
    const { budget_id } = await post("/budget/new", { max_budget: 5 });
    attached = (await post("/key/generate", { user_id: "bob", key_alias: "bob-saves", budget_id })).key;
    await post("/team/new", { team_id: "builders", members_with_roles: [{ role: "user", user_id: "bob" }] });
    browser = await startChromium(chromium);
});

after(async () => {
    await browser?.close();
    for (const child of started) child.kill();
    rmSync(folder, { recursive: true, force: true });
});

/** A page on which Ada has signed in, or the holder of another key; `prepare` sees it before it is opened. */
async function open({ prepare = async () => {}, own = key } = {}) {
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    const requests = [];
    page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await prepare(page);
    await page.goto(address);
    await page.getByLabel("Your key").fill(own);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("Name").waitFor();
    return { page, requests };
}

function keep(page, name) {
    mkdirSync(screenshots, { recursive: true });
    return page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

test("the limits of the fields are those of the caller and the server", { skip }, async () => {
    const { page } = await open();
    assert.match(await page.locator("#max_budget-hint").textContent(), /0 to 100/);
    assert.match(await page.locator("#duration-hint").textContent(), /At most 30d/);
    assert.equal(await page.getByLabel("Requests a minute").getAttribute("placeholder"), "60");
    assert.match(await page.locator("label[for=key_alias]").textContent(), /required/);
    await page.close();
});

test("a budget above the bound is refused in the server's words before anything is sent", { skip }, async () => {
    const { page, requests } = await open();
    await page.getByLabel("Name").fill("ci");
    await page.getByLabel("Budget in dollars").pressSequentially("500");
    const said = await page.locator("#max_budget-error").textContent();
    assert.match(said, /max_budget is over max limit.*cannot exceed the caller's own max_budget/);
    assert.equal(await page.getByLabel("Budget in dollars").getAttribute("aria-invalid"), "true");
    assert.equal(await page.getByRole("button", { name: "Create key" }).isDisabled(), true);
    assert.equal(requests.includes("POST /key/generate"), false, requests.join());
    assert.match(await page.locator("#stored").textContent(), /budget 500 \(refused\)/);
    await keep(page, "form-refused");

    const refused = page.waitForResponse((reply) => reply.url().endsWith("/key/generate"));
    await page.getByRole("button", { name: "Send anyway" }).click();
    assert.equal((await refused).status(), 400);
    await page.locator("#answer:not(:empty)").waitFor();
    // the server answers with the first of the reasons that the page shows
    const answer = await page.locator("#answer").textContent();
    assert.ok(answer !== "" && said.startsWith(answer), answer);
    await keep(page, "form-refused-by-server");
    await page.close();
});

test("what will be stored is shown with its source, and is what the server stores", { skip }, async () => {
    const { page } = await open();
    await page.getByLabel("Name").fill("nightly");
    await page.getByLabel("Valid for").fill("7d");
    const stored = await page.locator("#stored").textContent();
    assert.match(stored, /will expire on .*\(as entered\)/);
    assert.match(stored, /budget 100 \(upper bound\)/);
    assert.match(stored, /100000 \(upper bound\)/);
    assert.match(stored, /60 \(default\)/);
    await keep(page, "form-allowed");
    const made = page.waitForResponse((reply) => reply.url().endsWith("/key/generate"));
    await page.getByRole("button", { name: "Create key" }).click();
    const reply = await (await made).json();
    assert.deepEqual([reply.max_budget, reply.rpm_limit, reply.user_id], [100, 60, "ada"]);
    assert.equal(await page.locator("#answer code").textContent(), reply.key);
    await keep(page, "form-created");
    await page.close();
});

/** Creates the key that is entered, which the page allows, and gives the server's reply. */
async function create(page) {
    const made = page.waitForResponse((reply) => reply.url().endsWith("/key/generate"));
    await page.getByRole("button", { name: "Create key" }).click();
    const reply = await made;
    assert.equal(reply.status(), 200, await reply.text());
    return reply.json();
}

test("a user without a role is judged as the server does, as an internal user", { skip }, async () => {
    const { page } = await open({ own: plain });
    await page.getByLabel("Name").fill("of-no-role");
    assert.equal(await page.locator("#objections").textContent(), "");
    assert.equal((await create(page)).user_id, "bob");
    await page.close();
});

test("the budget that binds the caller is the one attached to the key in use", { skip }, async () => {
    const { page } = await open({ own: attached });
    await page.getByLabel("Name").fill("of-five");
    assert.match(await page.locator("#stored").textContent(), /budget 5 \(your own\)/);
    await page.getByLabel("Budget in dollars").fill("6");
    assert.match(await page.locator("#max_budget-error").textContent(), /cannot exceed/);
    await page.getByLabel("Budget in dollars").fill("");
    assert.equal((await create(page)).max_budget, 5);
    await page.close();
});

test("a member of a team may choose it", { skip }, async () => {
    const { page } = await open({ own: plain });
    await page.getByLabel("Name").fill("of-builders");
    await page.getByLabel("Team").selectOption("builders");
    assert.equal(await page.locator("#team_id-error").textContent(), "");
    assert.equal((await create(page)).team_id, "builders");
    await page.close();
});

test("words that are no number and no duration are refused at their fields", { skip }, async () => {
    const { page } = await open();
    await page.getByLabel("Name").fill("ci");
    await page.getByLabel("Budget in dollars").fill("a lot");
    assert.match(await page.locator("#max_budget-error").textContent(), /valid number/);
    await page.getByLabel("Budget in dollars").fill("5");
    await page.getByLabel("Valid for").fill("1d12h");
    assert.match(await page.locator("#duration-error").textContent(), /^duration `1d12h` is not like/);
    assert.equal(await page.locator("#max_budget-error").textContent(), "");
    await page.close();
});

test("a page with other rules than its server refuses to judge", { skip }, async () => {
    const prepare = (page) =>
        page.route("**/policy", async (route) => {
            const reply = await route.fetch();
            await route.fulfill({ response: reply, json: { ...(await reply.json()), rules_digest: "0".repeat(64) } });
        });
    const { page } = await open({ prepare });
    assert.match(await page.locator("#notice").textContent(), /does not judge/);
    await page.getByLabel("Budget in dollars").fill("500");
    assert.equal(await page.locator("#max_budget-error").textContent(), "");
    const refused = page.waitForResponse((reply) => reply.url().endsWith("/key/generate"));
    await page.getByRole("button", { name: "Create key" }).click();
    assert.equal((await refused).status(), 400);
    await keep(page, "form-other-rules");
    await page.close();
});
