//! Tells what a document of YAML or JSON is, and takes what it declares out of it: Kubernetes, `CloudFormation` and
//! SAM, the Serverless Framework, compose files, Kafka Connect, and definitions of RabbitMQ.

use archwright_syntax::data::Tree;
use smol_str::SmolStr;

use super::{
    Item,
    data::{Data, Entry, Lines, Value, of_node},
};

/// Words of which one stands in every document that declares something.
const WORDS: [&str; 7] = ["apiVersion", "Resources", "functions", "services", "connector.class", "exchanges", "queues"];

/// What the documents of a file declare.
pub(super) fn items(text: &str, tree: &Tree) -> Vec<Item> {
    if !WORDS.iter().any(|it| text.contains(it)) {
        return Vec::new();
    }
    let lines = Lines::new(text);
    let mut items = Vec::new();
    for root in tree.roots() {
        let root = of_node(root, &lines, 0);
        if root.entries().is_empty() {
            continue;
        }
        if let (Some(version), Some(kind)) = (text_at(&root, "apiVersion"), text_at(&root, "kind")) {
            kubernetes(version, kind, &root, &mut items);
        } else if root.get("functions").is_some() && root.get("provider").is_some() {
            serverless(&root, &mut items);
        } else if root.get("Resources").is_some_and(|it| it.entries().iter().any(|it| it.value.get("Type").is_some())) {
            cloudformation(&root, &mut items);
        } else if let Some(services) = root.get("services").filter(|_| is_compose(&root)) {
            compose(services, &mut items);
        } else if is_definitions(&root) {
            definitions(&root, &mut items);
        } else {
            connector(&root, &mut items);
        }
    }
    items
}

fn text_at<'d>(data: &'d Data, path: &str) -> Option<&'d str> {
    data.one(path).and_then(Data::text).filter(|it| !it.is_empty())
}

/// A resource of Kubernetes. Its kind has its group, because kinds like `Queue` have many.
fn kubernetes(version: &str, kind: &str, root: &Data, items: &mut Vec<Item>) {
    let Some((group, _)) = version.split_once('/') else {
        if kind == "ConfigMap" {
            let name = text_at(root, "metadata/name").unwrap_or_default();
            for entry in root.get("data").map(Data::entries).unwrap_or_default() {
                let label = format!("config/{name}/{}", entry.key);
                items.push(Item::new(super::VALUE.into(), label, entry.value.line, entry.value.clone()));
            }
        }
        return containers(kind, root, items);
    };
    let label = text_at(root, "metadata/name").unwrap_or_default();
    if group == "kafka.strimzi.io" && kind == "KafkaConnector" {
        if let (Some(class), Some(config)) = (text_at(root, "spec/class"), root.one("spec/config")) {
            items.push(connect(class, label, config));
        }
        return;
    }
    let line = root.one("metadata/name").map_or(root.line, |it| it.line);
    items.push(Item::new(format!("kubernetes/{group}/{kind}"), label.to_owned(), line, root.clone()));
    containers(kind, root, items);
}

/// The environment of the containers of a workload.
fn containers(kind: &str, root: &Data, items: &mut Vec<Item>) {
    let path = match kind {
        "Pod" => "spec",
        "CronJob" => "spec/jobTemplate/spec/template/spec",
        "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "ReplicaSet" | "Service" | "Rollout" => {
            "spec/template/spec"
        }
        _ => return,
    };
    for list in ["containers", "initContainers"] {
        let mut found = Vec::new();
        root.at(&format!("{path}/{list}[]/env[]"), &mut found);
        for entry in found {
            let Some(name) = text_at(entry, "name") else { continue };
            let of = |path: &str| entry.one(path).cloned();
            let map =
                (text_at(entry, "valueFrom/configMapKeyRef/name"), text_at(entry, "valueFrom/configMapKeyRef/key"));
            let value = match (of("value"), map) {
                (Some(value), _) => value,
                (None, (Some(map), Some(key))) => {
                    Data::new(entry.line, Value::Reference(vec![format!("config/{map}/{key}").into()]))
                }
                _ => Data::new(entry.line, Value::Open("valueFrom".into())),
            };
            items.push(variable(name, value));
        }
    }
}

fn variable(name: &str, value: Data) -> Item {
    Item::new(super::VARIABLE.into(), name.to_owned(), value.line, value)
}

/// All entries of a map as variables of the environment.
fn variables(map: Option<&Data>, items: &mut Vec<Item>) {
    for Entry { key, value } in map.map(Data::entries).unwrap_or_default() {
        items.push(variable(key, value.clone()));
    }
}

fn cloudformation(root: &Data, items: &mut Vec<Item>) {
    variables(root.one("Globals/Function/Environment/Variables"), items);
    for Entry { key, value } in root.get("Resources").map(Data::entries).unwrap_or_default() {
        let Some(kind) = text_at(value, "Type") else { continue };
        let body = value.get("Properties").cloned().unwrap_or_default();
        variables(body.one("Environment/Variables"), items);
        for event in body.get("Events").map(Data::entries).unwrap_or_default() {
            let (Some(kind), Some(properties)) = (text_at(&event.value, "Type"), event.value.get("Properties")) else {
                continue;
            };
            items.push(Item::new(format!("sam/{kind}"), key.to_string(), event.value.line, properties.clone()));
        }
        items.push(Item::new(format!("cloudformation/{kind}"), key.to_string(), value.line, body));
    }
}

fn serverless(root: &Data, items: &mut Vec<Item>) {
    variables(root.one("provider/environment"), items);
    for function in root.get("functions").map(Data::entries).unwrap_or_default() {
        variables(function.value.get("environment"), items);
        for event in function.value.get("events").map(Data::items).unwrap_or_default() {
            if let [Entry { key, value }] = event.entries() {
                items.push(Item::new(format!("serverless/{key}"), function.key.to_string(), value.line, value.clone()));
            }
        }
    }
    if let Some(resources) = root.get("resources") {
        cloudformation(resources, items);
    }
}

fn is_compose(root: &Data) -> bool {
    let services = root.get("services").map(Data::entries).unwrap_or_default();
    services.iter().any(|it| it.value.get("image").is_some() || it.value.get("build").is_some())
}

/// Topics that a container creates when it starts.
fn compose(services: &Data, items: &mut Vec<Item>) {
    for service in services.entries() {
        let environment = service.value.get("environment");
        let listed = environment.map(Data::items).unwrap_or_default().iter().filter_map(|it| {
            let (key, value) = it.text()?.split_once('=')?;
            Some((key.to_owned(), Data::new(it.line, super::data::of_text(value))))
        });
        let mapped = environment.map(Data::entries).unwrap_or_default();
        let mapped = mapped.iter().map(|it| (it.key.to_string(), it.value.clone()));
        for (key, value) in listed.chain(mapped) {
            if key != "KAFKA_CREATE_TOPICS" {
                continue;
            }
            for topic in value.text().unwrap_or_default().split(',').map(str::trim).filter(|it| !it.is_empty()) {
                let name = topic.split(':').next().unwrap_or_default().trim();
                items.push(created(&service.key, name, None, value.line));
            }
        }
        for key in ["command", "entrypoint"] {
            let Some(value) = service.value.get(key) else { continue };
            if let Some(text) = value.text() {
                commands(&service.key, text, value.line, items);
            }
            // A list of words is one command, and a block in it is a script.
            let words: Vec<&Data> = value.items().iter().filter(|it| it.text().is_some()).collect();
            let (scripts, words): (Vec<&Data>, Vec<&Data>) =
                words.into_iter().partition(|it| it.text().is_some_and(|it| it.contains('\n')));
            for it in scripts {
                commands(&service.key, it.text().unwrap_or_default(), it.line, items);
            }
            let words: Vec<&str> = words.iter().filter_map(|it| it.text()).collect();
            commands(&service.key, &words.join(" "), value.line, items);
        }
    }
}

/// `kafka-topics --create --topic orders`, as containers that set up a broker run it.
fn commands(service: &str, text: &str, line: u32, items: &mut Vec<Item>) {
    // The lines of a script come after the key; a command of one line stands beside it.
    let is_script = text.contains('\n');
    let mut lines: Vec<(String, u32)> = Vec::new();
    let mut goes_on = false;
    for (it, at) in text.lines().zip(1..) {
        let (part, more) = it.trim_end().strip_suffix('\\').map_or((it, false), |it| (it, true));
        match lines.last_mut().filter(|_| goes_on) {
            Some((line, _)) => *line += part,
            None => lines.push((part.to_owned(), if is_script { line + at } else { line })),
        }
        goes_on = more;
    }
    for (part, line) in lines.iter().flat_map(|(it, at)| it.split([';', '&', '|']).map(move |it| (it, *at))) {
        let words: Vec<&str> = part.split_whitespace().map(|it| it.trim_matches(['"', '\'', '\\'])).collect();
        let program = words.iter().any(|it| it.rsplit('/').next().is_some_and(|it| it.starts_with("kafka-topics")));
        if !program || !words.contains(&"--create") {
            continue;
        }
        let after = |key: &str| -> Option<&str> {
            let at =
                words.iter().position(|it| *it == key || it.strip_prefix(key).is_some_and(|it| it.starts_with('=')))?;
            words.get(at)?.split_once('=').map(|it| it.1).or_else(|| words.get(at + 1).copied())
        };
        if let Some(topic) = after("--topic") {
            items.push(created(service, topic, after("--partitions"), line));
        }
    }
}

fn created(service: &str, topic: &str, partitions: Option<&str>, line: u32) -> Item {
    let name = match super::data::of_text(topic) {
        // What a shell fills in.
        Value::Text(text) if text.contains(['$', '`', '*']) => Value::Open(text),
        other => other,
    };
    let entry = |key: &str, value| Entry { key: key.into(), value: Data::new(line, value) };
    let mut entries = vec![entry("name", name)];
    entries.extend(partitions.map(|it| entry("partitions", super::data::of_text(it))));
    Item::new("compose/topic".into(), service.to_owned(), line, Data::new(line, Value::Map(entries)))
}

fn is_definitions(root: &Data) -> bool {
    let lists = ["queues", "exchanges", "bindings"].iter().filter(|it| root.get(it).is_some()).count();
    let others = ["vhosts", "users", "permissions", "rabbit_version", "rabbitmq_version", "policies"];
    lists >= 2 || lists == 1 && others.iter().any(|it| root.get(it).is_some())
}

/// What a broker of RabbitMQ loads when it starts.
fn definitions(root: &Data, items: &mut Vec<Item>) {
    for (list, kind) in [("queues", "queue"), ("exchanges", "exchange"), ("bindings", "binding")] {
        for item in root.get(list).map(Data::items).unwrap_or_default() {
            let label = text_at(item, "name").unwrap_or_default().to_owned();
            items.push(Item::new(format!("rabbitmq/{kind}"), label, item.line, item.clone()));
        }
    }
}

/// A connector of Kafka Connect, as it is posted or as a file of properties in JSON.
fn connector(root: &Data, items: &mut Vec<Item>) {
    let config = root.get("config").filter(|it| it.get("connector.class").is_some()).unwrap_or(root);
    if let Some(class) = config.get("connector.class").and_then(Data::text) {
        let name = text_at(root, "name").or_else(|| text_at(config, "name")).unwrap_or_default();
        items.push(connect(class, name, config));
    }
}

/// A connector with the lists of its configuration taken apart, and the topics that it makes of tables.
fn connect(class: &str, name: &str, config: &Data) -> Item {
    let class = class.rsplit('.').next().unwrap_or_default();
    let mut entries: Vec<Entry> = Vec::new();
    for Entry { key, value } in config.entries() {
        let is_list = matches!(key.as_str(), "topics" | "table.include.list" | "collection.include.list");
        let value = match value.text() {
            Some(text) if is_list => {
                let parts = text.split(',').map(str::trim).filter(|it| !it.is_empty());
                let items = parts.map(|it| Data::new(value.line, Value::Text(it.into()))).collect();
                Data::new(value.line, Value::List(items))
            }
            _ => value.clone(),
        };
        entries.push(Entry { key: key.clone(), value });
    }
    if let Some(captured) = captured(config) {
        entries.push(Entry { key: "captured".into(), value: captured });
    }
    let line = config.get("connector.class").map_or(config.line, |it| it.line);
    Item::new(format!("connect/{class}"), name.to_owned(), line, Data::new(line, Value::Map(entries)))
}

/// The topics to which Debezium writes the changes of tables: prefix, schema and table. Nothing where something else
/// may name them.
fn captured(config: &Data) -> Option<Data> {
    let prefix = ["topic.prefix", "database.server.name"].iter().find_map(|it| config.get(it))?.text()?;
    let tables = ["table.include.list", "collection.include.list"].iter().find_map(|it| config.get(it))?;
    let renames = |it: &Entry| {
        let is_other =
            it.key.contains("naming.strategy") || it.key.contains("route.topic") || it.key.contains("topic.regex");
        is_other || it.key.starts_with("transforms") && it.value.text().is_some_and(|it| it.contains("Router"))
    };
    if config.entries().iter().any(renames) {
        return None;
    }
    let is_name =
        |it: &str| it.contains('.') && it.chars().all(|it| it.is_alphanumeric() || matches!(it, '.' | '_' | '-'));
    let mut topics = Vec::new();
    for table in tables.text()?.split(',').map(|it| it.trim().replace("\\.", ".")).filter(|it| !it.is_empty()) {
        if !is_name(&table) {
            return None;
        }
        topics.push(Data::new(tables.line, Value::Text(SmolStr::from(format!("{prefix}.{table}")))));
    }
    Some(Data::new(tables.line, Value::List(topics)))
}
