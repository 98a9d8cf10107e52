//! What the reader of blocks accepts, it reads as the parser does.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*, sample::select};

use super::super::parse_whole;
use super::read;

/// Everything about the tree of a text: as the reader of blocks has it, if it accepts the text, and as the parser has
/// it.
fn both(text: &str) -> (Option<String>, String) {
    let text: Arc<str> = text.into();
    let quick = read(&text).map(|it| it.finish(text.len()));
    if let Some(tree) = &quick {
        assert_eq!(tree.verify(), Ok(()), "{text:?}");
    }
    (quick.map(|it| format!("{it:?}")), format!("{:?}", parse_whole(&text)))
}

#[track_caller]
fn accepts(text: &str) {
    let (quick, whole) = both(text);
    assert_eq!(quick.as_deref(), Some(whole.as_str()), "{text}");
}

#[test]
fn documents_as_most_are_written_are_accepted() {
    accepts("a: 1\nb:\n  c: two words # a comment\n  d: 'it''s'\n  \"e\\n\": \"\\u00e9\\\"x\"\n\n# end\n");
    accepts("---\r\na:\r\n- 1\r\n-\r\n- b: c\r\n  d: e\r\n- - x\r\n  - y\r\nz:\r\n");
    accepts("- [a, {b: c, d: 'e]'}]\n- {}\n- [it's, \"x\"]\n-   - deep\n    - ~\n- last");
    accepts(
        "text: |\n  one\n   two\n\n  three\n\n\nfolded: >-\n    a\n    b\nkept: |+\n  x\n\nlist:\n  - |\n    y\n  - z\n\
        end: |\n  no line break",
    );
    accepts(
        "long: words that\n  go on\n\n  and on\nquoted: \"over\n  two lines\"\nflow: [a,\n  b]\nurl: http://x:80/#y\n\
        q: a:b\n",
    );
    accepts("é: ü # ß\n'😀': [é, \"😀\"]\nb: |\n  ä\nc: d\n");
    accepts("a: {{ x }}\n".replace("{{ x }}", "{x: y}").as_str());
    accepts("k : v\na#b: c\n-x: -y\n? : 1\n".replace("? : 1\n", "").as_str());
}

#[test]
fn what_is_rare_or_wrong_is_left_to_the_parser() {
    let texts = [
        "",
        "word",
        "\"a\"",
        "a: &x 1",
        "a: *x",
        "a: !t 1",
        "? a\n: b",
        "a: b: c",
        "a: - b",
        "a:\tb",
        "a: 1\n b: 2",
        "a: 1\n---\nb: 2",
        "a: 1\n...",
        "%YAML 1.2\n---\na: 1",
        "a: |2\n   x",
        "a: [1, 2",
        "a: [1] 2",
        "a: 'x' y",
        "a: {{ t }}",
        "a: \"x",
        "- a\nb: c",
        "a: x\n  b: c",
        "a\nb: c",
        "a: 1\r b: 2",
        "a: [*x]",
        "a: @x",
        "a: 1\u{85}b: 2",
    ];
    for text in texts {
        assert!(read(&text.into()).is_none(), "{text:?}");
    }
}

/// Every YAML file of a corpus, and most of them are accepted.
#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn files_of_a_corpus_are_read_as_the_parser_reads_them() {
    let mut folders = vec![std::path::PathBuf::from(
        std::env::var_os("ARCHWRIGHT_CORPUS").expect("set ARCHWRIGHT_CORPUS to a folder"),
    )];
    let (mut files, mut accepted) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml")
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                let (quick, whole) = both(&text);
                files += 1;
                accepted += usize::from(quick.is_some());
                assert!(quick.is_none_or(|it| it == whole), "{} is read in two ways", path.display());
            }
        }
    }
    assert!(files > 100 && accepted * 10 > files * 7, "{accepted} of {files} files were accepted");
}

const LINES: &[&str] = &[
    "a: 1",
    "b:",
    "key: two words",
    "k: v # c",
    "k:  # c",
    "#c",
    "# a: b",
    "",
    "",
    "- x",
    "-",
    "- ",
    "- - y",
    "-   z: 1",
    "- k: v",
    "- k:",
    "- |",
    "- >-",
    "- 'a': b",
    "- # c",
    "t: |",
    "t: |-",
    "t: >",
    "t: >+ # c",
    "t: |1",
    "words",
    "more words # c",
    "it's",
    "'q': \"x\"",
    "\"a\\tb\": 'c''d'",
    "'q' : x",
    "q: 'open",
    "q: \"open \\",
    "shut\"",
    "shut'",
    "f: [1, {b: c}, 'd]']",
    "f: {a: , b}",
    "f: [a: b]",
    "f: [a, b.c , d_1,e]",
    "f: [a,]",
    "f: [a, , b]",
    "f: [1, true, null, ~]",
    "- [a b, c]",
    "f: [ a , b ]",
    "f: [",
    "f: {a: \"b",
    "]",
    "}",
    "x, y]",
    "f: [a, # c",
    "f: []",
    "[a]: b",
    "[x, y]",
    "{}",
    "a:b: c",
    "u: http://x:80/#f",
    "x: - y",
    "x: y: z",
    "? x",
    ": y",
    "-x",
    "-x: y",
    "?x: :y",
    "::",
    "a::",
    "~: null",
    "<<: 1",
    "é: ü",
    "😀: [é, 😀]",
    "k: *a",
    "k: &a x",
    "k: !!str 1",
    "---",
    "--- x",
    "---x: y",
    "...",
    "k: %x",
    "k: `x`",
    "k: {{ x }}",
    "{{ x }}: y",
    "tab:\tx",
    "trail: x  ",
    "a: 1\r",
    "k: \\x",
    "k: \"\\x41\\q\"",
    "k: ''",
    "k: \"\"",
    "k: '  x  '",
    "k: x'y",
    "k: x\"y\" z",
    "k: x [y] {z}",
    "k: -",
    "k: ?",
    "k: --- x",
    "k: a,b",
    "k: ,a",
    "k: # not # a # value",
    "k: x#y",
    "k:#x",
    "- -",
    "- - - deep: x",
    "\u{a0}: x",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 4_000 } else { 400_000 }))]

    #[test]
    fn what_is_accepted_is_read_as_the_parser_reads_it(
        lines in vec((0_usize..7, select(LINES)), 1..9), end in select(&["\n", "", "\n\n", "\r\n", " "][..])
    ) {
        let lines: Vec<String> = lines.iter().map(|(indent, line)| " ".repeat(*indent) + line).collect();
        let text = lines.join("\n") + end;
        let (quick, whole) = both(&text);
        if let Some(quick) = quick {
            prop_assert!(quick == whole, "{text:?} is read in two ways");
        }
    }

    #[test]
    fn what_is_accepted_of_a_damaged_document_is_read_as_the_parser_reads_it(
        at in 0_usize..400,
        junk in select(LINES),
        cut in 0_usize..4,
    ) {
        let document = "a:\n  b: |\n    text\n\n    more\n  c:\n  - d: 'e'\n    f: [1, 2]\n  -\n    g: h\ni: j\n  k\n\
            l:\n\n  # m\n  n: \"o\\np\"\n  q:\n    r: >-\n      s\n      t\nu: {v: w,\n  x: y}\nz: 1 # end\n";
        let at = at % document.len();
        let text = format!("{}{junk}{}", &document[..at], &document[(at + cut).min(document.len())..]);
        let (quick, whole) = both(&text);
        if let Some(quick) = quick {
            prop_assert!(quick == whole, "{text:?} is read in two ways");
        }
    }
}
