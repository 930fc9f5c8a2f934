//! A system clock at both ends of the representable range, and beyond them.

use crate::in_process::{RunningInProcess, run_in, sealed};
use crate::support::address_of;
use jiff::Timestamp;
use leadhook::io::environment::{Environment, Signal};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

/// 1 January 10000.
fn after_range() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800)
}

/// A time before the year -9999.
fn before_range() -> SystemTime {
    SystemTime::UNIX_EPOCH - Duration::from_secs(377_705_116_801)
}

/// The last representable second.
fn end_of_range() -> SystemTime {
    SystemTime::from(Timestamp::MAX)
}

/// The first representable second.
fn start_of_range() -> SystemTime {
    SystemTime::from(Timestamp::MIN)
}

/// Runs of every command that reads the clock, and of some that do not.
const RUNS: [&[&str]; 9] = [
    &["send", "realgeeks:created", ":1", "--dry-run", "--secret", "s3cret"],
    &["send", "leadpro:lead.created", ":1", "--dry-run", "--secret", "s3cret", "--seed", "7"],
    &["sign", "-", "-p", "leadpro", "--secret", "s3cret"],
    &["verify", "-", "-p", "leadpro", "--secret", "s3cret"],
    &["simulate", "realgeeks:created"],
    &["simulate", "realgeeks:created", "--events", "9/h", "--for", "2h", "--outage", "1h..2h"],
    &["listen", ":0", "--timeout", "1ms", "--secret", "s3cret"],
    &["check", ":1", "--secret", "s3cret"],
    &["events"],
];

fn env(clock: fn() -> SystemTime) -> Environment {
    let body = r#"{"headers":{"Authorization":"a.b.c"},"body":"{}"}"#;
    sealed(&[]).with_system_clock(clock).with_stdin(body)
}

#[test]
fn a_clock_outside_the_range_is_an_error_in_every_command() {
    for clock in [after_range, before_range] {
        for args in RUNS {
            let outcome = run_in(env(clock), args).exits(2, &args.join(" "));
            let expected = "error: the system clock is out of range: expected a year from -9999 to 9999\n\
                        hint: set the clock of this machine\n";
            assert_eq!(
                (outcome.stdout.as_str(), outcome.stderr.as_str()),
                ("", expected),
                "{args:?}"
            );
        }
        // Commands that do not need the clock work.
        run_in(env(clock), &["--help"]).exits(0, "help");
        run_in(env(clock), &["completions", "bash"]).exits(0, "completions");
    }
}

#[test]
fn no_command_panics_at_either_end_of_the_clock() {
    for clock in [end_of_range, start_of_range] {
        for args in RUNS {
            let outcome = run_in(env(clock), args);
            assert!(!outcome.stderr.contains("panicked"), "{args:?} {outcome:?}");
            assert!(!matches!(outcome.exit, 2 | 101), "{args:?} {outcome:?}");
        }
    }
}

#[test]
fn a_clock_that_leaves_the_range_does_not_stop_responses() {
    static LEFT: AtomicBool = AtomicBool::new(false);
    fn clock() -> SystemTime {
        if LEFT.load(Ordering::Relaxed) { after_range() } else { SystemTime::UNIX_EPOCH }
    }
    let args = ["listen", ":0", "--secret", "s3cret", "--format", "json"];
    let running = RunningInProcess::start_in(sealed(&[]).with_system_clock(clock), &args);
    let exchange = |body: &str| {
        let mut stream = TcpStream::connect(address_of(&running.url)).unwrap();
        let length = body.len();
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: x\r\nX-Lead-Router-Action: created\r\nConnection: close\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    };
    let response = exchange("{}");
    assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    assert!(response.contains("\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"), "{response}");
    LEFT.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        let response = exchange("{}");
        assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
        assert!(!response.to_lowercase().contains("\r\ndate:"), "{response}");
    }
    running.signal(Signal::Terminate);
    let (exit, _, stderr) = running.wait();
    assert_eq!(exit, 143, "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
}
