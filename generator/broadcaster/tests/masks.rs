//! The mask vectors, which every implementation passes.
#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]

use broadcaster::mask::{MaskType, mask};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Vector {
    r#type: MaskType,
    r#in: Value,
    out: Value,
}

#[test]
fn every_vector_holds() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("masks.json")).unwrap();
    assert!(vectors.len() > 50);
    for Vector { r#type, r#in, out } in vectors {
        let json = r#in.to_string();
        let masked = mask(r#type, serde_json::from_str(&json).unwrap());
        assert_eq!(masked, out.to_string(), "{type:?} of {json}");
    }
}
