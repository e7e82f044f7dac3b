//! What stands for something else in the topic and the payload of a publication that is made again and again: `{{n}}` and the like.

use crate::chance::chance_below;
use crate::fnv::{FNV1A, fnv1a};
use crate::nearest::{did_you_mean, ended};
use crate::time::{SimTime, date_and_time};

/// The most places in one text.
const MAX_PLACES: usize = 64;
/// The greatest number in a place, and the most decimals that it has.
const MAX_NUMBER: i64 = 1_000_000_000;
const MAX_DECIMALS: usize = 6;

/// Each place: its name, how it is written, and what it becomes.
pub const PLACES: [(&str, &str, &str); 8] = [
    ("n", "{{n}} or {{n 100 5}}", "which time it is, from 1; or a counter with its start and its step"),
    (
        "walk",
        "{{walk 20 0.5}} or {{walk 20 0.5 15 25}}",
        "a random walk: its start, its largest step, and its bounds",
    ),
    ("random", "{{random 1 6}}", "a number by chance between two, both included"),
    ("choice", "{{choice on|off}}", "one of these by chance"),
    ("t", "{{t}}", "the seconds since the run began"),
    ("time", "{{time}}", "the calendar time in UTC, such as 2026-01-01T00:00:12.500Z"),
    ("unix", "{{unix}}", "the calendar time in milliseconds since 1970"),
    ("client", "{{client}}", "the client's name"),
];

/// Numbers with the same count of decimals, in units of the last of them.
struct Numbers {
    values: Vec<i64>,
    decimals: usize,
}

enum Place<'a> {
    Count(Numbers),
    Walk(Numbers),
    Random(Numbers),
    Choice(&'a str),
    Seconds,
    Time,
    Unix,
    Client,
}

/// What a text's places are filled from.
pub(super) struct Filling<'a> {
    pub(super) seed: u64,
    /// The client's name; empty for the broker.
    pub(super) who: &'a str,
    /// Tells what is filled from other texts of the same client, so that their chances differ.
    pub(super) key: u64,
    /// Which time it is, from 1.
    pub(super) n: u64,
    pub(super) now: SimTime,
    /// The calendar time of the moment zero, in milliseconds since 1970.
    pub(super) epoch_ms: u64,
    /// Where each random walk stands, in the order of the places; those that are missing begin.
    pub(super) walks: &'a mut Vec<i64>,
    /// How many places and walks were filled.
    pub(super) places: u64,
    pub(super) walked: usize,
}

/// Whether a text has places to fill.
///
/// # Errors
/// What is wrong with one of them, and what is allowed.
pub fn check_template(text: &str) -> Result<bool, String> {
    let mut count = 0;
    let mut rest = text;
    while let Some((_, inside, after)) = next(rest) {
        place(inside)?;
        count += 1;
        rest = after;
    }
    if count > MAX_PLACES {
        return Err(format!("there are {count} places `{{{{…}}}}` in it; at most {MAX_PLACES} are allowed"));
    }
    Ok(count > 0)
}

/// Whether something in a text may be a place to fill.
pub fn has_place(text: &str) -> bool {
    next(text).is_some()
}

/// The text before the first place, what stands in that, and the text after it. The innermost braces count, as JSON has some before.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut start = text.find("{{")?;
    while text.get(start + 2..).is_some_and(|rest| rest.starts_with('{')) {
        start += 1;
    }
    let (before, inside) = (text.get(..start)?, text.get(start + 2..)?);
    let (inside, after) = inside.split_once("}}")?;
    Some((before, inside, after))
}

fn place(inside: &str) -> Result<Place<'_>, String> {
    let (name, rest) = inside.trim().split_once(' ').unwrap_or((inside.trim(), ""));
    let Some((_, form, _)) = PLACES.iter().find(|(known, ..)| *known == name) else {
        let near = ended(did_you_mean(name, PLACES.iter().map(|(known, ..)| *known)));
        let forms: Vec<_> = PLACES.iter().map(|(_, form, _)| *form).collect();
        let shown: String = name.chars().take(40).collect();
        return Err(format!(
            "`{{{{{}}}}}` stands for nothing{near} There are {}",
            shown.escape_debug(),
            forms.join(", ")
        ));
    };
    let wrong = || {
        format!(
            "`{{{{{inside}}}}}` is not written as {form}, with numbers up to 1,000,000,000 and six decimals"
        )
    };
    let given = numbers(rest).ok_or_else(wrong);
    let ascending = |given: &Numbers, low: usize| given.values.get(low) <= given.values.get(low + 1);
    let found = match name {
        "n" => given.ok().filter(|given| matches!(given.values.len(), 0 | 2)).map(Place::Count),
        "walk" => given
            .ok()
            .filter(|given| match given.values.as_slice() {
                [_, step] => *step >= 0,
                [_, step, _, _] => *step >= 0 && ascending(given, 2),
                _ => false,
            })
            .map(Place::Walk),
        "random" => {
            given.ok().filter(|given| given.values.len() == 2 && ascending(given, 0)).map(Place::Random)
        }
        "choice" if !rest.trim().is_empty() => Some(Place::Choice(rest.trim())),
        "t" => Some(Place::Seconds).filter(|_| rest.is_empty()),
        "time" => Some(Place::Time).filter(|_| rest.is_empty()),
        "unix" => Some(Place::Unix).filter(|_| rest.is_empty()),
        "client" => Some(Place::Client).filter(|_| rest.is_empty()),
        _ => None,
    };
    found.ok_or_else(wrong)
}

/// Reads decimal numbers that are apart by spaces, as whole numbers of the smallest decimal among them.
fn numbers(text: &str) -> Option<Numbers> {
    let words = || text.split_whitespace();
    let decimals =
        words().map(|word| word.split_once('.').map_or(0, |(_, part)| part.len())).max().unwrap_or(0);
    if decimals > MAX_DECIMALS || words().count() > 4 {
        return None;
    }
    let value = |word: &str| {
        let (sign, digits) = word.strip_prefix('-').map_or((1, word), |digits| (-1, digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if plain { digits.parse::<i64>().ok() } else { None }
        };
        let whole = number(whole).filter(|whole| *whole <= MAX_NUMBER)?;
        number(part)?;
        let part = number(format!("{part:0<decimals$}").get(..decimals.max(1))?)?;
        let part = if decimals == 0 { 0 } else { part };
        Some(sign * (whole * scale(decimals) + part))
    };
    let values = words().map(value).collect::<Option<_>>()?;
    Some(Numbers { values, decimals })
}

/// How many units of the last decimal a whole has.
const fn scale(decimals: usize) -> i64 {
    10i64.pow(decimals as u32)
}

fn written(value: i64, decimals: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (value, scale) = (value.unsigned_abs(), scale(decimals).unsigned_abs());
    match decimals {
        0 => format!("{sign}{value}"),
        _ => format!("{sign}{}.{:0decimals$}", value / scale, value % scale),
    }
}

impl Filling<'_> {
    /// The text with its places filled; what is no place stays as it is.
    pub(super) fn fill(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while let Some((before, inside, after)) = next(rest) {
            out.push_str(before);
            match place(inside) {
                Ok(place) => out.push_str(&self.value(&place)),
                Err(_) => out.push_str(&format!("{{{{{inside}}}}}")),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// A number below a bound for one place, this time.
    fn draw(&self, bound: u64, purpose: &str) -> u64 {
        let ordinal = fnv1a(fnv1a(self.key, &self.places.to_le_bytes()), &self.n.to_le_bytes());
        chance_below(bound.max(1), self.seed, purpose, self.who, ordinal)
    }

    /// A number between two, both included.
    fn between(&self, low: i64, high: i64, purpose: &str) -> i64 {
        let room = low.abs_diff(high).saturating_add(1);
        low.saturating_add_unsigned(self.draw(room, purpose))
    }

    fn value(&mut self, place: &Place<'_>) -> String {
        self.places += 1;
        match place {
            Place::Count(given) => match *given.values.as_slice() {
                [start, step] => {
                    let times = i64::try_from(self.n.saturating_sub(1)).unwrap_or(i64::MAX);
                    written(start.saturating_add(step.saturating_mul(times)), given.decimals)
                }
                _ => self.n.to_string(),
            },
            Place::Walk(given) => written(self.walk(&given.values), given.decimals),
            Place::Random(given) => match *given.values.as_slice() {
                [low, high] => written(self.between(low, high, "random"), given.decimals),
                _ => String::new(),
            },
            Place::Choice(choices) => {
                let choices: Vec<&str> = choices.split('|').map(str::trim).collect();
                let chosen = self.draw(choices.len() as u64, "choice") as usize;
                choices.get(chosen).map(|choice| (*choice).to_owned()).unwrap_or_default()
            }
            Place::Seconds => written(i64::try_from(self.now.as_ms()).unwrap_or(i64::MAX), 3),
            Place::Time => date_and_time(self.unix_ms()).replace(' ', "T") + "Z",
            Place::Unix => self.unix_ms().to_string(),
            Place::Client => self.who.to_owned(),
        }
    }

    const fn unix_ms(&self) -> u64 {
        self.epoch_ms.saturating_add(self.now.0 / 1_000)
    }

    /// One step of the next walk; its start the first time.
    fn walk(&mut self, given: &[i64]) -> i64 {
        let [start, step, bounds @ ..] = given else { return 0 };
        let at = self.walked;
        self.walked += 1;
        let value = match self.walks.get(at) {
            None => *start,
            Some(before) => before.saturating_add(self.between(-step, *step, "walk")),
        };
        let value = if let [low, high] = bounds { value.clamp(*low, *high) } else { value };
        match self.walks.get_mut(at) {
            Some(place) => *place = value,
            None => self.walks.push(value),
        }
        value
    }
}

/// Tells one text's chances from another's: by when it began, its topic and its payload.
pub(super) fn key(at: SimTime, topic: &str, payload: &[u8]) -> u64 {
    fnv1a(fnv1a(fnv1a(FNV1A, &at.0.to_le_bytes()), topic.as_bytes()), payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str, times: u64) -> Vec<String> {
        let mut walks = Vec::new();
        (1..=times)
            .map(|n| {
                let now = SimTime(n * 1_500_000);
                let (who, key, epoch_ms) = ("lamp", 7, 1_767_225_600_000);
                Filling { seed: 1, who, key, n, now, epoch_ms, walks: &mut walks, places: 0, walked: 0 }
                    .fill(text)
            })
            .collect()
    }

    #[test]
    fn counters_have_a_start_and_a_step() {
        assert_eq!(filled("{{n}}", 3), ["1", "2", "3"]);
        assert_eq!(filled("a{{ n }}b", 1), ["a1b"]);
        assert_eq!(filled("{{n 100 -5}}", 3), ["100", "95", "90"]);
        assert_eq!(filled("{{n 0 0.25}}", 3), ["0.00", "0.25", "0.50"]);
        assert_eq!(filled("{{n -1 0.5}}", 4), ["-1.0", "-0.5", "0.0", "0.5"]);
    }

    #[test]
    fn json_keeps_its_own_braces() {
        assert_eq!(filled(r#"{"on":true,"at":{"n":{{n}}}}"#, 1), [r#"{"on":true,"at":{"n":1}}"#]);
        assert_eq!(filled("{{{n}}}", 1), ["{1}"]);
        assert_eq!(filled("{{n", 1), ["{{n"]);
    }

    #[test]
    fn time_is_that_of_the_run_and_of_the_calendar() {
        assert_eq!(
            filled("{{t}} {{time}} {{unix}} {{client}}", 1),
            ["1.500 2026-01-01T00:00:01.500Z 1767225601500 lamp"]
        );
    }

    #[test]
    fn a_walk_begins_at_its_start_goes_by_its_step_at_most_and_keeps_its_bounds() {
        let tenths = |value: &String| value.replace('.', "").parse::<i64>().unwrap();
        let walk: Vec<i64> = filled("{{walk 20 0.5 19 21}}", 500).iter().map(tenths).collect();
        assert_eq!(walk[0], 200);
        assert!(walk.windows(2).all(|pair| pair[0].abs_diff(pair[1]) <= 5), "{walk:?}");
        assert!(walk.iter().all(|value| (190..=210).contains(value)), "{walk:?}");
        assert!(walk.contains(&190) && walk.contains(&210), "{walk:?}");
        // Two walks of one text go their own ways.
        let two = filled("{{walk 0 9}} {{walk 0 9}}", 20);
        assert!(two.iter().any(|pair| pair.split_once(' ').is_some_and(|(a, b)| a != b)), "{two:?}");
    }

    #[test]
    fn chance_stays_within_what_is_said_and_reaches_all_of_it() {
        let dice = filled("{{random 1 6}}", 200);
        for face in 1..=6 {
            assert!(dice.contains(&face.to_string()), "{face}: {dice:?}");
        }
        assert!(dice.iter().all(|face| (1..=6).contains(&face.parse::<i32>().unwrap())), "{dice:?}");
        let choices = filled("{{choice on | off|not sure}}", 100);
        for choice in ["on", "off", "not sure"] {
            assert!(choices.iter().any(|one| one == choice), "{choice}");
        }
        assert_eq!(filled("{{random -0.5 -0.5}}", 1), ["-0.5"]);
    }

    #[test]
    fn what_is_wrong_says_what_is_allowed() {
        assert_eq!(check_template("plain { } text"), Ok(false));
        assert_eq!(check_template("{{n}} {{walk 1 2 3 4}}"), Ok(true));
        let near = check_template("{{wakl 1 2}}").unwrap_err();
        assert!(near.contains("`{{wakl}}` stands for nothing; did you mean `walk`?"), "{near}");
        assert!(near.contains("{{choice on|off}}"), "{near}");
        for wrong in [
            "{{n 1}}",
            "{{walk}}",
            "{{walk 1}}",
            "{{walk 1 -1}}",
            "{{walk 1 1 5 4}}",
            "{{random 6 1}}",
            "{{random a b}}",
            "{{random 1 99999999999}}",
            "{{random 0.1234567 1}}",
            "{{random 1. 2}}",
            "{{choice}}",
            "{{t 1}}",
            "{{}}",
        ] {
            assert!(check_template(wrong).is_err(), "{wrong}");
        }
        assert!(check_template(&"{{n}}".repeat(65)).unwrap_err().contains("at most 64"));
    }
}
