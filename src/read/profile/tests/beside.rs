//! Files beside a profile.

use super::*;

#[test]
fn files_beside_a_profile_stand_in_the_text_that_is_kept() {
    let folder = tempfile::tempdir().expect("folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write(
        "extensions.txt",
        "\u{feff}# the desk\n1000-1999\n\n4711, Ada\n",
    );
    write(
        "aliases.csv",
        "csr,alias,team\n\"Ada \"\"A\"\"\",301,Desk\n\"Ada \"\"A\"\"\",a.d,\nBen,302,\n",
    );
    let text = "format = 1\n[csr]\naliases = \"aliases.csv\" # names\n\
         [[caller_type.rule]]\ncolumn = \"from\"\ngives = \"internal\"\n\
         and = { column = \"to\", extensions_file = 'extensions.txt' }\nempty = false\n";
    write("p.toml", text);
    let loaded =
        profile_file(&folder.path().join("p.toml")).unwrap_or_else(|told| panic!("{told}"));
    assert!(loaded.source.contains("} # names\n"), "{}", loaded.source);
    assert!(
        loaded
            .source
            .contains("extensions = [\"1000-1999\", \"4711\"] }\n"),
        "{}",
        loaded.source
    );
    assert!(!loaded.source.contains("file"), "{}", loaded.source);
    let kept = read(&loaded.source);
    assert_eq!(kept.csr.aliases, loaded.profile.csr.aliases);
    assert_eq!(kept.csr.aliases["a.d"], "Ada \"A\"");
    assert_eq!(
        kept.rules[0].to_string(),
        loaded.profile.rules[0].to_string()
    );
    assert_eq!(
        kept.rules[0].to_string(),
        "`from` is not empty and `to` is an extension of 1000-1999, 4711: internal"
    );
    // Without files beside it the text is kept as it is.
    write("plain.toml", "format = 1 # mine\n");
    let plain = profile_file(&folder.path().join("plain.toml")).expect("read");
    assert_eq!(plain.source, "format = 1 # mine\n");
}

#[test]
fn what_is_wrong_with_a_file_beside_a_profile_is_told_where_it_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write("extensions.txt", "1000\nDesk\n");
    write("empty.txt", "# none\n");
    write("aliases.csv", "csr,alias\nAda,301\nBen,301\n");
    write("teams.csv", "csr,team\nAda,Desk\n");
    let told = |text: &str| {
        write("p.toml", &format!("format = 1\n{text}\n"));
        let problems = profile_file(&folder.path().join("p.toml")).expect_err("has faults");
        let list = problems.list().iter();
        list.map(|problem| problem.message.clone())
            .collect::<Vec<_>>()
    };
    let rule = |file: &str| {
        told(&format!(
            "[[caller_type.rule]]\ncolumn = \"from\"\nextensions_file = \"{file}\"\ngives = \"internal\""
        ))
    };
    assert_eq!(
        rule("extensions.txt"),
        [
            "`extensions.txt`, line 2: `Desk` is neither an extension such as 4711 nor a range of numbers of one length such as 1000-1999"
        ]
    );
    assert_eq!(rule("empty.txt"), ["`empty.txt` lists no extension"]);
    assert_eq!(
        rule("extension.txt"),
        ["`extension.txt`: there is no such file"]
    );
    let aliases = told("[csr]\naliases = \"aliases.csv\"");
    assert!(
        aliases[0].starts_with("`aliases.csv`, line 3: "),
        "{aliases:?}"
    );
    assert_eq!(
        told("[csr]\naliases = \"teams.csv\""),
        ["`teams.csv` tells no alias"]
    );
    let text = "format = 1\n[csr]\naliases = \"aliases.csv\"\n";
    assert!(super::told(text).starts_with("error: `aliases` needs a profile that is a file"));
}
