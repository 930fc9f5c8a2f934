//! State of a listener: liveness, readiness, metrics, and the health of each provider.

use crate::listen::{SECRET, listen};
use crate::support::{DeadPort, Endpoint, send};
use crate::wire::{Reply, exchange};
use serde_json::Value;
use std::net::SocketAddr;

fn get(address: SocketAddr, path: &str) -> Reply {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    exchange(address, request.as_bytes()).unwrap()
}

fn text(address: SocketAddr, path: &str) -> String {
    String::from_utf8(get(address, path).body).unwrap()
}

#[test]
fn the_metrics_count_the_deliveries() {
    let app = Endpoint::new(&[200]);
    let listener = listen(&["--save", "caps", "--forward", &app.target()]);
    send("created", &listener.url, &SECRET);
    send("created", &listener.url, &["--secret", "wrong"]);
    send("leadpro:lead.created", &listener.url, &SECRET);
    let reply = get(listener.address(), "/metrics");
    assert_eq!(reply.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let text = String::from_utf8(reply.body).unwrap();
    for line in [
        "# TYPE realgeeks_webhooks_received_total counter",
        "realgeeks_webhooks_received_total{event=\"created\"} 2",
        "realgeeks_webhooks_received_total{event=\"updated\"} 0",
        "# TYPE realgeeks_webhook_processing_seconds histogram",
        "realgeeks_webhook_processing_seconds_count 2",
        "realgeeks_sync_errors_total{error_type=\"signature-invalid\"} 1",
        "realgeeks_sync_errors_total{error_type=\"not-saved\"} 0",
        "leadpro_webhooks_received_total{event=\"lead.created\"} 1",
        "realtorbot_webhook_processing_seconds_count 0",
        "leadhook_captures_saved_total 3",
        "leadhook_answers_total{status=\"200\"} 2",
        "leadhook_answers_total{status=\"401\"} 1",
        "leadhook_messages_remembered 2",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    let forwards = text.lines().filter(|line| line.starts_with("leadhook_forwards_total{"));
    assert!(forwards.clone().count() == 1 && forwards.clone().all(|line| line.ends_with(" 2")));
}

#[test]
fn the_state_can_have_a_separate_port() {
    let mut listener = listen(&["--admin", ":0", "--count", "1"]);
    let address = listener.address();
    for path in ["/healthz", "/metrics", "/health/realgeeks"] {
        assert_eq!(get(address, path).status, 405, "{path}");
    }
    send("created", &listener.url, &SECRET);
    assert_eq!(listener.next()["response"]["status"], 200);
    assert_eq!(listener.wait().0, 0);
}

#[test]
fn a_provider_is_healthy_if_its_target_is_reachable() {
    let app = Endpoint::new(&[200]);
    let listener = listen(&["--forward", &app.target()]);
    let health = |path: &str| -> (u16, Value) {
        let reply = get(listener.address(), path);
        (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
    };
    let (status, before) = health("/health/realgeeks");
    assert_eq!((status, &before["status"]), (200, &"healthy".into()), "{before}");
    assert_eq!(before["checks"]["apiConnectivity"], true, "{before}");
    assert_eq!(before["checks"]["recentWebhooks"], false, "{before}");
    send("created", &listener.url, &SECRET);
    assert_eq!(health("/health/realgeeks").1["checks"]["recentWebhooks"], true);
    assert_eq!(health("/health/leadpro").1["checks"]["recentWebhooks"], false);
    assert_eq!(health("/health/nobody").0, 405);
    let dead_port = DeadPort::new();
    let alone = listen(&["--forward", &dead_port.target()]);
    send("created", &alone.url, &SECRET);
    let reply = get(alone.address(), "/health/realgeeks");
    assert_eq!(reply.status, 503);
    let health: Value = serde_json::from_slice(&reply.body).unwrap();
    assert!(
        health["checks"]["syncLag"].as_i64().unwrap() > 0,
        "the request was not answered: {health}"
    );
    assert!(text(alone.address(), "/health/realgeeks").contains("\"unhealthy\""));
}

#[test]
fn without_a_target_no_target_is_reported() {
    let listener = listen(&[]);
    let text = text(listener.address(), "/health/realgeeks");
    assert!(text.contains("\"apiConnectivity\":null") && text.contains("healthy"), "{text}");
}
