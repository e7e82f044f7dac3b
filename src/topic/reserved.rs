//! The reserved topics of AWS IoT Core: which there are under `$aws/`, and what a client may do with each.

use super::check::{Problem, TopicError};

/// What every reserved topic of the service begins with.
const PREFIX: &str = "$aws/";

/// What a client may do with the topics of a family.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum May {
    Publish,
    Subscribe,
    Both,
}

/// What somebody wants to do with a topic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wants {
    Publish,
    Subscribe,
}

/// The families, by what follows `$aws/`: `+` stands for any level, `a|b` for one of several, `#` for any rest.
const FAMILIES: &[(&str, May)] = &[
    ("events/#", May::Subscribe),
    ("rules/+/#", May::Publish),
    ("things/+/shadow/get|update|delete", May::Both),
    ("things/+/shadow/get|update|delete/accepted|rejected", May::Subscribe),
    ("things/+/shadow/update/delta|documents", May::Subscribe),
    ("things/+/shadow/name/+/get|update|delete", May::Both),
    ("things/+/shadow/name/+/get|update|delete/accepted|rejected", May::Subscribe),
    ("things/+/shadow/name/+/update/delta|documents", May::Subscribe),
    ("things/+/jobs/get|start-next", May::Publish),
    ("things/+/jobs/+/get|update", May::Publish),
    ("things/+/jobs/get|start-next/accepted|rejected", May::Subscribe),
    ("things/+/jobs/+/get|update/accepted|rejected", May::Subscribe),
    ("things/+/jobs/notify|notify-next", May::Subscribe),
    ("things/+/defender/metrics/+", May::Publish),
    ("things/+/defender/metrics/+/accepted|rejected", May::Subscribe),
    ("things/+/streams/+/get|describe/+", May::Publish),
    ("things/+/streams/+/data|description|rejected/+", May::Subscribe),
    ("things/+/tunnels/notify", May::Subscribe),
    ("commands/things|clients/+/executions/+/request", May::Subscribe),
    ("commands/things|clients/+/executions/+/request/+", May::Subscribe),
    ("commands/things|clients/+/executions/+/response/+", May::Publish),
    ("commands/things|clients/+/executions/+/response/accepted|rejected", May::Subscribe),
    ("commands/things|clients/+/executions/+/response/accepted|rejected/+", May::Subscribe),
    ("certificates/create|create-from-csr/+", May::Publish),
    ("certificates/create|create-from-csr/+/accepted|rejected", May::Subscribe),
    ("provisioning-templates/+/provision/+", May::Publish),
    ("provisioning-templates/+/provision/+/accepted|rejected", May::Subscribe),
    ("sitewise/#", May::Subscribe),
    ("device_location/+/get_position_estimate", May::Publish),
    ("device_location/+/get_position_estimate/accepted|rejected", May::Subscribe),
];

/// Checks that a client may publish to a Topic Name, as far as it is reserved.
///
/// # Errors
/// That it may not; that nothing reserved is retained.
pub fn check_reserved_name(name: &str, retain: bool) -> Result<(), TopicError> {
    if !name.starts_with('$') {
        return Ok(());
    }
    if !is_in_table(name, Wants::Publish) {
        return Err(TopicError { problem: Problem::ReservedName, offset: 0 });
    }
    if retain {
        return Err(TopicError { problem: Problem::ReservedRetain, offset: 0 });
    }
    Ok(())
}

/// Checks that a client may subscribe to a Topic Filter, without its `$share/NAME/`, as far as it is reserved: that there are topics
/// for subscribers among those that it matches, and that `#` stands behind the name of a service.
///
/// # Errors
/// That it may not.
pub fn check_reserved_filter(filter: &str) -> Result<(), TopicError> {
    if filter.starts_with('$') && !is_in_table(filter, Wants::Subscribe) {
        return Err(TopicError { problem: Problem::ReservedFilter, offset: 0 });
    }
    Ok(())
}

/// Whether there is a family for it.
fn is_in_table(topic: &str, wants: Wants) -> bool {
    let Some(topic) = topic.strip_prefix(PREFIX) else { return false };
    let serves = |may| match wants {
        Wants::Publish => may != May::Subscribe,
        Wants::Subscribe => may != May::Publish,
    };
    FAMILIES.iter().any(|(family, may)| serves(*may) && meet(topic, family))
}

/// Whether a name or filter and a family have topics in common.
fn meet(topic: &str, family: &str) -> bool {
    // `things/NAME/` has several services, everything else is one.
    let written = if topic.starts_with("things/") { 3 } else { 1 };
    let (mut levels, mut families) = (topic.split('/'), family.split('/'));
    for depth in 0.. {
        match (levels.next(), families.next()) {
            (_, Some("#")) | (None, None) => return true,
            (Some("#"), Some(_)) => return depth >= written,
            (Some("+"), Some(family)) if family == "+" || depth >= written => {}
            (Some(level), Some(family)) if family == "+" || family.split('|').any(|one| one == level) => {}
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [aws.reserved.topics]
    #[test]
    fn each_family_is_for_publishers_for_subscribers_or_for_both() {
        for (topic, publish, subscribe) in [
            ("lamps/1", true, true),
            ("$SYS/broker/uptime", false, false),
            ("$mine", false, false),
            ("$aws", false, false),
            ("$aws/mine", false, false),
            ("$aws/events/presence/connected/lamp", false, true),
            ("$aws/events/job/17/canceled", false, true),
            ("$aws/rules/store", true, false),
            ("$aws/rules/store/lamps/1", true, false),
            ("$aws/things/lamp/shadow/get", true, true),
            ("$aws/things/lamp/shadow/get/accepted", false, true),
            ("$aws/things/lamp/shadow/get/delta", false, false),
            ("$aws/things/lamp/shadow/update/documents", false, true),
            ("$aws/things/lamp/shadow/name/night/update", true, true),
            ("$aws/things/lamp/shadow/name/night/update/delta", false, true),
            ("$aws/things/lamp/shadow/put", false, false),
            ("$aws/things/lamp/jobs/start-next", true, false),
            ("$aws/things/lamp/jobs/17/update", true, false),
            ("$aws/things/lamp/jobs/notify-next", false, true),
            ("$aws/commands/clients/lamp/executions/1/request/json", false, true),
            ("$aws/commands/clients/lamp/executions/1/response/json", true, false),
            ("$aws/certificates/create-from-csr/json", true, false),
            ("$aws/things/lamp/tunnels/notify", false, true),
        ] {
            assert_eq!(check_reserved_name(topic, false).is_ok(), publish, "publish to {topic}");
            assert_eq!(check_reserved_filter(topic).is_ok(), subscribe, "subscribe to {topic}");
        }
        assert!(check_reserved_name("$aws/things/lamp/shadow/get", true).is_err());
        assert!(check_reserved_name("lamps/1", true).is_ok());
    }

    /// [aws.reserved.wildcards]
    #[test]
    fn wildcards_stand_behind_the_name_of_a_service() {
        for (filter, allowed) in [
            ("#", true),
            ("+/things/#", true),
            ("$aws/#", false),
            ("$aws/+/presence/#", false),
            ("$aws/events/#", true),
            ("$aws/things/lamp/#", false),
            ("$aws/things/lamp/+/get/accepted", false),
            ("$aws/things/lamp/shadow/#", true),
            ("$aws/things/+/shadow/update/+", true),
            ("$aws/things/+/shadow/name/+/+/accepted", true),
            ("$aws/things/+/shadow/+", true),
            ("$aws/rules/#", false),
            ("$aws/rules/+/lamps", false),
            ("$SYS/#", false),
        ] {
            assert_eq!(check_reserved_filter(filter).is_ok(), allowed, "{filter}");
        }
    }
}
