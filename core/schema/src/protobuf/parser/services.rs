//! Services and their methods.

use super::super::{
    cursor::{Parser, Read},
    tree::{Method, Opt, Placed, Scalar, Service, Side},
};

impl Parser<'_> {
    pub(super) fn service(&mut self) -> Read<Service> {
        let start = self.start();
        self.bump();
        let (name, name_span) = self.name("the name of a service")?;
        let (mut methods, mut options) = (Vec::new(), Vec::new());
        self.body(|it| match it.text_ahead(0) {
            "option" => it.option(&mut options),
            "rpc" => {
                methods.push(it.method()?);
                Ok(())
            }
            _ => Err(it.unexpected("`rpc` or `option`")),
        })?;
        Ok(Service { name, name_span, span: self.since(start), options, methods })
    }

    fn method(&mut self) -> Read<Method> {
        let start = self.start();
        self.bump();
        let (name, name_span) = self.name("the name of a method")?;
        let input = self.side()?;
        if !self.is_word(0, "returns") {
            return Err(self.unexpected("`returns`"));
        }
        self.bump();
        let output = self.side()?;
        let mut options: Vec<Opt> = Vec::new();
        if self.is_sign(0, b'{') {
            self.body(|it| match it.text_ahead(0) {
                "option" => it.option(&mut options),
                _ => Err(it.unexpected("`option`")),
            })?;
        } else {
            self.expect(b';')?;
        }
        Ok(Method { name, name_span, span: self.since(start), input, output, options })
    }

    fn side(&mut self) -> Read<Side> {
        self.expect(b'(')?;
        let streaming = self.is_word(0, "stream");
        if streaming {
            self.bump();
        }
        let name = self.message_type("a message")?;
        self.expect(b')')?;
        Ok(Side { name: name.it, span: name.span, streaming })
    }

    /// The name of a message, where no built-in type may stand.
    pub(super) fn message_type(&mut self, wanted: &str) -> Read<Placed<String>> {
        let name = self.dotted(wanted)?;
        if name.it == "group" || Scalar::of_name(&name.it).is_some() {
            self.forbid(name.span, format!("`{}` is no message.", name.it));
        }
        Ok(name)
    }
}
