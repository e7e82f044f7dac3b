//! A real Mosquitto: a process on a free port of the loopback, ended with the test.

use super::side::Side;
use bytes::Bytes;
use glassbroker::wire::Splitter;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What to do where there is none.
const MISSING: &str = "There is no `mosquitto` on this machine, and this test compares with a real one.\n\
    Install it (Debian and Ubuntu: apt-get install mosquitto), or let `make test` do so; \
    `MOSQUITTO=/path/to/mosquitto` names one that is not on the PATH.";

/// How long one answer may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

struct Line {
    stream: TcpStream,
    splitter: Splitter,
    open: bool,
}

/// The process and the connections to it.
pub(crate) struct Real {
    process: Child,
    folder: PathBuf,
    port: u16,
    lines: Vec<Line>,
}

/// Where the program is: Debian keeps it in `/usr/sbin`, which is not on everybody's PATH.
fn program() -> PathBuf {
    let named = std::env::var_os("MOSQUITTO").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let mut places = named.into_iter().chain(folders.map(|folder| folder.join("mosquitto")));
    places.find(|place| place.is_file()).unwrap_or_else(|| panic!("{MISSING}"))
}

/// The version that the program says it has, such as `2.0.11`.
pub(crate) fn version() -> String {
    let output = Command::new(program()).arg("-h").output().expect("mosquitto -h runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split_whitespace().nth(2).unwrap_or_default();
    version.to_owned()
}

/// Who may come in and do what.
pub(crate) struct Files<'a> {
    /// Lines `name:password`.
    pub(crate) users: &'a str,
    /// The access list.
    pub(crate) list: &'a str,
    /// Whether clients without a user name may come in.
    pub(crate) anonymous: bool,
}

impl Files<'_> {
    /// Writes them, and gives the lines of the configuration. A broker that root starts reads them as somebody else.
    fn write(&self, folder: &Path) -> String {
        let (users, list) = (folder.join("users"), folder.join("list"));
        fs::write(&users, self.users)
            .and_then(|()| fs::write(&list, self.list))
            .expect("the files are written");
        let hashed = Command::new("mosquitto_passwd").arg("-U").arg(&users).status();
        assert!(hashed.expect("mosquitto_passwd, which comes with mosquitto, runs").success());
        fs::set_permissions(&users, fs::Permissions::from_mode(0o644)).expect("all may read it");
        format!(
            "allow_anonymous {}\npassword_file {}\nacl_file {}\n",
            self.anonymous,
            users.display(),
            list.display()
        )
    }
}

impl Real {
    /// Starts one with its defaults: anyone may connect, nothing is kept on disk, and no packet waits for another.
    pub(crate) fn start() -> Self {
        Self::configured(|_| "allow_anonymous true\n".to_owned())
    }

    /// Starts one with users and an access list.
    pub(crate) fn start_with(files: &Files<'_>) -> Self {
        Self::configured(|folder| files.write(folder))
    }

    /// Starts one with more lines of configuration.
    pub(crate) fn configured(more: impl Fn(&Path) -> String) -> Self {
        let program = program();
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let folder =
            std::env::temp_dir().join(format!("glassbroker-mosquitto-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for its configuration");
        let file = folder.join("mosquitto.conf");
        let text = format!(
            "listener {port} 127.0.0.1\npersistence false\nset_tcp_nodelay true\nlog_dest none\n{}",
            more(&folder)
        );
        fs::write(&file, text).expect("its configuration is written");
        let process = Command::new(&program)
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        let mut real = Self { process, folder, port, lines: Vec::new() };
        real.await_listener();
        real
    }

    fn await_listener(&mut self) {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if let Ok(Some(status)) = self.process.try_wait() {
                panic!("mosquitto ended at once: {status}");
            }
            assert!(begun.elapsed() < PATIENCE, "mosquitto does not listen on port {}", self.port);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Forgets the connections of the last script.
    pub(crate) fn forget(&mut self) {
        self.lines.clear();
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Side for Real {
    fn name(&self) -> &'static str {
        "mosquitto"
    }

    fn open(&mut self) -> usize {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("mosquitto takes a connection");
        stream.set_nodelay(true).expect("no delay");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        self.lines.push(Line { stream, splitter: Splitter::new(u32::MAX), open: true });
        self.lines.len() - 1
    }

    fn send(&mut self, conn: usize, bytes: &[u8]) {
        // Where it has closed the connection, receiving says so.
        let _ = self.lines[conn].stream.write_all(bytes);
    }

    fn receive(&mut self, conn: usize) -> Option<Bytes> {
        let line = &mut self.lines[conn];
        let mut chunk = [0; 4096];
        loop {
            if let Some(packet) = line.splitter.next().expect("mosquitto sends packets") {
                return Some(packet);
            }
            if !line.open {
                return None;
            }
            match line.stream.read(&mut chunk) {
                Ok(0) => line.open = false,
                Ok(count) => line.splitter.push(Bytes::copy_from_slice(&chunk[..count])),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => line.open = false,
                Err(error) => panic!("mosquitto sends nothing that the client waits for: {error}"),
            }
        }
    }

    /// Nothing more is written; then its own end shows that it has read all and seen the end.
    fn cut(&mut self, conn: usize) {
        let line = &mut self.lines[conn];
        let _ = line.stream.shutdown(Shutdown::Write);
        let mut rest = [0; 4096];
        while line.open {
            match line.stream.read(&mut rest) {
                Ok(0) => line.open = false,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => line.open = false,
                Err(error) => panic!("mosquitto does not see that a connection ended: {error}"),
            }
        }
    }
}
