//! Whether a word of a document is a misspelt word of the profile, or a word of another language.

/// Words that every text in a language has and texts in English have not, of languages whose words for a status or a
/// section look like the English ones.
const FOREIGN: [&str; 48] = [
    "aber", "alle", "att", "auf", "che", "como", "com", "con", "dans", "das", "del", "della", "den", "der", "det",
    "ein", "eine", "ett", "het", "ist", "les", "los", "med", "mit", "nicht", "niet", "nous", "não", "och", "para",
    "per", "por", "pour", "que", "qui", "sich", "som", "sont", "sur", "una", "und", "une", "voor", "wir", "worden",
    "für", "är", "über",
];

/// Words that every text in English has.
const ENGLISH: [&str; 16] =
    ["and", "are", "for", "from", "has", "have", "is", "not", "of", "or", "that", "the", "this", "to", "we", "with"];

/// Whether a text is in English, or too short to tell. Names and code are English in other texts too, so only small
/// words decide.
pub(super) fn is_english(text: &str) -> bool {
    let (mut foreign, mut english) = (0_usize, 0_usize);
    for word in text.split(|it: char| !it.is_alphabetic()).filter(|it| it.len() < 8) {
        let word = word.to_lowercase();
        foreign += usize::from(FOREIGN.contains(&word.as_str()));
        english += usize::from(ENGLISH.contains(&word.as_str()));
    }
    foreign <= english
}

/// Whether a word that is near to a name can only be that name misspelt.
///
/// Languages take the same words and give them ends of their own: `Contexte`, `Contexto` and `Kontext` are one letter
/// away from `Context`, and no mistakes. Fingers slip inside of words too, so that nothing is lost when a word whose
/// ends differ is left to people.
pub(super) fn is_misspelt(word: &str, name: &str, document: &str) -> bool {
    let ends = |it: &str| {
        let mut letters = it.chars().filter(|it| it.is_alphanumeric()).map(|it| it.to_ascii_lowercase());
        let first = letters.next();
        (first, letters.next_back())
    };
    word.is_ascii() && ends(word) == ends(name) && is_english(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_other_languages_are_no_slips() {
        for word in ["Contexte", "Contexto", "Kontext", "Contesto", "Contéxt", "Contex"] {
            assert!(!is_misspelt(word, "Context", ""), "{word}");
        }
        for word in ["Contxt", "Conetxt", "Conttext", "contezt"] {
            assert!(is_misspelt(word, "Context", ""), "{word}");
        }
        assert!(!is_misspelt("Consequencies", "Consequences", "Les clients sont dans une file."));
        assert!(is_misspelt("Consequencies", "Consequences", "The clients are in a queue."));
    }
}
