//! The server to compare with: an axum handler that returns fixed bytes and does nothing else.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::any;
use std::process::ExitCode;

/// `bench bare FILE`: serves the bytes of FILE on a port the system chooses, which it prints.
pub(crate) fn main() -> ExitCode {
    let bytes = std::env::args().nth(2).and_then(|file| std::fs::read(file).ok());
    bytes.and_then(|bytes| serve(bytes).ok()).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn serve(bytes: Vec<u8>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let handler = move || {
        let bytes = bytes.clone();
        async move { ([(CONTENT_TYPE, "application/json")], bytes) }
    };
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        println!("{}", listener.local_addr()?.port());
        axum::serve(listener, Router::new().fallback(any(handler))).await
    })
}
