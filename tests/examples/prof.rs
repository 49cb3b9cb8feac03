//! profile
use latchkey_core::Policy;
use latchkey_tests::decision::key_generate;
use std::time::Instant;
fn main() {
    let n: u32 = std::env::args().nth(1).map_or(1000, |n| n.parse().unwrap());
    let d = key_generate().unwrap();
    let p = Policy::configure(&d.settings).0.unwrap();
    if std::env::args().nth(2).is_some() {
        for f in &d.frames {
            println!("{}\n=> {}\n", String::from_utf8_lossy(f), String::from_utf8_lossy(&p.handle(f)));
        }
        return;
    }
    let mut each = vec![Vec::new(); d.frames.len()];
    for _ in 0..n {
        for (i, f) in d.frames.iter().enumerate() {
            let s = Instant::now();
            std::hint::black_box(p.handle(std::hint::black_box(f)));
            each[i].push(s.elapsed().as_nanos());
        }
    }
    for e in &mut each {
        e.sort();
        println!("{}", e[e.len() / 2]);
    }
}
