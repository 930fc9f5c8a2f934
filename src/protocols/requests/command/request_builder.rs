//! Builds a request from the words of one `curl` command.

use crate::domain::message::{Headers, Message};
use crate::protocols::requests::address;
use crate::protocols::requests::command::body_builder::BodyBuilder;
use crate::protocols::requests::command::options::OptionEffect;
use crate::protocols::requests::command::pipeline::ShellWord;
use crate::protocols::requests::command::{body_builder, options};
use crate::protocols::requests::parsed::{ParsedRequest, ReadRequest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The state collected from the options.
struct Command<'a, 'p> {
    /// The unread rest of standard input.
    stdin: &'a mut Option<&'p [u8]>,
    url: Option<String>,
    target: Option<String>,
    method: Option<String>,
    is_get: bool,
    is_head: bool,
    version: Option<&'static str>,
    body: BodyBuilder,
    query: Vec<u8>,
    /// The headers of options other than `-H`.
    generated_headers: Headers,
    cookies: Vec<Vec<u8>>,
    /// The headers of `-H`, in their order.
    explicit_headers: Headers,
    /// The names that `-H 'Name:'` suppresses.
    suppressed_headers: Vec<String>,
}

/// Parses the words after `curl` up to a `--next`, and consumes the standard input that they read,
/// which all requests of the command share.
///
/// Returns `None` for a `--next` without words before it.
pub(super) fn read(words: &mut Words<'_>, stdin: &mut Option<&[u8]>) -> Option<ReadRequest> {
    if words.as_slice().first().is_some_and(is_next) {
        words.next();
        return None;
    }
    let mut command = Command::new(stdin);
    if let Err(problem) = command.parse_words(words) {
        // After an unknown option it is not known which words are values, so skip to the next one.
        words.find(|word| is_next(word));
        return Some(Err(problem));
    }
    Some(command.build().map(ParsedRequest::from_message))
}

/// Returns `true` if a word begins another request. It must not be the value of an option.
fn is_next(word: &ShellWord) -> bool {
    matches!(word.as_slice(), b"--next" | b"-:")
}

/// The remaining words, from which an option with a value consumes the next one.
pub(super) type Words<'a> = std::slice::Iter<'a, ShellWord>;

fn utf8(what: &str, value: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(value).map(str::to_owned);
    text.map_err(|_| format!("the value of `{what}` is not UTF-8"))
}

impl<'a, 'p> Command<'a, 'p> {
    fn new(stdin: &'a mut Option<&'p [u8]>) -> Self {
        Self {
            stdin,
            url: None,
            target: None,
            method: None,
            is_get: false,
            is_head: false,
            version: None,
            body: BodyBuilder::default(),
            query: Vec::new(),
            generated_headers: Headers::new(),
            cookies: Vec::new(),
            explicit_headers: Headers::new(),
            suppressed_headers: Vec::new(),
        }
    }

    /// Consumes words up to and including a `--next`.
    fn parse_words(&mut self, words: &mut Words<'_>) -> Result<(), String> {
        let mut are_options = true;
        while let Some(word) = words.next() {
            match word.as_slice() {
                _ if are_options && is_next(word) => return Ok(()),
                b"--" if are_options => are_options = false,
                [b'-', b'-', name @ ..] if are_options => self.parse_long(name, words)?,
                [b'-', _, ..] if are_options => self.parse_short(&word[1..], words)?,
                url => self.apply(OptionEffect::Url, "the URL", url)?,
            }
        }
        Ok(())
    }

    /// Parses `--name VALUE` or `--name=VALUE`.
    fn parse_long(&mut self, name: &[u8], rest: &mut Words<'_>) -> Result<(), String> {
        let equals = name.iter().position(|&byte| byte == b'=').unwrap_or(name.len());
        let (name, value) = name.split_at(equals);
        let name = String::from_utf8_lossy(name).into_owned();
        let option = format!("--{name}");
        let act = options::find_long(&name).ok_or_else(|| unknown_option(&option))?;
        match value.strip_prefix(b"=") {
            Some(value) if act.has_value() => self.apply(act, &option, value),
            _ => self.apply_with_value(act, &option, b"", rest),
        }
    }

    /// Parses combined short options: `-sSX POST`, `-XPOST`.
    fn parse_short(&mut self, names: &[u8], rest: &mut Words<'_>) -> Result<(), String> {
        for (index, &name) in names.iter().enumerate() {
            let option = format!("-{}", char::from(name));
            let act =
                options::find_short(char::from(name)).ok_or_else(|| unknown_option(&option))?;
            if act.has_value() {
                return self.apply_with_value(act, &option, &names[index + 1..], rest);
            }
            self.apply(act, &option, b"")?;
        }
        Ok(())
    }

    /// Applies an option with the value in the same word, or else the next word.
    fn apply_with_value(
        &mut self,
        act: OptionEffect,
        option: &str,
        value: &[u8],
        rest: &mut Words<'_>,
    ) -> Result<(), String> {
        if !act.has_value() || !value.is_empty() {
            return self.apply(act, option, value);
        }
        let next = rest.next().ok_or_else(|| format!("expected a value after `{option}`"))?;
        self.apply(act, option, next)
    }

    fn apply(&mut self, act: OptionEffect, option: &str, value: &[u8]) -> Result<(), String> {
        match act {
            OptionEffect::Data(piece) => self.body.push(piece, value, self.stdin)?,
            OptionEffect::UrlQuery => {
                let piece = match value.strip_prefix(b"+") {
                    Some(raw) => raw.to_vec(),
                    None => body_builder::urlencode(value, self.stdin)?,
                };
                if !self.query.is_empty() {
                    self.query.push(b'&');
                }
                self.query.extend(piece);
            }
            OptionEffect::Get => self.is_get = true,
            OptionEffect::Head => self.is_head = true,
            OptionEffect::Method => self.method = Some(utf8(option, value)?),
            OptionEffect::Header => self.parse_header(value)?,
            OptionEffect::Url if self.url.is_some() => {
                return Err("it has several URLs, expected one in a command".to_owned());
            }
            OptionEffect::Url => self.url = Some(utf8(option, value)?),
            OptionEffect::Target => self.target = Some(utf8(option, value)?),
            OptionEffect::User => {
                let colon: &[u8] = if value.contains(&b':') { b"" } else { b":" };
                self.set_generated(
                    "Authorization",
                    format!("Basic {}", STANDARD.encode([value, colon].concat())),
                );
            }
            OptionEffect::Bearer => {
                self.set_generated("Authorization", [b"Bearer ", value].concat());
            }
            // Without an `=` it is the name of a cookie file.
            OptionEffect::Cookie if value.contains(&b'=') => self.cookies.push(value.to_vec()),
            OptionEffect::Cookie | OptionEffect::IgnoredFlag | OptionEffect::IgnoredValue => {}
            OptionEffect::HeaderValue(name) => self.set_generated(name, value),
            OptionEffect::Version(version) => self.version = Some(version),
            OptionEffect::Unsupported(reason) => {
                return Err(format!(
                    "`{option}` {reason}: pass the body with `--body FILE -H 'Name: value'`"
                ));
            }
        }
        Ok(())
    }

    fn set_generated(&mut self, name: &'static str, value: impl Into<Vec<u8>>) {
        self.generated_headers.remove(name);
        self.generated_headers.push(name, value);
    }

    /// Parses `Name: value`, `Name;` for an empty value, or `Name:` to suppress a header of `curl`.
    fn parse_header(&mut self, line: &[u8]) -> Result<(), String> {
        if line.starts_with(b"@") {
            return Err("its headers are in a file, expected them in the text".to_owned());
        }
        if let Some(colon) = line.iter().position(|&byte| byte == b':') {
            let name = utf8("-H", &line[..colon])?;
            match line[colon + 1..].trim_ascii() {
                b"" => self.suppressed_headers.push(name),
                value => self.explicit_headers.push(name, value),
            }
        } else if let Some(name) = line.trim_ascii_end().strip_suffix(b";") {
            self.explicit_headers.push(utf8("-H", name)?, "");
        }
        // `curl` sends nothing for a line with neither a colon nor a semicolon.
        Ok(())
    }

    fn build(mut self) -> Result<Message, String> {
        let url = self.url.take().ok_or("expected a URL")?;
        let url = if url.contains("://") { url } else { format!("http://{url}") };
        let (host, mut target) = address::split_url(&url);
        let user = url
            .split_once("://")
            .and_then(|(_, rest)| rest.split(['/', '?', '#']).next()?.rsplit_once('@'));
        if let Some((user, _)) = user.filter(|_| !self.generated_headers.contains("Authorization"))
        {
            self.apply(OptionEffect::User, "the URL", user.as_bytes())?;
        }
        let mut body = self.body.bytes.take();
        let query = std::mem::take(&mut self.query);
        let pieces = [Some(query), body.take_if(|_| self.is_get)].into_iter().flatten();
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            target.push(if target.contains('?') { '&' } else { '?' });
            target.push_str(&utf8("-G", &piece)?);
        }
        let method = match (&self.method, &body) {
            (Some(method), _) => method.clone(),
            (None, _) if self.is_head => "HEAD".to_owned(),
            (None, Some(_)) => "POST".to_owned(),
            (None, None) => "GET".to_owned(),
        };
        Ok(Message {
            method,
            target: self.target.take().unwrap_or(target),
            http_version: self.version.unwrap_or("HTTP/1.1").to_owned(),
            headers: self.headers(host, body.is_some()),
            body: body.unwrap_or_default().into(),
        })
    }

    /// Returns all headers in the order in which `curl` sends them: its own, those of `-H`, the
    /// type.
    fn headers(&mut self, host: Option<&str>, has_body: bool) -> Headers {
        if self.body.is_json {
            self.generated_headers.push("Accept", "application/json");
        }
        if !self.cookies.is_empty() {
            self.generated_headers.push("Cookie", self.cookies.join(&b';'));
        }
        let first = host.into_iter().map(|host| ("Host", host.as_bytes()));
        let content_type = if self.body.is_json {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let last =
            (has_body || self.body.is_json).then_some(("Content-Type", content_type.as_bytes()));
        let is_wanted = |(name, _): &(&str, &[u8])| {
            let is_unwanted =
                self.suppressed_headers.iter().any(|unwanted| unwanted.eq_ignore_ascii_case(name));
            !is_unwanted && !self.explicit_headers.contains(name)
        };
        let generated = first.chain(self.generated_headers.iter()).filter(is_wanted);
        generated
            .chain(self.explicit_headers.iter())
            .chain(last.into_iter().filter(is_wanted))
            .collect()
    }
}

fn unknown_option(option: &str) -> String {
    format!("`{option}` is not a known option of `curl`")
}
