//! Every style of every language, over documents that show where libraries differ.

use crate::reserialisers::programs::{GO, JAVA, JAVASCRIPT, PHP, PYTHON, Program, RAILS, RUBY};
use crate::support::skipped;
use leadhook::protocols::json::read;
use leadhook::protocols::json_print::{STYLES, matching_styles, print};

/// Documents on which libraries differ. None contains a newline: one document per line.
const HOSTILE: &[&str] = &[
    // Numbers.
    "[0,-0,-0.0,-0e5,0.0,1,1.0,75.0,100,1e2,1E2,1e+2,100.0]",
    "[1E-7,1e-6,1e-5,1e-4,1e-3,0.000001,0.00001,0.00012,0.001,0.0001234]",
    "[1e6,1e7,1e14,1e15,1e16,1e17,1e18,1e19,1e20,1e21,1e22,1e23]",
    "[1.5e6,1.5e7,1.5e14,1.5e15,1.5e16,1.5e17,1.5e20,1.5e21]",
    "[123456789.123,12345678901234.5,123456789012345.6,1234567890123456.0,12345678901234567.0]",
    "[2087506051221634.25,9007199254740991.0,999999999999999.9,9999999.0,100000.5]",
    "[0.1,0.2,0.30000000000000004,0.3000000000000000444,5e-324,1.7976931348623157e308]",
    "[1e100,1.25e100,1e-100,-1.25e-9,1e-400,-1e-400]",
    "[9007199254740992,9007199254740993,18446744073709551615,18446744073709551616]",
    "[9223372036854775807,9223372036854775808,-9223372036854775808,-9223372036854775809]",
    "[123456789012345678901234567890,-123456789012345678901234567890]",
    "1e400",
    "-1e400",
    // Strings.
    r#""\"\\\/a/b</script>&'+`=?#@:;{}[]()""#,
    r#""\b\f\n\r\t""#,
    r#""\u0000\u0001\u0007\u000b\u000e\u001a\u001f\u007f\u0080\u0085\u009f\u00a0""#,
    r#""\u2028\u2029\u2027\u202f\u3000\ufeff\ufffd\uffff\ue000""#,
    "\"\u{7f}\u{85}\u{2028}\u{2029}é\u{fffd}\u{ffff}😀\u{10ffff}\"",
    r#""caf\u00e9 \u00E9\u0041 \ud83d\ude00 \uD83D\uDE00x""#,
    r#""\ud800""#,
    r#""a\udc00b\ud83d""#,
    r#""\ud83d\ud83d\ude00""#,
    r#"{"\ud800":1,"\udbff":2,"\ufffd":3}"#,
    // Keys.
    r#"{"b":1,"a":2,"b":{"c":3},"a":4,"c":5}"#,
    r#"{"b":1,"a":2,"10":3,"9":4,"01":5,"-1":6,"1.0":7,"4294967295":8,"4294967294":9}"#,
    r#"{"0":1,"1":2}"#,
    r#"{"1":1,"0":2}"#,
    r#"{"0":1,"1":2,"0":3}"#,
    r#"[{"0":{}},{"1":{}},{"00":1},{"0":{"0":{"0":[]}}}]"#,
    "{\"😀\":1,\"\u{ffee}\":2,\"é\":3,\"z\":4,\"Z\":5,\"\":6,\" \":7,\"a/b\":8,\"<\":9}",
    r#"{"aa":1,"a":2,"ab":3,"A":4,"_":5}"#,
    r#"{"__proto__":{"a":1},"constructor":2,"toJSON":3,"json_class":"String","$ref":"a"}"#,
    // Empty and nested brackets.
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    r#"{"a":[],"b":{},"c":[[],{},[[]],{"d":[]}],"e":{"f":{}}}"#,
    r#"[1,[2,[3,{"a":[4,{"b":5}]}]],"x",null,true,false]"#,
    " [ 1 ,\t{ \"a\" : [ ] , \"b\" : { \"c\" : 2 } } ] ",
    "null",
    "true",
    r#""a""#,
    "75",
    r#"{"id":"evt_1","type":"lead.created","created_at":"2024-01-15T10:30:00Z","data":{"name":"Zoë O'Neil","phone":"+1 (555) 555-0142","price":350000.00,"url":"https://example.com/a?b=1&c=2"}}"#,
];

/// Compares the output of the program with that of `json_print`.
fn compare(program: &Program) {
    let version = match program.version() {
        Ok(version) => version,
        Err(why) => return skipped(program.test, &why),
    };
    let styles: Vec<_> = STYLES
        .iter()
        .filter(|style| style.code.starts_with(program.styles))
        .filter(|style| !(program.is_unsupported)(&version, style.code, ""))
        .collect();
    assert!(!styles.is_empty(), "{}", program.styles);
    let documents = documents();
    let printed = program.run(&styles, &documents);
    let mut differences = Vec::new();
    let (mut same, mut rejected) = (0, 0);
    let pairs = styles.iter().flat_map(|style| documents.iter().map(move |text| (style, text)));
    for ((style, text), expected) in pairs.zip(printed) {
        if (program.is_unsupported)(&version, style.code, text) {
            continue;
        }
        let json = read(text.as_bytes()).unwrap();
        let printed = print(&json, style);
        match expected {
            Some(expected) if expected == printed => {
                same += 1;
                let by = matching_styles(&json, &expected);
                assert!(by.iter().any(|by| by.code == style.code), "{}: {text}", style.code);
            }
            Some(expected) => differences.push(format!(
                "{}: {text}\n  expected {}\n  printed  {}",
                style.code,
                String::from_utf8_lossy(&expected).escape_debug(),
                String::from_utf8_lossy(&printed).escape_debug()
            )),
            // A document that cannot be printed cannot have been printed by the program either.
            None if printed == text.as_bytes() => {
                differences.push(format!("{}: {text}\n  is rejected", style.code));
            }
            None => rejected += 1,
        }
    }
    assert!(differences.is_empty(), "{} {version}:\n{}", program.test, differences.join("\n"));
    assert!(same > 9 * rejected && same > 80 * styles.len(), "{same} printed, {rejected} rejected");
}

#[test]
fn javascript_prints_the_same_bytes() {
    compare(&JAVASCRIPT);
}

#[test]
fn python_prints_the_same_bytes() {
    compare(&PYTHON);
}

#[test]
fn ruby_prints_the_same_bytes() {
    compare(&RUBY);
}

#[test]
fn rails_prints_the_same_bytes() {
    compare(&RAILS);
}

#[test]
fn php_prints_the_same_bytes() {
    compare(&PHP);
}

#[test]
fn go_prints_the_same_bytes() {
    compare(&GO);
}

#[test]
fn java_prints_the_same_bytes() {
    compare(&JAVA);
}

/// Returns the hostile documents and some generated ones, identical in each run.
fn documents() -> Vec<String> {
    let mut generator = Generator { state: 1 };
    let generated = (0..60).map(|_| generator.value(4));
    HOSTILE.iter().map(|text| (*text).to_owned()).chain(generated).collect()
}

/// A multiplicative generator is sufficient: many documents are needed, not unpredictable ones.
struct Generator {
    state: u64,
}

impl Generator {
    fn random_below(&mut self, sides: usize) -> usize {
        self.state =
            self.state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.state >> 33) as usize % sides
    }

    fn value(&mut self, depth: usize) -> String {
        match self.random_below(if depth == 0 { 4 } else { 8 }) {
            0 => ["null", "true", "false", "0"][self.random_below(4)].to_owned(),
            1 | 2 => self.number(),
            3 => self.string(),
            4 | 5 => {
                let elements: Vec<_> =
                    (0..self.random_below(5)).map(|_| self.value(depth - 1)).collect();
                format!("[{}]", elements.join(","))
            }
            _ => {
                let fields: Vec<_> = (0..self.random_below(6))
                    .map(|_| format!("{}:{}", self.string(), self.value(depth - 1)))
                    .collect();
                format!("{{{}}}", fields.join(","))
            }
        }
    }

    fn digits(&mut self, most: usize) -> String {
        (0..=self.random_below(most))
            .map(|_| char::from(b"0123456789"[self.random_below(10)]))
            .collect()
    }

    fn number(&mut self) -> String {
        let sign = ["", "", "-"][self.random_below(3)];
        let most = [4, 21][self.random_below(2)];
        let whole = self.digits(most);
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let fraction = if self.random_below(2) == 0 {
            String::new()
        } else {
            format!(".{}", self.digits(most.min(17)))
        };
        let exponent = match self.random_below(4) {
            0 => format!("e{}{}", ["", "+", "-"][self.random_below(3)], self.random_below(40)),
            _ => String::new(),
        };
        format!("{sign}{whole}{fraction}{exponent}")
    }

    fn string(&mut self) -> String {
        const PIECES: &[&str] = &[
            "a",
            "b",
            "Z",
            "0",
            "1",
            "7",
            " ",
            "/",
            "\\/",
            "\\n",
            "\\t",
            "\\\\",
            "\\\"",
            "<",
            ">",
            "&",
            "'",
            "=",
            "+",
            "`",
            "é",
            "\\u00e9",
            "😀",
            "\\ud83d\\ude00",
            "\u{2028}",
            "\\u2029",
            "\u{7f}",
            "\\u0001",
            "\\u001F",
            "\u{85}",
            "日本",
        ];
        let pieces: String =
            (0..self.random_below(5)).map(|_| PIECES[self.random_below(PIECES.len())]).collect();
        format!("\"{pieces}\"")
    }
}
