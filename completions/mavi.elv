
use builtin;
use str;

set edit:completion:arg-completer[mavi] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'mavi'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'mavi'= {
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand submit 'Submit videos for transcription'
            cand get 'Fetch the transcriptions of tasks, without waiting'
            cand wait 'Wait for tasks to finish and print each transcription'
            cand convert 'Convert a saved JSON transcription to another format'
            cand listen 'Receive callbacks from the service'
            cand tasks 'List the tasks submitted from this machine'
            cand sandbox 'Run a local stand-in of the API, to try mavi without an account'
            cand config 'Show or create the configuration'
            cand doctor 'Check settings, token, network and service'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the man pages, or write them to a directory'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mavi;submit'= {
            cand -t 'What to transcribe: speech (audio) or images (video)'
            cand --type 'What to transcribe: speech (audio) or images (video)'
            cand --callback 'URL to which the service POSTs each result'
            cand --timeout 'Stop waiting after this time; 0 waits without limit'
            cand --interval 'Poll each task at this fixed interval (default: adapts to the task''s age)'
            cand --listen 'Receive callbacks at this address, and poll only as a fallback'
            cand --public-url 'URL at which the service reaches that address'
            cand --path-secret-file 'File that stores the secret path of --listen'
            cand -f 'Output format'
            cand --format 'Output format'
            cand -o 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'Unit of the times in the service''s replies'
            cand --max-line-width 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two'
            cand --max-lines 'Maximum number of lines per cue'
            cand --max-cps 'Maximum reading speed, in characters per second'
            cand --min-duration 'Minimum duration of a cue'
            cand --max-duration 'Maximum duration of a cue'
            cand --min-gap 'Minimum gap between two cues'
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand --reuse 'Reuse tasks already submitted instead of paying again'
            cand -w 'Wait for the tasks and print the transcriptions, like `mavi wait`'
            cand --wait 'Wait for the tasks and print the transcriptions, like `mavi wait`'
            cand --no-clobber 'Do not replace existing files'
            cand --reflow 'Split long segments into readable cues (srt, vtt)'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;get'= {
            cand -f 'Output format'
            cand --format 'Output format'
            cand -o 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'Unit of the times in the service''s replies'
            cand --max-line-width 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two'
            cand --max-lines 'Maximum number of lines per cue'
            cand --max-cps 'Maximum reading speed, in characters per second'
            cand --min-duration 'Minimum duration of a cue'
            cand --max-duration 'Maximum duration of a cue'
            cand --min-gap 'Minimum gap between two cues'
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand --no-clobber 'Do not replace existing files'
            cand --reflow 'Split long segments into readable cues (srt, vtt)'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;wait'= {
            cand --timeout 'Stop waiting after this time; 0 waits without limit'
            cand --interval 'Poll each task at this fixed interval (default: adapts to the task''s age)'
            cand --listen 'Receive callbacks at this address, and poll only as a fallback'
            cand --public-url 'URL at which the service reaches that address'
            cand --path-secret-file 'File that stores the secret path of --listen'
            cand -f 'Output format'
            cand --format 'Output format'
            cand -o 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'Unit of the times in the service''s replies'
            cand --max-line-width 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two'
            cand --max-lines 'Maximum number of lines per cue'
            cand --max-cps 'Maximum reading speed, in characters per second'
            cand --min-duration 'Minimum duration of a cue'
            cand --max-duration 'Maximum duration of a cue'
            cand --min-gap 'Minimum gap between two cues'
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand --last 'Wait for the most recently submitted task'
            cand --pending 'Wait for all recorded tasks that are unfinished'
            cand --no-clobber 'Do not replace existing files'
            cand --reflow 'Split long segments into readable cues (srt, vtt)'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;convert'= {
            cand -f 'Output format'
            cand --format 'Output format'
            cand -o 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'Unit of the times in the service''s replies'
            cand --max-line-width 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two'
            cand --max-lines 'Maximum number of lines per cue'
            cand --max-cps 'Maximum reading speed, in characters per second'
            cand --min-duration 'Minimum duration of a cue'
            cand --max-duration 'Maximum duration of a cue'
            cand --min-gap 'Minimum gap between two cues'
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand --no-clobber 'Do not replace existing files'
            cand --reflow 'Split long segments into readable cues (srt, vtt)'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;listen'= {
            cand --addr 'Listen on this address'
            cand --public-url 'URL at which the service reaches that address'
            cand --path-secret-file 'File that stores the secret path'
            cand --count 'Stop after N results'
            cand --timeout 'Stop after this time; 0 runs without limit'
            cand -f 'Output format'
            cand --format 'Output format'
            cand -o 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file, such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'Unit of the times in the service''s replies'
            cand --max-line-width 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two'
            cand --max-lines 'Maximum number of lines per cue'
            cand --max-cps 'Maximum reading speed, in characters per second'
            cand --min-duration 'Minimum duration of a cue'
            cand --max-duration 'Maximum duration of a cue'
            cand --min-gap 'Minimum gap between two cues'
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand --verify 'Fetch each result from the service again, and use that'
            cand --any 'Also accept results of tasks that are not recorded here'
            cand --no-clobber 'Do not replace existing files'
            cand --reflow 'Split long segments into readable cues (srt, vtt)'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;tasks'= {
            cand --status 'Show only tasks of this status'
            cand --since 'Show only tasks submitted since then'
            cand --limit 'Show only the newest N'
            cand -f 'Print in this format'
            cand --format 'Print in this format'
            cand --prune 'Remove the records of tasks that ended longer ago than this'
            cand --forget 'Stop listing these tasks, such as ones that the service has lost; `-` reads them from stdin'
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand --all-services 'Include the tasks of other services (base URLs)'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;sandbox'= {
            cand --addr 'Listen on this address; port 0 takes a free one'
            cand --delay 'Duration of a task'
            cand --transcripts 'Directory of transcriptions to answer with, VIDEO_NO.json each'
            cand --rate-limits 'Rate limits: `documented`, `off`, or numbers'
            cand --fault 'Inject faults, such as http-500:0.1,slow:2s:0.1'
            cand --seed 'Seed of the random faults, to repeat a run'
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand --callbacks-anywhere 'Also send callbacks to other machines'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;config'= {
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand path 'Print the path of the configuration file'
            cand show 'Print all settings and where they come from'
            cand init 'Create a commented configuration file that only you can read'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mavi;config;path'= {
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;config;show'= {
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;config;init'= {
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand --token-stdin 'Read a token from stdin and write it to the file'
            cand --force 'Replace an existing file'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;config;help'= {
            cand path 'Print the path of the configuration file'
            cand show 'Print all settings and where they come from'
            cand init 'Create a commented configuration file that only you can read'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mavi;config;help;path'= {
        }
        &'mavi;config;help;show'= {
        }
        &'mavi;config;help;init'= {
        }
        &'mavi;config;help;help'= {
        }
        &'mavi;doctor'= {
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;completions'= {
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;man'= {
            cand --config 'Configuration file [env: MAVI_CONFIG]'
            cand --profile 'Profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Base URL of the API'
            cand --request-timeout 'Maximum time for one request'
            cand --retries 'Maximum number of retries of a failed request'
            cand -j 'Maximum number of concurrent requests of one kind'
            cand --jobs 'Maximum number of concurrent requests of one kind'
            cand --color 'When to use colour'
            cand --error-format 'Format of errors; `json` prints one object per line'
            cand -q 'Print only errors to stderr'
            cand --quiet 'Print only errors to stderr'
            cand -v 'Print each request and reply to stderr, without the token'
            cand --verbose 'Print each request and reply to stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;help'= {
            cand submit 'Submit videos for transcription'
            cand get 'Fetch the transcriptions of tasks, without waiting'
            cand wait 'Wait for tasks to finish and print each transcription'
            cand convert 'Convert a saved JSON transcription to another format'
            cand listen 'Receive callbacks from the service'
            cand tasks 'List the tasks submitted from this machine'
            cand sandbox 'Run a local stand-in of the API, to try mavi without an account'
            cand config 'Show or create the configuration'
            cand doctor 'Check settings, token, network and service'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the man pages, or write them to a directory'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mavi;help;submit'= {
        }
        &'mavi;help;get'= {
        }
        &'mavi;help;wait'= {
        }
        &'mavi;help;convert'= {
        }
        &'mavi;help;listen'= {
        }
        &'mavi;help;tasks'= {
        }
        &'mavi;help;sandbox'= {
        }
        &'mavi;help;config'= {
            cand path 'Print the path of the configuration file'
            cand show 'Print all settings and where they come from'
            cand init 'Create a commented configuration file that only you can read'
        }
        &'mavi;help;config;path'= {
        }
        &'mavi;help;config;show'= {
        }
        &'mavi;help;config;init'= {
        }
        &'mavi;help;doctor'= {
        }
        &'mavi;help;completions'= {
        }
        &'mavi;help;man'= {
        }
        &'mavi;help;help'= {
        }
    ]
    $completions[$command]
}
