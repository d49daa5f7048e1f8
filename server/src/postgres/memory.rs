//! How much of the machine's memory the private PostgreSQL is given, decided when it is made.
//!
//! An eighth for its own cache: the rest of the machine is the system's cache, which holds the same
//! files, and the server itself needs little. `work_mem` is for one sort or hash: 16 MB hold the records of a
//! frequent word of five million contacts.

/// For the smallest machine, and for tests.
pub(super) const SMALLEST: &str = "
# Mainstay: a small server. Change what you like below; it is yours.
shared_buffers = 128MB
effective_cache_size = 512MB
work_mem = 8MB
";

const MB: u64 = 1024 * 1024;

pub(super) fn settings() -> String {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let machine = read("/proc/meminfo").and_then(|text| total(&text));
    // A container may have less than its machine.
    let container = read("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse().ok());
    match machine.into_iter().chain(container).min() {
        Some(bytes) => of(bytes),
        None => SMALLEST.to_owned(),
    }
}

fn of(bytes: u64) -> String {
    let mb = bytes / MB;
    if mb < 1_500 {
        return SMALLEST.to_owned();
    }
    let shared = (mb / 8).clamp(192, 4_096);
    let cached = mb / 2;
    format!(
        "
# Mainstay: for {mb} MB of memory. Change what you like below; it is yours.
shared_buffers = {shared}MB
effective_cache_size = {cached}MB
work_mem = 16MB
maintenance_work_mem = {}MB
",
        (mb / 16).clamp(64, 512)
    )
}

/// Bytes, of the text of `/proc/meminfo`.
fn total(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
    let kb: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kb * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_machine_gets_little_and_a_large_one_has_a_limit() {
        assert_eq!(of(1024 * MB), SMALLEST);
        assert!(of(4_096 * MB).contains("shared_buffers = 512MB"), "{}", of(4_096 * MB));
        assert!(of(256 * 1024 * MB).contains("shared_buffers = 4096MB"));
    }

    #[test]
    fn the_memory_of_a_machine() {
        assert_eq!(total("MemTotal:       2048 kB\nMemFree: 1 kB\n"), Some(2048 * 1024));
        assert_eq!(total("nothing"), None);
    }
}
