use clap_complete::{Shell, generate};

/// Print a script that completes commands in a shell
#[derive(clap::Args)]
pub(super) struct Args {
    shell: Shell,
}

impl Args {
    pub(super) fn run(self, mut command: clap::Command) -> anyhow::Result<()> {
        let mut script = Vec::new();
        generate(self.shell, &mut command, "evenhand", &mut script);
        super::output::print(&String::from_utf8_lossy(&script))
    }
}
