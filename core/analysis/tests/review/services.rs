//! Services that a change brings, and changed code in languages whose functions are not compared: what a scan finds in
//! them is told, and what stood there before is not.

use archwright_analysis::operations::{ReviewRequest, ReviewVerdict};

use crate::shop::Shop;

const GO: &str = "package orders

import \"github.com/segmentio/kafka-go\"

func Run(ctx context.Context, r *kafka.Reader) {
	for {
		m, err := r.FetchMessage(ctx)
		if err != nil {
			return
		}
		if err := store(ctx, m.Value); err != nil {
			log.Printf(\"%v\", err)
			continue
		}
		r.CommitMessages(ctx, m)
	}
}

func store(ctx context.Context, body []byte) error { return db.Exec(ctx, body) }
";

const GO_MODULE: (&str, &str) =
    ("services/stock/go.mod", "module shop\n\nrequire github.com/segmentio/kafka-go v0.4.0\n");

const CSHARP: &str = "using RabbitMQ.Client;
public class OrdersController(IModel channel, OrdersDbContext db) {
  public async Task<IActionResult> Post(Order order) {
    db.Orders.Add(order);
    await db.SaveChangesAsync();
    channel.BasicPublish(\"\", \"orders.placed\", null, Encode(order));
    return Ok();
  }
}
";

const CSHARP_PROJECT: (&str, &str) =
    ("services/shop/Shop.csproj", "<Project><PackageReference Include=\"RabbitMQ.Client\" /></Project>\n");

const TYPESCRIPT: &str = "import { Kafka } from 'kafkajs';

const kafka = new Kafka({ brokers: [] });
const consumer = kafka.consumer({ groupId: 'mail' });

export async function listen() {
  await consumer.run({
    eachMessage: async ({ message }) => {
      try { await mail(message.value); } catch (e) { console.error(e); }
    },
  });
}

async function mail(body) { await fetch('http://mail', { body }); }
";

const NODE_PACKAGE: (&str, &str) = ("services/mail/package.json", "{ \"dependencies\": { \"kafkajs\": \"2\" } }\n");

/// The findings of a scan, as `code file:line`.
fn scanned(shop: &Shop) -> Vec<String> {
    let review = shop.review(&ReviewRequest::default());
    assert!(review.text().len() <= 6_000);
    let is_scanned = |code: &str| code.starts_with("scan/");
    let told = review.findings.iter().filter(|it| is_scanned(it.code));
    told.map(|it| format!("{} {}:{}", it.code, it.file, it.start.line)).collect()
}

#[test]
fn a_new_service_is_looked_at_in_any_language() {
    let shop = Shop::with(&[("README.md", "# Shop\n")]);
    for (manifest, path, text) in [
        (GO_MODULE, "services/stock/orders.go", GO),
        (CSHARP_PROJECT, "services/shop/OrdersController.cs", CSHARP),
        (NODE_PACKAGE, "services/mail/src/mail.ts", TYPESCRIPT),
    ] {
        shop.write(manifest.0, manifest.1);
        shop.write(path, text);
    }
    let expected = [
        "scan/ack-on-failure services/mail/src/mail.ts:9",
        "scan/ack-on-failure services/stock/orders.go:11",
        "scan/dual-write services/shop/OrdersController.cs:6",
    ];
    // As untracked files, and when they are committed.
    for _ in 0..2 {
        let found = scanned(&shop);
        for it in expected {
            assert!(found.iter().any(|one| one == it), "{it}: {found:#?}");
        }
        shop.git(&["add", "-A"]);
        shop.git(&["commit", "-q", "--allow-empty", "-m", "Add services"]);
    }
    let review = shop.review(&ReviewRequest::default());
    assert_eq!(review.verdict, ReviewVerdict::Comment, "{}", review.text());
    assert!(review.text().contains("explain Transactional Outbox"), "{}", review.text());
}

#[test]
fn what_stood_there_before_is_not_told() {
    let shop = Shop::with(&[
        GO_MODULE,
        ("services/stock/orders.go", GO),
        CSHARP_PROJECT,
        ("services/shop/OrdersController.cs", CSHARP),
    ]);
    shop.edit("services/stock/orders.go", "package orders\n", "package orders\n\n// Reads orders.\n");
    shop.edit("services/shop/OrdersController.cs", "return Ok();", "return Accepted();");
    assert_eq!(scanned(&shop), Vec::<String>::new());
    // Nor where it went to another file.
    shop.reset();
    let path = shop.0.path().join("services/stock/orders.go");
    std::fs::rename(&path, path.with_file_name("reader.go")).unwrap();
    shop.edit("services/stock/reader.go", "Run(", "Read(");
    assert_eq!(scanned(&shop), Vec::<String>::new());
}

#[test]
fn what_a_changed_line_brings_is_told() {
    let kept = GO.replace("log.Printf(\"%v\", err)\n\t\t\tcontinue", "panic(err)");
    let shop = Shop::with(&[GO_MODULE, ("services/stock/orders.go", &kept)]);
    shop.write("services/stock/orders.go", GO);
    assert_eq!(scanned(&shop), ["scan/ack-on-failure services/stock/orders.go:11"]);
}

#[test]
fn what_is_right_new_or_a_test_is_not_told() {
    let kept = GO.replace("log.Printf(\"%v\", err)\n\t\t\tcontinue", "panic(err)");
    let allowed = TYPESCRIPT.replace(
        "      try {",
        "      // archwright: allow scan/ack-on-failure -- a mail that is lost is no harm\n      try {",
    );
    let shop = Shop::with(&[("README.md", "# Shop\n")]);
    shop.write(GO_MODULE.0, GO_MODULE.1);
    shop.write("services/stock/orders.go", &kept);
    shop.write("services/stock/tests/orders.go", GO);
    shop.write(NODE_PACKAGE.0, NODE_PACKAGE.1);
    shop.write("services/mail/src/mail.ts", &allowed);
    let found: Vec<String> = scanned(&shop).into_iter().filter(|it| it.starts_with("scan/ack-on-failure")).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_revision_without_a_checkout_says_what_it_does_not_look_at() {
    let shop = Shop::with(&[("README.md", "# Shop\n")]);
    shop.write(GO_MODULE.0, GO_MODULE.1);
    shop.write("services/stock/orders.go", GO);
    shop.commit("Add a service");
    shop.git(&["checkout", "-q", "main"]);
    let review = shop.review(&ReviewRequest { head: Some("change".to_owned()), ..ReviewRequest::default() });
    assert!(review.findings.is_empty(), "{}", review.text());
    assert!(review.not_read.iter().any(|it| it.reason.contains("working tree")), "{}", review.text());
}
