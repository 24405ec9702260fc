# Completion of mavi for elvish. `mavi completions --help` explains how to install it.

use str

set edit:completion:arg-completer[mavi] = {|@words|
    var lines = [(e:mavi __complete --word=$words[-1] -- (all $words[1..-1]) 2>/dev/null | from-lines)]
    for line $lines {
        if (has-value [:files :directories] $line) {
            edit:complete-filename $words[-1]
        } else {
            put [(str:split "\t" $line)][0]
        }
    }
}
