//! The hook over real sockets: what is asked well is answered, and nobody who asks badly, slowly or too much keeps others
//! from being answered.

mod common;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use absolve_core::gate::{Fail, Policy};
use absolve_serve::http::{Access, Limits, Settings, Token, serve};
use common::Tester;
use serde_json::{Value, json};
use tokio::{runtime, sync::oneshot};

/// A server on a port of its own, until it is dropped.
struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    fn start(policy: Policy, access: Access, limits: Limits) -> Server {
        let (stop, stopped) = oneshot::channel();
        let (ready, address) = mpsc::channel();
        let thread = thread::spawn(move || {
            let settings = Settings { address: "127.0.0.1:0".parse().expect("an address"), access, limits };
            let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            let stopped = async { drop(stopped.await) };
            let serving = serve(Arc::new(Tester(policy)), settings, |it| ready.send(it).expect("it waits"), stopped);
            runtime.expect("a runtime").block_on(serving).expect("it serves");
        });
        Server { address: address.recv().expect("it is ready"), stop: Some(stop), thread: Some(thread) }
    }

    fn plain() -> Server {
        Server::start(Policy::default(), Access::default(), Limits::default())
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
        stream
    }

    /// Sends a request as it stands; the answer's status, head and body.
    fn send(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that refuses early does not read the rest.
        let _ = stream.write_all(request);
        Answer::read(&mut stream)
    }

    fn ask(&self, path: &str, headers: &str, body: &str) -> Answer {
        self.send(&post(path, &format!("Host: {}\r\n{headers}", self.address), body.as_bytes()))
    }

    fn check(&self, text: &str) -> Answer {
        self.ask("/v1/check", JSON, &json!({ "text": text }).to_string())
    }

    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("it ends well");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

const JSON: &str = "Content-Type: application/json\r\n";

fn post(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("POST {path} HTTP/1.1\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn read(stream: &mut TcpStream) -> Answer {
        let mut bytes = Vec::new();
        // A connection that is reset has told what it had to tell.
        let _ = stream.read_to_end(&mut bytes);
        let answer = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

#[track_caller]
fn check(answer: &Answer, status: u16, expected: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.body.contains(expected), "{expected} is not in {answer:?}");
}

#[test]
fn a_reply_is_judged() {
    let server = Server::plain();
    check(&server.check("Sorry for the inconvenience."), 200, "\"verdict\":\"hold\"");
    check(&server.check("Your parcel left Lyon at noon."), 200, "\"verdict\":\"pass\"");
    let answer = server.check("Désolés pour la gêne occasionnée.");
    assert!(answer.head.contains("cache-control: no-store"), "{answer:?}");
    assert_eq!(answer.json()["language"], "fr");
}

#[test]
fn a_reply_is_rewritten() {
    let server = Server::plain();
    let reply = json!({ "text": "Sorry for the inconvenience." });
    let verdict = server.ask("/v1/check", JSON, &reply.to_string()).json();
    let slots = verdict["findings"][0]["alternatives"][0]["slots"].as_array().expect("blanks").clone();
    let answers: serde_json::Map<String, Value> =
        slots.iter().map(|it| (it.as_str().expect("a name").to_owned(), json!("the parcel got lost"))).collect();
    let choices = json!([{ "finding": 0, "alternative": 0, "answers": answers }]);
    let rewritten = server.ask("/v1/rewrite", JSON, &json!({ "reply": reply, "choices": choices }).to_string());
    assert_eq!(rewritten.json()["verdict"]["verdict"], "pass", "{rewritten:?}");
    assert!(rewritten.json()["reply"]["text"].as_str().is_some_and(|it| it.contains("parcel got lost")));
    let unanswered = json!({ "reply": reply, "choices": [{ "finding": 0, "alternative": 0 }] });
    check(&server.ask("/v1/rewrite", JSON, &unanswered.to_string()), 400, "needs an answer to");
}

#[test]
fn what_is_no_question_is_told() {
    let server = Server::plain();
    check(&server.ask("/v1/check", JSON, "{\"text\": "), 400, "this is not the JSON of a reply");
    check(&server.ask("/v1/check", JSON, "{\"publik\": 1}"), 400, "unknown field `publik`");
    check(&server.ask("/v1/check", JSON, ""), 400, "\"verdict\":\"pass\"");
    check(&server.ask("/v1/check", "Content-Type: text/plain\r\n", "{\"text\": \"x\"}"), 415, "application/json");
    check(&server.ask("/v2", JSON, ""), 404, "openapi.json");
    let bad_utf8 = post("/v1/check", &format!("Host: {}\r\n{JSON}", server.address), b"{\"text\": \"\xe9\xff\"}");
    check(&server.send(&bad_utf8), 400, "\"failure\":{\"message\":\"");
    let get = format!("GET /v1/check HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address);
    check(&server.send(get.as_bytes()), 405, "");
    assert_eq!(server.send(b"\x16\x03\x01 nonsense\r\n\r\n").status, 400);
}

#[test]
fn a_closed_policy_holds_what_could_not_be_judged() {
    let policy = Policy { fail: Fail::Closed, time_box: 20_000, ..Policy::default() };
    let hasty = Policy { time_box: 100, ..policy.clone() };
    let hasty = Server::start(hasty, Access::default(), Limits::default());
    check(&hasty.check("SLEEP"), 200, "no verdict within 100 ms");
    let server = Server::start(policy, Access::default(), Limits::default());
    check(&server.ask("/v1/check", JSON, "{"), 400, "\"verdict\":\"hold\"");
    check(&server.check("PANIC"), 500, "\"verdict\":\"hold\"");
    check(&server.check("Your parcel left Lyon at noon."), 200, "\"verdict\":\"pass\"");
}

#[test]
fn huge_questions_are_refused_before_they_are_kept() {
    let server = Server::plain();
    let declared =
        format!("POST /v1/check HTTP/1.1\r\nHost: {}\r\n{JSON}Content-Length: 9000000000\r\n\r\n", server.address);
    check(&server.send(declared.as_bytes()), 413, "262144 bytes at most");
    let chunk = [b"4000\r\n".as_slice(), &[b' '; 0x4000], b"\r\n"].concat();
    let head =
        format!("POST /v1/check HTTP/1.1\r\nHost: {}\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n", server.address);
    check(&server.send(&[head.as_bytes(), &chunk.repeat(17)].concat()), 413, "262144 bytes at most");
    let headers = format!("Host: {}\r\n{}", server.address, format!("X-Y: {}\r\n", "z".repeat(900)).repeat(60));
    let status = server.send(&post("/v1/check", &headers, b"")).status;
    assert!(matches!(status, 400 | 431), "{status}");
}

#[test]
fn slow_clients_are_let_go() {
    let limits =
        Limits { headers: Duration::from_millis(300), question: Duration::from_millis(300), ..Limits::default() };
    let server = Server::start(Policy::default(), Access::default(), limits);
    let started = Instant::now();
    let mut half = server.connect();
    half.write_all(b"POST /v1/check HTTP/1.1\r\nHost:").expect("it reads");
    let answer = Answer::read(&mut half);
    assert!(matches!(answer.status, 0 | 408), "{answer:?}");
    let head = format!("POST /v1/check HTTP/1.1\r\nHost: {}\r\n{JSON}Content-Length: 10\r\n\r\n{{", server.address);
    check(&server.send(head.as_bytes()), 408, "took too long");
    let mut silent = server.connect();
    assert_eq!(Answer::read(&mut silent).status, 0);
    assert!(started.elapsed() < Duration::from_secs(15));
}

#[test]
fn half_open_connections_do_not_keep_others_out() {
    let server = Server::plain();
    let half: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"POST /v1/check HTTP/1.1\r\nHo").expect("it reads");
            stream
        })
        .collect();
    check(&server.check("Your parcel left Lyon at noon."), 200, "pass");
    drop(half);
}

#[test]
fn a_crowd_is_told_to_come_again() {
    let server = Server::start(Policy::default(), Access::default(), Limits { questions: 1, ..Limits::default() });
    let address = server.address;
    let asking = thread::spawn(move || {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let request = post("/v1/check", &format!("Host: {address}\r\n{JSON}"), b"{\"text\": \"SLEEP\"}");
        stream.write_all(&request).expect("it reads");
        Answer::read(&mut stream)
    });
    thread::sleep(Duration::from_millis(250));
    let refused = server.check("All is well.");
    check(&refused, 503, "ask again");
    assert!(refused.head.contains("retry-after: 1"));
    check(&asking.join().expect("an answer"), 200, "pass");
    check(&server.check("All is well."), 200, "pass");
}

#[test]
fn who_never_ends_a_question_takes_no_place() {
    let server = Server::start(Policy::default(), Access::default(), Limits { questions: 1, ..Limits::default() });
    let head = format!("POST /v1/check HTTP/1.1\r\nHost: {}\r\n{JSON}Content-Length: 40000\r\n\r\n", server.address);
    let start = |n_bytes: usize| {
        let mut stream = server.connect();
        write!(stream, "{head}{}", " ".repeat(n_bytes)).expect("it reads");
        stream
    };
    let short: Vec<TcpStream> = (0..100).map(|_| start(10_000)).collect();
    let long = start(20_000);
    thread::sleep(Duration::from_millis(250));
    check(&server.check("All is well."), 200, "pass");
    // A second long one would take memory.
    check(&server.check(&"All is well. ".repeat(2000)), 503, "ask again");
    drop((short, long));
}

#[test]
fn only_who_bears_the_token_is_answered() {
    let token = Token::new("0123456789abcdef\n").expect("long enough");
    assert!(!format!("{token:?}").contains("0123"));
    let server =
        Server::start(Policy::default(), Access { token: Some(token), ..Access::default() }, Limits::default());
    let ask = |header: &str| server.ask("/v1/check", &format!("{JSON}{header}"), "{\"text\": \"Hello\"}");
    check(&ask(""), 401, "Authorization: Bearer");
    check(&ask("Authorization: Bearer 0123456789abcdeX\r\n"), 401, "");
    check(&ask("Authorization: Basic 0123456789abcdef\r\n"), 401, "");
    check(&ask("Authorization: Bearer 0123456789abcdef\r\nAuthorization: Bearer x\r\n"), 401, "");
    check(&ask("authorization: bearer 0123456789abcdef\r\n"), 200, "pass");
    let health = format!("GET /v1/health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address);
    check(&server.send(health.as_bytes()), 200, "\"status\":\"ok\"");
    assert!(Token::new("short").is_err() && Token::new("with spaces in between").is_err());
}

#[test]
fn only_listed_pages_may_ask() {
    let access = Access { origins: vec!["https://desk.example".to_owned()], ..Access::default() };
    let server = Server::start(Policy::default(), access, Limits::default());
    let ask = |origin: &str| server.ask("/v1/check", &format!("{JSON}Origin: {origin}\r\n"), "{\"text\": \"Hello\"}");
    let listed = ask("https://desk.example");
    check(&listed, 200, "pass");
    assert!(
        listed.head.contains("access-control-allow-origin: https://desk.example")
            && listed.head.contains("vary: origin")
    );
    check(&ask(&format!("http://{}", server.address)), 200, "pass");
    for origin in ["https://desk.example.evil.example", "http://desk.example", "null", "https://desk.example:444", ""] {
        check(&ask(origin), 403, "may not ask");
    }
    let preflight = |origin: &str| {
        let head = "OPTIONS /v1/check HTTP/1.1\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n";
        server.send(format!("{head}Host: {}\r\nOrigin: {origin}\r\n\r\n", server.address).as_bytes())
    };
    let allowed = preflight("https://desk.example");
    check(&allowed, 204, "");
    assert!(allowed.head.contains("access-control-allow-headers: authorization, content-type"), "{allowed:?}");
    check(&preflight("https://evil.example"), 403, "");
}

#[test]
fn only_our_own_names_are_answered() {
    let access = Access { hosts: vec!["hook.desk.example".to_owned()], ..Access::default() };
    let server = Server::start(Policy::default(), access, Limits::default());
    let ask = |host: &str| server.send(&post("/v1/check", &format!("{host}{JSON}"), b"{\"text\": \"Hello\"}")).status;
    for host in ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8077", "hook.desk.example:443"] {
        assert_eq!(ask(&format!("Host: {host}\r\n")), 200, "{host}");
    }
    for host in ["Host: evil.example\r\n", "Host: localhost.evil.example\r\n", "Host: localhost\r\nHost: x\r\n", ""] {
        assert!(matches!(ask(host), 400 | 421), "{host}");
    }
}

#[test]
fn a_public_address_needs_a_token() {
    let public = "0.0.0.0:0".parse().expect("an address");
    assert!(Access::default().objection(public).is_some_and(|it| it.contains("ABSOLVE_TOKEN")));
    let access = Access { token: Token::new("0123456789abcdef").ok(), ..Access::default() };
    assert_eq!(access.objection(public), None);
    assert_eq!(Access::default().objection("[::1]:0".parse().expect("an address")), None);
}

#[test]
fn a_question_that_is_being_answered_is_answered_before_the_end() {
    let mut server = Server::plain();
    let address = server.address;
    let asking = thread::spawn(move || {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let body = b"{\"text\": \"SLEEP. Sorry for the inconvenience.\"}";
        stream.write_all(&post("/v1/check", &format!("Host: {address}\r\n{JSON}"), body)).expect("it reads");
        Answer::read(&mut stream)
    });
    thread::sleep(Duration::from_millis(250));
    server.stop();
    check(&asking.join().expect("an answer"), 200, "\"verdict\":\"hold\"");
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn what_is_served_is_described() {
    let server = Server::plain();
    let get = |path: &str| {
        server.send(format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address).as_bytes())
    };
    let description = get("/openapi.json").json();
    let paths: Vec<&String> = description["paths"].as_object().expect("paths").keys().collect();
    assert_eq!(paths, ["/v1/check", "/v1/health", "/v1/rewrite"]);
    let page = get("/");
    check(&page, 200, "<title>Absolve</title>");
    assert!(page.head.contains("content-security-policy: default-src 'none'"));
    let urls: Vec<&str> = page.body.match_indices("http").map(|it| &page.body[it.0..]).collect();
    assert!(
        urls.iter().all(|it| it.starts_with("http://www.w3.org/2000/svg")),
        "the page needs nothing from elsewhere"
    );
}
