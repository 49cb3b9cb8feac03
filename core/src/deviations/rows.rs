//! The rows, in the order in which they were found.

use super::Deviation;

deviations! {
    unknown_team_is_refused:
        "a key may name a team that does not exist, unless `key_generation_settings` are set",
        "400", "a key of a team nobody administers is nobody's to revoke";
    defaults_are_judged:
        "defaults for `user_id` and `team_id` are merged after the rules",
        "they are merged first and judged like what was sent",
        "a default owner made every caller create keys for someone else";
    default_duration_counts:
        "`default_key_generate_params.duration` has no effect",
        "a new key that asks for no other duration ends by it; one that cannot be read keeps the server from starting",
        "a key that was to end never does";
    amounts_are_finite_and_not_negative:
        "`NaN`, infinite and negative budgets and limits are taken",
        "400", "spending never exceeds `NaN`, a negative spend is a gift";
    durations_are_whole:
        "a duration is a prefix match: `1d12h` is a day, `10minutes` are ten, `0s` is born expired, months end with the year",
        "`30s 15m 12h 7d 2w 3mo`, months by calendar, not zero, not past the year 9999; else 400",
        "what is not understood must not be guessed";
    custom_key_has_a_form:
        "any text can be a key",
        "`sk-` and 16 or more visible ASCII characters, else 400",
        "a short key is guessed, and one without `sk-` never authenticates";
    custom_keys_can_be_disabled:
        "`general_settings.disable_custom_api_keys` has no effect",
        "403 for every key that brings its own secret",
        "whoever chooses a secret may have chosen it elsewhere, too";
    custom_key_is_new:
        "a key that exists answers 200 and stores nothing, and a former secret of a key is issued again",
        "400 for both", "the caller believes in limits that were never stored";
    key_has_an_owner:
        "a caller who names no user gets a key without owner",
        "the key belongs to the caller; a proxy admin may leave it unowned",
        "keys without owner escape every rule on owners";
    permissions_need_an_admin:
        "every caller may set `permissions`",
        "403 for all but proxy admins", "`get_spend_routes` opens everybody's spending";
    configurations_need_an_admin:
        "every caller may give a key a `config` of models and upstreams",
        "403 for all but proxy admins", "a key with one calls every model, and the gateway calls what it names";
    keys_hand_on_no_larger_budget:
        "the holder of a key with a budget makes another key without one",
        "400 above the calling key's budget, with a temporary increase or with a window shorter than that key's, and nothing gets it; \
         the budget counts for each key; proxy admins and the dashboard's session keys are free",
        "a limit one can leave behind is none";
    refusals_leave_nothing:
        "a request refused after its `soft_budget` was read leaves a budget row behind",
        "nothing is stored", "a refusal must not change anything";
    tags_need_no_metadata:
        "`tags` without `metadata` fail with 500",
        "the tags are stored", "an accident";
    enforced_params_are_stored:
        "`enforced_params` on a new key fail with 500",
        "they are stored in the metadata", "an accident";
    no_owner_equals_no_one:
        "a key without owner may be read by every other key without owner",
        "404", "absence is no identity";
    unknown_and_foreign_keys_answer_alike:
        "403 for a key that exists, 404 for one that does not",
        "404 for both", "the difference tells which keys exist";
    team_admin_sees_team_keys:
        "an admin of a team may not see the keys of its members",
        "may", "who may revoke must be able to look";
    required_params_are_not_null:
        "`null` satisfies `required_params`",
        "400", "a required value must have one";
    required_params_hold_for_changes:
        "`required_params` bind new keys only, and `[]`, `[\"\"]` and an empty text satisfy them",
        "what holds nothing does not satisfy; no change takes them away or moves a key to where it lacks them, and an owner does not book spending to other `tags` or `metadata`",
        "what was required of a key is required of it for good";
    unknown_and_foreign_teams_answer_alike:
        "`/key/generate` and `/key/update` tell which teams exist",
        "to those who have no part in a team it answers like one that does not exist, in dry runs too",
        "names are what the next attack begins with";
    replies_show_what_is_stored:
        "`duration` is `null` in every reply, and most fields of a key made by `/user/new`",
        "they are shown as they were set", "an accident";
    credentials_are_not_echoed:
        "a refusal repeats the key or header that was presented",
        "its last four characters, if it is long enough", "refusals are logged";
    schemes_are_read_in_any_case:
        "`Bearer`, `bearer` and `Basic`, wherever and however often they stand; `BEARER` is malformed",
        "`Bearer` and `Basic` in any case, once", "HTTP says so";
    access_is_judged_by_the_path:
        "a decoded `?` ends the route that access is judged by, so that `/key/info%3Fx/regenerate` counts as `/key/info`",
        "the path that was routed", "viewers rotated keys";
    provider_names_open_nothing:
        "a provider's name anywhere in the path opens it to every role, and `vertex-ai` to everybody without a licence",
        "only at the beginning of a path", "viewers rotated keys";
    dashboard_keys_open_named_routes:
        "a key of the team `litellm-dashboard` opens all that begins like a dashboard's route, `/user/new` among them",
        "the dashboard's routes by their names", "whoever got such a key created admins";
    viewers_change_nothing:
        "`proxy_admin_viewer` may block keys and write budgets and members, `internal_user_viewer` members",
        "403 and 401", "viewing is not changing";
    viewers_see_other_users:
        "`/user/info` shows a `proxy_admin_viewer` no user but their own",
        "every user, and without `user_id` the own record", "they see every key and every team, and `/user/list`";
    access_reads_the_operations_body:
        "a byte order mark, a non-finite number or `form` in the content type hides the body from access control",
        "access is judged by the body the operation gets, and a viewer changes the own e-mail address and password only",
        "a viewer made itself proxy admin";
    key_list_is_open_to_every_role:
        "`/key/list` is for the master key only",
        "every role sees its own", "nobody could see the own keys";
    bodies_are_judged_by_operations:
        "a body that is no object, or metadata that is none, answers 401",
        "422", "the credentials were right";
    misspelt_members_are_refused:
        "a member of a body that no operation knows is dropped, `max_budgt` too",
        "400 with the name that is meant, where one is near; other unknown names are dropped",
        "the caller believes in limits that were never stored";
    words_are_those_of_today:
        "refusals are worded like those of release 1.60.8, and one about a role names the user",
        "where LiteLLM 1.109 words a refusal otherwise, it is worded so, and a user's id is masked",
        "clients of today look for its words";
    fields_of_today_are_kept:
        "fields that later releases have added are passed over",
        "they are stored where LiteLLM 1.109 stores them and shown where it shows them",
        "what is sent to LiteLLM of today means the same here";
    organizations_of_keys_are_joined:
        "keys have no organization of their own",
        "an organization exists, and its members and proxy admins alone give keys to it",
        "its budget pays for them";
    projects_bound_their_keys:
        "there are no projects",
        "a project exists and is of the key's team, and its models and its budget bound the key; the key stays in it or leaves",
        "a key of a project has its limits";
    object_permissions_come_from_admins:
        "there are no rows of servers, agents and stores that a key may use",
        "a proxy admin gives a key one, and what is made with the key has the same",
        "what a server or a store lets a key do is not known here";
    guaranteed_limits_fit_their_team:
        "no limit is guaranteed",
        "the guaranteed limits of a team's keys fit that of the team together, where a key is made, changed or moved; one request guarantees one key, and the limit of a team may still be lowered",
        "what is promised twice is not there when it is needed";
    access_groups_need_a_permission:
        "keys have no groups of models",
        "others than admins of the team need its permission `/key/access_group_assignment`, and a key without team gets them from a proxy admin",
        "a group opens models that the key does not list";
    moved_keys_fit_their_team:
        "a key keeps its models and limits in a team that has not as much",
        "403 where the team may not call a model of the key, or has a lower limit of tokens or requests",
        "LiteLLM of today refuses it; it looks at requests only where there is a limit of tokens";
    routes_of_keys_come_from_admins:
        "a key cannot be limited to some routes",
        "a proxy admin sets `allowed_routes`, others choose a `key_type` and take routes out of a list",
        "a caller could give a key routes that the admin who issued it had left out";
    new_users_join_their_teams:
        "`/user/new` notes `teams` with the user alone, and takes each by its id alone",
        "the user becomes a member of each, with the role and the budget that an object names",
        "a member whom the team does not list has no rights, limits or place in it";
    limits_of_members_are_kept:
        "a member has a budget in dollars alone, and a team sets none for all",
        "a window, tokens, requests, models and a grant for a time count, too, and a team has limits that its members share; \
         what is taken away from one is as all have it",
        "what is sent to LiteLLM of today means the same here";
    unkept_fields_are_refused:
        "fields that only later releases have are dropped",
        "400 with the name of a field of LiteLLM 1.109 that says something and would not be stored",
        "the caller believes in limits that were never stored";
    empty_texts_are_no_values:
        "an empty text is an id, an alias or a duration like any other, and no amount",
        "an optional id or duration counts as absent, an alias, an address or an amount as `null`",
        "forms send one for a field that was left empty";
    keys_are_named_by_alias:
        "`/key/update` without `key` is 422",
        "an alias names the key that has it; to whom it is not theirs to see there is none",
        "today's clients know keys by their names";
    who_asks_is_judged_before_what:
        "later releases have `/key/{key}/reset_spend`, which tells whether a key exists and what it has spent before it looks who asks",
        "404 for keys that are not the caller's to see, 403 for their owner, then the amount",
        "amounts are for those whose keys they are";
    many_keys_are_judged_one_by_one:
        "later releases have `/key/bulk_update` and `/team/key/bulk_update`, which pass by the rules on a changed key",
        "each key is judged as `/key/update` judges it, and those that may be are changed together",
        "a limit on one request is none if another passes by it";
    a_teams_last_model_stays:
        "later releases have `/team/model/delete`, which makes of the last model a list of none, that is of all",
        "400", "who takes a model away does not mean to give all others";
    permissions_of_members_are_known:
        "later releases have `/team/permissions_update`, which stores any text",
        "400 for an unknown permission", "a misspelt permission grants nothing, and nobody is told";
    users_are_found_by_their_admins:
        "later releases have `/user/filter/ui`, which finds every user for every key by a part of their address",
        "to others than admins themselves and the members of the teams they administer",
        "addresses are what the next attack begins with";
    dry_runs_change_nothing:
        "there are no dry runs: `?dry_run=true` carries the change out",
        "the verdict for every `dry_run` that pydantic takes for true; 422 for what it takes for neither, 400 for a name near to it",
        "who wants to look must not change anything";
    misfits_repeat_no_credential:
        "a refusal repeats what it refuses, keys and passwords too",
        "a 422 answer says what is wrong and where, and repeats nothing that was sent", "refusals are logged";
    refusals_fit:
        "`/key/update`, `/user/update` and `/key/regenerate` call every refusal `auth_error` or `internal_server_error`, with the parameter `None`",
        "the type fits the status, and the parameter is the field at fault", "clients read them";
    limits_of_other_requests_are_refused:
        "a limit that another request takes is dropped: `expires` on `/key/generate`, `max_budget` of a member",
        "400 on what makes something", "the caller believes in a limit that was never stored";
    new_names_have_no_white_space_around:
        "an id, an alias or an address that begins or ends with white space is another one than without",
        "400 on new ones", "two names that look the same are one to people";
    a_rotation_names_one_key:
        "`key` in the body of `/key/{key}/regenerate` is dropped", "400 if it is another key than that of the path",
        "one of the two loses its secret";
    requests_without_a_user_mean_the_caller:
        "`/user/info` without `user_id` is refused to all but admins; with an empty one it shows a user called so",
        "the own record; to admins everything", "no user is called so";
    headers_for_keys_are_named:
        "`No api key passed in.`; with a header of the operator's own the key is malformed; `x-litellm-api-key` is not looked at",
        "the refusal names the headers that are looked at; the operator's own comes first, then `x-litellm-api-key`", "nobody guesses a header";
    closed_routes_are_patterns:
        "`admin_only_routes`, `allowed_routes` and `public_routes` are compared with the path as it is, `/key/{key}/regenerate` too",
        "`{…}` stands for a part of the path, `*` for its end; both ways to rotate a key are closed together",
        "what an operator closes must be closed";
    expired_keys_are_401:
        "an expired key answers 400 and the refusal repeats its hash",
        "401 with the last characters of the hash", "clients fetch another key on 401";
    tokens_are_hashes:
        "`token` in the reply to a new key is its secret",
        "the hash, by which the key is found ever after", "what is kept as an id must not be a secret";
    aliases_have_a_form:
        "an alias may hold line breaks and be a path",
        "400 for control characters and for `..` between slashes", "names go into logs and addresses";
    spent_keys_are_looked_at:
        "a key whose budget is spent opens nothing",
        "it is looked at, blocked, deleted and rotated by its holder; nothing else", "a leaked key must be stopped at once";
    wildcard_users_come_in:
        "a user whose models are `*` is refused with 401 on every request that names no model",
        "comes in", "an accident";
    temporary_budgets_have_zones:
        "a key whose `temp_budget_expiry` has a zone, or cannot be read, answers 401",
        "a zone counts, what cannot be read grants nothing", "an accident";
    user_ids_are_new:
        "`/user/new` with an id that exists stores nothing, issues another key and answers 200 with the new limits",
        "400", "the caller believes in limits that were never stored";
    new_users_keep_their_budgets_by_model:
        "`/user/new` stores `model_max_budget` with the new key only, and drops it if no key is made",
        "it is stored with the user too", "a budget that is shown and not stored limits nobody";
    new_users_are_bounded:
        "`/user/new` passes by upper bounds and lets two keys have one alias",
        "judged like `/key/generate`", "absence must not slip past a bound";
    teams_of_new_users_exist:
        "`/user/new` takes any team",
        "400", "whoever makes the team later finds a member";
    team_and_user_amounts_are_judged:
        "users, teams, members and budgets take negative amounts, budgets any text as duration",
        "400", "spending never exceeds `NaN`, a negative spend is a gift";
    updates_make_no_users:
        "`/user/update` makes users who do not exist",
        "404", "a misspelt id must not become a user";
    updated_users_take_zero_and_null:
        "`/user/update` passes over `0`, `[]` and `null`",
        "they count", "a budget could not be taken back";
    updated_users_keep_their_id:
        "`/user/update` with an empty id and an e-mail address gives the user a new id",
        "the one user with this address changes; 400 where several have it", "their keys lost their owner";
    addresses_are_one_users:
        "several users may have the same e-mail address, and letter case matters in lookups",
        "409 for an address that another user has, whatever the case (of at most four letters beyond ASCII); users who share one already keep it",
        "whoever has the address is let into teams";
    nobody_joins_twice:
        "a member may be added again by e-mail address, or with the id of one user and the address of another; a second member known by address only is refused",
        "400 for who is a member already, by id or by address, and for what is not one user's",
        "the first entry counts, and the second is shown";
    members_are_found_by_address:
        "`/team/new` keeps members that are named by address alone without an id; `/team/member_update` and `/team/member_delete` find members by the address of their entry only, and with two names two members go",
        "the user with the address is meant, and one who does not exist yet is made; two names of different users are 400",
        "the entry without an id is nobody's";
    passwords_are_hashed:
        "`/user/update` stores `password` as it is, and `/user/info` shows it",
        "its SHA-256 is stored and never shown", "LiteLLM's own login takes the hash as well";
    the_dashboards_team_is_reserved:
        "`/team/new` makes the team `litellm-dashboard`, whose keys count as sessions",
        "400, as an alias as well", "the keys of its members are free of some rules";
    members_do_not_manage_teams:
        "every member of a team may add and remove members",
        "the team's admins only", "the role `user` meant nothing";
    open_teams_are_joined_by_oneself:
        "everybody may add anybody to `available_teams`, as an admin too",
        "only oneself, as a user", "an open team is no team to manage";
    member_budgets_are_found:
        "`/team/member_update` finds no budget and makes a second one that it cannot attach; `/team/info` shows none",
        "the budget is changed and shown", "an accident";
    only_members_have_budgets_in_teams:
        "`/team/member_update` gives anybody a budget within the team",
        "400", "the budget waits for whoever gets that id";
    deleted_users_and_teams_leave_nothing:
        "deleted users stay members of their teams, deleted teams stay with their users, budgets of members with both",
        "all of it goes with them", "the next user of that name finds their rights";
    deleted_keys_and_teams_are_archived:
        "what is deleted is gone; LiteLLM of today keeps a copy of it, but not of the keys that go with their user",
        "the copy is made in the same transaction, also of keys that go with their user, team or membership; `/key/list?status=deleted`, \
         `/v2/team/list?status=deleted` and `/key/info` show it, and the secret of a deleted key is not issued again",
        "who asks what a key was that calls no more finds an answer";
    rotated_secrets_are_delivered:
        "LiteLLM of today gives a key that is due another secret even where no secret manager is there to keep it for the holder",
        "the address in `latchkey.key_rotation.deliver_to` is told the new secret before it is stored, and without an answer of \
         success, or such an address, the key keeps its own; keys that are blocked, ended or without a moment for it keep it, too",
        "the holder of a key whose new secret was told to no one is locked out";
    namesakes_see_no_archive:
        "LiteLLM of today shows deleted keys to every user of their owner's name, and deleted teams to every user of a member's name",
        "a user and the admins of a team see what was deleted since that user or that team came to be, and deleted teams are shown \
         to those who see all",
        "the next user of that name is somebody else";
    unknown_budgets_are_refused:
        "`/budget/update` and `/budget/delete` answer `null` when there is no such budget",
        "404", "the caller believes in a change";
    budgets_by_model_are_updated:
        "`/budget/update` with `model_max_budget` fails with 500",
        "it is stored", "an accident";
    updated_teams_keep_their_metadata:
        "`/team/update` with `tags` or `guardrails` forgets all other metadata",
        "it stays", "an accident";
    no_key_outlives_what_it_belongs_to:
        "a key that is made while its team, its user or its budget is deleted is left behind, and so is one of a member who leaves",
        "either it goes with them or it is not made", "who was removed goes on with a key that nobody knows of";
    large_documents_are_left_out_of_lists:
        "lists of keys and teams hold all documents of all rows",
        "those beyond 256 KiB a page of `/key/list`, 1 MiB in `/user/info`, `/team/info` and `/team/list` are `null`, and `complete` is false there",
        "a few holders of keys decided what an admin can still list";
    lists_are_bounded:
        "`/team/list` and `/budget/list` show every row of the table",
        "the oldest 1,000; `/v2/team/list` has all teams page by page, and viewers see the budgets, too",
        "an answer must not grow with what is stored";
    keys_of_teams_and_users_are_bounded:
        "`/team/info`, `/team/list` and `/user/info` show all keys of a team or a user, or all there are",
        "1,000 and `keys_complete: false`; `/key/list` has all, page by page",
        "one team with a million keys stops the server";
    memberships_of_teams_are_bounded:
        "`/team/info` and `/team/list` read every membership of a team",
        "1,000 are shown, and `memberships_complete: false`", "as with keys";
    members_see_their_team:
        "`/team/info` shows all keys of a team to each of its keys, and nothing to members with another key",
        "members see the team and their own keys, its admins all", "a key opens what its owner may see";
    keys_are_changed_by_their_own:
        "every key that may use the route updates and regenerates every key",
        "proxy admins, the owner and admins of the key's team; 404 for all others; an admin of the team rotates no key of another user",
        "whoever rotates a key has it, and acts as its owner";
    owners_loosen_nothing:
        "the owner of a key may raise its budget and limits, unblock it, revive it, reset its spend and give it away",
        "403", "a limit one can lift oneself is none";
    owners_keep_config_and_service_account:
        "the owner of a key may set `config`, which ends the check of its models, and take `service_account_id` away",
        "403, and the account stays", "a limit one can lift oneself is none";
    owners_block_their_keys:
        "`/key/block` is for proxy admins only",
        "owners and admins of the team, too; an owner does not unblock", "a leaked key must be stopped at once";
    bounds_hold_for_changes:
        "`/key/update` and regeneration pass by the upper bounds, also with `null` and by a temporary increase",
        "400, and `null` gets the bound", "absence must not slip past a bound";
    temporary_budgets_are_bounded:
        "`metadata` of a new key or user may hold a temporary increase beyond the upper bound of `max_budget`",
        "400, as on `/key/update`", "a bound one can lift for a time is none";
    attached_budgets_are_bounded:
        "every caller may give a key to any budget with `budget_id`, and its amounts count before the bounded ones of the key",
        "403 for all but proxy admins, and 400 where the budget is above an upper bound",
        "whoever knows a budget's name spends it";
    updated_budgets_are_bounded:
        "`/budget/update` raises a budget that keys have above the upper bounds",
        "400", "the bound held when the key got the budget";
    changed_amounts_are_judged:
        "`/key/update` takes negative amounts",
        "400", "spending never exceeds `NaN`, a negative spend is a gift";
    licences_hold_for_changes:
        "`/key/update` takes tags without a licence",
        "400", "what needs a licence on a new key needs it on every key";
    changed_keys_have_known_teams:
        "a key moves to a team that does not exist, or to somebody outside its team",
        "400", "a key of a team nobody administers is nobody's to revoke";
    null_clears_an_expiry:
        "`duration` and `budget_duration` of `null` change nothing",
        "they take the expiry and the budget's window away, within the upper bounds", "there was no way back";
    regenerated_aliases_are_unique:
        "regeneration gives two keys one alias",
        "400", "an alias names one key";
    regenerated_keys_keep_their_id:
        "a regenerated key is known by its new hash only, and its old secret stops at once",
        "`key_id` stays, `grace_period` lets the former secrets work until then, or until the key ends or is regenerated again",
        "a secret is replaced in many places, one after the other";
    deletions_are_whole:
        "deleting several keys stops half way, and unknown keys count as deleted for proxy admins",
        "all are deleted, or 404 names those that were not found and none is", "the caller believes a key is gone";
    infos_are_for_their_owners:
        "`/v2/key/info` shows every key to everybody, and all keys to who names an alias",
        "those of the named keys that the caller may see", "metadata holds secrets";
    the_master_key_is_no_key:
        "blocking the master key answers `null` and does nothing",
        "404", "the caller believes in a change";
    custom_rule_judges_changes:
        "the operator's own rule judges new keys before their defaults are in, and no change of a key",
        "it judges what will be stored, on `/key/generate`, `/key/update` and `/key/{key}/regenerate`",
        "what a new key may not be, an update must not make it";
    member_budgets_are_not_zero:
        "`max_budget_in_team` may be `0`, which the gateway takes for no limit",
        "400", "who writes zero means nothing";
    null_clears_a_members_budget:
        "`/team/member_update` with `max_budget_in_team: null` answers 200 and changes nothing",
        "the member loses their own budget and has the team's default budget, if there is one", "the reply must say what is stored";
    limits_by_model_are_not_zero:
        "`0` is taken in `model_rpm_limit`, `model_tpm_limit` and `model_max_budget`, and the gateway lets everything pass then",
        "400", "who writes zero means nothing";
    foreign_teams_show_no_members:
        "`/team/member_add` tells everybody the members of a team when it names one of them, and which teams there are",
        "403 before anything is told, for a team that does not exist as well", "names are what the next attack begins with";
    newcomers_bring_nothing_along:
        "who joins a team that is open chooses a budget within it, and an e-mail address",
        "403", "a limit one sets oneself is none";
    leaving_a_team_removes_its_keys:
        "a member who is removed from a team keeps its keys, without a budget",
        "the keys of the team go with the member", "a key of a team is spent by its members";
    keys_leave_teams_as_new_ones:
        "whoever may update or regenerate a key takes it out of its team, a blocked one too",
        "403 but for proxy admins, and for admins of the team who could make such a key where it goes; out of a team that is blocked or over its budget for proxy admins only",
        "a key that left its team has neither its block nor its budget, and only its holder sees it";
    keys_keep_an_owner:
        "everybody who may update a key takes it from its owner with `user_id: null`",
        "403 for all but proxy admins", "keys without owner escape every rule on owners";
    session_keys_come_from_admins:
        "a session key of the dashboard makes further keys of the team `litellm-dashboard`",
        "403 for all but proxy admins", "limits of a session key bind nothing that is made with it";
    keys_hand_on_their_limits:
        "a key with an expiry, models, rates, budgets by model or guardrails makes keys without them, raises keys of its team, and rotates keys that have more",
        "a new key gets what was not asked and 400 where more was; a change raises nothing beyond the calling key, and the secret of a key that has more is 403; proxy admins and the dashboard's session keys are free",
        "a limit one can leave behind is none";
    limited_keys_reset_no_spend:
        "an admin of a team resets what a key of the team has spent with a key that has a budget, that key itself included",
        "403", "a budget that its holder resets is none";
    budgets_of_keys_are_small:
        "the budget row that comes with a `soft_budget` repeats the key's `model_max_budget`",
        "the row has the soft budget alone", "keys are shown with their budgets, and those would fill an answer";
    columns_are_bounded:
        "texts, lists and documents may be as long as a body",
        "400 above 512 bytes of text, 256 of a model's name, 1,000 names, 64 KiB of a list or document and 128 KiB of all in one row, 1 MiB of a team's members (256 KiB where nothing stops a decision) and 500 in one request, on keys, users, teams, members and budgets; what is larger already may stay, shrink and go",
        "every request by a key reads them";
    keys_are_counted:
        "a user makes as many keys as they like",
        "400 from 10,000 keys of a user or a team on, or what `latchkey.max_keys_per_user` and `max_keys_per_team` say; proxy admins are free",
        "whoever has more keys than can be read cannot be removed";
    reserved_metadata_is_for_admins:
        "everybody puts `allowed_passthrough_routes`, `disable_global_guardrails` and the like into a key's metadata, which LiteLLM 1.109 obeys, and takes `denied_passthrough_routes` out",
        "403 for all but proxy admins", "with such a key one opens the administration at LiteLLM beside it";
    service_accounts_are_of_teams:
        "a key without a team may be a service account, and become another one",
        "400; whoever replaces the metadata need not repeat the account", "whose account it is decides what it must send";
    shared_budgets_stay_shared:
        "newcomers get no budget where members of a team share one (`metadata.team_member_budget_id`)",
        "they get it; a change for one member makes a row of their own with the other limits of the shared one",
        "LiteLLM 1.109 points all members of a team at one row: a raise for one was a raise for all";
    the_key_is_judged_before_the_body:
        "a body is read whole before the key is looked at, so that who has none is told what is wrong with the body",
        "401 first, and a body that is still on its way is not read for strangers",
        "memory for a body is nothing to give to everybody";
    heads_are_answered:
        "405 to `HEAD`", "the status and the headers of `GET`, wherever there is one",
        "load balancers and containers ask by `HEAD` whether a server is alive";
    origins_are_named:
        "pages of every origin may read replies and send requests, with credentials (CORS)",
        "pages of the origins in `latchkey.cors.origins` may, without them none",
        "a page that a user happens to visit should reach no admin API";
    routes_of_a_key_bind_it:
        "`allowed_routes`, which release 1.109 writes, mean nothing to it",
        "403 for every route that the list does not name, for every role; it opens no route that the role does not",
        "a key that sits in an application must not administer its owner's platform";
    keys_hand_on_their_routes:
        "a key made with a key may call what its owner may",
        "it gets the list of the key in use, and no key with a wider list can be regenerated with it",
        "a list that one request takes off is none";
    deactivated_users_are_shut_out:
        "a user whose `metadata.scim_active` is `false` goes on",
        "401", "the identity provider has deactivated them";
    keys_of_blocked_projects_are_shut_out:
        "a key of a blocked project of release 1.109 goes on",
        "401", "the project was blocked for all of its keys";
    members_need_their_teams_permission:
        "every member makes keys of the team, whatever `team_member_permissions` of release 1.109 say",
        "401 where a team's list does not name it: generate, update, regenerate, delete, block; admins of the team are free",
        "LiteLLM of today, on the same database, refuses it";
    moved_keys_need_the_new_teams_permission:
        "an admin of one team moves their own keys to every team they are a member of",
        "401 where the list of the new team does not name `/key/generate` and what is done", "a key that moves is a new key of the team";
    keys_of_members_end_in_time:
        "`metadata.team_member_key_duration` of a team means nothing",
        "a member's key in the team, made there or moved into it, expires within that time, also when a proxy admin makes it",
        "LiteLLM of today, on the same database, bounds them";
    graces_of_litellm_count:
        "a secret within the grace period of release 1.109 is unknown, and may be issued again",
        "it works until its end, is moved along, ended and removed like those of Latchkey, which LiteLLM is told of",
        "a secret is replaced in many places, and both programs serve them";
    organizations_that_exist_are_taken:
        "a team of an organization is refused, since it makes none",
        "one that exists in the database is taken", "LiteLLM of today makes them there";
    teams_stay_within_their_organization:
        "organizations bind nothing, since there are none",
        "a team has no higher limits and no other models than its organization, nor one that moves there; without a list of models it gets that of the organization",
        "LiteLLM of today refuses the same, but for the team without a list; groups of models in an organization's list are not looked through here";
    public_routes_ask_nothing:
        "`/health/liveliness` and the other routes without a key are refused by `allowed_routes`, and by some members of a body",
        "they answer everybody", "who asks whether a server is alive knows nothing of its settings";
    public_routes_change_nothing:
        "an entry of `public_routes` lets anybody without a key create, change and delete keys, users and teams, even proxy admins",
        "a route that changes something needs a key whatever the list says; the server warns at the start", "LiteLLM 1.109 refuses it too; public routes are for reading";
    dots_in_patterns_are_dots:
        "a dot in a pattern of models matches any character: `gpt-3.5*` opens `gpt-345`",
        "a dot matches a dot alone", "a pattern opens what it says and nothing else";
    fallbacks_are_counted:
        "a request names as many `fallbacks` as fit into a body",
        "400 above 100", "each of them is compared with all that the key may call";
    members_make_keys_of_their_teams:
        "to make a key of a team, members and admins need a key of that team or a session of the dashboard",
        "members and admins make them with any of their keys", "who one is decides, not which key one has at hand";
    damaged_rows_decide_nothing:
        "a row that cannot be read counts as absent",
        "409, and nothing is decided", "who damages the row of a block or a limit takes it away";
    decisions_hold_until_they_are_stored:
        "what was decided is stored although the key in use, its user or a team that it was decided by was blocked, changed or deleted meanwhile",
        "it is decided again by what is so then", "a block counts from the moment on in which it is stored";
    audit_rows_name_the_actor:
        "the audit log takes the actor from `litellm-changed-by` of any caller, names the proxy admin for a key without a user, and shows the hash of the master key",
        "only a proxy admin's header counts; a key without a user is named itself, and the master key is `master_key`", "whoever changes something does not say who it was";
    nulls_leave_teams_as_they_are:
        "`/team/update` refuses `null` for `metadata`, `models` and `blocked`",
        "it changes nothing there", "an accident";
    newcomers_show_their_names_only:
        "`/team/member_add` shows an admin of the team all that a newcomer has",
        "the id and the e-mail address", "whoever adds a user by their address reads their budgets and limits";
    replies_stay_where_they_are_sent:
        "replies say nothing to caches and browsers",
        "`cache-control: no-store` and `x-content-type-options: nosniff`; `/docs` runs what it brings and stands in no other page",
        "a reply may hold secrets";
    organizations_with_teams_stay:
        "later releases have `/organization/delete`, which deletes the organization's teams, leaves their keys without a team, and stops halfway at one that does not exist",
        "409 while it has teams; memberships and keys of the organization go with it, all of them or none",
        "a key whose team is gone is limited by nothing";
    members_of_organizations_see_themselves:
        "later releases have `/organization/list`, which shows each member all others, and all teams with their settings",
        "who does not administer the organization sees their own membership and their own teams, and who may see everything all of it, at `/organization/info`, too",
        "whom somebody else works with is not for everybody";
    members_of_organizations_get_their_budget:
        "later releases have `/organization/member_add`, which takes `max_budget_in_organization` and stores nothing of it",
        "each newcomer gets a budget of their own; a row that others have, too, is not changed for one member",
        "the caller believes in a limit that was never stored";
    leaving_an_organization_removes_its_keys:
        "later releases have `/organization/member_delete`, which keeps the keys that the user has of the organization, and answers 200 where the user is not a member",
        "the user's keys of the organization are deleted; 404 where the user is not a member",
        "who has left spends nothing of the organization's";
}
