//! An account to import into, and files that a test may change.

use std::path::{Path, PathBuf};

use import::{Options, Report};
use kernel::{Actor, Error, Id, Reach, Role};
use server::operator::{Tree, create_account};

use crate::matrix::digest::Witness;
use crate::support::app::TestApp;

pub(crate) const ACCOUNT: &str = "sample";

pub(crate) struct Ground {
    pub(crate) app: TestApp,
    pub(crate) actor: Actor,
    pub(crate) witness: Witness,
    files: tempfile::TempDir,
}

pub(crate) fn module() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../modules/import")
}

/// The whole data set, where it is at hand.
pub(crate) fn whole_set() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/crm");
    folder.join("sales_pipeline.csv").exists().then_some(folder)
}

impl Ground {
    /// With a copy of the fixture's files and of the sample mapping.
    pub(crate) async fn new() -> Ground {
        let app = TestApp::start().await;
        create_account(app.engine(), &app.database, ACCOUNT).await.unwrap();
        let tree = Tree::read(&app.database).await.unwrap();
        let actor = tree.within("import", ACCOUNT).unwrap().unwrap();
        let files = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(module().join("fixtures/sample")).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), files.path().join(entry.file_name())).unwrap();
        }
        let mapping = files.path().join("mapping.toml");
        std::fs::copy(module().join("mappings/sample.toml"), mapping).unwrap();
        let witness = Witness::of(&app).await;
        Ground { app, actor, witness, files }
    }

    pub(crate) fn tenant(&self) -> Id {
        self.actor.current().unwrap()
    }

    /// Rewrites one of the files.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.files.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {file}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    pub(crate) fn write(&self, file: &str, bytes: &[u8]) {
        std::fs::write(self.files.path().join(file), bytes).unwrap();
    }

    pub(crate) async fn load(&self) -> Report {
        self.try_load(&self.actor, &Options::default()).await.unwrap()
    }

    pub(crate) async fn dry_run(&self) -> Report {
        let options = Options { dry_run: true, ..Options::default() };
        self.try_load(&self.actor, &options).await.unwrap()
    }

    pub(crate) async fn try_load(&self, actor: &Actor, options: &Options) -> Result<Report, Error> {
        let mapping = self.files.path().join("mapping.toml");
        import::run(self.app.engine(), actor, &mapping, options).await
    }

    /// The same system actor with another role, or in another tenant.
    pub(crate) fn actor_as(&self, tenant: Id, role: Role) -> Actor {
        let mut grant = self.actor.reach.grants()[0].clone();
        (grant.tenant, grant.role) = (tenant, role);
        Actor::system("import", Reach::new(vec![grant], Some(tenant)))
    }

    /// Rows of a table in the account.
    pub(crate) async fn rows(&self, table: &str) -> i64 {
        let tenant = self.tenant();
        let sql = format!("SELECT count(*) FROM {table} WHERE tenant_id = '{tenant}'");
        self.witness.number(&sql).await
    }
}

/// Created, updated, unchanged and refused rows of each step.
pub(crate) fn counts(report: &Report) -> Vec<[usize; 4]> {
    report.steps.iter().map(|s| [s.created, s.updated, s.unchanged, s.refused]).collect()
}
