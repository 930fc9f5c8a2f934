//! Sealed runs of the binary, and endpoints for it to talk to.

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The root of the project.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Longest that anything may take before a test gives up: far above what it takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// One run of `leadhook` in an empty folder, with an empty environment.
pub struct Leadhook {
    dir: TempDir,
    command: Command,
    stdin: Vec<u8>,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The exit status.
    pub exit: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Leadhook {
    /// A run with these arguments.
    pub fn new(args: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadhook"));
        command.env_clear().env("HOME", dir.path()).current_dir(dir.path()).args(args);
        Self { dir, command, stdin: Vec::new() }
    }

    /// Puts a file into the folder of the run.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.dir.path().join(name), content).unwrap();
        self
    }

    /// Makes a folder in the folder of the run.
    pub fn folder(self, name: &str) -> Self {
        fs::create_dir_all(self.dir.path().join(name)).unwrap();
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Gives it standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Outcome {
        self.run_in().0
    }

    /// Runs it to its end, and keeps its folder.
    pub fn run_in(mut self) -> (Outcome, TempDir) {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = self.stdin;
        let feeder = std::thread::spawn(move || {
            // A run that does not read its input has closed it.
            let _ = stdin.write_all(&bytes);
        });
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let outcome = Outcome {
            exit: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        (outcome, self.dir)
    }

    /// Starts a command that prints a `ready` object and goes on: `listen` or `practice`.
    ///
    /// The arguments must hold `--format json`.
    pub fn start(mut self) -> Running {
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                let object: Value = serde_json::from_str(&line.unwrap()).unwrap();
                // A test that is done does not listen any more.
                let _ = sender.send(object);
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut running = Running {
            dir: self.dir,
            child,
            lines,
            url: String::new(),
            threads: Some((reader, errors)),
        };
        let ready = running.next();
        assert_eq!(ready["kind"], "ready", "{ready}");
        ready["url"].as_str().unwrap().clone_into(&mut running.url);
        running
    }
}

/// A `listen` or a `practice` that runs.
pub struct Running {
    dir: TempDir,
    child: Child,
    lines: Receiver<Value>,
    /// Where it listens.
    pub url: String,
    threads: Option<(JoinHandle<()>, JoinHandle<String>)>,
}

impl Running {
    /// The next object it prints.
    pub fn next(&mut self) -> Value {
        self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nothing was printed"))
    }

    /// Its folder.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap()
    }

    /// Sends it a signal by name, such as `INT`.
    pub fn signal(&self, name: &str) {
        assert!(kill(name, &self.child.id().to_string()));
    }

    /// Waits for its end: exit status, the objects not read yet, standard error.
    pub fn wait(mut self) -> (i32, Vec<Value>, String) {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < end, "it did not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        let (reader, errors) = self.threads.take().unwrap();
        reader.join().unwrap();
        (status.code().unwrap_or(-1), self.lines.try_iter().collect(), errors.join().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already where the test waited for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request as an endpoint got it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The request line.
    pub line: String,
    /// The headers as written.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Arrived {
    /// The first value of a header, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }
}

/// A plain HTTP endpoint on a free port, which answers in order and keeps what it got.
pub struct Endpoint {
    address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Endpoint {
    /// Answers with these statuses in order; the last one is repeated.
    pub fn new(statuses: &[u16]) -> Self {
        let answers: Vec<_> = statuses
            .iter()
            .map(|status| {
                format!("HTTP/1.1 {status} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            })
            .collect();
        Self::raw(answers)
    }

    /// Answers with these bytes in order; the last ones are repeated.
    pub fn raw(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&arrived);
        std::thread::spawn(move || {
            for (index, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let Some(request) = read_request(&stream) else { continue };
                kept.lock().unwrap().push(request);
                let answer = answers.get(index).or(answers.last()).unwrap();
                // The sender may be gone; that is its own affair.
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { address, arrived }
    }

    /// `:PORT`, as users type it.
    pub fn target(&self) -> String {
        format!(":{}", self.address.port())
    }

    /// What came so far.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

/// Reads one request with a `Content-Length`.
pub(crate) fn read_request(stream: &TcpStream) -> Option<Arrived> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut text = String::new();
        let read = reader.read_line(&mut text).ok()?;
        (read > 0).then(|| text.trim_end().to_owned())
    };
    let mut request = Arrived { line: line()?, ..Arrived::default() };
    while let Some((name, value)) = line()?.split_once(": ") {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

/// Sends a signal to a process, or to a group where a `-` stands before its number.
pub fn kill(signal: &str, target: &str) -> bool {
    // The shell's own `kill`: small systems have no other.
    let line = ["-c", "kill -s \"$0\" -- \"$1\"", signal, target];
    Command::new("sh").args(line).stderr(Stdio::null()).status().unwrap().success()
}

/// The captures that a listener saved, in order.
pub fn captures(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The folder says to git that nothing in it is its business.
    found.retain(|path| !path.ends_with(".gitignore"));
    found.sort();
    found
}

/// Every line of a text as JSON.
pub fn objects(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// Says aloud that a test did not run, and why.
pub fn skipped(test: &str, why: &str) {
    // Not `eprintln!`: the test harness keeps what that writes to itself where the test passes.
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}");
}

/// Sends one event and gives back the exit status and the `delivery` object.
pub(crate) fn send(event: &str, url: &str, args: &[&str]) -> (i32, Value) {
    let outcome = Leadhook::new(&[&["send", event, url, "--format", "json"], args].concat()).run();
    let delivery = objects(&outcome.stdout).into_iter().next();
    (outcome.exit, delivery.unwrap_or_else(|| panic!("{event} {args:?}: {}", outcome.stderr)))
}

/// Every event of a provider, or of all where none is named, as `provider:event`.
pub(crate) fn events(provider: Option<&str>) -> Vec<String> {
    let outcome = Leadhook::new(&["events", "--format", "json"]).run();
    let listed = objects(&outcome.stdout).remove(0)["events"].take();
    let names = listed.as_array().unwrap().iter().filter_map(|event| {
        let (owner, name) = (event["provider"].as_str().unwrap(), event["event"].as_str().unwrap());
        provider.is_none_or(|wanted| wanted == owner).then(|| format!("{owner}:{name}"))
    });
    names.collect()
}

/// The keys of an object, in the order in which they were printed.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Waits until `check` gives something.
pub(crate) fn eventually<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = check() {
            return found;
        }
        assert!(Instant::now() < end, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs `leadhook` with these arguments, in an empty folder.
pub fn leadhook(args: &[&str]) -> Outcome {
    Leadhook::new(args).run()
}

impl Outcome {
    /// Asserts the exit status; the message names the case and shows the run.
    #[track_caller]
    pub fn exits(self, exit: i32, case: &str) -> Self {
        assert_eq!(self.exit, exit, "{case}: {self:#?}");
        self
    }

    /// The one object on standard output.
    #[track_caller]
    pub fn object(&self) -> Value {
        let found = objects(&self.stdout);
        assert_eq!(found.len(), 1, "expected one object: {self:#?}");
        found.into_iter().next().unwrap_or_default()
    }

    /// The first line of standard error that starts with `start`, without it.
    #[track_caller]
    pub fn said(&self, start: &str) -> &str {
        let mut found = self.stderr.lines().filter_map(|line| line.strip_prefix(start));
        found.next().unwrap_or_else(|| panic!("no `{start}` line: {self:#?}"))
    }
}

impl Leadhook {
    /// Lets the caller run the command itself; the folder lives as long as what is given back.
    pub fn command(self) -> (Command, TempDir) {
        (self.command, self.dir)
    }
}

impl Endpoint {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The one request that came.
    #[track_caller]
    pub fn only(&self) -> Arrived {
        let arrived = self.arrived();
        assert_eq!(arrived.len(), 1, "expected one request: {arrived:#?}");
        arrived.into_iter().next().unwrap_or_default()
    }
}

/// A port on which nobody listens, and which nobody else can take as long as this lives.
pub struct DeadPort {
    port: u16,
    _held: (TcpListener, TcpStream),
}

impl DeadPort {
    /// The near end of a connection: it has a port, and no listener is there.
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        Self { port: stream.local_addr().unwrap().port(), _held: (listener, stream) }
    }

    /// `:PORT`, as users type it.
    pub fn target(&self) -> String {
        format!(":{}", self.port)
    }

    /// Its number.
    pub fn port(&self) -> u16 {
        self.port
    }
}

/// The lower-case hex of HMAC-SHA256, made without the code under test.
pub fn hmac_hex(secret: &[u8], bytes: &[u8]) -> String {
    use hmac::{KeyInit, Mac};
    let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
    hex::encode(mac.chain_update(bytes).finalize().into_bytes())
}

/// The header and the claims of a token, and whether the secret made it.
pub fn token(secret: &[u8], token: &str) -> (Value, Value, bool) {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let given = hex::encode(URL_SAFE_NO_PAD.decode(signature).unwrap());
    (read(header), read(claims), given == hmac_hex(secret, signed.as_bytes()))
}
