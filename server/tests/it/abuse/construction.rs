//! The source text itself: no statement is put together outside `store`, nothing that serves a request
//! can panic by a careless word, and every crate forbids unsafe code.

use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, ExprMethodCall, ImplItemFn, ItemFn, ItemMod, Macro};

/// Crates that serve requests.
const FOLDERS: [&str; 4] = ["platform", "modules", "connectors", "server"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["target", "tests", "node_modules"].contains(&name) {
            files(&path, ending, found);
        } else if name.ends_with(ending) && name != "tests.rs" {
            found.push(path);
        }
    }
}

fn sources(ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        files(&root().join(folder), ending, &mut found);
    }
    found
}

/// Files that are a module of their neighbor's tests.
fn test_modules(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).unwrap();
        for after in text.split("#[cfg(test)]\nmod ").skip(1) {
            let name = after.split([';', ' ']).next().unwrap();
            found.push(path.with_file_name(format!("{name}.rs")));
        }
    }
    found
}

/// What a file must not hold.
struct Faults {
    file: String,
    store: bool,
    found: Vec<String>,
}

fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| {
        let text = a.meta.require_list().map(|l| l.tokens.to_string()).unwrap_or_default();
        a.path().is_ident("test") || a.path().is_ident("cfg") && text.contains("test")
    })
}

/// Whether a text that is filled in looks like a statement.
fn is_statement(text: &str) -> bool {
    let text = text.to_uppercase();
    let begins = [
        "SELECT ",
        "INSERT INTO ",
        "UPDATE ",
        "DELETE FROM ",
        "CREATE ",
        "DROP ",
        "ALTER ",
        "GRANT ",
    ];
    let goes_on =
        [" FROM ", " SET ", " VALUES", " WHERE ", "TABLE ", "ROLE ", "DATABASE ", "POLICY "];
    let trimmed = text.trim_start();
    begins.iter().any(|b| trimmed.starts_with(b)) && goes_on.iter().any(|g| text.contains(g))
        || [" WHERE ", " ORDER BY ", "INSERT INTO ", "DELETE FROM "]
            .iter()
            .any(|w| text.contains(w))
            && text.contains('{')
            && (text.contains(" = ") || text.contains(" BY ") || text.contains("INTO "))
}

impl Visit<'_> for Faults {
    fn visit_item_mod(&mut self, item: &ItemMod) {
        if !for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &ItemFn) {
        if !for_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &ImplItemFn) {
        if !for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        if call.method == "unwrap" || call.method == "expect" {
            self.found.push(format!("{}: .{}()", self.file, call.method));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &Macro) {
        let name = call.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        if ["panic", "todo", "unimplemented"].contains(&name.as_str()) {
            self.found.push(format!("{}: {name}!", self.file));
        }
        let fills = ["format", "write", "writeln", "format_args"].contains(&name.as_str());
        if fills && !self.store {
            for token in call.tokens.clone() {
                let text = syn::parse_str::<syn::LitStr>(&token.to_string());
                if let Ok(text) = text.map(|t| t.value())
                    && text.contains('{')
                    && is_statement(&text)
                {
                    self.found.push(format!("{}: a statement is filled in: {text}", self.file));
                }
            }
        }
        // Arguments of a macro are expressions as well, where they can be read as such.
        let arguments = syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        if let Ok(arguments) = call.parse_body_with(arguments) {
            arguments.iter().for_each(|argument| self.visit_expr(argument));
        }
        visit::visit_macro(self, call);
    }
}

fn faults_in(file: &str, store: bool, text: &str) -> Vec<String> {
    let mut faults = Faults { file: file.to_owned(), store, found: Vec::new() };
    faults.visit_file(&syn::parse_file(text).unwrap_or_else(|e| panic!("{file}: {e}")));
    faults.found
}

#[test]
fn no_statement_is_filled_in_and_nothing_panics() {
    let root = root();
    let paths = sources(".rs");
    assert!(paths.len() > 100, "{}", paths.len());
    let only_for_tests = test_modules(&paths);
    let mut found = Vec::new();
    for path in paths.iter().filter(|path| !only_for_tests.contains(path)) {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let text = std::fs::read_to_string(path).unwrap();
        let store = name.starts_with("platform/store");
        found.extend(faults_in(&name, store, &text));
        let drives = store || name.starts_with("server/");
        if !drives && text.contains("tokio_postgres") {
            found.push(format!("{name}: names the database driver"));
        }
    }
    println!("{} source files: {} faults", paths.len(), found.len());
    assert_eq!(found, Vec::<String>::new());
}

/// The scan sees what it is for.
#[test]
fn the_scan_is_not_blind() {
    for bad in [
        r#"fn f(x: Option<u8>) { x.unwrap(); }"#,
        r#"fn f(x: Option<u8>) { println!("{}", x.expect("x")); }"#,
        r#"fn f() { panic!("no"); }"#,
        r#"fn f(t: &str) -> String { format!("SELECT * FROM {t}") }"#,
        r#"fn f(t: &str) -> String { format!("{t} WHERE a = 1") }"#,
        r#"fn f(t: &str, s: &mut String) { write!(s, "DELETE FROM {} ", t); }"#,
        r#"impl X { fn f(&self, n: u8) -> String { format!("update x set a = {n}") } }"#,
    ] {
        assert_eq!(faults_in("bad.rs", false, bad).len(), 1, "{bad}");
    }
    for good in [
        r#"#[cfg(test)] mod tests { fn f(x: Option<u8>) { x.unwrap(); } }"#,
        r#"fn f(t: &str) -> String { format!("Select one of {t}.") }"#,
        r#"fn f() -> &'static str { "SELECT 1 FROM x WHERE a = $1" }"#,
    ] {
        assert_eq!(faults_in("good.rs", false, good), Vec::<String>::new(), "{good}");
    }
}

/// Functions of ours in the database build no statement from text but by `format` with `%I` and `%L`.
#[test]
fn no_function_of_the_database_glues_text() {
    let mut paths = sources(".sql");
    files(&root().join("migrations"), ".sql", &mut paths);
    let mut found = Vec::new();
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        for line in text.lines().filter(|l| !l.trim_start().starts_with("--")) {
            let upper = line.trim_start().to_uppercase();
            let runs = upper.starts_with("EXECUTE ") && !upper.starts_with("EXECUTE FUNCTION");
            if runs && !upper.contains("FORMAT(") {
                found.push(format!("{}: {line}", path.display()));
            }
        }
    }
    assert!(paths.len() > 10, "{}", paths.len());
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_crate_forbids_unsafe_code() {
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lints = workspace.split("[workspace.lints.rust]").nth(1).unwrap();
    assert!(lints.split("\n[").next().unwrap().contains("unsafe_code = \"forbid\""));
    let mut manifests = Vec::new();
    for folder in ["platform", "modules", "connectors", "server", "bench"] {
        files(&root().join(folder), "Cargo.toml", &mut manifests);
    }
    assert!(manifests.len() >= 11, "{}", manifests.len());
    for path in manifests {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{}", path.display());
    }
}
