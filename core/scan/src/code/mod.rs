//! Source code in one shape for all languages: types, functions, and the values that flow between them.
//!
//! Only what discovery asks for is kept. Branches and lambdas are flattened into the function they stand in, in the
//! order of the text, because the questions are "what may reach this call" and "what comes after what".

mod binding;
mod call;
mod composite;
mod course;
mod declaration;
mod export;
mod expression;
mod function;
mod import;
mod outline;
mod reader;
pub(crate) mod syntax;
mod text;
mod type_name;

use archwright_syntax::Span;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub(crate) use export::DEFAULT;
pub(crate) use outline::{Catch, Guard, Leaving, Loop, Outline};
pub(crate) use reader::read;
pub(crate) use type_name::TypeName;

/// One file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Unit {
    pub(crate) imports: Vec<Import>,
    pub(crate) types: Vec<TypeDeclaration>,
    pub(crate) functions: Vec<Function>,
    /// What stands around the calls.
    pub(crate) outline: Outline,
}

/// What a file takes from elsewhere.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Import {
    /// The module as it is written: `kafkajs`, `org.springframework.kafka.core.KafkaTemplate`, `github.com/IBM/sarama`.
    pub(crate) module: SmolStr,
    /// The name it has in the file and the name it has there, if names are taken out of it.
    pub(crate) names: Vec<(SmolStr, SmolStr)>,
}

/// A class, interface, struct, record, enum, module or trait.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct TypeDeclaration {
    pub(crate) name: SmolStr,
    /// What it extends and implements.
    pub(crate) supers: Vec<TypeName>,
    pub(crate) fields: Vec<Field>,
    pub(crate) annotations: Vec<Call>,
    /// It has no code of its own: an interface, a trait, an abstract class.
    pub(crate) is_abstract: bool,
    /// Counts from 1.
    pub(crate) line: u32,
}

/// A field, property, constant or member of an enum.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Field {
    pub(crate) name: SmolStr,
    pub(crate) ty: Option<TypeName>,
    pub(crate) value: Option<Expression>,
    pub(crate) annotations: Vec<Call>,
}

/// A function, method or constructor; also what stands in a file or a class outside of all functions.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Function {
    /// Empty for what stands outside of all functions.
    pub(crate) name: SmolStr,
    /// The type it belongs to, by its place in the file.
    pub(crate) owner: Option<usize>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) returns: Option<TypeName>,
    /// The type that it extends: its calls without a receiver may be made on that.
    pub(crate) extends: Option<TypeName>,
    pub(crate) annotations: Vec<Call>,
    pub(crate) body: Vec<Statement>,
    pub(crate) is_constructor: bool,
    /// It has code.
    pub(crate) has_body: bool,
    /// All of it; empty for what stands outside of all functions.
    pub(crate) span: Span,
    /// Counts from 1.
    pub(crate) line: u32,
}

/// A parameter of a function.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: SmolStr,
    pub(crate) ty: Option<TypeName>,
    pub(crate) default: Option<Expression>,
    pub(crate) annotations: Vec<Call>,
}

/// A step of a function.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Statement {
    /// A name gets a value.
    Bind { name: SmolStr, ty: Option<TypeName>, value: Option<Expression> },
    /// A member gets a value.
    Assign { target: Expression, value: Expression },
    /// A value is handed back.
    Return(Expression),
    /// A value is compared with that of the innermost switch.
    Case { subject: Option<Expression>, value: Expression, line: u32 },
    /// Something is computed for what it does.
    Do(Expression),
}

/// A value as it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Expression {
    /// A string without its quotes.
    Text(SmolStr),
    /// A number, a truth value, or nothing at all.
    Literal(SmolStr),
    /// A string with values in it, in order.
    Template(Vec<Expression>),
    /// A variable, constant, type or `this`.
    Name(SmolStr),
    /// `object.name`, `Type::name`.
    Member(Box<Expression>, SmolStr),
    Call(Box<Call>),
    /// Names with values: an object, map, struct or initializer.
    Object {
        ty: Option<TypeName>,
        entries: Vec<(SmolStr, Expression)>,
        line: u32,
    },
    List(Vec<Expression>),
    /// One of several, as in conditions and fallbacks.
    Either(Vec<Expression>),
    /// An element of a list.
    Element(Box<Expression>),
    /// The entry of a map.
    Index(Box<Expression>, Box<Expression>),
    /// The type itself: `Order.class`, `typeof(Order)`.
    Type(TypeName),
    Lambda(Box<Lambda>),
    /// A value seen as another type.
    Cast(TypeName, Box<Expression>),
    /// Anything else, for the calls inside.
    Other(Vec<Expression>),
}

/// A function without a name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Lambda {
    /// Its parameters are bound by the first statements.
    pub(crate) body: Vec<Statement>,
    /// All of it.
    pub(crate) span: Span,
}

/// A call, the construction of an object, or an annotation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) receiver: Option<Expression>,
    /// The function, method, or type that is constructed.
    pub(crate) name: SmolStr,
    pub(crate) types: Vec<TypeName>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) is_construction: bool,
    /// Where its name stands; counts from 1.
    pub(crate) line: u32,
    /// All of it, with what it is called on; empty inside of macros.
    pub(crate) span: Span,
}

/// An argument of a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Argument {
    /// Its keyword, if it has one.
    pub(crate) name: Option<SmolStr>,
    pub(crate) value: Expression,
    /// It stands for any number of arguments: `*args`, `...rest`.
    pub(crate) is_spread: bool,
}

impl Call {
    /// The argument with a keyword.
    pub(crate) fn named(&self, name: &str) -> Option<&Expression> {
        self.arguments.iter().find(|it| it.name.as_deref() == Some(name)).map(|it| &it.value)
    }

    /// The arguments without a keyword.
    pub(crate) fn positional(&self) -> impl Iterator<Item = &Expression> {
        self.arguments.iter().filter(|it| it.name.is_none()).map(|it| &it.value)
    }
}

impl Expression {
    /// The expressions right inside, in the order in which they are computed.
    pub(crate) fn parts(&self) -> Vec<&Expression> {
        match self {
            Self::Text(_) | Self::Literal(_) | Self::Name(_) | Self::Type(_) | Self::Lambda(_) => Vec::new(),
            Self::Template(parts) | Self::List(parts) | Self::Either(parts) | Self::Other(parts) => {
                parts.iter().collect()
            }
            Self::Member(inner, _) | Self::Element(inner) | Self::Cast(_, inner) => vec![inner],
            Self::Index(object, key) => vec![object, key],
            Self::Object { entries, .. } => entries.iter().map(|it| &it.1).collect(),
            Self::Call(call) => call.receiver.iter().chain(call.arguments.iter().map(|it| &it.value)).collect(),
        }
    }

    /// Visits every call in the expression, inner ones first; those in lambdas count.
    pub(crate) fn each_call<'e>(&'e self, visit: &mut dyn FnMut(&'e Call)) {
        for part in self.parts() {
            part.each_call(visit);
        }
        match self {
            Self::Lambda(lambda) => lambda.body.iter().for_each(|it| it.each_call(visit)),
            Self::Call(call) => visit(call),
            _ => {}
        }
    }
}

impl Statement {
    /// The expressions in it.
    pub(crate) fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Bind { value, .. } => value.iter().collect(),
            Self::Assign { target, value } => vec![value, target],
            Self::Return(value) | Self::Do(value) => vec![value],
            Self::Case { value, .. } => vec![value],
        }
    }

    /// Visits every call in the statement.
    pub(crate) fn each_call<'e>(&'e self, visit: &mut dyn FnMut(&'e Call)) {
        self.expressions().into_iter().for_each(|it| it.each_call(visit));
    }
}
