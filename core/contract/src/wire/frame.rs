//! The frame that every message travels in: a 32-bit little-endian length, a JSON head of that length, then raw bytes.

use super::{Message, of_text};
use crate::json::ReadError;

/// Why bytes are not a frame with the head that is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameError {
    /// The frame is shorter than the length it announces.
    Short,
    /// The head is another message, or no JSON.
    Head(ReadError),
}

impl std::fmt::Display for FrameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Short => f.write_str("frame is shorter than the length it announces"),
            Self::Head(error) => write!(f, "head of the frame cannot be read: {error}"),
        }
    }
}

impl std::error::Error for FrameError {}

/// A frame with this head and this body.
pub fn write_frame(head: &impl Message, body: &[u8]) -> Vec<u8> {
    let mut out = String::with_capacity(1024 + body.len());
    // room for the length
    out.push_str("\0\0\0\0");
    head.write(&mut out);
    let mut frame = out.into_bytes();
    let length = u32::try_from(frame.len() - 4).unwrap_or(u32::MAX);
    if let Some(announced) = frame.first_chunk_mut() {
        *announced = length.to_le_bytes();
    }
    frame.extend_from_slice(body);
    frame
}

/// The head and the body of a frame.
pub fn read_frame<T: Message>(frame: &[u8]) -> Result<(T, &[u8]), FrameError> {
    let (length, rest) = frame.split_first_chunk().ok_or(FrameError::Short)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| FrameError::Short)?;
    let (head, body) = rest.split_at_checked(length).ok_or(FrameError::Short)?;
    Ok((of_text(head).map_err(FrameError::Head)?, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_written() {
        let head = vec!["a".to_owned()];
        let frame = write_frame(&head, b"\xff\x00");
        assert_eq!(read_frame(&frame), Ok((head, b"\xff\x00".as_slice())));
        assert_eq!(read_frame::<Vec<String>>(&frame[..5]), Err(FrameError::Short));
        assert_eq!(read_frame::<Vec<String>>(b"\x01"), Err(FrameError::Short));
        assert!(matches!(read_frame::<Vec<i64>>(&frame), Err(FrameError::Head(_))));
    }
}
