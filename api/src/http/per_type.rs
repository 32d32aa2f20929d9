use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::Result;

/// What is worked out once for each type and then kept.
pub struct PerType<V>(RwLock<HashMap<TypeId, Arc<V>>>);

impl<V> Default for PerType<V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<V> PerType<V> {
    pub fn get<T: 'static>(&self, make: impl FnOnce() -> Result<V>) -> Result<Arc<V>> {
        let key = TypeId::of::<T>();
        if let Some(found) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(found));
        }
        let made = Arc::new(make()?);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&made));
        Ok(made)
    }
}
