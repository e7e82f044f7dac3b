//! Who stands where: the broker between those who publish and those who receive.

/// The participants from left to right, of clients in the order of their lanes; `None` is the broker. Those who publish stand left of
/// it. Where that would leave it at an edge it stands in the middle.
pub fn sides(clients: &[(String, bool)]) -> Vec<Option<String>> {
    let publishers = clients.iter().filter(|(_, publishes)| *publishes).count();
    let at_edge = publishers == 0 || publishers == clients.len();
    let half = clients.len().div_ceil(2);
    let is_left =
        |(i, (_, publishes)): &(usize, &(String, bool))| if at_edge { *i < half } else { *publishes };
    let name = |(_, (name, _)): (usize, &(String, bool))| Some(name.clone());
    let left = clients.iter().enumerate().filter(is_left).map(name);
    let right = clients.iter().enumerate().filter(|one| !is_left(one)).map(name);
    left.chain([None]).chain(right).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(clients: &[(&str, bool)]) -> String {
        let clients: Vec<_> =
            clients.iter().map(|(name, publishes)| ((*name).to_owned(), *publishes)).collect();
        let names = sides(&clients).into_iter().map(|one| one.unwrap_or_else(|| "|".to_owned()));
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_broker_stands_between_those_of_both_sides() {
        assert_eq!(
            ordered(&[("sensor", true), ("phone", false), ("display", false)]),
            "sensor | phone display"
        );
        assert_eq!(ordered(&[("dashboard", false), ("machine", true)]), "machine | dashboard");
    }

    #[test]
    fn where_all_are_of_one_side_the_broker_stands_in_the_middle() {
        assert_eq!(ordered(&[("a", true), ("b", true), ("c", true)]), "a b | c");
        assert_eq!(ordered(&[("a", false), ("b", false)]), "a | b");
        assert_eq!(ordered(&[("lamp", false)]), "lamp |");
        assert_eq!(ordered(&[]), "|");
    }
}
