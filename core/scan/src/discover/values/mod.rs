//! What values come down to: texts, or parameters and fields that other places fill.

mod beans;
mod calls;
mod follow;
mod loaders;
mod made;
mod members;
mod places;

use smol_str::SmolStr;

use super::configuration::Setting;
use super::index::{Id, Index};
use super::types::{MAX_VALUES, Scope};
use super::{Channel, Resolution};
use crate::Language;
use crate::code::{Call, Expression};
use crate::facts::{Place, Step, is_known};

/// How many settings are followed from one to the next.
const MAX_SETTINGS: usize = 4;

/// A value, as far as it is known where it is used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Value {
    Known(Channel),
    /// A part of a parameter of the function.
    Parameter(usize, Vec<Step>),
    /// The name of the type of a parameter.
    ParameterType(usize),
    /// What stands at a place of what made a parameter.
    Made(usize, Box<Place>),
    /// The name of what the function is called on.
    Receiver,
    /// A field that each object has its own value of.
    Field(Id, SmolStr),
    /// A text with holes that are not yet known.
    Template(Vec<Value>),
    /// The words of a value, written otherwise.
    Cased(Case, Box<Value>),
}

/// How the words of a name are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Case {
    /// `order_placed`
    Snake,
    /// `order-placed`
    Kebab,
}

impl Case {
    /// The case that a function writes names in.
    fn of_function(name: &str) -> Option<Self> {
        let words = crate::words(name).join("_");
        match words.as_str() {
            "snake_case" | "to_snake_case" | "snake" | "underscore" | "decamelize" | "tableize" => Some(Self::Snake),
            "kebab_case" | "to_kebab_case" | "kebab" | "dasherize" | "param_case" | "hyphenate" => Some(Self::Kebab),
            _ => None,
        }
    }

    /// A value in this case, if it is known; else it is remembered.
    fn of(self, value: Value) -> Value {
        match value {
            Value::Known(channel) => {
                let is_name = channel.resolution < Resolution::Environment;
                let name = if is_name { self.written(&channel.name) } else { channel.name };
                Value::text(name, channel.resolution)
            }
            other => Value::Cased(self, Box::new(other)),
        }
    }

    fn written(self, name: &str) -> SmolStr {
        crate::words(name).join(if self == Self::Snake { "_" } else { "-" }).into()
    }
}

impl Value {
    pub(super) fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    pub(super) fn text(name: impl Into<SmolStr>, resolution: Resolution) -> Self {
        Self::Known(Channel { name: name.into(), resolution })
    }
}

/// A value with what resolves it later left open.
pub(super) fn settled(value: Value) -> Channel {
    match value {
        Value::Known(channel) => channel,
        Value::Template(parts) => rendered(&parts),
        Value::Field(_, name) => Channel { name, resolution: Resolution::Unresolved },
        Value::Cased(_, inner) => settled(*inner),
        // A part of something that is handed in goes by its keys.
        Value::Parameter(_, path) if path.iter().any(|it| matches!(it, Step::Key(_))) => {
            let keys = path.iter().filter_map(|it| if let Step::Key(key) = it { Some(key.as_str()) } else { None });
            Channel { name: keys.collect::<Vec<_>>().join(".").into(), resolution: Resolution::Unresolved }
        }
        Value::Parameter(..) | Value::ParameterType(_) | Value::Made(..) | Value::Receiver => {
            Channel { name: "?".into(), resolution: Resolution::Unresolved }
        }
    }
}

fn rendered(parts: &[Value]) -> Channel {
    let mut name = String::new();
    let mut resolution = Resolution::Literal;
    for part in parts {
        match part {
            Value::Known(channel) if channel.resolution < Resolution::Environment => {
                name.push_str(&channel.name);
                resolution = resolution.max(channel.resolution);
            }
            Value::Known(channel) if channel.resolution == Resolution::Template => {
                name.push_str(&channel.name);
                resolution = Resolution::Template;
            }
            _ => {
                name.push_str("{}");
                resolution = Resolution::Template;
            }
        }
    }
    if name.replace("{}", "").chars().all(|it| !it.is_alphanumeric()) {
        return Channel { name: name.into(), resolution: Resolution::Unresolved };
    }
    Channel { name: name.into(), resolution }
}

impl<'f> Index<'f> {
    /// What an expression comes down to.
    pub(super) fn values(&self, expression: &'f Expression, scope: Scope, steps: usize) -> Vec<Value> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        let mut values = match expression {
            Expression::Text(text) => self.text(text, scope),
            Expression::Template(parts) => {
                let parts: Vec<Value> = parts
                    .iter()
                    .map(|it| {
                        let value = self.values(it, scope, steps).into_iter().next();
                        value.unwrap_or_else(|| Value::text(shown(it), Resolution::Unresolved))
                    })
                    .collect();
                if parts.iter().all(Value::is_known) {
                    vec![Value::Known(rendered(&parts))]
                } else {
                    vec![Value::Template(parts)]
                }
            }
            Expression::Name(name) => self.values_of_name(name, scope, steps),
            Expression::Member(object, name) => self.values_of_member(object, name, expression, scope, steps),
            Expression::Either(parts) => self.values_of_either(parts, scope, steps),
            Expression::List(parts) => parts.iter().flat_map(|it| self.values(it, scope, steps)).collect(),
            Expression::Element(inner) | Expression::Cast(_, inner) => self.values(inner, scope, steps),
            Expression::Index(object, key) => self.values_of_entry(object, key, scope, steps),
            Expression::Type(ty) => vec![Value::text(ty.name.clone(), Resolution::TypeName)],
            Expression::Call(call) => self.values_of_call(call, scope, steps),
            _ => Vec::new(),
        };
        values.truncate(MAX_VALUES);
        values
    }

    /// A text; `${name:default}` of Spring is looked up.
    fn text(&self, text: &str, scope: Scope) -> Vec<Value> {
        if let Some(inner) = text.strip_prefix("#{").and_then(|it| it.strip_suffix('}')) {
            return self.spring_expression(text, inner.trim(), scope);
        }
        let inner = text.strip_prefix("${").or_else(|| text.strip_prefix("%{")).and_then(|it| it.strip_suffix('}'));
        let inner = inner.or_else(|| text.strip_prefix('%').and_then(|it| it.strip_suffix('%')));
        let Some(inner) = inner.filter(|it| !it.is_empty()) else {
            return vec![Value::text(text, Resolution::Literal)];
        };
        let (key, default) = inner.split_once(':').map_or((inner, None), |it| (it.0, Some(it.1)));
        self.setting(key, default, scope)
    }

    /// An expression of Spring: a setting, which may hold a list, or what would have to be known.
    fn spring_expression(&self, text: &str, inner: &str, scope: Scope) -> Vec<Value> {
        let open = || vec![Value::text(text, Resolution::Unresolved)];
        if let Some(values) = self.bean(inner, scope) {
            return values;
        }
        let Some((setting, rest)) = inner.strip_prefix('\'').and_then(|it| it.split_once('\'')) else { return open() };
        let rest = rest.replace(' ', "");
        if !setting.starts_with("${") || !matches!(rest.as_str(), "" | ".split(',')" | ".split(\",\")") {
            return open();
        }
        let values = self.text(setting, scope);
        match values.as_slice() {
            [Value::Known(it)] if !rest.is_empty() && it.resolution < Resolution::Environment => {
                it.name.split(',').map(|part| Value::text(part.trim(), it.resolution)).collect()
            }
            _ => values,
        }
    }

    /// What the value of a setting comes down to.
    pub(super) fn setting_of(&self, setting: &Setting, scope: Scope) -> Vec<Value> {
        if setting.value.starts_with("${") {
            return self.text(&setting.value, scope);
        }
        vec![Value::text(setting.value.clone(), Resolution::Configuration)]
    }

    /// A setting by its key, or what stands for it.
    pub(super) fn setting(&self, key: &str, default: Option<&str>, scope: Scope) -> Vec<Value> {
        self.setting_at(key, default, scope, MAX_SETTINGS)
    }

    fn setting_at(&self, key: &str, default: Option<&str>, scope: Scope, steps: usize) -> Vec<Value> {
        let keys: Vec<&str> = key.split(['.', ':']).filter(|it| !it.is_empty()).collect();
        let mut found: Vec<SmolStr> = self.settings(&keys, scope.file).into_iter().map(|it| it.value.clone()).collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|it| !it.is_empty());
        match (found.as_slice(), default) {
            ([one], _) => match one.strip_prefix("${").and_then(|it| it.strip_suffix('}')) {
                Some(inner) => {
                    let (inner, default) = inner.split_once(':').map_or((inner, None), |it| (it.0, Some(it.1)));
                    let default = default.map(|it| it.trim_start_matches('-'));
                    // One setting takes the value of another.
                    let other = steps.checked_sub(1).filter(|_| inner != key && !inner.contains("${"));
                    match other {
                        Some(steps) => self.setting_at(inner, default, scope, steps),
                        None => {
                            let default = default.map(|it| Value::text(it, Resolution::Default));
                            vec![default.unwrap_or_else(|| Value::text(inner, Resolution::Environment))]
                        }
                    }
                }
                None => vec![Value::text(one.clone(), Resolution::Configuration)],
            },
            (found, default) => {
                let given = self.variable(key).filter(|_| found.is_empty());
                let default = default.filter(|it| !it.is_empty());
                vec![match (given, default) {
                    (Some(given), _) => Value::text(given.clone(), Resolution::Configuration),
                    (None, Some(default)) => Value::text(default, Resolution::Default),
                    (None, None) => {
                        let set = self.default_set(key);
                        set.unwrap_or_else(|| Value::text(key, Resolution::Environment))
                    }
                }]
            }
        }
    }

    fn values_of_either(&self, parts: &'f [Expression], scope: Scope, steps: usize) -> Vec<Value> {
        let all: Vec<Value> = parts.iter().flat_map(|it| self.values(it, scope, steps)).collect();
        // `process.env.TOPIC || "orders"`: the default is what is known.
        let is_default =
            all.iter().any(|it| matches!(it, Value::Known(it) if it.resolution == Resolution::Environment));
        if !is_default {
            return all;
        }
        let known = |it: &Value| matches!(it, Value::Known(it) if it.resolution < Resolution::Environment);
        let found: Vec<Value> = all.iter().filter(|it| known(it)).cloned().collect();
        let as_default = |it: Value| match it {
            Value::Known(it) => Value::text(it.name, Resolution::Default),
            other => other,
        };
        if found.is_empty() { all } else { found.into_iter().map(as_default).collect() }
    }

    fn values_of_name(&self, name: &str, scope: Scope, steps: usize) -> Vec<Value> {
        if let Some(function) = scope.function {
            let bound = self.body(function).and_then(|it| it.names.get(name));
            let values: Vec<Value> = bound
                .into_iter()
                .flatten()
                .filter_map(|it| it.value)
                .filter(|it| !hands_on(it, name))
                .flat_map(|it| self.values(it, scope, steps))
                .map(constant)
                .collect();
            // `queue = channel.queue(queue)`: what is not known of the new value is known of the parameter.
            let is_open = |it: &Value| matches!(it, Value::Known(it) if it.resolution == Resolution::Unresolved);
            let is_rebound = self.parameter(function, name).is_some() && values.iter().all(is_open);
            if !values.is_empty() && !is_rebound {
                return values;
            }
            if let Some((index, parameter)) = self.parameter(function, name) {
                let injected = parameter.annotations.iter().find(|it| it.name == "Value");
                if let Some(value) = injected.and_then(|it| it.arguments.first()) {
                    return self.values(&value.value, scope, steps);
                }
                return vec![Value::Parameter(index, Vec::new())];
            }
            if bound.is_some() {
                return Vec::new();
            }
            // A name of the function around it.
            if let Some(outer) = self.around(function) {
                let mut values = self.values_of_name(name, self.scope(outer), steps.saturating_sub(1));
                values.retain(|it| matches!(it, Value::Known(it) if it.resolution != Resolution::Unresolved));
                if !values.is_empty() {
                    return values;
                }
            }
        }
        if let Some(owner) = scope.owner {
            let values = self.values_of_field(owner, name, steps);
            if !values.is_empty() {
                return values;
            }
        }
        let top = Id { file: scope.file, index: 0 };
        if scope.function != Some(top) {
            let outside = Scope { function: Some(top), owner: None, file: scope.file };
            if self.body(top).is_some_and(|it| it.names.contains_key(name)) {
                return self.values_of_name(name, outside, steps.saturating_sub(1)).into_iter().map(constant).collect();
            }
        }
        if let Some((id, value)) = self.imported_value(name, scope.file) {
            return self.values(value, self.scope(id), steps).into_iter().map(constant).collect();
        }
        let values = self.values_of_static(name, scope, steps);
        if !values.is_empty() {
            return values;
        }
        let asked = self.asked(name, scope).into_iter();
        let values: Vec<Value> = asked.flat_map(|it| self.values(it.0, it.1, steps)).collect();
        if values.is_empty() { self.values_of_global(name, scope, steps) } else { values }
    }

    /// A constant that Java takes from a class by its name: `import static shop.Names.ORDERS`.
    fn values_of_static(&self, name: &str, scope: Scope, steps: usize) -> Vec<Value> {
        let imports = self.files.get(scope.file).filter(|it| matches!(it.language, Language::Java | Language::Kotlin));
        let mut imports = imports.map(|it| it.unit.imports.as_slice()).unwrap_or_default().iter();
        let import = imports.find(|it| it.names.iter().any(|it| it.0 == name));
        let mut parts = import.map(|it| it.module.rsplit('.')).into_iter().flatten();
        let ty = parts.nth(1).and_then(|it| self.type_named(it, scope.file));
        ty.map(|it| self.values_of_field(it, name, steps)).unwrap_or_default()
    }

    /// A constant of the package or of the whole program, by its name alone.
    fn values_of_global(&self, name: &str, scope: Scope, steps: usize) -> Vec<Value> {
        let found = self.nearest(self.globals(name), scope.file);
        if let [only] = found.as_slice() {
            return self.values_of_name(name, self.scope(*only), steps).into_iter().map(constant).collect();
        }
        // A class that is handed over stands for its name.
        let ty = self.type_named(name, scope.file).filter(|_| found.is_empty());
        ty.map(|_| Value::text(name, Resolution::TypeName)).into_iter().collect()
    }
}

/// Whether a value is only that of a name again: `topic = strings.TrimSpace(topic)`.
fn hands_on(value: &Expression, name: &str) -> bool {
    let is_it = |it: &Expression| matches!(it, Expression::Name(it) if it == name);
    match value {
        Expression::Call(call) => {
            let given = is_known(&call.name, |it| &it.through) && call.positional().next().is_some_and(is_it);
            let called = is_known(&call.name, |it| &it.itself) && call.receiver.as_ref().is_some_and(is_it);
            given || called
        }
        other => is_it(other),
    }
}

/// A value that settings may replace.
fn default(value: Value) -> Value {
    match value {
        Value::Known(it) if matches!(it.resolution, Resolution::Literal | Resolution::Constant) => {
            Value::text(it.name, Resolution::Default)
        }
        other => other,
    }
}

/// A text that was reached through a name.
pub(super) fn constant(value: Value) -> Value {
    match value {
        Value::Known(Channel { name, resolution: Resolution::Literal }) => Value::text(name, Resolution::Constant),
        other => other,
    }
}

/// A text that is written out.
pub(super) fn text_of(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Text(text) => Some(text),
        _ => None,
    }
}

/// `topic` of `getTopic`, `topic` of `topic`.
pub(super) fn getter(name: &str) -> Option<String> {
    let rest = name.strip_prefix("get").or_else(|| name.strip_prefix("Get"));
    let rest = rest.filter(|it| it.chars().next().is_some_and(char::is_uppercase)).unwrap_or(name);
    let mut chars = rest.chars();
    let first = chars.next()?;
    Some(first.to_lowercase().chain(chars).collect())
}

/// The names of a chain of members, from the outside.
pub(super) fn chain(expression: &Expression) -> Vec<&str> {
    match expression {
        Expression::Name(name) => vec![name],
        Expression::Member(object, name) => {
            let mut names = chain(object);
            names.push(name);
            names
        }
        Expression::Call(call) if call.arguments.is_empty() => {
            let mut names = call.receiver.as_ref().map(chain).unwrap_or_default();
            names.push(&call.name);
            names
        }
        Expression::Cast(_, inner) => chain(inner),
        _ => Vec::new(),
    }
}

/// An expression as people would name it.
pub(super) fn shown(expression: &Expression) -> String {
    match expression {
        Expression::Name(name) => name.to_string(),
        Expression::Text(text) => text.to_string(),
        Expression::Member(object, name) => {
            // What is taken out of a parameter stands in it under its own name.
            let object = Some(shown(object)).filter(|it| !it.is_empty() && !it.starts_with(['{', '[']));
            object.map_or_else(|| name.to_string(), |it| format!("{it}.{name}"))
        }
        Expression::Call(call) => shown_call(call),
        Expression::Index(object, key) => format!("{}[{}]", shown(object), shown(key)),
        Expression::Element(inner) | Expression::Cast(_, inner) => shown(inner),
        _ => String::new(),
    }
}

fn shown_call(call: &Call) -> String {
    let receiver = call.receiver.as_ref().map(shown).filter(|it| !it.is_empty());
    receiver.map_or_else(|| format!("{}()", call.name), |it| format!("{it}.{}()", call.name))
}
