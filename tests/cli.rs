//! The command line, from outside: exit status and what it prints.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/command.rs"]
mod command;
#[path = "common/serve.rs"]
mod serve;

use command::{glassbroker, stderr, stdout};

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [&[][..], &["fly"], &["serve", "--mqtt", "nowhere"], &["serve", "--what"]] {
        let output = glassbroker(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
    }
    assert_eq!(glassbroker(&["--help"]).status.code(), Some(0));
    assert_eq!(
        glassbroker(&["--version"]).stdout,
        format!("glassbroker {}\n", env!("CARGO_PKG_VERSION")).as_bytes()
    );
}

/// A scenario in which one client hears three messages of another.
const SCENARIO: &str = r#"{
  "glassbroker": 1,
  "title": "Three",
  "until": "10s",
  "clients": [ { "id": "lamp", "mqtt": "5" }, { "id": "switch", "mqtt": "3.1.1" } ],
  "steps": [
    { "at": "1s", "client": "lamp", "do": "connect" },
    { "at": "1s", "client": "switch", "do": "connect" },
    { "at": "2s", "client": "lamp", "do": "subscribe", "filters": [ { "filter": "light", "qos": 1 } ] },
    { "at": "3s", "every": "1s", "times": 3, "client": "switch", "do": "publish", "topic": "light", "qos": 1, "payload": "{{n}}" }
  ],
  "expect": [ { "client": "lamp", "receives": 3, "topic": "light" } ]
}"#;

fn scenario(name: &str, text: &str) -> String {
    let file = serve::folder(name).join("scenario.json");
    std::fs::write(&file, text).expect("a file");
    file.to_str().expect("text").to_owned()
}

#[test]
fn check_says_what_is_wrong_and_where() {
    let good = scenario("check-good", SCENARIO);
    let output = glassbroker(&["check", "--run", &good]);
    assert_eq!(
        (output.status.code(), stdout(&output).as_str()),
        (Some(0), "1 scenario is fine; 1 claim holds\n"),
        "{}",
        stderr(&output)
    );

    let untried = glassbroker(&["check", &good]);
    assert_eq!(stdout(&untried), "1 scenario is fine; 1 claim was not tried (--run tries it)\n");

    // The tenth line names a client that there is not; its column is where that name's step begins or the name itself stands.
    let wrong = scenario(
        "check-wrong",
        &SCENARIO.replace(
            "\"client\": \"switch\", \"do\": \"publish\"",
            "\"client\": \"swich\", \"do\": \"publish\"",
        ),
    );
    let output = glassbroker(&["check", &good, &wrong]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.starts_with(&format!("{wrong}:10:")) && said.contains(": error: ") && said.contains("swich"),
        "{said}"
    );

    let output = glassbroker(&["check", "--format", "json", &wrong]);
    assert_eq!(output.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((found[0]["file"].as_str(), found[0]["line"].as_u64()), (Some(wrong.as_str()), Some(10)));

    let broken = scenario("check-broken", "{\n  \"glassbroker\": 1,\n  oops");
    assert!(stderr(&glassbroker(&["check", &broken])).starts_with(&format!("{broken}:3:3: error: ")));
    let prose = scenario("check-prose", "once upon a time");
    assert!(
        stderr(&glassbroker(&["check", &prose]))
            .starts_with(&format!("{prose}:1:1: error: this is no JSON: "))
    );
    let picture = serve::folder("check-picture").join("lab.png");
    std::fs::write(&picture, b"\x89PNG\r\n").expect("a file");
    let said = stderr(&glassbroker(&["check", picture.to_str().expect("text")]));
    assert!(said.contains("error: this is no text in UTF-8"), "{said}");
    assert_eq!(glassbroker(&["check", "no-such-file.json"]).status.code(), Some(1));
    assert_eq!(glassbroker(&["check"]).status.code(), Some(2));
}

#[test]
fn check_holds_a_run_to_what_its_scenario_expects() {
    let file = scenario("check-unmet", &SCENARIO.replace("\"receives\": 3", "\"receives\": 4"));
    assert_eq!(glassbroker(&["check", &file]).status.code(), Some(0));
    let output = glassbroker(&["check", "--run", &file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("lamp was to receive 4 messages on light, and received 3"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn run_writes_the_same_trace_for_the_same_scenario_and_seed() {
    let file = scenario("run", SCENARIO);
    let first = glassbroker(&["run", &file]);
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    assert_eq!(first.stdout, glassbroker(&["run", &file]).stdout);
    let text = stdout(&first);
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[0]["glassbroker"], 1);
    let received = lines.iter().filter(|line| {
        line["kind"] == "packet.received"
            && line["by"] == "client"
            && line["client"] == "lamp"
            && line["packet"] == "PUBLISH"
    });
    assert_eq!(received.map(|line| line["payload"].clone()).collect::<Vec<_>>(), ["1", "2", "3"]);

    let target = serve::folder("run-output").join("trace.jsonl");
    let other = glassbroker(&[
        "run",
        &file,
        "--seed",
        "9",
        "--profile",
        "aws-iot-core",
        "--until",
        "3.5s",
        "-o",
        target.to_str().expect("text"),
    ]);
    assert_eq!((other.status.code(), other.stdout.len()), (Some(0), 0), "{}", stderr(&other));
    let text = std::fs::read_to_string(target).expect("a file");
    let header: serde_json::Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    assert_eq!((&header["seed"], &header["profile"]), (&9.into(), &"aws-iot-core".into()));
    let last: serde_json::Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    assert!((3_000_000..=3_500_000).contains(&last["t"].as_u64().expect("a time")), "{last}");
}

#[test]
fn a_summary_names_the_hash_of_the_very_lines() {
    let file = scenario("summary", SCENARIO);
    let summary = stdout(&glassbroker(&["run", &file, "--format", "summary"]));
    let lines = glassbroker(&["run", &file]).stdout;
    // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
    let hash = lines.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    assert!(summary.contains(&format!("hash      {hash:016x}\n")), "{summary}");
    assert!(summary.contains("expected  1 of 1 hold"), "{summary}");
}

/// The ledger in a summary: its rows, each with the numbers of at most once, at least once and exactly once, and its lists.
fn ledger(summary: &str) -> (Vec<(&str, [u32; 3])>, Vec<&str>) {
    let before_bill = summary.lines().take_while(|line| !line.starts_with("bill, "));
    let mut lines = before_bill.skip_while(|line| !line.starts_with("fate ")).skip(1);
    let rows = lines.by_ref().take_while(|line| !line.is_empty());
    let rows = rows.map(|row| {
        let (name, numbers) = row.split_at(15);
        let numbers: Vec<u32> = numbers.split_whitespace().map(|number| number.parse().expect(row)).collect();
        (name.trim(), numbers.try_into().expect("three promises"))
    });
    let rows = rows.collect();
    (rows, lines.filter(|line| !line.is_empty() && !line.starts_with("expected")).collect())
}

#[test]
fn a_summary_has_the_ledger_of_the_lessons() {
    for (lesson, rows) in [
        // room/light for both and the display's other two come at QoS 0; cut/zero dies on its way. Of what the phone gets at QoS 1,
        // cut/one comes twice; room/alarm and cut/two come to it at QoS 2.
        (
            "qos",
            &[
                ("delivered", [4, 0, 0]),
                ("acknowledged", [0, 1, 2]),
                ("duplicated", [0, 1, 0]),
                ("lost", [1, 0, 0]),
            ][..],
        ),
        // Two hundred readings and thirty alarms.
        ("replay", &[("acknowledged", [0, 230, 0])]),
        // Four of five Wills.
        ("will", &[("acknowledged", [0, 4, 0])]),
    ] {
        let file = format!("{}/www/lessons/{lesson}.json", env!("CARGO_MANIFEST_DIR"));
        let summary = stdout(&glassbroker(&["run", &file, "--format", "summary"]));
        assert_eq!(ledger(&summary), (rows.to_vec(), vec![]), "{lesson}: {summary}");
    }
}

/// [MQTT-3.3.2-5] [glassbroker.bound.queue] [glassbroker.no-subscription] Each fate is told with its moment and its rule.
#[test]
fn a_summary_lists_what_was_not_kept_and_what_waits() {
    let file = scenario(
        "ledger",
        r#"{
  "glassbroker": 1, "title": "Fates", "until": "40s",
  "broker": { "profile": "mqtt", "set": { "session.queue_max_messages": 2 } },
  "clients": [
    { "id": "away", "mqtt": "5", "connect": { "clean_start": false, "session_expiry_s": 600 }, "link": { "latency_ms": 100 } },
    { "id": "far", "mqtt": "5", "connect": { "clean_start": false, "session_expiry_s": 600 }, "link": { "latency_ms": 400 } },
    { "id": "source", "mqtt": "5", "link": { "latency_ms": 100 } } ],
  "steps": [
    { "at": "1s", "client": "away", "do": "connect" },
    { "at": "1s", "client": "far", "do": "connect" },
    { "at": "1s", "client": "source", "do": "connect" },
    { "at": "3s", "client": "away", "do": "subscribe", "filters": [ { "filter": "a/#", "qos": 2 } ] },
    { "at": "3s", "client": "far", "do": "subscribe", "filters": [ { "filter": "f/#", "qos": 1 } ] },
    { "at": "5s", "client": "away", "do": "disconnect" },
    { "at": "10s", "client": "source", "do": "publish", "topic": "a/brief", "qos": 1, "payload": "x", "expiry_s": 5 },
    { "at": "11s", "client": "source", "do": "publish", "topic": "a/kept", "qos": 2, "payload": "x" },
    { "at": "12s", "client": "source", "do": "publish", "topic": "a/full", "qos": 1, "payload": "x" },
    { "at": "13s", "client": "source", "do": "publish", "topic": "a/zero", "qos": 0, "payload": "x" },
    { "at": "14s", "client": "source", "do": "publish", "topic": "nobody", "qos": 1, "payload": "x" },
    { "at": "20s", "client": "source", "do": "publish", "topic": "f/zero", "qos": 0, "payload": "x" },
    { "at": "20s", "client": "source", "do": "publish", "topic": "f/one", "qos": 1, "payload": "x" },
    { "at": "20.3s", "client": "far", "do": "cut" } ]
}"#,
    );
    let summary = stdout(&glassbroker(&["run", &file, "--format", "summary"]));
    let (rows, lists) = ledger(&summary);
    assert_eq!(
        rows,
        [
            ("waiting", [0, 0, 1]),
            ("lost", [1, 1, 0]),
            ("expired", [0, 1, 0]),
            ("dropped", [1, 1, 0]),
            ("no subscription", [0, 1, 0]),
        ],
        "{summary}"
    );
    // A PUBLISH reaches the broker 100 ms after its step.
    assert_eq!(
        lists,
        [
            "not kept: 2",
            "  source/1 a/brief for away, at least once: expired at 0:15.100 [MQTT-3.3.2-5]",
            "  source/3 a/full for away, at least once: dropped at 0:12.100, the queue is full [glassbroker.bound.queue]",
            "not settled: 2",
            "  source/2 a/kept for away, exactly once: waiting at 0:11.100, stored [MQTT-4.5.0-1]",
            "  source/7 f/one for far, at least once: lost at 0:20.300, the network was cut",
        ],
        "{summary}"
    );
}

#[test]
fn run_refuses_what_it_cannot_run() {
    let file = scenario("run-wrong", SCENARIO);
    for (arguments, status) in [
        (vec!["run"], 2),
        (vec!["run", &file, "--until", "soon"], 2),
        (vec!["run", &file, "--format", "pcap"], 2),
        (vec!["run", "no-such-file.json"], 1),
        (vec!["run", &file, "--profile", "amqp"], 1),
    ] {
        assert_eq!(glassbroker(&arguments).status.code(), Some(status), "{arguments:?}");
    }
}

#[test]
fn profiles_lists_what_each_changes_with_its_source_and_each_setting_as_a_scenario_writes_it() {
    let listed = glassbroker(&["profiles"]);
    assert_eq!(listed.status.code(), Some(0), "{}", stderr(&listed));
    let text = stdout(&listed);
    // Section 1.4 of AWS IoT Core's quotas: at most 10 stored messages a second a session; the standards set no pace.
    assert!(text.contains("\nsession.replay_per_s = \"unlimited\" messages/s\n"), "{text}");
    let aws = text.split("\naws-iot-core: ").nth(1).expect("the profile");
    let replay: Vec<_> = aws
        .lines()
        .skip_while(|line| !line.contains("session.replay_per_s"))
        .take(3)
        .map(str::trim)
        .collect();
    let [setting, _, source] = replay[..] else { panic!("{aws}") };
    assert!(setting.ends_with(" 10"), "{setting}");
    assert!(source.starts_with("aws.session.replay-rate: AWS IoT Core Developer Guide, "), "{source}");
}

#[test]
fn rules_prints_the_catalogue_with_sources_and_whom_each_rule_binds() {
    let text = stdout(&glassbroker(&["rules"]));
    // 4.6 of both versions: 3.1.1 binds both ends to send PUBACKs in order, 5.0 the client alone.
    let order = |version| {
        let (_, rule) = text.split_once(&format!("\nMQTT-4.6.0-2 ({version}): ")).expect("the rule");
        rule.lines().nth(1).expect("its source").trim().to_owned()
    };
    assert_eq!(
        order("3.1.1"),
        "binds client and server; MQTT Version 3.1.1, OASIS Standard, 29 October 2014, 4.6"
    );
    assert_eq!(order("5.0"), "binds client; MQTT Version 5.0, OASIS Standard, 7 March 2019, 4.6");

    let listed: serde_json::Value =
        serde_json::from_str(&stdout(&glassbroker(&["rules", "--json"]))).expect("JSON");
    let listed = listed.as_array().expect("an array");
    let versions = |version| listed.iter().filter(|rule| rule["version"] == version).count();
    assert_eq!((versions("3.1.1"), versions("5.0")), (141, 251));
    let own = listed.iter().find(|rule| rule["id"] == "glassbroker.client.reconnect").expect("the rule");
    assert_eq!((&own["binds"], &own["certainty"]), (&"client".into(), &"choice".into()));
    assert!(listed.iter().all(|rule| rule["settings"] == serde_json::json!([])));
}

/// [S3] What AWS documents of its pace is a rule by which its profile differs.
#[test]
fn rules_of_a_profile_are_those_that_differ_from_the_standards() {
    let aws = stdout(&glassbroker(&["rules", "--profile", "aws-iot-core", "--json"]));
    let aws: Vec<serde_json::Value> = serde_json::from_str(&aws).expect("JSON");
    let pace = aws.iter().find(|rule| rule["id"] == "aws.session.replay-rate").expect("the pace");
    let setting = serde_json::json!({
        "setting": "session.replay_per_s", "value": 10, "standard": "unlimited"
    });
    assert!(pace["settings"].as_array().is_some_and(|all| all.contains(&setting)), "{pace}");
    assert_eq!((&pace["version"], &pace["certainty"]), (&serde_json::Value::Null, &"documented".into()));
    assert!(pace["date"].as_str().is_some_and(|date| !date.is_empty()));
    assert!(aws.iter().all(|rule| rule["settings"].as_array().is_some_and(|all| !all.is_empty())));
    // What its documents leave open is there though the profile chose as the standards do, and all are counted.
    assert!(aws.iter().any(|rule| rule["id"] == "aws.policy.connect-attributes"));
    let text = stdout(&glassbroker(&["rules", "--profile", "aws-iot-core"]));
    let differs = |rule: &&serde_json::Value| {
        rule["settings"].as_array().is_some_and(|all| all.iter().any(|one| one["value"] != one["standard"]))
    };
    let differing = aws.iter().filter(differs).count();
    let count = format!(
        "\nrules: {}; differing from the standards: {differing}; left open: {}\n",
        aws.len(),
        aws.len() - differing
    );
    assert!(differing < aws.len() && text.ends_with(&count), "{text}");

    assert_eq!(
        stdout(&glassbroker(&["rules", "--profile", "mqtt"])),
        "The profile keeps to the standards.\n"
    );
    let file = serve::folder("rules").join("small.json");
    std::fs::write(&file, r#"{ "set": { "packet.max_bytes": 100 } }"#).expect("written");
    let file = stdout(&glassbroker(&["rules", "--profile", &file.display().to_string()]));
    let end = "\n    packet.max_bytes: 100, in the standards unlimited\n\
               rules: 1; differing from the standards: 1; left open: 0\n";
    assert!(file.ends_with(end), "{file}");
    assert_eq!(glassbroker(&["rules", "--profile", "amqp"]).status.code(), Some(1));
}

/// [W3]
#[test]
fn wills_runs_every_way_to_die_under_every_profile() {
    let table = stdout(&glassbroker(&["wills", "--delay", "10"]));
    let line =
        |begins: &str| table.lines().find(|line| line.starts_with(begins)).unwrap_or_default().to_owned();
    assert!(line("WebSocket Close frame").contains("delayed 10 s"), "{table}");
    assert!(line("WebSocket Close frame").contains("not sent"), "{table}");
    assert!(line("[1] MQTT-3.14.4-3 of MQTT 5.0 (documented): ").contains("DISCONNECT"), "{table}");
    let number_of = |rule: &str| {
        let line = table.lines().find(|line| line.contains(rule)).unwrap_or_default();
        line.trim_start_matches('[').split(']').next().unwrap_or_default().to_owned()
    };
    let keep_alive = number_of("] aws.connect.keep-alive (documented): ");
    let cut = line("Network cut, and silence");
    assert_eq!(cut.matches(&format!(",{keep_alive}]")).count(), 4, "each edition of AWS: {table}");
    assert!(table.contains("] aws.policy.publish-denied-v5 (inferred): "), "{table}");
    assert!(!line("WebSocket open for a day").contains("goes on ["), "no rule ends it: {table}");
    let of_v3 = stdout(&glassbroker(&["wills", "--mqtt", "3.1.1"]));
    assert!(!of_v3.contains("delayed"), "{of_v3}");
}

/// [P1] Who may do what, for the topics of the scenario or for those that are named.
#[test]
fn access_says_what_decides_for_each_client() {
    let file = serve::folder("who-may").join("scenario.json");
    let text = r#"{ "glassbroker": 1, "broker": { "policies": { "in": { "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": [ "iot:Connect", "iot:Publish" ], "Resource": "*" } ] } } },
        "clients": [ { "id": "lamp", "policy": "in" }, { "id": "b" } ],
        "steps": [ { "at": "1s", "client": "lamp", "do": "publish", "topic": "x", "payload": "" } ] }"#;
    std::fs::write(&file, text).expect("written");
    let file = file.display().to_string();
    let said = stdout(&glassbroker(&["access", &file]));
    let lines: Vec<String> =
        said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines[..3],
        ["x", "lamp connect allowed statement 1 of in", "lamp publish allowed statement 1 of in"]
    );
    assert!(lines.contains(&"lamp receive denied no statement".to_owned()), "{said}");
    assert!(lines.contains(&"b connect denied no statement".to_owned()), "{said}");
    let said = stdout(&glassbroker(&["access", &file, "a/+", "c"]));
    assert!(said.starts_with("a/+\n") && said.contains("\nc\n") && !said.contains("\nx\n"), "{said}");
    assert!(!said.split("\nc\n").next().unwrap().contains("publish"), "nobody publishes to a filter: {said}");
    assert_eq!(glassbroker(&["access", &file, "--profile", "amqp"]).status.code(), Some(1));
}
