//! `make soak`: the drills against a release build, and one table of their figures. The process fails
//! when a figure that blocks a release was missed.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use soak::Site;

const USAGE: &str = "usage: soak BINARY [--only NAME[,NAME…]] [--brief] | soak --list";

struct Options {
    site: Site,
    only: Vec<String>,
    list: bool,
}

fn options() -> Result<Options> {
    let mut args = std::env::args().skip(1);
    let (mut binary, mut brief) = (PathBuf::new(), false);
    let (mut only, mut list) = (Vec::new(), false);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--only" => {
                let names = args.next().context(USAGE)?;
                only.extend(names.split(',').filter(|n| !n.is_empty()).map(str::to_owned));
            }
            "--brief" => brief = true,
            "--list" => list = true,
            _ if binary.as_os_str().is_empty() => binary = arg.into(),
            _ => bail!(USAGE),
        }
    }
    if !list {
        binary = binary.canonicalize().context(USAGE)?;
    }
    Ok(Options { site: Site { binary, brief }, only, list })
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    // A drill's own child: something to kill.
    if let [_, flag, url] = std::env::args().collect::<Vec<_>>().as_slice()
        && flag == "--migrate"
    {
        soak::migrate(url).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = options()?;
    if options.list {
        soak::list().iter().for_each(|(name, about)| println!("{name:<12} {about}"));
        return Ok(ExitCode::SUCCESS);
    }
    let report = soak::run(&options.site, &options.only).await?;
    print!("{report}");
    Ok(if report.blocks() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
