//! Batches: requests of one input that a worker verifies together and hands to the printing thread.

use crate::commands::filter_args::{Selection, SelectionResult};
use crate::commands::verify::report::VerdictReport;
use crate::domain::capture::BodySaved;
use crate::domain::finding::{Finding, FindingMessage, Severity};
use crate::domain::message::Message;
use crate::domain::verdict::{
    MatchedBody, PayloadStatus, PayloadVerdict, SignatureStatus, Verdict,
};
use crate::engine::explain;
use crate::engine::explain::own_digest::OwnDigest;
use crate::engine::explain::{Explainer, Failure, RestoredBody};
use crate::engine::judge::{Judge, Judgement};
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::lines::Chunk;
use crate::output::printer::Renderer;
use crate::protocols::requests;
use crate::protocols::requests::{FoundRequest, RequestError, SkippedLines};
use crate::providers::pack::Pack;
use jiff::Timestamp;
use std::borrow::{Borrow, Cow};
use std::path::Path;
use std::sync::Arc;

/// The settings for all requests of one input, shared by all workers.
pub(super) struct Session<'a> {
    /// The path of the input, as given on the command line.
    pub(super) path: &'a Path,
    /// The requests to report.
    pub(super) selection: &'a Selection,
    pub(super) judge: &'a Judge,
    pub(super) env: &'a Environment,
    pub(super) renderer: Renderer,
    /// The time of `--now`.
    pub(super) now: Option<Timestamp>,
    /// `true` if warnings make a payload invalid.
    pub(super) strict: bool,
    pub(super) show_expected: bool,
    /// The digest of `--mine`, and the explainer that finds its content.
    pub(super) mine: Option<(&'a OwnDigest, &'a Explainer)>,
}

/// Consecutive requests of an input.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The results, in the order of the input.
    pub(super) items: Vec<BatchItem>,
    /// Every readable request, in the order of the input, to explain failures with; empty if all
    /// are valid, unless `--last` may return some of them later.
    pub(super) requests: Vec<FoundRequest>,
    /// The lines without a request.
    pub(super) skipped: SkippedLines,
    /// The requests that the filters exclude.
    pub(super) excluded: SelectionResult,
}

/// The result of one request, or of several valid ones.
#[derive(Debug)]
pub(super) enum BatchItem {
    /// Consecutive valid requests.
    Valid(ValidRun),
    /// A request that is not valid, or could not be checked.
    Unverified(Box<Unverified>),
    /// A piece of the input that contains no request.
    Unreadable(RequestError),
}

/// Consecutive valid requests.
#[derive(Debug, Default)]
pub(super) struct ValidRun {
    pub(super) count: usize,
    /// The index in the batch of the last one.
    pub(super) request: usize,
    /// The rendered verdicts.
    pub(super) text: Vec<u8>,
}

/// A request that is not valid, with everything that explaining the failure needs.
#[derive(Debug)]
pub(super) struct Unverified {
    /// The verdict, not printed yet.
    pub(super) report: VerdictReport,
    /// The pack that recognised the request.
    pub(super) pack: Option<Arc<Pack>>,
    /// The index of the request in the batch.
    pub(super) request: usize,
    /// The time at which the request was judged.
    pub(super) at: Timestamp,
    /// `true` if that is now, because the time of arrival is not known.
    pub(super) is_judged_now: bool,
}

impl Session<'_> {
    /// Verifies the requests of an input that was read as a whole.
    pub(super) fn verify_all(
        &self,
        found: Vec<Result<FoundRequest, RequestError>>,
    ) -> Result<Batch, Error> {
        let mut batch =
            self.verify_in_order(found.iter().map(|found| found.as_ref().map_err(Clone::clone)))?;
        if self.needs_requests(&batch) {
            batch.requests = found.into_iter().flatten().collect();
        }
        Ok(batch)
    }

    /// Verifies the lines of a chunk.
    pub(super) fn verify_chunk(&self, chunk: &Chunk) -> Result<Batch, Error> {
        let read = || chunk.lines().filter_map(|(number, line)| requests::read_line(line, number));
        let mut skipped = SkippedLines::default();
        let counted = chunk.lines().filter_map(|(number, line)| {
            let read = requests::read_line(line, number);
            if read.is_none() {
                skipped.add(line, number);
            }
            read
        });
        let mut batch = self.verify_in_order(counted)?;
        batch.skipped = skipped;
        if self.needs_requests(&batch) {
            // Parsing the few chunks with failures twice costs less than keeping the requests of
            // all chunks.
            batch.requests = read().flatten().collect();
        }
        Ok(batch)
    }

    /// Verifies requests in order. The requests themselves are not kept.
    fn verify_in_order<F: Borrow<FoundRequest>>(
        &self,
        found: impl Iterator<Item = Result<F, RequestError>>,
    ) -> Result<Batch, Error> {
        let mut batch = Batch::default();
        let mut run = ValidRun::default();
        let mut indices = 0..;
        for found in found {
            let found = match found {
                Ok(found) => found,
                Err(error) => {
                    batch.push_run(&mut run);
                    batch.items.push(BatchItem::Unreadable(error));
                    continue;
                }
            };
            let found = found.borrow();
            let request = indices.next().unwrap_or_default();
            let filter = &self.selection.filter;
            if let Some(reason) = filter.excludes_time(found.capture.received_at) {
                batch.excluded.add(reason, None);
                continue;
            }
            let known = self.now.or(found.capture.received_at);
            let at = known.unwrap_or_else(|| self.env.now());
            let (report, pack) = self.verify_one(found, known);
            if let Some(reason) = filter.excludes_verdict(&report.verdict) {
                batch.excluded.add(reason, Some(&report.verdict));
                continue;
            }
            if report.verdict.valid {
                run.count += 1;
                run.request = request;
                self.renderer.render(&report, &mut run.text)?;
                if self.selection.last.is_some() {
                    // Each request is dropped or kept on its own.
                    batch.push_run(&mut run);
                }
            } else {
                batch.push_run(&mut run);
                batch.items.push(BatchItem::Unverified(Box::new(Unverified {
                    report,
                    pack,
                    request,
                    at,
                    is_judged_now: known.is_none(),
                })));
            }
        }
        batch.push_run(&mut run);
        Ok(batch)
    }

    /// Returns `true` if the filters select a request.
    pub(super) fn selects(&self, found: &FoundRequest) -> bool {
        let filter = &self.selection.filter;
        let known = self.now.or(found.capture.received_at);
        let now = self.env.now();
        let verdict = || self.judge.judge_capture_of(&found.capture, known, now).0.verdict;
        filter.excludes_time(found.capture.received_at).is_none()
            && filter.excludes_verdict(&verdict()).is_none()
    }

    /// Returns `true` if the requests of a batch are needed after it was verified.
    fn needs_requests(&self, batch: &Batch) -> bool {
        batch.has_unverified() || (self.selection.last.is_some() && !batch.items.is_empty())
    }

    /// Verifies one request.
    fn verify_one(
        &self,
        found: &FoundRequest,
        known: Option<Timestamp>,
    ) -> (VerdictReport, Option<Arc<Pack>>) {
        let message = &found.capture.message;
        let mut message = Cow::Borrowed(message);
        let now = self.env.now();
        let (mut judgement, at) = self.judge.judge_capture_of(&found.capture, known, now);
        if found.bytes_were_lost {
            self.restore_body(&mut message, &found.alternatives, at, &mut judgement);
        }
        let has_body = found.capture.body_saved == BodySaved::Full;
        let expected_signature = (self.show_expected && has_body)
            .then(|| expected_signature(self.judge, &judgement, &message))
            .flatten();
        let Judgement { verdict, pack, .. } = judgement;
        let mine = self.mine.filter(|_| has_body).map(|(digest, explainer)| {
            let (pack, event) = (pack.as_deref(), verdict.event.as_deref());
            let request = Failure { message: &message, at, pack, event };
            explainer.explain_own_digest(self.judge, &request, verdict.signature.status, digest)
        });
        let source = found.source(self.path);
        (VerdictReport { source, verdict, expected_signature, mine }, pack)
    }

    /// Restores a body of which only the JSON value is known.
    ///
    /// Some inspectors save the parsed body, so that its bytes are lost. If the signature does not
    /// verify, other strings of the document with the same value (`alternatives`) and the
    /// serializations of known JSON libraries are tried; the first one that verifies becomes the
    /// body. In any case a warning states how the body was serialized.
    fn restore_body(
        &self,
        message: &mut Cow<'_, Message>,
        alternatives: &[Vec<u8>],
        at: Timestamp,
        judgement: &mut Judgement,
    ) {
        if requests::is_from_token(message) {
            let message = FindingMessage::custom(
                "is not in the file, which has only a token: the claims of the token were taken \
                 as the payload"
                    .to_owned(),
                "only a token",
                "the body that was sent",
            );
            let source = "RFC 7519, section 3: the claims are in the token, and the signature covers \
                          them";
            let finding = Finding::new(Severity::Warning, "body-not-in-file", message, source);
            // The claims were compared with themselves.
            judgement.verdict.signature.matched = None;
            self.add_warning(&mut judgement.verdict, finding);
            return;
        }
        let restored =
            explain::restore_signed_body(self.judge, message, alternatives, at, judgement);
        let mut origin = "it was serialised again as it is in the file, on one line".to_owned();
        if let Some(RestoredBody { bytes, origin: restored_origin }) = restored {
            message.to_mut().body = bytes.into();
            *judgement = self.judge.judge(message, at);
            origin = restored_origin;
        }
        let verdict = &mut judgement.verdict;
        let certainty = if verdict.signature.status == SignatureStatus::Valid {
            "and the signature verifies over that"
        } else {
            "so it is unknown if the signature verifies over the original bytes"
        };
        if verdict.signature.matched == Some(MatchedBody::Raw) {
            // The bytes were serialised again: it is not known if they are the raw ones.
            verdict.signature.matched = None;
        }
        let message = FindingMessage::custom(
            format!(
                "is a JSON value in the file, not the bytes that were sent: {origin}, {certainty}"
            ),
            "a JSON value",
            "the bytes that were sent",
        );
        let source =
            "RFC 8259, section 2: one value has many serializations, which differ in white space";
        let finding = Finding::new(Severity::Warning, "bytes-were-lost", message, source);
        self.add_warning(verdict, finding);
    }

    /// Adds a warning about the body before the findings of its payload.
    fn add_warning(&self, verdict: &mut Verdict, finding: Finding) {
        let payload = &mut verdict.payload;
        payload.findings.insert(0, finding);
        if payload.status != PayloadStatus::Unchecked {
            *payload =
                PayloadVerdict::from_findings(std::mem::take(&mut payload.findings), self.strict);
            verdict.valid &= payload.status != PayloadStatus::Invalid;
        }
    }
}

impl Batch {
    fn has_unverified(&self) -> bool {
        self.items.iter().any(|item| matches!(item, BatchItem::Unverified(_)))
    }

    /// Appends a run of valid requests, unless it is empty, and starts a new one.
    fn push_run(&mut self, run: &mut ValidRun) {
        if run.count > 0 {
            self.items.push(BatchItem::Valid(std::mem::take(run)));
        }
    }
}

/// Returns the signature that the first secret of the provider produces.
fn expected_signature(judge: &Judge, judgement: &Judgement, message: &Message) -> Option<String> {
    let pack = judgement.pack.as_ref()?;
    let secret = judge.keyring().secrets_for(&pack.provider.id).first()?;
    pack.provider.signature.expected(secret, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::capture::Capture;
    use crate::domain::message::Headers;
    use crate::domain::secret::{Keyring, Secret};
    use crate::engine::judge::{PayloadScope, Strictness};
    use crate::output::printer::{ColorWhen, Format, OutputOptions, Printer};
    use crate::protocols::requests::RequestLocation;
    use crate::protocols::schemes::scheme::Envelope;
    use crate::providers::Packs;

    /// Returns a token over `claims`, sent with `body`: valid if the two are the same.
    fn found(claims: &str, body: &str, line: u16) -> FoundRequest {
        let packs = Packs::builtin().unwrap();
        let scheme = &packs.find("leadpro").unwrap().provider.signature;
        let secret = Secret::new("s3cret").unwrap();
        let envelope = Envelope { message_id: None, at: Timestamp::UNIX_EPOCH };
        let signed = scheme.sign(&secret, claims.as_bytes(), &envelope).unwrap();
        let headers = Headers::from_iter([(scheme.header().unwrap(), signed.value)]);
        let message = Message::post("/", headers, body.to_owned());
        let received_at = (line != 3).then(|| Timestamp::from_second(line.into()).unwrap());
        let capture = Capture::new(received_at, None, message);
        FoundRequest {
            capture,
            bytes_were_lost: false,
            alternatives: Vec::new(),
            local_time: None,
            location: RequestLocation::Line(line.into()),
        }
    }

    fn batch(found: Vec<Result<FoundRequest, RequestError>>) -> Batch {
        let env = Environment::fixed(&[], Timestamp::from_second(1_000_000).unwrap());
        let options = OutputOptions {
            format: Format::Human,
            color: ColorWhen::Never,
            quiet: false,
            verbose: 0,
        };
        let ring = Keyring::for_any(vec![Secret::new("s3cret").unwrap()]);
        let strictness = Strictness { strict: false, payloads: PayloadScope::None };
        let session = Session {
            path: Path::new("l.jsonl"),
            selection: &Selection::default(),
            judge: &Judge::new(Packs::builtin().unwrap(), ring, None, strictness),
            env: &env,
            renderer: Printer::new(&env, &options).renderer(),
            now: None,
            strict: false,
            show_expected: false,
            mine: None,
        };
        session.verify_all(found).unwrap()
    }

    #[test]
    fn an_invalid_request_keeps_its_time_and_the_requests_around_it() {
        let body = r#"{"event":"lead.created","data":{}}"#;
        let torn = RequestError::Invalid {
            place: RequestLocation::Line(4),
            reason: "it is torn".to_owned(),
        };
        let forged = |line| found(body, "{}", line);
        let valid = |line| found(body, body, line);
        let mixed = vec![
            Ok(valid(1)),
            Ok(valid(2)),
            Ok(forged(3)),
            Err(torn.clone()),
            Ok(valid(5)),
            Ok(forged(6)),
        ];
        let batch = batch(mixed.clone());
        let readable: Vec<_> = mixed.into_iter().flatten().collect();
        assert_eq!(batch.requests, readable);
        let [
            BatchItem::Valid(two),
            BatchItem::Unverified(third),
            BatchItem::Unreadable(error),
            BatchItem::Valid(one),
            BatchItem::Unverified(sixth),
        ] = batch.items.as_slice()
        else {
            panic!("{:?}", batch.items);
        };
        assert_eq!((two.count, one.count, error), (2, 1, &torn));
        let text = String::from_utf8(two.text.clone()).unwrap();
        let starts: Vec<_> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(starts, ["l.jsonl:1", "l.jsonl:2"]);
        for (unverified, line, at) in [(third, 3, 1_000_000), (sixth, 6, 6)] {
            assert_eq!(batch.requests[unverified.request].location, RequestLocation::Line(line));
            assert_eq!(unverified.at.as_second(), at, "that of the capture, or now");
            assert_eq!(unverified.report.source, format!("l.jsonl:{line}"));
        }
    }

    #[test]
    fn no_request_is_kept_if_all_are_valid() {
        let body = r#"{"event":"lead.created","data":{}}"#;
        let torn = RequestError::Invalid {
            place: RequestLocation::Line(2),
            reason: "it is torn".to_owned(),
        };
        let batch = batch(vec![Ok(found(body, body, 1)), Err(torn)]);
        assert!(batch.requests.is_empty());
        assert_eq!(batch.items.len(), 2);
    }
}
