//! Bodies re-serialised by a real program after signing: `verify` names the language and the line
//! that fixes it.

use crate::reserialisers::programs::{GO, JAVA, JAVASCRIPT, PHP, PYTHON, Program, RAILS, RUBY};
use crate::support::skipped;
use leadhook::protocols::json::read;
use leadhook::protocols::json_print::{STYLES, Style, print};
use serde_json::Value;

fn style(code: &str) -> &'static Style {
    STYLES.iter().find(|style| style.code == code).unwrap()
}

/// A lead that most languages print differently: non-ASCII characters, `/`, `<`, `&`.
fn lead(more: &str) -> Vec<u8> {
    let file = format!("{}/fixtures/realgeeks/created.json", crate::support::ROOT);
    let mut lead: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    lead["notes"] = "Zo\u{eb} asked for <b>12/4</b> & more".into();
    let text = lead.to_string();
    format!("{}{more}}}", text.strip_suffix('}').unwrap()).into_bytes()
}

/// Signs `body` as the provider does and returns the request as a capture.
fn signed(body: &[u8]) -> Value {
    leadhook!("sign - --event created --secret s3cret --print json")
        .stdin(body)
        .run()
        .exits(0, "sign")
        .object()
}

/// Re-serialises the signed body with the program and asserts that the explanation names the
/// language.
fn explains(
    program: &Program,
    signed_as: &str,
    printed_as: &str,
    more: &str,
    code: &str,
    fix: &str,
) {
    let case = format!("{signed_as}, then {printed_as}");
    if let Err(why) = program.version() {
        return skipped(&format!("{}_explained", program.test), &why);
    }
    let lead = read(&lead(more)).unwrap();
    let original = print(&lead, style(signed_as));
    let mut capture = signed(&original);
    let document = String::from_utf8(original.clone()).unwrap();
    let again = program.run(&[style(printed_as)], &[document]).remove(0).unwrap();
    assert_ne!(again, original, "{case}: the program changes nothing");
    capture["body"] = String::from_utf8(again).unwrap().into();
    let outcome = leadhook!("verify again.json --secret s3cret --format json")
        .file("again.json", capture.to_string())
        .run();
    let signature = &outcome.exits(1, &case).object()["signature"];
    let explanation = &signature["explanations"][0];
    assert_eq!(explanation["code"], code, "{case}: {signature:#}");
    assert!(explanation["fix"].as_str().unwrap().contains(fix), "{case}: {explanation:#}");
    let message = explanation["message"].as_str().unwrap();
    let language = style(printed_as).language;
    assert!(message.contains(&format!("({language}) prints it")), "{case}: {message}");
}

#[test]
fn a_body_reserialised_by_node_is_explained() {
    let explain = |signed_as, printed_as| {
        let fix = "express.raw({ type: \"*/*\" })";
        explains(&JAVASCRIPT, signed_as, printed_as, "", "reserialised-javascript", fix);
    };
    explain("python-dumps", "javascript-stringify");
    explain("php-array", "javascript-stringify");
    explain("javascript-stringify", "javascript-stringify-tab");
}

#[test]
fn a_body_reserialised_by_python_is_explained() {
    let explain = |signed_as, printed_as| {
        let fix = "request.get_data()";
        explains(&PYTHON, signed_as, printed_as, "", "reserialised-python", fix);
    };
    explain("javascript-stringify", "python-dumps");
    explain("javascript-stringify", "python-dumps-compact");
    explain("javascript-stringify", "python-dumps-sorted");
    explain("python-dumps", "python-dumps-indent-4");
}

#[test]
fn a_body_reserialised_by_ruby_is_explained() {
    let fix = "request.raw_post";
    let explain = |program, signed_as, printed_as| {
        explains(program, signed_as, printed_as, ",\"score\":75.0", "reserialised-ruby", fix);
    };
    explain(&RUBY, "python-dumps", "ruby-generate");
    explain(&RAILS, "python-dumps", "ruby-rails");
}

#[test]
fn a_body_reserialised_by_php_is_explained() {
    let fix = "$request->getContent()";
    let explain = |signed_as, printed_as| {
        explains(&PHP, signed_as, printed_as, "", "reserialised-php", fix);
    };
    explain("javascript-stringify", "php-array");
    explain("python-dumps", "php-array-unicode");
}

#[test]
fn a_body_reserialised_by_go_is_explained() {
    let explain = |signed_as, printed_as| {
        explains(&GO, signed_as, printed_as, "", "reserialised-go", "io.ReadAll");
    };
    // The map has lost the key order, which is restored from the sample of the pack.
    explain("javascript-stringify", "go-marshal-map");
    explain("python-dumps", "go-marshal-map");
}

#[test]
fn a_body_reserialised_by_java_is_explained() {
    let fix = "@RequestBody byte[]";
    let more = ",\"search\":\"beds=3\"";
    explains(&JAVA, "javascript-stringify", "java-gson", more, "reserialised-java", fix);
}
