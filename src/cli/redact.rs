/// Whether free text is masked.
#[derive(clap::Args)]
pub(super) struct RedactArgs {
    /// Mask what was written down freely: comments, notes, reasons, and all that a log says besides CSR, caller type and time
    ///
    /// Callers and recordings are among it. It holds for every format.
    #[arg(long)]
    pub(super) redact: bool,
}
