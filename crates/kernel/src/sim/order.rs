//! Which of two servers comes first whose events fall on one instant, where a life does not know.
//!
//! Events of one class at one instant run in the order in which they were set. Servers that were taken up at different moments
//! of their courses, or climbed past each other, have no such order; where it matters the tenant is lived once more from the start,
//! event by event, and says.

use super::life::{Life, Setting};
use super::observe::Silent;
use super::slots::{Due, EventClass};
use crate::time::{SimDuration, SimTime};

impl Life {
    /// To whom the next event happens, of servers that were taken up at different moments.
    ///
    /// Servers whose tenant asks for no pause heed each other where they decide, and only if the tenant keeps a gap between them.
    #[inline]
    pub(super) fn true_owner<O>(
        &self,
        setting: &mut Setting<'_, '_, O>,
        (at, class, owner): (SimTime, EventClass, usize),
    ) -> usize {
        if class != EventClass::Decision || setting.tenant.gap == SimDuration::ZERO {
            return owner;
        }
        let due = Due::new(at, class);
        let is_due = |owner: usize| self.servers[owner - 1].slots.earliest() == due;
        if (1..=self.servers.len()).filter(|&owner| is_due(owner)).count() < 2 {
            return owner;
        }
        first_of(setting, due, is_due).unwrap_or(owner)
    }
}

/// Who is first of those to whom something is due, in a life from the start on.
#[cold]
fn first_of<O>(setting: &mut Setting<'_, '_, O>, due: Due, is_due: impl Fn(usize) -> bool) -> Option<usize> {
    let Setting { rules, policy, group, group_rules, losses, tenant, .. } = *setting;
    let (draws, observer) = (&mut *setting.draws, &mut Silent);
    let mut setting = Setting { rules, policy, group, group_rules, losses, tenant, draws, observer };
    let mut life = Life::default();
    life.start(&mut setting, 0);
    loop {
        let next = life.next(rules.horizon)?;
        let (at, class, owner) = next;
        if Due::new(at, class) == due && is_due(owner) {
            return Some(owner);
        }
        life.take(&mut setting, next);
    }
}
