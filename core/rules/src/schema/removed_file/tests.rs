//! What is said of schemas and AsyncAPI documents that were there where the work began.

use archwright_engine::Workspace;

use crate::fixture::Fixture;

/// The findings of the rule, as `file: severity: message`.
fn found(text: &str) -> Vec<String> {
    of(&Fixture::new(text).open())
}

fn of(workspace: &Workspace) -> Vec<String> {
    let mut all: Vec<String> = workspace
        .files()
        .flat_map(|file| workspace.findings(file).iter().map(move |it| (file, it)))
        .filter(|it| it.1.rule.code == "schema/removed-file")
        .map(|(file, it)| format!("{}: {}: {}", workspace.path(file), it.severity.name(), it.message))
        .collect();
    all.sort();
    all
}

const OLD: &str = "\
//- base/docs/features/shop/schemas/orders.placed.v1.avsc
{\"type\": \"record\", \"name\": \"OrderPlaced\", \"fields\": [
  {\"name\": \"orderId\", \"type\": \"string\"}, {\"name\": \"total\", \"type\": \"int\"}
]}
";
const CONTRACT: &str = "\
//- /docs/features/shop/contracts/orders.placed.v1.md
# Contract: orders.placed.v1

- **Status**: Active
";

#[test]
fn a_schema_that_is_gone_is_told_at_its_contract() {
    let told = found(&format!("{OLD}{CONTRACT}"));
    let [told] = told.as_slice() else { panic!("{told:?}") };
    let beginning = "docs/features/shop/contracts/orders.placed.v1.md: error: \
        `docs/features/shop/schemas/orders.placed.v1.avsc` was removed";
    assert!(told.starts_with(beginning), "{told}");
    // Nobody promised anything.
    assert_eq!(found(OLD), [""; 0]);
    assert_eq!(found(&format!("{OLD}//- /archwright.toml\nexclude = []\n")), [""; 0]);
    // The channel is gone.
    assert_eq!(found(&format!("{OLD}{}", CONTRACT.replace("Active", "Retired"))), [""; 0]);
    // There is no base.
    assert_eq!(found(CONTRACT), [""; 0]);
}

#[test]
fn a_schema_that_a_contract_links_to_is_told_at_the_link() {
    let old = OLD.replace("docs/features/shop/schemas/", "schemas/");
    let contract = format!("{CONTRACT}- **Schema**: [the schema](../../../../schemas/orders.placed.v1.avsc)\n");
    assert_eq!(found(&format!("{old}{contract}")).len(), 1);
    assert_eq!(found(&format!("{old}{CONTRACT}")), [""; 0]);
}

#[test]
fn a_schema_that_lives_on_elsewhere_was_moved() {
    let now = |path: &str, text: &str| found(&format!("{OLD}{CONTRACT}//- /{path}\n{text}\n"));
    let same = "{\"type\": \"record\", \"name\": \"OrderPlaced\", \"fields\": [\n  {\"name\": \"orderId\", \"type\": \
                \"string\"}, {\"name\": \"total\", \"type\": \"int\"}\n]}";
    let wider = same.replace("\"int\"", "\"long\"");
    let broken = same.replace("\"int\"", "\"string\"");
    for path in ["schemas/orders.placed.v1.avsc", "docs/features/shop/schemas/orders.avsc"] {
        for text in [same, wider.as_str()] {
            let told = now(path, text);
            assert!(told.len() == 1 && told[0].contains("info: `docs") && told[0].contains("moved"), "{told:?}");
        }
        let told = now(path, &broken);
        assert!(told.len() == 1 && told[0].contains("error") && told[0].contains("changed so that"), "{told:?}");
    }
    // Another schema, and one that was there before and says something else.
    let other = "{\"type\": \"enum\", \"name\": \"State\", \"symbols\": [\"OPEN\", \"DONE\", \"LATE\"]}";
    let told = now("schemas/orders.placed.v1.avsc", other);
    assert!(told.len() == 1 && told[0].contains("was removed"), "{told:?}");
    let next = "docs/features/shop/schemas/orders.placed.v2.avsc";
    let text = format!("{OLD}{CONTRACT}//- base/{next}\n{wider}\n//- /{next}\n{wider}\n");
    let told = found(&text);
    assert!(told.len() == 1 && told[0].contains("was removed"), "{told:?}");
}

#[test]
fn a_schema_within_the_document_of_its_channel_is_not_missed() {
    let old = "//- base/docs/features/shop/schemas/orders.placed.v1.json\n{\"type\": \"object\", \"properties\": \
               {\"orderId\": {\"type\": \"string\"}, \"total\": {\"type\": \"integer\"}}}\n";
    let document = "//- /docs/features/shop/asyncapi/orders.placed.v1.yaml\nasyncapi: 3.0.0\ninfo: { title: Shop, \
                    version: 1.0.0 }\nchannels:\n  placed:\n    address: orders.placed.v1\n    messages:\n      Placed: \
                    { payload: { type: object, properties: { orderId: { type: string }, total: { type: integer } } } \
                    }\n";
    assert_eq!(found(&format!("{old}{CONTRACT}")).len(), 1);
    assert_eq!(found(&format!("{old}{CONTRACT}{document}")), [""; 0]);
}

#[test]
fn a_document_is_missed_where_nobody_describes_its_channels() {
    let document = |path: &str, channels: &str| {
        format!("//- {path}\nasyncapi: 3.0.0\ninfo: {{ title: Shop, version: 1.0.0 }}\nchannels:\n{channels}")
    };
    let (one, two) = ("  a: { address: orders.placed.v1 }\n", "  b: { address: orders.paid.v1 }\n");
    let old = document("base/shop.yaml", &format!("{one}{two}"));
    let config = "//- /archwright.toml\nexclude = [\"vendor/**\"]\n";
    let told = found(&format!("{old}{config}"));
    assert!(told.len() == 1 && told[0].starts_with("archwright.toml: warning: `shop.yaml` was removed"), "{told:?}");
    assert!(told[0].contains("`orders.placed.v1` and `orders.paid.v1`"), "{told:?}");
    // No place for it.
    assert_eq!(found(&old), [""; 0]);
    // Split into two, or in part.
    let split = format!("{}{}", document("/a.yaml", one), document("/b.yaml", two));
    assert_eq!(found(&format!("{old}{config}{split}")), [""; 0]);
    let told = found(&format!("{old}{config}{}", document("/a.yaml", one)));
    assert!(told.len() == 1 && !told[0].contains("orders.placed.v1"), "{told:?}");
    // A contract speaks of it, so it is told there and nowhere else.
    let old = document("base/docs/features/shop/asyncapi/orders.placed.v1.yaml", one);
    let told = found(&format!("{old}{config}{CONTRACT}"));
    assert!(told.len() == 1 && told[0].starts_with("docs/features/shop/contracts"), "{told:?}");
    assert_eq!(found(&format!("{old}{config}{}", CONTRACT.replace("Active", "Retired"))), [""; 0]);
}
