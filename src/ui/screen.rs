//! What is chosen and shown: the part of the lab's state that is no part of the run.

use super::faults::Subject as Faulted;
use super::files::Refused;
use super::operations::Subject;
use super::rules::Draft;
use super::talk::Saved;
use super::teacher::Teacher;
use super::text;

use super::timeline::Menu;
use super::topics::{ChosenTopic, Part};
use super::why::Asked;
use super::wills::Cell;
use crate::picture::{Shown, Window};
use crate::scenario::Marker;
use crate::sim::Pace;
use crate::time::SimTime;
use std::rc::Rc;

/// The panels that share the room on a narrow screen.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tab {
    #[default]
    Timeline,
    Flow,
    Events,
    Ledger,
    Sides,
    Wills,
    Quotas,
    TestClient,
    Code,
    Clients,
    Topics,
    Inspector,
    Broker,
}

impl Tab {
    /// Every tab, in the order of the bar.
    pub(crate) const ALL: [Self; 13] = [
        Self::Timeline,
        Self::Flow,
        Self::Events,
        Self::Ledger,
        Self::Sides,
        Self::Wills,
        Self::Quotas,
        Self::TestClient,
        Self::Code,
        Self::Clients,
        Self::Topics,
        Self::Inspector,
        Self::Broker,
    ];

    /// Those that share the room under the timeline of a wide page, in the order of their tabs.
    pub(crate) const LISTS: [Self; 8] = [
        Self::Flow,
        Self::Events,
        Self::Ledger,
        Self::Sides,
        Self::Wills,
        Self::Quotas,
        Self::TestClient,
        Self::Code,
    ];

    /// The name in links and styles.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Timeline => "timeline",
            Self::Flow => "flow",
            Self::Events => "events",
            Self::Ledger => "ledger",
            Self::Sides => "sides",
            Self::Wills => "wills",
            Self::Quotas => "quotas",
            Self::TestClient => "test-client",
            Self::Code => "code",
            Self::Clients => "clients",
            Self::Topics => "topics",
            Self::Inspector => "inspector",
            Self::Broker => "broker",
        }
    }

    /// The name on the screen.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Timeline => text::timeline::TITLE,
            Self::Flow => text::help::FLOW_TITLE,
            Self::Events => text::tabs::EVENTS,
            Self::Ledger => text::ledger::TITLE,
            Self::Sides => text::tabs::SIDES,
            Self::Wills => text::tabs::WILLS,
            Self::Quotas => text::quotas::TITLE,
            Self::TestClient => text::help::TEST_CLIENT_TITLE,
            Self::Code => text::code::TITLE,
            Self::Clients => text::clients::TITLE,
            Self::Topics => text::topics::TITLE,
            Self::Inspector => text::inspector::TITLE,
            Self::Broker => text::broker::TITLE,
        }
    }

    /// The tab of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.name() == name)
    }
}

/// Everything that is chosen or shown.
pub(crate) struct Screen {
    /// Whether the view moves by itself.
    pub(crate) playing: bool,
    /// How fast, as an exponent of ten in tenths: -30 is a thousandth, 0 is real time, 30 a thousandfold; [`FASTEST`] is as fast as
    /// it computes.
    pub(crate) speed: i32,
    /// By what one steps.
    pub(crate) pace: Pace,
    /// Whether choosing something pauses.
    pub(crate) pauses: bool,
    /// Whether playing skips the time in which only keep-alive traffic happens.
    pub(crate) skips: bool,
    /// Whether the dialog of time is open.
    pub(crate) time: bool,
    /// Whether the dialog of branches is open.
    pub(crate) branches: bool,
    /// The stretch of time on the timeline.
    pub(crate) window: Window,
    /// Whether the timeline follows the view.
    pub(crate) follow: bool,
    /// The chosen event, by its number.
    pub(crate) selected: Option<u32>,
    /// Which tracks the timeline shows.
    pub(crate) shown: Shown,
    /// Where the window began and how long it was when it was to show the whole run.
    pub(crate) whole: Option<(SimTime, u64)>,
    /// Whether idle stretches are folded.
    pub(crate) folds: bool,
    /// Those that are open all the same, by when nothing happened any more.
    pub(crate) unfolded_at: Vec<SimTime>,
    /// How many tracks are not shown.
    pub(crate) not_shown: usize,
    /// What is open under the timeline's head.
    pub(crate) menu: Option<Menu>,
    /// The moments that the user named, in the order of time.
    pub(crate) markers: Vec<Marker>,
    /// The topic that is looked at.
    pub(crate) topic: Option<ChosenTopic>,
    /// Light, dark, or as the system says.
    pub(crate) theme: &'static str,
    /// The panel that a narrow screen shows.
    pub(crate) tab: Tab,
    /// The one of [`Tab::LISTS`] that a wide page shows.
    pub(crate) list: Tab,
    /// How often another scenario was chosen: panels that look for something begin anew then.
    pub(crate) subjects: u32,
    /// What the flow shows, and how.
    pub(crate) flow: super::flow::Shown,
    /// The chosen thing of the two sides, by its number there.
    pub(crate) parted: Option<u32>,
    /// The thing under whose divergence those that follow from it are shown.
    pub(crate) unfolded: Option<u32>,
    /// Whether of the two sides only their divergences are shown.
    pub(crate) only_parted: bool,
    /// The cell of the matrix of ways to die whose run is open.
    pub(crate) cell: Option<Rc<Cell>>,
    /// The client whose own view is open.
    pub(crate) own: Option<String>,
    /// The saved messages, once they were read.
    pub(crate) saved: Option<Saved>,
    /// Who acts in the test client's panel.
    pub(crate) test_client: String,
    /// The user's program, and what it said.
    pub(crate) code: super::code::Code,
    /// What is asked of a client that got nothing.
    pub(crate) why: Option<Asked>,
    /// Whether the help is open.
    pub(crate) help: bool,
    /// Whether this is the run of the page before it was loaded anew, and that is told.
    pub(crate) restored: bool,
    /// Whether the palette of commands is open.
    pub(crate) palette: bool,
    /// What teacher mode shows, while it is on.
    pub(crate) teacher: Option<Teacher>,
    /// Whether the pointer is a laser's dot.
    pub(crate) laser: bool,
    /// Whether the form of users, access list and policies is open.
    pub(crate) access: bool,
    /// The rule at whose row the dialog of rules is open; empty for its beginning.
    pub(crate) rules: Option<&'static str>,
    /// What was typed there and is not in the run.
    pub(crate) rules_draft: Draft,
    /// Whose faults are chosen from.
    pub(crate) faults: Option<Faulted>,
    /// What an account is about to do without a client.
    pub(crate) operation: Option<Subject>,
    /// The file that could not be opened, while it is told why.
    pub(crate) refused: Option<Refused>,
    /// A word to the user that goes away by itself or by Escape.
    pub(crate) notice: Option<String>,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            playing: false,
            speed: 0,
            pace: Pace::default(),
            pauses: false,
            skips: false,
            time: false,
            branches: false,
            window: Window::new(SimTime::ZERO, SimTime(10_000_000), 800.0),
            follow: true,
            selected: None,
            shown: Shown::default(),
            whole: None,
            folds: true,
            unfolded_at: Vec::new(),
            not_shown: 0,
            menu: None,
            markers: Vec::new(),
            topic: None,
            theme: "auto",
            tab: Tab::default(),
            list: Tab::Events,
            subjects: 0,
            flow: super::flow::Shown::default(),
            parted: None,
            unfolded: None,
            only_parted: false,
            cell: None,
            own: None,
            saved: None,
            test_client: super::test_client::NAME.to_owned(),
            code: super::code::Code::default(),
            why: None,
            help: false,
            restored: false,
            palette: false,
            teacher: None,
            laser: false,
            access: false,
            rules: None,
            rules_draft: Draft::default(),
            faults: None,
            operation: None,
            refused: None,
            notice: None,
        }
    }
}

/// The range of [`Screen::speed`].
pub(crate) const SLOWEST: i32 = -30;
/// The range of [`Screen::speed`].
pub(crate) const FASTEST: i32 = 31;

impl Screen {
    /// Forgets what is of a run that is left for another.
    pub(crate) fn left_run(&mut self) {
        self.selected = None;
        self.markers = Vec::new();
        self.unfolded_at = Vec::new();
        self.cell = None;
        self.rules_draft = Draft::default();
        super::test_client::NAME.clone_into(&mut self.test_client);
        self.notice = None;
        self.restored = false;
    }

    /// Forgets what was looked for in a scenario that is left for a quite different one; the same one under another profile keeps it.
    pub(crate) fn left_subject(&mut self) {
        self.topic = None;
        self.flow = super::flow::Shown::default();
        if self.list == Tab::Sides {
            self.list = Tab::Events;
        }
        self.subjects += 1;
    }

    /// Shows a panel where not all have room.
    pub(crate) fn go(&mut self, to: Tab) {
        self.tab = to;
        if let Some(teacher) = &mut self.teacher {
            teacher.show(to);
        }
        if Tab::LISTS.contains(&to) {
            self.list = to;
        }
    }

    /// The panel that a narrow screen shows, and the one beside it in teacher mode.
    pub(crate) fn rooms(&self) -> (Tab, Option<Tab>) {
        self.teacher.as_ref().map_or((self.tab, None), |teacher| (teacher.main, teacher.beside))
    }

    /// Whether also a narrow screen shows it.
    pub(crate) fn shows(&self, tab: Tab) -> bool {
        let (room, beside) = self.rooms();
        room == tab || beside == Some(tab)
    }

    /// Shows a topic: a part of it, or the one that was shown of another.
    pub(crate) fn show_topic(&mut self, name: String, part: Option<Part>) {
        let before = self.topic.take().map(|topic| topic.part);
        self.topic = Some(ChosenTopic { name, part: part.or(before).unwrap_or(Part::Payload) });
    }

    /// Whether the window shows the whole run, and nobody chose something else since.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole == Some((self.window.from, self.window.length_us))
    }

    /// The window shows the whole run, also as that grows and is folded, until somebody chooses something else.
    pub(crate) fn keep_whole(&mut self) {
        self.whole = Some((self.window.from, self.window.length_us));
    }

    /// How many simulated microseconds pass in a millisecond of playing.
    pub(crate) fn us_per_ms(&self) -> f64 {
        1000.0 * 10f64.powf(f64::from(self.speed) / 10.0)
    }
}

/// A speed in words, such as `1×`, `1/100×` or `25×`.
pub(crate) fn speed_text(speed: i32) -> String {
    let rounded = |exponent: i32| {
        // Two digits that say something.
        let (whole, tenths) = (exponent / 10, exponent % 10);
        let mantissa = [10, 13, 16, 20, 25, 32, 40, 50, 63, 80][tenths as usize];
        match whole {
            0 if mantissa % 10 == 0 => format!("{}", mantissa / 10),
            0 => format!("{}.{}", mantissa / 10, mantissa % 10),
            1 => format!("{mantissa}"),
            2 => format!("{mantissa}0"),
            _ => "1000".to_owned(),
        }
    };
    if speed >= FASTEST {
        text::time::FASTEST.to_owned()
    } else if speed >= 0 {
        format!("{}×", rounded(speed.min(30)))
    } else {
        format!("1/{}×", rounded((-speed).min(30)))
    }
}
