//! Reads the blocks of Terraform and `OpenTofu`, with `hcl-edit`.

use archwright_syntax::data::{self, Format};
use hcl_edit::{
    Span,
    expr::{Expression, ObjectKey, TraversalOperator},
    structure::{Block, BlockLabel, Body, Structure},
    template::{Element, Template},
};
use smol_str::SmolStr;

use super::{
    Item,
    data::{Data, Entry, Lines, Value, of_node},
};

/// Functions that hand on what they are given.
const THROUGH: [&str; 7] = ["jsonencode", "toset", "tolist", "tomap", "tostring", "tonumber", "nonsensitive"];

/// Blocks with the values that others in the same folder refer to.
const VALUES: &str = "locals";

/// What a file holds; `None` if it cannot be read.
pub(super) fn items(text: &str) -> Option<Vec<Item>> {
    let body = hcl_edit::parser::parse_body(text).ok()?;
    let reader = Reader { text, lines: Lines::new(text) };
    let mut items = Vec::new();
    for block in body.blocks() {
        let labels: Vec<&str> = block.labels.iter().map(BlockLabel::as_str).collect();
        let line = reader.line(block.span());
        match (block.ident.as_str(), labels.as_slice()) {
            ("resource", [kind, label]) => {
                items.push(Item::new(
                    format!("terraform/{kind}"),
                    format!("{kind}.{label}"),
                    line,
                    reader.block(block),
                ));
            }
            ("data", [kind, label]) => {
                let label = format!("data.{kind}.{label}");
                items.push(Item::new(format!("terraform-data/{kind}"), label, line, reader.block(block)));
            }
            ("module", [label]) => {
                let body = reader.block(block);
                let source = body.get("source").and_then(Data::text).unwrap_or_default();
                let kind = format!("terraform-module/{}", source.trim_start_matches("registry.terraform.io/"));
                items.push(Item::new(kind, format!("module.{label}"), line, body));
            }
            (VALUES, []) => {
                for attribute in block.body.attributes() {
                    let value = reader.value(&attribute.value);
                    let label = format!("local.{}", attribute.key.as_str());
                    items.push(Item::new(super::VALUE.into(), label, reader.line(attribute.span()), value));
                }
            }
            _ => {}
        }
    }
    Some(items)
}

struct Reader<'t> {
    text: &'t str,
    lines: Lines,
}

impl Reader<'_> {
    fn line(&self, span: Option<std::ops::Range<usize>>) -> u32 {
        self.lines.of(span.map(|it| it.start).unwrap_or_default())
    }

    fn block(&self, block: &Block) -> Data {
        Data::new(self.line(block.span()), self.body(&block.body))
    }

    /// Attributes, and blocks as lists under their names.
    fn body(&self, body: &Body) -> Value {
        let mut entries: Vec<Entry> = Vec::new();
        for structure in body {
            match structure {
                Structure::Attribute(it) => {
                    let mut value = self.value(&it.value);
                    value.line = self.line(it.span());
                    entries.push(Entry { key: it.key.as_str().into(), value });
                }
                Structure::Block(it) => {
                    let key = it.ident.as_str();
                    let value = self.block(it);
                    let list = entries.iter_mut().find(|it| it.key == key).map(|it| &mut it.value.value);
                    if let Some(Value::List(list)) = list {
                        list.push(value);
                    } else {
                        let value = Data::new(value.line, Value::List(vec![value]));
                        entries.push(Entry { key: key.into(), value });
                    }
                }
            }
        }
        Value::Map(entries)
    }

    /// Nesting is bounded by the parser.
    fn value(&self, expression: &Expression) -> Data {
        let value = match expression {
            Expression::Null(_) => Value::Nothing,
            Expression::Bool(it) => Value::Text(it.value().to_string().into()),
            Expression::Number(it) => Value::Text(it.value().to_string().into()),
            Expression::String(it) => Value::Text(it.value().as_str().into()),
            Expression::Array(it) => Value::List(it.iter().map(|it| self.value(it)).collect()),
            Expression::Object(object) => Value::Map(
                object
                    .iter()
                    .filter_map(|(key, value)| {
                        let key = match key {
                            ObjectKey::Ident(it) => SmolStr::new(it.value().as_str()),
                            ObjectKey::Expression(it) => self.value(it).text().map(SmolStr::new)?,
                        };
                        Some(Entry { key, value: self.value(value.expr()) })
                    })
                    .collect(),
            ),
            Expression::Parenthesis(it) => return self.value(it.inner()),
            Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => {
                expression.as_template().map_or(Value::Nothing, |it| self.template(it, expression))
            }
            Expression::FuncCall(call)
                if THROUGH.contains(&call.name.name.as_str()) && call.name.namespace.is_empty() =>
            {
                let mut arguments = call.args.iter();
                match (arguments.next(), arguments.next()) {
                    (Some(only), None) => self.value(only).value,
                    _ => self.open(expression),
                }
            }
            _ => path(expression).map_or_else(|| self.open(expression), Value::Reference),
        };
        Data::new(self.line(expression.span()), value)
    }

    fn template(&self, template: &Template, whole: &Expression) -> Value {
        let mut parts = Vec::new();
        for element in template {
            match element {
                Element::Literal(it) => {
                    parts.push(Data::new(self.line(it.span()), Value::Text(it.value().as_str().into())));
                }
                Element::Interpolation(it) => parts.push(self.value(&it.expr)),
                Element::Directive(_) => return self.open(whole),
            }
        }
        let start = parts.first().and_then(Data::text).unwrap_or_default().trim_start();
        if start.starts_with('{')
            && let Some(json) = json(&parts)
        {
            return json;
        }
        match parts.as_mut_slice() {
            [] => Value::Text(SmolStr::default()),
            [only] => std::mem::take(&mut only.value),
            _ => Value::Template(parts),
        }
    }

    fn open(&self, expression: &Expression) -> Value {
        let text = expression.span().and_then(|it| self.text.get(it)).unwrap_or("...").trim();
        let short: String = text.chars().take(80).map(|it| if it.is_whitespace() { ' ' } else { it }).collect();
        Value::Open(short.into())
    }
}

/// `aws_sqs_queue.orders.arn`, `local.topics["orders"]`; the number of one of several instances says nothing.
fn path(expression: &Expression) -> Option<Vec<SmolStr>> {
    match expression {
        Expression::Variable(it) => Some(vec![it.as_str().into()]),
        Expression::Traversal(it) => {
            let mut keys = path(&it.expr)?;
            for operator in &it.operators {
                match operator.value() {
                    TraversalOperator::GetAttr(it) => keys.push(it.as_str().into()),
                    TraversalOperator::Index(Expression::String(it)) => keys.push(it.value().as_str().into()),
                    TraversalOperator::Index(Expression::Number(_)) | TraversalOperator::LegacyIndex(_) => {}
                    _ => return None,
                }
            }
            Some(keys)
        }
        _ => None,
    }
}

/// JSON that is written as a text, with what is filled in.
fn json(parts: &[Data]) -> Option<Value> {
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        match part.text() {
            Some(it) => text.push_str(it),
            None => text.push_str(&format!("@@{at}@@")),
        }
    }
    let tree = data::parse(text.as_str(), Format::Yaml);
    let root = tree.root().filter(|_| tree.errors().is_empty())?;
    let mut read = of_node(root, &Lines::new(&text), 0);
    let line = parts.first().map(|it| it.line).unwrap_or_default();
    fill(&mut read, parts, line);
    Some(read.value)
}

/// Puts what is filled in into JSON that was a text; all of it has the line of the text.
fn fill(data: &mut Data, parts: &[Data], line: u32) {
    data.line = line;
    match &mut data.value {
        Value::Text(text) if text.contains("@@") => {
            let of = |it: &str| -> Option<&Data> {
                parts.get(it.strip_prefix("@@")?.strip_suffix("@@")?.parse::<usize>().ok()?)
            };
            data.value = of(text).map_or_else(|| Value::Open(text.clone()), |it| it.value.clone());
        }
        Value::Map(entries) => entries.iter_mut().for_each(|it| fill(&mut it.value, parts, line)),
        Value::List(items) => items.iter_mut().for_each(|it| fill(it, parts, line)),
        _ => {}
    }
}
