//! Processing time grows linearly with the input size.
#![no_main]

use leadhook::protocols::{json, json_print, requests};
use libfuzzer_sys::fuzz_target;
use oracles::growth::repeated;
use oracles::signatures;
use std::time::{Duration, Instant};

/// The number of bytes of the smaller input.
const SIZE: usize = 256 << 10;

/// The size ratio of the larger input to the smaller one.
const RATIO: usize = 4;

/// The minimum duration that is compared; shorter ones are noise.
const MIN_DURATION: Duration = Duration::from_millis(150);

/// The maximum ratio of the durations: linear work takes 4 times as long, quadratic 16 times.
const MAX_RATIO: u32 = 10;

fuzz_target!(|bytes: &[u8]| in_proportion(bytes));

/// Asserts that parsing four times as many repeated parts takes at most ten times as long.
fn in_proportion(bytes: &[u8]) {
    let (small, large) = (repeated(bytes, SIZE), repeated(bytes, RATIO * SIZE));
    let (Some(small), Some(large)) = (small, large) else { return };
    let operations: [fn(&[u8]); 3] = [parse, print, signatures::verdict];
    for operation in operations {
        if duration(operation, &large) < MIN_DURATION {
            continue;
        }
        // The machine may be busy: the shorter of two measurements is less affected.
        let shortest = |input| (0..2).map(|_| duration(operation, input)).min().unwrap_or_default();
        let (shorter, longer) = (shortest(&small), shortest(&large));
        assert!(
            longer < MIN_DURATION || longer < shorter * MAX_RATIO,
            "{shorter:?}, but {longer:?} for {RATIO} times the input"
        );
    }
}

fn duration(operation: fn(&[u8]), input: &[u8]) -> Duration {
    let start = Instant::now();
    operation(input);
    start.elapsed()
}

fn parse(bytes: &[u8]) {
    let _ = requests::read(bytes);
    let _ = json::read(bytes);
}

fn print(bytes: &[u8]) {
    let Ok(document) = json::read(bytes) else { return };
    let _ = json::find_ambiguities(&document);
    let _ = json::differences(&document, &document);
    let _ = json_print::matching_styles(&document, bytes);
}
