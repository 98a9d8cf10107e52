//! What stands above and below a type: the methods that a call on it may reach, and what it extends and implements.

use super::index::{Id, Index};
use crate::code::TypeName;

impl<'f> Index<'f> {
    /// The methods of a type itself.
    pub(super) fn own_methods(&self, ty: Id, name: &str) -> &[Id] {
        self.methods.get(&ty).and_then(|it| it.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The methods that a call on a type may reach: its own or inherited ones, and those of its subtypes if these have
    /// no code.
    pub(super) fn methods(&self, ty: Id, name: &str) -> Vec<Id> {
        let has_body = |it: &&Id| self.function(**it).is_some_and(|it| it.has_body);
        for above in self.supertypes(ty) {
            let found: Vec<Id> = self.own_methods(above, name).iter().filter(has_body).copied().collect();
            if !found.is_empty() {
                return found;
            }
        }
        let below = self.all_subtypes(ty);
        let found = below.iter().flat_map(|it| self.own_methods(*it, name).iter().filter(has_body).copied());
        found.collect()
    }

    /// A type and what it extends and implements, from the inside.
    pub(super) fn supertypes(&self, ty: Id) -> Vec<Id> {
        let mut found = vec![ty];
        let mut next = 0;
        while let Some(id) = found.get(next).copied().filter(|_| next < 50) {
            next += 1;
            let supers = self.ty(id).map(|it| it.supers.as_slice()).unwrap_or_default();
            for above in supers.iter().filter_map(|it| self.type_named(&it.name, id.file)) {
                if !found.contains(&above) {
                    found.push(above);
                }
            }
        }
        found
    }

    /// The names of all that a type extends and implements, those that stand elsewhere included.
    pub(super) fn super_names(&self, ty: Id) -> Vec<&'f TypeName> {
        let supers = self.supertypes(ty).into_iter().filter_map(|it| self.ty(it));
        supers.flat_map(|it| it.supers.iter()).collect()
    }

    /// The types below a type.
    pub(super) fn all_subtypes(&self, ty: Id) -> Vec<Id> {
        let mut found: Vec<Id> = self.subtypes.get(&ty).cloned().unwrap_or_default();
        let mut next = 0;
        while let Some(id) = found.get(next).copied().filter(|_| next < 500) {
            next += 1;
            for below in self.subtypes.get(&id).into_iter().flatten() {
                if !found.contains(below) {
                    found.push(*below);
                }
            }
        }
        found
    }

    /// Whether only types below a type are made.
    pub(super) fn is_abstract(&self, ty: Id) -> bool {
        let name = self.ty(ty).map(|it| it.name.as_str()).unwrap_or_default();
        !self.made.contains_key(name) && self.subtypes.contains_key(&ty)
    }
}
