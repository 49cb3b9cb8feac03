//! The frame that every message travels in: a 32-bit little-endian length, a JSON head of that length, then raw bytes.

/// A frame too short for the length it announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameError;

impl std::fmt::Display for FrameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("frame is shorter than the length it announces")
    }
}

/// Joins a head and a body into a frame.
pub fn join(head: &[u8], body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(4 + head.len() + body.len());
    out.extend_from_slice(&u32::try_from(head.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(head);
    out.extend_from_slice(body);
    out
}

/// Splits a frame into its head and its body.
pub fn split(frame: &[u8]) -> Result<(&[u8], &[u8]), FrameError> {
    let (length, rest) = frame.split_first_chunk::<4>().ok_or(FrameError)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| FrameError)?;
    rest.split_at_checked(length).ok_or(FrameError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_splits_into_what_was_joined() {
        let frame = join(b"{}", b"\xff\x00");
        assert_eq!(split(&frame), Ok((b"{}".as_slice(), b"\xff\x00".as_slice())));
        assert_eq!(split(&frame[..5]), Err(FrameError));
        assert_eq!(split(b"\x01"), Err(FrameError));
    }
}
