//! Which tracks are shown, in which order and how tall: the user's choice, which is no part of the run.

use super::{Path, Tracks};

/// What the user chose of the tracks, by the names of their clients.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shown {
    /// Not shown.
    pub hidden: Vec<String>,
    /// Only their session bars are shown.
    pub collapsed: Vec<String>,
    /// Shown before all others, in this order.
    pub pinned: Vec<String>,
    /// A text that the names of those that are shown contain, in capitals or not.
    pub filter: String,
    /// Whether of the broker's group only the head is shown.
    pub broker_collapsed: bool,
    /// Whether only those are shown that the chosen message touches; all, where none is chosen.
    pub only_lit: bool,
}

/// One track that is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// The client's lane.
    pub lane: usize,
    /// Whether only its session bar is shown.
    pub collapsed: bool,
    /// Whether it was pinned to the top.
    pub pinned: bool,
}

impl Shown {
    /// All tracks.
    pub const ALL: &'static Self = &Self {
        hidden: Vec::new(),
        collapsed: Vec::new(),
        pinned: Vec::new(),
        filter: String::new(),
        broker_collapsed: false,
        only_lit: false,
    };

    /// The tracks that are shown, from the top.
    pub fn rows(&self, tracks: &Tracks, path: &Path) -> Vec<Row> {
        let filter = self.filter.to_lowercase();
        let only = self.only_lit && !path.is_none();
        let is_shown = |lane: usize, name: &str| {
            !has(&self.hidden, name)
                && (filter.is_empty() || name.to_lowercase().contains(&filter))
                && (!only || path.lanes().binary_search(&lane).is_ok())
        };
        let row =
            |lane: usize, name: &str, pinned| Row { lane, collapsed: has(&self.collapsed, name), pinned };
        let mut rows: Vec<Row> = Vec::new();
        for name in &self.pinned {
            if let Some(lane) = tracks.position(name).filter(|lane| is_shown(*lane, name)) {
                rows.push(row(lane, name, true));
            }
        }
        for (lane, track) in tracks.clients.iter().enumerate() {
            if !has(&self.pinned, &track.client) && is_shown(lane, &track.client) {
                rows.push(row(lane, &track.client, false));
            }
        }
        rows
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|one| one == name)
}

/// Puts a name into a list, or takes it out where it is there.
pub fn toggle(names: &mut Vec<String>, name: &str) {
    match names.iter().position(|one| one == name) {
        Some(place) => drop(names.remove(place)),
        None => names.push(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracks() -> Tracks {
        let mut tracks = Tracks::default();
        for name in ["hall/lamp", "Lamp 2", "sensor", "log"] {
            tracks.lane(name);
        }
        tracks
    }

    fn rows(shown: &Shown) -> Vec<usize> {
        shown.rows(&tracks(), Path::NONE).iter().map(|row| row.lane).collect()
    }

    #[test]
    fn tracks_are_hidden_filtered_and_pinned() {
        let all = Shown::default();
        assert_eq!(rows(&all), [0, 1, 2, 3]);
        assert_eq!(rows(&Shown { hidden: vec!["sensor".into(), "nobody".into()], ..all.clone() }), [0, 1, 3]);
        assert_eq!(rows(&Shown { filter: "LAMP".into(), ..all.clone() }), [0, 1]);
        let pinned = Shown { pinned: vec!["log".into(), "Lamp 2".into()], ..all.clone() };
        assert_eq!(rows(&pinned), [3, 1, 0, 2]);
        assert_eq!(rows(&Shown { filter: "l".into(), hidden: vec!["log".into()], ..pinned }), [1, 0]);
        assert_eq!(rows(&Shown { only_lit: true, ..all }), [0, 1, 2, 3], "nothing is chosen");
    }

    #[test]
    fn a_track_is_collapsed_until_it_is_no_more() {
        let mut shown = Shown::default();
        toggle(&mut shown.collapsed, "log");
        assert!(shown.rows(&tracks(), Path::NONE)[3].collapsed);
        toggle(&mut shown.collapsed, "log");
        assert_eq!(shown, Shown::default());
    }
}
