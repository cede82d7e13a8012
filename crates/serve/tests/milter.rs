//! The hook as a mail server sees it: packets over a real socket.

mod common;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread,
    time::Duration,
};

use absolve_core::gate::{Fail, Policy};
use absolve_serve::{judge::Judge, milter::listen};
use common::Tester;

fn start(policy: Policy) -> SocketAddr {
    let listening = listen("127.0.0.1:0".parse().expect("an address"), false).expect("there is a port");
    let address = listening.address().expect("it has one");
    let judge: Arc<dyn Judge> = Arc::new(Tester(policy));
    thread::spawn(move || listening.serve(&judge));
    address
}

/// A mail server's side of a connection.
struct MailServer(TcpStream);

impl MailServer {
    fn connect(address: SocketAddr) -> MailServer {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
        let mut server = MailServer(stream);
        server.say(b'O', b"\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff");
        assert_eq!(server.hear().0, b'O');
        server
    }

    fn say(&mut self, command: u8, data: &[u8]) {
        let length = u32::try_from(data.len() + 1).expect("small").to_be_bytes();
        self.0.write_all(&[&length, [command].as_slice(), data].concat()).expect("it reads");
    }

    fn hear(&mut self) -> (u8, String) {
        let mut length = [0; 4];
        self.0.read_exact(&mut length).expect("it answers");
        let mut packet = vec![0; u32::from_be_bytes(length) as usize];
        self.0.read_exact(&mut packet).expect("it answers");
        (packet[0], String::from_utf8_lossy(&packet[1..]).into_owned())
    }

    /// Sends a mail; what is answered, up to the last word.
    fn mail(&mut self, headers: &[(&str, &str)], body: &str) -> Vec<(u8, String)> {
        self.say(b'D', b"Mi\0x\0");
        for (name, value) in headers {
            self.say(b'L', format!("{name}\0{value}\0").as_bytes());
        }
        self.say(b'N', b"");
        let (first, last) = body.split_at(body.len() / 2);
        self.say(b'B', first.as_bytes());
        self.say(b'E', last.as_bytes());
        let mut answers = vec![self.hear()];
        while !matches!(answers.last(), Some((b'a' | b'c' | b'y' | b't' | b'r', _))) {
            answers.push(self.hear());
        }
        answers
    }
}

const PLAIN: [(&str, &str); 3] =
    [("From", "ana@desk.example"), ("Subject", "Re: Parcel"), ("Content-Type", "text/plain; charset=utf-8")];

#[track_caller]
fn check(policy: Policy, headers: &[(&str, &str)], body: &str, expected: &[(u8, &str)]) {
    let answers = MailServer::connect(start(policy)).mail(&[&PLAIN, headers].concat(), body);
    let is_it =
        |(answer, expected): (&(u8, String), &(u8, &str))| answer.0 == expected.0 && answer.1.contains(expected.1);
    assert!(answers.len() == expected.len() && answers.iter().zip(expected).all(is_it), "{answers:?} of {body}");
}

#[test]
fn mails_are_held_with_the_way_out_in_their_language() {
    check(
        Policy::default(),
        &[],
        "Sorry for the inconvenience.\r\n",
        &[(b'y', "550 5.7.1 Not sent. \"Sorry for the inconvenience\"")],
    );
    check(
        Policy::default(),
        &[],
        "Désolés pour la gêne occasionnée.\r\n",
        &[(b'y', "550 5.7.1 Reponse non envoyee. \"")],
    );
    check(
        Policy::default(),
        &[],
        "Hello %{name}, your parcel left.\r\n",
        &[(b'y', "\"%%{name}\" was left to fill in")],
    );
}

#[test]
fn what_could_be_better_bears_a_header() {
    check(
        Policy::default(),
        &[],
        "We will send it as soon as possible.\r\n",
        &[(b'h', "X-Absolve\0suggest (vague-timing)\0"), (b'a', "")],
    );
    check(Policy::default(), &[], "Your parcel left Lyon at noon.\r\n", &[(b'a', "")]);
}

#[test]
fn what_others_wrote_is_not_looked_at() {
    let quoted = "All is well.\r\n\r\nOn Mon, Jan 5, 2026 at 10:00 AM Ana <ana@x.example> wrote:\r\n> Sorry for the inconvenience.\r\n";
    check(Policy::default(), &[], quoted, &[(b'a', "")]);
}

#[test]
fn a_mail_is_read_as_it_is_written() {
    let base64 = [("Content-Transfer-Encoding", "base64"), ("MIME-Version", "1.0")];
    check(
        Policy::default(),
        &base64,
        "U29ycnkgZm9yIHRoZSBpbmNvbnZlbmllbmNlLg==\r\n",
        &[(b'y', "Sorry for the inconvenience")],
    );
}

#[test]
fn a_reason_in_a_header_lets_it_pass_and_does_not_travel() {
    check(
        Policy::default(),
        &[("X-Absolve-Override", "the customer asked")],
        "Sorry for the inconvenience.\r\n",
        &[
            (b'h', "X-Absolve\0overridden (inconvenience-apology)\0"),
            (b'm', "\0\0\0\u{1}X-Absolve-Override\0\0"),
            (b'a', ""),
        ],
    );
}

#[test]
fn mail_flows_where_it_cannot_be_judged_unless_the_team_wants_it_held() {
    let slow = Policy { time_box: 100, ..Policy::default() };
    let unjudged: &[(u8, &str)] = &[(b'h', "X-Absolve\0unjudged\0"), (b'a', "")];
    check(slow.clone(), &[], "SLEEP\r\n", unjudged);
    check(Policy { time_box: 20_000, ..Policy::default() }, &[], "PANIC\r\n", unjudged);
    check(Policy { fail: Fail::Closed, ..slow }, &[], "SLEEP\r\n", &[(b'y', "550 5.7.1 no verdict within 100 ms")]);
}

#[test]
fn a_connection_carries_many_mails() {
    let mut server = MailServer::connect(start(Policy::default()));
    for _ in 0..3 {
        assert_eq!(server.mail(&PLAIN, "Sorry for the inconvenience.\r\n")[0].0, b'y');
        server.say(b'L', b"Subject\0Sorry for the inconvenience\0");
        server.say(b'A', b"");
        assert_eq!(server.mail(&PLAIN, "Your parcel left Lyon at noon.\r\n")[0].0, b'a');
    }
    server.say(b'Q', b"");
    assert_eq!(server.0.read(&mut [0]).expect("it closes"), 0);
}

#[test]
fn what_is_no_milter_is_cut_off_and_others_are_not() {
    let address = start(Policy::default());
    let mut stranger = TcpStream::connect(address).expect("it listens");
    stranger.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("it reads");
    stranger.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
    // Closed, or reset because not all of it was read.
    assert!(!matches!(stranger.read(&mut [0]), Ok(1..)));
    assert_eq!(MailServer::connect(address).mail(&PLAIN, "Hello.\r\n")[0].0, b'a');
}

#[test]
fn other_machines_must_be_wanted() {
    let public = "0.0.0.0:0".parse().expect("an address");
    assert!(listen(public, false).is_err_and(|it| it.contains("--allow-remote")));
    assert!(listen(public, true).is_ok());
}
