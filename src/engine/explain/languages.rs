//! The advice for each language whose JSON libraries are known, for both sides of a webhook: the
//! receiver, which must hash the raw body, and the sender, which must print the payload once.

use crate::protocols::schemes::hypothesis::{HypothesisKind, HypothesisText};

/// The advice for one language.
pub(super) struct Language {
    /// The name of the language in [`STYLES`](crate::protocols::json_print::STYLES).
    pub(super) name: &'static str,
    /// The code of the explanation.
    pub(super) code: &'static str,
    /// The call that receivers hash by mistake.
    pub(super) hashed: &'static str,
    /// The ways to read the raw body, each with the name of its framework, the most common first.
    pub(super) raw_body: &'static [&'static str],
    /// The way to print the payload once, and to send exactly that.
    pub(super) print_once: &'static str,
}

/// The languages, in no particular order.
pub(super) static LANGUAGES: &[Language] = &[
    Language {
        name: "JavaScript",
        code: "reserialised-javascript",
        hashed: "`JSON.stringify(req.body)`",
        raw_body: &[
            "Express `express.raw({ type: \"*/*\" })`",
            "Next.js `await req.text()`",
            "Fastify a content type parser with `parseAs: \"buffer\"`",
        ],
        print_once: "`const body = JSON.stringify(data)`, sign `body`, send it as `fetch(url, { \
                     method: \"POST\", body })` or axios `data: body`",
    },
    Language {
        name: "Python",
        code: "reserialised-python",
        hashed: "`json.dumps(request.json)`",
        raw_body: &[
            "Flask `request.get_data()`",
            "FastAPI `await request.body()`",
            "Django `request.body`",
        ],
        print_once: "`body = json.dumps(data).encode()`, sign `body`, send it with `data=body` \
                     (requests) or `content=body` (httpx) instead of `json=data`",
    },
    Language {
        name: "PHP",
        code: "reserialised-php",
        hashed: "`json_encode($data)`",
        raw_body: &[
            "Laravel `$request->getContent()`",
            "plain PHP `file_get_contents(\"php://input\")`",
        ],
        print_once: "`$body = json_encode($data)`, sign `$body`, send it: Guzzle `\"body\" => \
                     $body` instead of `\"json\" => $data`, Laravel `Http::withBody($body)`",
    },
    Language {
        name: "Ruby",
        code: "reserialised-ruby",
        hashed: "`params.to_json`",
        raw_body: &["Rails `request.raw_post`", "Sinatra and Rack `request.body.read`"],
        print_once: "`body = data.to_json`, sign `body`, send it: Net::HTTP `request.body = body`, \
                     HTTParty and Faraday `body` instead of a hash",
    },
    Language {
        name: "Go",
        code: "reserialised-go",
        hashed: "the output of `json.Marshal`",
        raw_body: &["Go `io.ReadAll(r.Body)` before anything decodes it"],
        print_once: "`body, err := json.Marshal(data)`, sign `body`, send `bytes.NewReader(body)`; \
                     `json.Encoder` adds a newline",
    },
    Language {
        name: "Java",
        code: "reserialised-java",
        hashed: "the output of an object mapper",
        raw_body: &[
            "Spring `@RequestBody byte[] body`",
            "servlets `request.getInputStream().readAllBytes()`",
        ],
        print_once: "`byte[] body = mapper.writeValueAsBytes(data)`, sign `body`, send \
                     `BodyPublishers.ofByteArray(body)` or a `byte[]` with `RestClient`",
    },
    Language {
        name: ".NET",
        code: "reserialised-dotnet",
        hashed: "the output of a serializer",
        raw_body: &[
            "ASP.NET `Request.EnableBuffering()`, then read `Request.Body` before the model is \
             bound",
        ],
        print_once: "`var body = JsonSerializer.SerializeToUtf8Bytes(data)`, sign `body`, send \
                     `new ByteArrayContent(body)` instead of `PostAsJsonAsync`",
    },
    Language {
        name: "Rust",
        code: "reserialised-rust",
        hashed: "the output of `serde_json::to_vec`",
        raw_body: &["axum `body: Bytes`", "actix `web::Bytes`"],
        print_once: "`let body = serde_json::to_vec(&data)?`, sign `body`, send it with \
                     `.body(body)` instead of `.json(&data)`",
    },
];

impl Language {
    /// Returns the fix for a receiver.
    pub(super) fn receiver_fix(&self) -> String {
        format!("hash the raw body, not {}: {}", self.hashed, self.raw_body.join(", "))
    }

    /// Returns the fix for a sender.
    pub(super) fn sender_fix(&self) -> String {
        format!("in a sender in {}, print once: {}", self.name, self.print_once)
    }

    /// Returns the messages of the explanation, for the documentation.
    pub(super) fn text(&self) -> HypothesisText {
        HypothesisText {
            kind: HypothesisKind::PrintedAgain,
            code: self.code,
            condition: "the body is printed by another JSON library, or with other options".into(),
            evidence: format!(
                "Either the body was parsed and printed again by a library of {} after it was \
                 signed, or the sender signed one printed form and sent another.",
                self.name
            )
            .into(),
            fix: format!("{}; {}", self.receiver_fix(), self.sender_fix()).into(),
        }
    }
}

/// Returns the advice for a language, by its name.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json_print::STYLES;

    #[test]
    fn every_style_belongs_to_a_language_with_a_fix_for_both_sides() {
        for style in STYLES {
            let row = find(style.language).unwrap_or_else(|| panic!("{}", style.language));
            assert!(row.receiver_fix().starts_with("hash the raw body, not "), "{}", row.name);
            assert!(!row.raw_body.is_empty(), "{}", row.name);
            assert!(row.sender_fix().contains("print once: `"), "{}", row.name);
        }
    }
}
