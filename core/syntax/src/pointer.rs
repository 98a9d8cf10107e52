//! JSON Pointers (RFC 6901), plain and as fragments of references.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A key as a token of a pointer: `~` is `~0` and `/` is `~1` (section 3).
pub fn escape(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) { key.replace('~', "~0").replace('/', "~1").into() } else { key.into() }
}

/// A token of a pointer as the key that it stands for.
pub fn unescape(token: &str) -> Cow<'_, str> {
    if token.as_bytes().contains(&b'~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}

/// The keys on the way that a pointer describes, from the root on. What stands before the first `/` is none.
pub fn keys(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

/// The pointer that a fragment stands for, without its percent signs (section 6); few have any. `None` if the bytes are
/// no text.
pub fn of_fragment(fragment: &str) -> Option<Cow<'_, str>> {
    if fragment.contains('%') { percent_decode_str(fragment).decode_utf8().ok() } else { Some(fragment.into()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_are_unescaped_in_the_right_order() {
        assert_eq!(keys("/a~1b/~01/").collect::<Vec<_>>(), ["a/b", "~1", ""]);
        assert_eq!(keys("").count(), 0);
    }

    #[test]
    fn fragments_lose_their_percent_signs() {
        assert_eq!(of_fragment("/a%7E1b%20c").as_deref(), Some("/a~1b c"));
        assert_eq!(of_fragment("/größe").as_deref(), Some("/größe"));
        assert_eq!(of_fragment("/%FF"), None);
    }

    proptest! {
        #[test]
        fn a_token_stands_for_its_key(key in "[a~/01%é]{0,8}") {
            let token = escape(&key);
            prop_assert_eq!(unescape(&token), key.as_str());
            prop_assert!(!escape(&key).contains('/'));
        }
    }
}
