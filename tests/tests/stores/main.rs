//! One story of a store, told on each of them.
#![cfg(feature = "server")]

mod archive;
mod pages;
mod postgres;
mod races;
mod removal;
mod rotation;
mod rows;
mod scene;
mod sets;
mod shell;
mod tls;

use scene::Scene;

/// Tells each story on every store; a store that cannot be started here says so and is left out.
macro_rules! on_every_store {
    ($($module:ident::$story:ident => $name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test] async fn $name() { super::$module::$story(&super::Scene::sqlite().await).await; })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $name() {
                if let Some(scene) = super::Scene::postgres().await {
                    super::$module::$story(&scene).await;
                }
            })+
        }
    };
}

on_every_store! {
    rows::equal => what_was_inserted_reads_back_equal_to_the_last_digit,
    rows::empty => what_is_absent_reads_back_absent,
    rows::version => a_guard_refuses_what_is_not_as_it_was_read_any_more,
    rows::refused => a_refused_commit_leaves_nothing,
    rows::unfit => a_write_the_table_cannot_hold_is_an_error_and_hurts_no_other,
    rows::oldest_first => many_values_and_whole_tables_come_oldest_first,
    rows::caller => a_caller_comes_with_the_rows_the_key_names,
    rows::number => a_row_is_found_by_its_number,
    rows::address => an_address_is_found_however_it_is_written,
    rows::renamed => a_key_may_change_and_what_it_had_is_free,
    rows::many => a_step_may_ask_many_things_at_once,
    rows::strange => text_that_no_row_can_have_finds_nothing_and_is_no_failure,
    rows::long => ids_of_any_length_are_stored_and_found,
    sets::removed => keys_go_by_several_columns_with_the_secrets_they_had_before,
    sets::taken => items_go_out_of_lists_of_text_and_of_objects,
    sets::cleared => a_column_is_cleared_in_all_rows_that_have_a_value,
    sets::noted => each_row_of_a_set_is_noted_in_the_audit_log,
    sets::unconditional => a_set_without_a_condition_is_an_error,
    sets::counters => a_guard_lets_counters_change_and_nothing_else,
    sets::brief => a_brief_row_has_no_lists_and_documents,
    sets::within => a_page_has_all_its_rows_and_documents_as_far_as_they_have_room,
    sets::teams => teams_are_found_by_their_members,
    rows::kept => a_value_for_the_server_is_kept_once,
    rows::unheard => what_could_not_be_announced_is_not_kept,
    pages::keys => a_page_of_keys_is_filtered_ordered_and_counted,
    pages::ends => every_page_is_the_same_whichever_end_it_is_nearer_to,
    pages::audit => a_page_of_the_audit_log_is_filtered_newest_first_and_counted,
    races::one_version => of_many_changes_of_one_version_one_wins,
    races::one_alias => of_many_keys_with_one_alias_one_is_made,
    races::one_address => of_many_users_with_one_address_one_is_made,
    races::one_key => of_many_rows_with_one_key_one_is_made,
    races::crossing => commits_that_touch_the_same_rows_in_other_orders_all_end,
    races::one_state => a_step_sees_one_state_of_the_store,
    removal::member => no_key_outlives_the_removal_of_a_member,
    removal::user => no_key_outlives_its_user,
    removal::team => no_key_outlives_its_team,
    removal::between => what_is_decided_for_who_is_gone_at_the_commit_is_decided_again,
    removal::blocked => a_key_whose_team_or_project_is_blocked_at_the_commit_changes_nothing,
    removal::budget => no_key_names_a_budget_that_is_gone,
    removal::beside_spend => a_key_is_changed_beside_others_who_write_what_it_has_spent,
}
