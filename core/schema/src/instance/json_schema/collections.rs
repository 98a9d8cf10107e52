//! Keywords of mappings and lists.

use std::collections::HashMap;

use archwright_syntax::data::{Entry, Kind, Node};

use super::super::value::{self, canonical, choices, every, shortened, shown, span_of};
use super::Validator;

impl<'t> Validator<'t, '_> {
    pub(super) fn of_mapping(
        &mut self,
        schema: Node<'t>,
        key: &str,
        value: Node<'t>,
        instance: Node<'t>,
        depth: usize,
    ) -> bool {
        match key {
            "properties" => every(instance.entries(), |entry| {
                value.get(entry.key).is_none_or(|it| self.value(it, entry.value, depth + 1))
            }),
            "patternProperties" => self.matching_properties(value, instance, depth),
            "additionalProperties" => self.other_properties(schema, value, instance, depth),
            "required" => every(value.items(), |it| self.required(schema, it, instance)),
            "minProperties" => self.count(schema, value, instance, "key", |count, limit| count >= limit),
            "maxProperties" => self.count(schema, value, instance, "key", |count, limit| count <= limit),
            "propertyNames" => self.property_names(value, instance),
            "dependencies" => {
                every(value.entries().filter(|it| instance.get(it.key).is_some()), |it| match it.value.kind() {
                    Kind::Sequence => every(it.value.items(), |it| self.required(schema, it, instance)),
                    _ => self.value(it.value, instance, depth + 1),
                })
            }
            "dependentRequired" => every(value.entries().filter(|it| instance.get(it.key).is_some()), |it| {
                every(it.value.items(), |it| self.required(schema, it, instance))
            }),
            "dependentSchemas" => every(value.entries().filter(|it| instance.get(it.key).is_some()), |it| {
                self.value(it.value, instance, depth + 1)
            }),
            "unevaluatedProperties" => self.unevaluated_properties(schema, value, instance, depth),
            _ => true,
        }
    }

    fn matching_properties(&mut self, patterns: Node<'t>, instance: Node<'t>, depth: usize) -> bool {
        let mut fits = true;
        for pattern in patterns.entries() {
            for entry in instance.entries() {
                match self.matches(pattern.key, entry.key) {
                    Some(true) => fits &= self.value(pattern.value, entry.value, depth + 1),
                    Some(false) => {}
                    None => self.unsure = true,
                }
            }
        }
        fits
    }

    fn other_properties(&mut self, schema: Node<'t>, others: Node<'t>, instance: Node<'t>, depth: usize) -> bool {
        let mut fits = true;
        for entry in instance.entries() {
            match self.is_listed(schema, entry) {
                Some(true) => continue,
                Some(false) => {}
                None => {
                    self.unsure = true;
                    continue;
                }
            }
            fits &= match others.as_bool() {
                Some(false) => self.unexpected(schema, entry, instance),
                _ => self.value(others, entry.value, depth + 1),
            };
        }
        fits
    }

    /// Whether `properties` or `patternProperties` speak of a key; `None` when that cannot be told.
    pub(super) fn is_listed(&mut self, schema: Node<'t>, entry: Entry<'t>) -> Option<bool> {
        if schema.get("properties").is_some_and(|it| it.get(entry.key).is_some()) {
            return Some(true);
        }
        let mut is_sure = true;
        for pattern in schema.get("patternProperties").into_iter().flat_map(Node::entries) {
            match self.matches(pattern.key, entry.key) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => is_sure = false,
            }
        }
        is_sure.then_some(false)
    }

    pub(super) fn unexpected(&mut self, schema: Node<'t>, entry: Entry<'t>, instance: Node<'t>) -> bool {
        if self.quiet > 0 {
            return false;
        }
        let near = self.meant(schema, entry.key, instance);
        let mut message = format!("`{}` is not allowed: the schema has no such property", shortened(entry.key));
        if let Some(near) = near {
            message += &format!("; did you mean `{near}`?");
        }
        let span = if entry.merged { span_of(instance) } else { entry.key_span };
        let mended = near.filter(|_| !entry.merged).map(ToOwned::to_owned);
        self.push(schema, instance, span, message, mended, None, None)
    }

    fn required(&mut self, schema: Node<'t>, name: Node<'t>, instance: Node<'t>) -> bool {
        let Some(name) = name.as_str().filter(|it| instance.get(it).is_none()) else { return true };
        let is_closed = schema.get("additionalProperties").and_then(Node::as_bool) == Some(false);
        let is_listed = |key: &str| schema.get("properties").is_some_and(|it| it.get(key).is_some());
        let mut others = instance.entries().filter(|it| !is_listed(it.key));
        // A misspelt key is told where it is unexpected.
        if self.quiet > 0 || (is_closed && others.any(|it| self.meant(schema, it.key, instance) == Some(name))) {
            return false;
        }
        let mut message = format!("The property `{}` is missing: the schema requires it", shortened(name));
        let extra = instance.entries().map(|it| it.key).filter(|it| !is_listed(it));
        if let Some(near) = self.guesses.nearest(name, extra) {
            message += &format!("; did you mean it by `{near}`?");
        }
        self.fault(schema, instance, message, None, None)
    }

    /// Keys are texts without a node, so the keywords of texts alone are looked at.
    fn property_names(&mut self, names: Node<'t>, instance: Node<'t>) -> bool {
        let Some(names) = self.follow(names) else {
            self.unsure = true;
            return true;
        };
        let mut fits = true;
        for entry in instance.entries() {
            let mut faults = Vec::new();
            if names.as_bool() == Some(false) {
                faults.push("no keys are allowed".to_owned());
            }
            for keyword in names.entries() {
                match keyword.key {
                    "enum" if keyword.value.items().all(|it| it.as_str() != Some(entry.key)) => {
                        faults.push(choices(keyword.value.items()));
                    }
                    "const" if keyword.value.as_str() != Some(entry.key) => {
                        faults.push(format!("it must be {}", shown(keyword.value)));
                    }
                    "pattern" | "minLength" | "maxLength" => {
                        faults.extend(self.text_fault(keyword.key, keyword.value, entry.key));
                    }
                    "enum" | "const" | "type" | "title" | "description" | "format" | "$comment" => {}
                    _ => self.unsure = true,
                }
            }
            if let Some(first) = faults.first() {
                fits = false;
                let message = format!("The key `{}` is not allowed: {first}", shortened(entry.key));
                self.fault(names, instance, message, None, (!entry.merged).then_some(entry.key_span));
            }
        }
        fits
    }

    pub(super) fn of_list(
        &mut self,
        schema: Node<'t>,
        key: &str,
        value: Node<'t>,
        instance: Node<'t>,
        depth: usize,
    ) -> bool {
        match key {
            "prefixItems" => value
                .items()
                .zip(instance.items())
                .fold(true, |fits, (schema, it)| self.value(schema, it, depth + 1) && fits),
            // Beside `prefixItems` it is about the items after those.
            "items" if value.kind() != Kind::Sequence && schema.get("prefixItems").is_some() => {
                let listed = schema.get("prefixItems").map_or(0, Node::len);
                every(instance.items().skip(listed), |it| self.value(value, it, depth + 1))
            }
            "items" if value.kind() == Kind::Sequence => value
                .items()
                .zip(instance.items())
                .fold(true, |fits, (schema, it)| self.value(schema, it, depth + 1) && fits),
            "items" => every(instance.items(), |it| self.value(value, it, depth + 1)),
            "additionalItems" => match schema.get("items").filter(|it| it.kind() == Kind::Sequence) {
                Some(listed) => every(instance.items().skip(listed.len()), |it| self.value(value, it, depth + 1)),
                None => true,
            },
            "contains" => self.contains(schema, value, instance, depth),
            "unevaluatedItems" => self.unevaluated_items(schema, value, instance, depth),
            "minItems" => self.count(schema, value, instance, "item", |count, limit| count >= limit),
            "maxItems" => self.count(schema, value, instance, "item", |count, limit| count <= limit),
            "uniqueItems" if value.as_bool() == Some(true) => self.unique(schema, instance),
            _ => true,
        }
    }

    /// `contains` with the number of items that `minContains` and `maxContains` want (JSON Schema 2020-12, validation,
    /// section 6.4).
    fn contains(&mut self, schema: Node<'t>, value: Node<'t>, instance: Node<'t>, depth: usize) -> bool {
        let (mut fitting, mut unsure) = (0, 0);
        for item in instance.items() {
            match self.fits(value, item, depth) {
                Some(true) => fitting += 1,
                Some(false) => {}
                None => unsure += 1,
            }
        }
        let limit = |key: &str| schema.get(key).and_then(value::count);
        let (least, most) = (limit("minContains").unwrap_or(1), limit("maxContains").unwrap_or(usize::MAX));
        let message = if fitting + unsure >= least && fitting <= most {
            return true;
        } else if fitting == 0 && least == 1 {
            "No item of the list fits the schema under `contains`".to_owned()
        } else {
            let (bound, wanted) = if fitting < least { ("at least", least) } else { ("at most", most) };
            let (items, verb) = if fitting == 1 { ("item", "fits") } else { ("items", "fit") };
            format!("{fitting} {items} of the list {verb} the schema under `contains`, but {bound} {wanted} must")
        };
        self.fault(schema, instance, message, None, None)
    }

    fn count(
        &mut self,
        schema: Node<'t>,
        limit: Node<'t>,
        instance: Node<'t>,
        what: &str,
        holds: fn(usize, usize) -> bool,
    ) -> bool {
        let Some(most) = value::count(limit) else { return true };
        let count = instance.len();
        if holds(count, most) {
            return true;
        }
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let bound = if count < most { "at least" } else { "at most" };
        let noun = instance.kind().describe().trim_start_matches("a ");
        let message = format!("The {noun} has {count} {what}{}, but must have {bound} {most}", plural(count));
        self.fault(schema, instance, message, None, None)
    }

    fn unique(&mut self, schema: Node<'t>, instance: Node<'t>) -> bool {
        let mut seen = HashMap::new();
        let mut fits = true;
        for (at, item) in instance.items().enumerate() {
            let Some(text) = canonical(item, &mut self.left) else {
                self.unsure = true;
                continue;
            };
            if let Some(first) = seen.insert(text, at + 1) {
                let message = format!("The items {first} and {} are equal, but no two may be", at + 1);
                fits = self.fault(schema, item, message, None, None);
            }
        }
        fits
    }

    /// The property that was meant by a key that the schema does not list: the nearest that is not there.
    fn meant(&mut self, schema: Node<'t>, key: &str, instance: Node<'t>) -> Option<&'t str> {
        let required = schema.get("required").into_iter().flat_map(Node::items).filter_map(Node::as_str);
        let listed = schema.get("properties").into_iter().flat_map(Node::entries).map(|it| it.key);
        self.guesses.nearest(key, required.chain(listed).filter(|it| instance.get(it).is_none()))
    }
}
