//! What is read of small files.

use super::*;

fn read(text: &str, language: Language) -> Flow {
    flow(text, language).unwrap()
}

fn typescript(text: &str) -> Flow {
    read(&format!("import {{ Kafka }} from \"kafkajs\";\n{text}"), Language::TypeScript)
}

fn python(text: &str) -> Flow {
    read(&format!("from aiokafka import AIOKafkaConsumer\n{text}"), Language::Python)
}

#[test]
fn every_word_and_setting_loads() {
    let words = FlowWords::load().unwrap();
    let lists = [&words.outbox, &words.dead_letters, &words.quiet, &words.waits, &words.keys];
    assert!(lists.iter().all(|it| it.iter().all(|word| *word == word.to_lowercase())));
}

#[test]
fn functions_are_followed_where_they_are_called() {
    let flow = typescript(
        "const run = async () => { await first(); await second(); };\nasync function first() { await save(); }\nclass A { async save() { await db.query(\"INSERT INTO outbox (key) VALUES ($1)\", [order.id]); } }\n",
    );
    let names: Vec<&str> = flow.functions.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["", "run", "first", "save"]);
    let steps: Vec<&str> = flow.steps(1).iter().map(|it| it.name.as_str()).collect();
    assert_eq!(steps, ["first", "save", "query", "second"]);
    assert_eq!(flow.keys.iter().map(|it| (it.by.as_str(), it.value.as_str())).collect::<Vec<_>>(), [("column", "id")]);
}

#[test]
fn functions_that_call_each_other_end() {
    let flow = python("def a():\n    b()\n\ndef b():\n    a()\n");
    assert_eq!(flow.steps(1).len(), 2);
    assert_eq!(flow.reach(1), [1, 2]);
}

#[test]
fn what_nobody_waits_for_is_told_from_what_is_awaited() {
    let flow =
        typescript("async function f() { await a(); b(); void c(); d().catch(log); const e = g(); return h(); }\n");
    let how: Vec<_> = flow.steps(1).iter().map(|it| (it.name.as_str(), it.is_awaited, it.is_detached)).collect();
    for expected in [
        ("a", true, false),
        ("b", false, true),
        ("c", false, true),
        ("d", false, true),
        ("g", false, false),
        ("h", false, false),
    ] {
        assert!(how.contains(&expected), "{expected:?}: {how:?}");
    }
    let flow = python("async def f():\n    asyncio.create_task(a())\n    await b()\n");
    let how: Vec<_> = flow.steps(1).iter().map(|it| (it.name.as_str(), it.is_awaited, it.is_detached)).collect();
    assert!(how.contains(&("a", false, true)) && how.contains(&("b", true, false)), "{how:?}");
}

#[test]
fn loops_that_try_again_are_counted_or_not() {
    let bound = |flow: &Flow| flow.functions.iter().flat_map(|it| &it.loops).map(|it| it.bound).collect::<Vec<_>>();
    let ts = |head: &str, end: &str| {
        bound(&typescript(&format!(
            "async function f() {{ {head} {{ try {{ await g(); return; }} catch (e) {{ {end} log(e); }} }} }}\n"
        )))
    };
    assert_eq!(ts("for (let n = 0; n < 5; n++)", ""), [Bound::Counted]);
    assert_eq!(ts("for (let n = 0; ; n++)", ""), [Bound::None]);
    assert_eq!(ts("for (;;)", ""), [Bound::None]);
    assert_eq!(ts("let n = 0; while (true)", "if (++n > 5) throw e;"), [Bound::Counted]);
    assert_eq!(ts("let n = 0; while (true)", "n = n + 1; if (n === MAX) { break; }"), [Bound::Counted]);
    assert_eq!(ts("while (true)", "if (Date.now() > end) throw e;"), [Bound::Unknown]);
    assert_eq!(ts("while (true)", "if (e instanceof Fatal) throw e;"), [Bound::None]);
    assert_eq!(ts("while (!done)", ""), [Bound::Unknown]);
    // Not tried again: every failure leaves, or there is no handler.
    assert_eq!(
        bound(&typescript("async function f() { while (true) { try { await g(); } catch (e) { throw e; } } }\n")),
        []
    );
    assert_eq!(bound(&python("def f():\n    while True:\n        g()\n")), []);
    let py = |head: &str| {
        bound(&python(&format!(
            "def f():\n    {head}:\n        try:\n            return g()\n        except E:\n            pass\n"
        )))
    };
    assert_eq!(py("for n in range(5)"), [Bound::Counted]);
    assert_eq!(py("for n in itertools.count()"), [Bound::None]);
    assert_eq!(py("for message in consumer"), [Bound::Unknown]);
    assert_eq!(py("while True"), [Bound::None]);
}

#[test]
fn names_of_values_are_the_same_in_any_dress() {
    let keys = |value: &str| {
        let flow = read(
            &format!(
                "from kafka import KafkaProducer\ndef f(producer: KafkaProducer, order):\n    producer.send(\"a.b\", key={value}, value=1)\n"
            ),
            Language::Python,
        );
        flow.keys.first().map(|it| it.value.to_string())
    };
    for value in [
        "order.order_id",
        "order[\"order_id\"]",
        "order.orderId.encode()",
        "str(order.order_id)",
        "order.order_id.encode(\"utf-8\")",
        "str(order[\"order_id\"]).encode()",
    ] {
        assert_eq!(keys(value).as_deref(), Some("order_id"), "{value}");
    }
    assert_eq!(keys("None").as_deref(), Some(""));
    assert_eq!(keys("f\"{order.a}-{order.b}\"").as_deref(), Some("?"));
}

#[test]
fn settings_are_good_bad_or_unknown() {
    let effect = |value: &str| {
        let flow = python(&format!("consumer = AIOKafkaConsumer(\"a.b\", enable_auto_commit={value})\n"));
        flow.settings.first().map(|it| it.effect)
    };
    assert_eq!(effect("False"), Some(Effect::Good));
    assert_eq!(effect("True"), Some(Effect::Bad));
    assert_eq!(effect("settings.commit(1)"), Some(Effect::Unknown));
    let flow = typescript("const ACKS = 0;\nproducer.send({ topic: \"a.b\", acks: ACKS, messages: [] });\n");
    assert_eq!(flow.settings.first().map(|it| it.effect), Some(Effect::Bad));
}

#[test]
fn long_files_are_read_in_time() {
    let one = "async function fN(m) { for (let n = 0; ; n++) { try { await fM(m.order_id); return; } catch (e) { log({ a: 1, b: m.b }); } } }\n";
    let text: String =
        (0..1_000).map(|it| one.replace('N', &it.to_string()).replace('M', &(it + 1).to_string())).collect();
    let start = std::time::Instant::now();
    let flow = typescript(&text);
    assert_eq!(flow.functions.len(), 1_001);
    (0..flow.functions.len()).for_each(|it| assert!(flow.steps(it).len() <= MAX_STEPS));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
