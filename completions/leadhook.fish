# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_leadhook_global_optspecs
    string join \n secret= config= profile= secret-file= pack= p/provider= format= color= q/quiet v/verbose h/help V/version
end

function __fish_leadhook_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_leadhook_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_leadhook_using_subcommand
    set -l cmd (__fish_leadhook_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c leadhook -n "__fish_leadhook_needs_command" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_needs_command" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_needs_command" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_needs_command" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_needs_command" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_needs_command" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_needs_command" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_needs_command" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_needs_command" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_needs_command" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_needs_command" -s V -l version -d 'Print version'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "send" -d 'Send a synthetic event, signed as the provider does'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "sign" -d 'Print the headers the provider would send with a body'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "verify" -d 'Verify captured requests: signature, then payload'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "decode" -d 'Show what a token or a signature header says, in words'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "diff" -d 'Compare two captured requests and name the cause of the difference'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "convert" -d 'Print captured requests in another form'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "listen" -d 'Receive webhooks, verify and print them'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "health" -d 'Check that a listener is ready, for the health check of a container'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "simulate" -d 'Run the provider\'s retry schedule, as a plan or against an endpoint'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "check" -d 'Test a receiver with everything the provider may send it'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "replay" -d 'Send captured requests again, byte for byte'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "practice" -d 'Run a small receiver to practise with, correct or with one named fault'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "events" -d 'Show the available events, and check payloads and packs'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "config" -d 'Show the effective configuration and its origins, or write a template file'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "demo" -d 'Show sending, verification and retries, on free ports of this machine'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "man" -d 'Print the manual page'
complete -c leadhook -n "__fish_leadhook_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l expect -d 'Statuses that count as success instead of the provider\'s, such as `200` or `2xx,406`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l print -d 'Show the request in this form' -r -f -a "curl\t'A command for a shell'
http\t'The bytes of HTTP/1.1'
har\t'An HTTP archive'
json\t'A capture'"
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l data -d 'Send the bytes of this file unchanged, `-` for standard input' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l variant -d 'A named variant of the payload, such as `minimal`, `maximal` or `unicode`: `leadhook events` lists those of each event' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l set -d 'Replace a field with a string; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l set-json -d 'Replace a field with a JSON value (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l unset -d 'Remove a field or an array item (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l add -d 'Add a field with a string (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l add-json -d 'Add a field with a JSON value (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l merge -d 'Apply the JSON merge patch (RFC 7396) of this file, `-` for standard input: new fields are added, and null removes a field (can be repeated)' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l tamper -d 'Introduce one deliberate defect' -r -f -a "body\t'one character of the body is changed after signing'
missing-signature\t'the signature header is missing'
empty\t'the signature header is empty'
wrong-secret\t'signed with another secret'
other-body\t'the signature belongs to another body'
garbage\t'the signature header contains garbage'
twice\t'the signature header occurs twice, once with an invalid signature'
truncated\t'the last half of the signature is cut off'
prefix\t'`sha256=` is added before the digest, or the expected prefix is missing'
uppercase\t'the hex digits are in upper case'
base64\t'the digest is in base64, not in hex'
hex\t'the digest of Standard Webhooks is in hex, not in base64'
other-version\t'the signature of Standard Webhooks has the unknown version prefix `v2,`'
stale\t'the token has expired, or the signed timestamp is too old'
future\t'the token is not valid yet, or the signed timestamp is in the future'
alg-none\t'the token declares `none` as its algorithm and has no signature'
alg-other\t'the token is signed with HS512 and the correct secret'
alg-hs384\t'the token is signed with HS384 and the correct secret'
alg-rs256\t'the token declares RS256, but is an HMAC with the secret as the public key'
claims-mismatch\t'the token is signed correctly, but its claims differ from the body'
body-alone\t'the body is signed without the id and the timestamp'
undecoded-secret\t'signed with the string of the secret, not with the key that it encodes'
message-id\t'the signed message id is changed after signing'
timestamp\t'the signed timestamp is changed after signing'
missing-message-id\t'the header with the signed message id is missing'
missing-timestamp\t'the header with the signed timestamp is missing'"
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l message-id -d 'Message id [default: a new one]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -s H -l header -d 'Additional header (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l resolve -d 'Address to use for a host (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l connect-to -d 'Connect to the second host and port instead of the first (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l seed -d 'Seed for generated data: the same seed and `--now` give identical bytes [env: LEADHOOK_SEED]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l now -d 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l timeout -d 'Deadline of a whole exchange; 0 waits forever [default: the provider\'s, or else 30s] [env: LEADHOOK_TIMEOUT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l wait -d 'Wait up to TIME for the endpoint to accept connections [env: LEADHOOK_WAIT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l cacert -d 'CA bundle (PEM) to trust instead of the system\'s [env: LEADHOOK_CACERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l cert -d 'Client certificate (PEM) [env: LEADHOOK_CERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l key -d 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l proxy -d 'Proxy to use; proxy environment variables are ignored [env: LEADHOOK_PROXY]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l dry-run -d 'Show the request without sending it'
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l unsigned -d 'Send without a signature, like a provider without a configured secret'
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l allow-remote -d 'Allow a target on another machine: one from `./leadhook.toml`, any target of `check`, or more than 100 leads of `simulate`'
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -l insecure -d 'Do not verify the server\'s certificate [env: LEADHOOK_INSECURE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l event -d 'Event for the event header, if the provider has one' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l message-id -d 'Message id for the id header, if the provider has one' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l print -d 'Show the whole request in this form, as `send` would send it' -r -f -a "curl\t'A command for a shell'
http\t'The bytes of HTTP/1.1'
har\t'An HTTP archive'
json\t'A capture'"
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l now -d 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l body -d 'File with only a body, byte for byte' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -s H -l header -d 'Header of that body (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l candidates -d 'Try each value of this file as the secret if a signature does not verify' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l mine -d 'Find what your own code hashed to get this digest, with the fix' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l event -d 'Only requests of this event: `created`, `leadpro:lead.created`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l id -d 'Only requests with this message id, compared whole' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l since -d 'Only requests received at or after this time: RFC 3339, `@` and Unix seconds, or `1h` for one hour ago' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l before -d 'Only requests received before this time' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l last -d 'Only the last N of the requests that pass the other filters' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l now -d 'Time at which tokens are checked, instead of that of the capture [env: LEADHOOK_NOW]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l no-payload -d 'Verify the signature only'
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l show-expected -d 'Show the signature that the first secret would produce'
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l failed -d 'Only requests that are not valid, as `verify` judges; needs a secret'
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -l strict -d 'Warnings make a payload invalid [env: LEADHOOK_STRICT]'
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -l now -d 'Time that ages and expiry are relative to, instead of now: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -l body-only -d 'Compare only the bodies: proxies and captures change method, target and headers'
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l print -d 'Form to print: `json` is one capture per line, `har` a single archive' -r -f -a "curl\t'A command for a shell'
http\t'The bytes of HTTP/1.1'
har\t'An HTTP archive'
json\t'A capture'"
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -s o -l output -d 'File to write, which only its owner can read if it is new; `-` for standard output' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l seed -d 'Seed for `--redact`: the same seed gives the same replacements. Keep it secret' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l event -d 'Only requests of this event: `created`, `leadpro:lead.created`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l id -d 'Only requests with this message id, compared whole' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l since -d 'Only requests received at or after this time: RFC 3339, `@` and Unix seconds, or `1h` for one hour ago' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l before -d 'Only requests received before this time' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l last -d 'Only the last N of the requests that pass the other filters' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l redact -d 'Replace personal data: values that the provider documents as enumerated, ids, times and numbers stay, and every other string becomes a synthetic one'
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -l failed -d 'Only requests that are not valid, as `verify` judges; needs a secret'
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l tunnel -d 'Make the listener public with an installed program: `cloudflared`, `tailscale`, `ngrok`, or a command line with `{port}`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l count -d 'Stop after N deliveries' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l until -d 'Stop once a delivery that satisfies MATCH has come (can be repeated: once all have)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l timeout -d 'Stop after TIME' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l seed -d 'Seed for latencies, failures and drops [env: LEADHOOK_SEED]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l cacert -d 'CA bundle (PEM) to trust instead of the system\'s [env: LEADHOOK_CACERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l cert -d 'Client certificate (PEM) [env: LEADHOOK_CERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l key -d 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l save -d 'Save every delivery: one file each in a folder, or one line each in a `.jsonl` file [env: LEADHOOK_SAVE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l keep -d 'Keep at most N captures, deleting the oldest (a file is trimmed once it exceeds N by an eighth or by 1,000) [env: LEADHOOK_KEEP]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l keep-size -d 'Keep at most SIZE bytes of captures, deleting the oldest (a file is trimmed once it exceeds SIZE by an eighth) [env: LEADHOOK_KEEP_SIZE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l save-body -d 'Part of each body to save [env: LEADHOOK_SAVE_BODY]' -r -f -a "full\t'The body, byte for byte'
redacted\t'A redacted body, as `convert --redact` writes it'
none\t'No body'"
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l forward -d 'Forward every delivery, byte for byte, or those of one event (can be repeated) [env: LEADHOOK_FORWARD]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l forward-timeout -d 'Deadline of a forwarded delivery; 0 waits forever [env: LEADHOOK_FORWARD_TIMEOUT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l forward-concurrency -d 'Maximum number of concurrent deliveries to each target, of different leads; 1 keeps the order of arrival of all [env: LEADHOOK_FORWARD_CONCURRENCY]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l respond -d 'Statuses to respond with, in order, such as `503x2,200`, or those for one event (can be repeated) [env: LEADHOOK_RESPOND]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l latency -d 'Delay every response by TIME, or by a random time of a range, such as `200ms..2s` [env: LEADHOOK_LATENCY]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l fail-rate -d 'Fraction of deliveries to respond to with 500, without forwarding them [env: LEADHOOK_FAIL_RATE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l drop-rate -d 'Fraction of deliveries whose connection is closed without forwarding or responding [env: LEADHOOK_DROP_RATE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l respond-late -d 'Process the delivery, but respond only after the provider has timed out; by default after 35 s [env: LEADHOOK_RESPOND_LATE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l remember -d 'Remember at most N messages and N leads, to detect repeats and out-of-order deliveries [env: LEADHOOK_REMEMBER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l unverified -d 'Handling of a signature that does not verify [env: LEADHOOK_UNVERIFIED]' -r -f -a "warn\t'Accept it with a warning'
reject\t'Reject it'"
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l invalid -d 'Handling of an invalid payload [env: LEADHOOK_INVALID]' -r -f -a "warn\t'Accept it with a warning'
reject\t'Reject it'"
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l ready-file -d 'Write the URL to this file once the socket accepts; with `--tunnel`, the public URL [env: LEADHOOK_READY_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l admin -d 'Serve `/healthz`, `/readyz`, `/metrics` and `/health/PROVIDER` on this address instead [env: LEADHOOK_ADMIN]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l admin-host -d 'Host name under which `/readyz`, `/metrics` and `/health/PROVIDER` respond (can be repeated) [env: LEADHOOK_ADMIN_HOST]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l max-body -d 'Maximum size of a body [env: LEADHOOK_MAX_BODY]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l max-header -d 'Maximum size of the headers of a request [env: LEADHOOK_MAX_HEADER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l max-memory -d 'Maximum memory for heads, bodies, queued output and queued deliveries; beyond it, 503 [env: LEADHOOK_MAX_MEMORY]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l max-connections -d 'Maximum number of concurrent connections; a further one evicts the oldest idle one [env: LEADHOOK_MAX_CONNECTIONS]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l max-requests -d 'Maximum number of requests of one connection [env: LEADHOOK_MAX_REQUESTS]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l idle-timeout -d 'Maximum time until the first byte of a request [env: LEADHOOK_IDLE_TIMEOUT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l read-timeout -d 'Maximum time between two parts of a request [env: LEADHOOK_READ_TIMEOUT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l request-timeout -d 'Maximum time for a whole request [env: LEADHOOK_REQUEST_TIMEOUT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l allow-remote -d 'Allow a target on another machine that `./leadhook.toml` names'
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l in-order -d 'The matches of `--until` must be satisfied in their order, each by a later delivery'
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l insecure -d 'Do not verify the server\'s certificate [env: LEADHOOK_INSECURE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l strict -d 'Treat warnings as errors: they make a payload invalid [env: LEADHOOK_STRICT]'
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l keep-host -d 'Forward the `Host` header of the sender instead of that of the target [env: LEADHOOK_KEEP_HOST]'
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -l redact -d 'Redact personal data: names of persons, values, queries, unknown field names and headers [env: LEADHOOK_REDACT]'
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -l timeout -d 'Maximum time for the response' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand health" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l attempts -d 'Maximum number of attempts' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l schedule -d 'Waits to use instead of the provider\'s, such as `10m,30m,1h`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l policy -d 'Retry schedule to compare with: a TOML file with a pack\'s `[retry]` table (can be repeated)' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l events -d 'Rate at which leads arrive, such as `120/h` or `0.5/s`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l for -d 'Time during which leads arrive [default: 24h, or until `--count` is reached]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l arrivals -d 'Arrival pattern: random (Poisson) or evenly spaced' -r -f -a "poisson\t'Random: each arrival is independent of the others'
even\t'Evenly spaced'"
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l count -d 'Maximum number of leads; without `--events` all of them arrive at once' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l then -d 'Event that follows every lead, and its delay, such as `activity_added=5m` (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l outage -d 'Endpoint is down during this interval after the first lead, such as `30m..3h` (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l capacity -d 'Maximum request rate of the endpoint, such as `5/s`; requests above it are queued' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l fail-rate -d 'Share of requests that fail with 500 and are not processed, such as `0.1` or `10%`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l latency -d 'Time to process a request, such as `200ms` or `1s..40s`; beyond `--timeout`, it is sent again' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l brown-out -d 'Interval in which `--capacity`, `--fail-rate` and `--latency` apply [default: always] (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l sweep -d 'Compare outages of these lengths, each from the first lead on, such as `10m,1h,8h`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l plot -d 'Draw what happens over time into this SVG file, which is replaced atomically' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l speed -d 'Waits between attempts: none (`instant`), as scheduled (`real`), or N times shorter (`60x`)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l concurrency -d 'Maximum number of attempts in progress at once, of those that are due' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l journal -d 'Record every attempt in this file, and resume the run in it' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l data -d 'Send the bytes of this file unchanged, `-` for standard input' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l variant -d 'A named variant of the payload, such as `minimal`, `maximal` or `unicode`: `leadhook events` lists those of each event' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l set -d 'Replace a field with a string; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l set-json -d 'Replace a field with a JSON value (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l unset -d 'Remove a field or an array item (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l add -d 'Add a field with a string (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l add-json -d 'Add a field with a JSON value (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l merge -d 'Apply the JSON merge patch (RFC 7396) of this file, `-` for standard input: new fields are added, and null removes a field (can be repeated)' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l tamper -d 'Introduce one deliberate defect' -r -f -a "body\t'one character of the body is changed after signing'
missing-signature\t'the signature header is missing'
empty\t'the signature header is empty'
wrong-secret\t'signed with another secret'
other-body\t'the signature belongs to another body'
garbage\t'the signature header contains garbage'
twice\t'the signature header occurs twice, once with an invalid signature'
truncated\t'the last half of the signature is cut off'
prefix\t'`sha256=` is added before the digest, or the expected prefix is missing'
uppercase\t'the hex digits are in upper case'
base64\t'the digest is in base64, not in hex'
hex\t'the digest of Standard Webhooks is in hex, not in base64'
other-version\t'the signature of Standard Webhooks has the unknown version prefix `v2,`'
stale\t'the token has expired, or the signed timestamp is too old'
future\t'the token is not valid yet, or the signed timestamp is in the future'
alg-none\t'the token declares `none` as its algorithm and has no signature'
alg-other\t'the token is signed with HS512 and the correct secret'
alg-hs384\t'the token is signed with HS384 and the correct secret'
alg-rs256\t'the token declares RS256, but is an HMAC with the secret as the public key'
claims-mismatch\t'the token is signed correctly, but its claims differ from the body'
body-alone\t'the body is signed without the id and the timestamp'
undecoded-secret\t'signed with the string of the secret, not with the key that it encodes'
message-id\t'the signed message id is changed after signing'
timestamp\t'the signed timestamp is changed after signing'
missing-message-id\t'the header with the signed message id is missing'
missing-timestamp\t'the header with the signed timestamp is missing'"
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l message-id -d 'Message id [default: a new one]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -s H -l header -d 'Additional header (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l resolve -d 'Address to use for a host (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l connect-to -d 'Connect to the second host and port instead of the first (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l seed -d 'Seed for generated data: the same seed and `--now` give identical bytes [env: LEADHOOK_SEED]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l now -d 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l timeout -d 'Deadline of a whole exchange; 0 waits forever [default: the provider\'s, or else 30s] [env: LEADHOOK_TIMEOUT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l wait -d 'Wait up to TIME for the endpoint to accept connections [env: LEADHOOK_WAIT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l cacert -d 'CA bundle (PEM) to trust instead of the system\'s [env: LEADHOOK_CACERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l cert -d 'Client certificate (PEM) [env: LEADHOOK_CERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l key -d 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l proxy -d 'Proxy to use; proxy environment variables are ignored [env: LEADHOOK_PROXY]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l respond -d 'Responses of the endpoint, in order, such as `503x3,200` [env: LEADHOOK_RESPOND]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l unsigned -d 'Send without a signature, like a provider without a configured secret'
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l allow-remote -d 'Allow a target on another machine: one from `./leadhook.toml`, any target of `check`, or more than 100 leads of `simulate`'
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -l insecure -d 'Do not verify the server\'s certificate [env: LEADHOOK_INSECURE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand simulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l start -d 'Start the receiver with this command, restart it after a crash, and end it with its children' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l only -d 'Run only these cases: ids, or `accepts`, `rejects`, `idempotency`, `timing`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l skip -d 'Skip these cases' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l deadline -d 'Maximum time of the whole check: when it is reached, no further case starts' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l budget -d 'Maximum response time [default: `--timeout`, the provider\'s timeout, or else 5s]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l probe-url -d 'URL whose GET response is a number that grows with each processed lead' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l probe-json -d 'JSON pointer (RFC 6901) to the number in the response of `--probe-url`; of an array the items are counted' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l probe-header -d 'Header with the number in the response of `--probe-url`, such as `X-Total-Count`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l probe-cmd -d 'Command that prints such a number; `LEADHOOK_CASE` and `LEADHOOK_PROVIDER` are set for it' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l probe-quiet -d 'Time before the first case in which the number must not change; `0` skips this test' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l settle -d 'Wait up to this time for the number to grow, if a receiver does its work after responding' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l report -d 'Write reports: `junit=FILE`, `tap=FILE`, `json=FILE`, `ndjson=FILE`, `html=FILE`, `github`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l save-failures -d 'Save the requests of failed cases as captures that `verify` and `replay` read' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l from -d 'Use these captured deliveries of the provider in place of the samples: a file or folder that `verify` reads, `-` for standard input; repeatable' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l resolve -d 'Address to use for a host (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l connect-to -d 'Connect to the second host and port instead of the first (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l seed -d 'Seed for generated leads: the same seed gives the same leads, whichever cases are run [env: LEADHOOK_SEED]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l now -d 'Time at which requests are signed: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l timeout -d 'Deadline of a whole exchange; 0 waits forever [default: the provider\'s, or else 30s] [env: LEADHOOK_TIMEOUT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l wait -d 'Wait up to TIME for the endpoint to accept connections [env: LEADHOOK_WAIT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l cacert -d 'CA bundle (PEM) to trust instead of the system\'s [env: LEADHOOK_CACERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l cert -d 'Client certificate (PEM) [env: LEADHOOK_CERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l key -d 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l proxy -d 'Proxy to use; proxy environment variables are ignored [env: LEADHOOK_PROXY]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l list -d 'List the cases'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l lenient -d 'Count only failures of mandatory (`must`) cases'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l keep-going -d 'Run every case, even if all genuine deliveries fail for one cause or time out'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l fail-fast -d 'Stop after the first failure that counts'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l allow-remote -d 'Allow a target on another machine: one from `./leadhook.toml`, any target of `check`, or more than 100 leads of `simulate`'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l insecure -d 'Do not verify the server\'s certificate [env: LEADHOOK_INSECURE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -l strict -d 'Count failures of optional (`may`) cases as well [env: LEADHOOK_STRICT]'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l to -d 'Endpoint: `:3000`, `:3000/hooks`, `/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l order -d 'Order of sending; any but `original` keeps all captures in memory, up to 256 MiB' -r -f -a "original\t'In the order of the inputs'
reverse\t'Last one first'
shuffle\t'In random order'"
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l speed -d 'Waits between requests: none (`instant`), as captured (`real`), or N times shorter (`60x`)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l expect -d 'Statuses to accept as success instead of the provider\'s, such as `200` or `2xx,406`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l baseline -d 'Compare with an earlier run: the output of `replay --format json`' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l set -d 'Replace a field with a string; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l set-json -d 'Replace a field with a JSON value (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l unset -d 'Remove a field or an array item (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l add -d 'Add a field with a string (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l add-json -d 'Add a field with a JSON value (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l merge -d 'Apply the JSON merge patch (RFC 7396) of this file, `-` for standard input: new fields are added, and null removes a field (can be repeated)' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l event -d 'Only requests of this event: `created`, `leadpro:lead.created`' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l id -d 'Only requests with this message id, compared whole' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l since -d 'Only requests received at or after this time: RFC 3339, `@` and Unix seconds, or `1h` for one hour ago' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l before -d 'Only requests received before this time' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l last -d 'Only the last N of the requests that pass the other filters' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l resolve -d 'Address to use for a host (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l connect-to -d 'Connect to the second host and port instead of the first (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l seed -d 'Seed for `--order shuffle`: the same seed gives the same order [env: LEADHOOK_SEED]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l now -d 'Time at which requests are signed and verified: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l timeout -d 'Deadline of a whole exchange; 0 waits forever [default: the provider\'s, or else 30s] [env: LEADHOOK_TIMEOUT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l wait -d 'Wait up to TIME for the endpoint to accept connections [env: LEADHOOK_WAIT]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l cacert -d 'CA bundle (PEM) to trust instead of the system\'s [env: LEADHOOK_CACERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l cert -d 'Client certificate (PEM) [env: LEADHOOK_CERT]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l key -d 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l proxy -d 'Proxy to use; proxy environment variables are ignored [env: LEADHOOK_PROXY]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l dry-run -d 'Print the requests that would be sent, and send nothing'
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l resign -d 'Sign each request again, with the configured secret and the current time'
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l failed -d 'Only requests that are not valid, as `verify` judges; needs a secret'
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l allow-remote -d 'Allow a target on another machine: one from `./leadhook.toml`, any target of `check`, or more than 100 leads of `simulate`'
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l insecure -d 'Do not verify the server\'s certificate [env: LEADHOOK_INSECURE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -l keep-host -d 'Send the captured `Host` header instead of that of the target [env: LEADHOOK_KEEP_HOST]'
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l fault -d 'Fault of the receiver; `--list-faults` lists them' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l ready-file -d 'Write the URL to this file once the socket accepts [env: LEADHOOK_READY_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -l list-faults -d 'List the faults'
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand practice" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -f -a "list" -d 'List every event of every provider, and its variants after `+`; `-v` describes each variant'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -f -a "show" -d 'Show the sample payload of an event'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -f -a "schema" -d 'Print the complete JSON Schema of an event, or of a kind of JSON output'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -f -a "check" -d 'Validate payloads against the schema of their event'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -f -a "new" -d 'Write a commented starter pack'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -f -a "check-pack" -d 'Validate a pack against the rules for built-in packs'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and not __fish_seen_subcommand_from list show schema check new check-pack help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -l variant -d 'Variant of the payload' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -l output -d 'Kind of the objects that `--format json` prints, such as `verdict`' -r -f -a "answered\t''
capture\t''
case\t''
cases\t''
check\t''
config\t''
delivery\t''
difference\t''
dry-run\t''
error\t''
events\t''
faults\t''
forward\t''
health\t''
pack\t''
payload\t''
plan\t''
ready\t''
request\t''
sample\t''
schema\t''
signed\t''
stopped\t''
summary\t''
token\t''
verdict\t''
written\t''"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -l event -d 'Event of the payloads' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -l strict -d 'Warnings make a payload invalid [env: LEADHOOK_STRICT]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -l strict -d 'Treat warnings as errors [env: LEADHOOK_STRICT]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from check-pack" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from help" -f -a "list" -d 'List every event of every provider, and its variants after `+`; `-v` describes each variant'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the sample payload of an event'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from help" -f -a "schema" -d 'Print the complete JSON Schema of an event, or of a kind of JSON output'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from help" -f -a "check" -d 'Validate payloads against the schema of their event'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from help" -f -a "new" -d 'Write a commented starter pack'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from help" -f -a "check-pack" -d 'Validate a pack against the rules for built-in packs'
complete -c leadhook -n "__fish_leadhook_using_subcommand events; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -f -a "show" -d 'Show every effective value with its origin; never a secret'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -f -a "init" -d 'Write a commented `leadhook.toml`, in which nothing is set yet'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and not __fish_seen_subcommand_from show init help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show every effective value with its origin; never a secret'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "init" -d 'Write a commented `leadhook.toml`, in which nothing is set yet'
complete -c leadhook -n "__fish_leadhook_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -l secret -d 'Signing secret; without a value it is read from the environment or prompted (can be repeated)' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -l config -d 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -l profile -d 'Profile of the configuration to use [env: LEADHOOK_PROFILE]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -l secret-file -d 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -l pack -d 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]' -r -F
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -s p -l provider -d 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]' -r
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -l format -d 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]' -r -f -a "human\t'Text for people'
json\t'One JSON object per line'"
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -l color -d 'When to use colours [env: LEADHOOK_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is'
always\t'Always'
never\t'Never'"
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -s q -l quiet -d 'Print less on standard error [env: LEADHOOK_QUIET]'
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -s v -l verbose -d 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]'
complete -c leadhook -n "__fish_leadhook_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "send" -d 'Send a synthetic event, signed as the provider does'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "sign" -d 'Print the headers the provider would send with a body'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "verify" -d 'Verify captured requests: signature, then payload'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "decode" -d 'Show what a token or a signature header says, in words'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "diff" -d 'Compare two captured requests and name the cause of the difference'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "convert" -d 'Print captured requests in another form'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "listen" -d 'Receive webhooks, verify and print them'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "health" -d 'Check that a listener is ready, for the health check of a container'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "simulate" -d 'Run the provider\'s retry schedule, as a plan or against an endpoint'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "check" -d 'Test a receiver with everything the provider may send it'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "replay" -d 'Send captured requests again, byte for byte'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "practice" -d 'Run a small receiver to practise with, correct or with one named fault'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "events" -d 'Show the available events, and check payloads and packs'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "config" -d 'Show the effective configuration and its origins, or write a template file'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "demo" -d 'Show sending, verification and retries, on free ports of this machine'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "completions" -d 'Print the completions of a shell'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "man" -d 'Print the manual page'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and not __fish_seen_subcommand_from send sign verify decode diff convert listen health simulate check replay practice events config demo completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and __fish_seen_subcommand_from events" -f -a "list" -d 'List every event of every provider, and its variants after `+`; `-v` describes each variant'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and __fish_seen_subcommand_from events" -f -a "show" -d 'Show the sample payload of an event'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and __fish_seen_subcommand_from events" -f -a "schema" -d 'Print the complete JSON Schema of an event, or of a kind of JSON output'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and __fish_seen_subcommand_from events" -f -a "check" -d 'Validate payloads against the schema of their event'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and __fish_seen_subcommand_from events" -f -a "new" -d 'Write a commented starter pack'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and __fish_seen_subcommand_from events" -f -a "check-pack" -d 'Validate a pack against the rules for built-in packs'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Show every effective value with its origin; never a secret'
complete -c leadhook -n "__fish_leadhook_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "init" -d 'Write a commented `leadhook.toml`, in which nothing is set yet'
