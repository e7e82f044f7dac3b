//! What can happen to a link.

use super::{button, does};
use crate::sim::{Input, LinkSpec, STALL_MAX, Way};
use crate::time::Span;
use crate::ui::field::{TextField, changed, choice, number, set, use_value};
use crate::ui::lab::Lab;
use crate::ui::text::faults as text;
use crate::ui::views::ClientView;
use yew::prelude::*;

/// The longest latency that the form takes, in milliseconds, and the most bytes a second.
const MOST_MS: u64 = 600_000;
const MOST_BYTES: u64 = 1 << 40;

/// What is typed.
#[derive(Clone, PartialEq)]
struct Draft {
    stall_s: String,
    preset: usize,
    latency_ms: String,
    jitter_ms: String,
    bytes_per_s: String,
}

impl Draft {
    fn new() -> Self {
        let (preset, stall_s) = (2, "5".to_owned());
        let empty = String::new;
        Self { stall_s, preset, latency_ms: empty(), jitter_ms: empty(), bytes_per_s: empty() }.like(preset)
    }

    /// With the numbers of a kind of network; the last kind leaves them as they are.
    fn like(mut self, preset: usize) -> Self {
        self.preset = preset;
        if let Some((_, latency, jitter, bytes)) =
            text::PRESETS.get(preset).filter(|_| preset + 1 < text::PRESETS.len())
        {
            self.latency_ms = latency.to_string();
            self.jitter_ms = jitter.to_string();
            self.bytes_per_s = bytes.map(|bytes| bytes.to_string()).unwrap_or_default();
        }
        self
    }

    /// The link that it says, but for the bound that a link keeps.
    fn link(&self, now: LinkSpec) -> Option<LinkSpec> {
        let ms = |text: &str| Some(Span::ms(number(text, MOST_MS).ok()?.unwrap_or(0)));
        let bytes_per_s = number(&self.bytes_per_s, MOST_BYTES).ok()?;
        Some(LinkSpec { latency: ms(&self.latency_ms)?, jitter: ms(&self.jitter_ms)?, bytes_per_s, ..now })
    }

    fn stall(&self) -> Result<Span, String> {
        let span = Span::parse(&format!("{}s", self.stall_s.trim())).ok();
        span.filter(|span| (Span::ms(1)..=STALL_MAX).contains(span))
            .ok_or_else(|| text::STALL_ALLOWED.to_owned())
    }
}

/// The group.
pub(super) fn link_faults(lab: &Lab, view: &ClientView) -> Html {
    html! { <LinkFaults lab={lab.clone()} client={view.name.clone()} cut={view.cut} link={Kept(view.link)} /> }
}

#[derive(Clone, Copy, PartialEq)]
struct Kept(LinkSpec);

#[derive(Properties, PartialEq)]
struct LinkProps {
    lab: Lab,
    client: String,
    cut: bool,
    link: Kept,
}

#[component]
fn LinkFaults(props: &LinkProps) -> Html {
    let (lab, draft) = (&props.lab, use_value(Draft::new));
    let client = || props.client.clone();
    let ondraft = set(&draft);
    let own = |label, value: &str, most, set: fn(&mut Draft, String), test| {
        // A number of one's own is like no kind of network.
        let ondraft = ondraft.reform(|draft: Draft| Draft { preset: LAST, ..draft });
        TextField::new(label, value, changed(&*draft, &ondraft, set)).number(most).html(test)
    };
    let presets = text::PRESETS.map(|(name, ..)| name);
    let onpreset = {
        let (draft, ondraft) = ((*draft).clone(), ondraft.clone());
        Callback::from(move |preset: usize| ondraft.emit(draft.clone().like(preset)))
    };
    let stall = draft.stall();
    let onstall = changed(&*draft, &ondraft, |draft: &mut Draft, text| draft.stall_s = text);
    let stalls = {
        let (lab, client, stall) = (lab.clone(), client(), stall.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Ok(length) = stall {
                lab.input([Input::Stall { client: client.clone(), length }]);
            }
        })
    };
    let link = draft.link(props.link.0);
    let slows = {
        let (lab, client) = (lab.clone(), client());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(link) = link {
                lab.input([Input::Link { client: client.clone(), link }]);
            }
        })
    };
    html! {
        <>
            if !props.cut {
                <div class="row">
                    { button(text::CUT, "fault-cut", does(lab, Input::Cut { client: client() })) }
                    { button(text::DEAD_UP, "half-open-up", does(lab, Input::HalfOpen { client: client(), way: Way::Up })) }
                    { button(text::DEAD_DOWN, "half-open-down", does(lab, Input::HalfOpen { client: client(), way: Way::Down })) }
                </div>
                <form class="fault-row" onsubmit={stalls}>
                    { TextField::new(text::STALL_S, &draft.stall_s, onstall).error(stall.clone().err()).html("stall-for") }
                    <button type="submit" title={text::STALL.1} disabled={stall.is_err()} data-test="stall">{ text::STALL.0 }</button>
                </form>
            }
            <form class="fault-row" onsubmit={slows}>
                { choice(text::PRESET, &presets, draft.preset, "link-preset", &onpreset) }
                { own(text::LATENCY, &draft.latency_ms, MOST_MS, |draft, text| draft.latency_ms = text, "link-latency") }
                { own(text::JITTER, &draft.jitter_ms, MOST_MS, |draft, text| draft.jitter_ms = text, "link-jitter") }
                { own(text::BANDWIDTH, &draft.bytes_per_s, MOST_BYTES, |draft, text| draft.bytes_per_s = text, "link-bytes") }
                <button type="submit" title={text::SLOW.1} disabled={link.is_none()} data-test="slow">{ text::SLOW.0 }</button>
            </form>
        </>
    }
}

/// The preset of numbers of one's own.
const LAST: usize = text::PRESETS.len() - 1;
