//! `docs/scenario.schema.json` says what the reader of scenarios does: the same names, and the same verdicts on documents.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::scenario::parse;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const FULL: &str = include_str!("scenario/full.json");

fn schema() -> Value {
    serde_json::from_str(include_str!("../docs/scenario.schema.json")).unwrap()
}

fn keys(properties: &Value) -> BTreeSet<&str> {
    properties.as_object().unwrap().keys().map(String::as_str).collect()
}

fn texts(list: &Value) -> BTreeSet<&str> {
    list.as_array().map(|items| items.iter().map(|item| item.as_str().unwrap()).collect()).unwrap_or_default()
}

/// The fields that the reader allows in an object and those that it misses there: what it says of one with nothing but `given` and an
/// unknown field, at a place of a document.
fn reader_s(place: &str, given: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let document = place.replace('@', &format!("{{ {given} \"?\": 0 }}"));
    let problems = parse(&document).unwrap_err();
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>();
    let said = |start: &str| {
        let about = problems.iter().filter(|problem| problem.message.starts_with(start));
        about.map(|problem| problem.message.clone()).collect::<Vec<_>>().join(" ")
    };
    let unknown = said("there is no field `?` here");
    let allowed = unknown.split_once("Allowed are").unwrap_or_else(|| panic!("{document}: {problems:?}")).1;
    (quoted(allowed), quoted(&said("the field")))
}

#[test]
fn the_schema_has_the_reader_s_names() {
    let schema = schema();
    let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    let client = |inner: &str| format!(r#"{{ "glassbroker": 1, "clients": [{{ "id": "a", {inner} }}] }}"#);
    let listed = |name: &str| format!(r#"{{ "glassbroker": 1, "{name}": [@] }}"#);
    let subscribe = r#"{ "at": "1s", "client": "a", "do": "subscribe", "filters": [@] }"#;
    let rule =
        r##"{ "glassbroker": 1, "broker": { "rules": { "r": { "sql": "SELECT *", "actions": [#] } } } }"##;
    let mut found = 0;
    for (name, place) in [
        ("scenario", "@".to_owned()),
        ("broker", r#"{ "glassbroker": 1, "broker": @ }"#.to_owned()),
        ("redirect", r#"{ "glassbroker": 1, "broker": { "redirect": @ } }"#.to_owned()),
        ("topic_rule", r#"{ "glassbroker": 1, "broker": { "rules": { "r": @ } } }"#.to_owned()),
        ("rule_action", rule.replace('#', "@")),
        ("republish", rule.replace('#', r#"{ "republish": @ }"#)),
        ("policy", r#"{ "glassbroker": 1, "broker": { "policies": { "a": @ } } }"#.to_owned()),
        (
            "statement",
            r#"{ "glassbroker": 1, "broker": { "policies": { "a": { "Version": "2012-10-17", "Statement": [@] } } } }"#
                .to_owned(),
        ),
        ("client", listed("clients")),
        ("thing", client(r#""thing": @"#)),
        ("connect", client(r#""connect": @"#)),
        ("will", client(r#""connect": { "will": @ }"#)),
        ("link", client(r#""link": @"#)),
        ("filter", listed("steps").replace('@', subscribe)),
        ("mark", listed("marks")),
        ("ask", listed("marks").replace('@', r#"{ "at": "1s", "title": "", "ask": @ }"#)),
        ("claim", listed("expect")),
    ] {
        let object = if name == "scenario" { &schema } else { &schema["$defs"][name] };
        let (allowed, required) = reader_s(&place, "");
        assert_eq!(owned(keys(&object["properties"])), allowed, "{name}");
        assert_eq!(owned(texts(&object["required"])), required, "{name}");
        assert_eq!(object["additionalProperties"], false, "{name}");
        found += 1;
    }
    let objects = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    let closed = objects.filter(|object| object["additionalProperties"] == false).count();
    assert_eq!(found, closed, "every object of the schema was compared");

    let mut done = [BTreeSet::new(), BTreeSet::new()];
    for step in schema["$defs"]["step"]["oneOf"].as_array().unwrap() {
        let name = step["properties"]["do"]["const"].as_str().unwrap();
        let on_broker = step["properties"].get("on").is_some();
        let on = if on_broker { r#""on": "broker","# } else { "" };
        let (allowed, mut required) = reader_s(&listed("steps"), &format!("{on} \"do\": \"{name}\","));
        required
            .extend(["on", "do"].iter().filter(|key| allowed.contains(**key)).map(|key| (*key).to_owned()));
        assert_eq!(owned(keys(&step["properties"])), allowed, "{name}");
        assert_eq!(owned(texts(&step["required"])), required, "{name}");
        assert_eq!(step["additionalProperties"], false, "{name}");
        done[usize::from(on_broker)].insert(name.to_owned());
    }
    for (on, names) in ["", r#""on": "broker","#].into_iter().zip(done) {
        let problems = parse(&listed("steps").replace('@', &format!(r#"{{ {on} "do": "?" }}"#))).unwrap_err();
        let can = problems[0].message.split_once("It can").unwrap().1.to_owned();
        assert_eq!(names, can.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>());
    }
}

/// Validates by as much of JSON Schema 2020-12 as the schema uses; a keyword that it does not know is a failure of the test.
fn valid(root: &Value, schema: &Value, value: &Value) -> bool {
    let rules = schema.as_object().expect("a schema is an object");
    rules.iter().all(|(keyword, rule)| match (keyword.as_str(), value) {
        ("$schema" | "$defs" | "title" | "description" | "format", _) => true,
        ("$ref", _) => {
            valid(root, root.pointer(rule.as_str().unwrap().strip_prefix('#').unwrap()).unwrap(), value)
        }
        ("type", _) => match rule {
            Value::Array(types) => types.iter().any(|one| is_of_type(one.as_str().unwrap(), value)),
            one => is_of_type(one.as_str().unwrap(), value),
        },
        ("const", _) => rule == value,
        ("enum", _) => rule.as_array().unwrap().contains(value),
        ("anyOf", _) => rule.as_array().unwrap().iter().any(|one| valid(root, one, value)),
        ("oneOf", _) => rule.as_array().unwrap().iter().filter(|one| valid(root, one, value)).count() == 1,
        ("properties", Value::Object(entries)) => {
            entries.iter().all(|(key, inner)| rule.get(key).is_none_or(|schema| valid(root, schema, inner)))
        }
        ("additionalProperties", Value::Object(entries)) => {
            let known = |key: &str| rules.get("properties").is_some_and(|all| all.get(key).is_some());
            entries.iter().filter(|(key, _)| !known(key)).all(|(_, inner)| match rule {
                Value::Bool(allowed) => *allowed,
                schema => valid(root, schema, inner),
            })
        }
        ("required", Value::Object(entries)) => texts(rule).into_iter().all(|key| entries.contains_key(key)),
        ("dependentRequired", Value::Object(entries)) => {
            rule.as_object().unwrap().iter().all(|(key, needed)| {
                !entries.contains_key(key) || texts(needed).into_iter().all(|key| entries.contains_key(key))
            })
        }
        ("maxProperties", Value::Object(entries)) => entries.len() as u64 <= rule.as_u64().unwrap(),
        ("items", Value::Array(items)) => items.iter().all(|item| valid(root, rule, item)),
        ("prefixItems", Value::Array(items)) => {
            items.iter().zip(rule.as_array().unwrap()).all(|(item, schema)| valid(root, schema, item))
        }
        ("minItems", Value::Array(items)) => items.len() as u64 >= rule.as_u64().unwrap(),
        ("maxItems", Value::Array(items)) => items.len() as u64 <= rule.as_u64().unwrap(),
        ("minimum", Value::Number(number)) => number.as_f64().unwrap() >= rule.as_f64().unwrap(),
        ("maximum", Value::Number(number)) => number.as_f64().unwrap() <= rule.as_f64().unwrap(),
        ("minLength", Value::String(text)) => text.chars().count() as u64 >= rule.as_u64().unwrap(),
        ("maxLength", Value::String(text)) => text.chars().count() as u64 <= rule.as_u64().unwrap(),
        ("pattern", Value::String(text)) => is_time(text),
        (
            "properties"
            | "additionalProperties"
            | "required"
            | "dependentRequired"
            | "maxProperties"
            | "items"
            | "prefixItems"
            | "minItems"
            | "maxItems"
            | "minimum"
            | "maximum"
            | "minLength"
            | "maxLength"
            | "pattern",
            _,
        ) => true,
        (other, _) => panic!("the schema uses `{other}`"),
    })
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_u64() || value.is_i64(),
        other => panic!("the schema uses the type `{other}`"),
    }
}

/// What the one pattern of the schema says.
fn is_time(text: &str) -> bool {
    let text = text.trim();
    let at = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    !whole.is_empty()
        && !part.contains('.')
        && part.len() <= 12
        && ["us", "ms", "s", "m", "h", "d"].contains(&unit.trim())
}

fn both(document: &Value) -> (bool, bool) {
    let schema = schema();
    (parse(&document.to_string()).is_ok(), valid(&schema, &schema, document))
}

#[test]
fn both_take_what_is_right() {
    for text in [
        FULL,
        include_str!("../www/lessons/hello.json"),
        include_str!("../www/lessons/qos.json"),
        include_str!("../www/lessons/replay.json"),
        include_str!("../www/lessons/will.json"),
        include_str!("../www/lessons/remember.json"),
        include_str!("../www/lessons/share.json"),
        r#"{ "glassbroker": 1 }"#,
        r#"{ "glassbroker": 1, "clients": [ { "id": "a", "username": null, "password": null, "policy": null } ] }"#,
    ] {
        assert_eq!(both(&serde_json::from_str(text).unwrap()), (true, true), "{text}");
    }
}

#[test]
fn both_refuse_what_is_of_the_wrong_form() {
    let full: Value = serde_json::from_str(FULL).unwrap();
    for (at, wrong) in [
        ("/glassbroker", json!(2)),
        ("/title", json!(5)),
        ("/seed", json!(-1)),
        ("/seed", json!(1.5)),
        ("/seed", Value::Null),
        ("/until", json!("60")),
        ("/until", json!(60)),
        ("/broker/set", json!([])),
        ("/broker/set/session.replay_per_s", json!("ten")),
        ("/broker/policies", json!({ "plant": {} })),
        ("/broker/policies", json!({ "plant": { "Version": "2008-10-17", "Statement": [] } })),
        (
            "/broker/policies",
            json!({ "plant": { "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "*" } ] } }),
        ),
        (
            "/broker/policies",
            json!({ "plant": { "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": [], "Resource": "*" } } }),
        ),
        ("/clients/0/thing", json!({ "attributes": {} })),
        ("/broker/users", json!(["alice"])),
        ("/broker/users/s", json!(5)),
        ("/broker/anonymous", json!("yes")),
        ("/broker/acl", json!([5])),
        ("/broker/rules", json!([])),
        ("/broker/rules/hot_lamps/sql", json!(5)),
        ("/broker/rules/hot_lamps/actions", json!([{ "print": {} }])),
        ("/broker/rules/hot_lamps/actions/0/republish/qos", json!(2)),
        ("/broker/redirect", json!({ "permanently": true })),
        ("/broker/redirect", json!({ "to": "" })),
        ("/broker/redirect", json!({ "to": "x", "port": 1883 })),
        ("/clients/2/connect/auth", json!(true)),
        ("/clients", json!({})),
        ("/clients/0/id", json!("")),
        ("/clients/0/mqtt", json!("4")),
        ("/clients/0/policy", json!(5)),
        ("/clients/0/connect/keep_alive_s", json!(65_536)),
        ("/clients/0/connect/receive_maximum", json!(0)),
        ("/clients/0/connect/user_properties/0", json!(["a"])),
        ("/clients/0/connect/will/qos", json!(3)),
        ("/clients/0/connect/will/payload", json!({ "hex": "00", "base64": "AA==" })),
        ("/clients/0/link/latency_ms", json!("40")),
        ("/clients/0/link/bytes_per_s", json!(0)),
        ("/steps/0/do", json!("fly")),
        ("/steps/0/at", json!("soon")),
        ("/steps/0/wings", json!(2)),
        ("/steps/0/on", json!("broker")),
        ("/steps/2/filters", json!([])),
        ("/steps/2/filters/0/retain_handling", json!(3)),
        ("/steps/7/times", json!(0)),
        ("/steps/14/code", json!(1001)),
        ("/steps/17/client", Value::Null),
        ("/steps/21/value", json!({})),
        ("/marks/0/title", Value::Null),
        ("/marks/0/ask/choices", json!(["one"])),
        ("/expect/0/receives", json!("many")),
        ("/expect/0/between", json!(["1s", "2s", "3s"])),
    ] {
        let mut document = full.clone();
        let (parent, key) = at.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap();
        match parent {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = wrong.clone(),
            parent => parent[key] = wrong.clone(),
        }
        assert_eq!(both(&document), (false, false), "{at} {wrong}");
    }
    for missing in [
        "/glassbroker",
        "/clients/0/id",
        "/steps/0/at",
        "/steps/0/client",
        "/steps/0/do",
        "/steps/7/times",
        "/marks/0/at",
    ] {
        let mut document = full.clone();
        let (parent, key) = missing.rsplit_once('/').unwrap();
        document.pointer_mut(parent).and_then(Value::as_object_mut).unwrap().remove(key);
        assert_eq!(both(&document), (false, false), "{missing}");
    }
}

/// Puts a value in the place of the one with this number.
fn replace(value: &mut Value, at: &mut usize, by: &Value) -> bool {
    if *at == 0 {
        *value = by.clone();
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| replace(item, at, by)),
        Value::Object(entries) => entries.values_mut().any(|item| replace(item, at, by)),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// The schema knows less than the reader: which clients there are, which topics are valid. It never refuses what the reader takes.
    #[test]
    fn what_the_reader_takes_the_schema_takes(
        at in 0usize..260,
        by in prop_oneof![
            Just(Value::Null), any::<bool>().prop_map(Into::into), (0u64..70_000).prop_map(Into::into),
            "(lamp|sensor|1s|5|a/b|unlimited|factory/#|[a-z]{1,4})".prop_map(Into::into),
            Just(json!([])), Just(Value::Object(Map::new())), Just(json!({ "hex": "00" })),
        ],
    ) {
        let mut document: Value = serde_json::from_str(FULL).unwrap();
        replace(&mut document, &mut { at }, &by);
        let (reader, schema) = both(&document);
        prop_assert!(!reader || schema, "{document}");
    }
}
