//! The frame that every message travels in: a 32-bit little-endian length, a JSON head of that length, then raw bytes.

use serde::{Deserialize, Serialize};

/// Why bytes are not a frame with the head that is expected.
#[derive(Debug)]
pub enum FrameError {
    /// The frame is shorter than the length it announces.
    Short,
    /// The head is another message, or no JSON.
    Head(serde_json::Error),
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
pub fn write_frame<T: Serialize>(head: &T, body: &[u8]) -> Result<Vec<u8>, FrameError> {
    let mut out = Vec::with_capacity(1024 + body.len());
    out.extend_from_slice(&[0; 4]);
    serde_json::to_writer(&mut out, head).map_err(FrameError::Head)?;
    let length = u32::try_from(out.len() - 4).map_err(|_| FrameError::Short)?;
    if let Some(announced) = out.first_chunk_mut() {
        *announced = length.to_le_bytes();
    }
    out.extend_from_slice(body);
    Ok(out)
}

/// The head and the body of a frame.
pub fn read_frame<'a, T: Deserialize<'a>>(frame: &'a [u8]) -> Result<(T, &'a [u8]), FrameError> {
    let (length, rest) = frame.split_first_chunk().ok_or(FrameError::Short)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| FrameError::Short)?;
    let (head, body) = rest.split_at_checked(length).ok_or(FrameError::Short)?;
    Ok((serde_json::from_slice(head).map_err(FrameError::Head)?, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_written() {
        let frame = write_frame(&["a"], b"\xff\x00").unwrap();
        assert_eq!(read_frame::<[&str; 1]>(&frame).unwrap(), (["a"], b"\xff\x00".as_slice()));
        assert!(matches!(read_frame::<[&str; 1]>(&frame[..5]), Err(FrameError::Short)));
        assert!(matches!(read_frame::<[&str; 1]>(b"\x01"), Err(FrameError::Short)));
        assert!(matches!(read_frame::<[u8; 1]>(&frame), Err(FrameError::Head(_))));
    }
}
