//! Documents with sagas, and what is read of them.

use crate::{
    Choice, EventFlow, FlowKind, FlowSaga, FlowUndo, FlowView, Graph, GraphRequest, Operation, fixture::Fixture,
};

fn asked(text: &str, request: &GraphRequest) -> EventFlow {
    Graph::plan(&mut Fixture::new(text).open(), request).unwrap().flow.unwrap()
}

fn sagas(text: &str) -> Vec<FlowSaga> {
    asked(text, &GraphRequest::default()).sagas
}

fn shown(text: &str, view: FlowView) -> String {
    asked(text, &GraphRequest { view: Some(Choice(view)), ..GraphRequest::default() }).show(99)
}

const TABLE: &str = "//- /docs/features/order-checkout/design.md\n# Design: order-checkout\n\n## Order saga\n\n\
    | # | Step | Service | Compensation | Timeout | Attempts | On success |\n|---|---|---|---|---|---|---|\n\
    | 1 | Reserve stock | warehouse | release the stock | 30 s | 3 | `stock.reserved.v1` |\n\
    | 2 | Check the limit | limits | none | | | |\n\
    | 3 | Charge the card | payments | refund | 10 s | | |\n\
    | 4 | Print the invoice | billing | none | | | |\n\
    | 5 | Book the courier | shipping | cancel the booking | | | |\n\
    | 6 | Tell the customer | mail | - | | | |\n\
    | 7 | Close the order | orders | none | | | |\n";

#[test]
fn steps_of_a_table_have_what_undoes_them() {
    let [saga] = sagas(TABLE).try_into().unwrap();
    assert_eq!((saga.name.as_str(), saga.of.as_deref()), ("Order saga", Some("order-checkout")));
    assert_eq!((saga.at.file.as_str(), saga.at.line), ("docs/features/order-checkout/design.md", 5));
    let undo: Vec<&FlowUndo> = saga.steps.iter().map(|it| &it.undo).collect();
    let by = |it: &str| FlowUndo::By(it.to_owned());
    let told = [
        &by("release the stock"),
        &FlowUndo::NotNeeded,
        &by("refund"),
        &FlowUndo::Nothing,
        &by("cancel the booking"),
        &FlowUndo::Nothing,
        &FlowUndo::Nothing,
    ];
    assert_eq!(undo, told);
    let first = &saga.steps[0];
    let told = (first.by.as_deref(), first.timeout.as_deref(), first.attempts.as_deref(), first.on_success.as_deref());
    assert_eq!(told, (Some("warehouse"), Some("30 s"), Some("3"), Some("stock.reserved.v1")));
    assert_eq!(saga.ends, ["completed", "compensated", "failed"]);
}

#[test]
fn drawings_of_a_saga_are_as_they_were() {
    insta::assert_snapshot!("states", shown(TABLE, FlowView::States));
    insta::assert_snapshot!("sequence", shown(TABLE, FlowView::Sequence));
}

#[test]
fn a_step_is_called_by_what_it_does() {
    let text = "//- /docs/a.md\n# A\n\n## Booking saga\n\n| Step | Service | Action | Compensation |\n\
        |---|---|---|---|\n\
        | 1 | hotels | Book the room | cancel the room |\n| 2. Flight | flights | Book the seat | cancel the seat |\n";
    let [saga] = sagas(text).try_into().unwrap();
    let does: Vec<&str> = saga.steps.iter().map(|it| it.does.as_str()).collect();
    assert_eq!(does, ["Book the room", "Flight"]);
    assert_eq!(saga.ends, ["completed", "compensated", "failed"], "the first step may fail before anything is done");
}

#[test]
fn what_only_looks_like_a_saga_is_none() {
    for table in [
        // Pay, work of people, failures, and a template.
        "| Title | Company | Compensation |\n|---|---|---|\n| Clerk | A | 10 |\n| Cook | B | 20 |\n",
        "| Step | Action | Rollback |\n|---|---|---|\n| 1 | Deploy | Deploy the last one |\n| 2 | Switch | back |\n",
        "| Scenario | Error | Compensation |\n|---|---|---|\n| No room | 404 | none |\n| No bed | 500 | yes |\n",
        "| Step | Compensation |\n|---|---|\n| [TBD: what?] | [TBD: what?] |\n| [TBD: what?] | [TBD: what?] |\n",
        "| From | To | Port |\n|---|---|---|\n| web | api | 80 |\n| api | db | 90 |\n",
        "1. Send the order\n2. Wait for the answer\n",
    ] {
        assert_eq!(sagas(&format!("//- /docs/a.md\n# A\n\n## Plan\n\n{table}")), [], "{table}");
        let rejected = format!("//- /docs/adrs/0001-a.md\n# A\n\n- **Status**: Rejected\n\n## Order saga\n\n{table}");
        assert_eq!(sagas(&rejected), [], "{table}");
        let aside = format!("//- /docs/features/a/design.md\n# Design: a\n\n## Anti-patterns to avoid\n\n{table}");
        assert_eq!(sagas(&aside), [], "{table}");
    }
}

#[test]
fn a_rollback_of_a_saga_is_a_compensation() {
    let text = "//- /docs/a.md\n# A\n\n## Checkout saga\n\n| Step | Rollback |\n|---|---|\n| Reserve | release |\n\
        | Charge | refund |\n";
    assert_eq!(sagas(text).len(), 1);
}

#[test]
fn lists_say_what_undoes_their_items() {
    let text = "//- /docs/a.md\n# Checkout\n\n## Flow\n\n1. **Reserve stock** (compensation: release it)\n\
        2. Charge the card. Compensated by: a refund.\n3. Book the courier\n   - **Compensation**: cancel the booking\n\
        4. Tell the customer\n\nThen:\n\n1. One\n2. Two\n";
    let [saga] = sagas(text).try_into().unwrap();
    let told: Vec<(&str, &FlowUndo)> = saga.steps.iter().map(|it| (it.does.as_str(), &it.undo)).collect();
    let by = |it: &str| FlowUndo::By(it.to_owned());
    let expected = [
        ("Reserve stock", &by("release it")),
        ("Charge the card", &by("a refund")),
        ("Book the courier", &by("cancel the booking")),
        ("Tell the customer", &FlowUndo::NotStated),
    ];
    assert_eq!(told, expected);
}

fn told(saga: &FlowSaga) -> Vec<String> {
    let name = |it: &Option<String>| it.clone().unwrap_or_else(|| "*".to_owned());
    let line = |it: &super::FlowTransition| {
        format!("{} {} {} {}", name(&it.from), name(&it.to), it.on.as_deref().unwrap_or("-"), it.at.line)
    };
    saga.transitions.iter().map(line).collect()
}

#[test]
fn tables_of_transitions_are_read() {
    let text = "//- /docs/a.md\n# Orders\n\n## Life cycle\n\n| From | To | Driven by |\n|---|---|---|\n\
        | (new) | Placed | `OrderPlaced` |\n| Placed | Paid | `PaymentTaken` |\n\
        | Placed, Paid | Cancelled | the customer |\n| Paid | Sent | |\n";
    let [saga] = sagas(text).try_into().unwrap();
    let lines = [
        "* Placed OrderPlaced 7",
        "Placed Paid PaymentTaken 8",
        "Placed Cancelled the customer 9",
        "Paid Cancelled the customer 9",
        "Paid Sent - 10",
    ];
    assert_eq!(told(&saga), lines);
    assert_eq!(saga.ends, ["Cancelled", "Sent"]);
}

#[test]
fn state_diagrams_are_read() {
    let text = "//- /docs/a.md\n# Orders\n\n## Order states\n\n```mermaid\n%% ours\nstateDiagram-v2\n  direction LR\n  \
        state \"Waits for payment\" as Waiting\n  [*] --> Waiting: OrderPlaced\n  Waiting --> Paid:::good\n  \
        note right of Paid: all --> is well\n  note left of Waiting\n    a --> b\n  end note\n  Paid: Is paid\n  \
        Paid --> [*]\n  Waiting --> Lost : timeout;\n```\n\n```mermaid\nstateDiagram\n  state A {\n    [*] --> B\n  }\n\
        ```\n\n```mermaid\nflowchart LR\n  a --> b\n```\n";
    let flow = asked(text, &GraphRequest::default());
    let [saga] = flow.sagas.as_slice() else { panic!("{:?}", flow.sagas) };
    let lines = [
        "* Waits for payment OrderPlaced 10",
        "Waits for payment Is paid - 11",
        "Is paid * - 17",
        "Waits for payment Lost timeout 18",
    ];
    assert_eq!(told(saga), lines);
    assert_eq!(saga.ends, ["Is paid", "Lost"]);
    assert_eq!(flow.sagas_left_out.len(), 1, "{:?}", flow.sagas_left_out);
    assert!(shown(text, FlowView::States).contains("has states inside of states and is not read"));
}

#[test]
fn definitions_of_workflows_are_read() {
    let text = "//- /orders/order.asl.json\n{\n  \"StartAt\": \"Reserve\",\n  \"States\": {\n    \"Reserve\": {\n      \
        \"Type\": \"Task\",\n      \"Retry\": [{ \"ErrorEquals\": [\"States.Timeout\"], \"MaxAttempts\": 3 }],\n      \
        \"Catch\": [{ \"ErrorEquals\": [\"States.ALL\"], \"Next\": \"Lost\" }],\n      \"Next\": \"Ask\"\n    },\n    \
        \"Ask\": { \"Type\": \"Choice\", \"Choices\": [{ \"Variable\": \"$.paid\", \"Next\": \"Done\" }],\n      \
        \"Default\": \"Release\" },\n    \"Release\": { \"Type\": \"Task\", \"End\": true },\n    \
        \"Done\": { \"Type\": \"Succeed\" },\n    \"Lost\": { \"Type\": \"Fail\" }\n  }\n}\n\
        //- /orders/broken.asl.json\n{ \"StartAt\": \n";
    let flow = asked(text, &GraphRequest::default());
    let [saga] = flow.sagas.as_slice() else { panic!("{:?}", flow.sagas) };
    let lines = [
        "* Reserve - 2",
        "Reserve Reserve States.Timeout, again, at most 3 times 6",
        "Reserve Ask - 8",
        "Reserve Lost States.ALL, caught 7",
        "Ask Done by $.paid 10",
        "Ask Release otherwise 11",
        "Release * - 12",
        "Done * succeed 13",
        "Lost * fail 14",
    ];
    assert_eq!((saga.name.as_str(), told(saga)), ("order", lines.map(str::to_owned).to_vec()));
    assert_eq!(saga.ends, ["Lost", "Done", "Release"]);
    assert_eq!(flow.sagas_left_out, ["orders/broken.asl.json is no definition of a workflow that can be read."]);
}

#[test]
fn a_saga_is_asked_for_by_its_name_its_service_or_its_feature() {
    let text = format!(
        "{TABLE}//- /docs/features/gift/design.md\n# Design: gift\n\n## Gift saga\n\n\
         | Step | Compensation |\n|---|---|\n\
         | Wrap | unwrap |\n| Send | call back |\n"
    );
    let of = |name: &str, kind: Option<FlowKind>| {
        let request = GraphRequest { of: Some(name.to_owned()), kind: kind.map(Choice), ..GraphRequest::default() };
        asked(&text, &request).sagas.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    assert_eq!(of("order saga", None), ["Order saga"]);
    assert_eq!(of("Gift saga", Some(FlowKind::Saga)), ["Gift saga"]);
    assert_eq!(of("gift", None), ["Gift saga"]);
}
