//! Validates the JSON output of `leadhook` against the schemas in `fixtures/output/`.

use jsonschema::Validator;
use leadhook::output::schemas;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The beginning of every object that `leadhook` prints on one line.
const PREFIX: &str = r#"{"schema_version":1,"kind":""#;

static VALIDATORS: LazyLock<BTreeMap<&str, Validator>> = LazyLock::new(|| {
    let compile = |kind: &'static str| {
        let schema = serde_json::from_str(schemas::find(kind).unwrap()).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema);
        (kind, validator.unwrap_or_else(|error| panic!("{kind}: {error}")))
    };
    schemas::kinds().map(compile).collect()
});

/// Panics unless an object is valid against the schema of its kind.
#[track_caller]
pub fn assert_valid_output(object: &Value) {
    let kind = object["kind"].as_str().unwrap_or_else(|| panic!("no kind: {object:#}"));
    let found = VALIDATORS.get(kind);
    let validator = found.unwrap_or_else(|| panic!("`{kind}` has no schema: {object:#}"));
    // Nearly every object is valid, and an explanation takes longer.
    if !validator.is_valid(object) {
        let errors = validator.iter_errors(object);
        let errors: Vec<_> =
            errors.map(|error| format!("`{}`: {error}", error.instance_path())).collect();
        panic!("not as in fixtures/output/{kind}.schema.json: {errors:#?}\n{object:#}");
    }
}

/// Panics unless all lines that are objects of `leadhook` are valid. Other lines are not looked at,
/// nor is a line that the end of a process has cut off.
#[track_caller]
pub fn assert_valid_lines(output: &str) {
    let objects = output.lines().filter(|line| line.starts_with(PREFIX));
    for object in objects.filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        assert_valid_output(&object);
    }
}
