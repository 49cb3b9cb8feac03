use super::*;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read, write};

/// Bodies and what the reference's models say about them: `ok`, the fields that are set, or `errors`.
const CORPUS: &str = include_str!("corpus.jsonl");

fn answer<M: Model>(body: &Json) -> Json {
    match M::read_body(Some(body)) {
        Ok(model) => {
            let set = model.dump_set();
            assert_eq!(model.into_set(), set, "{body:?}");
            dict! {"ok" => set}
        }
        Err(problems) => dict! {"errors" => problems.iter().map(Problem::to_json).collect::<Vec<_>>()},
    }
}

fn answer_of(model: &str, body: &Json) -> Json {
    macro_rules! models {
        ($($model:ident)*) => {
            match model {
                $(<$model as Model>::NAME => answer::<$model>(body),)*
                _ => Json::Null,
            }
        };
    }
    models!(GenerateKeyRequest UpdateKeyRequest RegenerateKeyRequest KeyRequest BlockKeyRequest NewUserRequest
        UpdateUserRequest DeleteUserRequest NewTeamRequest UpdateTeamRequest DeleteTeamRequest BlockTeamRequest
        TeamRequest TeamMemberAddRequest TeamMemberDeleteRequest TeamMemberUpdateRequest BudgetNewRequest
        BudgetRequest BudgetDeleteRequest)
}

#[test]
fn every_recorded_body_is_read_or_refused_as_the_reference_does() {
    for line in CORPUS.lines() {
        let case = read(line.as_bytes(), &Limits::STORED).unwrap();
        let model = case.get("model").and_then(Json::as_str).unwrap();
        let answer = answer_of(model, case.get("body").unwrap());
        let expected = case.as_dict().unwrap().last().unwrap().clone();
        assert_eq!(write(&answer), write(&Json::Dict(vec![expected])), "{line}");
    }
}

fn problems<M: Model + std::fmt::Debug>(body: Option<&Json>) -> String {
    let problems = M::read_body(body).unwrap_err();
    write(&dict! {"detail" => problems.iter().map(Problem::to_json).collect::<Vec<_>>()})
}

#[test]
fn a_body_that_is_not_there_is_missing_unless_it_is_optional() {
    let missing = r#"{"detail":[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]}"#;
    assert_eq!(problems::<GenerateKeyRequest>(None), missing);
    assert_eq!(problems::<GenerateKeyRequest>(Some(&Json::Null)), missing);
    assert_eq!(RegenerateKeyRequest::read_optional(None), Ok(None));
    assert_eq!(RegenerateKeyRequest::read_optional(Some(&Json::Null)), Ok(None));
    assert!(RegenerateKeyRequest::read_optional(Some(&Json::from(1))).is_err());
}

#[test]
fn what_the_reference_fails_on_is_refused_with_a_problem() {
    let list = Json::List(vec![]);
    for text in [problems::<KeyRequest>(Some(&list)), problems::<UpdateUserRequest>(Some(&list))] {
        assert!(text.contains("model_attributes_type"), "{text}");
    }
    let body = dict! {"team_id" => "t", "member" => vec![Json::from("u")]};
    let text = problems::<TeamMemberAddRequest>(Some(&body));
    assert!(
        text.contains(r#"["body","member",0],"msg":"Value error, input needs to be a dictionary""#),
        "{text}"
    );
}

#[test]
fn absent_null_and_given_are_kept_apart() {
    let body = dict! {"max_budget" => Json::Null, "tpm_limit" => "10", "unknown" => 1};
    let request = GenerateKeyRequest::read_model(&body).unwrap();
    assert_eq!(request.get("max_budget"), Some(Field::Null));
    assert_eq!(request.get("tpm_limit"), Some(Field::Value(Json::Int(10))));
    assert_eq!(request.get("rpm_limit"), Some(Field::Absent));
    assert!(request.is_set("max_budget") && !request.is_set("rpm_limit") && !request.is_set("unknown"));
    assert_eq!(request.dump_set(), [("max_budget", Json::Null), ("tpm_limit", Json::Int(10))]);
    assert_eq!(request.dump_values(), [("tpm_limit", Json::Int(10))]);
    assert_eq!(request.dump_set(), request.into_set());
}

#[test]
fn a_full_dump_has_every_field_with_the_default_of_its_model() {
    let value = |dump: Vec<(&str, Json)>, name| dump.into_iter().find(|(key, _)| *key == name).unwrap().1;
    let new = GenerateKeyRequest::default().dump();
    assert_eq!(new.len(), GenerateKeyRequest::fields().len());
    assert_eq!(value(new.clone(), "spend"), Json::Int(0));
    assert_eq!(value(new, "metadata"), Json::empty_dict());
    let again = RegenerateKeyRequest::default().dump();
    assert_eq!(value(again.clone(), "spend"), Json::Null);
    assert_eq!(value(again.clone(), "metadata"), Json::Null);
    assert_eq!(value(again, "aliases"), Json::empty_dict());
    assert_eq!(value(NewUserRequest::default().dump(), "auto_create_key"), Json::Bool(true));
}

#[test]
fn a_field_can_be_set_by_name_with_the_same_conversion() {
    let mut request = GenerateKeyRequest::default();
    assert_eq!(request.put("max_budget", &Json::from("1.5")), Some(Ok(())));
    assert_eq!(request.put("models", &Json::Null), Some(Ok(())));
    assert!(request.put("models", &Json::from("x")).is_some_and(|put| put.is_err()));
    assert_eq!(request.put("unknown", &Json::Null), None);
    assert_eq!(request.get("max_budget"), Some(Field::Value(Json::Float(1.5))));
    assert_eq!(request.get("models"), Some(Field::Null));
    assert_eq!(request.get("unknown"), None);
}

#[test]
fn the_description_has_the_fields_in_the_order_of_declaration() {
    let fields = UpdateKeyRequest::fields();
    let fields: Vec<_> = fields.into_iter().filter(|field| !field.recent).collect();
    let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    assert_eq!(names.len(), 27);
    assert_eq!(names[..3], ["key_alias", "duration", "models"]);
    assert_eq!(names[20..23], ["aliases", "key", "budget_id"]);
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    assert_eq!(required, ["key"]);
    assert!(fields.iter().all(|field| field.nullable != field.required && !field.about.is_empty()));
    assert!(matches!(fields[26].kind, Kind::Time));
    let team = NewTeamRequest::fields();
    let members = team.iter().find(|field| field.name == "members_with_roles").expect("its members");
    assert!(matches!(members.kind, Kind::List(Kind::Model("Member", _))));
}
