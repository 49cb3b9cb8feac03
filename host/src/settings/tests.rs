//! From a config.yaml and an environment to settings.

use super::*;

fn environment(name: &str) -> Option<String> {
    match name {
        "LITELLM_MASTER_KEY" => Some("sk-env".to_owned()),
        "PROFILE" => Some("strict".to_owned()),
        _ => None,
    }
}

fn load(text: &str, database: Option<&str>) -> Result<Settings, String> {
    Settings::complete(parse(text)?, database, &environment)
}

fn json(settings: &Settings) -> String {
    String::from_utf8(settings.to_json()).unwrap()
}

#[test]
fn what_the_file_says_wins_over_the_environment() {
    let settings = load("general_settings: {master_key: sk-file}\n", None).unwrap();
    assert_eq!(json(&settings), r#"{"general_settings":{"master_key":"sk-file"}}"#);
    let settings = load("", None).unwrap();
    assert_eq!(json(&settings), r#"{"general_settings":{"master_key":"sk-env"}}"#);
    assert_eq!(settings.database, Database::File("latchkey.sqlite3".into()));
}

#[test]
fn yaml_becomes_json_with_its_order_and_its_kinds() {
    let text = "b: 1\na: [1.0, yes, 'yes', null, 12345678901234567890, os.environ/PROFILE, os.environ/NONE]\n\
                x: &x {k: v}\ny: {<<: *x}\n1: ~\ngeneral_settings: {master_key: sk-a}";
    assert_eq!(
        json(&load(text, None).unwrap()),
        r#"{"b":1,"a":[1.0,true,"yes",null,12345678901234567890,"strict","os.environ/NONE"],"x":{"k":"v"},"y":{"k":"v"},"1":null,"general_settings":{"master_key":"sk-a"}}"#
    );
}

#[test]
fn what_pyyaml_reads_is_read() {
    let mut text = String::from("x: &x {model: a, timeout: 5}\nmodel_list:\n");
    for number in 0..150 {
        text.push_str(&format!(
            "  - {{model_name: m{number}, litellm_params: {{<<: *x, timeout: 6, timeout: 7}}}}\n"
        ));
    }
    let settings = load(&text, None).unwrap();
    let models = settings.config.get("model_list").and_then(Json::as_list).unwrap();
    assert_eq!(models.len(), 150);
    assert_eq!(write(models[0].get("litellm_params").unwrap()), r#"{"timeout":7,"model":"a"}"#);
}

#[test]
fn a_repeated_name_where_it_counts_is_refused() {
    for (text, name) in [
        ("litellm_settings: {a: 1}\nlitellm_settings: {b: 2}\n", "`litellm_settings`"),
        ("general_settings: {master_key: sk-a, master_key: sk-b}\n", "`general_settings.master_key`"),
        (
            "litellm_settings:\n  upperbound_key_generate_params:\n    max_budget: 1\n    max_budget: 2\n",
            "`litellm_settings.upperbound_key_generate_params.max_budget`",
        ),
    ] {
        let error = load(text, None).unwrap_err();
        assert!(error.contains(name) && !error.contains("sk-"), "{error}");
    }
}

#[test]
fn the_command_line_names_the_database_before_the_file() {
    let text = "general_settings: {database_url: 'postgresql://u:secret@h/d'}";
    assert_eq!(load(text, Some("sqlite:x.db")).unwrap().database, Database::File("x.db".into()));
    assert_eq!(load(text, None).unwrap().database.to_string(), "postgresql://h/d");
    let unset = "general_settings: {database_url: os.environ/NONE}";
    assert!(load(unset, Some("x.db")).is_ok());
    for (text, database) in [("", Some("os.environ/NONE")), (unset, None)] {
        assert!(load(text, database).unwrap_err().contains("`NONE`"));
    }
    for text in ["general_settings: {database_url: ''}", "general_settings: {database_url: keys.db}"] {
        assert!(load(text, None).unwrap_err().starts_with("general_settings.database_url: "), "{text}");
    }
}

#[test]
fn what_is_no_mapping_is_refused() {
    assert!(load("- a", None).is_err());
    assert!(load("a: [", None).is_err());
    assert!(load("environment_variables: [a]", None).is_err());
}

#[test]
fn variables_of_the_file_count_where_the_environment_has_none() {
    let text = "environment_variables: {DATABASE_URL: 'postgresql://u@h/of-file', LITELLM_MASTER_KEY: sk-of-file, \
                NUMBER: 5, OTHER: os.environ/PROFILE}\n\
                latchkey: {profile: os.environ/OTHER}\nlitellm_settings: {x: os.environ/NUMBER}\n";
    let settings = load(text, None).unwrap();
    assert_eq!(settings.database.to_string(), "postgresql://h/of-file");
    let read = json(&settings);
    assert!(read.contains(r#""general_settings":{"master_key":"sk-env"}"#), "{read}");
    assert!(read.contains(r#""profile":"strict""#) && read.contains(r#""x":"5""#), "{read}");
    assert_eq!(settings.warnings.len(), 1, "{:?}", settings.warnings);
    assert!(settings.warnings[0].contains("LITELLM_MASTER_KEY"), "{:?}", settings.warnings);
    assert!(!settings.warnings[0].contains("sk-"), "{:?}", settings.warnings);
}

#[test]
fn included_files_are_merged_as_litellm_does() {
    let folder = tempfile::tempdir().unwrap();
    let write_file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write_file(
        "config.yaml",
        "include: [more/models.yaml, limits.yaml]\nmodel_list: [{model_name: a}]\nlitellm_settings: {x: 1}\n",
    );
    write_file("more/models.yaml", "include: [third.yaml, ../config.yaml]\nmodel_list: [{model_name: b}]\n");
    write_file("more/third.yaml", "model_list: [{model_name: c}]\n");
    write_file("limits.yaml", "litellm_settings: {max_internal_user_budget: 5}\n");
    let path = folder.path().join("config.yaml");
    let settings = Settings::load(Some(&path), None, &environment).unwrap();
    let read = json(&settings);
    assert!(
        read.contains(r#""model_list":[{"model_name":"a"},{"model_name":"b"},{"model_name":"c"}]"#),
        "{read}"
    );
    assert!(read.contains(r#""litellm_settings":{"max_internal_user_budget":5}"#), "{read}");
    assert!(
        settings.warnings.len() == 1 && settings.warnings[0].contains("limits.yaml"),
        "{:?}",
        settings.warnings
    );
    for wrong in ["include: models.yaml\n", "include: [missing.yaml]\n", "include: [5]\n"] {
        write_file("wrong.yaml", wrong);
        assert!(
            Settings::load(Some(&folder.path().join("wrong.yaml")), None, &environment).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn the_file_may_be_named_by_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.yaml");
    std::fs::write(&path, "general_settings: {master_key: sk-of-file}\n").unwrap();
    let named = |name: &str| (name == "CONFIG_FILE_PATH").then(|| path.display().to_string());
    let settings = Settings::load(None, None, &named).unwrap();
    assert!(json(&settings).contains("sk-of-file"));
    assert_eq!(settings.file.as_deref(), Some(path.as_path()));
    let bucket = |name: &str| (name == "LITELLM_CONFIG_BUCKET_NAME").then(|| "b".to_owned());
    assert!(Settings::load(None, None, &bucket).unwrap_err().contains("LITELLM_CONFIG_BUCKET_NAME"));
}

#[test]
fn variables_of_litellm_say_whether_keys_rotate_where_the_file_does_not() {
    let environment = |name: &str| match name {
        "LITELLM_KEY_ROTATION_ENABLED" => Some("True".to_owned()),
        "LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS" => Some("60".to_owned()),
        "LITELLM_KEY_ROTATION_GRACE_PERIOD" => Some("2h".to_owned()),
        "LITELLM_MASTER_KEY" => Some("sk-env".to_owned()),
        _ => None,
    };
    let told = |text: &str| {
        let settings = Settings::complete(parse(text).unwrap(), None, &environment).unwrap();
        settings.config.get("latchkey").and_then(|own| own.get("key_rotation")).map(write)
    };
    let all = r#"{"enabled":true,"check_interval_seconds":60,"grace_period":"2h"}"#;
    assert_eq!(told("").as_deref(), Some(all));
    let own = "latchkey: {key_rotation: {enabled: false, deliver_to: x, grace_period: 1h}}";
    let kept = r#"{"enabled":false,"deliver_to":"x","grace_period":"1h","check_interval_seconds":60}"#;
    assert_eq!(told(own).as_deref(), Some(kept));
}
