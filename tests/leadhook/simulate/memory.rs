//! Memory use of a stream of leads.

use crate::support::{amount, objects, peak, print_figure};
use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

#[test]
fn ten_million_leads_with_follow_ups_stay_under_a_gibibyte() {
    let leads = amount(20_000_u64, 10_000_000);
    for (then, more) in [
        (&["--then", "activity_added=5m"][..], &["--capacity", "100/s"][..]),
        (&["--then", "activity_added=5m", "--then", "updated=1h"], &["--capacity", "100/s"]),
        (&["--then", "activity_added=5m"], &["--outage", "0s..1h", "--capacity", "1000/s"]),
    ] {
        let run = leadhook!("simulate created --format json --count {}", leads);
        let (mut command, _dir) = run.args(then).args(more).command();
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut greatest = None;
        while child.try_wait().unwrap().is_none() {
            greatest = peak(child.id()).or(greatest);
            std::thread::sleep(Duration::from_millis(5));
        }
        let mut text = String::new();
        child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        let messages = leads * (1 + then.len() as u64 / 2);
        let totals = objects(&text).remove(0)["totals"].take();
        assert_eq!(totals["messages"], messages, "{then:?} {more:?}: {totals}");
        if amount(false, true)
            && let Some(bytes) = greatest
        {
            print_figure(&format!("{messages} messages, {more:?}: {} MiB", bytes >> 20));
            assert!(bytes < 1 << 30, "{then:?} {more:?}: {bytes} bytes");
        }
    }
}
