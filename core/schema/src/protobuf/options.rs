//! Reads options: statements, the ones in brackets, and values with parts.

use super::cursor::{Parser, Read};
use super::lexer::{self, Kind};
use super::tree::{Constant, NamePart, Opt, Part, PartName, Placed};

impl Parser<'_> {
    /// `option name = value;`
    pub(super) fn option(&mut self, out: &mut Vec<Opt>) -> Read<()> {
        let start = self.start();
        self.bump();
        let mut option = self.assignment()?;
        self.expect(b';')?;
        option.span = self.since(start);
        out.push(option);
        Ok(())
    }

    /// `[name = value, …]`, if it is there.
    pub(super) fn brackets(&mut self, out: &mut Vec<Opt>) -> Read<()> {
        if !self.eat(b'[') {
            return Ok(());
        }
        loop {
            out.push(self.assignment()?);
            if !self.eat(b',') {
                return self.expect(b']');
            }
        }
    }

    fn assignment(&mut self) -> Read<Opt> {
        let start = self.start();
        let name = self.option_name()?;
        let name_span = self.since(start);
        self.expect(b'=')?;
        let value_start = self.start();
        // protoc does not mind a sign in front of a brace.
        if self.is_sign(1, b'{') {
            self.eat(b'-');
        }
        let value = if self.is_sign(0, b'{') { self.parts(b'}')? } else { self.constant(false)? };
        let of_part = |it: &NamePart| {
            let plain = it.text.strip_prefix('.').unwrap_or(&it.text);
            if it.extension { format!("({plain})") } else { plain.to_owned() }
        };
        let path = name.iter().map(of_part).collect::<Vec<_>>().join(".");
        let (span, value_span) = (self.since(start), self.since(value_start));
        Ok(Opt { path, name, name_span, span, value, value_span })
    }

    fn option_name(&mut self) -> Read<Vec<NamePart>> {
        let mut name = Vec::new();
        loop {
            let extension = self.eat(b'(');
            let text = if extension {
                let text = self.dotted("the name of an option")?.it;
                self.expect(b')')?;
                text
            } else {
                self.name("the name of an option")?.0
            };
            name.push(NamePart { text, extension });
            if !self.eat(b'.') {
                return Ok(name);
            }
        }
    }

    /// A single value. In braces infinity has a second name.
    fn constant(&mut self, in_braces: bool) -> Read<Constant> {
        let negative = self.eat(b'-');
        let text = self.text_ahead(0);
        let value = match self.ahead(0).kind {
            Kind::Quoted if !negative => return self.quoted().map(Constant::Text),
            Kind::Word if negative => match text {
                "inf" => Constant::Float(f64::NEG_INFINITY),
                "infinity" if in_braces => Constant::Float(f64::NEG_INFINITY),
                "nan" => Constant::Float(f64::NAN),
                _ => return Err(self.unexpected("a number")),
            },
            Kind::Word => Constant::Word(text.to_owned()),
            Kind::Integer => match lexer::integer(text) {
                Some(value) => Constant::Integer(if negative { -value } else { value }),
                // Whole numbers too large for 64 bits are read as fractions are.
                None => Constant::Float(float(text, negative)),
            },
            Kind::Float => Constant::Float(float(text, negative)),
            _ => return Err(self.unexpected("a value")),
        };
        self.bump();
        Ok(value)
    }

    /// A value with parts, in the text format of Protobuf.
    fn parts(&mut self, close: u8) -> Read<Constant> {
        self.bump();
        self.deeper(|it| {
            let mut parts = Vec::new();
            while !it.eat(close) {
                parts.push(it.part()?);
                if !it.eat(b',') {
                    it.eat(b';');
                }
            }
            Ok(Constant::Parts(parts))
        })
    }

    fn part(&mut self) -> Read<Part> {
        let start = self.start();
        let name = self.part_name()?;
        let name_span = self.since(start);
        let colon = self.eat(b':');
        let value_start = self.start();
        let value = self.part_value(colon)?;
        let (span, value_span) = (self.since(start), self.since(value_start));
        Ok(Part { name, name_span, span, colon, value, value_span })
    }

    fn part_name(&mut self) -> Read<PartName> {
        if !self.eat(b'[') {
            return Ok(PartName::Field(self.name("the name of a part")?.0));
        }
        let mut name = self.dotted("the name of an extension")?.it;
        let mut address = String::new();
        while self.eat(b'/') {
            if !address.is_empty() {
                address.push('/');
            }
            address.push_str(&name);
            name = self.dotted("the name of a message")?.it;
        }
        self.expect(b']')?;
        let name = name.strip_prefix('.').map(str::to_owned).unwrap_or(name);
        Ok(if address.is_empty() { PartName::Extension(name) } else { PartName::Any { address, message: name } })
    }

    fn part_value(&mut self, colon: bool) -> Read<Constant> {
        match self.ahead(0).kind {
            Kind::Sign(b'{') => self.parts(b'}'),
            Kind::Sign(b'<') => self.parts(b'>'),
            Kind::Sign(b'[') => self.deeper(|it| {
                it.bump();
                let mut items = Vec::new();
                if it.eat(b']') {
                    return Ok(Constant::List(items));
                }
                loop {
                    let start = it.start();
                    let value = it.part_value(colon)?;
                    items.push(Placed { it: value, span: it.since(start) });
                    if !it.eat(b',') {
                        it.expect(b']')?;
                        return Ok(Constant::List(items));
                    }
                }
            }),
            _ if colon => self.constant(true),
            _ => Err(self.unexpected("`:`")),
        }
    }
}

fn float(text: &str, negative: bool) -> f64 {
    let value: f64 = text.trim_end_matches(['f', 'F']).parse().unwrap_or_default();
    if negative { -value } else { value }
}
