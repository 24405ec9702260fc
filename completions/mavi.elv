
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
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand submit 'Submit videos for transcription'
            cand get 'Ask once for the transcription of tasks'
            cand wait 'Wait for tasks to end and print each transcription'
            cand convert 'Convert a saved JSON transcription to another format'
            cand listen 'Receive the callbacks of the service'
            cand tasks 'List the tasks that were submitted from this machine'
            cand sandbox 'Try mavi with no account, against a stand-in of the API'
            cand config 'Show or create the configuration'
            cand doctor 'Find out what is wrong: settings, token, network or service'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the man pages, or write them into a folder'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mavi;submit'= {
            cand -t 'What to transcribe: what is said, or what is seen'
            cand --type 'What to transcribe: what is said, or what is seen'
            cand --callback 'Have the service POST each result to this address'
            cand --timeout 'Stop waiting after this long; 0 never stops'
            cand --interval 'Ask about a task this often, not at intervals that grow with its age [key: wait.interval]'
            cand --listen 'Receive callbacks at this address, and poll only as a safety net'
            cand --public-url 'How the service reaches that address'
            cand --path-secret-file 'Keep the secret path of --listen in this file'
            cand -f 'Print in this format'
            cand --format 'Print in this format'
            cand -o 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'The unit of the service''s times [key: time_unit, seconds]'
            cand --max-line-width 'The longest line, in columns [key: captions.max_line_width, 42]'
            cand --max-lines 'The most lines of a cue [key: captions.max_lines, 2]'
            cand --max-cps 'The most characters a second [key: captions.max_cps, 20]'
            cand --min-duration 'The shortest time of a cue [key: captions.min_duration, 833ms]'
            cand --max-duration 'The longest time of a cue [key: captions.max_duration, 7s]'
            cand --min-gap 'The least time between two cues [key: captions.min_gap, 83ms]'
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand --reuse 'Do not pay again for what is on record'
            cand -w 'Wait, and print what `mavi wait` would print'
            cand --wait 'Wait, and print what `mavi wait` would print'
            cand --no-clobber 'Leave files that exist alone'
            cand --reflow 'Make readable cues of long segments (srt, vtt)'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;get'= {
            cand -f 'Print in this format'
            cand --format 'Print in this format'
            cand -o 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'The unit of the service''s times [key: time_unit, seconds]'
            cand --max-line-width 'The longest line, in columns [key: captions.max_line_width, 42]'
            cand --max-lines 'The most lines of a cue [key: captions.max_lines, 2]'
            cand --max-cps 'The most characters a second [key: captions.max_cps, 20]'
            cand --min-duration 'The shortest time of a cue [key: captions.min_duration, 833ms]'
            cand --max-duration 'The longest time of a cue [key: captions.max_duration, 7s]'
            cand --min-gap 'The least time between two cues [key: captions.min_gap, 83ms]'
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand --no-clobber 'Leave files that exist alone'
            cand --reflow 'Make readable cues of long segments (srt, vtt)'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;wait'= {
            cand --timeout 'Stop waiting after this long; 0 never stops'
            cand --interval 'Ask about a task this often, not at intervals that grow with its age [key: wait.interval]'
            cand --listen 'Receive callbacks at this address, and poll only as a safety net'
            cand --public-url 'How the service reaches that address'
            cand --path-secret-file 'Keep the secret path of --listen in this file'
            cand -f 'Print in this format'
            cand --format 'Print in this format'
            cand -o 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'The unit of the service''s times [key: time_unit, seconds]'
            cand --max-line-width 'The longest line, in columns [key: captions.max_line_width, 42]'
            cand --max-lines 'The most lines of a cue [key: captions.max_lines, 2]'
            cand --max-cps 'The most characters a second [key: captions.max_cps, 20]'
            cand --min-duration 'The shortest time of a cue [key: captions.min_duration, 833ms]'
            cand --max-duration 'The longest time of a cue [key: captions.max_duration, 7s]'
            cand --min-gap 'The least time between two cues [key: captions.min_gap, 83ms]'
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand --last 'Wait for the task that was submitted last'
            cand --pending 'Wait for every unfinished task on record'
            cand --no-clobber 'Leave files that exist alone'
            cand --reflow 'Make readable cues of long segments (srt, vtt)'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;convert'= {
            cand -f 'Print in this format'
            cand --format 'Print in this format'
            cand -o 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'The unit of the service''s times [key: time_unit, seconds]'
            cand --max-line-width 'The longest line, in columns [key: captions.max_line_width, 42]'
            cand --max-lines 'The most lines of a cue [key: captions.max_lines, 2]'
            cand --max-cps 'The most characters a second [key: captions.max_cps, 20]'
            cand --min-duration 'The shortest time of a cue [key: captions.min_duration, 833ms]'
            cand --max-duration 'The longest time of a cue [key: captions.max_duration, 7s]'
            cand --min-gap 'The least time between two cues [key: captions.min_gap, 83ms]'
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand --no-clobber 'Leave files that exist alone'
            cand --reflow 'Make readable cues of long segments (srt, vtt)'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;listen'= {
            cand --addr 'Listen on this address'
            cand --public-url 'How the service reaches that address'
            cand --path-secret-file 'Keep the secret path in this file'
            cand --count 'Stop after N results'
            cand --timeout 'Stop after this long'
            cand -f 'Print in this format'
            cand --format 'Print in this format'
            cand -o 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --output 'Write to a file such as talk.srt or ''{videoNo}.{ext}'''
            cand --time-unit 'The unit of the service''s times [key: time_unit, seconds]'
            cand --max-line-width 'The longest line, in columns [key: captions.max_line_width, 42]'
            cand --max-lines 'The most lines of a cue [key: captions.max_lines, 2]'
            cand --max-cps 'The most characters a second [key: captions.max_cps, 20]'
            cand --min-duration 'The shortest time of a cue [key: captions.min_duration, 833ms]'
            cand --max-duration 'The longest time of a cue [key: captions.max_duration, 7s]'
            cand --min-gap 'The least time between two cues [key: captions.min_gap, 83ms]'
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand --verify 'Ask the service for each result again, and use its answer'
            cand --any 'Take results of tasks that are not on record here too'
            cand --no-clobber 'Leave files that exist alone'
            cand --reflow 'Make readable cues of long segments (srt, vtt)'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
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
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand --all-services 'Include the tasks of other services (base URLs)'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;sandbox'= {
            cand --addr 'Listen on this address; port 0 takes a free one'
            cand --delay 'How long a task takes'
            cand --transcripts 'Answer with the files of this folder, VIDEO_NO.json each'
            cand --rate-limits 'Keep rate limits: `documented`, `off`, or numbers'
            cand --fault 'Go wrong now and then, such as http-500:0.1,slow:2s:0.1'
            cand --seed 'Make the same choices in every run'
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand --callbacks-anywhere 'Send callbacks to other machines too, not only to this one'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;config'= {
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand path 'Print where the configuration file is'
            cand show 'Print every setting and where it came from'
            cand init 'Write a commented configuration file that only you can read'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mavi;config;path'= {
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;config;show'= {
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;config;init'= {
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand --token-stdin 'Read a token from stdin and put it into the file'
            cand --force 'Replace a file that exists'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;config;help'= {
            cand path 'Print where the configuration file is'
            cand show 'Print every setting and where it came from'
            cand init 'Write a commented configuration file that only you can read'
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
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;completions'= {
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;man'= {
            cand --config 'Read this configuration file [env: MAVI_CONFIG]'
            cand --profile 'Use this profile of the configuration file [env: MAVI_PROFILE]'
            cand --base-url 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]'
            cand --request-timeout 'Give one request at most this long [key: request_timeout, 1m]'
            cand --retries 'Try a failed call again up to N times [key: retries, 3]'
            cand -j 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --jobs 'Make up to N calls of a kind at the same time [key: jobs, 4]'
            cand --color 'When to use colour'
            cand --error-format 'How errors are printed; `json` is one object a line'
            cand -q 'Say nothing on stderr but errors'
            cand --quiet 'Say nothing on stderr but errors'
            cand -v 'Show each request and reply on stderr, without the token'
            cand --verbose 'Show each request and reply on stderr, without the token'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mavi;help'= {
            cand submit 'Submit videos for transcription'
            cand get 'Ask once for the transcription of tasks'
            cand wait 'Wait for tasks to end and print each transcription'
            cand convert 'Convert a saved JSON transcription to another format'
            cand listen 'Receive the callbacks of the service'
            cand tasks 'List the tasks that were submitted from this machine'
            cand sandbox 'Try mavi with no account, against a stand-in of the API'
            cand config 'Show or create the configuration'
            cand doctor 'Find out what is wrong: settings, token, network or service'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the man pages, or write them into a folder'
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
            cand path 'Print where the configuration file is'
            cand show 'Print every setting and where it came from'
            cand init 'Write a commented configuration file that only you can read'
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
