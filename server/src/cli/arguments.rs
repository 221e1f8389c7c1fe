//! What can be typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "quickback-realtime",
    version,
    about = "Language server and check for the realtime configuration of Quickback projects",
    after_help = "Without a command it is the language server. `--check` is the same as `check`.",
    args_conflicts_with_subcommands = true
)]
pub struct Arguments {
    #[command(flatten)]
    pub server: Server,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What editors pass to a language server.
#[derive(Debug, Args)]
pub struct Server {
    /// Speak over stdin and stdout, which it does anyway.
    #[arg(long)]
    pub stdio: bool,
    /// The process of the editor.
    #[arg(long = "clientProcessId", hide = true)]
    pub client_process_id: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the language server on stdin and stdout
    Lsp(Server),
    /// Check every project at or under the paths
    Check(Check),
    /// Write the helper, the client and the worker of every project at or under the paths
    Generate(Generate),
    /// Show the JSON of a table's or a namespace's events, once for each view of it
    Preview(Preview),
    /// Explain a rule: what, why, an example, the fix; without a code, list all
    Explain(Explain),
    /// Write a quickback-realtime.json for the project
    Init(Init),
    /// Say what is known of the project, and whether a deployed worker runs this configuration
    Doctor(Doctor),
}

/// The options of `--check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Projects, folders above or inside them, or files; here by default
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How findings are written; `text` by default, `github` in a GitHub action
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Apply the fixes that change neither what is sent nor who receives it
    #[arg(long, conflicts_with = "stdin")]
    pub fix: bool,
    /// Exit with 1 if there are more warnings than this
    #[arg(long, value_name = "N")]
    pub max_warnings: Option<usize>,
    /// Do not compare the generated files with what the definitions say
    #[arg(long)]
    pub no_generated: bool,
    /// Neither use nor keep what earlier checks have found
    #[arg(long, conflicts_with = "cache_dir")]
    pub no_cache: bool,
    /// Keep what was found in this folder, so that the next check looks only at what has changed; in
    /// the system's folder for caches by default, and nowhere where `CI` is set
    #[arg(long, value_name = "FOLDER")]
    pub cache_dir: Option<PathBuf>,
    /// Show hints and information too; JSON and SARIF always hold them
    #[arg(long)]
    pub all: bool,
    /// Print findings and nothing else
    #[arg(long, short)]
    pub quiet: bool,
    /// Check standard input in the place of the file that `--stdin-filename` names
    #[arg(long, requires = "stdin_filename", conflicts_with = "paths")]
    pub stdin: bool,
    /// The file that standard input stands for; it need not exist
    #[arg(long, value_name = "FILE", requires = "stdin")]
    pub stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    pub color: Color,
}

/// The options of `generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// Projects, or folders above or inside them; here by default
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Print what would change, and change nothing
    #[arg(long, conflicts_with = "watch")]
    pub dry_run: bool,
    /// Replace files that are not ours or that were edited by hand
    #[arg(long)]
    pub force: bool,
    /// Go on, and generate whenever a file changes
    #[arg(long)]
    pub watch: bool,
    #[command(flatten)]
    pub color: Color,
}

/// The options of `preview`.
#[derive(Debug, Args)]
pub struct Preview {
    /// A table or a namespace, `table:NAME` or `namespace:NAME` where both exist, perhaps with
    /// `.EVENT`
    #[arg(value_name = "NAME[.EVENT]")]
    pub name: String,
    /// Only this event: insert, update, delete, or one of the namespace's
    #[arg(long)]
    pub event: Option<String>,
    /// Only what a member with this role alone receives
    #[arg(long)]
    pub role: Option<String>,
    /// Only what the record's owner receives
    #[arg(long)]
    pub owner: bool,
    /// One line for each view, the event in the bytes of the wire
    #[arg(long)]
    pub json: bool,
    /// The new record, or the payload, in place of a sample
    #[arg(long, value_name = "FILE")]
    pub new: Option<PathBuf>,
    /// The old record in place of a sample
    #[arg(long, value_name = "FILE")]
    pub old: Option<PathBuf>,
    /// The call's `maskingConfig`
    #[arg(long, value_name = "FILE")]
    pub masking: Option<PathBuf>,
    /// The call's `targetRoles`
    #[arg(long, value_name = "ROLE,...", value_delimiter = ',')]
    pub target_roles: Option<Vec<String>>,
    /// The call's `userId`
    #[arg(long, value_name = "ID")]
    pub user: Option<String>,
    /// The project; here by default
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub project: PathBuf,
}

/// The options of `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Ask the worker that is deployed there; `ACCESS_TOKEN` in the environment lets it answer
    #[arg(long)]
    pub url: Option<String>,
    /// The project; here by default
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub project: PathBuf,
}

/// The options of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The rule
    pub code: Option<String>,
    #[command(flatten)]
    pub color: Color,
}

/// The options of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The project; here by default
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
}

/// `--color`.
#[derive(Debug, Args, Clone, Copy, Default)]
pub struct Color {
    /// Whether to use colors; `auto` does on a terminal
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub color: When,
}

/// When to use colors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` says otherwise.
    #[default]
    Auto,
    /// Into pipes and files too.
    Always,
    /// Nowhere.
    Never,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Code frames for people.
    Text,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit's XML.
    Junit,
}

/// The arguments with `--check`, wherever it stands, as the command `check`.
pub fn with_check_first(mut arguments: Vec<OsString>) -> Vec<OsString> {
    use clap::CommandFactory as _;
    let is_command = arguments.get(1).is_some_and(|first| {
        let command = Arguments::command();
        command.get_subcommands().any(|c| first == c.get_name()) || first == "help"
    });
    if is_command {
        return arguments;
    }
    let options = arguments.iter().take_while(|argument| *argument != "--");
    if let Some(at) = options
        .into_iter()
        .position(|argument| argument == "--check")
    {
        arguments.remove(at);
        arguments.insert(1, "check".into());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn first(line: &str) -> Vec<OsString> {
        with_check_first(line.split(' ').map(OsString::from).collect())
    }

    #[test]
    fn clap_finds_nothing_wrong() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn check_may_stand_anywhere() {
        assert_eq!(first("q --check a"), ["q", "check", "a"]);
        assert_eq!(
            first("q --format json --check a"),
            ["q", "check", "--format", "json", "a"]
        );
        assert_eq!(first("q check --check"), ["q", "check", "--check"]);
        assert_eq!(first("q a -- --check"), ["q", "a", "--", "--check"]);
        assert_eq!(first("q"), ["q"]);
    }
}
