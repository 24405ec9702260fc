# Completion of mavi for elvish. `mavi completions --help` explains how to install it.

use str

set edit:completion:arg-completer[mavi] = {|@words|
    var lines = [(e:mavi __complete --word=$words[-1] -- (all $words[1..-1]) 2>/dev/null | from-lines)]
    for line $lines {
        if (has-value [:files :directories] $line) {
            # After --flag=, the name of the file is the rest of the word.
            var flag = ''
            var path = $words[-1]
            if (and (str:has-prefix $path --) (str:contains $path =)) {
                var name value = (str:split &max=2 = $path)
                set flag = $name'='
                set path = $value
            }
            edit:complete-filename $path | each {|file|
                edit:complex-candidate $flag$file[stem] &code-suffix=$file[code-suffix] &display=$file[display]
            }
        } else {
            put [(str:split "\t" $line)][0]
        }
    }
}
