
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'mavi' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'mavi'
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
        'mavi' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('submit', 'submit', [CompletionResultType]::ParameterValue, 'Submit videos for transcription')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Ask once for the transcription of tasks')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait for tasks to end and print each transcription')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Convert a saved JSON transcription to another format')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive the callbacks of the service')
            [CompletionResult]::new('tasks', 'tasks', [CompletionResultType]::ParameterValue, 'List the tasks that were submitted from this machine')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Try mavi with no account, against a stand-in of the API')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show or create the configuration')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Find out what is wrong: settings, token, network or service')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the man pages, or write them into a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mavi;submit' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'What to transcribe: what is said, or what is seen')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'What to transcribe: what is said, or what is seen')
            [CompletionResult]::new('--callback', '--callback', [CompletionResultType]::ParameterName, 'Have the service POST each result to this address')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop waiting after this long; 0 never stops')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Ask about a task this often, not at intervals that grow with its age [key: wait.interval]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Receive callbacks at this address, and poll only as a safety net')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'How the service reaches that address')
            [CompletionResult]::new('--path-secret-file', '--path-secret-file', [CompletionResultType]::ParameterName, 'Keep the secret path of --listen in this file')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'The unit of the service''s times [key: time_unit, seconds]')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'The longest line, in columns [key: captions.max_line_width, 42]')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'The most lines of a cue [key: captions.max_lines, 2]')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'The most characters a second [key: captions.max_cps, 20]')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'The shortest time of a cue [key: captions.min_duration, 833ms]')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'The longest time of a cue [key: captions.max_duration, 7s]')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'The least time between two cues [key: captions.min_gap, 83ms]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('--reuse', '--reuse', [CompletionResultType]::ParameterName, 'Do not pay again for what is on record')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Wait, and print what `mavi wait` would print')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait, and print what `mavi wait` would print')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Leave files that exist alone')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Make readable cues of long segments (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;get' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'The unit of the service''s times [key: time_unit, seconds]')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'The longest line, in columns [key: captions.max_line_width, 42]')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'The most lines of a cue [key: captions.max_lines, 2]')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'The most characters a second [key: captions.max_cps, 20]')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'The shortest time of a cue [key: captions.min_duration, 833ms]')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'The longest time of a cue [key: captions.max_duration, 7s]')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'The least time between two cues [key: captions.min_gap, 83ms]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Leave files that exist alone')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Make readable cues of long segments (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;wait' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop waiting after this long; 0 never stops')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Ask about a task this often, not at intervals that grow with its age [key: wait.interval]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Receive callbacks at this address, and poll only as a safety net')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'How the service reaches that address')
            [CompletionResult]::new('--path-secret-file', '--path-secret-file', [CompletionResultType]::ParameterName, 'Keep the secret path of --listen in this file')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'The unit of the service''s times [key: time_unit, seconds]')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'The longest line, in columns [key: captions.max_line_width, 42]')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'The most lines of a cue [key: captions.max_lines, 2]')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'The most characters a second [key: captions.max_cps, 20]')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'The shortest time of a cue [key: captions.min_duration, 833ms]')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'The longest time of a cue [key: captions.max_duration, 7s]')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'The least time between two cues [key: captions.min_gap, 83ms]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Wait for the task that was submitted last')
            [CompletionResult]::new('--pending', '--pending', [CompletionResultType]::ParameterName, 'Wait for every unfinished task on record')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Leave files that exist alone')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Make readable cues of long segments (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;convert' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'The unit of the service''s times [key: time_unit, seconds]')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'The longest line, in columns [key: captions.max_line_width, 42]')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'The most lines of a cue [key: captions.max_lines, 2]')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'The most characters a second [key: captions.max_cps, 20]')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'The shortest time of a cue [key: captions.min_duration, 833ms]')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'The longest time of a cue [key: captions.max_duration, 7s]')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'The least time between two cues [key: captions.min_gap, 83ms]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Leave files that exist alone')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Make readable cues of long segments (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;listen' {
            [CompletionResult]::new('--addr', '--addr', [CompletionResultType]::ParameterName, 'Listen on this address')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'How the service reaches that address')
            [CompletionResult]::new('--path-secret-file', '--path-secret-file', [CompletionResultType]::ParameterName, 'Keep the secret path in this file')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Stop after N results')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop after this long')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'The unit of the service''s times [key: time_unit, seconds]')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'The longest line, in columns [key: captions.max_line_width, 42]')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'The most lines of a cue [key: captions.max_lines, 2]')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'The most characters a second [key: captions.max_cps, 20]')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'The shortest time of a cue [key: captions.min_duration, 833ms]')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'The longest time of a cue [key: captions.max_duration, 7s]')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'The least time between two cues [key: captions.min_gap, 83ms]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Ask the service for each result again, and use its answer')
            [CompletionResult]::new('--any', '--any', [CompletionResultType]::ParameterName, 'Take results of tasks that are not on record here too')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Leave files that exist alone')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Make readable cues of long segments (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;tasks' {
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Show only tasks of this status')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Show only tasks submitted since then')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show only the newest N')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print in this format')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Remove the records of tasks that ended longer ago than this')
            [CompletionResult]::new('--forget', '--forget', [CompletionResultType]::ParameterName, 'Stop listing these tasks, such as ones that the service has lost; `-` reads them from stdin')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('--all-services', '--all-services', [CompletionResultType]::ParameterName, 'Include the tasks of other services (base URLs)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;sandbox' {
            [CompletionResult]::new('--addr', '--addr', [CompletionResultType]::ParameterName, 'Listen on this address; port 0 takes a free one')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'How long a task takes')
            [CompletionResult]::new('--transcripts', '--transcripts', [CompletionResultType]::ParameterName, 'Answer with the files of this folder, VIDEO_NO.json each')
            [CompletionResult]::new('--rate-limits', '--rate-limits', [CompletionResultType]::ParameterName, 'Keep rate limits: `documented`, `off`, or numbers')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Go wrong now and then, such as http-500:0.1,slow:2s:0.1')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Make the same choices in every run')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('--callbacks-anywhere', '--callbacks-anywhere', [CompletionResultType]::ParameterName, 'Send callbacks to other machines too, not only to this one')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the configuration file is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting and where it came from')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented configuration file that only you can read')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mavi;config;path' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;config;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;config;init' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('--token-stdin', '--token-stdin', [CompletionResultType]::ParameterName, 'Read a token from stdin and put it into the file')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace a file that exists')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;config;help' {
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the configuration file is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting and where it came from')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented configuration file that only you can read')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mavi;config;help;path' {
            break
        }
        'mavi;config;help;show' {
            break
        }
        'mavi;config;help;init' {
            break
        }
        'mavi;config;help;help' {
            break
        }
        'mavi;doctor' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;man' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Give one request at most this long [key: request_timeout, 1m]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a failed call again up to N times [key: retries, 3]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make up to N calls of a kind at the same time [key: jobs, 4]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are printed; `json` is one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on stderr but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request and reply on stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;help' {
            [CompletionResult]::new('submit', 'submit', [CompletionResultType]::ParameterValue, 'Submit videos for transcription')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Ask once for the transcription of tasks')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait for tasks to end and print each transcription')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Convert a saved JSON transcription to another format')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive the callbacks of the service')
            [CompletionResult]::new('tasks', 'tasks', [CompletionResultType]::ParameterValue, 'List the tasks that were submitted from this machine')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Try mavi with no account, against a stand-in of the API')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show or create the configuration')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Find out what is wrong: settings, token, network or service')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the man pages, or write them into a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mavi;help;submit' {
            break
        }
        'mavi;help;get' {
            break
        }
        'mavi;help;wait' {
            break
        }
        'mavi;help;convert' {
            break
        }
        'mavi;help;listen' {
            break
        }
        'mavi;help;tasks' {
            break
        }
        'mavi;help;sandbox' {
            break
        }
        'mavi;help;config' {
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the configuration file is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting and where it came from')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented configuration file that only you can read')
            break
        }
        'mavi;help;config;path' {
            break
        }
        'mavi;help;config;show' {
            break
        }
        'mavi;help;config;init' {
            break
        }
        'mavi;help;doctor' {
            break
        }
        'mavi;help;completions' {
            break
        }
        'mavi;help;man' {
            break
        }
        'mavi;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
