
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'leadhook' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'leadhook'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'leadhook' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send a synthetic event, signed as the provider does')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print the headers the provider would send with a body')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Judge captured requests: signature, then payload')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Print captured requests in another form')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive webhooks, verify and print them')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Play the provider''s retry ladder, on paper or against an endpoint')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Put a receiver through what the provider will put it through')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Send captured requests again, byte for byte')
            [CompletionResult]::new('practice', 'practice', [CompletionResultType]::ParameterValue, 'Run a small receiver to practise on, right or wrong in one named way')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show what can be sent, and check payloads and packs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show what is in force and where it comes from, or write a file to begin with')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show everything at once, on free ports of this machine')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;send' {
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Statuses to take for success in place of the provider''s, such as `200` or `2xx,406`')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Show the request in this form')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Send the bytes of this file as they are, `-` for standard input')
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'A named variant of the payload, such as `minimal`, `maximal` or `unicode`: `leadhook events` lists those of each event')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Put a text where something is; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)')
            [CompletionResult]::new('--set-json', '--set-json', [CompletionResultType]::ParameterName, 'The same with a JSON value (can be repeated)')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Take a member or an item away (can be repeated)')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Put a text where nothing is (can be repeated)')
            [CompletionResult]::new('--add-json', '--add-json', [CompletionResultType]::ParameterName, 'The same with a JSON value (can be repeated)')
            [CompletionResult]::new('--merge', '--merge', [CompletionResultType]::ParameterName, 'Merge the JSON of this file, `-` for standard input, as RFC 7396 says: what is not there is added, and null takes away (can be repeated)')
            [CompletionResult]::new('--tamper', '--tamper', [CompletionResultType]::ParameterName, 'One defect on purpose, as far as the provider''s signature can have it')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Message id to send under; a new one if it is not given')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Another header (can be repeated)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Another header (can be repeated)')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port in place of the first (can be repeated)')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Another made-up lead for every number; the same for the same number and time [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of one whole exchange; 0 waits for ever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for the endpoint to accept connections [env: LEADHOOK_WAIT]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the authorities of this PEM file, and no others [env: LEADHOOK_CACERT]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Show this PEM certificate to the endpoint [env: LEADHOOK_CERT]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key of that certificate, if it is in a file of its own [env: LEADHOOK_KEY]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through this proxy; the variables for proxies are ignored [env: LEADHOOK_PROXY]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing; show the request')
            [CompletionResult]::new('--unsigned', '--unsigned', [CompletionResultType]::ParameterName, 'Send without a signature, as a provider does whose user set no secret')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine: one that `./leadhook.toml` names, any target of `check`, and more than 100 leads of `simulate`')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Take any certificate; only for machines of your own [env: LEADHOOK_INSECURE]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;sign' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Event to name in the header, where the provider has one')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Message id to name in the header, where the provider has one')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Show the whole request in this form, as `send` would send it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;verify' {
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'File that holds a body alone, byte for byte')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Header of that body (can be repeated)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Header of that body (can be repeated)')
            [CompletionResult]::new('--candidates', '--candidates', [CompletionResultType]::ParameterName, 'Try each line of this file as the secret when a signature does not hold')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Judge the times of tokens as of then, and not as of the capture [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--no-payload', '--no-payload', [CompletionResultType]::ParameterName, 'Judge the signature alone')
            [CompletionResult]::new('--show-expected', '--show-expected', [CompletionResultType]::ParameterName, 'Show the signature that the first secret would make')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings make a payload invalid [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;convert' {
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Form to print: `json` is a capture a line, `har` one archive of all')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;listen' {
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Stop after so many deliveries')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop after so long')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Draw latencies, failures and drops from this seed [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Keep every delivery: a folder gets a file each, a `.jsonl` file a line each [env: LEADHOOK_SAVE]')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Keep at most N captures, deleting the oldest (a file is trimmed once it exceeds N by an eighth or by 1,000) [env: LEADHOOK_KEEP]')
            [CompletionResult]::new('--keep-size', '--keep-size', [CompletionResultType]::ParameterName, 'Keep at most SIZE bytes of captures, deleting the oldest (a file is trimmed once it exceeds SIZE by an eighth) [env: LEADHOOK_KEEP_SIZE]')
            [CompletionResult]::new('--forward', '--forward', [CompletionResultType]::ParameterName, 'Pass every delivery on, byte for byte, or those of one event (can be repeated) [env: LEADHOOK_FORWARD]')
            [CompletionResult]::new('--forward-timeout', '--forward-timeout', [CompletionResultType]::ParameterName, 'Deadline of a delivery that is passed on; 0 waits for ever [env: LEADHOOK_FORWARD_TIMEOUT]')
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Answers to give, in order, such as `503x2,200`, or those to one event (can be repeated) [env: LEADHOOK_RESPOND]')
            [CompletionResult]::new('--latency', '--latency', [CompletionResultType]::ParameterName, 'Let every answer take so long, or anything between two times, such as `200ms..2s` [env: LEADHOOK_LATENCY]')
            [CompletionResult]::new('--fail-rate', '--fail-rate', [CompletionResultType]::ParameterName, 'Answer such a part of the deliveries with 500, without passing them on [env: LEADHOOK_FAIL_RATE]')
            [CompletionResult]::new('--drop-rate', '--drop-rate', [CompletionResultType]::ParameterName, 'Close the connection of such a part of them, without passing them on or answering [env: LEADHOOK_DROP_RATE]')
            [CompletionResult]::new('--answer-late', '--answer-late', [CompletionResultType]::ParameterName, 'Do the work, and answer when the provider has given up; without a time after 35 s [env: LEADHOOK_ANSWER_LATE]')
            [CompletionResult]::new('--remember', '--remember', [CompletionResultType]::ParameterName, 'Remember so many messages and as many leads, to tell repeats and what comes too early [env: LEADHOOK_REMEMBER]')
            [CompletionResult]::new('--unverified', '--unverified', [CompletionResultType]::ParameterName, 'What to do with a signature that does not hold [env: LEADHOOK_UNVERIFIED]')
            [CompletionResult]::new('--invalid', '--invalid', [CompletionResultType]::ParameterName, 'What to do with a payload that is not as it should be [env: LEADHOOK_INVALID]')
            [CompletionResult]::new('--ready-file', '--ready-file', [CompletionResultType]::ParameterName, 'Write the URL to this file once the socket accepts [env: LEADHOOK_READY_FILE]')
            [CompletionResult]::new('--admin', '--admin', [CompletionResultType]::ParameterName, 'Show `/healthz`, `/readyz`, `/metrics` and `/health/PROVIDER` on this address instead [env: LEADHOOK_ADMIN]')
            [CompletionResult]::new('--admin-host', '--admin-host', [CompletionResultType]::ParameterName, 'Host name under which `/readyz`, `/metrics` and `/health/PROVIDER` are shown (can be repeated) [env: LEADHOOK_ADMIN_HOST]')
            [CompletionResult]::new('--max-body', '--max-body', [CompletionResultType]::ParameterName, 'Largest body that is taken [env: LEADHOOK_MAX_BODY]')
            [CompletionResult]::new('--max-header', '--max-header', [CompletionResultType]::ParameterName, 'Largest block of headers that is taken [env: LEADHOOK_MAX_HEADER]')
            [CompletionResult]::new('--max-memory', '--max-memory', [CompletionResultType]::ParameterName, 'Most memory for heads, bodies, queued output and queued deliveries; beyond it, 503 [env: LEADHOOK_MAX_MEMORY]')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Connections at once; one more makes the oldest idle one leave [env: LEADHOOK_MAX_CONNECTIONS]')
            [CompletionResult]::new('--max-requests', '--max-requests', [CompletionResultType]::ParameterName, 'Requests of one connection [env: LEADHOOK_MAX_REQUESTS]')
            [CompletionResult]::new('--idle-timeout', '--idle-timeout', [CompletionResultType]::ParameterName, 'Time to the first byte of a request [env: LEADHOOK_IDLE_TIMEOUT]')
            [CompletionResult]::new('--read-timeout', '--read-timeout', [CompletionResultType]::ParameterName, 'Time between two parts of a request [env: LEADHOOK_READ_TIMEOUT]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for a request in all [env: LEADHOOK_REQUEST_TIMEOUT]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine that `./leadhook.toml` names')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings make a payload invalid [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('--keep-host', '--keep-host', [CompletionResultType]::ParameterName, 'Let targets see the `Host` that the sender asked for, in place of their own [env: LEADHOOK_KEEP_HOST]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Show nothing that tells of a person: no names, values, queries, unknown names or headers [env: LEADHOOK_REDACT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;simulate' {
            [CompletionResult]::new('--attempts', '--attempts', [CompletionResultType]::ParameterName, 'Make so many attempts at the most')
            [CompletionResult]::new('--schedule', '--schedule', [CompletionResultType]::ParameterName, 'Other waits than the provider''s, such as `10m,30m,1h`')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'A ladder to compare with: a TOML file with the `[retry]` table of a pack (can be repeated)')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'How often a lead comes, such as `120/h` or `5/s`')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'How long leads come [default: 24h, or until `--count` is reached]')
            [CompletionResult]::new('--arrivals', '--arrivals', [CompletionResultType]::ParameterName, 'How they come: as chance has it, or with gaps that are all alike')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'No more than so many leads; without `--events` all of them at once')
            [CompletionResult]::new('--then', '--then', [CompletionResultType]::ParameterName, 'What follows every lead, and how long after it, such as `activity_added=5m` (can be repeated)')
            [CompletionResult]::new('--outage', '--outage', [CompletionResultType]::ParameterName, 'Nobody is there, such as `30m..3h` from the first lead on (can be repeated)')
            [CompletionResult]::new('--capacity', '--capacity', [CompletionResultType]::ParameterName, 'It takes no more requests than that, such as `5/s`; what comes sooner waits its turn')
            [CompletionResult]::new('--fail-rate', '--fail-rate', [CompletionResultType]::ParameterName, 'So many requests are answered with 500, undone, such as `0.1` or `10%`')
            [CompletionResult]::new('--latency', '--latency', [CompletionResultType]::ParameterName, 'How long a request takes, such as `200ms` or `1s..40s`; done after `--timeout`, it comes again')
            [CompletionResult]::new('--brown-out', '--brown-out', [CompletionResultType]::ParameterName, 'When the three before this one hold; the whole time if it is not given (can be repeated)')
            [CompletionResult]::new('--sweep', '--sweep', [CompletionResultType]::ParameterName, 'Try one outage of each of these lengths, such as `10m,1h,8h`, from the first lead on, and compare')
            [CompletionResult]::new('--plot', '--plot', [CompletionResultType]::ParameterName, 'Draw what happens over time into this SVG file, which is replaced atomically')
            [CompletionResult]::new('--speed', '--speed', [CompletionResultType]::ParameterName, 'Waits between the attempts: none (`instant`), the ladder''s own (`real`), or so many times shorter (`60x`)')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many attempts may be under way at once, of those that are due')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Write down every attempt, and go on where this file ends')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Send the bytes of this file as they are, `-` for standard input')
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'A named variant of the payload, such as `minimal`, `maximal` or `unicode`: `leadhook events` lists those of each event')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Put a text where something is; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)')
            [CompletionResult]::new('--set-json', '--set-json', [CompletionResultType]::ParameterName, 'The same with a JSON value (can be repeated)')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Take a member or an item away (can be repeated)')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Put a text where nothing is (can be repeated)')
            [CompletionResult]::new('--add-json', '--add-json', [CompletionResultType]::ParameterName, 'The same with a JSON value (can be repeated)')
            [CompletionResult]::new('--merge', '--merge', [CompletionResultType]::ParameterName, 'Merge the JSON of this file, `-` for standard input, as RFC 7396 says: what is not there is added, and null takes away (can be repeated)')
            [CompletionResult]::new('--tamper', '--tamper', [CompletionResultType]::ParameterName, 'One defect on purpose, as far as the provider''s signature can have it')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Message id to send under; a new one if it is not given')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Another header (can be repeated)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Another header (can be repeated)')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port in place of the first (can be repeated)')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Another made-up lead for every number; the same for the same number and time [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of one whole exchange; 0 waits for ever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for the endpoint to accept connections [env: LEADHOOK_WAIT]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the authorities of this PEM file, and no others [env: LEADHOOK_CACERT]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Show this PEM certificate to the endpoint [env: LEADHOOK_CERT]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key of that certificate, if it is in a file of its own [env: LEADHOOK_KEY]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through this proxy; the variables for proxies are ignored [env: LEADHOOK_PROXY]')
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Answers of the endpoint, in order, such as `503x3,200` [env: LEADHOOK_RESPOND]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--unsigned', '--unsigned', [CompletionResultType]::ParameterName, 'Send without a signature, as a provider does whose user set no secret')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine: one that `./leadhook.toml` names, any target of `check`, and more than 100 leads of `simulate`')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Take any certificate; only for machines of your own [env: LEADHOOK_INSECURE]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;check' {
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Try these cases alone: ids, or `accepts`, `refuses`, `means`, `keeps-time`')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Leave these cases out')
            [CompletionResult]::new('--budget', '--budget', [CompletionResultType]::ParameterName, 'The longest that an answer may take [default: `--timeout`, the provider''s own time, or else 5s]')
            [CompletionResult]::new('--probe-url', '--probe-url', [CompletionResultType]::ParameterName, 'Where a GET gives a number that grows with what the receiver takes in')
            [CompletionResult]::new('--probe-cmd', '--probe-cmd', [CompletionResultType]::ParameterName, 'A command that prints such a number; `LEADHOOK_CASE` and `LEADHOOK_PROVIDER` are set for it')
            [CompletionResult]::new('--settle', '--settle', [CompletionResultType]::ParameterName, 'Wait so long for the number to grow, where a receiver does its work after the answer')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write reports: `junit=FILE`, `tap=FILE`, `json=FILE`, `html=FILE`, or `github` for annotations')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port in place of the first (can be repeated)')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'The leads that are made up: the same for the same number [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time as of which requests are signed: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of one whole exchange; 0 waits for ever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for the endpoint to accept connections [env: LEADHOOK_WAIT]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the authorities of this PEM file, and no others [env: LEADHOOK_CACERT]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Show this PEM certificate to the endpoint [env: LEADHOOK_CERT]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key of that certificate, if it is in a file of its own [env: LEADHOOK_KEY]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through this proxy; the variables for proxies are ignored [env: LEADHOOK_PROXY]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the cases')
            [CompletionResult]::new('--lenient', '--lenient', [CompletionResultType]::ParameterName, 'Let nothing count but what a receiver must do')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine: one that `./leadhook.toml` names, any target of `check`, and more than 100 leads of `simulate`')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Take any certificate; only for machines of your own [env: LEADHOOK_INSECURE]')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let what a receiver may do count as well [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;replay' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Where to: `:3000`, `:3000/hooks`, `/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]')
            [CompletionResult]::new('--order', '--order', [CompletionResultType]::ParameterName, 'Order in which they are sent; any but the original keeps all of them in memory, up to 256 MiB')
            [CompletionResult]::new('--speed', '--speed', [CompletionResultType]::ParameterName, 'Waits between them: none, those at which they came (`real`), or so many times shorter (`60x`)')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Statuses to take for success in place of the provider''s, such as `200` or `2xx,406`')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Compare with an earlier run: what `replay --format json` printed')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port in place of the first (can be repeated)')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Shuffle in the same way as the run that named this seed [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time as of which they are signed and signatures judged: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of one whole exchange; 0 waits for ever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for the endpoint to accept connections [env: LEADHOOK_WAIT]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the authorities of this PEM file, and no others [env: LEADHOOK_CACERT]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Show this PEM certificate to the endpoint [env: LEADHOOK_CERT]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key of that certificate, if it is in a file of its own [env: LEADHOOK_KEY]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through this proxy; the variables for proxies are ignored [env: LEADHOOK_PROXY]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--resign', '--resign', [CompletionResultType]::ParameterName, 'Sign each anew, with the secret at hand and as of now')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine: one that `./leadhook.toml` names, any target of `check`, and more than 100 leads of `simulate`')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Take any certificate; only for machines of your own [env: LEADHOOK_INSECURE]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;practice' {
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Be wrong in this way; `--list-faults` names them')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--list-faults', '--list-faults', [CompletionResultType]::ParameterName, 'List the faults')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List every event of every provider, and with `+` its variants; `-v` says what each is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the sample payload of an event')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of an event, whole')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Hold payloads against the schema of their event')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Write a commented pack to begin with')
            [CompletionResult]::new('check-pack', 'check-pack', [CompletionResultType]::ParameterValue, 'Hold a pack against the rules that the built-in ones obey')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;events;list' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;show' {
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'A named variant of it')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;schema' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;check' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Event that they are of')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings make a payload invalid [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;new' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;check-pack' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings count as well [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List every event of every provider, and with `+` its variants; `-v` says what each is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the sample payload of an event')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of an event, whole')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Hold payloads against the schema of their event')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Write a commented pack to begin with')
            [CompletionResult]::new('check-pack', 'check-pack', [CompletionResultType]::ParameterValue, 'Hold a pack against the rules that the built-in ones obey')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;events;help;list' {
            break
        }
        'leadhook;events;help;show' {
            break
        }
        'leadhook;events;help;schema' {
            break
        }
        'leadhook;events;help;check' {
            break
        }
        'leadhook;events;help;new' {
            break
        }
        'leadhook;events;help;check-pack' {
            break
        }
        'leadhook;events;help;help' {
            break
        }
        'leadhook;config' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every value in force, with its origin; never a secret')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented `leadhook.toml`, in which nothing is set yet')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;config;show' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;config;init' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every value in force, with its origin; never a secret')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented `leadhook.toml`, in which nothing is set yet')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;config;help;show' {
            break
        }
        'leadhook;config;help;init' {
            break
        }
        'leadhook;config;help;help' {
            break
        }
        'leadhook;demo' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;completions' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;man' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file in place of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a provider pack of your own (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or one of your own [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;help' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send a synthetic event, signed as the provider does')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print the headers the provider would send with a body')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Judge captured requests: signature, then payload')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Print captured requests in another form')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive webhooks, verify and print them')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Play the provider''s retry ladder, on paper or against an endpoint')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Put a receiver through what the provider will put it through')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Send captured requests again, byte for byte')
            [CompletionResult]::new('practice', 'practice', [CompletionResultType]::ParameterValue, 'Run a small receiver to practise on, right or wrong in one named way')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show what can be sent, and check payloads and packs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show what is in force and where it comes from, or write a file to begin with')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show everything at once, on free ports of this machine')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;help;send' {
            break
        }
        'leadhook;help;sign' {
            break
        }
        'leadhook;help;verify' {
            break
        }
        'leadhook;help;convert' {
            break
        }
        'leadhook;help;listen' {
            break
        }
        'leadhook;help;simulate' {
            break
        }
        'leadhook;help;check' {
            break
        }
        'leadhook;help;replay' {
            break
        }
        'leadhook;help;practice' {
            break
        }
        'leadhook;help;events' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List every event of every provider, and with `+` its variants; `-v` says what each is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the sample payload of an event')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of an event, whole')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Hold payloads against the schema of their event')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Write a commented pack to begin with')
            [CompletionResult]::new('check-pack', 'check-pack', [CompletionResultType]::ParameterValue, 'Hold a pack against the rules that the built-in ones obey')
            break
        }
        'leadhook;help;events;list' {
            break
        }
        'leadhook;help;events;show' {
            break
        }
        'leadhook;help;events;schema' {
            break
        }
        'leadhook;help;events;check' {
            break
        }
        'leadhook;help;events;new' {
            break
        }
        'leadhook;help;events;check-pack' {
            break
        }
        'leadhook;help;config' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every value in force, with its origin; never a secret')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented `leadhook.toml`, in which nothing is set yet')
            break
        }
        'leadhook;help;config;show' {
            break
        }
        'leadhook;help;config;init' {
            break
        }
        'leadhook;help;demo' {
            break
        }
        'leadhook;help;completions' {
            break
        }
        'leadhook;help;man' {
            break
        }
        'leadhook;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
