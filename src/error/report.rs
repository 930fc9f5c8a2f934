//! Errors as the printer shows them.

use crate::error::Error;
use crate::io::error::Error as IoError;
use crate::output::printer::ErrorReport;

impl From<&Error> for ErrorReport {
    fn from(error: &Error) -> Self {
        let output = match error {
            Error::Io(
                IoError::ReceiverNotStarted { output, .. } | IoError::Tunnel { output, .. },
            ) => output.clone(),
            _ => Vec::new(),
        };
        Self {
            code: error.code(),
            message: error.message_with_causes(),
            output,
            hint: error.hint(),
            exit: error.exit().code(),
        }
    }
}
