
use builtin;
use str;

set edit:completion:arg-completer[leadhook] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'leadhook'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'leadhook'= {
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand send 'Send a synthetic event, signed as the provider does'
            cand sign 'Print the headers the provider would send with a body'
            cand verify 'Judge captured requests: signature, then payload'
            cand convert 'Print captured requests in another form'
            cand listen 'Receive webhooks, verify and print them'
            cand simulate 'Play the provider''s retry ladder, as a plan or against an endpoint'
            cand practice 'Run a small receiver to practise on, right or wrong in one named way'
            cand events 'Show what can be sent: events, samples, schemas'
            cand demo 'Show everything at once, on free ports of this machine'
            cand completions 'Print the completions of a shell'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'leadhook;send'= {
            cand --expect 'Statuses to take for success in place of the provider''s, such as `200` or `2xx,406`'
            cand --print 'Show the request in this form'
            cand --data 'Send the bytes of this file as they are, `-` for standard input'
            cand --seed 'Another made-up lead for every number; the same for the same number and time'
            cand --variant 'A named variant of the event''s payload'
            cand --set 'Put a text where something is; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)'
            cand --set-json 'The same with a JSON value (can be repeated)'
            cand --unset 'Take a member or an item away (can be repeated)'
            cand --add 'Put a text where nothing is (can be repeated)'
            cand --add-json 'The same with a JSON value (can be repeated)'
            cand --tamper 'One defect on purpose, as far as the provider''s signature can have it'
            cand --message-id 'Message id to send under; a new one if it is not given'
            cand --now 'Time of sending: RFC 3339, or `@` and Unix seconds'
            cand -H 'Another header (can be repeated)'
            cand --header 'Another header (can be repeated)'
            cand --timeout 'Deadline of one whole exchange; 0 waits for ever [default: 30s]'
            cand --wait 'Wait so long for the endpoint to accept connections'
            cand --cacert 'Trust the authorities of this PEM file, and no others'
            cand --cert 'Show this PEM certificate to the endpoint'
            cand --key 'Key of that certificate, if it is in a file of its own'
            cand --proxy 'Go through this proxy; the variables for proxies are ignored'
            cand --resolve 'Address to use for a host (can be repeated)'
            cand --connect-to 'Connect to the second host and port in place of the first (can be repeated)'
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand --dry-run 'Send nothing; show the request'
            cand --unsigned 'Send without a signature, as a provider does whose user set no secret'
            cand --insecure 'Take any certificate; only for machines of your own'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;sign'= {
            cand --event 'Event to name in the header, where the provider has one'
            cand --message-id 'Message id to name in the header, where the provider has one'
            cand --now 'Time of sending: RFC 3339, or `@` and Unix seconds'
            cand --print 'Show the whole request in this form, as it would go to `:9090`'
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;verify'= {
            cand --body 'File that holds a body alone, byte for byte'
            cand -H 'Header of that body (can be repeated)'
            cand --header 'Header of that body (can be repeated)'
            cand --now 'Judge the times of tokens as of then, and not as of the capture'
            cand --candidates 'Try each line of this file as the secret when a signature does not hold'
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand --strict 'Warnings make a payload invalid'
            cand --no-payload 'Judge the signature alone'
            cand --show-expected 'Show the signature that the first secret would make'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;convert'= {
            cand --print 'Form to print: `json` is a capture a line, `har` one archive of all'
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;listen'= {
            cand --save 'Keep every delivery: a folder gets a file each, a `.jsonl` file a line each'
            cand --forward 'Pass every delivery on, byte for byte, and answer with its answer'
            cand --forward-timeout 'Deadline of a delivery that is passed on; 0 waits for ever'
            cand --respond 'Answers to give, in order, such as `503x2,200`; the last one is repeated'
            cand --unverified 'What to do with a signature that does not hold'
            cand --invalid 'What to do with a payload that is not as it should be'
            cand --count 'Stop after so many deliveries'
            cand --timeout 'Stop after so long'
            cand --ready-file 'Write the URL to this file once the socket accepts'
            cand --max-body 'Largest body that is taken'
            cand --max-header 'Largest block of headers that is taken'
            cand --max-connections 'Connections at once'
            cand --read-timeout 'Time for the head of a request, and between the parts of its body'
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand --strict 'Warnings make a payload invalid'
            cand --redact 'Do not show the person a delivery is about'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;simulate'= {
            cand --respond 'Answers of the endpoint in a plan, such as `503x3,200`'
            cand --attempts 'Make so many attempts at the most'
            cand --schedule 'Other waits than the provider''s, such as `10m,30m,1h`'
            cand --data 'Send the bytes of this file as they are, `-` for standard input'
            cand --seed 'Another made-up lead for every number; the same for the same number and time'
            cand --variant 'A named variant of the event''s payload'
            cand --set 'Put a text where something is; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)'
            cand --set-json 'The same with a JSON value (can be repeated)'
            cand --unset 'Take a member or an item away (can be repeated)'
            cand --add 'Put a text where nothing is (can be repeated)'
            cand --add-json 'The same with a JSON value (can be repeated)'
            cand --tamper 'One defect on purpose, as far as the provider''s signature can have it'
            cand --message-id 'Message id to send under; a new one if it is not given'
            cand --now 'Time of sending: RFC 3339, or `@` and Unix seconds'
            cand -H 'Another header (can be repeated)'
            cand --header 'Another header (can be repeated)'
            cand --timeout 'Deadline of one whole exchange; 0 waits for ever [default: 30s]'
            cand --wait 'Wait so long for the endpoint to accept connections'
            cand --cacert 'Trust the authorities of this PEM file, and no others'
            cand --cert 'Show this PEM certificate to the endpoint'
            cand --key 'Key of that certificate, if it is in a file of its own'
            cand --proxy 'Go through this proxy; the variables for proxies are ignored'
            cand --resolve 'Address to use for a host (can be repeated)'
            cand --connect-to 'Connect to the second host and port in place of the first (can be repeated)'
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand --unsigned 'Send without a signature, as a provider does whose user set no secret'
            cand --insecure 'Take any certificate; only for machines of your own'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;practice'= {
            cand --fault 'Be wrong in this way; `--list-faults` names them'
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand --list-faults 'List the faults'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events'= {
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List every event of every provider'
            cand show 'Show the sample payload of an event'
            cand schema 'Print the JSON Schema of an event, whole'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'leadhook;events;list'= {
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events;show'= {
            cand --variant 'A named variant of it'
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events;schema'= {
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events;help'= {
            cand list 'List every event of every provider'
            cand show 'Show the sample payload of an event'
            cand schema 'Print the JSON Schema of an event, whole'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'leadhook;events;help;list'= {
        }
        &'leadhook;events;help;show'= {
        }
        &'leadhook;events;help;schema'= {
        }
        &'leadhook;events;help;help'= {
        }
        &'leadhook;demo'= {
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;completions'= {
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;man'= {
            cand -p 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped'
            cand --format 'Form of the answer: text for people, or one JSON object a line'
            cand --color 'When to colour'
            cand -q 'Say less on standard error'
            cand --quiet 'Say less on standard error'
            cand -v 'Say more (can be repeated)'
            cand --verbose 'Say more (can be repeated)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;help'= {
            cand send 'Send a synthetic event, signed as the provider does'
            cand sign 'Print the headers the provider would send with a body'
            cand verify 'Judge captured requests: signature, then payload'
            cand convert 'Print captured requests in another form'
            cand listen 'Receive webhooks, verify and print them'
            cand simulate 'Play the provider''s retry ladder, as a plan or against an endpoint'
            cand practice 'Run a small receiver to practise on, right or wrong in one named way'
            cand events 'Show what can be sent: events, samples, schemas'
            cand demo 'Show everything at once, on free ports of this machine'
            cand completions 'Print the completions of a shell'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'leadhook;help;send'= {
        }
        &'leadhook;help;sign'= {
        }
        &'leadhook;help;verify'= {
        }
        &'leadhook;help;convert'= {
        }
        &'leadhook;help;listen'= {
        }
        &'leadhook;help;simulate'= {
        }
        &'leadhook;help;practice'= {
        }
        &'leadhook;help;events'= {
            cand list 'List every event of every provider'
            cand show 'Show the sample payload of an event'
            cand schema 'Print the JSON Schema of an event, whole'
        }
        &'leadhook;help;events;list'= {
        }
        &'leadhook;help;events;show'= {
        }
        &'leadhook;help;events;schema'= {
        }
        &'leadhook;help;demo'= {
        }
        &'leadhook;help;completions'= {
        }
        &'leadhook;help;man'= {
        }
        &'leadhook;help;help'= {
        }
    ]
    $completions[$command]
}
