//! The terminal: taken over while scoring, and put right again whatever ends it.

use std::io::{self, Stdout, Write, stdin, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::{getpid, getsid};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::{Flow, Scoring};

/// How long a wish to suspend may go unnoticed while no key is pressed.
const GLANCE: Duration = Duration::from_millis(200);

/// Scores in the terminal until nothing is left or the analyst leaves.
///
/// # Errors
/// What ends scoring, and what the terminal says. Everything is kept up to the last key.
pub fn run(scoring: &mut Scoring<'_>, color: bool) -> anyhow::Result<()> {
    let suspend = Arc::new(AtomicBool::new(false));
    let resumed = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGTSTP, suspend.clone())?;
    signal_hook::flag::register(SIGCONT, resumed.clone())?;
    watch()?;
    let mut screen = Taken::take()?;
    // crossterm hears of resizes from its first question on: asked before the size is read, none goes unseen.
    ask(Duration::ZERO)?;
    let size = screen.terminal.size()?;
    scoring.sized(size.width, size.height);
    let mut changed = true;
    loop {
        if changed {
            screen.terminal.draw(|frame| scoring.draw(frame, color))?;
        }
        let event = wait()?;
        if suspend.swap(false, Ordering::Relaxed) {
            screen = screen.suspend()?;
        }
        changed = event.is_some();
        if resumed.swap(false, Ordering::Relaxed) {
            // Whoever stopped us may have changed the terminal; a resize may have gone unseen.
            screen = screen.again()?;
            let size = screen.terminal.size()?;
            scoring.sized(size.width, size.height);
            changed = true;
        }
        let Some(event) = event else { continue };
        match scoring.take(&event)? {
            Flow::On => {}
            Flow::End => return Ok(()),
            Flow::Suspend => screen = screen.suspend()?,
            Flow::Redraw => screen = screen.again()?,
            Flow::Forget => {
                while event::poll(Duration::ZERO)? {
                    event::read()?;
                }
            }
        }
    }
}

/// Ends the program on signals and when the terminal is gone, from threads of their own: where a terminal has hung up,
/// crossterm 0.29 reads its end for ever and comes back no more. Every change is kept before the next key is read, so
/// there is nothing left to save.
fn watch() -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(signal);
        }
    });
    std::thread::spawn(|| {
        let keys = stdin();
        // No event is asked for: this returns when the other side has closed.
        let mut gone = [PollFd::new(&keys, PollFlags::empty())];
        while poll(&mut gone, None) == Err(Errno::INTR) {}
        end(SIGHUP);
    });
    Ok(())
}

/// Gives the terminal back, then ends as the signal would have.
fn end(signal: i32) {
    give_back();
    // It fails for signals that nobody has a default for.
    let _ = emulate_default_handler(signal);
    std::process::exit(128 + signal);
}

/// The next event, or nothing for a while.
fn wait() -> io::Result<Option<Event>> {
    match ask(GLANCE)? {
        true => event::read().map(Some),
        false => Ok(None),
    }
}

/// Whether there is an event, now or within some time.
fn ask(patience: Duration) -> io::Result<bool> {
    match event::poll(patience) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(false),
        asked => asked,
    }
}

/// A terminal that is given back when this is dropped, also by a panic.
struct Taken {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Taken {
    fn take() -> io::Result<Self> {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            usual(panic);
        }));
        enable_raw_mode()?;
        let entered = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
            .and_then(|()| Terminal::new(CrosstermBackend::new(stdout())));
        match entered {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// Stops like any other program, and takes the terminal again when it goes on. Where no shell could ever wake it,
    /// it doesn't stop.
    fn suspend(self) -> io::Result<Self> {
        let alone = getsid(None).is_ok_and(|session| session == getpid());
        if alone {
            return Ok(self);
        }
        drop(self);
        emulate_default_handler(SIGTSTP)?;
        Self::take()
    }

    /// Takes the terminal anew and draws everything.
    fn again(self) -> io::Result<Self> {
        drop(self);
        Self::take()
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
        // Nothing of ours is left to put right; the usual hook is wanted again.
        if !std::thread::panicking() {
            drop(std::panic::take_hook());
        }
    }
}

/// Nobody can be told if this fails: the terminal is gone then.
fn give_back() {
    let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
    let _ = stdout().flush();
}
