
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
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send a synthetic event, signed as the provider does')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print the headers the provider would send with a body')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify captured requests: signature, then payload')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token or a signature header says, in words')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two captured requests and name the cause of the difference')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Print captured requests in another form')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive webhooks, verify and print them')
            [CompletionResult]::new('health', 'health', [CompletionResultType]::ParameterValue, 'Check that a listener is ready, for the health check of a container')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Run the provider''s retry schedule, as a plan or against an endpoint')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Test a receiver with everything the provider may send it')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Send captured requests again, byte for byte')
            [CompletionResult]::new('practice', 'practice', [CompletionResultType]::ParameterValue, 'Run a small receiver to practise with, correct or with one named fault')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show the available events, and check payloads and packs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the effective configuration and its origins, or write a template file')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show sending, verification and retries, on free ports of this machine')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;send' {
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Statuses that count as success instead of the provider''s, such as `200` or `2xx,406`')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Show the request in this form')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Send the bytes of this file unchanged, `-` for standard input')
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'A named variant of the payload, such as `minimal`, `maximal` or `unicode`: `leadhook events` lists those of each event')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Replace a field with a string; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)')
            [CompletionResult]::new('--set-json', '--set-json', [CompletionResultType]::ParameterName, 'Replace a field with a JSON value (can be repeated)')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove a field or an array item (can be repeated)')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Add a field with a string (can be repeated)')
            [CompletionResult]::new('--add-json', '--add-json', [CompletionResultType]::ParameterName, 'Add a field with a JSON value (can be repeated)')
            [CompletionResult]::new('--merge', '--merge', [CompletionResultType]::ParameterName, 'Apply the JSON merge patch (RFC 7396) of this file, `-` for standard input: new fields are added, and null removes a field (can be repeated)')
            [CompletionResult]::new('--tamper', '--tamper', [CompletionResultType]::ParameterName, 'Introduce one deliberate defect')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Message id [default: a new one]')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Additional header (can be repeated)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Additional header (can be repeated)')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port instead of the first (can be repeated)')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed for generated data: the same seed and `--now` give identical bytes [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of a whole exchange; 0 waits forever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait up to TIME for the endpoint to accept connections [env: LEADHOOK_WAIT]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'CA bundle (PEM) to trust instead of the system''s [env: LEADHOOK_CACERT]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM) [env: LEADHOOK_CERT]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Proxy to use; proxy environment variables are ignored [env: LEADHOOK_PROXY]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request without sending it')
            [CompletionResult]::new('--unsigned', '--unsigned', [CompletionResultType]::ParameterName, 'Send without a signature, like a provider without a configured secret')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine: one from `./leadhook.toml`, any target of `check`, or more than 100 leads of `simulate`')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the server''s certificate [env: LEADHOOK_INSECURE]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;sign' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Event for the event header, if the provider has one')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Message id for the id header, if the provider has one')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Show the whole request in this form, as `send` would send it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;verify' {
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'File with only a body, byte for byte')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Header of that body (can be repeated)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Header of that body (can be repeated)')
            [CompletionResult]::new('--candidates', '--candidates', [CompletionResultType]::ParameterName, 'Try each value of this file as the secret if a signature does not verify')
            [CompletionResult]::new('--mine', '--mine', [CompletionResultType]::ParameterName, 'Find what your own code hashed to get this digest, with the fix')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Only requests of this event: `created`, `leadpro:lead.created`')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Only requests with this message id, compared whole')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only requests received at or after this time: RFC 3339, `@` and Unix seconds, or `1h` for one hour ago')
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'Only requests received before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Only the last N of the requests that pass the other filters')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time at which tokens are checked, instead of that of the capture [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--no-payload', '--no-payload', [CompletionResultType]::ParameterName, 'Verify the signature only')
            [CompletionResult]::new('--show-expected', '--show-expected', [CompletionResultType]::ParameterName, 'Show the signature that the first secret would produce')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only requests that are not valid, as `verify` judges; needs a secret')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings make a payload invalid [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;decode' {
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time that ages and expiry are relative to, instead of now: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;diff' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--body-only', '--body-only', [CompletionResultType]::ParameterName, 'Compare only the bodies: proxies and captures change method, target and headers')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;convert' {
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Form to print: `json` is one capture per line, `har` a single archive')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'File to write, which only its owner can read if it is new; `-` for standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'File to write, which only its owner can read if it is new; `-` for standard output')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed for `--redact`: the same seed gives the same replacements. Keep it secret')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Only requests of this event: `created`, `leadpro:lead.created`')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Only requests with this message id, compared whole')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only requests received at or after this time: RFC 3339, `@` and Unix seconds, or `1h` for one hour ago')
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'Only requests received before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Only the last N of the requests that pass the other filters')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace personal data: values that the provider documents as enumerated, ids, times and numbers stay, and every other string becomes a synthetic one')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only requests that are not valid, as `verify` judges; needs a secret')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;listen' {
            [CompletionResult]::new('--tunnel', '--tunnel', [CompletionResultType]::ParameterName, 'Make the listener public with an installed program: `cloudflared`, `tailscale`, `ngrok`, or a command line with `{port}`')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Stop after N deliveries')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Stop once a delivery that satisfies MATCH has come (can be repeated: once all have)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop after TIME')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed for latencies, failures and drops [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'CA bundle (PEM) to trust instead of the system''s [env: LEADHOOK_CACERT]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM) [env: LEADHOOK_CERT]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Save every delivery: one file each in a folder, or one line each in a `.jsonl` file [env: LEADHOOK_SAVE]')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Keep at most N captures, deleting the oldest (a file is trimmed once it exceeds N by an eighth or by 1,000) [env: LEADHOOK_KEEP]')
            [CompletionResult]::new('--keep-size', '--keep-size', [CompletionResultType]::ParameterName, 'Keep at most SIZE bytes of captures, deleting the oldest (a file is trimmed once it exceeds SIZE by an eighth) [env: LEADHOOK_KEEP_SIZE]')
            [CompletionResult]::new('--save-body', '--save-body', [CompletionResultType]::ParameterName, 'Part of each body to save [env: LEADHOOK_SAVE_BODY]')
            [CompletionResult]::new('--forward', '--forward', [CompletionResultType]::ParameterName, 'Forward every delivery, byte for byte, or those of one event (can be repeated) [env: LEADHOOK_FORWARD]')
            [CompletionResult]::new('--forward-timeout', '--forward-timeout', [CompletionResultType]::ParameterName, 'Deadline of a forwarded delivery; 0 waits forever [env: LEADHOOK_FORWARD_TIMEOUT]')
            [CompletionResult]::new('--forward-concurrency', '--forward-concurrency', [CompletionResultType]::ParameterName, 'Maximum number of concurrent deliveries to each target, of different leads; 1 keeps the order of arrival of all [env: LEADHOOK_FORWARD_CONCURRENCY]')
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Statuses to respond with, in order, such as `503x2,200`, or those for one event (can be repeated) [env: LEADHOOK_RESPOND]')
            [CompletionResult]::new('--latency', '--latency', [CompletionResultType]::ParameterName, 'Delay every response by TIME, or by a random time of a range, such as `200ms..2s` [env: LEADHOOK_LATENCY]')
            [CompletionResult]::new('--fail-rate', '--fail-rate', [CompletionResultType]::ParameterName, 'Fraction of deliveries to respond to with 500, without forwarding them [env: LEADHOOK_FAIL_RATE]')
            [CompletionResult]::new('--drop-rate', '--drop-rate', [CompletionResultType]::ParameterName, 'Fraction of deliveries whose connection is closed without forwarding or responding [env: LEADHOOK_DROP_RATE]')
            [CompletionResult]::new('--respond-late', '--respond-late', [CompletionResultType]::ParameterName, 'Process the delivery, but respond only after the provider has timed out; by default after 35 s [env: LEADHOOK_RESPOND_LATE]')
            [CompletionResult]::new('--remember', '--remember', [CompletionResultType]::ParameterName, 'Remember at most N messages and N leads, to detect repeats and out-of-order deliveries [env: LEADHOOK_REMEMBER]')
            [CompletionResult]::new('--unverified', '--unverified', [CompletionResultType]::ParameterName, 'Handling of a signature that does not verify [env: LEADHOOK_UNVERIFIED]')
            [CompletionResult]::new('--invalid', '--invalid', [CompletionResultType]::ParameterName, 'Handling of an invalid payload [env: LEADHOOK_INVALID]')
            [CompletionResult]::new('--ready-file', '--ready-file', [CompletionResultType]::ParameterName, 'Write the URL to this file once the socket accepts; with `--tunnel`, the public URL [env: LEADHOOK_READY_FILE]')
            [CompletionResult]::new('--admin', '--admin', [CompletionResultType]::ParameterName, 'Serve `/healthz`, `/readyz`, `/metrics` and `/health/PROVIDER` on this address instead [env: LEADHOOK_ADMIN]')
            [CompletionResult]::new('--admin-host', '--admin-host', [CompletionResultType]::ParameterName, 'Host name under which `/readyz`, `/metrics` and `/health/PROVIDER` respond (can be repeated) [env: LEADHOOK_ADMIN_HOST]')
            [CompletionResult]::new('--max-body', '--max-body', [CompletionResultType]::ParameterName, 'Maximum size of a body [env: LEADHOOK_MAX_BODY]')
            [CompletionResult]::new('--max-header', '--max-header', [CompletionResultType]::ParameterName, 'Maximum size of the headers of a request [env: LEADHOOK_MAX_HEADER]')
            [CompletionResult]::new('--max-memory', '--max-memory', [CompletionResultType]::ParameterName, 'Maximum memory for heads, bodies, queued output and queued deliveries; beyond it, 503 [env: LEADHOOK_MAX_MEMORY]')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Maximum number of concurrent connections; a further one evicts the oldest idle one [env: LEADHOOK_MAX_CONNECTIONS]')
            [CompletionResult]::new('--max-requests', '--max-requests', [CompletionResultType]::ParameterName, 'Maximum number of requests of one connection [env: LEADHOOK_MAX_REQUESTS]')
            [CompletionResult]::new('--idle-timeout', '--idle-timeout', [CompletionResultType]::ParameterName, 'Maximum time until the first byte of a request [env: LEADHOOK_IDLE_TIMEOUT]')
            [CompletionResult]::new('--read-timeout', '--read-timeout', [CompletionResultType]::ParameterName, 'Maximum time between two parts of a request [env: LEADHOOK_READ_TIMEOUT]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for a whole request [env: LEADHOOK_REQUEST_TIMEOUT]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine that `./leadhook.toml` names')
            [CompletionResult]::new('--in-order', '--in-order', [CompletionResultType]::ParameterName, 'The matches of `--until` must be satisfied in their order, each by a later delivery')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the server''s certificate [env: LEADHOOK_INSECURE]')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat warnings as errors: they make a payload invalid [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('--keep-host', '--keep-host', [CompletionResultType]::ParameterName, 'Forward the `Host` header of the sender instead of that of the target [env: LEADHOOK_KEEP_HOST]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Redact personal data: names of persons, values, queries, unknown field names and headers [env: LEADHOOK_REDACT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;health' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Maximum time for the response')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;simulate' {
            [CompletionResult]::new('--attempts', '--attempts', [CompletionResultType]::ParameterName, 'Maximum number of attempts')
            [CompletionResult]::new('--schedule', '--schedule', [CompletionResultType]::ParameterName, 'Waits to use instead of the provider''s, such as `10m,30m,1h`')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Retry schedule to compare with: a TOML file with a pack''s `[retry]` table (can be repeated)')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Rate at which leads arrive, such as `120/h` or `0.5/s`')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Time during which leads arrive [default: 24h, or until `--count` is reached]')
            [CompletionResult]::new('--arrivals', '--arrivals', [CompletionResultType]::ParameterName, 'Arrival pattern: random (Poisson) or evenly spaced')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Maximum number of leads; without `--events` all of them arrive at once')
            [CompletionResult]::new('--then', '--then', [CompletionResultType]::ParameterName, 'Event that follows every lead, and its delay, such as `activity_added=5m` (can be repeated)')
            [CompletionResult]::new('--outage', '--outage', [CompletionResultType]::ParameterName, 'Endpoint is down during this interval after the first lead, such as `30m..3h` (can be repeated)')
            [CompletionResult]::new('--capacity', '--capacity', [CompletionResultType]::ParameterName, 'Maximum request rate of the endpoint, such as `5/s`; requests above it are queued')
            [CompletionResult]::new('--fail-rate', '--fail-rate', [CompletionResultType]::ParameterName, 'Share of requests that fail with 500 and are not processed, such as `0.1` or `10%`')
            [CompletionResult]::new('--latency', '--latency', [CompletionResultType]::ParameterName, 'Time to process a request, such as `200ms` or `1s..40s`; beyond `--timeout`, it is sent again')
            [CompletionResult]::new('--brown-out', '--brown-out', [CompletionResultType]::ParameterName, 'Interval in which `--capacity`, `--fail-rate` and `--latency` apply [default: always] (can be repeated)')
            [CompletionResult]::new('--sweep', '--sweep', [CompletionResultType]::ParameterName, 'Compare outages of these lengths, each from the first lead on, such as `10m,1h,8h`')
            [CompletionResult]::new('--plot', '--plot', [CompletionResultType]::ParameterName, 'Draw what happens over time into this SVG file, which is replaced atomically')
            [CompletionResult]::new('--speed', '--speed', [CompletionResultType]::ParameterName, 'Waits between attempts: none (`instant`), as scheduled (`real`), or N times shorter (`60x`)')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Maximum number of attempts in progress at once, of those that are due')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Record every attempt in this file, and resume the run in it')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Send the bytes of this file unchanged, `-` for standard input')
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'A named variant of the payload, such as `minimal`, `maximal` or `unicode`: `leadhook events` lists those of each event')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Replace a field with a string; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)')
            [CompletionResult]::new('--set-json', '--set-json', [CompletionResultType]::ParameterName, 'Replace a field with a JSON value (can be repeated)')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove a field or an array item (can be repeated)')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Add a field with a string (can be repeated)')
            [CompletionResult]::new('--add-json', '--add-json', [CompletionResultType]::ParameterName, 'Add a field with a JSON value (can be repeated)')
            [CompletionResult]::new('--merge', '--merge', [CompletionResultType]::ParameterName, 'Apply the JSON merge patch (RFC 7396) of this file, `-` for standard input: new fields are added, and null removes a field (can be repeated)')
            [CompletionResult]::new('--tamper', '--tamper', [CompletionResultType]::ParameterName, 'Introduce one deliberate defect')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Message id [default: a new one]')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Additional header (can be repeated)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Additional header (can be repeated)')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port instead of the first (can be repeated)')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed for generated data: the same seed and `--now` give identical bytes [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time of sending: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of a whole exchange; 0 waits forever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait up to TIME for the endpoint to accept connections [env: LEADHOOK_WAIT]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'CA bundle (PEM) to trust instead of the system''s [env: LEADHOOK_CACERT]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM) [env: LEADHOOK_CERT]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Proxy to use; proxy environment variables are ignored [env: LEADHOOK_PROXY]')
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Responses of the endpoint, in order, such as `503x3,200` [env: LEADHOOK_RESPOND]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--unsigned', '--unsigned', [CompletionResultType]::ParameterName, 'Send without a signature, like a provider without a configured secret')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine: one from `./leadhook.toml`, any target of `check`, or more than 100 leads of `simulate`')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the server''s certificate [env: LEADHOOK_INSECURE]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;check' {
            [CompletionResult]::new('--start', '--start', [CompletionResultType]::ParameterName, 'Start the receiver with this command, restart it after a crash, and end it with its children')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Run only these cases: ids, or `accepts`, `rejects`, `idempotency`, `timing`')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Skip these cases')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Maximum time of the whole check: when it is reached, no further case starts')
            [CompletionResult]::new('--budget', '--budget', [CompletionResultType]::ParameterName, 'Maximum response time [default: `--timeout`, the provider''s timeout, or else 5s]')
            [CompletionResult]::new('--probe-url', '--probe-url', [CompletionResultType]::ParameterName, 'URL whose GET response is a number that grows with each processed lead')
            [CompletionResult]::new('--probe-json', '--probe-json', [CompletionResultType]::ParameterName, 'JSON pointer (RFC 6901) to the number in the response of `--probe-url`; of an array the items are counted')
            [CompletionResult]::new('--probe-header', '--probe-header', [CompletionResultType]::ParameterName, 'Header with the number in the response of `--probe-url`, such as `X-Total-Count`')
            [CompletionResult]::new('--probe-cmd', '--probe-cmd', [CompletionResultType]::ParameterName, 'Command that prints such a number; `LEADHOOK_CASE` and `LEADHOOK_PROVIDER` are set for it')
            [CompletionResult]::new('--probe-quiet', '--probe-quiet', [CompletionResultType]::ParameterName, 'Time before the first case in which the number must not change; `0` skips this test')
            [CompletionResult]::new('--settle', '--settle', [CompletionResultType]::ParameterName, 'Wait up to this time for the number to grow, if a receiver does its work after responding')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write reports: `junit=FILE`, `tap=FILE`, `json=FILE`, `ndjson=FILE`, `html=FILE`, `github`')
            [CompletionResult]::new('--save-failures', '--save-failures', [CompletionResultType]::ParameterName, 'Save the requests of failed cases as captures that `verify` and `replay` read')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Use these captured deliveries of the provider in place of the samples: a file or folder that `verify` reads, `-` for standard input; repeatable')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port instead of the first (can be repeated)')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed for generated leads: the same seed gives the same leads, whichever cases are run [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time at which requests are signed: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of a whole exchange; 0 waits forever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait up to TIME for the endpoint to accept connections [env: LEADHOOK_WAIT]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'CA bundle (PEM) to trust instead of the system''s [env: LEADHOOK_CACERT]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM) [env: LEADHOOK_CERT]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Proxy to use; proxy environment variables are ignored [env: LEADHOOK_PROXY]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the cases')
            [CompletionResult]::new('--lenient', '--lenient', [CompletionResultType]::ParameterName, 'Count only failures of mandatory (`must`) cases')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Run every case, even if all genuine deliveries fail for one cause or time out')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop after the first failure that counts')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine: one from `./leadhook.toml`, any target of `check`, or more than 100 leads of `simulate`')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the server''s certificate [env: LEADHOOK_INSECURE]')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Count failures of optional (`may`) cases as well [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;replay' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Endpoint: `:3000`, `:3000/hooks`, `/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]')
            [CompletionResult]::new('--order', '--order', [CompletionResultType]::ParameterName, 'Order of sending; any but `original` keeps all captures in memory, up to 256 MiB')
            [CompletionResult]::new('--speed', '--speed', [CompletionResultType]::ParameterName, 'Waits between requests: none (`instant`), as captured (`real`), or N times shorter (`60x`)')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Statuses to accept as success instead of the provider''s, such as `200` or `2xx,406`')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Compare with an earlier run: the output of `replay --format json`')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Replace a field with a string; PATH is `a.b[0].c` or a JSON Pointer (can be repeated)')
            [CompletionResult]::new('--set-json', '--set-json', [CompletionResultType]::ParameterName, 'Replace a field with a JSON value (can be repeated)')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove a field or an array item (can be repeated)')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Add a field with a string (can be repeated)')
            [CompletionResult]::new('--add-json', '--add-json', [CompletionResultType]::ParameterName, 'Add a field with a JSON value (can be repeated)')
            [CompletionResult]::new('--merge', '--merge', [CompletionResultType]::ParameterName, 'Apply the JSON merge patch (RFC 7396) of this file, `-` for standard input: new fields are added, and null removes a field (can be repeated)')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Only requests of this event: `created`, `leadpro:lead.created`')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Only requests with this message id, compared whole')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only requests received at or after this time: RFC 3339, `@` and Unix seconds, or `1h` for one hour ago')
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'Only requests received before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Only the last N of the requests that pass the other filters')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Address to use for a host (can be repeated)')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to the second host and port instead of the first (can be repeated)')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed for `--order shuffle`: the same seed gives the same order [env: LEADHOOK_SEED]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Time at which requests are signed and verified: RFC 3339, or `@` and Unix seconds [env: LEADHOOK_NOW]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Deadline of a whole exchange; 0 waits forever [default: the provider''s, or else 30s] [env: LEADHOOK_TIMEOUT]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait up to TIME for the endpoint to accept connections [env: LEADHOOK_WAIT]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'CA bundle (PEM) to trust instead of the system''s [env: LEADHOOK_CACERT]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM) [env: LEADHOOK_CERT]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key (PEM) of the client certificate, if it is in a separate file [env: LEADHOOK_KEY]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Proxy to use; proxy environment variables are ignored [env: LEADHOOK_PROXY]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the requests that would be sent, and send nothing')
            [CompletionResult]::new('--resign', '--resign', [CompletionResultType]::ParameterName, 'Sign each request again, with the configured secret and the current time')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only requests that are not valid, as `verify` judges; needs a secret')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Allow a target on another machine: one from `./leadhook.toml`, any target of `check`, or more than 100 leads of `simulate`')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the server''s certificate [env: LEADHOOK_INSECURE]')
            [CompletionResult]::new('--keep-host', '--keep-host', [CompletionResultType]::ParameterName, 'Send the captured `Host` header instead of that of the target [env: LEADHOOK_KEEP_HOST]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;practice' {
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Fault of the receiver; `--list-faults` lists them')
            [CompletionResult]::new('--ready-file', '--ready-file', [CompletionResultType]::ParameterName, 'Write the URL to this file once the socket accepts [env: LEADHOOK_READY_FILE]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--list-faults', '--list-faults', [CompletionResultType]::ParameterName, 'List the faults')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List every event of every provider, and its variants after `+`; `-v` describes each variant')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the sample payload of an event')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the complete JSON Schema of an event, or of a kind of JSON output')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Validate payloads against the schema of their event')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Write a commented starter pack')
            [CompletionResult]::new('check-pack', 'check-pack', [CompletionResultType]::ParameterValue, 'Validate a pack against the rules for built-in packs')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;events;list' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;show' {
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'Variant of the payload')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;schema' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Kind of the objects that `--format json` prints, such as `verdict`')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;check' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Event of the payloads')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings make a payload invalid [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;new' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;check-pack' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat warnings as errors [env: LEADHOOK_STRICT]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;events;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List every event of every provider, and its variants after `+`; `-v` describes each variant')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the sample payload of an event')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the complete JSON Schema of an event, or of a kind of JSON output')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Validate payloads against the schema of their event')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Write a commented starter pack')
            [CompletionResult]::new('check-pack', 'check-pack', [CompletionResultType]::ParameterValue, 'Validate a pack against the rules for built-in packs')
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
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every effective value with its origin; never a secret')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented `leadhook.toml`, in which nothing is set yet')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'leadhook;config;show' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;config;init' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every effective value with its origin; never a secret')
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
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;completions' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;man' {
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Signing secret; without a value it is read from the environment or prompted (can be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file to use instead of `./leadhook.toml` [env: LEADHOOK_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration to use [env: LEADHOOK_PROFILE]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File that contains the signing secret, `-` for standard input; one final newline is removed [env: LEADHOOK_SECRET_FILE]')
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Folder of a custom provider pack (can be repeated) [env: LEADHOOK_PACK]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider to assume: realgeeks, leadpro, realtorbot or a custom one [env: LEADHOOK_PROVIDER]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: human-readable text, or one JSON object per line [env: LEADHOOK_FORMAT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [env: LEADHOOK_COLOR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print less on standard error [env: LEADHOOK_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more (can be repeated) [env: LEADHOOK_VERBOSE]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'leadhook;help' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send a synthetic event, signed as the provider does')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print the headers the provider would send with a body')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify captured requests: signature, then payload')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token or a signature header says, in words')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two captured requests and name the cause of the difference')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Print captured requests in another form')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive webhooks, verify and print them')
            [CompletionResult]::new('health', 'health', [CompletionResultType]::ParameterValue, 'Check that a listener is ready, for the health check of a container')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Run the provider''s retry schedule, as a plan or against an endpoint')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Test a receiver with everything the provider may send it')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Send captured requests again, byte for byte')
            [CompletionResult]::new('practice', 'practice', [CompletionResultType]::ParameterValue, 'Run a small receiver to practise with, correct or with one named fault')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show the available events, and check payloads and packs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the effective configuration and its origins, or write a template file')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show sending, verification and retries, on free ports of this machine')
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
        'leadhook;help;decode' {
            break
        }
        'leadhook;help;diff' {
            break
        }
        'leadhook;help;convert' {
            break
        }
        'leadhook;help;listen' {
            break
        }
        'leadhook;help;health' {
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
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List every event of every provider, and its variants after `+`; `-v` describes each variant')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the sample payload of an event')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the complete JSON Schema of an event, or of a kind of JSON output')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Validate payloads against the schema of their event')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Write a commented starter pack')
            [CompletionResult]::new('check-pack', 'check-pack', [CompletionResultType]::ParameterValue, 'Validate a pack against the rules for built-in packs')
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
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every effective value with its origin; never a secret')
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
