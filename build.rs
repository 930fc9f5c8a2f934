//! Lists the files of the built-in packs for `src/providers/builtin.rs`, and the schemas of the JSON
//! output for `src/output/schemas.rs`.
//!
//! Every folder of `fixtures/` that holds a `provider.toml` is a built-in pack, except the starting
//! pack of `events new`.

#![expect(clippy::disallowed_methods, reason = "Cargo talks to a build script by its environment")]

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

/// The file that makes a folder a pack.
const PACK: &str = "provider.toml";

/// The folder of the packs.
const FIXTURES: &str = "fixtures";

/// Names the packs that are listed first, one a line; the others follow by name.
const ORDER: &str = "fixtures/order.txt";

/// The folder in it with the schemas of the JSON output.
const OUTPUT: &str = "output";

/// The end of the name of a schema; the kind of JSON object precedes it.
const SCHEMA_SUFFIX: &str = ".schema.json";

/// The folder of the starting pack.
const STARTER: &str = "starter";

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo looks at every file and folder inside.
    println!("cargo::rerun-if-changed={FIXTURES}");
    let mut code = String::from("pub(super) const PACKS: &[BuiltinFiles] = &[\n");
    for id in packs()? {
        writeln!(code, "BuiltinFiles {{ id: {id:?}, contents: {} }},", contents(&id)?)?;
    }
    writeln!(code, "];\npub(super) const STARTER: Files = {};", contents(STARTER)?)?;
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("builtin.rs"), code)?;
    fs::write(Path::new(&out).join("schemas.rs"), output_schemas()?)?;
    Ok(())
}

/// Writes the kinds of JSON output with their schemas, in order of their names.
fn output_schemas() -> Result<String, Box<dyn Error>> {
    let mut code = String::from(
        "/// Every kind, with its schema as a JSON document.\npub const SCHEMAS: &[(&str, &str)] = &[\n",
    );
    for name in names(&format!("{FIXTURES}/{OUTPUT}"))? {
        let kind = name.strip_suffix(SCHEMA_SUFFIX);
        let kind = kind.ok_or_else(|| format!("{FIXTURES}/{OUTPUT}/{name} is not a schema"))?;
        let path = format!("/{FIXTURES}/{OUTPUT}/{name}");
        writeln!(
            code,
            "({kind:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),"
        )?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// Returns the folders of the built-in packs in the order in which users see them.
fn packs() -> Result<Vec<String>, Box<dyn Error>> {
    let text = fs::read_to_string(ORDER)?;
    let lines = text.lines().map(str::trim);
    let listed: Vec<_> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mut found = names(FIXTURES)?;
    found.retain(|id| id != STARTER && Path::new(FIXTURES).join(id).join(PACK).is_file());
    if let Some(missing) = listed.iter().find(|id| !found.iter().any(|known| known == *id)) {
        return Err(format!("{ORDER} lists `{missing}`, which is no folder of a pack").into());
    }
    let place = |id: &String| listed.iter().position(|known| known == id).unwrap_or(listed.len());
    found.sort_by_key(place);
    Ok(found)
}

/// Writes the names of the files of a pack with their contents, `provider.toml` first.
fn contents(id: &str) -> Result<String, Box<dyn Error>> {
    let mut code = String::from("&[\n");
    let mut names = names(&format!("{FIXTURES}/{id}"))?;
    // `events new` names the files in this order: the one to open comes first.
    names.sort_by_key(|name| name != PACK);
    for name in names {
        // An editor's backup must not become a part of the binary.
        let extension = Path::new(&name).extension();
        if !extension.is_some_and(|extension| extension == "toml" || extension == "json") {
            return Err(format!("{FIXTURES}/{id}/{name} is not a file of a pack").into());
        }
        let path = format!("/{FIXTURES}/{id}/{name}");
        writeln!(
            code,
            "({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),"
        )?;
    }
    code.push(']');
    Ok(code)
}

/// Returns the names in a folder in order, without hidden files.
fn names(folder: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?
            .file_name()
            .into_string()
            .map_err(|name| format!("{} is not UTF-8", name.display()))?;
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}
