//! Settings of JavaScript as programs load them: checked by a schema, declared with their variables, or handed to a
//! framework by their names.

use super::{Value, chain, default, text_of};
use crate::code::{Expression, Statement};
use crate::discover::Resolution;
use crate::discover::index::Index;
use crate::discover::types::Scope;
use crate::facts::is_known;

/// How deep objects are looked into that bring their entries into another one.
const MAX_SPREADS: usize = 4;

impl<'f> Index<'f> {
    /// The entry of an object, or of what brings its entries into it: `{ ...common, ...config.orders }`; that of what
    /// a schema checks is its own.
    pub(in crate::discover) fn entry(
        &self,
        value: &'f Expression,
        name: &str,
        scope: Scope,
        steps: usize,
    ) -> Vec<(&'f Expression, Scope)> {
        self.entry_at(value, name, scope, steps, MAX_SPREADS)
    }

    fn entry_at(
        &self,
        value: &'f Expression,
        name: &str,
        scope: Scope,
        steps: usize,
        depth: usize,
    ) -> Vec<(&'f Expression, Scope)> {
        let (Some(steps), Some(depth)) = (self.step(steps), depth.checked_sub(1)) else { return Vec::new() };
        let inside = |part: &'f Expression| {
            let followed = self.followed(part, scope, steps).into_iter();
            followed.flat_map(|it| self.entry_at(it.0, name, it.1, steps, depth)).collect::<Vec<_>>()
        };
        match value {
            Expression::Object { entries, .. } => {
                if let Some(entry) = entries.iter().find(|it| it.0 == name) {
                    return vec![(&entry.1, scope)];
                }
                let spreads = entries.iter().rev().filter(|it| it.0.is_empty() && self.is_script(scope));
                spreads.map(|it| inside(&it.1)).find(|it| !it.is_empty()).unwrap_or_default()
            }
            Expression::List(parts) if self.is_script(scope) => {
                parts.iter().rev().map(inside).find(|it| !it.is_empty()).unwrap_or_default()
            }
            Expression::Call(call) if self.is_script(scope) && is_known(&call.name, |it| &it.checks) => {
                let Some(checked) = call.positional().next() else { return Vec::new() };
                let found = inside(checked);
                if found.is_empty() && matches!(name, "value" | "data") {
                    let known = self.followed(checked, scope, steps);
                    return if known.is_empty() { vec![(checked, scope)] } else { known };
                }
                found
            }
            _ => Vec::new(),
        }
    }

    fn is_script(&self, scope: Scope) -> bool {
        self.files.get(scope.file).is_some_and(|it| it.language.folder() == "javascript")
    }

    /// A variable of the environment that a schema has checked: `schema.parse(process.env).ORDERS_TOPIC`.
    pub(super) fn checked(&self, object: &'f Expression, name: &str, scope: Scope, steps: usize) -> Vec<Value> {
        if !self.is_script(scope) {
            return Vec::new();
        }
        for (value, there) in self.followed(object, scope, steps) {
            if is_environment(value) {
                return self.setting(name, None, scope);
            }
            let Expression::Call(call) = value else { continue };
            let is_checked =
                is_known(&call.name, |it| &it.checks) && call.positional().next().is_some_and(is_environment);
            if is_checked {
                let schema = call.receiver.as_ref().into_iter().chain(call.positional().nth(1));
                let declared =
                    schema.flat_map(|it| self.followed(it, there, steps)).find_map(|it| declared(it.0, name));
                return self.setting(name, declared.and_then(|it| default_of(it)), scope);
            }
        }
        Vec::new()
    }

    /// What code declares of a setting that it asks for by a path: `config.get('kafka.topic')`.
    pub(super) fn loaded(&self, key: &str, receiver: &'f Expression, scope: Scope, steps: usize) -> Option<Vec<Value>> {
        if !self.is_script(scope) {
            return None;
        }
        let path: Vec<&str> = key.split('.').collect();
        for (value, there) in self.followed(receiver, scope, steps) {
            let Expression::Call(call) = value else { continue };
            if call.name == "convict"
                && let Some(Expression::Object { entries, .. }) =
                    self.at_path(call.positional().next()?, &path, there, steps)
            {
                let text = |name: &str| entries.iter().find(|it| it.0 == name).and_then(|it| text_of(&it.1));
                return match text("env") {
                    Some(variable) => Some(self.setting(variable, text("default"), scope)),
                    None => text("default").map(|it| vec![Value::text(it, Resolution::Default)]),
                };
            }
        }
        let (first, rest) = path.split_first()?;
        for (id, call) in self.calls_named("registerAs") {
            let there = self.scope(*id);
            let is_it = call.positional().next().and_then(text_of) == Some(*first);
            if !is_it || there.file != scope.file && !self.is_near(there.file, scope.file) {
                continue;
            }
            let made = call.positional().nth(1).and_then(handed_back)?;
            let found = self.at_path(made, rest, there, steps)?;
            let values = self.values(found, there, steps).into_iter().map(default).collect::<Vec<_>>();
            return Some(values).filter(|it| !it.is_empty());
        }
        None
    }

    /// Whether two files are in one project.
    fn is_near(&self, one: usize, other: usize) -> bool {
        let folder = |it: usize| self.files.get(it).map(|it| self.projects.folder(it.path));
        folder(one) == folder(other)
    }

    /// What stands at the end of some keys.
    fn at_path(&self, value: &'f Expression, path: &[&str], scope: Scope, steps: usize) -> Option<&'f Expression> {
        let mut value = value;
        for key in path {
            let (found, _) = self
                .followed(value, scope, steps)
                .into_iter()
                .find_map(|(value, there)| self.entry(value, key, there, steps).into_iter().next())?;
            value = found;
        }
        Some(value)
    }
}

/// Whether an expression is the whole environment.
pub(super) fn is_environment(expression: &Expression) -> bool {
    matches!(chain(expression).as_slice(), ["process", "env"] | ["import", "meta", "env"])
}

/// What a schema declares of a name: `z.object({ TOPIC: z.string() }).strict()`, `{ TOPIC: str() }`.
fn declared<'e>(schema: &'e Expression, name: &str) -> Option<&'e Expression> {
    match schema {
        Expression::Object { entries, .. } => entries.iter().find(|it| it.0 == name).map(|it| &it.1),
        Expression::Call(call) => {
            let of_receiver = call.receiver.as_ref().and_then(|it| declared(it, name));
            let given = call.positional().find(|it| matches!(it, Expression::Object { .. }));
            of_receiver.or_else(|| given.and_then(|it| declared(it, name)))
        }
        _ => None,
    }
}

/// The default that a schema has for a value: `z.string().default('orders')`, `str({ default: 'orders' })`.
fn default_of(declared: &Expression) -> Option<&str> {
    let Expression::Call(call) = declared else { return None };
    let own = call.positional().next().filter(|_| call.name == "default").and_then(text_of);
    let named = call.positional().find_map(|it| match it {
        Expression::Object { entries, .. } => entries.iter().find(|it| it.0 == "default").and_then(|it| text_of(&it.1)),
        _ => None,
    });
    own.or(named).or_else(|| call.receiver.as_ref().and_then(default_of))
}

/// What a function that is written at its place hands back.
fn handed_back(function: &Expression) -> Option<&Expression> {
    let Expression::Lambda(lambda) = function else { return None };
    lambda.body.iter().rev().find_map(|it| match it {
        Statement::Return(value) | Statement::Do(value @ Expression::Object { .. }) => Some(value),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::discover::tests::found;

    fn sent(code: &str) -> Vec<String> {
        let code = format!(
            "import {{ Kafka }} from 'kafkajs';
            const producer = new Kafka({{ brokers: [] }}).producer();
            {code}"
        );
        found(&[("package.json", r#"{ "dependencies": { "kafkajs": "2" } }"#), ("src/orders.ts", &code)])
    }

    #[test]
    fn schemas_check_the_environment() {
        let zod = "
            const env = z.object({ ORDERS_TOPIC: z.string().min(1).default('orders') }).parse(process.env);
            export const place = (body) => producer.send({ topic: env.ORDERS_TOPIC, messages: [body] });";
        assert_eq!(sent(zod), ["send orders"]);
        let envalid = "
            const env = cleanEnv(process.env, { ORDERS_TOPIC: str({ default: 'orders' }) });
            export const place = (body) => producer.send({ topic: env.ORDERS_TOPIC, messages: [body] });";
        assert_eq!(sent(envalid), ["send orders"]);
        let joi = "
            const { value: env } = schema.validate(process.env);
            export const place = (body) => producer.send({ topic: env.ORDERS_TOPIC, messages: [body] });";
        assert_eq!(sent(joi), ["send ORDERS_TOPIC"]);
    }

    #[test]
    fn objects_bring_their_entries_into_others() {
        let code = "
            const config = { common: { acks: 1 }, orders: { topic: 'orders' }, mails: { topic: 'mails' } };
            const result = schema.validate(config, { abortEarly: false });
            const orders = { ...result.value.common, ...result.value.orders };
            export const place = (body) => producer.send({ topic: orders.topic, messages: [body] });";
        assert_eq!(sent(code), ["send orders"]);
    }

    #[test]
    fn settings_are_declared_with_their_variables() {
        let convict = "
            const config = convict({ kafka: { topic: { format: String, default: 'orders', env: 'ORDERS_TOPIC' } } });
            export const place = (body) => producer.send({ topic: config.get('kafka.topic'), messages: [body] });";
        assert_eq!(sent(convict), ["send orders"]);
        let nest = "
            export default registerAs('kafka', () => ({ topic: process.env.ORDERS_TOPIC || 'orders' }));
            export class Orders {
                constructor(private readonly config: ConfigService) {}
                place(body) { return producer.send({ topic: this.config.get('kafka.topic'), messages: [body] }); }
            }";
        assert_eq!(sent(nest), ["send orders"]);
    }
}
