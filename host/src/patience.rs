//! How long requests wait.

use std::time::Duration;

/// How long a request may wait for its turn, at each place where it has to.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
