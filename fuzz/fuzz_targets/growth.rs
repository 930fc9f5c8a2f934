//! The time that an input takes grows as its size does.
#![no_main]

use leadhook::protocols::{json, json_print, requests};
use libfuzzer_sys::fuzz_target;
use oracles::growth::repeated;
use oracles::signatures;
use std::time::{Duration, Instant};

/// Bytes of the smaller input.
const SIZE: usize = 256 << 10;

/// How many times as large the other one is.
const TIMES: usize = 4;

/// What takes less is not worth a look.
const WORTH: Duration = Duration::from_millis(150);

/// How many times as long the other one may take: work in proportion takes 4 times as long, that
/// of the square 16 times.
const MOST: u32 = 10;

fuzz_target!(|bytes: &[u8]| in_proportion(bytes));

/// What is read of four times as many repeated parts takes no more than ten times as long.
fn in_proportion(bytes: &[u8]) {
    let (small, large) = (repeated(bytes, SIZE), repeated(bytes, TIMES * SIZE));
    let (Some(small), Some(large)) = (small, large) else { return };
    let works: [fn(&[u8]); 3] = [parse, print, signatures::verdict];
    for work in works {
        if took(work, &large) < WORTH {
            continue;
        }
        // A machine has other things to do: the lesser of two is what the work itself takes.
        let least = |input| (0..2).map(|_| took(work, input)).min().unwrap_or_default();
        let (once, more) = (least(&small), least(&large));
        assert!(
            more < WORTH || more < once * MOST,
            "{once:?}, and {more:?} for {TIMES} times that"
        );
    }
}

fn took(work: fn(&[u8]), input: &[u8]) -> Duration {
    let start = Instant::now();
    work(input);
    start.elapsed()
}

fn parse(bytes: &[u8]) {
    let _ = requests::read(bytes);
    let _ = json::read(bytes);
}

fn print(bytes: &[u8]) {
    let Ok(document) = json::read(bytes) else { return };
    let _ = json::oddities(&document);
    let _ = json::differences(&document, &document);
    let _ = json_print::printed_by(&document, bytes);
}
