//! Ctrl-C: work that can keep what it has done is asked to stop; everything else ends at once.
//!
//! Files are put in their places so that a program may end at any instant, so ending at once leaves nothing half-written.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use brownout::watch::{Stopped, Watch};

use super::stop::Stop;

/// Whether somebody asked to stop. It stays asked.
static ASKED: AtomicBool = AtomicBool::new(false);
/// Whether the work that is going on asks for it.
static ORDERLY: AtomicBool = AtomicBool::new(false);
/// The exit code of what was stopped by Ctrl-C.
pub(crate) const STOPPED: u8 = 130;

/// Whether the work is to stop.
pub(crate) fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// Refuses to go on once somebody asked to stop.
pub(crate) fn check() -> Result<(), Stopped> {
    if is_asked() { Err(Stopped) } else { Ok(()) }
}

/// A watch by which Ctrl-C stops work; its steps go to `step`.
pub(crate) fn watch(step: impl Fn(u64) + Send + Sync + 'static) -> Watch {
    Watch::new(move |steps| {
        if steps > 0 {
            step(steps);
        }
        if is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}

/// Tells of work that was stopped before anything was written.
pub(crate) fn nothing_written() -> Stop {
    Stop::interrupted("nothing was written: repeat the command to begin again")
}

/// Runs work that asks whether to stop, and keeps what it has done.
pub(crate) fn orderly<T>(work: impl FnOnce() -> T) -> T {
    ORDERLY.store(true, Ordering::SeqCst);
    let done = work();
    ORDERLY.store(false, Ordering::SeqCst);
    done
}

/// Listens for Ctrl-C from now on. Where that cannot be listened for, it ends the program as it always did.
#[cfg(unix)]
pub(crate) fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    let wait = move || {
        for signal in signals.forever() {
            let again = ASKED.swap(true, Ordering::SeqCst);
            if again || !ORDERLY.load(Ordering::SeqCst) {
                eprintln!("stopped; nothing is half-written");
                std::process::exit(128 + signal);
            }
        }
    };
    let _ = std::thread::Builder::new().name("interrupt".to_owned()).spawn(wait);
}

/// Stops the work as Ctrl-C does as soon as standard input closes: who started it holds the other end, and a process that was
/// killed holds nothing.
pub(crate) fn live_with_input() {
    let wait = || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        ASKED.store(true, Ordering::SeqCst);
        if !ORDERLY.load(Ordering::SeqCst) {
            eprintln!("stopped, as standard input closed; nothing is half-written");
            std::process::exit(i32::from(STOPPED));
        }
    };
    let _ = std::thread::Builder::new().name("input".to_owned()).spawn(wait);
}

/// Elsewhere Ctrl-C ends the program at once.
#[cfg(not(unix))]
pub(crate) fn listen() {}
