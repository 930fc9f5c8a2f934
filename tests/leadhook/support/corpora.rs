//! Corpora in folders: `KIND/NAME.EXT` is an input, `KIND/NAME.expected.json` its expectation.

use super::{ROOT, skipped};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The suffix of an expectation, in place of the extension of its input.
const EXPECTED: &str = ".expected.json";

/// The folders without inputs: the generator of the corpus.
const BESIDE: [&str; 2] = ["__pycache__", "rows"];

/// A corpus under `tests/corpus`, named by its folder.
#[derive(Clone, Copy)]
pub struct Corpus(pub &'static str);

impl Corpus {
    /// Returns the path of a file.
    pub fn path(self, name: &str) -> PathBuf {
        Path::new(ROOT).join("tests/corpus").join(self.0).join(name)
    }

    /// Returns the content of a file.
    pub fn read(self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Returns every input with its expectation.
    pub fn rows<R: DeserializeOwned>(self) -> BTreeMap<String, R> {
        let row = |input: String| {
            let row = serde_json::from_slice(&self.read(&expectation(&input)));
            let row = row.unwrap_or_else(|error| panic!("{input}: {error}"));
            (input, row)
        };
        self.files().0.into_iter().map(row).collect()
    }

    /// Asserts that every input has its own expectation, and every expectation an input.
    #[track_caller]
    pub fn assert_paired(self) {
        let (inputs, expectations) = self.files();
        let expected: Vec<_> = inputs.iter().map(|input| expectation(input)).collect();
        assert_eq!(expected.iter().cloned().collect::<BTreeSet<_>>(), expectations);
        assert_eq!(expected.len(), expectations.len(), "two inputs have one expectation");
    }

    /// Asserts that the files match the output of `make.py`.
    #[track_caller]
    pub fn assert_matches_generator(self, test: &str) {
        let program = self.path("make.py");
        match Command::new("python3").arg(program).arg("--check").current_dir(ROOT).output() {
            Err(_) => skipped(test, "`python3` is not installed"),
            Ok(made) => {
                assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
            }
        }
    }

    /// Returns the paths of the inputs and of the expectations.
    fn files(self) -> (BTreeSet<String>, BTreeSet<String>) {
        let mut paths = Vec::new();
        for folder in fs::read_dir(self.path("")).unwrap().map(|entry| entry.unwrap()) {
            let kind = folder.file_name().into_string().unwrap();
            if folder.file_type().unwrap().is_dir() && !BESIDE.contains(&kind.as_str()) {
                let files = fs::read_dir(folder.path()).unwrap();
                let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
                paths.extend(names.map(|name| format!("{kind}/{name}")));
            }
        }
        paths.into_iter().partition(|path| path.strip_suffix(EXPECTED).is_none())
    }
}

/// Returns the path of the expectation of an input.
fn expectation(input: &str) -> String {
    let (stem, _) = input.rsplit_once('.').unwrap();
    format!("{stem}{EXPECTED}")
}
