//! The log: one JSON object a line on standard error. What a person should read goes to standard
//! output instead.

use tracing_subscriber::EnvFilter;

/// Below `info` the database driver logs the values of every statement: passwords' hashes, session
/// ids, customers' data. No filter turns that on.
const NEVER: &str = "tokio_postgres=info";

/// `filter` has been checked by `config`; one that is wrong all the same falls back to `info`.
pub fn start(filter: &str) {
    let filter =
        EnvFilter::try_new(format!("{filter},{NEVER}")).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
