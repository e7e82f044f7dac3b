//! The numbers of a topic over time.

use crate::picture::{Series, clock, decimal, numbers};
use crate::ui::field::use_value;
use crate::ui::lab::{Lab, Rate, use_lab};
use crate::ui::text::topics as text;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The drawing without its labels, in pixels, and the room for these.
const SIZE: (i32, i32) = (280, 130);
const LEFT: i32 = 48;
const TOP: i32 = 8;
/// How many payloads are read in one drawing at most; it goes on with the next one.
const SLICE: usize = 1_500;
/// How many values the table has.
const LISTED: usize = 20;

/// What was read so far of one field.
#[derive(Default)]
struct Read {
    key: (u64, String),
    payloads: usize,
    series: Series,
}

/// The latest payload before the view that holds a number.
#[derive(Default)]
struct Latest {
    generation: u64,
    /// How many payloads are behind the search.
    payloads: usize,
    /// Its place among the payloads, and the ways to its numbers; no ways where there is none.
    place: usize,
    fields: Vec<String>,
}

impl Latest {
    /// Brings it to the view; of what is new it reads no more than a slice, the last first.
    fn update(&mut self, generation: u64, past: &[u32], fields: impl Fn(u32) -> Vec<String>) {
        if self.generation != generation || self.payloads > past.len() {
            *self = Self { generation, ..Self::default() };
        }
        let new = past.iter().enumerate().skip(self.payloads).rev().take(SLICE);
        let found = new.map(|(place, seq)| (place, fields(*seq))).find(|(_, fields)| !fields.is_empty());
        self.payloads = past.len();
        if let Some(found) = found {
            (self.place, self.fields) = found;
        }
    }
}

/// What it is about.
#[derive(Properties, PartialEq)]
pub(super) struct PlotProps {
    pub(super) lab: Lab,
    pub(super) topic: String,
}

/// The part of the panel.
#[component]
pub(super) fn PlotPart(props: &PlotProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let wanted = use_value(|| None::<String>);
    let read = use_mut_ref(Read::default);
    let latest = use_mut_ref(Latest::default);

    let engine = lab.engine();
    let (topics, events) = (engine.topics(), engine.events());
    let Some(number) = topics.find(&props.topic) else { return html! {} };
    let published = topics.level(number).published();
    let past = &published[..published.partition_point(|seq| *seq < events)];
    let values = |seq: u32| numbers(&engine.payload_near(seq).unwrap_or_default());
    let mut latest = latest.borrow_mut();
    latest.update(engine.generation(), past, |seq| values(seq).into_iter().map(|(way, _)| way).collect());
    let fields = &latest.fields;
    let is_last = latest.place + 1 == past.len();
    let Some(field) = wanted.as_ref().filter(|way| fields.contains(way)).or(fields.first()).cloned() else {
        return html! { <p class="soft" data-test="no-numbers">{ text::NO_NUMBERS }</p> };
    };
    let value_of = |seq: u32| values(seq).into_iter().find(|(way, _)| *way == field).map(|(_, value)| value);
    let mut read = read.borrow_mut();
    let key = (engine.generation(), field.clone());
    if read.key != key {
        *read = Read { key, ..Read::default() };
    }
    for seq in published.iter().skip(read.payloads).take(SLICE) {
        if let Some(value) = value_of(*seq) {
            read.series.push(*seq, topics.time_of(*seq), value);
        }
        read.payloads += 1;
    }
    let reading = read.payloads < published.len();
    if reading {
        lab.draws_on();
    }
    let onchange = {
        let wanted = wanted.setter();
        Callback::from(move |event: Event| {
            wanted.set(event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()));
        })
    };
    let chart = read.series.chart(engine.view().at, events, SIZE);
    let told = read.series.told(events).map(|(low, high, last)| {
        text::plotted(read.series.count(), (&decimal(low), &decimal(high), &decimal(last)))
    });
    let listed = past.iter().rev().take(LISTED).filter_map(|seq| Some((*seq, value_of(*seq)?)));
    html! {
        <div class="plot">
            if !is_last {
                <p class="soft" data-test="no-number">{ text::NO_NUMBER }</p>
            }
            if fields.len() > 1 {
                <label class="field field-short">
                    <span>{ text::FIELD }</span>
                    <select class="compact mono" {onchange} data-test="plot-field">
                        { for fields.iter().map(|way| html! {
                            <option key={way.clone()} value={way.clone()} selected={*way == field}>
                                { if way.is_empty() { text::WHOLE.to_owned() } else { way.clone() } }
                            </option>
                        }) }
                    </select>
                </label>
            }
            if let Some(chart) = chart {
                <svg class="chart" viewBox={format!("0 0 {} {}", LEFT + SIZE.0 + 12, TOP + SIZE.1 + 22)} role="img" data-test="chart"
                    aria-label={told.clone().unwrap_or_default()}>
                    { for chart.values.iter().map(|(y, label)| html! {
                        <g key={label.clone()}>
                            <path class="chart-grid" d={format!("M{LEFT} {}h{}", y + TOP, SIZE.0)} />
                            <text x={(LEFT - 6).to_string()} y={(y + TOP + 4).to_string()} text-anchor="end">{ label.clone() }</text>
                        </g>
                    }) }
                    { for chart.times.iter().zip(["start", "middle", "end"]).map(|((x, label), anchor)| html! {
                        <text key={anchor} x={(x + LEFT).to_string()} y={(TOP + SIZE.1 + 16).to_string()} text-anchor={anchor}>
                            { label.clone() }
                        </text>
                    }) }
                    <g transform={format!("translate({LEFT} {TOP})")}>
                        <path class="chart-later" d={chart.later.clone()} />
                        <path class="chart-line" d={chart.past} data-test="chart-line" />
                        { for chart.dots.iter().map(|(x, y)| html! { <circle class="chart-dot" cx={x.to_string()} cy={y.to_string()} r="2.5" /> }) }
                        <path class="chart-view" d={format!("M{} 0v{}", chart.cursor, SIZE.1)} data-test="chart-view" data-x={chart.cursor.to_string()} />
                    </g>
                </svg>
                if !chart.later.is_empty() {
                    <p class="soft">{ text::LATER }</p>
                }
            }
            if reading {
                <p class="soft" role="status">{ text::READING }</p>
            }
            if let Some(told) = told {
                <p class="soft number" data-test="plotted">{ told }</p>
            }
            <details>
                <summary>{ text::VALUES }</summary>
                <table class="fields" data-test="plot-table">
                    <thead><tr><th scope="col">{ text::TIME }</th><th scope="col">{ text::VALUE }</th></tr></thead>
                    <tbody>
                        { for listed.map(|(seq, value)| html! {
                            <tr key={seq}><td class="number">{ clock(topics.time_of(seq)) }</td><td class="number">{ decimal(value) }</td></tr>
                        }) }
                    </tbody>
                </table>
            </details>
        </div>
    }
}
