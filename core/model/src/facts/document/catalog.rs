//! What a feature README and the system catalog say of features.

use archwright_syntax::{
    Span,
    markdown::{Document, SectionId},
};
use smol_str::SmolStr;

use super::{ByRole, LinkFact, RoleValue, bare};
use crate::{
    Kind,
    conventions::{config::Config, role::Role},
    facts::Spanned,
};

/// What a feature README says.
#[derive(Clone, Debug, Default)]
pub struct ReadmeFacts {
    /// What the catalog repeats.
    pub fields: Vec<RoleValue>,
    /// The section with the list of artifacts.
    pub artifacts: Option<SectionId>,
}

impl ReadmeFacts {
    /// A field that the catalog repeats.
    pub fn field(&self, role: Role) -> Option<&Spanned> {
        self.fields.iter().find(|it| it.role == role).map(|it| &it.value)
    }
}

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

pub(super) fn readme(document: &ByRole, config: &Config) -> ReadmeFacts {
    let concerns = document.concerns();
    let service = config.template(Kind::FeatureReadme).and_then(|it| it.section(Role::ServiceInfo));
    let stated = |role: Role| {
        let is_concern = config.vocabulary().is_concern(role) && !service.is_some_and(|it| it.fields.contains(&role));
        let concern = || concerns.iter().find(|it| it.role == role).map(|it| it.value.clone());
        if is_concern { concern() } else { document.field(role) }
    };
    let repeated = config.profile().catalog.features.columns.iter().map(|it| it.role);
    let fields = repeated.filter_map(|role| Some(RoleValue { role, value: stated(role)? })).collect();
    let artifacts = document.sections(Role::Artifacts).find(|it| document.tree.section(*it).level == 2);
    ReadmeFacts { fields, artifacts }
}

pub(super) fn catalog(document: &ByRole) -> CatalogFacts {
    let (tree, text) = (document.tree, document.text);
    let tables = tree.tables.iter().enumerate();
    let Some((at, table)) = tables.into_iter().find(|it| document.column(it.1, Role::Feature) == Some(0)) else {
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
pub fn is_listing(tree: &Document, readme: &ReadmeFacts, link: &LinkFact) -> bool {
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
