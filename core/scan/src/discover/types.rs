//! The types of values, as far as code declares them.

use super::homes::folder;
use super::index::{Id, Index, Made, is_super};
use crate::Language;
use crate::code::{Call, Expression, TypeName};
use crate::facts::is_known;

/// Where an expression stands: a function, or the class of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Scope {
    pub(super) file: usize,
    pub(super) function: Option<Id>,
    pub(super) owner: Option<Id>,
}

/// How many steps are followed from a name to a value.
pub(super) const MAX_STEPS: usize = 12;

/// How many alternatives are kept.
pub(super) const MAX_VALUES: usize = 24;

impl<'f> Index<'f> {
    pub(super) fn scope(&self, function: Id) -> Scope {
        Scope { file: function.file, function: Some(function), owner: self.owner(function) }
    }

    pub(super) fn class_scope(ty: Id) -> Scope {
        Scope { file: ty.file, function: None, owner: Some(ty) }
    }

    /// The types that a value may have.
    pub(super) fn types_of(&self, expression: &'f Expression, scope: Scope, steps: usize) -> Vec<TypeName> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        let mut types: Vec<TypeName> = match expression {
            Expression::Name(name) if name == "this" => {
                let extends = scope.function.and_then(|it| self.function(it)?.extends.clone());
                let owner = scope.owner.and_then(|it| self.ty(it)).map(|it| TypeName::plain(it.name.clone()));
                extends.or(owner).into_iter().collect()
            }
            Expression::Name(name) => self.types_of_name(name, scope, steps),
            Expression::Member(object, name) => {
                let mut owners = self.types_of(object, scope, steps);
                // A variant or a static field of the type itself.
                if let (Expression::Name(ty), true) = (&**object, owners.is_empty()) {
                    owners.push(TypeName::plain(ty.clone()));
                }
                // `options.Value`
                let is_value = matches!(name.as_str(), "Value" | "CurrentValue");
                let inner = owners.iter().find(|it| is_value && !std::ptr::eq(it.unwrapped(), *it));
                if let Some(inner) = inner {
                    return vec![inner.unwrapped().clone()];
                }
                let known = owners.iter().filter_map(|it| self.type_meant(it.unwrapped(), scope.file));
                known.flat_map(|it| self.types_of_field(it, name, steps)).collect()
            }
            Expression::Cast(ty, inner) => match self.types_of(inner, scope, steps) {
                known if known.iter().any(|it| self.type_named(&it.name, scope.file).is_some()) => known,
                _ => vec![ty.clone()],
            },
            Expression::Either(parts) => parts.iter().flat_map(|it| self.types_of(it, scope, steps)).collect(),
            Expression::Object { ty, .. } => ty.iter().cloned().collect(),
            Expression::List(parts) => {
                let elements = parts.iter().flat_map(|it| self.types_of(it, scope, steps));
                elements.map(TypeName::list).collect()
            }
            Expression::Element(list) => {
                let types = self.types_of(list, scope, steps);
                types.into_iter().filter_map(|it| it.unwrapped().arguments.last().cloned()).collect()
            }
            Expression::Call(call) => self.types_of_call(call, scope, steps),
            _ => Vec::new(),
        };
        types.truncate(MAX_VALUES);
        types
    }

    fn types_of_name(&self, name: &str, scope: Scope, steps: usize) -> Vec<TypeName> {
        if let Some(function) = scope.function {
            let bound = self.body(function).and_then(|it| it.names.get(name));
            let mut types = Vec::new();
            for bound in bound.into_iter().flatten() {
                match (bound.ty, bound.value) {
                    (Some(ty), _) => types.push(self.placed(ty, scope.file)),
                    (None, Some(value)) => types.extend(self.types_of(value, scope, steps)),
                    (None, None) => {}
                }
            }
            if let Some((_, parameter)) = self.parameter(function, name) {
                types.extend(parameter.ty.as_ref().map(|it| self.placed(it, function.file)));
                if types.is_empty() && parameter.default.is_none() {
                    types.extend(self.type_by_name(name, scope.file));
                }
            }
            if bound.is_some() || !types.is_empty() || self.parameter(function, name).is_some() {
                return types;
            }
            // A name of the function around it.
            if let Some(outer) = self.around(function) {
                let is_there = self.body(outer).is_some_and(|it| it.names.contains_key(name));
                if is_there || self.parameter(outer, name).is_some() {
                    return self.types_of_name(name, self.scope(outer), steps.saturating_sub(1));
                }
            }
        }
        if let Some(owner) = scope.owner {
            let types = self.types_of_field(owner, name, steps);
            if !types.is_empty() {
                return types;
            }
        }
        // What a file binds outside of functions.
        let top = Id { file: scope.file, index: 0 };
        if scope.function.is_some_and(|it| it != top) {
            let outside = Scope { function: Some(top), owner: None, ..scope };
            let is_bound = self.body(top).is_some_and(|it| it.names.contains_key(name));
            if is_bound {
                return self.types_of_name(name, outside, steps.saturating_sub(1));
            }
        }
        self.imported_value(name, scope.file)
            .map(|(id, value)| self.types_of(value, self.scope(id), steps))
            .unwrap_or_default()
    }

    /// The class of this repository that a name of several words without a type speaks of in Python: `EventProducer` of
    /// `event_producer`.
    fn type_by_name(&self, name: &str, file: usize) -> Option<TypeName> {
        self.files.get(file).filter(|it| it.language == Language::Python)?;
        let words = name.trim_start_matches('_').split('_').filter(|it| !it.is_empty());
        let is_long = words.clone().count() > 1;
        let class: String = words.map(capitalized).collect();
        self.type_named(&class, file).filter(|_| is_long).map(|_| TypeName::plain(class))
    }

    /// What a name that is taken from another file is bound to there.
    pub(super) fn imported_value(&self, name: &str, file: usize) -> Option<(Id, &'f Expression)> {
        let code = self.files.get(file)?;
        let import = code.unit.imports.iter().find(|it| it.names.iter().any(|it| it.0 == name))?;
        let original = import.names.iter().find(|it| it.0 == name).map(|it| it.1.as_str())?;
        if original.is_empty() {
            return self.handed_out(&import.module, file);
        }
        let last = import.module.rsplit(['/', '.']).find(|it| !it.is_empty())?;
        let is_module = |it: &Id| {
            let path = self.file(*it).map(|it| it.path).unwrap_or_default();
            let stem = path.rsplit('/').next().and_then(|it| it.split('.').next()).unwrap_or_default();
            let is_index = matches!(stem, "index" | "__init__" | "mod");
            stem == last || (is_index && path.rsplit('/').nth(1) == Some(last))
        };
        let value = |id: Id| self.body(id)?.names.get(original)?.iter().find_map(|it| it.value);
        let meant = self.module_files(&import.module, file).into_iter().filter(|_| import.module.starts_with('.'));
        let found = self.nearest(self.globals(original).filter(is_module), file);
        let known = meant.chain(found).find_map(|it| Some((it, value(it)?)));
        // `module.exports = { ORDERS: 'orders' }`
        known.or_else(|| {
            let (id, value) = self.handed_out(&import.module, file)?;
            let Expression::Object { entries, .. } = value else { return None };
            Some((id, &entries.iter().find(|it| it.0 == original)?.1))
        })
    }

    /// The types of a field.
    pub(super) fn types_of_field(&self, ty: Id, name: &str, steps: usize) -> Vec<TypeName> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        let field = self.field(ty, name);
        if let Some((owner, declared)) = field.and_then(|it| Some((it.0, it.1.ty.as_ref()?))) {
            return vec![self.placed(declared, owner.file)];
        }
        let mut types = Vec::new();
        if let Some((owner, value)) = field.and_then(|it| Some((it.0, it.1.value.as_ref()?))) {
            types.extend(self.types_of(value, Self::class_scope(owner), steps));
        }
        for above in self.supertypes(ty) {
            for (function, value) in self.assigned(above, name).iter().take(4) {
                types.extend(self.types_of(value, self.scope(*function), steps));
            }
        }
        types
    }

    fn types_of_call(&self, call: &'f Call, scope: Scope, steps: usize) -> Vec<TypeName> {
        if let Some(inner) = self.wrapped(call, scope, steps) {
            return self.types_of(inner, scope, steps);
        }
        if call.is_construction {
            return vec![TypeName { arguments: call.types.clone(), ..TypeName::plain(call.name.clone()) }];
        }
        let callees = self.callees(call, scope, steps);
        let declared: Vec<TypeName> = callees
            .iter()
            .filter_map(|it| Some((it.file, self.function(*it)?.returns.as_ref()?)))
            .filter(|it| !is_parameter(&it.1.unwrapped().name))
            .map(|it| self.placed(it.1.unwrapped(), it.0))
            .collect();
        if !declared.is_empty() {
            return self.narrowed(declared, &callees, scope, steps);
        }
        if !callees.is_empty() {
            let mut types = Vec::new();
            for callee in callees.into_iter().take(3) {
                for value in self.body(callee).map(|it| it.returns.as_slice()).unwrap_or_default() {
                    types.extend(self.types_of(value, self.scope(callee), steps));
                }
            }
            return types;
        }
        // `command.Adapt<Event>()`, `JsonConvert.DeserializeObject<Event>(text)`.
        if let [ty] = call.types.as_slice()
            && crate::words(&call.name).iter().any(|it| is_known(it, |words| &words.converting))
        {
            return vec![ty.clone()];
        }
        // `configuration.GetSection("Kafka").Get<KafkaOptions>()`
        if let ([ty], "Get", Some(receiver)) = (call.types.as_slice(), call.name.as_str(), &call.receiver)
            && self.section(receiver, scope).is_some()
        {
            return vec![ty.clone()];
        }
        if let Some(first) = call.arguments.first().filter(|_| is_known(&call.name, |it| &it.waits)) {
            return self.types_of(&first.value, scope, steps);
        }
        match &call.receiver {
            // `Order.create(..)`, `Order::from(..)`: most often an order.
            Some(Expression::Name(name)) if self.type_named(name, scope.file).is_some() => {
                vec![TypeName::plain(name.clone())]
            }
            _ => Vec::new(),
        }
    }

    /// What stands in something that a library puts around messages: `new Envelope(new Order())`, also with what is
    /// called on it.
    fn wrapped(&self, call: &'f Call, scope: Scope, steps: usize) -> Option<&'f Expression> {
        let steps = steps.checked_sub(1)?;
        if call.is_construction && is_known(&call.name, |it| &it.envelopes) {
            return call.positional().next().filter(|_| self.type_named(&call.name, scope.file).is_none());
        }
        match &call.receiver {
            Some(Expression::Call(before)) if !call.is_construction => self.wrapped(before, scope, steps),
            Some(Expression::Name(ty)) if is_known(ty, |it| &it.envelopes) => {
                call.positional().next().filter(|_| self.type_named(ty, scope.file).is_none())
            }
            _ => None,
        }
    }

    /// The types that functions hand back, where they only declare what is common to them.
    fn narrowed(&self, declared: Vec<TypeName>, callees: &[Id], scope: Scope, steps: usize) -> Vec<TypeName> {
        let [general] = declared.as_slice() else { return declared };
        let below = self.type_meant(general, scope.file).map(|it| self.all_subtypes(it)).unwrap_or_default();
        if below.is_empty() {
            return declared;
        }
        let mut found = Vec::new();
        for callee in callees.iter().take(3) {
            for value in self.body(*callee).map(|it| it.returns.as_slice()).unwrap_or_default() {
                found.extend(self.types_of(value, self.scope(*callee), steps));
            }
        }
        let is_below =
            |it: &TypeName| self.type_meant(it.unwrapped(), scope.file).is_some_and(|it| below.contains(&it));
        if !found.is_empty() && found.iter().all(is_below) { found } else { declared }
    }

    /// The functions of the repository that a call may reach.
    pub(super) fn callees(&self, call: &'f Call, scope: Scope, steps: usize) -> Vec<Id> {
        if call.is_construction {
            return self.type_named(&call.name, scope.file).map(|it| self.constructors(it)).unwrap_or_default();
        }
        match &call.receiver {
            _ if is_super(call) => {
                let above = scope.owner.map(|it| self.supertypes(it)).unwrap_or_default();
                above.into_iter().skip(1).map(|it| self.constructors(it)).find(|it| !it.is_empty()).unwrap_or_default()
            }
            None => {
                let own = scope.owner.map(|it| self.methods(it, &call.name)).unwrap_or_default();
                if !own.is_empty() {
                    return own;
                }
                // What extends another type is not called without one.
                let here = scope.function.and_then(|it| self.function(it)?.extends.as_ref());
                let mut meant = self.functions_meant(&call.name, scope.file);
                meant.retain(|it| {
                    let extended = self.function(*it).and_then(|it| it.extends.as_ref());
                    extended.is_none_or(|it| here.is_some_and(|here| here.name == it.name))
                });
                meant
            }
            Some(receiver) => self.methods_called(receiver, call, scope, steps),
        }
    }

    /// The functions that a bare name may stand for; in Python those of the module that it is imported from.
    fn functions_meant(&self, name: &str, file: usize) -> Vec<Id> {
        let found = self.functions_named(name, file);
        if let Some(only) = self.function_handed_out(name, file) {
            return vec![only];
        }
        let code = self.files.get(file).filter(|it| it.language == Language::Python);
        let imports = code.map(|it| it.unit.imports.as_slice()).unwrap_or_default();
        let Some(import) = imports.iter().find(|it| it.names.iter().any(|it| it.0 == name)) else { return found };
        let last = import.module.rsplit('.').next().unwrap_or_default();
        let is_there = |it: &Id| {
            let path = self.file(*it).map(|it| it.path).unwrap_or_default();
            last.is_empty() || path.split(['/', '.']).any(|it| it == last)
        };
        found.into_iter().filter(is_there).collect()
    }

    fn methods_called(&self, receiver: &'f Expression, call: &'f Call, scope: Scope, steps: usize) -> Vec<Id> {
        if let Expression::Name(name) | Expression::Member(_, name) = receiver {
            // A type with static methods, unless a variable has the name.
            let is_bound =
                scope.function.and_then(|it| self.body(it)).is_some_and(|it| it.names.contains_key(name.as_str()));
            if let Some(ty) = self.type_named(name, scope.file).filter(|_| !is_bound) {
                let methods = self.methods(ty, &call.name);
                if !methods.is_empty() {
                    return methods;
                }
            }
            // A module with functions.
            let modules = self.files.get(scope.file).map(|it| it.unit.imports.as_slice()).unwrap_or_default();
            let module = modules.iter().find(|it| it.names.iter().any(|it| it.0 == *name) && !is_bound);
            if let Some(package) = self.go_package(name, scope.file).filter(|_| !is_bound) {
                let found = self.all_named(&call.name).filter(|it| {
                    let path = self.file(*it).map(|it| it.path).unwrap_or_default();
                    self.function(*it).is_some_and(|it| it.owner.is_none()) && folder(path) == package
                });
                let found: Vec<Id> = found.collect();
                if !found.is_empty() {
                    return found;
                }
            }
            if let Some(module) = module {
                let free = self.all_named(&call.name);
                let free: Vec<Id> = free.filter(|it| self.function(*it).is_some_and(|it| it.owner.is_none())).collect();
                // The file that an import of JavaScript leads to, or one that is called like the module.
                let files = self.module_files(&module.module, scope.file);
                let meant = free.iter().copied().filter(|it| files.iter().any(|file| file.file == it.file));
                let meant: Vec<Id> = meant.collect();
                if !meant.is_empty() {
                    return meant;
                }
                let found = free.into_iter().filter(|it| {
                    let path = self.file(*it).map(|it| it.path).unwrap_or_default();
                    path.rsplit('/').take(2).any(|it| it.split('.').next() == Some(name.as_str()))
                });
                let found = self.nearest(found, scope.file);
                if !found.is_empty() {
                    return found;
                }
            }
        }
        let types = self.types_of(receiver, scope, steps);
        let known = types.iter().filter_map(|it| self.type_meant(it.unwrapped(), scope.file));
        let mut found: Vec<Id> = known.flat_map(|it| self.methods(it, &call.name)).collect();
        found.dedup();
        if found.is_empty() && !types.is_empty() {
            let extended = |it: &Id| self.function(*it).and_then(|it| it.extends.as_ref());
            let of = |it: &Id| extended(it).is_some_and(|it| types.iter().any(|ty| ty.unwrapped().name == it.name));
            found = self.nearest(self.all_named(&call.name).filter(of), scope.file);
        }
        let extends =
            self.files.get(scope.file).is_some_and(|it| matches!(it.language, Language::CSharp | Language::Kotlin));
        if found.is_empty()
            && types.is_empty()
            && let Some(ty) = self.type_called(receiver, call, scope.file)
        {
            found = self.methods(ty, &call.name);
        }
        if found.is_empty() && (types.is_empty() || extends) && is_distinctive(&call.name) {
            let named = self.all_named(&call.name).filter(|it| self.function(*it).is_some_and(|it| it.has_body));
            found = self.nearest(named, scope.file);
            found.truncate(4);
        }
        found
    }

    /// The class of Ruby that a receiver without a type is called by, if only one of that name has the method: `Bus` of
    /// `context.bus`.
    fn type_called(&self, receiver: &Expression, call: &Call, file: usize) -> Option<Id> {
        self.files.get(file).filter(|it| it.language == Language::Ruby)?;
        let name = match receiver {
            Expression::Name(name) | Expression::Member(_, name) => name,
            Expression::Call(call) if call.arguments.is_empty() && !call.is_construction => &call.name,
            _ => return None,
        };
        let class: String = crate::words(name).iter().map(|it| capitalized(it)).collect();
        let given = call.positional().count();
        let takes = |it: &Id| {
            let parameters = self.function(*it).map(|it| it.parameters.as_slice()).unwrap_or_default();
            let asked = parameters.iter().filter(|it| it.default.is_none()).count();
            // A block and keywords may be given or not.
            asked <= given + 2 && given <= parameters.len()
        };
        let mut all = self.types_named(&class, file).filter(|it| self.methods(*it, &call.name).iter().any(takes));
        let only = all.next();
        only.filter(|_| all.next().is_none())
    }

    /// What made the value of an expression, and where.
    pub(super) fn made_by(&self, expression: &'f Expression, scope: Scope, steps: usize) -> Vec<(Made<'f>, Scope)> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        let mut found = Vec::new();
        for (value, scope) in self.followed(expression, scope, steps) {
            match value {
                Expression::Call(call) => found.push((Made::Call(call), scope)),
                Expression::Object { entries, line, .. } => found.push((Made::Object(entries, *line), scope)),
                _ => {}
            }
        }
        if found.is_empty() {
            // Nothing is seen of where it comes from: all places that make its type.
            for ty in self.types_of(expression, scope, steps) {
                let places = self.made.get(ty.unwrapped().name.as_str()).into_iter().flatten();
                found.extend(places.take(MAX_VALUES).map(|it| (it.1, self.scope(it.0))));
            }
        }
        found
    }
}

/// A word with a capital at its start.
fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|it| it.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Whether a type is a parameter that stands for others: `T`, `TEvent`.
pub(super) fn is_parameter(name: &str) -> bool {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(first), None) => first.is_uppercase(),
        (Some('T'), Some(second)) => second.is_uppercase(),
        _ => false,
    }
}

/// Whether a method is told by its name alone: a long name of several words.
fn is_distinctive(name: &str) -> bool {
    let words = name.chars().filter(|it| it.is_uppercase() || *it == '_').count();
    name.len() >= 14 && words >= 1
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn functions_of_csharp_take_what_they_extend_before_the_dot() {
        let code = "
            using Confluent.Kafka;
            public static class Sending
            {
                public static Task SendAsync(this IProducer<string, string> producer, string topic, string text)
                    => producer.ProduceAsync(topic, new Message<string, string> { Value = text });
            }
            public class Orders
            {
                private readonly IProducer<string, string> _producer;
                public Task Place(string text) => _producer.SendAsync(\"orders\", text);
            }";
        let project = ("shop.csproj", r#"<PackageReference Include="Confluent.Kafka" />"#);
        assert_eq!(found(&[project, ("Orders.cs", code)]), ["send orders"]);
    }

    #[test]
    fn dollars_of_kotlin_stand_for_themselves() {
        let code = "
            import org.springframework.kafka.annotation.KafkaListener
            class Orders(@Value($$\"${shop.limit}\") private val limit: Int) {
                @KafkaListener(topics = [$$\"${shop.orders}\"])
                fun on(text: String) {}
            }";
        let settings = ("src/main/resources/application.yml", "shop:\n  orders: orders.v1\n");
        let found = found(&[("build.gradle.kts", "spring-kafka"), ("src/main/kotlin/Orders.kt", code), settings]);
        assert_eq!(found, ["receive orders.v1"]);
    }

    #[test]
    fn functions_of_kotlin_call_what_they_extend() {
        let code = "
            import org.apache.kafka.streams.StreamsBuilder
            const val ORDERS = \"orders\"
            fun StreamsBuilder.shop(invoices: String): Topology {
                stream(ORDERS, Consumed.with(keys, values)).mapValues { it.invoice() }.to(invoices)
                return build()
            }
            fun topology(): Topology = StreamsBuilder().shop(\"invoices\")
            fun Shop.stream(name: String) = open(name)";
        let found = found(&[("build.gradle.kts", "kafka-streams"), ("src/main/kotlin/Shop.kt", code)]);
        assert_eq!(found, ["receive orders", "send invoices"]);
    }
}
