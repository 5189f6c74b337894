/// Whether free text is masked.
#[derive(clap::Args)]
pub(super) struct RedactArgs {
    /// Mask what was written down freely: comments, notes, reasons, and what a log says besides call id, CSR, caller type and time
    ///
    /// Callers, recordings, queues and the ids of journeys are among it. It holds for every format. Ids of calls stay, so
    /// that a score can be asked after.
    #[arg(long)]
    pub(super) redact: bool,
}
