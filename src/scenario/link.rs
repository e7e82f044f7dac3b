//! A run, or a lesson, as a link: `#v=1&run=BASE64URL(DEFLATE(JSON))&t=12.5s.3&view=timeline`.

use super::check::{MAX_DOCUMENT_BYTES, check};
use super::document::{Marker, Scenario};
use super::fields::scenario;
use super::form::{Form, read, tree, write};
use super::inputs::journal;
use super::problem::Problem;
use super::read::located;
use crate::json::{from_base64, to_base64};
use crate::profile::Profile;
use crate::sim::{Branches, Entry, Journal, Moment, SavedBranch};
use crate::time::{SimTime, Span};
use std::fmt::Write as _;

/// The longest link that is written, in bytes; a larger run is a file.
pub const MAX_LINK_BYTES: usize = 8 << 10;
/// The longest link that is read, in bytes.
const MAX_READ_BYTES: usize = 64 << 10;
/// The longest program that a run carries, in bytes.
pub const MAX_CODE_BYTES: usize = 64 << 10;
/// How hard the text is compressed, from 0 to 10.
const LEVEL: u8 = 9;
/// The longest name of a lesson or a view.
const MAX_NAME_BYTES: usize = 40;

/// What a link says.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// What is run.
    pub what: What,
    /// Where in it one looks; `None` for its beginning.
    pub moment: Option<Moment>,
    /// The view that shows it; `None` for the usual one.
    pub view: Option<String>,
    /// The profile that the run is compared with.
    pub against: Option<String>,
    /// Whether it is shown to a class, large and without what distracts. Pages that do not know it open the link all the same.
    pub present: bool,
}

/// What a link leads to.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// A lesson, by its name.
    Lesson(String),
    /// A run that travels in the link.
    Run(Box<SavedRun>),
}

/// A run in a link or a file: all that it depends on, and what came of it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SavedRun {
    /// The version of the engine that computed it.
    pub engine: String,
    /// That of its trace up to the moment of the link, by which another engine sees whether it computes the same: a
    /// [`Fingerprint`](crate::trace::Fingerprint) as text.
    pub hash: Option<String>,
    /// Its scenario.
    pub scenario: Scenario,
    /// What was done while it ran.
    pub journal: Journal,
    /// All its branches, the one that is shown last and without its journal; none where there is only one.
    pub branches: Vec<SavedBranch>,
    /// The moments that the user named; no part of what is run.
    pub markers: Vec<Marker>,
    /// The user's program; no part of what is run either, and never run because it is here.
    pub code: Option<String>,
}

impl SavedRun {
    /// The run as JSON, which [`SavedRun::parse`] reads back.
    ///
    /// # Errors
    /// Where something in it is nothing that a document can say.
    pub fn to_json(&self) -> Result<String, Problem> {
        let journals = self.branches.iter().map(|branch| branch.journal.entries().to_vec()).collect();
        write(&mut (self.clone(), self.journal.entries().to_vec(), journals), saved)
    }

    /// What was done to it, in all its branches.
    pub fn done(&self) -> Branches {
        Branches { journal: self.journal.clone(), all: self.branches.clone() }
    }

    /// Reads a run's JSON.
    ///
    /// # Errors
    /// Everything that is wrong with it, up to a bound, with line, column and path.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let root = tree(text)?;
        let (mut run, entries, journals) =
            read(text, &root, (Self::default(), Vec::new(), Vec::new()), saved)?;
        let mut problems = check(&run.scenario);
        for problem in &mut problems {
            problem.path = format!("scenario.{}", problem.path);
        }
        if let Some(code) = run.code.as_ref().filter(|code| code.len() > MAX_CODE_BYTES) {
            let what = format!("a program has at most {MAX_CODE_BYTES} bytes, not {}", code.len());
            problems.push(Problem::at_path("code", what));
        }
        match Journal::new(entries) {
            Ok(journal) => run.journal = journal,
            Err(error) => problems.push(Problem::at_path("journal", error)),
        }
        for (at, (branch, entries)) in run.branches.iter_mut().zip(journals).enumerate() {
            match Journal::new(entries) {
                Ok(journal) => branch.journal = journal,
                Err(error) => problems.push(Problem::at_path(format!("branches[{at}].journal"), error)),
            }
        }
        if let Err(error) = run.done().check() {
            problems.push(Problem::at_path("branches", error));
        }
        located(text, &root, problems)?;
        Ok(run)
    }
}

/// A run, the entries of its journal, and those of its branches' journals.
type Fields = (SavedRun, Vec<Entry>, Vec<Vec<Entry>>);

fn saved(form: &mut Form<'_>, value: &mut Fields) {
    form.object(value, |form, (run, entries, journals)| {
        form.format();
        form.must("engine").text(&mut run.engine);
        form.may("hash").maybe(&mut run.hash, Form::text);
        form.must("scenario");
        scenario(form, &mut run.scenario);
        form.may("journal");
        journal(form, entries);
        let mut branches: Vec<(SavedBranch, Vec<Entry>)> =
            std::mem::take(&mut run.branches).into_iter().zip(std::mem::take(journals)).collect();
        form.may("branches").list_of(&mut branches, Default::default, branch);
        (run.branches, *journals) = branches.into_iter().unzip();
        form.may("markers").list_of(&mut run.markers, Marker::default, |form, value| {
            form.object(value, |form, value| {
                form.must("at").time(&mut value.at);
                form.must("name").text(&mut value.name);
            });
        });
        form.may("code").maybe(&mut run.code, Form::text);
    });
}

/// The fields of a branch, and the entries of its journal.
fn branch(form: &mut Form<'_>, value: &mut (SavedBranch, Vec<Entry>)) {
    form.object(value, |form, (branch, entries)| {
        form.must("id").any32(&mut branch.id);
        form.may("name").text(&mut branch.name);
        let (mut left, mut moment) = (branch.from.map(|from| from.0), branch.from.unwrap_or_default().1);
        form.may("left").maybe(&mut left, Form::any32);
        form.may("at").time(&mut moment.at);
        form.may("ordinal").any32(&mut moment.ordinal);
        form.may("after").number(&mut branch.from_steps, 0, 0..=u64::MAX);
        branch.from = left.map(|left| (left, moment));
        form.may("journal");
        journal(form, entries);
    });
}

impl Link {
    /// Reads what follows `#` in a URL; with or without the `#` itself.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what is allowed.
    pub fn parse(fragment: &str) -> Result<Self, String> {
        if fragment.len() > MAX_READ_BYTES {
            return Err(format!("the link has {} bytes; at most {MAX_READ_BYTES} are read", fragment.len()));
        }
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let mut format = None;
        let (mut run, mut lesson, mut moment, mut view, mut against) = (None, None, None, None, None);
        let mut present = None;
        for part in fragment.split('&').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let value = percent_decoded(value)?;
            let slot = match key {
                "v" => &mut format,
                "run" => &mut run,
                "lesson" => &mut lesson,
                "t" => &mut moment,
                "view" => &mut view,
                "against" => &mut against,
                "present" => &mut present,
                // Whoever passes links on may add something; it is no part of them.
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(format!("`{key}` stands twice in the link"));
            }
        }
        match format.as_deref() {
            Some("1") => {}
            None => return Err("the link does not begin with `v=1`, its version".into()),
            Some(other) => {
                return Err(format!("the link is of version `{other}`; this page reads version 1"));
            }
        }
        let what = match (run, lesson) {
            (Some(run), None) => What::Run(Box::new(unpack(&run)?)),
            (None, Some(lesson)) => What::Lesson(name("lesson", lesson)?),
            (Some(_), Some(_)) => return Err("the link has both a `run` and a `lesson`; it takes one".into()),
            (None, None) => return Err("the link has neither a `run` nor a `lesson`".into()),
        };
        let moment = moment.map(|text| parse_moment(&text)).transpose()?;
        let view = view.map(|text| name("view", text)).transpose()?;
        let against = against.map(profile).transpose()?;
        Ok(Self { what, moment, view, against, present: present.is_some() })
    }

    /// What follows `#` in the URL, with the `#`.
    ///
    /// # Errors
    /// Where it would be longer than [`MAX_LINK_BYTES`], or the run has a step that no document can say.
    pub fn write(&self) -> Result<String, String> {
        let mut out = String::from("#v=1");
        // Writing into a string never fails.
        let _ = match &self.what {
            What::Lesson(lesson) => write!(out, "&lesson={lesson}"),
            What::Run(run) => write!(out, "&run={}", pack(run)?),
        };
        if let Some(moment) = self.moment {
            let _ = write!(out, "&t={}", Shown(moment));
        }
        if let Some(view) = &self.view {
            let _ = write!(out, "&view={view}");
        }
        if let Some(against) = &self.against {
            let _ = write!(out, "&against={against}");
        }
        if self.present {
            out.push_str("&present=1");
        }
        if out.len() > MAX_LINK_BYTES {
            return Err(format!(
                "the link would have {} bytes; at most {MAX_LINK_BYTES} are allowed: save the run as a file",
                out.len()
            ));
        }
        Ok(out)
    }
}

/// A moment as links write it: the time, and after a dot the ordinal where it is not for all of that time's events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shown(pub Moment);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Span(self.0.at.0))?;
        if self.0.ordinal == Moment::ALL { Ok(()) } else { write!(f, ".{}", self.0.ordinal) }
    }
}

/// Reads `12.5s` or `12.5s.3`.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn parse_moment(text: &str) -> Result<Moment, String> {
    let is_ordinal = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.rsplit_once('.') {
        Some((time, ordinal)) if is_ordinal(ordinal) && time.ends_with(|c: char| c.is_ascii_alphabetic()) => {
            let at = SimTime(Span::parse(time)?.0);
            let ordinal = ordinal.parse().map_err(|_| format!("`{ordinal}` is too large an ordinal"))?;
            Ok(Moment { at, ordinal })
        }
        _ => Ok(Moment::after(SimTime(Span::parse(text)?.0))),
    }
}

fn pack(run: &SavedRun) -> Result<String, String> {
    let text = run.to_json().map_err(|problem| problem.to_string())?;
    Ok(to_base64(&miniz_oxide::deflate::compress_to_vec(text.as_bytes(), LEVEL)))
}

fn unpack(text: &str) -> Result<SavedRun, String> {
    let packed = from_base64(text).map_err(|at| {
        format!("the `run` of the link is cut or changed: its character {} is wrong", at + 1)
    })?;
    let bytes =
        miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, MAX_DOCUMENT_BYTES).map_err(|error| {
            if error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput {
                format!("the `run` of the link would grow beyond {MAX_DOCUMENT_BYTES} bytes")
            } else {
                "the `run` of the link is cut or changed: it cannot be unpacked".to_owned()
            }
        })?;
    let text = String::from_utf8(bytes).map_err(|_| "the `run` of the link is no text".to_owned())?;
    SavedRun::parse(&text).map_err(|problems| {
        let first = problems.first().map(ToString::to_string);
        format!("the run in it is wrong: {}", first.unwrap_or_default())
    })
}

/// A name of lower-case letters, digits and hyphens.
fn name(what: &str, text: String) -> Result<String, String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !text.is_empty() && text.len() <= MAX_NAME_BYTES && text.bytes().all(allowed) {
        Ok(text)
    } else {
        Err(format!("the `{what}` of the link is no name: it takes lower-case letters, digits and hyphens"))
    }
}

/// A profile's name.
fn profile(text: String) -> Result<String, String> {
    if Profile::names().any(|name| name == text) {
        return Ok(text);
    }
    let names: Vec<&str> = Profile::names().collect();
    Err(format!("the `against` of the link is no profile; there are {}", names.join(", ")))
}

/// What `%` and two hexadecimal digits stand for, which some programs write into links.
fn percent_decoded(text: &str) -> Result<String, String> {
    if !text.contains('%') {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first != b'%' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(crate::json::from_hex).and_then(|bytes| bytes.first().copied());
        bytes.push(byte.ok_or("a `%` in the link is not followed by two hexadecimal digits")?);
        rest = after.get(2..).unwrap_or_default();
    }
    String::from_utf8(bytes).map_err(|_| "a part of the link is no text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;
    use crate::sim::Input;

    fn run() -> SavedRun {
        let scenario = parse(
            r#"{ "glassbroker": 1, "title": "Grüße", "clients": [ { "id": "lamp" } ],
                 "steps": [ { "at": "1s", "client": "lamp", "do": "connect" } ] }"#,
        )
        .unwrap();
        let entry =
            Entry { steps: 2, at: SimTime(9), input: Input::Cut { client: "lamp".into() }, along: false };
        let journal = Journal::new(vec![entry]).unwrap();
        let markers = vec![Marker { at: SimTime(1_500_000), name: "Hier & jetzt".into() }];
        let code = Some("mqtt.connect(\"ws://glass\");\n".into());
        let branches = Vec::new();
        SavedRun {
            engine: "0.1.0".into(),
            hash: Some("00ff".into()),
            scenario,
            journal,
            branches,
            markers,
            code,
        }
    }

    #[test]
    fn links_are_read_as_they_are_written() {
        let what = What::Run(Box::new(run()));
        let moment = Moment { at: SimTime(12_500_000), ordinal: 3 };
        let link =
            Link { what, moment: Some(moment), view: Some("timeline".into()), against: None, present: true };
        let text = link.write().unwrap();
        assert!(
            text.starts_with("#v=1&run=") && text.ends_with("&t=12.5s.3&view=timeline&present=1"),
            "{text}"
        );
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
        assert_eq!(Link::parse(&text).unwrap(), link);

        let lesson = Link::parse("#v=1&lesson=replay&t=20s&utm_source=x").unwrap();
        assert_eq!(lesson.what, What::Lesson("replay".into()));
        assert_eq!(lesson.moment, Some(Moment::after(SimTime(20_000_000))));
        assert_eq!(lesson.write().unwrap(), "#v=1&lesson=replay&t=20s");
        let sides = Link::parse("#v=1&lesson=replay&view=sides&against=aws-iot-core").unwrap();
        assert_eq!(sides.against.as_deref(), Some("aws-iot-core"));
        assert_eq!(sides.write().unwrap(), "#v=1&lesson=replay&view=sides&against=aws-iot-core");
        assert_eq!(Link::parse("v=1&lesson=will%2Dfate").unwrap().what, What::Lesson("will-fate".into()));
    }

    #[test]
    fn moments_have_an_ordinal_after_the_last_dot() {
        let at = |us, ordinal| Ok(Moment { at: SimTime(us), ordinal });
        assert_eq!(parse_moment("12.5s"), at(12_500_000, Moment::ALL));
        assert_eq!(parse_moment("12.5s.3"), at(12_500_000, 3));
        assert_eq!(parse_moment("250ms.0"), at(250_000, 0));
        assert!(parse_moment("12.5").unwrap_err().contains("no unit"));
        assert!(parse_moment("5s.99999999999").is_err());
    }

    #[test]
    fn a_wrong_link_is_explained() {
        for (link, why) in [
            ("", "v=1"),
            ("#v=2&lesson=a", "version `2`"),
            ("#v=1", "neither"),
            ("#v=1&lesson=a&run=b", "both"),
            ("#v=1&lesson=a&lesson=b", "twice"),
            ("#v=1&lesson=<script>", "no name"),
            ("#v=1&lesson=a&t=5", "no unit"),
            ("#v=1&run=!!", "character 1 is wrong"),
            ("#v=1&run=AAAA", "cannot be unpacked"),
            ("#v=1&lesson=a&against=aws-iot-cor", "no profile; there are mqtt, aws-iot-core"),
            ("#v=1&lesson=%4", "two hexadecimal digits"),
        ] {
            let error = Link::parse(link).unwrap_err();
            assert!(error.contains(why), "{link}: {error}");
        }
    }

    #[test]
    fn inflating_is_bounded() {
        let bomb = miniz_oxide::deflate::compress_to_vec(&vec![b' '; MAX_DOCUMENT_BYTES + 1], 9);
        let error = Link::parse(&format!("#v=1&run={}", to_base64(&bomb))).unwrap_err();
        assert!(error.contains("would grow beyond"), "{error}");
    }

    #[test]
    fn a_large_run_is_no_link() {
        let mut run = run();
        // Digits of a chaotic sequence, which do not compress well.
        let mut state = 1u64;
        run.scenario.about = (0..40_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from(b'a' + (state >> 59) as u8 % 26)
            })
            .collect();
        let link =
            Link { what: What::Run(Box::new(run)), moment: None, view: None, against: None, present: false };
        assert!(link.write().unwrap_err().contains("save the run as a file"));
    }
}
