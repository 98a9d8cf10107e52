//! What members and fields come down to.

use super::{Value, chain, constant, default, shown, text_of};
use crate::Language;
use crate::code::{Call, Expression};
use crate::discover::configuration::folded;
use crate::discover::homes::folder;
use crate::discover::index::{Id, Index};
use crate::discover::types::{MAX_STEPS, Scope};
use crate::discover::{Channel, Resolution};
use crate::facts::{Step, is_known};
use crate::words;

impl<'f> Index<'f> {
    /// What a field holds.
    pub(in crate::discover) fn values_of_field(&self, ty: Id, name: &str, steps: usize) -> Vec<Value> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        let field = self.field(ty, name);
        let bound = self.values_of_section(field.map_or(ty, |it| it.0), name);
        if !bound.is_empty() {
            return bound;
        }
        if let Some((owner, field)) = field {
            if let Some(value) = &field.value {
                let values = self.values(value, Self::class_scope(owner), steps);
                let of_field = |it| if self.is_filled(owner) { default(it) } else { constant(it) };
                return values.into_iter().map(of_field).collect();
            }
            if let Some((key, default)) = tagged(&field.annotations) {
                return self.setting(key, default, Self::class_scope(owner));
            }
            let injected = field.annotations.iter().find(|it| matches!(it.name.as_str(), "Value" | "ConfigProperty"));
            if let Some(call) = injected {
                let value = call.named("name").or_else(|| call.arguments.first().map(|it| &it.value));
                let default = call.named("defaultValue").and_then(|it| text_of(it));
                let scope = Self::class_scope(owner);
                let is_key = |it: &str| !it.contains("${") && !it.starts_with("#{");
                return match value.and_then(text_of) {
                    Some(key) if is_key(key) => self.setting(key, default, scope),
                    _ => {
                        let values = value.map(|it| self.values(it, scope, steps)).unwrap_or_default();
                        match values.as_slice() {
                            // `@ConfigProperty(name = TOPIC_KEY)`: a constant has the key.
                            [
                                Value::Known(Channel { name, resolution: Resolution::Literal | Resolution::Constant }),
                            ] if call.name == "ConfigProperty" && is_key(name) => self.setting(name, default, scope),
                            _ => values,
                        }
                    }
                };
            }
        }
        let is_handed = self.constructors(ty).iter().any(|it| self.parameter(*it, name).is_some());
        let mut values = Vec::new();
        let mut differs = is_handed && field.is_some() && self.assigned(ty, name).is_empty();
        for above in self.supertypes(ty) {
            for (function, value) in self.assigned(above, name) {
                for value in self.values(value, self.scope(*function), steps) {
                    match value {
                        Value::Parameter(..) | Value::Field(..) => differs = true,
                        value => values.push(constant(value)),
                    }
                }
            }
        }
        values.dedup();
        let is_below = || {
            let below = self.all_subtypes(field.map_or(ty, |it| it.0));
            let says = |it: &Id| self.ty(*it).is_some_and(|it| it.fields.iter().any(|it| it.name == name));
            if field.is_some() { !below.is_empty() } else { below.iter().any(says) }
        };
        if differs || (values.is_empty() && is_below()) {
            return vec![Value::Field(ty, name.into())];
        }
        values
    }

    /// What the only class of settings of the repository that has a field gives to it, where a thing without a type is
    /// called like settings: `config.orders_topic`.
    fn values_of_settings(&self, object: &'f Expression, name: &str, scope: Scope, steps: usize) -> Vec<Value> {
        let says = |it: &str| words(it).last().is_some_and(|it| is_known(it, |it| &it.configs));
        let Some(language) = self.files.get(scope.file).map(|it| it.language) else { return Vec::new() };
        if language != Language::Python || !chain(object).last().is_some_and(|it| says(it)) {
            return Vec::new();
        }
        let of_settings =
            self.files.iter().enumerate().filter(|it| it.1.language == language).flat_map(|(file, it)| {
                let named = it.unit.types.iter().enumerate().filter(|it| says(&it.1.name));
                named.map(move |it| Id { file, index: it.0 })
            });
        let has_it = |it: &Id| self.field(*it, name).is_some() || !self.assigned(*it, name).is_empty();
        let mut having = of_settings.filter(has_it);
        let (Some(only), None) = (having.next(), having.next()) else { return Vec::new() };
        let mut values = self.values_of_field(only, name, steps);
        values.retain(|it| matches!(it, Value::Known(it) if it.resolution != Resolution::Unresolved));
        values
    }

    /// What settings have for a field that a class of settings has from a base class in another package: the key is
    /// that of the field; else it goes by the name of the field.
    fn values_inherited(&self, object: &'f Expression, name: &str, scope: Scope, steps: usize) -> Vec<Value> {
        let says = |it: &str| words(it).last().is_some_and(|it| is_known(it, |it| &it.configs));
        if !self.files.get(scope.file).is_some_and(|it| it.language == Language::Python)
            || !chain(object).last().is_some_and(|it| says(it))
        {
            return Vec::new();
        }
        let types = self.types_of(object, scope, steps);
        let known: Vec<Id> = types.iter().filter_map(|it| self.type_meant(it.unwrapped(), scope.file)).collect();
        let is_elsewhere = |it: &Id| {
            let supers = self.super_names(*it);
            let mut above = supers.iter().filter(|above| self.type_named(&above.name, it.file).is_none());
            above.any(|it| says(&it.name)) && self.field(*it, name).is_none()
        };
        if known.is_empty() || !known.iter().all(is_elsewhere) {
            return Vec::new();
        }
        let mut found: Vec<_> = self.settings(&[name], scope.file).into_iter().filter(|it| it.key == name).collect();
        found.dedup_by(|a, b| a.value == b.value);
        match found.as_slice() {
            [only] => self.setting_of(only, scope),
            _ => vec![Value::text(name, Resolution::External)],
        }
    }

    pub(in crate::discover) fn values_of_member(
        &self,
        object: &'f Expression,
        name: &str,
        whole: &'f Expression,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        match object {
            Expression::Name(it) if it == "this" => {
                let values = scope.owner.map(|it| self.values_of_field(it, name, steps)).unwrap_or_default();
                if !values.is_empty() {
                    return values;
                }
            }
            // `typeof(Order).Name`, `Order.class.getName()`
            Expression::Type(ty) => return vec![Value::text(ty.name.clone(), Resolution::TypeName)],
            Expression::Name(ty) if name == "name" && self.type_named(ty, scope.file).is_some() => {
                return vec![Value::text(ty.clone(), Resolution::TypeName)];
            }
            // `string.Empty` of C#
            Expression::Name(it) if name == "Empty" && matches!(it.as_str(), "string" | "String") => return empty(),
            Expression::Other(parts) if name == "Empty" && parts.is_empty() => return empty(),
            // `process.env.TOPIC`
            Expression::Member(_, env) if env == "env" => return self.setting(name, None, scope),
            _ => {}
        }
        // `event.constructor.name`
        if let (Expression::Member(event, constructor), "name") = (object, name)
            && constructor == "constructor"
        {
            return self.type_values(event, scope, steps);
        }
        // `event.GetType().Name`
        if let Expression::Call(call) = object
            && matches!(call.name.as_str(), "GetType" | "getClass" | "type")
            && let Some(receiver) = &call.receiver
        {
            return self.type_values(receiver, scope, steps);
        }
        let mut values = Vec::new();
        for (value, scope) in self.followed(object, scope, steps) {
            for (part, scope) in self.entry(value, name, scope, steps) {
                values.extend(self.values(part, scope, steps).into_iter().map(constant));
            }
        }
        if values.is_empty() {
            values = self.checked(object, name, scope, steps);
        }
        if let Ok(at) = name.parse::<usize>() {
            values.extend(self.values_of_part(object, at, scope, steps));
        }
        if !values.is_empty() {
            values.dedup();
            return values;
        }
        let named = match object {
            Expression::Name(it) | Expression::Member(_, it) => self.type_named(it, scope.file),
            _ => None,
        };
        let is_own = matches!(object, Expression::Name(it) if it == "this");
        let mut owners: Vec<Id> = named.into_iter().collect();
        if owners.is_empty() {
            let types = self.types_of(object, scope, steps);
            owners.extend(types.iter().filter_map(|it| self.type_meant(it.unwrapped(), scope.file)));
        }
        let parameter = match object {
            Expression::Name(it) => scope.function.and_then(|function| {
                let is_bound = self.body(function).is_some_and(|body| body.names.contains_key(it.as_str()));
                self.parameter(function, it).filter(|_| !is_bound)
            }),
            _ => None,
        };
        let is_named = named.is_some();
        for owner in owners {
            // Each caller hands in an object of its own.
            if let Some((index, parameter)) = parameter.filter(|_| !self.assigned(owner, name).is_empty()) {
                let ty = self.ty(owner).map(|it| it.name.as_str()).unwrap_or_default();
                let words = [parameter.name.as_str(), ty].map(words);
                let is_config = words.iter().flatten().any(|it| is_known(it, |it| &it.configs));
                // The settings of the program are the same for all of them.
                if is_config && let [value @ Value::Known(_)] = self.values_of_field(owner, name, steps).as_slice() {
                    return vec![value.clone()];
                }
                return vec![Value::Parameter(index, vec![Step::Key(name.to_owned())])];
            }
            let mut values = self.values_of_field(owner, name, steps);
            values.retain(|it| !matches!(it, Value::Known(it) if it.name.is_empty()));
            if !values.is_empty() {
                // Each object of a repository type has its own value, which what made the object tells.
                let own = |it: &Value| matches!(it, Value::Field(..));
                if values.iter().any(own) {
                    let made = self.values_of_made(object, owner, name, scope, steps);
                    if !made.is_empty() {
                        return made;
                    }
                }
                // Each type below has its own, and what is sent tells which one it is.
                let has_many = values.len() > 1 && values.iter().all(Value::is_known);
                if has_many && !is_named && !is_own && !self.all_subtypes(owner).is_empty() {
                    return vec![Value::Field(owner, name.into())];
                }
                return values;
            }
        }
        let chain = chain(whole);
        for length in (2..=chain.len().min(5)).rev() {
            let keys = chain.get(chain.len() - length..).unwrap_or_default();
            let found = self.settings(keys, scope.file);
            let mut found: Vec<_> = found.into_iter().map(|it| &it.value).filter(|it| !it.is_empty()).collect();
            found.sort_unstable();
            found.dedup();
            if let [one] = found.as_slice() {
                return vec![Value::text((*one).clone(), Resolution::Configuration)];
            }
        }
        if let Expression::Name(module) = object {
            let values = self.values_of_module(module, name, scope, steps);
            if !values.is_empty() {
                return values;
            }
        }
        let found = self.looked_up(object, name, scope, steps);
        if !found.is_empty() {
            return found;
        }
        let found = self.values_of_settings(object, name, scope, steps);
        if !found.is_empty() {
            return found;
        }
        let found = self.values_inherited(object, name, scope, steps);
        if !found.is_empty() {
            return found;
        }
        // A part of what the caller hands in.
        if !matches!(object, Expression::Name(it) if it == "this")
            && let Some(Value::Parameter(index, path)) = self.values(object, scope, steps).into_iter().next()
        {
            let path = path.into_iter().chain([Step::Key(name.to_owned())]).collect();
            return vec![Value::Parameter(index, path)];
        }
        let is_type = matches!(object, Expression::Name(it) if it.chars().next().is_some_and(char::is_uppercase));
        // `config.ORDERS_TOPIC` of a module that stands elsewhere.
        let is_constant = || {
            let is_capital = |it: char| it.is_uppercase() || it.is_numeric() || it == '_';
            let imports = self.files.get(scope.file).map(|it| it.unit.imports.as_slice()).unwrap_or_default();
            let is_module = |module: &str| imports.iter().any(|it| it.names.iter().any(|it| it.0 == module));
            name.len() > 2 && name.chars().all(is_capital) && matches!(object, Expression::Name(it) if is_module(it))
        };
        // `KafkaTopics["orders"].name`: what a table of another package has under the name that code asks for.
        if let Expression::Index(table, key) = object
            && let (Some(key), "name") = (text_of(key), name.to_lowercase().as_str())
            && !key.is_empty()
            && super::chain(table)
                .last()
                .is_some_and(|it| words(it).last().is_some_and(|it| is_known(it, |it| &it.tables)))
        {
            return vec![Value::text(key, Resolution::External)];
        }
        let is_external = is_type || is_constant() || self.is_of_other_package(object, name, scope);
        let resolution = if is_external { Resolution::External } else { Resolution::Unresolved };
        vec![Value::text(shown(whole), resolution)]
    }

    /// The name by which a queue or topic was looked up whose address is asked for: `queueUrl` of
    /// `sqs.getQueueUrl("orders")`.
    pub(in crate::discover) fn looked_up(
        &self,
        object: &'f Expression,
        member: &str,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let member = folded(member);
        let member = member.strip_prefix("get").unwrap_or(&member);
        if !is_known(member, |it| &it.addresses) {
            return Vec::new();
        }
        let keys = ["queueName", "queue_name", "topicName", "name"].map(|it| Step::Key(it.to_owned()));
        for (value, there) in self.followed(object, scope, steps) {
            let Expression::Call(call) = value else { continue };
            let parts = call.positional().chain([value]);
            for part in parts {
                let known = |it: &Value| matches!(it, Value::Known(it) if it.resolution != Resolution::Unresolved);
                let named = keys.iter().flat_map(|it| self.values_in(part, std::slice::from_ref(it), there, steps));
                let mut found: Vec<Value> = named.filter(known).collect();
                if found.is_empty()
                    && matches!(part, Expression::Text(_) | Expression::Name(_) | Expression::Member(..))
                {
                    found = self.values(part, there, steps).into_iter().filter(known).collect();
                }
                if !found.is_empty() {
                    return found.into_iter().map(constant).collect();
                }
            }
        }
        Vec::new()
    }

    /// Any entry of an object that is written out, where the code says no key: `TOPICS[order.kind]`.
    fn values_of_any(&self, object: &'f Expression, scope: Scope, steps: usize) -> Vec<Value> {
        let mut values = Vec::new();
        for (value, scope) in self.followed(object, scope, steps) {
            let parts: Vec<&'f Expression> = match value {
                Expression::Object { entries, .. } => entries.iter().map(|it| &it.1).collect(),
                Expression::List(parts) => parts.iter().collect(),
                _ => continue,
            };
            for part in parts {
                values.extend(self.values(part, scope, steps).into_iter().filter(Value::is_known).map(constant));
            }
        }
        values.dedup();
        values
    }

    /// The constant under the name of a setting that a module of Python with settings has, if all that have it agree.
    fn values_of_module_of_settings(&self, name: &str, scope: Scope) -> Option<Value> {
        self.files.get(scope.file).filter(|it| it.language == Language::Python)?;
        let holds = |it: &Id| {
            let path = self.file(*it).map(|it| it.path).unwrap_or_default();
            let mut parts = path.rsplit('/').take(2);
            parts.any(|it| crate::words(it).iter().any(|it| matches!(it.as_str(), "config" | "settings")))
        };
        let modules = self.nearest(self.globals(name).filter(holds), scope.file);
        let values = modules.iter().flat_map(|it| self.values_of_name(name, self.scope(*it), MAX_STEPS)).map(constant);
        let mut values: Vec<Value> = values.collect();
        values.dedup();
        let only = values.pop().filter(|_| values.is_empty())?;
        matches!(&only, Value::Known(it) if it.resolution < Resolution::Environment).then_some(only)
    }

    /// Whether something is a constant of a package of Go that is not in the repository.
    fn is_of_other_package(&self, object: &Expression, name: &str, scope: Scope) -> bool {
        let Some(file) = self.files.get(scope.file).filter(|it| it.language == Language::Go) else { return false };
        let (Expression::Name(package), true) = (object, name.starts_with(char::is_uppercase)) else { return false };
        let is_bound = scope.function.is_some_and(|function| {
            let is_parameter = self.parameter(function, package).is_some();
            is_parameter || self.body(function).is_some_and(|it| it.names.contains_key(package.as_str()))
        });
        let is_module = |it: &crate::code::Import| {
            let last = it.module.rsplit('/').next().unwrap_or_default();
            it.names.iter().any(|it| it.0 == *package) || it.names.is_empty() && last == package
        };
        !is_bound && file.unit.imports.iter().any(is_module) && self.go_package(package, scope.file).is_none()
    }

    /// A part of a list by its place, or the key or value of each entry of an object.
    fn values_of_part(&self, object: &'f Expression, at: usize, scope: Scope, steps: usize) -> Vec<Value> {
        if let Expression::Element(list) = object
            && let Expression::Call(call) = &**list
            && matches!(call.name.as_str(), "entries" | "items" | "each_pair")
        {
            let entries = self.entries(call, scope, steps).into_iter();
            return match at {
                0 => entries.map(|it| Value::text(it.0.0.clone(), Resolution::Constant)).collect(),
                1 => entries.flat_map(|it| self.values(&it.0.1, it.1, steps)).collect(),
                _ => Vec::new(),
            };
        }
        let lists = self.followed(object, scope, steps).into_iter();
        let parts = lists.filter_map(|(value, scope)| match value {
            Expression::List(parts) => Some((parts.get(at)?, scope)),
            _ => None,
        });
        parts.flat_map(|it| self.values(it.0, it.1, steps)).collect()
    }

    /// A constant of another package: `kafka.Topic` of Go.
    pub(in crate::discover) fn values_of_module(
        &self,
        module: &str,
        name: &str,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let Some(outside) = self.module_binding(module, name, scope) else { return Vec::new() };
        self.values_of_name(name, self.scope(outside), steps).into_iter().map(constant).collect()
    }

    /// Where a name of a module that a file imports is bound, if that is in one file.
    pub(in crate::discover) fn module_binding(&self, module: &str, name: &str, scope: Scope) -> Option<Id> {
        let imports = self.files.get(scope.file).map(|it| it.unit.imports.as_slice()).unwrap_or_default();
        if !imports.iter().any(|it| it.names.iter().any(|it| it.0 == *module)) {
            return None;
        }
        let is_part = |it: &Id| {
            let path = self.file(*it).map(|it| it.path).unwrap_or_default();
            path.rsplit('/').take(2).any(|it| it.split('.').next() == Some(module))
        };
        let found = match self.go_package(module, scope.file) {
            Some(package) => {
                let is_in = |it: &Id| self.file(*it).is_some_and(|it| folder(it.path) == package);
                self.globals(name).filter(is_in).collect()
            }
            None => self.nearest(self.globals(name).filter(is_part), scope.file),
        };
        let [only] = found.as_slice() else { return None };
        Some(*only)
    }

    pub(in crate::discover) fn values_of_entry(
        &self,
        object: &'f Expression,
        key: &'f Expression,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let keys = self.values(key, scope, steps);
        let is_open = |it: &Value| !matches!(it, Value::Known(it) if it.resolution < Resolution::Environment);
        if keys.iter().all(is_open) {
            return self.values_of_any(object, scope, steps);
        }
        let Some(Value::Known(key)) = keys.first() else { return Vec::new() };
        // `configuration.GetSection("Kafka")["Topic"]`
        if let Some(section) = self.section(object, scope) {
            return self.setting(&format!("{section}.{}", key.name), None, scope);
        }
        let last = chain(object).last().copied().unwrap_or_default().to_owned();
        if matches!(
            last.as_str(),
            "env" | "environ" | "ENV" | "_configuration" | "configuration" | "Configuration" | "config"
        ) {
            let values = self.setting(&key.name, None, scope);
            let is_open = |it: &Value| matches!(it, Value::Known(it) if it.resolution == Resolution::Environment);
            let own =
                if values.iter().all(is_open) { self.values_of_module_of_settings(&key.name, scope) } else { None };
            return own.map_or(values, |it| vec![it]);
        }
        for (value, scope) in self.followed(object, scope, steps) {
            if let Expression::Object { entries, .. } = value
                && let Some(entry) = entries.iter().find(|it| it.0 == key.name)
            {
                return self.values(&entry.1, scope, steps);
            }
        }
        Vec::new()
    }
}

/// A text without anything in it.
fn empty() -> Vec<Value> {
    vec![Value::text("", Resolution::Literal)]
}

/// The variable that tags of Go read a field from, and what it is if nobody sets that.
fn tagged(tags: &[Call]) -> Option<(&str, Option<&str>)> {
    let tag = |names: &[&str]| {
        let found = tags.iter().find(|it| names.contains(&it.name.as_str()));
        found.and_then(|it| it.arguments.first()).and_then(|it| text_of(&it.value))
    };
    let key = tag(&["env", "envconfig"])?;
    let (key, options) = key.split_once(',').unwrap_or((key, ""));
    let own = options.split(',').find_map(|it| it.trim().strip_prefix("default="));
    let default = own.or_else(|| tag(&["envDefault", "env-default", "default"]));
    Some((key.trim(), default)).filter(|it| !it.0.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::discover::tests::found;

    #[test]
    fn addresses_are_those_of_what_was_looked_up() {
        let code = "
            import software.amazon.awssdk.services.sqs.SqsClient
            class Orders(private val sqs: SqsClient, private val queues: QueueService) {
                private val queue by lazy { queues.findByQueueId(\"orders\") ?: throw MissingQueue() }
                private val url by lazy { queue.queueUrl }
                fun place(body: String) {
                    sqs.sendMessage(SendMessageRequest.builder().queueUrl(url).messageBody(body).build())
                }
                fun mail(body: String) {
                    val found = sqs.getQueueUrl(GetQueueUrlRequest.builder().queueName(\"mails\").build())
                    sqs.sendMessage(SendMessageRequest.builder().queueUrl(found.queueUrl()).messageBody(body).build())
                }
            }";
        let found = found(&[("build.gradle.kts", "software.amazon.awssdk:sqs"), ("src/main/kotlin/Orders.kt", code)]);
        assert_eq!(found, ["send orders", "send mails"]);
    }

    #[test]
    fn tags_of_go_name_variables() {
        let code = "package main
            import \"github.com/nats-io/nats.go\"
            type Config struct {
                Orders string `env:\"ORDERS_SUBJECT\" envDefault:\"orders.old\"`
                Mails string `envconfig:\"MAIL_SUBJECT\" default:\"mails\"`
                Bills string `env:\"BILLS_SUBJECT, default=bills\"`
                Plain string `json:\"plain\"`
            }
            type Shop struct { cfg Config; nc *nats.Conn }
            func (s *Shop) place(body []byte) {
                s.nc.Publish(s.cfg.Orders, body)
                s.nc.Publish(s.cfg.Mails, body)
                s.nc.Publish(s.cfg.Bills, body)
                s.nc.Publish(s.cfg.Plain, body)
            }";
        let module = ("go.mod", "module shop\nrequire github.com/nats-io/nats.go v1");
        let files = [module, (".env", "ORDERS_SUBJECT=orders.v1\n"), ("main.go", code)];
        assert_eq!(found(&files), ["send orders.v1", "send mails", "send bills", "send ?"]);
    }
}
