//! Frames: where a message begins and ends. Whatever comes, the reader finds the next message that is framed well.

use bytes::{Buf, BytesMut};
use memchr::memmem;
use tokio::io::{AsyncRead, AsyncReadExt};

/// A message may have so many bytes. Editors send whole documents, and none that is worth checking comes near.
const MOST_BODY: u64 = 128 * 1024 * 1024;

/// Headers may have so many bytes.
const MOST_HEADER: usize = 8 * 1024;

/// The header that says how long the message is, in lower case.
const LENGTH: &[u8] = b"content-length";

/// What stands between headers and message.
const END: &[u8] = b"\r\n\r\n";

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A message.
    Body(BytesMut),
    /// Bytes that are no message; why.
    Broken(String),
}

/// Where the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before a message.
    Header,
    /// Within bytes that are no headers; that has been told.
    Lost,
    /// Within a message of so many bytes.
    Body(usize),
    /// Within a message that is too long; so many bytes are to come.
    Skipped(u64),
}

/// Reads frames.
#[derive(Debug)]
pub(super) struct Frames<R> {
    input: R,
    buffer: BytesMut,
    place: Place,
    /// So many bytes of the buffer hold no end of headers.
    searched: usize,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    /// A reader that is before its first message.
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: BytesMut::new(), place: Place::Header, searched: 0 }
    }

    /// The next frame; `None` at the end of the input. Nothing is lost if the future is dropped.
    pub(super) async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.take() {
                return Some(frame);
            }
            self.buffer.reserve(16 * 1024);
            match self.input.read_buf(&mut self.buffer).await {
                Ok(0) => {
                    if !self.buffer.is_empty() {
                        tracing::warn!("the input ends within a message");
                    }
                    return None;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the input cannot be read");
                    return None;
                }
            }
        }
    }

    /// The next frame of what was read already.
    fn take(&mut self) -> Option<Frame> {
        loop {
            match self.place {
                Place::Header | Place::Lost => match self.header()? {
                    Ok(()) => {}
                    Err(frame) => return Some(frame),
                },
                Place::Body(length) => {
                    if let Some(broken) = self.cut_short(length) {
                        return Some(broken);
                    }
                    if self.buffer.len() < length {
                        return None;
                    }
                    self.go_on(Place::Header);
                    return Some(Frame::Body(self.buffer.split_to(length)));
                }
                Place::Skipped(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(self.buffer.len());
                    if let Some(broken) = self.cut_short(here) {
                        return Some(broken);
                    }
                    // Headers may have begun at the end of what is here.
                    let gone = if here as u64 == left { here } else { here.saturating_sub(MOST_HEADER) };
                    self.buffer.advance(gone);
                    let left = left - gone as u64;
                    if left > 0 {
                        self.place = Place::Skipped(left);
                        self.searched = self.searched.saturating_sub(gone);
                        return None;
                    }
                    self.go_on(Place::Header);
                }
            }
        }
    }

    fn go_on(&mut self, place: Place) {
        self.place = place;
        self.searched = 0;
    }

    /// Reads headers. `None` if they are not all here, an error frame if they are none.
    fn header(&mut self) -> Option<Result<(), Frame>> {
        let lost = self.place == Place::Lost;
        let blank = self.buffer.iter().take_while(|it| it.is_ascii_whitespace()).count();
        self.buffer.advance(blank);
        let Some(end) = end_of_headers(&self.buffer) else {
            if self.buffer.len() <= MOST_HEADER {
                return None;
            }
            let gone = self.buffer.len() - LENGTH.len() - END.len();
            self.buffer.advance(gone);
            self.go_on(Place::Lost);
            return if lost { None } else { Some(Err(Frame::Broken("headers without an end".to_owned()))) };
        };
        let headers = self.buffer.split_to(end);
        let Some((at, length)) = length(&headers) else {
            self.go_on(Place::Lost);
            return Some(if lost {
                Ok(())
            } else {
                Err(Frame::Broken("headers without a `Content-Length` that is a number".to_owned()))
            });
        };
        if length > MOST_BODY {
            self.go_on(Place::Skipped(length));
            return Some(Err(Frame::Broken(format!(
                "a message of {length} bytes; {MOST_BODY} are the most that are read"
            ))));
        }
        self.go_on(Place::Body(usize::try_from(length).unwrap_or(usize::MAX)));
        let before = headers.get(..at).unwrap_or_default();
        if lost || before.is_empty() || before.ends_with(b"\n") {
            return Some(Ok(()));
        }
        Some(Err(Frame::Broken("bytes between two messages".to_owned())))
    }

    /// Looks for headers within the first `length` bytes of a message. JSON has no line ends within texts and no such
    /// words between them, so these headers begin the next message, and this one is shorter than it said.
    fn cut_short(&mut self, length: usize) -> Option<Frame> {
        let mut at = self.searched.saturating_sub(END.len());
        let here = self.buffer.len().min(length);
        while let Some(found) = self.buffer.get(at..here).and_then(|it| memmem::find(it, END)) {
            at += found + END.len();
            let start = at.saturating_sub(MOST_HEADER);
            let Some((begin, _)) = self.buffer.get(start..at).and_then(length_line) else { continue };
            self.buffer.advance(start + begin);
            self.go_on(Place::Header);
            return Some(Frame::Broken("a message that is shorter than its `Content-Length`".to_owned()));
        }
        self.searched = self.buffer.len();
        None
    }
}

/// Behind the first empty line.
fn end_of_headers(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|it| memchr::memchr(b'\n', it)) {
        at += found + 1;
        match bytes.get(at..) {
            Some([b'\n', ..]) => return Some(at + 1),
            Some([b'\r', b'\n', ..]) => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// The last length in headers, and where it begins.
fn length(headers: &[u8]) -> Option<(usize, u64)> {
    let at = headers.windows(LENGTH.len()).rposition(|it| it.eq_ignore_ascii_case(LENGTH))?;
    let value = headers.get(at + LENGTH.len()..)?.trim_ascii_start().strip_prefix(b":")?;
    let line = value.split(|it| *it == b'\n').next()?;
    Some((at, std::str::from_utf8(line.trim_ascii()).ok()?.parse().ok()?))
}

/// The same where headers must end the bytes: between the length and the end is nothing but other headers.
fn length_line(bytes: &[u8]) -> Option<(usize, u64)> {
    let found = length(bytes)?;
    let behind = bytes.get(found.0..bytes.len().checked_sub(END.len())?)?;
    let mut lines = behind.split(|it| *it == b'\n');
    lines.all(|it| it.contains(&b':') && !it.contains(&b'"')).then_some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// All frames of an input that comes in pieces of this size.
    fn read(input: &[u8], piece: usize) -> Vec<Frame> {
        let mut frames = Frames::new(&b""[..]);
        let mut all = Vec::new();
        for piece in input.chunks(piece) {
            frames.buffer.extend_from_slice(piece);
            all.extend(std::iter::from_fn(|| frames.take()));
        }
        all
    }

    /// The messages among them, with `?` for what is broken.
    fn bodies(input: &[u8], piece: usize) -> Vec<String> {
        let text = |it: Frame| match it {
            Frame::Body(it) => String::from_utf8_lossy(&it).into_owned(),
            Frame::Broken(_) => "?".to_owned(),
        };
        read(input, piece).into_iter().map(text).collect()
    }

    #[test]
    fn headers_are_read_as_http_reads_them() {
        for headers in [
            "Content-Length: 4\r\n\r\n",
            "content-length: 4\r\n\r\n",
            "CONTENT-LENGTH:4\r\n\r\n",
            "Content-Type: application/vscode-jsonrpc\r\nContent-Length:   4  \r\n\r\n",
            "Content-Length: 4\r\nContent-Type: x; charset=latin1\r\n\r\n",
            "Content-Length: 4\n\n",
            "Content-length : 4\r\n\r\n",
        ] {
            for piece in [1, 3, 1000] {
                assert_eq!(bodies(format!("{headers}true{headers}null").as_bytes(), piece), ["true", "null"]);
            }
        }
    }

    #[test]
    fn what_is_no_message_is_passed_over() {
        let next = frame("{}");
        for (broken, expected) in [
            ("rubbish", &["?", "{}", "{}"][..]),
            ("Length: 4\r\n\r\nnull", &["?", "{}", "{}"]),
            ("Content-Length: many\r\n\r\nnull", &["?", "{}", "{}"]),
            ("Content-Length: -1\r\n\r\nnull", &["?", "{}", "{}"]),
            ("Content-Length: 99999999999999999999999\r\n\r\nnull", &["?", "{}", "{}"]),
            ("Content-Length: 99999999999\r\n\r\nnull", &["?", "?", "{}", "{}"]),
            ("Content-Length: 99999999999\r\n\r\n", &["?", "?", "{}", "{}"]),
            ("Content-Length: 2000\r\n\r\nnull", &["?", "{}", "{}"]),
            ("Content-Length: 2\r\n\r\nnull", &["nu", "?", "{}", "{}"]),
            ("Content-Length: 0\r\n\r\n", &["", "{}", "{}"]),
            ("\r\n\r\n", &["{}", "{}"]),
        ] {
            for piece in [1, 7, 10_000] {
                assert_eq!(
                    bodies(format!("{broken}{next}{next}").as_bytes(), piece),
                    expected,
                    "{broken:?} by {piece}"
                );
            }
        }
    }

    #[test]
    fn rubbish_takes_no_memory() {
        for byte in [b'x', b'\n', b'\0'] {
            let mut frames = Frames::new(&b""[..]);
            for _ in 0..1000 {
                frames.buffer.extend_from_slice(&[byte; 1000]);
                while frames.take().is_some() {}
                assert!(frames.buffer.len() <= MOST_HEADER + 1000);
            }
            frames.buffer.extend_from_slice(frame("{}").as_bytes());
            let last = std::iter::from_fn(|| frames.take()).last();
            assert_eq!(last, Some(Frame::Body(BytesMut::from("{}"))));
        }
    }

    #[test]
    fn a_message_that_is_too_long_is_passed_over() {
        let length = MOST_BODY + 5;
        let mut frames = Frames::new(&b""[..]);
        frames.buffer.extend_from_slice(format!("Content-Length: {length}\r\n\r\n").as_bytes());
        assert!(matches!(frames.take(), Some(Frame::Broken(_))));
        let mut left = length;
        while left > 0 {
            let piece = left.min(1 << 20);
            frames.buffer.resize(frames.buffer.len() + usize::try_from(piece).unwrap(), b' ');
            assert_eq!(frames.take(), None);
            assert!(frames.buffer.len() <= MOST_HEADER + (1 << 20));
            left -= piece;
        }
        frames.buffer.extend_from_slice(frame("{}").as_bytes());
        assert_eq!(frames.take(), Some(Frame::Body(BytesMut::from("{}"))));
    }

    #[test]
    fn headers_in_a_text_are_text() {
        let body = r#"{"text":"Content-Length: 5\r\n\r\n{}","more":"\"Content-Length: 5\r\n\r\n"}"#;
        let spread = "{\r\n\r\n\"Content-Length\": 5\r\n\r\n}";
        for body in [body, spread] {
            for piece in [1, 5, 1000] {
                assert_eq!(bodies((frame(body) + &frame("{}")).as_bytes(), piece), [body, "{}"]);
            }
        }
    }

    proptest! {
        /// However the bytes are cut, the messages are the same; and a message behind rubbish is found.
        #[test]
        fn pieces_do_not_matter(
            parts in prop::collection::vec("[a\r\n:{}]{0,9}|Content-Length: [0-9]{1,3}\r\n|\r\n\r\n", 0..9),
        ) {
            let input = parts.concat() + "\r\n\r\n" + &frame("[1]") + &frame("[2]") + &frame("[3]");
            let whole = bodies(input.as_bytes(), input.len());
            prop_assert_eq!(&bodies(input.as_bytes(), 1), &whole);
            prop_assert_eq!(whole.last().map(String::as_str), Some("[3]"));
        }
    }
}
