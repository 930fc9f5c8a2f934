//! Reader for JSON documents: finds the requests in them, at any depth.
//!
//! The formats of tools differ most in what they wrap a request in, so there is no code for each
//! wrapper: an object with headers is a request, wherever it is. Only a value that may be a received
//! body needs care, see [`search`].

mod embedded;
mod same_value;
mod search;

use crate::protocols::capture_file;
use crate::protocols::json::Json;
use crate::protocols::requests::har;
use crate::protocols::requests::json_document::search::{Candidate, Search};
use crate::protocols::requests::parsed::{
    ParsedRequest, ReadRequest, ReadResults, RequestLocation, is_bodiless,
};

/// Fields of a document with a list of requests, each of which is an entry: `webhook.site`, ngrok's
/// agent, `WireMock`, Postman.
const LISTS: &[&str] = &["requests", "data", "items", "item", "entries", "events", "results"];

/// The reason why a document without a request is none.
pub(super) const NO_HEADERS: &str = "`headers` is missing";

/// The maximum number of pointers in a message.
const MAX_NAMED: usize = 8;

/// Parses every request of a document.
pub(super) fn read(document: &Json) -> ReadResults {
    if let Some(archive) = har::read(document) {
        return archive;
    }
    let list = document
        .as_array()
        .or_else(|| LISTS.iter().find_map(|name| document.get(name)?.as_array()));
    let found = find(document)?;
    if found.is_empty() {
        return match list {
            Some([]) => Err("its list of requests is empty, expected at least one".to_owned()),
            Some([first, ..]) if document.as_array().is_some() => Err(why_not(first)),
            _ => Err(why_not(document)),
        };
    }
    let found = with_invalid_entries(document, found);
    let found = without_bodiless(found);
    let count = document.as_array().map(<[_]>::len);
    Ok(found.into_iter().map(|candidate| (candidate.location(count), candidate.read)).collect())
}

/// Parses a document with one request.
pub(super) fn read_one(document: &Json) -> ReadRequest {
    read_any(document).unwrap_or_else(|| Err(why_not(document)))
}

/// Parses a document with one request, or returns `None` if nothing in it has headers.
pub(super) fn read_any(document: &Json) -> Option<ReadRequest> {
    let mut found = match find(document) {
        Ok(found) => found,
        Err(reason) => return Some(Err(reason)),
    };
    if found.len() > 1 {
        let pointers = found.iter().map(|candidate| candidate.pointer.as_str());
        let count = pointers.len();
        let reason = format!("it holds {count} requests, at {}, expected one", join(pointers));
        return Some(Err(reason));
    }
    let Candidate { pointer, read, .. } = found.pop()?;
    Some(match read {
        Ok(parsed) => Ok(ParsedRequest { pointer, ..parsed }),
        Err(reason) if pointer.is_empty() => Err(reason),
        Err(reason) => Err(format!("at `{pointer}`: {reason}")),
    })
}

/// Finds the requests of a document: one, or those of one list.
///
/// # Errors
///
/// Returns an error with the pointers of all if they are different requests of different fields.
fn find(document: &Json) -> Result<Vec<Candidate>, String> {
    let mut found = Search::new(document).run()?;
    let Some(first) = found.first() else { return Ok(found) };
    if found.iter().all(|candidate| candidate.pattern == first.pattern) {
        return Ok(found);
    }
    let is_same = |other: &Candidate| match (&first.read, &other.read) {
        (Ok(left), Ok(right)) => left.capture.message == right.capture.message,
        _ => false,
    };
    // Workflow tools repeat the request in the input of every step.
    if found.iter().all(is_same) {
        found.truncate(1);
        return Ok(found);
    }
    let pointers = found.iter().map(|candidate| candidate.pointer.as_str());
    Err(format!(
        "it holds several requests, at {}, expected one, or a list of them",
        join(pointers)
    ))
}

/// Returns the reason why a document has no request.
fn why_not(document: &Json) -> String {
    if document.as_object().is_none() {
        return "expected an object with `headers` and `body`".to_owned();
    }
    match capture_file::check_kind_and_version(document) {
        Err(reason) => reason,
        Ok(()) => NO_HEADERS.to_owned(),
    }
}

/// Adds an error for each entry without a request of a list whose other entries are requests.
fn with_invalid_entries(document: &Json, found: Vec<Candidate>) -> Vec<Candidate> {
    let Some((prefix, items)) = found.iter().find_map(|candidate| {
        let (prefix, _) = candidate.pointer.rsplit_once('/')?;
        let is_list =
            prefix.is_empty() || prefix.strip_prefix('/').is_some_and(|name| LISTS.contains(&name));
        let items = document.pointer(prefix).filter(|_| is_list)?.as_array()?;
        Some((prefix.to_owned(), items))
    }) else {
        return found;
    };
    let mut found = found.into_iter().peekable();
    let mut all = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let pointer = format!("{prefix}/{index}");
        let is_inside = |candidate: &Candidate| {
            let rest = candidate.pointer.strip_prefix(&pointer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut is_empty = true;
        while let Some(candidate) = found.next_if(is_inside) {
            all.push(candidate);
            is_empty = false;
        }
        if is_empty {
            all.push(Candidate { pattern: String::new(), read: Err(why_not(item)), pointer });
        }
    }
    all.extend(found);
    all
}

/// Removes the requests without a body of a collection, such as those that a user saved beside the
/// webhooks. The entries of a plain list are all kept.
fn without_bodiless(found: Vec<Candidate>) -> Vec<Candidate> {
    let is_skipped = |candidate: &Candidate| {
        candidate.pointer.matches('/').count() > 2 && is_bodiless(&candidate.read)
    };
    if found.iter().all(is_skipped) {
        return found;
    }
    found.into_iter().filter(|candidate| !is_skipped(candidate)).collect()
}

impl Candidate {
    /// Returns the location in a document, which may be a list of `count` items: entry numbers
    /// replace the pointers of its items.
    fn location(&self, count: Option<usize>) -> RequestLocation {
        let Some(count) = count else { return RequestLocation::Whole.inside(self.pointer.clone()) };
        let mut steps = self.pointer.split('/').skip(1);
        let index = steps.next().and_then(|step| step.parse::<usize>().ok()).unwrap_or_default();
        let place =
            if count == 1 { RequestLocation::Whole } else { RequestLocation::Entry(index + 1) };
        if steps.next().is_none() { place } else { place.inside(self.pointer.clone()) }
    }
}

/// Joins pointers for a message, the first of them.
fn join<'p>(pointers: impl ExactSizeIterator<Item = &'p str>) -> String {
    let count = pointers.len();
    let shown = |pointer: &str| match pointer {
        "" => "the top level".to_owned(),
        pointer => format!("`{pointer}`"),
    };
    let mut names: Vec<_> = pointers.take(MAX_NAMED).map(shown).collect();
    if count > names.len() {
        names.push(format!("{} more", count - names.len()));
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}

#[cfg(test)]
mod tests;
