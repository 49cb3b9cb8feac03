//! Which configurations, environments and command lines the server starts with, and what it says of them.

use latchkey_tests::implementation::{Connection, Request, binary};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a start, or its refusal, may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A master key that gives no reason for a warning.
const KEY: &str = "sk-0123456789abcdef";

/// A start of the real binary in a folder of its own.
struct Start {
    folder: TempDir,
    command: Command,
}

/// A server that listens. Dropping it ends the process.
struct Running {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl Start {
    fn with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(binary().expect("the binary"));
        command.args(arguments).current_dir(folder.path()).env_clear();
        // the compiled module is kept there
        command.envs(std::env::var_os("HOME").map(|home| ("HOME", home)));
        command.stdin(Stdio::null());
        Self { folder, command }
    }

    /// With a config.yaml, on a port that the system chooses.
    fn on(config: &str) -> Self {
        Self::with(&["--config", "config.yaml", "--port", "0"]).file("config.yaml", config)
    }

    fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).expect("a file");
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Waits until the server listens.
    fn runs(mut self) -> Running {
        let create = |name: &str| std::fs::File::create(self.folder.path().join(name)).expect("a file");
        let (said, log) = (create("said"), create("log"));
        let process = self.command.stdout(said).stderr(log).spawn().expect("it starts");
        let mut running = Running { process, port: 0, folder: self.folder };
        let began = Instant::now();
        while began.elapsed() < PATIENCE && matches!(running.process.try_wait(), Ok(None)) {
            let said = running.text("said");
            let port = said
                .split_once("listens on http://")
                .and_then(|(_, rest)| rest.split_once(", ")?.0.rsplit_once(':')?.1.parse().ok());
            // what is logged after that is still on its way
            if let (Some(port), true) = (port, running.text("log").contains("\"listening\"")) {
                running.port = port;
                return running;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("no start: {}", running.text("log"));
    }

    /// Waits until the program ends.
    fn ends(mut self) -> Output {
        let process = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let id = process.id().to_string();
        let (done, ended) = std::sync::mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            if ended.recv_timeout(PATIENCE).is_err() {
                let _ = Command::new("kill").args(["-KILL", &id]).status();
            }
        });
        let output = process.wait_with_output().expect("it ends");
        done.send(()).ok();
        watch.join().ok();
        output
    }

    /// What the program says when it refuses to start.
    fn refusal(self) -> String {
        let output = self.ends();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        said
    }
}

impl Running {
    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// The warnings of the start, a line each.
    fn warnings(&self) -> Vec<String> {
        self.text("log").lines().filter(|line| line.contains("\"WARN\"")).map(str::to_owned).collect()
    }

    fn status(&self, request: &Request) -> (u16, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let response = runtime.block_on(async {
            let mut connection = Connection::open(self.port).await.expect("a connection");
            connection.send(request).await.expect("an answer")
        });
        (response.status, String::from_utf8_lossy(&response.body).into_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn general(more: &str) -> String {
    format!("general_settings:\n  master_key: {KEY}\n{more}\n")
}

#[test]
fn a_limit_that_is_misspelt_misplaced_or_not_supported_keeps_the_server_from_starting() {
    for (more, words) in [
        ("litellm_settings:\n  upperbound_key_generate_params: {max_budgt: 100}", "`max_budget`"),
        (
            "litellm_settings:\n  upperbound_key_generate_param: {max_budget: 100}",
            "upperbound_key_generate_params",
        ),
        ("genral_settings: {}", "`general_settings`"),
        ("  databse_url: postgresql://u:SECRET@h/d", "`database_url`"),
        ("  default_key_generate_params: {max_budget: 1}", "under `litellm_settings`"),
        ("litellm_settings:\n  master_key: x", "under `general_settings`"),
        ("  custom_auth: auth.check", "custom_auth"),
        ("  enable_jwt_auth: true", "enable_jwt_auth"),
        ("  allowed_ips: [10.0.0.1]", "allowed_ips"),
        ("litellm_settings: {a: 1}\nlitellm_settings: {b: 1}", "twice"),
        ("litellm_settings:\n  default_key_generate_params: {duration: 7 days}", "duration"),
    ] {
        let said = Start::on(&general(more)).refusal();
        assert!(said.contains(words) && !said.contains("SECRET"), "{more}: {said}");
    }
    let refused = Start::on(&general("  databse_url: postgresql://u@h/d"));
    let file = refused.folder.path().join("latchkey.sqlite3");
    let mut command = refused.command;
    assert!(!command.output().expect("it ends").status.success() && !file.exists(), "a database was made");
    assert!(Start::on(&format!("master_key: {KEY}\n")).refusal().contains("general_settings"));
}

#[test]
fn settings_without_effect_are_named_and_variables_that_nothing_reads_are_not() {
    let config = general(
        "  custom_key_policy: a.b\n  self_serve_budget_policy: ceiling\n  alert_to_webhook_url: os.environ/NOT_SET\n\
         litellm_settings:\n  key_alias_pattern: ^a\n  timezone: UTC\n\
         model_list:\n  - model_name: gpt\n    litellm_params: {model: gpt, api_key: os.environ/OPENAI_API_KEY}",
    );
    let warnings = Start::on(&config).runs().warnings();
    assert_eq!(warnings.len(), 4, "{warnings:?}");
    for name in ["custom_key_policy", "self_serve_budget_policy", "key_alias_pattern", "timezone"] {
        assert_eq!(warnings.iter().filter(|line| line.contains(name)).count(), 1, "{name}: {warnings:?}");
    }
}

#[test]
fn a_master_key_that_is_none_refusal_and_a_known_one_is_told_once() {
    for key in ["${LITELLM_MASTER_KEY}", "<your-master-key>", "{{ key }}", "sk-a\nb", "", " "] {
        let said = Start::with(&["--port", "0"]).variable("LITELLM_MASTER_KEY", key).refusal();
        assert!(said.contains("general_settings.master_key"), "{key:?}: {said}");
    }
    let running = Start::with(&["--port", "0"]).variable("LITELLM_MASTER_KEY", "sk-1234\n").runs();
    let warnings = running.warnings();
    assert!(warnings.len() == 1 && !warnings[0].contains("sk-1234"), "{warnings:?}");
    assert_eq!(running.status(&Request::get("/key/list", "sk-1234")).0, 200);
    assert_eq!(running.status(&Request::get("/key/list", "sk-12345")).0, 401);
}

#[test]
fn a_database_is_never_guessed_and_no_password_is_printed() {
    for named in
        ["host=localhost dbname=x password=SECRET", "postgres:/u:SECRET@h/d", "postgresql:u:SECRET@h/d"]
    {
        let start = Start::with(&["--port", "0", "--db", named]);
        let said = start.refusal();
        assert!(said.contains("postgresql://") && !said.contains("SECRET"), "{named}: {said}");
    }
    for url in ["keys.db", "", "host=h password=SECRET", "mysql://u:SECRET@h/d"] {
        let said = Start::with(&["--port", "0"]).variable("DATABASE_URL", url).refusal();
        assert!(said.contains("DATABASE_URL") && !said.contains("SECRET"), "{url}: {said}");
    }
    let start =
        Start::with(&["--port", "0"]).variable("DATABASE_HOST", "db").variable("DATABASE_PASSWORD", "SECRET");
    let said = start.refusal();
    assert!(said.contains("DATABASE_NAME") && !said.contains("SECRET"), "{said}");
}

#[test]
fn a_configuration_may_include_others_and_set_variables() {
    let config = "include: [limits.yaml]\nenvironment_variables: {KEY_OF_FILE: sk-fedcba9876543210}\n\
                  general_settings: {master_key: os.environ/KEY_OF_FILE}\n";
    let start = Start::on(config).file(
        "limits.yaml",
        "litellm_settings:\n  default_key_generate_params: {duration: 7d}\n  upperbound_key_generate_params: {max_budget: 5}\n",
    );
    let running = start.runs();
    let generate = |body: &str| running.status(&Request::post("/key/generate", "sk-fedcba9876543210", body));
    let (status, reply) = generate("{}");
    assert!(status == 200 && reply.contains("\"expires\":\"2"), "{reply}");
    assert_eq!(generate(r#"{"max_budget":6}"#).0, 400);
}

#[test]
fn the_command_line_and_environment_of_a_container_for_litellm_start_the_server() {
    let arguments =
        ["-c", "config.yaml", "--port", "0", "--num_workers", "8", "--detailed_debug", "--run_gunicorn"];
    let running = Start::with(&arguments).file("config.yaml", &general("")).runs();
    let warnings = running.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("--num_workers") && warnings[0].contains("--detailed_debug"),
        "{warnings:?}"
    );
    let running = Start::with(&[])
        .file("other.yaml", &general(""))
        .variable("CONFIG_FILE_PATH", "other.yaml")
        .variable("HOST", "127.0.0.1")
        .variable("PORT", "0")
        .runs();
    assert!(running.port != 4000 && running.warnings().is_empty(), "{:?}", running.warnings());
    assert_eq!(running.status(&Request::get("/key/list", KEY)).0, 200);
    let arguments = ["--port", "0", "--ssl_keyfile_path", "key.pem", "--ssl_certfile_path", "cert.pem"];
    assert!(Start::with(&arguments).refusal().contains("--ssl_keyfile_path"));
    assert!(
        Start::with(&["--port", "0"])
            .variable("SSL_KEYFILE_PATH", "k")
            .refusal()
            .contains("SSL_KEYFILE_PATH")
    );
    assert!(Start::with(&["--skip_server_startup"]).refusal().contains("--skip_server_startup"));
    assert!(Start::with(&[]).variable("PORT", "http").refusal().contains("PORT"));
}

#[test]
fn health_says_whether_a_server_works() {
    let ask = |url: &str| Start::with(&["health", "--url", url]).ends();
    let running = Start::on(&general("")).runs();
    let url = format!("http://127.0.0.1:{}", running.port);
    assert_eq!(ask(&url).status.code(), Some(0));
    assert_eq!(ask(&format!("{url}/health/liveliness")).status.code(), Some(0));
    assert_eq!(ask(&format!("{url}/health/nothing")).status.code(), Some(1));
    let port = running.port.to_string();
    let by_variable = |port: &str| Start::with(&["health"]).variable("PORT", port).ends();
    assert_eq!(by_variable(&port).status.code(), Some(0));
    drop(running);
    let said = by_variable(&port);
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stderr).contains("does not answer"));
}

#[test]
fn check_takes_no_envelope_with_members_that_nothing_reads() {
    let check = |input: &str| Start::with(&["check", "input.json"]).file("input.json", input).ends();
    let good =
        r#"{"operation":"key_generate","request":{"max_budget":1},"caller":{"user_role":"proxy_admin"}}"#;
    assert_eq!(check(good).status.code(), Some(0));
    for (input, nearest) in [
        (r#"{"operation":"key_generate","requst":{"max_budget":-1}}"#, "`request`"),
        (r#"{"operation":"key_generate","caller":{"user_roel":"internal_user"}}"#, "`caller.user_role`"),
        (r#"{"max_budget":1}"#, "unknown member"),
    ] {
        let said = check(input);
        assert_eq!(said.status.code(), Some(2), "{input}");
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains(nearest), "{input}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_change_is_told_at_the_start_and_by_doctor() {
    use std::os::unix::fs::PermissionsExt;
    let running = Start::on(&general("")).runs();
    assert_eq!(running.warnings(), [""; 0]);
    let file = running.folder.path().join("latchkey.sqlite3");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).expect("its mode is set");
    let doctor = |folder: &Path| {
        let said = Command::new(binary().expect("the binary")).arg("doctor").current_dir(folder).output();
        String::from_utf8_lossy(&said.expect("it looks").stdout).into_owned()
    };
    let said = doctor(running.folder.path());
    assert!(said.contains("(mode 0666)"), "{said}");
    let again =
        Start::with(&["--config", "config.yaml", "--port", "0", "--db", file.to_str().expect("text")]);
    let warnings = again.file("config.yaml", &general("")).runs().warnings();
    assert!(warnings.iter().any(|line| line.contains("mode 0666")), "{warnings:?}");
}

#[test]
fn doctor_says_what_is_wrong_with_a_configuration() {
    let running = Start::on(&general("")).runs();
    let folder = running.folder.path();
    std::fs::write(folder.join("wrong.yaml"), general("  custom_auth: a.b")).expect("a file");
    let mut doctor = Command::new(binary().expect("the binary"));
    let said =
        doctor.args(["doctor", "--config", "wrong.yaml"]).current_dir(folder).output().expect("it looks");
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stdout).contains("custom_auth"));
}
