//! Each word that makes a rule speak, planted where it is wrong and, in the same place, where it is right.

use archwright_knowledge::claim_words;
use smol_str::SmolStr;

use crate::{
    Bench,
    seeds::{Place, Seed, seeds, without},
};

/// What share of the planted words is caught by exactly the rule that is meant, in per mille.
const CAUGHT: usize = 980;

/// One in so many words is planted in a form.
const TURNS: usize = 4;

/// A sentence that says nothing wrong, made of one that does.
struct Form {
    name: &'static str,
    make: fn(&str) -> String,
}

const FORMS: &[Form] = &[
    Form { name: "quoted", make: |it| format!("nobody calls it “{it}”") },
    Form { name: "in straight quotes", make: |it| format!("the flag \"{it}\" is off") },
    Form { name: "in code", make: |it| format!("the flag `{it}` is off") },
    Form { name: "denied", make: |it| format!("never so: {it}") },
    Form { name: "rejected", make: |it| format!("rejected: {it}") },
    Form { name: "told of the past", make: |it| format!("formerly {it}") },
    Form { name: "avoided", make: |it| format!("we avoid this: {it}") },
    Form { name: "struck", make: |it| format!("~~{it}~~") },
    Form { name: "asked", make: |it| format!("{}?", it.trim_end_matches('.')) },
    Form { name: "a template", make: |it| format!("[TBD: {it}]") },
];

impl Seed {
    /// The clean text without what would excuse the fault.
    fn prepared(&self, bench: &mut Bench) -> String {
        bench.restore();
        without(&bench.text(self.file), self.without)
    }

    /// Each sentence that is wrong.
    fn sentences(&self) -> Vec<(&'static str, String)> {
        let words = claim_words(self.words).list().iter().map(SmolStr::as_str).filter(|it| !self.but.contains(it));
        words.map(|it| (it, self.sentence.replace("{}", it))).collect()
    }
}

#[test]
fn each_word_is_caught_by_the_rule_that_is_meant() {
    let mut bench = Bench::open("shop");
    let (mut planted, mut caught, mut wrong) = (0, 0, Vec::new());
    for seed in seeds() {
        let clean = seed.prepared(&mut bench);
        for (word, sentence) in seed.sentences() {
            let found = bench.new_rules(seed.file, &clean, &seed.place.plant(&clean, &sentence));
            planted += 1;
            if found.iter().eq([&seed.rule]) {
                caught += 1;
            } else {
                wrong.push(format!("{} ({}: {word}): {found:?}: {sentence}", seed.rule, seed.words));
            }
        }
    }
    println!("{caught} of {planted} planted words are caught by exactly the rule that is meant: {wrong:#?}");
    assert!(planted > 400, "only {planted} words were planted");
    assert!(caught * 1000 >= planted * CAUGHT, "{caught} of {planted}: {wrong:#?}");
}

#[test]
fn no_word_is_caught_where_it_is_right() {
    let mut bench = Bench::open("shop");
    let mut spoken = Vec::new();
    for seed in seeds() {
        let clean = seed.prepared(&mut bench);
        let is_answer = ["unneeded", "hollow", "hollow-by", "hollow-end", "vague", "anybody"].contains(&seed.words);
        for (number, form) in FORMS.iter().enumerate() {
            // What answers a field is its answer, in quotes or not; a denial of a denial and of a measure is none.
            if is_answer && !["struck", "a template"].contains(&form.name) {
                continue;
            }
            let is_listed = !matches!(seed.place, Place::Value(_)) && form.name != "a template";
            let sentences: Vec<(&str, String)> =
                seed.sentences().into_iter().map(|(word, it)| (word, (form.make)(&it))).collect();
            let separator = if matches!(seed.place, Place::Paragraph(_)) { "\n\n" } else { "\n- " };
            let together = sentences.iter().map(|it| it.1.as_str()).collect::<Vec<_>>().join(separator);
            // The forms take turns where each word needs a document of its own.
            let turn = |at: usize| (at + number).is_multiple_of(TURNS) || sentences.len() <= TURNS;
            let texts: Vec<(&str, &str)> = if is_listed {
                vec![("all", &together)]
            } else {
                let own = sentences.iter().enumerate().filter(|it| turn(it.0));
                own.map(|(_, it)| (it.0, it.1.as_str())).collect()
            };
            for (word, sentence) in texts {
                let found = bench.new_rules(seed.file, &clean, &seed.place.plant(&clean, sentence));
                if found.contains(seed.rule) {
                    spoken.push(format!(
                        "{} ({}: {word}) speaks of what is {}: {sentence}",
                        seed.rule, seed.words, form.name
                    ));
                }
            }
        }
    }
    assert!(spoken.is_empty(), "{spoken:#?}");
}
