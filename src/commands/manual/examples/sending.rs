//! Examples of the commands that send: `send`, `sign`, `simulate`, `check`, `replay`.

use crate::commands::manual::examples::row::{CommandExamples, Example, example, with_program};

pub(super) const EXAMPLES: &[CommandExamples] = &[
    CommandExamples { command: "send", examples: SEND },
    CommandExamples { command: "sign", examples: SIGN },
    CommandExamples { command: "simulate", examples: SIMULATE },
    CommandExamples { command: "check", examples: CHECK },
    CommandExamples { command: "replay", examples: REPLAY },
];

const SEND: &[Example] = &[
    example(
        "Send the sample lead of Real Geeks to your app",
        "leadhook send created :3000/hooks --secret s3cret",
    ),
    example(
        "Send a forged request, which your app must refuse",
        "leadhook send created :3000/hooks --secret s3cret --tamper body --expect 401,403",
    ),
    example(
        "Send another lead, with a field changed and one removed",
        "leadhook send created :3000/hooks --secret s3cret --seed 7 --set first_name=Kalea --unset notes",
    ),
    example(
        "Send the bytes of a file as an event of LeadPro",
        "leadhook send leadpro:lead.created :3000/hooks --secret-file .secret --data lead.json",
    ),
    example(
        "Print the request as a curl command, and send nothing",
        "leadhook send created :3000/hooks --secret s3cret --print curl --dry-run",
    ),
];

const SIGN: &[Example] = &[
    example(
        "Print the headers that Real Geeks would send with a body",
        "leadhook sign body.json -p realgeeks --event created --secret s3cret",
    ),
    with_program(
        "Send the body with these headers",
        "leadhook sign body.json -p realgeeks --event created --secret s3cret | curl -H @- --data-binary @body.json localhost:3000/hooks",
    ),
    example(
        "Print the whole request as a curl command",
        "leadhook sign body.json -p leadpro --secret s3cret --print curl",
    ),
];

const SIMULATE: &[Example] = &[
    example("List the attempts that Real Geeks makes for one lead", "leadhook simulate created"),
    example(
        "Find out how many leads are late or lost if your app is down for a while",
        "leadhook simulate created --events 120/h --outage 30m..3h",
    ),
    example(
        "Compare outages of several lengths",
        "leadhook simulate created --events 120/h --sweep 10m,1h,8h",
    ),
    example(
        "Send every attempt to your app, without the waits between them",
        "leadhook simulate created :3000/hooks --secret s3cret",
    ),
    example(
        "Draw an outage, with a retry schedule of your own for comparison",
        "leadhook simulate created --events 60/h --outage 1h..4h --policy retry.toml --plot outage.svg",
    ),
];

const CHECK: &[Example] = &[
    example(
        "Check your app, which reports the number of its leads at /count",
        "leadhook check :3000/hooks --secret s3cret --probe-url :3000/count",
    ),
    with_program(
        "Start the app, check it, and stop it",
        "leadhook check :3000/hooks --secret s3cret --start 'node server.js'",
    ),
    example(
        "Check only that forged requests are refused, with the requests of failed cases",
        "leadhook check :3000/hooks --secret s3cret --only rejects -v",
    ),
    example(
        "Write reports for a CI system and for people",
        "leadhook check :3000/hooks --secret s3cret --probe-url :3000/count --report junit=leadhook.xml,html=leadhook.html",
    ),
    example("List the cases", "leadhook check --list"),
];

const REPLAY: &[Example] = &[
    example("Send captured requests to your app again", "leadhook replay caps/ --to :3000/hooks"),
    example(
        "Send those that failed in the last hour, signed anew",
        "leadhook replay deliveries.jsonl --to :3000/hooks --failed --since 1h --resign --secret s3cret",
    ),
    example(
        "Send a request with another value in a field",
        "leadhook replay capture.json --to :3000/hooks --resign --secret s3cret --set first_name=Kalea",
    ),
    example(
        "Record how your app responds",
        "leadhook replay caps/ --to :3000/hooks --format json > before.ndjson",
    ),
    example(
        "Compare with that record after a change",
        "leadhook replay caps/ --to :3000/hooks --baseline before.ndjson",
    ),
];
