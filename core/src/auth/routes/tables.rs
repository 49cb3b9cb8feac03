//! Which routes the reference opens to whom. `{name}` stands for one segment.

/// Calls of models and what belongs to them.
pub(super) const LLM: &[&str] = &[
    "/engines/{model}/chat/completions",
    "/openai/deployments/{model}/chat/completions",
    "/chat/completions",
    "/v1/chat/completions",
    "/engines/{model}/completions",
    "/openai/deployments/{model}/completions",
    "/completions",
    "/v1/completions",
    "/engines/{model}/embeddings",
    "/openai/deployments/{model}/embeddings",
    "/embeddings",
    "/v1/embeddings",
    "/images/generations",
    "/v1/images/generations",
    "/audio/transcriptions",
    "/v1/audio/transcriptions",
    "/audio/speech",
    "/v1/audio/speech",
    "/moderations",
    "/v1/moderations",
    "/v1/batches",
    "/batches",
    "/v1/batches/{batch_id}",
    "/batches/{batch_id}",
    "/v1/files",
    "/files",
    "/v1/files/{file_id}",
    "/files/{file_id}",
    "/v1/files/{file_id}/content",
    "/files/{file_id}/content",
    "/fine_tuning/jobs",
    "/v1/fine_tuning/jobs",
    "/fine_tuning/jobs/{fine_tuning_job_id}/cancel",
    "/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel",
    "/assistants",
    "/v1/assistants",
    "/v1/assistants/{assistant_id}",
    "/assistants/{assistant_id}",
    "/threads",
    "/v1/threads",
    "/threads/{thread_id}",
    "/v1/threads/{thread_id}",
    "/threads/{thread_id}/messages",
    "/v1/threads/{thread_id}/messages",
    "/threads/{thread_id}/runs",
    "/v1/threads/{thread_id}/runs",
    "/models",
    "/v1/models",
    "/utils/token_counter",
    "/rerank",
    "/v1/rerank",
    "/realtime",
    "/v1/realtime",
    "/v1/messages",
    "/openai/deployments/{provider}/{model}/chat/completions",
];

/// Paths under which requests are passed on to a provider.
pub(super) const PASS_THROUGH: &[&str] = &[
    "/bedrock",
    "/vertex-ai",
    "/vertex_ai",
    "/cohere",
    "/gemini",
    "/anthropic",
    "/langfuse",
    "/azure",
    "/openai",
    "/assemblyai",
    "/eu.assemblyai",
];

/// What everyone with a key may look up; the operations decide what they get to see.
pub(super) const INFO: &[&str] = &[
    "/key/info",
    "/key/health",
    "/team/info",
    "/team/list",
    "/team/available",
    "/user/info",
    "/model/info",
    "/v2/model/info",
    "/v2/key/info",
    "/model_group/info",
    "/health",
];

/// What no key opens, only the master key.
pub(super) const MASTER_ONLY: &[&str] = &["/global/spend/reset", "/key/list"];

/// The administration of keys, users, teams and models.
pub(super) const MANAGEMENT: &[&str] = &[
    "/key/generate",
    "/key/{token_id}/regenerate",
    "/key/update",
    "/key/delete",
    "/key/info",
    "/key/health",
    "/user/new",
    "/user/update",
    "/user/delete",
    "/user/info",
    "/team/new",
    "/team/update",
    "/team/delete",
    "/team/list",
    "/team/info",
    "/team/block",
    "/team/unblock",
    "/team/available",
    "/model/new",
    "/model/update",
    "/model/delete",
    "/model/info",
];

/// What was spent by key, user and tag.
pub(super) const SPEND: &[&str] =
    &["/spend/keys", "/spend/users", "/spend/tags", "/spend/calculate", "/spend/logs"];

/// What was spent on the whole platform; also for keys with the permission `get_spend_routes`.
pub(super) const GLOBAL_SPEND: &[&str] = &[
    "/global/spend/logs",
    "/global/spend",
    "/global/spend/keys",
    "/global/spend/teams",
    "/global/spend/end_users",
    "/global/spend/models",
    "/global/predict/spend/logs",
    "/global/spend/report",
    "/global/spend/provider",
];

/// Open without a key.
pub(super) const PUBLIC: &[&str] = &[
    "/routes",
    "/",
    "/health/liveliness",
    "/health/liveness",
    "/health/readiness",
    "/test",
    "/config/yaml",
    "/metrics",
];

/// For session keys of the dashboard, beside [`INFO`].
pub(super) const DASHBOARD: &[&str] = &[
    "/sso",
    "/sso/get/ui_settings",
    "/login",
    "/config",
    "/spend",
    "/user",
    "/models",
    "/v1/models",
    "/global/spend",
    "/global/spend/logs",
    "/global/spend/keys",
    "/global/spend/models",
    "/global/predict/spend/logs",
    "/global/activity",
    "/health/services",
];

/// For internal users, beside [`SPEND`].
pub(super) const INTERNAL_USER: &[&str] = &[
    "/key/generate",
    "/key/{token_id}/regenerate",
    "/key/update",
    "/key/delete",
    "/key/health",
    "/key/info",
    "/global/spend/tags",
    "/global/spend/keys",
    "/global/spend/models",
    "/global/spend/provider",
    "/global/spend/end_users",
    "/global/activity",
    "/global/activity/model",
];

/// Open to every role: the operations decide.
pub(super) const SELF_MANAGED: &[&str] = &["/team/member_add", "/team/member_delete", "/model/new"];

/// Profile strict: open to every role, the operations decide what each gets to see.
pub(super) const OPEN: &[&str] = &[
    "/key/list",
    "/policy",
    "/user/list",
    "/v2/user/info",
    "/user/filter/ui",
    "/v2/team/list",
    "/organization/info",
    "/organization/list",
    // these say themselves that they are for proxy admins
    "/organization/new",
    "/organization/delete",
];

/// Profile strict: for internal users, too, as LiteLLM has it since.
pub(super) const INTERNAL_USER_TODAY: &[&str] = &[
    "/key/aliases",
    "/key/bulk_update",
    "/key/service-account/generate",
    "/team/key/bulk_update",
    "/team/permissions_list",
    "/team/permissions_update",
];

/// Profile strict: open to every role but the viewers, the operations judge whose key, or whose organization, it is.
pub(super) const OWNERS: &[&str] = &[
    "/key/block",
    "/key/unblock",
    "/organization/member_add",
    "/organization/member_update",
    "/organization/member_delete",
];

/// Profile strict: changes that the reference forgets to keep from the viewing admin.
pub(super) const CHANGES: &[&str] = &[
    "/key/block",
    "/key/unblock",
    "/key/regenerate",
    "/key/bulk_update",
    "/key/service-account/generate",
    "/team/key/bulk_update",
    "/team/model/add",
    "/team/model/delete",
    "/team/permissions_update",
    "/team/bulk_member_add",
    "/budget/new",
    "/budget/update",
    "/budget/delete",
    "/team/member_add",
    "/team/member_delete",
    "/team/member_update",
    "/organization/update",
    "/organization/member_add",
    "/organization/member_update",
    "/organization/member_delete",
];
