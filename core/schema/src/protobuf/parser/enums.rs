//! Enums, and the numbers and names that they and messages set apart.

use super::{
    super::{
        cursor::{Parser, Read},
        lexer::Kind,
        tree::{Enum, ExtensionOptions, Message, Placed, Range, Syntax, Value, Visibility},
    },
    MAX,
};

impl Parser<'_> {
    pub(super) fn enumeration(&mut self, start: usize, visibility: Visibility) -> Read<Enum> {
        self.declare()?;
        self.bump();
        let (name, name_span) = self.name("the name of an enum")?;
        let mut res = Enum { name, name_span, visibility, ..Enum::default() };
        self.body(|it| match it.text_ahead(0) {
            "option" => it.option(&mut res.options),
            "reserved" => it.reserved(&mut res.reserved, &mut res.reserved_names, true),
            _ => {
                let (name, name_span) = it.name("the name of a value")?;
                it.expect(b'=')?;
                let number = it.integer(true)?;
                let mut options = Vec::new();
                it.brackets(&mut options)?;
                it.expect(b';')?;
                res.values.push(Value { name, name_span, number: number.it, number_span: number.span, options });
                Ok(())
            }
        })?;
        res.span = self.since(start);
        Ok(res)
    }

    /// Numbers and names; some registries take both in one statement, and names in quotes or without in any syntax.
    pub(super) fn reserved(
        &mut self,
        ranges: &mut Vec<Placed<Range>>,
        names: &mut Vec<Placed<String>>,
        is_enum: bool,
    ) -> Read<()> {
        self.bump();
        let is_name = |it: Kind| matches!(it, Kind::Quoted | Kind::Word);
        let (of_names, mut is_mixed) = (is_name(self.ahead(0).kind), false);
        loop {
            let kind = self.ahead(0).kind;
            if of_names != is_name(kind) && !is_mixed {
                is_mixed = true;
                self.forbid(self.ahead(0).span, "Numbers and names are reserved in statements of their own.");
            }
            match kind {
                Kind::Integer | Kind::Sign(b'-') => ranges.push(self.range(is_enum, is_enum)?),
                Kind::Quoted => {
                    let start = self.start();
                    let it = String::from_utf8_lossy(&self.quoted()?).into_owned();
                    let span = self.since(start);
                    if matches!(self.syntax, Syntax::Edition(_)) {
                        self.forbid(span, format!("In the editions reserved names have no quotes; write `{it}`."));
                    }
                    names.push(Placed { it, span });
                }
                _ => {
                    let (it, span) = self.name("a number or a name to reserve")?;
                    if !matches!(self.syntax, Syntax::Edition(_)) {
                        self.forbid(span, format!("Reserved names are quoted before the editions; write `\"{it}\"`."));
                    }
                    names.push(Placed { it, span });
                }
            }
            if !self.eat(b',') {
                return self.expect(b';');
            }
        }
    }

    pub(super) fn extensions(&mut self, message: &mut Message) -> Read<()> {
        self.bump();
        let first = message.extension_ranges.len();
        loop {
            let range = self.range(false, false)?;
            message.extension_ranges.push(range);
            if !self.eat(b',') {
                break;
            }
        }
        let mut options = Vec::new();
        self.brackets(&mut options)?;
        if !options.is_empty() {
            let ranges = first..message.extension_ranges.len();
            message.extension_options.push(ExtensionOptions { ranges, options });
        }
        self.expect(b';')
    }

    /// Numbers of an enum have signs, and their largest is `max` and may be written, too.
    fn range(&mut self, signed: bool, is_enum: bool) -> Read<Placed<Range>> {
        let start = self.start();
        let first = self.bound(signed, is_enum)?;
        let mut last = first;
        if self.is_word(0, "to") {
            self.bump();
            last = if self.is_word(0, "max") {
                self.bump();
                if is_enum { i64::from(i32::MAX) } else { MAX }
            } else {
                self.bound(signed, is_enum)?
            };
        }
        Ok(Placed { it: Range { first, last }, span: self.since(start) })
    }

    fn bound(&mut self, signed: bool, is_enum: bool) -> Read<i64> {
        let number = self.integer(signed)?;
        if !is_enum && number.it == i64::from(i32::MAX) {
            self.forbid(number.span, "This number is out of bounds; write `max` for the largest one.");
        }
        // A number that is too large must not be taken for `max`.
        Ok(number.it.min(MAX - 1))
    }
}
