//! PostgreSQL clusters of the tests' own: started from the system's binaries, as an ordinary user, and gone with the
//! process that started them.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a start or a stop may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Ends the server at a word, or when the process that holds the other end of its standard input is gone, however it
/// went; then its folder, the first argument, goes as well.
const GUARDED: &str = r#"folder=$1; shift; "$@" & server=$!; read -r word
kill -QUIT $server 2>/dev/null; wait $server; [ "$word" = stop ] || rm -rf "$folder""#;

/// How a cluster treats the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// What is committed survives a crash of the machine.
    Durable,
    /// It survives a crash of the server only.
    Quick,
}

/// A running cluster. It listens on a socket in a folder of its own and on no port.
#[derive(Debug)]
pub struct Cluster {
    binaries: PathBuf,
    folder: TempDir,
    server: Child,
    owner: Option<(u32, u32)>,
    disk: Disk,
    made: AtomicUsize,
}

/// The folder of PostgreSQL's server binaries: Debian's place, newest first, then what `PATH` and `pg_config` name.
pub fn binaries() -> Option<PathBuf> {
    let mut places: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    let version = |path: &PathBuf| {
        let name = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        name.and_then(|name| name.parse::<u32>().ok())
    };
    places.sort_by_key(|place| std::cmp::Reverse(version(place)));
    places.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    let named = Command::new("pg_config").arg("--bindir").output().ok();
    places.extend(named.map(|said| PathBuf::from(String::from_utf8_lossy(&said.stdout).trim())));
    places.into_iter().find(|place| place.join("initdb").is_file() && place.join("postgres").is_file())
}

/// The cluster that the tests of this process share, or `None`, with a message, where no server is installed.
pub fn shared() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    SHARED.get_or_init(|| Cluster::start(Disk::Quick).expect("the cluster starts")).as_ref()
}

impl Cluster {
    /// Makes and starts a cluster; `None`, with a message, where no server is installed.
    pub fn start(disk: Disk) -> Result<Option<Self>, String> {
        let Some(binaries) = binaries() else {
            eprintln!("LEFT OUT: no PostgreSQL server is installed (Debian: apt-get install postgresql-15)");
            return Ok(None);
        };
        // a socket's path has room for a hundred bytes only
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").map_err(text)?;
        let owner = ordinary_user(folder.path())?;
        let mut initdb = Command::new(binaries.join("initdb"));
        initdb.args([
            "--no-sync",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]);
        initdb.arg("-D").arg(folder.path().join("data"));
        let said = as_owner(&mut initdb, owner).current_dir(folder.path()).output().map_err(text)?;
        if !said.status.success() {
            return Err(format!("initdb: {}", String::from_utf8_lossy(&said.stderr)));
        }
        // on no port, until a test says otherwise
        let settings = folder.path().join("data").join("postgresql.conf");
        let mut settings = std::fs::OpenOptions::new().append(true).open(settings).map_err(text)?;
        settings.write_all(b"\nlisten_addresses = ''\n").map_err(text)?;
        let server = serve(&binaries, folder.path(), owner, disk)?;
        let cluster = Self { binaries, folder, server, owner, disk, made: AtomicUsize::new(0) };
        cluster.wait_until_it_answers()?;
        Ok(Some(cluster))
    }

    /// The URL of the database called `name`.
    pub fn url(&self, name: &str) -> String {
        format!("postgresql://postgres@/{name}?host={}", self.folder.path().display())
    }

    /// Makes a database, a copy of `template` (`template0` is an empty one), and gives its name.
    pub fn database(&self, template: &str) -> Result<String, String> {
        let name = format!("d{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
        Ok(name)
    }

    /// Runs statements in a database; gives what they return, a row a line, columns apart by `|`.
    pub fn sql(&self, database: &str, statements: &str) -> Result<String, String> {
        let mut psql = Command::new(self.binaries.join("psql"))
            .args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-h"])
            .arg(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("psql: {error}"))?;
        if let Some(mut input) = psql.stdin.take() {
            input.write_all(statements.as_bytes()).map_err(text)?;
        }
        let said = psql.wait_with_output().map_err(text)?;
        if said.status.success() {
            Ok(String::from_utf8_lossy(&said.stdout).trim_end().to_owned())
        } else {
            Err(String::from_utf8_lossy(&said.stderr).into_owned())
        }
    }

    /// Ends the server at once and starts it again, as after a power failure of the database.
    pub fn crash_and_restart(&mut self) -> Result<(), String> {
        self.stop()?;
        self.resume()
    }

    /// Ends the server at once; every connection breaks.
    pub fn stop(&mut self) -> Result<(), String> {
        if let Some(mut input) = self.server.stdin.take() {
            // a server that has ended by itself hears nothing
            let _ = input.write_all(b"stop\n");
        }
        self.server.wait().map(drop).map_err(text)
    }

    /// Starts the server again and waits until it answers.
    pub fn resume(&mut self) -> Result<(), String> {
        self.server = serve(&self.binaries, self.folder.path(), self.owner, self.disk)?;
        self.wait_until_it_answers()
    }

    /// Stops every process of the server as they are, or lets them go on: it takes connections and never answers.
    pub fn freeze(&self, frozen: bool) -> Result<(), String> {
        let file = self.folder.path().join("data").join("postmaster.pid");
        let first = std::fs::read_to_string(file).map_err(text)?;
        let first = first.lines().next().unwrap_or_default().trim().to_owned();
        let said = Command::new("ps").args(["-o", "pid=", "--ppid", &first]).output().map_err(text)?;
        let mut all = vec![first];
        all.extend(String::from_utf8_lossy(&said.stdout).split_whitespace().map(str::to_owned));
        let signal = if frozen { "-STOP" } else { "-CONT" };
        // a child may have ended meanwhile
        Command::new("kill").arg(signal).args(all).stderr(Stdio::null()).status().map(drop).map_err(text)
    }

    fn wait_until_it_answers(&self) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.sql("postgres", "SELECT 1") {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > deadline => {
                    let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                    return Err(format!("the cluster does not answer: {error} {log}"));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    /// The cluster's own folder, with its socket.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A program that runs as the cluster's owner in its folder.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        as_owner(&mut command, self.owner).current_dir(self.folder.path());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // a server that is gone already needs no end
        let _ = self.stop();
    }
}

fn serve(binaries: &Path, folder: &Path, owner: Option<(u32, u32)>, disk: Disk) -> Result<Child, String> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).map_err(text)?;
    let mut server = Command::new("sh");
    server
        .args(["-c", GUARDED, "sh"])
        .arg(folder)
        .arg(binaries.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"));
    server.arg("-k").arg(folder).args(["-c", "max_connections=500"]);
    if disk == Disk::Quick {
        server.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
    }
    as_owner(&mut server, owner)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(log.try_clone().map_err(text)?)
        .stderr(log)
        .spawn()
        .map_err(text)
}

fn as_owner(command: &mut Command, owner: Option<(u32, u32)>) -> &mut Command {
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

/// PostgreSQL does not run as root: for root, the ids of an ordinary user, which now owns `folder`.
fn ordinary_user(folder: &Path) -> Result<Option<(u32, u32)>, String> {
    use std::os::unix::fs::MetadataExt;
    if std::fs::metadata(folder).map_err(text)?.uid() != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").map_err(text)?;
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let (user, group) = ["postgres", "nobody"].iter().find_map(|name| ids(name)).ok_or("no ordinary user")?;
    std::os::unix::fs::chown(folder, Some(user), Some(group)).map_err(text)?;
    Ok(Some((user, group)))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
