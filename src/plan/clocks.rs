//! How far all clocks of a fleet can stand behind, day by day.
//!
//! Clocks that always stand equally far behind share a *class*. A *node* is one row of the [`Tariffs`] for each class; the
//! nodes of a day and what a pause makes of them are worked out once, and serve every schedule that is priced.

use std::collections::BTreeMap;

use super::project::Project;
use super::tariff::Tariffs;

/// Most nodes of a day that are kept. Only fleets with several detections ahead come near it.
const NODES_MAX: usize = 6_000;

/// The clocks of a fleet over all planned days.
#[derive(Clone, Debug)]
pub struct Clocks {
    /// Class of each group of the tariffs.
    class_of: Vec<usize>,
    layers: Vec<Layer>,
    /// Whether every node was kept.
    pub complete: bool,
}

/// The nodes at a midnight.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Rows of each node by class.
    nodes: Vec<Vec<u32>>,
    /// The node of the day after, unpaused and paused.
    next: Vec<[Option<u32>; 2]>,
}

impl Clocks {
    /// The clocks under these tariffs; a pause may begin from the planned day `first_pause` on.
    pub fn new(project: &Project, tariffs: &Tariffs, first_pause: usize) -> Self {
        let (class_of, speakers) = classes(project, tariffs);
        let mut complete = true;
        let mut layers = vec![Layer { nodes: vec![vec![0; speakers.len()]], next: Vec::new() }];
        for day in 0..project.days() {
            let (next, nodes) = step(tariffs, &speakers, &layers[day].nodes, day, first_pause, &mut complete);
            layers[day].next = next;
            layers.push(Layer { nodes, next: Vec::new() });
        }
        Clocks { class_of, layers, complete }
    }

    /// Number of nodes at the beginning of a day.
    pub fn nodes(&self, day: usize) -> usize {
        self.layers[day].nodes.len()
    }

    /// The row of a group in a node of a day.
    #[inline]
    pub fn row(&self, day: usize, node: usize, group: usize) -> usize {
        self.layers[day].nodes[node][self.class_of[group]] as usize
    }

    /// The node of the day after; `None` where a pause cannot be.
    #[inline]
    pub fn next(&self, day: usize, node: usize, paused: bool) -> Option<usize> {
        self.layers[day].next[node][usize::from(paused)].map(|next| next as usize)
    }
}

/// For every node of a day the nodes it leads to, and the nodes of the day after.
#[allow(clippy::type_complexity)] // said in the line above
fn step(
    tariffs: &Tariffs,
    speakers: &[usize],
    nodes: &[Vec<u32>],
    day: usize,
    first_pause: usize,
    complete: &mut bool,
) -> (Vec<[Option<u32>; 2]>, Vec<Vec<u32>>) {
    let rows_after = |node: &Vec<u32>, paused: bool| -> Option<Vec<u32>> {
        let next = |(&group, &row): (&usize, &u32)| Some(tariffs.next_row(group, row as usize, day, paused)? as u32);
        (!paused || day >= first_pause).then_some(())?;
        speakers.iter().zip(node).map(next).collect()
    };
    let mut known: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
    let mut after = Vec::new();
    // Unpaused first, so that these nodes are kept whatever the limit.
    let mut next = vec![[None; 2]; nodes.len()];
    for paused in [false, true] {
        for (node, rows) in nodes.iter().enumerate() {
            let Some(rows) = rows_after(rows, paused) else { continue };
            if !known.contains_key(&rows) && after.len() >= NODES_MAX {
                *complete = false;
                continue;
            }
            let place = *known.entry(rows).or_insert_with_key(|rows| {
                after.push(rows.clone());
                after.len() as u32 - 1
            });
            next[node][usize::from(paused)] = Some(place);
        }
    }
    (next, after)
}

/// Groups whose clocks always stand equally far behind share a class: those detected before the plan, where every pause stops
/// every clock, and all where no pause stops any. Returns the class of each group and a group of each class.
fn classes(project: &Project, tariffs: &Tariffs) -> (Vec<usize>, Vec<usize>) {
    let rules = &project.policy.pauses;
    let mut speakers: Vec<usize> = Vec::new();
    let mut class_of = Vec::new();
    let mut shared = None;
    for (place, group) in tariffs.groups.iter().enumerate() {
        let early = group.detected.is_some_and(|detected| detected <= project.as_of.start());
        let together = group.detected.is_some() && (!rules.freezes || rules.freezes_report && early);
        let class = shared.filter(|_| together).unwrap_or(speakers.len());
        if class == speakers.len() {
            speakers.push(place);
        }
        if together {
            shared = Some(class);
        }
        class_of.push(class);
    }
    (class_of, speakers)
}
