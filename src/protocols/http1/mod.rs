//! HTTP/1 codec: heads, body framing and chunked bodies, with writers for requests and responses.
//!
//! Everything here works on bytes in memory. Callers read the socket or file, and limit their
//! buffers.

mod chunks;
mod fields;
mod framing;
mod head;
mod protocol_error;
mod saved;
mod write;

pub use chunks::{ChunkDecoder, ChunkError, ChunkProgress};
pub use fields::{
    end_to_end, is_field_value, is_framing, is_token, is_token_byte, is_version, trim_field_value,
};
pub use framing::{Framing, FramingPolicy, is_chunked};
pub use head::{HeadError, MAX_REQUEST_FIELDS, RequestHead, ResponseHead, request_framing};
pub use protocol_error::ProtocolError;
pub use saved::{SavedMessageError, SavedMessages, begins_saved_message};
pub(crate) use saved::{request_line, strip_carriage_return};
pub(crate) use write::with_correct_length;
pub use write::{EncodeError, check_encodable, write_request, write_response_head};

#[cfg(test)]
mod tests;
