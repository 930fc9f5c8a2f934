//! Placeholder secrets: strings that sign if the sender's secret was never set.
//!
//! They are tried after everything else, and are worded as a warning about the sender: anyone who
//! tries the same few strings can sign requests in its name.

use crate::protocols::schemes::hypothesis::{Edited, Hypothesis, HypothesisKind, HypothesisText};
use crate::protocols::schemes::scheme::MacKey;

/// The empty secret.
static EMPTY: Hypothesis<()> = Hypothesis {
    code: "empty-secret",
    condition: "the secret is empty",
    evidence: "Warning: the sender signed with an empty secret, so that anyone can sign requests \
               in its name.",
    fix: "set a secret on the signing side: its variable or field is empty; until then, this \
          signature proves nothing",
    apply: (),
};

/// A secret without a visible character. `{}` names it.
static BLANK: Hypothesis<()> = Hypothesis {
    code: "empty-secret",
    condition: "the secret is only {}",
    evidence: "Warning: the sender signed with a blank secret, only {}, so that anyone can sign \
               requests in its name.",
    fix: "set a secret on the signing side: its variable or field is blank; until then, this \
          signature proves nothing",
    apply: (),
};

/// A missing value that became a string. `{}` is that string.
static MISSING_VALUE: Hypothesis<()> = Hypothesis {
    code: "unset-secret",
    condition: "the secret is the string `{}`",
    evidence: "Warning: the sender signed with the string `{}`, which a missing value or \
               one of another type becomes, so that anyone can sign requests in its name.",
    fix: "set the secret on the signing side, and let the program stop if it is missing; until \
          then, this signature proves nothing",
    apply: (),
};

/// A string of an example. `{}` is that string.
static PLACEHOLDER: Hypothesis<()> = Hypothesis {
    code: "placeholder-secret",
    condition: "the secret is the placeholder `{}`",
    evidence: "Warning: the sender signed with `{}`, a placeholder of examples and templates, so \
               that anyone can sign requests in its name.",
    fix: "replace it by the real secret on the signing side; until then, this signature proves \
          nothing",
    apply: (),
};

/// The strings that a missing value becomes in some language.
const MISSING_VALUES: [&str; 15] = [
    "undefined",
    "null",
    "None",
    "nil",
    "NULL",
    "Null",
    "(null)",
    "NaN",
    "false",
    "<nil>",
    "none",
    "[object Object]",
    "b''",
    "true",
    "True",
];

/// The secrets without a visible character, with their names.
const BLANKS: [(&str, &str); 8] = [
    (" ", "a space"),
    ("\n", "a newline"),
    ("\"\"", "two double quotes"),
    ("''", "two single quotes"),
    ("  ", "two spaces"),
    ("\t", "a tab"),
    ("\r\n", "CR LF"),
    ("\u{a0}", "a no-break space"),
];

/// The placeholders of documentation, templates and examples.
const PLACEHOLDERS: [&str; 122] = [
    "changeme",
    "your-secret",
    "secret",
    "test",
    "your_secret",
    "YOUR_SECRET",
    "change-me",
    "change_me",
    "CHANGEME",
    "CHANGE_ME",
    "changeit",
    "your-webhook-secret",
    "your_webhook_secret",
    "YOUR_WEBHOOK_SECRET",
    "your-signing-secret",
    "your_signing_secret",
    "your-secret-key",
    "your_secret_key",
    "YOUR_SECRET_KEY",
    "your-secret-here",
    "your_secret_here",
    "yoursecret",
    "mysecret",
    "my-secret",
    "my_secret",
    "my-secret-key",
    "my_secret_key",
    "mysecretkey",
    "my-webhook-secret",
    "my_webhook_secret",
    "webhook-secret",
    "webhook_secret",
    "webhooksecret",
    "WEBHOOK_SECRET",
    "$WEBHOOK_SECRET",
    "${WEBHOOK_SECRET}",
    "process.env.WEBHOOK_SECRET",
    "signing-secret",
    "signing_secret",
    "SECRET",
    "secret-key",
    "secret_key",
    "secretkey",
    "SECRET_KEY",
    "supersecret",
    "super-secret",
    "super_secret",
    "topsecret",
    "whsec_test",
    "testing",
    "test123",
    "test-secret",
    "test_secret",
    "testsecret",
    "password",
    "123456",
    "example",
    "example-secret",
    "placeholder",
    "dummy",
    "default",
    "development",
    "todo",
    "TODO",
    "xxx",
    "<secret>",
    "replaceme",
    "replace-me",
    "REPLACE_ME",
    "CHANGE-ME",
    "changeme123",
    "your-secret-token",
    "your_secret_token",
    "your-webhook-secret-here",
    "your_webhook_secret_here",
    "<your-secret>",
    "<YOUR_SECRET>",
    "{{secret}}",
    "${SECRET}",
    "$SECRET",
    "process.env.SECRET",
    "secret123",
    "secrets",
    "thisisasecret",
    "this-is-a-secret",
    "my-super-secret",
    "mysupersecret",
    "key",
    "token",
    "demo",
    "dev",
    "local",
    "abc123",
    "foo",
    "bar",
    "hello",
    "admin",
    "12345678",
    "x",
    "0",
    "1",
    "%WEBHOOK_SECRET%",
    "$(WEBHOOK_SECRET)",
    "{{WEBHOOK_SECRET}}",
    "${{ secrets.WEBHOOK_SECRET }}",
    "your-secret-goes-here",
    "your secret",
    "insert-secret-here",
    "enter-your-secret",
    "xxxx",
    "xxxxxxxx",
    "shared-secret",
    "shared_secret",
    "webhook",
    "s3cr3t",
    "qwerty",
    "1234",
    "REDACTED",
    "***",
    "...",
    "N/A",
    "-",
];

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> impl Iterator<Item = HypothesisText> {
    [&EMPTY, &BLANK, &MISSING_VALUE, &PLACEHOLDER]
        .into_iter()
        .map(|row| row.text(HypothesisKind::Secret))
}

/// Returns the keys of all placeholders, the likeliest first.
pub(super) fn keys() -> Vec<Edited<MacKey>> {
    let key = |row: &Hypothesis<()>, text: &str| {
        Edited::with_edit(&[], row.edit(text), MacKey::new(text.as_bytes().to_vec()))
    };
    std::iter::once(key(&EMPTY, ""))
        .chain(MISSING_VALUES.iter().map(|text| key(&MISSING_VALUE, text)))
        .chain(PLACEHOLDERS.iter().map(|text| key(&PLACEHOLDER, text)))
        .chain(BLANKS.iter().map(|(text, name)| {
            Edited::with_edit(&[], BLANK.edit(name), MacKey::new(text.as_bytes().to_vec()))
        }))
        .collect()
}
