//! The plain exports, and the allocator beneath them: all unsafe code of the module.
//!
//! A call allocates from an arena that only grows; `free` empties it down to the mark that `configure` left. This is
//! faster than a general allocator and cannot leak, and it rests on one habit of the rules: they keep nothing on the
//! heap between calls except the policy itself.

#![allow(unsafe_code, reason = "raw memory of the shell and the allocator; each block says why it is sound")]

use latchkey_contract::ABI_VERSION;
use latchkey_contract::json::{Json, write};
use latchkey_core::Policy;
use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::sync::Mutex;

const PAGE: usize = 65_536;

#[global_allocator]
static ARENA: Arena = Arena(UnsafeCell::new(Marks { next: 0, end: 0, mark: 0 }));

static POLICY: Mutex<Option<Policy>> = Mutex::new(None);

/// A region of linear memory that is handed out from the bottom up.
struct Arena(UnsafeCell<Marks>);

/// Addresses: the first free byte, the first byte beyond the region, and where a reset returns to.
struct Marks {
    next: usize,
    end: usize,
    mark: usize,
}

// SAFETY: a module without the threads feature runs on one thread at a time.
unsafe impl Sync for Arena {}

impl Arena {
    /// The address of `size` free bytes, or `None` when memory cannot grow.
    fn take(&self, size: usize, align: usize) -> Option<usize> {
        // SAFETY: one thread, and no reference into the cell outlives the function that took it.
        let marks = unsafe { &mut *self.0.get() };
        let start = marks.next.checked_add(align - 1)? & !(align - 1);
        let next = start.checked_add(size)?;
        if next > marks.end {
            return self.grow(size, align);
        }
        marks.next = next;
        Some(start)
    }

    #[cold]
    fn grow(&self, size: usize, align: usize) -> Option<usize> {
        // SAFETY: as in `take`, whose own reference is not used again after this call.
        let marks = unsafe { &mut *self.0.get() };
        let pages = size.checked_add(align)?.div_ceil(PAGE);
        let before = std::arch::wasm32::memory_grow::<0>(pages);
        if before == usize::MAX {
            return None;
        }
        let start = before * PAGE;
        if marks.end != start {
            // the first region, or the shell grew the memory beside us: what is left of the old one is lost
            marks.next = start;
        }
        // the last page of 4 GiB ends beyond the address space and stays unused
        marks.end = start.checked_add(pages * PAGE)?;
        self.take(size, align)
    }

    fn mark(&self) {
        // SAFETY: as in `take`.
        let marks = unsafe { &mut *self.0.get() };
        marks.mark = marks.next;
    }

    fn reset(&self) {
        // SAFETY: as in `take`.
        let marks = unsafe { &mut *self.0.get() };
        if marks.mark != 0 {
            marks.next = marks.mark;
        }
    }
}

// SAFETY: `take` gives disjoint aligned blocks of memory that exists, and a block is only given again after the last
// one was returned, or after `free`, when no call is under way.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout.size(), layout.align()).map_or(std::ptr::null_mut(), |address| address as *mut u8)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as in `take`.
        let marks = unsafe { &mut *self.0.get() };
        if block as usize + layout.size() == marks.next && block as usize >= marks.mark {
            marks.next = block as usize;
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as in `take`.
        let marks = unsafe { &mut *self.0.get() };
        let address = block as usize;
        if address >= marks.mark && address + layout.size() == marks.next && size <= marks.end - address {
            marks.next = address + size;
            return block;
        }
        if size <= layout.size() {
            return block;
        }
        let Some(moved) = self.take(size, layout.align()) else { return std::ptr::null_mut() };
        // SAFETY: the new block is larger than the old one, and both are live and apart.
        unsafe { std::ptr::copy_nonoverlapping(block, moved as *mut u8, layout.size()) };
        moved as *mut u8
    }
}

/// Gives bytes to the shell: where they are in the high half, how many in the low half. They stay until `free`.
fn give(bytes: Vec<u8>) -> u64 {
    let bytes = bytes.leak();
    ((bytes.as_ptr() as u64) << 32) | bytes.len() as u64
}

/// The `len` bytes that the shell wrote at `ptr`.
fn input<'a>(ptr: *const u8, len: usize) -> &'a [u8] {
    // SAFETY: the shell passes what `alloc` gave it and does not touch it before the call returns. Memory beyond the
    // end traps; any other address reads initialised memory, so that a careless shell gets nonsense, not corruption.
    unsafe { std::slice::from_raw_parts(ptr, len) }
}

/// Gives a value as JSON text.
fn give_json(value: &Json) -> u64 {
    give(write(value).into_bytes())
}

/// Runs `question` on the policy; without one the shell broke the contract, and the call traps.
fn ask(question: impl FnOnce(&Policy) -> u64) -> u64 {
    let policy = POLICY.lock();
    match policy.as_deref() {
        Ok(Some(policy)) => question(policy),
        _ => std::process::abort(),
    }
}

// SAFETY, for every `no_mangle` here: no other symbol of the module has the name.

/// The version of this contract.
#[unsafe(no_mangle)]
extern "C" fn abi_version() -> u32 {
    ABI_VERSION
}

/// Room for `len` bytes of input; traps when memory is used up.
#[unsafe(no_mangle)]
extern "C" fn alloc(len: usize) -> *mut u8 {
    match ARENA.take(len, 16) {
        Some(address) => address as *mut u8,
        None => std::process::abort(),
    }
}

/// Ends a call: its input and its output are gone, wherever `_ptr` points.
#[unsafe(no_mangle)]
extern "C" fn free(_ptr: *mut u8, _len: usize) {
    ARENA.reset();
}

/// Reads the settings, keeps the policy, and gives the report.
#[unsafe(no_mangle)]
extern "C" fn configure(ptr: *const u8, len: usize) -> u64 {
    let (policy, report) = Policy::configure(input(ptr, len));
    if let Ok(mut kept) = POLICY.lock() {
        *kept = policy;
    }
    let report = give(report);
    ARENA.mark();
    report
}

/// Decides one request: a frame with a call in, a frame with a step out.
#[unsafe(no_mangle)]
extern "C" fn handle(ptr: *const u8, len: usize) -> u64 {
    ask(|policy| give(policy.handle(input(ptr, len))))
}

/// Judges a request without a store.
#[unsafe(no_mangle)]
extern "C" fn check(ptr: *const u8, len: usize) -> u64 {
    ask(|policy| give_json(&policy.check(input(ptr, len))))
}

/// What a caller may enter.
#[unsafe(no_mangle)]
extern "C" fn describe(ptr: *const u8, len: usize) -> u64 {
    ask(|policy| give_json(&policy.describe(input(ptr, len))))
}
