//! What an operation is, and the table through which front ends offer all of them.

use archwright_engine::Workspace;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Argument, Offer, OperationError, Plan};

/// A typed request in, a plan out. Nothing is written: the front end applies the plan's edit.
pub trait Operation {
    /// What the operation needs to know.
    type Request: DeserializeOwned + JsonSchema;

    /// Its name in kebab-case: `next-version`.
    const NAME: &'static str;
    /// What it does, as a title in the imperative.
    const TITLE: &'static str;
    /// What it does, what to give it and when to use it, for people and agents.
    const ABOUT: &'static str;
    /// The words by which people look for it, if they are others than those of `ABOUT`.
    const SEARCHED: &'static str;
    /// Whether its plans may have an edit.
    const WRITES: bool;
    /// The fields that a request must have: `feature`, or `channels[].name` of the elements of a list.
    const REQUIRED: &'static [&'static str];
    /// What people are asked for, in this order.
    const ARGUMENTS: &'static [Argument];

    /// The values that the workspace offers for one of the [arguments](Self::ARGUMENTS), in no order.
    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        let _ = (workspace, argument);
        Vec::new()
    }

    /// Plans it. The workspace is the same afterwards; while files are checked it may hold them as buffers.
    ///
    /// ```
    /// use archwright_engine::{OpenOptions, Root};
    /// use archwright_operations::{Convert, ConvertRequest, Operation};
    /// use archwright_rules::open;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let document = "asyncapi: 2.6.0\ninfo: { title: Orders, version: 1.0.0 }\nchannels: {}\n";
    /// std::fs::write(folder.path().join("orders.yaml"), document)?;
    /// let mut workspace = open(OpenOptions::server(Root::Folder(folder.path().to_path_buf())), &|_| {})?;
    ///
    /// let request = ConvertRequest { document: "orders.yaml".to_owned(), ..ConvertRequest::default() };
    /// let plan = Convert::plan(&mut workspace, &request)?;
    /// assert_eq!(plan.edit.texts[0].path.as_str(), "orders.yaml");
    /// // Nothing is written yet.
    /// assert_eq!(std::fs::read_to_string(folder.path().join("orders.yaml"))?, document);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the request cannot be carried out.
    fn plan(workspace: &mut Workspace, request: &Self::Request) -> Result<Plan, OperationError>;
}

/// An operation in the table: the same for all types of request.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// See [`Operation::NAME`].
    pub name: &'static str,
    /// See [`Operation::TITLE`].
    pub title: &'static str,
    /// See [`Operation::ABOUT`].
    pub about: &'static str,
    /// See [`Operation::SEARCHED`].
    pub searched: &'static str,
    /// See [`Operation::WRITES`].
    pub writes: bool,
    /// See [`Operation::REQUIRED`].
    pub required: &'static [&'static str],
    /// See [`Operation::ARGUMENTS`].
    pub arguments: &'static [Argument],
    offers: fn(&Workspace, &str) -> Vec<Offer>,
    schema: fn() -> Value,
    plan: fn(&mut Workspace, Value) -> Result<Plan, OperationError>,
}

impl Entry {
    /// The entry of an operation.
    pub const fn of<O: Operation>() -> Self {
        Self {
            name: O::NAME,
            title: O::TITLE,
            about: O::ABOUT,
            searched: O::SEARCHED,
            writes: O::WRITES,
            required: O::REQUIRED,
            arguments: O::ARGUMENTS,
            offers: O::offers,
            schema: schema::<O>,
            plan: plan::<O>,
        }
    }

    /// The JSON Schema of a request.
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// The values that the workspace offers for an argument, in order.
    pub fn offers(&self, workspace: &Workspace, argument: &str) -> Vec<Offer> {
        let mut offers = (self.offers)(workspace, argument);
        offers.sort_unstable();
        offers
    }

    /// Plans the operation for a request as JSON.
    ///
    /// # Errors
    /// If the request does not fit the schema or cannot be carried out.
    pub fn plan(&self, workspace: &mut Workspace, request: Value) -> Result<Plan, OperationError> {
        (self.plan)(workspace, request)
    }
}

fn schema<O: Operation>() -> Value {
    schemars::schema_for!(O::Request).to_value()
}

fn plan<O: Operation>(workspace: &mut Workspace, request: Value) -> Result<Plan, OperationError> {
    let request = serde_json::from_value(request).map_err(OperationError::Request)?;
    O::plan(workspace, &request)
}
