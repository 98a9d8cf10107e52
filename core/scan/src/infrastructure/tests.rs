//! Every tool finds in its examples what they say, and nothing else.

use super::{Declared, Deed, MAX_LEN, Stated, join::join, shape};
use crate::{
    Skipped,
    discover::{self, Discovery, FileFacts},
};

fn read(files: &[(&str, &str)]) -> Vec<FileFacts> {
    files.iter().map(|it| discover::read(it.0, it.1).unwrap()).collect()
}

fn discovered(files: &[(&str, &str)]) -> Discovery {
    discover::discover(&read(files))
}

fn value(name: &str, is_known: bool) -> String {
    if is_known { name.to_owned() } else { format!("? {name}") }
}

fn line(it: &Declared) -> String {
    let deed = match it.deed {
        Deed::Declares => "",
        Deed::Extends => "of ",
        Deed::Sends => "sends ",
        Deed::Receives => "receives ",
    };
    let by = if matches!(it.deed, Deed::Sends | Deed::Receives) { format!(" by {}", it.by) } else { String::new() };
    let stated = |it: &Stated| format!(" {}={}", it.what.name(), value(&it.value, it.is_known));
    let stated: String = it.stated.iter().map(stated).collect();
    format!("{} {deed}{} {}{by}{stated}", it.line, it.kind, value(&it.channel, it.is_known))
}

/// What stands in files: channels, and variables that are given something.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let read = read(files);
    let modules: Vec<_> = read.iter().map(FileFacts::module).collect();
    let joined = join(&modules);
    let variables = joined.variables.iter().flat_map(|(name, values)| {
        values.iter().map(move |it| format!("variable {name} {}", it.as_deref().unwrap_or("?")))
    });
    let mut variables: Vec<_> = variables.collect();
    variables.sort();
    joined.declared.iter().map(line).chain(variables).collect()
}

#[test]
fn every_tool_finds_what_its_examples_say() {
    assert_eq!(shape::tools().len(), super::shape::count());
    let mut wrong = Vec::new();
    for tool in shape::tools() {
        assert!(tool.examples.len() > 1 || tool.local, "{} has too few examples", tool.name);
        for example in &tool.examples {
            let text = example.text.trim_start_matches('\n');
            let found = found(&[(&example.file, text)]);
            if found != example.finds {
                wrong.push(format!("{} of {}: {found:#?}", example.file, tool.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_of_one_folder_are_one_module_of_terraform() {
    let queue = "resource \"aws_sqs_queue\" \"orders\" {\n  name = local.name\n}\n";
    let names = "locals {\n  name = \"orders\"\n}\n";
    assert_eq!(found(&[("a/queue.tf", queue), ("a/names.tf", names)]), ["1 queue orders"]);
    assert_eq!(found(&[("a/queue.tf", queue), ("b/names.tf", names)]), ["1 queue ? local.name"]);
    // Two values of one name are none.
    let twice = [("a/queue.tf", queue), ("a/names.tf", names), ("a/more.tf", names)];
    assert_eq!(found(&twice), ["1 queue ? local.name"]);
}

#[test]
fn what_refers_to_itself_ends() {
    let text = "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_sqs_queue\" \"q\" {\n  name = local.a\n}\n";
    assert!(found(&[("a.tf", text)]).first().is_some_and(|it| it.starts_with("5 queue ? local.")));
}

#[test]
fn deep_and_broken_files_are_told_or_silent() {
    let deep = format!("a = {}1{}\n", "[".repeat(3_000), "]".repeat(3_000));
    let found = discovered(&[("deep.tf", &deep), ("broken.tf", "resource \"a\" {\n"), ("none.tf", "")]);
    let skipped: Vec<&str> = found.skipped.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(skipped, ["deep.tf", "broken.tf"]);
    let yaml = format!("apiVersion: a/v1\nkind: b\nspec: {}{}\n", "{a: ".repeat(300), "}".repeat(300));
    assert_eq!(discovered(&[("deep.yaml", &yaml)]).declared, []);
}

#[test]
fn code_that_reads_a_variable_has_the_channel_that_infrastructure_gives_it() {
    let code = "import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\n\
        await client.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: body }));\n";
    let manifest = "{ \"dependencies\": { \"@aws-sdk/client-sqs\": \"3\" } }";
    let function = |name: &str, queue: &str| {
        format!(
            "resource \"aws_lambda_function\" \"{name}\" {{\n  environment {{\n    \
             variables = {{ QUEUE_URL = {queue} }}\n  \
             }}\n}}\nresource \"aws_sqs_queue\" \"{name}\" {{\n  name = \"orders-{name}\"\n}}\n"
        )
    };
    let channels = |infrastructure: &str| {
        let found = discovered(&[("web/send.js", code), ("web/package.json", manifest), ("main.tf", infrastructure)]);
        found.edges.iter().map(|it| format!("{:?} {}", it.channel.resolution, it.channel.name)).collect::<Vec<_>>()
    };
    assert_eq!(channels(&function("a", "aws_sqs_queue.a.url")), ["Configuration orders-a"]);
    let two = function("a", "aws_sqs_queue.a.url") + &function("b", "aws_sqs_queue.b.url");
    assert_eq!(channels(&two), ["Environment QUEUE_URL"]);
    let open = function("a", "aws_sqs_queue.a.url") + &function("b", "var.queue");
    assert_eq!(channels(&open), ["Environment QUEUE_URL"]);
}

#[test]
fn what_a_function_of_a_template_gives_is_no_setting() {
    let code = "import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\n\
        await client.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: body }));\n";
    let template = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Environment:\n        \
        Variables: { QUEUE_URL: !Ref Orders }\n  Orders: { Type: AWS::SQS::Queue }\n";
    let manifest = "{ \"dependencies\": { \"@aws-sdk/client-sqs\": \"3\" } }";
    let found = discovered(&[("send.js", code), ("package.json", manifest), ("template.yaml", template)]);
    assert_eq!(found.edges.first().unwrap().channel.name, "QUEUE_URL");
}

#[test]
fn what_somebody_has_at_home_is_not_what_runs() {
    let topic = "resource \"kafka_topic\" \"a\" {\n  name = \"orders\"\n}\n";
    let is_real = |path: &str| discovered(&[(path, topic)]).declared.first().map(|it| it.is_real);
    assert_eq!(is_real("infra/topics.tf"), Some(true));
    assert_eq!(is_real("infra/dev/topics.tf"), Some(false));
    assert_eq!(is_real("examples/topics.tf"), Some(false));
}

#[test]
fn what_is_kept_is_what_was_read() {
    for tool in shape::tools() {
        for example in &tool.examples {
            let fresh = discover::read(&example.file, &example.text).unwrap();
            let kept = FileFacts::from_bytes(&example.file, &fresh.to_bytes().unwrap()).unwrap();
            assert_eq!(format!("{kept:?}"), format!("{fresh:?}"));
            let found = discover::discover(&[fresh]);
            assert_eq!(Discovery::from_bytes(&found.to_bytes().unwrap()), Some(found));
        }
    }
}

#[test]
fn what_is_too_long_is_told_and_not_shown_whole() {
    let topic = |name: &str| format!("resource \"kafka_topic\" \"a\" {{\n  name = {name}\n}}\n");
    let resource = "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata: { name: orders }\n";
    let padding = "# x\n".repeat(MAX_LEN / 4);
    for (path, text) in [("a.tf", topic("\"orders\"")), ("a.yaml", resource.to_owned())] {
        assert!(discovered(&[(path, &text)]).skipped.is_empty(), "{path}");
        let long = discovered(&[(path, &(text + &padding))]);
        assert!(long.declared.is_empty(), "{path}");
        assert_eq!(long.skipped.first().map(|it| it.1), Some(Skipped::Long(MAX_LEN)), "{path}");
    }
    assert!(discovered(&[("data.yaml", &padding)]).skipped.is_empty());
    let name =
        |it: &str| discovered(&[("a.tf", &topic(it))]).declared.first().map(|it| (it.channel.len(), it.is_known));
    let path = "a".to_owned() + &".b".repeat(20_000);
    assert_eq!(name(&path), Some((303, false)));
    assert_eq!(name(&format!("\"{}\"", "x".repeat(5_000))), Some((303, false)));
    assert_eq!(name("\"orders\""), Some((6, true)));
    let deep = |open: &str, close: &str| topic(&(open.repeat(100_000) + &close.repeat(100_000)));
    for text in [deep("[", "]"), deep("(", ")"), deep("!", ""), deep("\"${", "}\"")] {
        assert!(discovered(&[("a.tf", &text)]).declared.is_empty());
    }
}
