//! Work that can be stopped: whoever works tells its progress and asks whether to go on, at least every 20 ms.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Told the steps that were just done, 0 where it is only asked; answers whether to go on. Called from any thread.
type Ask = dyn Fn(u64) -> ControlFlow<()> + Send + Sync;

/// The work was stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped before it was done")]
pub struct Stopped;

/// What work asks whether to go on. Once the answer was no, it stays no.
///
/// Deep loops end early where [`is_stopped`](Self::is_stopped), with whatever they have; whoever began the work then calls
/// [`check`](Self::check) and hands nothing on.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<Shared>>);

struct Shared {
    ask: Box<Ask>,
    stopped: AtomicBool,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

impl Watch {
    /// Work that `ask` can stop.
    pub fn new(ask: impl Fn(u64) -> ControlFlow<()> + Send + Sync + 'static) -> Self {
        Watch(Some(Arc::new(Shared { ask: Box::new(ask), stopped: AtomicBool::new(false) })))
    }

    /// Work that nobody stops.
    pub fn never() -> Self {
        Watch(None)
    }

    /// Whether nobody can stop the work.
    pub fn is_never(&self) -> bool {
        self.0.is_none()
    }

    /// Whether the work is to end.
    pub fn is_stopped(&self) -> bool {
        self.tell(0)
    }

    /// Tells that a step is done.
    ///
    /// # Errors
    /// [`Stopped`] if the work is to end.
    pub fn step(&self) -> Result<(), Stopped> {
        if self.tell(1) { Err(Stopped) } else { Ok(()) }
    }

    /// Asks whether to go on.
    ///
    /// # Errors
    /// [`Stopped`] if the work is to end.
    pub fn check(&self) -> Result<(), Stopped> {
        if self.tell(0) { Err(Stopped) } else { Ok(()) }
    }

    fn tell(&self, steps: u64) -> bool {
        let Some(asked) = &self.0 else { return false };
        // Order between threads does not matter: who sees it late asks again.
        if asked.stopped.load(Ordering::Relaxed) {
            return true;
        }
        let stop = (asked.ask)(steps).is_break();
        if stop {
            asked.stopped.store(true, Ordering::Relaxed);
        }
        stop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_stays_a_no_and_steps_are_told() {
        static LEFT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(3);
        let watch = Watch::new(|steps| {
            let left = LEFT.fetch_sub(steps, Ordering::Relaxed) - steps;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!([watch.step(), watch.check(), watch.step(), watch.step()], [Ok(()), Ok(()), Ok(()), Err(Stopped)]);
        LEFT.store(9, Ordering::Relaxed);
        assert!(watch.clone().is_stopped() && watch.step().is_err());
        assert_eq!(LEFT.load(Ordering::Relaxed), 9, "who was told to stop does not ask again");
        assert!(!Watch::never().is_stopped() && Watch::never().is_never() && !watch.is_never());
    }
}
