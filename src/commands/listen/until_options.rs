//! `--until`: the deliveries that the listener waits for.

use crate::commands::context::Context;
use crate::domain::secret::Keyring;
use crate::engine::awaited::{AwaitedDeliveries, DeliveryMatch};
use crate::error::Error;
use clap::Args;

/// The options that end the listener once certain deliveries have come.
#[derive(Args, Clone, Debug)]
pub(super) struct UntilArgs {
    /// Stop once a delivery that satisfies MATCH has come (can be repeated: once all have)
    ///
    /// MATCH is `event=created`, `valid`, `lead=ID`, or a JSON pointer of the payload with its
    /// value, such as `/email=jo@example.com`. Deliveries may come in any order. One delivery can
    /// satisfy several matches, but of equal ones only one. A rejected delivery satisfies none, and
    /// captures of an earlier run in the file of `--save` do not count.
    #[arg(long, value_name = "MATCH", conflicts_with = "count")]
    until: Vec<DeliveryMatch>,

    /// The matches of `--until` must be satisfied in their order, each by a later delivery
    #[arg(long, requires = "until")]
    in_order: bool,
}

impl UntilArgs {
    /// Returns the awaited deliveries. Fails if an event is unknown, or if nothing can be valid.
    pub(super) fn awaited(
        &self,
        context: &Context<'_>,
        keyring: &Keyring,
    ) -> Result<AwaitedDeliveries, Error> {
        for awaited in &self.until {
            match awaited {
                DeliveryMatch::Event(event) => {
                    context.packs.find_event(event, context.provider())?;
                }
                DeliveryMatch::Valid if keyring.is_empty() => {
                    return Err(Error::Option {
                        message: "`--until valid` needs a secret: without one, no delivery is \
                                  verified"
                            .to_owned(),
                        hint: "pass `--secret-file FILE`, or set LEADHOOK_SECRET".to_owned(),
                    });
                }
                _ => {}
            }
        }
        Ok(AwaitedDeliveries::new(self.until.clone(), self.in_order))
    }
}
