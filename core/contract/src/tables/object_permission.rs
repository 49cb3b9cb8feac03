//! Servers, agents and stores that a key, a team or a user may use.

use super::table::table;
use crate::json::JsonText;

table! {
    /// What the rows that name it may use beside models; an empty list names nothing.
    ObjectPermission in "LiteLLM_ObjectPermissionTable" optional, key [object_permission_id], indexed [] {
        /// Its id.
        object_permission_id: String,
        /// MCP servers.
        mcp_servers: Vec<String>,
        /// Groups of MCP servers.
        mcp_access_groups: Vec<String>,
        /// Tools by MCP server.
        mcp_tool_permissions: Option<JsonText>,
        /// Vector stores.
        vector_stores: Vec<String>,
        /// Agents.
        agents: Vec<String>,
        /// Groups of agents.
        agent_access_groups: Vec<String>,
    } optional {
        /// Models.
        models: Vec<String>,
        /// Tools that are blocked.
        blocked_tools: Vec<String>,
        /// Sets of tools.
        mcp_toolsets: Vec<String>,
        /// Search tools.
        search_tools: Vec<String>,
        /// Whether tools are searched for.
        mcp_tool_search_enabled: Option<bool>,
        /// Skills.
        skills: Vec<String>,
    }
}
