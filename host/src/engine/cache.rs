//! The compiled module, kept between starts: compiling takes some hundred milliseconds, loading less than one.
//!
//! Compiled code is loaded only from a file that this user owns and nobody else may write, in a folder of the same
//! kind, and only if it carries the digest it was stored with. Anything else is compiled again.

use latchkey_contract::mint;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;
#[cfg(unix)]
use std::sync::atomic::{AtomicU32, Ordering};
use wasmtime::{Engine, Module};

const DIGEST: usize = 32;

/// A folder of this user's own.
struct Folder {
    path: PathBuf,
    owner: Owner,
}

/// The module `wasm`, from the cache if it is there. Where the user has no cache folder, the cache is in `spare`.
pub(super) fn module(engine: &Engine, wasm: &[u8], spare: Option<&Path>) -> wasmtime::Result<Module> {
    let Some(folder) = folder(spare) else {
        say_once(&"there is no folder that only this user may write; set XDG_CACHE_HOME");
        return Module::new(engine, wasm);
    };
    let file = folder.path.join(name(engine, wasm));
    if let Some(module) = load(engine, &file, folder.owner) {
        return Ok(module);
    }
    let module = Module::new(engine, wasm)?;
    if let Err(error) = save(&module, &file) {
        say_once(&error);
    }
    Ok(module)
}

fn say_once(why: &dyn std::fmt::Display) {
    static SAID: Once = Once::new();
    SAID.call_once(
        || tracing::info!(%why, "the compiled module is not kept, so that each start compiles it"),
    );
}

/// One name for each module, runtime, and machine it was compiled for.
fn name(engine: &Engine, wasm: &[u8]) -> String {
    struct Digester(Sha256);
    impl Hasher for Digester {
        fn finish(&self) -> u64 {
            0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }
    let mut digester = Digester(Sha256::new_with_prefix(wasm));
    engine.precompile_compatibility_hash().hash(&mut digester);
    digester.write(env!("CARGO_PKG_VERSION").as_bytes());
    format!("policy-{}.cwasm", mint::hex(&digester.0.finalize()))
}

/// `latchkey` in the user's cache folder, or else `.latchkey` in `spare`, if it is safe there.
fn folder(spare: Option<&Path>) -> Option<Folder> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let own = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
    let own = own.and_then(|base| private(base.join("latchkey")));
    own.or_else(|| {
        let path = spare?.join(".latchkey");
        // who may write the folder above could put another in its place
        private(path).filter(|folder| spare.is_some_and(|spare| is_private(spare, folder.owner)))
    })
}

/// The folder at `path`, made if it is missing, if it is this user's alone.
fn private(path: PathBuf) -> Option<Folder> {
    make_private(&path).ok()?;
    let owner = owner(&path).ok()?;
    is_private(&path, owner).then_some(Folder { path, owner })
}

#[cfg(unix)]
type Owner = u32;

#[cfg(not(unix))]
type Owner = ();

#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Who this user is: the owner of a file that was made just now.
#[cfg(unix)]
fn owner(folder: &Path) -> std::io::Result<Owner> {
    use std::os::unix::fs::MetadataExt;
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!("{}.{number}.owner", std::process::id()));
    let made = create(&path)?;
    let owner = made.metadata().map(|file| file.uid());
    std::fs::remove_file(&path).ok();
    owner
}

/// Whether `owner` owns the path, and nobody else may write it.
#[cfg(unix)]
fn is_private(path: &Path, owner: Owner) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path)
        .is_ok_and(|found| !found.is_symlink() && found.mode() & 0o022 == 0 && found.uid() == owner)
}

#[cfg(not(unix))]
fn make_private(_folder: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn owner(_folder: &Path) -> std::io::Result<Owner> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn is_private(_path: &Path, _owner: Owner) -> bool {
    false
}

/// A new file that nobody else may read.
fn create(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[expect(unsafe_code, reason = "loading compiled code is only as safe as where it comes from")]
fn load(engine: &Engine, file: &Path, owner: Owner) -> Option<Module> {
    if !is_private(file, owner) {
        return None;
    }
    let bytes = std::fs::read(file).ok()?;
    let (digest, code) = bytes.split_at_checked(DIGEST)?;
    if Sha256::digest(code).as_slice() != digest {
        return None;
    }
    // SAFETY: the file and its folder are this user's own and writable by nobody else, its name holds the module and
    // the runtime it was made from, and its digest says that it is whole.
    unsafe { Module::deserialize(engine, code) }.ok()
}

fn save(module: &Module, file: &Path) -> wasmtime::Result<()> {
    let code = module.serialize()?;
    let draft = file.with_extension(format!("{}.draft", std::process::id()));
    let written = create(&draft).and_then(|mut out| {
        out.write_all(&Sha256::digest(&code))?;
        out.write_all(&code)?;
        drop(out);
        std::fs::rename(&draft, file)
    });
    if written.is_err() {
        std::fs::remove_file(&draft).ok();
    }
    Ok(written?)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_folder_is_private_until_others_may_write_it() {
        let path = std::env::temp_dir().join(format!("latchkey-cache-{}", std::process::id()));
        let found = private(path.clone()).unwrap();
        assert_eq!(std::fs::read_dir(&path).unwrap().count(), 0);
        assert!(!is_private(&path, found.owner + 1));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o770)).unwrap();
        assert!(private(path.clone()).is_none());
        std::fs::remove_dir_all(&path).unwrap();
    }
}
