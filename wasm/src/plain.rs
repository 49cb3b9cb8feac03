//! What the rules say as plain objects of JavaScript.

use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::number::parse_float;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    type Array;

    #[wasm_bindgen(constructor)]
    fn new() -> Array;

    #[wasm_bindgen(method)]
    fn push(this: &Array, item: JsValue);

    type Object;

    #[wasm_bindgen(constructor)]
    fn new() -> Object;

    #[wasm_bindgen(method, indexing_setter)]
    fn set(this: &Object, name: &str, value: JsValue);
}

/// The value of JavaScript. Integers beyond 2^53 become the nearest number, as with `JSON.parse`.
pub(crate) fn plain(value: &Json) -> JsValue {
    match value {
        Json::Null => JsValue::NULL,
        Json::Bool(value) => JsValue::from_bool(*value),
        Json::Int(value) => JsValue::from_f64(*value as f64),
        Json::Big(digits) => JsValue::from_f64(parse_float(digits).unwrap_or(f64::NAN)),
        Json::Float(value) => JsValue::from_f64(*value),
        Json::Str(text) => JsValue::from_str(text),
        Json::List(items) => {
            let list = Array::new();
            for item in items {
                list.push(plain(item));
            }
            list.into()
        }
        Json::Dict(members) => {
            let object = Object::new();
            for (name, value) in members {
                object.set(name, plain(value));
            }
            object.into()
        }
        Json::Raw(text) => {
            read(text.as_str().as_bytes(), &Limits::STORED).map_or(JsValue::UNDEFINED, |value| plain(&value))
        }
    }
}
