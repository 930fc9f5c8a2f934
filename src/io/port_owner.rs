//! The process that listens on a port, for an error message. Known on Linux only.

/// Returns the name and the id of a process that listens on a TCP port, such as `node (process
/// 123)`; `None` if it is unknown, for example because it belongs to another user.
#[cfg(target_os = "linux")]
pub(super) fn port_owner(port: u16) -> Option<String> {
    use std::fs;
    let sockets: Vec<_> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .into_iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| {
            table.lines().filter_map(|row| inode_of_listener(row, port)).collect::<Vec<_>>()
        })
        .collect();
    if sockets.is_empty() {
        return None;
    }
    for process in fs::read_dir("/proc").ok()?.filter_map(Result::ok) {
        let Some(id) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        let Ok(descriptors) = fs::read_dir(process.path().join("fd")) else { continue };
        let mut links = descriptors.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
        if links.any(|link| sockets.iter().any(|socket| link.as_os_str() == socket.as_str())) {
            let name = fs::read(process.path().join("comm")).ok()?;
            let name = String::from_utf8_lossy(&name).trim_end().to_owned();
            return Some(format!("{name} (process {id})"));
        }
    }
    None
}

/// Returns the link of the socket in a row of `/proc/net/tcp`, if it listens on this port.
#[cfg(target_os = "linux")]
fn inode_of_listener(row: &str, port: u16) -> Option<String> {
    /// `TCP_LISTEN`, as the table has it.
    const LISTEN: &str = "0A";
    let mut fields = row.split_ascii_whitespace();
    let (_, local_port) = fields.nth(1)?.rsplit_once(':')?;
    let state = fields.nth(1)?;
    let is_listener = state == LISTEN && u16::from_str_radix(local_port, 16) == Ok(port);
    // Queues, timer, retransmissions, user and timeout come before the inode.
    is_listener.then(|| fields.nth(5).map(|inode| format!("socket:[{inode}]")))?
}

/// Returns `None`: this system has no table of sockets in files.
#[cfg(not(target_os = "linux"))]
pub(super) fn port_owner(_port: u16) -> Option<String> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_listener_of_this_process_is_found() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let owner = port_owner(listener.local_addr().unwrap().port()).unwrap();
        assert!(owner.ends_with(&format!(" (process {})", std::process::id())), "{owner}");
    }

    #[test]
    fn only_a_listener_on_this_port_counts() {
        let row = |address: &str, state: &str| {
            format!(
                "   0: {address} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000  \
                 1000        0 4711 1 0000000000000000 100 0 0 10 0"
            )
        };
        let inode = |row: &str| inode_of_listener(row, 3000);
        assert_eq!(inode(&row("0100007F:0BB8", "0A")).as_deref(), Some("socket:[4711]"));
        assert_eq!(inode(&row("0100007F:0BB8", "01")), None);
        assert_eq!(inode(&row("0100007F:0BB9", "0A")), None);
        assert_eq!(inode("  sl  local_address rem_address   st"), None);
    }
}
