use super::*;

fn short_timeouts() -> Limits {
    Limits {
        idle_timeout: Duration::from_millis(500),
        read_timeout: Duration::from_millis(500),
        request_timeout: Duration::from_millis(1500),
        ..Limits::default()
    }
}

#[test]
fn accepts_the_longest_token_of_leadpro() {
    let rig = TestListener::new();
    let token = "e".repeat(131_231);
    let head = format!("POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n");
    let response = rig.send(head + "Connection: close\r\n\r\n");
    assert_eq!(status(&response), "200");
    let message = rig.request();
    assert_eq!(message.headers.get_str("authorization"), Some(&*format!("Bearer {token}")));
}

#[test]
fn accepts_a_body_up_to_the_limit() {
    let rig = TestListener::new();
    let body = vec![b'x'; 16 * 1024 * 1024];
    let mut client = rig.connect();
    client.write(format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", body.len()));
    client.write(&body);
    assert_eq!(status(&client.read_until("\r\n\r\nok")), "200");
    assert!(rig.request().body == body);
    client.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1000001\r\n");
    client.write(&body);
    client.write("x\r\n0\r\n\r\n");
    assert_eq!(status(&client.read_to_end()), "413");
    assert_eq!(rig.refusal(), Refusal::BodyTooLarge { limit: 16 * 1024 * 1024 });
}

#[test]
fn refuses_a_body_by_its_announced_length() {
    let rig = TestListener::new();
    for length in [16 * 1024 * 1024 + 1, 64 << 30, u64::MAX - 2] {
        let mut client = rig.connect();
        client.write(format!(
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        ));
        let response = client.read_to_end();
        assert_eq!(status(&response), "413", "{length}");
        assert!(response.contains("\r\nConnection: close\r\n"));
        assert_eq!(rig.refusal(), Refusal::BodyTooLarge { limit: 16 * 1024 * 1024 });
    }
}

#[test]
fn lets_a_sender_read_the_refusal_while_it_sends() {
    let rig = TestListener::with(Limits { max_body: 1024, ..Limits::default() }, |_| {
        Response::text(200, "")
    });
    let mut client = rig.connect();
    client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4194304\r\n\r\n");
    client.write(vec![0; 4 * 1024 * 1024]);
    assert_eq!(status(&client.read_to_end()), "413");
}

#[test]
fn refuses_heads_over_the_limits() {
    let rig = TestListener::new();
    let get = |target: &str, fields: &str| {
        rig.send(format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}\r\n"))
    };
    let lines = |count| "X: 1\r\n".repeat(count);
    let long = |length| format!("X: {}\r\n", "x".repeat(length));

    assert_eq!(status(&get("/", &lines(254))), "200");
    assert_eq!(rig.request().headers.len(), 256);
    assert_eq!(status(&get("/", &lines(255))), "431");
    assert_eq!(rig.refusal(), Refusal::TooManyHeaders { limit: 256 });
    assert_eq!(status(&get("/", &lines(20_000))), "431");
    assert_eq!(rig.refusal(), Refusal::TooManyHeaders { limit: 256 });

    assert_eq!(status(&get("/", &long(262_000))), "200");
    assert_eq!(rig.request().headers.len(), 3);
    assert_eq!(status(&get("/", &long(262_144))), "431");
    assert_eq!(rig.refusal(), Refusal::HeadTooLarge { limit: 262_144 });
    assert_eq!(status(&get("/", &long(4 << 20))), "431");
    assert_eq!(rig.refusal(), Refusal::HeadTooLarge { limit: 262_144 });
    assert_eq!(status(&rig.send("\r\n".repeat(200_000))), "431");
    assert_eq!(rig.refusal(), Refusal::HeadTooLarge { limit: 262_144 });

    assert_eq!(status(&get(&format!("/{}", "a".repeat(8191)), "")), "200");
    assert_eq!(rig.request().target.len(), 8192);
    for length in [8192, 65_534, 100_000] {
        assert_eq!(status(&get(&format!("/{}", "a".repeat(length)), "")), "414");
        assert_eq!(rig.refusal(), Refusal::TargetTooLong { limit: 8192 });
    }
    assert_eq!(rig.stop_and_take_calls(), []);
}

#[test]
fn limits_the_memory_of_all_bodies() {
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let limits = Limits { max_memory: 1000, ..Limits::default() };
    let rig = TestListener::with(limits, move |message| {
        if message.target == "/wait" {
            wait.lock().unwrap().recv().unwrap();
        }
        Response::text(200, "ok")
    });
    let post = |target: &str| {
        format!("POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 600\r\n\r\n{:600}", "")
    };
    let mut first = rig.connect();
    first.write(post("/wait"));
    rig.request();
    assert_eq!(status(&rig.send(post("/"))), "503");
    assert_eq!(rig.refusal(), Refusal::Busy { limit: 1000 });
    go.send(()).unwrap();
    first.read_until("\r\n\r\nok");
    first.write(post("/"));
    first.read_until("\r\n\r\nok");
}

#[test]
fn refuses_slow_heads_and_bodies() {
    let rig = TestListener::with(short_timeouts(), |_| Response::text(200, "ok"));
    assert_eq!(status(&rig.send("GET / HTTP/1.1\r\nHo")), "408");
    assert_eq!(rig.refusal(), Refusal::TooSlow { part: RefusedPart::Head });
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";
    let response = rig.send(format!("{head}x"));
    assert_eq!(status(&response), "408");
    assert!(response.contains("\r\nConnection: close\r\n"));
    assert_eq!(rig.refusal(), Refusal::TooSlow { part: RefusedPart::Body });

    // Within the limit between two reads, but over the limit for the request.
    let mut client = rig.connect();
    client.write(head);
    let mut other = client.0.try_clone().unwrap();
    let drip = thread::spawn(move || {
        while other.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(status(&client.read_until("\r\n\r\n")), "408");
    assert_eq!(rig.refusal(), Refusal::TooSlow { part: RefusedPart::Body });
    drop(client);
    drip.join().unwrap();
}

#[test]
fn closes_idle_connections_without_a_response() {
    let rig = TestListener::with(short_timeouts(), |_| Response::text(200, "ok"));
    assert_eq!(rig.connect().read_to_end(), "");
    let mut client = rig.connect();
    client.get("/");
    assert_eq!(client.read_to_end(), "");
    rig.request();
    assert_eq!(rig.stop_and_take_calls(), []);
}

#[test]
fn closes_the_connection_of_a_sender_that_never_reads() {
    let limits = Limits {
        max_connections: 1,
        write_timeout: Duration::from_millis(200),
        ..Limits::default()
    };
    let body = "x".repeat(32 * 1024 * 1024);
    let rig = TestListener::with(limits, move |message| {
        Response::text(200, if message.target == "/big" { &body } else { "ok" })
    });
    let mut stalled = rig.connect();
    stalled.write("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    rig.request();
    // The only slot is in use while the response is being written.
    rig.connect().get("/");
}

#[test]
fn waits_longer_for_a_first_byte_than_for_the_next() {
    let limits = Limits { idle_timeout: Duration::from_secs(600), ..short_timeouts() };
    let rig = TestListener::with(limits, |_| Response::text(200, "ok"));
    let mut idle = rig.connect();
    assert_eq!(status(&rig.send("GET / HTTP/1.1\r\nHo")), "408");
    idle.get("/");
    idle.write("GE");
    assert_eq!(status(&idle.read_to_end()), "408");
}

#[test]
fn refuses_an_endless_slow_head() {
    let rig = TestListener::with(short_timeouts(), |_| Response::text(200, "ok"));
    let mut client = rig.connect();
    client.write("GET / HTTP/1.1\r\nHost: x\r\nX: ");
    let mut other = client.0.try_clone().unwrap();
    let drip = thread::spawn(move || {
        while other.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(status(&client.read_until("\r\n\r\n")), "408");
    assert_eq!(rig.refusal(), Refusal::TooSlow { part: RefusedPart::Head });
    drop(client);
    drip.join().unwrap();
}

#[test]
fn applies_no_deadline_to_a_slow_handler() {
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let rig = TestListener::with(short_timeouts(), move |message| {
        if message.target == "/wait" {
            wait.lock().unwrap().recv().unwrap();
        }
        Response::text(200, "ok")
    });
    let mut client = rig.connect();
    client.write("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    rig.request();
    // Longer than every timeout of `short`.
    thread::sleep(Duration::from_millis(1600));
    go.send(()).unwrap();
    assert_eq!(status(&client.read_until("\r\n\r\nok")), "200");
    client.get("/");
}

#[test]
fn closes_a_connection_after_its_last_request() {
    let limits = Limits { max_requests: 3, ..Limits::default() };
    let rig = TestListener::with(limits, |_| Response::text(200, "ok"));
    let mut client = rig.connect();
    for _ in 0..2 {
        assert!(!client.get("/").contains("Connection: close"));
    }
    assert!(client.get("/").contains("\r\nConnection: close\r\n"));
    assert_eq!(client.read_to_end(), "");
    rig.connect().get("/");
}

#[test]
fn closes_without_a_response_if_the_handler_drops_the_request() {
    let rig = TestListener::with(Limits::default(), |message| {
        Response::text(if message.target == "/drop" { 444 } else { 200 }, "ok")
    });
    let mut client = rig.connect();
    client.get("/");
    client.write("GET /drop HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(client.read_to_end(), "");
    assert_eq!(rig.stop_and_take_calls().len(), 2, "no call reports a refusal");
}

#[test]
fn accepts_a_connection_while_slow_bodies_use_every_slot() {
    let limits = Limits { max_connections: 8, ..Limits::default() };
    let rig = TestListener::with(limits, |_| Response::text(200, "ok"));
    let head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n";
    let mut dripping: Vec<_> = (0..8).map(|_| rig.connect()).collect();
    for client in &mut dripping {
        client.write(head);
        // The listener now waits for the body.
        assert_eq!(status(&client.read_until("\r\n\r\n")), "100");
        client.write("x");
    }
    rig.connect().get("/");
    assert_eq!(status(&dripping[0].read_to_end()), "503");
    // The new connection and the evicted one run on separate threads: either may be first.
    let seen = [(), ()].map(|()| rig.calls.recv_timeout(TEST_TIMEOUT).unwrap());
    assert!(seen.iter().any(|seen| matches!(seen, HandlerCall::Request(_))), "{seen:?}");
    assert!(seen.contains(&HandlerCall::Refused(Refusal::Evicted)), "{seen:?}");
}
