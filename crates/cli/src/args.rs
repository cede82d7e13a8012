//! The command line, as data.

use std::{net::SocketAddr, path::PathBuf};

use absolve_core::{diagnostic::Severity, gate::Fail};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// A linter and rewriter for customer-support replies, in French and English.
#[derive(Debug, Parser)]
#[command(name = "absolve", version = env!("ABSOLVE_VERSION"), after_help = EXAMPLES, max_term_width = 100)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
}

const EXAMPLES: &str = "\
Examples:
  absolve check                          every reply and macro in this folder
  absolve check macros/ --fail-on warning
  pbpaste | absolve check -              a reply from the clipboard
  absolve fix --diff macros/             what a machine may mend, shown; without --diff, done
  absolve rewrite reply.txt              sin by sin, choose better words
  absolve explain inconvenience-apology  what the sin is, and what to write instead
  absolve rules list                     every sin that is looked for
  absolve init                           a commented absolve.toml to start from

Exit codes: 0 clean, 1 findings, 2 could not do the job.";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find the sins in replies and macros
    Check(Check),
    /// Mend, in place, what a machine may mend
    Fix(Fix),
    /// Go through the sins of a reply, one by one, and choose better words
    Rewrite(Rewrite),
    /// Say what a sin is, why it hurts, and what to write instead
    Explain(Explain),
    /// List the rules, or test rule files
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Judge a reply before it is sent: pass, suggest or hold
    Gate(Gate),
    /// Judge replies over HTTP, on this machine; there is a page to try it
    Serve(Serve),
    /// Judge mails for Postfix, before they are sent
    Milter(Milter),
    /// Serve an editor, which starts this itself
    #[command(after_help = "How to tell your editor: integrations/editors/README.md of Absolve's sources.")]
    Lsp,
    /// Write a commented absolve.toml
    Init(Init),
    /// Print what a shell must know to complete these commands
    Completions(Completions),
    /// Print the manual, or write all of its pages into a folder
    Man(Man),
}

/// Find the sins in replies and macros.
#[derive(Debug, ClapArgs)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct Check {
    /// What is read.
    #[command(flatten)]
    pub sources: Sources,
    /// How to report
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// The mildest finding that makes the exit code 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// By which rules.
    #[command(flatten)]
    pub choices: Choices,
    /// Tell only what this file does not know of yet; `--write-baseline` writes it
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write what is found into the baseline, and tell nothing of it
    #[arg(long, requires = "baseline")]
    pub write_baseline: bool,
    /// Findings to print in full [default: 200 for people, all for machines]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  absolve check replies/ macros.json
  absolve check - --stdin-filename reply.html < reply.html
  absolve check --format html macros/ > sins.html
  absolve check --format sarif > absolve.sarif
  absolve check --profile chat --fail-on never chats/

A library with a past: know its sins of today, and let none come in.
  absolve check macros/ --baseline absolve-baseline.json --write-baseline
  absolve check macros/ --baseline absolve-baseline.json";

/// What is read.
#[derive(Debug, ClapArgs)]
pub struct Sources {
    /// Files and folders; `-` reads standard input [default: this folder]
    pub paths: Vec<PathBuf>,
    /// What standard input is called in reports; its ending says how to read it
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<PathBuf>,
}

/// By which rules texts are checked.
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct Choices {
    /// Rules of this folder instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Go on without rule files that are broken
    #[arg(long, hide = true)]
    pub lenient_rules: bool,
    /// This absolve.toml for every file, instead of the nearest one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A set of choices: default, strict, chat, regulated or public-service
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// Mend what a machine may mend.
#[derive(Debug, ClapArgs)]
#[command(after_help = FIX_EXAMPLES)]
pub struct Fix {
    /// What is read.
    #[command(flatten)]
    pub sources: Sources,
    /// Show what would change, as a diff, and write nothing
    #[arg(long)]
    pub diff: bool,
    /// Write nothing; the exit code is 1 if something would change
    #[arg(long)]
    pub check: bool,
    /// The mildest finding left that makes the exit code 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// By which rules.
    #[command(flatten)]
    pub choices: Choices,
}

const FIX_EXAMPLES: &str = "\
Examples:
  absolve fix macros/                    in place
  absolve fix --diff macros/             what it would do
  pbpaste | absolve fix - | pbcopy       a reply in the clipboard

An apology, a promise, a refusal or a gift is never written or deleted by a machine: `absolve rewrite` asks you.";

/// Go through the sins of a reply, one by one.
#[derive(Debug, ClapArgs)]
#[command(after_help = REWRITE_EXAMPLES)]
pub struct Rewrite {
    /// The reply; `-` reads standard input
    #[arg(value_name = "REPLY")]
    pub path: PathBuf,
    /// What standard input is called; its ending says how to read it
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<PathBuf>,
    /// Write the reply back into its file, instead of printing it
    #[arg(long, conflicts_with = "json")]
    pub in_place: bool,
    /// Print the findings with their alternatives, and ask nothing
    #[arg(long)]
    pub json: bool,
    /// By which rules.
    #[command(flatten)]
    pub choices: Choices,
}

const REWRITE_EXAMPLES: &str = "\
Examples:
  absolve rewrite reply.txt --in-place
  absolve rewrite reply.txt > better.txt
  absolve rewrite --json reply.html      for editors and hooks";

/// Judge a reply before it is sent.
#[derive(Debug, ClapArgs)]
#[command(after_help = GATE_EXAMPLES)]
pub struct Gate {
    /// Why the reply is sent although it is held; logged, without the reply
    #[arg(long = "override", value_name = "REASON")]
    pub reason: Option<String>,
    /// Who sends it, for the log
    #[arg(long, value_name = "NAME")]
    pub agent: Option<String>,
    /// Answer a mail program's or a browser's add-on, which starts this itself
    #[arg(long)]
    pub native_messaging: bool,
    /// How it is judged.
    #[command(flatten)]
    pub judging: Judging,
}

/// How replies are judged before they are sent.
#[derive(Debug, ClapArgs)]
pub struct Judging {
    /// What becomes of a reply that cannot be judged [default: as `[gate]` in absolve.toml says, or open]
    #[arg(long, value_enum, value_name = "HOW")]
    pub fail: Option<FailHow>,
    /// By which rules.
    #[command(flatten)]
    pub choices: Choices,
}

const GATE_EXAMPLES: &str = "\
Examples:
  absolve gate < reply.txt
  echo '{\"html\": \"<p>Hi {{name}},</p>\", \"agent\": \"ana\"}' | absolve gate
  absolve gate --override 'the customer quoted it first' < reply.txt

Reads a reply, or JSON {text|html, subject, context, public, language, agent, override}; prints one JSON verdict.
Exit codes: 0 pass or suggest, 1 hold, 2 could not be judged (the verdict then says what the policy says).";

/// Judge replies over HTTP.
#[derive(Debug, ClapArgs)]
#[command(after_help = SERVE_EXAMPLES)]
pub struct Serve {
    /// Where to listen; other machines can ask only with a token
    #[arg(long, default_value = "127.0.0.1:8077", value_name = "ADDRESS:PORT")]
    pub address: SocketAddr,
    /// A file that holds the token which a question must bear; or set ABSOLVE_TOKEN
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// A web page that may ask, such as `https://helpdesk.example`; may be said again
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub origins: Vec<String>,
    /// A name that this server is called by, besides localhost; may be said again
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// How it is judged.
    #[command(flatten)]
    pub judging: Judging,
}

const SERVE_EXAMPLES: &str = "\
Examples:
  absolve serve                          then open http://127.0.0.1:8077/
  curl -H 'Content-Type: application/json' -d '{\"text\": \"Hi ,\"}' http://127.0.0.1:8077/v1/check
  ABSOLVE_TOKEN=… absolve serve --address 0.0.0.0:8077 --host hook.example --origin https://helpdesk.example

What is asked is neither kept nor logged. http://127.0.0.1:8077/openapi.json describes the rest.";

/// Judge mails for a mail server.
#[derive(Debug, ClapArgs)]
pub struct Milter {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8893", value_name = "ADDRESS:PORT")]
    pub address: SocketAddr,
    /// Listen where other machines can call, although a milter asks for no password
    #[arg(long)]
    pub allow_remote: bool,
    /// How it is judged.
    #[command(flatten)]
    pub judging: Judging,
}

/// What becomes of a reply that cannot be judged.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FailHow {
    /// It is sent.
    Open,
    /// It is held.
    Closed,
}

impl From<FailHow> for Fail {
    fn from(how: FailHow) -> Fail {
        match how {
            FailHow::Open => Fail::Open,
            FailHow::Closed => Fail::Closed,
        }
    }
}

/// Say what a sin is.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  absolve explain empty-promise\n  absolve explain empty-promise --lang fr")]
pub struct Explain {
    /// The sin's name, as reports print it
    pub sin: String,
    /// The language of the rule [default: that of the terminal, or the first there is]
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<String>,
    /// Rules of this folder instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
}

/// List the rules, or test rule files.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List every sin that is looked for
    List(List),
    /// Run the examples of rule files
    Test(Test),
    /// Measure the rules on replies that you have labelled
    Score(ScoreArgs),
}

/// Measure the rules on replies that you have labelled.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "REPLIES holds one reply a line:\n  {\"n\": 1, \"text\": \"Sorry. Bye.\", \"sentences\": [\"Sorry.\", \"Bye.\"]}\n\
    Beside it, REPLIES with the ending `.labels`, one sentence a line: its number, a tab, its sins\n\
    (`?` after one on which careful editors differ: it counts neither way):\n  1.1<TAB>non-apology,over-apology?\n\n\
    Examples:\n  absolve rules score replies.jsonl --misses --noise"
)]
pub struct ScoreArgs {
    /// The replies, as JSON lines
    pub replies: PathBuf,
    /// The labels, if they are not beside the replies
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,
    /// Rules of this folder instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Milder findings do not count
    #[arg(long, value_enum, default_value_t = Level::Hint)]
    pub min_severity: Level,
    /// List what was labelled and not found
    #[arg(long)]
    pub misses: bool,
    /// List what was found and not labelled
    #[arg(long)]
    pub noise: bool,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Level {
    /// All of them
    Hint,
    /// Merely stale
    Info,
    /// Hurts
    Warning,
    /// A deadly sin
    Error,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Severity {
        match level {
            Level::Hint => Severity::Hint,
            Level::Info => Severity::Info,
            Level::Warning => Severity::Warning,
            Level::Error => Severity::Error,
        }
    }
}

/// List every sin that is looked for.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  absolve rules list\n  absolve rules list --format reference > SINS.md")]
pub struct List {
    /// How to list
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
    /// Rules of this folder instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
}

/// Run the examples of rule files.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  absolve rules test rules/\n  absolve rules test rules/ --only empty-promise")]
pub struct Test {
    /// A folder of rules: `en/late-refund.toml`, `fr/late-refund.toml`, …
    pub folder: PathBuf,
    /// Tell only what concerns this sin
    #[arg(long, value_name = "SIN")]
    pub only: Option<String>,
    /// Every sin must be in every language, with as much to show for it
    #[arg(long)]
    pub parity: bool,
    /// Go on without rule files that are broken
    #[arg(long, hide = true)]
    pub lenient_rules: bool,
}

/// Write a commented absolve.toml.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  absolve init macros/\n\nIt is its own manual: every key is in it, with what it is for."
)]
pub struct Init {
    /// The folder to write it in
    #[arg(default_value = ".")]
    pub folder: PathBuf,
}

/// Print what a shell must know to complete these commands.
#[derive(Debug, ClapArgs)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  absolve completions bash > ~/.local/share/bash-completion/completions/absolve
  absolve completions fish > ~/.config/fish/completions/absolve.fish
  absolve completions zsh > ~/.zfunc/_absolve      with fpath+=~/.zfunc before compinit";

/// Print the manual.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  absolve man | man -l -\n  absolve man ~/.local/share/man/man1")]
pub struct Man {
    /// Write every page into this folder: absolve.1, absolve-check.1, …
    pub folder: Option<PathBuf>,
}

/// How to report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    #[default]
    Human,
    /// For scripts.
    Json,
    /// Comments on a pull request.
    Github,
    /// For code scanning.
    Sarif,
    /// GitLab's Code Quality.
    Gitlab,
    /// For CI servers that show tests.
    Junit,
    /// A page for a team that sits down with its library.
    Html,
}

/// How to list rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    #[default]
    Table,
    /// For a page.
    Markdown,
    /// All there is to say of each, languages side by side: `rules/SINS.md`.
    Reference,
}

/// The mildest finding that fails a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any finding.
    Hint,
    /// What is merely stale, or worse.
    Info,
    /// What hurts, or worse.
    Warning,
    /// Deadly sins only.
    #[default]
    Error,
    /// No finding.
    Never,
}

impl FailOn {
    /// The mildest severity that fails.
    pub fn threshold(self) -> Option<Severity> {
        match self {
            FailOn::Hint => Some(Severity::Hint),
            FailOn::Info => Some(Severity::Info),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Error => Some(Severity::Error),
            FailOn::Never => None,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Even into a pipe.
    Always,
    /// Not at all.
    Never,
}

impl Color {
    /// Makes it the choice of every stream.
    pub fn apply(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}
