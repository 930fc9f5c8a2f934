//! Reader and writer for the journal of a simulation: attempts and their results, as JSON Lines.
//!
//! The first line identifies the run. Each attempt has one line before it starts and one after it
//! has completed, so that no attempt is repeated even if the process is killed.

use crate::domain::delivery::AttemptResult;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The version of the format.
const SCHEMA_VERSION: u64 = 1;

/// The prefix of the first line.
const JOURNAL_PREFIX: &str = "{\"schema_version\":1,\"kind\":\"journal\"";

/// Identifies the run that a journal belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The digest of everything that the run depends on.
    pub digest: String,
    /// The seed of the RNG.
    pub seed: u64,
    /// The time at which the first message of the run was due.
    pub started_at: Timestamp,
}

/// Identifies one attempt of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptNumber {
    /// The index of the lead, counted from 0.
    pub lead: u32,
    /// The index of the message: 0 for the lead itself, from 1 on for its follow-ups.
    #[serde(rename = "place")]
    pub message_index: u32,
    /// The number of the attempt, counted from 1.
    pub attempt: u32,
}

/// A line after the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalEntry {
    /// The attempt is about to start.
    Started(AttemptNumber),
    /// The attempt has completed.
    Completed {
        /// The attempt.
        number: AttemptNumber,
        /// The result.
        result: AttemptResult,
        /// The time of the result, in microseconds since the start of the run.
        completed_us: u64,
    },
}

/// The content of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// The run.
    pub header: Header,
    /// The attempts, in the order in which they were written.
    pub entries: Vec<JournalEntry>,
}

/// The result of reading a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadJournal {
    /// The content, or `None` if not even the first line is complete.
    pub journal: Option<Journal>,
    /// The number of bytes up to the last newline. Anything after it is an incomplete line.
    pub complete_len: usize,
}

/// An error in a journal.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalError {
    /// The file is not a journal.
    #[error("line 1 is not the first line of a journal")]
    NotAJournal,
    /// A line that is not the last one cannot be parsed.
    #[error("line {0} is damaged")]
    Damaged(usize),
}

#[derive(Serialize, Deserialize)]
struct HeaderLine {
    schema_version: u64,
    kind: String,
    #[serde(flatten)]
    header: Header,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine {
    kind: Kind,
    lead: u32,
    place: u32,
    attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_answer: Option<JournalFailure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_us: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Begun,
    Made,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum JournalFailure {
    Timeout,
    Unreachable,
}

/// Serializes the first line, including its newline.
pub fn header_line(header: &Header) -> serde_json::Result<String> {
    let kind = "journal".to_owned();
    let line = HeaderLine { schema_version: SCHEMA_VERSION, kind, header: header.clone() };
    serde_json::to_string(&line).map(|line| line + "\n")
}

/// Serializes the line of an entry, including its newline.
pub fn entry_line(entry: &JournalEntry) -> serde_json::Result<String> {
    let line = match *entry {
        JournalEntry::Started(AttemptNumber { lead, message_index: place, attempt }) => EntryLine {
            kind: Kind::Begun,
            lead,
            place,
            attempt,
            status: None,
            no_answer: None,
            known_us: None,
        },
        JournalEntry::Completed {
            number: AttemptNumber { lead, message_index: place, attempt },
            result: answer,
            completed_us: known_us,
        } => EntryLine {
            kind: Kind::Made,
            lead,
            place,
            attempt,
            status: answer.status(),
            no_answer: match answer {
                AttemptResult::Status(_) => None,
                AttemptResult::Timeout => Some(JournalFailure::Timeout),
                AttemptResult::Unreachable => Some(JournalFailure::Unreachable),
            },
            known_us: Some(known_us),
        },
    };
    serde_json::to_string(&line).map(|line| line + "\n")
}

/// Parses a journal. The last line may be incomplete; an error in any other line is reported.
pub fn read(bytes: &[u8]) -> Result<ReadJournal, JournalError> {
    // The whole prefix is required: the caller truncates incomplete journals, and must not truncate
    // another file that only begins with `{`.
    if !bytes.is_empty() && !bytes.starts_with(JOURNAL_PREFIX.as_bytes()) {
        return Err(JournalError::NotAJournal);
    }
    // A line without a newline was not written completely.
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut lines = bytes[..whole].split_inclusive(|byte| *byte == b'\n').zip(1..);
    let Some((first, _)) = lines.next() else {
        return Ok(ReadJournal { journal: None, complete_len: 0 });
    };
    let first: HeaderLine = serde_json::from_slice(first).map_err(|_| JournalError::NotAJournal)?;
    let entries =
        lines.map(|(line, number)| parse_entry(line).ok_or(JournalError::Damaged(number)));
    let journal = Journal { header: first.header, entries: entries.collect::<Result<_, _>>()? };
    Ok(ReadJournal { journal: Some(journal), complete_len: whole })
}

fn parse_entry(line: &[u8]) -> Option<JournalEntry> {
    let EntryLine { kind, lead, place, attempt, status, no_answer, known_us } =
        serde_json::from_slice(line).ok()?;
    let number = AttemptNumber { lead, message_index: place, attempt };
    let answer = match (status, no_answer) {
        (Some(status), None) => Some(AttemptResult::Status(status)),
        (None, Some(JournalFailure::Timeout)) => Some(AttemptResult::Timeout),
        (None, Some(JournalFailure::Unreachable)) => Some(AttemptResult::Unreachable),
        (None, None) => None,
        (Some(_), Some(_)) => return None,
    };
    match (kind, answer, known_us) {
        (Kind::Begun, None, None) => Some(JournalEntry::Started(number)),
        (Kind::Made, Some(answer), Some(known_us)) => {
            Some(JournalEntry::Completed { number, result: answer, completed_us: known_us })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn journal() -> Journal {
        let number = |attempt| AttemptNumber { lead: 0, message_index: 1, attempt };
        let completed = |attempt, answer| JournalEntry::Completed {
            number: number(attempt),
            result: answer,
            completed_us: 7_000_000,
        };
        Journal {
            header: Header {
                digest: "ab12".to_owned(),
                seed: u64::MAX,
                started_at: "2026-01-02T03:04:05.678Z".parse().unwrap(),
            },
            entries: vec![
                JournalEntry::Started(number(1)),
                completed(1, AttemptResult::Status(503)),
                JournalEntry::Started(number(2)),
                completed(2, AttemptResult::Timeout),
                JournalEntry::Started(number(3)),
                completed(3, AttemptResult::Unreachable),
                JournalEntry::Started(number(4)),
            ],
        }
    }

    fn text(journal: &Journal) -> String {
        let entries = journal.entries.iter().map(|entry| entry_line(entry).unwrap());
        std::iter::once(header_line(&journal.header).unwrap()).chain(entries).collect()
    }

    #[test]
    fn a_written_journal_is_read() {
        let text = text(&journal());
        assert!(text.starts_with(JOURNAL_PREFIX), "{text}");
        let read = read(text.as_bytes()).unwrap();
        assert_eq!((read.journal, read.complete_len), (Some(journal()), text.len()));
    }

    #[test]
    fn a_truncated_journal_has_its_complete_lines() {
        let text = text(&journal());
        for end in 0..text.len() {
            let read = read(&text.as_bytes()[..end]);
            if (1..JOURNAL_PREFIX.len()).contains(&end) {
                assert_eq!(read, Err(JournalError::NotAJournal), "{end}: may be another file");
                continue;
            }
            let read = read.unwrap();
            let lines = text[..end].matches('\n').count();
            assert_eq!(read.journal.map_or(0, |journal| 1 + journal.entries.len()), lines, "{end}");
            assert!(
                text[..read.complete_len].len() <= end
                    && !text[read.complete_len..end].contains('\n')
            );
        }
    }

    #[test]
    fn a_damaged_line_before_the_last_is_an_error() {
        let text = text(&journal());
        let lines: Vec<_> = text.lines().collect();
        let completed = lines[2];
        for invalid in [
            "",
            "{}",
            "x",
            &completed.replace("\"status\":503,", ""),
            &completed.replace("made", "begun"),
            &completed.replace("503", "\"503\""),
            &completed.replace("\"lead\":0", "\"lead\":-1"),
        ] {
            let damaged = text.replacen(completed, invalid, 1);
            assert_eq!(read(damaged.as_bytes()), Err(JournalError::Damaged(3)), "{invalid}");
        }
        for other in
            ["hello", "{\"kind\":\"capture\"}\n", "{\"schema_version\":2,\"kind\":\"journal\"}\n"]
        {
            assert_eq!(read(other.as_bytes()), Err(JournalError::NotAJournal), "{other}");
        }
        let other = text.replacen("\"seed\"", "\"feed\"", 1);
        assert_eq!(read(other.as_bytes()), Err(JournalError::NotAJournal));
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
            let _ = read(&[JOURNAL_PREFIX.as_bytes(), &bytes].concat());
        }
    }
}
