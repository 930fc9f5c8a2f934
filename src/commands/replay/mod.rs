//! `leadhook replay`: captured requests, sent again.

mod endpoints;
mod player;
mod remarks;
mod report;

use crate::commands::connection::ConnectionArgs;
use crate::commands::replay::player::Player;
use crate::commands::secrets::several_secrets;
use crate::commands::{Context, now_argument};
use crate::domain::secret::Keyring;
use crate::domain::speed::Speed;
use crate::domain::status::StatusPattern;
use crate::engine::dice::Dice;
use crate::engine::judge::{Judge, Payloads, Strictness};
use crate::engine::replay::baseline::Baseline;
use crate::error::{Error, Exit};
use crate::io::captures::{Captured, Captures};
use crate::io::environment::Environment;
use crate::io::input;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Most bytes of captures that are kept for another order than their own.
const MOST_KEPT: usize = 256 << 20;

/// Largest baseline: half a million deliveries.
const MAX_BASELINE: u64 = 256 << 20;

/// Send captured requests again, byte for byte
///
/// Reads what `verify` reads, and folders of it: their files in the order of their names, without
/// hidden ones. Method, headers and body go out as they were captured, except for the headers that
/// belong to one connection, such as `Host` and `Content-Length`. What cannot be read is said, and
/// the rest is sent. Exit status 0 when all would count as delivered (or `--expect` held), 1 when
/// any would not, 3 when an input holds no request, 4 when no answer came to any. With
/// `--baseline` it is 1 only where something regressed, or is new and fails.
#[derive(Args, Debug)]
pub struct Replay {
    /// Captures: files, folders of them, `-` for standard input
    #[arg(value_name = "CAPTURE", required = true)]
    captures: Vec<PathBuf>,

    /// Where to: `:3000`, `:3000/hooks`, `/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]
    ///
    /// Where it names no path, each request goes to the path and the query that it was captured
    /// with; where it names one, all of them go there.
    #[arg(long, value_name = "URL")]
    to: Option<String>,

    /// Order in which they are sent; any but the original keeps all of them in memory, up to 256 MiB
    #[arg(long, value_name = "ORDER", value_enum, default_value = "original")]
    order: Order,

    /// Shuffle in the same way as the run that named this seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Waits between them: none, those at which they came (`real`), or so many times shorter (`60x`)
    #[arg(long, value_name = "SPEED", default_value = "instant")]
    speed: Speed,

    /// Sign each anew, with the secret at hand and as of now
    #[arg(long)]
    resign: bool,

    /// Time as of which they are signed and signatures judged: RFC 3339, or `@` and Unix seconds
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,

    /// Statuses to take for success in place of the provider's, such as `200` or `2xx,406`
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    expect: Vec<StatusPattern>,

    /// Compare with an earlier run: what `replay --format json` printed
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    #[command(flatten)]
    connection: ConnectionArgs,
}

/// In which order captures are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    /// That of the inputs.
    Original,
    /// The last one first.
    Reverse,
    /// Any, by chance.
    Shuffle,
}

impl Replay {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        self.check(context)?;
        let baseline =
            self.baseline.as_deref().map(|path| read_baseline(context.env, path)).transpose()?;
        let keyring = context.keyring()?;
        if self.resign {
            check_signing(context, &keyring)?;
        }
        let strictness = Strictness { strict: false, payloads: Payloads::None };
        let assumed = context.provider().map(str::to_owned);
        let judge = Judge::new(context.packs.clone(), keyring, assumed, strictness);
        let captures = Captures::new(context.env.stdin(), self.captures.iter().cloned());
        if self.order == Order::Original {
            let mut player = Player::new(&self, context, judge, baseline, None)?;
            player.play(captures.map(|read| read.map_err(Error::from)))?;
            return player.finish();
        }
        let (mut kept, unreadable) = keep(context, captures)?;
        self.arrange(context, &mut kept);
        let mut player = Player::new(&self, context, judge, baseline, Some(kept.len()))?;
        player.count_unreadable(unreadable);
        player.play(kept.into_iter().map(Ok))?;
        player.finish()
    }

    /// Refuses options that contradict each other.
    fn check(&self, context: &Context<'_>) -> Result<(), Error> {
        context.check_stdin(self.captures.iter().chain(&self.baseline))?;
        if self.order != Order::Original && self.speed != Speed::AtOnce {
            return Err(Error::Option {
                message: "`--speed` follows the times at which the captures came, and `--order` \
                          leaves that order"
                    .to_owned(),
                hint: "take one of the two away".to_owned(),
            });
        }
        if self.order != Order::Shuffle && context.typed.contains_key("seed") {
            return Err(Error::Option {
                message: "`--seed` does nothing here: nothing is shuffled".to_owned(),
                hint: "add `--order shuffle`, or take it away".to_owned(),
            });
        }
        Ok(())
    }

    fn arrange(&self, context: &mut Context<'_>, captures: &mut [Captured]) {
        match self.order {
            Order::Original => {}
            Order::Reverse => captures.reverse(),
            Order::Shuffle => {
                let seed = self.seed.unwrap_or_else(|| context.env.chance());
                if self.seed.is_none() {
                    context.printer.note(&format!("`--seed {seed}` gives this order again"));
                }
                Dice::new(seed, "order").shuffle(captures);
            }
        }
    }
}

/// Refuses to sign with nothing, or with one of several secrets, before anything is sent.
fn check_signing(context: &Context<'_>, keyring: &Keyring) -> Result<(), Error> {
    let mut known = context.packs.iter().map(|pack| keyring.of(&pack.provider.id).len());
    if known.any(|secrets| secrets > 1) {
        return Err(several_secrets());
    }
    if keyring.is_empty() {
        return Err(Error::NoSecret {
            provider: "`--resign`".to_owned(),
            variable: "LEADHOOK_SECRET".to_owned(),
            unsigned: false,
        });
    }
    Ok(())
}

fn read_baseline(env: &Environment, path: &Path) -> Result<Baseline, Error> {
    let bytes = input::read(env.stdin(), "baseline", path, MAX_BASELINE)?;
    Baseline::read(&bytes).map_err(|source| Error::NotABaseline { path: path.to_owned(), source })
}

/// Every capture, as far as there is room, and how many inputs hold none.
fn keep(context: &mut Context<'_>, captures: Captures) -> Result<(Vec<Captured>, usize), Error> {
    let (mut kept, mut unreadable, mut size) = (Vec::new(), 0, 0_usize);
    for read in captures {
        match read.map_err(Error::from) {
            Ok(found) => {
                let message = &found.found.capture.message;
                size =
                    size.saturating_add(message.headers.size()).saturating_add(message.body.len());
                kept.push(found);
            }
            Err(error) if error.is_of_one_input() => {
                context.printer.error(&error);
                unreadable += 1;
            }
            Err(error) => return Err(error),
        }
        if size > MOST_KEPT {
            return Err(Error::Option {
                message: format!(
                    "the captures hold more than {MOST_KEPT} bytes, and `--order` keeps all of them"
                ),
                hint: "send them in parts, or in their original order".to_owned(),
            });
        }
    }
    Ok((kept, unreadable))
}
