//! From the command line to a server that listens.

use crate::cli::Serve;
use crate::custom_rule::CustomRule;
use crate::engine::{EngineError, Limits, Module, POLICY_WASM, Policy};
use crate::flow::Service;
use crate::listen::Listen;
use crate::output::say;
use crate::settings::Settings;
use crate::settings::environment::of_process;
use crate::store::{self, MASTER_KEY, Store};
use crate::{log, migrate, rotation, server};
use latchkey_contract::secret::Secret;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

/// What a later start says about the master key.
const PRINTED_BEFORE: &str = "The master key printed at the first start is in force; \
    if it is lost, set LITELLM_MASTER_KEY or general_settings.master_key.\n";

/// Which master key is in force.
enum MasterKey {
    /// The one of the settings.
    Configured,
    /// The one printed at the first start.
    Kept,
    /// This one, made just now.
    Fresh(Secret),
}

/// Serves until the process is told to stop.
pub fn run(arguments: &Serve) -> Result<(), String> {
    let _log = log::start()?;
    let without_meaning = arguments.litellm.judge()?;
    let listen = Listen::of_server(arguments, &of_process)?;
    let settings = Settings::load(arguments.config.as_deref(), arguments.db.as_deref(), &of_process)?;
    for warning in without_meaning.iter().chain(&listen.warning) {
        tracing::warn!(warning, "command line and environment");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the server cannot start: {error}"))?;
    let served = runtime.block_on(serve(&listen, settings));
    if served.is_ok() {
        tracing::info!("stopped");
    }
    served
}

async fn serve(listen: &Listen, mut settings: Settings) -> Result<(), String> {
    let text = |error: EngineError| error.to_string();
    let module = module(&settings).map_err(text)?;
    // before anything is made in a database
    settings.judge(&module).map_err(text)?;
    let unusable = |error| format!("the database `{}` cannot be used: {error}", settings.database);
    let store = store::open(&settings.database).await.map_err(unusable)?;
    if let Some(source) = migrate::unfinished(store.as_ref()).await.map_err(unusable)? {
        return Err(format!(
            "a migration from `{source}` into `{}` has not finished: run `latchkey migrate-store` again",
            settings.database
        ));
    }
    let master_key = match store.meta(MASTER_KEY).await.map_err(unusable)? {
        _ if settings.has_master_key() => MasterKey::Configured,
        Some(digest) => {
            settings.set_master_key_digest(&digest);
            MasterKey::Kept
        }
        None => fresh_master_key(&mut settings)?,
    };
    settings.set_store_lacks(store.lacking());
    let mut policy = module.configure(settings.to_json()).map_err(text)?;
    let rule = custom_rule(&policy, settings.file.as_deref())?;
    let address = (listen.host.as_str(), listen.port);
    let listener = TcpListener::bind(address).await.map_err(|error| refused(listen, &error))?;
    let address = listener.local_addr().map_err(|error| refused(listen, &error))?;
    // only now, when nothing else can keep the server from starting
    if greet(master_key, &mut settings, store.as_ref(), &format!("http://{address}")).await? {
        policy = module.configure(settings.to_json()).map_err(text)?;
    }
    report(&policy, &settings, &address.to_string());
    let service = Service::new(policy, store).with_rule(rule);
    let rotation = tokio::spawn(rotation::run(service.clone()));
    server::serve(listener, service, server::signal_to_stop()).await;
    rotation.abort();
    Ok(())
}

/// The module; where the user has no cache folder, what was compiled is kept beside the database.
fn module(settings: &Settings) -> Result<Module, EngineError> {
    let beside = settings.database.folder().map(|folder| Path::new(".").join(folder));
    // a folder that is missing is not made here
    let spare = beside.filter(|folder| folder.is_dir());
    Module::load(POLICY_WASM, Limits::default(), spare.as_deref())
}

/// The operator's own rule, if the settings name one; its path is relative to the configuration's folder.
fn custom_rule(policy: &Policy, config: Option<&Path>) -> Result<Option<Arc<CustomRule>>, String> {
    let Some(rule) = &policy.report().custom_rule else { return Ok(None) };
    let folder = config.and_then(Path::parent).unwrap_or(Path::new(""));
    CustomRule::load(&folder.join(&rule.path), rule).map(Some)
}

fn refused(listen: &Listen, error: &std::io::Error) -> String {
    let Listen { host, port, .. } = listen;
    match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("port {port} on {host} is in use: end the other server or choose another with `--port`")
        }
        _ => format!("cannot listen on {host}:{port}: {error}"),
    }
}

fn fresh_master_key(settings: &mut Settings) -> Result<MasterKey, String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| format!("the system gives no randomness: {error}"))?;
    let key = Secret::random(random);
    settings.set_master_key_digest(&key.token());
    Ok(MasterKey::Fresh(key))
}

/// Says which master key is in force, and keeps the digest of a fresh one once the key is printed. Returns whether another
/// process that started at the same time has kept another one, which is then in the settings.
async fn greet(
    master_key: MasterKey,
    settings: &mut Settings,
    store: &dyn Store,
    url: &str,
) -> Result<bool, String> {
    say(&format!("Latchkey listens on {url}, database `{}`.\n", settings.database)).ok();
    match master_key {
        MasterKey::Configured => Ok(false),
        MasterKey::Kept => {
            say(PRINTED_BEFORE).ok();
            Ok(false)
        }
        MasterKey::Fresh(key) => {
            let digest = key.token();
            let words = first_steps(key.expose(), url);
            let kept = store.keep_meta(MASTER_KEY, &digest, Box::new(move || say(&words))).await;
            let kept = kept.map_err(|error| {
                format!("no master key was made, because it could not be both printed and kept: {error}")
            })?;
            if kept == digest {
                return Ok(false);
            }
            settings.set_master_key_digest(&kept);
            say(PRINTED_BEFORE).ok();
            Ok(true)
        }
    }
}

fn first_steps(key: &str, url: &str) -> String {
    let request = "{\"duration\": \"30d\", \"metadata\": {\"purpose\": \"trial\"}}";
    format!(
        "\nThe master key, printed this once and stored only as a hash:\n\n  {key}\n\n\
         Issue a key, and look at it:\n\n  \
         KEY=$(curl -s {url}/key/generate -H 'Authorization: Bearer {key}' \
         -H 'Content-Type: application/json' -d '{request}' | sed 's/.*\"key\":\"\\([^\"]*\\).*/\\1/'); echo $KEY\n  \
         curl -s \"{url}/key/info?key=$KEY\" -H 'Authorization: Bearer {key}'\n\n"
    )
}

fn report(policy: &Policy, settings: &Settings, address: &str) {
    let report = policy.report();
    let told = report.warnings.iter().map(ToString::to_string);
    for warning in settings.warnings.iter().cloned().chain(told) {
        tracing::warn!(warning, "settings");
    }
    tracing::info!(address, profile = report.profile, rules_digest = report.rules_digest, "listening");
    for hole in &report.open_holes {
        tracing::warn!(hole, "open hole of this profile");
    }
}
