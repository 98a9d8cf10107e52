//! Facts that are cheap to compute again: made at the first look, given back when nobody works on the file.

use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

use crate::RelPath;

/// A value that is a pure function of a file's path and text.
///
/// Parsing two kilobytes of Markdown takes some ten microseconds, and the tree costs more memory than the text.
/// So the trees of files that nobody has open are dropped and made again when a rule or a feature looks (ADR-0005).
#[derive(Debug)]
pub struct Lazy<T> {
    path: RelPath,
    text: Arc<str>,
    make: fn(&RelPath, &Arc<str>) -> T,
    value: OnceLock<Box<T>>,
}

impl<T> Lazy<T> {
    pub(super) fn new(path: RelPath, text: Arc<str>, make: fn(&RelPath, &Arc<str>) -> T) -> Self {
        Self { path, text, make, value: OnceLock::new() }
    }

    /// A value that was made already, as `make` makes it.
    pub(super) fn ready(path: RelPath, text: Arc<str>, make: fn(&RelPath, &Arc<str>) -> T, value: T) -> Self {
        Self { value: Box::new(value).into(), ..Self::new(path, text, make) }
    }

    /// Looks at the value without keeping it, for those who look at many files once.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        match self.value.get() {
            Some(value) => look(value),
            None => look(&(self.make)(&self.path, &self.text)),
        }
    }

    /// Drops the value. The next look makes it again.
    pub(crate) fn release(&mut self) {
        self.value.take();
    }
}

impl<T> Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| Box::new((self.make)(&self.path, &self.text)))
    }
}

impl<T: Clone> Clone for Lazy<T> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), text: self.text.clone(), make: self.make, value: self.value.clone() }
    }
}
