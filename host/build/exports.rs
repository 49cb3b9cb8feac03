//! Takes away the exports that the compiler adds for its own tools (`__data_end`, `__heap_base`): the module has
//! exactly those of the contract.

const EXPORT_SECTION: u8 = 7;

/// The module without exports that begin with `__`; `None` if it cannot be read.
pub(crate) fn keep_contract(module: &[u8]) -> Option<Vec<u8>> {
    let (header, mut rest) = module.split_at_checked(8)?;
    let mut out = header.to_vec();
    while let Some((id, tail)) = rest.split_first() {
        let (length, tail) = number(tail)?;
        let (section, tail) = tail.split_at_checked(length)?;
        let kept = if *id == EXPORT_SECTION { without_internals(section)? } else { section.to_vec() };
        out.push(*id);
        push_number(&mut out, kept.len());
        out.extend_from_slice(&kept);
        rest = tail;
    }
    Some(out)
}

fn without_internals(section: &[u8]) -> Option<Vec<u8>> {
    let (count, mut rest) = number(section)?;
    let mut kept = Vec::new();
    let mut kept_count = 0;
    for _ in 0..count {
        let entry = rest;
        let (length, tail) = number(rest)?;
        let (name, tail) = tail.split_at_checked(length)?;
        let (_kind, tail) = tail.split_first()?;
        let (_index, tail) = number(tail)?;
        if !name.starts_with(b"__") {
            kept_count += 1;
            kept.extend_from_slice(entry.get(..entry.len() - tail.len())?);
        }
        rest = tail;
    }
    let mut out = Vec::new();
    push_number(&mut out, kept_count);
    out.extend_from_slice(&kept);
    Some(out)
}

/// An unsigned LEB128 number and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

fn push_number(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let byte = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}
