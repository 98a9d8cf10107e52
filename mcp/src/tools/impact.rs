//! What `impact` answers, in the form that takes fewest bytes: places as `file:line`, lists by their relation.

use archwright_analysis::operations::{Impact, Neighbor, ReviewPlace, WayStep};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// Writes an answer.
#[allow(clippy::ref_option, reason = "serde passes references")]
pub fn compact<S: Serializer>(impact: &Option<Impact>, serializer: S) -> Result<S::Ok, S::Error> {
    impact.as_ref().map(value).serialize(serializer)
}

fn value(it: &Impact) -> Value {
    let mut members = Map::new();
    members.insert("kind".to_owned(), json!(it.kind));
    members.insert("name".to_owned(), json!(it.name));
    let mut add = |name: &str, value: Value| {
        let is_empty = match &value {
            Value::Array(it) => it.is_empty(),
            Value::Object(it) => it.is_empty(),
            Value::Null => true,
            _ => value == json!(0) || value == json!(false),
        };
        if !is_empty {
            members.insert(name.to_owned(), value);
        }
    };
    add("at", it.at.iter().map(place).collect());
    add("remarks", json!(it.remarks));
    let relations = it.relations.iter().map(|it| (it.relation.to_owned(), it.things.iter().map(thing).collect()));
    add("relations", Value::Object(relations.collect()));
    let more = it.relations.iter().filter(|it| it.more > 0).map(|it| (it.relation.to_owned(), json!(it.more)));
    add("more", Value::Object(more.collect()));
    let reached = it.reached.iter().map(|it| {
        let at = it.at.as_ref().map(place);
        json!({ "kind": it.kind, "name": it.name, "steps": it.steps, "because": it.because, "at": at })
    });
    add("reached", reached.collect());
    add("more_reached", json!(it.more_reached));
    if let Some(to) = &it.to {
        add("to", json!(to.name));
        // That there is none is an answer.
        members.insert("ways".to_owned(), it.ways.iter().map(|it| it.iter().map(step).collect::<Value>()).collect());
        if it.more_ways {
            members.insert("more_ways".to_owned(), json!(true));
        }
    }
    if !it.not_read.is_empty() {
        members.insert("not_read".to_owned(), json!(it.not_read));
    }
    Value::Object(members)
}

fn place(it: &ReviewPlace) -> Value {
    format!("{}:{}", it.file, it.line).into()
}

fn thing(it: &Neighbor) -> Value {
    let mut thing = json!({ "kind": it.kind, "name": it.name, "at": it.at.iter().map(place).collect::<Value>() });
    if let Some(thing) = thing.as_object_mut() {
        if !it.sources.is_empty() {
            thing.insert("sources".to_owned(), json!(it.sources));
        }
        if it.more_places > 0 {
            thing.insert("more_places".to_owned(), json!(it.more_places));
        }
    }
    thing
}

fn step(it: &WayStep) -> Value {
    json!({ "from": it.from, "relation": it.relation, "to": it.to, "at": it.at.as_ref().map(place) })
}
