//! Builds a request from the words of one `curl` command.

use crate::domain::message::{Headers, Message};
use crate::protocols::requests::address;
use crate::protocols::requests::command::options::Act;
use crate::protocols::requests::command::pieces::Pieces;
use crate::protocols::requests::command::pipeline::ShellWord;
use crate::protocols::requests::command::{options, pieces};
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
    pieces: Pieces,
    query: Vec<u8>,
    /// The headers of options other than `-H`.
    generated: Headers,
    cookies: Vec<Vec<u8>>,
    /// The headers of `-H`, in their order.
    given: Headers,
    /// The names that `-H 'Name:'` suppresses.
    unwanted: Vec<String>,
}

/// Parses the words after `curl` up to a `--next`, and consumes the standard input that they read,
/// which all requests of the command share.
///
/// Returns `None` for a `--next` without words before it.
pub(super) fn read(words: &mut Rest<'_>, stdin: &mut Option<&[u8]>) -> Option<ReadRequest> {
    if words.as_slice().first().is_some_and(is_next) {
        words.next();
        return None;
    }
    let mut command = Command::new(stdin);
    if let Err(problem) = command.words(words) {
        // After an unknown option it is not known which words are values, so skip to the next one.
        words.find(|word| is_next(word));
        return Some(Err(problem));
    }
    Some(command.request().map(ParsedRequest::exact))
}

/// Returns `true` if a word begins another request. It must not be the value of an option.
fn is_next(word: &ShellWord) -> bool {
    matches!(word.as_slice(), b"--next" | b"-:")
}

/// The remaining words, from which an option with a value consumes the next one.
pub(super) type Rest<'a> = std::slice::Iter<'a, ShellWord>;

fn text(what: &str, value: &[u8]) -> Result<String, String> {
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
            pieces: Pieces::default(),
            query: Vec::new(),
            generated: Headers::new(),
            cookies: Vec::new(),
            given: Headers::new(),
            unwanted: Vec::new(),
        }
    }

    /// Consumes words up to and including a `--next`.
    fn words(&mut self, words: &mut Rest<'_>) -> Result<(), String> {
        let mut are_options = true;
        while let Some(word) = words.next() {
            match word.as_slice() {
                _ if are_options && is_next(word) => return Ok(()),
                b"--" if are_options => are_options = false,
                [b'-', b'-', name @ ..] if are_options => self.long(name, words)?,
                [b'-', _, ..] if are_options => self.short(&word[1..], words)?,
                url => self.act(Act::Url, "the URL", url)?,
            }
        }
        Ok(())
    }

    /// Parses `--name VALUE` or `--name=VALUE`.
    fn long(&mut self, name: &[u8], rest: &mut Rest<'_>) -> Result<(), String> {
        let equals = name.iter().position(|&byte| byte == b'=').unwrap_or(name.len());
        let (name, value) = name.split_at(equals);
        let name = String::from_utf8_lossy(name).into_owned();
        let option = format!("--{name}");
        let act = options::long(&name).ok_or_else(|| unknown(&option))?;
        match value.strip_prefix(b"=") {
            Some(value) if act.has_value() => self.act(act, &option, value),
            _ => self.with_value(act, &option, b"", rest),
        }
    }

    /// Parses combined short options: `-sSX POST`, `-XPOST`.
    fn short(&mut self, names: &[u8], rest: &mut Rest<'_>) -> Result<(), String> {
        for (index, &name) in names.iter().enumerate() {
            let option = format!("-{}", char::from(name));
            let act = options::short(char::from(name)).ok_or_else(|| unknown(&option))?;
            if act.has_value() {
                return self.with_value(act, &option, &names[index + 1..], rest);
            }
            self.act(act, &option, b"")?;
        }
        Ok(())
    }

    /// Applies an option with the value in the same word, or else the next word.
    fn with_value(
        &mut self,
        act: Act,
        option: &str,
        value: &[u8],
        rest: &mut Rest<'_>,
    ) -> Result<(), String> {
        if !act.has_value() || !value.is_empty() {
            return self.act(act, option, value);
        }
        let next = rest.next().ok_or_else(|| format!("expected a value after `{option}`"))?;
        self.act(act, option, next)
    }

    fn act(&mut self, act: Act, option: &str, value: &[u8]) -> Result<(), String> {
        match act {
            Act::Data(piece) => self.pieces.push(piece, value, self.stdin)?,
            Act::UrlQuery => {
                let piece = match value.strip_prefix(b"+") {
                    Some(raw) => raw.to_vec(),
                    None => pieces::encoded(value, self.stdin)?,
                };
                if !self.query.is_empty() {
                    self.query.push(b'&');
                }
                self.query.extend(piece);
            }
            Act::Get => self.is_get = true,
            Act::Head => self.is_head = true,
            Act::Method => self.method = Some(text(option, value)?),
            Act::Header => self.header(value)?,
            Act::Url if self.url.is_some() => {
                return Err("it has several URLs, expected one in a command".to_owned());
            }
            Act::Url => self.url = Some(text(option, value)?),
            Act::Target => self.target = Some(text(option, value)?),
            Act::User => {
                let colon: &[u8] = if value.contains(&b':') { b"" } else { b":" };
                self.set_generated(
                    "Authorization",
                    format!("Basic {}", STANDARD.encode([value, colon].concat())),
                );
            }
            Act::Bearer => self.set_generated("Authorization", [b"Bearer ", value].concat()),
            // Without an `=` it is the name of a cookie file.
            Act::Cookie if value.contains(&b'=') => self.cookies.push(value.to_vec()),
            Act::Cookie | Act::Flag | Act::Skip => {}
            Act::Value(name) => self.set_generated(name, value),
            Act::Version(version) => self.version = Some(version),
            Act::Elsewhere(reason) => {
                return Err(format!(
                    "`{option}` {reason}: pass the body with `--body FILE -H 'Name: value'`"
                ));
            }
        }
        Ok(())
    }

    fn set_generated(&mut self, name: &'static str, value: impl Into<Vec<u8>>) {
        self.generated.remove(name);
        self.generated.push(name, value);
    }

    /// Parses `Name: value`, `Name;` for an empty value, or `Name:` to suppress a header of `curl`.
    fn header(&mut self, line: &[u8]) -> Result<(), String> {
        if line.starts_with(b"@") {
            return Err("its headers are in a file, expected them in the text".to_owned());
        }
        if let Some(colon) = line.iter().position(|&byte| byte == b':') {
            let name = text("-H", &line[..colon])?;
            match line[colon + 1..].trim_ascii() {
                b"" => self.unwanted.push(name),
                value => self.given.push(name, value),
            }
        } else if let Some(name) = line.trim_ascii_end().strip_suffix(b";") {
            self.given.push(text("-H", name)?, "");
        }
        // `curl` sends nothing for a line with neither a colon nor a semicolon.
        Ok(())
    }

    fn request(mut self) -> Result<Message, String> {
        let url = self.url.take().ok_or("expected a URL")?;
        let url = if url.contains("://") { url } else { format!("http://{url}") };
        let (host, mut target) = address::split(&url);
        let user = url
            .split_once("://")
            .and_then(|(_, rest)| rest.split(['/', '?', '#']).next()?.rsplit_once('@'));
        if let Some((user, _)) = user.filter(|_| !self.generated.contains("Authorization")) {
            self.act(Act::User, "the URL", user.as_bytes())?;
        }
        let mut body = self.pieces.bytes.take();
        let query = std::mem::take(&mut self.query);
        let pieces = [Some(query), body.take_if(|_| self.is_get)].into_iter().flatten();
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            target.push(if target.contains('?') { '&' } else { '?' });
            target.push_str(&text("-G", &piece)?);
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
        if self.pieces.is_json {
            self.generated.push("Accept", "application/json");
        }
        if !self.cookies.is_empty() {
            self.generated.push("Cookie", self.cookies.join(&b';'));
        }
        let first = host.into_iter().map(|host| ("Host", host.as_bytes()));
        let content_type = if self.pieces.is_json {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let last =
            (has_body || self.pieces.is_json).then_some(("Content-Type", content_type.as_bytes()));
        let is_wanted = |(name, _): &(&str, &[u8])| {
            let is_unwanted =
                self.unwanted.iter().any(|unwanted| unwanted.eq_ignore_ascii_case(name));
            !is_unwanted && !self.given.contains(name)
        };
        let generated = first.chain(self.generated.iter()).filter(is_wanted);
        generated.chain(self.given.iter()).chain(last.into_iter().filter(is_wanted)).collect()
    }
}

fn unknown(option: &str) -> String {
    format!("`{option}` is not a known option of `curl`")
}
