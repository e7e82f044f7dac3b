//! `glassbroker serve`: the same broker on real sockets, in wall time.
//!
//! One task owns the broker ([`hub`]); every connection has a task of its own that moves bytes ([`tcp`], [`websocket`], [`peer`]).
//! What waits in either direction is bounded: the broker is told how many bytes a connection still takes, and reading stops while the
//! broker has not taken what came before.

mod bounds;
mod clock;
mod gate;
mod hub;
mod log;
mod meter;
mod peer;
mod tcp;
mod websocket;

use super::complaint::Complaint;
use super::input::Fault;
use super::{access, profile};
use crate::account::{Cloud, TopicRule};
use crate::broker::{Broker, NoObserver};
use crate::profile::Profile;
use crate::scenario::parse_topic_rules;
use crate::sorted::Sorted;
use crate::time::{EPOCH, epoch_ms};
use bounds::{BoundOptions, number};
use clock::Clock;
use gate::{Gate, Place};
use hub::{FromPeer, Hub};
use log::{Log, TraceFile};
use meter::Total;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

/// How many chunks of bytes may wait for the broker before connections stop reading.
const WAITING_CHUNKS: usize = 16;
/// How long connections may take to end once the broker stops.
const STOP: Duration = Duration::from_secs(3);
/// How long to wait where the system gives no connection.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);
/// The largest packet that MQTT can express, in bytes (2.1.4).
const LARGEST_PACKET_BYTES: usize = 268_435_460;
/// A WebSocket message that is taken whatever the longest packet is, so that it is the broker that says what is too long.
const SMALL_MESSAGE_BYTES: usize = 256 << 10;

#[derive(clap::Args, Debug)]
pub(super) struct Options {
    /// How the broker behaves: a preset's name, or a JSON file `{ "profile": NAME, "set": { KEY: VALUE } }`.
    #[arg(long, value_name = "P|FILE", default_value = "mqtt")]
    profile: String,
    /// Where to take MQTT over TCP: a host and a port.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:1883", value_parser = address)]
    mqtt: SocketAddr,
    /// Where to take MQTT over WebSocket, at the paths /mqtt and /.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8083", value_parser = address)]
    ws: SocketAddr,
    #[command(flatten)]
    access: access::AccessOptions,
    /// The account's topic rules: a JSON file with a rule for each name, as `broker.rules` of a scenario has them. They act where the
    /// profile has an account.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Write the trace to this file, as JSON lines, while it happens.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// What turns the broker's clock.
    #[arg(long, value_enum, default_value = "wall")]
    clock: clock::By,
    /// What decides assigned client identifiers and whose turn it is in a shared subscription; by default each start has its own.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    #[command(flatten)]
    bounds: BoundOptions,
}

/// Runs the broker until a signal ends it, or the end of what turns its clock.
pub(super) fn run(options: &Options) -> Result<ExitCode, Complaint> {
    let mut profile = profile::load_over(&options.profile, options.bounds.defaults())?;
    options.bounds.apply(&mut profile)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Complaint::new(format_args!("the system gives no event loop: {error}")))?;
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let seed = options.seed.unwrap_or(since_1970.as_micros() as u64);
    let clock = Clock::new(options.clock);
    let broker = Broker::new(profile.clone(), seed).with_access(access::load(&options.access)?.into());
    let epoch_ms = match options.clock {
        clock::By::Wall => since_1970.as_millis() as u64,
        clock::By::Stdin => epoch_ms(EPOCH).unwrap_or_default(),
    };
    let cloud = Cloud::new(broker, seed, epoch_ms);
    let cloud = match &options.rules {
        Some(file) => cloud.with_rules(topic_rules(file)?.into()),
        None => cloud,
    };
    match &options.trace {
        Some(path) => {
            let log = TraceFile::create(path, profile.clone(), seed)?;
            runtime.block_on(serve(options, &profile, Hub::new(cloud, log, clock)))
        }
        None => runtime.block_on(serve(options, &profile, Hub::new(cloud, NoObserver, clock))),
    }
}

async fn serve<L: Log + 'static>(
    options: &Options,
    profile: &Profile,
    hub: Hub<L>,
) -> Result<ExitCode, Complaint> {
    let mqtt = listen("--mqtt", options.mqtt).await?;
    let ws = listen("--ws", options.ws).await?;
    let address = |listener: &TcpListener| listener.local_addr().map_err(Complaint::new);
    eprintln!("glassbroker: MQTT over TCP on mqtt://{}", address(&mqtt)?);
    eprintln!("glassbroker: MQTT over WebSocket on ws://{}/mqtt", address(&ws)?);

    let (to_hub, from_peers) = mpsc::channel::<FromPeer>(WAITING_CHUNKS);
    let (stop, stopping) = oneshot::channel();
    let mut signals = Signals::new().map_err(Complaint::new)?;
    let most = number(profile, "connect.max_count").unwrap_or(usize::MAX);
    let gate = Gate::new(most, options.bounds.max_connections_per_address.map_or(most, |n| n as usize));
    let terms = Arc::new(websocket::Terms {
        patience: number(profile, "connect.timeout_s").map(|s| Duration::from_secs(s as u64)),
        message_max_bytes: number(profile, "packet.max_bytes")
            .unwrap_or(LARGEST_PACKET_BYTES)
            .max(SMALL_MESSAGE_BYTES),
        unfinished: Total::new(number(profile, "broker.max_bytes").unwrap_or(usize::MAX)),
    });
    let mut peers = JoinSet::new();
    let mut next_key = 0;
    let mut hub = std::pin::pin!(hub.run(from_peers, stopping));
    let ended = loop {
        tokio::select! {
            ended = &mut hub => break Some(ended),
            () = signals.next() => break None,
            (stream, place) = accept(&mqtt, &gate, &to_hub) => {
                let connection = tcp::connection(stream, next_key, to_hub.clone());
                peers.spawn(async move {
                    connection.await;
                    drop(place);
                });
                next_key += 1;
            }
            (stream, place) = accept(&ws, &gate, &to_hub) => {
                let connection = websocket::connection(stream, next_key, to_hub.clone(), Arc::clone(&terms));
                peers.spawn(async move {
                    connection.await;
                    drop(place);
                });
                next_key += 1;
            }
            Some(_) = peers.join_next() => {}
        }
    };
    drop((mqtt, ws, to_hub));
    if let Some(Err(complaint)) = ended {
        return Err(complaint);
    }
    eprintln!("glassbroker: stopping");
    let _ = stop.send(());
    let hub = async { if ended.is_some() { Ok(()) } else { hub.await } };
    let all_gone = async { while peers.join_next().await.is_some() {} };
    let (ended, _) = tokio::join!(hub, tokio::time::timeout(STOP, all_gone));
    ended.map(|()| ExitCode::SUCCESS)
}

/// Reads a file of topic rules.
fn topic_rules(file: &Path) -> Result<Sorted<Box<str>, TopicRule>, Complaint> {
    parse_topic_rules(&access::text(file)?).map_err(|problems| Fault::Problems(problems).complaint(file))
}

/// The first address that a host and a port stand for.
fn address(text: &str) -> Result<SocketAddr, String> {
    let first = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    first.ok_or_else(|| {
        "it takes a host and a port, such as 127.0.0.1:1883, localhost:1883 or [::1]:1883".to_owned()
    })
}

/// Listens at the address of an option, which a complaint names.
async fn listen(option: &str, address: SocketAddr) -> Result<TcpListener, Complaint> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Complaint::new(format_args!("cannot listen on {address} ({option}): {error}")))
}

/// The next connection that there is a place for. One more is closed unread, as it would have to be kept to be told anything.
async fn accept(
    listener: &TcpListener,
    gate: &Arc<Gate>,
    hub: &mpsc::Sender<FromPeer>,
) -> (TcpStream, Place) {
    loop {
        let Ok((stream, from)) = listener.accept().await else {
            // Most likely all file descriptors are in use: the same would come again at once.
            tokio::time::sleep(ACCEPT_AGAIN).await;
            continue;
        };
        match gate.enter(from.ip()) {
            Ok(place) => {
                // MQTT's packets are small and wait for answers: they are sent at once, not gathered.
                let _ = stream.set_nodelay(true);
                return (stream, place);
            }
            // Where the hub is busy the trace does without it.
            Err(why) => _ = hub.try_send(FromPeer::Refused { why, status: None }),
        }
    }
}

/// What asks a process to stop.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }
}
