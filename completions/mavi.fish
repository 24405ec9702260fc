# Completion of mavi for fish. `mavi completions --help` explains how to install it.

function __mavi_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l word (commandline --current-token --cut-at-cursor)
    mavi __complete --word="$word" -- $words[2..] 2>/dev/null
end

complete --command mavi --no-files --keep-order \
    --arguments '(__mavi_complete | string match --invert --regex "^:(files|directories)\$")'
complete --command mavi --force-files \
    --condition '__mavi_complete | string match --quiet --regex "^:(files|directories)\$"'
