//! Examples of the commands that read files or describe leadhook itself.

use crate::commands::manual::examples::row::{CommandExamples, Example, example, with_program};

pub(super) const EXAMPLES: &[CommandExamples] = &[
    CommandExamples { command: "", examples: ROOT },
    CommandExamples { command: "verify", examples: VERIFY },
    CommandExamples { command: "decode", examples: DECODE },
    CommandExamples { command: "diff", examples: DIFF },
    CommandExamples { command: "convert", examples: CONVERT },
    CommandExamples { command: "events", examples: EVENTS },
    CommandExamples { command: "events list", examples: EVENTS_LIST },
    CommandExamples { command: "events show", examples: EVENTS_SHOW },
    CommandExamples { command: "events schema", examples: EVENTS_SCHEMA },
    CommandExamples { command: "events check", examples: EVENTS_CHECK },
    CommandExamples { command: "events new", examples: EVENTS_NEW },
    CommandExamples { command: "events check-pack", examples: EVENTS_CHECK_PACK },
    CommandExamples { command: "docs", examples: DOCS },
    CommandExamples { command: "config", examples: CONFIG },
    CommandExamples { command: "config show", examples: CONFIG_SHOW },
    CommandExamples { command: "config init", examples: CONFIG_INIT },
    CommandExamples { command: "doctor", examples: DOCTOR },
    CommandExamples { command: "completions", examples: COMPLETIONS },
    CommandExamples { command: "man", examples: MAN },
    CommandExamples { command: "help", examples: HELP },
];

const ROOT: &[Example] = &[
    example("Watch leadhook at work, without any setup", "leadhook demo"),
    example(
        "Check your app with everything that Real Geeks may send it",
        "leadhook check :3000/hooks --secret s3cret",
    ),
    example(
        "Receive, verify and save webhooks",
        "leadhook listen :9090 --secret s3cret --save caps/",
    ),
    example("Find out why a signature does not verify", "leadhook verify caps/ --secret s3cret"),
];

const VERIFY: &[Example] = &[
    example(
        "Verify the requests that `leadhook listen --save` has captured",
        "leadhook verify caps/ --secret s3cret",
    ),
    example("Verify the requests in a log of your app", "leadhook verify app.log --secret s3cret"),
    example(
        "Show those of the last hour that are not valid, and why",
        "leadhook verify deliveries.jsonl --secret s3cret --failed --since 1h",
    ),
    example(
        "Find out which value of a file is the right secret",
        "leadhook verify capture.json --secret old --candidates .env",
    ),
    example(
        "Find out what your own code hashed to get another digest",
        "leadhook verify capture.json --secret s3cret --mine c59fd4612218536819c38feb13d7a813019ed77fd78311d88bfbaaa6ea3f9c9c",
    ),
];

const DECODE: &[Example] = &[
    example("Show the claims and the times of a token", "leadhook decode - < token.txt"),
    example(
        "Decode and verify the signature of a captured request",
        "leadhook decode capture.json --secret s3cret",
    ),
    example(
        "Explain the parts of a signature header",
        "leadhook decode 'X-Signature: t=1767323045,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd'",
    ),
];

const DIFF: &[Example] = &[
    example(
        "Find out what a proxy changed between sender and app",
        "leadhook diff sent.json received.json",
    ),
    example("Compare only the bodies", "leadhook diff sent.json received.json --body-only"),
    example(
        "Compare the first two requests of one file",
        "leadhook diff deliveries.jsonl#1 deliveries.jsonl#2",
    ),
];

const CONVERT: &[Example] = &[
    example(
        "Print a captured request as a curl command",
        "leadhook convert capture.json --print curl",
    ),
    example(
        "Collect captured requests in an HTTP archive",
        "leadhook convert caps/ --print har -o caps.har",
    ),
    example(
        "Remove personal data before you attach a log to a ticket",
        "leadhook convert app.log --print json --redact -o ticket.jsonl",
    ),
    example(
        "Print the last request as the bytes of HTTP",
        "leadhook convert deliveries.jsonl --print http --last 1",
    ),
];

const EVENTS: &[Example] = &[
    example("List the events of every provider", "leadhook events"),
    example("Print the sample payload of an event", "leadhook events show created"),
    example(
        "Validate a payload against the schema of its event",
        "leadhook events check lead.json",
    ),
];

const EVENTS_LIST: &[Example] = &[
    example("List the events of every provider", "leadhook events list"),
    example(
        "Describe every variant of the events of LeadPro",
        "leadhook events list -p leadpro -v",
    ),
];

const EVENTS_SHOW: &[Example] = &[
    example("Print the sample payload of an event", "leadhook events show created"),
    example(
        "Print one that has only what is required",
        "leadhook events show leadpro:lead.created --variant minimal",
    ),
];

const EVENTS_SCHEMA: &[Example] = &[
    example(
        "Save the JSON Schema of an event",
        "leadhook events schema created > created.schema.json",
    ),
    example(
        "Print the JSON Schema of what `leadhook verify --format json` prints",
        "leadhook events schema --output verdict",
    ),
];

const EVENTS_CHECK: &[Example] = &[
    example("Validate a payload that names its event", "leadhook events check lead.json"),
    example(
        "Validate a payload of a certain event, warnings included",
        "leadhook events check created.json --event created --strict",
    ),
];

const EVENTS_NEW: &[Example] = &[
    example("Begin a pack for a provider called `acme`", "leadhook events new providers/acme"),
    example(
        "Begin one for a provider that signs the time in the same header",
        "leadhook events new providers/globe --scheme timestamped-hmac",
    ),
];

const EVENTS_CHECK_PACK: &[Example] =
    &[example("Check a pack before you use it", "leadhook events check-pack providers/globex")];

const DOCS: &[Example] = &[
    example("List the providers", "leadhook docs"),
    example("Read how LeadPro signs and retries, and what it sends", "leadhook docs leadpro"),
    example("Look up the fields of one event", "leadhook docs leadpro lead.created"),
    example("Save the reference of a provider as Markdown", "leadhook docs leadpro > leadpro.md"),
];

const CONFIG: &[Example] = &[
    example("Show every effective value and its origin", "leadhook config show"),
    example("Write a commented leadhook.toml", "leadhook config init"),
    example("Show where a value comes from", "LEADHOOK_TARGET=:3000/hooks leadhook config show"),
];

const CONFIG_SHOW: &[Example] = &[
    example("Show every effective value and its origin", "leadhook config show"),
    example("Show them with another configuration file", "leadhook config show --config ci.toml"),
];

const CONFIG_INIT: &[Example] = &[
    example("Write a commented leadhook.toml", "leadhook config init"),
    example("Write it under another name", "leadhook config init staging.toml"),
];

const DOCTOR: &[Example] = &[
    example("Find out why nothing works", "leadhook doctor"),
    example("Check also that your app can be reached", "leadhook doctor :3000/hooks"),
    example(
        "Check the secrets of one provider, with their origins",
        "leadhook doctor -p leadpro --secret-file .secret",
    ),
    example("Save the results for a bug report", "leadhook doctor --format json > doctor.json"),
];

const COMPLETIONS: &[Example] = &[
    example("Save the completions for bash", "leadhook completions bash > leadhook.bash"),
    example("Save the completions for zsh", "leadhook completions zsh > _leadhook"),
    example("Save the completions for fish", "leadhook completions fish > leadhook.fish"),
];

const MAN: &[Example] = &[
    with_program("Read the page of a command", "leadhook man send | man -l -"),
    example("Save the page of a subcommand", "leadhook man events show > leadhook-events-show.1"),
    example("Write every page to a folder", "leadhook man --output man1"),
];

const HELP: &[Example] = &[
    example("Print the help of a command", "leadhook help send"),
    example("Print every command with all of its options", "leadhook help --all"),
    example("Save the same as data", "leadhook help --all --format json > leadhook.json"),
];
