# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mavi_global_optspecs
    string join \n config= profile= base-url= request-timeout= retries= j/jobs= q/quiet v/verbose color= error-format= V/version h/help
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

complete -c mavi -n "__fish_mavi_needs_command" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_needs_command" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_needs_command" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_needs_command" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_needs_command" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_needs_command" -s V -l version -d 'Print version'
complete -c mavi -n "__fish_mavi_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "transcribe" -d 'Transcribe video files: upload, submit, wait, print'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "upload" -d 'Upload videos and print their IDs'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "submit" -d 'Submit videos for transcription'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "get" -d 'Fetch the transcriptions of tasks, without waiting'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "wait" -d 'Wait for tasks to finish and print each transcription'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "convert" -d 'Convert a saved JSON transcription to another format'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "listen" -d 'Receive callbacks from the service'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "tasks" -d 'List the tasks submitted from this machine'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "videos" -d 'List the videos of the account'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "delete" -d 'Delete videos permanently'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "auth" -d 'Log in, log out, and show the login'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "sandbox" -d 'Run a local stand-in for the API, to try mavi without an account'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "config" -d 'Show or create the configuration'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "doctor" -d 'Check settings, token, network and service'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "man" -d 'Print the man pages, or write them to a directory'
complete -c mavi -n "__fish_mavi_needs_command" -f -a "help" -d 'Print the help of a command'
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -s t -l type -d 'audio: transcribe speech; video: describe the picture' -r -f -a "audio\t''
video\t''"
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l timeout -d 'Stop waiting after this time; 0 waits without limit' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l interval -d 'Poll each task at this fixed interval (default: adapts to the task\'s age)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l listen -d 'Receive callbacks at this address, and poll only as a fallback' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l public-url -d 'URL at which the service reaches that address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l path-secret-file -d 'File that stores the secret path of --listen' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -s f -l format -d 'Output format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -s o -l output -d 'Write to a file, such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l time-unit -d 'Unit of the times in the service\'s replies' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l language -d 'Language of the speech, such as en or pt (default: told by the text)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l preset -d 'Set of limits: those of netflix, bbc, youtube or social (short upright videos)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l max-line-width -d 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l max-lines -d 'Maximum number of lines per cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l max-cps -d 'Maximum reading speed, in characters per second' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l min-duration -d 'Minimum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l max-duration -d 'Maximum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l min-gap -d 'Minimum gap between two cues' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l again -d 'Upload and submit anew, and pay again'
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l dry-run -d 'Print what would be done; send nothing'
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l no-clobber -d 'Do not replace existing files'
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -l reflow -d 'Split long segments into readable cues (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand transcribe" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l name -d 'Name of the video at the service, in place of the file\'s own' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l callback -d 'URL to which the service POSTs when it has parsed the video' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l timeout -d 'Stop waiting after this time; 0 waits without limit' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand upload" -s f -l format -d 'Print the videos in this format' -r -f -a "json\t''
jsonl\t''
table\t''"
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand upload" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l reuse -d 'Reuse the recorded video of the same content instead of paying again'
complete -c mavi -n "__fish_mavi_using_subcommand upload" -s w -l wait -d 'Wait until the service has parsed the videos'
complete -c mavi -n "__fish_mavi_using_subcommand upload" -l dry-run -d 'Print what would be done; send nothing'
complete -c mavi -n "__fish_mavi_using_subcommand upload" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand upload" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand upload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s t -l type -d 'audio: transcribe speech; video: describe the picture' -r -f -a "audio\t''
video\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l callback -d 'URL to which the service POSTs each result' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l timeout -d 'Stop waiting after this time; 0 waits without limit' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l interval -d 'Poll each task at this fixed interval (default: adapts to the task\'s age)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l listen -d 'Receive callbacks at this address, and poll only as a fallback' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l public-url -d 'URL at which the service reaches that address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l path-secret-file -d 'File that stores the secret path of --listen' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s f -l format -d 'Output format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s o -l output -d 'Write to a file, such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l time-unit -d 'Unit of the times in the service\'s replies' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l language -d 'Language of the speech, such as en or pt (default: told by the text)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l preset -d 'Set of limits: those of netflix, bbc, youtube or social (short upright videos)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l max-line-width -d 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l max-lines -d 'Maximum number of lines per cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l max-cps -d 'Maximum reading speed, in characters per second' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l min-duration -d 'Minimum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l max-duration -d 'Maximum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l min-gap -d 'Minimum gap between two cues' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l reuse -d 'Reuse tasks already submitted instead of paying again'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s w -l wait -d 'Wait for the tasks and print the transcriptions, like `mavi wait`'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l dry-run -d 'Print what would be done; send nothing'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l no-clobber -d 'Do not replace existing files'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -l reflow -d 'Split long segments into readable cues (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand submit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand get" -s f -l format -d 'Output format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand get" -s o -l output -d 'Write to a file, such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand get" -l time-unit -d 'Unit of the times in the service\'s replies' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand get" -l language -d 'Language of the speech, such as en or pt (default: told by the text)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l preset -d 'Set of limits: those of netflix, bbc, youtube or social (short upright videos)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l max-line-width -d 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l max-lines -d 'Maximum number of lines per cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l max-cps -d 'Maximum reading speed, in characters per second' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l min-duration -d 'Minimum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l max-duration -d 'Maximum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l min-gap -d 'Minimum gap between two cues' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand get" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand get" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand get" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand get" -l last -d 'Get the most recently submitted task'
complete -c mavi -n "__fish_mavi_using_subcommand get" -l pending -d 'Get all pending tasks'
complete -c mavi -n "__fish_mavi_using_subcommand get" -l no-clobber -d 'Do not replace existing files'
complete -c mavi -n "__fish_mavi_using_subcommand get" -l reflow -d 'Split long segments into readable cues (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand get" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand get" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l timeout -d 'Stop waiting after this time; 0 waits without limit' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l interval -d 'Poll each task at this fixed interval (default: adapts to the task\'s age)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l listen -d 'Receive callbacks at this address, and poll only as a fallback' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l public-url -d 'URL at which the service reaches that address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l path-secret-file -d 'File that stores the secret path of --listen' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s f -l format -d 'Output format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s o -l output -d 'Write to a file, such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l time-unit -d 'Unit of the times in the service\'s replies' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l language -d 'Language of the speech, such as en or pt (default: told by the text)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l preset -d 'Set of limits: those of netflix, bbc, youtube or social (short upright videos)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l max-line-width -d 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l max-lines -d 'Maximum number of lines per cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l max-cps -d 'Maximum reading speed, in characters per second' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l min-duration -d 'Minimum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l max-duration -d 'Maximum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l min-gap -d 'Minimum gap between two cues' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l last -d 'Wait for the most recently submitted task'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l pending -d 'Wait for all pending tasks'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l no-clobber -d 'Do not replace existing files'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -l reflow -d 'Split long segments into readable cues (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s f -l format -d 'Output format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s o -l output -d 'Write to a file, such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l time-unit -d 'Unit of the times in the service\'s replies' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l language -d 'Language of the speech, such as en or pt (default: told by the text)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l preset -d 'Set of limits: those of netflix, bbc, youtube or social (short upright videos)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l max-line-width -d 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l max-lines -d 'Maximum number of lines per cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l max-cps -d 'Maximum reading speed, in characters per second' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l min-duration -d 'Minimum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l max-duration -d 'Maximum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l min-gap -d 'Minimum gap between two cues' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l no-clobber -d 'Do not replace existing files'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -l reflow -d 'Split long segments into readable cues (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l addr -d 'Listen on this address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l public-url -d 'URL at which the service reaches that address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l path-secret-file -d 'File that stores the secret path' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l count -d 'Stop after N results' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l timeout -d 'Stop after this time; 0 runs without limit' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s f -l format -d 'Output format' -r -f -a "table\t''
json\t''
jsonl\t''
srt\t''
vtt\t''
txt\t''
csv\t''
tsv\t''"
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s o -l output -d 'Write to a file, such as talk.srt or \'{videoNo}.{ext}\'' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l time-unit -d 'Unit of the times in the service\'s replies' -r -f -a "seconds\t''
milliseconds\t''"
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l language -d 'Language of the speech, such as en or pt (default: told by the text)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l preset -d 'Set of limits: those of netflix, bbc, youtube or social (short upright videos)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l max-line-width -d 'Maximum line width, in columns; Chinese, Japanese and Korean characters take two' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l max-lines -d 'Maximum number of lines per cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l max-cps -d 'Maximum reading speed, in characters per second' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l min-duration -d 'Minimum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l max-duration -d 'Maximum duration of a cue' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l min-gap -d 'Minimum gap between two cues' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l verify -d 'Fetch each result from the service again, and use that'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l any -d 'Also accept results of tasks that are not recorded here'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l no-clobber -d 'Do not replace existing files'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -l reflow -d 'Split long segments into readable cues (srt, vtt)'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand listen" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
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
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l prune -d 'Remove the records of tasks that finished or failed longer ago than this' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l forget -d 'Remove these tasks from the list, such as ones that the service has lost; `-` reads them from stdin' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -l all-services -d 'Include the tasks of other services (base URLs)'
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand tasks" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l status -d 'Show only videos of this status' -r -f -a "parsed\t''
pending\t''
failed\t''
all\t''"
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l since -d 'Show only videos uploaded since then' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l until -d 'Show only videos uploaded until then, such as 30d for videos at least 30 days old' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l name -d 'Show only videos whose name contains this text' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l limit -d 'Show only the newest N' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand videos" -s f -l format -d 'Print in this format' -r -f -a "table\t''
json\t''
jsonl\t''
csv\t''
ids\t''"
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand videos" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand videos" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand videos" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand videos" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand videos" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand delete" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand delete" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand delete" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand delete" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand delete" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand delete" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand delete" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand delete" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand delete" -s y -l yes -d 'Delete without asking'
complete -c mavi -n "__fish_mavi_using_subcommand delete" -l dry-run -d 'Print what would be deleted; send nothing'
complete -c mavi -n "__fish_mavi_using_subcommand delete" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand delete" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -f -a "login" -d 'Log in with a client ID and a code'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -f -a "status" -d 'Show which token is used and when it expires'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and not __fish_seen_subcommand_from login status logout" -f -a "logout" -d 'Delete the stored login'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-id -d 'Client ID of the account (prompts if omitted)' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l listen -d 'Receive client ID and code from the service at this address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l public-url -d 'URL at which the service reaches that address' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -l code-stdin -d 'Read the code from stdin'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -s f -l format -d 'Print in this format' -r -f -a "text\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l addr -d 'Listen on this address; port 0 takes a free one' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l delay -d 'Duration of a task' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l parse-delay -d 'Time until an uploaded video is parsed' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l token-lifetime -d 'Lifetime of the access tokens that `mavi auth login` gets' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l auth-callback -d 'Call this URL with a code for `mavi auth login --listen`' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l transcripts -d 'Directory of transcriptions to serve (VIDEO_NO.json)' -r -f -a "(__fish_complete_directories)"
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l rate-limits -d 'Rate limits: `documented`, `off`, or numbers' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l fault -d 'Inject faults, such as http-500:0.1,slow:2s:0.1' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l seed -d 'Seed of the random faults, to repeat a run' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -l callbacks-anywhere -d 'Also send callbacks to other machines'
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -f -a "path" -d 'Print the path of the configuration file'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -f -a "show" -d 'Print all settings and where they come from'
complete -c mavi -n "__fish_mavi_using_subcommand config; and not __fish_seen_subcommand_from path show init" -f -a "init" -d 'Create a commented configuration file that only you can read'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l token-stdin -d 'Read a token from stdin (prompts on a terminal) and write it to the file'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -l force -d 'Replace an existing file'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand completions" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand completions" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand completions" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand man" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand man" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand man" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand man" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand man" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand man" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mavi -n "__fish_mavi_using_subcommand help" -l config -d 'Configuration file [env: MAVI_CONFIG]' -r -F
complete -c mavi -n "__fish_mavi_using_subcommand help" -l profile -d 'Profile of the configuration file [env: MAVI_PROFILE]' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand help" -l base-url -d 'Base URL of the API' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand help" -l request-timeout -d 'Maximum time for one request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand help" -l retries -d 'Maximum number of retries of a failed request' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand help" -s j -l jobs -d 'Maximum number of concurrent requests of one kind' -r -f
complete -c mavi -n "__fish_mavi_using_subcommand help" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mavi -n "__fish_mavi_using_subcommand help" -l error-format -d 'Format of errors; `json` prints one object per line' -r -f -a "human\t''
json\t''"
complete -c mavi -n "__fish_mavi_using_subcommand help" -s q -l quiet -d 'Print only errors to stderr'
complete -c mavi -n "__fish_mavi_using_subcommand help" -s v -l verbose -d 'Print a line for each request and reply to stderr; never the token'
complete -c mavi -n "__fish_mavi_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
