//! Causes: why the cases of a check failed, said once for all of them.

use serde::Serialize;

/// The cause of one or more failed cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Its stable name, such as `body-reserialised` or `wrong-path`.
    pub code: &'static str,
    /// The cause, as a sentence.
    pub message: String,
    /// The fix, as a sentence.
    pub fix: String,
    /// `true` if further requests confirmed it, `false` if it is only probable.
    pub confirmed: bool,
    /// The ids of the cases that failed for this cause, in the order in which they were run.
    pub cases: Vec<String>,
}
