//! What happens by itself: the steps of the scenario, and what was asked for to happen later or again and again, unfolded as time comes
//! to them.

use super::template::{Filling, has_place, key};
use super::{Input, Repeat, Setup, Step};
use crate::broker::{Cause, Command};
use crate::client::Action;
use crate::sorted::{Sorted, in_order};
use crate::time::{SimTime, Span, epoch_ms};
use crate::wire::Text;
use bytes::Bytes;
use std::sync::Arc;

/// The most that wait at once to happen again, or later.
pub(super) const MAX_WAITING: usize = 10_000;

/// A place in the plan; a copy goes on from there.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    seed: u64,
    epoch_ms: u64,
    steps: Arc<[Step]>,
    /// Indices of the steps in the order of their first time.
    order: Arc<[u32]>,
    /// How many of `order` have happened a first time.
    begun: usize,
    /// Which steps have places to fill.
    templates: Arc<[bool]>,
    /// What was asked for by hand, by an index after those of the steps.
    asked: Sorted<u32, Arc<Asked>>,
    next_asked: u32,
    /// What happens again, by when and which.
    again: Sorted<(SimTime, u32), Again>,
}

/// What a person asked to happen later, or again and again.
#[derive(Debug)]
struct Asked {
    step: Step,
    cause: Cause,
}

/// How far something is that happens again and again.
#[derive(Clone, Debug)]
struct Again {
    /// Which time is next, from 1.
    n: u64,
    /// Where the random walks in its texts stand.
    walks: Vec<i64>,
}

/// A publication that goes on by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RepeatView<'a> {
    /// Its topic, as it was asked for.
    pub topic: &'a str,
    /// How long from one to the next.
    pub every: Span,
    /// How many there were.
    pub done: u64,
    /// How many there will have been.
    pub times: u64,
}

impl Plan {
    pub(super) fn new(setup: &Setup) -> Self {
        let steps = &setup.steps;
        let happening: Vec<u32> = (0..u32::try_from(steps.len()).unwrap_or(u32::MAX))
            .filter(|index| steps.get(*index as usize).is_some_and(|step| step.times > 0))
            .collect();
        let order =
            in_order(happening, |index| steps.get(*index as usize).map_or(0, |step| step.at.0)).into();
        let templates = steps.iter().map(|step| step.times > 1 && is_template(&step.input)).collect();
        Self {
            seed: setup.seed,
            epoch_ms: epoch_ms(&setup.epoch).unwrap_or_default(),
            steps: steps.clone(),
            order,
            begun: 0,
            templates,
            asked: Sorted::new(),
            next_asked: u32::try_from(steps.len()).unwrap_or(u32::MAX),
            again: Sorted::new(),
        }
    }

    fn first(&self) -> Option<(SimTime, u32)> {
        let index = *self.order.get(self.begun)?;
        Some((self.steps.get(index as usize)?.at, index))
    }

    /// When something happens next.
    pub(super) fn next_due(&self) -> Option<SimTime> {
        let first = self.first().map(|(at, ..)| at);
        let again = self.again.first().map(|((at, _), _)| *at);
        [first, again].into_iter().flatten().min()
    }

    /// Has something happen later, or again and again.
    ///
    /// # Errors
    /// Where too much waits already.
    pub(super) fn ask(&mut self, now: SimTime, repeat: &Repeat, cause: Cause) -> Result<(), String> {
        if self.again.len() >= MAX_WAITING {
            return Err(format!(
                "at most {MAX_WAITING} things happen later or again and again at once; stop others first"
            ));
        }
        let Repeat { client, action, delay, every, times } = repeat.clone();
        let at = now + delay;
        let step = Step { at, every, times, input: Input::Client { client, action } };
        let index = self.next_asked;
        self.next_asked = index.saturating_add(1);
        self.asked.insert(index, Arc::new(Asked { step, cause }));
        self.again.insert((at, index), Again { n: 1, walks: Vec::new() });
        Ok(())
    }

    /// Ends what a client was to do later or again and again: all of it, or what publishes to a topic. Says how much that was.
    pub(super) fn stop(&mut self, client: &str, topic: Option<&str>) -> usize {
        let ends = |(_, index): &(SimTime, u32)| {
            let Some(Step { input: Input::Client { client: who, action }, .. }) = self.step(*index) else {
                return false;
            };
            let of_topic = |topic| matches!(action, Action::Publish(message) if message.topic == topic);
            who == client && topic.is_none_or(of_topic)
        };
        let ended: Vec<_> = self.again.keys().filter(|key| ends(key)).copied().collect();
        for key in &ended {
            self.again.remove(key);
            self.asked.remove(&key.1);
        }
        ended.len()
    }

    /// The publications of a client that go on by themselves, the one that is due first before the others.
    pub(super) fn repeats(&self, client: &str) -> impl Iterator<Item = RepeatView<'_>> {
        self.again.iter().filter_map(move |((_, index), again)| match self.step(*index)? {
            Step {
                input: Input::Client { client: who, action: Action::Publish(message) },
                every,
                times,
                ..
            } if who == client => {
                Some(RepeatView { topic: &message.topic, every: *every, done: again.n - 1, times: *times })
            }
            _ => None,
        })
    }

    fn step(&self, index: u32) -> Option<&Step> {
        self.steps.get(index as usize).or_else(|| self.asked.get(&index).map(|asked| &asked.step))
    }

    /// Takes what happens next: of things at the same time, that of the earlier step.
    pub(super) fn pop(&mut self) -> Option<Happening> {
        let again = self.again.first().map(|(key, _)| *key);
        let is_first = match (self.first(), again) {
            (Some(first), Some(again)) => first < again,
            (first, _) => first.is_some(),
        };
        let ((at, index), mut how) = if is_first {
            self.begun += 1;
            let key = *self.order.get(self.begun - 1)?;
            ((self.steps.get(key as usize)?.at, key), Again { n: 1, walks: Vec::new() })
        } else {
            self.again.pop_first()?
        };
        let asked = self.asked.get(&index).cloned();
        let step = asked.as_ref().map(|asked| &asked.step).or_else(|| self.steps.get(index as usize))?;
        let fills = match &asked {
            Some(asked) => is_template(&asked.step.input),
            None => self.templates.get(index as usize) == Some(&true),
        };
        let filled = fills.then(|| {
            let (seed, epoch_ms) = (self.seed, self.epoch_ms);
            Box::new(filled(step, how.n, seed, at, epoch_ms, &mut how.walks))
        });
        if how.n < step.times {
            how.n += 1;
            self.again.insert((at + step.every, index), how);
        } else if asked.is_some() {
            self.asked.remove(&index);
        }
        Some(Happening { steps: self.steps.clone(), index, filled, asked })
    }
}

/// One step, one time.
pub(super) struct Happening {
    steps: Arc<[Step]>,
    index: u32,
    /// The input with its places filled, where it has some.
    filled: Option<Box<Input>>,
    asked: Option<Arc<Asked>>,
}

impl Happening {
    /// What happens.
    pub(super) fn input(&self) -> Option<&Input> {
        let plain = || match &self.asked {
            Some(asked) => Some(&asked.step.input),
            None => self.steps.get(self.index as usize).map(|step| &step.input),
        };
        self.filled.as_deref().or_else(plain)
    }

    /// What led to it; nothing led to a scenario's step.
    pub(super) fn cause(&self) -> Cause {
        self.asked.as_ref().map_or(Cause::NONE, |asked| asked.cause)
    }
}

fn is_template(input: &Input) -> bool {
    let (topic, payload) = match input {
        Input::Client { action: Action::Publish(message), .. } => (message.topic.as_str(), &message.payload),
        Input::Broker(Command::Publish { message, .. }) => (message.topic.as_str(), &message.payload),
        _ => return false,
    };
    has_place(topic) || std::str::from_utf8(payload).is_ok_and(has_place)
}

/// The input with its places filled, for a publication.
fn filled(step: &Step, n: u64, seed: u64, now: SimTime, epoch_ms: u64, walks: &mut Vec<i64>) -> Input {
    let mut input = step.input.clone();
    let mut fill = |who: &str, topic: &str, payload: &mut Bytes| {
        let key = key(step.at, topic, payload);
        let mut filling = Filling { seed, who, key, n, now, epoch_ms, walks, places: 0, walked: 0 };
        let topic = filling.fill(topic);
        if let Ok(text) = std::str::from_utf8(payload) {
            *payload = Bytes::from(filling.fill(text));
        }
        topic
    };
    match &mut input {
        Input::Client { client, action: Action::Publish(message) } => {
            message.topic = fill(client, &message.topic, &mut message.payload);
        }
        Input::Broker(Command::Publish { message, .. }) => {
            message.topic = Text::from(fill("", &message.topic, &mut message.payload));
        }
        _ => {}
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Message;

    fn publish(topic: &str, at: u64, every: u64, times: u64) -> Step {
        let message = Message { topic: topic.into(), payload: "{{n}}".into(), ..Message::default() };
        let input = Input::Client { client: "c".into(), action: Action::Publish(message) };
        Step { at: SimTime(at), every: Span(every), times, input }
    }

    fn plan(steps: impl Into<Arc<[Step]>>) -> Plan {
        Plan::new(&Setup { steps: steps.into(), ..Setup::default() })
    }

    fn topics(mut plan: Plan) -> Vec<(u64, String)> {
        std::iter::from_fn(|| plan.next_due().zip(plan.pop()))
            .map(|(at, happening)| match happening.input() {
                Some(Input::Client { action: Action::Publish(message), .. }) => {
                    (at.0, format!("{} {}", message.topic, String::from_utf8_lossy(&message.payload)))
                }
                _ => unreachable!(),
            })
            .collect()
    }

    #[test]
    fn steps_happen_in_time_and_then_in_their_order() {
        let steps = [publish("b", 10, 0, 1), publish("a{{n}}", 0, 5, 3), publish("never", 0, 0, 0)];
        let plan = plan(steps);
        assert_eq!(plan.next_due(), Some(SimTime(0)));
        let expected = [(0, "a1 1"), (5, "a2 2"), (10, "b {{n}}"), (10, "a3 3")];
        assert_eq!(topics(plan), expected.map(|(at, text)| (at, text.to_owned())));
    }

    #[test]
    fn a_copy_goes_on_from_the_same_place() {
        let mut plan = plan([publish("a{{n}}", 0, 0, 4)]);
        plan.pop();
        assert_eq!(topics(plan.clone()), topics(plan));
    }

    #[test]
    fn what_was_asked_for_goes_on_until_it_is_stopped() {
        let mut plan = plan([publish("of/a/step", 0, 10, 9)]);
        plan.pop();
        let ask = |topic: &str| {
            let message = Message { topic: topic.into(), payload: "{{n}}".into(), ..Message::default() };
            let action = Action::Publish(message);
            Repeat { client: "c".into(), action, delay: Span(3), every: Span(10), times: 3 }
        };
        plan.ask(SimTime(0), &ask("x"), Cause::NONE).unwrap();
        plan.ask(SimTime(0), &ask("y"), Cause::NONE).unwrap();
        let of =
            |plan: &Plan| plan.repeats("c").map(|one| (one.topic.to_owned(), one.done)).collect::<Vec<_>>();
        assert_eq!(of(&plan), [("x".into(), 0), ("y".into(), 0), ("of/a/step".into(), 1)]);
        plan.pop();
        assert_eq!(
            (plan.stop("c", Some("y")), plan.stop("c", Some("of/a/step")), plan.stop("d", None)),
            (1, 1, 0)
        );
        assert_eq!(of(&plan), [("x".into(), 1)]);
        assert_eq!(topics(plan.clone()), [(13, "x 2".to_owned()), (23, "x 3".to_owned())]);
        assert_eq!((plan.stop("c", None), plan.next_due()), (1, None));
    }
}
