//! What keeps a host from working with a database: a server or role that only reads, rights that are missing, an encoding.

use super::schema::OF_LITELLM;
use crate::store::StoreError;
use crate::store::survey::Survey;
use tokio_postgres::Client;

/// The encoding in which everything is sent.
const ENCODING: &str = "UTF8";

/// What a host does with the rows of a table.
const ROWS: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/// Adds to `survey`, which has what is missing, why a host could not make it or could not write.
pub(super) async fn look(
    client: &Client,
    schema: &str,
    own: &str,
    survey: &mut Survey,
) -> Result<(), StoreError> {
    if is(client, "SELECT pg_is_in_recovery()").await? {
        survey.obstacles.push("the server follows another one and takes no change".to_owned());
    }
    if is(client, "SELECT current_setting('default_transaction_read_only') = 'on'").await? {
        survey.obstacles.push(
            "the role or the database is set to read only (`default_transaction_read_only`)".to_owned(),
        );
    }
    survey.obstacles.extend(encoding(client).await?);
    let is_missing = |kind: &str| survey.missing.iter().any(|missing| missing.kind == kind);
    let (no_schema, no_index) = (is_missing("schema"), is_missing("index"));
    let mut obstacles = Vec::new();
    if no_schema && !is(client, "SELECT has_database_privilege(current_database(), 'CREATE')").await? {
        obstacles.push(format!("the role may not make the schema `{own}`: it needs CREATE on the database"));
    }
    let of_litellm = |name: &str| OF_LITELLM.iter().any(|(table, _)| *table == name);
    for (within, is_own) in [(schema, false), (own, true)] {
        let there = client.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&within]).await?;
        if there.is_none() {
            if !is_own {
                obstacles.push(format!("there is no schema `{within}`"));
            }
            continue;
        }
        let may = |right: &'static str| async move {
            let row = client.query_one("SELECT has_schema_privilege($1, $2)", &[&within, &right]).await?;
            Ok::<bool, StoreError>(row.get(0))
        };
        if !may("USAGE").await? {
            obstacles.push(format!("the role may not look into the schema `{within}`: it needs USAGE on it"));
            survey.is_closed = true;
        }
        let makes = survey
            .missing
            .iter()
            .any(|missing| missing.kind == "table" && of_litellm(&missing.name) != is_own);
        if makes && !may("CREATE").await? {
            obstacles.push(format!(
                "the role may not make tables in the schema `{within}`: it needs CREATE on it"
            ));
        }
    }
    let tables = client
        .query(
            "SELECT c.relname, pg_has_role(c.relowner, 'USAGE'), \
             ARRAY(SELECT r FROM unnest($3::text[]) AS r WHERE NOT has_table_privilege(c.oid, r)) \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p') AND (n.nspname = $1 AND c.relname = ANY($4) OR n.nspname = $2) ORDER BY 1",
            &[
                &schema,
                &own,
                &ROWS.as_slice(),
                &OF_LITELLM.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ],
        )
        .await?;
    for table in tables {
        let (name, is_owner, lacking): (&str, bool, Vec<&str>) = (table.get(0), table.get(1), table.get(2));
        survey.is_closed |= lacking.contains(&"SELECT");
        if !lacking.is_empty() {
            obstacles.push(format!("the role may not {} rows of `{name}`", lacking.join(", ")));
        }
        let on = format!("ON \"{name}\"");
        let lacks_index =
            || survey.missing.iter().any(|missing| missing.kind == "index" && missing.sql.contains(&on));
        if no_index && !is_owner && lacks_index() {
            obstacles.push(format!("the role may not make indexes on `{name}`: it must own the table"));
        }
    }
    survey.obstacles.extend(obstacles);
    Ok(())
}

/// Why the database cannot hold every text that is sent, if it is so.
pub(super) async fn encoding(client: &Client) -> Result<Option<String>, StoreError> {
    let sql = "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()";
    let encoding: String = client.query_one(sql, &[]).await?.get(0);
    Ok((encoding != ENCODING).then(|| {
        format!("the database's encoding is {encoding}, which cannot hold every text that is sent: make one in {ENCODING}")
    }))
}

async fn is(client: &Client, sql: &str) -> Result<bool, StoreError> {
    Ok(client.query_one(sql, &[]).await?.get(0))
}
