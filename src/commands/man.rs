//! The hidden `mavi man`: a man page for each command, generated from the argument types. The texts that
//! follow the options in the help of a command become sections, with the examples kept line by line.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::cli::Cli;
use crate::error::ExitStatus;
use crate::output::to_stdout;

/// Writes each page to the directory, or prints them all, one after the other.
pub(super) fn run(dir: Option<&Path>) -> anyhow::Result<ExitStatus> {
    let mut mavi = Cli::command().disable_help_subcommand(true);
    mavi.build();
    let mut commands = Vec::new();
    collect(&mavi, &mut commands);
    match dir {
        None => to_stdout(|out| commands.iter().try_for_each(|command| page(command, out)))?,
        Some(dir) => {
            fs::create_dir_all(dir)
                .with_context(|| format!("could not create {}", dir.display()))?;
            for command in &commands {
                let path = dir.join(format!("{}.1", name(command)));
                let mut text = Vec::new();
                page(command, &mut text)?;
                fs::write(&path, text)
                    .with_context(|| format!("could not write {}", path.display()))?;
            }
        }
    }
    Ok(ExitStatus::SUCCESS)
}

/// Collects the command and its subcommands that are not hidden.
fn collect(command: &clap::Command, commands: &mut Vec<clap::Command>) {
    let readable = |arg: clap::Arg| {
        // A page has room for what `-h` leaves out.
        let arg = arg.hide_short_help(false);
        let help = arg.get_long_help().or_else(|| arg.get_help());
        let values = arg.get_possible_values();
        let names: Vec<_> = values
            .iter()
            .map(clap::builder::PossibleValue::get_name)
            .collect();
        match help {
            // A bullet for each would stretch the page over several screens.
            Some(help) if !names.is_empty() => {
                let help = format!("{help} [possible values: {}]", names.join(", "));
                arg.long_help(help).hide_possible_values(true)
            }
            _ => arg,
        }
    };
    commands.push(command.clone().mut_args(readable));
    for subcommand in command.get_subcommands().filter(|it| !it.is_hide_set()) {
        collect(subcommand, commands);
    }
}

fn name(command: &clap::Command) -> &str {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
}

fn page(command: &clap::Command, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Vec::new();
    let usage = command.clone().render_usage().to_string();
    let more = command.get_after_long_help().or(command.get_after_help());
    let more = more.map(ToString::to_string).unwrap_or_default();
    let (description, sections) = parts(&more);
    let man = Man::new(command.clone())
        .source(concat!("mavi ", env!("CARGO_PKG_VERSION")))
        .manual("mavi");
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    synopsis(usage.trim_start_matches("Usage:")).to_writer(&mut page)?;
    man.render_description_section(&mut page)?;
    description.to_writer(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    sections.to_writer(&mut page)?;
    if name(command) != "mavi" {
        let mut also = Roff::new();
        also.control("SH", ["SEE ALSO"]);
        also.text([roman("mavi(1) for exit statuses and environment variables")]);
        also.to_writer(&mut page)?;
    }
    out.write_all(&page)
}

fn synopsis(usage: &str) -> Roff {
    let mut page = Roff::new();
    page.control("SH", ["SYNOPSIS"]).control("nf", []);
    for line in usage.lines() {
        page.text([roman(line.trim())]);
    }
    page.control("fi", []);
    page
}

/// Splits the text after the options into the rest of the description and further sections: a line such
/// as `Exit status:` opens one, indented lines stay as they are, and all others are filled.
fn parts(text: &str) -> (Roff, Roff) {
    let (mut description, mut sections) = (Roff::new(), Roff::new());
    description.control("PP", []);
    let mut lines = text.lines().peekable();
    let mut page = &mut description;
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_suffix(':')
            && title.split(' ').count() <= 2
        {
            page = &mut sections;
            page.control("SH", [&*title.to_uppercase()]);
            continue;
        }
        if line.is_empty() {
            page.control("PP", []);
        } else if line.starts_with(' ') {
            page.control("PP", []).control("nf", []);
            page.text([roman(line)]);
            while let Some(line) = lines.next_if(|line| line.starts_with(' ')) {
                page.text([roman(line)]);
            }
            page.control("fi", []).control("PP", []);
        } else {
            page.text([roman(line)]);
        }
    }
    (description, sections)
}
