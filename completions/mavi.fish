# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mavi_global_optspecs
    string join \n config= profile= base-url= request-timeout= retries= j/jobs= q/quiet v/verbose color= error-format= h/help V/version
end

function __fish_mavi_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mavi_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mavi_using_subcommand
    set -l cmd (__fish_mavi_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mavi -n "__fish_mavi_needs_command" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_needs_command" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_needs_command" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_needs_command" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_needs_command" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_needs_command" -s V -l version -d 'Print version'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "submit" -d 'Submit videos for transcription'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "get" -d 'Ask once for the transcription of tasks'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "wait" -d 'Wait for tasks to end and print each transcription'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "convert" -d 'Convert a saved JSON transcription to another format'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "listen" -d 'Receive the callbacks of the service'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "tasks" -d 'List the tasks that were submitted from this machine'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "sandbox" -d 'Try mavi with no account, against a stand-in of the API'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "config" -d 'Show or create the configuration'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "doctor" -d 'Find out what is wrong: settings, token, network or service'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "man" -d 'Print the man pages, or write them into a folder'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s t -l type -d 'What to transcribe: what is said, or what is seen' -r -f -a "audio\t''
video\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l callback -d 'Have the service POST each result to this address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l timeout -d 'Stop waiting after this long; 0 never stops' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l interval -d 'Ask about a task this often, not at intervals that grow with its age [key: wait.interval]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l listen -d 'Receive callbacks at this address, and poll only as a safety net' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l public-url -d 'How the service reaches that address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l path-secret-file -d 'Keep the secret path of --listen in this file' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s f -l format -d 'Print in this format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s o -l output -d 'Write to a file such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l time-unit -d 'The unit of the service\'s times [key: time_unit, seconds]' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l max-line-width -d 'The longest line, in columns [key: captions.max_line_width, 42]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l max-lines -d 'The most lines of a cue [key: captions.max_lines, 2]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l max-cps -d 'The most characters a second [key: captions.max_cps, 20]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l min-duration -d 'The shortest time of a cue [key: captions.min_duration, 833ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l max-duration -d 'The longest time of a cue [key: captions.max_duration, 7s]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l min-gap -d 'The least time between two cues [key: captions.min_gap, 83ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l reuse -d 'Do not pay again for what is on record'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s w -l wait -d 'Wait, and print what `mavi wait` would print'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l no-clobber -d 'Leave files that exist alone'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l reflow -d 'Make readable cues of long segments (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand get" -s f -l format -d 'Print in this format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand get" -s o -l output -d 'Write to a file such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand get" -l time-unit -d 'The unit of the service\'s times [key: time_unit, seconds]' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand get" -l max-line-width -d 'The longest line, in columns [key: captions.max_line_width, 42]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l max-lines -d 'The most lines of a cue [key: captions.max_lines, 2]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l max-cps -d 'The most characters a second [key: captions.max_cps, 20]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l min-duration -d 'The shortest time of a cue [key: captions.min_duration, 833ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l max-duration -d 'The longest time of a cue [key: captions.max_duration, 7s]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l min-gap -d 'The least time between two cues [key: captions.min_gap, 83ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand get" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand get" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand get" -l no-clobber -d 'Leave files that exist alone'
complete -c mavi -n "__fish_mavi_using_subcommand get" -l reflow -d 'Make readable cues of long segments (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand get" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand get" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l timeout -d 'Stop waiting after this long; 0 never stops' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l interval -d 'Ask about a task this often, not at intervals that grow with its age [key: wait.interval]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l listen -d 'Receive callbacks at this address, and poll only as a safety net' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l public-url -d 'How the service reaches that address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l path-secret-file -d 'Keep the secret path of --listen in this file' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s f -l format -d 'Print in this format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s o -l output -d 'Write to a file such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l time-unit -d 'The unit of the service\'s times [key: time_unit, seconds]' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l max-line-width -d 'The longest line, in columns [key: captions.max_line_width, 42]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l max-lines -d 'The most lines of a cue [key: captions.max_lines, 2]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l max-cps -d 'The most characters a second [key: captions.max_cps, 20]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l min-duration -d 'The shortest time of a cue [key: captions.min_duration, 833ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l max-duration -d 'The longest time of a cue [key: captions.max_duration, 7s]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l min-gap -d 'The least time between two cues [key: captions.min_gap, 83ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l last -d 'Wait for the task that was submitted last'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l pending -d 'Wait for every unfinished task on record'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l no-clobber -d 'Leave files that exist alone'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l reflow -d 'Make readable cues of long segments (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s f -l format -d 'Print in this format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s o -l output -d 'Write to a file such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l time-unit -d 'The unit of the service\'s times [key: time_unit, seconds]' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l max-line-width -d 'The longest line, in columns [key: captions.max_line_width, 42]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l max-lines -d 'The most lines of a cue [key: captions.max_lines, 2]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l max-cps -d 'The most characters a second [key: captions.max_cps, 20]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l min-duration -d 'The shortest time of a cue [key: captions.min_duration, 833ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l max-duration -d 'The longest time of a cue [key: captions.max_duration, 7s]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l min-gap -d 'The least time between two cues [key: captions.min_gap, 83ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l no-clobber -d 'Leave files that exist alone'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l reflow -d 'Make readable cues of long segments (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l addr -d 'Listen on this address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l public-url -d 'How the service reaches that address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l path-secret-file -d 'Keep the secret path in this file' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l count -d 'Stop after N results' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l timeout -d 'Stop after this long' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s f -l format -d 'Print in this format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s o -l output -d 'Write to a file such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l time-unit -d 'The unit of the service\'s times [key: time_unit, seconds]' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l max-line-width -d 'The longest line, in columns [key: captions.max_line_width, 42]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l max-lines -d 'The most lines of a cue [key: captions.max_lines, 2]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l max-cps -d 'The most characters a second [key: captions.max_cps, 20]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l min-duration -d 'The shortest time of a cue [key: captions.min_duration, 833ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l max-duration -d 'The longest time of a cue [key: captions.max_duration, 7s]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l min-gap -d 'The least time between two cues [key: captions.min_gap, 83ms]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l verify -d 'Ask the service for each result again, and use its answer'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l any -d 'Take results of tasks that are not on record here too'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l no-clobber -d 'Leave files that exist alone'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l reflow -d 'Make readable cues of long segments (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l status -d 'Show only tasks of this status' -r -f -a "pending\t''
finished\t''
failed\t''
unknown\t''
all\t''"
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l since -d 'Show only tasks submitted since then' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l limit -d 'Show only the newest N' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -s f -l format -d 'Print in this format' -r -f -a "table\t''
json\t''
jsonl\t''
ids\t''"
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l prune -d 'Remove the records of tasks that ended longer ago than this' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l forget -d 'Stop listing these tasks, such as ones that the service has lost; `-` reads them from stdin' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l all-services -d 'Include the tasks of other services (base URLs)'
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l addr -d 'Listen on this address; port 0 takes a free one' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l delay -d 'How long a task takes' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l transcripts -d 'Answer with the files of this folder, VIDEO_NO.json each' -r -f -a "(__fish_complete_directories)"
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l rate-limits -d 'Keep rate limits: `documented`, `off`, or numbers' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l fault -d 'Go wrong now and then, such as http-500:0.1,slow:2s:0.1' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l seed -d 'Make the same choices in every run' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l callbacks-anywhere -d 'Send callbacks to other machines too, not only to this one'
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -f -a "path" -d 'Print where the configuration file is'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -f -a "show" -d 'Print every setting and where it came from'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -f -a "init" -d 'Write a commented configuration file that only you can read'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l token-stdin -d 'Read a token from stdin and put it into the file'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l force -d 'Replace a file that exists'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Print where the configuration file is'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print every setting and where it came from'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "init" -d 'Write a commented configuration file that only you can read'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand completions" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand completions" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand man" -l config -d 'Read this configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand man" -l profile -d 'Use this profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -l base-url -d 'Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -l request-timeout -d 'Give one request at most this long [key: request_timeout, 1m]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -l retries -d 'Try a failed call again up to N times [key: retries, 3]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -s j -l jobs -d 'Make up to N calls of a kind at the same time [key: jobs, 4]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand man" -l error-format -d 'How errors are printed; `json` is one object a line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand man" -s q -l quiet -d 'Say nothing on stderr but errors'
complete -c mavi -n "__fish_mavi_using_subcommand man" -s v -l verbose -d 'Show each request and reply on stderr, without the token'
complete -c mavi -n "__fish_mavi_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "submit" -d 'Submit videos for transcription'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "get" -d 'Ask once for the transcription of tasks'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "wait" -d 'Wait for tasks to end and print each transcription'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "convert" -d 'Convert a saved JSON transcription to another format'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "listen" -d 'Receive the callbacks of the service'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "tasks" -d 'List the tasks that were submitted from this machine'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "sandbox" -d 'Try mavi with no account, against a stand-in of the API'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "config" -d 'Show or create the configuration'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "doctor" -d 'Find out what is wrong: settings, token, network or service'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "man" -d 'Print the man pages, or write them into a folder'
complete -c mavi -n "__fish_mavi_using_subcommand help; and not __fish_seen_subcommand_from submit get wait convert listen tasks sandbox config doctor completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mavi -n "__fish_mavi_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print where the configuration file is'
complete -c mavi -n "__fish_mavi_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print every setting and where it came from'
complete -c mavi -n "__fish_mavi_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "init" -d 'Write a commented configuration file that only you can read'
