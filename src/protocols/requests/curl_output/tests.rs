use super::*;
use crate::domain::message::Message;

fn message(text: &str) -> Message {
    assert!(is_trace(text.as_bytes()), "{text}");
    read_trace(text.as_bytes()).unwrap().remove(0).1.unwrap().capture.message
}

#[test]
fn the_sent_bytes_are_read_from_a_trace() {
    let header = "B: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy";
    assert_eq!(header.len(), 64);
    let text = format!(
        "== Info:   Trying 127.0.0.1:1...\n=> Send header, 116 bytes (0x74)\n0000: POST /hooks HTTP/1.1\n\
         0016: A: 1\n001c: {header}\n005e: Content-Length: 70\n0072: \n\
         => Send data, 70 bytes (0x46)\n0000: {}\n0040: 0: <= x\n\
         <= Recv header, 17 bytes (0x11)\n0000: HTTP/1.1 200 OK\n<= Recv data, 2 bytes (0x2)\n0000: ok\n",
        "x".repeat(64)
    );
    for time in ["", "10:11:12.123456 "] {
        let text =
            text.replace("\n=>", &format!("\n{time}=>")).replace("\n<=", &format!("\n{time}<="));
        let message = message(&text);
        assert_eq!(message.body, format!("{}0: <= x", "x".repeat(64)), "{text}");
        assert_eq!(message.headers.get_str("B"), Some(&header[3..]), "{text}");
    }
}

#[test]
fn a_trace_in_hex_digits_has_every_byte() {
    let text = "=> Send header, 24 bytes (0x18)\n\
        0000: 50 4f 53 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d POST / HTTP/1.1.\n\
        0010: 0a 41 3a 20 31 0d 0a 0d 0a                      .A: 1....\n\
        => Send data, 3 bytes (0x3)\n\
        0000: c3 ab 0a                                        ...\n";
    let message = message(text);
    assert_eq!((message.target.as_str(), &message.body[..]), ("/", "ë\n".as_bytes()));
}

#[test]
fn verbose_output_alone_has_no_body() {
    for text in [
        "* Connected to a\n> POST / HTTP/1.1\n> A: 1\n>\n< HTTP/1.1 200 OK\n",
        "> POST / HTTP/2\n> A: 1\n",
    ] {
        assert!(is_verbose(text.as_bytes()) && !is_trace(text.as_bytes()), "{text}");
        let error = read_verbose(text.as_bytes()).unwrap_err();
        assert!(error.contains("`curl -v`, which does not contain the body"), "{error}");
        assert!(error.contains("`curl --trace-ascii -`"), "{error}");
    }
    for text in ["* a list\n", "> POST is quoted\n", "POST / HTTP/1.1\n> POST / HTTP/1.1\n"] {
        assert!(!is_verbose(text.as_bytes()), "{text}");
    }
}
