//! What expressions of Spring say of beans: `@topics.orders()`, `ordersQueue.name`, `T(shop.Topics).ORDERS`.

use super::{Value, constant, getter};
use crate::code::Expression;
use crate::discover::Resolution;
use crate::discover::index::Id;
use crate::discover::index::Index;
use crate::discover::types::{MAX_STEPS, Scope};

impl Index<'_> {
    /// The values of a member of a bean or of a type; nothing where it is anything else, or not known.
    pub(in crate::discover) fn bean(&self, expression: &str, scope: Scope) -> Option<Vec<Value>> {
        let steps = MAX_STEPS.saturating_sub(2);
        if let Some((ty, member)) = expression.strip_prefix("T(").and_then(|it| it.split_once(").")) {
            let ty = self.type_named(ty.rsplit('.').next()?, scope.file)?;
            return known(self.values_of_field(ty, member, steps));
        }
        let (bean, rest) = match expression.trim_start_matches('@').split_once('.') {
            Some((bean, rest)) => (bean, Some(rest)),
            None => (expression.trim_start_matches('@'), None),
        };
        let is_name = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_alphanumeric() || it == '_');
        let member = rest.map(|it| it.trim_end_matches("()"));
        if !is_name(bean) || !member.is_none_or(is_name) {
            return None;
        }
        let owner = if bean == "__listener" { scope.owner } else { self.type_named(&capital(bean), scope.file) };
        if let (Some(owner), Some(member)) = (owner, member) {
            return known(self.member_of(owner, member, steps));
        }
        // A function that makes the bean.
        let is_bean = |it: &Id| self.function(*it).is_some_and(|it| it.annotations.iter().any(|it| it.name == "Bean"));
        let made = self.nearest(self.all_named(bean).filter(is_bean), scope.file);
        let [function] = made.as_slice() else { return None };
        let ty = self.function(*function)?.returns.as_ref().and_then(|it| self.type_named(&it.name, function.file));
        if let (Some(ty), Some(member)) = (ty, member) {
            return known(self.member_of(ty, member, steps));
        }
        let mut values = Vec::new();
        for value in self.body(*function).map(|it| it.returns.as_slice()).unwrap_or_default() {
            let value = match (value, member) {
                // `new Queue("orders")` has its name first.
                (Expression::Call(call), Some("name" | "getName" | "actualName")) => call.positional().next()?,
                (value, None) => value,
                _ => return None,
            };
            values.extend(self.values(value, self.scope(*function), steps));
        }
        known(values)
    }

    /// What a member of an object of the repository comes down to: a function without parameters, or a field.
    fn member_of(&self, owner: Id, member: &str, steps: usize) -> Vec<Value> {
        let mut values = Vec::new();
        let mut functions = self.methods(owner, member);
        functions.extend(self.methods(owner, &format!("get{}", capital(member))));
        for function in functions {
            for value in self.body(function).map(|it| it.returns.as_slice()).unwrap_or_default() {
                values.extend(self.values(value, self.scope(function), steps));
            }
        }
        if values.is_empty() {
            values = self.values_of_field(owner, &getter(member).unwrap_or_default(), steps);
        }
        values
    }
}

/// The values, if all are known.
fn known(values: Vec<Value>) -> Option<Vec<Value>> {
    let is_known = |it: &Value| matches!(it, Value::Known(it) if it.resolution != Resolution::Unresolved);
    let is_sure = !values.is_empty() && values.iter().all(is_known);
    is_sure.then(|| values.into_iter().map(constant).collect())
}

/// The name of a class from that of its bean.
fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|it| it.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::discover::tests::found;

    fn received(expression: &str) -> Vec<String> {
        let code = format!(
            "
import org.springframework.kafka.annotation.KafkaListener;
class OrderTopics {{
    public static final String REFUNDS = \"refunds\";
    private static final String ORDERS = \"orders\";
    private Map<String, String> names;
    public String getOrders() {{ return named(ORDERS); }}
    private String named(String name) {{ return names.getOrDefault(name, name); }}
}}
class Setup {{
    @Bean
    public Queue payments() {{ return new Queue(\"payments.v1\"); }}
    @Bean
    public String invoices() {{ return \"invoices\"; }}
}}
class Listener {{
    private final String topic = \"mine\";
    @KafkaListener(topics = \"#{{{expression}}}\")
    void on(String text) {{}}
}}"
        );
        found(&[("pom.xml", "spring-kafka"), ("src/main/java/Listener.java", &code)])
    }

    #[test]
    fn expressions_of_spring_name_beans() {
        assert_eq!(received("@orderTopics.getOrders()"), ["receive orders"]);
        assert_eq!(received("orderTopics.orders"), ["receive orders"]);
        assert_eq!(received("payments.name"), ["receive payments.v1"]);
        assert_eq!(received("@invoices"), ["receive invoices"]);
        assert_eq!(received("__listener.topic"), ["receive mine"]);
        assert_eq!(received("T(shop.OrderTopics).REFUNDS"), ["receive refunds"]);
        for unknown in
            ["@others.orders", "payments.arguments", "orders + 'x'", "@orderTopics.getOrders().toUpperCase()"]
        {
            assert_eq!(received(unknown), ["receive ?"], "{unknown}");
        }
    }
}
