/// Who does something that `samples log` remembers.
#[derive(clap::Args)]
pub(super) struct By {
    /// Who does it, as `samples log` will tell (default: the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl By {
    pub(super) fn name(&self) -> Option<String> {
        self.by.clone().or_else(login)
    }
}

/// The name somebody is logged in with.
pub(super) fn login() -> Option<String> {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok())
        .filter(|name| !name.is_empty())
}
