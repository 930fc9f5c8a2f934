
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
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send a synthetic event, signed as the provider does')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print the headers the provider would send with a body')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Judge captured requests: signature, then payload')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Print captured requests in another form')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive webhooks, verify and print them')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Play the provider''s retry ladder, as a plan or against an endpoint')
            [CompletionResult]::new('practice', 'practice', [CompletionResultType]::ParameterValue, 'Run a small receiver to practise on, right or wrong in one named way')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show what can be sent: events, samples, schemas')
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
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Another made-up lead for every number; the same for the same number and time')
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'A named variant of the event''s payload')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Put a text where something is; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)')
            [CompletionResult]::new('--set-json', '--set-json', [CompletionResultType]::ParameterName, 'The same with a JSON value (can be repeated)')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Take a member or an item away (can be repeated)')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Put a text where nothing is (can be repeated)')
            [CompletionResult]::new('--add-json', '--add-json', [CompletionResultType]::ParameterName, 'The same with a JSON value (can be repeated)')
            [CompletionResult]::new('--tamper', '--tamper', [CompletionResultType]::ParameterName, 'One defect on purpose, as far as the provider''s signature can have it')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Message id to send under; a new one if it is not given')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time of sending: RFC 3339, or `@` and Unix seconds')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Another header (can be repeated)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Another header (can be repeated)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of one whole exchange; 0 waits for ever [default: 30s]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for the endpoint to accept connections')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the authorities of this PEM file, and no others')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Show this PEM certificate to the endpoint')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key of that certificate, if it is in a file of its own')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through this proxy; the variables for proxies are ignored')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port in place of the first (can be repeated)')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing; show the request')
            [CompletionResult]::new('--unsigned', '--unsigned', [CompletionResultType]::ParameterName, 'Send without a signature, as a provider does whose user set no secret')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Take any certificate; only for machines of your own')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;sign' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Event to name in the header, where the provider has one')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Message id to name in the header, where the provider has one')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time of sending: RFC 3339, or `@` and Unix seconds')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Show the whole request in this form, as it would go to `:9090`')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;verify' {
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'File that holds a body alone, byte for byte')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Header of that body (can be repeated)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Header of that body (can be repeated)')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Judge the times of tokens as of then, and not as of the capture')
            [CompletionResult]::new('--candidates', '--candidates', [CompletionResultType]::ParameterName, 'Try each line of this file as the secret when a signature does not hold')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings make a payload invalid')
            [CompletionResult]::new('--no-payload', '--no-payload', [CompletionResultType]::ParameterName, 'Judge the signature alone')
            [CompletionResult]::new('--show-expected', '--show-expected', [CompletionResultType]::ParameterName, 'Show the signature that the first secret would make')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;convert' {
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Form to print: `json` is a capture a line, `har` one archive of all')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;listen' {
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Keep every delivery: a folder gets a file each, a `.jsonl` file a line each')
            [CompletionResult]::new('--forward', '--forward', [CompletionResultType]::ParameterName, 'Pass every delivery on, byte for byte, and answer with its answer')
            [CompletionResult]::new('--forward-timeout', '--forward-timeout', [CompletionResultType]::ParameterName, 'Deadline of a delivery that is passed on; 0 waits for ever')
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Answers to give, in order, such as `503x2,200`; the last one is repeated')
            [CompletionResult]::new('--unverified', '--unverified', [CompletionResultType]::ParameterName, 'What to do with a signature that does not hold')
            [CompletionResult]::new('--invalid', '--invalid', [CompletionResultType]::ParameterName, 'What to do with a payload that is not as it should be')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Stop after so many deliveries')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop after so long')
            [CompletionResult]::new('--ready-file', '--ready-file', [CompletionResultType]::ParameterName, 'Write the URL to this file once the socket accepts')
            [CompletionResult]::new('--max-body', '--max-body', [CompletionResultType]::ParameterName, 'Largest body that is taken')
            [CompletionResult]::new('--max-header', '--max-header', [CompletionResultType]::ParameterName, 'Largest block of headers that is taken')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Connections at once')
            [CompletionResult]::new('--read-timeout', '--read-timeout', [CompletionResultType]::ParameterName, 'Time for the head of a request, and between the parts of its body')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings make a payload invalid')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Do not show the person a delivery is about')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;simulate' {
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Answers of the endpoint in a plan, such as `503x3,200`')
            [CompletionResult]::new('--attempts', '--attempts', [CompletionResultType]::ParameterName, 'Make so many attempts at the most')
            [CompletionResult]::new('--schedule', '--schedule', [CompletionResultType]::ParameterName, 'Other waits than the provider''s, such as `10m,30m,1h`')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Send the bytes of this file as they are, `-` for standard input')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Another made-up lead for every number; the same for the same number and time')
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'A named variant of the event''s payload')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Put a text where something is; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)')
            [CompletionResult]::new('--set-json', '--set-json', [CompletionResultType]::ParameterName, 'The same with a JSON value (can be repeated)')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Take a member or an item away (can be repeated)')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Put a text where nothing is (can be repeated)')
            [CompletionResult]::new('--add-json', '--add-json', [CompletionResultType]::ParameterName, 'The same with a JSON value (can be repeated)')
            [CompletionResult]::new('--tamper', '--tamper', [CompletionResultType]::ParameterName, 'One defect on purpose, as far as the provider''s signature can have it')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Message id to send under; a new one if it is not given')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time of sending: RFC 3339, or `@` and Unix seconds')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Another header (can be repeated)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Another header (can be repeated)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of one whole exchange; 0 waits for ever [default: 30s]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for the endpoint to accept connections')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the authorities of this PEM file, and no others')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Show this PEM certificate to the endpoint')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Key of that certificate, if it is in a file of its own')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through this proxy; the variables for proxies are ignored')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port in place of the first (can be repeated)')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--unsigned', '--unsigned', [CompletionResultType]::ParameterName, 'Send without a signature, as a provider does whose user set no secret')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Take any certificate; only for machines of your own')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;practice' {
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Be wrong in this way; `--list-faults` names them')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--list-faults', '--list-faults', [CompletionResultType]::ParameterName, 'List the faults')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List every event of every provider')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the sample payload of an event')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of an event, whole')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;events;list' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;show' {
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'A named variant of it')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;schema' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List every event of every provider')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the sample payload of an event')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of an event, whole')
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
        'leadhook;events;help;help' {
            break
        }
        'leadhook;demo' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;completions' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;man' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro or realtorbot [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is taken from the environment or asked for (can be repeated)')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that holds the signing secret, `-` for standard input; one final line end is dropped')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the answer: text for people, or one JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more (can be repeated)')
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
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Play the provider''s retry ladder, as a plan or against an endpoint')
            [CompletionResult]::new('practice', 'practice', [CompletionResultType]::ParameterValue, 'Run a small receiver to practise on, right or wrong in one named way')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show what can be sent: events, samples, schemas')
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
        'leadhook;help;practice' {
            break
        }
        'leadhook;help;events' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List every event of every provider')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the sample payload of an event')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of an event, whole')
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
