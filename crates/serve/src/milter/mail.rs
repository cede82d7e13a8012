//! A mail, piece by piece, as a mail server hands it over.

/// A mail is never longer than this: what is, goes unjudged.
const LONGEST: usize = 32 << 20;

/// The header by which a helpdesk says why a mail is sent although it was held. It does not travel on.
pub(super) const OVERRIDE: &str = "X-Absolve-Override";

/// A mail on its way in.
#[derive(Clone, Debug, Default)]
pub(super) struct Mail {
    bytes: Vec<u8>,
    /// Why it is sent although it was held.
    pub override_reason: Option<String>,
    /// Whether it was longer than a mail may be.
    pub is_too_long: bool,
}

impl Mail {
    pub fn header(&mut self, name: &[u8], value: &[u8]) {
        if name.eq_ignore_ascii_case(OVERRIDE.as_bytes()) {
            self.override_reason.get_or_insert_with(|| String::from_utf8_lossy(value).trim().to_owned());
            return;
        }
        self.push(name);
        self.push(b": ");
        self.push(value.trim_ascii_start());
        self.push(b"\r\n");
    }

    pub fn end_headers(&mut self) {
        self.push(b"\r\n");
    }

    pub fn body(&mut self, piece: &[u8]) {
        self.push(piece);
    }

    /// The whole of it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn push(&mut self, piece: &[u8]) {
        self.is_too_long |= self.bytes.len() + piece.len() > LONGEST;
        if !self.is_too_long {
            self.bytes.extend_from_slice(piece);
        }
    }
}
