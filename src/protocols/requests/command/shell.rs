//! Lexer for commands in the syntax of a POSIX shell, with the `$'…'` of bash.
//!
//! Nothing is expanded: the value that a shell would substitute is unknown, so a command that needs
//! one is reported as a problem.

use crate::protocols::requests::command::pipeline::{MAX_WORDS, Pipeline, ShellWord};

/// Splits a text into pipelines.
pub(super) fn split(text: &[u8]) -> Result<Vec<Pipeline>, String> {
    let mut lexer = Lexer { text, line_count: (0, 1), ..Lexer::default() };
    while let Some(byte) = lexer.next() {
        lexer.unquoted_byte(byte)?;
    }
    lexer.end_pipeline()?;
    Ok(lexer.pipelines)
}

#[derive(Default)]
struct Lexer<'a> {
    text: &'a [u8],
    position: usize,
    /// The offset up to which lines were counted, and the line number there.
    line_count: (usize, usize),
    word: Option<ShellWord>,
    /// `true` if part of the word was quoted or escaped.
    is_quoted: bool,
    words: Vec<ShellWord>,
    pipeline: Pipeline,
    pipelines: Vec<Pipeline>,
    /// The total number of words.
    word_count: usize,
    /// The line of a redirection whose file is the next word, if any.
    redirection_line: Option<usize>,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.position).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.position += 1;
        Some(byte)
    }

    /// Returns the current line number.
    fn line(&mut self) -> usize {
        let (from, number) = self.line_count;
        let uncounted = &self.text[from..self.position];
        let number = number + uncounted.split(|&byte| byte == b'\n').skip(1).count();
        self.line_count = (self.position, number);
        number
    }

    fn push(&mut self, byte: u8) {
        self.word.get_or_insert_default().push(byte);
    }

    fn end_word(&mut self) -> Result<(), String> {
        self.is_quoted = false;
        if let Some(word) = self.word.take()
            && self.redirection_line.take().is_none()
        {
            self.word_count += 1;
            if self.word_count > MAX_WORDS {
                return Err(format!("expected at most {MAX_WORDS} words"));
            }
            self.words.push(word);
        }
        Ok(())
    }

    fn end_stage(&mut self) -> Result<(), String> {
        self.end_word()?;
        self.end_redirection();
        let words = std::mem::take(&mut self.words);
        if !words.is_empty() {
            self.pipeline.stages.push(words);
        }
        Ok(())
    }

    /// Ends an unfinished redirection at the end of a command, so that it does not swallow the
    /// next.
    fn end_redirection(&mut self) {
        if let Some(line) = self.redirection_line.take() {
            self.report_at("it has a redirection without a file, expected its name", line);
        }
    }

    fn end_pipeline(&mut self) -> Result<(), String> {
        self.end_stage()?;
        let pipeline = std::mem::take(&mut self.pipeline);
        if !pipeline.stages.is_empty() {
            self.pipelines.push(pipeline);
        }
        Ok(())
    }

    /// Processes one byte outside of quotes.
    fn unquoted_byte(&mut self, byte: u8) -> Result<(), String> {
        match byte {
            // `&>` redirects to a file; the `>` is handled next.
            b'&' if self.peek() != Some(b'>') => self.end_pipeline()?,
            b' ' | b'\t' | b'\r' | b'&' => self.end_word()?,
            b'\n' | b';' | b'(' | b')' => self.end_pipeline()?,
            b'|' if self.peek() == Some(b'|') => self.end_pipeline()?,
            b'|' => self.end_stage()?,
            b'<' | b'>' => self.redirection(byte)?,
            b'#' if self.word.is_none() => {
                while self.peek().is_some_and(|byte| byte != b'\n') {
                    self.position += 1;
                }
            }
            b'\\' => {
                if let Some(byte) = self.escaped_byte() {
                    self.is_quoted = true;
                    self.push(byte);
                }
            }
            b'\'' => self.single_quoted()?,
            b'"' => self.double_quoted()?,
            b'$' if self.peek() == Some(b'\'') => self.ansi_quoted()?,
            b'$' | b'`' => self.expansion(byte),
            byte => self.push(byte),
        }
        Ok(())
    }

    /// Returns the byte after a backslash, or `None` if it is a newline, which continues the line.
    fn escaped_byte(&mut self) -> Option<u8> {
        if self.text[self.position..].starts_with(b"\r\n") {
            self.position += 1;
        }
        self.next().filter(|&byte| byte != b'\n')
    }

    fn redirection(&mut self, byte: u8) -> Result<(), String> {
        if self.peek() == Some(b'(') {
            self.substitution();
            return Ok(());
        }
        // After `>&` a number is the target of that redirection, not the descriptor of this one.
        if self.redirection_line.is_none() && self.is_descriptor() {
            self.word = None;
        }
        self.end_word()?;
        self.end_redirection();
        if byte == b'<' && self.peek() == Some(b'<') {
            self.report("it has a here document, expected the body in quotes");
        }
        self.redirection_line = Some(self.line());
        while matches!(self.peek(), Some(b'<' | b'>' | b'&' | b'|')) {
            self.position += 1;
        }
        Ok(())
    }

    /// Returns `true` if the word before a `<` or `>` is a file descriptor: in bash, unquoted
    /// digits that fit an `int`.
    fn is_descriptor(&self) -> bool {
        let word = self.word.as_deref().filter(|word| word.iter().all(u8::is_ascii_digit));
        let digits = word.and_then(|word| std::str::from_utf8(word).ok());
        !self.is_quoted && digits.is_some_and(|digits| digits.parse::<i32>().is_ok())
    }

    /// Processes `<(…)` or `>(…)`: the name of a file whose content is not in the text.
    fn substitution(&mut self) {
        let is_file = self.word.is_none() && self.redirection_line.take().is_some();
        if !is_file {
            self.report("it has a command in `<(…)`, expected its output");
        }
    }

    fn single_quoted(&mut self) -> Result<(), String> {
        self.is_quoted = true;
        let start = self.position;
        let length = self.text[start..].iter().position(|&byte| byte == b'\'');
        let Some(length) = length else { return Err(self.unclosed('\'')) };
        self.word.get_or_insert_default().extend_from_slice(&self.text[start..start + length]);
        self.position += length + 1;
        Ok(())
    }

    fn double_quoted(&mut self) -> Result<(), String> {
        self.is_quoted = true;
        let opened = self.position;
        self.word.get_or_insert_default();
        loop {
            let Some(byte) = self.next() else {
                self.position = opened;
                return Err(self.unclosed('"'));
            };
            match byte {
                b'"' => return Ok(()),
                b'\\' if matches!(self.peek(), Some(b'"' | b'\\' | b'$' | b'`' | b'\n')) => {
                    if let Some(byte) = self.escaped_byte() {
                        self.push(byte);
                    }
                }
                byte @ (b'$' | b'`') => self.expansion(byte),
                byte => self.push(byte),
            }
        }
    }

    /// Processes a `$` or a backquote: literal, or a value that is not in the text.
    fn expansion(&mut self, byte: u8) {
        let rest = &self.text[self.position..];
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let is_variable =
            rest.first().is_some_and(|byte| is_name(byte) || b"{(@*#?!".contains(byte));
        if byte == b'`' {
            self.report("it has a command in backquotes, expected its output");
        } else if is_variable {
            let braced = rest.strip_prefix(b"{").unwrap_or(rest);
            let length = braced.iter().take(40).take_while(|byte| is_name(byte)).count();
            let name = String::from_utf8_lossy(&braced[..length]).into_owned();
            self.report(&format!("it has the variable `${name}`, expected its value"));
        }
        self.push(byte);
    }

    fn report(&mut self, problem: &str) {
        let line = self.line();
        self.report_at(problem, line);
    }

    /// Keeps the first problem of a pipeline.
    fn report_at(&mut self, problem: &str, line: usize) {
        if self.pipeline.problem.is_none() {
            self.pipeline.problem = Some(format!("{problem} at line {line}"));
        }
    }

    fn unclosed(&mut self, quote: char) -> String {
        // A problem after the opening quote may have advanced the line count beyond it.
        self.line_count = (0, 1);
        format!("expected a closing `{quote}` for the one at line {}", self.line())
    }

    /// Processes `$'…'`, with the escapes of bash and the UTF-16 surrogate pairs of browsers.
    fn ansi_quoted(&mut self) -> Result<(), String> {
        self.is_quoted = true;
        self.position += 1;
        let opened = self.position;
        self.word.get_or_insert_default();
        loop {
            match (self.next(), self.peek()) {
                (Some(b'\''), _) => return Ok(()),
                (Some(b'\\'), Some(byte)) => {
                    self.position += 1;
                    self.ansi_escape(byte)?;
                }
                (Some(byte), Some(_)) => self.push(byte),
                (_, None) | (None, _) => {
                    self.position = opened;
                    return Err(self.unclosed('\''));
                }
            }
        }
    }

    fn ansi_escape(&mut self, byte: u8) -> Result<(), String> {
        const PLAIN: &[(u8, u8)] = &[
            (b'a', 7),
            (b'b', 8),
            (b'e', 27),
            (b'E', 27),
            (b'f', 12),
            (b'n', b'\n'),
            (b'r', b'\r'),
            (b't', b'\t'),
            (b'v', 11),
        ];
        match byte {
            b'x' => match self.parse_number(16, 2) {
                Some(code) => self.push(u8::try_from(code).unwrap_or_default()),
                None => self.word.get_or_insert_default().extend_from_slice(b"\\x"),
            },
            b'u' | b'U' => {
                let Some(char) = self.unicode_escape(if byte == b'u' { 4 } else { 8 }) else {
                    let line = self.line();
                    return Err(format!(
                        "expected a character after `\\{}` at line {line}",
                        char::from(byte)
                    ));
                };
                let word = self.word.get_or_insert_default();
                word.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            }
            b'0'..=b'7' => {
                self.position -= 1;
                // Bash keeps only the low eight bits.
                let code = self.parse_number(8, 3).unwrap_or_default() & 0xff;
                self.push(u8::try_from(code).unwrap_or_default());
            }
            b'\\' | b'\'' | b'"' | b'?' => self.push(byte),
            byte => match PLAIN.iter().find(|(escape, _)| *escape == byte) {
                Some((_, control)) => self.push(*control),
                None => self.word.get_or_insert_default().extend_from_slice(&[b'\\', byte]),
            },
        }
        Ok(())
    }

    /// Parses up to `digits` digits.
    fn parse_number(&mut self, radix: u32, digits: usize) -> Option<u32> {
        let start = self.position;
        let mut number = 0_u32;
        while self.position < start + digits
            && let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(radix))
        {
            number = number.wrapping_mul(radix).wrapping_add(digit);
            self.position += 1;
        }
        (self.position > start).then_some(number)
    }

    /// Parses a character of up to `digits` digits; browsers write one beyond 0xffff as two
    /// surrogates.
    fn unicode_escape(&mut self, digits: usize) -> Option<char> {
        let first = self.parse_number(16, digits)?;
        if let Some(char) = char::from_u32(first) {
            return Some(char);
        }
        if !self.text[self.position..].starts_with(b"\\u") {
            return None;
        }
        self.position += 2;
        let second = self.parse_number(16, 4)?;
        let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
        char::decode_utf16(units).next()?.ok()
    }
}
