
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
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand send 'Send a synthetic event, signed as the provider does'
            cand sign 'Print the headers the provider would send with a body'
            cand verify 'Judge captured requests: signature, then payload'
            cand convert 'Print captured requests in another form'
            cand listen 'Receive webhooks, verify and print them'
            cand simulate 'Play the provider''s retry ladder, on paper or against an endpoint'
            cand replay 'Send captured requests again, byte for byte'
            cand practice 'Run a small receiver to practise on, right or wrong in one named way'
            cand events 'Show what can be sent, and check payloads and packs'
            cand config 'Show what is in force and where it comes from, or write a file to begin with'
            cand demo 'Show everything at once, on free ports of this machine'
            cand completions 'Print the completions of a shell'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'leadhook;send'= {
            cand --expect 'Statuses to take for success in place of the provider''s, such as `200` or `2xx,406`'
            cand --print 'Show the request in this form'
            cand --data 'Send the bytes of this file as they are, `-` for standard input'
            cand --variant 'A named variant of the payload, such as `minimal`, `maximal` or `unicode`: `leadhook events` lists those of each event'
            cand --set 'Put a text where something is; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)'
            cand --set-json 'The same with a JSON value (can be repeated)'
            cand --unset 'Take a member or an item away (can be repeated)'
            cand --add 'Put a text where nothing is (can be repeated)'
            cand --add-json 'The same with a JSON value (can be repeated)'
            cand --merge 'Merge the JSON of this file, `-` for standard input, as RFC 7396 says: what is not there is added, and null takes away (can be repeated)'
            cand --tamper 'One defect on purpose, as far as the provider''s signature can have it'
            cand --message-id 'Message id to send under; a new one if it is not given'
            cand -H 'Another header (can be repeated)'
            cand --header 'Another header (can be repeated)'
            cand --resolve 'Address to use for a host (can be repeated)'
            cand --connect-to 'Connect to the second host and port in place of the first (can be repeated)'
            cand --seed 'Another made-up lead for every number; the same for the same number and time [env: LEADHOOK_SEED]'
            cand --now 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]'
            cand --timeout 'Deadline of one whole exchange; 0 waits for ever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]'
            cand --wait 'Wait so long for the endpoint to accept connections [env: LEADHOOK_WAIT]'
            cand --cacert 'Trust the authorities of this PEM file, and no others [env: LEADHOOK_CACERT]'
            cand --cert 'Show this PEM certificate to the endpoint [env: LEADHOOK_CERT]'
            cand --key 'Key of that certificate, if it is in a file of its own [env: LEADHOOK_KEY]'
            cand --proxy 'Go through this proxy; the variables for proxies are ignored [env: LEADHOOK_PROXY]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand --dry-run 'Send nothing; show the request'
            cand --unsigned 'Send without a signature, as a provider does whose user set no secret'
            cand --insecure 'Take any certificate; only for machines of your own [env: LEADHOOK_INSECURE]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;sign'= {
            cand --event 'Event to name in the header, where the provider has one'
            cand --message-id 'Message id to name in the header, where the provider has one'
            cand --print 'Show the whole request in this form, as `send` would send it'
            cand --now 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;verify'= {
            cand --body 'File that holds a body alone, byte for byte'
            cand -H 'Header of that body (can be repeated)'
            cand --header 'Header of that body (can be repeated)'
            cand --candidates 'Try each line of this file as the secret when a signature does not hold'
            cand --now 'Judge the times of tokens as of then, and not as of the capture [env: LEADHOOK_NOW]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand --no-payload 'Judge the signature alone'
            cand --show-expected 'Show the signature that the first secret would make'
            cand --strict 'Warnings make a payload invalid [env: LEADHOOK_STRICT]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;convert'= {
            cand --print 'Form to print: `json` is a capture a line, `har` one archive of all'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;listen'= {
            cand --count 'Stop after so many deliveries'
            cand --timeout 'Stop after so long'
            cand --seed 'Draw latencies, failures and drops from this seed [env: LEADHOOK_SEED]'
            cand --save 'Keep every delivery: a folder gets a file each, a `.jsonl` file a line each [env: LEADHOOK_SAVE]'
            cand --keep 'Keep so many captures, and let the oldest go; a file may have an eighth more, or 1,000 [env: LEADHOOK_KEEP]'
            cand --keep-size 'Keep so many bytes of captures, and let the oldest go; a file may have an eighth more [env: LEADHOOK_KEEP_SIZE]'
            cand --forward 'Pass every delivery on, byte for byte, or those of one event (can be repeated) [env: LEADHOOK_FORWARD]'
            cand --forward-timeout 'Deadline of a delivery that is passed on; 0 waits for ever [env: LEADHOOK_FORWARD_TIMEOUT]'
            cand --respond 'Answers to give, in order, such as `503x2,200`, or those to one event (can be repeated) [env: LEADHOOK_RESPOND]'
            cand --latency 'Let every answer take so long, or anything between two times, such as `200ms..2s` [env: LEADHOOK_LATENCY]'
            cand --fail-rate 'Answer such a part of the deliveries with 500, without passing them on [env: LEADHOOK_FAIL_RATE]'
            cand --drop-rate 'Close the connection of such a part of them, without passing them on or answering [env: LEADHOOK_DROP_RATE]'
            cand --answer-late 'Do the work, and answer when the provider has given up; without a time after 35 s [env: LEADHOOK_ANSWER_LATE]'
            cand --remember 'Remember so many messages and as many leads, to tell repeats and what comes too early [env: LEADHOOK_REMEMBER]'
            cand --unverified 'What to do with a signature that does not hold [env: LEADHOOK_UNVERIFIED]'
            cand --invalid 'What to do with a payload that is not as it should be [env: LEADHOOK_INVALID]'
            cand --ready-file 'Write the URL to this file once the socket accepts [env: LEADHOOK_READY_FILE]'
            cand --admin 'Show `/healthz`, `/readyz`, `/metrics` and `/health/PROVIDER` on this address instead [env: LEADHOOK_ADMIN]'
            cand --max-body 'Largest body that is taken [env: LEADHOOK_MAX_BODY]'
            cand --max-header 'Largest block of headers that is taken [env: LEADHOOK_MAX_HEADER]'
            cand --max-memory 'Most memory for bodies on their way; what is beyond it is answered with 503 [env: LEADHOOK_MAX_MEMORY]'
            cand --max-connections 'Connections at once; one more makes the oldest idle one leave [env: LEADHOOK_MAX_CONNECTIONS]'
            cand --max-requests 'Requests of one connection [env: LEADHOOK_MAX_REQUESTS]'
            cand --idle-timeout 'Time to the first byte of a request [env: LEADHOOK_IDLE_TIMEOUT]'
            cand --read-timeout 'Time between two parts of a request [env: LEADHOOK_READ_TIMEOUT]'
            cand --request-timeout 'Time for a request in all [env: LEADHOOK_REQUEST_TIMEOUT]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand --strict 'Warnings make a payload invalid [env: LEADHOOK_STRICT]'
            cand --keep-host 'Let targets see the `Host` that the sender asked for, in place of their own [env: LEADHOOK_KEEP_HOST]'
            cand --redact 'Do not show the person a delivery is about [env: LEADHOOK_REDACT]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;simulate'= {
            cand --attempts 'Make so many attempts at the most'
            cand --schedule 'Other waits than the provider''s, such as `10m,30m,1h`'
            cand --policy 'A ladder to compare with: a TOML file with the `[retry]` table of a pack (can be repeated)'
            cand --events 'How often a lead comes, such as `120/h` or `5/s`'
            cand --for 'How long leads come [default: 24h, or until `--count` is reached]'
            cand --arrivals 'How they come: as chance has it, or with gaps that are all alike'
            cand --count 'No more than so many leads; without `--events` all of them at once'
            cand --then 'What follows every lead, and how long after it, such as `activity_added=5m` (can be repeated)'
            cand --outage 'Nobody is there, such as `30m..3h` from the first lead on (can be repeated)'
            cand --capacity 'It takes no more requests than that, such as `5/s`; what comes sooner waits its turn'
            cand --fail-rate 'So many requests are answered with 500, undone, such as `0.1` or `10%`'
            cand --latency 'How long a request takes, such as `200ms` or `1s..40s`; done after `--timeout`, it comes again'
            cand --brown-out 'When the three before this one hold; the whole time if it is not given (can be repeated)'
            cand --sweep 'Try one outage of each of these lengths, such as `10m,1h,8h`, from the first lead on, and compare'
            cand --plot 'Draw what happens over time into this SVG file'
            cand --speed 'Waits between the attempts: none (`instant`), the ladder''s own (`real`), or so many times shorter (`60x`)'
            cand --journal 'Write down every attempt, and go on where this file ends'
            cand --data 'Send the bytes of this file as they are, `-` for standard input'
            cand --variant 'A named variant of the payload, such as `minimal`, `maximal` or `unicode`: `leadhook events` lists those of each event'
            cand --set 'Put a text where something is; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)'
            cand --set-json 'The same with a JSON value (can be repeated)'
            cand --unset 'Take a member or an item away (can be repeated)'
            cand --add 'Put a text where nothing is (can be repeated)'
            cand --add-json 'The same with a JSON value (can be repeated)'
            cand --merge 'Merge the JSON of this file, `-` for standard input, as RFC 7396 says: what is not there is added, and null takes away (can be repeated)'
            cand --tamper 'One defect on purpose, as far as the provider''s signature can have it'
            cand --message-id 'Message id to send under; a new one if it is not given'
            cand -H 'Another header (can be repeated)'
            cand --header 'Another header (can be repeated)'
            cand --resolve 'Address to use for a host (can be repeated)'
            cand --connect-to 'Connect to the second host and port in place of the first (can be repeated)'
            cand --seed 'Another made-up lead for every number; the same for the same number and time [env: LEADHOOK_SEED]'
            cand --now 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]'
            cand --timeout 'Deadline of one whole exchange; 0 waits for ever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]'
            cand --wait 'Wait so long for the endpoint to accept connections [env: LEADHOOK_WAIT]'
            cand --cacert 'Trust the authorities of this PEM file, and no others [env: LEADHOOK_CACERT]'
            cand --cert 'Show this PEM certificate to the endpoint [env: LEADHOOK_CERT]'
            cand --key 'Key of that certificate, if it is in a file of its own [env: LEADHOOK_KEY]'
            cand --proxy 'Go through this proxy; the variables for proxies are ignored [env: LEADHOOK_PROXY]'
            cand --respond 'Answers of the endpoint, in order, such as `503x3,200` [env: LEADHOOK_RESPOND]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand --unsigned 'Send without a signature, as a provider does whose user set no secret'
            cand --insecure 'Take any certificate; only for machines of your own [env: LEADHOOK_INSECURE]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;replay'= {
            cand --to 'Where to: `:3000`, `:3000/hooks`, `/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]'
            cand --order 'Order in which they are sent; any but the original keeps all of them in memory, up to 256 MiB'
            cand --speed 'Waits between them: none, those at which they came (`real`), or so many times shorter (`60x`)'
            cand --expect 'Statuses to take for success in place of the provider''s, such as `200` or `2xx,406`'
            cand --baseline 'Compare with an earlier run: what `replay --format json` printed'
            cand --resolve 'Address to use for a host (can be repeated)'
            cand --connect-to 'Connect to the second host and port in place of the first (can be repeated)'
            cand --seed 'Shuffle in the same way as the run that named this seed [env: LEADHOOK_SEED]'
            cand --now 'Time as of which they are signed and signatures judged: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]'
            cand --timeout 'Deadline of one whole exchange; 0 waits for ever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]'
            cand --wait 'Wait so long for the endpoint to accept connections [env: LEADHOOK_WAIT]'
            cand --cacert 'Trust the authorities of this PEM file, and no others [env: LEADHOOK_CACERT]'
            cand --cert 'Show this PEM certificate to the endpoint [env: LEADHOOK_CERT]'
            cand --key 'Key of that certificate, if it is in a file of its own [env: LEADHOOK_KEY]'
            cand --proxy 'Go through this proxy; the variables for proxies are ignored [env: LEADHOOK_PROXY]'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand --resign 'Sign each anew, with the secret at hand and as of now'
            cand --insecure 'Take any certificate; only for machines of your own [env: LEADHOOK_INSECURE]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;practice'= {
            cand --fault 'Be wrong in this way; `--list-faults` names them'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand --list-faults 'List the faults'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List every event of every provider, and with `+` its variants; `-v` says what each is'
            cand show 'Show the sample payload of an event'
            cand schema 'Print the JSON Schema of an event, whole'
            cand check 'Hold payloads against the schema of their event'
            cand new 'Write a commented pack to begin with'
            cand check-pack 'Hold a pack against the rules that the built-in ones obey'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'leadhook;events;list'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events;show'= {
            cand --variant 'A named variant of it'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events;schema'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events;check'= {
            cand --event 'Event that they are of'
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand --strict 'Warnings make a payload invalid [env: LEADHOOK_STRICT]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events;new'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events;check-pack'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand --strict 'Warnings count as well [env: LEADHOOK_STRICT]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;events;help'= {
            cand list 'List every event of every provider, and with `+` its variants; `-v` says what each is'
            cand show 'Show the sample payload of an event'
            cand schema 'Print the JSON Schema of an event, whole'
            cand check 'Hold payloads against the schema of their event'
            cand new 'Write a commented pack to begin with'
            cand check-pack 'Hold a pack against the rules that the built-in ones obey'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'leadhook;events;help;list'= {
        }
        &'leadhook;events;help;show'= {
        }
        &'leadhook;events;help;schema'= {
        }
        &'leadhook;events;help;check'= {
        }
        &'leadhook;events;help;new'= {
        }
        &'leadhook;events;help;check-pack'= {
        }
        &'leadhook;events;help;help'= {
        }
        &'leadhook;config'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Show every value in force, with its origin; never a secret'
            cand init 'Write a commented `leadhook.toml`, in which nothing is set yet'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'leadhook;config;show'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;config;init'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;config;help'= {
            cand show 'Show every value in force, with its origin; never a secret'
            cand init 'Write a commented `leadhook.toml`, in which nothing is set yet'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'leadhook;config;help;show'= {
        }
        &'leadhook;config;help;init'= {
        }
        &'leadhook;config;help;help'= {
        }
        &'leadhook;demo'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;completions'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;man'= {
            cand --secret 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)'
            cand --config 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]'
            cand --profile 'Profile of the configuration to use [env: LEADHOOK_PROFILE]'
            cand --secret-file 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]'
            cand --pack 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]'
            cand -p 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --provider 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]'
            cand --format 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]'
            cand --color 'When to colour [env: LEADHOOK_COLOR]'
            cand -q 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand --quiet 'Say less on standard error [env: LEADHOOK_QUIET]'
            cand -v 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand --verbose 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'leadhook;help'= {
            cand send 'Send a synthetic event, signed as the provider does'
            cand sign 'Print the headers the provider would send with a body'
            cand verify 'Judge captured requests: signature, then payload'
            cand convert 'Print captured requests in another form'
            cand listen 'Receive webhooks, verify and print them'
            cand simulate 'Play the provider''s retry ladder, on paper or against an endpoint'
            cand replay 'Send captured requests again, byte for byte'
            cand practice 'Run a small receiver to practise on, right or wrong in one named way'
            cand events 'Show what can be sent, and check payloads and packs'
            cand config 'Show what is in force and where it comes from, or write a file to begin with'
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
        &'leadhook;help;replay'= {
        }
        &'leadhook;help;practice'= {
        }
        &'leadhook;help;events'= {
            cand list 'List every event of every provider, and with `+` its variants; `-v` says what each is'
            cand show 'Show the sample payload of an event'
            cand schema 'Print the JSON Schema of an event, whole'
            cand check 'Hold payloads against the schema of their event'
            cand new 'Write a commented pack to begin with'
            cand check-pack 'Hold a pack against the rules that the built-in ones obey'
        }
        &'leadhook;help;events;list'= {
        }
        &'leadhook;help;events;show'= {
        }
        &'leadhook;help;events;schema'= {
        }
        &'leadhook;help;events;check'= {
        }
        &'leadhook;help;events;new'= {
        }
        &'leadhook;help;events;check-pack'= {
        }
        &'leadhook;help;config'= {
            cand show 'Show every value in force, with its origin; never a secret'
            cand init 'Write a commented `leadhook.toml`, in which nothing is set yet'
        }
        &'leadhook;help;config;show'= {
        }
        &'leadhook;help;config;init'= {
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
