use super::*;

const WAIT: &str = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";

/// Starts a listener whose response to `/wait` waits for a message from the returned channel.
fn blocking_listener(limits: Limits) -> (TestListener, std::sync::mpsc::Sender<()>) {
    let (go, wait) = std::sync::mpsc::channel();
    let wait = Mutex::new(wait);
    let rig = TestListener::with(limits, move |message| {
        if message.target == "/wait" {
            // The sender is dropped at the end of the test.
            let _ = wait.lock().unwrap().recv();
        }
        Response::text(200, "ok")
    });
    (rig, go)
}

#[test]
fn responds_to_every_request_of_a_burst() {
    let rig = TestListener::new();
    let addr = rig.addr;
    let clients = (0..64).map(|client| {
        thread::spawn(move || {
            let mut connection = Client::new(addr);
            for number in 0..20 {
                assert_eq!(status(&connection.get(&format!("/{client}/{number}"))), "200");
            }
        })
    });
    clients.collect::<Vec<_>>().into_iter().for_each(|client| client.join().unwrap());
    let mut targets: Vec<_> = (0..64 * 20).map(|_| rig.request().target).collect();
    targets.sort_unstable();
    targets.dedup();
    assert_eq!(targets.len(), 64 * 20);
    assert_eq!(rig.stop_and_take_calls(), []);
}

#[test]
fn an_incomplete_request_never_reaches_the_handler() {
    let rig = TestListener::new();
    let cut = |bytes: &str| {
        let mut client = rig.connect();
        client.write(bytes);
        client.shutdown_write();
        assert_eq!(status(&client.read_to_end()), "400", "{bytes:?}");
        rig.refusal()
    };
    let (head, body) = (RefusedPart::Head, RefusedPart::Body);
    let broken = |part, received, expected| Refusal::BrokenOff { part, received, expected };
    let post = |framing| format!("POST / HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n");
    assert_eq!(cut("\r\nPOS"), broken(head, 3, None));
    assert_eq!(cut("GET / HTTP/1.1\r\nHost: x\r\n"), broken(head, 25, None));
    let fixed = post("Content-Length: 2000");
    assert_eq!(cut(&fixed), broken(body, 0, Some(2000)));
    let cut_off = cut(&format!("{fixed}{:1000}", ""));
    assert_eq!(cut_off, broken(body, 1000, Some(2000)));
    assert_eq!(cut_off.to_string(), "sender disconnected in the body after 1000 bytes of 2000");
    let chunked = post("Transfer-Encoding: chunked");
    for (chunks, received) in
        [("", 0), ("3\r\nab", 2), ("3\r\nabc\r\n", 3), ("3\r\nabc\r\n0\r\n", 3)]
    {
        assert_eq!(cut(&format!("{chunked}{chunks}")), broken(body, received, None), "{chunks:?}");
    }
    assert_eq!(rig.stop_and_take_calls(), []);
}

#[test]
fn continues_after_a_panic_in_the_handler() {
    let rig = TestListener::with(Limits::default(), |message| {
        if message.target == "/panic" {
            // Like a panic, but without its message in the test output.
            std::panic::resume_unwind(Box::new(()));
        }
        Response::text(200, "ok")
    });
    let mut other = rig.connect();
    other.get("/before");
    let response = rig.send("GET /panic HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(status(&response), "500");
    assert!(response.contains("\r\nConnection: close\r\n"), "{response}");
    other.get("/after");
    assert_eq!(rig.stop_and_take_calls().len(), 3);
}

#[test]
fn responds_to_requests_in_flight_when_it_stops() {
    let (rig, go) = blocking_listener(Limits::default());
    let (mut idle, mut begun, mut busy) = (rig.connect(), rig.connect(), rig.connect());
    idle.get("/idle");
    begun.get("/begun");
    busy.write(format!("{WAIT}GET /next HTTP/1.1\r\nHost: x\r\n\r\n"));
    (0..3).for_each(|_| drop(rig.request()));
    rig.stop.stop();
    assert_eq!(idle.read_to_end(), "");
    assert_eq!(begun.read_to_end(), "");
    go.send(()).unwrap();
    let response = busy.read_to_end();
    assert!(response.contains("\r\nConnection: close\r\n") && response.ends_with("\r\n\r\nok"));
    assert_eq!(response.matches("HTTP/1.1").count(), 1);
    let addr = rig.addr;
    assert_eq!(rig.stop_and_take_calls(), []);
    assert!(std::net::TcpStream::connect(addr).is_err());
}

#[test]
fn waits_up_to_the_drain_timeout() {
    let limits = Limits { drain_timeout: Duration::from_millis(100), ..Limits::default() };
    let (rig, _go) = blocking_listener(limits);
    let mut client = rig.connect();
    client.write(WAIT);
    rig.request();
    assert_eq!(rig.stop_and_take_calls(), []);
    assert_eq!(client.read_to_end(), "");
}

#[test]
fn stops_if_the_signal_is_set_before_it_serves() {
    let listener = HttpListener::bind(([127, 0, 0, 1], 0).into(), Limits::default()).unwrap();
    let stop = StopSignal::new();
    stop.clone().stop();
    assert!(stop.is_stopped());
    let (seen, _) = std::sync::mpsc::channel();
    let respond = |_: &Message| Response::text(200, "");
    listener.serve(Arc::new(RecordingHandler { seen: Mutex::new(seen), respond }), stop).unwrap();
}

#[test]
fn evicts_only_idle_connections() {
    let limits = Limits { max_connections: 4, ..Limits::default() };
    let (rig, go) = blocking_listener(limits);
    let mut old: Vec<_> = (0..4).map(|_| rig.connect()).collect();
    // All but one are in progress: only the listener knows which of several idle connections is the
    // oldest; the unit tests of the slots cover the order.
    for index in [0, 2, 3] {
        old[index].write(WAIT);
        rig.request();
    }
    // Both arrive at once, so the incomplete request is buffered when the complete one gets its
    // response.
    old[1].write("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /half HTTP/1.1\r\n");
    old[1].read_until("\r\n\r\nok");
    let mut new = rig.connect();
    new.get("/new");
    assert_eq!(status(&old[1].read_to_end()), "503");
    (0..3).for_each(|_| go.send(()).unwrap());
    for index in [0, 2, 3] {
        assert_eq!(status(&old[index].read_until("\r\n\r\nok")), "200");
    }
    new.get("/");
    let seen = rig.stop_and_take_calls();
    assert_eq!(seen.iter().filter(|seen| matches!(seen, HandlerCall::Request(_))).count(), 3);
    assert!(seen.contains(&HandlerCall::Refused(Refusal::Evicted)));
}

#[test]
fn new_connections_wait_while_all_slots_are_busy() {
    let limits = Limits { max_connections: 1, ..Limits::default() };
    let (rig, go) = blocking_listener(limits);
    let mut first = rig.connect();
    first.write(WAIT);
    rig.request();
    let mut second = rig.connect();
    second.write("GET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    go.send(()).unwrap();
    assert_eq!(status(&first.read_until("\r\n\r\nok")), "200");
    assert_eq!(status(&second.read_to_end()), "200");
    assert_eq!(first.read_to_end(), "");
}

#[test]
fn omits_response_headers_that_http_forbids() {
    let rig = TestListener::with(Limits::default(), |message| {
        let mut headers = Headers::from_iter([
            ("X-One", "1"),
            ("bad name", "1"),
            ("Bad-Value", "a\r\nInjected: 1"),
            ("Content-Length", "99"),
            ("Transfer-Encoding", "chunked"),
            ("X-One", "2"),
        ]);
        if message.target == "/close" {
            headers.push("connection", "x, Close");
        }
        let status = message.target[1..].parse().unwrap_or(200);
        Response { status, headers, body: b"body".to_vec(), truncated: false }
    });
    let mut client = rig.connect();
    let mut ask = |method: &str, target: &str, end: &str| {
        client.write(format!("{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n"));
        client.read_until(end)
    };
    let response = ask("GET", "/200", "\r\n\r\nbody");
    assert!(response.contains("\r\nX-One: 1\r\nX-One: 2\r\n"), "{response}");
    assert!(response.contains("\r\nContent-Length: 4\r\n"), "{response}");
    assert!(
        !response.to_lowercase().contains("bad") && !response.contains("Injected"),
        "{response}"
    );
    assert!(!response.contains("chunked"), "{response}");
    assert!(ask("HEAD", "/200", "\r\n\r\n").contains("\r\nContent-Length: 4\r\n"));
    assert!(!ask("GET", "/204", "\r\n\r\n").contains("Content-Length"));
    assert!(ask("GET", "/599", "\r\n\r\nbody").starts_with("HTTP/1.1 599 \r\n"));
    for status in ["/0", "/99", "/100", "/101", "/1000", "/65535"] {
        assert!(ask("GET", status, "\r\n\r\nbody").starts_with("HTTP/1.1 500 "), "{status}");
    }
    assert!(ask("GET", "/close", "\r\n\r\nbody").contains("\r\nConnection: close\r\n"));
    assert_eq!(client.read_to_end(), "");
}
