//! What a feature README and the system catalog say of features.

use archwright_syntax::{
    Span,
    markdown::{Document, SectionId},
};
use smol_str::SmolStr;

use super::{LinkFact, bare, concern_values, field};
use crate::{conventions::config::Config, facts::Spanned};

/// What a feature README says.
#[derive(Clone, Debug, Default)]
pub struct ReadmeFacts {
    /// Owner team, SLO, Tier, Last reviewed and Compliance, as the catalog repeats them.
    pub fields: Vec<(&'static str, Spanned)>,
    /// The section with the list of artifacts.
    pub artifacts: Option<SectionId>,
}

impl ReadmeFacts {
    /// A field that the catalog repeats.
    pub fn field(&self, name: &str) -> Option<&Spanned> {
        self.fields.iter().find(|it| it.0 == name).map(|it| &it.1)
    }
}

/// The README fields that the catalog repeats, with the catalog's column names.
pub const CATALOG_FIELDS: [(&str, &str); 5] = [
    ("Owner", "Owner team"),
    ("Tier", "Tier"),
    ("SLO", "SLO"),
    ("Compliance", "Compliance"),
    ("Last reviewed", "Last reviewed"),
];

/// What the catalog says.
#[derive(Clone, Debug, Default)]
pub struct CatalogFacts {
    /// Position of the feature table in the tree's tables.
    pub table: Option<usize>,
    /// The columns' titles.
    pub columns: Vec<SmolStr>,
    /// One row per feature.
    pub rows: Vec<CatalogRow>,
}

/// A row of the feature table.
#[derive(Clone, Debug)]
pub struct CatalogRow {
    /// The feature's slug.
    pub feature: Spanned,
    /// All cells, in the order of the columns.
    pub cells: Vec<Span>,
    /// The whole line.
    pub span: Span,
}

pub(super) fn readme(tree: &Document, text: &str, config: &Config) -> ReadmeFacts {
    let concerns = concern_values(tree, text, &config.profile().concerns);
    let concern = |name: &str| {
        let at = config.profile().concerns.fields.iter().position(|it| it.name == name)?;
        concerns.iter().find(|it| it.0 == at).map(|it| it.1.clone())
    };
    let fields = CATALOG_FIELDS
        .iter()
        .filter_map(|(_, name)| {
            let value = if *name == "Compliance" { concern(name) } else { field(tree, text, &[name]) };
            Some((*name, value?))
        })
        .collect();
    ReadmeFacts { fields, artifacts: tree.find_section(text, 2, "Artifacts") }
}

pub(super) fn catalog(tree: &Document, text: &str) -> CatalogFacts {
    let is_features = |columns: &[Span]| columns.first().is_some_and(|it| it.of(text).eq_ignore_ascii_case("feature"));
    let Some((at, table)) = tree.tables.iter().enumerate().find(|(_, it)| is_features(tree.header(it))) else {
        return CatalogFacts::default();
    };
    let rows = tree.rows(table).iter().filter_map(|row| {
        let cells = tree.cells(row).to_vec();
        let feature = bare(*cells.first()?, text);
        (!feature.text.is_empty()).then_some(CatalogRow { feature, cells, span: row.span })
    });
    let columns = tree.header(table).iter().map(|it| SmolStr::new(it.of(text))).collect();
    CatalogFacts { table: Some(at), columns, rows: rows.collect() }
}

/// Whether a link of a README belongs to its list of artifacts.
pub(crate) fn is_listing(tree: &Document, readme: &ReadmeFacts, link: &LinkFact) -> bool {
    readme.artifacts.is_some_and(|section| {
        let mut at = Some(link.section);
        while let Some(id) = at {
            if id == section {
                return true;
            }
            at = tree.section(id).parent;
        }
        false
    })
}
