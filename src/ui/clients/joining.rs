//! The inputs that add clients to the run and connect them, one or many.

use crate::broker::Command;
use crate::client::{Action, ClientOptions, FilterRequest, SubscribeRequest};
use crate::policy::aws::{Policy, Principal};
use crate::scenario::{MAX_CLIENTS, names};
use crate::sim::{ClientSpec, Input, Repeat};
use crate::time::Span;
use crate::ui::access::lets_all;
use crate::ui::engine::Engine;
use crate::ui::lab::Lab;
use crate::ui::text::clients as text;

/// The longest client identifier that the form takes, in bytes: that of a UTF-8 Encoded String.
const ID_BYTES: usize = 65_535;
/// After how many times its link's delay a client should be connected: the WebSocket's handshake and CONNECT go to and fro.
const TRIPS: u64 = 8;
/// What is waited beyond that.
const SPARE: Span = Span::ms(100);

/// One client to add, and what it subscribes to.
#[derive(Clone)]
pub(super) struct Joining {
    pub(super) spec: ClientSpec,
    pub(super) subscribes: Vec<SubscribeRequest>,
}

/// The names of a pattern, each with its number.
///
/// # Errors
/// What is wrong with it, or which of them is taken.
pub(super) fn free_names(engine: &Engine, pattern: &str) -> Result<Vec<(String, String)>, String> {
    let all = names(pattern)?;
    if let Some((taken, _)) = all.iter().find(|(name, _)| engine.has_client(name)) {
        return Err(text::taken(taken));
    }
    if all.iter().any(|(name, _)| name.len() > ID_BYTES) {
        return Err(text::LONG.to_owned());
    }
    let there = engine.run().world().clients().count();
    if there + all.len() > MAX_CLIENTS { Err(text::too_many(there, MAX_CLIENTS)) } else { Ok(all) }
}

/// Something that a client does after a while.
fn later(client: &str, action: Action, delay: Span) -> Input {
    let client = client.to_owned();
    if delay == Span::ZERO {
        return Input::Client { client, action };
    }
    Input::Repeat(Box::new(Repeat { client, action, delay, every: Span::ZERO, times: 1 }))
}

/// What adds clients to the run and connects them, one after another; the policy that lets everything is there before those who
/// have it.
pub(super) fn joining(
    all: Vec<Joining>,
    stagger: Span,
    (name, new_policy): (String, Option<Policy>),
) -> Vec<Input> {
    let has = |one: &Joining| one.spec.principal.policies.contains(&name);
    let document = new_policy.filter(|_| all.iter().any(has));
    let policy = document.map(|document| Input::Broker(Command::Policy { name, document, is_new: true }));
    let mut inputs: Vec<Input> = policy.into_iter().collect();
    for (n, Joining { spec, subscribes }) in (0u64..).zip(all) {
        let client = spec.client.id.clone();
        let delay = Span(stagger.0.saturating_mul(n));
        let trip = spec.link.latency.0.saturating_add(spec.link.jitter.0);
        inputs.push(Input::AddClient(Box::new(spec)));
        inputs.push(later(&client, Action::Connect { options: None }, delay));
        let there = Span(delay.0.saturating_add(trip.saturating_mul(TRIPS)).saturating_add(SPARE.0));
        inputs
            .extend(subscribes.into_iter().map(|request| later(&client, Action::Subscribe(request), there)));
    }
    inputs
}

/// The same for one client that may do everything, where the run has policies.
pub(crate) fn joining_open(lab: &Lab, client: ClientOptions) -> Vec<Input> {
    let access = lab.engine().run().world().broker().access().policies.clone();
    let open = lets_all(&access.documents);
    let policies = if access.is_empty() { Vec::new() } else { vec![open.0.clone()] };
    let principal = Principal { policies, thing: None };
    let spec = ClientSpec { client, principal, ..ClientSpec::default() };
    joining(vec![Joining { spec, subscribes: Vec::new() }], Span::ZERO, open)
}

/// One more client like another one, as it would connect the next time.
pub(super) fn like(engine: &Engine, original: &str, name: &str, subscribes: bool) -> Option<Joining> {
    let run = engine.run();
    let world = run.world();
    let view = world.client(original)?;
    let mut client = view.client.options().clone();
    client.id = name.to_owned();
    // Two clients of one identifier would take each other's connection.
    client.connect.client_id = client.connect.client_id.filter(String::is_empty);
    let principals = &world.broker().access().policies.principals;
    let principal = principals.get(original).cloned().unwrap_or_default();
    let session = world.broker().session(view.client.identifier(), world.now()).filter(|_| subscribes);
    let subscribes = session.into_iter().flat_map(|session| session.subscriptions).map(|one| {
        let filter = FilterRequest {
            filter: one.filter,
            qos: one.options.qos,
            no_local: one.options.no_local,
            retain_as_published: one.options.retain_as_published,
            retain_handling: one.options.retain_handling as u8,
        };
        SubscribeRequest { filters: vec![filter], identifier: one.identifier }
    });
    let subscribes = subscribes.collect();
    Some(Joining { spec: ClientSpec { client, link: view.network.link, principal }, subscribes })
}
