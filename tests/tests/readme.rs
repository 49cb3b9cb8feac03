//! The pages say what the code says. `LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test readme` rewrites them.

use latchkey_core::DEVIATIONS;
use std::fmt::Write as _;
use std::path::Path;

/// Pages that lead to others.
const PAGES: [&str; 10] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "core/DEVIATIONS.md",
    "core/README.md",
    "host/README.md",
    "js/README.md",
    "tests/README.md",
    "wasm/README.md",
];

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/DEVIATIONS.md");

#[test]
fn the_table_of_deviations_is_that_of_the_rules() {
    let mut table = String::from("\n| rule | LiteLLM 1.60.8 | strict | why |\n|---|---|---|---|\n");
    for deviation in DEVIATIONS {
        let name = deviation.name;
        let _ = writeln!(
            table,
            "| `{name}` | {} | {} | {} |",
            deviation.litellm, deviation.strict, deviation.why
        );
    }
    table.push('\n');
    holds("deviations", &table);
}

#[test]
fn the_page_of_the_contract_is_of_its_version() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../wasm/README.md");
    let page = std::fs::read_to_string(page).expect("the contract");
    let version = format!("the version of this page: {};", latchkey_contract::ABI_VERSION);
    assert!(page.contains(&version), "the contract is not of version {}", latchkey_contract::ABI_VERSION);
}

#[test]
fn links_between_pages_lead_somewhere() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for page in PAGES {
        let page = top.join(page);
        let text = std::fs::read_to_string(&page).expect("a page");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            if link.contains("://") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.with_file_name(path) };
            assert!(target.exists(), "{}: {link}", page.display());
            if !heading.is_empty() {
                let text = std::fs::read_to_string(&target).expect("a page");
                let headings = text.lines().filter(|line| line.starts_with('#')).map(anchor);
                assert!(headings.into_iter().any(|found| found == heading), "{}: {link}", page.display());
            }
        }
    }
}

/// How a link names a heading.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().replace(' ', "-")
}

/// Asserts that the page has `text` between the marks called `name`.
fn holds(name: &str, text: &str) {
    let page = std::fs::read_to_string(PAGE).expect("the page of deviations");
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = page.split_once(&open).expect("the opening mark");
    let (found, after) = rest.split_once(&close).expect("the closing mark");
    if found != text && std::env::var_os("LATCHKEY_WRITE").is_some() {
        std::fs::write(PAGE, format!("{before}{open}{text}{close}{after}")).expect("the page is writable");
        return;
    }
    assert_eq!(found, text, "the page is behind the code");
}
