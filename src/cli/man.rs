/// Print the manual page (roff): `evenhand man | man -l -`
#[derive(clap::Args)]
pub(super) struct Args {
    /// The command the page is about; without it, the program as a whole
    command: Option<String>,
}

impl Args {
    pub(super) fn run(self, command: clap::Command) -> anyhow::Result<()> {
        let command = match &self.command {
            None => command,
            Some(name) => command
                .find_subcommand(name)
                .cloned()
                .map(|sub| sub.display_name(format!("evenhand {name}")))
                .ok_or_else(|| {
                    super::Failure::usage(
                        format!("no command is called `{name}`"),
                        "`evenhand --help` lists them",
                    )
                })?,
        };
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        super::output::print(&String::from_utf8_lossy(&page))
    }
}
