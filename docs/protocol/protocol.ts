// Made by npm run protocol:gen from what the stock plugins register. Do not edit.

/** Of every connection. */
export type ConnectParams = {
  readonly "minProtocol": number;
  readonly "maxProtocol": number;
  readonly "client": {
    readonly "id": "webchat-ui" | "openclaw-control-ui" | "webchat" | "cli" | "gateway-client" | "openclaw-macos" | "openclaw-ios" | "openclaw-android" | "node-host" | "test" | "fingerprint" | "openclaw-probe";
    readonly "displayName"?: string;
    readonly "version": string;
    readonly "platform": string;
    readonly "deviceFamily"?: string;
    readonly "modelIdentifier"?: string;
    readonly "mode": "webchat" | "cli" | "ui" | "backend" | "node" | "probe" | "test";
    readonly "instanceId"?: string;
  };
  readonly "caps"?: readonly (string)[];
  readonly "commands"?: readonly (string)[];
  readonly "permissions"?: { readonly [name: string]: boolean };
  readonly "pathEnv"?: string;
  readonly "role"?: string;
  readonly "scopes"?: readonly (string)[];
  readonly "device"?: {
    readonly "id": string;
    readonly "publicKey": string;
    readonly "signature": string;
    readonly "signedAt": number;
    readonly "nonce"?: string;
  };
  readonly "auth"?: {
    readonly "token"?: string;
    readonly "password"?: string;
  };
  readonly "locale"?: string;
  readonly "userAgent"?: string;
};

/** Of every connection. */
export type ErrorFrame = {
  readonly "code": string;
  readonly "message": string;
  readonly "details"?: unknown;
  readonly "retryable"?: boolean;
  readonly "retryAfterMs"?: number;
};

/** Of every connection. */
export type EventFrame = {
  readonly "type": "event";
  readonly "event": string;
  readonly "payload"?: unknown;
  readonly "seq"?: number;
  readonly "stateVersion"?: {
    readonly "presence": number;
    readonly "health": number;
  };
};

/** Of every connection. */
export type HelloOk = {
  readonly "type": "hello-ok";
  readonly "protocol": number;
  readonly "server": {
    readonly "version": string;
    readonly "commit"?: string;
    readonly "host"?: string;
    readonly "connId": string;
    readonly [name: string]: unknown;
  };
  readonly "features": {
    readonly "methods": readonly (string)[];
    readonly "events": readonly (string)[];
    readonly [name: string]: unknown;
  };
  readonly "snapshot": {
    readonly "presence": readonly ({
      readonly "ts": number;
      readonly [name: string]: unknown;
    })[];
    readonly "health": {
      readonly [name: string]: unknown;
    };
    readonly "stateVersion": {
      readonly "presence": number;
      readonly "health": number;
    };
    readonly "uptimeMs": number;
    readonly "configPath"?: string;
    readonly "stateDir"?: string;
    readonly "sessionDefaults"?: {
      readonly "defaultAgentId": string;
      readonly "mainKey": string;
      readonly "mainSessionKey": string;
      readonly "scope"?: string;
      readonly [name: string]: unknown;
    };
    readonly [name: string]: unknown;
  };
  readonly "canvasHostUrl"?: string;
  readonly "canvasCapability"?: {
    readonly "token": string;
    readonly "expiresAtMs": number;
    readonly [name: string]: unknown;
  };
  readonly "auth"?: {
    readonly "deviceToken": string;
    readonly "role": string;
    readonly "scopes": readonly (string)[];
    readonly "issuedAtMs"?: number;
    readonly [name: string]: unknown;
  };
  readonly "policy": {
    readonly "maxPayload": number;
    readonly "maxBufferedBytes": number;
    readonly "tickIntervalMs": number;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Of every connection. */
export type RequestFrame = {
  readonly "type": "req";
  readonly "id": string | number;
  readonly "method": string;
  readonly "params"?: unknown;
};

/** Of every connection. */
export type ResponseFrame = {
  readonly "type": "res";
  readonly "id": string | number;
  readonly "ok": boolean;
  readonly "payload"?: unknown;
  readonly "error"?: {
    readonly "code": string;
    readonly "message": string;
    readonly "details"?: unknown;
    readonly "retryable"?: boolean;
    readonly "retryAfterMs"?: number;
  };
};

/** Parameters of `agent`. */
export type AgentParams = {
  readonly "message": string;
  readonly "agentId"?: string;
  readonly "to"?: string;
  readonly "replyTo"?: string;
  readonly "sessionId"?: string;
  readonly "sessionKey"?: string;
  readonly "thinking"?: string;
  readonly "deliver"?: boolean;
  readonly "attachments"?: readonly (unknown)[];
  readonly "channel"?: string;
  readonly "replyChannel"?: string;
  readonly "accountId"?: string;
  readonly "replyAccountId"?: string;
  readonly "threadId"?: string;
  readonly "groupId"?: string;
  readonly "groupChannel"?: string;
  readonly "groupSpace"?: string;
  readonly "timeout"?: number;
  readonly "lane"?: string;
  readonly "extraSystemPrompt"?: string;
  readonly "idempotencyKey": string;
  readonly "label"?: string;
  readonly "spawnedBy"?: string;
};

/** Answer of `agent`. */
export type AgentResult = {
  readonly "runId": string;
  readonly "status": string;
  readonly "acceptedAt"?: number;
  readonly "summary"?: string;
  readonly "result"?: {
    readonly "payloads": readonly ({
      readonly "text": string;
      readonly "mediaUrl": string | null;
      readonly "mediaUrls"?: readonly (string)[];
      readonly [name: string]: unknown;
    })[];
    readonly "meta": unknown;
    readonly "stats"?: {
      readonly "durationMs"?: number;
      readonly "tokensIn": number;
      readonly "tokensOut": number;
      readonly [name: string]: unknown;
    };
    readonly "delivery"?: {
      readonly "status": string;
      readonly "queueId"?: string;
      readonly "error"?: string;
      readonly [name: string]: unknown;
    };
    readonly [name: string]: unknown;
  };
  readonly "error"?: {
    readonly "code": string;
    readonly "message": string;
    readonly "retryable"?: boolean;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `agent.identity.get`. */
export type AgentIdentityGetParams = {
  readonly "agentId"?: string;
  readonly "sessionKey"?: string;
};

/** Answer of `agent.identity.get`. */
export type AgentIdentityGetResult = {
  readonly "name": string;
  readonly "theme"?: string;
  readonly "emoji"?: string;
  readonly "avatar": string;
  readonly "agentId": string;
  readonly [name: string]: unknown;
};

/** Parameters of `agent.wait`. */
export type AgentWaitParams = {
  readonly "runId": string;
  readonly "timeoutMs"?: number;
};

/** Answer of `agent.wait`. */
export type AgentWaitResult = {
  readonly "runId": string;
  readonly "status": string;
  readonly "startedAt"?: number;
  readonly "endedAt"?: number;
  readonly "error"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `agents.create`. */
export type AgentsCreateParams = {
  readonly "name": string;
  readonly "workspace": string;
  readonly "emoji"?: string;
  readonly "avatar"?: string;
};

/** Answer of `agents.create`. */
export type AgentsCreateResult = {
  readonly "ok": true;
  readonly "agentId": string;
  readonly "name": string;
  readonly "workspace": string;
  readonly [name: string]: unknown;
};

/** Parameters of `agents.delete`. */
export type AgentsDeleteParams = {
  readonly "agentId": string;
  readonly "deleteFiles"?: boolean;
};

/** Answer of `agents.delete`. */
export type AgentsDeleteResult = {
  readonly "ok": true;
  readonly "agentId": string;
  readonly "removedBindings": number;
  readonly "archived"?: readonly (string)[];
  readonly "kept"?: readonly (string)[];
  readonly [name: string]: unknown;
};

/** Parameters of `agents.files.get`. */
export type AgentsFilesGetParams = {
  readonly "agentId": string;
  readonly "name": string;
};

/** Answer of `agents.files.get`. */
export type AgentsFilesGetResult = {
  readonly "agentId": string;
  readonly "workspace": string;
  readonly "file": {
    readonly "name": string;
    readonly "path": string;
    readonly "missing": boolean;
    readonly "size"?: number;
    readonly "updatedAtMs"?: number;
    readonly "content"?: string;
    readonly "problem"?: string;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `agents.files.list`. */
export type AgentsFilesListParams = {
  readonly "agentId": string;
};

/** Answer of `agents.files.list`. */
export type AgentsFilesListResult = {
  readonly "agentId": string;
  readonly "workspace": string;
  readonly "files": readonly ({
    readonly "name": string;
    readonly "path": string;
    readonly "missing": boolean;
    readonly "size"?: number;
    readonly "updatedAtMs"?: number;
    readonly "content"?: string;
    readonly "problem"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `agents.files.set`. */
export type AgentsFilesSetParams = {
  readonly "agentId": string;
  readonly "name": string;
  readonly "content": string;
};

/** Answer of `agents.files.set`. */
export type AgentsFilesSetResult = {
  readonly "ok": true;
  readonly "agentId": string;
  readonly "workspace": string;
  readonly "file": {
    readonly "name": string;
    readonly "path": string;
    readonly "missing": boolean;
    readonly "size"?: number;
    readonly "updatedAtMs"?: number;
    readonly "content"?: string;
    readonly "problem"?: string;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `agents.list`. */
export type AgentsListParams = { readonly [name: string]: never };

/** Answer of `agents.list`. */
export type AgentsListResult = {
  readonly "defaultId": string;
  readonly "mainKey": string;
  readonly "scope": string;
  readonly "agents": readonly ({
    readonly "id": string;
    readonly "name"?: string;
    readonly "identity"?: {
      readonly "name"?: string;
      readonly "theme"?: string;
      readonly "emoji"?: string;
      readonly "avatar"?: string;
      readonly [name: string]: unknown;
    };
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `agents.update`. */
export type AgentsUpdateParams = {
  readonly "agentId": string;
  readonly "name"?: string;
  readonly "workspace"?: string;
  readonly "model"?: string;
  readonly "avatar"?: string;
};

/** Answer of `agents.update`. */
export type AgentsUpdateResult = {
  readonly "ok": true;
  readonly "agentId": string;
  readonly [name: string]: unknown;
};

/** Parameters of `browser.request`. */
export type BrowserRequestParams = {
  readonly [name: string]: unknown;
};

/** Answer of `browser.request`. */
export type BrowserRequestResult = unknown;

/** Parameters of `channels.logout`. */
export type ChannelsLogoutParams = {
  readonly "channel": string;
  readonly "accountId"?: string;
};

/** Answer of `channels.logout`. */
export type ChannelsLogoutResult = {
  readonly "channel": string;
  readonly "accountId": string;
  readonly "cleared": boolean;
  readonly "loggedOut"?: boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `channels.status`. */
export type ChannelsStatusParams = {
  readonly "probe"?: boolean;
  readonly "timeoutMs"?: number;
};

/** Answer of `channels.status`. */
export type ChannelsStatusResult = {
  readonly "ts": number;
  readonly "channelOrder": readonly (string)[];
  readonly "channelLabels": { readonly [name: string]: string };
  readonly "channelDetailLabels": { readonly [name: string]: string };
  readonly "channelSystemImages": { readonly [name: string]: string };
  readonly "channelMeta": readonly ({
    readonly "id": string;
    readonly "label": string;
    readonly "detailLabel": string;
    readonly "systemImage"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly "channels": { readonly [name: string]: {
    readonly "state": string;
    readonly "accounts": { readonly [name: string]: {
      readonly "accountId": string;
      readonly "enabled": boolean;
      readonly "configured": boolean;
      readonly "running": boolean;
      readonly "connected": boolean;
      readonly "lastError": string | null;
      readonly [name: string]: unknown;
    } };
    readonly [name: string]: unknown;
  } };
  readonly "channelAccounts": { readonly [name: string]: readonly ({
    readonly "accountId": string;
    readonly "enabled": boolean;
    readonly "configured": boolean;
    readonly "running": boolean;
    readonly "connected": boolean;
    readonly "lastError": string | null;
    readonly [name: string]: unknown;
  })[] };
  readonly "channelDefaultAccountId": { readonly [name: string]: string };
  readonly "issues": readonly ({
    readonly "channel": string;
    readonly "accountId": string;
    readonly "kind": string;
    readonly "message": string;
    readonly "fix"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `chat.abort`. */
export type ChatAbortParams = {
  readonly "sessionKey": string;
  readonly "runId"?: string;
};

/** Answer of `chat.abort`. */
export type ChatAbortResult = {
  readonly "ok": true;
  readonly "aborted": boolean;
  readonly "runIds": readonly (string)[];
  readonly [name: string]: unknown;
};

/** Parameters of `chat.history`. */
export type ChatHistoryParams = {
  readonly "sessionKey": string;
  readonly "limit"?: number;
};

/** Answer of `chat.history`. */
export type ChatHistoryResult = {
  readonly "sessionKey": string;
  readonly "sessionId"?: string;
  readonly "messages": readonly ({
    readonly "role": string;
    readonly "content"?: unknown;
    readonly "timestamp"?: number;
    readonly [name: string]: unknown;
  })[];
  readonly "thinkingLevel"?: string;
  readonly "verboseLevel"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `chat.inject`. */
export type ChatInjectParams = {
  readonly "sessionKey": string;
  readonly "message": string;
  readonly "label"?: string;
};

/** Answer of `chat.inject`. */
export type ChatInjectResult = {
  readonly "ok": true;
  readonly "messageId": string;
  readonly [name: string]: unknown;
};

/** Parameters of `chat.send`. */
export type ChatSendParams = {
  readonly "sessionKey": string;
  readonly "message": string;
  readonly "thinking"?: string;
  readonly "deliver"?: boolean;
  readonly "attachments"?: readonly (unknown)[];
  readonly "timeoutMs"?: number;
  readonly "idempotencyKey": string;
};

/** Answer of `chat.send`. */
export type ChatSendResult = {
  readonly "runId"?: string;
  readonly "status"?: string;
  readonly "summary"?: string;
  readonly "ok"?: boolean;
  readonly "aborted"?: boolean;
  readonly "runIds"?: readonly (string)[];
  readonly [name: string]: unknown;
};

/** Parameters of `config.apply`. */
export type ConfigApplyParams = {
  readonly "raw": string;
  readonly "baseHash"?: string;
  readonly "sessionKey"?: string;
  readonly "note"?: string;
  readonly "restartDelayMs"?: number;
};

/** Answer of `config.apply`. */
export type ConfigApplyResult = {
  readonly "ok": true;
  readonly "path": string;
  readonly "config": unknown;
  readonly "hash": string;
  readonly "plan": {
    readonly "hot": readonly (string)[];
    readonly "plugins": readonly (string)[];
    readonly "restart": readonly (string)[];
    readonly "none": readonly (string)[];
    readonly [name: string]: unknown;
  };
  readonly "restart": {
    readonly "ok": true;
    readonly "pid": number;
    readonly "signal": string;
    readonly "delayMs": number;
    readonly "reason": string;
    readonly "mode": string;
    readonly [name: string]: unknown;
  };
  readonly "sentinel": {
    readonly "path": string;
    readonly "payload": {
      readonly "kind": string;
      readonly "status": string;
      readonly "ts": number;
      readonly "sessionKey"?: string;
      readonly "message": string | null;
      readonly "doctorHint": string;
      readonly "stats": unknown;
      readonly [name: string]: unknown;
    };
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `config.get`. */
export type ConfigGetParams = { readonly [name: string]: never };

/** Answer of `config.get`. */
export type ConfigGetResult = {
  readonly "path": string;
  readonly "exists": boolean;
  readonly "raw": string | null;
  readonly "parsed": unknown;
  readonly "config": unknown;
  readonly "valid": boolean;
  readonly "hash": string;
  readonly "issues": readonly ({
    readonly "path": string;
    readonly "message": string;
    readonly "file"?: string;
    readonly "line"?: number;
    readonly "column"?: number;
    readonly "hint"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly "warnings": readonly ({
    readonly "path": string;
    readonly "message": string;
    readonly "file"?: string;
    readonly "line"?: number;
    readonly "column"?: number;
    readonly "hint"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly "includes": readonly (string)[];
  readonly "legacyIssues": readonly ({
    readonly "path": string;
    readonly "message": string;
    readonly "file"?: string;
    readonly "line"?: number;
    readonly "column"?: number;
    readonly "hint"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `config.patch`. */
export type ConfigPatchParams = {
  readonly "raw": string;
  readonly "baseHash"?: string;
  readonly "sessionKey"?: string;
  readonly "note"?: string;
  readonly "restartDelayMs"?: number;
};

/** Answer of `config.patch`. */
export type ConfigPatchResult = {
  readonly "ok": true;
  readonly "path": string;
  readonly "config": unknown;
  readonly "hash": string;
  readonly "plan": {
    readonly "hot": readonly (string)[];
    readonly "plugins": readonly (string)[];
    readonly "restart": readonly (string)[];
    readonly "none": readonly (string)[];
    readonly [name: string]: unknown;
  };
  readonly "restart": {
    readonly "ok": true;
    readonly "pid": number;
    readonly "signal": string;
    readonly "delayMs": number;
    readonly "reason": string;
    readonly "mode": string;
    readonly [name: string]: unknown;
  };
  readonly "sentinel": {
    readonly "path": string;
    readonly "payload": {
      readonly "kind": string;
      readonly "status": string;
      readonly "ts": number;
      readonly "sessionKey"?: string;
      readonly "message": string | null;
      readonly "doctorHint": string;
      readonly "stats": unknown;
      readonly [name: string]: unknown;
    };
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `config.plan`. */
export type ConfigPlanParams = {
  readonly "raw": string;
};

/** Answer of `config.plan`. */
export type ConfigPlanResult = {
  readonly "hot": readonly (string)[];
  readonly "plugins": readonly (string)[];
  readonly "restart": readonly (string)[];
  readonly "none": readonly (string)[];
  readonly [name: string]: unknown;
};

/** Parameters of `config.schema`. */
export type ConfigSchemaParams = { readonly [name: string]: never };

/** Answer of `config.schema`. */
export type ConfigSchemaResult = {
  readonly "schema": {
    readonly [name: string]: unknown;
  };
  readonly "uiHints": {
    readonly [name: string]: unknown;
  };
  readonly "version": string;
  readonly "generatedAt": string;
  readonly [name: string]: unknown;
};

/** Parameters of `config.set`. */
export type ConfigSetParams = {
  readonly "raw": string;
  readonly "baseHash"?: string;
};

/** Answer of `config.set`. */
export type ConfigSetResult = {
  readonly "ok": true;
  readonly "path": string;
  readonly "config": unknown;
  readonly "hash": string;
  readonly "plan": {
    readonly "hot": readonly (string)[];
    readonly "plugins": readonly (string)[];
    readonly "restart": readonly (string)[];
    readonly "none": readonly (string)[];
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `config.validate`. */
export type ConfigValidateParams = {
  readonly "raw": string;
};

/** Answer of `config.validate`. */
export type ConfigValidateResult = {
  readonly "valid": boolean;
  readonly "issues": readonly ({
    readonly "path": string;
    readonly "message": string;
    readonly "file"?: string;
    readonly "line"?: number;
    readonly "column"?: number;
    readonly "hint"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `cron.add`. */
export type CronAddParams = {
  readonly [name: string]: unknown;
};

/** Answer of `cron.add`. */
export type CronAddResult = {
  readonly "id": string;
  readonly "name": string;
  readonly "enabled": boolean;
  readonly "createdAtMs": number;
  readonly "updatedAtMs": number;
  readonly "schedule": {
    readonly "kind": "at";
    readonly "at": string;
  } | {
    readonly "kind": "every";
    readonly "everyMs": number;
    readonly "anchorMs"?: number;
  } | {
    readonly "kind": "cron";
    readonly "expr": string;
    readonly "tz"?: string;
  };
  readonly "sessionTarget": string;
  readonly "wakeMode": "next-heartbeat" | "now";
  readonly "payload": {
    readonly "kind": "systemEvent";
    readonly "text": string;
  } | {
    readonly "kind": "agentTurn";
    readonly "message": string;
    readonly "model"?: string;
    readonly "thinking"?: string;
    readonly "timeoutSeconds"?: number;
    readonly "allowUnsafeExternalContent"?: boolean;
  } | {
    readonly "kind": "message";
    readonly "text": string;
    readonly "channel"?: string;
    readonly "to"?: string;
    readonly "accountId"?: string;
    readonly "media"?: string;
  } | {
    readonly "kind": "webhook";
    readonly "url": string;
    readonly "method"?: "POST" | "GET" | "HEAD" | "PUT" | "PATCH" | "DELETE";
    readonly "headers"?: { readonly [name: string]: string };
    readonly "body"?: unknown;
    readonly "timeoutMs"?: number;
    readonly "secret"?: string;
  };
  readonly "delivery"?: {
    readonly "mode": "none" | "announce";
    readonly "channel"?: string;
    readonly "to"?: string;
    readonly "accountId"?: string;
    readonly "sessionKey"?: string;
    readonly "bestEffort"?: boolean;
  };
  readonly "state": {
    readonly "nextRunAtMs"?: number;
    readonly "runningAtMs"?: number;
    readonly "lastRunAtMs"?: number;
    readonly "lastStatus"?: "ok" | "error" | "skipped";
    readonly "lastError"?: string;
    readonly "lastDurationMs"?: number;
    readonly "consecutiveErrors"?: number;
    readonly "attempts"?: number;
    readonly [name: string]: unknown;
  };
  readonly "scheduleText": string;
  readonly "action": {
    readonly "type": "message" | "agent" | "webhook";
    readonly "params": {
      readonly [name: string]: unknown;
    };
  };
  readonly "deliverTo"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `cron.list`. */
export type CronListParams = {
  readonly "includeDisabled"?: boolean;
};

/** Answer of `cron.list`. */
export type CronListResult = {
  readonly "jobs": readonly ({
    readonly "id": string;
    readonly "name": string;
    readonly "enabled": boolean;
    readonly "createdAtMs": number;
    readonly "updatedAtMs": number;
    readonly "schedule": {
      readonly "kind": "at";
      readonly "at": string;
    } | {
      readonly "kind": "every";
      readonly "everyMs": number;
      readonly "anchorMs"?: number;
    } | {
      readonly "kind": "cron";
      readonly "expr": string;
      readonly "tz"?: string;
    };
    readonly "sessionTarget": string;
    readonly "wakeMode": "next-heartbeat" | "now";
    readonly "payload": {
      readonly "kind": "systemEvent";
      readonly "text": string;
    } | {
      readonly "kind": "agentTurn";
      readonly "message": string;
      readonly "model"?: string;
      readonly "thinking"?: string;
      readonly "timeoutSeconds"?: number;
      readonly "allowUnsafeExternalContent"?: boolean;
    } | {
      readonly "kind": "message";
      readonly "text": string;
      readonly "channel"?: string;
      readonly "to"?: string;
      readonly "accountId"?: string;
      readonly "media"?: string;
    } | {
      readonly "kind": "webhook";
      readonly "url": string;
      readonly "method"?: "POST" | "GET" | "HEAD" | "PUT" | "PATCH" | "DELETE";
      readonly "headers"?: { readonly [name: string]: string };
      readonly "body"?: unknown;
      readonly "timeoutMs"?: number;
      readonly "secret"?: string;
    };
    readonly "delivery"?: {
      readonly "mode": "none" | "announce";
      readonly "channel"?: string;
      readonly "to"?: string;
      readonly "accountId"?: string;
      readonly "sessionKey"?: string;
      readonly "bestEffort"?: boolean;
    };
    readonly "state": {
      readonly "nextRunAtMs"?: number;
      readonly "runningAtMs"?: number;
      readonly "lastRunAtMs"?: number;
      readonly "lastStatus"?: "ok" | "error" | "skipped";
      readonly "lastError"?: string;
      readonly "lastDurationMs"?: number;
      readonly "consecutiveErrors"?: number;
      readonly "attempts"?: number;
      readonly [name: string]: unknown;
    };
    readonly "scheduleText": string;
    readonly "action": {
      readonly "type": "message" | "agent" | "webhook";
      readonly "params": {
        readonly [name: string]: unknown;
      };
    };
    readonly "deliverTo"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `cron.remove`. */
export type CronRemoveParams = {
  readonly "id": string;
} | {
  readonly "jobId": string;
};

/** Answer of `cron.remove`. */
export type CronRemoveResult = {
  readonly "ok": true;
  readonly "removed": boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `cron.run`. */
export type CronRunParams = {
  readonly "id": string;
  readonly "mode"?: "due" | "force";
  readonly "wait"?: boolean;
} | {
  readonly "jobId": string;
  readonly "mode"?: "due" | "force";
  readonly "wait"?: boolean;
};

/** Answer of `cron.run`. */
export type CronRunResult = {
  readonly "ok": true;
  readonly "ran": true;
  readonly "runId"?: string;
  readonly [name: string]: unknown;
} | {
  readonly "ok": true;
  readonly "ran": false;
  readonly "reason": "not-due" | "already-running";
  readonly [name: string]: unknown;
};

/** Parameters of `cron.runs`. */
export type CronRunsParams = {
  readonly "id": string;
  readonly "limit"?: number;
} | {
  readonly "jobId": string;
  readonly "limit"?: number;
};

/** Answer of `cron.runs`. */
export type CronRunsResult = {
  readonly "entries": readonly ({
    readonly "ts": number;
    readonly "jobId": string;
    readonly "action": "finished";
    readonly "status"?: "ok" | "error" | "skipped";
    readonly "error"?: string;
    readonly "summary"?: string;
    readonly "sessionId"?: string;
    readonly "sessionKey"?: string;
    readonly "runAtMs"?: number;
    readonly "durationMs"?: number;
    readonly "nextRunAtMs"?: number;
    readonly "delivered"?: boolean;
    readonly "note"?: string;
    readonly "trigger"?: "schedule" | "manual" | "catchup";
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `cron.status`. */
export type CronStatusParams = { readonly [name: string]: never };

/** Answer of `cron.status`. */
export type CronStatusResult = {
  readonly "enabled": boolean;
  readonly "storePath": string;
  readonly "jobs": number;
  readonly "nextWakeAtMs": number | null;
  readonly [name: string]: unknown;
};

/** Parameters of `cron.update`. */
export type CronUpdateParams = {
  readonly "id": string;
  readonly "patch": {
    readonly [name: string]: unknown;
  };
} | {
  readonly "jobId": string;
  readonly "patch": {
    readonly [name: string]: unknown;
  };
};

/** Answer of `cron.update`. */
export type CronUpdateResult = {
  readonly "id": string;
  readonly "name": string;
  readonly "enabled": boolean;
  readonly "createdAtMs": number;
  readonly "updatedAtMs": number;
  readonly "schedule": {
    readonly "kind": "at";
    readonly "at": string;
  } | {
    readonly "kind": "every";
    readonly "everyMs": number;
    readonly "anchorMs"?: number;
  } | {
    readonly "kind": "cron";
    readonly "expr": string;
    readonly "tz"?: string;
  };
  readonly "sessionTarget": string;
  readonly "wakeMode": "next-heartbeat" | "now";
  readonly "payload": {
    readonly "kind": "systemEvent";
    readonly "text": string;
  } | {
    readonly "kind": "agentTurn";
    readonly "message": string;
    readonly "model"?: string;
    readonly "thinking"?: string;
    readonly "timeoutSeconds"?: number;
    readonly "allowUnsafeExternalContent"?: boolean;
  } | {
    readonly "kind": "message";
    readonly "text": string;
    readonly "channel"?: string;
    readonly "to"?: string;
    readonly "accountId"?: string;
    readonly "media"?: string;
  } | {
    readonly "kind": "webhook";
    readonly "url": string;
    readonly "method"?: "POST" | "GET" | "HEAD" | "PUT" | "PATCH" | "DELETE";
    readonly "headers"?: { readonly [name: string]: string };
    readonly "body"?: unknown;
    readonly "timeoutMs"?: number;
    readonly "secret"?: string;
  };
  readonly "delivery"?: {
    readonly "mode": "none" | "announce";
    readonly "channel"?: string;
    readonly "to"?: string;
    readonly "accountId"?: string;
    readonly "sessionKey"?: string;
    readonly "bestEffort"?: boolean;
  };
  readonly "state": {
    readonly "nextRunAtMs"?: number;
    readonly "runningAtMs"?: number;
    readonly "lastRunAtMs"?: number;
    readonly "lastStatus"?: "ok" | "error" | "skipped";
    readonly "lastError"?: string;
    readonly "lastDurationMs"?: number;
    readonly "consecutiveErrors"?: number;
    readonly "attempts"?: number;
    readonly [name: string]: unknown;
  };
  readonly "scheduleText": string;
  readonly "action": {
    readonly "type": "message" | "agent" | "webhook";
    readonly "params": {
      readonly [name: string]: unknown;
    };
  };
  readonly "deliverTo"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `device.pair.approve`. */
export type DevicePairApproveParams = {
  readonly "requestId": string;
};

/** Answer of `device.pair.approve`. */
export type DevicePairApproveResult = {
  readonly "requestId": string;
  readonly "device": {
    readonly "deviceId": string;
    readonly "publicKey": string;
    readonly "displayName"?: string;
    readonly "platform"?: string;
    readonly "clientId"?: string;
    readonly "clientMode"?: string;
    readonly "role"?: string;
    readonly "roles": readonly (string)[];
    readonly "scopes": readonly (string)[];
    readonly "remoteIp"?: string;
    readonly "createdAtMs": number;
    readonly "approvedAtMs": number;
    readonly "lastSeenAtMs"?: number;
    readonly "tokens": readonly ({
      readonly "role": string;
      readonly "scopes": readonly (string)[];
      readonly "createdAtMs": number;
      readonly "rotatedAtMs"?: number;
      readonly "revokedAtMs"?: number;
      readonly "lastUsedAtMs"?: number;
      readonly [name: string]: unknown;
    })[];
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `device.pair.list`. */
export type DevicePairListParams = { readonly [name: string]: never };

/** Answer of `device.pair.list`. */
export type DevicePairListResult = {
  readonly "pending": readonly ({
    readonly "requestId": string;
    readonly "deviceId": string;
    readonly "publicKey": string;
    readonly "displayName"?: string;
    readonly "platform"?: string;
    readonly "clientId"?: string;
    readonly "clientMode"?: string;
    readonly "role"?: string;
    readonly "roles"?: readonly (string)[];
    readonly "scopes": readonly (string)[];
    readonly "remoteIp"?: string;
    readonly "silent": boolean;
    readonly "isRepair": boolean;
    readonly "ts": number;
    readonly [name: string]: unknown;
  })[];
  readonly "paired": readonly ({
    readonly "deviceId": string;
    readonly "publicKey": string;
    readonly "displayName"?: string;
    readonly "platform"?: string;
    readonly "clientId"?: string;
    readonly "clientMode"?: string;
    readonly "role"?: string;
    readonly "roles": readonly (string)[];
    readonly "scopes": readonly (string)[];
    readonly "remoteIp"?: string;
    readonly "createdAtMs": number;
    readonly "approvedAtMs": number;
    readonly "lastSeenAtMs"?: number;
    readonly "tokens": readonly ({
      readonly "role": string;
      readonly "scopes": readonly (string)[];
      readonly "createdAtMs": number;
      readonly "rotatedAtMs"?: number;
      readonly "revokedAtMs"?: number;
      readonly "lastUsedAtMs"?: number;
      readonly [name: string]: unknown;
    })[];
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `device.pair.reject`. */
export type DevicePairRejectParams = {
  readonly "requestId": string;
};

/** Answer of `device.pair.reject`. */
export type DevicePairRejectResult = {
  readonly "requestId": string;
  readonly "deviceId": string;
  readonly [name: string]: unknown;
};

/** Parameters of `device.token.revoke`. */
export type DeviceTokenRevokeParams = {
  readonly "deviceId": string;
  readonly "role": string;
};

/** Answer of `device.token.revoke`. */
export type DeviceTokenRevokeResult = {
  readonly "deviceId": string;
  readonly "role": string;
  readonly "revokedAtMs": number;
  readonly [name: string]: unknown;
};

/** Parameters of `device.token.rotate`. */
export type DeviceTokenRotateParams = {
  readonly "deviceId": string;
  readonly "role": string;
  readonly "scopes"?: readonly (string)[];
};

/** Answer of `device.token.rotate`. */
export type DeviceTokenRotateResult = {
  readonly "deviceId": string;
  readonly "role": string;
  readonly "token": string;
  readonly "scopes": readonly (string)[];
  readonly "rotatedAtMs": number;
  readonly [name: string]: unknown;
};

/** Parameters of `exec.approval.list`. */
export type ExecApprovalListParams = { readonly [name: string]: never };

/** Answer of `exec.approval.list`. */
export type ExecApprovalListResult = {
  readonly "approvals": readonly ({
    readonly "id": string;
    readonly "request": {
      readonly "command": string;
      readonly "cwd": string | null;
      readonly "host": string | null;
      readonly "security": string | null;
      readonly "ask": string | null;
      readonly "agentId": string | null;
      readonly "resolvedPath": string | null;
      readonly "sessionKey": string | null;
      readonly "nodeId"?: string;
      readonly [name: string]: unknown;
    };
    readonly "createdAtMs": number;
    readonly "expiresAtMs": number;
  })[];
};

/** Parameters of `exec.approval.request`. */
export type ExecApprovalRequestParams = {
  readonly "id"?: string;
  readonly "command": string;
  readonly "cwd"?: string | null;
  readonly "host"?: string | null;
  readonly "security"?: string | null;
  readonly "ask"?: string | null;
  readonly "agentId"?: string | null;
  readonly "resolvedPath"?: string | null;
  readonly "sessionKey"?: string | null;
  readonly "timeoutMs"?: number;
  readonly "nodeId"?: string;
  readonly "argv"?: readonly (string)[];
  readonly "env"?: { readonly [name: string]: string };
};

/** Answer of `exec.approval.request`. */
export type ExecApprovalRequestResult = {
  readonly "id": string;
  readonly "decision": "allow-once" | "allow-always" | "deny" | null;
  readonly "createdAtMs": number;
  readonly "expiresAtMs": number;
};

/** Parameters of `exec.approval.resolve`. */
export type ExecApprovalResolveParams = {
  readonly "id": string;
  readonly "decision": string;
};

/** Answer of `exec.approval.resolve`. */
export type ExecApprovalResolveResult = {
  readonly "ok": true;
};

/** Parameters of `exec.approvals.get`. */
export type ExecApprovalsGetParams = { readonly [name: string]: never };

/** Answer of `exec.approvals.get`. */
export type ExecApprovalsGetResult = {
  readonly "path": string;
  readonly "exists": boolean;
  readonly "hash": string;
  readonly "file": {
    readonly "version": 1;
    readonly "socket"?: {
      readonly "path"?: string;
      readonly "token"?: string;
    };
    readonly "defaults"?: {
      readonly "security"?: string;
      readonly "ask"?: string;
      readonly "askFallback"?: string;
      readonly "autoAllowSkills"?: boolean;
    };
    readonly "agents"?: { readonly [name: string]: {
      readonly "security"?: string;
      readonly "ask"?: string;
      readonly "askFallback"?: string;
      readonly "autoAllowSkills"?: boolean;
      readonly "allowlist"?: readonly ({
        readonly "id"?: string;
        readonly "pattern": string;
        readonly "lastUsedAt"?: number;
        readonly "lastUsedCommand"?: string;
        readonly "lastResolvedPath"?: string;
      })[];
    } };
  };
};

/** Parameters of `exec.approvals.node.get`. */
export type ExecApprovalsNodeGetParams = {
  readonly "nodeId": string;
};

/** Answer of `exec.approvals.node.get`. */
export type ExecApprovalsNodeGetResult = {
  readonly "path"?: string;
  readonly "exists"?: boolean;
  readonly "hash"?: string;
  readonly "file"?: unknown;
  readonly [name: string]: unknown;
};

/** Parameters of `exec.approvals.node.set`. */
export type ExecApprovalsNodeSetParams = {
  readonly "nodeId": string;
  readonly "file": {
    readonly "version": 1;
    readonly "socket"?: {
      readonly "path"?: string;
      readonly "token"?: string;
    };
    readonly "defaults"?: {
      readonly "security"?: string;
      readonly "ask"?: string;
      readonly "askFallback"?: string;
      readonly "autoAllowSkills"?: boolean;
    };
    readonly "agents"?: { readonly [name: string]: {
      readonly "security"?: string;
      readonly "ask"?: string;
      readonly "askFallback"?: string;
      readonly "autoAllowSkills"?: boolean;
      readonly "allowlist"?: readonly ({
        readonly "id"?: string;
        readonly "pattern": string;
        readonly "lastUsedAt"?: number;
        readonly "lastUsedCommand"?: string;
        readonly "lastResolvedPath"?: string;
      })[];
    } };
  };
  readonly "baseHash"?: string;
};

/** Answer of `exec.approvals.node.set`. */
export type ExecApprovalsNodeSetResult = {
  readonly "path"?: string;
  readonly "exists"?: boolean;
  readonly "hash"?: string;
  readonly "file"?: unknown;
  readonly [name: string]: unknown;
};

/** Parameters of `exec.approvals.set`. */
export type ExecApprovalsSetParams = {
  readonly "file": {
    readonly "version": 1;
    readonly "socket"?: {
      readonly "path"?: string;
      readonly "token"?: string;
    };
    readonly "defaults"?: {
      readonly "security"?: string;
      readonly "ask"?: string;
      readonly "askFallback"?: string;
      readonly "autoAllowSkills"?: boolean;
    };
    readonly "agents"?: { readonly [name: string]: {
      readonly "security"?: string;
      readonly "ask"?: string;
      readonly "askFallback"?: string;
      readonly "autoAllowSkills"?: boolean;
      readonly "allowlist"?: readonly ({
        readonly "id"?: string;
        readonly "pattern": string;
        readonly "lastUsedAt"?: number;
        readonly "lastUsedCommand"?: string;
        readonly "lastResolvedPath"?: string;
      })[];
    } };
  };
  readonly "baseHash"?: string;
};

/** Answer of `exec.approvals.set`. */
export type ExecApprovalsSetResult = {
  readonly "path": string;
  readonly "exists": boolean;
  readonly "hash": string;
  readonly "file": {
    readonly "version": 1;
    readonly "socket"?: {
      readonly "path"?: string;
      readonly "token"?: string;
    };
    readonly "defaults"?: {
      readonly "security"?: string;
      readonly "ask"?: string;
      readonly "askFallback"?: string;
      readonly "autoAllowSkills"?: boolean;
    };
    readonly "agents"?: { readonly [name: string]: {
      readonly "security"?: string;
      readonly "ask"?: string;
      readonly "askFallback"?: string;
      readonly "autoAllowSkills"?: boolean;
      readonly "allowlist"?: readonly ({
        readonly "id"?: string;
        readonly "pattern": string;
        readonly "lastUsedAt"?: number;
        readonly "lastUsedCommand"?: string;
        readonly "lastResolvedPath"?: string;
      })[];
    } };
  };
};

/** Parameters of `health`. */
export type HealthParams = {
  readonly "probe"?: boolean;
  readonly [name: string]: unknown;
};

/** Answer of `health`. */
export type HealthResult = {
  readonly "ok": boolean;
  readonly "ts": number;
  readonly "durationMs": number;
  readonly [name: string]: unknown;
};

/** Parameters of `last-heartbeat`. */
export type LastHeartbeatParams = {
  readonly [name: string]: unknown;
};

/** Answer of `last-heartbeat`. */
export type LastHeartbeatResult = {
  readonly "ts": number;
  readonly "status": string;
  readonly "to"?: string;
  readonly "preview"?: string;
  readonly "durationMs"?: number;
  readonly "hasMedia"?: boolean;
  readonly "reason"?: string;
  readonly "channel"?: string;
  readonly "accountId"?: string;
  readonly "silent"?: boolean;
  readonly "indicatorType"?: string;
  readonly [name: string]: unknown;
} | null;

/** Parameters of `logs.tail`. */
export type LogsTailParams = {
  readonly "cursor"?: number;
  readonly "id"?: string;
  readonly "limit"?: number;
  readonly "maxBytes"?: number;
};

/** Answer of `logs.tail`. */
export type LogsTailResult = {
  readonly "file": string;
  readonly "cursor": number;
  readonly "size": number;
  readonly "lines": readonly (string)[];
  readonly "truncated"?: boolean;
  readonly "reset"?: boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `message.delete`. */
export type MessageDeleteParams = {
  readonly "to": string;
  readonly "channel": string;
  readonly "accountId"?: string;
  readonly "threadId"?: string;
  readonly "messageId"?: string;
  readonly "idempotencyKey": string;
};

/** Answer of `message.delete`. */
export type MessageDeleteResult = {
  readonly "channel": string;
  readonly "accountId": string;
  readonly "ok": true;
  readonly "to": string;
  readonly "messageId": string;
  readonly [name: string]: unknown;
};

/** Parameters of `message.edit`. */
export type MessageEditParams = {
  readonly "to": string;
  readonly "channel": string;
  readonly "accountId"?: string;
  readonly "threadId"?: string;
  readonly "messageId"?: string;
  readonly "idempotencyKey": string;
  readonly "message": string;
};

/** Answer of `message.edit`. */
export type MessageEditResult = {
  readonly "channel": string;
  readonly "accountId": string;
  readonly "ok": true;
  readonly "to": string;
  readonly "messageId": string;
  readonly [name: string]: unknown;
};

/** Parameters of `message.react`. */
export type MessageReactParams = {
  readonly "to": string;
  readonly "channel": string;
  readonly "accountId"?: string;
  readonly "threadId"?: string;
  readonly "messageId"?: string;
  readonly "idempotencyKey": string;
  readonly "emoji": string;
};

/** Answer of `message.react`. */
export type MessageReactResult = {
  readonly "channel": string;
  readonly "accountId": string;
  readonly "ok": true;
  readonly "to": string;
  readonly "messageId": string;
  readonly [name: string]: unknown;
};

/** Parameters of `models.list`. */
export type ModelsListParams = { readonly [name: string]: never };

/** Answer of `models.list`. */
export type ModelsListResult = {
  readonly "models": readonly ({
    readonly "id": string;
    readonly "name": string;
    readonly "provider": string;
    readonly "contextWindow"?: number;
    readonly "reasoning": boolean;
    readonly "input": readonly (string)[];
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `models.probe`. */
export type ModelsProbeParams = {
  readonly "agentId"?: string;
  readonly "timeoutMs"?: number;
};

/** Answer of `models.probe`. */
export type ModelsProbeResult = {
  readonly "probes": readonly ({
    readonly "model": string;
    readonly "profileId"?: string;
    readonly "ok": boolean;
    readonly "ms": number;
    readonly "reason"?: string;
    readonly "error"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `node.describe`. */
export type NodeDescribeParams = {
  readonly "nodeId": string;
};

/** Answer of `node.describe`. */
export type NodeDescribeResult = {
  readonly "ts": number;
  readonly "nodeId": string;
  readonly "displayName"?: string;
  readonly "platform"?: string;
  readonly "version"?: string;
  readonly "coreVersion"?: string;
  readonly "uiVersion"?: string;
  readonly "deviceFamily"?: string;
  readonly "modelIdentifier"?: string;
  readonly "remoteIp"?: string;
  readonly "caps": readonly (string)[];
  readonly "commands": readonly (string)[];
  readonly "pathEnv"?: string;
  readonly "permissions"?: { readonly [name: string]: boolean };
  readonly "connectedAtMs"?: number;
  readonly "lastConnectedAtMs"?: number;
  readonly "paired": boolean;
  readonly "connected": boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `node.event`. */
export type NodeEventParams = {
  readonly "event": string;
  readonly "payload"?: unknown;
  readonly "payloadJSON"?: string | null;
};

/** Answer of `node.event`. */
export type NodeEventResult = {
  readonly "ok": true;
  readonly [name: string]: unknown;
};

/** Parameters of `node.invoke`. */
export type NodeInvokeParams = {
  readonly "nodeId": string;
  readonly "command": string;
  readonly "params"?: unknown;
  readonly "timeoutMs"?: number;
  readonly "idempotencyKey": string;
};

/** Answer of `node.invoke`. */
export type NodeInvokeResult = {
  readonly "ok": true;
  readonly "nodeId": string;
  readonly "command": string;
  readonly "payload"?: unknown;
  readonly "payloadJSON"?: string | null;
  readonly [name: string]: unknown;
};

/** Parameters of `node.invoke.result`. */
export type NodeInvokeResultParams = {
  readonly "id": string;
  readonly "nodeId": string;
  readonly "ok": boolean;
  readonly "payload"?: unknown;
  readonly "payloadJSON"?: unknown;
  readonly "error"?: {
    readonly "code"?: string;
    readonly "message"?: string;
  } | null;
};

/** Answer of `node.invoke.result`. */
export type NodeInvokeResultResult = {
  readonly "ok": true;
  readonly "ignored"?: true;
  readonly [name: string]: unknown;
};

/** Parameters of `node.list`. */
export type NodeListParams = { readonly [name: string]: never };

/** Answer of `node.list`. */
export type NodeListResult = {
  readonly "ts": number;
  readonly "nodes": readonly ({
    readonly "nodeId": string;
    readonly "displayName"?: string;
    readonly "platform"?: string;
    readonly "version"?: string;
    readonly "coreVersion"?: string;
    readonly "uiVersion"?: string;
    readonly "deviceFamily"?: string;
    readonly "modelIdentifier"?: string;
    readonly "remoteIp"?: string;
    readonly "caps": readonly (string)[];
    readonly "commands": readonly (string)[];
    readonly "pathEnv"?: string;
    readonly "permissions"?: { readonly [name: string]: boolean };
    readonly "connectedAtMs"?: number;
    readonly "lastConnectedAtMs"?: number;
    readonly "paired": boolean;
    readonly "connected": boolean;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `node.pair.approve`. */
export type NodePairApproveParams = {
  readonly "requestId": string;
};

/** Answer of `node.pair.approve`. */
export type NodePairApproveResult = {
  readonly "requestId": string;
  readonly "node": {
    readonly "nodeId": string;
    readonly "displayName"?: string;
    readonly "platform"?: string;
    readonly "version"?: string;
    readonly "coreVersion"?: string;
    readonly "uiVersion"?: string;
    readonly "deviceFamily"?: string;
    readonly "modelIdentifier"?: string;
    readonly "remoteIp"?: string;
    readonly "caps"?: readonly (string)[];
    readonly "commands"?: readonly (string)[];
    readonly "token": string;
    readonly "createdAtMs": number;
    readonly "approvedAtMs": number;
    readonly "lastConnectedAtMs"?: number;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `node.pair.list`. */
export type NodePairListParams = { readonly [name: string]: never };

/** Answer of `node.pair.list`. */
export type NodePairListResult = {
  readonly "pending": readonly ({
    readonly "requestId": string;
    readonly "nodeId": string;
    readonly "displayName"?: string;
    readonly "platform"?: string;
    readonly "version"?: string;
    readonly "coreVersion"?: string;
    readonly "uiVersion"?: string;
    readonly "deviceFamily"?: string;
    readonly "modelIdentifier"?: string;
    readonly "remoteIp"?: string;
    readonly "caps"?: readonly (string)[];
    readonly "commands"?: readonly (string)[];
    readonly "silent"?: boolean;
    readonly "isRepair": boolean;
    readonly "ts": number;
    readonly [name: string]: unknown;
  })[];
  readonly "paired": readonly ({
    readonly "nodeId": string;
    readonly "displayName"?: string;
    readonly "platform"?: string;
    readonly "version"?: string;
    readonly "coreVersion"?: string;
    readonly "uiVersion"?: string;
    readonly "deviceFamily"?: string;
    readonly "modelIdentifier"?: string;
    readonly "remoteIp"?: string;
    readonly "caps"?: readonly (string)[];
    readonly "commands"?: readonly (string)[];
    readonly "token": string;
    readonly "createdAtMs": number;
    readonly "approvedAtMs": number;
    readonly "lastConnectedAtMs"?: number;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `node.pair.reject`. */
export type NodePairRejectParams = {
  readonly "requestId": string;
};

/** Answer of `node.pair.reject`. */
export type NodePairRejectResult = {
  readonly "requestId": string;
  readonly "nodeId": string;
  readonly [name: string]: unknown;
};

/** Parameters of `node.pair.request`. */
export type NodePairRequestParams = {
  readonly "nodeId": string;
  readonly "displayName"?: string;
  readonly "platform"?: string;
  readonly "version"?: string;
  readonly "coreVersion"?: string;
  readonly "uiVersion"?: string;
  readonly "deviceFamily"?: string;
  readonly "modelIdentifier"?: string;
  readonly "caps"?: readonly (string)[];
  readonly "commands"?: readonly (string)[];
  readonly "remoteIp"?: string;
  readonly "silent"?: boolean;
};

/** Answer of `node.pair.request`. */
export type NodePairRequestResult = {
  readonly "status": "pending";
  readonly "request": {
    readonly "requestId": string;
    readonly "nodeId": string;
    readonly "displayName"?: string;
    readonly "platform"?: string;
    readonly "version"?: string;
    readonly "coreVersion"?: string;
    readonly "uiVersion"?: string;
    readonly "deviceFamily"?: string;
    readonly "modelIdentifier"?: string;
    readonly "remoteIp"?: string;
    readonly "caps"?: readonly (string)[];
    readonly "commands"?: readonly (string)[];
    readonly "silent"?: boolean;
    readonly "isRepair": boolean;
    readonly "ts": number;
    readonly [name: string]: unknown;
  };
  readonly "created": boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `node.pair.verify`. */
export type NodePairVerifyParams = {
  readonly "nodeId": string;
  readonly "token": string;
};

/** Answer of `node.pair.verify`. */
export type NodePairVerifyResult = {
  readonly "ok": boolean;
  readonly "node"?: {
    readonly "nodeId": string;
    readonly "displayName"?: string;
    readonly "platform"?: string;
    readonly "version"?: string;
    readonly "coreVersion"?: string;
    readonly "uiVersion"?: string;
    readonly "deviceFamily"?: string;
    readonly "modelIdentifier"?: string;
    readonly "remoteIp"?: string;
    readonly "caps"?: readonly (string)[];
    readonly "commands"?: readonly (string)[];
    readonly "token": string;
    readonly "createdAtMs": number;
    readonly "approvedAtMs": number;
    readonly "lastConnectedAtMs"?: number;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `node.rename`. */
export type NodeRenameParams = {
  readonly "nodeId": string;
  readonly "displayName": string;
};

/** Answer of `node.rename`. */
export type NodeRenameResult = {
  readonly "nodeId": string;
  readonly "displayName": string;
  readonly [name: string]: unknown;
};

/** Parameters of `pairing.approve`. */
export type PairingApproveParams = {
  readonly "channel"?: string;
  readonly "code": string;
  readonly "accountId"?: string;
  readonly "notify"?: boolean;
};

/** Answer of `pairing.approve`. */
export type PairingApproveResult = {
  readonly "ok": true;
  readonly "channel": string;
  readonly "accountId": string;
  readonly "id": string;
  readonly [name: string]: unknown;
};

/** Parameters of `pairing.list`. */
export type PairingListParams = {
  readonly "channel"?: string;
  readonly "accountId"?: string;
};

/** Answer of `pairing.list`. */
export type PairingListResult = {
  readonly "channel"?: string;
  readonly "requests"?: readonly ({
    readonly "id": string;
    readonly "code": string;
    readonly "createdAt": string;
    readonly "lastSeenAt": string;
    readonly "accountId"?: string;
    readonly "meta": { readonly [name: string]: string };
    readonly [name: string]: unknown;
  })[];
  readonly "channels"?: readonly ({
    readonly "channel": string;
    readonly "requests": readonly ({
      readonly "id": string;
      readonly "code": string;
      readonly "createdAt": string;
      readonly "lastSeenAt": string;
      readonly "accountId"?: string;
      readonly "meta": { readonly [name: string]: string };
      readonly [name: string]: unknown;
    })[];
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `plugins.disable`. */
export type PluginsDisableParams = {
  readonly "id": string;
};

/** Answer of `plugins.disable`. */
export type PluginsDisableResult = {
  readonly "id": string;
  readonly "name": string;
  readonly "description"?: string;
  readonly "version"?: string;
  readonly "group": string;
  readonly "origin": string;
  readonly "source": string;
  readonly "essential": boolean;
  readonly "enabled": boolean;
  readonly "state": string;
  readonly "reason"?: string;
  readonly "error"?: string;
  readonly "activation": string;
  readonly "generation": number;
  readonly "loadMs"?: number;
  readonly "contributes": { readonly [name: string]: readonly (string)[] };
  readonly "diagnostics": readonly (string)[];
  readonly "unsupported": readonly (string)[];
  readonly "faults": number;
  readonly [name: string]: unknown;
};

/** Parameters of `plugins.enable`. */
export type PluginsEnableParams = {
  readonly "id": string;
};

/** Answer of `plugins.enable`. */
export type PluginsEnableResult = {
  readonly "id": string;
  readonly "name": string;
  readonly "description"?: string;
  readonly "version"?: string;
  readonly "group": string;
  readonly "origin": string;
  readonly "source": string;
  readonly "essential": boolean;
  readonly "enabled": boolean;
  readonly "state": string;
  readonly "reason"?: string;
  readonly "error"?: string;
  readonly "activation": string;
  readonly "generation": number;
  readonly "loadMs"?: number;
  readonly "contributes": { readonly [name: string]: readonly (string)[] };
  readonly "diagnostics": readonly (string)[];
  readonly "unsupported": readonly (string)[];
  readonly "faults": number;
  readonly [name: string]: unknown;
};

/** Parameters of `plugins.list`. */
export type PluginsListParams = { readonly [name: string]: never };

/** Answer of `plugins.list`. */
export type PluginsListResult = {
  readonly "plugins": readonly ({
    readonly "id": string;
    readonly "name": string;
    readonly "description"?: string;
    readonly "version"?: string;
    readonly "group": string;
    readonly "origin": string;
    readonly "source": string;
    readonly "essential": boolean;
    readonly "enabled": boolean;
    readonly "state": string;
    readonly "reason"?: string;
    readonly "error"?: string;
    readonly "activation": string;
    readonly "generation": number;
    readonly "loadMs"?: number;
    readonly "contributes": { readonly [name: string]: readonly (string)[] };
    readonly "diagnostics": readonly (string)[];
    readonly "unsupported": readonly (string)[];
    readonly "faults": number;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `plugins.reload`. */
export type PluginsReloadParams = {
  readonly "id": string;
};

/** Answer of `plugins.reload`. */
export type PluginsReloadResult = {
  readonly "id": string;
  readonly "ok": boolean;
  readonly "state": string;
  readonly "durationMs": number;
  readonly "error"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `poll`. */
export type PollParams = {
  readonly "to": string;
  readonly "channel"?: string;
  readonly "accountId"?: string;
  readonly "question": string;
  readonly "options": readonly (string)[];
  readonly "maxSelections"?: number;
  readonly "durationHours"?: number;
  readonly "idempotencyKey": string;
};

/** Answer of `poll`. */
export type PollResult = {
  readonly "runId": string;
  readonly "channel": string;
  readonly "messageId"?: string;
  readonly "chatId"?: string;
  readonly "channelId"?: string;
  readonly "toJid"?: string;
  readonly "conversationId"?: string;
  readonly "pollId"?: string;
  readonly "status"?: string;
  readonly "queueId"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `queue.drop`. */
export type QueueDropParams = {
  readonly "id": string;
};

/** Answer of `queue.drop`. */
export type QueueDropResult = {
  readonly "id": string;
  readonly "state": string;
  readonly "channel": string;
  readonly "accountId": string;
  readonly "attempts": number;
  readonly "reason"?: string;
  readonly "text": string;
  readonly "ok": true;
  readonly "direction": string;
  readonly "to"?: string;
  readonly "createdAt"?: number;
  readonly "nextAttemptAt"?: number;
  readonly "workId"?: string;
  readonly "runId"?: string;
  readonly "from"?: string;
  readonly "sessionKey"?: string;
  readonly "acceptedAt"?: number;
  readonly "deferred"?: boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `queue.list`. */
export type QueueListParams = {
  readonly "state"?: "pending" | "attempting" | "unknown" | "dead" | "expired" | "dropped" | "sent";
  readonly "channel"?: string;
  readonly "limit"?: number;
};

/** Answer of `queue.list`. */
export type QueueListResult = {
  readonly "ts": number;
  readonly "counts": { readonly [name: string]: number };
  readonly "out": readonly ({
    readonly "id": string;
    readonly "state": string;
    readonly "channel": string;
    readonly "accountId": string;
    readonly "attempts": number;
    readonly "reason"?: string;
    readonly "text": string;
    readonly "to": string;
    readonly "createdAt": number;
    readonly "nextAttemptAt"?: number;
    readonly "workId"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly "in": readonly ({
    readonly "id": string;
    readonly "state": string;
    readonly "channel": string;
    readonly "accountId": string;
    readonly "attempts": number;
    readonly "reason"?: string;
    readonly "text": string;
    readonly "runId": string;
    readonly "from": string;
    readonly "sessionKey": string;
    readonly "acceptedAt": number;
    readonly "deferred"?: boolean;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `queue.retry`. */
export type QueueRetryParams = {
  readonly "id": string;
};

/** Answer of `queue.retry`. */
export type QueueRetryResult = {
  readonly "id": string;
  readonly "state": string;
  readonly "channel": string;
  readonly "accountId": string;
  readonly "attempts": number;
  readonly "reason"?: string;
  readonly "text": string;
  readonly "ok": true;
  readonly "direction": string;
  readonly "to"?: string;
  readonly "createdAt"?: number;
  readonly "nextAttemptAt"?: number;
  readonly "workId"?: string;
  readonly "runId"?: string;
  readonly "from"?: string;
  readonly "sessionKey"?: string;
  readonly "acceptedAt"?: number;
  readonly "deferred"?: boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `queue.show`. */
export type QueueShowParams = {
  readonly "id": string;
};

/** Answer of `queue.show`. */
export type QueueShowResult = {
  readonly "direction": string;
  readonly "entry"?: unknown;
  readonly "work"?: unknown;
  readonly [name: string]: unknown;
};

/** Parameters of `sandbox.explain`. */
export type SandboxExplainParams = {
  readonly "sessionKey"?: string;
  readonly "agentId"?: string;
};

/** Answer of `sandbox.explain`. */
export type SandboxExplainResult = {
  readonly [name: string]: unknown;
};

/** Parameters of `sandbox.list`. */
export type SandboxListParams = { readonly [name: string]: never };

/** Answer of `sandbox.list`. */
export type SandboxListResult = {
  readonly "sandboxes": readonly ({
    readonly "name": string;
    readonly "scopeKey": string;
    readonly "image": string;
    readonly "state": "running" | "stopped";
    readonly "inUse": boolean;
    readonly "outdated": boolean | null;
    readonly "agentId": string | null;
    readonly "createdAtMs": number;
    readonly "usedAtMs": number;
  })[];
};

/** Parameters of `sandbox.recreate`. */
export type SandboxRecreateParams = {
  readonly "sessionKey"?: string;
  readonly "agentId"?: string;
  readonly "all"?: boolean;
  readonly "force"?: boolean;
};

/** Answer of `sandbox.recreate`. */
export type SandboxRecreateResult = {
  readonly "removed": readonly (string)[];
  readonly "inUse": readonly (string)[];
};

/** Parameters of `send`. */
export type SendParams = {
  readonly "to": string;
  readonly "channel"?: string;
  readonly "accountId"?: string;
  readonly "message": string;
  readonly "mediaUrl"?: string;
  readonly "mediaUrls"?: readonly (string)[];
  readonly "gifPlayback"?: boolean;
  readonly "threadId"?: string;
  readonly "replyToId"?: string;
  readonly "silent"?: boolean;
  readonly "sessionKey"?: string;
  readonly "idempotencyKey": string;
};

/** Answer of `send`. */
export type SendResult = {
  readonly "runId": string;
  readonly "channel": string;
  readonly "messageId"?: string;
  readonly "chatId"?: string;
  readonly "channelId"?: string;
  readonly "toJid"?: string;
  readonly "conversationId"?: string;
  readonly "pollId"?: string;
  readonly "status"?: string;
  readonly "queueId"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.cleanup`. */
export type SessionsCleanupParams = {
  readonly "mode"?: "enforce" | "warn";
};

/** Answer of `sessions.cleanup`. */
export type SessionsCleanupResult = {
  readonly "ok": true;
  readonly "mode": string;
  readonly "removed": {
    readonly "sessions": number;
    readonly "archives": number;
    readonly "orphans": number;
    readonly [name: string]: unknown;
  };
  readonly "bytes": number;
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.compact`. */
export type SessionsCompactParams = {
  readonly "key": string;
  readonly "maxLines"?: number;
  readonly "mode"?: "lines" | "summary";
  readonly "instructions"?: string;
};

/** Answer of `sessions.compact`. */
export type SessionsCompactResult = {
  readonly "ok": true;
  readonly "key": string;
  readonly "compacted": boolean;
  readonly "kept"?: number;
  readonly "archived"?: string;
  readonly "reason"?: string;
  readonly "tokensBefore"?: number;
  readonly "tokensAfter"?: number;
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.delete`. */
export type SessionsDeleteParams = {
  readonly "key": string;
  readonly "deleteTranscript"?: boolean;
};

/** Answer of `sessions.delete`. */
export type SessionsDeleteResult = {
  readonly "ok": true;
  readonly "key": string;
  readonly "deleted": boolean;
  readonly "archived": readonly (string)[];
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.list`. */
export type SessionsListParams = {
  readonly "limit"?: number;
  readonly "activeMinutes"?: number;
  readonly "includeGlobal"?: boolean;
  readonly "includeUnknown"?: boolean;
  readonly "includeDerivedTitles"?: boolean;
  readonly "includeLastMessage"?: boolean;
  readonly "label"?: string;
  readonly "spawnedBy"?: string;
  readonly "agentId"?: string;
  readonly "search"?: string;
};

/** Answer of `sessions.list`. */
export type SessionsListResult = {
  readonly "ts": number;
  readonly "path": string;
  readonly "count": number;
  readonly "sessions": readonly ({
    readonly "key": string;
    readonly "kind": string;
    readonly "label"?: string;
    readonly "displayName"?: string;
    readonly "channel"?: string;
    readonly "chatType"?: string;
    readonly "updatedAt": number | null;
    readonly "sessionId"?: string;
    readonly "systemSent"?: boolean;
    readonly "abortedLastRun"?: boolean;
    readonly "thinkingLevel"?: string;
    readonly "verboseLevel"?: string;
    readonly "reasoningLevel"?: string;
    readonly "elevatedLevel"?: string;
    readonly "sendPolicy"?: string;
    readonly "derivedTitle"?: string;
    readonly "lastMessagePreview"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.patch`. */
export type SessionsPatchParams = {
  readonly "key": string;
  readonly "label"?: string | null;
  readonly "thinkingLevel"?: string | null;
  readonly "verboseLevel"?: string | null;
  readonly "reasoningLevel"?: string | null;
  readonly "responseUsage"?: "off" | "tokens" | "full" | "on" | null;
  readonly "elevatedLevel"?: string | null;
  readonly "execHost"?: string | null;
  readonly "execSecurity"?: string | null;
  readonly "execAsk"?: string | null;
  readonly "execNode"?: string | null;
  readonly "model"?: string | null;
  readonly "spawnedBy"?: string | null;
  readonly "sendPolicy"?: "allow" | "deny" | null;
  readonly "groupActivation"?: "mention" | "always" | null;
};

/** Answer of `sessions.patch`. */
export type SessionsPatchResult = {
  readonly "ok": true;
  readonly "key": string;
  readonly "path": string;
  readonly "entry": unknown;
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.preview`. */
export type SessionsPreviewParams = {
  readonly "keys": readonly (string)[];
  readonly "limit"?: number;
  readonly "maxChars"?: number;
};

/** Answer of `sessions.preview`. */
export type SessionsPreviewResult = {
  readonly "ts": number;
  readonly "previews": readonly ({
    readonly "key": string;
    readonly "status": string;
    readonly "items": readonly ({
      readonly "role": string;
      readonly "text": string;
      readonly [name: string]: unknown;
    })[];
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.reset`. */
export type SessionsResetParams = {
  readonly "key": string;
};

/** Answer of `sessions.reset`. */
export type SessionsResetResult = {
  readonly "ok": true;
  readonly "key": string;
  readonly "entry": unknown;
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.resolve`. */
export type SessionsResolveParams = {
  readonly "key"?: string;
  readonly "sessionId"?: string;
  readonly "label"?: string;
  readonly "agentId"?: string;
  readonly "spawnedBy"?: string;
  readonly "includeGlobal"?: boolean;
  readonly "includeUnknown"?: boolean;
};

/** Answer of `sessions.resolve`. */
export type SessionsResolveResult = {
  readonly "ok": true;
  readonly "key": string;
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.usage`. */
export type SessionsUsageParams = {
  readonly "key"?: string;
  readonly "startDate"?: string;
  readonly "endDate"?: string;
  readonly "limit"?: number;
  readonly "includeContextWeight"?: boolean;
};

/** Answer of `sessions.usage`. */
export type SessionsUsageResult = {
  readonly "updatedAt": number;
  readonly "startDate": string;
  readonly "endDate": string;
  readonly "sessions": readonly ({
    readonly "key": string;
    readonly "sessionId"?: string;
    readonly "updatedAt"?: number;
    readonly "agentId"?: string;
    readonly "label"?: string;
    readonly "channel"?: string;
    readonly "chatType"?: string;
    readonly "origin"?: unknown;
    readonly "modelProvider"?: string;
    readonly "model"?: string;
    readonly "usage": {
      readonly "input": number;
      readonly "output": number;
      readonly "cacheRead": number;
      readonly "cacheWrite": number;
      readonly "totalTokens": number;
      readonly "totalCost": number;
      readonly "inputCost": number;
      readonly "outputCost": number;
      readonly "cacheReadCost": number;
      readonly "cacheWriteCost": number;
      readonly "missingCostEntries": number;
      readonly "sessionId": string;
      readonly "sessionFile": string;
      readonly "firstActivity"?: number;
      readonly "lastActivity": number;
      readonly "durationMs"?: number;
      readonly "activityDates": readonly (string)[];
      readonly "dailyBreakdown": readonly ({
        readonly "date": string;
        readonly "tokens": number;
        readonly "cost": number;
        readonly [name: string]: unknown;
      })[];
      readonly "dailyMessageCounts": readonly ({
        readonly "date": string;
        readonly "total": number;
        readonly "user": number;
        readonly "assistant": number;
        readonly "toolCalls": number;
        readonly "toolResults": number;
        readonly "errors": number;
        readonly [name: string]: unknown;
      })[];
      readonly "dailyLatency": readonly ({
        readonly "date": string;
        readonly "count": number;
        readonly "avgMs": number;
        readonly "p95Ms": number;
        readonly "minMs": number;
        readonly "maxMs": number;
        readonly [name: string]: unknown;
      })[];
      readonly "dailyModelUsage": readonly ({
        readonly "date": string;
        readonly "provider": string;
        readonly "model": string;
        readonly "tokens": number;
        readonly "cost": number;
        readonly "count": number;
        readonly [name: string]: unknown;
      })[];
      readonly "messageCounts": {
        readonly "total": number;
        readonly "user": number;
        readonly "assistant": number;
        readonly "toolCalls": number;
        readonly "toolResults": number;
        readonly "errors": number;
        readonly [name: string]: unknown;
      };
      readonly "modelUsage": readonly ({
        readonly "provider": string;
        readonly "model": string;
        readonly "count": number;
        readonly "totals": {
          readonly "input": number;
          readonly "output": number;
          readonly "cacheRead": number;
          readonly "cacheWrite": number;
          readonly "totalTokens": number;
          readonly "totalCost": number;
          readonly "inputCost": number;
          readonly "outputCost": number;
          readonly "cacheReadCost": number;
          readonly "cacheWriteCost": number;
          readonly "missingCostEntries": number;
          readonly [name: string]: unknown;
        };
        readonly [name: string]: unknown;
      })[];
      readonly "latency": {
        readonly "count": number;
        readonly "avgMs": number;
        readonly "p95Ms": number;
        readonly "minMs": number;
        readonly "maxMs": number;
        readonly [name: string]: unknown;
      };
      readonly [name: string]: unknown;
    } | null;
    readonly "contextWeight"?: unknown;
    readonly [name: string]: unknown;
  })[];
  readonly "totals": {
    readonly "input": number;
    readonly "output": number;
    readonly "cacheRead": number;
    readonly "cacheWrite": number;
    readonly "totalTokens": number;
    readonly "totalCost": number;
    readonly "inputCost": number;
    readonly "outputCost": number;
    readonly "cacheReadCost": number;
    readonly "cacheWriteCost": number;
    readonly "missingCostEntries": number;
    readonly [name: string]: unknown;
  };
  readonly "aggregates": {
    readonly "messages": {
      readonly "total": number;
      readonly "user": number;
      readonly "assistant": number;
      readonly "toolCalls": number;
      readonly "toolResults": number;
      readonly "errors": number;
      readonly [name: string]: unknown;
    };
    readonly "tools": {
      readonly "totalCalls": number;
      readonly "uniqueTools": number;
      readonly "tools": readonly ({
        readonly "name": string;
        readonly "count": number;
        readonly [name: string]: unknown;
      })[];
      readonly [name: string]: unknown;
    };
    readonly "byModel": readonly ({
      readonly "provider": string;
      readonly "model": string;
      readonly "count": number;
      readonly "totals": {
        readonly "input": number;
        readonly "output": number;
        readonly "cacheRead": number;
        readonly "cacheWrite": number;
        readonly "totalTokens": number;
        readonly "totalCost": number;
        readonly "inputCost": number;
        readonly "outputCost": number;
        readonly "cacheReadCost": number;
        readonly "cacheWriteCost": number;
        readonly "missingCostEntries": number;
        readonly [name: string]: unknown;
      };
      readonly [name: string]: unknown;
    })[];
    readonly "byProvider": readonly ({
      readonly "provider": string;
      readonly "count": number;
      readonly "totals": {
        readonly "input": number;
        readonly "output": number;
        readonly "cacheRead": number;
        readonly "cacheWrite": number;
        readonly "totalTokens": number;
        readonly "totalCost": number;
        readonly "inputCost": number;
        readonly "outputCost": number;
        readonly "cacheReadCost": number;
        readonly "cacheWriteCost": number;
        readonly "missingCostEntries": number;
        readonly [name: string]: unknown;
      };
      readonly [name: string]: unknown;
    })[];
    readonly "byAgent": readonly ({
      readonly "agentId": string;
      readonly "totals": {
        readonly "input": number;
        readonly "output": number;
        readonly "cacheRead": number;
        readonly "cacheWrite": number;
        readonly "totalTokens": number;
        readonly "totalCost": number;
        readonly "inputCost": number;
        readonly "outputCost": number;
        readonly "cacheReadCost": number;
        readonly "cacheWriteCost": number;
        readonly "missingCostEntries": number;
        readonly [name: string]: unknown;
      };
      readonly [name: string]: unknown;
    })[];
    readonly "byChannel": readonly ({
      readonly "channel": string;
      readonly "totals": {
        readonly "input": number;
        readonly "output": number;
        readonly "cacheRead": number;
        readonly "cacheWrite": number;
        readonly "totalTokens": number;
        readonly "totalCost": number;
        readonly "inputCost": number;
        readonly "outputCost": number;
        readonly "cacheReadCost": number;
        readonly "cacheWriteCost": number;
        readonly "missingCostEntries": number;
        readonly [name: string]: unknown;
      };
      readonly [name: string]: unknown;
    })[];
    readonly "latency": {
      readonly "count": number;
      readonly "avgMs": number;
      readonly "p95Ms": number;
      readonly "minMs": number;
      readonly "maxMs": number;
      readonly [name: string]: unknown;
    };
    readonly "dailyLatency": readonly ({
      readonly "date": string;
      readonly "count": number;
      readonly "avgMs": number;
      readonly "p95Ms": number;
      readonly "minMs": number;
      readonly "maxMs": number;
      readonly [name: string]: unknown;
    })[];
    readonly "modelDaily": readonly ({
      readonly "date": string;
      readonly "provider": string;
      readonly "model": string;
      readonly "tokens": number;
      readonly "cost": number;
      readonly "count": number;
      readonly [name: string]: unknown;
    })[];
    readonly "daily": readonly ({
      readonly "date": string;
      readonly "tokens": number;
      readonly "cost": number;
      readonly "messages": number;
      readonly "toolCalls": number;
      readonly "errors": number;
      readonly [name: string]: unknown;
    })[];
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.usage.logs`. */
export type SessionsUsageLogsParams = {
  readonly "key"?: string;
  readonly "limit"?: number;
  readonly [name: string]: unknown;
};

/** Answer of `sessions.usage.logs`. */
export type SessionsUsageLogsResult = {
  readonly "logs": readonly ({
    readonly "timestamp": number;
    readonly "role": string;
    readonly "content": string;
    readonly "tokens"?: number;
    readonly "cost"?: number;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `sessions.usage.timeseries`. */
export type SessionsUsageTimeseriesParams = {
  readonly "key"?: string;
  readonly [name: string]: unknown;
};

/** Answer of `sessions.usage.timeseries`. */
export type SessionsUsageTimeseriesResult = {
  readonly "sessionId": string;
  readonly "points": readonly ({
    readonly "timestamp": number;
    readonly "input": number;
    readonly "output": number;
    readonly "cacheRead": number;
    readonly "cacheWrite": number;
    readonly "totalTokens": number;
    readonly "cost": number;
    readonly "cumulativeTokens": number;
    readonly "cumulativeCost": number;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `set-heartbeats`. */
export type SetHeartbeatsParams = {
  readonly "enabled"?: unknown;
  readonly [name: string]: unknown;
};

/** Answer of `set-heartbeats`. */
export type SetHeartbeatsResult = {
  readonly "ok": true;
  readonly "enabled": boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `skills.bins`. */
export type SkillsBinsParams = { readonly [name: string]: never };

/** Answer of `skills.bins`. */
export type SkillsBinsResult = {
  readonly "bins": readonly (string)[];
  readonly [name: string]: unknown;
};

/** Parameters of `skills.install`. */
export type SkillsInstallParams = {
  readonly "name": string;
  readonly "installId": string;
  readonly "timeoutMs"?: number;
};

/** Answer of `skills.install`. */
export type SkillsInstallResult = {
  readonly "ok": boolean;
  readonly "message": string;
  readonly "stdout": string;
  readonly "stderr": string;
  readonly "code": number | null;
  readonly [name: string]: unknown;
};

/** Parameters of `skills.status`. */
export type SkillsStatusParams = {
  readonly "agentId"?: string;
};

/** Answer of `skills.status`. */
export type SkillsStatusResult = {
  readonly "workspaceDir": string;
  readonly "managedSkillsDir": string;
  readonly "skills": readonly ({
    readonly "name": string;
    readonly "description": string;
    readonly "source": string;
    readonly "bundled": boolean;
    readonly "filePath": string;
    readonly "baseDir": string;
    readonly "skillKey": string;
    readonly "emoji"?: string;
    readonly "homepage"?: string;
    readonly "primaryEnv"?: string;
    readonly "always": boolean;
    readonly "disabled": boolean;
    readonly "blockedByAllowlist": boolean;
    readonly "eligible": boolean;
    readonly "requirements": {
      readonly "bins": readonly (string)[];
      readonly "anyBins": readonly (string)[];
      readonly "env": readonly (string)[];
      readonly "config": readonly (string)[];
      readonly "os": readonly (string)[];
      readonly [name: string]: unknown;
    };
    readonly "missing": {
      readonly "bins": readonly (string)[];
      readonly "anyBins": readonly (string)[];
      readonly "env": readonly (string)[];
      readonly "config": readonly (string)[];
      readonly "os": readonly (string)[];
      readonly [name: string]: unknown;
    };
    readonly "configChecks": readonly ({
      readonly "path": string;
      readonly "value"?: unknown;
      readonly "satisfied": boolean;
      readonly [name: string]: unknown;
    })[];
    readonly "install": readonly ({
      readonly "id": string;
      readonly "kind": string;
      readonly "label": string;
      readonly "bins": readonly (string)[];
      readonly [name: string]: unknown;
    })[];
    readonly "problem"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `skills.update`. */
export type SkillsUpdateParams = {
  readonly "skillKey": string;
  readonly "enabled"?: boolean;
  readonly "apiKey"?: string;
  readonly "env"?: { readonly [name: string]: string };
};

/** Answer of `skills.update`. */
export type SkillsUpdateResult = {
  readonly "ok": true;
  readonly "skillKey": string;
  readonly "config": unknown;
  readonly [name: string]: unknown;
};

/** Parameters of `status`. */
export type StatusParams = {
  readonly [name: string]: unknown;
};

/** Answer of `status`. */
export type StatusResult = {
  readonly "channelSummary": readonly (string)[];
  readonly "queuedSystemEvents": readonly (string)[];
  readonly [name: string]: unknown;
};

/** Parameters of `store.compact`. */
export type StoreCompactParams = { readonly [name: string]: never };

/** Answer of `store.compact`. */
export type StoreCompactResult = {
  readonly "ok": true;
  readonly "reclaimedBytes": number;
  readonly [name: string]: unknown;
};

/** Parameters of `system-event`. */
export type SystemEventParams = {
  readonly [name: string]: unknown;
};

/** Answer of `system-event`. */
export type SystemEventResult = {
  readonly "ok": true;
  readonly [name: string]: unknown;
};

/** Parameters of `system-presence`. */
export type SystemPresenceParams = {
  readonly [name: string]: unknown;
};

/** Answer of `system-presence`. */
export type SystemPresenceResult = readonly ({
  readonly "host"?: string;
  readonly "ip"?: string;
  readonly "version"?: string;
  readonly "platform"?: string;
  readonly "deviceFamily"?: string;
  readonly "modelIdentifier"?: string;
  readonly "mode"?: string;
  readonly "lastInputSeconds"?: number;
  readonly "reason"?: string;
  readonly "tags"?: readonly (string)[];
  readonly "text"?: string;
  readonly "ts": number;
  readonly "deviceId"?: string;
  readonly "roles"?: readonly (string)[];
  readonly "scopes"?: readonly (string)[];
  readonly "instanceId"?: string;
  readonly [name: string]: unknown;
})[];

/** Parameters of `talk.mode`. */
export type TalkModeParams = {
  readonly "enabled": boolean;
  readonly "phase"?: string;
};

/** Answer of `talk.mode`. */
export type TalkModeResult = {
  readonly "enabled": boolean;
  readonly "phase": string | null;
  readonly "ts": number;
  readonly [name: string]: unknown;
};

/** Parameters of `trace.get`. */
export type TraceGetParams = {
  readonly "id": string;
};

/** Answer of `trace.get`. */
export type TraceGetResult = {
  readonly "id": string;
  readonly "state": string;
  readonly "reason"?: string;
  readonly "explanation": string;
  readonly "channel": string;
  readonly "accountId": string;
  readonly "text": string;
  readonly "runId"?: string;
  readonly "messageId"?: string;
  readonly "sessionKey"?: string;
  readonly "from"?: string;
  readonly "to"?: string;
  readonly "chatId"?: string;
  readonly "chatType"?: string;
  readonly "threadId"?: string;
  readonly "acceptedAt"?: number;
  readonly "updatedAt"?: number;
  readonly "timeline": readonly ({
    readonly "at": number;
    readonly "event": string;
    readonly "note"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly "deliveries": readonly ({
    readonly "id": string;
    readonly "state": string;
    readonly "attempts": number;
    readonly "to": string;
    readonly "messageId"?: string;
    readonly "reason"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `tts.convert`. */
export type TtsConvertParams = {
  readonly "text"?: unknown;
  readonly "channel"?: string;
  readonly [name: string]: unknown;
};

/** Answer of `tts.convert`. */
export type TtsConvertResult = {
  readonly "audioPath": string;
  readonly "provider": string;
  readonly "outputFormat": string;
  readonly "voiceCompatible": boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `tts.disable`. */
export type TtsDisableParams = {
  readonly [name: string]: unknown;
};

/** Answer of `tts.disable`. */
export type TtsDisableResult = {
  readonly "enabled": boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `tts.enable`. */
export type TtsEnableParams = {
  readonly [name: string]: unknown;
};

/** Answer of `tts.enable`. */
export type TtsEnableResult = {
  readonly "enabled": boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `tts.providers`. */
export type TtsProvidersParams = {
  readonly [name: string]: unknown;
};

/** Answer of `tts.providers`. */
export type TtsProvidersResult = {
  readonly "providers": readonly ({
    readonly "id": string;
    readonly "name": string;
    readonly "configured": boolean;
    readonly "models": readonly (string)[];
    readonly "voices"?: readonly (string)[];
    readonly [name: string]: unknown;
  })[];
  readonly "active": string;
  readonly [name: string]: unknown;
};

/** Parameters of `tts.setProvider`. */
export type TtsSetProviderParams = {
  readonly "provider"?: unknown;
  readonly [name: string]: unknown;
};

/** Answer of `tts.setProvider`. */
export type TtsSetProviderResult = {
  readonly "provider": string;
  readonly [name: string]: unknown;
};

/** Parameters of `tts.status`. */
export type TtsStatusParams = {
  readonly [name: string]: unknown;
};

/** Answer of `tts.status`. */
export type TtsStatusResult = {
  readonly "enabled": boolean;
  readonly "auto": string;
  readonly "provider": string;
  readonly "fallbackProvider": string | null;
  readonly "fallbackProviders": readonly (string)[];
  readonly "prefsPath": string;
  readonly "hasOpenAIKey": boolean;
  readonly "hasElevenLabsKey": boolean;
  readonly "edgeEnabled": boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `update.run`. */
export type UpdateRunParams = {
  readonly "sessionKey"?: string;
  readonly "note"?: string;
  readonly "restartDelayMs"?: number;
  readonly "timeoutMs"?: number;
};

/** Parameters of `usage.cost`. */
export type UsageCostParams = {
  readonly "days"?: number | string;
  readonly "startDate"?: string;
  readonly "endDate"?: string;
  readonly [name: string]: unknown;
};

/** Answer of `usage.cost`. */
export type UsageCostResult = {
  readonly "updatedAt": number;
  readonly "days": number;
  readonly "daily": readonly ({
    readonly "date": string;
    readonly "input": number;
    readonly "output": number;
    readonly "cacheRead": number;
    readonly "cacheWrite": number;
    readonly "totalTokens": number;
    readonly "totalCost": number;
    readonly "inputCost": number;
    readonly "outputCost": number;
    readonly "cacheReadCost": number;
    readonly "cacheWriteCost": number;
    readonly "missingCostEntries": number;
    readonly [name: string]: unknown;
  })[];
  readonly "totals": {
    readonly "input": number;
    readonly "output": number;
    readonly "cacheRead": number;
    readonly "cacheWrite": number;
    readonly "totalTokens": number;
    readonly "totalCost": number;
    readonly "inputCost": number;
    readonly "outputCost": number;
    readonly "cacheReadCost": number;
    readonly "cacheWriteCost": number;
    readonly "missingCostEntries": number;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Parameters of `usage.status`. */
export type UsageStatusParams = {
  readonly [name: string]: unknown;
};

/** Answer of `usage.status`. */
export type UsageStatusResult = {
  readonly "updatedAt": number;
  readonly "providers": readonly ({
    readonly "provider": string;
    readonly "displayName": string;
    readonly "windows": readonly ({
      readonly "label": string;
      readonly "usedPercent": number;
      readonly "resetAt"?: number;
      readonly [name: string]: unknown;
    })[];
    readonly "plan"?: string;
    readonly "error"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Parameters of `voicewake.get`. */
export type VoicewakeGetParams = {
  readonly [name: string]: unknown;
};

/** Answer of `voicewake.get`. */
export type VoicewakeGetResult = {
  readonly "triggers": readonly (string)[];
  readonly [name: string]: unknown;
};

/** Parameters of `voicewake.set`. */
export type VoicewakeSetParams = {
  readonly "triggers"?: unknown;
  readonly [name: string]: unknown;
};

/** Answer of `voicewake.set`. */
export type VoicewakeSetResult = {
  readonly "triggers": readonly (string)[];
  readonly [name: string]: unknown;
};

/** Parameters of `wake`. */
export type WakeParams = {
  readonly "mode": "now" | "next-heartbeat";
  readonly "text": string;
};

/** Answer of `wake`. */
export type WakeResult = {
  readonly "ok": boolean;
  readonly [name: string]: unknown;
};

/** Parameters of `web.login.start`. */
export type WebLoginStartParams = {
  readonly "channel"?: string;
  readonly "accountId"?: string;
  readonly "timeoutMs"?: number;
  readonly "force"?: boolean;
  readonly "verbose"?: boolean;
  readonly "phoneNumber"?: string;
};

/** Answer of `web.login.start`. */
export type WebLoginStartResult = {
  readonly "channel": string;
  readonly "accountId": string;
  readonly "message": string;
  readonly "qrDataUrl"?: string;
  readonly "qr"?: string;
  readonly "pairingCode"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `web.login.wait`. */
export type WebLoginWaitParams = {
  readonly "channel"?: string;
  readonly "accountId"?: string;
  readonly "timeoutMs"?: number;
};

/** Answer of `web.login.wait`. */
export type WebLoginWaitResult = {
  readonly "channel": string;
  readonly "accountId": string;
  readonly "connected": boolean;
  readonly "message": string;
  readonly [name: string]: unknown;
};

/** Parameters of `wizard.cancel`. */
export type WizardCancelParams = {
  readonly "sessionId": string;
};

/** Answer of `wizard.cancel`. */
export type WizardCancelResult = {
  readonly "status": string;
  readonly "error"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `wizard.next`. */
export type WizardNextParams = {
  readonly "sessionId": string;
  readonly "answer"?: {
    readonly "stepId": string;
    readonly "value"?: unknown;
  };
};

/** Answer of `wizard.next`. */
export type WizardNextResult = {
  readonly "done": boolean;
  readonly "step"?: {
    readonly "id": string;
    readonly "type": string;
    readonly "title"?: string;
    readonly "message"?: string;
    readonly "options"?: readonly ({
      readonly "value": unknown;
      readonly "label": string;
      readonly "hint"?: string;
      readonly [name: string]: unknown;
    })[];
    readonly "initialValue"?: unknown;
    readonly "placeholder"?: string;
    readonly "sensitive"?: boolean;
    readonly "executor"?: string;
    readonly [name: string]: unknown;
  };
  readonly "status": string;
  readonly "error"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `wizard.start`. */
export type WizardStartParams = {
  readonly "mode"?: "local" | "remote";
  readonly "workspace"?: string;
};

/** Answer of `wizard.start`. */
export type WizardStartResult = {
  readonly "sessionId": string;
  readonly "done": boolean;
  readonly "step"?: {
    readonly "id": string;
    readonly "type": string;
    readonly "title"?: string;
    readonly "message"?: string;
    readonly "options"?: readonly ({
      readonly "value": unknown;
      readonly "label": string;
      readonly "hint"?: string;
      readonly [name: string]: unknown;
    })[];
    readonly "initialValue"?: unknown;
    readonly "placeholder"?: string;
    readonly "sensitive"?: boolean;
    readonly "executor"?: string;
    readonly [name: string]: unknown;
  };
  readonly "status": string;
  readonly "error"?: string;
  readonly [name: string]: unknown;
};

/** Parameters of `wizard.status`. */
export type WizardStatusParams = {
  readonly "sessionId": string;
};

/** Answer of `wizard.status`. */
export type WizardStatusResult = {
  readonly "status": string;
  readonly "error"?: string;
  readonly [name: string]: unknown;
};

/** Payload of the event `agent`. */
export type AgentEvent = {
  readonly "runId": string;
  readonly "sessionKey"?: string;
  readonly "seq": number;
  readonly "ts": number;
  readonly "stream": string;
  readonly "data": unknown;
  readonly [name: string]: unknown;
};

/** Payload of the event `chat`. */
export type ChatEvent = {
  readonly "runId": string;
  readonly "sessionKey": string;
  readonly "seq": number;
  readonly "state": "delta" | "final" | "aborted" | "error";
  readonly "message"?: unknown;
  readonly "errorMessage"?: string;
  readonly "usage"?: unknown;
  readonly "stopReason"?: string;
  readonly [name: string]: unknown;
};

/** Payload of the event `connect.challenge`. */
export type ConnectChallengeEvent = {
  readonly "nonce": string;
  readonly "ts": number;
  readonly [name: string]: unknown;
};

/** Payload of the event `cron`. */
export type CronEvent = {
  readonly "jobId": string;
  readonly "action": "added" | "updated" | "removed" | "started" | "finished";
  readonly "runAtMs"?: number;
  readonly "durationMs"?: number;
  readonly "status"?: "ok" | "error" | "skipped";
  readonly "error"?: string;
  readonly "summary"?: string;
  readonly "sessionId"?: string;
  readonly "sessionKey"?: string;
  readonly "nextRunAtMs"?: number;
  readonly [name: string]: unknown;
};

/** Payload of the event `device.pair.requested`. */
export type DevicePairRequestedEvent = {
  readonly "requestId": string;
  readonly "deviceId": string;
  readonly "publicKey": string;
  readonly "displayName"?: string;
  readonly "platform"?: string;
  readonly "clientId"?: string;
  readonly "clientMode"?: string;
  readonly "role"?: string;
  readonly "roles"?: readonly (string)[];
  readonly "scopes": readonly (string)[];
  readonly "remoteIp"?: string;
  readonly "silent": boolean;
  readonly "isRepair": boolean;
  readonly "ts": number;
  readonly [name: string]: unknown;
};

/** Payload of the event `device.pair.resolved`. */
export type DevicePairResolvedEvent = {
  readonly "requestId": string;
  readonly "deviceId": string;
  readonly "decision": string;
  readonly "ts": number;
  readonly [name: string]: unknown;
};

/** Payload of the event `exec.approval.requested`. */
export type ExecApprovalRequestedEvent = {
  readonly "id": string;
  readonly "request": {
    readonly "command": string;
    readonly "cwd": string | null;
    readonly "host": string | null;
    readonly "security": string | null;
    readonly "ask": string | null;
    readonly "agentId": string | null;
    readonly "resolvedPath": string | null;
    readonly "sessionKey": string | null;
    readonly "nodeId"?: string;
    readonly [name: string]: unknown;
  };
  readonly "createdAtMs": number;
  readonly "expiresAtMs": number;
};

/** Payload of the event `exec.approval.resolved`. */
export type ExecApprovalResolvedEvent = {
  readonly "id": string;
  readonly "decision": "allow-once" | "allow-always" | "deny";
  readonly "resolvedBy"?: string;
  readonly "ts": number;
};

/** Payload of the event `health`. */
export type HealthEvent = {
  readonly "ok": boolean;
  readonly "ts": number;
  readonly "durationMs": number;
  readonly [name: string]: unknown;
};

/** Payload of the event `heartbeat`. */
export type HeartbeatEvent = {
  readonly "ts": number;
  readonly "status": string;
  readonly "to"?: string;
  readonly "preview"?: string;
  readonly "durationMs"?: number;
  readonly "hasMedia"?: boolean;
  readonly "reason"?: string;
  readonly "channel"?: string;
  readonly "accountId"?: string;
  readonly "silent"?: boolean;
  readonly "indicatorType"?: string;
  readonly [name: string]: unknown;
};

/** Payload of the event `node.invoke.request`. */
export type NodeInvokeRequestEvent = {
  readonly "id": string;
  readonly "nodeId": string;
  readonly "command": string;
  readonly "paramsJSON": string | null;
  readonly "timeoutMs"?: number;
  readonly "idempotencyKey"?: string;
  readonly [name: string]: unknown;
};

/** Payload of the event `node.pair.requested`. */
export type NodePairRequestedEvent = {
  readonly "requestId": string;
  readonly "nodeId": string;
  readonly "displayName"?: string;
  readonly "platform"?: string;
  readonly "version"?: string;
  readonly "coreVersion"?: string;
  readonly "uiVersion"?: string;
  readonly "deviceFamily"?: string;
  readonly "modelIdentifier"?: string;
  readonly "remoteIp"?: string;
  readonly "caps"?: readonly (string)[];
  readonly "commands"?: readonly (string)[];
  readonly "silent"?: boolean;
  readonly "isRepair": boolean;
  readonly "ts": number;
  readonly [name: string]: unknown;
};

/** Payload of the event `node.pair.resolved`. */
export type NodePairResolvedEvent = {
  readonly "requestId": string;
  readonly "nodeId": string;
  readonly "decision": string;
  readonly "ts": number;
  readonly [name: string]: unknown;
};

/** Payload of the event `plugins.changed`. */
export type PluginsChangedEvent = {
  readonly "plugins": readonly ({
    readonly "id": string;
    readonly "state": string;
    readonly "reason"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly "features": {
    readonly "methods": readonly (string)[];
    readonly "events": readonly (string)[];
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
};

/** Payload of the event `presence`. */
export type PresenceEvent = {
  readonly "presence": readonly ({
    readonly "host"?: string;
    readonly "ip"?: string;
    readonly "version"?: string;
    readonly "platform"?: string;
    readonly "deviceFamily"?: string;
    readonly "modelIdentifier"?: string;
    readonly "mode"?: string;
    readonly "lastInputSeconds"?: number;
    readonly "reason"?: string;
    readonly "tags"?: readonly (string)[];
    readonly "text"?: string;
    readonly "ts": number;
    readonly "deviceId"?: string;
    readonly "roles"?: readonly (string)[];
    readonly "scopes"?: readonly (string)[];
    readonly "instanceId"?: string;
    readonly [name: string]: unknown;
  })[];
  readonly [name: string]: unknown;
};

/** Payload of the event `sessions.changed`. */
export type SessionsChangedEvent = {
  readonly "keys": readonly (string)[];
  readonly "reason": string;
  readonly [name: string]: unknown;
};

/** Payload of the event `shutdown`. */
export type ShutdownEvent = {
  readonly "reason": string;
  readonly "restartExpectedMs"?: number;
  readonly [name: string]: unknown;
};

/** Payload of the event `talk.mode`. */
export type TalkModeEvent = {
  readonly "enabled": boolean;
  readonly "phase": string | null;
  readonly "ts": number;
  readonly [name: string]: unknown;
};

/** Payload of the event `tick`. */
export type TickEvent = {
  readonly "ts": number;
  readonly [name: string]: unknown;
};

/** Payload of the event `voicewake.changed`. */
export type VoicewakeChangedEvent = {
  readonly "triggers": readonly (string)[];
  readonly [name: string]: unknown;
};

/** What a client can call. */
export interface Methods {
  readonly "agent": { readonly params: AgentParams; readonly result: AgentResult };
  readonly "agent.identity.get": { readonly params: AgentIdentityGetParams; readonly result: AgentIdentityGetResult };
  readonly "agent.wait": { readonly params: AgentWaitParams; readonly result: AgentWaitResult };
  readonly "agents.create": { readonly params: AgentsCreateParams; readonly result: AgentsCreateResult };
  readonly "agents.delete": { readonly params: AgentsDeleteParams; readonly result: AgentsDeleteResult };
  readonly "agents.files.get": { readonly params: AgentsFilesGetParams; readonly result: AgentsFilesGetResult };
  readonly "agents.files.list": { readonly params: AgentsFilesListParams; readonly result: AgentsFilesListResult };
  readonly "agents.files.set": { readonly params: AgentsFilesSetParams; readonly result: AgentsFilesSetResult };
  readonly "agents.list": { readonly params: AgentsListParams; readonly result: AgentsListResult };
  readonly "agents.update": { readonly params: AgentsUpdateParams; readonly result: AgentsUpdateResult };
  readonly "browser.request": { readonly params: BrowserRequestParams; readonly result: BrowserRequestResult };
  readonly "channels.logout": { readonly params: ChannelsLogoutParams; readonly result: ChannelsLogoutResult };
  readonly "channels.status": { readonly params: ChannelsStatusParams; readonly result: ChannelsStatusResult };
  readonly "chat.abort": { readonly params: ChatAbortParams; readonly result: ChatAbortResult };
  readonly "chat.history": { readonly params: ChatHistoryParams; readonly result: ChatHistoryResult };
  readonly "chat.inject": { readonly params: ChatInjectParams; readonly result: ChatInjectResult };
  readonly "chat.send": { readonly params: ChatSendParams; readonly result: ChatSendResult };
  readonly "config.apply": { readonly params: ConfigApplyParams; readonly result: ConfigApplyResult };
  readonly "config.get": { readonly params: ConfigGetParams; readonly result: ConfigGetResult };
  readonly "config.patch": { readonly params: ConfigPatchParams; readonly result: ConfigPatchResult };
  readonly "config.plan": { readonly params: ConfigPlanParams; readonly result: ConfigPlanResult };
  readonly "config.schema": { readonly params: ConfigSchemaParams; readonly result: ConfigSchemaResult };
  readonly "config.set": { readonly params: ConfigSetParams; readonly result: ConfigSetResult };
  readonly "config.validate": { readonly params: ConfigValidateParams; readonly result: ConfigValidateResult };
  readonly "cron.add": { readonly params: CronAddParams; readonly result: CronAddResult };
  readonly "cron.list": { readonly params: CronListParams; readonly result: CronListResult };
  readonly "cron.remove": { readonly params: CronRemoveParams; readonly result: CronRemoveResult };
  readonly "cron.run": { readonly params: CronRunParams; readonly result: CronRunResult };
  readonly "cron.runs": { readonly params: CronRunsParams; readonly result: CronRunsResult };
  readonly "cron.status": { readonly params: CronStatusParams; readonly result: CronStatusResult };
  readonly "cron.update": { readonly params: CronUpdateParams; readonly result: CronUpdateResult };
  readonly "device.pair.approve": { readonly params: DevicePairApproveParams; readonly result: DevicePairApproveResult };
  readonly "device.pair.list": { readonly params: DevicePairListParams; readonly result: DevicePairListResult };
  readonly "device.pair.reject": { readonly params: DevicePairRejectParams; readonly result: DevicePairRejectResult };
  readonly "device.token.revoke": { readonly params: DeviceTokenRevokeParams; readonly result: DeviceTokenRevokeResult };
  readonly "device.token.rotate": { readonly params: DeviceTokenRotateParams; readonly result: DeviceTokenRotateResult };
  readonly "exec.approval.list": { readonly params: ExecApprovalListParams; readonly result: ExecApprovalListResult };
  readonly "exec.approval.request": { readonly params: ExecApprovalRequestParams; readonly result: ExecApprovalRequestResult };
  readonly "exec.approval.resolve": { readonly params: ExecApprovalResolveParams; readonly result: ExecApprovalResolveResult };
  readonly "exec.approvals.get": { readonly params: ExecApprovalsGetParams; readonly result: ExecApprovalsGetResult };
  readonly "exec.approvals.node.get": { readonly params: ExecApprovalsNodeGetParams; readonly result: ExecApprovalsNodeGetResult };
  readonly "exec.approvals.node.set": { readonly params: ExecApprovalsNodeSetParams; readonly result: ExecApprovalsNodeSetResult };
  readonly "exec.approvals.set": { readonly params: ExecApprovalsSetParams; readonly result: ExecApprovalsSetResult };
  readonly "health": { readonly params: HealthParams; readonly result: HealthResult };
  readonly "last-heartbeat": { readonly params: LastHeartbeatParams; readonly result: LastHeartbeatResult };
  readonly "logs.tail": { readonly params: LogsTailParams; readonly result: LogsTailResult };
  readonly "message.delete": { readonly params: MessageDeleteParams; readonly result: MessageDeleteResult };
  readonly "message.edit": { readonly params: MessageEditParams; readonly result: MessageEditResult };
  readonly "message.react": { readonly params: MessageReactParams; readonly result: MessageReactResult };
  readonly "models.list": { readonly params: ModelsListParams; readonly result: ModelsListResult };
  readonly "models.probe": { readonly params: ModelsProbeParams; readonly result: ModelsProbeResult };
  readonly "node.describe": { readonly params: NodeDescribeParams; readonly result: NodeDescribeResult };
  readonly "node.event": { readonly params: NodeEventParams; readonly result: NodeEventResult };
  readonly "node.invoke": { readonly params: NodeInvokeParams; readonly result: NodeInvokeResult };
  readonly "node.invoke.result": { readonly params: NodeInvokeResultParams; readonly result: NodeInvokeResultResult };
  readonly "node.list": { readonly params: NodeListParams; readonly result: NodeListResult };
  readonly "node.pair.approve": { readonly params: NodePairApproveParams; readonly result: NodePairApproveResult };
  readonly "node.pair.list": { readonly params: NodePairListParams; readonly result: NodePairListResult };
  readonly "node.pair.reject": { readonly params: NodePairRejectParams; readonly result: NodePairRejectResult };
  readonly "node.pair.request": { readonly params: NodePairRequestParams; readonly result: NodePairRequestResult };
  readonly "node.pair.verify": { readonly params: NodePairVerifyParams; readonly result: NodePairVerifyResult };
  readonly "node.rename": { readonly params: NodeRenameParams; readonly result: NodeRenameResult };
  readonly "pairing.approve": { readonly params: PairingApproveParams; readonly result: PairingApproveResult };
  readonly "pairing.list": { readonly params: PairingListParams; readonly result: PairingListResult };
  readonly "plugins.disable": { readonly params: PluginsDisableParams; readonly result: PluginsDisableResult };
  readonly "plugins.enable": { readonly params: PluginsEnableParams; readonly result: PluginsEnableResult };
  readonly "plugins.list": { readonly params: PluginsListParams; readonly result: PluginsListResult };
  readonly "plugins.reload": { readonly params: PluginsReloadParams; readonly result: PluginsReloadResult };
  readonly "poll": { readonly params: PollParams; readonly result: PollResult };
  readonly "queue.drop": { readonly params: QueueDropParams; readonly result: QueueDropResult };
  readonly "queue.list": { readonly params: QueueListParams; readonly result: QueueListResult };
  readonly "queue.retry": { readonly params: QueueRetryParams; readonly result: QueueRetryResult };
  readonly "queue.show": { readonly params: QueueShowParams; readonly result: QueueShowResult };
  readonly "sandbox.explain": { readonly params: SandboxExplainParams; readonly result: SandboxExplainResult };
  readonly "sandbox.list": { readonly params: SandboxListParams; readonly result: SandboxListResult };
  readonly "sandbox.recreate": { readonly params: SandboxRecreateParams; readonly result: SandboxRecreateResult };
  readonly "send": { readonly params: SendParams; readonly result: SendResult };
  readonly "sessions.cleanup": { readonly params: SessionsCleanupParams; readonly result: SessionsCleanupResult };
  readonly "sessions.compact": { readonly params: SessionsCompactParams; readonly result: SessionsCompactResult };
  readonly "sessions.delete": { readonly params: SessionsDeleteParams; readonly result: SessionsDeleteResult };
  readonly "sessions.list": { readonly params: SessionsListParams; readonly result: SessionsListResult };
  readonly "sessions.patch": { readonly params: SessionsPatchParams; readonly result: SessionsPatchResult };
  readonly "sessions.preview": { readonly params: SessionsPreviewParams; readonly result: SessionsPreviewResult };
  readonly "sessions.reset": { readonly params: SessionsResetParams; readonly result: SessionsResetResult };
  readonly "sessions.resolve": { readonly params: SessionsResolveParams; readonly result: SessionsResolveResult };
  readonly "sessions.usage": { readonly params: SessionsUsageParams; readonly result: SessionsUsageResult };
  readonly "sessions.usage.logs": { readonly params: SessionsUsageLogsParams; readonly result: SessionsUsageLogsResult };
  readonly "sessions.usage.timeseries": { readonly params: SessionsUsageTimeseriesParams; readonly result: SessionsUsageTimeseriesResult };
  readonly "set-heartbeats": { readonly params: SetHeartbeatsParams; readonly result: SetHeartbeatsResult };
  readonly "skills.bins": { readonly params: SkillsBinsParams; readonly result: SkillsBinsResult };
  readonly "skills.install": { readonly params: SkillsInstallParams; readonly result: SkillsInstallResult };
  readonly "skills.status": { readonly params: SkillsStatusParams; readonly result: SkillsStatusResult };
  readonly "skills.update": { readonly params: SkillsUpdateParams; readonly result: SkillsUpdateResult };
  readonly "status": { readonly params: StatusParams; readonly result: StatusResult };
  readonly "store.compact": { readonly params: StoreCompactParams; readonly result: StoreCompactResult };
  readonly "system-event": { readonly params: SystemEventParams; readonly result: SystemEventResult };
  readonly "system-presence": { readonly params: SystemPresenceParams; readonly result: SystemPresenceResult };
  readonly "talk.mode": { readonly params: TalkModeParams; readonly result: TalkModeResult };
  readonly "trace.get": { readonly params: TraceGetParams; readonly result: TraceGetResult };
  readonly "tts.convert": { readonly params: TtsConvertParams; readonly result: TtsConvertResult };
  readonly "tts.disable": { readonly params: TtsDisableParams; readonly result: TtsDisableResult };
  readonly "tts.enable": { readonly params: TtsEnableParams; readonly result: TtsEnableResult };
  readonly "tts.providers": { readonly params: TtsProvidersParams; readonly result: TtsProvidersResult };
  readonly "tts.setProvider": { readonly params: TtsSetProviderParams; readonly result: TtsSetProviderResult };
  readonly "tts.status": { readonly params: TtsStatusParams; readonly result: TtsStatusResult };
  readonly "update.run": { readonly params: UpdateRunParams; readonly result: unknown };
  readonly "usage.cost": { readonly params: UsageCostParams; readonly result: UsageCostResult };
  readonly "usage.status": { readonly params: UsageStatusParams; readonly result: UsageStatusResult };
  readonly "voicewake.get": { readonly params: VoicewakeGetParams; readonly result: VoicewakeGetResult };
  readonly "voicewake.set": { readonly params: VoicewakeSetParams; readonly result: VoicewakeSetResult };
  readonly "wake": { readonly params: WakeParams; readonly result: WakeResult };
  readonly "web.login.start": { readonly params: WebLoginStartParams; readonly result: WebLoginStartResult };
  readonly "web.login.wait": { readonly params: WebLoginWaitParams; readonly result: WebLoginWaitResult };
  readonly "wizard.cancel": { readonly params: WizardCancelParams; readonly result: WizardCancelResult };
  readonly "wizard.next": { readonly params: WizardNextParams; readonly result: WizardNextResult };
  readonly "wizard.start": { readonly params: WizardStartParams; readonly result: WizardStartResult };
  readonly "wizard.status": { readonly params: WizardStatusParams; readonly result: WizardStatusResult };
}

/** What a client can hear. */
export interface Events {
  readonly "agent": AgentEvent;
  readonly "chat": ChatEvent;
  readonly "connect.challenge": ConnectChallengeEvent;
  readonly "cron": CronEvent;
  readonly "device.pair.requested": DevicePairRequestedEvent;
  readonly "device.pair.resolved": DevicePairResolvedEvent;
  readonly "exec.approval.requested": ExecApprovalRequestedEvent;
  readonly "exec.approval.resolved": ExecApprovalResolvedEvent;
  readonly "health": HealthEvent;
  readonly "heartbeat": HeartbeatEvent;
  readonly "node.invoke.request": NodeInvokeRequestEvent;
  readonly "node.pair.requested": NodePairRequestedEvent;
  readonly "node.pair.resolved": NodePairResolvedEvent;
  readonly "plugins.changed": PluginsChangedEvent;
  readonly "presence": PresenceEvent;
  readonly "sessions.changed": SessionsChangedEvent;
  readonly "shutdown": ShutdownEvent;
  readonly "talk.mode": TalkModeEvent;
  readonly "tick": TickEvent;
  readonly "voicewake.changed": VoicewakeChangedEvent;
}

