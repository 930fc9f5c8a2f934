//! Tests with commands as browsers and people write them. The integration tests compare the results
//! with the requests that `curl` itself sends, if it is installed.

use super::*;
use crate::domain::message::Message;
use crate::protocols::requests::parsed::ParsedRequest;

fn message(text: &str) -> Message {
    let mut requests = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(requests.len(), 1, "{text}");
    let (_, request) = requests.remove(0);
    request.unwrap_or_else(|error| panic!("{text}: {error}")).capture.message
}

fn error(text: &str) -> String {
    match read(text.as_bytes()) {
        Err(error) => error,
        Ok(mut requests) => {
            let (_, request) = requests.remove(0);
            request.map(|parsed| parsed.capture).unwrap_err()
        }
    }
}

/// Returns the body of each request of a text, or the reason why the request is invalid.
fn bodies(text: &str) -> Vec<Result<Vec<u8>, String>> {
    let requests = read(text.as_bytes()).unwrap();
    let body = |parsed: ParsedRequest| parsed.capture.message.body.to_vec();
    requests.into_iter().map(|(_, request)| request.map(body)).collect()
}

fn header_lines(message: &Message) -> Vec<String> {
    let headers = message.headers.iter();
    headers.map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value))).collect()
}

#[test]
fn words_are_split_like_in_a_shell() {
    for (data, body) in [
        (r"'a'\''b'", "a'b"),
        (r#""a\"b\\c\$d\`e\x""#, r#"a"b\c$d`e\x"#),
        ("\"a\\\nb\"", "ab"),
        ("'a\\\nb'", "a\\\nb"),
        (r"a\ b", "a b"),
        ("a\"b c\"'d e'", "ab cd e"),
        (r"$'\x41\102\u00e9\U0001f600\t\n\\\'\e'", "AB\u{e9}\u{1f600}\t\n\\'\u{1b}"),
        (r"$'\ud83d\ude00\u0021'", "\u{1f600}!"),
        ("$'a b'\"c\"", "a bc"),
        ("''", ""),
        ("'$HOME `x` # ; &'", "$HOME `x` # ; &"),
        ("a#b", "a#b"),
        ("$", "$"),
        ("\\\r\n  x", "x"),
    ] {
        assert_eq!(
            message(&format!("curl example.com --data-raw {data}")).body,
            body.as_bytes(),
            "{data}"
        );
    }
    assert_eq!(message(r"curl example.com -d $'\xff\0'").body, b"\xff\0"[..]);
}

#[test]
fn several_data_options_form_one_body() {
    for (options, body) in [
        ("-d a -d b", "a&b"),
        ("-d '' -d b", "b"),
        ("-da --data=b --data-ascii c", "a&b&c"),
        ("-d 'a\nb'", "a\nb"),
        ("--data-raw @a", "@a"),
        ("--json '{\"a\":' --json '1}'", "{\"a\":1}"),
        ("--data-urlencode 'a b&c'", "a+b%26c"),
        ("--data-urlencode '=a='", "a%3D"),
        ("--data-urlencode 'a b=c d'", "a b=c+d"),
        ("-d a --data-urlencode \u{e9}", "a&%C3%A9"),
    ] {
        assert_eq!(
            message(&format!("curl example.com {options}")).body,
            body.as_bytes(),
            "{options}"
        );
    }
}

#[test]
fn headers_are_those_that_curl_sends() {
    // Without `User-Agent` and `Accept: */*`, which `curl` adds to every request on its own.
    for (options, expected) in [
        ("", vec!["Host: example.com"]),
        ("-d a", vec!["Host: example.com", "Content-Type: application/x-www-form-urlencoded"]),
        (
            "-d a -H 'content-type: text/plain'",
            vec!["Host: example.com", "content-type: text/plain"],
        ),
        ("-d a -H content-type:", vec!["Host: example.com"]),
        ("-H Host:x -H 'A;' -H 'B: ' -H C", vec!["Host: x", "A: "]),
        ("-H A:1 -HA:2 -H 'A:'", vec!["Host: example.com", "A: 1", "A: 2"]),
        ("-H Host:", vec![]),
        (
            "-u a:b -A me -e you",
            vec![
                "Host: example.com",
                "Authorization: Basic YTpi",
                "User-Agent: me",
                "Referer: you",
            ],
        ),
        ("-b a=1 -b b=2 -b file", vec!["Host: example.com", "Cookie: a=1;b=2"]),
        (
            "--json 1",
            vec!["Host: example.com", "Accept: application/json", "Content-Type: application/json"],
        ),
        (
            "--json 1 -H 'accept: */*'",
            vec!["Host: example.com", "accept: */*", "Content-Type: application/json"],
        ),
        ("--oauth2-bearer t", vec!["Host: example.com", "Authorization: Bearer t"]),
    ] {
        assert_eq!(
            header_lines(&message(&format!("curl example.com {options}"))),
            expected,
            "{options}"
        );
    }
    assert_eq!(
        header_lines(&message("curl http://a:b@example.com"))[1],
        "Authorization: Basic YTpi"
    );
}

#[test]
fn the_method_and_the_target_follow_the_options() {
    for (options, method, target) in [
        ("example.com/a", "GET", "/a"),
        ("-d a example.com/a?b", "POST", "/a?b"),
        ("-sSX PUT -d a example.com", "PUT", "/"),
        ("-XPUT --url=http://example.com/x#y", "PUT", "/x"),
        ("-I example.com", "HEAD", "/"),
        ("-G -d a=1 -d b=2 example.com/x", "GET", "/x?a=1&b=2"),
        ("-G -d a=1 example.com/x?y", "GET", "/x?y&a=1"),
        ("--url-query 'a=b c' example.com/x -d d", "POST", "/x?a=b+c"),
        ("--request-target '*' -X OPTIONS example.com", "OPTIONS", "*"),
        (
            "-kLs --max-time 5 -o out --no-buffer --compressed --resolve a:1:b example.com/a",
            "GET",
            "/a",
        ),
        ("-- example.com/a", "GET", "/a"),
        ("'http://example.com/{a}[1-2]'", "GET", "/{a}[1-2]"),
    ] {
        let message = message(&format!("curl {options}"));
        assert_eq!(
            (message.method.as_str(), message.target.as_str()),
            (method, target),
            "{options}"
        );
    }
}

#[test]
fn a_command_that_chrome_copies_for_cmd_exe_is_read() {
    let text = "curl ^\"https://example.com/a?b=c^&d=^%^41^\" ^\r\n  -H ^\"x-a: ^\\^\"1^\\^\"^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"b^\\^\\c^\\^\\^\\^\"d^^e^\n\n!^}^\"";
    let message = message(text);
    assert_eq!(message.target, "/a?b=c&d=%41");
    assert_eq!(message.headers.get_str("x-a"), Some("\"1\""));
    assert_eq!(String::from_utf8_lossy(&message.body), "{\"a\":\"b\\c\\\"d^e\n!}");
    let two = "curl ^\"http://example.com/1^\" ^\n -d a &\ncurl ^\"http://example.com/2^\" ^\n -d \"{\\\"a\\\":1}\"";
    assert_eq!(bodies(two), [Ok(b"a".to_vec()), Ok(b"{\"a\":1}".to_vec())]);
}

#[test]
fn a_body_from_a_pipe_is_decoded() {
    for (text, body) in [
        (
            "printf %s eyJhIjoxfQ== | base64 -d | curl -g -X POST 'http://x/' \\\n  --data-binary @-",
            b"{\"a\":1}".as_slice(),
        ),
        ("printf '%s' '{\n}' | curl x -d @-", b"{}"),
        ("echo -n '{\n}' | curl x --json @-", b"{\n}"),
        ("echo eyJhIjoxfQ== | base64 --decode | curl x --data-binary @- | jq .", b"{\"a\":1}"),
    ] {
        assert_eq!(message(text).body, body, "{text}");
    }
}

#[test]
fn an_echo_is_accepted_if_all_shells_print_the_same() {
    for (words, expected) in [
        (r#"-e '{"a":1}'"#, "`echo -e`, which"),
        ("-E a", "`echo -E`, which"),
        ("-ne a", "`echo -ne`, which"),
        ("-n -n a", "`echo -n -n`, which"),
        ("-n -e a", "`echo -n -e`, which"),
        (r#"'{"a":"\n"}'"#, r"an `echo` of a string with `\`, which"),
        (r"-n a \\", r"an `echo` of a string with `\`, which"),
    ] {
        let error = error(&format!("echo {words} | curl x --data-binary @-"));
        assert!(error.contains(expected), "{words}: {error}");
        assert!(error.ends_with("expected `printf %s TEXT`"), "{words}: {error}");
    }
    for (words, body) in [
        ("a -e", "a -e\n"),
        ("-n a -n", "a -n"),
        ("-1", "-1\n"),
        ("-", "-\n"),
        ("-nx a", "-nx a\n"),
        ("-n", ""),
        ("", "\n"),
    ] {
        let message = message(&format!("echo {words} | curl x --data-binary @-"));
        assert_eq!(message.body, body.as_bytes(), "{words}");
    }
}

#[test]
fn a_pipe_is_read_once() {
    for (options, body) in [
        ("-d @- -d @-", "ab&"),
        ("-d @- -d c -d @-", "ab&c&"),
        ("--json @- --json @-", "ab"),
        ("--data-urlencode @- --data-urlencode x@-", "ab&"),
    ] {
        assert_eq!(message(&format!("printf %s ab | curl x {options}")).body, body.as_bytes());
    }
    let bodies = bodies("printf %s ab | curl x -d @- --next y -d @-");
    assert_eq!(bodies, [Ok(b"ab".to_vec()), Ok(Vec::new())]);
    // Otherwise half a megabyte would become a body of 30 GB.
    let text = format!("echo {} | curl x{}", "a".repeat(500_000), " -d @-".repeat(60_000));
    assert_eq!(message(&text).body.len(), 500_000 + 59_999);
}

#[test]
fn every_curl_command_is_parsed_and_others_are_skipped() {
    let text = "# two\n$ curl x -d 1 > out 2>&1\ncd /tmp; /usr/bin/curl y -d 2 | jq . && curl.exe z -d 3 --next w -d 4 &>log\n";
    assert_eq!(bodies(text), ["1", "2", "3", "4"].map(|body| Ok(body.into())));
}

#[test]
fn digits_before_a_redirection_are_a_value_if_bash_treats_them_as_one() {
    for (data, body) in [
        ("'123'>out", "123"),
        ("\"123\">out", "123"),
        ("$'123'>out", "123"),
        (r"\123>out", "123"),
        ("1''2>out", "12"),
        ("''>out", ""),
        ("\"\"2>out", "2"),
        ("''<in", ""),
        // Too large for a file descriptor, which is an `int`.
        ("18085550100>out", "18085550100"),
        ("'1' 2>out", "1"),
        ("a 1\\\n2>out", "a"),
        ("a 2>&1>out", "a"),
    ] {
        assert_eq!(message(&format!("curl x -d {data}")).body, body.as_bytes(), "{data}");
    }
    assert!(error("curl x -d 123>out").contains("expected a value after `-d`"));
}

#[test]
fn a_redirection_without_a_file_does_not_hide_the_next_command() {
    let problem = "it has a redirection without a file, expected its name at line 1";
    for text in [
        "curl x -d a >\ncurl y -d b",
        "curl x -d a > # out\ncurl y -d b",
        "curl x -d a 2>; curl y -d b",
        "curl x -d a > && curl y -d b",
        "curl x -d a > | jq .\ncurl y -d b",
        "curl x -d a > > out\ncurl y -d b",
        "curl x -d a <\ncurl y -d b",
    ] {
        assert_eq!(bodies(text), [Err(problem.to_owned()), Ok("b".into())], "{text}");
    }
    assert_eq!(error("curl x -d a >"), problem);
    assert_eq!(message("ls >\ncurl y -d b").body, "b");
    // The file of the redirection is a process substitution.
    assert_eq!(message("curl x -d a > >(tee out) 2> >(cat)").body, "a");
}

#[test]
fn a_value_that_looks_like_next_does_not_start_another_request() {
    for body in ["-:", "--next", "--"] {
        assert_eq!(message(&format!("curl x --data-binary '{body}'")).body, body.as_bytes());
    }
    let bodies = bodies("curl x -d 1 -: --next y --data-ascii --next --no-such --next z -d 3");
    let bodies: Vec<_> = bodies.into_iter().map(|body| body.map_err(drop)).collect();
    assert_eq!(bodies, [Ok("1".into()), Err(()), Ok("3".into())]);
}

#[test]
fn unsupported_commands_are_errors() {
    for (text, expected) in [
        (
            "curl x -d @body.json",
            "in the file `body.json`, expected it in the text: pass it with `--body",
        ),
        ("curl x -d @-", "comes from a pipe"),
        ("cat f | curl x -d @-", "comes from a pipe"),
        ("curl x -F a=b", "`-F` creates a multipart body"),
        ("curl x -T f", "`-T` names a file"),
        ("curl x -H @f", "headers are in a file"),
        ("curl x -H \"A: $TOKEN\"", "the variable `$TOKEN`, expected its value at line 1"),
        ("curl x \\\n -d ${A}", "the variable `$A`, expected its value at line 2"),
        ("curl x -d `date`", "a command in backquotes"),
        ("curl x -d @<(date)", "a command in `<(…)`"),
        ("curl x -d @- <<EOF\n{}\nEOF", "a here document"),
        ("curl x --nonsense", "`--nonsense` is not a known option of `curl`"),
        ("curl x -sJ~", "`-~` is not a known option of `curl`"),
        ("curl x y", "several URLs"),
        ("curl -d a", "expected a URL"),
        ("curl x -d", "expected a value after `-d`"),
        ("curl x \\\n -d 'a\nb", "closing `'` for the one at line 2"),
        ("curl x -d \"a", "closing `\"` for the one at line 1"),
        (r"curl x -d $'\ud800'", "expected a character after `\\u`"),
    ] {
        let error = error(text);
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn every_letter_is_a_known_short_option() {
    // `curl` has an option for every letter but `W`.
    for name in ('!'..='~').filter(char::is_ascii_alphabetic) {
        assert!(options::find_short(name).is_some() || name == 'W', "-{name}");
    }
    assert_eq!(options::find_short('\0'), None);
    assert_eq!(options::find_long("no-such"), None);
    assert_eq!(options::find_long("no-keepalive"), Some(options::OptionEffect::IgnoredFlag));
}
