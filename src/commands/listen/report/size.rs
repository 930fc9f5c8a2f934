//! The memory that the report of a delivery takes while it waits to be shown, and its bound.

use super::{Forwarded, Request};
use crate::commands::listen::shown::Shown;
use crate::domain::excerpt::prefix;
use crate::domain::message::Message;

impl Request {
    /// Cuts every string and header value to what may wait to be shown, and gives back the rest.
    /// Everything that is compared or searched for was so before, with the whole.
    pub(in crate::commands::listen) fn shorten(&mut self, shown: Shown) {
        let most = shown.text;
        let own = [&mut self.method, &mut self.path, &mut self.http_version];
        let optional = [&mut self.event, &mut self.message_id, &mut self.person, &mut self.saved];
        let forward = self
            .forward
            .iter_mut()
            .flat_map(|forward| std::iter::once(&mut forward.url).chain(forward.error.as_mut()));
        let remarks = self.remarks.iter_mut().map(|remark| &mut remark.message);
        let texts = own.into_iter().chain(optional.into_iter().flatten());
        let texts = texts.chain(forward).chain(remarks);
        let texts = texts.chain(self.signature.texts_mut()).chain(self.payload.texts_mut());
        texts.for_each(|text| cut(text, most));
        self.headers.truncate_values(most);
    }

    /// Returns the number of bytes that it takes in memory.
    pub(in crate::commands::listen) fn size_in_memory(&self) -> usize {
        let own = [&self.received_at, &self.remote, &self.method, &self.path, &self.http_version];
        let optional = [&self.provider, &self.event, &self.message_id, &self.person, &self.saved];
        let texts = own.into_iter().chain(optional.into_iter().flatten());
        let texts = texts.map(String::capacity).sum::<usize>();
        let remarks = self.remarks.iter().map(|it| size_of_val(it) + it.message.capacity());
        let forward = self.forward.as_ref().map_or(0, Forwarded::size_in_memory);
        let verdict = self.signature.size_in_memory() + self.payload.size_in_memory();
        let bytes = self.headers.size_in_memory() + self.body.capacity();
        let unexplained = self.unexplained.as_ref().map_or(0, Message::size_in_memory);
        let beyond = texts + remarks.sum::<usize>() + forward + verdict + bytes + unexplained;
        size_of::<Self>() + beyond
    }
}

impl Forwarded {
    /// Returns the number of bytes that it takes in memory.
    pub(in crate::commands::listen) fn size_in_memory(&self) -> usize {
        size_of::<Self>() + self.url.capacity() + self.error.as_ref().map_or(0, String::capacity)
    }
}

/// Cuts a string at the last character that ends within `most` bytes.
fn cut(text: &mut String, most: usize) {
    if text.len() > most {
        text.truncate(prefix(text, most).len());
        text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_cut_between_characters_and_gives_back_its_room() {
        let mut text = "ä".repeat(100);
        cut(&mut text, 9);
        assert_eq!((text.as_str(), text.capacity()), ("ääää", 8));
        cut(&mut text, 8);
        assert_eq!(text, "ääää");
    }
}
