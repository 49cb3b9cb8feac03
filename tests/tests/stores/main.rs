//! One story of a store, told on each of them.
#![cfg(feature = "server")]

mod pages;
mod postgres;
mod races;
mod rows;
mod scene;
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
    rows::version => an_update_changes_the_version_and_a_guard_on_the_old_one_refuses,
    rows::refused => a_refused_commit_leaves_nothing,
    rows::unfit => a_write_the_table_cannot_hold_is_an_error_and_hurts_no_other,
    rows::oldest_first => many_values_and_whole_tables_come_oldest_first,
    rows::caller => a_caller_comes_with_the_rows_the_key_names,
    rows::number => a_row_is_found_by_its_number,
    rows::renamed => a_key_may_change_and_what_it_had_is_free,
    rows::many => a_step_may_ask_many_things_at_once,
    rows::strange => text_that_no_row_can_have_finds_nothing_and_is_no_failure,
    rows::long => ids_of_any_length_are_stored_and_found,
    rows::kept => a_value_for_the_server_is_kept_once,
    rows::unheard => what_could_not_be_announced_is_not_kept,
    pages::keys => a_page_of_keys_is_filtered_ordered_and_counted,
    pages::ends => every_page_is_the_same_whichever_end_it_is_nearer_to,
    pages::audit => a_page_of_the_audit_log_is_filtered_newest_first_and_counted,
    races::one_version => of_many_changes_of_one_version_one_wins,
    races::one_alias => of_many_keys_with_one_alias_one_is_made,
    races::one_key => of_many_rows_with_one_key_one_is_made,
    races::crossing => commits_that_touch_the_same_rows_in_other_orders_all_end,
    races::one_state => a_step_sees_one_state_of_the_store,
}
