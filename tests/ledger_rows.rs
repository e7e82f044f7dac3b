//! The ledger as a list and as a file: which lines a query lets through, in which order, and what a spreadsheet or a program reads of them.

#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod runs;
}

use common::runs::*;
use glassbroker::export::ledger::Form;
use glassbroker::sim::Run;
use glassbroker::trace::{Fate, Ledger, LedgerRows, Order, Query, Trace, Verdict, Wanted};

/// `far` is slow, `away` leaves at 1 s; three messages for topics in no order, from two publishers.
fn played() -> Run {
    let slow = with(client("far", V5), |spec| spec.link.latency = glassbroker::time::Span::ms(200));
    let steps = [
        at(0, connect("far")),
        at(0, connect("away")),
        at(0, connect("b-source")),
        at(0, connect("=a")),
        at(1_500, subscribe("far", "room/#", QOS1)),
        at(800, subscribe("away", "room/b", QOS1)),
        at(1_000, disconnect("away")),
        at(2_000, publish("b-source", "room/c", "x", QOS0)),
        at(2_500, publish("=a", "room/b", "x", QOS1)),
        at(3_000, publish("b-source", "Other", "x", QOS1)),
    ];
    run_to(&setup([slow, lasting("away", V5), client("b-source", V5), client("=a", V5)], steps), 5_000)
}

fn ledger(trace: &Trace) -> Ledger {
    let mut ledger = Ledger::default();
    trace.iter().for_each(|event| ledger.take(&event));
    ledger
}

fn found(run: &Run, query: &Query) -> Vec<String> {
    let (trace, ledger) = (run.trace(), ledger(run.trace()));
    let mut rows = LedgerRows::default();
    let moment = (1, trace.next_seq(), trace.next_seq());
    // One message at a time, as a slice of a long ledger.
    while !rows.work((trace, &ledger), query, moment, 1) {}
    let name = |line: &glassbroker::trace::Line| {
        let to = line.subscriber_name(trace).unwrap_or("nobody");
        format!("{} to {to}", trace.message_name(line.message).unwrap())
    };
    rows.lines().iter().map(name).collect()
}

#[test]
fn the_lines_are_in_the_order_that_is_asked_for() {
    let run = played();
    let by = |order, descending| found(&run, &Query { order, descending, ..Query::default() });
    let in_time = ["b-source/1 to far", "=a/1 to far", "=a/1 to away", "b-source/2 to nobody"];
    assert_eq!(by(Order::Time, false).len(), 4);
    assert_eq!(
        (by(Order::Time, false)[0].as_str(), by(Order::Time, false)[3].as_str()),
        (in_time[0], in_time[3])
    );
    assert_eq!(by(Order::Time, true)[0], in_time[3]);
    assert_eq!(by(Order::Topic, false)[0], "b-source/2 to nobody", "`Other` before `room`");
    assert_eq!(by(Order::Topic, true)[0], "b-source/1 to far");
    assert!(by(Order::Publisher, false)[0].starts_with("=a"));
    assert_eq!(by(Order::Subscriber, false)[0], "=a/1 to away");
    assert_eq!(by(Order::Subscriber, true)[3], "b-source/2 to nobody", "what has none comes last both ways");
    assert_eq!(by(Order::Fate, false)[0], "=a/1 to away", "waiting is the first of the fates");
    for descending in [false, true] {
        let slow = by(Order::Delay, descending);
        assert!(slow[..2].iter().all(|line| line.ends_with("far")), "what never came has no delay: {slow:?}");
    }
}

#[test]
fn a_query_asks_by_text_filter_client_and_fate() {
    let run = played();
    let count = |query: Query| found(&run, &query).len();
    let query = Query::default;
    assert_eq!(count(Query { text: "other".into(), ..query() }), 1);
    assert_eq!(count(Query { filter: "room/+".into(), ..query() }), 3);
    assert_eq!(count(Query { filter: "room/+/".into(), ..query() }), 0);
    assert_eq!(
        count(Query { filter: "room/#/no".into(), ..query() }),
        4,
        "what is no filter narrows nothing"
    );
    assert_eq!(count(Query { client: "away".into(), ..query() }), 1);
    assert_eq!(count(Query { client: "=a".into(), ..query() }), 2);
    assert_eq!(count(Query { wanted: Wanted::Fate(Fate::Unmatched), ..query() }), 1);
    assert_eq!(count(Query { wanted: Wanted::Arrived, ..query() }), 2);
    assert_eq!(count(Query { wanted: Wanted::Verdict(Verdict::Open), ..query() }), 1);
}

/// A link of 20 ms to the broker and one of 200 ms from it.
#[test]
fn the_delay_is_from_the_publisher_to_the_subscriber() {
    let run = played();
    let ledger = ledger(run.trace());
    let delays: Vec<_> = ledger.at(u32::MAX).map(|line| line.delay_us(run.trace())).collect();
    assert_eq!(delays.iter().flatten().copied().collect::<Vec<_>>(), [220_000, 220_000]);
    assert_eq!(delays.len(), 4);
}

#[test]
fn a_spreadsheet_takes_no_name_for_a_formula_and_a_program_reads_every_line() {
    let run = played();
    let (trace, ledger) = (run.trace(), ledger(run.trace()));
    let write = |form: Form| {
        let mut out = String::new();
        form.begin(&mut out);
        ledger.at(u32::MAX).for_each(|line| form.write(&mut out, &line, trace));
        out
    };
    let csv = write(Form::Csv);
    let rows: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(rows.len(), 6, "a head, four lines, and the end of the last");
    assert!(rows[0].starts_with("message,publisher,published_us,topic"));
    assert!(rows[2].starts_with("'=a/1,'=a,2500000,room/b,1,at least once,false,"), "{}", rows[2]);
    let json = write(Form::JsonLines);
    let objects: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 4);
    assert_eq!(
        (objects[1]["publisher"].as_str(), objects[0]["delay_us"].as_u64()),
        (Some("=a"), Some(220_000))
    );
    assert_eq!(
        (&objects[3]["subscriber"], objects[3]["fate"].as_str()),
        (&serde_json::Value::Null, Some("no subscription"))
    );
    for row in &rows[1..5] {
        assert_eq!(row.split(',').count(), rows[0].split(',').count(), "{row}");
    }
}

/// Client identifiers are whatever a client says: RFC 4180 quotes what would end a cell.
#[test]
fn quotes_commas_and_ends_of_lines_stay_in_their_cell() {
    let name = "x\",\r\n=1+1";
    let steps = [at(0, connect(name)), at(1_000, publish(name, "t", "x", QOS0))];
    let run = run_to(&setup([client(name, V5)], steps), 2_000);
    let ledger = ledger(run.trace());
    let mut out = String::new();
    ledger.at(u32::MAX).for_each(|line| Form::Csv.write(&mut out, &line, run.trace()));
    let quoted = "\"x\"\",\r\n=1+1\"";
    assert!(out.contains(quoted), "{out}");
    assert!(out.ends_with("\r\n"));
}
