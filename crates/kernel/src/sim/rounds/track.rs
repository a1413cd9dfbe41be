//! The clocks of a tenant's servers while a life is lived, put down round by round.

use super::{Book, ClockEvent, HazardSet, Pressed, Round, RunOut, Turn};
use crate::time::{SimDuration, SimTime};

/// The present rounds of all servers in one life, while it is lived.
#[derive(Debug, Default)]
pub(in crate::sim) struct Track {
    scenario: u16,
    /// Memory is used again from life to life, so there may be more of them than servers: these are the first ones.
    paths: Vec<Path>,
    servers: usize,
    /// When the last appointment was made or kept.
    barrier: Option<SimTime>,
}

/// A server's present round.
#[derive(Debug)]
struct Path {
    begun: SimTime,
    turns: Vec<(SimTime, Turn)>,
    /// When and how its clocks stopped, if they did.
    stopped: Option<(SimTime, RunOut)>,
}

impl Track {
    /// A life under a scenario begins.
    pub(in crate::sim) fn begin(&mut self, scenario: usize) {
        (self.scenario, self.servers, self.barrier) = (scenario as u16, 0, None);
    }

    /// Goes on from another life under a scenario of its own.
    pub(in crate::sim) fn fork(&mut self, scenario: usize, from: &Track) {
        (self.scenario, self.servers, self.barrier) = (scenario as u16, from.servers, from.barrier);
        self.paths.resize_with(self.paths.len().max(from.servers), Path::default);
        for (own, path) in self.paths.iter_mut().zip(&from.paths[..from.servers]) {
            (own.begun, own.stopped) = (path.begun, path.stopped);
            own.turns.clone_from(&path.turns);
        }
    }

    /// Something happens to the clocks of a server.
    pub(in crate::sim) fn happen(&mut self, server: u32, at: SimTime, event: ClockEvent, book: Book<'_>) {
        let index = server as usize;
        while self.servers <= index {
            self.paths.resize_with(self.paths.len().max(self.servers + 1), Path::default);
            self.paths[self.servers].begin(at);
            self.servers += 1;
        }
        match event {
            ClockEvent::Begun => {
                self.put_down(index, book);
                self.paths[index].begin(at);
            }
            ClockEvent::Turned(turn) => self.paths[index].turn(at, turn),
            ClockEvent::Stopped(run_out) => self.stop(index, at, run_out),
            ClockEvent::Tried => {
                self.keep_apart(index, |_| at);
                self.barrier = Some(at);
            }
        }
    }

    /// The life is over: puts down all rounds whose clocks stopped.
    pub(in crate::sim) fn end(&mut self, (rounds, stretches): Book<'_>) {
        for index in 0..self.servers {
            self.put_down(index, (&mut *rounds, &mut *stretches));
        }
        self.servers = 0;
    }

    /// The clocks of a server stop. Appointments of a tenant depend on the order in which they are made and kept: whatever may change,
    /// this decision stays behind what came before, and before what comes later.
    fn stop(&mut self, index: usize, at: SimTime, mut run_out: RunOut) {
        if run_out.decided.is_some() {
            let middle = |before: SimTime| before + SimDuration::from_seconds(at.since(before).seconds() / 2);
            let (from, _) = &mut run_out.between;
            *from = self.barrier.map_or(*from, |barrier| barrier.max(*from));
            *from = self.keep_apart(index, middle).map_or(*from, |others| others.max(*from));
        }
        self.paths[index].stopped = Some((at, run_out));
    }

    /// Limits the decisions of other servers whose work is still ahead to instants that are told for each; returns the latest of
    /// these.
    fn keep_apart(&mut self, index: usize, until: impl Fn(SimTime) -> SimTime) -> Option<SimTime> {
        let others = self.paths[..self.servers].iter_mut().enumerate().filter(|(other, _)| *other != index);
        let stopped = others.filter_map(|(_, path)| path.stopped.as_mut());
        let last = stopped.filter(|(_, run_out)| run_out.decided.is_some()).map(|(at, run_out)| {
            run_out.between.1 = run_out.between.1.min(until(*at));
            run_out.between.1
        });
        last.max()
    }

    /// Puts down a server's round, if its clocks stopped.
    fn put_down(&mut self, index: usize, (rounds, stretches): Book<'_>) {
        let path = &mut self.paths[index];
        let Some((at, run_out)) = path.stopped.take() else { return };
        let RunOut { product, decided, thresholds, between } = run_out;
        let end = if decided.is_some() { at.max(between.1) } else { at };
        let mut pressed = HazardSet::default();
        let ends = path.turns.iter().skip(1).map(|&(at, _)| at).chain(std::iter::once(end));
        for (&(from, Turn { class, open }), to) in path.turns.iter().zip(ends) {
            let to = to.min(end);
            if from < to {
                pressed.add(product, class);
                stretches.push(Pressed { days: to.since(from).days_f64(), class, open });
            }
        }
        let days = |at: SimTime| at.since(path.begun).days_f64();
        let between = (days(between.0), days(between.1));
        let (scenario, stretches) = (self.scenario, stretches.len());
        rounds.push(Round { scenario, product, decided, thresholds, between, pressed, stretches });
    }
}

impl Default for Path {
    fn default() -> Self {
        Path { begun: SimTime::NEVER, turns: Vec::new(), stopped: None }
    }
}

impl Path {
    fn begin(&mut self, at: SimTime) {
        (self.begun, self.stopped) = (at, None);
        self.turns.clear();
    }

    fn turn(&mut self, at: SimTime, turn: Turn) {
        // A detection that lies before the start of the round presses from that start on.
        let at = at.max(self.begun);
        match self.turns.last_mut() {
            Some((_, last)) if *last == turn => {}
            Some((since, last)) if *since == at => *last = turn,
            _ => self.turns.push((at, turn)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ProductId;
    use crate::sim::server::press::Open;
    use crate::tally::Class;
    use crate::world::Route;

    fn day(day: i64) -> SimTime {
        SimTime::from_seconds(day * 86_400)
    }

    fn turned(class: Class) -> ClockEvent {
        ClockEvent::Turned(Turn { class, open: Open::new([true; 3]) })
    }

    fn stopped(decided: Option<Route>, between: (i64, i64)) -> ClockEvent {
        let (product, between) = (ProductId::new(0), (day(between.0), day(between.1)));
        ClockEvent::Stopped(RunOut { product, decided, thresholds: [1.0; 3], between })
    }

    /// Plays events of (server, day, event); returns the limits of the rounds in days, and the days of their stretches.
    fn played(events: &[(u32, i64, ClockEvent)]) -> (Vec<(f64, f64)>, Vec<f64>) {
        let (mut track, mut rounds, mut stretches) = (Track::default(), Vec::new(), Vec::new());
        track.begin(0);
        for &(server, at, event) in events {
            track.happen(server, day(at), event, (&mut rounds, &mut stretches));
        }
        track.end((&mut rounds, &mut stretches));
        (rounds.iter().map(|round| round.between).collect(), stretches.iter().map(|stretch| stretch.days).collect())
    }

    #[test]
    fn a_round_is_what_pressed_until_a_decision_would_have_been_as_good() {
        let (rounds, stretches) = played(&[
            (0, 0, turned(Class::UNAWARE)),
            (0, 4, turned(Class::UNAWARE)),
            (0, 10, turned(Class::stage(0))),
            (0, 15, stopped(Some(Route::Patch), (12, 19))),
            (0, 17, turned(Class::stage(1))),
            (0, 30, ClockEvent::Tried),
            (0, 30, ClockEvent::Begun),
            (0, 30, turned(Class::COMPLIANT)),
            (0, 90, stopped(None, (90, 90))),
        ]);
        assert_eq!(rounds, [(12.0, 19.0), (60.0, 60.0)]);
        assert_eq!(stretches, [10.0, 7.0, 2.0, 60.0]);
    }

    #[test]
    fn servers_decide_in_the_order_in_which_they_did() {
        let begin = [(0, 0, turned(Class::UNAWARE)), (1, 0, turned(Class::UNAWARE))];
        let decided = |server, at, between| (server, at, stopped(Some(Route::Patch), between));
        // The second decides while the first's decision may still shift: they meet half way.
        let rounds = played(&[&begin[..], &[decided(0, 10, (5, 30)), decided(1, 20, (8, 40))]].concat()).0;
        assert_eq!(rounds, [(5.0, 15.0), (15.0, 40.0)]);
        // Work that is tried, even in vain, moves an appointment: who decides later does not decide before that.
        let tried = [decided(0, 10, (5, 12)), (0, 14, ClockEvent::Tried), decided(1, 20, (8, 40))];
        assert_eq!(played(&[&begin[..], &tried].concat()).0, [(5.0, 12.0), (14.0, 40.0)]);
        // And who has decided does not decide after it.
        let later = [decided(1, 10, (5, 30)), decided(0, 20, (8, 40)), (0, 25, ClockEvent::Tried)];
        assert_eq!(played(&[&begin[..], &later].concat()).0, [(15.0, 40.0), (5.0, 15.0)]);
    }
}
