//! Reads options: statements, the ones in brackets, and values with parts.

use super::cursor::{Parser, Problem};
use super::lexer::{self, Kind};
use super::tree::{Constant, Opt};

impl Parser<'_> {
    /// `option name = value;`
    pub(super) fn option(&mut self, out: &mut Vec<Opt>) -> Result<(), Problem> {
        let start = self.start();
        self.bump();
        let index = out.len();
        self.assignment(out)?;
        self.expect(b';')?;
        let span = self.since(start);
        if let Some(first) = out.get_mut(index) {
            first.span = span;
        }
        Ok(())
    }

    /// `[name = value, …]`, if it is there.
    pub(super) fn brackets(&mut self, out: &mut Vec<Opt>) -> Result<(), Problem> {
        if !self.eat(b'[') || self.eat(b']') {
            return Ok(());
        }
        loop {
            self.assignment(out)?;
            if !self.eat(b',') {
                return self.expect(b']');
            }
        }
    }

    /// Adds the option itself and then the parts of its value.
    fn assignment(&mut self, out: &mut Vec<Opt>) -> Result<(), Problem> {
        let start = self.start();
        let path = self.option_name()?;
        self.expect(b'=')?;
        let index = out.len();
        out.push(Opt { path: path.clone(), span: self.since(start), value: None });
        let value = if self.is_sign(0, b'{') {
            self.parts(&path, b'}', out)?;
            None
        } else {
            Some(self.constant()?)
        };
        let span = self.since(start);
        if let Some(opt) = out.get_mut(index) {
            opt.span = span;
            opt.value = value;
        }
        Ok(())
    }

    fn option_name(&mut self) -> Result<String, Problem> {
        let mut path = String::new();
        loop {
            if self.eat(b'(') {
                let name = self.dotted("the name of an option")?.0;
                self.expect(b')')?;
                path.push_str(&extension(&name));
            } else {
                path.push_str(&self.word("the name of an option")?.0);
            }
            if !self.eat(b'.') {
                return Ok(path);
            }
            path.push('.');
        }
    }

    fn constant(&mut self) -> Result<Constant, Problem> {
        let negative = self.eat(b'-');
        if !negative {
            self.eat(b'+');
        }
        let text = self.text_ahead(0);
        let value = match self.ahead(0).kind {
            Kind::Quoted if !negative => return self.quoted().map(Constant::Text),
            Kind::Word if negative => match text {
                "inf" | "infinity" => Constant::Float(f64::NEG_INFINITY),
                "nan" => Constant::Float(f64::NAN),
                _ => return Err(self.unexpected("a number")),
            },
            Kind::Word => return self.dotted("a value").map(|it| Constant::Word(it.0)),
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
    fn parts(&mut self, path: &str, close: u8, out: &mut Vec<Opt>) -> Result<(), Problem> {
        self.bump();
        self.deeper(|it| {
            while !it.eat(close) {
                if !(it.eat(b',') || it.eat(b';')) {
                    it.part(path, out)?;
                }
            }
            Ok(())
        })
    }

    fn part(&mut self, path: &str, out: &mut Vec<Opt>) -> Result<(), Problem> {
        let start = self.start();
        let name = if self.eat(b'[') {
            let mut name = self.dotted("the name of an extension")?.0;
            while self.eat(b'/') {
                name.push('/');
                name.push_str(&self.dotted("the name of a message")?.0);
            }
            self.expect(b']')?;
            extension(&name)
        } else {
            self.word("the name of a part")?.0
        };
        let path = format!("{path}.{name}");
        let index = out.len();
        out.push(Opt { path: path.clone(), span: self.since(start), value: None });
        let colon = self.eat(b':');
        let value = self.part_value(&path, colon, out)?;
        let span = self.since(start);
        if let Some(opt) = out.get_mut(index) {
            opt.span = span;
            opt.value = value;
        }
        Ok(())
    }

    fn part_value(&mut self, path: &str, colon: bool, out: &mut Vec<Opt>) -> Result<Option<Constant>, Problem> {
        match self.ahead(0).kind {
            Kind::Sign(b'{') => self.parts(path, b'}', out).map(|()| None),
            Kind::Sign(b'<') => self.parts(path, b'>', out).map(|()| None),
            Kind::Sign(b'[') => self.deeper(|it| {
                it.bump();
                while !it.eat(b']') {
                    if !it.eat(b',') {
                        it.part_value(path, colon, &mut Vec::new())?;
                    }
                }
                Ok(None)
            }),
            _ if colon => self.constant().map(Some),
            _ => Err(self.unexpected("`:`")),
        }
    }
}

/// The name of an extension as it stands in the path of an option.
fn extension(name: &str) -> String {
    format!("({})", name.strip_prefix('.').unwrap_or(name))
}

fn float(text: &str, negative: bool) -> f64 {
    let value: f64 = text.trim_end_matches(['f', 'F']).parse().unwrap_or_default();
    if negative { -value } else { value }
}
