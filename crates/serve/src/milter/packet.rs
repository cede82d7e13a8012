//! The milter protocol's packets: four bytes of length (big-endian), one of command, the rest its data. A mail server sends
//! capital letters, a filter answers; the names in comments are those of Sendmail's `mfdef.h`.

use std::io::{self, Read, Write};

/// What a mail server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// `O`, SMFIC_OPTNEG: what it offers.
    Negotiate(Offer),
    /// `L`, SMFIC_HEADER: a header of the mail.
    Header { name: Vec<u8>, value: Vec<u8> },
    /// `N`, SMFIC_EOH: the headers end.
    EndOfHeaders,
    /// `B`, SMFIC_BODY: a piece of the body.
    Body(Vec<u8>),
    /// `E`, SMFIC_BODYEOB: the body ends, perhaps with a last piece. The verdict is due.
    End(Vec<u8>),
    /// `A`, SMFIC_ABORT: the mail is given up, the connection goes on.
    Abort,
    /// `D`, SMFIC_MACRO: what it knows of the connection. Never answered.
    Macros,
    /// `Q`, SMFIC_QUIT: the end.
    Quit,
    /// `K`, SMFIC_QUIT_NC: the end of this one; another follows on the same socket. Never answered.
    QuitForNew,
    /// The envelope and whatever may be invented: answered by “go on”.
    Other,
}

/// What a mail server can do: version 6 is the last there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub version: u32,
    /// What a filter may do to a mail.
    pub actions: u32,
    /// What it may leave out, and what need not be answered.
    pub protocol: u32,
}

/// SMFIF_ADDHDRS and SMFIF_CHGHDRS: we add headers, and take one out.
const ACTIONS: u32 = 0x01 | 0x10;
/// SMFIP_NOCONNECT, NOHELO, NOMAIL, NORCPT, NOUNKNOWN, NODATA: not for us.
const NOT_FOR_US: u32 = 0x01 | 0x02 | 0x04 | 0x08 | 0x100 | 0x200;
/// SMFIP_NR_HDR, NR_EOH, NR_BODY: we say nothing to these.
const NO_REPLY_TO_HEADER: u32 = 0x80;
const NO_REPLY_TO_END_OF_HEADERS: u32 = 0x4_0000;
const NO_REPLY_TO_BODY: u32 = 0x8_0000;

impl Offer {
    /// What we take of it.
    pub fn taken(self) -> Offer {
        let wanted = NOT_FOR_US | NO_REPLY_TO_HEADER | NO_REPLY_TO_END_OF_HEADERS | NO_REPLY_TO_BODY;
        Offer { version: self.version.min(6), actions: self.actions & ACTIONS, protocol: self.protocol & wanted }
    }

    /// Whether a command must be answered by “go on”.
    pub fn awaits(self, command: &Command) -> bool {
        let silent = match command {
            Command::Header { .. } => NO_REPLY_TO_HEADER,
            Command::EndOfHeaders => NO_REPLY_TO_END_OF_HEADERS,
            Command::Body(_) => NO_REPLY_TO_BODY,
            Command::Other => 0,
            _ => return false,
        };
        self.protocol & silent == 0
    }
}

/// What a filter answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// `O`: what we take of an offer.
    Negotiated(Offer),
    /// `c`, SMFIR_CONTINUE: go on.
    Continue,
    /// `a`, SMFIR_ACCEPT: send it.
    Accept,
    /// `y`, SMFIR_REPLYCODE: do not, and say this.
    Refuse(String),
    /// `h`, SMFIR_ADDHEADER.
    AddHeader { name: &'static str, value: String },
    /// `m`, SMFIR_CHGHEADER: takes out the first header of that name.
    TakeOut { name: &'static str },
}

/// A packet is never longer: bodies come in pieces of 64 KiB.
const LONGEST: u32 = 1 << 20;

/// The next command; `None` at the end of the stream.
pub(super) fn read(stream: &mut impl Read) -> io::Result<Option<Command>> {
    let mut length = [0; 4];
    match stream.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let length = u32::from_be_bytes(length);
    if length == 0 || length > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a packet of {length} bytes is no milter's")));
    }
    let mut packet = vec![0; length as usize];
    stream.read_exact(&mut packet)?;
    let data = packet.split_off(1);
    parse(packet[0], data).map(Some)
}

fn parse(command: u8, data: Vec<u8>) -> io::Result<Command> {
    Ok(match command {
        b'O' => Command::Negotiate(offer(&data)?),
        b'L' => {
            let mut parts = data.splitn(2, |it| *it == 0).map(<[u8]>::to_vec);
            let (name, mut value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            value.pop_if(|it| *it == 0);
            Command::Header { name, value }
        }
        b'N' => Command::EndOfHeaders,
        b'B' => Command::Body(data),
        b'E' => Command::End(data),
        b'A' => Command::Abort,
        b'D' => Command::Macros,
        b'Q' => Command::Quit,
        b'K' => Command::QuitForNew,
        _ => Command::Other,
    })
}

fn offer(data: &[u8]) -> io::Result<Offer> {
    let number = |at: usize| Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?));
    let offer = || Some(Offer { version: number(0)?, actions: number(4)?, protocol: number(8)? });
    offer()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "an offer of less than twelve bytes is no milter's"))
}

/// Writes an answer.
pub(super) fn write(stream: &mut impl Write, answer: &Answer) -> io::Result<()> {
    let (command, data) = match answer {
        Answer::Negotiated(Offer { version, actions, protocol }) => {
            (b'O', [version, actions, protocol].into_iter().flat_map(|it| it.to_be_bytes()).collect())
        }
        Answer::Continue => (b'c', Vec::new()),
        Answer::Accept => (b'a', Vec::new()),
        Answer::Refuse(words) => (b'y', [words.as_bytes(), b"\0"].concat()),
        Answer::AddHeader { name, value } => (b'h', [name.as_bytes(), b"\0", value.as_bytes(), b"\0"].concat()),
        Answer::TakeOut { name } => (b'm', [&1_u32.to_be_bytes(), name.as_bytes(), b"\0\0"].concat()),
    };
    let length = u32::try_from(data.len() + 1).map_err(|_| io::ErrorKind::InvalidInput)?;
    stream.write_all(&[&length.to_be_bytes(), [command].as_slice(), &data].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<Command>) {
        assert_eq!(read(&mut &*bytes).ok(), Some(expected), "{bytes:?}");
    }

    #[test]
    fn commands_are_read() {
        check(b"", None);
        check(b"\0\0\0\x01N", Some(Command::EndOfHeaders));
        check(b"\0\0\0\x06LTo\0a\0", Some(Command::Header { name: b"To".to_vec(), value: b"a".to_vec() }));
        check(b"\0\0\0\x03Bhi", Some(Command::Body(b"hi".to_vec())));
        check(b"\0\0\0\x03Ehi", Some(Command::End(b"hi".to_vec())));
        check(b"\0\0\0\x02Rx", Some(Command::Other));
        let offer = Offer { version: 6, actions: 0x1ff, protocol: 0x1f_ffff };
        check(b"\0\0\0\x0dO\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff", Some(Command::Negotiate(offer)));
    }

    #[test]
    fn what_is_no_packet_is_refused() {
        for bytes in [b"\0\0\0\0".as_slice(), b"\xff\xff\xff\xffO", b"\0\0\0\x09Lx", b"\0\0\0\x02Ox"] {
            assert!(read(&mut &*bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn no_more_is_taken_than_is_offered() {
        let taken = Offer { version: 2, actions: 0x01, protocol: 0x7f }.taken();
        assert_eq!(taken, Offer { version: 2, actions: 0x01, protocol: 0x0f });
        assert!(
            taken.awaits(&Command::EndOfHeaders) && taken.awaits(&Command::Other) && !taken.awaits(&Command::Macros)
        );
        let all = Offer { version: 6, actions: 0x1ff, protocol: 0x1f_ffff }.taken();
        assert!(!all.awaits(&Command::Body(Vec::new())) && all.awaits(&Command::Other));
    }

    #[test]
    fn answers_are_written() {
        let mut written = Vec::new();
        write(&mut written, &Answer::Refuse("550 5.7.1 no".to_owned())).expect("memory");
        write(&mut written, &Answer::AddHeader { name: "X", value: "y".to_owned() }).expect("memory");
        write(&mut written, &Answer::TakeOut { name: "X" }).expect("memory");
        assert_eq!(written, b"\0\0\0\x0ey550 5.7.1 no\0\0\0\0\x05hX\0y\0\0\0\0\x08m\0\0\0\x01X\0\0");
    }
}
