//! Who may do what with whose key: role × ownership × operation, every cell written out.

use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::{dict, mint};
use latchkey_tests::implementation::{Implementation, Native, Request, Session};
use std::collections::BTreeMap;

const MASTER: &str = "sk-master-key-of-the-tests";
const MISSING: &str = "sk-nobody-ever-issued-this-one";

/// The callers, in the order of the columns. All but `bare` and `ghost` hold the key of a user; the last three columns
/// hold keys that open nothing.
///
/// | column   | caller                                                        |
/// |----------|---------------------------------------------------------------|
/// | `admin`  | a `proxy_admin`                                               |
/// | `viewer` | a `proxy_admin_viewer`                                        |
/// | `boss`   | an `internal_user`, admin of the team `ours`                  |
/// | `mate`   | an `internal_user`, member of the team `ours`                 |
/// | `user`   | an `internal_user` in no team                                 |
/// | `reader` | an `internal_user_viewer` in no team                          |
/// | `bare`   | a key of the team `ours` that has no user                     |
/// | `late`   | an `internal_user` whose key has expired                      |
/// | `barred` | an `internal_user` whose key is blocked                       |
/// | `ghost`  | a key that was never issued                                   |
const CALLERS: [&str; 10] =
    ["admin", "viewer", "boss", "mate", "user", "reader", "bare", "late", "barred", "ghost"];

/// Whose key an operation is about: another key of the caller's user (for `bare` the key itself), a colleague's key in
/// the team `ours`, a stranger's in the team `theirs`, a key with neither user nor team, a key that does not exist.
const TARGETS: [&str; 5] = ["own", "ours", "theirs", "nobodys", "missing"];

/// The owner of a generated key: the caller, somebody else, the team `ours`, the team `theirs`, no user at all.
const RECIPIENTS: [&str; 5] = ["oneself", "another", "ours", "theirs", "nobody"];

/// What is done with a key. `key_update` sets a note in its metadata, raises its budget, or gives it to another user.
const OPERATIONS: [&str; 10] = [
    "key_info",
    "v2_key_info",
    "key_update:note",
    "key_update:raise",
    "key_update:give",
    "key_regenerate",
    "key_block",
    "key_unblock",
    "key_delete",
    "key_list",
];

/// Profile strict. A cell is the status of the answer; `hid` is a 200 that does not show the key, `own` a 200 whose key
/// belongs to the caller although the request names no user.
const STRICT: &str = "
                           admin viewer  boss  mate  user reader  bare  late barred ghost
key_generate      oneself    200    403   200   200   200    401   401   401    401   401
key_generate      another    200    403   403   403   403    401   401   401    401   401
key_generate      ours       200    403   200   200   400    401   401   401    401   401
key_generate      theirs     200    403   400   400   400    401   401   401    401   401
key_generate      nobody     200    403   own   own   own    401   401   401    401   401

key_info          own        200    200   200   200   200    200   200   401    401   401
key_info          ours       200    200   200   404   404    404   404   401    401   401
key_info          theirs     200    200   404   404   404    404   404   401    401   401
key_info          nobodys    200    200   404   404   404    404   404   401    401   401
key_info          missing    404    404   404   404   404    404   404   401    401   401

v2_key_info       own        200    200   200   200   200    200   200   401    401   401
v2_key_info       ours       200    200   200   hid   hid    hid   hid   401    401   401
v2_key_info       theirs     200    200   hid   hid   hid    hid   hid   401    401   401
v2_key_info       nobodys    200    200   hid   hid   hid    hid   hid   401    401   401
v2_key_info       missing    hid    hid   hid   hid   hid    hid   hid   401    401   401

key_update:note   own        200    403   200   200   200    401   401   401    401   401
key_update:note   ours       200    403   200   404   404    401   401   401    401   401
key_update:note   theirs     200    403   404   404   404    401   401   401    401   401
key_update:note   nobodys    200    403   404   404   404    401   401   401    401   401
key_update:note   missing    404    403   404   404   404    401   401   401    401   401

key_update:raise  own        200    403   403   403   403    401   401   401    401   401
key_update:raise  ours       200    403   200   404   404    401   401   401    401   401
key_update:raise  theirs     200    403   404   404   404    401   401   401    401   401
key_update:raise  nobodys    200    403   404   404   404    401   401   401    401   401
key_update:raise  missing    404    403   404   404   404    401   401   401    401   401

key_update:give   own        200    403   403   403   403    401   401   401    401   401
key_update:give   ours       200    403   403   404   404    401   401   401    401   401
key_update:give   theirs     200    403   404   404   404    401   401   401    401   401
key_update:give   nobodys    200    403   404   404   404    401   401   401    401   401
key_update:give   missing    404    403   404   404   404    401   401   401    401   401

key_regenerate    own        200    403   200   200   200    401   401   401    401   401
key_regenerate    ours       200    403   403   404   404    401   401   401    401   401
key_regenerate    theirs     200    403   404   404   404    401   401   401    401   401
key_regenerate    nobodys    200    403   404   404   404    401   401   401    401   401
key_regenerate    missing    404    403   404   404   404    401   401   401    401   401

key_block         own        200    403   200   200   200    401   403   401    401   401
key_block         ours       200    403   200   404   404    401   404   401    401   401
key_block         theirs     200    403   404   404   404    401   404   401    401   401
key_block         nobodys    200    403   404   404   404    401   404   401    401   401
key_block         missing    404    403   404   404   404    401   404   401    401   401

key_unblock       own        200    403   403   403   403    401   403   401    401   401
key_unblock       ours       200    403   200   404   404    401   404   401    401   401
key_unblock       theirs     200    403   404   404   404    401   404   401    401   401
key_unblock       nobodys    200    403   404   404   404    401   404   401    401   401
key_unblock       missing    404    403   404   404   404    401   404   401    401   401

key_delete        own        200    403   200   200   200    401   401   401    401   401
key_delete        ours       200    403   200   404   404    401   401   401    401   401
key_delete        theirs     200    403   404   404   404    401   401   401    401   401
key_delete        nobodys    200    403   404   404   404    401   401   401    401   401
key_delete        missing    404    403   404   404   404    401   401   401    401   401

key_list          own        200    200   200   200   200    200   200   401    401   401
key_list          ours       200    200   200   hid   hid    hid   hid   401    401   401
key_list          theirs     200    200   hid   hid   hid    hid   hid   401    401   401
key_list          nobodys    200    200   hid   hid   hid    hid   hid   401    401   401
key_list          missing    hid    hid   hid   hid   hid    hid   hid   401    401   401
";

/// Profile litellm-1.60: what it grants and strict does not. Rows that are not here have no hole.
const HOLES: &str = "
                           admin viewer  boss  mate  user reader  bare  late barred ghost
key_generate      nobody       .      .   200   200   200      .     .     .      .     .

key_info          nobodys      .      .     .     .     .      .   200     .      .     .

v2_key_info       ours         .      .     .   200   200    200   200     .      .     .
v2_key_info       theirs       .      .   200   200   200    200   200     .      .     .
v2_key_info       nobodys      .      .   200   200   200    200   200     .      .     .

key_update:note   ours         .      .     .   200   200      .     .     .      .     .
key_update:note   theirs       .      .   200   200   200      .     .     .      .     .
key_update:note   nobodys      .      .   200   200   200      .     .     .      .     .

key_update:raise  own          .      .   200   200   200      .     .     .      .     .
key_update:raise  ours         .      .     .   200   200      .     .     .      .     .
key_update:raise  theirs       .      .   200   200   200      .     .     .      .     .
key_update:raise  nobodys      .      .   200   200   200      .     .     .      .     .

key_regenerate    ours         .      .   200   200   200      .     .     .      .     .
key_regenerate    theirs       .      .   200   200   200      .     .     .      .     .
key_regenerate    nobodys      .      .   200   200   200      .     .     .      .     .

key_block         own          .    200     .     .     .      .     .     .      .     .
key_block         ours         .    200     .     .     .      .     .     .      .     .
key_block         theirs       .    200     .     .     .      .     .     .      .     .
key_block         nobodys      .    200     .     .     .      .     .     .      .     .

key_unblock       own          .    200     .     .     .      .     .     .      .     .
key_unblock       ours         .    200     .     .     .      .     .     .      .     .
key_unblock       theirs       .    200     .     .     .      .     .     .      .     .
key_unblock       nobodys      .    200     .     .     .      .     .     .      .     .

key_delete        ours         .      .     .   200     .      .     .     .      .     .
key_delete        missing    200      .     .     .     .      .     .     .      .     .
";

/// The cells of each operation on each target.
type Table = BTreeMap<(&'static str, &'static str), Vec<&'static str>>;

fn table(text: &'static str) -> Table {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let header: Vec<&str> = lines.next().expect("a header").split_whitespace().collect();
    assert_eq!(header, CALLERS);
    let mut rows = Table::new();
    for line in lines {
        let mut words = line.split_whitespace();
        let row = words.next().zip(words.next()).expect("an operation and its target");
        let cells: Vec<&str> = words.collect();
        assert_eq!(cells.len(), CALLERS.len(), "{line}");
        assert!(rows.insert(row, cells).is_none(), "twice: {line}");
    }
    rows
}

/// All rows there can be.
fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let made = RECIPIENTS.into_iter().map(|recipient| ("key_generate", recipient));
    let on = |operation| TARGETS.into_iter().map(move |target| (operation, target));
    made.chain(OPERATIONS.into_iter().flat_map(on))
}

/// A server with all callers and targets, and what their keys are.
struct World {
    session: Box<dyn Session>,
    keys: BTreeMap<String, String>,
}

impl World {
    fn new(profile: &str) -> Self {
        let settings = dict! {
            "general_settings" => dict! { "master_key" => MASTER },
            "latchkey" => dict! { "profile" => profile, "premium_user" => true },
        };
        let session = Native.open(&settings).expect("the test's settings are usable");
        let mut world = Self { session, keys: BTreeMap::new() };
        for caller in CALLERS.into_iter().filter(|caller| !matches!(*caller, "bare" | "ghost")) {
            let role = match caller {
                "admin" => "proxy_admin",
                "viewer" => "proxy_admin_viewer",
                "reader" => "internal_user_viewer",
                _ => "internal_user",
            };
            let user = dict! { "user_id" => caller, "user_role" => role, "auto_create_key" => false };
            world.made("/user/new", &user);
        }
        for (team, members) in [
            ("ours", &[("admin", "boss"), ("user", "mate"), ("user", "peer"), ("user", "heir")][..]),
            ("theirs", &[("admin", "rival"), ("user", "heir")]),
        ] {
            let members: Vec<Json> =
                members.iter().map(|(role, id)| dict! { "role" => *role, "user_id" => *id }).collect();
            world.made("/team/new", &dict! { "team_id" => team, "members_with_roles" => members });
        }
        for caller in CALLERS {
            world.admit(caller);
        }
        for (target, team_id, user_id) in [
            ("ours", Some("ours"), Some("peer")),
            ("theirs", Some("theirs"), Some("rival")),
            ("nobodys", None, None),
        ] {
            let body = dict! { "team_id" => team_id, "user_id" => user_id, "max_budget" => 1 };
            world.issue(target, &body);
        }
        world.session.sleep(2.0);
        world
    }

    /// Gives the caller a key, under the caller's name, and another one as the target `own`.
    fn admit(&mut self, caller: &str) {
        let own = format!("{caller} own");
        match caller {
            "ghost" => {
                self.keys.insert(caller.to_owned(), "sk-a-key-that-was-never-issued".to_owned());
                self.keys.insert(own, MISSING.to_owned());
            }
            "bare" => {
                self.issue(caller, &dict! { "team_id" => "ours", "max_budget" => 1 });
                self.keys.insert(own, self.keys[caller].clone());
            }
            _ => {
                let duration = (caller == "late").then_some("1s");
                let blocked = caller == "barred";
                self.issue(
                    caller,
                    &dict! { "user_id" => caller, "duration" => duration, "blocked" => blocked },
                );
                self.issue(&own, &dict! { "user_id" => caller, "max_budget" => 1 });
            }
        }
    }

    fn issue(&mut self, name: &str, body: &Json) {
        let key =
            self.made("/key/generate", body).get("key").and_then(Json::as_str).expect("a key").to_owned();
        self.keys.insert(name.to_owned(), key);
    }

    fn made(&mut self, path: &str, body: &Json) -> Json {
        let (status, reply) = self.send(&post(path, MASTER, body));
        assert_eq!(status, 200, "{path}: {reply}");
        read(reply.as_bytes(), &Limits::STORED).expect("JSON")
    }

    fn send(&mut self, request: &Request) -> (u16, String) {
        let response = self.session.send(request).expect("the rules answer");
        (response.status, String::from_utf8(response.body).expect("UTF-8"))
    }

    /// The key that `caller` means by this target.
    fn target(&self, target: &str, caller: &str) -> String {
        match target {
            "own" => self.keys[&format!("{caller} own")].clone(),
            _ => self.keys.get(target).map_or(MISSING, String::as_str).to_owned(),
        }
    }

    /// Blocks what is to be unblocked, unless it is the key in use.
    fn prepare(&mut self, operation: &str, key: &str, caller: &str) {
        if operation == "key_unblock" && key != self.keys[caller] && key != MISSING {
            self.made("/key/block", &dict! { "key" => key });
        }
    }

    /// The cell, and the text of the answer.
    fn cell(&mut self, (operation, target): (&str, &str), key: &str, caller: &str) -> (String, String) {
        let by = self.keys[caller].clone();
        let (status, reply) = self.send(&match operation {
            "key_generate" => post("/key/generate", &by, &wish(target, caller)),
            _ => request(operation, key, &by),
        });
        let cell = match operation {
            _ if status != 200 => status.to_string(),
            "v2_key_info" | "key_list" if !reply.contains(&mint::token(key)) => "hid".to_owned(),
            "key_generate" if target == "nobody" && !reply.contains(r#""user_id":null"#) => "own".to_owned(),
            _ => "200".to_owned(),
        };
        (cell, reply)
    }

    /// The key as the master key sees it.
    fn state(&mut self, key: &str) -> (u16, String) {
        self.send(&Request::get(&format!("/key/info?key={key}"), MASTER))
    }
}

fn post(path: &str, by: &str, body: &Json) -> Request {
    Request::post(path, by, latchkey_contract::json::write(body))
}

/// The body that asks for a key for this recipient.
fn wish(recipient: &str, caller: &str) -> Json {
    match recipient {
        "oneself" if caller == "bare" => dict! { "team_id" => "ours" },
        "oneself" => dict! { "user_id" => caller },
        "another" => dict! { "user_id" => "heir" },
        "nobody" => dict! { "user_id" => Json::Null },
        team => dict! { "team_id" => team },
    }
}

fn request(operation: &str, key: &str, by: &str) -> Request {
    let named = dict! { "key" => key };
    match operation {
        "key_info" => Request::get(&format!("/key/info?key={key}"), by),
        "key_list" => Request::get("/key/list?size=100&include_team_keys=true", by),
        "v2_key_info" => post("/v2/key/info", by, &dict! { "keys" => vec![key.to_owned()] }),
        "key_update:note" => {
            post("/key/update", by, &dict! { "key" => key, "metadata" => dict! { "note" => "x" } })
        }
        "key_update:raise" => post("/key/update", by, &dict! { "key" => key, "max_budget" => 2 }),
        "key_update:give" => post("/key/update", by, &dict! { "key" => key, "user_id" => "heir" }),
        "key_regenerate" => post(&format!("/key/{key}/regenerate"), by, &Json::empty_dict()),
        "key_block" => post("/key/block", by, &named),
        "key_unblock" => post("/key/unblock", by, &named),
        "key_delete" => post("/key/delete", by, &dict! { "keys" => vec![key.to_owned()] }),
        _ => unreachable!("no operation is called {operation}"),
    }
}

/// Asks for every cell. A world serves until something was changed in it.
fn each_cell(
    profile: &str,
    mut judge: impl FnMut(&mut World, (&'static str, &'static str), usize) -> String,
) {
    for row in rows() {
        let mut world = World::new(profile);
        for at in 0..CALLERS.len() {
            if judge(&mut world, row, at) == "200" {
                world = World::new(profile);
            }
        }
    }
}

/// The answer without the name of the key it is about.
fn nameless(reply: &str, key: &str) -> String {
    let (_, ending) = key.split_at(key.len() - 4);
    reply.replace(key, "it").replace(&format!("sk-...{ending}"), "it")
}

#[test]
fn strict_opens_a_key_to_proxy_admins_its_owner_and_admins_of_its_team() {
    let expected = table(STRICT);
    assert!(
        expected.keys().copied().eq(rows().collect::<std::collections::BTreeSet<_>>()),
        "a row is missing"
    );
    let mut wrong = Vec::new();
    each_cell("strict", |world, row, at| {
        let (caller, (operation, target)) = (CALLERS[at], row);
        let key = world.target(target, caller);
        world.prepare(operation, &key, caller);
        let before = world.state(&key);
        let (found, reply) = world.cell(row, &key, caller);
        let wanted = expected[&row][at];
        if found != wanted {
            wrong.push(format!("{operation} {target} by {caller}: {found}, not {wanted}: {reply}"));
        }
        // a refusal changes nothing, and a foreign key looks like one that does not exist
        if !matches!(found.as_str(), "200" | "own") {
            assert_eq!(world.state(&key), before, "{operation} {target} by {caller}");
        }
        if found == "404" || (found == "hid" && operation == "v2_key_info") {
            let (_, unknown) = world.cell(row, MISSING, caller);
            assert_eq!(
                nameless(&reply, &key),
                nameless(&unknown, MISSING),
                "{operation} {target} by {caller}"
            );
        }
        found
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn release_1_60_8_opens_more_than_that() {
    let (strict, holes) = (table(STRICT), table(HOLES));
    assert!(holes.keys().all(|row| strict.contains_key(row)), "a row of no operation");
    let mut wrong = Vec::new();
    each_cell("litellm-1.60", |world, row, at| {
        let (caller, (operation, target)) = (CALLERS[at], row);
        let key = world.target(target, caller);
        world.prepare(operation, &key, caller);
        let (found, _) = world.cell(row, &key, caller);
        let wanted = holes.get(&row).map_or(".", |cells| cells[at]);
        let hole = if found == "200" && strict[&row][at] != "200" { "200" } else { "." };
        if hole != wanted {
            wrong.push(format!("{operation} {target} by {caller}: {hole}, not {wanted}"));
        }
        found
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
