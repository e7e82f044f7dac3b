//! A load with or without a trace, as a number of messages that is run on demand: the same for every machine that measures it.

use super::traffic::{Load, Traffic};
use glassbroker::broker::{Cause, Event, NoObserver, Observer};
use glassbroker::trace::{Bounds, Header, Level, Recorder, Trace};

/// A recorder and its trace, which lets its oldest events go as in a long run.
struct Recording {
    recorder: Recorder,
    trace: Trace,
}

impl Recording {
    fn new(level: Level) -> Self {
        // The hash over the lines of events that go is another piece of work: writing all lines.
        let bounds = Bounds { hash_dropped: false, ..Bounds::default() };
        Self { recorder: Recorder::new(), trace: Trace::new(Header::default(), level, bounds) }
    }
}

impl Observer for Recording {
    const WATCHES: bool = true;

    fn note(&mut self, event: Event<'_>) -> Cause {
        self.recorder.watch(&mut self.trace).note(event)
    }
}

/// A load that is ready to run: given a number of rounds, it runs them and gives how many messages reached subscribers.
pub(crate) type Runner = Box<dyn FnMut(u32) -> u64>;

/// Connects the clients of a load to a broker that is watched by a trace of this level, or by nobody.
pub(crate) fn runner(load: Load, trace: Option<Level>) -> Runner {
    match trace {
        None => running(Traffic::new(load, NoObserver)),
        Some(level) => running(Traffic::new(load, Recording::new(level))),
    }
}

fn running<O: Observer + 'static>(mut traffic: Traffic<O>) -> Runner {
    Box::new(move |rounds| {
        let before = traffic.delivered;
        for _ in 0..rounds {
            traffic.round();
        }
        traffic.delivered - before
    })
}
