//! The hidden `mavi __complete`: the words that can stand at the cursor of a command line, for the completion
//! scripts. It never fails and prints no errors: they would appear amid what is being typed.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, CommandFactory as _, FromArgMatches as _, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};
use jiff::Timestamp;

use crate::cli::{Cli, Complete, Global};
use crate::config::{Env, Selection, Settings, paths, profile_names};
use crate::error::ExitStatus;
use crate::ids::VideoNo;
use crate::journal::{Journal, Task, TaskStatus, Upload};
use crate::output::to_stdout;
use crate::text::one_line;
use crate::when::ago;

use super::Context;

/// Lines that stand for names of files and of directories, which the shell completes itself.
const FILES: &str = ":files";
const DIRECTORIES: &str = ":directories";

pub(super) fn run(context: &Context, args: Complete) -> anyhow::Result<ExitStatus> {
    let mut words = vec![OsString::from("mavi")];
    words.extend(args.words);
    let line = Arc::new(UnfinishedLine {
        global: global(&words).unwrap_or_else(|| context.global.clone()),
        env: context.env.clone(),
        words: words.clone(),
    });
    let wants_flags = args.word.as_encoded_bytes().starts_with(b"-");
    let at = words.len();
    words.push(args.word);
    let mut mavi = with_values(Cli::command(), &line);
    let candidates = complete(&mut mavi, words, at, None).unwrap_or_default();
    to_stdout(|out| {
        for candidate in candidates {
            let value = candidate.get_value().to_string_lossy();
            // What begins like a flag is one, unless it is the value of one.
            if !wants_flags && value.starts_with('-') || is_repeated(&value) {
                continue;
            }
            if let Some(names) = [FILES, DIRECTORIES].iter().find(|it| value.ends_with(*it)) {
                if !wants_flags || value.contains('=') {
                    writeln!(out, "{names}")?;
                }
                continue;
            }
            let help = candidate.get_help().map(ToString::to_string);
            match help.as_deref().and_then(|help| help.lines().next()) {
                Some(help) => writeln!(out, "{value}\t{help}")?,
                None => writeln!(out, "{value}")?,
            }
        }
        Ok(())
    })?;
    Ok(ExitStatus::SUCCESS)
}

/// Returns `true` if the last item of a list, such as `--type=audio,audio`, is in it already.
fn is_repeated(list: &str) -> bool {
    list.rsplit_once(',')
        .is_some_and(|(before, last)| before.split([',', '=']).any(|item| item == last))
}

/// Returns `true` for a word that no shell treats specially. The scripts insert words unquoted, and IDs
/// come from the service: others could run a command.
fn is_plain_word(word: &OsStr) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    word.as_encoded_bytes().iter().all(is_plain)
}

/// Returns the global options on an unfinished command line.
fn global(words: &[OsString]) -> Option<Global> {
    let mavi = Cli::command().ignore_errors(true);
    let matches = mavi.try_get_matches_from(words).ok()?;
    Global::from_arg_matches(&matches).ok()
}

/// Adds what only this run knows about the values of arguments.
fn with_values(command: clap::Command, line: &Arc<UnfinishedLine>) -> clap::Command {
    command
        .mut_args(|arg| match candidates_of(&arg) {
            None => arg,
            Some(candidates) => {
                let line = Arc::clone(line);
                arg.add(ArgValueCompleter::new(move |word: &OsStr| {
                    let mut found = candidates(&line);
                    found.retain(|candidate| line.is_new(candidate, word));
                    found
                }))
            }
        })
        .mut_subcommands(|command| with_values(command, line))
}

/// An unfinished command line.
struct UnfinishedLine {
    global: Global,
    env: Env,
    words: Vec<OsString>,
}

type Candidates = fn(&UnfinishedLine) -> Vec<CompletionCandidate>;

/// Returns what finds the values of an argument that are neither fixed nor free text.
fn candidates_of(arg: &Arg) -> Option<Candidates> {
    let value_name = arg.get_value_names()?.first()?.as_str();
    match (arg.get_id().as_str(), value_name, arg.get_value_hint()) {
        ("profile", ..) => Some(UnfinishedLine::profiles),
        ("forget", ..) => Some(UnfinishedLine::tasks),
        (_, "TASK_NO", _) => Some(UnfinishedLine::pending_tasks),
        (_, "VIDEO_NO", _) => Some(UnfinishedLine::videos),
        (.., ValueHint::FilePath | ValueHint::CommandWithArguments) => {
            Some(|_| vec![CompletionCandidate::new(FILES)])
        }
        (.., ValueHint::DirPath) => Some(|_| vec![CompletionCandidate::new(DIRECTORIES)]),
        _ => None,
    }
}

impl UnfinishedLine {
    /// Returns `true` for a word that continues what is typed, is not on the line already, and can be
    /// inserted as it is.
    fn is_new(&self, candidate: &CompletionCandidate, typed: &OsStr) -> bool {
        let value = candidate.get_value();
        let continues = value
            .as_encoded_bytes()
            .starts_with(typed.as_encoded_bytes());
        value == FILES
            || value == DIRECTORIES
            || continues && is_plain_word(value) && !self.words.iter().any(|it| it == value)
    }

    fn profiles(&self) -> Vec<CompletionCandidate> {
        let names = profile_names(self.global.config.as_deref(), &self.env);
        names.into_iter().map(CompletionCandidate::new).collect()
    }

    fn pending_tasks(&self) -> Vec<CompletionCandidate> {
        self.recorded(|journal, base_url| {
            let tasks = journal.tasks().ok()?;
            Some(tasks.pending(base_url).filter_map(task).collect())
        })
    }

    fn tasks(&self) -> Vec<CompletionCandidate> {
        self.recorded(|journal, base_url| {
            let tasks = journal.tasks().ok()?;
            Some(tasks.at(base_url).filter_map(task).collect())
        })
    }

    fn videos(&self) -> Vec<CompletionCandidate> {
        self.recorded(|journal, base_url| {
            let uploads = journal.uploads().ok()?;
            Some(uploads.videos(base_url).map(video).collect())
        })
    }

    /// Returns what is recorded for the service of the command line, newest first.
    fn recorded(
        &self,
        find: fn(&Journal, &str) -> Option<Vec<CompletionCandidate>>,
    ) -> Vec<CompletionCandidate> {
        let selection = Selection {
            config: self.global.config.clone(),
            profile: self.global.profile.clone(),
        };
        let loaded = Settings::load(&selection, self.global.keys.layer(), &self.env).ok();
        let found = loaded.zip(paths::state_dir(&self.env));
        let found = found.and_then(|(loaded, directory)| {
            find(&Journal::new(directory), loaded.settings.base_url.as_str())
        });
        let mut found = found.unwrap_or_default();
        found.reverse();
        found
    }
}

fn task(task: &Task) -> Option<CompletionCandidate> {
    let video = task.video_no.as_ref().zip(task.transcription_type);
    let status = (task.status != TaskStatus::Pending).then(|| task.status.to_string());
    let parts = [
        video.map(|(video, transcription_type)| format!("{video} ({transcription_type})")),
        status,
        task.submitted_at.map(|time| ago(time, Timestamp::now())),
    ];
    let help = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let task_no = task.task_no.as_ref()?.as_str();
    Some(CompletionCandidate::new(task_no).help(Some(help.into())))
}

fn video((video, upload): (&VideoNo, &Upload)) -> CompletionCandidate {
    CompletionCandidate::new(video.as_str()).help(Some(one_line(&upload.name).into_owned().into()))
}
