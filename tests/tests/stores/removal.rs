//! Keys that are made while what they belong to is removed: none is left.

use crate::scene::Scene;
use crate::shell::Shell;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Project, Table, Team, TeamMembership, User, VirtualKey};
use latchkey_contract::wire::{KeyFilter, KeyOrder, Query, changed, insert};
use latchkey_tests::scenario::MASTER_KEY;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::task::JoinSet;

/// Removals of each kind; there are four kinds.
const ROUNDS: usize = 200;

/// Requests that make or move keys at one time.
const MAKERS: usize = 4;

/// Changes of a key beside others that write what it has spent, and how many others.
const UPDATES: usize = 1_000;
const WRITERS: usize = 64;

fn text(reply: &Json, name: &str) -> String {
    reply.get(name).and_then(Json::as_str).expect(name).to_owned()
}

/// Removes while keys are made, and gives how many were made in all rounds.
async fn race(
    scene: &Scene,
    kind: &str,
    begin: impl AsyncFn(&Shell, &str) -> Vec<(String, &'static str, Json)>,
    remove: impl Fn(&str) -> (&'static str, Json),
    left: impl AsyncFn(&Scene, &str) -> u64,
) -> usize {
    let shell = Shell::over(scene);
    let mut all = 0;
    for round in 0..ROUNDS {
        let made = Arc::new(AtomicUsize::new(0));
        let id = format!("{kind}-{round}");
        let requests = Arc::new(begin(&shell, &id).await);
        let is_over = Arc::new(AtomicBool::new(false));
        let mut makers = JoinSet::new();
        for number in 0..MAKERS {
            let (shell, requests) = (shell.clone(), Arc::clone(&requests));
            let (made, is_over) = (Arc::clone(&made), Arc::clone(&is_over));
            makers.spawn(async move {
                for (key, path, body) in requests.iter().cycle().skip(number) {
                    let (status, reply) = shell.post_with(key, path, body).await;
                    assert!(status < 500, "{path}: {reply:?}");
                    made.fetch_add(usize::from(status == 200), Ordering::Relaxed);
                    if status != 200 || is_over.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        // a maker that lost a race to another one has ended
        while made.load(Ordering::Relaxed) <= round % MAKERS && !makers.is_empty() {
            if let Some(ended) = makers.try_join_next() {
                ended.expect("a maker of keys");
            }
            tokio::task::yield_now().await;
        }
        let (path, body) = remove(&id);
        let (status, reply) = shell.post(path, &body).await;
        assert_eq!(status, 200, "{path}: {reply:?}");
        is_over.store(true, Ordering::Relaxed);
        makers.join_all().await;
        assert_eq!(left(scene, &id).await, 0, "what is left of {id}");
        all += made.load(Ordering::Relaxed);
    }
    all
}

async fn keys(scene: &Scene, filter: KeyFilter) -> u64 {
    let order = KeyOrder { column: "token".into(), descending: false };
    let page = scene.ask(Query::Keys { filter, order, offset: 0, limit: 1, bytes: None }).await;
    page.total.unwrap()
}

pub(crate) async fn member(scene: &Scene) {
    let made = race(
        scene,
        "member",
        async |shell, id| {
            let user =
                shell.done("/user/new", dict! { "user_id" => id, "user_role" => "internal_user" }).await;
            let members = vec![dict! { "user_id" => id, "role" => "user" }];
            shell
                .done(
                    "/team/new",
                    dict! { "team_id" => format!("{id}-team"), "members_with_roles" => members },
                )
                .await;
            let of_team = dict! { "team_id" => format!("{id}-team") };
            let for_user = dict! { "team_id" => format!("{id}-team"), "user_id" => id };
            vec![
                (text(&user, "key"), "/key/generate", of_team),
                (MASTER_KEY.to_owned(), "/key/generate", for_user),
            ]
        },
        |id| ("/team/member_delete", dict! { "team_id" => format!("{id}-team"), "user_id" => id }),
        async |scene, id| {
            let of = KeyFilter {
                user_id: Some(id.to_owned()),
                team_id: Some(format!("{id}-team")),
                ..KeyFilter::default()
            };
            keys(scene, of).await
        },
    )
    .await;
    assert!(made >= ROUNDS, "{made}");
}

pub(crate) async fn user(scene: &Scene) {
    race(
        scene,
        "user",
        async |shell, id| {
            let user =
                shell.done("/user/new", dict! { "user_id" => id, "user_role" => "internal_user" }).await;
            shell.done("/team/new", dict! { "team_id" => format!("{id}-team") }).await;
            let add = dict! {
                "team_id" => format!("{id}-team"), "member" => dict! { "user_id" => id, "role" => "user" },
            };
            // a proxy admin may make keys for a user that does not exist: see `between`
            vec![
                (text(&user, "key"), "/key/generate", Json::empty_dict()),
                (MASTER_KEY.to_owned(), "/team/member_add", add),
            ]
        },
        |id| ("/user/delete", dict! { "user_ids" => vec![Json::from(id)] }),
        async |scene, id| {
            let own = keys(scene, KeyFilter { user_id: Some(id.to_owned()), ..KeyFilter::default() }).await;
            // a removed user who joins a team afterwards is a user again
            if !scene.rows::<User>(Query::one::<User>("user_id", id)).await.is_empty() {
                return own;
            }
            let teams = scene.rows::<Team>(Query::one::<Team>("team_id", &format!("{id}-team"))).await;
            let is_member = |team: &Team| team.member_role(id).is_some();
            own + teams.iter().filter(|team| is_member(team)).count() as u64
        },
    )
    .await;
}

pub(crate) async fn team(scene: &Scene) {
    race(
        scene,
        "team",
        async |shell, id| {
            shell.done("/team/new", dict! { "team_id" => id }).await;
            let moved = shell.done("/key/generate", dict! { "key_alias" => format!("{id}-moved") }).await;
            let add = dict! {
                "team_id" => id, "member" => dict! { "user_id" => format!("{id}-user"), "role" => "user" },
                "max_budget_in_team" => 5,
            };
            vec![
                (MASTER_KEY.to_owned(), "/key/generate", dict! { "team_id" => id }),
                (
                    MASTER_KEY.to_owned(),
                    "/key/update",
                    dict! { "key" => text(&moved, "key"), "team_id" => id },
                ),
                (MASTER_KEY.to_owned(), "/user/new", dict! { "team_id" => id }),
                (MASTER_KEY.to_owned(), "/team/member_add", add),
            ]
        },
        |id| ("/team/delete", dict! { "team_ids" => vec![Json::from(id)] }),
        async |scene, id| {
            let of_team =
                keys(scene, KeyFilter { team_id: Some(id.to_owned()), ..KeyFilter::default() }).await;
            let members = scene.rows::<TeamMembership>(Query::one::<TeamMembership>("team_id", id)).await;
            let all = scene.rows::<User>(Query::All { table: User::NAME.into() }).await;
            let noted = all.iter().filter(|user| user.teams.iter().any(|team| team == id)).count();
            of_team + (members.len() + noted) as u64
        },
    )
    .await;
}

pub(crate) async fn budget(scene: &Scene) {
    race(
        scene,
        "budget",
        async |shell, id| {
            shell.done("/budget/new", dict! { "budget_id" => id, "max_budget" => 5 }).await;
            let moved = shell.done("/key/generate", dict! { "key_alias" => format!("{id}-moved") }).await;
            vec![
                (MASTER_KEY.to_owned(), "/key/generate", dict! { "budget_id" => id }),
                (
                    MASTER_KEY.to_owned(),
                    "/key/update",
                    dict! { "key" => text(&moved, "key"), "budget_id" => id },
                ),
            ]
        },
        |id| ("/budget/delete", dict! { "id" => id }),
        async |scene, id| {
            let keys = scene.rows::<VirtualKey>(Query::one::<VirtualKey>("budget_id", id)).await;
            let budgets = scene.rows::<Budget>(Query::one::<Budget>("budget_id", id)).await;
            (keys.len() + budgets.len()) as u64
        },
    )
    .await;
}

/// A decision for a user who is removed before the commit is made again.
pub(crate) async fn between(scene: &Scene) {
    let shell = Shell::over(scene);
    let user = |id: &str| dict! { "user_id" => id, "auto_create_key" => false };
    let one = |name: &'static str, id: &str| dict! { name => vec![Json::from(id)] };
    shell.done("/team/new", dict! { "team_id" => "stays" }).await;
    for (number, (path, body)) in [
        ("/key/generate", dict! { "user_id" => "u" }),
        ("/key/update", dict! { "user_id" => "u" }),
        ("/key/regenerate", dict! { "user_id" => "u" }),
        (
            "/team/member_add",
            dict! { "team_id" => "stays", "member" => dict! { "user_id" => "u", "role" => "user" } },
        ),
        ("/key/generate", dict! { "team_id" => "t" }),
        ("/key/update", dict! { "team_id" => "t" }),
        ("/user/new", dict! { "team_id" => "t" }),
        ("/user/new", dict! { "teams" => vec![Json::from("t")] }),
        (
            "/team/member_add",
            dict! { "team_id" => "t", "member" => dict! { "user_id" => "v", "role" => "user" } },
        ),
        ("/key/generate", dict! { "budget_id" => "b" }),
        ("/key/update", dict! { "budget_id" => "b" }),
        (
            "/team/update",
            dict! { "team_id" => "stays", "metadata" => dict! { "team_member_budget_id" => "b" } },
        ),
    ]
    .into_iter()
    .enumerate()
    {
        shell.post("/user/new", &user("u")).await;
        shell.post("/team/new", &dict! { "team_id" => "t" }).await;
        shell.post("/budget/new", &dict! { "budget_id" => "b" }).await;
        let mut body = body;
        if matches!(path, "/key/update" | "/key/regenerate") {
            body.set("key", text(&shell.done("/key/generate", Json::empty_dict()).await, "key").into());
        }
        let gone = async || {
            for (path, body) in [
                ("/user/delete", one("user_ids", "u")),
                ("/team/delete", one("team_ids", "t")),
                ("/budget/delete", dict! { "id" => "b" }),
            ] {
                shell.done(path, body).await;
            }
        };
        let (_, is_refused) = shell.post_while(MASTER_KEY, path, &body, gone).await;
        assert!(is_refused, "{number}: {path} {body:?}");
    }
}

/// A key whose team or project is blocked at the commit changes nothing.
pub(crate) async fn blocked(scene: &Scene) {
    let shell = Shell::over(scene);
    let generate = dict! { "key_alias" => "late" };
    let members = vec![dict! { "user_id" => "u", "role" => "user" }];
    shell.done("/team/new", dict! { "team_id" => "t", "members_with_roles" => members }).await;
    let made = shell.done("/key/generate", dict! { "team_id" => "t", "user_id" => "u" }).await;
    let block_team = async || {
        shell.done("/team/update", dict! { "team_id" => "t", "blocked" => true }).await;
    };
    let key = text(&made, "key");
    let ((status, reply), is_refused) = shell.post_while(&key, "/key/generate", &generate, block_team).await;
    assert!(is_refused && status == 401, "{status} {reply:?}");
    // LiteLLM makes this table
    if !scene.store.lacking().has_table::<Project>() {
        return;
    }
    let made = shell.done("/key/generate", dict! { "user_id" => "u" }).await;
    let open = Project { project_id: "p".to_owned(), ..Project::default() };
    let before = scene.key(&text(&made, "token_id")).await;
    let of_project = VirtualKey { project_id: Some("p".to_owned()), ..before.clone() };
    scene.commit(vec![insert(&open), changed(&before, &of_project).unwrap()], vec![]).await;
    let shut = Project { blocked: true, ..open.clone() };
    let block_project = async || {
        scene.commit(vec![changed(&open, &shut).unwrap()], vec![]).await;
    };
    let key = text(&made, "key");
    let ((status, reply), is_refused) =
        shell.post_while(&key, "/key/generate", &generate, block_project).await;
    assert!(is_refused && status == 401, "{status} {reply:?}");
}

pub(crate) async fn beside_spend(scene: &Scene) {
    let shell = Shell::over(scene);
    let made = shell.done("/key/generate", dict! { "max_budget" => 1e9 }).await;
    let (key, token) = (text(&made, "key"), text(&made, "token_id"));
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        let (store, is_over) = (Arc::clone(&scene.store), Arc::clone(&is_over));
        let before = scene.key(&token).await;
        writers.spawn(async move {
            let mut spend = number as f64 + 1.0;
            while !is_over.load(Ordering::Relaxed) {
                spend += 64.0;
                let spent = VirtualKey { spend, ..before.clone() };
                // one that waits too long for its turn is not what is tried here
                store.commit(changed(&before, &spent).into_iter().collect(), vec![]).await.ok();
            }
        });
    }
    for number in 0..UPDATES {
        let update = dict! { "key" => key.clone(), "tpm_limit" => number as i64 };
        let (status, reply) = shell.post("/key/update", &update).await;
        assert_eq!(status, 200, "change {number}: {reply:?}");
    }
    is_over.store(true, Ordering::Relaxed);
    writers.join_all().await;
    let found = scene.key(&token).await;
    assert_eq!(found.tpm_limit, Some(UPDATES as i64 - 1));
    assert!(found.spend > 64.0);
}
