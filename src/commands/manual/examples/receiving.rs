//! Examples of the commands that receive: `listen`, `health`, `practice`, `demo`.

use crate::commands::manual::examples::row::{CommandExamples, Example, example, with_program};

pub(super) const EXAMPLES: &[CommandExamples] = &[
    CommandExamples { command: "listen", examples: LISTEN },
    CommandExamples { command: "health", examples: HEALTH },
    CommandExamples { command: "practice", examples: PRACTICE },
    CommandExamples { command: "demo", examples: DEMO },
];

const LISTEN: &[Example] = &[
    example(
        "Verify, print and save everything that arrives on port 9090",
        "leadhook listen :9090 --secret s3cret --save caps/",
    ),
    example(
        "Stand in front of your app",
        "leadhook listen :9090 --secret s3cret --forward :3000/hooks",
    ),
    example(
        "Wait for three deliveries in a script, for at most a minute",
        "leadhook listen :9090 --secret s3cret --count 3 --timeout 60s --format json",
    ),
    example(
        "Refuse two deliveries, then accept, to see what the sender repeats",
        "leadhook listen :9090 --secret s3cret --respond 503x2,200",
    ),
    with_program(
        "Receive from the internet through a tunnel",
        "leadhook listen --tunnel cloudflared --secret-file .secret --forward :3000/hooks",
    ),
];

const HEALTH: &[Example] = &[
    example("Check the listener on port 9090", "leadhook health :9090"),
    example("Wait at most half a second", "leadhook health :9090 --timeout 500ms"),
    example("Print the result as JSON", "leadhook health :9090 --format json"),
];

const PRACTICE: &[Example] = &[
    example("Run a correct receiver on port 3000", "leadhook practice :3000 --secret s3cret"),
    example(
        "Run one that hashes the parsed body, for `leadhook check` to find",
        "leadhook practice :3000 --secret s3cret --fault hash-parsed-body",
    ),
    example("List the faults", "leadhook practice --list-faults"),
];

const DEMO: &[Example] = &[
    example("Watch leadhook at work; nothing leaves this machine", "leadhook demo"),
    example("Print more details", "leadhook demo -v"),
    example("Print the results as JSON", "leadhook demo --format json"),
];
