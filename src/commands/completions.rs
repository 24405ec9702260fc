//! `mavi completions`: completion scripts, generated from the argument types.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::error::ExitStatus;
use crate::output::to_stdout;

/// Prints the completion script for a shell.
pub(super) fn script(shell: Shell) -> anyhow::Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "mavi", &mut script);
    if shell == Shell::Bash {
        script = without_unasked_flags(&String::from_utf8(script)?).into_bytes();
    }
    to_stdout(|out| out.write_all(&script))?;
    Ok(ExitStatus::SUCCESS)
}

/// Changes the script to complete flags only for a word that begins with `-`. As generated, it completes
/// them for an empty word too, and `mavi convert <TAB>` gives `-` instead of the files of the directory.
fn without_unasked_flags(script: &str) -> String {
    script.replace("complete -F _mavi ", "complete -F _mavi_words ") + WORDS
}

const WORDS: &str = r#"
_mavi_words() {
    _mavi "$@"
    local word words=()
    [[ $2 == -* ]] && return
    for word in "${COMPREPLY[@]}"; do
        [[ $word == -* ]] || words+=("$word")
    done
    COMPREPLY=("${words[@]}")
}
"#;
