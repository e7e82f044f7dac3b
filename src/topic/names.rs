//! A store by topic name: ordered, and cheap to copy.

use super::names_match::cmp;
use std::cmp::Ordering;
use std::sync::Arc;

/// Higher than an AVL tree of 2^32 names can be.
const HIGHEST: usize = 48;

/// A name, its value, and the names before and after it.
#[derive(Clone, Debug)]
struct Node<V> {
    name: Arc<str>,
    value: V,
    height: u8,
    before: Branch<V>,
    after: Branch<V>,
}

type Branch<V> = Option<Arc<Node<V>>>;

/// Values by Topic Name: the retained store, or the names that a page has seen.
///
/// The order is that of the topic tree: level by level, each level's bytes compared, a name before the names below it
/// (`a`, `a/b`, `a-b`), so that all names under one level are neighbours.
///
/// It is a balanced tree of shared nodes. A clone costs nothing and shares everything; a change copies the way from the root
/// to the changed name, and only where a clone still holds it. That is what makes checkpoints of large stores cheap.
#[derive(Clone, Debug)]
pub struct Names<V> {
    root: Branch<V>,
    len: usize,
}

impl<V> Default for Names<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Names<V> {
    /// A store without names.
    pub const fn new() -> Self {
        Self { root: None, len: 0 }
    }

    /// How many names it holds.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&V> {
        let mut branch = &self.root;
        while let Some(node) = branch {
            branch = match cmp(name, &node.name) {
                Ordering::Less => &node.before,
                Ordering::Greater => &node.after,
                Ordering::Equal => return Some(&node.value),
            };
        }
        None
    }

    /// All names with their values, in order.
    pub fn iter(&self) -> Iter<'_, V> {
        self.seek(|_| Ordering::Greater)
    }

    /// The names that come after this one, whether it is there or not, with their values, in order.
    pub fn after(&self, name: &str) -> Iter<'_, V> {
        self.seek(|known| match cmp(known, name) {
            Ordering::Greater => Ordering::Greater,
            Ordering::Less | Ordering::Equal => Ordering::Less,
        })
    }

    /// The names from the first on that `order` does not call `Less`; `order` must never fall along the order of names.
    pub(super) fn seek(&self, order: impl Fn(&str) -> Ordering) -> Iter<'_, V> {
        let mut iter = Iter { stack: [None; HIGHEST], depth: 0 };
        let mut branch = self.root.as_deref();
        while let Some(node) = branch {
            branch = if order(&node.name) == Ordering::Less {
                node.after.as_deref()
            } else {
                iter.push(node);
                node.before.as_deref()
            };
        }
        iter
    }
}

impl<V: Clone> Names<V> {
    /// Sets the value of `name` and gives the previous one.
    pub fn insert(&mut self, name: &str, value: V) -> Option<V> {
        let previous = insert(&mut self.root, name, value);
        self.len += usize::from(previous.is_none());
        previous
    }

    /// The value of `name`, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        // A name that is not there must not copy anything.
        self.get(name)?;
        let mut branch = &mut self.root;
        while let Some(node) = branch {
            let node = Arc::make_mut(node);
            branch = match cmp(name, &node.name) {
                Ordering::Less => &mut node.before,
                Ordering::Greater => &mut node.after,
                Ordering::Equal => return Some(&mut node.value),
            };
        }
        None
    }

    /// Takes out the value of `name`.
    pub fn remove(&mut self, name: &str) -> Option<V> {
        // A name that is not there must not copy anything.
        self.get(name)?;
        let value = remove(&mut self.root, name)?;
        self.len -= 1;
        Some(value)
    }
}

/// The names of a store with their values, in order.
#[derive(Clone, Debug)]
pub struct Iter<'a, V> {
    /// What is still to come, the nearest last; each with all that is after it.
    stack: [Option<&'a Node<V>>; HIGHEST],
    depth: usize,
}

impl<'a, V> Iter<'a, V> {
    fn push(&mut self, node: &'a Node<V>) {
        self.stack[self.depth] = Some(node);
        self.depth += 1;
    }
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a str, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.depth = self.depth.checked_sub(1)?;
        let node = self.stack[self.depth]?;
        let mut branch = node.after.as_deref();
        while let Some(next) = branch {
            self.push(next);
            branch = next.before.as_deref();
        }
        Some((&node.name, &node.value))
    }
}

impl<'a, V> IntoIterator for &'a Names<V> {
    type Item = (&'a str, &'a V);
    type IntoIter = Iter<'a, V>;

    fn into_iter(self) -> Iter<'a, V> {
        self.iter()
    }
}

fn height<V>(branch: &Branch<V>) -> u8 {
    branch.as_ref().map_or(0, |node| node.height)
}

fn insert<V: Clone>(branch: &mut Branch<V>, name: &str, value: V) -> Option<V> {
    let Some(node) = branch else {
        *branch = Some(Arc::new(Node { name: name.into(), value, height: 1, before: None, after: None }));
        return None;
    };
    let node = Arc::make_mut(node);
    let previous = match cmp(name, &node.name) {
        Ordering::Less => insert(&mut node.before, name, value),
        Ordering::Greater => insert(&mut node.after, name, value),
        Ordering::Equal => return Some(std::mem::replace(&mut node.value, value)),
    };
    if previous.is_none() {
        balance(branch);
    }
    previous
}

fn remove<V: Clone>(branch: &mut Branch<V>, name: &str) -> Option<V> {
    let node = Arc::make_mut(branch.as_mut()?);
    let value = match cmp(name, &node.name) {
        Ordering::Less => remove(&mut node.before, name)?,
        Ordering::Greater => remove(&mut node.after, name)?,
        Ordering::Equal => {
            let (before, mut after) = (node.before.take(), node.after.take());
            let removed = std::mem::replace(branch, before)?;
            if branch.is_none() {
                *branch = after;
            } else if let Some(mut next) = take_first(&mut after) {
                // The name that follows takes the place.
                let node = Arc::make_mut(&mut next);
                node.before = branch.take();
                node.after = after;
                *branch = Some(next);
            }
            balance(branch);
            return Some(Arc::unwrap_or_clone(removed).value);
        }
    };
    balance(branch);
    Some(value)
}

/// Takes out the first name of a branch, without what was after it.
fn take_first<V: Clone>(branch: &mut Branch<V>) -> Branch<V> {
    let node = Arc::make_mut(branch.as_mut()?);
    if node.before.is_some() {
        let first = take_first(&mut node.before);
        balance(branch);
        return first;
    }
    let after = node.after.take();
    std::mem::replace(branch, after)
}

/// Restores the AVL condition at the top of a branch whose parts hold it: heights on both sides differ by one at most.
fn balance<V: Clone>(branch: &mut Branch<V>) {
    let Some(node) = branch else { return };
    let node = Arc::make_mut(node);
    let (before, after) = (height(&node.before), height(&node.after));
    if before > after + 1 {
        if let Some(below) = &node.before
            && height(&below.after) > height(&below.before)
        {
            lift_after(&mut node.before);
        }
        lift_before(branch);
    } else if after > before + 1 {
        if let Some(below) = &node.after
            && height(&below.before) > height(&below.after)
        {
            lift_before(&mut node.after);
        }
        lift_after(branch);
    } else {
        node.height = before.max(after) + 1;
    }
}

/// Makes the node before the top the top.
fn lift_before<V: Clone>(branch: &mut Branch<V>) {
    let Some(mut old) = branch.take() else { return };
    let top = Arc::make_mut(&mut old);
    if let Some(mut new) = top.before.take() {
        let lifted = Arc::make_mut(&mut new);
        top.before = lifted.after.take();
        top.height = height(&top.before).max(height(&top.after)) + 1;
        lifted.height = height(&lifted.before).max(top.height) + 1;
        lifted.after = Some(old);
        *branch = Some(new);
    } else {
        *branch = Some(old);
    }
}

/// Makes the node after the top the top.
fn lift_after<V: Clone>(branch: &mut Branch<V>) {
    let Some(mut old) = branch.take() else { return };
    let top = Arc::make_mut(&mut old);
    if let Some(mut new) = top.after.take() {
        let lifted = Arc::make_mut(&mut new);
        top.after = lifted.before.take();
        top.height = height(&top.before).max(height(&top.after)) + 1;
        lifted.height = height(&lifted.after).max(top.height) + 1;
        lifted.before = Some(old);
        *branch = Some(new);
    } else {
        *branch = Some(old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The height, where every node holds the AVL condition.
    fn checked<V>(branch: &Branch<V>) -> u8 {
        let Some(node) = branch else { return 0 };
        let (before, after) = (checked(&node.before), checked(&node.after));
        assert!(before.abs_diff(after) <= 1, "out of balance at {}", node.name);
        assert_eq!(node.height, before.max(after) + 1, "wrong height at {}", node.name);
        node.height
    }

    #[test]
    fn the_tree_stays_balanced_and_ordered() {
        let mut names = Names::new();
        for n in 0..2_000u32 {
            // Ascending, descending and scattered names.
            let n = match n % 3 {
                0 => n,
                1 => 10_000 - n,
                _ => n.wrapping_mul(2_654_435_761) % 9_973,
            };
            names.insert(&format!("n/{n:05}"), n);
        }
        assert!(checked(&names.root) <= 15);
        let all: Vec<String> = names.iter().map(|(name, _)| name.to_owned()).collect();
        assert_eq!(all.len(), names.len());
        assert!(all.is_sorted());
        for name in all.iter().step_by(2) {
            assert!(names.remove(name).is_some());
            assert!(names.remove(name).is_none());
        }
        checked(&names.root);
        let left: Vec<&str> = names.iter().map(|(name, _)| name).collect();
        assert_eq!(left, all.iter().skip(1).step_by(2).collect::<Vec<_>>());
        assert_eq!(left.len(), names.len());
    }

    #[test]
    fn a_copy_keeps_what_the_other_changes_and_shares_the_rest() {
        let mut names: Names<u32> = Names::new();
        for n in 0..1_000 {
            names.insert(&format!("n/{n}"), n);
        }
        let copy = names.clone();
        names.insert("n/7", 70);
        *names.get_mut("n/8").unwrap() += 1;
        names.remove("n/9");
        assert_eq!((copy.get("n/7"), copy.get("n/8"), copy.get("n/9")), (Some(&7), Some(&8), Some(&9)));
        assert_eq!((names.get("n/7"), names.get("n/8"), names.get("n/9")), (Some(&70), Some(&9), None));
        assert_eq!((copy.len(), names.len()), (1_000, 999));

        fn shared<V>(branch: &Branch<V>) -> usize {
            branch.as_ref().map_or(0, |node| {
                let both = shared(&node.before) + shared(&node.after);
                both + usize::from(Arc::strong_count(node) > 1)
            })
        }
        // A node that is reached by two ways is shared with all that is below it: few copies, hence few such roots.
        let copied = 1_000
            - names
                .iter()
                .filter(|(name, _)| std::ptr::eq(names.get(name).unwrap(), copy.get(name).unwrap()))
                .count();
        assert!(copied < 45, "{copied} of 1,000 names were copied for three changes");
        assert!(shared(&names.root) > 0);
    }
}
