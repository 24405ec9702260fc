# Completion of mavi for bash. `mavi completions --help` explains how to install it.

_mavi() {
    local i line prefix word words=()
    # Bash splits at `=` and `:`, unlike mavi.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i == COMP_CWORD)) && [[ $word != [=:] ]]; then
            word=$2 # up to the cursor
        fi
        if ((${#words[@]})) && [[ $word == [=:] || ${COMP_WORDS[i - 1]} == [=:] ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
    done
    word=${words[${#words[@]} - 1]}
    prefix=${word%"${2#[=:]}"}
    COMPREPLY=()
    compopt -o nosort 2>/dev/null
    while IFS= read -r line; do
        case $line in
            :files | :directories)
                # Bash 3 has no compopt.
                compopt -o default 2>/dev/null ||
                    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$2")
                ;;
            *)
                line=${line%%$'\t'*}
                COMPREPLY+=("${line#"$prefix"}")
                ;;
        esac
    done < <(mavi __complete --word="$word" -- "${words[@]:0:${#words[@]}-1}" 2>/dev/null)
}

complete -F _mavi mavi
