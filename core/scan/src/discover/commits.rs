//! What a service sends with its database, because it tells its client library so.

use super::homes::folder;
use super::index::Index;
use super::operations::Libraries;
use super::types::is_parameter;

/// Where services say that a library commits what they send with their database.
#[derive(Debug, Default)]
pub(super) struct Commits<'i> {
    /// The library, the project of the call, and whether a function says it that all services call.
    told: Vec<(&'static str, &'i str, bool)>,
}

impl<'i> Commits<'i> {
    /// Finds all of them.
    pub(super) fn find(index: &'i Index<'_>, libraries: &[Libraries]) -> Self {
        let mut told = Vec::new();
        for (file, code) in index.files.iter().enumerate() {
            let libraries = libraries.get(file).map(Vec::as_slice).unwrap_or_default();
            for (library, _) in libraries.iter().filter(|it| !it.0.commits.is_empty()) {
                let calls = code.bodies.iter().flat_map(|it| &it.calls);
                for call in calls.filter(|it| library.commits.iter().any(|name| *name == it.name)) {
                    let is_general = call.types.iter().any(|it| is_parameter(&it.name));
                    told.push((library.name.as_str(), index.projects.folder(code.path), is_general));
                }
            }
        }
        Self { told }
    }

    /// Whether the service of a project has a library commit what is sent.
    pub(super) fn hold(&self, library: &str, project: &str) -> bool {
        self.told.iter().any(|it| it.0 == library && (it.2 || is_one_service(it.1, project)))
    }
}

/// Whether two projects may be parts of one service: they stand side by side, or their names begin alike.
fn is_one_service(one: &str, other: &str) -> bool {
    let first = |it: &str| it.rsplit('/').next().and_then(|it| it.split(['.', '-']).next()).map(str::to_owned);
    one == other || folder(one) == folder(other) || first(one) == first(other)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    const STARTUP: &str = "
        using MassTransit;
        public static class Bus
        {
            public static void Add(IServiceCollection services) =>
                services.AddMassTransit(x => x.AddEntityFrameworkOutbox<OrdersContext>(o => o.UseBusOutbox()));
        }";
    const HANDLER: &str = "
        using MassTransit;
        public class PlaceOrder
        {
            private readonly IPublishEndpoint _endpoint;
            private readonly IOrderRepository _repository;
            public PlaceOrder(IPublishEndpoint endpoint, IOrderRepository repository)
            {
                _endpoint = endpoint;
                _repository = repository;
            }
            public async Task Handle(Order order)
            {
                await _repository.SaveAsync(order);
                await _endpoint.Publish(new OrderPlaced(order.Id));
            }
        }";

    #[test]
    fn what_another_project_of_the_service_commits_with_the_database_is_no_dual_write() {
        let project = r#"<PackageReference Include="MassTransit" />"#;
        let writes = |startup: &str| {
            let files = [
                ("src/Orders/Orders.Application/a.csproj", project),
                ("src/Orders/Orders.Application/PlaceOrder.cs", HANDLER),
                ("src/Orders/Orders.Infrastructure/b.csproj", project),
                ("src/Mail/Mail.Api/c.csproj", project),
                (startup, STARTUP),
            ];
            found(&files).into_iter().filter(|it| it.starts_with("dual")).count()
        };
        assert_eq!(writes("src/Orders/Orders.Infrastructure/Bus.cs"), 0);
        // Another service does.
        assert_eq!(writes("src/Mail/Mail.Api/Bus.cs"), 1);
    }
}
