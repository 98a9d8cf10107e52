//! The databases that settings give to projects, as far as their addresses are written out.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::files::FileFacts;
use super::groups::is_of_tests;
use super::naming::{Project, project_of};
use crate::infrastructure::is_real;

/// A database that a project connects to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Store {
    /// The folder of the project.
    pub folder: SmolStr,
    /// The database and its host: `shop on postgres`.
    pub name: SmolStr,
    /// The file of settings, relative to the root.
    pub path: SmolStr,
    /// Counts from 1.
    pub line: u32,
}

/// Addresses of one's own computer, where any two services have the same.
const LOCAL: [&str; 6] = ["localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal", ".", "::1"];

/// The ports that nobody has to write.
const PORTS: [&str; 4] = ["5432", "3306", "1433", "27017"];

/// All of them, in the order of the projects.
pub(super) fn find(files: &[FileFacts], projects: &[Project]) -> Vec<Store> {
    let mut found = Vec::new();
    for file in files.iter().filter(|it| is_real(&it.path) && !is_of_tests(&it.path)) {
        for setting in file.settings() {
            let Some(name) = store(&setting.value) else { continue };
            // A compose file has the variables of a service, which is built from the folder of a project.
            let project = match setting.key.strip_prefix("services.").and_then(|it| it.split_once(".environment.")) {
                Some((service, _)) => {
                    let mut called = projects.iter().filter(|it| it.names.iter().any(|it| it == service));
                    called.next().filter(|_| called.next().is_none())
                }
                None => project_of(projects, &file.path),
            };
            if let Some(project) = project.filter(|it| !it.folder.is_empty()) {
                let (folder, path) = (project.folder.clone(), file.path.clone());
                found.push(Store { folder, name: name.into(), path, line: setting.line });
            }
        }
    }
    found.sort();
    found.dedup_by(|a, b| a.folder == b.folder && a.name == b.name);
    found
}

/// The database that an address leads to.
fn store(value: &str) -> Option<String> {
    let value = value.trim();
    if value.len() > 300 || value.contains(['$', '{', '<', '%', '#', ' ']) && !value.contains(';') {
        return None;
    }
    let (host, database) = if value.contains("://") { of_url(value)? } else { of_pairs(value)? };
    let host = host.to_ascii_lowercase();
    let is_name = |it: &str| !it.is_empty() && !it.contains(['$', '{', '<', '%', '#', '(', '/', ' ', '\\']);
    let bare = host.split(':').next().unwrap_or_default();
    (is_name(&host) && is_name(&database) && !LOCAL.contains(&bare) && !LOCAL.contains(&host.as_str()))
        .then(|| format!("{database} on {host}"))
}

/// `jdbc:postgresql://db:5432/shop?ssl=true`, `postgres://user:secret@db/shop`.
fn of_url(value: &str) -> Option<(String, String)> {
    const SCHEMES: [&str; 8] =
        ["postgresql", "postgres", "mysql", "mariadb", "sqlserver", "mssql", "mongodb", "cockroachdb"];
    let (scheme, rest) = value.split_once("://")?;
    let scheme = scheme.trim_start_matches("jdbc:").trim_start_matches("r2dbc:");
    if !SCHEMES.contains(&scheme.split('+').next()?) {
        return None;
    }
    let end = rest.find(['/', ';', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next()?;
    let host = PORTS.iter().find_map(|it| host.strip_suffix(it)?.strip_suffix(':')).unwrap_or(host);
    let named = path.split([';', '?', '&']).filter_map(|it| it.split_once('='));
    let mut named = named.filter(|it| matches!(it.0.to_ascii_lowercase().as_str(), "databasename" | "database"));
    let database = named.next().map(|it| it.1);
    let database = database.or_else(|| path.strip_prefix('/')?.split([';', '?', '#']).next())?;
    Some((host.to_owned(), database.to_owned()))
}

/// `Server=tcp:db,1433;Database=shop;User Id=app`.
fn of_pairs(value: &str) -> Option<(String, String)> {
    let pairs: Vec<(&str, &str)> = value.split(';').filter_map(|it| it.split_once('=')).collect();
    let get = |names: &[&str]| {
        let found = pairs.iter().find(|it| names.contains(&it.0.trim().to_ascii_lowercase().as_str()));
        found.map(|it| it.1.trim().to_owned())
    };
    let host = get(&["server", "host", "data source"])?;
    let database = get(&["database", "initial catalog"])?;
    let port = get(&["port"]).filter(|it| !PORTS.contains(&it.as_str()));
    let host = host.trim_start_matches("tcp:").replace(',', ":");
    let host = PORTS.iter().find_map(|it| host.strip_suffix(it)?.strip_suffix(':')).unwrap_or(&host).to_owned();
    Some((port.map_or(host.clone(), |it| format!("{host}:{it}")), database))
}

#[cfg(test)]
mod tests {
    use super::super::tests::discovered;
    use super::store;

    #[test]
    fn addresses_lead_to_databases() {
        for value in [
            "jdbc:postgresql://db:5432/shop?ssl=true",
            "postgres://app:s3cret@db/shop",
            "postgresql+psycopg2://app@DB/shop",
            "jdbc:sqlserver://db:1433;encrypt=true;databaseName=shop",
            "Server=tcp:db,1433;Database=shop;User Id=app",
            "Host=db;Port=5432;Database=shop",
        ] {
            assert_eq!(store(value).as_deref(), Some("shop on db"), "{value}");
        }
        assert_eq!(store("Host=db;Port=6432;Database=shop").as_deref(), Some("shop on db:6432"));
        for value in [
            "jdbc:postgresql://localhost:5432/shop",
            "jdbc:postgresql://${DB_HOST:db}:5432/shop",
            "jdbc:h2:mem:shop",
            "Server=(localdb)\\mssqllocaldb;Database=shop",
            "Server=.;Database=shop",
            "postgres://db",
            "https://shop.example/database",
            "redis://cache/0",
            "key=value",
            "",
        ] {
            assert_eq!(store(value), None, "{value}");
        }
    }

    #[test]
    fn projects_have_the_databases_of_their_settings() {
        let compose = "services:\n  billing:\n    build: ./billing\n    environment:\n      DATABASE_URL: postgres://db/shop\n  \
                       other:\n    image: x\n    environment:\n      - DATABASE_URL=postgres://db/shop\n";
        let files = [
            ("search/package.json", "{}"),
            ("search/index.js", "run();"),
            ("search/config/default.json", "{\n  \"database\": \"postgres://db/shop\"\n}"),
            ("search/config/local.json", "{ \"database\": \"postgres://db/mine\" }"),
            ("search/test/config.json", "{ \"database\": \"postgres://db/tests\" }"),
            ("billing/package.json", "{}"),
            ("billing/index.js", "run();"),
            ("docker-compose.yml", compose),
            ("stock/package.json", "{}"),
            ("stock/index.js", "run();"),
            ("stock/deployment.yml", "env:\n  - name: DATABASE_URL\n    value: postgres://db/shop\n"),
        ];
        let found = discovered(&files).stores;
        let told: Vec<_> =
            found.iter().map(|it| format!("{} {} {}:{}", it.folder, it.name, it.path, it.line)).collect();
        assert_eq!(
            told,
            [
                "billing shop on db docker-compose.yml:5",
                "search shop on db search/config/default.json:2",
                "stock shop on db stock/deployment.yml:3"
            ]
        );
    }
}
