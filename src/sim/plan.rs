//! What happens by itself: the steps of the scenario, unfolded as time comes to them.

use super::{Input, Step};
use crate::broker::Command;
use crate::client::Action;
use crate::sorted::{Sorted, in_order};
use crate::time::SimTime;
use crate::wire::Text;
use bytes::Bytes;
use std::sync::Arc;

/// What stands for the number of a repetition in topics and payloads.
const PLACE: &str = "{{n}}";

/// A place in the plan; a copy goes on from there.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    steps: Arc<[Step]>,
    /// Indices of the steps in the order of their first time.
    order: Arc<[u32]>,
    /// How many of `order` have happened a first time.
    begun: usize,
    /// Which steps have the place of a number in them.
    numbered: Arc<[bool]>,
    /// Steps that happen again, by when and which: which time it is.
    repeating: Sorted<(SimTime, u32), u64>,
}

impl Plan {
    pub(super) fn new(steps: Arc<[Step]>) -> Self {
        let happening: Vec<u32> = (0..u32::try_from(steps.len()).unwrap_or(u32::MAX))
            .filter(|index| steps.get(*index as usize).is_some_and(|step| step.times > 0))
            .collect();
        let order =
            in_order(happening, |index| steps.get(*index as usize).map_or(0, |step| step.at.0)).into();
        let numbered = steps.iter().map(|step| step.times > 1 && has_place(&step.input)).collect();
        Self { steps, order, begun: 0, numbered, repeating: Sorted::new() }
    }

    fn first(&self) -> Option<(SimTime, u32, u64)> {
        let index = *self.order.get(self.begun)?;
        Some((self.steps.get(index as usize)?.at, index, 1))
    }

    /// When something happens next.
    pub(super) fn next_due(&self) -> Option<SimTime> {
        let first = self.first().map(|(at, ..)| at);
        let again = self.repeating.first().map(|((at, _), _)| *at);
        [first, again].into_iter().flatten().min()
    }

    /// Takes what happens next: of things at the same time, that of the earlier step.
    pub(super) fn pop(&mut self) -> Option<Happening> {
        let first = self.first();
        let again = self.repeating.first().map(|((at, index), n)| (*at, *index, *n));
        let (at, index, n) = match (first, again) {
            (Some(first), Some(again)) => first.min(again),
            (first, again) => first.or(again)?,
        };
        if first == Some((at, index, n)) {
            self.begun += 1;
        } else {
            self.repeating.pop_first();
        }
        let step = self.steps.get(index as usize)?;
        if n < step.times {
            self.repeating.insert((at + step.every, index), n + 1);
        }
        let own = self.numbered.get(index as usize) == Some(&true);
        let filled = own.then(|| Box::new(numbered(&step.input, n)));
        Some(Happening { steps: self.steps.clone(), index, filled })
    }
}

/// One step, one time.
pub(super) struct Happening {
    steps: Arc<[Step]>,
    index: u32,
    /// The input with the number in its place, where it has one.
    filled: Option<Box<Input>>,
}

impl Happening {
    /// What happens.
    pub(super) fn input(&self) -> Option<&Input> {
        self.filled.as_deref().or_else(|| self.steps.get(self.index as usize).map(|step| &step.input))
    }
}

fn has_place(input: &Input) -> bool {
    let (topic, payload) = match input {
        Input::Client { action: Action::Publish(message), .. } => (message.topic.as_str(), &message.payload),
        Input::Broker(Command::Publish { message, .. }) => (message.topic.as_str(), &message.payload),
        _ => return false,
    };
    topic.contains(PLACE) || std::str::from_utf8(payload).is_ok_and(|payload| payload.contains(PLACE))
}

/// The input with the number in its place, for a publication.
fn numbered(input: &Input, n: u64) -> Input {
    let mut input = input.clone();
    let filled = |text: &str| text.replace(PLACE, &n.to_string());
    let fill = |payload: &mut Bytes| {
        if let Ok(text) = std::str::from_utf8(payload) {
            *payload = Bytes::from(filled(text));
        }
    };
    match &mut input {
        Input::Client { action: Action::Publish(message), .. } => {
            message.topic = filled(&message.topic);
            fill(&mut message.payload);
        }
        Input::Broker(Command::Publish { message, .. }) => {
            message.topic = Text::from(filled(&message.topic));
            fill(&mut message.payload);
        }
        _ => {}
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Message;
    use crate::time::Span;

    fn publish(topic: &str, at: u64, every: u64, times: u64) -> Step {
        let message = Message { topic: topic.into(), payload: "{{n}}".into(), ..Message::default() };
        let input = Input::Client { client: "c".into(), action: Action::Publish(message) };
        Step { at: SimTime(at), every: Span(every), times, input }
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
        let plan = Plan::new(steps.into());
        assert_eq!(plan.next_due(), Some(SimTime(0)));
        let expected = [(0, "a1 1"), (5, "a2 2"), (10, "b {{n}}"), (10, "a3 3")];
        assert_eq!(topics(plan), expected.map(|(at, text)| (at, text.to_owned())));
    }

    #[test]
    fn a_copy_goes_on_from_the_same_place() {
        let mut plan = Plan::new([publish("a{{n}}", 0, 0, 4)].into());
        plan.pop();
        assert_eq!(topics(plan.clone()), topics(plan));
    }
}
