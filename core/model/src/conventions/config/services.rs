//! The services that a workspace names itself: what they are called, where their code lies, and whose they are.

use archwright_syntax::Span;
use globset::{GlobBuilder, GlobMatcher};

use super::{Config, ConfigProblem, Settings, problem};
use crate::conventions::vocabulary;

/// A service that the workspace names.
#[derive(Clone, Debug)]
pub struct Service {
    /// What it is called.
    pub name: String,
    /// What documents and code call it besides.
    pub aliases: Vec<String>,
    /// Who owns it, and where the configuration says so.
    pub owner: Option<(String, Span)>,
    paths: Vec<GlobMatcher>,
}

impl Service {
    /// Whether a name is one of its names, whatever joins its words.
    fn is_called(&self, name: &str) -> bool {
        let same = |it: &str| vocabulary::folded(it).eq(vocabulary::folded(name));
        same(&self.name) || self.aliases.iter().any(|it| same(it))
    }

    /// Whether it says where its code lies.
    pub fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }
}

impl Config {
    /// The services that the workspace names.
    pub fn services(&self) -> &[Service] {
        &self.0.services
    }

    /// The service that the workspace says goes by a name.
    pub fn service_called(&self, name: &str) -> Option<&Service> {
        called(&self.0.services, name)
    }

    /// The service that the workspace says the code at a path belongs to, with the folder or file that says so.
    pub fn service_at<'p>(&self, path: &'p str) -> Option<(&Service, &'p str)> {
        at(&self.0.services, path)
    }
}

/// The services, with what is wrong about them.
pub(super) fn services(settings: &Settings, problems: &mut Vec<ConfigProblem>) -> Vec<Service> {
    let mut services: Vec<Service> = Vec::new();
    for (name, said) in &settings.services {
        let mut paths = Vec::new();
        for path in &said.paths {
            let place = path.get_ref().trim_start_matches("./").trim_end_matches('/');
            // A `*` stays inside a folder, as in `.gitignore`.
            match GlobBuilder::new(place).literal_separator(true).build() {
                Ok(_) if place.is_empty() || place == "." => {
                    let message = "A service has a folder of its own; all of the workspace is none";
                    problems.push(problem(path.span(), message.to_owned()));
                }
                Ok(glob) => paths.push(glob.compile_matcher()),
                Err(error) => problems.push(problem(path.span(), error.to_string())),
            }
        }
        let own = std::iter::once(name).chain(&said.aliases);
        for it in own.clone() {
            if let Some(other) = services.iter().find(|other| other.is_called(it.get_ref())) {
                let message = format!("`{}` is the name of `{}` already", it.get_ref(), other.name);
                problems.push(problem(it.span(), message));
            }
        }
        let owner = said.owner.as_ref().map(|it| (it.get_ref().clone(), it.span().into()));
        let aliases = said.aliases.iter().map(|it| it.get_ref().clone()).collect();
        services.push(Service { name: name.get_ref().clone(), aliases, owner, paths });
    }
    services
}

/// The service that goes by a name.
pub(super) fn called<'s>(services: &'s [Service], name: &str) -> Option<&'s Service> {
    services.iter().find(|it| it.is_called(name))
}

/// The service whose code a path is, with the folder or file that says so: the innermost one.
pub(super) fn at<'s, 'p>(services: &'s [Service], path: &'p str) -> Option<(&'s Service, &'p str)> {
    let ends = std::iter::once(path.len()).chain(path.rmatch_indices('/').map(|it| it.0));
    ends.filter_map(|end| path.get(..end)).find_map(|above| {
        let service = services.iter().find(|it| it.paths.iter().any(|it| it.is_match(above)))?;
        Some((service, above))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Config;

    #[test]
    fn services_are_known_by_their_names_and_folders() {
        let (config, problems) = Config::parse(
            "[services.order-checkout]\npaths = [\"services/checkout/\", \"workers/order-*\"]\naliases = [\"Checkout\"]\n\
             owner = \"team-orders\"\n[services.relay]\npaths = [\"services/checkout/relay\"]\n",
        );
        assert_eq!(problems, []);
        for name in ["order-checkout", "OrderCheckout", "checkout"] {
            assert_eq!(config.service_called(name).map(|it| it.name.as_str()), Some("order-checkout"), "{name}");
        }
        assert!(config.service_called("orders").is_none());
        let at = |path: &str| config.service_at(path).map(|it| (it.0.name.clone(), it.1.to_owned()));
        let found = |name: &str, folder: &str| Some((name.to_owned(), folder.to_owned()));
        assert_eq!(at("services/checkout/src/main.ts"), found("order-checkout", "services/checkout"));
        assert_eq!(at("services/checkout/relay/main.ts"), found("relay", "services/checkout/relay"));
        assert_eq!(at("workers/order-mails/main.py"), found("order-checkout", "workers/order-mails"));
        assert_eq!(at("services/checkouts/main.ts"), None);
        let owner = config.services()[0].owner.clone().unwrap();
        assert_eq!(owner.0, "team-orders");
    }

    #[test]
    fn what_cannot_be_a_service_is_told() {
        let text = "[services.a]\npaths = [\".\", \"[\"]\n[services.b]\naliases = [\"A\"]\n";
        let (_, problems) = Config::parse(text);
        let told: Vec<&str> = problems.iter().map(|it| it.span.of(text)).collect();
        assert_eq!(told, ["\".\"", "\"[\"", "\"A\""]);
    }
}
