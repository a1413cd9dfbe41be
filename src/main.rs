//! The brownout program: gives the command line its arguments and how pages look.
//!
//! Style sheet and script stand here, where nothing else is built: whoever changes a word of them waits for the linker alone.

use std::process::ExitCode;

use brownout::telling::html::Look;

/// How the pages of this program look.
const LOOK: Look<'static> = Look { style: include_str!("look/style.css"), script: include_str!("look/page.js") };

fn main() -> ExitCode {
    brownout::cli::run(std::env::args_os(), LOOK)
}
