//! The words of a field's name, however it is written.

/// The words of `orderId`, `order_id` or `OrderID`, in lower case.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut after_lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || after_lower && letter.is_uppercase() {
            words.push(String::new());
        }
        after_lower = letter.is_lowercase() || letter.is_numeric();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|it| !it.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_fall_into_words() {
        for name in ["orderLineId", "order_line_id", "OrderLineID", "order-line-id"] {
            assert_eq!(words(name), ["order", "line", "id"], "{name}");
        }
        assert!(words("__").is_empty());
        assert_eq!(words("sha256Hash"), ["sha256", "hash"]);
    }
}
