//! Pages of keys and of the audit log.

use crate::scene::{Scene, key, rows};
use latchkey_contract::tables::{AuditLog, Budget, Millis, Table, VirtualKey};
use latchkey_contract::wire::{AuditFilter, KeyFilter, KeyOrder, Query, Visibility, insert};

pub(crate) async fn keys(scene: &Scene) {
    let text = |text: &str| Some(text.to_owned());
    let keys = [
        VirtualKey { user_id: text("u"), created_at: Some(Millis(2)), key_alias: text("Prod-1"), ..key("a") },
        VirtualKey { team_id: text("g"), created_at: Some(Millis(2)), expires: Some(Millis(5)), ..key("b") },
        VirtualKey { team_id: text("h"), created_at: Some(Millis(1)), blocked: Some(true), ..key("c") },
        VirtualKey { budget_id: text("b"), ..key("d") },
    ];
    let budget = Budget { budget_id: "b".to_owned(), ..Budget::default() };
    scene.commit(vec![insert(&budget)], vec![]).await;
    scene.commit(keys.iter().map(|row| insert(row)).collect(), vec![]).await;
    let all = KeyFilter::default;
    assert_eq!(scene.tokens(all(), "created_at", true).await.0, ["b", "a", "c", "d"]);
    assert_eq!(scene.tokens(all(), "created_at", false).await.0, ["c", "a", "b", "d"]);
    let visible =
        Visibility { user_id: text("u"), team_ids: vec!["g".to_owned()], tokens: vec!["d".to_owned()] };
    for (filter, tokens) in [
        (KeyFilter { user_id: text("u"), ..all() }, "a"),
        (KeyFilter { budget_id: text("b"), ..all() }, "d"),
        (KeyFilter { search: text("prod"), ..all() }, "a"),
        (KeyFilter { search: text("c"), ..all() }, "c"),
        (KeyFilter { blocked: Some(false), expired: Some((false, 5)), ..all() }, "ad"),
        (KeyFilter { expired: Some((true, 5)), ..all() }, "b"),
        (KeyFilter { expired: Some((false, 5)), ..all() }, "acd"),
        (KeyFilter { blocked: Some(true), ..all() }, "c"),
        (KeyFilter { alias_part: text("OD-"), ..all() }, "a"),
        (KeyFilter { alias_part: text(""), ..all() }, "a"),
        (KeyFilter { owner_part: text("U"), ..all() }, "a"),
        (KeyFilter { without_team: text("g"), ..all() }, "acd"),
        (KeyFilter { without_team: text("g"), blocked: Some(false), ..all() }, "ad"),
        (KeyFilter { project_id: text("p"), ..all() }, ""),
        (KeyFilter { visible_to: Some(visible), ..all() }, "abd"),
        (KeyFilter { visible_to: Some(Visibility::default()), ..all() }, ""),
    ] {
        let (found, total) = scene.tokens(filter.clone(), "token", false).await;
        assert_eq!((found.concat().as_str(), total), (tokens, tokens.len() as u64), "{filter:?}");
    }
    let order = KeyOrder { column: "token".into(), descending: false };
    let page =
        scene.ask(Query::Keys { filter: all(), order, offset: 3, limit: 2, bytes: Some(1 << 20) }).await;
    assert_eq!((rows::<VirtualKey>(&page).len(), page.total), (1, Some(4)));
}

pub(crate) async fn audit(scene: &Scene) {
    let row = |id: &str, at, object: &str, actor: &str, action: &str| AuditLog {
        id: id.to_owned(),
        updated_at: Millis(at),
        object_id: object.to_owned(),
        changed_by: actor.to_owned(),
        action: action.to_owned(),
        table_name: VirtualKey::NAME.to_owned(),
        ..AuditLog::default()
    };
    let written = [
        row("b", 1, "k", "boss", "created"),
        row("a", 1, "l", "boss", "created"),
        row("c", 2, "k", "u", "updated"),
        AuditLog { table_name: "other".to_owned(), ..row("d", 3, "k", "u", "deleted") },
    ];
    scene.commit(written.iter().map(|row| insert(row)).collect(), vec![]).await;
    let text = |text: &str| Some(text.to_owned());
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let all = AuditFilter::default;
    for (filter, ids) in [
        (all(), "dcba"),
        (AuditFilter { object_ids: texts(&["k"]), ..all() }, "dcb"),
        (AuditFilter { changed_by: text("boss"), ..all() }, "ba"),
        (AuditFilter { object_ids: texts(&["l", "k", "x"]), ..all() }, "dcba"),
        (AuditFilter { action: text("created"), object_ids: texts(&["l"]), ..all() }, "a"),
        (AuditFilter { table_name: text("other"), ..all() }, "d"),
        (AuditFilter { since: Some(2), until: Some(3), ..all() }, "c"),
    ] {
        let answer = scene.ask(Query::Audit { filter: filter.clone(), offset: 0, limit: 10 }).await;
        let found: String = rows::<AuditLog>(&answer).into_iter().map(|row| row.id).collect();
        assert_eq!((found.as_str(), answer.total), (ids, Some(ids.len() as u64)), "{filter:?}");
    }
    let page = scene.ask(Query::Audit { filter: all(), offset: 3, limit: 2 }).await;
    assert_eq!((rows::<AuditLog>(&page).len(), page.total), (1, Some(4)));
}

pub(crate) async fn ends(scene: &Scene) {
    let moments = [Some(3), None, Some(1), Some(3), None, Some(2), Some(1)].map(|moment| moment.map(Millis));
    let keys: Vec<VirtualKey> = (b'a'..)
        .zip(moments)
        .map(|(name, created_at)| VirtualKey { created_at, ..key(&char::from(name).to_string()) })
        .collect();
    scene.commit(keys.iter().map(|row| insert(row)).collect(), vec![]).await;
    for (descending, expected) in [(true, "dafgceb"), (false, "cgfadbe")] {
        for (offset, limit) in (0..9).flat_map(|offset| (1..9).map(move |limit| (offset, limit))) {
            let order = KeyOrder { column: "created_at".into(), descending };
            let bytes = (offset % 2 == 0).then_some(1 << 20);
            let query = Query::Keys { filter: KeyFilter::default(), order, offset, limit, bytes };
            let page: Vec<String> =
                scene.rows::<VirtualKey>(query).await.into_iter().map(|key| key.token).collect();
            let wanted: String = expected.chars().skip(offset as usize).take(limit as usize).collect();
            assert_eq!(page.concat(), wanted, "{limit} from {offset}, descending: {descending}");
        }
    }
}
