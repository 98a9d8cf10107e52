//! Types of each language, and what they hold on the wire.

use super::*;

fn told(path: &str, text: &str, name: &str) -> Option<String> {
    let payload = read(path, text, name)?;
    let field = |it: &PayloadField| {
        let list = if it.is_list { "[]" } else { "" };
        format!("{}{}: {}{list}", it.name, if it.is_required { "" } else { "?" }, it.holds.name())
    };
    let supers = payload.supers.iter().map(|it| format!("< {it}"));
    Some(supers.chain(payload.fields.iter().map(field)).collect::<Vec<_>>().join(", "))
}

#[test]
fn typescript() {
    let text = "
export interface OrderPlaced extends Meta {
  orderId: string;
  total: number;
  note?: string;
  tags: string[];
  state: 'open' | 'paid';
  lines: Array<Line>;
  owner: string | null;
  at: Date;
}
interface Line { sku: string }
type Paid = { id: string; by?: Unknown };
export class Shipped {
  static version = 1;
  constructor(public readonly orderId: string, private carrier?: string, log: Log) {}
}
class Own { id: string; toJSON() { return 1; } }
";
    let told = |name: &str| told("a.ts", text, name);
    let placed = "< Meta, orderId: string, total: number, note?: string, tags: string[], state: string, \
                  lines: object[], owner?: any, at: date-time";
    assert_eq!(told("OrderPlaced").as_deref(), Some(placed));
    assert_eq!(told("Paid").as_deref(), Some("id: string, by?: any"));
    assert_eq!(told("Shipped").as_deref(), Some("orderId: string, carrier?: string"));
    assert_eq!(told("Own"), None, "it writes itself");
    assert_eq!(told("Missing"), None);
}

#[test]
fn python() {
    let text = "
from dataclasses import dataclass
from pydantic import BaseModel, Field

class Placed(BaseModel):
    order_id: UUID
    total: float = Field(gt=0)
    note: str | None = None
    lines: list[Line]
    seen: bool = False

@dataclass
class Paid(Event):
    id: str

class Named(BaseModel):
    id: str = Field(alias='Id')

class Plain:
    id: str
";
    let told = |name: &str| told("a.py", text, name);
    let placed = "order_id: uuid, total: number, note?: any, lines: any[], seen?: boolean";
    assert_eq!(told("Placed").as_deref(), Some(placed));
    assert_eq!(told("Paid").as_deref(), Some("< Event, id: string"));
    assert_eq!(told("Named"), None, "names are given elsewhere");
    assert_eq!(told("Plain"), None, "nothing says that it is written field by field");
}

#[test]
fn java() {
    let text = "
public record OrderPlaced(@JsonProperty(\"order_id\") String orderId, int amount, List<Line> lines, Instant at) {}
class Paid extends Event {
  private static final long serialVersionUID = 1L;
  private UUID id;
  @JsonIgnore private String secret;
  private State state;
  private boolean last;
}
enum State { OPEN, PAID }
@JsonNaming(SnakeCaseStrategy.class)
class Named { String orderId; }
";
    let told = |name: &str| told("A.java", text, name);
    let placed = "order_id?: string, amount: integer, lines?: any[], at?: any";
    assert_eq!(told("OrderPlaced").as_deref(), Some(placed));
    assert_eq!(told("Paid").as_deref(), Some("< Event, id?: uuid, state?: string, last: boolean"));
    assert_eq!(told("Named"), None, "a strategy names the fields");
}

#[test]
fn kotlin() {
    let text = "
data class OrderPlaced(
  @JsonProperty(\"order_id\") val orderId: String,
  val amount: Long?,
  val tags: List<String> = emptyList(),
  val line: Line,
) : Event(orderId), Marker
data class Line(val sku: String)
";
    let told = told("A.kt", text, "OrderPlaced");
    let placed = "< Event, order_id: string, amount?: integer, tags?: string[], line: object";
    assert_eq!(told.as_deref(), Some(placed));
}

#[test]
fn go() {
    let text = "package a
type OrderPlaced struct {
\tMeta
\tOrderID string `json:\"order_id\"`
\tTotal float64 `json:\"total,omitempty\"`
\tLines []Line `json:\"lines\"`
\tAt *time.Time `json:\"at\"`
\tRaw []byte `json:\"raw\"`
\tHidden string `json:\"-\"`
\tinner int
}
type Line struct { SKU string }
type Own struct { ID string `json:\"id\"` }
func (o Own) MarshalJSON() ([]byte, error) { return nil, nil }
type Row struct { ID string `avro:\"id\"` }
";
    let told = |name: &str| told("a.go", text, name);
    let placed = "< Meta, order_id: string, total?: number, lines: object[], at?: date-time, raw: string";
    assert_eq!(told("OrderPlaced").as_deref(), Some(placed));
    assert_eq!(told("Line").as_deref(), Some("SKU: string"));
    assert_eq!(told("Own"), None, "it writes itself");
    assert_eq!(told("Row"), None, "it is written as something else");
}

#[test]
fn rust() {
    let text = "
/// Said.
#[derive(Debug, Serialize)]
#[serde(rename_all = \"camelCase\")]
pub struct OrderPlaced {
    pub order_id: Uuid,
    /// Sum.
    pub total_cents: i64,
    #[serde(rename = \"memo\", skip_serializing_if = \"Option::is_none\")]
    pub note: Option<String>,
    pub lines: Vec<Line>,
    #[serde(skip)]
    pub cache: Cache,
}
#[derive(Serialize)]
struct Line { sku: String }
#[derive(Serialize)]
struct Whole { #[serde(flatten)] rest: Rest }
struct Plain { id: u8 }
";
    let told = |name: &str| told("a.rs", text, name);
    let placed = "orderId: uuid, totalCents: integer, memo?: string, lines: object[]";
    assert_eq!(told("OrderPlaced").as_deref(), Some(placed));
    assert_eq!(told("Whole"), None, "what is in it stands elsewhere");
    assert_eq!(told("Plain"), None, "it is not written");
}

#[test]
fn names_that_stand_twice_are_not_chosen_from() {
    let text = "interface A { id: string }\nnamespace B { interface A { name: string } }\n";
    assert_eq!(told("a.ts", text, "A"), None);
    assert_eq!(told("a.cs", "class A { public string Id { get; set; } }", "A"), None, "who writes it decides");
}
