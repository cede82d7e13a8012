//! Frames of the base protocol: headers, an empty line, a body. Reads what sloppy clients write.

use std::io::{self, BufRead, Read, Write};

/// The largest body that is read: a document of 50 MB, each of its letters written as `\u00e9`.
pub const LARGEST_BODY: u64 = 320 << 20;

/// The longest header line, and the most of them, before a stream is no stream of frames.
const LONGEST_LINE: u64 = 8 << 10;
const MOST_HEADERS: usize = 64;

/// What stood in a stream.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// A body, whole.
    Body(Vec<u8>),
    /// Headers without a length: nothing can be said of what follows, so reading goes on with the next line.
    NoLength,
    /// More than [`LARGEST_BODY`], or headers without end: what follows cannot be made sense of.
    Hopeless(&'static str),
    /// The other side is gone.
    End,
}

/// Reads one frame.
pub fn read_frame(input: &mut impl BufRead) -> io::Result<Frame> {
    let mut length = None;
    for n_headers in 0..MOST_HEADERS {
        let mut line = Vec::new();
        let n_bytes = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if n_bytes == 0 {
            return Ok(Frame::End);
        }
        if !line.ends_with(b"\n") {
            return Ok(if n_bytes as u64 == LONGEST_LINE {
                Frame::Hopeless("a header without end")
            } else {
                Frame::End
            });
        }
        match header(&line) {
            Header::Length(n) => length = Some(n),
            Header::Other => {}
            Header::Empty if n_headers == 0 => return Ok(Frame::NoLength),
            Header::Empty => return read_body(input, length),
        }
    }
    Ok(Frame::Hopeless("headers without end"))
}

/// Writes one frame, in one go: a client wakes once for it.
pub fn write_frame(output: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    frame.extend_from_slice(body);
    output.write_all(&frame)?;
    output.flush()
}

enum Header {
    Length(u64),
    Other,
    Empty,
}

fn header(line: &[u8]) -> Header {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Header::Empty;
    }
    let line = String::from_utf8_lossy(line);
    match line.split_once(':') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("content-length") => {
            value.trim().parse().map_or(Header::Other, Header::Length)
        }
        _ => Header::Other,
    }
}

/// A body is read piece by piece: a length that lies takes no memory.
fn read_body(input: &mut impl Read, length: Option<u64>) -> io::Result<Frame> {
    let Some(length) = length else { return Ok(Frame::NoLength) };
    if length > LARGEST_BODY {
        return Ok(Frame::Hopeless("a message larger than any document"));
    }
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body)?;
    Ok(if body.len() as u64 == length { Frame::Body(body) } else { Frame::End })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mut stream: &[u8], expected: &[Frame]) {
        for frame in expected {
            assert_eq!(read_frame(&mut stream).expect("memory can be read"), *frame);
        }
    }

    fn body(text: &str) -> Frame {
        Frame::Body(text.as_bytes().to_vec())
    }

    #[test]
    fn headers_may_come_in_any_case_and_number() {
        check(b"Content-Length: 2\r\n\r\n{}content-length:3\n\n[1]", &[body("{}"), body("[1]"), Frame::End]);
        check(b"A: 1\r\nContent-Type: x\r\nCONTENT-LENGTH: 2\r\nB: 2\r\n\r\n{}", &[body("{}"), Frame::End]);
        check(b"Content-Length: 0\r\n\r\nContent-Length: 1\r\n\r\n1", &[body(""), body("1")]);
    }

    #[test]
    fn what_is_no_frame_is_passed_over() {
        check(b"noise\r\n\r\nContent-Length: 2\r\n\r\n{}", &[Frame::NoLength, body("{}")]);
        check(b"\r\n\r\nContent-Length: 2\r\n\r\n{}", &[Frame::NoLength, Frame::NoLength, body("{}")]);
        check(b"Content-Length: x\r\n\r\nContent-Length: 2\r\n\r\n{}", &[Frame::NoLength, body("{}")]);
        check(b"Content-Length: 9\r\n\r\n{}", &[Frame::End]);
        check(b"Content-Length: 10000000000\r\n\r\n", &[Frame::Hopeless("a message larger than any document")]);
        check(&[b'x'; 9000], &[Frame::Hopeless("a header without end")]);
        check(&b"a: 1\r\n".repeat(64), &[Frame::Hopeless("headers without end")]);
    }
}
