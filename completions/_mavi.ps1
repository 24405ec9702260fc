
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
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('submit', 'submit', [CompletionResultType]::ParameterValue, 'Submit videos for transcription')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Fetch the transcriptions of tasks, without waiting')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait for tasks to finish and print each transcription')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Convert a saved JSON transcription to another format')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive callbacks from the service')
            [CompletionResult]::new('tasks', 'tasks', [CompletionResultType]::ParameterValue, 'List the tasks submitted from this machine')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a local stand-in of the API, to try mavi without an account')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show or create the configuration')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check settings, token, network and service')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the man pages, or write them to a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mavi;submit' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'What to transcribe: speech (audio) or images (video)')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'What to transcribe: speech (audio) or images (video)')
            [CompletionResult]::new('--callback', '--callback', [CompletionResultType]::ParameterName, 'URL to which the service POSTs each result')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop waiting after this time; 0 waits without limit')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Poll each task at this fixed interval (default: adapts to the task''s age)')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Receive callbacks at this address, and poll only as a fallback')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'URL at which the service reaches that address')
            [CompletionResult]::new('--path-secret-file', '--path-secret-file', [CompletionResultType]::ParameterName, 'File that stores the secret path of --listen')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'Unit of the times in the service''s replies')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'Maximum number of lines per cue')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'Maximum reading speed, in characters per second')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'Minimum duration of a cue')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'Maximum duration of a cue')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'Minimum gap between two cues')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('--reuse', '--reuse', [CompletionResultType]::ParameterName, 'Reuse tasks already submitted instead of paying again')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Wait for the tasks and print the transcriptions, like `mavi wait`')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait for the tasks and print the transcriptions, like `mavi wait`')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Do not replace existing files')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Split long segments into readable cues (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;get' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'Unit of the times in the service''s replies')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'Maximum number of lines per cue')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'Maximum reading speed, in characters per second')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'Minimum duration of a cue')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'Maximum duration of a cue')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'Minimum gap between two cues')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Get the most recently submitted task')
            [CompletionResult]::new('--pending', '--pending', [CompletionResultType]::ParameterName, 'Get all recorded tasks that are unfinished')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Do not replace existing files')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Split long segments into readable cues (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;wait' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop waiting after this time; 0 waits without limit')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Poll each task at this fixed interval (default: adapts to the task''s age)')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Receive callbacks at this address, and poll only as a fallback')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'URL at which the service reaches that address')
            [CompletionResult]::new('--path-secret-file', '--path-secret-file', [CompletionResultType]::ParameterName, 'File that stores the secret path of --listen')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'Unit of the times in the service''s replies')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'Maximum number of lines per cue')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'Maximum reading speed, in characters per second')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'Minimum duration of a cue')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'Maximum duration of a cue')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'Minimum gap between two cues')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Wait for the most recently submitted task')
            [CompletionResult]::new('--pending', '--pending', [CompletionResultType]::ParameterName, 'Wait for all recorded tasks that are unfinished')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Do not replace existing files')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Split long segments into readable cues (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;convert' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'Unit of the times in the service''s replies')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'Maximum number of lines per cue')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'Maximum reading speed, in characters per second')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'Minimum duration of a cue')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'Maximum duration of a cue')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'Minimum gap between two cues')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Do not replace existing files')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Split long segments into readable cues (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;listen' {
            [CompletionResult]::new('--addr', '--addr', [CompletionResultType]::ParameterName, 'Listen on this address')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'URL at which the service reaches that address')
            [CompletionResult]::new('--path-secret-file', '--path-secret-file', [CompletionResultType]::ParameterName, 'File that stores the secret path')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Stop after N results')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop after this time; 0 runs without limit')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file, such as talk.srt or ''{videoNo}.{ext}''')
            [CompletionResult]::new('--time-unit', '--time-unit', [CompletionResultType]::ParameterName, 'Unit of the times in the service''s replies')
            [CompletionResult]::new('--max-line-width', '--max-line-width', [CompletionResultType]::ParameterName, 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two')
            [CompletionResult]::new('--max-lines', '--max-lines', [CompletionResultType]::ParameterName, 'Maximum number of lines per cue')
            [CompletionResult]::new('--max-cps', '--max-cps', [CompletionResultType]::ParameterName, 'Maximum reading speed, in characters per second')
            [CompletionResult]::new('--min-duration', '--min-duration', [CompletionResultType]::ParameterName, 'Minimum duration of a cue')
            [CompletionResult]::new('--max-duration', '--max-duration', [CompletionResultType]::ParameterName, 'Maximum duration of a cue')
            [CompletionResult]::new('--min-gap', '--min-gap', [CompletionResultType]::ParameterName, 'Minimum gap between two cues')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Fetch each result from the service again, and use that')
            [CompletionResult]::new('--any', '--any', [CompletionResultType]::ParameterName, 'Also accept results of tasks that are not recorded here')
            [CompletionResult]::new('--no-clobber', '--no-clobber', [CompletionResultType]::ParameterName, 'Do not replace existing files')
            [CompletionResult]::new('--reflow', '--reflow', [CompletionResultType]::ParameterName, 'Split long segments into readable cues (srt, vtt)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
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
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('--all-services', '--all-services', [CompletionResultType]::ParameterName, 'Include the tasks of other services (base URLs)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;sandbox' {
            [CompletionResult]::new('--addr', '--addr', [CompletionResultType]::ParameterName, 'Listen on this address; port 0 takes a free one')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'Duration of a task')
            [CompletionResult]::new('--transcripts', '--transcripts', [CompletionResultType]::ParameterName, 'Directory of transcriptions to answer with, VIDEO_NO.json each')
            [CompletionResult]::new('--rate-limits', '--rate-limits', [CompletionResultType]::ParameterName, 'Rate limits: `documented`, `off`, or numbers')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Inject faults, such as http-500:0.1,slow:2s:0.1')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed of the random faults, to repeat a run')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('--callbacks-anywhere', '--callbacks-anywhere', [CompletionResultType]::ParameterName, 'Also send callbacks to other machines')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print the path of the configuration file')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print all settings and where they come from')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Create a commented configuration file that only you can read')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mavi;config;path' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;config;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;config;init' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('--token-stdin', '--token-stdin', [CompletionResultType]::ParameterName, 'Read a token from stdin and write it to the file')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace an existing file')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;config;help' {
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print the path of the configuration file')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print all settings and where they come from')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Create a commented configuration file that only you can read')
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
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;man' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [env: MAVI_CONFIG]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file [env: MAVI_PROFILE]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the API')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Maximum time for one request')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Maximum number of retries of a failed request')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests of one kind')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Format of errors; `json` prints one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors to stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and reply to stderr, without the token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mavi;help' {
            [CompletionResult]::new('submit', 'submit', [CompletionResultType]::ParameterValue, 'Submit videos for transcription')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Fetch the transcriptions of tasks, without waiting')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait for tasks to finish and print each transcription')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Convert a saved JSON transcription to another format')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive callbacks from the service')
            [CompletionResult]::new('tasks', 'tasks', [CompletionResultType]::ParameterValue, 'List the tasks submitted from this machine')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a local stand-in of the API, to try mavi without an account')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show or create the configuration')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check settings, token, network and service')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the man pages, or write them to a directory')
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
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print the path of the configuration file')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print all settings and where they come from')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Create a commented configuration file that only you can read')
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
