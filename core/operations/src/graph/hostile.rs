//! Names that are made to break drawings, and drawings that keep their form all the same.

use archwright_model::RelPath;
use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    EventFlow, FlowArrow, FlowChannel, FlowFact, FlowPlace, FlowRelation, FlowSaga, FlowService, FlowSource, FlowStep,
    FlowTransition, FlowUndo, FlowView, label::Notation,
};

/// What the languages read themselves, and what their readers are known to trip over.
const PIECES: [&str; 40] = [
    "\"",
    "'",
    "`",
    "\\",
    "#",
    ";",
    ":",
    "%%",
    "%%{init: {}}%%",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "&",
    "|",
    "\n",
    "\r",
    "\u{2028}",
    "\u{202e}",
    "\u{0}",
    "\u{fffe}",
    "end",
    " end ",
    "-->",
    "->>",
    "$$x$$",
    "style a:",
    "classDef a:",
    "wrap:",
    "</text><script>",
    "]]>",
    "<!--",
    "<br/>",
    "&amp;",
    "#35;",
    "日本",
];

fn name() -> impl Strategy<Value = String> {
    let sign =
        prop_oneof![3 => select(PIECES.as_slice()).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    vec(sign, 0..6).prop_map(|it| it.concat())
}

/// A flow in which each thing has a name of its own, and begins with its number so that its place is the same.
fn flow(names: &[String], view: FlowView) -> EventFlow {
    let name = |at: usize| format!("n{at:02}{}", names[at]);
    let at = |line: u32| FlowPlace { what: "contract", file: RelPath::new("a.md"), line };
    let fact = |number: usize| vec![FlowFact { value: name(number), at: at(1) }];
    let step = |does: usize, undo: FlowUndo| FlowStep {
        does: name(does),
        by: Some(name(does + 1)),
        undo,
        timeout: Some(name(13)),
        attempts: Some(name(14)),
        on_success: Some(name(15)),
        at: at(3),
        ..FlowStep::default()
    };
    let arrow = |relation, service: usize| FlowArrow {
        channel: name(2),
        relation,
        service: name(service),
        source: FlowSource::Both,
        at: vec![at(2)],
    };
    EventFlow {
        services: vec![
            FlowService { name: name(0), ..FlowService::default() },
            FlowService { name: name(1), retries: fact(7), ..FlowService::default() },
        ],
        channels: vec![
            FlowChannel {
                name: name(2),
                messages: fact(4),
                dead_letters: fact(3),
                attempts: fact(5),
                ..FlowChannel::default()
            },
            FlowChannel { name: name(3), is_dead_letters: true, ..FlowChannel::default() },
        ],
        arrows: vec![arrow(FlowRelation::Sends, 0), arrow(FlowRelation::Receives, 1)],
        sagas: vec![
            FlowSaga {
                name: name(8),
                at: at(4),
                steps: vec![
                    step(9, FlowUndo::By(name(6))),
                    step(11, FlowUndo::Nothing),
                    step(9, FlowUndo::By(name(6))),
                ],
                ..FlowSaga::default()
            },
            FlowSaga {
                name: name(16),
                at: at(5),
                transitions: vec![
                    FlowTransition { from: None, to: Some(name(17)), on: Some(name(18)), at: at(6) },
                    FlowTransition { from: Some(name(17)), to: Some(name(19)), on: None, at: at(7) },
                ],
                ..FlowSaga::default()
            },
        ],
        view,
        ..EventFlow::default()
    }
}

const COUNT: usize = 20;

/// The plain drawing with hostile names put in as labels.
fn expected(plain: &str, names: &[String], notation: Notation) -> String {
    let mut text = plain.to_owned();
    for (at, hostile) in names.iter().enumerate() {
        text = text.replace(&format!("n{at:02}x"), &notation.label(&format!("n{at:02}{hostile}")));
    }
    text
}

/// What ends a label in a notation.
fn ends(notation: Notation, label: &str) -> bool {
    let line_ends = ['\n', '\r', '\u{2028}', '\u{2029}'];
    let bare: String = match notation {
        Notation::Svg => return label.contains(['<', '>', '"']) || label.contains(line_ends),
        Notation::Dot => {
            let without = label.replace("\\\\", "").replace("\\\"", "");
            return without.contains(['"', '\\']) || label.contains(line_ends);
        }
        _ => {
            // Numbers of signs are what Mermaid takes for labels itself.
            let mut parts = label.split('#');
            let first = parts.next().unwrap_or_default().to_owned();
            let rest =
                parts.map(|it| it.split_once(';').filter(|it| it.0.bytes().all(|it| it.is_ascii_digit())).unwrap().1);
            first + &rest.collect::<String>()
        }
    };
    let read: &[char] = match notation {
        Notation::MermaidLine => &[';'],
        Notation::MermaidState => &[';', ':'],
        _ => &[],
    };
    bare.contains(['"', '`', '<', '>', '&', '{', '}', '[', ']', '|', '\\', '%', '$'])
        || bare.contains(read)
        || bare.contains(line_ends)
}

/// What each line of a sequence begins with.
fn heads(drawn: &str) -> Vec<String> {
    let head = |it: &str| it.split_whitespace().next()?.split(':').next().map(str::to_owned);
    drawn.lines().filter_map(head).collect()
}

/// The elements of a drawing in SVG.
fn elements(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    elements.map(|it| it.tag_name().name().to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn labels_end_nothing(name in name()) {
        for notation in
            [Notation::Mermaid, Notation::MermaidLine, Notation::MermaidState, Notation::Dot, Notation::Svg]
        {
            let label = notation.label(&name);
            prop_assert!(!ends(notation, &label), "{notation:?} {label}");
            prop_assert!(!label.trim().is_empty());
        }
        let line = Notation::MermaidLine.label(&name);
        prop_assert!(!line.starts_with("wrap:") && !line.starts_with("nowrap:"), "{line}");
    }

    #[test]
    fn drawings_keep_their_form(names in vec(name(), COUNT)) {
        let plain = vec!["x".to_owned(); COUNT];
        for (view, notation) in [
            (FlowView::Mermaid, Notation::Mermaid),
            (FlowView::Dot, Notation::Dot),
            (FlowView::Sequence, Notation::MermaidLine),
        ] {
            let drawn = flow(&names, view).show(usize::MAX);
            // Several names stand in one label of a sequence, which is made of all of them.
            let drawn_plain = flow(&plain, view).show(usize::MAX);
            if view == FlowView::Sequence {
                prop_assert_eq!(heads(&drawn), heads(&drawn_plain));
            } else {
                prop_assert_eq!(drawn, expected(&drawn_plain, &names, notation));
            }
        }
        let states = flow(&names, FlowView::States).show(usize::MAX);
        prop_assert_eq!(states.lines().count(), flow(&plain, FlowView::States).show(usize::MAX).lines().count());
        for line in states.lines() {
            let quotes = line.matches('"').count();
            prop_assert!(quotes == 0 || quotes == 2, "{}", line);
        }
        let svg = flow(&names, FlowView::Svg).show(usize::MAX);
        prop_assert_eq!(elements(&svg), elements(&flow(&plain, FlowView::Svg).show(usize::MAX)));
    }
}
