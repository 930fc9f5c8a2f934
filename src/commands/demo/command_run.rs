//! Runs of other commands in this process, whose results are read as JSON.

use crate::commands::context::Context;
use crate::commands::global_options::GlobalOptions;
use crate::commands::settings::Settings;
use crate::error::{Error, Exit};
use crate::io::environment::SharedBuffer;
use crate::output::printer::{ColorWhen, Format, OutputOptions, Printer};
use clap::Args;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::sink;

/// The result of a command.
pub(super) struct CommandRun {
    /// Its exit status.
    pub(super) exit: Exit,
    /// Its output: one JSON object per line.
    pub(super) output: Vec<u8>,
    /// The same objects.
    pub(super) objects: Vec<Value>,
}

impl CommandRun {
    /// Runs a command with this secret, as if `words` were typed after its name. Configuration
    /// files and variables are not used.
    pub(super) fn of<A: Args>(
        context: &Context<'_>,
        secret: &str,
        words: &[String],
        stdin: &[u8],
        run: impl FnOnce(A, &mut Context<'_>) -> Result<Exit, Error>,
    ) -> Result<Self, Error> {
        let command: A = parse(words)?;
        let out = SharedBuffer::default();
        let env =
            context.env.clone().with_stdin(stdin).with_stdout(out.clone()).with_stderr(sink());
        let options = OutputOptions {
            format: Format::Json,
            color: ColorWhen::Never,
            quiet: true,
            verbose: 0,
        };
        let global = GlobalOptions {
            provider: Vec::new(),
            secret: vec![secret.to_owned()],
            secret_file: Vec::new(),
            pack: Vec::new(),
            config: None,
            profile: None,
            format: options.format,
            color: options.color,
            quiet: options.quiet,
            verbose: options.verbose,
        };
        let exit = run(
            command,
            &mut Context {
                global,
                env: &env,
                printer: &mut Printer::new(&env, &options),
                packs: context.packs.clone(),
                pack_origins: BTreeMap::new(),
                settings: Settings::default(),
                explicit: BTreeMap::new(),
                typed: Vec::new(),
                secret_notes: BTreeSet::new(),
                secret_origins: BTreeMap::new(),
                root: context.root,
            },
        )?;
        let output = out.bytes();
        let lines = output.split(|byte| *byte == b'\n');
        let objects = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
        Ok(Self { exit, output, objects })
    }

    /// Returns the last object: the summary or the only result. Null if there is none.
    pub(super) fn last(&self) -> &Value {
        self.objects.last().unwrap_or(&Value::Null)
    }
}

/// Parses the words after the name of a command.
fn parse<A: Args>(words: &[String]) -> Result<A, Error> {
    let command = A::augment_args(clap::Command::new("leadhook").no_binary_name(true));
    let parsed =
        command.try_get_matches_from(words).and_then(|matches| A::from_arg_matches(&matches));
    parsed.map_err(|error| Error::Option { message: error.to_string(), hint: String::new() })
}
