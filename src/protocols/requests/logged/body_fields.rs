//! The names of the fields that hold the body of a logged request, and of the flags beside them.

use crate::protocols::requests::logged::field_names::normalized;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The representation of the body's bytes in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyEncoding {
    Base64,
    /// A string, or base64 if another field declares that.
    MaybeBase64,
    /// A string, or a `data:` URL if the bytes are not UTF-8.
    DataUrl,
    Bytes,
    Text,
}

/// A field with the body.
pub(super) struct BodyField {
    pub(super) name: &'static str,
    pub(super) encoding: BodyEncoding,
}

const fn base64(name: &'static str) -> BodyField {
    BodyField { name, encoding: BodyEncoding::Base64 }
}

const fn text(name: &'static str) -> BodyField {
    BodyField { name, encoding: BodyEncoding::MaybeBase64 }
}

/// Fields whose name says that they hold the exact body, even if another one has it parsed: the
/// most exact first.
pub(super) const EXACT: &[BodyField] = &[
    base64("bodybase64"),
    base64("bodyasbase64"),
    base64("rawbodybase64"),
    base64("bodyb64"),
    base64("base64body"),
    base64("requestbodybase64"),
    text("rawbody"),
    text("bodyraw"),
    text("rawrequestbody"),
    text("requestbodyraw"),
    text("requestrawbody"),
    text("originalbody"),
    text("bodyoriginal"),
    text("unparsedbody"),
    text("bodytext"),
    text("textbody"),
    text("requestbodytext"),
    text("bodystring"),
    text("bodyasstring"),
    text("rawbodystring"),
    text("stringbody"),
    text("bodybytes"),
    text("bodybuffer"),
    text("rawbodybytes"),
    text("rawpayload"),
    text("payloadraw"),
    text("rawdata"),
    text("rawcontent"),
];

/// Fields that may hold the exact body, and are used if they agree with the parsed one: Convoy,
/// Appwrite, n8n.
pub(super) const PERHAPS_EXACT: &[BodyField] = &[
    text("raw"),
    text("requestbody"),
    text("requestpayload"),
    text("requestdata"),
    text("rawrequest"),
    text("original"),
    text("text"),
    base64("binary/data/data"),
];

/// Fields with the body as a string or as a parsed value: `WireMock`, AWS, Node, `webhook.site`,
/// httpbin, Telescope.
pub(super) const VALUES: &[BodyField] = &[
    text("body"),
    text("requestbody"),
    text("httpbody"),
    text("postdata"),
    text("content"),
    BodyField { name: "data", encoding: BodyEncoding::DataUrl },
    text("payload"),
    text("requestpayload"),
    text("requestdata"),
    text("parsedbody"),
    text("bodyjson"),
    text("jsonbody"),
    text("raw"),
    base64("binary/data/data"),
    text("text"),
    text("http.request.body.content"),
    text("http.request.body"),
    text("request.body"),
];

/// Names of further fields that may hold what the sender wrote, in some form.
const OTHERS: &[&str] = &[
    "form",
    "json",
    "formdata",
    "params",
    "parameters",
    "fields",
    "input",
    "parsed",
    "files",
    "event",
    "eventdata",
    "detail",
];

/// Fields that state that the body is base64: API Gateway and load balancers of AWS, and others.
pub(super) const BASE64_FLAGS: &[&str] =
    &["isbase64encoded", "base64encoded", "isbase64", "base64", "bodyisbase64", "isbodybase64"];

/// Fields that name the encoding of the body.
pub(super) const ENCODINGS: &[&str] = &[
    "bodyencoding",
    "encoding",
    "rawbodyencoding",
    "requestbodyencoding",
    "payloadencoding",
    "dataencoding",
    "contenttransferencoding",
    "bodyformat",
];

/// Returns the names of all fields with a body.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    EXACT.iter().chain(PERHAPS_EXACT).chain(VALUES).map(|field| field.name)
}

/// Returns `true` if a field of this name may hold a received body, or a part of it.
///
/// Every field of a document is looked up, so the names are in a set.
pub(in crate::protocols::requests) fn may_hold_a_body(key: &str) -> bool {
    static NAMES: LazyLock<HashSet<&str>> =
        LazyLock::new(|| names().chain(OTHERS.iter().copied()).collect());
    key.len() <= MAX_NAME && NAMES.contains(normalized(key).as_str())
}

/// The maximum length of a name in these tables, with separators.
const MAX_NAME: usize = 48;
