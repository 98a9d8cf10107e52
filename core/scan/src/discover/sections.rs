//! Types that are filled from a section of settings: classes of options of .NET, `@ConfigurationProperties` of Spring.

use rustc_hash::{FxHashMap, FxHashSet};

use super::groups::is_of_tests;
use super::index::{Id, Index};
use super::types::{MAX_STEPS, Scope};
use super::values::{Value, text_of};
use super::{Channel, Resolution};
use crate::code::{Call, Expression};

/// What types are filled from.
#[derive(Debug, Default)]
pub(super) struct Sections<'f> {
    /// The sections, with dots between their parts; a type that is filled from several is left out.
    of: FxHashMap<Id, String>,
    /// The files that programs read their settings from.
    hosts: Vec<&'f str>,
}

/// How deep types in types are followed.
const MAX_DEPTH: usize = 3;

/// Calls that fill a type from a section: by their type argument, and by the section among their arguments.
const FILLS: [&str; 6] = ["Configure", "Bind", "BindConfiguration", "Get", "GetOptions", "AddOptions"];

/// Annotations that fill a type from the settings below a prefix.
const PREFIXES: [&str; 2] = ["ConfigurationProperties", "ConfigMapping"];

/// Looks for all of them.
pub(super) fn find<'f>(index: &Index<'f>) -> Sections<'f> {
    let mut all: FxHashMap<Id, Vec<String>> = FxHashMap::default();
    for (file, code) in index.files.iter().enumerate() {
        for (at, ty) in code.unit.types.iter().enumerate() {
            let id = Id { file, index: at };
            let sections = ty.annotations.iter().filter_map(|it| index.prefix(it, Index::class_scope(id)));
            all.entry(id).or_default().extend(sections);
        }
        for at in 0..code.bodies.len() {
            let id = Id { file, index: at };
            let scope = index.scope(id);
            let Some(function) = index.function(id) else { continue };
            // A bean that is filled when it is made.
            let prefix = function.annotations.iter().find_map(|it| index.prefix(it, scope));
            let made = function.returns.as_ref().and_then(|it| index.type_named(&it.name, file));
            if let (Some(prefix), Some(made)) = (prefix, made) {
                all.entry(made).or_default().push(prefix);
            }
            for call in index.body(id).map(|it| it.calls.as_slice()).unwrap_or_default() {
                if let Some((ty, section)) = index.filled(call, scope) {
                    all.entry(ty).or_default().push(section);
                }
            }
        }
    }
    let one = |mut it: Vec<String>| {
        it.sort_unstable();
        it.dedup();
        <[String; 1]>::try_from(it).ok().map(|[it]| it)
    };
    let mut bound: FxHashMap<Id, String> = all.into_iter().filter_map(|(id, it)| Some((id, one(it)?))).collect();
    let mut newest: Vec<(Id, String)> = bound.iter().map(|it| (*it.0, it.1.clone())).collect();
    for _ in 0..MAX_DEPTH {
        let mut inner: FxHashMap<Id, Vec<String>> = FxHashMap::default();
        for (ty, section) in &newest {
            for field in index.ty(*ty).map(|it| it.fields.as_slice()).unwrap_or_default() {
                let ty = field.ty.as_ref().and_then(|it| index.type_meant(it.unwrapped(), ty.file));
                if let Some(ty) = ty.filter(|it| !bound.contains_key(it)) {
                    inner.entry(ty).or_default().push(format!("{section}.{}", field.name));
                }
            }
        }
        newest = inner.into_iter().filter_map(|(id, it)| Some((id, one(it)?))).collect();
        bound.extend(newest.iter().cloned());
    }
    let mut hosts: Vec<&str> = Vec::new();
    if !bound.is_empty() {
        hosts.extend(index.settings_files().filter(|it| is_host(it)));
    }
    hosts.sort_unstable();
    hosts.dedup();
    Sections { of: bound, hosts }
}

/// Whether a program reads its settings from a file, by its name.
fn is_host(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    (name.starts_with("appsettings") || name.starts_with("application")) && !is_of_tests(path)
}

impl<'f> Index<'f> {
    /// The prefix that an annotation gives to a type.
    fn prefix(&self, annotation: &'f Call, scope: Scope) -> Option<String> {
        if !PREFIXES.contains(&annotation.name.as_str()) {
            return None;
        }
        let written = annotation.named("prefix").or_else(|| annotation.named("value"));
        self.key(written.or_else(|| annotation.positional().next())?, scope)
    }

    /// The type that a call fills, and from which section.
    fn filled(&self, call: &'f Call, scope: Scope) -> Option<(Id, String)> {
        if !FILLS.contains(&call.name.as_str()) {
            // A function of the repository: `AddChecked<KafkaOptions>(KafkaOptions.Section)`.
            let [ty] = call.types.as_slice() else { return None };
            let of_type = |it: &&'f Expression| {
                matches!(it, Expression::Member(owner, _)
                    if matches!(&**owner, Expression::Name(name) if *name == ty.name))
            };
            let section = call.positional().find(of_type).and_then(|it| self.key(it, scope))?;
            return Some((self.type_named(&ty.name, scope.file)?, section));
        }
        // `AddOptions<KafkaOptions>().Bind(section)`
        let outer = match &call.receiver {
            Some(Expression::Call(it)) if it.name == "AddOptions" => it.types.first(),
            _ => None,
        };
        let ty = call.types.first().or(outer).and_then(|it| self.type_named(&it.name, scope.file)).or_else(|| {
            let last = call.positional().last()?;
            let types = self.types_of(last, scope, MAX_STEPS);
            types.iter().find_map(|it| self.type_meant(it.unwrapped(), scope.file))
        })?;
        let receiver = call.receiver.as_ref().and_then(|it| self.section(it, scope));
        let given = call.positional().find_map(|it| self.section(it, scope));
        let named = || {
            let takes_name = matches!(call.name.as_str(), "Bind" | "BindConfiguration" | "GetOptions");
            call.positional().next().filter(|_| takes_name).and_then(|it| self.key(it, scope))
        };
        Some((ty, given.or_else(named).or(receiver)?))
    }

    /// The section of settings that an expression stands for: `configuration.GetSection("Kafka:Topics")`.
    pub(super) fn section(&self, expression: &'f Expression, scope: Scope) -> Option<String> {
        let found = self.followed(expression, scope, MAX_STEPS);
        let [(Expression::Call(call), there)] = found.as_slice() else { return None };
        if !matches!(call.name.as_str(), "GetSection" | "GetRequiredSection") {
            return None;
        }
        let key = self.key(call.positional().next()?, *there)?;
        match call.receiver.as_ref().and_then(|it| self.section(it, *there)) {
            Some(outer) => Some(format!("{outer}.{key}")),
            None => Some(key),
        }
    }

    /// A key that is written out, with dots between its parts.
    fn key(&self, expression: &'f Expression, scope: Scope) -> Option<String> {
        let written = text_of(expression).map(str::to_owned).or_else(|| {
            match self.values(expression, scope, MAX_STEPS).as_slice() {
                [Value::Known(Channel { name, resolution: Resolution::Literal | Resolution::Constant })] => {
                    Some(name.to_string())
                }
                // `nameof(KafkaOptions)`
                [Value::Known(Channel { name, resolution: Resolution::TypeName })] => Some(name.to_string()),
                _ => None,
            }
        })?;
        let is_plain = !written.is_empty() && !written.contains(['$', '{', ' ', '#']);
        is_plain.then(|| written.replace("__", ".").replace(':', "."))
    }

    /// Whether a type is filled from settings.
    pub(super) fn is_filled(&self, ty: Id) -> bool {
        self.sections.get().is_some_and(|it| it.of.contains_key(&ty))
    }

    /// What settings have for a field of a type that is filled from them: those of its own project, or of the only
    /// program that is near. Code that several programs share has a value in each.
    pub(super) fn values_of_section(&self, ty: Id, name: &str) -> Vec<Value> {
        let Some(sections) = self.sections.get() else { return Vec::new() };
        let (Some(section), Some(file)) = (sections.of.get(&ty), self.files.get(ty.file)) else { return Vec::new() };
        let key = format!("{section}.{name}");
        let scope = Self::class_scope(ty);
        let own = self.projects.folder(file.path);
        let near = |path: &str| file.path.split('/').zip(path.split('/')).take_while(|it| it.0 == it.1).count();
        let most = sections.hosts.iter().map(|it| near(it)).max().unwrap_or_default();
        let around = sections.hosts.iter().filter(|it| near(it) == most).map(|it| self.projects.folder(it));
        let around: FxHashSet<&str> = around.collect();
        let host =
            if around.contains(own) { Some(own) } else { around.iter().next().copied().filter(|_| around.len() == 1) };
        let found = host.and_then(|it| self.setting_in(&key, it));
        found.map(|it| self.setting_of(it, scope)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    const PROJECT: (&str, &str) = ("shop/shop.csproj", r#"<PackageReference Include="Confluent.Kafka" />"#);
    const SETTINGS: &str = r#"{
        "Kafka": { "OrdersTopic": "orders.v1", "Topics": { "Refunds": "refunds.v1" } },
        "Audit": { "OrdersTopic": "audit.v1" }
    }"#;

    fn sends(startup: &str, code: &str) -> Vec<String> {
        let text = format!(
            "using Confluent.Kafka;
using Microsoft.Extensions.Options;
public class KafkaOptions
{{
    public const string Section = \"Kafka\";
    public string OrdersTopic {{ get; set; }}
    public string Missing {{ get; set; }}
    public TopicOptions Topics {{ get; set; }}
}}
public class TopicOptions {{ public string Refunds {{ get; set; }} }}
public class Startup {{ public void Add(IServiceCollection services, IConfiguration configuration) {{ {startup} }} }}
public class Orders
{{
    private readonly IProducer<string, string> _producer;
    private readonly IOptions<KafkaOptions> _options;
    private readonly KafkaOptions _settings;
    public Orders(IProducer<string, string> producer, IOptions<KafkaOptions> options, IConfiguration configuration)
    {{
        _producer = producer;
        _options = options;
        _settings = options.Value;
    }}
    public Task Place(IConfiguration configuration, Message<string, string> message)
    {{
        {code}
    }}
}}"
        );
        found(&[PROJECT, ("shop/appsettings.json", SETTINGS), ("shop/Orders.cs", &text)])
    }

    #[test]
    fn options_are_filled_from_their_section() {
        let configure = "services.Configure<KafkaOptions>(configuration.GetSection(\"Kafka\"));";
        let send = |channel: &str| format!("return _producer.ProduceAsync({channel}, message);");
        assert_eq!(sends(configure, &send("_settings.OrdersTopic")), ["send orders.v1"]);
        assert_eq!(sends(configure, &send("_options.Value.OrdersTopic")), ["send orders.v1"]);
        assert_eq!(sends(configure, &send("_settings.Topics.Refunds")), ["send refunds.v1"]);
        assert_eq!(sends(configure, &send("_settings.Missing")), ["send ?"]);
        for startup in [
            "services.Configure<KafkaOptions>(configuration.GetSection(KafkaOptions.Section));",
            "services.AddOptions<KafkaOptions>().Bind(configuration.GetSection(\"Kafka\"));",
            "services.AddOptions<KafkaOptions>().BindConfiguration(\"Kafka\");",
            "var options = new KafkaOptions(); configuration.GetSection(\"Kafka\").Bind(options);",
            "var options = new KafkaOptions(); configuration.Bind(\"Kafka\", options);",
        ] {
            assert_eq!(sends(startup, &send("_settings.OrdersTopic")), ["send orders.v1"], "{startup}");
        }
        // Nothing fills them, or two sections do.
        assert_eq!(sends("", &send("_settings.OrdersTopic")), ["send ?"]);
        let twice = format!("{configure} services.Configure<KafkaOptions>(configuration.GetSection(\"Audit\"));");
        assert_eq!(sends(&twice, &send("_settings.OrdersTopic")), ["send ?"]);
    }

    #[test]
    fn options_that_programs_share_have_a_value_in_each() {
        let options = "public class KafkaOptions { public string Topic { get; set; } }";
        let send = "using Confluent.Kafka;
public class Sender
{
    private readonly IProducer<string, string> _producer;
    private readonly KafkaOptions _options;
    public void Add(IServiceCollection services, IConfiguration configuration)
        { services.Configure<KafkaOptions>(configuration.GetSection(\"Kafka\")); }
    public Task Send(Message<string, string> message) { return _producer.ProduceAsync(_options.Topic, message); }
}";
        let all = |lib: &str, hosts: &[(&str, &str)]| {
            let paths = [format!("{lib}/a.csproj"), format!("{lib}/Options.cs"), format!("{lib}/Sender.cs")];
            let own = [(paths[0].as_str(), PROJECT.1), (paths[1].as_str(), options), (paths[2].as_str(), send)];
            found(&[own.as_slice(), hosts].concat())
        };
        let orders =
            [("orders/Api/b.csproj", "x"), ("orders/Api/appsettings.json", r#"{ "Kafka": { "Topic": "orders" } }"#)];
        let mail =
            [("mail/Api/c.csproj", "x"), ("mail/Api/appsettings.json", r#"{ "Logging": { "Level": "Warning" } }"#)];
        assert_eq!(all("orders/Infrastructure", &[orders, mail].concat()), ["send orders"]);
        assert_eq!(all("shared", &[orders, mail].concat()), ["send ?"]);
        assert_eq!(all("shared", &orders), ["send orders"]);
    }

    #[test]
    fn sections_lead_to_settings() {
        for code in [
            "return _producer.ProduceAsync(configuration.GetSection(\"Kafka:Topics\")[\"Refunds\"], message);",
            "var topics = configuration.GetSection(\"Kafka\").GetSection(\"Topics\");
             return _producer.ProduceAsync(topics[\"Refunds\"], message);",
            "var topics = configuration.GetSection(\"Kafka:Topics\");
             return _producer.ProduceAsync(topics.GetValue<string>(\"Refunds\"), message);",
        ] {
            assert_eq!(sends("", code), ["send refunds.v1"], "{code}");
        }
        let settings = "var settings = configuration.GetSection(\"Kafka\").Get<KafkaOptions>();
            return _producer.ProduceAsync(settings.OrdersTopic, message);";
        assert_eq!(sends("", settings), ["send orders.v1"]);
    }

    #[test]
    fn properties_of_spring_are_filled_by_their_prefix() {
        let code = "
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.boot.context.properties.ConfigurationProperties;
@ConfigurationProperties(prefix = \"shop.kafka\")
class KafkaSettings {
    private String orderTopic = \"orders.old\";
    private String other;
    public String getOrderTopic() { return orderTopic; }
    public String getOther() { return other; }
}
class Orders {
    private final KafkaTemplate<String, String> template;
    private final KafkaSettings settings;
    void place(String id, String body) {
        template.send(settings.getOrderTopic(), id, body);
        template.send(settings.getOther(), id, body);
    }
}";
        let files = [
            ("pom.xml", "spring-kafka"),
            ("src/main/java/Orders.java", code),
            ("src/main/resources/application.yml", "shop:\n  kafka:\n    order-topic: orders.v1\n"),
        ];
        assert_eq!(found(&files), ["send orders.v1", "send ?"]);
    }

    #[test]
    fn expressions_of_spring_are_settings_or_not_known() {
        let receive = |topics: &str| {
            let code = format!(
                "import org.springframework.kafka.annotation.KafkaListener;
class Billing {{
    @KafkaListener(topics = \"{topics}\")
    void on(Payment payment) {{}}
}}"
            );
            let settings = "shop.topic=payments\nshop.topics=payments, refunds\n";
            found(&[
                ("pom.xml", "spring-kafka"),
                ("src/main/java/Billing.java", &code),
                ("src/main/resources/application.properties", settings),
            ])
        };
        assert_eq!(receive("#{'${shop.topic}'}"), ["receive payments"]);
        assert_eq!(receive("#{'${shop.topics}'.split(',')}"), ["receive payments", "receive refunds"]);
        assert_eq!(receive("#{@settings.topic}"), ["receive ?"]);
        assert_eq!(receive("#{'${shop.topic}'.toUpperCase()}"), ["receive ?"]);
    }

    #[test]
    fn functions_of_spring_cloud_stream_have_the_channels_of_settings() {
        let code = "
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
@Configuration
class Streams {
    @Bean
    public Consumer<Order> bill() { return order -> book(order); }
    @Bean
    public Function<Order, Invoice> enrich() { return order -> new Invoice(order); }
    @Bean(\"clock\")
    public Supplier<Tick> tick() { return () -> new Tick(); }
    @Bean
    public Consumer<Order> unbound() { return order -> book(order); }
    public Consumer<Order> none() { return order -> book(order); }
}";
        let settings = "spring.cloud.stream.bindings:
  bill-in-0: { destination: 'orders,refunds', group: billing }
  enrich-in-0: { destination: '${RAW:raw}' }
  enrich-out-0: { destination: rich }
  clock-out-0: { destination: ticks }
  none-in-0: { destination: nothing }
";
        let all = |manifest: &str, file: &str| {
            found(&[("shop/pom.xml", manifest), ("shop/src/main/java/Streams.java", code), (file, settings)])
        };
        let found = all("spring-cloud-stream", "shop/src/main/resources/application.yml");
        let wanted = ["orders for billing", "refunds for billing", "raw"].map(|it| format!("receive {it}"));
        assert_eq!(found, [wanted.as_slice(), &["send rich".to_owned(), "send ticks".to_owned()]].concat());
        assert_eq!(all("spring-web", "shop/src/main/resources/application.yml"), [""; 0]);
        assert_eq!(all("spring-cloud-stream", "other/application.yml"), [""; 0]);
    }
}
