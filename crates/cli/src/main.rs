//! `absolve`: reads files, asks core, prints.

mod args;
mod outcome;
mod problem;
mod fault;
mod text;
mod rule_folder;
mod profile;
mod alternative;
mod config;
mod project;
mod files;
mod place;
mod excerpt;
mod progress;
mod report;
mod job;
mod write;
mod baseline;
mod check;
mod fix;
mod rewrite;
mod explain;
mod rules;
mod score;
mod init;
mod completions;
mod gate;
mod serve;
mod lsp;

use std::process::ExitCode;

use args::{Args, Command, RulesCommand};
use clap::Parser;

fn main() -> ExitCode {
    let args = Args::parse();
    args.color.apply();
    fault::keep_texts_from_logs();
    let result = match &args.command {
        Command::Check(args) => check::run(args),
        Command::Fix(args) => fix::run(args),
        Command::Rewrite(args) => rewrite::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Rules(RulesCommand::List(args)) => rules::list(args),
        Command::Rules(RulesCommand::Test(args)) => rules::test(args),
        Command::Rules(RulesCommand::Score(args)) => score::run(args),
        Command::Init(args) => init::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => completions::man(args),
        Command::Gate(args) => gate::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Milter(args) => serve::run_milter(args),
        Command::Lsp => return lsp::run(),
    };
    result.unwrap_or_else(|error| outcome::fail(&error)).into()
}
