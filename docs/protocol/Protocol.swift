// Made by npm run protocol:gen from what the stock plugins register. Do not edit.

import Foundation

public let gatewayProtocolVersion = 3

/// Methods of the gateway.
public enum GatewayMethod: String, Codable, CaseIterable, Sendable {
    case agent = "agent"
    case agentIdentityGet = "agent.identity.get"
    case agentWait = "agent.wait"
    case agentsCreate = "agents.create"
    case agentsDelete = "agents.delete"
    case agentsFilesGet = "agents.files.get"
    case agentsFilesList = "agents.files.list"
    case agentsFilesSet = "agents.files.set"
    case agentsList = "agents.list"
    case agentsUpdate = "agents.update"
    case browserRequest = "browser.request"
    case channelsLogout = "channels.logout"
    case channelsStatus = "channels.status"
    case chatAbort = "chat.abort"
    case chatHistory = "chat.history"
    case chatInject = "chat.inject"
    case chatSend = "chat.send"
    case configApply = "config.apply"
    case configGet = "config.get"
    case configPatch = "config.patch"
    case configPlan = "config.plan"
    case configSchema = "config.schema"
    case configSet = "config.set"
    case configValidate = "config.validate"
    case cronAdd = "cron.add"
    case cronList = "cron.list"
    case cronRemove = "cron.remove"
    case cronRun = "cron.run"
    case cronRuns = "cron.runs"
    case cronStatus = "cron.status"
    case cronUpdate = "cron.update"
    case devicePairApprove = "device.pair.approve"
    case devicePairList = "device.pair.list"
    case devicePairReject = "device.pair.reject"
    case deviceTokenRevoke = "device.token.revoke"
    case deviceTokenRotate = "device.token.rotate"
    case execApprovalList = "exec.approval.list"
    case execApprovalRequest = "exec.approval.request"
    case execApprovalResolve = "exec.approval.resolve"
    case execApprovalsGet = "exec.approvals.get"
    case execApprovalsNodeGet = "exec.approvals.node.get"
    case execApprovalsNodeSet = "exec.approvals.node.set"
    case execApprovalsSet = "exec.approvals.set"
    case health = "health"
    case lastHeartbeat = "last-heartbeat"
    case logsTail = "logs.tail"
    case messageDelete = "message.delete"
    case messageEdit = "message.edit"
    case messageReact = "message.react"
    case modelsList = "models.list"
    case modelsProbe = "models.probe"
    case nodeDescribe = "node.describe"
    case nodeEvent = "node.event"
    case nodeInvoke = "node.invoke"
    case nodeInvokeResult = "node.invoke.result"
    case nodeList = "node.list"
    case nodePairApprove = "node.pair.approve"
    case nodePairList = "node.pair.list"
    case nodePairReject = "node.pair.reject"
    case nodePairRequest = "node.pair.request"
    case nodePairVerify = "node.pair.verify"
    case nodeRename = "node.rename"
    case pairingApprove = "pairing.approve"
    case pairingList = "pairing.list"
    case pluginsDisable = "plugins.disable"
    case pluginsEnable = "plugins.enable"
    case pluginsList = "plugins.list"
    case pluginsReload = "plugins.reload"
    case poll = "poll"
    case queueDrop = "queue.drop"
    case queueList = "queue.list"
    case queueRetry = "queue.retry"
    case queueShow = "queue.show"
    case sandboxExplain = "sandbox.explain"
    case sandboxList = "sandbox.list"
    case sandboxRecreate = "sandbox.recreate"
    case send = "send"
    case sessionsCleanup = "sessions.cleanup"
    case sessionsCompact = "sessions.compact"
    case sessionsDelete = "sessions.delete"
    case sessionsList = "sessions.list"
    case sessionsPatch = "sessions.patch"
    case sessionsPreview = "sessions.preview"
    case sessionsReset = "sessions.reset"
    case sessionsResolve = "sessions.resolve"
    case sessionsUsage = "sessions.usage"
    case sessionsUsageLogs = "sessions.usage.logs"
    case sessionsUsageTimeseries = "sessions.usage.timeseries"
    case setHeartbeats = "set-heartbeats"
    case skillsBins = "skills.bins"
    case skillsInstall = "skills.install"
    case skillsStatus = "skills.status"
    case skillsUpdate = "skills.update"
    case status = "status"
    case storeCompact = "store.compact"
    case systemEvent = "system-event"
    case systemPresence = "system-presence"
    case talkMode = "talk.mode"
    case traceGet = "trace.get"
    case ttsConvert = "tts.convert"
    case ttsDisable = "tts.disable"
    case ttsEnable = "tts.enable"
    case ttsProviders = "tts.providers"
    case ttsSetProvider = "tts.setProvider"
    case ttsStatus = "tts.status"
    case updateRun = "update.run"
    case usageCost = "usage.cost"
    case usageStatus = "usage.status"
    case voicewakeGet = "voicewake.get"
    case voicewakeSet = "voicewake.set"
    case wake = "wake"
    case webLoginStart = "web.login.start"
    case webLoginWait = "web.login.wait"
    case wizardCancel = "wizard.cancel"
    case wizardNext = "wizard.next"
    case wizardStart = "wizard.start"
    case wizardStatus = "wizard.status"
}

/// Events of the gateway.
public enum GatewayEvent: String, Codable, CaseIterable, Sendable {
    case agent = "agent"
    case chat = "chat"
    case connectChallenge = "connect.challenge"
    case cron = "cron"
    case devicePairRequested = "device.pair.requested"
    case devicePairResolved = "device.pair.resolved"
    case execApprovalRequested = "exec.approval.requested"
    case execApprovalResolved = "exec.approval.resolved"
    case health = "health"
    case heartbeat = "heartbeat"
    case nodeInvokeRequest = "node.invoke.request"
    case nodePairRequested = "node.pair.requested"
    case nodePairResolved = "node.pair.resolved"
    case pluginsChanged = "plugins.changed"
    case presence = "presence"
    case sessionsChanged = "sessions.changed"
    case shutdown = "shutdown"
    case talkMode = "talk.mode"
    case tick = "tick"
    case voicewakeChanged = "voicewake.changed"
}

/// A value whose shape the protocol does not fix.
public enum JSONValue: Codable, Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    public init(from decoder: Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    public func encode(to encoder: Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

/// A member that is always there and may be null.
public enum Nullable<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
    case null
    case value(Value)

    public init(from decoder: Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = container.decodeNil() ? .null : .value(try container.decode(Value.self))
    }

    public func encode(to encoder: Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .value(let value): try container.encode(value)
        }
    }
}

/// Of every connection.
public struct ConnectParams: Codable, Equatable, Sendable {
    /// client
    public struct Client: Codable, Equatable, Sendable {
        /// id
        public enum Id: RawRepresentable, Codable, Equatable, Sendable {
            case webchatUi
            case openclawControlUi
            case webchat
            case cli
            case gatewayClient
            case openclawMacos
            case openclawIos
            case openclawAndroid
            case nodeHost
            case test
            case fingerprint
            case openclawProbe
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "webchat-ui": self = .webchatUi
                case "openclaw-control-ui": self = .openclawControlUi
                case "webchat": self = .webchat
                case "cli": self = .cli
                case "gateway-client": self = .gatewayClient
                case "openclaw-macos": self = .openclawMacos
                case "openclaw-ios": self = .openclawIos
                case "openclaw-android": self = .openclawAndroid
                case "node-host": self = .nodeHost
                case "test": self = .test
                case "fingerprint": self = .fingerprint
                case "openclaw-probe": self = .openclawProbe
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .webchatUi: return "webchat-ui"
                case .openclawControlUi: return "openclaw-control-ui"
                case .webchat: return "webchat"
                case .cli: return "cli"
                case .gatewayClient: return "gateway-client"
                case .openclawMacos: return "openclaw-macos"
                case .openclawIos: return "openclaw-ios"
                case .openclawAndroid: return "openclaw-android"
                case .nodeHost: return "node-host"
                case .test: return "test"
                case .fingerprint: return "fingerprint"
                case .openclawProbe: return "openclaw-probe"
                case .unrecognized(let value): return value
                }
            }
        }
        /// mode
        public enum Mode: RawRepresentable, Codable, Equatable, Sendable {
            case webchat
            case cli
            case ui
            case backend
            case node
            case probe
            case test
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "webchat": self = .webchat
                case "cli": self = .cli
                case "ui": self = .ui
                case "backend": self = .backend
                case "node": self = .node
                case "probe": self = .probe
                case "test": self = .test
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .webchat: return "webchat"
                case .cli: return "cli"
                case .ui: return "ui"
                case .backend: return "backend"
                case .node: return "node"
                case .probe: return "probe"
                case .test: return "test"
                case .unrecognized(let value): return value
                }
            }
        }
        public var id: Id
        public var displayName: String?
        public var version: String
        public var platform: String
        public var deviceFamily: String?
        public var modelIdentifier: String?
        public var mode: Mode
        public var instanceId: String?

        public init(id: Id, displayName: String? = nil, version: String, platform: String, deviceFamily: String? = nil, modelIdentifier: String? = nil, mode: Mode, instanceId: String? = nil) {
            self.id = id
            self.displayName = displayName
            self.version = version
            self.platform = platform
            self.deviceFamily = deviceFamily
            self.modelIdentifier = modelIdentifier
            self.mode = mode
            self.instanceId = instanceId
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case displayName = "displayName"
            case version = "version"
            case platform = "platform"
            case deviceFamily = "deviceFamily"
            case modelIdentifier = "modelIdentifier"
            case mode = "mode"
            case instanceId = "instanceId"
        }
    }
    /// device
    public struct Device: Codable, Equatable, Sendable {
        public var id: String
        public var publicKey: String
        public var signature: String
        public var signedAt: Int
        public var nonce: String?

        public init(id: String, publicKey: String, signature: String, signedAt: Int, nonce: String? = nil) {
            self.id = id
            self.publicKey = publicKey
            self.signature = signature
            self.signedAt = signedAt
            self.nonce = nonce
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case publicKey = "publicKey"
            case signature = "signature"
            case signedAt = "signedAt"
            case nonce = "nonce"
        }
    }
    /// auth
    public struct Auth: Codable, Equatable, Sendable {
        public var token: String?
        public var password: String?

        public init(token: String? = nil, password: String? = nil) {
            self.token = token
            self.password = password
        }

        private enum CodingKeys: String, CodingKey {
            case token = "token"
            case password = "password"
        }
    }
    public var minProtocol: Int
    public var maxProtocol: Int
    public var client: Client
    public var caps: [String]?
    public var commands: [String]?
    public var permissions: [String: Bool]?
    public var pathEnv: String?
    public var role: String?
    public var scopes: [String]?
    public var device: Device?
    public var auth: Auth?
    public var locale: String?
    public var userAgent: String?

    public init(minProtocol: Int, maxProtocol: Int, client: Client, caps: [String]? = nil, commands: [String]? = nil, permissions: [String: Bool]? = nil, pathEnv: String? = nil, role: String? = nil, scopes: [String]? = nil, device: Device? = nil, auth: Auth? = nil, locale: String? = nil, userAgent: String? = nil) {
        self.minProtocol = minProtocol
        self.maxProtocol = maxProtocol
        self.client = client
        self.caps = caps
        self.commands = commands
        self.permissions = permissions
        self.pathEnv = pathEnv
        self.role = role
        self.scopes = scopes
        self.device = device
        self.auth = auth
        self.locale = locale
        self.userAgent = userAgent
    }

    private enum CodingKeys: String, CodingKey {
        case minProtocol = "minProtocol"
        case maxProtocol = "maxProtocol"
        case client = "client"
        case caps = "caps"
        case commands = "commands"
        case permissions = "permissions"
        case pathEnv = "pathEnv"
        case role = "role"
        case scopes = "scopes"
        case device = "device"
        case auth = "auth"
        case locale = "locale"
        case userAgent = "userAgent"
    }
}

/// Of every connection.
public struct ErrorFrame: Codable, Equatable, Sendable {
    public var code: String
    public var message: String
    public var details: JSONValue?
    public var retryable: Bool?
    public var retryAfterMs: Int?

    public init(code: String, message: String, details: JSONValue? = nil, retryable: Bool? = nil, retryAfterMs: Int? = nil) {
        self.code = code
        self.message = message
        self.details = details
        self.retryable = retryable
        self.retryAfterMs = retryAfterMs
    }

    private enum CodingKeys: String, CodingKey {
        case code = "code"
        case message = "message"
        case details = "details"
        case retryable = "retryable"
        case retryAfterMs = "retryAfterMs"
    }
}

/// Of every connection.
public struct EventFrame: Codable, Equatable, Sendable {
    /// type
    public enum TypeValue: RawRepresentable, Codable, Equatable, Sendable {
        case event
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "event": self = .event
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .event: return "event"
            case .unrecognized(let value): return value
            }
        }
    }
    /// stateVersion
    public struct StateVersion: Codable, Equatable, Sendable {
        public var presence: Int
        public var health: Int

        public init(presence: Int, health: Int) {
            self.presence = presence
            self.health = health
        }

        private enum CodingKeys: String, CodingKey {
            case presence = "presence"
            case health = "health"
        }
    }
    public var type: TypeValue
    public var event: String
    public var payload: JSONValue?
    public var seq: Int?
    public var stateVersion: StateVersion?

    public init(type: TypeValue, event: String, payload: JSONValue? = nil, seq: Int? = nil, stateVersion: StateVersion? = nil) {
        self.type = type
        self.event = event
        self.payload = payload
        self.seq = seq
        self.stateVersion = stateVersion
    }

    private enum CodingKeys: String, CodingKey {
        case type = "type"
        case event = "event"
        case payload = "payload"
        case seq = "seq"
        case stateVersion = "stateVersion"
    }
}

/// Of every connection.
public struct HelloOk: Codable, Equatable, Sendable {
    /// type
    public enum TypeValue: RawRepresentable, Codable, Equatable, Sendable {
        case helloOk
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "hello-ok": self = .helloOk
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .helloOk: return "hello-ok"
            case .unrecognized(let value): return value
            }
        }
    }
    /// server
    public struct Server: Codable, Equatable, Sendable {
        public var version: String
        public var commit: String?
        public var host: String?
        public var connId: String

        public init(version: String, commit: String? = nil, host: String? = nil, connId: String) {
            self.version = version
            self.commit = commit
            self.host = host
            self.connId = connId
        }

        private enum CodingKeys: String, CodingKey {
            case version = "version"
            case commit = "commit"
            case host = "host"
            case connId = "connId"
        }
    }
    /// features
    public struct Features: Codable, Equatable, Sendable {
        public var methods: [String]
        public var events: [String]

        public init(methods: [String], events: [String]) {
            self.methods = methods
            self.events = events
        }

        private enum CodingKeys: String, CodingKey {
            case methods = "methods"
            case events = "events"
        }
    }
    /// snapshot
    public struct Snapshot: Codable, Equatable, Sendable {
        /// presenceItem
        public struct PresenceItem: Codable, Equatable, Sendable {
            public var ts: Int

            public init(ts: Int) {
                self.ts = ts
            }

            private enum CodingKeys: String, CodingKey {
                case ts = "ts"
            }
        }
        /// health
        public struct Health: Codable, Equatable, Sendable {
            public init() {
            }
        }
        /// stateVersion
        public struct StateVersion: Codable, Equatable, Sendable {
            public var presence: Int
            public var health: Int

            public init(presence: Int, health: Int) {
                self.presence = presence
                self.health = health
            }

            private enum CodingKeys: String, CodingKey {
                case presence = "presence"
                case health = "health"
            }
        }
        /// sessionDefaults
        public struct SessionDefaults: Codable, Equatable, Sendable {
            public var defaultAgentId: String
            public var mainKey: String
            public var mainSessionKey: String
            public var scope: String?

            public init(defaultAgentId: String, mainKey: String, mainSessionKey: String, scope: String? = nil) {
                self.defaultAgentId = defaultAgentId
                self.mainKey = mainKey
                self.mainSessionKey = mainSessionKey
                self.scope = scope
            }

            private enum CodingKeys: String, CodingKey {
                case defaultAgentId = "defaultAgentId"
                case mainKey = "mainKey"
                case mainSessionKey = "mainSessionKey"
                case scope = "scope"
            }
        }
        public var presence: [PresenceItem]
        public var health: Health
        public var stateVersion: StateVersion
        public var uptimeMs: Int
        public var configPath: String?
        public var stateDir: String?
        public var sessionDefaults: SessionDefaults?

        public init(presence: [PresenceItem], health: Health, stateVersion: StateVersion, uptimeMs: Int, configPath: String? = nil, stateDir: String? = nil, sessionDefaults: SessionDefaults? = nil) {
            self.presence = presence
            self.health = health
            self.stateVersion = stateVersion
            self.uptimeMs = uptimeMs
            self.configPath = configPath
            self.stateDir = stateDir
            self.sessionDefaults = sessionDefaults
        }

        private enum CodingKeys: String, CodingKey {
            case presence = "presence"
            case health = "health"
            case stateVersion = "stateVersion"
            case uptimeMs = "uptimeMs"
            case configPath = "configPath"
            case stateDir = "stateDir"
            case sessionDefaults = "sessionDefaults"
        }
    }
    /// canvasCapability
    public struct CanvasCapability: Codable, Equatable, Sendable {
        public var token: String
        public var expiresAtMs: Int

        public init(token: String, expiresAtMs: Int) {
            self.token = token
            self.expiresAtMs = expiresAtMs
        }

        private enum CodingKeys: String, CodingKey {
            case token = "token"
            case expiresAtMs = "expiresAtMs"
        }
    }
    /// auth
    public struct Auth: Codable, Equatable, Sendable {
        public var deviceToken: String
        public var role: String
        public var scopes: [String]
        public var issuedAtMs: Int?

        public init(deviceToken: String, role: String, scopes: [String], issuedAtMs: Int? = nil) {
            self.deviceToken = deviceToken
            self.role = role
            self.scopes = scopes
            self.issuedAtMs = issuedAtMs
        }

        private enum CodingKeys: String, CodingKey {
            case deviceToken = "deviceToken"
            case role = "role"
            case scopes = "scopes"
            case issuedAtMs = "issuedAtMs"
        }
    }
    /// policy
    public struct Policy: Codable, Equatable, Sendable {
        public var maxPayload: Int
        public var maxBufferedBytes: Int
        public var tickIntervalMs: Int

        public init(maxPayload: Int, maxBufferedBytes: Int, tickIntervalMs: Int) {
            self.maxPayload = maxPayload
            self.maxBufferedBytes = maxBufferedBytes
            self.tickIntervalMs = tickIntervalMs
        }

        private enum CodingKeys: String, CodingKey {
            case maxPayload = "maxPayload"
            case maxBufferedBytes = "maxBufferedBytes"
            case tickIntervalMs = "tickIntervalMs"
        }
    }
    public var type: TypeValue
    public var `protocol`: Int
    public var server: Server
    public var features: Features
    public var snapshot: Snapshot
    public var canvasHostUrl: String?
    public var canvasCapability: CanvasCapability?
    public var auth: Auth?
    public var policy: Policy

    public init(type: TypeValue, `protocol`: Int, server: Server, features: Features, snapshot: Snapshot, canvasHostUrl: String? = nil, canvasCapability: CanvasCapability? = nil, auth: Auth? = nil, policy: Policy) {
        self.type = type
        self.`protocol` = `protocol`
        self.server = server
        self.features = features
        self.snapshot = snapshot
        self.canvasHostUrl = canvasHostUrl
        self.canvasCapability = canvasCapability
        self.auth = auth
        self.policy = policy
    }

    private enum CodingKeys: String, CodingKey {
        case type = "type"
        case `protocol` = "protocol"
        case server = "server"
        case features = "features"
        case snapshot = "snapshot"
        case canvasHostUrl = "canvasHostUrl"
        case canvasCapability = "canvasCapability"
        case auth = "auth"
        case policy = "policy"
    }
}

/// Of every connection.
public struct RequestFrame: Codable, Equatable, Sendable {
    /// type
    public enum TypeValue: RawRepresentable, Codable, Equatable, Sendable {
        case req
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "req": self = .req
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .req: return "req"
            case .unrecognized(let value): return value
            }
        }
    }
    public var type: TypeValue
    public var id: JSONValue
    public var method: String
    public var params: JSONValue?

    public init(type: TypeValue, id: JSONValue, method: String, params: JSONValue? = nil) {
        self.type = type
        self.id = id
        self.method = method
        self.params = params
    }

    private enum CodingKeys: String, CodingKey {
        case type = "type"
        case id = "id"
        case method = "method"
        case params = "params"
    }
}

/// Of every connection.
public struct ResponseFrame: Codable, Equatable, Sendable {
    /// type
    public enum TypeValue: RawRepresentable, Codable, Equatable, Sendable {
        case res
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "res": self = .res
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .res: return "res"
            case .unrecognized(let value): return value
            }
        }
    }
    /// error
    public struct Error: Codable, Equatable, Sendable {
        public var code: String
        public var message: String
        public var details: JSONValue?
        public var retryable: Bool?
        public var retryAfterMs: Int?

        public init(code: String, message: String, details: JSONValue? = nil, retryable: Bool? = nil, retryAfterMs: Int? = nil) {
            self.code = code
            self.message = message
            self.details = details
            self.retryable = retryable
            self.retryAfterMs = retryAfterMs
        }

        private enum CodingKeys: String, CodingKey {
            case code = "code"
            case message = "message"
            case details = "details"
            case retryable = "retryable"
            case retryAfterMs = "retryAfterMs"
        }
    }
    public var type: TypeValue
    public var id: JSONValue
    public var ok: Bool
    public var payload: JSONValue?
    public var error: Error?

    public init(type: TypeValue, id: JSONValue, ok: Bool, payload: JSONValue? = nil, error: Error? = nil) {
        self.type = type
        self.id = id
        self.ok = ok
        self.payload = payload
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case type = "type"
        case id = "id"
        case ok = "ok"
        case payload = "payload"
        case error = "error"
    }
}

/// Parameters of `agent`.
public struct AgentParams: Codable, Equatable, Sendable {
    public var message: String
    public var agentId: String?
    public var to: String?
    public var replyTo: String?
    public var sessionId: String?
    public var sessionKey: String?
    public var thinking: String?
    public var deliver: Bool?
    public var attachments: [JSONValue]?
    public var channel: String?
    public var replyChannel: String?
    public var accountId: String?
    public var replyAccountId: String?
    public var threadId: String?
    public var groupId: String?
    public var groupChannel: String?
    public var groupSpace: String?
    public var timeout: Int?
    public var lane: String?
    public var extraSystemPrompt: String?
    public var idempotencyKey: String
    public var label: String?
    public var spawnedBy: String?

    public init(message: String, agentId: String? = nil, to: String? = nil, replyTo: String? = nil, sessionId: String? = nil, sessionKey: String? = nil, thinking: String? = nil, deliver: Bool? = nil, attachments: [JSONValue]? = nil, channel: String? = nil, replyChannel: String? = nil, accountId: String? = nil, replyAccountId: String? = nil, threadId: String? = nil, groupId: String? = nil, groupChannel: String? = nil, groupSpace: String? = nil, timeout: Int? = nil, lane: String? = nil, extraSystemPrompt: String? = nil, idempotencyKey: String, label: String? = nil, spawnedBy: String? = nil) {
        self.message = message
        self.agentId = agentId
        self.to = to
        self.replyTo = replyTo
        self.sessionId = sessionId
        self.sessionKey = sessionKey
        self.thinking = thinking
        self.deliver = deliver
        self.attachments = attachments
        self.channel = channel
        self.replyChannel = replyChannel
        self.accountId = accountId
        self.replyAccountId = replyAccountId
        self.threadId = threadId
        self.groupId = groupId
        self.groupChannel = groupChannel
        self.groupSpace = groupSpace
        self.timeout = timeout
        self.lane = lane
        self.extraSystemPrompt = extraSystemPrompt
        self.idempotencyKey = idempotencyKey
        self.label = label
        self.spawnedBy = spawnedBy
    }

    private enum CodingKeys: String, CodingKey {
        case message = "message"
        case agentId = "agentId"
        case to = "to"
        case replyTo = "replyTo"
        case sessionId = "sessionId"
        case sessionKey = "sessionKey"
        case thinking = "thinking"
        case deliver = "deliver"
        case attachments = "attachments"
        case channel = "channel"
        case replyChannel = "replyChannel"
        case accountId = "accountId"
        case replyAccountId = "replyAccountId"
        case threadId = "threadId"
        case groupId = "groupId"
        case groupChannel = "groupChannel"
        case groupSpace = "groupSpace"
        case timeout = "timeout"
        case lane = "lane"
        case extraSystemPrompt = "extraSystemPrompt"
        case idempotencyKey = "idempotencyKey"
        case label = "label"
        case spawnedBy = "spawnedBy"
    }
}

/// Answer of `agent`.
public struct AgentResult: Codable, Equatable, Sendable {
    /// result
    public struct Result: Codable, Equatable, Sendable {
        /// payloadsItem
        public struct PayloadsItem: Codable, Equatable, Sendable {
            public var text: String
            public var mediaUrl: Nullable<String>
            public var mediaUrls: [String]?

            public init(text: String, mediaUrl: Nullable<String>, mediaUrls: [String]? = nil) {
                self.text = text
                self.mediaUrl = mediaUrl
                self.mediaUrls = mediaUrls
            }

            private enum CodingKeys: String, CodingKey {
                case text = "text"
                case mediaUrl = "mediaUrl"
                case mediaUrls = "mediaUrls"
            }
        }
        /// stats
        public struct Stats: Codable, Equatable, Sendable {
            public var durationMs: Double?
            public var tokensIn: Int
            public var tokensOut: Int

            public init(durationMs: Double? = nil, tokensIn: Int, tokensOut: Int) {
                self.durationMs = durationMs
                self.tokensIn = tokensIn
                self.tokensOut = tokensOut
            }

            private enum CodingKeys: String, CodingKey {
                case durationMs = "durationMs"
                case tokensIn = "tokensIn"
                case tokensOut = "tokensOut"
            }
        }
        /// delivery
        public struct Delivery: Codable, Equatable, Sendable {
            public var status: String
            public var queueId: String?
            public var error: String?

            public init(status: String, queueId: String? = nil, error: String? = nil) {
                self.status = status
                self.queueId = queueId
                self.error = error
            }

            private enum CodingKeys: String, CodingKey {
                case status = "status"
                case queueId = "queueId"
                case error = "error"
            }
        }
        public var payloads: [PayloadsItem]
        public var meta: JSONValue
        public var stats: Stats?
        public var delivery: Delivery?

        public init(payloads: [PayloadsItem], meta: JSONValue, stats: Stats? = nil, delivery: Delivery? = nil) {
            self.payloads = payloads
            self.meta = meta
            self.stats = stats
            self.delivery = delivery
        }

        private enum CodingKeys: String, CodingKey {
            case payloads = "payloads"
            case meta = "meta"
            case stats = "stats"
            case delivery = "delivery"
        }
    }
    /// error
    public struct Error: Codable, Equatable, Sendable {
        public var code: String
        public var message: String
        public var retryable: Bool?

        public init(code: String, message: String, retryable: Bool? = nil) {
            self.code = code
            self.message = message
            self.retryable = retryable
        }

        private enum CodingKeys: String, CodingKey {
            case code = "code"
            case message = "message"
            case retryable = "retryable"
        }
    }
    public var runId: String
    public var status: String
    public var acceptedAt: Int?
    public var summary: String?
    public var result: Result?
    public var error: Error?

    public init(runId: String, status: String, acceptedAt: Int? = nil, summary: String? = nil, result: Result? = nil, error: Error? = nil) {
        self.runId = runId
        self.status = status
        self.acceptedAt = acceptedAt
        self.summary = summary
        self.result = result
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case runId = "runId"
        case status = "status"
        case acceptedAt = "acceptedAt"
        case summary = "summary"
        case result = "result"
        case error = "error"
    }
}

/// Parameters of `agent.identity.get`.
public struct AgentIdentityGetParams: Codable, Equatable, Sendable {
    public var agentId: String?
    public var sessionKey: String?

    public init(agentId: String? = nil, sessionKey: String? = nil) {
        self.agentId = agentId
        self.sessionKey = sessionKey
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
        case sessionKey = "sessionKey"
    }
}

/// Answer of `agent.identity.get`.
public struct AgentIdentityGetResult: Codable, Equatable, Sendable {
    public var name: String
    public var theme: String?
    public var emoji: String?
    public var avatar: String
    public var agentId: String

    public init(name: String, theme: String? = nil, emoji: String? = nil, avatar: String, agentId: String) {
        self.name = name
        self.theme = theme
        self.emoji = emoji
        self.avatar = avatar
        self.agentId = agentId
    }

    private enum CodingKeys: String, CodingKey {
        case name = "name"
        case theme = "theme"
        case emoji = "emoji"
        case avatar = "avatar"
        case agentId = "agentId"
    }
}

/// Parameters of `agent.wait`.
public struct AgentWaitParams: Codable, Equatable, Sendable {
    public var runId: String
    public var timeoutMs: Int?

    public init(runId: String, timeoutMs: Int? = nil) {
        self.runId = runId
        self.timeoutMs = timeoutMs
    }

    private enum CodingKeys: String, CodingKey {
        case runId = "runId"
        case timeoutMs = "timeoutMs"
    }
}

/// Answer of `agent.wait`.
public struct AgentWaitResult: Codable, Equatable, Sendable {
    public var runId: String
    public var status: String
    public var startedAt: Int?
    public var endedAt: Int?
    public var error: String?

    public init(runId: String, status: String, startedAt: Int? = nil, endedAt: Int? = nil, error: String? = nil) {
        self.runId = runId
        self.status = status
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case runId = "runId"
        case status = "status"
        case startedAt = "startedAt"
        case endedAt = "endedAt"
        case error = "error"
    }
}

/// Parameters of `agents.create`.
public struct AgentsCreateParams: Codable, Equatable, Sendable {
    public var name: String
    public var workspace: String
    public var emoji: String?
    public var avatar: String?

    public init(name: String, workspace: String, emoji: String? = nil, avatar: String? = nil) {
        self.name = name
        self.workspace = workspace
        self.emoji = emoji
        self.avatar = avatar
    }

    private enum CodingKeys: String, CodingKey {
        case name = "name"
        case workspace = "workspace"
        case emoji = "emoji"
        case avatar = "avatar"
    }
}

/// Answer of `agents.create`.
public struct AgentsCreateResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var agentId: String
    public var name: String
    public var workspace: String

    public init(ok: Bool, agentId: String, name: String, workspace: String) {
        self.ok = ok
        self.agentId = agentId
        self.name = name
        self.workspace = workspace
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case agentId = "agentId"
        case name = "name"
        case workspace = "workspace"
    }
}

/// Parameters of `agents.delete`.
public struct AgentsDeleteParams: Codable, Equatable, Sendable {
    public var agentId: String
    public var deleteFiles: Bool?

    public init(agentId: String, deleteFiles: Bool? = nil) {
        self.agentId = agentId
        self.deleteFiles = deleteFiles
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
        case deleteFiles = "deleteFiles"
    }
}

/// Answer of `agents.delete`.
public struct AgentsDeleteResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var agentId: String
    public var removedBindings: Int
    public var archived: [String]?
    public var kept: [String]?

    public init(ok: Bool, agentId: String, removedBindings: Int, archived: [String]? = nil, kept: [String]? = nil) {
        self.ok = ok
        self.agentId = agentId
        self.removedBindings = removedBindings
        self.archived = archived
        self.kept = kept
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case agentId = "agentId"
        case removedBindings = "removedBindings"
        case archived = "archived"
        case kept = "kept"
    }
}

/// Parameters of `agents.files.get`.
public struct AgentsFilesGetParams: Codable, Equatable, Sendable {
    public var agentId: String
    public var name: String

    public init(agentId: String, name: String) {
        self.agentId = agentId
        self.name = name
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
        case name = "name"
    }
}

/// Answer of `agents.files.get`.
public struct AgentsFilesGetResult: Codable, Equatable, Sendable {
    /// file
    public struct File: Codable, Equatable, Sendable {
        public var name: String
        public var path: String
        public var missing: Bool
        public var size: Int?
        public var updatedAtMs: Int?
        public var content: String?
        public var problem: String?

        public init(name: String, path: String, missing: Bool, size: Int? = nil, updatedAtMs: Int? = nil, content: String? = nil, problem: String? = nil) {
            self.name = name
            self.path = path
            self.missing = missing
            self.size = size
            self.updatedAtMs = updatedAtMs
            self.content = content
            self.problem = problem
        }

        private enum CodingKeys: String, CodingKey {
            case name = "name"
            case path = "path"
            case missing = "missing"
            case size = "size"
            case updatedAtMs = "updatedAtMs"
            case content = "content"
            case problem = "problem"
        }
    }
    public var agentId: String
    public var workspace: String
    public var file: File

    public init(agentId: String, workspace: String, file: File) {
        self.agentId = agentId
        self.workspace = workspace
        self.file = file
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
        case workspace = "workspace"
        case file = "file"
    }
}

/// Parameters of `agents.files.list`.
public struct AgentsFilesListParams: Codable, Equatable, Sendable {
    public var agentId: String

    public init(agentId: String) {
        self.agentId = agentId
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
    }
}

/// Answer of `agents.files.list`.
public struct AgentsFilesListResult: Codable, Equatable, Sendable {
    /// filesItem
    public struct FilesItem: Codable, Equatable, Sendable {
        public var name: String
        public var path: String
        public var missing: Bool
        public var size: Int?
        public var updatedAtMs: Int?
        public var content: String?
        public var problem: String?

        public init(name: String, path: String, missing: Bool, size: Int? = nil, updatedAtMs: Int? = nil, content: String? = nil, problem: String? = nil) {
            self.name = name
            self.path = path
            self.missing = missing
            self.size = size
            self.updatedAtMs = updatedAtMs
            self.content = content
            self.problem = problem
        }

        private enum CodingKeys: String, CodingKey {
            case name = "name"
            case path = "path"
            case missing = "missing"
            case size = "size"
            case updatedAtMs = "updatedAtMs"
            case content = "content"
            case problem = "problem"
        }
    }
    public var agentId: String
    public var workspace: String
    public var files: [FilesItem]

    public init(agentId: String, workspace: String, files: [FilesItem]) {
        self.agentId = agentId
        self.workspace = workspace
        self.files = files
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
        case workspace = "workspace"
        case files = "files"
    }
}

/// Parameters of `agents.files.set`.
public struct AgentsFilesSetParams: Codable, Equatable, Sendable {
    public var agentId: String
    public var name: String
    public var content: String

    public init(agentId: String, name: String, content: String) {
        self.agentId = agentId
        self.name = name
        self.content = content
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
        case name = "name"
        case content = "content"
    }
}

/// Answer of `agents.files.set`.
public struct AgentsFilesSetResult: Codable, Equatable, Sendable {
    /// file
    public struct File: Codable, Equatable, Sendable {
        public var name: String
        public var path: String
        public var missing: Bool
        public var size: Int?
        public var updatedAtMs: Int?
        public var content: String?
        public var problem: String?

        public init(name: String, path: String, missing: Bool, size: Int? = nil, updatedAtMs: Int? = nil, content: String? = nil, problem: String? = nil) {
            self.name = name
            self.path = path
            self.missing = missing
            self.size = size
            self.updatedAtMs = updatedAtMs
            self.content = content
            self.problem = problem
        }

        private enum CodingKeys: String, CodingKey {
            case name = "name"
            case path = "path"
            case missing = "missing"
            case size = "size"
            case updatedAtMs = "updatedAtMs"
            case content = "content"
            case problem = "problem"
        }
    }
    public var ok: Bool
    public var agentId: String
    public var workspace: String
    public var file: File

    public init(ok: Bool, agentId: String, workspace: String, file: File) {
        self.ok = ok
        self.agentId = agentId
        self.workspace = workspace
        self.file = file
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case agentId = "agentId"
        case workspace = "workspace"
        case file = "file"
    }
}

/// Parameters of `agents.list`.
public struct AgentsListParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `agents.list`.
public struct AgentsListResult: Codable, Equatable, Sendable {
    /// agentsItem
    public struct AgentsItem: Codable, Equatable, Sendable {
        /// identity
        public struct Identity: Codable, Equatable, Sendable {
            public var name: String?
            public var theme: String?
            public var emoji: String?
            public var avatar: String?

            public init(name: String? = nil, theme: String? = nil, emoji: String? = nil, avatar: String? = nil) {
                self.name = name
                self.theme = theme
                self.emoji = emoji
                self.avatar = avatar
            }

            private enum CodingKeys: String, CodingKey {
                case name = "name"
                case theme = "theme"
                case emoji = "emoji"
                case avatar = "avatar"
            }
        }
        public var id: String
        public var name: String?
        public var identity: Identity?

        public init(id: String, name: String? = nil, identity: Identity? = nil) {
            self.id = id
            self.name = name
            self.identity = identity
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case name = "name"
            case identity = "identity"
        }
    }
    public var defaultId: String
    public var mainKey: String
    public var scope: String
    public var agents: [AgentsItem]

    public init(defaultId: String, mainKey: String, scope: String, agents: [AgentsItem]) {
        self.defaultId = defaultId
        self.mainKey = mainKey
        self.scope = scope
        self.agents = agents
    }

    private enum CodingKeys: String, CodingKey {
        case defaultId = "defaultId"
        case mainKey = "mainKey"
        case scope = "scope"
        case agents = "agents"
    }
}

/// Parameters of `agents.update`.
public struct AgentsUpdateParams: Codable, Equatable, Sendable {
    public var agentId: String
    public var name: String?
    public var workspace: String?
    public var model: String?
    public var avatar: String?

    public init(agentId: String, name: String? = nil, workspace: String? = nil, model: String? = nil, avatar: String? = nil) {
        self.agentId = agentId
        self.name = name
        self.workspace = workspace
        self.model = model
        self.avatar = avatar
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
        case name = "name"
        case workspace = "workspace"
        case model = "model"
        case avatar = "avatar"
    }
}

/// Answer of `agents.update`.
public struct AgentsUpdateResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var agentId: String

    public init(ok: Bool, agentId: String) {
        self.ok = ok
        self.agentId = agentId
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case agentId = "agentId"
    }
}

/// Parameters of `browser.request`.
public struct BrowserRequestParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `browser.request`.
public typealias BrowserRequestResult = JSONValue

/// Parameters of `channels.logout`.
public struct ChannelsLogoutParams: Codable, Equatable, Sendable {
    public var channel: String
    public var accountId: String?

    public init(channel: String, accountId: String? = nil) {
        self.channel = channel
        self.accountId = accountId
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
    }
}

/// Answer of `channels.logout`.
public struct ChannelsLogoutResult: Codable, Equatable, Sendable {
    public var channel: String
    public var accountId: String
    public var cleared: Bool
    public var loggedOut: Bool?

    public init(channel: String, accountId: String, cleared: Bool, loggedOut: Bool? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.cleared = cleared
        self.loggedOut = loggedOut
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
        case cleared = "cleared"
        case loggedOut = "loggedOut"
    }
}

/// Parameters of `channels.status`.
public struct ChannelsStatusParams: Codable, Equatable, Sendable {
    public var probe: Bool?
    public var timeoutMs: Int?

    public init(probe: Bool? = nil, timeoutMs: Int? = nil) {
        self.probe = probe
        self.timeoutMs = timeoutMs
    }

    private enum CodingKeys: String, CodingKey {
        case probe = "probe"
        case timeoutMs = "timeoutMs"
    }
}

/// Answer of `channels.status`.
public struct ChannelsStatusResult: Codable, Equatable, Sendable {
    /// channelMetaItem
    public struct ChannelMetaItem: Codable, Equatable, Sendable {
        public var id: String
        public var label: String
        public var detailLabel: String
        public var systemImage: String?

        public init(id: String, label: String, detailLabel: String, systemImage: String? = nil) {
            self.id = id
            self.label = label
            self.detailLabel = detailLabel
            self.systemImage = systemImage
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case label = "label"
            case detailLabel = "detailLabel"
            case systemImage = "systemImage"
        }
    }
    /// channelsValue
    public struct ChannelsValue: Codable, Equatable, Sendable {
        /// accountsValue
        public struct AccountsValue: Codable, Equatable, Sendable {
            public var accountId: String
            public var enabled: Bool
            public var configured: Bool
            public var running: Bool
            public var connected: Bool
            public var lastError: Nullable<String>

            public init(accountId: String, enabled: Bool, configured: Bool, running: Bool, connected: Bool, lastError: Nullable<String>) {
                self.accountId = accountId
                self.enabled = enabled
                self.configured = configured
                self.running = running
                self.connected = connected
                self.lastError = lastError
            }

            private enum CodingKeys: String, CodingKey {
                case accountId = "accountId"
                case enabled = "enabled"
                case configured = "configured"
                case running = "running"
                case connected = "connected"
                case lastError = "lastError"
            }
        }
        public var state: String
        public var accounts: [String: AccountsValue]

        public init(state: String, accounts: [String: AccountsValue]) {
            self.state = state
            self.accounts = accounts
        }

        private enum CodingKeys: String, CodingKey {
            case state = "state"
            case accounts = "accounts"
        }
    }
    /// channelAccountsValueItem
    public struct ChannelAccountsValueItem: Codable, Equatable, Sendable {
        public var accountId: String
        public var enabled: Bool
        public var configured: Bool
        public var running: Bool
        public var connected: Bool
        public var lastError: Nullable<String>

        public init(accountId: String, enabled: Bool, configured: Bool, running: Bool, connected: Bool, lastError: Nullable<String>) {
            self.accountId = accountId
            self.enabled = enabled
            self.configured = configured
            self.running = running
            self.connected = connected
            self.lastError = lastError
        }

        private enum CodingKeys: String, CodingKey {
            case accountId = "accountId"
            case enabled = "enabled"
            case configured = "configured"
            case running = "running"
            case connected = "connected"
            case lastError = "lastError"
        }
    }
    /// issuesItem
    public struct IssuesItem: Codable, Equatable, Sendable {
        public var channel: String
        public var accountId: String
        public var kind: String
        public var message: String
        public var fix: String?

        public init(channel: String, accountId: String, kind: String, message: String, fix: String? = nil) {
            self.channel = channel
            self.accountId = accountId
            self.kind = kind
            self.message = message
            self.fix = fix
        }

        private enum CodingKeys: String, CodingKey {
            case channel = "channel"
            case accountId = "accountId"
            case kind = "kind"
            case message = "message"
            case fix = "fix"
        }
    }
    public var ts: Int
    public var channelOrder: [String]
    public var channelLabels: [String: String]
    public var channelDetailLabels: [String: String]
    public var channelSystemImages: [String: String]
    public var channelMeta: [ChannelMetaItem]
    public var channels: [String: ChannelsValue]
    public var channelAccounts: [String: [ChannelAccountsValueItem]]
    public var channelDefaultAccountId: [String: String]
    public var issues: [IssuesItem]

    public init(ts: Int, channelOrder: [String], channelLabels: [String: String], channelDetailLabels: [String: String], channelSystemImages: [String: String], channelMeta: [ChannelMetaItem], channels: [String: ChannelsValue], channelAccounts: [String: [ChannelAccountsValueItem]], channelDefaultAccountId: [String: String], issues: [IssuesItem]) {
        self.ts = ts
        self.channelOrder = channelOrder
        self.channelLabels = channelLabels
        self.channelDetailLabels = channelDetailLabels
        self.channelSystemImages = channelSystemImages
        self.channelMeta = channelMeta
        self.channels = channels
        self.channelAccounts = channelAccounts
        self.channelDefaultAccountId = channelDefaultAccountId
        self.issues = issues
    }

    private enum CodingKeys: String, CodingKey {
        case ts = "ts"
        case channelOrder = "channelOrder"
        case channelLabels = "channelLabels"
        case channelDetailLabels = "channelDetailLabels"
        case channelSystemImages = "channelSystemImages"
        case channelMeta = "channelMeta"
        case channels = "channels"
        case channelAccounts = "channelAccounts"
        case channelDefaultAccountId = "channelDefaultAccountId"
        case issues = "issues"
    }
}

/// Parameters of `chat.abort`.
public struct ChatAbortParams: Codable, Equatable, Sendable {
    public var sessionKey: String
    public var runId: String?

    public init(sessionKey: String, runId: String? = nil) {
        self.sessionKey = sessionKey
        self.runId = runId
    }

    private enum CodingKeys: String, CodingKey {
        case sessionKey = "sessionKey"
        case runId = "runId"
    }
}

/// Answer of `chat.abort`.
public struct ChatAbortResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var aborted: Bool
    public var runIds: [String]

    public init(ok: Bool, aborted: Bool, runIds: [String]) {
        self.ok = ok
        self.aborted = aborted
        self.runIds = runIds
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case aborted = "aborted"
        case runIds = "runIds"
    }
}

/// Parameters of `chat.history`.
public struct ChatHistoryParams: Codable, Equatable, Sendable {
    public var sessionKey: String
    public var limit: Int?

    public init(sessionKey: String, limit: Int? = nil) {
        self.sessionKey = sessionKey
        self.limit = limit
    }

    private enum CodingKeys: String, CodingKey {
        case sessionKey = "sessionKey"
        case limit = "limit"
    }
}

/// Answer of `chat.history`.
public struct ChatHistoryResult: Codable, Equatable, Sendable {
    /// messagesItem
    public struct MessagesItem: Codable, Equatable, Sendable {
        public var role: String
        public var content: JSONValue?
        public var timestamp: Double?

        public init(role: String, content: JSONValue? = nil, timestamp: Double? = nil) {
            self.role = role
            self.content = content
            self.timestamp = timestamp
        }

        private enum CodingKeys: String, CodingKey {
            case role = "role"
            case content = "content"
            case timestamp = "timestamp"
        }
    }
    public var sessionKey: String
    public var sessionId: String?
    public var messages: [MessagesItem]
    public var thinkingLevel: String?
    public var verboseLevel: String?

    public init(sessionKey: String, sessionId: String? = nil, messages: [MessagesItem], thinkingLevel: String? = nil, verboseLevel: String? = nil) {
        self.sessionKey = sessionKey
        self.sessionId = sessionId
        self.messages = messages
        self.thinkingLevel = thinkingLevel
        self.verboseLevel = verboseLevel
    }

    private enum CodingKeys: String, CodingKey {
        case sessionKey = "sessionKey"
        case sessionId = "sessionId"
        case messages = "messages"
        case thinkingLevel = "thinkingLevel"
        case verboseLevel = "verboseLevel"
    }
}

/// Parameters of `chat.inject`.
public struct ChatInjectParams: Codable, Equatable, Sendable {
    public var sessionKey: String
    public var message: String
    public var label: String?

    public init(sessionKey: String, message: String, label: String? = nil) {
        self.sessionKey = sessionKey
        self.message = message
        self.label = label
    }

    private enum CodingKeys: String, CodingKey {
        case sessionKey = "sessionKey"
        case message = "message"
        case label = "label"
    }
}

/// Answer of `chat.inject`.
public struct ChatInjectResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var messageId: String

    public init(ok: Bool, messageId: String) {
        self.ok = ok
        self.messageId = messageId
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case messageId = "messageId"
    }
}

/// Parameters of `chat.send`.
public struct ChatSendParams: Codable, Equatable, Sendable {
    public var sessionKey: String
    public var message: String
    public var thinking: String?
    public var deliver: Bool?
    public var attachments: [JSONValue]?
    public var timeoutMs: Int?
    public var idempotencyKey: String

    public init(sessionKey: String, message: String, thinking: String? = nil, deliver: Bool? = nil, attachments: [JSONValue]? = nil, timeoutMs: Int? = nil, idempotencyKey: String) {
        self.sessionKey = sessionKey
        self.message = message
        self.thinking = thinking
        self.deliver = deliver
        self.attachments = attachments
        self.timeoutMs = timeoutMs
        self.idempotencyKey = idempotencyKey
    }

    private enum CodingKeys: String, CodingKey {
        case sessionKey = "sessionKey"
        case message = "message"
        case thinking = "thinking"
        case deliver = "deliver"
        case attachments = "attachments"
        case timeoutMs = "timeoutMs"
        case idempotencyKey = "idempotencyKey"
    }
}

/// Answer of `chat.send`.
public struct ChatSendResult: Codable, Equatable, Sendable {
    public var runId: String?
    public var status: String?
    public var summary: String?
    public var ok: Bool?
    public var aborted: Bool?
    public var runIds: [String]?

    public init(runId: String? = nil, status: String? = nil, summary: String? = nil, ok: Bool? = nil, aborted: Bool? = nil, runIds: [String]? = nil) {
        self.runId = runId
        self.status = status
        self.summary = summary
        self.ok = ok
        self.aborted = aborted
        self.runIds = runIds
    }

    private enum CodingKeys: String, CodingKey {
        case runId = "runId"
        case status = "status"
        case summary = "summary"
        case ok = "ok"
        case aborted = "aborted"
        case runIds = "runIds"
    }
}

/// Parameters of `config.apply`.
public struct ConfigApplyParams: Codable, Equatable, Sendable {
    public var raw: String
    public var baseHash: String?
    public var sessionKey: String?
    public var note: String?
    public var restartDelayMs: Int?

    public init(raw: String, baseHash: String? = nil, sessionKey: String? = nil, note: String? = nil, restartDelayMs: Int? = nil) {
        self.raw = raw
        self.baseHash = baseHash
        self.sessionKey = sessionKey
        self.note = note
        self.restartDelayMs = restartDelayMs
    }

    private enum CodingKeys: String, CodingKey {
        case raw = "raw"
        case baseHash = "baseHash"
        case sessionKey = "sessionKey"
        case note = "note"
        case restartDelayMs = "restartDelayMs"
    }
}

/// Answer of `config.apply`.
public struct ConfigApplyResult: Codable, Equatable, Sendable {
    /// plan
    public struct Plan: Codable, Equatable, Sendable {
        public var hot: [String]
        public var plugins: [String]
        public var restart: [String]
        public var none: [String]

        public init(hot: [String], plugins: [String], restart: [String], none: [String]) {
            self.hot = hot
            self.plugins = plugins
            self.restart = restart
            self.none = none
        }

        private enum CodingKeys: String, CodingKey {
            case hot = "hot"
            case plugins = "plugins"
            case restart = "restart"
            case none = "none"
        }
    }
    /// restart
    public struct Restart: Codable, Equatable, Sendable {
        public var ok: Bool
        public var pid: Int
        public var signal: String
        public var delayMs: Int
        public var reason: String
        public var mode: String

        public init(ok: Bool, pid: Int, signal: String, delayMs: Int, reason: String, mode: String) {
            self.ok = ok
            self.pid = pid
            self.signal = signal
            self.delayMs = delayMs
            self.reason = reason
            self.mode = mode
        }

        private enum CodingKeys: String, CodingKey {
            case ok = "ok"
            case pid = "pid"
            case signal = "signal"
            case delayMs = "delayMs"
            case reason = "reason"
            case mode = "mode"
        }
    }
    /// sentinel
    public struct Sentinel: Codable, Equatable, Sendable {
        /// payload
        public struct Payload: Codable, Equatable, Sendable {
            public var kind: String
            public var status: String
            public var ts: Int
            public var sessionKey: String?
            public var message: Nullable<String>
            public var doctorHint: String
            public var stats: JSONValue

            public init(kind: String, status: String, ts: Int, sessionKey: String? = nil, message: Nullable<String>, doctorHint: String, stats: JSONValue) {
                self.kind = kind
                self.status = status
                self.ts = ts
                self.sessionKey = sessionKey
                self.message = message
                self.doctorHint = doctorHint
                self.stats = stats
            }

            private enum CodingKeys: String, CodingKey {
                case kind = "kind"
                case status = "status"
                case ts = "ts"
                case sessionKey = "sessionKey"
                case message = "message"
                case doctorHint = "doctorHint"
                case stats = "stats"
            }
        }
        public var path: String
        public var payload: Payload

        public init(path: String, payload: Payload) {
            self.path = path
            self.payload = payload
        }

        private enum CodingKeys: String, CodingKey {
            case path = "path"
            case payload = "payload"
        }
    }
    public var ok: Bool
    public var path: String
    public var config: JSONValue
    public var hash: String
    public var plan: Plan
    public var restart: Restart
    public var sentinel: Sentinel

    public init(ok: Bool, path: String, config: JSONValue, hash: String, plan: Plan, restart: Restart, sentinel: Sentinel) {
        self.ok = ok
        self.path = path
        self.config = config
        self.hash = hash
        self.plan = plan
        self.restart = restart
        self.sentinel = sentinel
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case path = "path"
        case config = "config"
        case hash = "hash"
        case plan = "plan"
        case restart = "restart"
        case sentinel = "sentinel"
    }
}

/// Parameters of `config.get`.
public struct ConfigGetParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `config.get`.
public struct ConfigGetResult: Codable, Equatable, Sendable {
    /// issuesItem
    public struct IssuesItem: Codable, Equatable, Sendable {
        public var path: String
        public var message: String
        public var file: String?
        public var line: Int?
        public var column: Int?
        public var hint: String?

        public init(path: String, message: String, file: String? = nil, line: Int? = nil, column: Int? = nil, hint: String? = nil) {
            self.path = path
            self.message = message
            self.file = file
            self.line = line
            self.column = column
            self.hint = hint
        }

        private enum CodingKeys: String, CodingKey {
            case path = "path"
            case message = "message"
            case file = "file"
            case line = "line"
            case column = "column"
            case hint = "hint"
        }
    }
    /// warningsItem
    public struct WarningsItem: Codable, Equatable, Sendable {
        public var path: String
        public var message: String
        public var file: String?
        public var line: Int?
        public var column: Int?
        public var hint: String?

        public init(path: String, message: String, file: String? = nil, line: Int? = nil, column: Int? = nil, hint: String? = nil) {
            self.path = path
            self.message = message
            self.file = file
            self.line = line
            self.column = column
            self.hint = hint
        }

        private enum CodingKeys: String, CodingKey {
            case path = "path"
            case message = "message"
            case file = "file"
            case line = "line"
            case column = "column"
            case hint = "hint"
        }
    }
    /// legacyIssuesItem
    public struct LegacyIssuesItem: Codable, Equatable, Sendable {
        public var path: String
        public var message: String
        public var file: String?
        public var line: Int?
        public var column: Int?
        public var hint: String?

        public init(path: String, message: String, file: String? = nil, line: Int? = nil, column: Int? = nil, hint: String? = nil) {
            self.path = path
            self.message = message
            self.file = file
            self.line = line
            self.column = column
            self.hint = hint
        }

        private enum CodingKeys: String, CodingKey {
            case path = "path"
            case message = "message"
            case file = "file"
            case line = "line"
            case column = "column"
            case hint = "hint"
        }
    }
    public var path: String
    public var exists: Bool
    public var raw: Nullable<String>
    public var parsed: JSONValue
    public var config: JSONValue
    public var valid: Bool
    public var hash: String
    public var issues: [IssuesItem]
    public var warnings: [WarningsItem]
    public var includes: [String]
    public var legacyIssues: [LegacyIssuesItem]

    public init(path: String, exists: Bool, raw: Nullable<String>, parsed: JSONValue, config: JSONValue, valid: Bool, hash: String, issues: [IssuesItem], warnings: [WarningsItem], includes: [String], legacyIssues: [LegacyIssuesItem]) {
        self.path = path
        self.exists = exists
        self.raw = raw
        self.parsed = parsed
        self.config = config
        self.valid = valid
        self.hash = hash
        self.issues = issues
        self.warnings = warnings
        self.includes = includes
        self.legacyIssues = legacyIssues
    }

    private enum CodingKeys: String, CodingKey {
        case path = "path"
        case exists = "exists"
        case raw = "raw"
        case parsed = "parsed"
        case config = "config"
        case valid = "valid"
        case hash = "hash"
        case issues = "issues"
        case warnings = "warnings"
        case includes = "includes"
        case legacyIssues = "legacyIssues"
    }
}

/// Parameters of `config.patch`.
public struct ConfigPatchParams: Codable, Equatable, Sendable {
    public var raw: String
    public var baseHash: String?
    public var sessionKey: String?
    public var note: String?
    public var restartDelayMs: Int?

    public init(raw: String, baseHash: String? = nil, sessionKey: String? = nil, note: String? = nil, restartDelayMs: Int? = nil) {
        self.raw = raw
        self.baseHash = baseHash
        self.sessionKey = sessionKey
        self.note = note
        self.restartDelayMs = restartDelayMs
    }

    private enum CodingKeys: String, CodingKey {
        case raw = "raw"
        case baseHash = "baseHash"
        case sessionKey = "sessionKey"
        case note = "note"
        case restartDelayMs = "restartDelayMs"
    }
}

/// Answer of `config.patch`.
public struct ConfigPatchResult: Codable, Equatable, Sendable {
    /// plan
    public struct Plan: Codable, Equatable, Sendable {
        public var hot: [String]
        public var plugins: [String]
        public var restart: [String]
        public var none: [String]

        public init(hot: [String], plugins: [String], restart: [String], none: [String]) {
            self.hot = hot
            self.plugins = plugins
            self.restart = restart
            self.none = none
        }

        private enum CodingKeys: String, CodingKey {
            case hot = "hot"
            case plugins = "plugins"
            case restart = "restart"
            case none = "none"
        }
    }
    /// restart
    public struct Restart: Codable, Equatable, Sendable {
        public var ok: Bool
        public var pid: Int
        public var signal: String
        public var delayMs: Int
        public var reason: String
        public var mode: String

        public init(ok: Bool, pid: Int, signal: String, delayMs: Int, reason: String, mode: String) {
            self.ok = ok
            self.pid = pid
            self.signal = signal
            self.delayMs = delayMs
            self.reason = reason
            self.mode = mode
        }

        private enum CodingKeys: String, CodingKey {
            case ok = "ok"
            case pid = "pid"
            case signal = "signal"
            case delayMs = "delayMs"
            case reason = "reason"
            case mode = "mode"
        }
    }
    /// sentinel
    public struct Sentinel: Codable, Equatable, Sendable {
        /// payload
        public struct Payload: Codable, Equatable, Sendable {
            public var kind: String
            public var status: String
            public var ts: Int
            public var sessionKey: String?
            public var message: Nullable<String>
            public var doctorHint: String
            public var stats: JSONValue

            public init(kind: String, status: String, ts: Int, sessionKey: String? = nil, message: Nullable<String>, doctorHint: String, stats: JSONValue) {
                self.kind = kind
                self.status = status
                self.ts = ts
                self.sessionKey = sessionKey
                self.message = message
                self.doctorHint = doctorHint
                self.stats = stats
            }

            private enum CodingKeys: String, CodingKey {
                case kind = "kind"
                case status = "status"
                case ts = "ts"
                case sessionKey = "sessionKey"
                case message = "message"
                case doctorHint = "doctorHint"
                case stats = "stats"
            }
        }
        public var path: String
        public var payload: Payload

        public init(path: String, payload: Payload) {
            self.path = path
            self.payload = payload
        }

        private enum CodingKeys: String, CodingKey {
            case path = "path"
            case payload = "payload"
        }
    }
    public var ok: Bool
    public var path: String
    public var config: JSONValue
    public var hash: String
    public var plan: Plan
    public var restart: Restart
    public var sentinel: Sentinel

    public init(ok: Bool, path: String, config: JSONValue, hash: String, plan: Plan, restart: Restart, sentinel: Sentinel) {
        self.ok = ok
        self.path = path
        self.config = config
        self.hash = hash
        self.plan = plan
        self.restart = restart
        self.sentinel = sentinel
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case path = "path"
        case config = "config"
        case hash = "hash"
        case plan = "plan"
        case restart = "restart"
        case sentinel = "sentinel"
    }
}

/// Parameters of `config.plan`.
public struct ConfigPlanParams: Codable, Equatable, Sendable {
    public var raw: String

    public init(raw: String) {
        self.raw = raw
    }

    private enum CodingKeys: String, CodingKey {
        case raw = "raw"
    }
}

/// Answer of `config.plan`.
public struct ConfigPlanResult: Codable, Equatable, Sendable {
    public var hot: [String]
    public var plugins: [String]
    public var restart: [String]
    public var none: [String]

    public init(hot: [String], plugins: [String], restart: [String], none: [String]) {
        self.hot = hot
        self.plugins = plugins
        self.restart = restart
        self.none = none
    }

    private enum CodingKeys: String, CodingKey {
        case hot = "hot"
        case plugins = "plugins"
        case restart = "restart"
        case none = "none"
    }
}

/// Parameters of `config.schema`.
public struct ConfigSchemaParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `config.schema`.
public struct ConfigSchemaResult: Codable, Equatable, Sendable {
    /// schema
    public struct Schema: Codable, Equatable, Sendable {
        public init() {
        }
    }
    /// uiHints
    public struct UiHints: Codable, Equatable, Sendable {
        public init() {
        }
    }
    public var schema: Schema
    public var uiHints: UiHints
    public var version: String
    public var generatedAt: String

    public init(schema: Schema, uiHints: UiHints, version: String, generatedAt: String) {
        self.schema = schema
        self.uiHints = uiHints
        self.version = version
        self.generatedAt = generatedAt
    }

    private enum CodingKeys: String, CodingKey {
        case schema = "schema"
        case uiHints = "uiHints"
        case version = "version"
        case generatedAt = "generatedAt"
    }
}

/// Parameters of `config.set`.
public struct ConfigSetParams: Codable, Equatable, Sendable {
    public var raw: String
    public var baseHash: String?

    public init(raw: String, baseHash: String? = nil) {
        self.raw = raw
        self.baseHash = baseHash
    }

    private enum CodingKeys: String, CodingKey {
        case raw = "raw"
        case baseHash = "baseHash"
    }
}

/// Answer of `config.set`.
public struct ConfigSetResult: Codable, Equatable, Sendable {
    /// plan
    public struct Plan: Codable, Equatable, Sendable {
        public var hot: [String]
        public var plugins: [String]
        public var restart: [String]
        public var none: [String]

        public init(hot: [String], plugins: [String], restart: [String], none: [String]) {
            self.hot = hot
            self.plugins = plugins
            self.restart = restart
            self.none = none
        }

        private enum CodingKeys: String, CodingKey {
            case hot = "hot"
            case plugins = "plugins"
            case restart = "restart"
            case none = "none"
        }
    }
    public var ok: Bool
    public var path: String
    public var config: JSONValue
    public var hash: String
    public var plan: Plan

    public init(ok: Bool, path: String, config: JSONValue, hash: String, plan: Plan) {
        self.ok = ok
        self.path = path
        self.config = config
        self.hash = hash
        self.plan = plan
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case path = "path"
        case config = "config"
        case hash = "hash"
        case plan = "plan"
    }
}

/// Parameters of `config.validate`.
public struct ConfigValidateParams: Codable, Equatable, Sendable {
    public var raw: String

    public init(raw: String) {
        self.raw = raw
    }

    private enum CodingKeys: String, CodingKey {
        case raw = "raw"
    }
}

/// Answer of `config.validate`.
public struct ConfigValidateResult: Codable, Equatable, Sendable {
    /// issuesItem
    public struct IssuesItem: Codable, Equatable, Sendable {
        public var path: String
        public var message: String
        public var file: String?
        public var line: Int?
        public var column: Int?
        public var hint: String?

        public init(path: String, message: String, file: String? = nil, line: Int? = nil, column: Int? = nil, hint: String? = nil) {
            self.path = path
            self.message = message
            self.file = file
            self.line = line
            self.column = column
            self.hint = hint
        }

        private enum CodingKeys: String, CodingKey {
            case path = "path"
            case message = "message"
            case file = "file"
            case line = "line"
            case column = "column"
            case hint = "hint"
        }
    }
    public var valid: Bool
    public var issues: [IssuesItem]

    public init(valid: Bool, issues: [IssuesItem]) {
        self.valid = valid
        self.issues = issues
    }

    private enum CodingKeys: String, CodingKey {
        case valid = "valid"
        case issues = "issues"
    }
}

/// Parameters of `cron.add`.
public struct CronAddParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `cron.add`.
public struct CronAddResult: Codable, Equatable, Sendable {
    /// wakeMode
    public enum WakeMode: RawRepresentable, Codable, Equatable, Sendable {
        case nextHeartbeat
        case now
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "next-heartbeat": self = .nextHeartbeat
            case "now": self = .now
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .nextHeartbeat: return "next-heartbeat"
            case .now: return "now"
            case .unrecognized(let value): return value
            }
        }
    }
    /// delivery
    public struct Delivery: Codable, Equatable, Sendable {
        /// mode
        public enum Mode: RawRepresentable, Codable, Equatable, Sendable {
            case none
            case announce
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "none": self = .none
                case "announce": self = .announce
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .none: return "none"
                case .announce: return "announce"
                case .unrecognized(let value): return value
                }
            }
        }
        public var mode: Mode
        public var channel: String?
        public var to: String?
        public var accountId: String?
        public var sessionKey: String?
        public var bestEffort: Bool?

        public init(mode: Mode, channel: String? = nil, to: String? = nil, accountId: String? = nil, sessionKey: String? = nil, bestEffort: Bool? = nil) {
            self.mode = mode
            self.channel = channel
            self.to = to
            self.accountId = accountId
            self.sessionKey = sessionKey
            self.bestEffort = bestEffort
        }

        private enum CodingKeys: String, CodingKey {
            case mode = "mode"
            case channel = "channel"
            case to = "to"
            case accountId = "accountId"
            case sessionKey = "sessionKey"
            case bestEffort = "bestEffort"
        }
    }
    /// state
    public struct State: Codable, Equatable, Sendable {
        /// lastStatus
        public enum LastStatus: RawRepresentable, Codable, Equatable, Sendable {
            case ok
            case error
            case skipped
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "ok": self = .ok
                case "error": self = .error
                case "skipped": self = .skipped
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .ok: return "ok"
                case .error: return "error"
                case .skipped: return "skipped"
                case .unrecognized(let value): return value
                }
            }
        }
        public var nextRunAtMs: Int?
        public var runningAtMs: Int?
        public var lastRunAtMs: Int?
        public var lastStatus: LastStatus?
        public var lastError: String?
        public var lastDurationMs: Int?
        public var consecutiveErrors: Int?
        public var attempts: Int?

        public init(nextRunAtMs: Int? = nil, runningAtMs: Int? = nil, lastRunAtMs: Int? = nil, lastStatus: LastStatus? = nil, lastError: String? = nil, lastDurationMs: Int? = nil, consecutiveErrors: Int? = nil, attempts: Int? = nil) {
            self.nextRunAtMs = nextRunAtMs
            self.runningAtMs = runningAtMs
            self.lastRunAtMs = lastRunAtMs
            self.lastStatus = lastStatus
            self.lastError = lastError
            self.lastDurationMs = lastDurationMs
            self.consecutiveErrors = consecutiveErrors
            self.attempts = attempts
        }

        private enum CodingKeys: String, CodingKey {
            case nextRunAtMs = "nextRunAtMs"
            case runningAtMs = "runningAtMs"
            case lastRunAtMs = "lastRunAtMs"
            case lastStatus = "lastStatus"
            case lastError = "lastError"
            case lastDurationMs = "lastDurationMs"
            case consecutiveErrors = "consecutiveErrors"
            case attempts = "attempts"
        }
    }
    /// action
    public struct Action: Codable, Equatable, Sendable {
        /// type
        public enum TypeValue: RawRepresentable, Codable, Equatable, Sendable {
            case message
            case agent
            case webhook
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "message": self = .message
                case "agent": self = .agent
                case "webhook": self = .webhook
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .message: return "message"
                case .agent: return "agent"
                case .webhook: return "webhook"
                case .unrecognized(let value): return value
                }
            }
        }
        /// params
        public struct Params: Codable, Equatable, Sendable {
            public init() {
            }
        }
        public var type: TypeValue
        public var params: Params

        public init(type: TypeValue, params: Params) {
            self.type = type
            self.params = params
        }

        private enum CodingKeys: String, CodingKey {
            case type = "type"
            case params = "params"
        }
    }
    public var id: String
    public var name: String
    public var enabled: Bool
    public var createdAtMs: Int
    public var updatedAtMs: Int
    public var schedule: JSONValue
    public var sessionTarget: String
    public var wakeMode: WakeMode
    public var payload: JSONValue
    public var delivery: Delivery?
    public var state: State
    public var scheduleText: String
    public var action: Action
    public var deliverTo: String?

    public init(id: String, name: String, enabled: Bool, createdAtMs: Int, updatedAtMs: Int, schedule: JSONValue, sessionTarget: String, wakeMode: WakeMode, payload: JSONValue, delivery: Delivery? = nil, state: State, scheduleText: String, action: Action, deliverTo: String? = nil) {
        self.id = id
        self.name = name
        self.enabled = enabled
        self.createdAtMs = createdAtMs
        self.updatedAtMs = updatedAtMs
        self.schedule = schedule
        self.sessionTarget = sessionTarget
        self.wakeMode = wakeMode
        self.payload = payload
        self.delivery = delivery
        self.state = state
        self.scheduleText = scheduleText
        self.action = action
        self.deliverTo = deliverTo
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case name = "name"
        case enabled = "enabled"
        case createdAtMs = "createdAtMs"
        case updatedAtMs = "updatedAtMs"
        case schedule = "schedule"
        case sessionTarget = "sessionTarget"
        case wakeMode = "wakeMode"
        case payload = "payload"
        case delivery = "delivery"
        case state = "state"
        case scheduleText = "scheduleText"
        case action = "action"
        case deliverTo = "deliverTo"
    }
}

/// Parameters of `cron.list`.
public struct CronListParams: Codable, Equatable, Sendable {
    public var includeDisabled: Bool?

    public init(includeDisabled: Bool? = nil) {
        self.includeDisabled = includeDisabled
    }

    private enum CodingKeys: String, CodingKey {
        case includeDisabled = "includeDisabled"
    }
}

/// Answer of `cron.list`.
public struct CronListResult: Codable, Equatable, Sendable {
    /// jobsItem
    public struct JobsItem: Codable, Equatable, Sendable {
        /// wakeMode
        public enum WakeMode: RawRepresentable, Codable, Equatable, Sendable {
            case nextHeartbeat
            case now
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "next-heartbeat": self = .nextHeartbeat
                case "now": self = .now
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .nextHeartbeat: return "next-heartbeat"
                case .now: return "now"
                case .unrecognized(let value): return value
                }
            }
        }
        /// delivery
        public struct Delivery: Codable, Equatable, Sendable {
            /// mode
            public enum Mode: RawRepresentable, Codable, Equatable, Sendable {
                case none
                case announce
                case unrecognized(String)

                public init(rawValue: String) {
                    switch rawValue {
                    case "none": self = .none
                    case "announce": self = .announce
                    default: self = .unrecognized(rawValue)
                    }
                }

                public var rawValue: String {
                    switch self {
                    case .none: return "none"
                    case .announce: return "announce"
                    case .unrecognized(let value): return value
                    }
                }
            }
            public var mode: Mode
            public var channel: String?
            public var to: String?
            public var accountId: String?
            public var sessionKey: String?
            public var bestEffort: Bool?

            public init(mode: Mode, channel: String? = nil, to: String? = nil, accountId: String? = nil, sessionKey: String? = nil, bestEffort: Bool? = nil) {
                self.mode = mode
                self.channel = channel
                self.to = to
                self.accountId = accountId
                self.sessionKey = sessionKey
                self.bestEffort = bestEffort
            }

            private enum CodingKeys: String, CodingKey {
                case mode = "mode"
                case channel = "channel"
                case to = "to"
                case accountId = "accountId"
                case sessionKey = "sessionKey"
                case bestEffort = "bestEffort"
            }
        }
        /// state
        public struct State: Codable, Equatable, Sendable {
            /// lastStatus
            public enum LastStatus: RawRepresentable, Codable, Equatable, Sendable {
                case ok
                case error
                case skipped
                case unrecognized(String)

                public init(rawValue: String) {
                    switch rawValue {
                    case "ok": self = .ok
                    case "error": self = .error
                    case "skipped": self = .skipped
                    default: self = .unrecognized(rawValue)
                    }
                }

                public var rawValue: String {
                    switch self {
                    case .ok: return "ok"
                    case .error: return "error"
                    case .skipped: return "skipped"
                    case .unrecognized(let value): return value
                    }
                }
            }
            public var nextRunAtMs: Int?
            public var runningAtMs: Int?
            public var lastRunAtMs: Int?
            public var lastStatus: LastStatus?
            public var lastError: String?
            public var lastDurationMs: Int?
            public var consecutiveErrors: Int?
            public var attempts: Int?

            public init(nextRunAtMs: Int? = nil, runningAtMs: Int? = nil, lastRunAtMs: Int? = nil, lastStatus: LastStatus? = nil, lastError: String? = nil, lastDurationMs: Int? = nil, consecutiveErrors: Int? = nil, attempts: Int? = nil) {
                self.nextRunAtMs = nextRunAtMs
                self.runningAtMs = runningAtMs
                self.lastRunAtMs = lastRunAtMs
                self.lastStatus = lastStatus
                self.lastError = lastError
                self.lastDurationMs = lastDurationMs
                self.consecutiveErrors = consecutiveErrors
                self.attempts = attempts
            }

            private enum CodingKeys: String, CodingKey {
                case nextRunAtMs = "nextRunAtMs"
                case runningAtMs = "runningAtMs"
                case lastRunAtMs = "lastRunAtMs"
                case lastStatus = "lastStatus"
                case lastError = "lastError"
                case lastDurationMs = "lastDurationMs"
                case consecutiveErrors = "consecutiveErrors"
                case attempts = "attempts"
            }
        }
        /// action
        public struct Action: Codable, Equatable, Sendable {
            /// type
            public enum TypeValue: RawRepresentable, Codable, Equatable, Sendable {
                case message
                case agent
                case webhook
                case unrecognized(String)

                public init(rawValue: String) {
                    switch rawValue {
                    case "message": self = .message
                    case "agent": self = .agent
                    case "webhook": self = .webhook
                    default: self = .unrecognized(rawValue)
                    }
                }

                public var rawValue: String {
                    switch self {
                    case .message: return "message"
                    case .agent: return "agent"
                    case .webhook: return "webhook"
                    case .unrecognized(let value): return value
                    }
                }
            }
            /// params
            public struct Params: Codable, Equatable, Sendable {
                public init() {
                }
            }
            public var type: TypeValue
            public var params: Params

            public init(type: TypeValue, params: Params) {
                self.type = type
                self.params = params
            }

            private enum CodingKeys: String, CodingKey {
                case type = "type"
                case params = "params"
            }
        }
        public var id: String
        public var name: String
        public var enabled: Bool
        public var createdAtMs: Int
        public var updatedAtMs: Int
        public var schedule: JSONValue
        public var sessionTarget: String
        public var wakeMode: WakeMode
        public var payload: JSONValue
        public var delivery: Delivery?
        public var state: State
        public var scheduleText: String
        public var action: Action
        public var deliverTo: String?

        public init(id: String, name: String, enabled: Bool, createdAtMs: Int, updatedAtMs: Int, schedule: JSONValue, sessionTarget: String, wakeMode: WakeMode, payload: JSONValue, delivery: Delivery? = nil, state: State, scheduleText: String, action: Action, deliverTo: String? = nil) {
            self.id = id
            self.name = name
            self.enabled = enabled
            self.createdAtMs = createdAtMs
            self.updatedAtMs = updatedAtMs
            self.schedule = schedule
            self.sessionTarget = sessionTarget
            self.wakeMode = wakeMode
            self.payload = payload
            self.delivery = delivery
            self.state = state
            self.scheduleText = scheduleText
            self.action = action
            self.deliverTo = deliverTo
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case name = "name"
            case enabled = "enabled"
            case createdAtMs = "createdAtMs"
            case updatedAtMs = "updatedAtMs"
            case schedule = "schedule"
            case sessionTarget = "sessionTarget"
            case wakeMode = "wakeMode"
            case payload = "payload"
            case delivery = "delivery"
            case state = "state"
            case scheduleText = "scheduleText"
            case action = "action"
            case deliverTo = "deliverTo"
        }
    }
    public var jobs: [JobsItem]

    public init(jobs: [JobsItem]) {
        self.jobs = jobs
    }

    private enum CodingKeys: String, CodingKey {
        case jobs = "jobs"
    }
}

/// Parameters of `cron.remove`.
public typealias CronRemoveParams = JSONValue

/// Answer of `cron.remove`.
public struct CronRemoveResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var removed: Bool

    public init(ok: Bool, removed: Bool) {
        self.ok = ok
        self.removed = removed
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case removed = "removed"
    }
}

/// Parameters of `cron.run`.
public typealias CronRunParams = JSONValue

/// Answer of `cron.run`.
public typealias CronRunResult = JSONValue

/// Parameters of `cron.runs`.
public typealias CronRunsParams = JSONValue

/// Answer of `cron.runs`.
public struct CronRunsResult: Codable, Equatable, Sendable {
    /// entriesItem
    public struct EntriesItem: Codable, Equatable, Sendable {
        /// action
        public enum Action: RawRepresentable, Codable, Equatable, Sendable {
            case finished
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "finished": self = .finished
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .finished: return "finished"
                case .unrecognized(let value): return value
                }
            }
        }
        /// status
        public enum Status: RawRepresentable, Codable, Equatable, Sendable {
            case ok
            case error
            case skipped
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "ok": self = .ok
                case "error": self = .error
                case "skipped": self = .skipped
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .ok: return "ok"
                case .error: return "error"
                case .skipped: return "skipped"
                case .unrecognized(let value): return value
                }
            }
        }
        /// trigger
        public enum Trigger: RawRepresentable, Codable, Equatable, Sendable {
            case schedule
            case manual
            case catchup
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "schedule": self = .schedule
                case "manual": self = .manual
                case "catchup": self = .catchup
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .schedule: return "schedule"
                case .manual: return "manual"
                case .catchup: return "catchup"
                case .unrecognized(let value): return value
                }
            }
        }
        public var ts: Int
        public var jobId: String
        public var action: Action
        public var status: Status?
        public var error: String?
        public var summary: String?
        public var sessionId: String?
        public var sessionKey: String?
        public var runAtMs: Int?
        public var durationMs: Int?
        public var nextRunAtMs: Int?
        public var delivered: Bool?
        public var note: String?
        public var trigger: Trigger?

        public init(ts: Int, jobId: String, action: Action, status: Status? = nil, error: String? = nil, summary: String? = nil, sessionId: String? = nil, sessionKey: String? = nil, runAtMs: Int? = nil, durationMs: Int? = nil, nextRunAtMs: Int? = nil, delivered: Bool? = nil, note: String? = nil, trigger: Trigger? = nil) {
            self.ts = ts
            self.jobId = jobId
            self.action = action
            self.status = status
            self.error = error
            self.summary = summary
            self.sessionId = sessionId
            self.sessionKey = sessionKey
            self.runAtMs = runAtMs
            self.durationMs = durationMs
            self.nextRunAtMs = nextRunAtMs
            self.delivered = delivered
            self.note = note
            self.trigger = trigger
        }

        private enum CodingKeys: String, CodingKey {
            case ts = "ts"
            case jobId = "jobId"
            case action = "action"
            case status = "status"
            case error = "error"
            case summary = "summary"
            case sessionId = "sessionId"
            case sessionKey = "sessionKey"
            case runAtMs = "runAtMs"
            case durationMs = "durationMs"
            case nextRunAtMs = "nextRunAtMs"
            case delivered = "delivered"
            case note = "note"
            case trigger = "trigger"
        }
    }
    public var entries: [EntriesItem]

    public init(entries: [EntriesItem]) {
        self.entries = entries
    }

    private enum CodingKeys: String, CodingKey {
        case entries = "entries"
    }
}

/// Parameters of `cron.status`.
public struct CronStatusParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `cron.status`.
public struct CronStatusResult: Codable, Equatable, Sendable {
    public var enabled: Bool
    public var storePath: String
    public var jobs: Int
    public var nextWakeAtMs: Nullable<Int>

    public init(enabled: Bool, storePath: String, jobs: Int, nextWakeAtMs: Nullable<Int>) {
        self.enabled = enabled
        self.storePath = storePath
        self.jobs = jobs
        self.nextWakeAtMs = nextWakeAtMs
    }

    private enum CodingKeys: String, CodingKey {
        case enabled = "enabled"
        case storePath = "storePath"
        case jobs = "jobs"
        case nextWakeAtMs = "nextWakeAtMs"
    }
}

/// Parameters of `cron.update`.
public typealias CronUpdateParams = JSONValue

/// Answer of `cron.update`.
public struct CronUpdateResult: Codable, Equatable, Sendable {
    /// wakeMode
    public enum WakeMode: RawRepresentable, Codable, Equatable, Sendable {
        case nextHeartbeat
        case now
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "next-heartbeat": self = .nextHeartbeat
            case "now": self = .now
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .nextHeartbeat: return "next-heartbeat"
            case .now: return "now"
            case .unrecognized(let value): return value
            }
        }
    }
    /// delivery
    public struct Delivery: Codable, Equatable, Sendable {
        /// mode
        public enum Mode: RawRepresentable, Codable, Equatable, Sendable {
            case none
            case announce
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "none": self = .none
                case "announce": self = .announce
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .none: return "none"
                case .announce: return "announce"
                case .unrecognized(let value): return value
                }
            }
        }
        public var mode: Mode
        public var channel: String?
        public var to: String?
        public var accountId: String?
        public var sessionKey: String?
        public var bestEffort: Bool?

        public init(mode: Mode, channel: String? = nil, to: String? = nil, accountId: String? = nil, sessionKey: String? = nil, bestEffort: Bool? = nil) {
            self.mode = mode
            self.channel = channel
            self.to = to
            self.accountId = accountId
            self.sessionKey = sessionKey
            self.bestEffort = bestEffort
        }

        private enum CodingKeys: String, CodingKey {
            case mode = "mode"
            case channel = "channel"
            case to = "to"
            case accountId = "accountId"
            case sessionKey = "sessionKey"
            case bestEffort = "bestEffort"
        }
    }
    /// state
    public struct State: Codable, Equatable, Sendable {
        /// lastStatus
        public enum LastStatus: RawRepresentable, Codable, Equatable, Sendable {
            case ok
            case error
            case skipped
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "ok": self = .ok
                case "error": self = .error
                case "skipped": self = .skipped
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .ok: return "ok"
                case .error: return "error"
                case .skipped: return "skipped"
                case .unrecognized(let value): return value
                }
            }
        }
        public var nextRunAtMs: Int?
        public var runningAtMs: Int?
        public var lastRunAtMs: Int?
        public var lastStatus: LastStatus?
        public var lastError: String?
        public var lastDurationMs: Int?
        public var consecutiveErrors: Int?
        public var attempts: Int?

        public init(nextRunAtMs: Int? = nil, runningAtMs: Int? = nil, lastRunAtMs: Int? = nil, lastStatus: LastStatus? = nil, lastError: String? = nil, lastDurationMs: Int? = nil, consecutiveErrors: Int? = nil, attempts: Int? = nil) {
            self.nextRunAtMs = nextRunAtMs
            self.runningAtMs = runningAtMs
            self.lastRunAtMs = lastRunAtMs
            self.lastStatus = lastStatus
            self.lastError = lastError
            self.lastDurationMs = lastDurationMs
            self.consecutiveErrors = consecutiveErrors
            self.attempts = attempts
        }

        private enum CodingKeys: String, CodingKey {
            case nextRunAtMs = "nextRunAtMs"
            case runningAtMs = "runningAtMs"
            case lastRunAtMs = "lastRunAtMs"
            case lastStatus = "lastStatus"
            case lastError = "lastError"
            case lastDurationMs = "lastDurationMs"
            case consecutiveErrors = "consecutiveErrors"
            case attempts = "attempts"
        }
    }
    /// action
    public struct Action: Codable, Equatable, Sendable {
        /// type
        public enum TypeValue: RawRepresentable, Codable, Equatable, Sendable {
            case message
            case agent
            case webhook
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "message": self = .message
                case "agent": self = .agent
                case "webhook": self = .webhook
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .message: return "message"
                case .agent: return "agent"
                case .webhook: return "webhook"
                case .unrecognized(let value): return value
                }
            }
        }
        /// params
        public struct Params: Codable, Equatable, Sendable {
            public init() {
            }
        }
        public var type: TypeValue
        public var params: Params

        public init(type: TypeValue, params: Params) {
            self.type = type
            self.params = params
        }

        private enum CodingKeys: String, CodingKey {
            case type = "type"
            case params = "params"
        }
    }
    public var id: String
    public var name: String
    public var enabled: Bool
    public var createdAtMs: Int
    public var updatedAtMs: Int
    public var schedule: JSONValue
    public var sessionTarget: String
    public var wakeMode: WakeMode
    public var payload: JSONValue
    public var delivery: Delivery?
    public var state: State
    public var scheduleText: String
    public var action: Action
    public var deliverTo: String?

    public init(id: String, name: String, enabled: Bool, createdAtMs: Int, updatedAtMs: Int, schedule: JSONValue, sessionTarget: String, wakeMode: WakeMode, payload: JSONValue, delivery: Delivery? = nil, state: State, scheduleText: String, action: Action, deliverTo: String? = nil) {
        self.id = id
        self.name = name
        self.enabled = enabled
        self.createdAtMs = createdAtMs
        self.updatedAtMs = updatedAtMs
        self.schedule = schedule
        self.sessionTarget = sessionTarget
        self.wakeMode = wakeMode
        self.payload = payload
        self.delivery = delivery
        self.state = state
        self.scheduleText = scheduleText
        self.action = action
        self.deliverTo = deliverTo
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case name = "name"
        case enabled = "enabled"
        case createdAtMs = "createdAtMs"
        case updatedAtMs = "updatedAtMs"
        case schedule = "schedule"
        case sessionTarget = "sessionTarget"
        case wakeMode = "wakeMode"
        case payload = "payload"
        case delivery = "delivery"
        case state = "state"
        case scheduleText = "scheduleText"
        case action = "action"
        case deliverTo = "deliverTo"
    }
}

/// Parameters of `device.pair.approve`.
public struct DevicePairApproveParams: Codable, Equatable, Sendable {
    public var requestId: String

    public init(requestId: String) {
        self.requestId = requestId
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
    }
}

/// Answer of `device.pair.approve`.
public struct DevicePairApproveResult: Codable, Equatable, Sendable {
    /// device
    public struct Device: Codable, Equatable, Sendable {
        /// tokensItem
        public struct TokensItem: Codable, Equatable, Sendable {
            public var role: String
            public var scopes: [String]
            public var createdAtMs: Int
            public var rotatedAtMs: Int?
            public var revokedAtMs: Int?
            public var lastUsedAtMs: Int?

            public init(role: String, scopes: [String], createdAtMs: Int, rotatedAtMs: Int? = nil, revokedAtMs: Int? = nil, lastUsedAtMs: Int? = nil) {
                self.role = role
                self.scopes = scopes
                self.createdAtMs = createdAtMs
                self.rotatedAtMs = rotatedAtMs
                self.revokedAtMs = revokedAtMs
                self.lastUsedAtMs = lastUsedAtMs
            }

            private enum CodingKeys: String, CodingKey {
                case role = "role"
                case scopes = "scopes"
                case createdAtMs = "createdAtMs"
                case rotatedAtMs = "rotatedAtMs"
                case revokedAtMs = "revokedAtMs"
                case lastUsedAtMs = "lastUsedAtMs"
            }
        }
        public var deviceId: String
        public var publicKey: String
        public var displayName: String?
        public var platform: String?
        public var clientId: String?
        public var clientMode: String?
        public var role: String?
        public var roles: [String]
        public var scopes: [String]
        public var remoteIp: String?
        public var createdAtMs: Int
        public var approvedAtMs: Int
        public var lastSeenAtMs: Int?
        public var tokens: [TokensItem]

        public init(deviceId: String, publicKey: String, displayName: String? = nil, platform: String? = nil, clientId: String? = nil, clientMode: String? = nil, role: String? = nil, roles: [String], scopes: [String], remoteIp: String? = nil, createdAtMs: Int, approvedAtMs: Int, lastSeenAtMs: Int? = nil, tokens: [TokensItem]) {
            self.deviceId = deviceId
            self.publicKey = publicKey
            self.displayName = displayName
            self.platform = platform
            self.clientId = clientId
            self.clientMode = clientMode
            self.role = role
            self.roles = roles
            self.scopes = scopes
            self.remoteIp = remoteIp
            self.createdAtMs = createdAtMs
            self.approvedAtMs = approvedAtMs
            self.lastSeenAtMs = lastSeenAtMs
            self.tokens = tokens
        }

        private enum CodingKeys: String, CodingKey {
            case deviceId = "deviceId"
            case publicKey = "publicKey"
            case displayName = "displayName"
            case platform = "platform"
            case clientId = "clientId"
            case clientMode = "clientMode"
            case role = "role"
            case roles = "roles"
            case scopes = "scopes"
            case remoteIp = "remoteIp"
            case createdAtMs = "createdAtMs"
            case approvedAtMs = "approvedAtMs"
            case lastSeenAtMs = "lastSeenAtMs"
            case tokens = "tokens"
        }
    }
    public var requestId: String
    public var device: Device

    public init(requestId: String, device: Device) {
        self.requestId = requestId
        self.device = device
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
        case device = "device"
    }
}

/// Parameters of `device.pair.list`.
public struct DevicePairListParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `device.pair.list`.
public struct DevicePairListResult: Codable, Equatable, Sendable {
    /// pendingItem
    public struct PendingItem: Codable, Equatable, Sendable {
        public var requestId: String
        public var deviceId: String
        public var publicKey: String
        public var displayName: String?
        public var platform: String?
        public var clientId: String?
        public var clientMode: String?
        public var role: String?
        public var roles: [String]?
        public var scopes: [String]
        public var remoteIp: String?
        public var silent: Bool
        public var isRepair: Bool
        public var ts: Int

        public init(requestId: String, deviceId: String, publicKey: String, displayName: String? = nil, platform: String? = nil, clientId: String? = nil, clientMode: String? = nil, role: String? = nil, roles: [String]? = nil, scopes: [String], remoteIp: String? = nil, silent: Bool, isRepair: Bool, ts: Int) {
            self.requestId = requestId
            self.deviceId = deviceId
            self.publicKey = publicKey
            self.displayName = displayName
            self.platform = platform
            self.clientId = clientId
            self.clientMode = clientMode
            self.role = role
            self.roles = roles
            self.scopes = scopes
            self.remoteIp = remoteIp
            self.silent = silent
            self.isRepair = isRepair
            self.ts = ts
        }

        private enum CodingKeys: String, CodingKey {
            case requestId = "requestId"
            case deviceId = "deviceId"
            case publicKey = "publicKey"
            case displayName = "displayName"
            case platform = "platform"
            case clientId = "clientId"
            case clientMode = "clientMode"
            case role = "role"
            case roles = "roles"
            case scopes = "scopes"
            case remoteIp = "remoteIp"
            case silent = "silent"
            case isRepair = "isRepair"
            case ts = "ts"
        }
    }
    /// pairedItem
    public struct PairedItem: Codable, Equatable, Sendable {
        /// tokensItem
        public struct TokensItem: Codable, Equatable, Sendable {
            public var role: String
            public var scopes: [String]
            public var createdAtMs: Int
            public var rotatedAtMs: Int?
            public var revokedAtMs: Int?
            public var lastUsedAtMs: Int?

            public init(role: String, scopes: [String], createdAtMs: Int, rotatedAtMs: Int? = nil, revokedAtMs: Int? = nil, lastUsedAtMs: Int? = nil) {
                self.role = role
                self.scopes = scopes
                self.createdAtMs = createdAtMs
                self.rotatedAtMs = rotatedAtMs
                self.revokedAtMs = revokedAtMs
                self.lastUsedAtMs = lastUsedAtMs
            }

            private enum CodingKeys: String, CodingKey {
                case role = "role"
                case scopes = "scopes"
                case createdAtMs = "createdAtMs"
                case rotatedAtMs = "rotatedAtMs"
                case revokedAtMs = "revokedAtMs"
                case lastUsedAtMs = "lastUsedAtMs"
            }
        }
        public var deviceId: String
        public var publicKey: String
        public var displayName: String?
        public var platform: String?
        public var clientId: String?
        public var clientMode: String?
        public var role: String?
        public var roles: [String]
        public var scopes: [String]
        public var remoteIp: String?
        public var createdAtMs: Int
        public var approvedAtMs: Int
        public var lastSeenAtMs: Int?
        public var tokens: [TokensItem]

        public init(deviceId: String, publicKey: String, displayName: String? = nil, platform: String? = nil, clientId: String? = nil, clientMode: String? = nil, role: String? = nil, roles: [String], scopes: [String], remoteIp: String? = nil, createdAtMs: Int, approvedAtMs: Int, lastSeenAtMs: Int? = nil, tokens: [TokensItem]) {
            self.deviceId = deviceId
            self.publicKey = publicKey
            self.displayName = displayName
            self.platform = platform
            self.clientId = clientId
            self.clientMode = clientMode
            self.role = role
            self.roles = roles
            self.scopes = scopes
            self.remoteIp = remoteIp
            self.createdAtMs = createdAtMs
            self.approvedAtMs = approvedAtMs
            self.lastSeenAtMs = lastSeenAtMs
            self.tokens = tokens
        }

        private enum CodingKeys: String, CodingKey {
            case deviceId = "deviceId"
            case publicKey = "publicKey"
            case displayName = "displayName"
            case platform = "platform"
            case clientId = "clientId"
            case clientMode = "clientMode"
            case role = "role"
            case roles = "roles"
            case scopes = "scopes"
            case remoteIp = "remoteIp"
            case createdAtMs = "createdAtMs"
            case approvedAtMs = "approvedAtMs"
            case lastSeenAtMs = "lastSeenAtMs"
            case tokens = "tokens"
        }
    }
    public var pending: [PendingItem]
    public var paired: [PairedItem]

    public init(pending: [PendingItem], paired: [PairedItem]) {
        self.pending = pending
        self.paired = paired
    }

    private enum CodingKeys: String, CodingKey {
        case pending = "pending"
        case paired = "paired"
    }
}

/// Parameters of `device.pair.reject`.
public struct DevicePairRejectParams: Codable, Equatable, Sendable {
    public var requestId: String

    public init(requestId: String) {
        self.requestId = requestId
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
    }
}

/// Answer of `device.pair.reject`.
public struct DevicePairRejectResult: Codable, Equatable, Sendable {
    public var requestId: String
    public var deviceId: String

    public init(requestId: String, deviceId: String) {
        self.requestId = requestId
        self.deviceId = deviceId
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
        case deviceId = "deviceId"
    }
}

/// Parameters of `device.token.revoke`.
public struct DeviceTokenRevokeParams: Codable, Equatable, Sendable {
    public var deviceId: String
    public var role: String

    public init(deviceId: String, role: String) {
        self.deviceId = deviceId
        self.role = role
    }

    private enum CodingKeys: String, CodingKey {
        case deviceId = "deviceId"
        case role = "role"
    }
}

/// Answer of `device.token.revoke`.
public struct DeviceTokenRevokeResult: Codable, Equatable, Sendable {
    public var deviceId: String
    public var role: String
    public var revokedAtMs: Int

    public init(deviceId: String, role: String, revokedAtMs: Int) {
        self.deviceId = deviceId
        self.role = role
        self.revokedAtMs = revokedAtMs
    }

    private enum CodingKeys: String, CodingKey {
        case deviceId = "deviceId"
        case role = "role"
        case revokedAtMs = "revokedAtMs"
    }
}

/// Parameters of `device.token.rotate`.
public struct DeviceTokenRotateParams: Codable, Equatable, Sendable {
    public var deviceId: String
    public var role: String
    public var scopes: [String]?

    public init(deviceId: String, role: String, scopes: [String]? = nil) {
        self.deviceId = deviceId
        self.role = role
        self.scopes = scopes
    }

    private enum CodingKeys: String, CodingKey {
        case deviceId = "deviceId"
        case role = "role"
        case scopes = "scopes"
    }
}

/// Answer of `device.token.rotate`.
public struct DeviceTokenRotateResult: Codable, Equatable, Sendable {
    public var deviceId: String
    public var role: String
    public var token: String
    public var scopes: [String]
    public var rotatedAtMs: Int

    public init(deviceId: String, role: String, token: String, scopes: [String], rotatedAtMs: Int) {
        self.deviceId = deviceId
        self.role = role
        self.token = token
        self.scopes = scopes
        self.rotatedAtMs = rotatedAtMs
    }

    private enum CodingKeys: String, CodingKey {
        case deviceId = "deviceId"
        case role = "role"
        case token = "token"
        case scopes = "scopes"
        case rotatedAtMs = "rotatedAtMs"
    }
}

/// Parameters of `exec.approval.list`.
public struct ExecApprovalListParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `exec.approval.list`.
public struct ExecApprovalListResult: Codable, Equatable, Sendable {
    /// approvalsItem
    public struct ApprovalsItem: Codable, Equatable, Sendable {
        /// request
        public struct Request: Codable, Equatable, Sendable {
            public var command: String
            public var cwd: Nullable<String>
            public var host: Nullable<String>
            public var security: Nullable<String>
            public var ask: Nullable<String>
            public var agentId: Nullable<String>
            public var resolvedPath: Nullable<String>
            public var sessionKey: Nullable<String>
            public var nodeId: String?

            public init(command: String, cwd: Nullable<String>, host: Nullable<String>, security: Nullable<String>, ask: Nullable<String>, agentId: Nullable<String>, resolvedPath: Nullable<String>, sessionKey: Nullable<String>, nodeId: String? = nil) {
                self.command = command
                self.cwd = cwd
                self.host = host
                self.security = security
                self.ask = ask
                self.agentId = agentId
                self.resolvedPath = resolvedPath
                self.sessionKey = sessionKey
                self.nodeId = nodeId
            }

            private enum CodingKeys: String, CodingKey {
                case command = "command"
                case cwd = "cwd"
                case host = "host"
                case security = "security"
                case ask = "ask"
                case agentId = "agentId"
                case resolvedPath = "resolvedPath"
                case sessionKey = "sessionKey"
                case nodeId = "nodeId"
            }
        }
        public var id: String
        public var request: Request
        public var createdAtMs: Int
        public var expiresAtMs: Int

        public init(id: String, request: Request, createdAtMs: Int, expiresAtMs: Int) {
            self.id = id
            self.request = request
            self.createdAtMs = createdAtMs
            self.expiresAtMs = expiresAtMs
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case request = "request"
            case createdAtMs = "createdAtMs"
            case expiresAtMs = "expiresAtMs"
        }
    }
    public var approvals: [ApprovalsItem]

    public init(approvals: [ApprovalsItem]) {
        self.approvals = approvals
    }

    private enum CodingKeys: String, CodingKey {
        case approvals = "approvals"
    }
}

/// Parameters of `exec.approval.request`.
public struct ExecApprovalRequestParams: Codable, Equatable, Sendable {
    public var id: String?
    public var command: String
    public var cwd: String?
    public var host: String?
    public var security: String?
    public var ask: String?
    public var agentId: String?
    public var resolvedPath: String?
    public var sessionKey: String?
    public var timeoutMs: Int?
    public var nodeId: String?
    public var argv: [String]?
    public var env: [String: String]?

    public init(id: String? = nil, command: String, cwd: String? = nil, host: String? = nil, security: String? = nil, ask: String? = nil, agentId: String? = nil, resolvedPath: String? = nil, sessionKey: String? = nil, timeoutMs: Int? = nil, nodeId: String? = nil, argv: [String]? = nil, env: [String: String]? = nil) {
        self.id = id
        self.command = command
        self.cwd = cwd
        self.host = host
        self.security = security
        self.ask = ask
        self.agentId = agentId
        self.resolvedPath = resolvedPath
        self.sessionKey = sessionKey
        self.timeoutMs = timeoutMs
        self.nodeId = nodeId
        self.argv = argv
        self.env = env
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case command = "command"
        case cwd = "cwd"
        case host = "host"
        case security = "security"
        case ask = "ask"
        case agentId = "agentId"
        case resolvedPath = "resolvedPath"
        case sessionKey = "sessionKey"
        case timeoutMs = "timeoutMs"
        case nodeId = "nodeId"
        case argv = "argv"
        case env = "env"
    }
}

/// Answer of `exec.approval.request`.
public struct ExecApprovalRequestResult: Codable, Equatable, Sendable {
    /// decision
    public enum Decision: RawRepresentable, Codable, Equatable, Sendable {
        case allowOnce
        case allowAlways
        case deny
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "allow-once": self = .allowOnce
            case "allow-always": self = .allowAlways
            case "deny": self = .deny
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .allowOnce: return "allow-once"
            case .allowAlways: return "allow-always"
            case .deny: return "deny"
            case .unrecognized(let value): return value
            }
        }
    }
    public var id: String
    public var decision: Nullable<Decision>
    public var createdAtMs: Int
    public var expiresAtMs: Int

    public init(id: String, decision: Nullable<Decision>, createdAtMs: Int, expiresAtMs: Int) {
        self.id = id
        self.decision = decision
        self.createdAtMs = createdAtMs
        self.expiresAtMs = expiresAtMs
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case decision = "decision"
        case createdAtMs = "createdAtMs"
        case expiresAtMs = "expiresAtMs"
    }
}

/// Parameters of `exec.approval.resolve`.
public struct ExecApprovalResolveParams: Codable, Equatable, Sendable {
    public var id: String
    public var decision: String

    public init(id: String, decision: String) {
        self.id = id
        self.decision = decision
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case decision = "decision"
    }
}

/// Answer of `exec.approval.resolve`.
public struct ExecApprovalResolveResult: Codable, Equatable, Sendable {
    public var ok: Bool

    public init(ok: Bool) {
        self.ok = ok
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
    }
}

/// Parameters of `exec.approvals.get`.
public struct ExecApprovalsGetParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `exec.approvals.get`.
public struct ExecApprovalsGetResult: Codable, Equatable, Sendable {
    /// file
    public struct File: Codable, Equatable, Sendable {
        /// socket
        public struct Socket: Codable, Equatable, Sendable {
            public var path: String?
            public var token: String?

            public init(path: String? = nil, token: String? = nil) {
                self.path = path
                self.token = token
            }

            private enum CodingKeys: String, CodingKey {
                case path = "path"
                case token = "token"
            }
        }
        /// defaults
        public struct Defaults: Codable, Equatable, Sendable {
            public var security: String?
            public var ask: String?
            public var askFallback: String?
            public var autoAllowSkills: Bool?

            public init(security: String? = nil, ask: String? = nil, askFallback: String? = nil, autoAllowSkills: Bool? = nil) {
                self.security = security
                self.ask = ask
                self.askFallback = askFallback
                self.autoAllowSkills = autoAllowSkills
            }

            private enum CodingKeys: String, CodingKey {
                case security = "security"
                case ask = "ask"
                case askFallback = "askFallback"
                case autoAllowSkills = "autoAllowSkills"
            }
        }
        /// agentsValue
        public struct AgentsValue: Codable, Equatable, Sendable {
            /// allowlistItem
            public struct AllowlistItem: Codable, Equatable, Sendable {
                public var id: String?
                public var pattern: String
                public var lastUsedAt: Int?
                public var lastUsedCommand: String?
                public var lastResolvedPath: String?

                public init(id: String? = nil, pattern: String, lastUsedAt: Int? = nil, lastUsedCommand: String? = nil, lastResolvedPath: String? = nil) {
                    self.id = id
                    self.pattern = pattern
                    self.lastUsedAt = lastUsedAt
                    self.lastUsedCommand = lastUsedCommand
                    self.lastResolvedPath = lastResolvedPath
                }

                private enum CodingKeys: String, CodingKey {
                    case id = "id"
                    case pattern = "pattern"
                    case lastUsedAt = "lastUsedAt"
                    case lastUsedCommand = "lastUsedCommand"
                    case lastResolvedPath = "lastResolvedPath"
                }
            }
            public var security: String?
            public var ask: String?
            public var askFallback: String?
            public var autoAllowSkills: Bool?
            public var allowlist: [AllowlistItem]?

            public init(security: String? = nil, ask: String? = nil, askFallback: String? = nil, autoAllowSkills: Bool? = nil, allowlist: [AllowlistItem]? = nil) {
                self.security = security
                self.ask = ask
                self.askFallback = askFallback
                self.autoAllowSkills = autoAllowSkills
                self.allowlist = allowlist
            }

            private enum CodingKeys: String, CodingKey {
                case security = "security"
                case ask = "ask"
                case askFallback = "askFallback"
                case autoAllowSkills = "autoAllowSkills"
                case allowlist = "allowlist"
            }
        }
        public var version: Double
        public var socket: Socket?
        public var defaults: Defaults?
        public var agents: [String: AgentsValue]?

        public init(version: Double, socket: Socket? = nil, defaults: Defaults? = nil, agents: [String: AgentsValue]? = nil) {
            self.version = version
            self.socket = socket
            self.defaults = defaults
            self.agents = agents
        }

        private enum CodingKeys: String, CodingKey {
            case version = "version"
            case socket = "socket"
            case defaults = "defaults"
            case agents = "agents"
        }
    }
    public var path: String
    public var exists: Bool
    public var hash: String
    public var file: File

    public init(path: String, exists: Bool, hash: String, file: File) {
        self.path = path
        self.exists = exists
        self.hash = hash
        self.file = file
    }

    private enum CodingKeys: String, CodingKey {
        case path = "path"
        case exists = "exists"
        case hash = "hash"
        case file = "file"
    }
}

/// Parameters of `exec.approvals.node.get`.
public struct ExecApprovalsNodeGetParams: Codable, Equatable, Sendable {
    public var nodeId: String

    public init(nodeId: String) {
        self.nodeId = nodeId
    }

    private enum CodingKeys: String, CodingKey {
        case nodeId = "nodeId"
    }
}

/// Answer of `exec.approvals.node.get`.
public struct ExecApprovalsNodeGetResult: Codable, Equatable, Sendable {
    public var path: String?
    public var exists: Bool?
    public var hash: String?
    public var file: JSONValue?

    public init(path: String? = nil, exists: Bool? = nil, hash: String? = nil, file: JSONValue? = nil) {
        self.path = path
        self.exists = exists
        self.hash = hash
        self.file = file
    }

    private enum CodingKeys: String, CodingKey {
        case path = "path"
        case exists = "exists"
        case hash = "hash"
        case file = "file"
    }
}

/// Parameters of `exec.approvals.node.set`.
public struct ExecApprovalsNodeSetParams: Codable, Equatable, Sendable {
    /// file
    public struct File: Codable, Equatable, Sendable {
        /// socket
        public struct Socket: Codable, Equatable, Sendable {
            public var path: String?
            public var token: String?

            public init(path: String? = nil, token: String? = nil) {
                self.path = path
                self.token = token
            }

            private enum CodingKeys: String, CodingKey {
                case path = "path"
                case token = "token"
            }
        }
        /// defaults
        public struct Defaults: Codable, Equatable, Sendable {
            public var security: String?
            public var ask: String?
            public var askFallback: String?
            public var autoAllowSkills: Bool?

            public init(security: String? = nil, ask: String? = nil, askFallback: String? = nil, autoAllowSkills: Bool? = nil) {
                self.security = security
                self.ask = ask
                self.askFallback = askFallback
                self.autoAllowSkills = autoAllowSkills
            }

            private enum CodingKeys: String, CodingKey {
                case security = "security"
                case ask = "ask"
                case askFallback = "askFallback"
                case autoAllowSkills = "autoAllowSkills"
            }
        }
        /// agentsValue
        public struct AgentsValue: Codable, Equatable, Sendable {
            /// allowlistItem
            public struct AllowlistItem: Codable, Equatable, Sendable {
                public var id: String?
                public var pattern: String
                public var lastUsedAt: Int?
                public var lastUsedCommand: String?
                public var lastResolvedPath: String?

                public init(id: String? = nil, pattern: String, lastUsedAt: Int? = nil, lastUsedCommand: String? = nil, lastResolvedPath: String? = nil) {
                    self.id = id
                    self.pattern = pattern
                    self.lastUsedAt = lastUsedAt
                    self.lastUsedCommand = lastUsedCommand
                    self.lastResolvedPath = lastResolvedPath
                }

                private enum CodingKeys: String, CodingKey {
                    case id = "id"
                    case pattern = "pattern"
                    case lastUsedAt = "lastUsedAt"
                    case lastUsedCommand = "lastUsedCommand"
                    case lastResolvedPath = "lastResolvedPath"
                }
            }
            public var security: String?
            public var ask: String?
            public var askFallback: String?
            public var autoAllowSkills: Bool?
            public var allowlist: [AllowlistItem]?

            public init(security: String? = nil, ask: String? = nil, askFallback: String? = nil, autoAllowSkills: Bool? = nil, allowlist: [AllowlistItem]? = nil) {
                self.security = security
                self.ask = ask
                self.askFallback = askFallback
                self.autoAllowSkills = autoAllowSkills
                self.allowlist = allowlist
            }

            private enum CodingKeys: String, CodingKey {
                case security = "security"
                case ask = "ask"
                case askFallback = "askFallback"
                case autoAllowSkills = "autoAllowSkills"
                case allowlist = "allowlist"
            }
        }
        public var version: Double
        public var socket: Socket?
        public var defaults: Defaults?
        public var agents: [String: AgentsValue]?

        public init(version: Double, socket: Socket? = nil, defaults: Defaults? = nil, agents: [String: AgentsValue]? = nil) {
            self.version = version
            self.socket = socket
            self.defaults = defaults
            self.agents = agents
        }

        private enum CodingKeys: String, CodingKey {
            case version = "version"
            case socket = "socket"
            case defaults = "defaults"
            case agents = "agents"
        }
    }
    public var nodeId: String
    public var file: File
    public var baseHash: String?

    public init(nodeId: String, file: File, baseHash: String? = nil) {
        self.nodeId = nodeId
        self.file = file
        self.baseHash = baseHash
    }

    private enum CodingKeys: String, CodingKey {
        case nodeId = "nodeId"
        case file = "file"
        case baseHash = "baseHash"
    }
}

/// Answer of `exec.approvals.node.set`.
public struct ExecApprovalsNodeSetResult: Codable, Equatable, Sendable {
    public var path: String?
    public var exists: Bool?
    public var hash: String?
    public var file: JSONValue?

    public init(path: String? = nil, exists: Bool? = nil, hash: String? = nil, file: JSONValue? = nil) {
        self.path = path
        self.exists = exists
        self.hash = hash
        self.file = file
    }

    private enum CodingKeys: String, CodingKey {
        case path = "path"
        case exists = "exists"
        case hash = "hash"
        case file = "file"
    }
}

/// Parameters of `exec.approvals.set`.
public struct ExecApprovalsSetParams: Codable, Equatable, Sendable {
    /// file
    public struct File: Codable, Equatable, Sendable {
        /// socket
        public struct Socket: Codable, Equatable, Sendable {
            public var path: String?
            public var token: String?

            public init(path: String? = nil, token: String? = nil) {
                self.path = path
                self.token = token
            }

            private enum CodingKeys: String, CodingKey {
                case path = "path"
                case token = "token"
            }
        }
        /// defaults
        public struct Defaults: Codable, Equatable, Sendable {
            public var security: String?
            public var ask: String?
            public var askFallback: String?
            public var autoAllowSkills: Bool?

            public init(security: String? = nil, ask: String? = nil, askFallback: String? = nil, autoAllowSkills: Bool? = nil) {
                self.security = security
                self.ask = ask
                self.askFallback = askFallback
                self.autoAllowSkills = autoAllowSkills
            }

            private enum CodingKeys: String, CodingKey {
                case security = "security"
                case ask = "ask"
                case askFallback = "askFallback"
                case autoAllowSkills = "autoAllowSkills"
            }
        }
        /// agentsValue
        public struct AgentsValue: Codable, Equatable, Sendable {
            /// allowlistItem
            public struct AllowlistItem: Codable, Equatable, Sendable {
                public var id: String?
                public var pattern: String
                public var lastUsedAt: Int?
                public var lastUsedCommand: String?
                public var lastResolvedPath: String?

                public init(id: String? = nil, pattern: String, lastUsedAt: Int? = nil, lastUsedCommand: String? = nil, lastResolvedPath: String? = nil) {
                    self.id = id
                    self.pattern = pattern
                    self.lastUsedAt = lastUsedAt
                    self.lastUsedCommand = lastUsedCommand
                    self.lastResolvedPath = lastResolvedPath
                }

                private enum CodingKeys: String, CodingKey {
                    case id = "id"
                    case pattern = "pattern"
                    case lastUsedAt = "lastUsedAt"
                    case lastUsedCommand = "lastUsedCommand"
                    case lastResolvedPath = "lastResolvedPath"
                }
            }
            public var security: String?
            public var ask: String?
            public var askFallback: String?
            public var autoAllowSkills: Bool?
            public var allowlist: [AllowlistItem]?

            public init(security: String? = nil, ask: String? = nil, askFallback: String? = nil, autoAllowSkills: Bool? = nil, allowlist: [AllowlistItem]? = nil) {
                self.security = security
                self.ask = ask
                self.askFallback = askFallback
                self.autoAllowSkills = autoAllowSkills
                self.allowlist = allowlist
            }

            private enum CodingKeys: String, CodingKey {
                case security = "security"
                case ask = "ask"
                case askFallback = "askFallback"
                case autoAllowSkills = "autoAllowSkills"
                case allowlist = "allowlist"
            }
        }
        public var version: Double
        public var socket: Socket?
        public var defaults: Defaults?
        public var agents: [String: AgentsValue]?

        public init(version: Double, socket: Socket? = nil, defaults: Defaults? = nil, agents: [String: AgentsValue]? = nil) {
            self.version = version
            self.socket = socket
            self.defaults = defaults
            self.agents = agents
        }

        private enum CodingKeys: String, CodingKey {
            case version = "version"
            case socket = "socket"
            case defaults = "defaults"
            case agents = "agents"
        }
    }
    public var file: File
    public var baseHash: String?

    public init(file: File, baseHash: String? = nil) {
        self.file = file
        self.baseHash = baseHash
    }

    private enum CodingKeys: String, CodingKey {
        case file = "file"
        case baseHash = "baseHash"
    }
}

/// Answer of `exec.approvals.set`.
public struct ExecApprovalsSetResult: Codable, Equatable, Sendable {
    /// file
    public struct File: Codable, Equatable, Sendable {
        /// socket
        public struct Socket: Codable, Equatable, Sendable {
            public var path: String?
            public var token: String?

            public init(path: String? = nil, token: String? = nil) {
                self.path = path
                self.token = token
            }

            private enum CodingKeys: String, CodingKey {
                case path = "path"
                case token = "token"
            }
        }
        /// defaults
        public struct Defaults: Codable, Equatable, Sendable {
            public var security: String?
            public var ask: String?
            public var askFallback: String?
            public var autoAllowSkills: Bool?

            public init(security: String? = nil, ask: String? = nil, askFallback: String? = nil, autoAllowSkills: Bool? = nil) {
                self.security = security
                self.ask = ask
                self.askFallback = askFallback
                self.autoAllowSkills = autoAllowSkills
            }

            private enum CodingKeys: String, CodingKey {
                case security = "security"
                case ask = "ask"
                case askFallback = "askFallback"
                case autoAllowSkills = "autoAllowSkills"
            }
        }
        /// agentsValue
        public struct AgentsValue: Codable, Equatable, Sendable {
            /// allowlistItem
            public struct AllowlistItem: Codable, Equatable, Sendable {
                public var id: String?
                public var pattern: String
                public var lastUsedAt: Int?
                public var lastUsedCommand: String?
                public var lastResolvedPath: String?

                public init(id: String? = nil, pattern: String, lastUsedAt: Int? = nil, lastUsedCommand: String? = nil, lastResolvedPath: String? = nil) {
                    self.id = id
                    self.pattern = pattern
                    self.lastUsedAt = lastUsedAt
                    self.lastUsedCommand = lastUsedCommand
                    self.lastResolvedPath = lastResolvedPath
                }

                private enum CodingKeys: String, CodingKey {
                    case id = "id"
                    case pattern = "pattern"
                    case lastUsedAt = "lastUsedAt"
                    case lastUsedCommand = "lastUsedCommand"
                    case lastResolvedPath = "lastResolvedPath"
                }
            }
            public var security: String?
            public var ask: String?
            public var askFallback: String?
            public var autoAllowSkills: Bool?
            public var allowlist: [AllowlistItem]?

            public init(security: String? = nil, ask: String? = nil, askFallback: String? = nil, autoAllowSkills: Bool? = nil, allowlist: [AllowlistItem]? = nil) {
                self.security = security
                self.ask = ask
                self.askFallback = askFallback
                self.autoAllowSkills = autoAllowSkills
                self.allowlist = allowlist
            }

            private enum CodingKeys: String, CodingKey {
                case security = "security"
                case ask = "ask"
                case askFallback = "askFallback"
                case autoAllowSkills = "autoAllowSkills"
                case allowlist = "allowlist"
            }
        }
        public var version: Double
        public var socket: Socket?
        public var defaults: Defaults?
        public var agents: [String: AgentsValue]?

        public init(version: Double, socket: Socket? = nil, defaults: Defaults? = nil, agents: [String: AgentsValue]? = nil) {
            self.version = version
            self.socket = socket
            self.defaults = defaults
            self.agents = agents
        }

        private enum CodingKeys: String, CodingKey {
            case version = "version"
            case socket = "socket"
            case defaults = "defaults"
            case agents = "agents"
        }
    }
    public var path: String
    public var exists: Bool
    public var hash: String
    public var file: File

    public init(path: String, exists: Bool, hash: String, file: File) {
        self.path = path
        self.exists = exists
        self.hash = hash
        self.file = file
    }

    private enum CodingKeys: String, CodingKey {
        case path = "path"
        case exists = "exists"
        case hash = "hash"
        case file = "file"
    }
}

/// Parameters of `health`.
public struct HealthParams: Codable, Equatable, Sendable {
    public var probe: Bool?

    public init(probe: Bool? = nil) {
        self.probe = probe
    }

    private enum CodingKeys: String, CodingKey {
        case probe = "probe"
    }
}

/// Answer of `health`.
public struct HealthResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var ts: Int
    public var durationMs: Int

    public init(ok: Bool, ts: Int, durationMs: Int) {
        self.ok = ok
        self.ts = ts
        self.durationMs = durationMs
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case ts = "ts"
        case durationMs = "durationMs"
    }
}

/// Parameters of `last-heartbeat`.
public struct LastHeartbeatParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `last-heartbeat`.
public typealias LastHeartbeatResult = JSONValue

/// Parameters of `logs.tail`.
public struct LogsTailParams: Codable, Equatable, Sendable {
    public var cursor: Int?
    public var id: String?
    public var limit: Int?
    public var maxBytes: Int?

    public init(cursor: Int? = nil, id: String? = nil, limit: Int? = nil, maxBytes: Int? = nil) {
        self.cursor = cursor
        self.id = id
        self.limit = limit
        self.maxBytes = maxBytes
    }

    private enum CodingKeys: String, CodingKey {
        case cursor = "cursor"
        case id = "id"
        case limit = "limit"
        case maxBytes = "maxBytes"
    }
}

/// Answer of `logs.tail`.
public struct LogsTailResult: Codable, Equatable, Sendable {
    public var file: String
    public var cursor: Int
    public var size: Int
    public var lines: [String]
    public var truncated: Bool?
    public var reset: Bool?

    public init(file: String, cursor: Int, size: Int, lines: [String], truncated: Bool? = nil, reset: Bool? = nil) {
        self.file = file
        self.cursor = cursor
        self.size = size
        self.lines = lines
        self.truncated = truncated
        self.reset = reset
    }

    private enum CodingKeys: String, CodingKey {
        case file = "file"
        case cursor = "cursor"
        case size = "size"
        case lines = "lines"
        case truncated = "truncated"
        case reset = "reset"
    }
}

/// Parameters of `message.delete`.
public struct MessageDeleteParams: Codable, Equatable, Sendable {
    public var to: String
    public var channel: String
    public var accountId: String?
    public var threadId: String?
    public var messageId: String?
    public var idempotencyKey: String

    public init(to: String, channel: String, accountId: String? = nil, threadId: String? = nil, messageId: String? = nil, idempotencyKey: String) {
        self.to = to
        self.channel = channel
        self.accountId = accountId
        self.threadId = threadId
        self.messageId = messageId
        self.idempotencyKey = idempotencyKey
    }

    private enum CodingKeys: String, CodingKey {
        case to = "to"
        case channel = "channel"
        case accountId = "accountId"
        case threadId = "threadId"
        case messageId = "messageId"
        case idempotencyKey = "idempotencyKey"
    }
}

/// Answer of `message.delete`.
public struct MessageDeleteResult: Codable, Equatable, Sendable {
    public var channel: String
    public var accountId: String
    public var ok: Bool
    public var to: String
    public var messageId: String

    public init(channel: String, accountId: String, ok: Bool, to: String, messageId: String) {
        self.channel = channel
        self.accountId = accountId
        self.ok = ok
        self.to = to
        self.messageId = messageId
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
        case ok = "ok"
        case to = "to"
        case messageId = "messageId"
    }
}

/// Parameters of `message.edit`.
public struct MessageEditParams: Codable, Equatable, Sendable {
    public var to: String
    public var channel: String
    public var accountId: String?
    public var threadId: String?
    public var messageId: String?
    public var idempotencyKey: String
    public var message: String

    public init(to: String, channel: String, accountId: String? = nil, threadId: String? = nil, messageId: String? = nil, idempotencyKey: String, message: String) {
        self.to = to
        self.channel = channel
        self.accountId = accountId
        self.threadId = threadId
        self.messageId = messageId
        self.idempotencyKey = idempotencyKey
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case to = "to"
        case channel = "channel"
        case accountId = "accountId"
        case threadId = "threadId"
        case messageId = "messageId"
        case idempotencyKey = "idempotencyKey"
        case message = "message"
    }
}

/// Answer of `message.edit`.
public struct MessageEditResult: Codable, Equatable, Sendable {
    public var channel: String
    public var accountId: String
    public var ok: Bool
    public var to: String
    public var messageId: String

    public init(channel: String, accountId: String, ok: Bool, to: String, messageId: String) {
        self.channel = channel
        self.accountId = accountId
        self.ok = ok
        self.to = to
        self.messageId = messageId
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
        case ok = "ok"
        case to = "to"
        case messageId = "messageId"
    }
}

/// Parameters of `message.react`.
public struct MessageReactParams: Codable, Equatable, Sendable {
    public var to: String
    public var channel: String
    public var accountId: String?
    public var threadId: String?
    public var messageId: String?
    public var idempotencyKey: String
    public var emoji: String

    public init(to: String, channel: String, accountId: String? = nil, threadId: String? = nil, messageId: String? = nil, idempotencyKey: String, emoji: String) {
        self.to = to
        self.channel = channel
        self.accountId = accountId
        self.threadId = threadId
        self.messageId = messageId
        self.idempotencyKey = idempotencyKey
        self.emoji = emoji
    }

    private enum CodingKeys: String, CodingKey {
        case to = "to"
        case channel = "channel"
        case accountId = "accountId"
        case threadId = "threadId"
        case messageId = "messageId"
        case idempotencyKey = "idempotencyKey"
        case emoji = "emoji"
    }
}

/// Answer of `message.react`.
public struct MessageReactResult: Codable, Equatable, Sendable {
    public var channel: String
    public var accountId: String
    public var ok: Bool
    public var to: String
    public var messageId: String

    public init(channel: String, accountId: String, ok: Bool, to: String, messageId: String) {
        self.channel = channel
        self.accountId = accountId
        self.ok = ok
        self.to = to
        self.messageId = messageId
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
        case ok = "ok"
        case to = "to"
        case messageId = "messageId"
    }
}

/// Parameters of `models.list`.
public struct ModelsListParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `models.list`.
public struct ModelsListResult: Codable, Equatable, Sendable {
    /// modelsItem
    public struct ModelsItem: Codable, Equatable, Sendable {
        public var id: String
        public var name: String
        public var provider: String
        public var contextWindow: Double?
        public var reasoning: Bool
        public var input: [String]

        public init(id: String, name: String, provider: String, contextWindow: Double? = nil, reasoning: Bool, input: [String]) {
            self.id = id
            self.name = name
            self.provider = provider
            self.contextWindow = contextWindow
            self.reasoning = reasoning
            self.input = input
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case name = "name"
            case provider = "provider"
            case contextWindow = "contextWindow"
            case reasoning = "reasoning"
            case input = "input"
        }
    }
    public var models: [ModelsItem]

    public init(models: [ModelsItem]) {
        self.models = models
    }

    private enum CodingKeys: String, CodingKey {
        case models = "models"
    }
}

/// Parameters of `models.probe`.
public struct ModelsProbeParams: Codable, Equatable, Sendable {
    public var agentId: String?
    public var timeoutMs: Int?

    public init(agentId: String? = nil, timeoutMs: Int? = nil) {
        self.agentId = agentId
        self.timeoutMs = timeoutMs
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
        case timeoutMs = "timeoutMs"
    }
}

/// Answer of `models.probe`.
public struct ModelsProbeResult: Codable, Equatable, Sendable {
    /// probesItem
    public struct ProbesItem: Codable, Equatable, Sendable {
        public var model: String
        public var profileId: String?
        public var ok: Bool
        public var ms: Double
        public var reason: String?
        public var error: String?

        public init(model: String, profileId: String? = nil, ok: Bool, ms: Double, reason: String? = nil, error: String? = nil) {
            self.model = model
            self.profileId = profileId
            self.ok = ok
            self.ms = ms
            self.reason = reason
            self.error = error
        }

        private enum CodingKeys: String, CodingKey {
            case model = "model"
            case profileId = "profileId"
            case ok = "ok"
            case ms = "ms"
            case reason = "reason"
            case error = "error"
        }
    }
    public var probes: [ProbesItem]

    public init(probes: [ProbesItem]) {
        self.probes = probes
    }

    private enum CodingKeys: String, CodingKey {
        case probes = "probes"
    }
}

/// Parameters of `node.describe`.
public struct NodeDescribeParams: Codable, Equatable, Sendable {
    public var nodeId: String

    public init(nodeId: String) {
        self.nodeId = nodeId
    }

    private enum CodingKeys: String, CodingKey {
        case nodeId = "nodeId"
    }
}

/// Answer of `node.describe`.
public struct NodeDescribeResult: Codable, Equatable, Sendable {
    public var ts: Int
    public var nodeId: String
    public var displayName: String?
    public var platform: String?
    public var version: String?
    public var coreVersion: String?
    public var uiVersion: String?
    public var deviceFamily: String?
    public var modelIdentifier: String?
    public var remoteIp: String?
    public var caps: [String]
    public var commands: [String]
    public var pathEnv: String?
    public var permissions: [String: Bool]?
    public var connectedAtMs: Int?
    public var lastConnectedAtMs: Int?
    public var paired: Bool
    public var connected: Bool

    public init(ts: Int, nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, coreVersion: String? = nil, uiVersion: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String], commands: [String], pathEnv: String? = nil, permissions: [String: Bool]? = nil, connectedAtMs: Int? = nil, lastConnectedAtMs: Int? = nil, paired: Bool, connected: Bool) {
        self.ts = ts
        self.nodeId = nodeId
        self.displayName = displayName
        self.platform = platform
        self.version = version
        self.coreVersion = coreVersion
        self.uiVersion = uiVersion
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.remoteIp = remoteIp
        self.caps = caps
        self.commands = commands
        self.pathEnv = pathEnv
        self.permissions = permissions
        self.connectedAtMs = connectedAtMs
        self.lastConnectedAtMs = lastConnectedAtMs
        self.paired = paired
        self.connected = connected
    }

    private enum CodingKeys: String, CodingKey {
        case ts = "ts"
        case nodeId = "nodeId"
        case displayName = "displayName"
        case platform = "platform"
        case version = "version"
        case coreVersion = "coreVersion"
        case uiVersion = "uiVersion"
        case deviceFamily = "deviceFamily"
        case modelIdentifier = "modelIdentifier"
        case remoteIp = "remoteIp"
        case caps = "caps"
        case commands = "commands"
        case pathEnv = "pathEnv"
        case permissions = "permissions"
        case connectedAtMs = "connectedAtMs"
        case lastConnectedAtMs = "lastConnectedAtMs"
        case paired = "paired"
        case connected = "connected"
    }
}

/// Parameters of `node.event`.
public struct NodeEventParams: Codable, Equatable, Sendable {
    public var event: String
    public var payload: JSONValue?
    public var payloadJSON: String?

    public init(event: String, payload: JSONValue? = nil, payloadJSON: String? = nil) {
        self.event = event
        self.payload = payload
        self.payloadJSON = payloadJSON
    }

    private enum CodingKeys: String, CodingKey {
        case event = "event"
        case payload = "payload"
        case payloadJSON = "payloadJSON"
    }
}

/// Answer of `node.event`.
public struct NodeEventResult: Codable, Equatable, Sendable {
    public var ok: Bool

    public init(ok: Bool) {
        self.ok = ok
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
    }
}

/// Parameters of `node.invoke`.
public struct NodeInvokeParams: Codable, Equatable, Sendable {
    public var nodeId: String
    public var command: String
    public var params: JSONValue?
    public var timeoutMs: Int?
    public var idempotencyKey: String

    public init(nodeId: String, command: String, params: JSONValue? = nil, timeoutMs: Int? = nil, idempotencyKey: String) {
        self.nodeId = nodeId
        self.command = command
        self.params = params
        self.timeoutMs = timeoutMs
        self.idempotencyKey = idempotencyKey
    }

    private enum CodingKeys: String, CodingKey {
        case nodeId = "nodeId"
        case command = "command"
        case params = "params"
        case timeoutMs = "timeoutMs"
        case idempotencyKey = "idempotencyKey"
    }
}

/// Answer of `node.invoke`.
public struct NodeInvokeResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var nodeId: String
    public var command: String
    public var payload: JSONValue?
    public var payloadJSON: String?

    public init(ok: Bool, nodeId: String, command: String, payload: JSONValue? = nil, payloadJSON: String? = nil) {
        self.ok = ok
        self.nodeId = nodeId
        self.command = command
        self.payload = payload
        self.payloadJSON = payloadJSON
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case nodeId = "nodeId"
        case command = "command"
        case payload = "payload"
        case payloadJSON = "payloadJSON"
    }
}

/// Parameters of `node.invoke.result`.
public struct NodeInvokeResultParams: Codable, Equatable, Sendable {
    /// error
    public struct Error: Codable, Equatable, Sendable {
        public var code: String?
        public var message: String?

        public init(code: String? = nil, message: String? = nil) {
            self.code = code
            self.message = message
        }

        private enum CodingKeys: String, CodingKey {
            case code = "code"
            case message = "message"
        }
    }
    public var id: String
    public var nodeId: String
    public var ok: Bool
    public var payload: JSONValue?
    public var payloadJSON: JSONValue?
    public var error: Error?

    public init(id: String, nodeId: String, ok: Bool, payload: JSONValue? = nil, payloadJSON: JSONValue? = nil, error: Error? = nil) {
        self.id = id
        self.nodeId = nodeId
        self.ok = ok
        self.payload = payload
        self.payloadJSON = payloadJSON
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case nodeId = "nodeId"
        case ok = "ok"
        case payload = "payload"
        case payloadJSON = "payloadJSON"
        case error = "error"
    }
}

/// Answer of `node.invoke.result`.
public struct NodeInvokeResultResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var ignored: Bool?

    public init(ok: Bool, ignored: Bool? = nil) {
        self.ok = ok
        self.ignored = ignored
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case ignored = "ignored"
    }
}

/// Parameters of `node.list`.
public struct NodeListParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `node.list`.
public struct NodeListResult: Codable, Equatable, Sendable {
    /// nodesItem
    public struct NodesItem: Codable, Equatable, Sendable {
        public var nodeId: String
        public var displayName: String?
        public var platform: String?
        public var version: String?
        public var coreVersion: String?
        public var uiVersion: String?
        public var deviceFamily: String?
        public var modelIdentifier: String?
        public var remoteIp: String?
        public var caps: [String]
        public var commands: [String]
        public var pathEnv: String?
        public var permissions: [String: Bool]?
        public var connectedAtMs: Int?
        public var lastConnectedAtMs: Int?
        public var paired: Bool
        public var connected: Bool

        public init(nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, coreVersion: String? = nil, uiVersion: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String], commands: [String], pathEnv: String? = nil, permissions: [String: Bool]? = nil, connectedAtMs: Int? = nil, lastConnectedAtMs: Int? = nil, paired: Bool, connected: Bool) {
            self.nodeId = nodeId
            self.displayName = displayName
            self.platform = platform
            self.version = version
            self.coreVersion = coreVersion
            self.uiVersion = uiVersion
            self.deviceFamily = deviceFamily
            self.modelIdentifier = modelIdentifier
            self.remoteIp = remoteIp
            self.caps = caps
            self.commands = commands
            self.pathEnv = pathEnv
            self.permissions = permissions
            self.connectedAtMs = connectedAtMs
            self.lastConnectedAtMs = lastConnectedAtMs
            self.paired = paired
            self.connected = connected
        }

        private enum CodingKeys: String, CodingKey {
            case nodeId = "nodeId"
            case displayName = "displayName"
            case platform = "platform"
            case version = "version"
            case coreVersion = "coreVersion"
            case uiVersion = "uiVersion"
            case deviceFamily = "deviceFamily"
            case modelIdentifier = "modelIdentifier"
            case remoteIp = "remoteIp"
            case caps = "caps"
            case commands = "commands"
            case pathEnv = "pathEnv"
            case permissions = "permissions"
            case connectedAtMs = "connectedAtMs"
            case lastConnectedAtMs = "lastConnectedAtMs"
            case paired = "paired"
            case connected = "connected"
        }
    }
    public var ts: Int
    public var nodes: [NodesItem]

    public init(ts: Int, nodes: [NodesItem]) {
        self.ts = ts
        self.nodes = nodes
    }

    private enum CodingKeys: String, CodingKey {
        case ts = "ts"
        case nodes = "nodes"
    }
}

/// Parameters of `node.pair.approve`.
public struct NodePairApproveParams: Codable, Equatable, Sendable {
    public var requestId: String

    public init(requestId: String) {
        self.requestId = requestId
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
    }
}

/// Answer of `node.pair.approve`.
public struct NodePairApproveResult: Codable, Equatable, Sendable {
    /// node
    public struct Node: Codable, Equatable, Sendable {
        public var nodeId: String
        public var displayName: String?
        public var platform: String?
        public var version: String?
        public var coreVersion: String?
        public var uiVersion: String?
        public var deviceFamily: String?
        public var modelIdentifier: String?
        public var remoteIp: String?
        public var caps: [String]?
        public var commands: [String]?
        public var token: String
        public var createdAtMs: Int
        public var approvedAtMs: Int
        public var lastConnectedAtMs: Int?

        public init(nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, coreVersion: String? = nil, uiVersion: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String]? = nil, commands: [String]? = nil, token: String, createdAtMs: Int, approvedAtMs: Int, lastConnectedAtMs: Int? = nil) {
            self.nodeId = nodeId
            self.displayName = displayName
            self.platform = platform
            self.version = version
            self.coreVersion = coreVersion
            self.uiVersion = uiVersion
            self.deviceFamily = deviceFamily
            self.modelIdentifier = modelIdentifier
            self.remoteIp = remoteIp
            self.caps = caps
            self.commands = commands
            self.token = token
            self.createdAtMs = createdAtMs
            self.approvedAtMs = approvedAtMs
            self.lastConnectedAtMs = lastConnectedAtMs
        }

        private enum CodingKeys: String, CodingKey {
            case nodeId = "nodeId"
            case displayName = "displayName"
            case platform = "platform"
            case version = "version"
            case coreVersion = "coreVersion"
            case uiVersion = "uiVersion"
            case deviceFamily = "deviceFamily"
            case modelIdentifier = "modelIdentifier"
            case remoteIp = "remoteIp"
            case caps = "caps"
            case commands = "commands"
            case token = "token"
            case createdAtMs = "createdAtMs"
            case approvedAtMs = "approvedAtMs"
            case lastConnectedAtMs = "lastConnectedAtMs"
        }
    }
    public var requestId: String
    public var node: Node

    public init(requestId: String, node: Node) {
        self.requestId = requestId
        self.node = node
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
        case node = "node"
    }
}

/// Parameters of `node.pair.list`.
public struct NodePairListParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `node.pair.list`.
public struct NodePairListResult: Codable, Equatable, Sendable {
    /// pendingItem
    public struct PendingItem: Codable, Equatable, Sendable {
        public var requestId: String
        public var nodeId: String
        public var displayName: String?
        public var platform: String?
        public var version: String?
        public var coreVersion: String?
        public var uiVersion: String?
        public var deviceFamily: String?
        public var modelIdentifier: String?
        public var remoteIp: String?
        public var caps: [String]?
        public var commands: [String]?
        public var silent: Bool?
        public var isRepair: Bool
        public var ts: Int

        public init(requestId: String, nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, coreVersion: String? = nil, uiVersion: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String]? = nil, commands: [String]? = nil, silent: Bool? = nil, isRepair: Bool, ts: Int) {
            self.requestId = requestId
            self.nodeId = nodeId
            self.displayName = displayName
            self.platform = platform
            self.version = version
            self.coreVersion = coreVersion
            self.uiVersion = uiVersion
            self.deviceFamily = deviceFamily
            self.modelIdentifier = modelIdentifier
            self.remoteIp = remoteIp
            self.caps = caps
            self.commands = commands
            self.silent = silent
            self.isRepair = isRepair
            self.ts = ts
        }

        private enum CodingKeys: String, CodingKey {
            case requestId = "requestId"
            case nodeId = "nodeId"
            case displayName = "displayName"
            case platform = "platform"
            case version = "version"
            case coreVersion = "coreVersion"
            case uiVersion = "uiVersion"
            case deviceFamily = "deviceFamily"
            case modelIdentifier = "modelIdentifier"
            case remoteIp = "remoteIp"
            case caps = "caps"
            case commands = "commands"
            case silent = "silent"
            case isRepair = "isRepair"
            case ts = "ts"
        }
    }
    /// pairedItem
    public struct PairedItem: Codable, Equatable, Sendable {
        public var nodeId: String
        public var displayName: String?
        public var platform: String?
        public var version: String?
        public var coreVersion: String?
        public var uiVersion: String?
        public var deviceFamily: String?
        public var modelIdentifier: String?
        public var remoteIp: String?
        public var caps: [String]?
        public var commands: [String]?
        public var token: String
        public var createdAtMs: Int
        public var approvedAtMs: Int
        public var lastConnectedAtMs: Int?

        public init(nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, coreVersion: String? = nil, uiVersion: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String]? = nil, commands: [String]? = nil, token: String, createdAtMs: Int, approvedAtMs: Int, lastConnectedAtMs: Int? = nil) {
            self.nodeId = nodeId
            self.displayName = displayName
            self.platform = platform
            self.version = version
            self.coreVersion = coreVersion
            self.uiVersion = uiVersion
            self.deviceFamily = deviceFamily
            self.modelIdentifier = modelIdentifier
            self.remoteIp = remoteIp
            self.caps = caps
            self.commands = commands
            self.token = token
            self.createdAtMs = createdAtMs
            self.approvedAtMs = approvedAtMs
            self.lastConnectedAtMs = lastConnectedAtMs
        }

        private enum CodingKeys: String, CodingKey {
            case nodeId = "nodeId"
            case displayName = "displayName"
            case platform = "platform"
            case version = "version"
            case coreVersion = "coreVersion"
            case uiVersion = "uiVersion"
            case deviceFamily = "deviceFamily"
            case modelIdentifier = "modelIdentifier"
            case remoteIp = "remoteIp"
            case caps = "caps"
            case commands = "commands"
            case token = "token"
            case createdAtMs = "createdAtMs"
            case approvedAtMs = "approvedAtMs"
            case lastConnectedAtMs = "lastConnectedAtMs"
        }
    }
    public var pending: [PendingItem]
    public var paired: [PairedItem]

    public init(pending: [PendingItem], paired: [PairedItem]) {
        self.pending = pending
        self.paired = paired
    }

    private enum CodingKeys: String, CodingKey {
        case pending = "pending"
        case paired = "paired"
    }
}

/// Parameters of `node.pair.reject`.
public struct NodePairRejectParams: Codable, Equatable, Sendable {
    public var requestId: String

    public init(requestId: String) {
        self.requestId = requestId
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
    }
}

/// Answer of `node.pair.reject`.
public struct NodePairRejectResult: Codable, Equatable, Sendable {
    public var requestId: String
    public var nodeId: String

    public init(requestId: String, nodeId: String) {
        self.requestId = requestId
        self.nodeId = nodeId
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
        case nodeId = "nodeId"
    }
}

/// Parameters of `node.pair.request`.
public struct NodePairRequestParams: Codable, Equatable, Sendable {
    public var nodeId: String
    public var displayName: String?
    public var platform: String?
    public var version: String?
    public var coreVersion: String?
    public var uiVersion: String?
    public var deviceFamily: String?
    public var modelIdentifier: String?
    public var caps: [String]?
    public var commands: [String]?
    public var remoteIp: String?
    public var silent: Bool?

    public init(nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, coreVersion: String? = nil, uiVersion: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, caps: [String]? = nil, commands: [String]? = nil, remoteIp: String? = nil, silent: Bool? = nil) {
        self.nodeId = nodeId
        self.displayName = displayName
        self.platform = platform
        self.version = version
        self.coreVersion = coreVersion
        self.uiVersion = uiVersion
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.caps = caps
        self.commands = commands
        self.remoteIp = remoteIp
        self.silent = silent
    }

    private enum CodingKeys: String, CodingKey {
        case nodeId = "nodeId"
        case displayName = "displayName"
        case platform = "platform"
        case version = "version"
        case coreVersion = "coreVersion"
        case uiVersion = "uiVersion"
        case deviceFamily = "deviceFamily"
        case modelIdentifier = "modelIdentifier"
        case caps = "caps"
        case commands = "commands"
        case remoteIp = "remoteIp"
        case silent = "silent"
    }
}

/// Answer of `node.pair.request`.
public struct NodePairRequestResult: Codable, Equatable, Sendable {
    /// status
    public enum Status: RawRepresentable, Codable, Equatable, Sendable {
        case pending
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "pending": self = .pending
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .pending: return "pending"
            case .unrecognized(let value): return value
            }
        }
    }
    /// request
    public struct Request: Codable, Equatable, Sendable {
        public var requestId: String
        public var nodeId: String
        public var displayName: String?
        public var platform: String?
        public var version: String?
        public var coreVersion: String?
        public var uiVersion: String?
        public var deviceFamily: String?
        public var modelIdentifier: String?
        public var remoteIp: String?
        public var caps: [String]?
        public var commands: [String]?
        public var silent: Bool?
        public var isRepair: Bool
        public var ts: Int

        public init(requestId: String, nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, coreVersion: String? = nil, uiVersion: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String]? = nil, commands: [String]? = nil, silent: Bool? = nil, isRepair: Bool, ts: Int) {
            self.requestId = requestId
            self.nodeId = nodeId
            self.displayName = displayName
            self.platform = platform
            self.version = version
            self.coreVersion = coreVersion
            self.uiVersion = uiVersion
            self.deviceFamily = deviceFamily
            self.modelIdentifier = modelIdentifier
            self.remoteIp = remoteIp
            self.caps = caps
            self.commands = commands
            self.silent = silent
            self.isRepair = isRepair
            self.ts = ts
        }

        private enum CodingKeys: String, CodingKey {
            case requestId = "requestId"
            case nodeId = "nodeId"
            case displayName = "displayName"
            case platform = "platform"
            case version = "version"
            case coreVersion = "coreVersion"
            case uiVersion = "uiVersion"
            case deviceFamily = "deviceFamily"
            case modelIdentifier = "modelIdentifier"
            case remoteIp = "remoteIp"
            case caps = "caps"
            case commands = "commands"
            case silent = "silent"
            case isRepair = "isRepair"
            case ts = "ts"
        }
    }
    public var status: Status
    public var request: Request
    public var created: Bool

    public init(status: Status, request: Request, created: Bool) {
        self.status = status
        self.request = request
        self.created = created
    }

    private enum CodingKeys: String, CodingKey {
        case status = "status"
        case request = "request"
        case created = "created"
    }
}

/// Parameters of `node.pair.verify`.
public struct NodePairVerifyParams: Codable, Equatable, Sendable {
    public var nodeId: String
    public var token: String

    public init(nodeId: String, token: String) {
        self.nodeId = nodeId
        self.token = token
    }

    private enum CodingKeys: String, CodingKey {
        case nodeId = "nodeId"
        case token = "token"
    }
}

/// Answer of `node.pair.verify`.
public struct NodePairVerifyResult: Codable, Equatable, Sendable {
    /// node
    public struct Node: Codable, Equatable, Sendable {
        public var nodeId: String
        public var displayName: String?
        public var platform: String?
        public var version: String?
        public var coreVersion: String?
        public var uiVersion: String?
        public var deviceFamily: String?
        public var modelIdentifier: String?
        public var remoteIp: String?
        public var caps: [String]?
        public var commands: [String]?
        public var token: String
        public var createdAtMs: Int
        public var approvedAtMs: Int
        public var lastConnectedAtMs: Int?

        public init(nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, coreVersion: String? = nil, uiVersion: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String]? = nil, commands: [String]? = nil, token: String, createdAtMs: Int, approvedAtMs: Int, lastConnectedAtMs: Int? = nil) {
            self.nodeId = nodeId
            self.displayName = displayName
            self.platform = platform
            self.version = version
            self.coreVersion = coreVersion
            self.uiVersion = uiVersion
            self.deviceFamily = deviceFamily
            self.modelIdentifier = modelIdentifier
            self.remoteIp = remoteIp
            self.caps = caps
            self.commands = commands
            self.token = token
            self.createdAtMs = createdAtMs
            self.approvedAtMs = approvedAtMs
            self.lastConnectedAtMs = lastConnectedAtMs
        }

        private enum CodingKeys: String, CodingKey {
            case nodeId = "nodeId"
            case displayName = "displayName"
            case platform = "platform"
            case version = "version"
            case coreVersion = "coreVersion"
            case uiVersion = "uiVersion"
            case deviceFamily = "deviceFamily"
            case modelIdentifier = "modelIdentifier"
            case remoteIp = "remoteIp"
            case caps = "caps"
            case commands = "commands"
            case token = "token"
            case createdAtMs = "createdAtMs"
            case approvedAtMs = "approvedAtMs"
            case lastConnectedAtMs = "lastConnectedAtMs"
        }
    }
    public var ok: Bool
    public var node: Node?

    public init(ok: Bool, node: Node? = nil) {
        self.ok = ok
        self.node = node
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case node = "node"
    }
}

/// Parameters of `node.rename`.
public struct NodeRenameParams: Codable, Equatable, Sendable {
    public var nodeId: String
    public var displayName: String

    public init(nodeId: String, displayName: String) {
        self.nodeId = nodeId
        self.displayName = displayName
    }

    private enum CodingKeys: String, CodingKey {
        case nodeId = "nodeId"
        case displayName = "displayName"
    }
}

/// Answer of `node.rename`.
public struct NodeRenameResult: Codable, Equatable, Sendable {
    public var nodeId: String
    public var displayName: String

    public init(nodeId: String, displayName: String) {
        self.nodeId = nodeId
        self.displayName = displayName
    }

    private enum CodingKeys: String, CodingKey {
        case nodeId = "nodeId"
        case displayName = "displayName"
    }
}

/// Parameters of `pairing.approve`.
public struct PairingApproveParams: Codable, Equatable, Sendable {
    public var channel: String?
    public var code: String
    public var accountId: String?
    public var notify: Bool?

    public init(channel: String? = nil, code: String, accountId: String? = nil, notify: Bool? = nil) {
        self.channel = channel
        self.code = code
        self.accountId = accountId
        self.notify = notify
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case code = "code"
        case accountId = "accountId"
        case notify = "notify"
    }
}

/// Answer of `pairing.approve`.
public struct PairingApproveResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var channel: String
    public var accountId: String
    public var id: String

    public init(ok: Bool, channel: String, accountId: String, id: String) {
        self.ok = ok
        self.channel = channel
        self.accountId = accountId
        self.id = id
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case channel = "channel"
        case accountId = "accountId"
        case id = "id"
    }
}

/// Parameters of `pairing.list`.
public struct PairingListParams: Codable, Equatable, Sendable {
    public var channel: String?
    public var accountId: String?

    public init(channel: String? = nil, accountId: String? = nil) {
        self.channel = channel
        self.accountId = accountId
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
    }
}

/// Answer of `pairing.list`.
public struct PairingListResult: Codable, Equatable, Sendable {
    /// requestsItem
    public struct RequestsItem: Codable, Equatable, Sendable {
        public var id: String
        public var code: String
        public var createdAt: String
        public var lastSeenAt: String
        public var accountId: String?
        public var meta: [String: String]

        public init(id: String, code: String, createdAt: String, lastSeenAt: String, accountId: String? = nil, meta: [String: String]) {
            self.id = id
            self.code = code
            self.createdAt = createdAt
            self.lastSeenAt = lastSeenAt
            self.accountId = accountId
            self.meta = meta
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case code = "code"
            case createdAt = "createdAt"
            case lastSeenAt = "lastSeenAt"
            case accountId = "accountId"
            case meta = "meta"
        }
    }
    /// channelsItem
    public struct ChannelsItem: Codable, Equatable, Sendable {
        /// requestsItem
        public struct RequestsItem: Codable, Equatable, Sendable {
            public var id: String
            public var code: String
            public var createdAt: String
            public var lastSeenAt: String
            public var accountId: String?
            public var meta: [String: String]

            public init(id: String, code: String, createdAt: String, lastSeenAt: String, accountId: String? = nil, meta: [String: String]) {
                self.id = id
                self.code = code
                self.createdAt = createdAt
                self.lastSeenAt = lastSeenAt
                self.accountId = accountId
                self.meta = meta
            }

            private enum CodingKeys: String, CodingKey {
                case id = "id"
                case code = "code"
                case createdAt = "createdAt"
                case lastSeenAt = "lastSeenAt"
                case accountId = "accountId"
                case meta = "meta"
            }
        }
        public var channel: String
        public var requests: [RequestsItem]

        public init(channel: String, requests: [RequestsItem]) {
            self.channel = channel
            self.requests = requests
        }

        private enum CodingKeys: String, CodingKey {
            case channel = "channel"
            case requests = "requests"
        }
    }
    public var channel: String?
    public var requests: [RequestsItem]?
    public var channels: [ChannelsItem]?

    public init(channel: String? = nil, requests: [RequestsItem]? = nil, channels: [ChannelsItem]? = nil) {
        self.channel = channel
        self.requests = requests
        self.channels = channels
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case requests = "requests"
        case channels = "channels"
    }
}

/// Parameters of `plugins.disable`.
public struct PluginsDisableParams: Codable, Equatable, Sendable {
    public var id: String

    public init(id: String) {
        self.id = id
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
    }
}

/// Answer of `plugins.disable`.
public struct PluginsDisableResult: Codable, Equatable, Sendable {
    public var id: String
    public var name: String
    public var description: String?
    public var version: String?
    public var group: String
    public var origin: String
    public var source: String
    public var essential: Bool
    public var enabled: Bool
    public var state: String
    public var reason: String?
    public var error: String?
    public var activation: String
    public var generation: Int
    public var loadMs: Double?
    public var contributes: [String: [String]]
    public var diagnostics: [String]
    public var unsupported: [String]
    public var faults: Int

    public init(id: String, name: String, description: String? = nil, version: String? = nil, group: String, origin: String, source: String, essential: Bool, enabled: Bool, state: String, reason: String? = nil, error: String? = nil, activation: String, generation: Int, loadMs: Double? = nil, contributes: [String: [String]], diagnostics: [String], unsupported: [String], faults: Int) {
        self.id = id
        self.name = name
        self.description = description
        self.version = version
        self.group = group
        self.origin = origin
        self.source = source
        self.essential = essential
        self.enabled = enabled
        self.state = state
        self.reason = reason
        self.error = error
        self.activation = activation
        self.generation = generation
        self.loadMs = loadMs
        self.contributes = contributes
        self.diagnostics = diagnostics
        self.unsupported = unsupported
        self.faults = faults
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case name = "name"
        case description = "description"
        case version = "version"
        case group = "group"
        case origin = "origin"
        case source = "source"
        case essential = "essential"
        case enabled = "enabled"
        case state = "state"
        case reason = "reason"
        case error = "error"
        case activation = "activation"
        case generation = "generation"
        case loadMs = "loadMs"
        case contributes = "contributes"
        case diagnostics = "diagnostics"
        case unsupported = "unsupported"
        case faults = "faults"
    }
}

/// Parameters of `plugins.enable`.
public struct PluginsEnableParams: Codable, Equatable, Sendable {
    public var id: String

    public init(id: String) {
        self.id = id
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
    }
}

/// Answer of `plugins.enable`.
public struct PluginsEnableResult: Codable, Equatable, Sendable {
    public var id: String
    public var name: String
    public var description: String?
    public var version: String?
    public var group: String
    public var origin: String
    public var source: String
    public var essential: Bool
    public var enabled: Bool
    public var state: String
    public var reason: String?
    public var error: String?
    public var activation: String
    public var generation: Int
    public var loadMs: Double?
    public var contributes: [String: [String]]
    public var diagnostics: [String]
    public var unsupported: [String]
    public var faults: Int

    public init(id: String, name: String, description: String? = nil, version: String? = nil, group: String, origin: String, source: String, essential: Bool, enabled: Bool, state: String, reason: String? = nil, error: String? = nil, activation: String, generation: Int, loadMs: Double? = nil, contributes: [String: [String]], diagnostics: [String], unsupported: [String], faults: Int) {
        self.id = id
        self.name = name
        self.description = description
        self.version = version
        self.group = group
        self.origin = origin
        self.source = source
        self.essential = essential
        self.enabled = enabled
        self.state = state
        self.reason = reason
        self.error = error
        self.activation = activation
        self.generation = generation
        self.loadMs = loadMs
        self.contributes = contributes
        self.diagnostics = diagnostics
        self.unsupported = unsupported
        self.faults = faults
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case name = "name"
        case description = "description"
        case version = "version"
        case group = "group"
        case origin = "origin"
        case source = "source"
        case essential = "essential"
        case enabled = "enabled"
        case state = "state"
        case reason = "reason"
        case error = "error"
        case activation = "activation"
        case generation = "generation"
        case loadMs = "loadMs"
        case contributes = "contributes"
        case diagnostics = "diagnostics"
        case unsupported = "unsupported"
        case faults = "faults"
    }
}

/// Parameters of `plugins.list`.
public struct PluginsListParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `plugins.list`.
public struct PluginsListResult: Codable, Equatable, Sendable {
    /// pluginsItem
    public struct PluginsItem: Codable, Equatable, Sendable {
        public var id: String
        public var name: String
        public var description: String?
        public var version: String?
        public var group: String
        public var origin: String
        public var source: String
        public var essential: Bool
        public var enabled: Bool
        public var state: String
        public var reason: String?
        public var error: String?
        public var activation: String
        public var generation: Int
        public var loadMs: Double?
        public var contributes: [String: [String]]
        public var diagnostics: [String]
        public var unsupported: [String]
        public var faults: Int

        public init(id: String, name: String, description: String? = nil, version: String? = nil, group: String, origin: String, source: String, essential: Bool, enabled: Bool, state: String, reason: String? = nil, error: String? = nil, activation: String, generation: Int, loadMs: Double? = nil, contributes: [String: [String]], diagnostics: [String], unsupported: [String], faults: Int) {
            self.id = id
            self.name = name
            self.description = description
            self.version = version
            self.group = group
            self.origin = origin
            self.source = source
            self.essential = essential
            self.enabled = enabled
            self.state = state
            self.reason = reason
            self.error = error
            self.activation = activation
            self.generation = generation
            self.loadMs = loadMs
            self.contributes = contributes
            self.diagnostics = diagnostics
            self.unsupported = unsupported
            self.faults = faults
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case name = "name"
            case description = "description"
            case version = "version"
            case group = "group"
            case origin = "origin"
            case source = "source"
            case essential = "essential"
            case enabled = "enabled"
            case state = "state"
            case reason = "reason"
            case error = "error"
            case activation = "activation"
            case generation = "generation"
            case loadMs = "loadMs"
            case contributes = "contributes"
            case diagnostics = "diagnostics"
            case unsupported = "unsupported"
            case faults = "faults"
        }
    }
    public var plugins: [PluginsItem]

    public init(plugins: [PluginsItem]) {
        self.plugins = plugins
    }

    private enum CodingKeys: String, CodingKey {
        case plugins = "plugins"
    }
}

/// Parameters of `plugins.reload`.
public struct PluginsReloadParams: Codable, Equatable, Sendable {
    public var id: String

    public init(id: String) {
        self.id = id
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
    }
}

/// Answer of `plugins.reload`.
public struct PluginsReloadResult: Codable, Equatable, Sendable {
    public var id: String
    public var ok: Bool
    public var state: String
    public var durationMs: Double
    public var error: String?

    public init(id: String, ok: Bool, state: String, durationMs: Double, error: String? = nil) {
        self.id = id
        self.ok = ok
        self.state = state
        self.durationMs = durationMs
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case ok = "ok"
        case state = "state"
        case durationMs = "durationMs"
        case error = "error"
    }
}

/// Parameters of `poll`.
public struct PollParams: Codable, Equatable, Sendable {
    public var to: String
    public var channel: String?
    public var accountId: String?
    public var question: String
    public var options: [String]
    public var maxSelections: Int?
    public var durationHours: Int?
    public var idempotencyKey: String

    public init(to: String, channel: String? = nil, accountId: String? = nil, question: String, options: [String], maxSelections: Int? = nil, durationHours: Int? = nil, idempotencyKey: String) {
        self.to = to
        self.channel = channel
        self.accountId = accountId
        self.question = question
        self.options = options
        self.maxSelections = maxSelections
        self.durationHours = durationHours
        self.idempotencyKey = idempotencyKey
    }

    private enum CodingKeys: String, CodingKey {
        case to = "to"
        case channel = "channel"
        case accountId = "accountId"
        case question = "question"
        case options = "options"
        case maxSelections = "maxSelections"
        case durationHours = "durationHours"
        case idempotencyKey = "idempotencyKey"
    }
}

/// Answer of `poll`.
public struct PollResult: Codable, Equatable, Sendable {
    public var runId: String
    public var channel: String
    public var messageId: String?
    public var chatId: String?
    public var channelId: String?
    public var toJid: String?
    public var conversationId: String?
    public var pollId: String?
    public var status: String?
    public var queueId: String?

    public init(runId: String, channel: String, messageId: String? = nil, chatId: String? = nil, channelId: String? = nil, toJid: String? = nil, conversationId: String? = nil, pollId: String? = nil, status: String? = nil, queueId: String? = nil) {
        self.runId = runId
        self.channel = channel
        self.messageId = messageId
        self.chatId = chatId
        self.channelId = channelId
        self.toJid = toJid
        self.conversationId = conversationId
        self.pollId = pollId
        self.status = status
        self.queueId = queueId
    }

    private enum CodingKeys: String, CodingKey {
        case runId = "runId"
        case channel = "channel"
        case messageId = "messageId"
        case chatId = "chatId"
        case channelId = "channelId"
        case toJid = "toJid"
        case conversationId = "conversationId"
        case pollId = "pollId"
        case status = "status"
        case queueId = "queueId"
    }
}

/// Parameters of `queue.drop`.
public struct QueueDropParams: Codable, Equatable, Sendable {
    public var id: String

    public init(id: String) {
        self.id = id
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
    }
}

/// Answer of `queue.drop`.
public struct QueueDropResult: Codable, Equatable, Sendable {
    public var id: String
    public var state: String
    public var channel: String
    public var accountId: String
    public var attempts: Int
    public var reason: String?
    public var text: String
    public var ok: Bool
    public var direction: String
    public var to: String?
    public var createdAt: Int?
    public var nextAttemptAt: Int?
    public var workId: String?
    public var runId: String?
    public var from: String?
    public var sessionKey: String?
    public var acceptedAt: Int?
    public var deferred: Bool?

    public init(id: String, state: String, channel: String, accountId: String, attempts: Int, reason: String? = nil, text: String, ok: Bool, direction: String, to: String? = nil, createdAt: Int? = nil, nextAttemptAt: Int? = nil, workId: String? = nil, runId: String? = nil, from: String? = nil, sessionKey: String? = nil, acceptedAt: Int? = nil, deferred: Bool? = nil) {
        self.id = id
        self.state = state
        self.channel = channel
        self.accountId = accountId
        self.attempts = attempts
        self.reason = reason
        self.text = text
        self.ok = ok
        self.direction = direction
        self.to = to
        self.createdAt = createdAt
        self.nextAttemptAt = nextAttemptAt
        self.workId = workId
        self.runId = runId
        self.from = from
        self.sessionKey = sessionKey
        self.acceptedAt = acceptedAt
        self.deferred = deferred
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case state = "state"
        case channel = "channel"
        case accountId = "accountId"
        case attempts = "attempts"
        case reason = "reason"
        case text = "text"
        case ok = "ok"
        case direction = "direction"
        case to = "to"
        case createdAt = "createdAt"
        case nextAttemptAt = "nextAttemptAt"
        case workId = "workId"
        case runId = "runId"
        case from = "from"
        case sessionKey = "sessionKey"
        case acceptedAt = "acceptedAt"
        case deferred = "deferred"
    }
}

/// Parameters of `queue.list`.
public struct QueueListParams: Codable, Equatable, Sendable {
    /// state
    public enum State: RawRepresentable, Codable, Equatable, Sendable {
        case pending
        case attempting
        case unknown
        case dead
        case expired
        case dropped
        case sent
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "pending": self = .pending
            case "attempting": self = .attempting
            case "unknown": self = .unknown
            case "dead": self = .dead
            case "expired": self = .expired
            case "dropped": self = .dropped
            case "sent": self = .sent
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .pending: return "pending"
            case .attempting: return "attempting"
            case .unknown: return "unknown"
            case .dead: return "dead"
            case .expired: return "expired"
            case .dropped: return "dropped"
            case .sent: return "sent"
            case .unrecognized(let value): return value
            }
        }
    }
    public var state: State?
    public var channel: String?
    public var limit: Int?

    public init(state: State? = nil, channel: String? = nil, limit: Int? = nil) {
        self.state = state
        self.channel = channel
        self.limit = limit
    }

    private enum CodingKeys: String, CodingKey {
        case state = "state"
        case channel = "channel"
        case limit = "limit"
    }
}

/// Answer of `queue.list`.
public struct QueueListResult: Codable, Equatable, Sendable {
    /// outItem
    public struct OutItem: Codable, Equatable, Sendable {
        public var id: String
        public var state: String
        public var channel: String
        public var accountId: String
        public var attempts: Int
        public var reason: String?
        public var text: String
        public var to: String
        public var createdAt: Int
        public var nextAttemptAt: Int?
        public var workId: String?

        public init(id: String, state: String, channel: String, accountId: String, attempts: Int, reason: String? = nil, text: String, to: String, createdAt: Int, nextAttemptAt: Int? = nil, workId: String? = nil) {
            self.id = id
            self.state = state
            self.channel = channel
            self.accountId = accountId
            self.attempts = attempts
            self.reason = reason
            self.text = text
            self.to = to
            self.createdAt = createdAt
            self.nextAttemptAt = nextAttemptAt
            self.workId = workId
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case state = "state"
            case channel = "channel"
            case accountId = "accountId"
            case attempts = "attempts"
            case reason = "reason"
            case text = "text"
            case to = "to"
            case createdAt = "createdAt"
            case nextAttemptAt = "nextAttemptAt"
            case workId = "workId"
        }
    }
    /// inItem
    public struct InItem: Codable, Equatable, Sendable {
        public var id: String
        public var state: String
        public var channel: String
        public var accountId: String
        public var attempts: Int
        public var reason: String?
        public var text: String
        public var runId: String
        public var from: String
        public var sessionKey: String
        public var acceptedAt: Int
        public var deferred: Bool?

        public init(id: String, state: String, channel: String, accountId: String, attempts: Int, reason: String? = nil, text: String, runId: String, from: String, sessionKey: String, acceptedAt: Int, deferred: Bool? = nil) {
            self.id = id
            self.state = state
            self.channel = channel
            self.accountId = accountId
            self.attempts = attempts
            self.reason = reason
            self.text = text
            self.runId = runId
            self.from = from
            self.sessionKey = sessionKey
            self.acceptedAt = acceptedAt
            self.deferred = deferred
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case state = "state"
            case channel = "channel"
            case accountId = "accountId"
            case attempts = "attempts"
            case reason = "reason"
            case text = "text"
            case runId = "runId"
            case from = "from"
            case sessionKey = "sessionKey"
            case acceptedAt = "acceptedAt"
            case deferred = "deferred"
        }
    }
    public var ts: Int
    public var counts: [String: Int]
    public var out: [OutItem]
    public var `in`: [InItem]

    public init(ts: Int, counts: [String: Int], out: [OutItem], `in`: [InItem]) {
        self.ts = ts
        self.counts = counts
        self.out = out
        self.`in` = `in`
    }

    private enum CodingKeys: String, CodingKey {
        case ts = "ts"
        case counts = "counts"
        case out = "out"
        case `in` = "in"
    }
}

/// Parameters of `queue.retry`.
public struct QueueRetryParams: Codable, Equatable, Sendable {
    public var id: String

    public init(id: String) {
        self.id = id
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
    }
}

/// Answer of `queue.retry`.
public struct QueueRetryResult: Codable, Equatable, Sendable {
    public var id: String
    public var state: String
    public var channel: String
    public var accountId: String
    public var attempts: Int
    public var reason: String?
    public var text: String
    public var ok: Bool
    public var direction: String
    public var to: String?
    public var createdAt: Int?
    public var nextAttemptAt: Int?
    public var workId: String?
    public var runId: String?
    public var from: String?
    public var sessionKey: String?
    public var acceptedAt: Int?
    public var deferred: Bool?

    public init(id: String, state: String, channel: String, accountId: String, attempts: Int, reason: String? = nil, text: String, ok: Bool, direction: String, to: String? = nil, createdAt: Int? = nil, nextAttemptAt: Int? = nil, workId: String? = nil, runId: String? = nil, from: String? = nil, sessionKey: String? = nil, acceptedAt: Int? = nil, deferred: Bool? = nil) {
        self.id = id
        self.state = state
        self.channel = channel
        self.accountId = accountId
        self.attempts = attempts
        self.reason = reason
        self.text = text
        self.ok = ok
        self.direction = direction
        self.to = to
        self.createdAt = createdAt
        self.nextAttemptAt = nextAttemptAt
        self.workId = workId
        self.runId = runId
        self.from = from
        self.sessionKey = sessionKey
        self.acceptedAt = acceptedAt
        self.deferred = deferred
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case state = "state"
        case channel = "channel"
        case accountId = "accountId"
        case attempts = "attempts"
        case reason = "reason"
        case text = "text"
        case ok = "ok"
        case direction = "direction"
        case to = "to"
        case createdAt = "createdAt"
        case nextAttemptAt = "nextAttemptAt"
        case workId = "workId"
        case runId = "runId"
        case from = "from"
        case sessionKey = "sessionKey"
        case acceptedAt = "acceptedAt"
        case deferred = "deferred"
    }
}

/// Parameters of `queue.show`.
public struct QueueShowParams: Codable, Equatable, Sendable {
    public var id: String

    public init(id: String) {
        self.id = id
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
    }
}

/// Answer of `queue.show`.
public struct QueueShowResult: Codable, Equatable, Sendable {
    public var direction: String
    public var entry: JSONValue?
    public var work: JSONValue?

    public init(direction: String, entry: JSONValue? = nil, work: JSONValue? = nil) {
        self.direction = direction
        self.entry = entry
        self.work = work
    }

    private enum CodingKeys: String, CodingKey {
        case direction = "direction"
        case entry = "entry"
        case work = "work"
    }
}

/// Parameters of `sandbox.explain`.
public struct SandboxExplainParams: Codable, Equatable, Sendable {
    public var sessionKey: String?
    public var agentId: String?

    public init(sessionKey: String? = nil, agentId: String? = nil) {
        self.sessionKey = sessionKey
        self.agentId = agentId
    }

    private enum CodingKeys: String, CodingKey {
        case sessionKey = "sessionKey"
        case agentId = "agentId"
    }
}

/// Answer of `sandbox.explain`.
public struct SandboxExplainResult: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Parameters of `sandbox.list`.
public struct SandboxListParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `sandbox.list`.
public struct SandboxListResult: Codable, Equatable, Sendable {
    /// sandboxesItem
    public struct SandboxesItem: Codable, Equatable, Sendable {
        /// state
        public enum State: RawRepresentable, Codable, Equatable, Sendable {
            case running
            case stopped
            case unrecognized(String)

            public init(rawValue: String) {
                switch rawValue {
                case "running": self = .running
                case "stopped": self = .stopped
                default: self = .unrecognized(rawValue)
                }
            }

            public var rawValue: String {
                switch self {
                case .running: return "running"
                case .stopped: return "stopped"
                case .unrecognized(let value): return value
                }
            }
        }
        public var name: String
        public var scopeKey: String
        public var image: String
        public var state: State
        public var inUse: Bool
        public var outdated: Nullable<Bool>
        public var agentId: Nullable<String>
        public var createdAtMs: Int
        public var usedAtMs: Int

        public init(name: String, scopeKey: String, image: String, state: State, inUse: Bool, outdated: Nullable<Bool>, agentId: Nullable<String>, createdAtMs: Int, usedAtMs: Int) {
            self.name = name
            self.scopeKey = scopeKey
            self.image = image
            self.state = state
            self.inUse = inUse
            self.outdated = outdated
            self.agentId = agentId
            self.createdAtMs = createdAtMs
            self.usedAtMs = usedAtMs
        }

        private enum CodingKeys: String, CodingKey {
            case name = "name"
            case scopeKey = "scopeKey"
            case image = "image"
            case state = "state"
            case inUse = "inUse"
            case outdated = "outdated"
            case agentId = "agentId"
            case createdAtMs = "createdAtMs"
            case usedAtMs = "usedAtMs"
        }
    }
    public var sandboxes: [SandboxesItem]

    public init(sandboxes: [SandboxesItem]) {
        self.sandboxes = sandboxes
    }

    private enum CodingKeys: String, CodingKey {
        case sandboxes = "sandboxes"
    }
}

/// Parameters of `sandbox.recreate`.
public struct SandboxRecreateParams: Codable, Equatable, Sendable {
    public var sessionKey: String?
    public var agentId: String?
    public var all: Bool?
    public var force: Bool?

    public init(sessionKey: String? = nil, agentId: String? = nil, all: Bool? = nil, force: Bool? = nil) {
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.all = all
        self.force = force
    }

    private enum CodingKeys: String, CodingKey {
        case sessionKey = "sessionKey"
        case agentId = "agentId"
        case all = "all"
        case force = "force"
    }
}

/// Answer of `sandbox.recreate`.
public struct SandboxRecreateResult: Codable, Equatable, Sendable {
    public var removed: [String]
    public var inUse: [String]

    public init(removed: [String], inUse: [String]) {
        self.removed = removed
        self.inUse = inUse
    }

    private enum CodingKeys: String, CodingKey {
        case removed = "removed"
        case inUse = "inUse"
    }
}

/// Parameters of `send`.
public struct SendParams: Codable, Equatable, Sendable {
    public var to: String
    public var channel: String?
    public var accountId: String?
    public var message: String
    public var mediaUrl: String?
    public var mediaUrls: [String]?
    public var gifPlayback: Bool?
    public var threadId: String?
    public var replyToId: String?
    public var silent: Bool?
    public var sessionKey: String?
    public var idempotencyKey: String

    public init(to: String, channel: String? = nil, accountId: String? = nil, message: String, mediaUrl: String? = nil, mediaUrls: [String]? = nil, gifPlayback: Bool? = nil, threadId: String? = nil, replyToId: String? = nil, silent: Bool? = nil, sessionKey: String? = nil, idempotencyKey: String) {
        self.to = to
        self.channel = channel
        self.accountId = accountId
        self.message = message
        self.mediaUrl = mediaUrl
        self.mediaUrls = mediaUrls
        self.gifPlayback = gifPlayback
        self.threadId = threadId
        self.replyToId = replyToId
        self.silent = silent
        self.sessionKey = sessionKey
        self.idempotencyKey = idempotencyKey
    }

    private enum CodingKeys: String, CodingKey {
        case to = "to"
        case channel = "channel"
        case accountId = "accountId"
        case message = "message"
        case mediaUrl = "mediaUrl"
        case mediaUrls = "mediaUrls"
        case gifPlayback = "gifPlayback"
        case threadId = "threadId"
        case replyToId = "replyToId"
        case silent = "silent"
        case sessionKey = "sessionKey"
        case idempotencyKey = "idempotencyKey"
    }
}

/// Answer of `send`.
public struct SendResult: Codable, Equatable, Sendable {
    public var runId: String
    public var channel: String
    public var messageId: String?
    public var chatId: String?
    public var channelId: String?
    public var toJid: String?
    public var conversationId: String?
    public var pollId: String?
    public var status: String?
    public var queueId: String?

    public init(runId: String, channel: String, messageId: String? = nil, chatId: String? = nil, channelId: String? = nil, toJid: String? = nil, conversationId: String? = nil, pollId: String? = nil, status: String? = nil, queueId: String? = nil) {
        self.runId = runId
        self.channel = channel
        self.messageId = messageId
        self.chatId = chatId
        self.channelId = channelId
        self.toJid = toJid
        self.conversationId = conversationId
        self.pollId = pollId
        self.status = status
        self.queueId = queueId
    }

    private enum CodingKeys: String, CodingKey {
        case runId = "runId"
        case channel = "channel"
        case messageId = "messageId"
        case chatId = "chatId"
        case channelId = "channelId"
        case toJid = "toJid"
        case conversationId = "conversationId"
        case pollId = "pollId"
        case status = "status"
        case queueId = "queueId"
    }
}

/// Parameters of `sessions.cleanup`.
public struct SessionsCleanupParams: Codable, Equatable, Sendable {
    /// mode
    public enum Mode: RawRepresentable, Codable, Equatable, Sendable {
        case enforce
        case warn
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "enforce": self = .enforce
            case "warn": self = .warn
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .enforce: return "enforce"
            case .warn: return "warn"
            case .unrecognized(let value): return value
            }
        }
    }
    public var mode: Mode?

    public init(mode: Mode? = nil) {
        self.mode = mode
    }

    private enum CodingKeys: String, CodingKey {
        case mode = "mode"
    }
}

/// Answer of `sessions.cleanup`.
public struct SessionsCleanupResult: Codable, Equatable, Sendable {
    /// removed
    public struct Removed: Codable, Equatable, Sendable {
        public var sessions: Int
        public var archives: Int
        public var orphans: Int

        public init(sessions: Int, archives: Int, orphans: Int) {
            self.sessions = sessions
            self.archives = archives
            self.orphans = orphans
        }

        private enum CodingKeys: String, CodingKey {
            case sessions = "sessions"
            case archives = "archives"
            case orphans = "orphans"
        }
    }
    public var ok: Bool
    public var mode: String
    public var removed: Removed
    public var bytes: Int

    public init(ok: Bool, mode: String, removed: Removed, bytes: Int) {
        self.ok = ok
        self.mode = mode
        self.removed = removed
        self.bytes = bytes
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case mode = "mode"
        case removed = "removed"
        case bytes = "bytes"
    }
}

/// Parameters of `sessions.compact`.
public struct SessionsCompactParams: Codable, Equatable, Sendable {
    /// mode
    public enum Mode: RawRepresentable, Codable, Equatable, Sendable {
        case lines
        case summary
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "lines": self = .lines
            case "summary": self = .summary
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .lines: return "lines"
            case .summary: return "summary"
            case .unrecognized(let value): return value
            }
        }
    }
    public var key: String
    public var maxLines: Int?
    public var mode: Mode?
    public var instructions: String?

    public init(key: String, maxLines: Int? = nil, mode: Mode? = nil, instructions: String? = nil) {
        self.key = key
        self.maxLines = maxLines
        self.mode = mode
        self.instructions = instructions
    }

    private enum CodingKeys: String, CodingKey {
        case key = "key"
        case maxLines = "maxLines"
        case mode = "mode"
        case instructions = "instructions"
    }
}

/// Answer of `sessions.compact`.
public struct SessionsCompactResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var key: String
    public var compacted: Bool
    public var kept: Int?
    public var archived: String?
    public var reason: String?
    public var tokensBefore: Int?
    public var tokensAfter: Int?

    public init(ok: Bool, key: String, compacted: Bool, kept: Int? = nil, archived: String? = nil, reason: String? = nil, tokensBefore: Int? = nil, tokensAfter: Int? = nil) {
        self.ok = ok
        self.key = key
        self.compacted = compacted
        self.kept = kept
        self.archived = archived
        self.reason = reason
        self.tokensBefore = tokensBefore
        self.tokensAfter = tokensAfter
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case key = "key"
        case compacted = "compacted"
        case kept = "kept"
        case archived = "archived"
        case reason = "reason"
        case tokensBefore = "tokensBefore"
        case tokensAfter = "tokensAfter"
    }
}

/// Parameters of `sessions.delete`.
public struct SessionsDeleteParams: Codable, Equatable, Sendable {
    public var key: String
    public var deleteTranscript: Bool?

    public init(key: String, deleteTranscript: Bool? = nil) {
        self.key = key
        self.deleteTranscript = deleteTranscript
    }

    private enum CodingKeys: String, CodingKey {
        case key = "key"
        case deleteTranscript = "deleteTranscript"
    }
}

/// Answer of `sessions.delete`.
public struct SessionsDeleteResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var key: String
    public var deleted: Bool
    public var archived: [String]

    public init(ok: Bool, key: String, deleted: Bool, archived: [String]) {
        self.ok = ok
        self.key = key
        self.deleted = deleted
        self.archived = archived
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case key = "key"
        case deleted = "deleted"
        case archived = "archived"
    }
}

/// Parameters of `sessions.list`.
public struct SessionsListParams: Codable, Equatable, Sendable {
    public var limit: Int?
    public var activeMinutes: Int?
    public var includeGlobal: Bool?
    public var includeUnknown: Bool?
    public var includeDerivedTitles: Bool?
    public var includeLastMessage: Bool?
    public var label: String?
    public var spawnedBy: String?
    public var agentId: String?
    public var search: String?

    public init(limit: Int? = nil, activeMinutes: Int? = nil, includeGlobal: Bool? = nil, includeUnknown: Bool? = nil, includeDerivedTitles: Bool? = nil, includeLastMessage: Bool? = nil, label: String? = nil, spawnedBy: String? = nil, agentId: String? = nil, search: String? = nil) {
        self.limit = limit
        self.activeMinutes = activeMinutes
        self.includeGlobal = includeGlobal
        self.includeUnknown = includeUnknown
        self.includeDerivedTitles = includeDerivedTitles
        self.includeLastMessage = includeLastMessage
        self.label = label
        self.spawnedBy = spawnedBy
        self.agentId = agentId
        self.search = search
    }

    private enum CodingKeys: String, CodingKey {
        case limit = "limit"
        case activeMinutes = "activeMinutes"
        case includeGlobal = "includeGlobal"
        case includeUnknown = "includeUnknown"
        case includeDerivedTitles = "includeDerivedTitles"
        case includeLastMessage = "includeLastMessage"
        case label = "label"
        case spawnedBy = "spawnedBy"
        case agentId = "agentId"
        case search = "search"
    }
}

/// Answer of `sessions.list`.
public struct SessionsListResult: Codable, Equatable, Sendable {
    /// sessionsItem
    public struct SessionsItem: Codable, Equatable, Sendable {
        public var key: String
        public var kind: String
        public var label: String?
        public var displayName: String?
        public var channel: String?
        public var chatType: String?
        public var updatedAt: Nullable<Double>
        public var sessionId: String?
        public var systemSent: Bool?
        public var abortedLastRun: Bool?
        public var thinkingLevel: String?
        public var verboseLevel: String?
        public var reasoningLevel: String?
        public var elevatedLevel: String?
        public var sendPolicy: String?
        public var derivedTitle: String?
        public var lastMessagePreview: String?

        public init(key: String, kind: String, label: String? = nil, displayName: String? = nil, channel: String? = nil, chatType: String? = nil, updatedAt: Nullable<Double>, sessionId: String? = nil, systemSent: Bool? = nil, abortedLastRun: Bool? = nil, thinkingLevel: String? = nil, verboseLevel: String? = nil, reasoningLevel: String? = nil, elevatedLevel: String? = nil, sendPolicy: String? = nil, derivedTitle: String? = nil, lastMessagePreview: String? = nil) {
            self.key = key
            self.kind = kind
            self.label = label
            self.displayName = displayName
            self.channel = channel
            self.chatType = chatType
            self.updatedAt = updatedAt
            self.sessionId = sessionId
            self.systemSent = systemSent
            self.abortedLastRun = abortedLastRun
            self.thinkingLevel = thinkingLevel
            self.verboseLevel = verboseLevel
            self.reasoningLevel = reasoningLevel
            self.elevatedLevel = elevatedLevel
            self.sendPolicy = sendPolicy
            self.derivedTitle = derivedTitle
            self.lastMessagePreview = lastMessagePreview
        }

        private enum CodingKeys: String, CodingKey {
            case key = "key"
            case kind = "kind"
            case label = "label"
            case displayName = "displayName"
            case channel = "channel"
            case chatType = "chatType"
            case updatedAt = "updatedAt"
            case sessionId = "sessionId"
            case systemSent = "systemSent"
            case abortedLastRun = "abortedLastRun"
            case thinkingLevel = "thinkingLevel"
            case verboseLevel = "verboseLevel"
            case reasoningLevel = "reasoningLevel"
            case elevatedLevel = "elevatedLevel"
            case sendPolicy = "sendPolicy"
            case derivedTitle = "derivedTitle"
            case lastMessagePreview = "lastMessagePreview"
        }
    }
    public var ts: Int
    public var path: String
    public var count: Int
    public var sessions: [SessionsItem]

    public init(ts: Int, path: String, count: Int, sessions: [SessionsItem]) {
        self.ts = ts
        self.path = path
        self.count = count
        self.sessions = sessions
    }

    private enum CodingKeys: String, CodingKey {
        case ts = "ts"
        case path = "path"
        case count = "count"
        case sessions = "sessions"
    }
}

/// Parameters of `sessions.patch`.
public struct SessionsPatchParams: Codable, Equatable, Sendable {
    /// responseUsage
    public enum ResponseUsage: RawRepresentable, Codable, Equatable, Sendable {
        case off
        case tokens
        case full
        case on
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "off": self = .off
            case "tokens": self = .tokens
            case "full": self = .full
            case "on": self = .on
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .off: return "off"
            case .tokens: return "tokens"
            case .full: return "full"
            case .on: return "on"
            case .unrecognized(let value): return value
            }
        }
    }
    /// sendPolicy
    public enum SendPolicy: RawRepresentable, Codable, Equatable, Sendable {
        case allow
        case deny
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "allow": self = .allow
            case "deny": self = .deny
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .allow: return "allow"
            case .deny: return "deny"
            case .unrecognized(let value): return value
            }
        }
    }
    /// groupActivation
    public enum GroupActivation: RawRepresentable, Codable, Equatable, Sendable {
        case mention
        case always
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "mention": self = .mention
            case "always": self = .always
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .mention: return "mention"
            case .always: return "always"
            case .unrecognized(let value): return value
            }
        }
    }
    public var key: String
    public var label: String?
    public var thinkingLevel: String?
    public var verboseLevel: String?
    public var reasoningLevel: String?
    public var responseUsage: ResponseUsage?
    public var elevatedLevel: String?
    public var execHost: String?
    public var execSecurity: String?
    public var execAsk: String?
    public var execNode: String?
    public var model: String?
    public var spawnedBy: String?
    public var sendPolicy: SendPolicy?
    public var groupActivation: GroupActivation?

    public init(key: String, label: String? = nil, thinkingLevel: String? = nil, verboseLevel: String? = nil, reasoningLevel: String? = nil, responseUsage: ResponseUsage? = nil, elevatedLevel: String? = nil, execHost: String? = nil, execSecurity: String? = nil, execAsk: String? = nil, execNode: String? = nil, model: String? = nil, spawnedBy: String? = nil, sendPolicy: SendPolicy? = nil, groupActivation: GroupActivation? = nil) {
        self.key = key
        self.label = label
        self.thinkingLevel = thinkingLevel
        self.verboseLevel = verboseLevel
        self.reasoningLevel = reasoningLevel
        self.responseUsage = responseUsage
        self.elevatedLevel = elevatedLevel
        self.execHost = execHost
        self.execSecurity = execSecurity
        self.execAsk = execAsk
        self.execNode = execNode
        self.model = model
        self.spawnedBy = spawnedBy
        self.sendPolicy = sendPolicy
        self.groupActivation = groupActivation
    }

    private enum CodingKeys: String, CodingKey {
        case key = "key"
        case label = "label"
        case thinkingLevel = "thinkingLevel"
        case verboseLevel = "verboseLevel"
        case reasoningLevel = "reasoningLevel"
        case responseUsage = "responseUsage"
        case elevatedLevel = "elevatedLevel"
        case execHost = "execHost"
        case execSecurity = "execSecurity"
        case execAsk = "execAsk"
        case execNode = "execNode"
        case model = "model"
        case spawnedBy = "spawnedBy"
        case sendPolicy = "sendPolicy"
        case groupActivation = "groupActivation"
    }
}

/// Answer of `sessions.patch`.
public struct SessionsPatchResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var key: String
    public var path: String
    public var entry: JSONValue

    public init(ok: Bool, key: String, path: String, entry: JSONValue) {
        self.ok = ok
        self.key = key
        self.path = path
        self.entry = entry
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case key = "key"
        case path = "path"
        case entry = "entry"
    }
}

/// Parameters of `sessions.preview`.
public struct SessionsPreviewParams: Codable, Equatable, Sendable {
    public var keys: [String]
    public var limit: Int?
    public var maxChars: Int?

    public init(keys: [String], limit: Int? = nil, maxChars: Int? = nil) {
        self.keys = keys
        self.limit = limit
        self.maxChars = maxChars
    }

    private enum CodingKeys: String, CodingKey {
        case keys = "keys"
        case limit = "limit"
        case maxChars = "maxChars"
    }
}

/// Answer of `sessions.preview`.
public struct SessionsPreviewResult: Codable, Equatable, Sendable {
    /// previewsItem
    public struct PreviewsItem: Codable, Equatable, Sendable {
        /// itemsItem
        public struct ItemsItem: Codable, Equatable, Sendable {
            public var role: String
            public var text: String

            public init(role: String, text: String) {
                self.role = role
                self.text = text
            }

            private enum CodingKeys: String, CodingKey {
                case role = "role"
                case text = "text"
            }
        }
        public var key: String
        public var status: String
        public var items: [ItemsItem]

        public init(key: String, status: String, items: [ItemsItem]) {
            self.key = key
            self.status = status
            self.items = items
        }

        private enum CodingKeys: String, CodingKey {
            case key = "key"
            case status = "status"
            case items = "items"
        }
    }
    public var ts: Int
    public var previews: [PreviewsItem]

    public init(ts: Int, previews: [PreviewsItem]) {
        self.ts = ts
        self.previews = previews
    }

    private enum CodingKeys: String, CodingKey {
        case ts = "ts"
        case previews = "previews"
    }
}

/// Parameters of `sessions.reset`.
public struct SessionsResetParams: Codable, Equatable, Sendable {
    public var key: String

    public init(key: String) {
        self.key = key
    }

    private enum CodingKeys: String, CodingKey {
        case key = "key"
    }
}

/// Answer of `sessions.reset`.
public struct SessionsResetResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var key: String
    public var entry: JSONValue

    public init(ok: Bool, key: String, entry: JSONValue) {
        self.ok = ok
        self.key = key
        self.entry = entry
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case key = "key"
        case entry = "entry"
    }
}

/// Parameters of `sessions.resolve`.
public struct SessionsResolveParams: Codable, Equatable, Sendable {
    public var key: String?
    public var sessionId: String?
    public var label: String?
    public var agentId: String?
    public var spawnedBy: String?
    public var includeGlobal: Bool?
    public var includeUnknown: Bool?

    public init(key: String? = nil, sessionId: String? = nil, label: String? = nil, agentId: String? = nil, spawnedBy: String? = nil, includeGlobal: Bool? = nil, includeUnknown: Bool? = nil) {
        self.key = key
        self.sessionId = sessionId
        self.label = label
        self.agentId = agentId
        self.spawnedBy = spawnedBy
        self.includeGlobal = includeGlobal
        self.includeUnknown = includeUnknown
    }

    private enum CodingKeys: String, CodingKey {
        case key = "key"
        case sessionId = "sessionId"
        case label = "label"
        case agentId = "agentId"
        case spawnedBy = "spawnedBy"
        case includeGlobal = "includeGlobal"
        case includeUnknown = "includeUnknown"
    }
}

/// Answer of `sessions.resolve`.
public struct SessionsResolveResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var key: String

    public init(ok: Bool, key: String) {
        self.ok = ok
        self.key = key
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case key = "key"
    }
}

/// Parameters of `sessions.usage`.
public struct SessionsUsageParams: Codable, Equatable, Sendable {
    public var key: String?
    public var startDate: String?
    public var endDate: String?
    public var limit: Int?
    public var includeContextWeight: Bool?

    public init(key: String? = nil, startDate: String? = nil, endDate: String? = nil, limit: Int? = nil, includeContextWeight: Bool? = nil) {
        self.key = key
        self.startDate = startDate
        self.endDate = endDate
        self.limit = limit
        self.includeContextWeight = includeContextWeight
    }

    private enum CodingKeys: String, CodingKey {
        case key = "key"
        case startDate = "startDate"
        case endDate = "endDate"
        case limit = "limit"
        case includeContextWeight = "includeContextWeight"
    }
}

/// Answer of `sessions.usage`.
public struct SessionsUsageResult: Codable, Equatable, Sendable {
    /// sessionsItem
    public struct SessionsItem: Codable, Equatable, Sendable {
        /// usage
        public struct Usage: Codable, Equatable, Sendable {
            /// dailyBreakdownItem
            public struct DailyBreakdownItem: Codable, Equatable, Sendable {
                public var date: String
                public var tokens: Double
                public var cost: Double

                public init(date: String, tokens: Double, cost: Double) {
                    self.date = date
                    self.tokens = tokens
                    self.cost = cost
                }

                private enum CodingKeys: String, CodingKey {
                    case date = "date"
                    case tokens = "tokens"
                    case cost = "cost"
                }
            }
            /// dailyMessageCountsItem
            public struct DailyMessageCountsItem: Codable, Equatable, Sendable {
                public var date: String
                public var total: Int
                public var user: Int
                public var assistant: Int
                public var toolCalls: Int
                public var toolResults: Int
                public var errors: Int

                public init(date: String, total: Int, user: Int, assistant: Int, toolCalls: Int, toolResults: Int, errors: Int) {
                    self.date = date
                    self.total = total
                    self.user = user
                    self.assistant = assistant
                    self.toolCalls = toolCalls
                    self.toolResults = toolResults
                    self.errors = errors
                }

                private enum CodingKeys: String, CodingKey {
                    case date = "date"
                    case total = "total"
                    case user = "user"
                    case assistant = "assistant"
                    case toolCalls = "toolCalls"
                    case toolResults = "toolResults"
                    case errors = "errors"
                }
            }
            /// dailyLatencyItem
            public struct DailyLatencyItem: Codable, Equatable, Sendable {
                public var date: String
                public var count: Int
                public var avgMs: Double
                public var p95Ms: Double
                public var minMs: Double
                public var maxMs: Double

                public init(date: String, count: Int, avgMs: Double, p95Ms: Double, minMs: Double, maxMs: Double) {
                    self.date = date
                    self.count = count
                    self.avgMs = avgMs
                    self.p95Ms = p95Ms
                    self.minMs = minMs
                    self.maxMs = maxMs
                }

                private enum CodingKeys: String, CodingKey {
                    case date = "date"
                    case count = "count"
                    case avgMs = "avgMs"
                    case p95Ms = "p95Ms"
                    case minMs = "minMs"
                    case maxMs = "maxMs"
                }
            }
            /// dailyModelUsageItem
            public struct DailyModelUsageItem: Codable, Equatable, Sendable {
                public var date: String
                public var provider: String
                public var model: String
                public var tokens: Double
                public var cost: Double
                public var count: Int

                public init(date: String, provider: String, model: String, tokens: Double, cost: Double, count: Int) {
                    self.date = date
                    self.provider = provider
                    self.model = model
                    self.tokens = tokens
                    self.cost = cost
                    self.count = count
                }

                private enum CodingKeys: String, CodingKey {
                    case date = "date"
                    case provider = "provider"
                    case model = "model"
                    case tokens = "tokens"
                    case cost = "cost"
                    case count = "count"
                }
            }
            /// messageCounts
            public struct MessageCounts: Codable, Equatable, Sendable {
                public var total: Int
                public var user: Int
                public var assistant: Int
                public var toolCalls: Int
                public var toolResults: Int
                public var errors: Int

                public init(total: Int, user: Int, assistant: Int, toolCalls: Int, toolResults: Int, errors: Int) {
                    self.total = total
                    self.user = user
                    self.assistant = assistant
                    self.toolCalls = toolCalls
                    self.toolResults = toolResults
                    self.errors = errors
                }

                private enum CodingKeys: String, CodingKey {
                    case total = "total"
                    case user = "user"
                    case assistant = "assistant"
                    case toolCalls = "toolCalls"
                    case toolResults = "toolResults"
                    case errors = "errors"
                }
            }
            /// modelUsageItem
            public struct ModelUsageItem: Codable, Equatable, Sendable {
                /// totals
                public struct Totals: Codable, Equatable, Sendable {
                    public var input: Double
                    public var output: Double
                    public var cacheRead: Double
                    public var cacheWrite: Double
                    public var totalTokens: Double
                    public var totalCost: Double
                    public var inputCost: Double
                    public var outputCost: Double
                    public var cacheReadCost: Double
                    public var cacheWriteCost: Double
                    public var missingCostEntries: Int

                    public init(input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
                        self.input = input
                        self.output = output
                        self.cacheRead = cacheRead
                        self.cacheWrite = cacheWrite
                        self.totalTokens = totalTokens
                        self.totalCost = totalCost
                        self.inputCost = inputCost
                        self.outputCost = outputCost
                        self.cacheReadCost = cacheReadCost
                        self.cacheWriteCost = cacheWriteCost
                        self.missingCostEntries = missingCostEntries
                    }

                    private enum CodingKeys: String, CodingKey {
                        case input = "input"
                        case output = "output"
                        case cacheRead = "cacheRead"
                        case cacheWrite = "cacheWrite"
                        case totalTokens = "totalTokens"
                        case totalCost = "totalCost"
                        case inputCost = "inputCost"
                        case outputCost = "outputCost"
                        case cacheReadCost = "cacheReadCost"
                        case cacheWriteCost = "cacheWriteCost"
                        case missingCostEntries = "missingCostEntries"
                    }
                }
                public var provider: String
                public var model: String
                public var count: Int
                public var totals: Totals

                public init(provider: String, model: String, count: Int, totals: Totals) {
                    self.provider = provider
                    self.model = model
                    self.count = count
                    self.totals = totals
                }

                private enum CodingKeys: String, CodingKey {
                    case provider = "provider"
                    case model = "model"
                    case count = "count"
                    case totals = "totals"
                }
            }
            /// latency
            public struct Latency: Codable, Equatable, Sendable {
                public var count: Int
                public var avgMs: Double
                public var p95Ms: Double
                public var minMs: Double
                public var maxMs: Double

                public init(count: Int, avgMs: Double, p95Ms: Double, minMs: Double, maxMs: Double) {
                    self.count = count
                    self.avgMs = avgMs
                    self.p95Ms = p95Ms
                    self.minMs = minMs
                    self.maxMs = maxMs
                }

                private enum CodingKeys: String, CodingKey {
                    case count = "count"
                    case avgMs = "avgMs"
                    case p95Ms = "p95Ms"
                    case minMs = "minMs"
                    case maxMs = "maxMs"
                }
            }
            public var input: Double
            public var output: Double
            public var cacheRead: Double
            public var cacheWrite: Double
            public var totalTokens: Double
            public var totalCost: Double
            public var inputCost: Double
            public var outputCost: Double
            public var cacheReadCost: Double
            public var cacheWriteCost: Double
            public var missingCostEntries: Int
            public var sessionId: String
            public var sessionFile: String
            public var firstActivity: Int?
            public var lastActivity: Int
            public var durationMs: Int?
            public var activityDates: [String]
            public var dailyBreakdown: [DailyBreakdownItem]
            public var dailyMessageCounts: [DailyMessageCountsItem]
            public var dailyLatency: [DailyLatencyItem]
            public var dailyModelUsage: [DailyModelUsageItem]
            public var messageCounts: MessageCounts
            public var modelUsage: [ModelUsageItem]
            public var latency: Latency

            public init(input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int, sessionId: String, sessionFile: String, firstActivity: Int? = nil, lastActivity: Int, durationMs: Int? = nil, activityDates: [String], dailyBreakdown: [DailyBreakdownItem], dailyMessageCounts: [DailyMessageCountsItem], dailyLatency: [DailyLatencyItem], dailyModelUsage: [DailyModelUsageItem], messageCounts: MessageCounts, modelUsage: [ModelUsageItem], latency: Latency) {
                self.input = input
                self.output = output
                self.cacheRead = cacheRead
                self.cacheWrite = cacheWrite
                self.totalTokens = totalTokens
                self.totalCost = totalCost
                self.inputCost = inputCost
                self.outputCost = outputCost
                self.cacheReadCost = cacheReadCost
                self.cacheWriteCost = cacheWriteCost
                self.missingCostEntries = missingCostEntries
                self.sessionId = sessionId
                self.sessionFile = sessionFile
                self.firstActivity = firstActivity
                self.lastActivity = lastActivity
                self.durationMs = durationMs
                self.activityDates = activityDates
                self.dailyBreakdown = dailyBreakdown
                self.dailyMessageCounts = dailyMessageCounts
                self.dailyLatency = dailyLatency
                self.dailyModelUsage = dailyModelUsage
                self.messageCounts = messageCounts
                self.modelUsage = modelUsage
                self.latency = latency
            }

            private enum CodingKeys: String, CodingKey {
                case input = "input"
                case output = "output"
                case cacheRead = "cacheRead"
                case cacheWrite = "cacheWrite"
                case totalTokens = "totalTokens"
                case totalCost = "totalCost"
                case inputCost = "inputCost"
                case outputCost = "outputCost"
                case cacheReadCost = "cacheReadCost"
                case cacheWriteCost = "cacheWriteCost"
                case missingCostEntries = "missingCostEntries"
                case sessionId = "sessionId"
                case sessionFile = "sessionFile"
                case firstActivity = "firstActivity"
                case lastActivity = "lastActivity"
                case durationMs = "durationMs"
                case activityDates = "activityDates"
                case dailyBreakdown = "dailyBreakdown"
                case dailyMessageCounts = "dailyMessageCounts"
                case dailyLatency = "dailyLatency"
                case dailyModelUsage = "dailyModelUsage"
                case messageCounts = "messageCounts"
                case modelUsage = "modelUsage"
                case latency = "latency"
            }
        }
        public var key: String
        public var sessionId: String?
        public var updatedAt: Int?
        public var agentId: String?
        public var label: String?
        public var channel: String?
        public var chatType: String?
        public var origin: JSONValue?
        public var modelProvider: String?
        public var model: String?
        public var usage: Nullable<Usage>
        public var contextWeight: JSONValue?

        public init(key: String, sessionId: String? = nil, updatedAt: Int? = nil, agentId: String? = nil, label: String? = nil, channel: String? = nil, chatType: String? = nil, origin: JSONValue? = nil, modelProvider: String? = nil, model: String? = nil, usage: Nullable<Usage>, contextWeight: JSONValue? = nil) {
            self.key = key
            self.sessionId = sessionId
            self.updatedAt = updatedAt
            self.agentId = agentId
            self.label = label
            self.channel = channel
            self.chatType = chatType
            self.origin = origin
            self.modelProvider = modelProvider
            self.model = model
            self.usage = usage
            self.contextWeight = contextWeight
        }

        private enum CodingKeys: String, CodingKey {
            case key = "key"
            case sessionId = "sessionId"
            case updatedAt = "updatedAt"
            case agentId = "agentId"
            case label = "label"
            case channel = "channel"
            case chatType = "chatType"
            case origin = "origin"
            case modelProvider = "modelProvider"
            case model = "model"
            case usage = "usage"
            case contextWeight = "contextWeight"
        }
    }
    /// totals
    public struct Totals: Codable, Equatable, Sendable {
        public var input: Double
        public var output: Double
        public var cacheRead: Double
        public var cacheWrite: Double
        public var totalTokens: Double
        public var totalCost: Double
        public var inputCost: Double
        public var outputCost: Double
        public var cacheReadCost: Double
        public var cacheWriteCost: Double
        public var missingCostEntries: Int

        public init(input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
            self.input = input
            self.output = output
            self.cacheRead = cacheRead
            self.cacheWrite = cacheWrite
            self.totalTokens = totalTokens
            self.totalCost = totalCost
            self.inputCost = inputCost
            self.outputCost = outputCost
            self.cacheReadCost = cacheReadCost
            self.cacheWriteCost = cacheWriteCost
            self.missingCostEntries = missingCostEntries
        }

        private enum CodingKeys: String, CodingKey {
            case input = "input"
            case output = "output"
            case cacheRead = "cacheRead"
            case cacheWrite = "cacheWrite"
            case totalTokens = "totalTokens"
            case totalCost = "totalCost"
            case inputCost = "inputCost"
            case outputCost = "outputCost"
            case cacheReadCost = "cacheReadCost"
            case cacheWriteCost = "cacheWriteCost"
            case missingCostEntries = "missingCostEntries"
        }
    }
    /// aggregates
    public struct Aggregates: Codable, Equatable, Sendable {
        /// messages
        public struct Messages: Codable, Equatable, Sendable {
            public var total: Int
            public var user: Int
            public var assistant: Int
            public var toolCalls: Int
            public var toolResults: Int
            public var errors: Int

            public init(total: Int, user: Int, assistant: Int, toolCalls: Int, toolResults: Int, errors: Int) {
                self.total = total
                self.user = user
                self.assistant = assistant
                self.toolCalls = toolCalls
                self.toolResults = toolResults
                self.errors = errors
            }

            private enum CodingKeys: String, CodingKey {
                case total = "total"
                case user = "user"
                case assistant = "assistant"
                case toolCalls = "toolCalls"
                case toolResults = "toolResults"
                case errors = "errors"
            }
        }
        /// tools
        public struct Tools: Codable, Equatable, Sendable {
            /// toolsItem
            public struct ToolsItem: Codable, Equatable, Sendable {
                public var name: String
                public var count: Int

                public init(name: String, count: Int) {
                    self.name = name
                    self.count = count
                }

                private enum CodingKeys: String, CodingKey {
                    case name = "name"
                    case count = "count"
                }
            }
            public var totalCalls: Int
            public var uniqueTools: Int
            public var tools: [ToolsItem]

            public init(totalCalls: Int, uniqueTools: Int, tools: [ToolsItem]) {
                self.totalCalls = totalCalls
                self.uniqueTools = uniqueTools
                self.tools = tools
            }

            private enum CodingKeys: String, CodingKey {
                case totalCalls = "totalCalls"
                case uniqueTools = "uniqueTools"
                case tools = "tools"
            }
        }
        /// byModelItem
        public struct ByModelItem: Codable, Equatable, Sendable {
            /// totals
            public struct Totals: Codable, Equatable, Sendable {
                public var input: Double
                public var output: Double
                public var cacheRead: Double
                public var cacheWrite: Double
                public var totalTokens: Double
                public var totalCost: Double
                public var inputCost: Double
                public var outputCost: Double
                public var cacheReadCost: Double
                public var cacheWriteCost: Double
                public var missingCostEntries: Int

                public init(input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
                    self.input = input
                    self.output = output
                    self.cacheRead = cacheRead
                    self.cacheWrite = cacheWrite
                    self.totalTokens = totalTokens
                    self.totalCost = totalCost
                    self.inputCost = inputCost
                    self.outputCost = outputCost
                    self.cacheReadCost = cacheReadCost
                    self.cacheWriteCost = cacheWriteCost
                    self.missingCostEntries = missingCostEntries
                }

                private enum CodingKeys: String, CodingKey {
                    case input = "input"
                    case output = "output"
                    case cacheRead = "cacheRead"
                    case cacheWrite = "cacheWrite"
                    case totalTokens = "totalTokens"
                    case totalCost = "totalCost"
                    case inputCost = "inputCost"
                    case outputCost = "outputCost"
                    case cacheReadCost = "cacheReadCost"
                    case cacheWriteCost = "cacheWriteCost"
                    case missingCostEntries = "missingCostEntries"
                }
            }
            public var provider: String
            public var model: String
            public var count: Int
            public var totals: Totals

            public init(provider: String, model: String, count: Int, totals: Totals) {
                self.provider = provider
                self.model = model
                self.count = count
                self.totals = totals
            }

            private enum CodingKeys: String, CodingKey {
                case provider = "provider"
                case model = "model"
                case count = "count"
                case totals = "totals"
            }
        }
        /// byProviderItem
        public struct ByProviderItem: Codable, Equatable, Sendable {
            /// totals
            public struct Totals: Codable, Equatable, Sendable {
                public var input: Double
                public var output: Double
                public var cacheRead: Double
                public var cacheWrite: Double
                public var totalTokens: Double
                public var totalCost: Double
                public var inputCost: Double
                public var outputCost: Double
                public var cacheReadCost: Double
                public var cacheWriteCost: Double
                public var missingCostEntries: Int

                public init(input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
                    self.input = input
                    self.output = output
                    self.cacheRead = cacheRead
                    self.cacheWrite = cacheWrite
                    self.totalTokens = totalTokens
                    self.totalCost = totalCost
                    self.inputCost = inputCost
                    self.outputCost = outputCost
                    self.cacheReadCost = cacheReadCost
                    self.cacheWriteCost = cacheWriteCost
                    self.missingCostEntries = missingCostEntries
                }

                private enum CodingKeys: String, CodingKey {
                    case input = "input"
                    case output = "output"
                    case cacheRead = "cacheRead"
                    case cacheWrite = "cacheWrite"
                    case totalTokens = "totalTokens"
                    case totalCost = "totalCost"
                    case inputCost = "inputCost"
                    case outputCost = "outputCost"
                    case cacheReadCost = "cacheReadCost"
                    case cacheWriteCost = "cacheWriteCost"
                    case missingCostEntries = "missingCostEntries"
                }
            }
            public var provider: String
            public var count: Int
            public var totals: Totals

            public init(provider: String, count: Int, totals: Totals) {
                self.provider = provider
                self.count = count
                self.totals = totals
            }

            private enum CodingKeys: String, CodingKey {
                case provider = "provider"
                case count = "count"
                case totals = "totals"
            }
        }
        /// byAgentItem
        public struct ByAgentItem: Codable, Equatable, Sendable {
            /// totals
            public struct Totals: Codable, Equatable, Sendable {
                public var input: Double
                public var output: Double
                public var cacheRead: Double
                public var cacheWrite: Double
                public var totalTokens: Double
                public var totalCost: Double
                public var inputCost: Double
                public var outputCost: Double
                public var cacheReadCost: Double
                public var cacheWriteCost: Double
                public var missingCostEntries: Int

                public init(input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
                    self.input = input
                    self.output = output
                    self.cacheRead = cacheRead
                    self.cacheWrite = cacheWrite
                    self.totalTokens = totalTokens
                    self.totalCost = totalCost
                    self.inputCost = inputCost
                    self.outputCost = outputCost
                    self.cacheReadCost = cacheReadCost
                    self.cacheWriteCost = cacheWriteCost
                    self.missingCostEntries = missingCostEntries
                }

                private enum CodingKeys: String, CodingKey {
                    case input = "input"
                    case output = "output"
                    case cacheRead = "cacheRead"
                    case cacheWrite = "cacheWrite"
                    case totalTokens = "totalTokens"
                    case totalCost = "totalCost"
                    case inputCost = "inputCost"
                    case outputCost = "outputCost"
                    case cacheReadCost = "cacheReadCost"
                    case cacheWriteCost = "cacheWriteCost"
                    case missingCostEntries = "missingCostEntries"
                }
            }
            public var agentId: String
            public var totals: Totals

            public init(agentId: String, totals: Totals) {
                self.agentId = agentId
                self.totals = totals
            }

            private enum CodingKeys: String, CodingKey {
                case agentId = "agentId"
                case totals = "totals"
            }
        }
        /// byChannelItem
        public struct ByChannelItem: Codable, Equatable, Sendable {
            /// totals
            public struct Totals: Codable, Equatable, Sendable {
                public var input: Double
                public var output: Double
                public var cacheRead: Double
                public var cacheWrite: Double
                public var totalTokens: Double
                public var totalCost: Double
                public var inputCost: Double
                public var outputCost: Double
                public var cacheReadCost: Double
                public var cacheWriteCost: Double
                public var missingCostEntries: Int

                public init(input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
                    self.input = input
                    self.output = output
                    self.cacheRead = cacheRead
                    self.cacheWrite = cacheWrite
                    self.totalTokens = totalTokens
                    self.totalCost = totalCost
                    self.inputCost = inputCost
                    self.outputCost = outputCost
                    self.cacheReadCost = cacheReadCost
                    self.cacheWriteCost = cacheWriteCost
                    self.missingCostEntries = missingCostEntries
                }

                private enum CodingKeys: String, CodingKey {
                    case input = "input"
                    case output = "output"
                    case cacheRead = "cacheRead"
                    case cacheWrite = "cacheWrite"
                    case totalTokens = "totalTokens"
                    case totalCost = "totalCost"
                    case inputCost = "inputCost"
                    case outputCost = "outputCost"
                    case cacheReadCost = "cacheReadCost"
                    case cacheWriteCost = "cacheWriteCost"
                    case missingCostEntries = "missingCostEntries"
                }
            }
            public var channel: String
            public var totals: Totals

            public init(channel: String, totals: Totals) {
                self.channel = channel
                self.totals = totals
            }

            private enum CodingKeys: String, CodingKey {
                case channel = "channel"
                case totals = "totals"
            }
        }
        /// latency
        public struct Latency: Codable, Equatable, Sendable {
            public var count: Int
            public var avgMs: Double
            public var p95Ms: Double
            public var minMs: Double
            public var maxMs: Double

            public init(count: Int, avgMs: Double, p95Ms: Double, minMs: Double, maxMs: Double) {
                self.count = count
                self.avgMs = avgMs
                self.p95Ms = p95Ms
                self.minMs = minMs
                self.maxMs = maxMs
            }

            private enum CodingKeys: String, CodingKey {
                case count = "count"
                case avgMs = "avgMs"
                case p95Ms = "p95Ms"
                case minMs = "minMs"
                case maxMs = "maxMs"
            }
        }
        /// dailyLatencyItem
        public struct DailyLatencyItem: Codable, Equatable, Sendable {
            public var date: String
            public var count: Int
            public var avgMs: Double
            public var p95Ms: Double
            public var minMs: Double
            public var maxMs: Double

            public init(date: String, count: Int, avgMs: Double, p95Ms: Double, minMs: Double, maxMs: Double) {
                self.date = date
                self.count = count
                self.avgMs = avgMs
                self.p95Ms = p95Ms
                self.minMs = minMs
                self.maxMs = maxMs
            }

            private enum CodingKeys: String, CodingKey {
                case date = "date"
                case count = "count"
                case avgMs = "avgMs"
                case p95Ms = "p95Ms"
                case minMs = "minMs"
                case maxMs = "maxMs"
            }
        }
        /// modelDailyItem
        public struct ModelDailyItem: Codable, Equatable, Sendable {
            public var date: String
            public var provider: String
            public var model: String
            public var tokens: Double
            public var cost: Double
            public var count: Int

            public init(date: String, provider: String, model: String, tokens: Double, cost: Double, count: Int) {
                self.date = date
                self.provider = provider
                self.model = model
                self.tokens = tokens
                self.cost = cost
                self.count = count
            }

            private enum CodingKeys: String, CodingKey {
                case date = "date"
                case provider = "provider"
                case model = "model"
                case tokens = "tokens"
                case cost = "cost"
                case count = "count"
            }
        }
        /// dailyItem
        public struct DailyItem: Codable, Equatable, Sendable {
            public var date: String
            public var tokens: Double
            public var cost: Double
            public var messages: Int
            public var toolCalls: Int
            public var errors: Int

            public init(date: String, tokens: Double, cost: Double, messages: Int, toolCalls: Int, errors: Int) {
                self.date = date
                self.tokens = tokens
                self.cost = cost
                self.messages = messages
                self.toolCalls = toolCalls
                self.errors = errors
            }

            private enum CodingKeys: String, CodingKey {
                case date = "date"
                case tokens = "tokens"
                case cost = "cost"
                case messages = "messages"
                case toolCalls = "toolCalls"
                case errors = "errors"
            }
        }
        public var messages: Messages
        public var tools: Tools
        public var byModel: [ByModelItem]
        public var byProvider: [ByProviderItem]
        public var byAgent: [ByAgentItem]
        public var byChannel: [ByChannelItem]
        public var latency: Latency
        public var dailyLatency: [DailyLatencyItem]
        public var modelDaily: [ModelDailyItem]
        public var daily: [DailyItem]

        public init(messages: Messages, tools: Tools, byModel: [ByModelItem], byProvider: [ByProviderItem], byAgent: [ByAgentItem], byChannel: [ByChannelItem], latency: Latency, dailyLatency: [DailyLatencyItem], modelDaily: [ModelDailyItem], daily: [DailyItem]) {
            self.messages = messages
            self.tools = tools
            self.byModel = byModel
            self.byProvider = byProvider
            self.byAgent = byAgent
            self.byChannel = byChannel
            self.latency = latency
            self.dailyLatency = dailyLatency
            self.modelDaily = modelDaily
            self.daily = daily
        }

        private enum CodingKeys: String, CodingKey {
            case messages = "messages"
            case tools = "tools"
            case byModel = "byModel"
            case byProvider = "byProvider"
            case byAgent = "byAgent"
            case byChannel = "byChannel"
            case latency = "latency"
            case dailyLatency = "dailyLatency"
            case modelDaily = "modelDaily"
            case daily = "daily"
        }
    }
    public var updatedAt: Int
    public var startDate: String
    public var endDate: String
    public var sessions: [SessionsItem]
    public var totals: Totals
    public var aggregates: Aggregates

    public init(updatedAt: Int, startDate: String, endDate: String, sessions: [SessionsItem], totals: Totals, aggregates: Aggregates) {
        self.updatedAt = updatedAt
        self.startDate = startDate
        self.endDate = endDate
        self.sessions = sessions
        self.totals = totals
        self.aggregates = aggregates
    }

    private enum CodingKeys: String, CodingKey {
        case updatedAt = "updatedAt"
        case startDate = "startDate"
        case endDate = "endDate"
        case sessions = "sessions"
        case totals = "totals"
        case aggregates = "aggregates"
    }
}

/// Parameters of `sessions.usage.logs`.
public struct SessionsUsageLogsParams: Codable, Equatable, Sendable {
    public var key: String?
    public var limit: Int?

    public init(key: String? = nil, limit: Int? = nil) {
        self.key = key
        self.limit = limit
    }

    private enum CodingKeys: String, CodingKey {
        case key = "key"
        case limit = "limit"
    }
}

/// Answer of `sessions.usage.logs`.
public struct SessionsUsageLogsResult: Codable, Equatable, Sendable {
    /// logsItem
    public struct LogsItem: Codable, Equatable, Sendable {
        public var timestamp: Int
        public var role: String
        public var content: String
        public var tokens: Double?
        public var cost: Double?

        public init(timestamp: Int, role: String, content: String, tokens: Double? = nil, cost: Double? = nil) {
            self.timestamp = timestamp
            self.role = role
            self.content = content
            self.tokens = tokens
            self.cost = cost
        }

        private enum CodingKeys: String, CodingKey {
            case timestamp = "timestamp"
            case role = "role"
            case content = "content"
            case tokens = "tokens"
            case cost = "cost"
        }
    }
    public var logs: [LogsItem]

    public init(logs: [LogsItem]) {
        self.logs = logs
    }

    private enum CodingKeys: String, CodingKey {
        case logs = "logs"
    }
}

/// Parameters of `sessions.usage.timeseries`.
public struct SessionsUsageTimeseriesParams: Codable, Equatable, Sendable {
    public var key: String?

    public init(key: String? = nil) {
        self.key = key
    }

    private enum CodingKeys: String, CodingKey {
        case key = "key"
    }
}

/// Answer of `sessions.usage.timeseries`.
public struct SessionsUsageTimeseriesResult: Codable, Equatable, Sendable {
    /// pointsItem
    public struct PointsItem: Codable, Equatable, Sendable {
        public var timestamp: Int
        public var input: Double
        public var output: Double
        public var cacheRead: Double
        public var cacheWrite: Double
        public var totalTokens: Double
        public var cost: Double
        public var cumulativeTokens: Double
        public var cumulativeCost: Double

        public init(timestamp: Int, input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, cost: Double, cumulativeTokens: Double, cumulativeCost: Double) {
            self.timestamp = timestamp
            self.input = input
            self.output = output
            self.cacheRead = cacheRead
            self.cacheWrite = cacheWrite
            self.totalTokens = totalTokens
            self.cost = cost
            self.cumulativeTokens = cumulativeTokens
            self.cumulativeCost = cumulativeCost
        }

        private enum CodingKeys: String, CodingKey {
            case timestamp = "timestamp"
            case input = "input"
            case output = "output"
            case cacheRead = "cacheRead"
            case cacheWrite = "cacheWrite"
            case totalTokens = "totalTokens"
            case cost = "cost"
            case cumulativeTokens = "cumulativeTokens"
            case cumulativeCost = "cumulativeCost"
        }
    }
    public var sessionId: String
    public var points: [PointsItem]

    public init(sessionId: String, points: [PointsItem]) {
        self.sessionId = sessionId
        self.points = points
    }

    private enum CodingKeys: String, CodingKey {
        case sessionId = "sessionId"
        case points = "points"
    }
}

/// Parameters of `set-heartbeats`.
public struct SetHeartbeatsParams: Codable, Equatable, Sendable {
    public var enabled: JSONValue?

    public init(enabled: JSONValue? = nil) {
        self.enabled = enabled
    }

    private enum CodingKeys: String, CodingKey {
        case enabled = "enabled"
    }
}

/// Answer of `set-heartbeats`.
public struct SetHeartbeatsResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var enabled: Bool

    public init(ok: Bool, enabled: Bool) {
        self.ok = ok
        self.enabled = enabled
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case enabled = "enabled"
    }
}

/// Parameters of `skills.bins`.
public struct SkillsBinsParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `skills.bins`.
public struct SkillsBinsResult: Codable, Equatable, Sendable {
    public var bins: [String]

    public init(bins: [String]) {
        self.bins = bins
    }

    private enum CodingKeys: String, CodingKey {
        case bins = "bins"
    }
}

/// Parameters of `skills.install`.
public struct SkillsInstallParams: Codable, Equatable, Sendable {
    public var name: String
    public var installId: String
    public var timeoutMs: Int?

    public init(name: String, installId: String, timeoutMs: Int? = nil) {
        self.name = name
        self.installId = installId
        self.timeoutMs = timeoutMs
    }

    private enum CodingKeys: String, CodingKey {
        case name = "name"
        case installId = "installId"
        case timeoutMs = "timeoutMs"
    }
}

/// Answer of `skills.install`.
public struct SkillsInstallResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var message: String
    public var stdout: String
    public var stderr: String
    public var code: Nullable<Int>

    public init(ok: Bool, message: String, stdout: String, stderr: String, code: Nullable<Int>) {
        self.ok = ok
        self.message = message
        self.stdout = stdout
        self.stderr = stderr
        self.code = code
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case message = "message"
        case stdout = "stdout"
        case stderr = "stderr"
        case code = "code"
    }
}

/// Parameters of `skills.status`.
public struct SkillsStatusParams: Codable, Equatable, Sendable {
    public var agentId: String?

    public init(agentId: String? = nil) {
        self.agentId = agentId
    }

    private enum CodingKeys: String, CodingKey {
        case agentId = "agentId"
    }
}

/// Answer of `skills.status`.
public struct SkillsStatusResult: Codable, Equatable, Sendable {
    /// skillsItem
    public struct SkillsItem: Codable, Equatable, Sendable {
        /// requirements
        public struct Requirements: Codable, Equatable, Sendable {
            public var bins: [String]
            public var anyBins: [String]
            public var env: [String]
            public var config: [String]
            public var os: [String]

            public init(bins: [String], anyBins: [String], env: [String], config: [String], os: [String]) {
                self.bins = bins
                self.anyBins = anyBins
                self.env = env
                self.config = config
                self.os = os
            }

            private enum CodingKeys: String, CodingKey {
                case bins = "bins"
                case anyBins = "anyBins"
                case env = "env"
                case config = "config"
                case os = "os"
            }
        }
        /// missing
        public struct Missing: Codable, Equatable, Sendable {
            public var bins: [String]
            public var anyBins: [String]
            public var env: [String]
            public var config: [String]
            public var os: [String]

            public init(bins: [String], anyBins: [String], env: [String], config: [String], os: [String]) {
                self.bins = bins
                self.anyBins = anyBins
                self.env = env
                self.config = config
                self.os = os
            }

            private enum CodingKeys: String, CodingKey {
                case bins = "bins"
                case anyBins = "anyBins"
                case env = "env"
                case config = "config"
                case os = "os"
            }
        }
        /// configChecksItem
        public struct ConfigChecksItem: Codable, Equatable, Sendable {
            public var path: String
            public var value: JSONValue?
            public var satisfied: Bool

            public init(path: String, value: JSONValue? = nil, satisfied: Bool) {
                self.path = path
                self.value = value
                self.satisfied = satisfied
            }

            private enum CodingKeys: String, CodingKey {
                case path = "path"
                case value = "value"
                case satisfied = "satisfied"
            }
        }
        /// installItem
        public struct InstallItem: Codable, Equatable, Sendable {
            public var id: String
            public var kind: String
            public var label: String
            public var bins: [String]

            public init(id: String, kind: String, label: String, bins: [String]) {
                self.id = id
                self.kind = kind
                self.label = label
                self.bins = bins
            }

            private enum CodingKeys: String, CodingKey {
                case id = "id"
                case kind = "kind"
                case label = "label"
                case bins = "bins"
            }
        }
        public var name: String
        public var description: String
        public var source: String
        public var bundled: Bool
        public var filePath: String
        public var baseDir: String
        public var skillKey: String
        public var emoji: String?
        public var homepage: String?
        public var primaryEnv: String?
        public var always: Bool
        public var disabled: Bool
        public var blockedByAllowlist: Bool
        public var eligible: Bool
        public var requirements: Requirements
        public var missing: Missing
        public var configChecks: [ConfigChecksItem]
        public var install: [InstallItem]
        public var problem: String?

        public init(name: String, description: String, source: String, bundled: Bool, filePath: String, baseDir: String, skillKey: String, emoji: String? = nil, homepage: String? = nil, primaryEnv: String? = nil, always: Bool, disabled: Bool, blockedByAllowlist: Bool, eligible: Bool, requirements: Requirements, missing: Missing, configChecks: [ConfigChecksItem], install: [InstallItem], problem: String? = nil) {
            self.name = name
            self.description = description
            self.source = source
            self.bundled = bundled
            self.filePath = filePath
            self.baseDir = baseDir
            self.skillKey = skillKey
            self.emoji = emoji
            self.homepage = homepage
            self.primaryEnv = primaryEnv
            self.always = always
            self.disabled = disabled
            self.blockedByAllowlist = blockedByAllowlist
            self.eligible = eligible
            self.requirements = requirements
            self.missing = missing
            self.configChecks = configChecks
            self.install = install
            self.problem = problem
        }

        private enum CodingKeys: String, CodingKey {
            case name = "name"
            case description = "description"
            case source = "source"
            case bundled = "bundled"
            case filePath = "filePath"
            case baseDir = "baseDir"
            case skillKey = "skillKey"
            case emoji = "emoji"
            case homepage = "homepage"
            case primaryEnv = "primaryEnv"
            case always = "always"
            case disabled = "disabled"
            case blockedByAllowlist = "blockedByAllowlist"
            case eligible = "eligible"
            case requirements = "requirements"
            case missing = "missing"
            case configChecks = "configChecks"
            case install = "install"
            case problem = "problem"
        }
    }
    public var workspaceDir: String
    public var managedSkillsDir: String
    public var skills: [SkillsItem]

    public init(workspaceDir: String, managedSkillsDir: String, skills: [SkillsItem]) {
        self.workspaceDir = workspaceDir
        self.managedSkillsDir = managedSkillsDir
        self.skills = skills
    }

    private enum CodingKeys: String, CodingKey {
        case workspaceDir = "workspaceDir"
        case managedSkillsDir = "managedSkillsDir"
        case skills = "skills"
    }
}

/// Parameters of `skills.update`.
public struct SkillsUpdateParams: Codable, Equatable, Sendable {
    public var skillKey: String
    public var enabled: Bool?
    public var apiKey: String?
    public var env: [String: String]?

    public init(skillKey: String, enabled: Bool? = nil, apiKey: String? = nil, env: [String: String]? = nil) {
        self.skillKey = skillKey
        self.enabled = enabled
        self.apiKey = apiKey
        self.env = env
    }

    private enum CodingKeys: String, CodingKey {
        case skillKey = "skillKey"
        case enabled = "enabled"
        case apiKey = "apiKey"
        case env = "env"
    }
}

/// Answer of `skills.update`.
public struct SkillsUpdateResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var skillKey: String
    public var config: JSONValue

    public init(ok: Bool, skillKey: String, config: JSONValue) {
        self.ok = ok
        self.skillKey = skillKey
        self.config = config
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case skillKey = "skillKey"
        case config = "config"
    }
}

/// Parameters of `status`.
public struct StatusParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `status`.
public struct StatusResult: Codable, Equatable, Sendable {
    public var channelSummary: [String]
    public var queuedSystemEvents: [String]

    public init(channelSummary: [String], queuedSystemEvents: [String]) {
        self.channelSummary = channelSummary
        self.queuedSystemEvents = queuedSystemEvents
    }

    private enum CodingKeys: String, CodingKey {
        case channelSummary = "channelSummary"
        case queuedSystemEvents = "queuedSystemEvents"
    }
}

/// Parameters of `store.compact`.
public struct StoreCompactParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `store.compact`.
public struct StoreCompactResult: Codable, Equatable, Sendable {
    public var ok: Bool
    public var reclaimedBytes: Int

    public init(ok: Bool, reclaimedBytes: Int) {
        self.ok = ok
        self.reclaimedBytes = reclaimedBytes
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case reclaimedBytes = "reclaimedBytes"
    }
}

/// Parameters of `system-event`.
public struct SystemEventParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `system-event`.
public struct SystemEventResult: Codable, Equatable, Sendable {
    public var ok: Bool

    public init(ok: Bool) {
        self.ok = ok
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
    }
}

/// Parameters of `system-presence`.
public struct SystemPresenceParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// systemPresenceResultValueItem
public struct SystemPresenceResultValueItem: Codable, Equatable, Sendable {
    public var host: String?
    public var ip: String?
    public var version: String?
    public var platform: String?
    public var deviceFamily: String?
    public var modelIdentifier: String?
    public var mode: String?
    public var lastInputSeconds: Double?
    public var reason: String?
    public var tags: [String]?
    public var text: String?
    public var ts: Int
    public var deviceId: String?
    public var roles: [String]?
    public var scopes: [String]?
    public var instanceId: String?

    public init(host: String? = nil, ip: String? = nil, version: String? = nil, platform: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, mode: String? = nil, lastInputSeconds: Double? = nil, reason: String? = nil, tags: [String]? = nil, text: String? = nil, ts: Int, deviceId: String? = nil, roles: [String]? = nil, scopes: [String]? = nil, instanceId: String? = nil) {
        self.host = host
        self.ip = ip
        self.version = version
        self.platform = platform
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.mode = mode
        self.lastInputSeconds = lastInputSeconds
        self.reason = reason
        self.tags = tags
        self.text = text
        self.ts = ts
        self.deviceId = deviceId
        self.roles = roles
        self.scopes = scopes
        self.instanceId = instanceId
    }

    private enum CodingKeys: String, CodingKey {
        case host = "host"
        case ip = "ip"
        case version = "version"
        case platform = "platform"
        case deviceFamily = "deviceFamily"
        case modelIdentifier = "modelIdentifier"
        case mode = "mode"
        case lastInputSeconds = "lastInputSeconds"
        case reason = "reason"
        case tags = "tags"
        case text = "text"
        case ts = "ts"
        case deviceId = "deviceId"
        case roles = "roles"
        case scopes = "scopes"
        case instanceId = "instanceId"
    }
}
/// Answer of `system-presence`.
public typealias SystemPresenceResult = [SystemPresenceResultValueItem]

/// Parameters of `talk.mode`.
public struct TalkModeParams: Codable, Equatable, Sendable {
    public var enabled: Bool
    public var phase: String?

    public init(enabled: Bool, phase: String? = nil) {
        self.enabled = enabled
        self.phase = phase
    }

    private enum CodingKeys: String, CodingKey {
        case enabled = "enabled"
        case phase = "phase"
    }
}

/// Answer of `talk.mode`.
public struct TalkModeResult: Codable, Equatable, Sendable {
    public var enabled: Bool
    public var phase: Nullable<String>
    public var ts: Int

    public init(enabled: Bool, phase: Nullable<String>, ts: Int) {
        self.enabled = enabled
        self.phase = phase
        self.ts = ts
    }

    private enum CodingKeys: String, CodingKey {
        case enabled = "enabled"
        case phase = "phase"
        case ts = "ts"
    }
}

/// Parameters of `trace.get`.
public struct TraceGetParams: Codable, Equatable, Sendable {
    public var id: String

    public init(id: String) {
        self.id = id
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
    }
}

/// Answer of `trace.get`.
public struct TraceGetResult: Codable, Equatable, Sendable {
    /// timelineItem
    public struct TimelineItem: Codable, Equatable, Sendable {
        public var at: Int
        public var event: String
        public var note: String?

        public init(at: Int, event: String, note: String? = nil) {
            self.at = at
            self.event = event
            self.note = note
        }

        private enum CodingKeys: String, CodingKey {
            case at = "at"
            case event = "event"
            case note = "note"
        }
    }
    /// deliveriesItem
    public struct DeliveriesItem: Codable, Equatable, Sendable {
        public var id: String
        public var state: String
        public var attempts: Int
        public var to: String
        public var messageId: String?
        public var reason: String?

        public init(id: String, state: String, attempts: Int, to: String, messageId: String? = nil, reason: String? = nil) {
            self.id = id
            self.state = state
            self.attempts = attempts
            self.to = to
            self.messageId = messageId
            self.reason = reason
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case state = "state"
            case attempts = "attempts"
            case to = "to"
            case messageId = "messageId"
            case reason = "reason"
        }
    }
    public var id: String
    public var state: String
    public var reason: String?
    public var explanation: String
    public var channel: String
    public var accountId: String
    public var text: String
    public var runId: String?
    public var messageId: String?
    public var sessionKey: String?
    public var from: String?
    public var to: String?
    public var chatId: String?
    public var chatType: String?
    public var threadId: String?
    public var acceptedAt: Int?
    public var updatedAt: Int?
    public var timeline: [TimelineItem]
    public var deliveries: [DeliveriesItem]

    public init(id: String, state: String, reason: String? = nil, explanation: String, channel: String, accountId: String, text: String, runId: String? = nil, messageId: String? = nil, sessionKey: String? = nil, from: String? = nil, to: String? = nil, chatId: String? = nil, chatType: String? = nil, threadId: String? = nil, acceptedAt: Int? = nil, updatedAt: Int? = nil, timeline: [TimelineItem], deliveries: [DeliveriesItem]) {
        self.id = id
        self.state = state
        self.reason = reason
        self.explanation = explanation
        self.channel = channel
        self.accountId = accountId
        self.text = text
        self.runId = runId
        self.messageId = messageId
        self.sessionKey = sessionKey
        self.from = from
        self.to = to
        self.chatId = chatId
        self.chatType = chatType
        self.threadId = threadId
        self.acceptedAt = acceptedAt
        self.updatedAt = updatedAt
        self.timeline = timeline
        self.deliveries = deliveries
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case state = "state"
        case reason = "reason"
        case explanation = "explanation"
        case channel = "channel"
        case accountId = "accountId"
        case text = "text"
        case runId = "runId"
        case messageId = "messageId"
        case sessionKey = "sessionKey"
        case from = "from"
        case to = "to"
        case chatId = "chatId"
        case chatType = "chatType"
        case threadId = "threadId"
        case acceptedAt = "acceptedAt"
        case updatedAt = "updatedAt"
        case timeline = "timeline"
        case deliveries = "deliveries"
    }
}

/// Parameters of `tts.convert`.
public struct TtsConvertParams: Codable, Equatable, Sendable {
    public var text: JSONValue?
    public var channel: String?

    public init(text: JSONValue? = nil, channel: String? = nil) {
        self.text = text
        self.channel = channel
    }

    private enum CodingKeys: String, CodingKey {
        case text = "text"
        case channel = "channel"
    }
}

/// Answer of `tts.convert`.
public struct TtsConvertResult: Codable, Equatable, Sendable {
    public var audioPath: String
    public var provider: String
    public var outputFormat: String
    public var voiceCompatible: Bool

    public init(audioPath: String, provider: String, outputFormat: String, voiceCompatible: Bool) {
        self.audioPath = audioPath
        self.provider = provider
        self.outputFormat = outputFormat
        self.voiceCompatible = voiceCompatible
    }

    private enum CodingKeys: String, CodingKey {
        case audioPath = "audioPath"
        case provider = "provider"
        case outputFormat = "outputFormat"
        case voiceCompatible = "voiceCompatible"
    }
}

/// Parameters of `tts.disable`.
public struct TtsDisableParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `tts.disable`.
public struct TtsDisableResult: Codable, Equatable, Sendable {
    public var enabled: Bool

    public init(enabled: Bool) {
        self.enabled = enabled
    }

    private enum CodingKeys: String, CodingKey {
        case enabled = "enabled"
    }
}

/// Parameters of `tts.enable`.
public struct TtsEnableParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `tts.enable`.
public struct TtsEnableResult: Codable, Equatable, Sendable {
    public var enabled: Bool

    public init(enabled: Bool) {
        self.enabled = enabled
    }

    private enum CodingKeys: String, CodingKey {
        case enabled = "enabled"
    }
}

/// Parameters of `tts.providers`.
public struct TtsProvidersParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `tts.providers`.
public struct TtsProvidersResult: Codable, Equatable, Sendable {
    /// providersItem
    public struct ProvidersItem: Codable, Equatable, Sendable {
        public var id: String
        public var name: String
        public var configured: Bool
        public var models: [String]
        public var voices: [String]?

        public init(id: String, name: String, configured: Bool, models: [String], voices: [String]? = nil) {
            self.id = id
            self.name = name
            self.configured = configured
            self.models = models
            self.voices = voices
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case name = "name"
            case configured = "configured"
            case models = "models"
            case voices = "voices"
        }
    }
    public var providers: [ProvidersItem]
    public var active: String

    public init(providers: [ProvidersItem], active: String) {
        self.providers = providers
        self.active = active
    }

    private enum CodingKeys: String, CodingKey {
        case providers = "providers"
        case active = "active"
    }
}

/// Parameters of `tts.setProvider`.
public struct TtsSetProviderParams: Codable, Equatable, Sendable {
    public var provider: JSONValue?

    public init(provider: JSONValue? = nil) {
        self.provider = provider
    }

    private enum CodingKeys: String, CodingKey {
        case provider = "provider"
    }
}

/// Answer of `tts.setProvider`.
public struct TtsSetProviderResult: Codable, Equatable, Sendable {
    public var provider: String

    public init(provider: String) {
        self.provider = provider
    }

    private enum CodingKeys: String, CodingKey {
        case provider = "provider"
    }
}

/// Parameters of `tts.status`.
public struct TtsStatusParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `tts.status`.
public struct TtsStatusResult: Codable, Equatable, Sendable {
    public var enabled: Bool
    public var auto: String
    public var provider: String
    public var fallbackProvider: Nullable<String>
    public var fallbackProviders: [String]
    public var prefsPath: String
    public var hasOpenAIKey: Bool
    public var hasElevenLabsKey: Bool
    public var edgeEnabled: Bool

    public init(enabled: Bool, auto: String, provider: String, fallbackProvider: Nullable<String>, fallbackProviders: [String], prefsPath: String, hasOpenAIKey: Bool, hasElevenLabsKey: Bool, edgeEnabled: Bool) {
        self.enabled = enabled
        self.auto = auto
        self.provider = provider
        self.fallbackProvider = fallbackProvider
        self.fallbackProviders = fallbackProviders
        self.prefsPath = prefsPath
        self.hasOpenAIKey = hasOpenAIKey
        self.hasElevenLabsKey = hasElevenLabsKey
        self.edgeEnabled = edgeEnabled
    }

    private enum CodingKeys: String, CodingKey {
        case enabled = "enabled"
        case auto = "auto"
        case provider = "provider"
        case fallbackProvider = "fallbackProvider"
        case fallbackProviders = "fallbackProviders"
        case prefsPath = "prefsPath"
        case hasOpenAIKey = "hasOpenAIKey"
        case hasElevenLabsKey = "hasElevenLabsKey"
        case edgeEnabled = "edgeEnabled"
    }
}

/// Parameters of `update.run`.
public struct UpdateRunParams: Codable, Equatable, Sendable {
    public var sessionKey: String?
    public var note: String?
    public var restartDelayMs: Int?
    public var timeoutMs: Int?

    public init(sessionKey: String? = nil, note: String? = nil, restartDelayMs: Int? = nil, timeoutMs: Int? = nil) {
        self.sessionKey = sessionKey
        self.note = note
        self.restartDelayMs = restartDelayMs
        self.timeoutMs = timeoutMs
    }

    private enum CodingKeys: String, CodingKey {
        case sessionKey = "sessionKey"
        case note = "note"
        case restartDelayMs = "restartDelayMs"
        case timeoutMs = "timeoutMs"
    }
}

/// Parameters of `usage.cost`.
public struct UsageCostParams: Codable, Equatable, Sendable {
    public var days: JSONValue?
    public var startDate: String?
    public var endDate: String?

    public init(days: JSONValue? = nil, startDate: String? = nil, endDate: String? = nil) {
        self.days = days
        self.startDate = startDate
        self.endDate = endDate
    }

    private enum CodingKeys: String, CodingKey {
        case days = "days"
        case startDate = "startDate"
        case endDate = "endDate"
    }
}

/// Answer of `usage.cost`.
public struct UsageCostResult: Codable, Equatable, Sendable {
    /// dailyItem
    public struct DailyItem: Codable, Equatable, Sendable {
        public var date: String
        public var input: Double
        public var output: Double
        public var cacheRead: Double
        public var cacheWrite: Double
        public var totalTokens: Double
        public var totalCost: Double
        public var inputCost: Double
        public var outputCost: Double
        public var cacheReadCost: Double
        public var cacheWriteCost: Double
        public var missingCostEntries: Int

        public init(date: String, input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
            self.date = date
            self.input = input
            self.output = output
            self.cacheRead = cacheRead
            self.cacheWrite = cacheWrite
            self.totalTokens = totalTokens
            self.totalCost = totalCost
            self.inputCost = inputCost
            self.outputCost = outputCost
            self.cacheReadCost = cacheReadCost
            self.cacheWriteCost = cacheWriteCost
            self.missingCostEntries = missingCostEntries
        }

        private enum CodingKeys: String, CodingKey {
            case date = "date"
            case input = "input"
            case output = "output"
            case cacheRead = "cacheRead"
            case cacheWrite = "cacheWrite"
            case totalTokens = "totalTokens"
            case totalCost = "totalCost"
            case inputCost = "inputCost"
            case outputCost = "outputCost"
            case cacheReadCost = "cacheReadCost"
            case cacheWriteCost = "cacheWriteCost"
            case missingCostEntries = "missingCostEntries"
        }
    }
    /// totals
    public struct Totals: Codable, Equatable, Sendable {
        public var input: Double
        public var output: Double
        public var cacheRead: Double
        public var cacheWrite: Double
        public var totalTokens: Double
        public var totalCost: Double
        public var inputCost: Double
        public var outputCost: Double
        public var cacheReadCost: Double
        public var cacheWriteCost: Double
        public var missingCostEntries: Int

        public init(input: Double, output: Double, cacheRead: Double, cacheWrite: Double, totalTokens: Double, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
            self.input = input
            self.output = output
            self.cacheRead = cacheRead
            self.cacheWrite = cacheWrite
            self.totalTokens = totalTokens
            self.totalCost = totalCost
            self.inputCost = inputCost
            self.outputCost = outputCost
            self.cacheReadCost = cacheReadCost
            self.cacheWriteCost = cacheWriteCost
            self.missingCostEntries = missingCostEntries
        }

        private enum CodingKeys: String, CodingKey {
            case input = "input"
            case output = "output"
            case cacheRead = "cacheRead"
            case cacheWrite = "cacheWrite"
            case totalTokens = "totalTokens"
            case totalCost = "totalCost"
            case inputCost = "inputCost"
            case outputCost = "outputCost"
            case cacheReadCost = "cacheReadCost"
            case cacheWriteCost = "cacheWriteCost"
            case missingCostEntries = "missingCostEntries"
        }
    }
    public var updatedAt: Int
    public var days: Int
    public var daily: [DailyItem]
    public var totals: Totals

    public init(updatedAt: Int, days: Int, daily: [DailyItem], totals: Totals) {
        self.updatedAt = updatedAt
        self.days = days
        self.daily = daily
        self.totals = totals
    }

    private enum CodingKeys: String, CodingKey {
        case updatedAt = "updatedAt"
        case days = "days"
        case daily = "daily"
        case totals = "totals"
    }
}

/// Parameters of `usage.status`.
public struct UsageStatusParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `usage.status`.
public struct UsageStatusResult: Codable, Equatable, Sendable {
    /// providersItem
    public struct ProvidersItem: Codable, Equatable, Sendable {
        /// windowsItem
        public struct WindowsItem: Codable, Equatable, Sendable {
            public var label: String
            public var usedPercent: Double
            public var resetAt: Int?

            public init(label: String, usedPercent: Double, resetAt: Int? = nil) {
                self.label = label
                self.usedPercent = usedPercent
                self.resetAt = resetAt
            }

            private enum CodingKeys: String, CodingKey {
                case label = "label"
                case usedPercent = "usedPercent"
                case resetAt = "resetAt"
            }
        }
        public var provider: String
        public var displayName: String
        public var windows: [WindowsItem]
        public var plan: String?
        public var error: String?

        public init(provider: String, displayName: String, windows: [WindowsItem], plan: String? = nil, error: String? = nil) {
            self.provider = provider
            self.displayName = displayName
            self.windows = windows
            self.plan = plan
            self.error = error
        }

        private enum CodingKeys: String, CodingKey {
            case provider = "provider"
            case displayName = "displayName"
            case windows = "windows"
            case plan = "plan"
            case error = "error"
        }
    }
    public var updatedAt: Int
    public var providers: [ProvidersItem]

    public init(updatedAt: Int, providers: [ProvidersItem]) {
        self.updatedAt = updatedAt
        self.providers = providers
    }

    private enum CodingKeys: String, CodingKey {
        case updatedAt = "updatedAt"
        case providers = "providers"
    }
}

/// Parameters of `voicewake.get`.
public struct VoicewakeGetParams: Codable, Equatable, Sendable {
    public init() {
    }
}

/// Answer of `voicewake.get`.
public struct VoicewakeGetResult: Codable, Equatable, Sendable {
    public var triggers: [String]

    public init(triggers: [String]) {
        self.triggers = triggers
    }

    private enum CodingKeys: String, CodingKey {
        case triggers = "triggers"
    }
}

/// Parameters of `voicewake.set`.
public struct VoicewakeSetParams: Codable, Equatable, Sendable {
    public var triggers: JSONValue?

    public init(triggers: JSONValue? = nil) {
        self.triggers = triggers
    }

    private enum CodingKeys: String, CodingKey {
        case triggers = "triggers"
    }
}

/// Answer of `voicewake.set`.
public struct VoicewakeSetResult: Codable, Equatable, Sendable {
    public var triggers: [String]

    public init(triggers: [String]) {
        self.triggers = triggers
    }

    private enum CodingKeys: String, CodingKey {
        case triggers = "triggers"
    }
}

/// Parameters of `wake`.
public struct WakeParams: Codable, Equatable, Sendable {
    /// mode
    public enum Mode: RawRepresentable, Codable, Equatable, Sendable {
        case now
        case nextHeartbeat
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "now": self = .now
            case "next-heartbeat": self = .nextHeartbeat
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .now: return "now"
            case .nextHeartbeat: return "next-heartbeat"
            case .unrecognized(let value): return value
            }
        }
    }
    public var mode: Mode
    public var text: String

    public init(mode: Mode, text: String) {
        self.mode = mode
        self.text = text
    }

    private enum CodingKeys: String, CodingKey {
        case mode = "mode"
        case text = "text"
    }
}

/// Answer of `wake`.
public struct WakeResult: Codable, Equatable, Sendable {
    public var ok: Bool

    public init(ok: Bool) {
        self.ok = ok
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
    }
}

/// Parameters of `web.login.start`.
public struct WebLoginStartParams: Codable, Equatable, Sendable {
    public var channel: String?
    public var accountId: String?
    public var timeoutMs: Int?
    public var force: Bool?
    public var verbose: Bool?
    public var phoneNumber: String?

    public init(channel: String? = nil, accountId: String? = nil, timeoutMs: Int? = nil, force: Bool? = nil, verbose: Bool? = nil, phoneNumber: String? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.timeoutMs = timeoutMs
        self.force = force
        self.verbose = verbose
        self.phoneNumber = phoneNumber
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
        case timeoutMs = "timeoutMs"
        case force = "force"
        case verbose = "verbose"
        case phoneNumber = "phoneNumber"
    }
}

/// Answer of `web.login.start`.
public struct WebLoginStartResult: Codable, Equatable, Sendable {
    public var channel: String
    public var accountId: String
    public var message: String
    public var qrDataUrl: String?
    public var qr: String?
    public var pairingCode: String?

    public init(channel: String, accountId: String, message: String, qrDataUrl: String? = nil, qr: String? = nil, pairingCode: String? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.message = message
        self.qrDataUrl = qrDataUrl
        self.qr = qr
        self.pairingCode = pairingCode
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
        case message = "message"
        case qrDataUrl = "qrDataUrl"
        case qr = "qr"
        case pairingCode = "pairingCode"
    }
}

/// Parameters of `web.login.wait`.
public struct WebLoginWaitParams: Codable, Equatable, Sendable {
    public var channel: String?
    public var accountId: String?
    public var timeoutMs: Int?

    public init(channel: String? = nil, accountId: String? = nil, timeoutMs: Int? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.timeoutMs = timeoutMs
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
        case timeoutMs = "timeoutMs"
    }
}

/// Answer of `web.login.wait`.
public struct WebLoginWaitResult: Codable, Equatable, Sendable {
    public var channel: String
    public var accountId: String
    public var connected: Bool
    public var message: String

    public init(channel: String, accountId: String, connected: Bool, message: String) {
        self.channel = channel
        self.accountId = accountId
        self.connected = connected
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case channel = "channel"
        case accountId = "accountId"
        case connected = "connected"
        case message = "message"
    }
}

/// Parameters of `wizard.cancel`.
public struct WizardCancelParams: Codable, Equatable, Sendable {
    public var sessionId: String

    public init(sessionId: String) {
        self.sessionId = sessionId
    }

    private enum CodingKeys: String, CodingKey {
        case sessionId = "sessionId"
    }
}

/// Answer of `wizard.cancel`.
public struct WizardCancelResult: Codable, Equatable, Sendable {
    public var status: String
    public var error: String?

    public init(status: String, error: String? = nil) {
        self.status = status
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case status = "status"
        case error = "error"
    }
}

/// Parameters of `wizard.next`.
public struct WizardNextParams: Codable, Equatable, Sendable {
    /// answer
    public struct Answer: Codable, Equatable, Sendable {
        public var stepId: String
        public var value: JSONValue?

        public init(stepId: String, value: JSONValue? = nil) {
            self.stepId = stepId
            self.value = value
        }

        private enum CodingKeys: String, CodingKey {
            case stepId = "stepId"
            case value = "value"
        }
    }
    public var sessionId: String
    public var answer: Answer?

    public init(sessionId: String, answer: Answer? = nil) {
        self.sessionId = sessionId
        self.answer = answer
    }

    private enum CodingKeys: String, CodingKey {
        case sessionId = "sessionId"
        case answer = "answer"
    }
}

/// Answer of `wizard.next`.
public struct WizardNextResult: Codable, Equatable, Sendable {
    /// step
    public struct Step: Codable, Equatable, Sendable {
        /// optionsItem
        public struct OptionsItem: Codable, Equatable, Sendable {
            public var value: JSONValue
            public var label: String
            public var hint: String?

            public init(value: JSONValue, label: String, hint: String? = nil) {
                self.value = value
                self.label = label
                self.hint = hint
            }

            private enum CodingKeys: String, CodingKey {
                case value = "value"
                case label = "label"
                case hint = "hint"
            }
        }
        public var id: String
        public var type: String
        public var title: String?
        public var message: String?
        public var options: [OptionsItem]?
        public var initialValue: JSONValue?
        public var placeholder: String?
        public var sensitive: Bool?
        public var executor: String?

        public init(id: String, type: String, title: String? = nil, message: String? = nil, options: [OptionsItem]? = nil, initialValue: JSONValue? = nil, placeholder: String? = nil, sensitive: Bool? = nil, executor: String? = nil) {
            self.id = id
            self.type = type
            self.title = title
            self.message = message
            self.options = options
            self.initialValue = initialValue
            self.placeholder = placeholder
            self.sensitive = sensitive
            self.executor = executor
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case type = "type"
            case title = "title"
            case message = "message"
            case options = "options"
            case initialValue = "initialValue"
            case placeholder = "placeholder"
            case sensitive = "sensitive"
            case executor = "executor"
        }
    }
    public var done: Bool
    public var step: Step?
    public var status: String
    public var error: String?

    public init(done: Bool, step: Step? = nil, status: String, error: String? = nil) {
        self.done = done
        self.step = step
        self.status = status
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case done = "done"
        case step = "step"
        case status = "status"
        case error = "error"
    }
}

/// Parameters of `wizard.start`.
public struct WizardStartParams: Codable, Equatable, Sendable {
    /// mode
    public enum Mode: RawRepresentable, Codable, Equatable, Sendable {
        case local
        case remote
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "local": self = .local
            case "remote": self = .remote
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .local: return "local"
            case .remote: return "remote"
            case .unrecognized(let value): return value
            }
        }
    }
    public var mode: Mode?
    public var workspace: String?

    public init(mode: Mode? = nil, workspace: String? = nil) {
        self.mode = mode
        self.workspace = workspace
    }

    private enum CodingKeys: String, CodingKey {
        case mode = "mode"
        case workspace = "workspace"
    }
}

/// Answer of `wizard.start`.
public struct WizardStartResult: Codable, Equatable, Sendable {
    /// step
    public struct Step: Codable, Equatable, Sendable {
        /// optionsItem
        public struct OptionsItem: Codable, Equatable, Sendable {
            public var value: JSONValue
            public var label: String
            public var hint: String?

            public init(value: JSONValue, label: String, hint: String? = nil) {
                self.value = value
                self.label = label
                self.hint = hint
            }

            private enum CodingKeys: String, CodingKey {
                case value = "value"
                case label = "label"
                case hint = "hint"
            }
        }
        public var id: String
        public var type: String
        public var title: String?
        public var message: String?
        public var options: [OptionsItem]?
        public var initialValue: JSONValue?
        public var placeholder: String?
        public var sensitive: Bool?
        public var executor: String?

        public init(id: String, type: String, title: String? = nil, message: String? = nil, options: [OptionsItem]? = nil, initialValue: JSONValue? = nil, placeholder: String? = nil, sensitive: Bool? = nil, executor: String? = nil) {
            self.id = id
            self.type = type
            self.title = title
            self.message = message
            self.options = options
            self.initialValue = initialValue
            self.placeholder = placeholder
            self.sensitive = sensitive
            self.executor = executor
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case type = "type"
            case title = "title"
            case message = "message"
            case options = "options"
            case initialValue = "initialValue"
            case placeholder = "placeholder"
            case sensitive = "sensitive"
            case executor = "executor"
        }
    }
    public var sessionId: String
    public var done: Bool
    public var step: Step?
    public var status: String
    public var error: String?

    public init(sessionId: String, done: Bool, step: Step? = nil, status: String, error: String? = nil) {
        self.sessionId = sessionId
        self.done = done
        self.step = step
        self.status = status
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case sessionId = "sessionId"
        case done = "done"
        case step = "step"
        case status = "status"
        case error = "error"
    }
}

/// Parameters of `wizard.status`.
public struct WizardStatusParams: Codable, Equatable, Sendable {
    public var sessionId: String

    public init(sessionId: String) {
        self.sessionId = sessionId
    }

    private enum CodingKeys: String, CodingKey {
        case sessionId = "sessionId"
    }
}

/// Answer of `wizard.status`.
public struct WizardStatusResult: Codable, Equatable, Sendable {
    public var status: String
    public var error: String?

    public init(status: String, error: String? = nil) {
        self.status = status
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case status = "status"
        case error = "error"
    }
}

/// Payload of the event `agent`.
public struct AgentEvent: Codable, Equatable, Sendable {
    public var runId: String
    public var sessionKey: String?
    public var seq: Int
    public var ts: Int
    public var stream: String
    public var data: JSONValue

    public init(runId: String, sessionKey: String? = nil, seq: Int, ts: Int, stream: String, data: JSONValue) {
        self.runId = runId
        self.sessionKey = sessionKey
        self.seq = seq
        self.ts = ts
        self.stream = stream
        self.data = data
    }

    private enum CodingKeys: String, CodingKey {
        case runId = "runId"
        case sessionKey = "sessionKey"
        case seq = "seq"
        case ts = "ts"
        case stream = "stream"
        case data = "data"
    }
}

/// Payload of the event `chat`.
public struct ChatEvent: Codable, Equatable, Sendable {
    /// state
    public enum State: RawRepresentable, Codable, Equatable, Sendable {
        case delta
        case final
        case aborted
        case error
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "delta": self = .delta
            case "final": self = .final
            case "aborted": self = .aborted
            case "error": self = .error
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .delta: return "delta"
            case .final: return "final"
            case .aborted: return "aborted"
            case .error: return "error"
            case .unrecognized(let value): return value
            }
        }
    }
    public var runId: String
    public var sessionKey: String
    public var seq: Int
    public var state: State
    public var message: JSONValue?
    public var errorMessage: String?
    public var usage: JSONValue?
    public var stopReason: String?

    public init(runId: String, sessionKey: String, seq: Int, state: State, message: JSONValue? = nil, errorMessage: String? = nil, usage: JSONValue? = nil, stopReason: String? = nil) {
        self.runId = runId
        self.sessionKey = sessionKey
        self.seq = seq
        self.state = state
        self.message = message
        self.errorMessage = errorMessage
        self.usage = usage
        self.stopReason = stopReason
    }

    private enum CodingKeys: String, CodingKey {
        case runId = "runId"
        case sessionKey = "sessionKey"
        case seq = "seq"
        case state = "state"
        case message = "message"
        case errorMessage = "errorMessage"
        case usage = "usage"
        case stopReason = "stopReason"
    }
}

/// Payload of the event `connect.challenge`.
public struct ConnectChallengeEvent: Codable, Equatable, Sendable {
    public var nonce: String
    public var ts: Int

    public init(nonce: String, ts: Int) {
        self.nonce = nonce
        self.ts = ts
    }

    private enum CodingKeys: String, CodingKey {
        case nonce = "nonce"
        case ts = "ts"
    }
}

/// Payload of the event `cron`.
public struct CronEvent: Codable, Equatable, Sendable {
    /// action
    public enum Action: RawRepresentable, Codable, Equatable, Sendable {
        case added
        case updated
        case removed
        case started
        case finished
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "added": self = .added
            case "updated": self = .updated
            case "removed": self = .removed
            case "started": self = .started
            case "finished": self = .finished
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .added: return "added"
            case .updated: return "updated"
            case .removed: return "removed"
            case .started: return "started"
            case .finished: return "finished"
            case .unrecognized(let value): return value
            }
        }
    }
    /// status
    public enum Status: RawRepresentable, Codable, Equatable, Sendable {
        case ok
        case error
        case skipped
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "ok": self = .ok
            case "error": self = .error
            case "skipped": self = .skipped
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .ok: return "ok"
            case .error: return "error"
            case .skipped: return "skipped"
            case .unrecognized(let value): return value
            }
        }
    }
    public var jobId: String
    public var action: Action
    public var runAtMs: Int?
    public var durationMs: Int?
    public var status: Status?
    public var error: String?
    public var summary: String?
    public var sessionId: String?
    public var sessionKey: String?
    public var nextRunAtMs: Int?

    public init(jobId: String, action: Action, runAtMs: Int? = nil, durationMs: Int? = nil, status: Status? = nil, error: String? = nil, summary: String? = nil, sessionId: String? = nil, sessionKey: String? = nil, nextRunAtMs: Int? = nil) {
        self.jobId = jobId
        self.action = action
        self.runAtMs = runAtMs
        self.durationMs = durationMs
        self.status = status
        self.error = error
        self.summary = summary
        self.sessionId = sessionId
        self.sessionKey = sessionKey
        self.nextRunAtMs = nextRunAtMs
    }

    private enum CodingKeys: String, CodingKey {
        case jobId = "jobId"
        case action = "action"
        case runAtMs = "runAtMs"
        case durationMs = "durationMs"
        case status = "status"
        case error = "error"
        case summary = "summary"
        case sessionId = "sessionId"
        case sessionKey = "sessionKey"
        case nextRunAtMs = "nextRunAtMs"
    }
}

/// Payload of the event `device.pair.requested`.
public struct DevicePairRequestedEvent: Codable, Equatable, Sendable {
    public var requestId: String
    public var deviceId: String
    public var publicKey: String
    public var displayName: String?
    public var platform: String?
    public var clientId: String?
    public var clientMode: String?
    public var role: String?
    public var roles: [String]?
    public var scopes: [String]
    public var remoteIp: String?
    public var silent: Bool
    public var isRepair: Bool
    public var ts: Int

    public init(requestId: String, deviceId: String, publicKey: String, displayName: String? = nil, platform: String? = nil, clientId: String? = nil, clientMode: String? = nil, role: String? = nil, roles: [String]? = nil, scopes: [String], remoteIp: String? = nil, silent: Bool, isRepair: Bool, ts: Int) {
        self.requestId = requestId
        self.deviceId = deviceId
        self.publicKey = publicKey
        self.displayName = displayName
        self.platform = platform
        self.clientId = clientId
        self.clientMode = clientMode
        self.role = role
        self.roles = roles
        self.scopes = scopes
        self.remoteIp = remoteIp
        self.silent = silent
        self.isRepair = isRepair
        self.ts = ts
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
        case deviceId = "deviceId"
        case publicKey = "publicKey"
        case displayName = "displayName"
        case platform = "platform"
        case clientId = "clientId"
        case clientMode = "clientMode"
        case role = "role"
        case roles = "roles"
        case scopes = "scopes"
        case remoteIp = "remoteIp"
        case silent = "silent"
        case isRepair = "isRepair"
        case ts = "ts"
    }
}

/// Payload of the event `device.pair.resolved`.
public struct DevicePairResolvedEvent: Codable, Equatable, Sendable {
    public var requestId: String
    public var deviceId: String
    public var decision: String
    public var ts: Int

    public init(requestId: String, deviceId: String, decision: String, ts: Int) {
        self.requestId = requestId
        self.deviceId = deviceId
        self.decision = decision
        self.ts = ts
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
        case deviceId = "deviceId"
        case decision = "decision"
        case ts = "ts"
    }
}

/// Payload of the event `exec.approval.requested`.
public struct ExecApprovalRequestedEvent: Codable, Equatable, Sendable {
    /// request
    public struct Request: Codable, Equatable, Sendable {
        public var command: String
        public var cwd: Nullable<String>
        public var host: Nullable<String>
        public var security: Nullable<String>
        public var ask: Nullable<String>
        public var agentId: Nullable<String>
        public var resolvedPath: Nullable<String>
        public var sessionKey: Nullable<String>
        public var nodeId: String?

        public init(command: String, cwd: Nullable<String>, host: Nullable<String>, security: Nullable<String>, ask: Nullable<String>, agentId: Nullable<String>, resolvedPath: Nullable<String>, sessionKey: Nullable<String>, nodeId: String? = nil) {
            self.command = command
            self.cwd = cwd
            self.host = host
            self.security = security
            self.ask = ask
            self.agentId = agentId
            self.resolvedPath = resolvedPath
            self.sessionKey = sessionKey
            self.nodeId = nodeId
        }

        private enum CodingKeys: String, CodingKey {
            case command = "command"
            case cwd = "cwd"
            case host = "host"
            case security = "security"
            case ask = "ask"
            case agentId = "agentId"
            case resolvedPath = "resolvedPath"
            case sessionKey = "sessionKey"
            case nodeId = "nodeId"
        }
    }
    public var id: String
    public var request: Request
    public var createdAtMs: Int
    public var expiresAtMs: Int

    public init(id: String, request: Request, createdAtMs: Int, expiresAtMs: Int) {
        self.id = id
        self.request = request
        self.createdAtMs = createdAtMs
        self.expiresAtMs = expiresAtMs
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case request = "request"
        case createdAtMs = "createdAtMs"
        case expiresAtMs = "expiresAtMs"
    }
}

/// Payload of the event `exec.approval.resolved`.
public struct ExecApprovalResolvedEvent: Codable, Equatable, Sendable {
    /// decision
    public enum Decision: RawRepresentable, Codable, Equatable, Sendable {
        case allowOnce
        case allowAlways
        case deny
        case unrecognized(String)

        public init(rawValue: String) {
            switch rawValue {
            case "allow-once": self = .allowOnce
            case "allow-always": self = .allowAlways
            case "deny": self = .deny
            default: self = .unrecognized(rawValue)
            }
        }

        public var rawValue: String {
            switch self {
            case .allowOnce: return "allow-once"
            case .allowAlways: return "allow-always"
            case .deny: return "deny"
            case .unrecognized(let value): return value
            }
        }
    }
    public var id: String
    public var decision: Decision
    public var resolvedBy: String?
    public var ts: Int

    public init(id: String, decision: Decision, resolvedBy: String? = nil, ts: Int) {
        self.id = id
        self.decision = decision
        self.resolvedBy = resolvedBy
        self.ts = ts
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case decision = "decision"
        case resolvedBy = "resolvedBy"
        case ts = "ts"
    }
}

/// Payload of the event `health`.
public struct HealthEvent: Codable, Equatable, Sendable {
    public var ok: Bool
    public var ts: Int
    public var durationMs: Int

    public init(ok: Bool, ts: Int, durationMs: Int) {
        self.ok = ok
        self.ts = ts
        self.durationMs = durationMs
    }

    private enum CodingKeys: String, CodingKey {
        case ok = "ok"
        case ts = "ts"
        case durationMs = "durationMs"
    }
}

/// Payload of the event `heartbeat`.
public struct HeartbeatEvent: Codable, Equatable, Sendable {
    public var ts: Int
    public var status: String
    public var to: String?
    public var preview: String?
    public var durationMs: Double?
    public var hasMedia: Bool?
    public var reason: String?
    public var channel: String?
    public var accountId: String?
    public var silent: Bool?
    public var indicatorType: String?

    public init(ts: Int, status: String, to: String? = nil, preview: String? = nil, durationMs: Double? = nil, hasMedia: Bool? = nil, reason: String? = nil, channel: String? = nil, accountId: String? = nil, silent: Bool? = nil, indicatorType: String? = nil) {
        self.ts = ts
        self.status = status
        self.to = to
        self.preview = preview
        self.durationMs = durationMs
        self.hasMedia = hasMedia
        self.reason = reason
        self.channel = channel
        self.accountId = accountId
        self.silent = silent
        self.indicatorType = indicatorType
    }

    private enum CodingKeys: String, CodingKey {
        case ts = "ts"
        case status = "status"
        case to = "to"
        case preview = "preview"
        case durationMs = "durationMs"
        case hasMedia = "hasMedia"
        case reason = "reason"
        case channel = "channel"
        case accountId = "accountId"
        case silent = "silent"
        case indicatorType = "indicatorType"
    }
}

/// Payload of the event `node.invoke.request`.
public struct NodeInvokeRequestEvent: Codable, Equatable, Sendable {
    public var id: String
    public var nodeId: String
    public var command: String
    public var paramsJSON: Nullable<String>
    public var timeoutMs: Int?
    public var idempotencyKey: String?

    public init(id: String, nodeId: String, command: String, paramsJSON: Nullable<String>, timeoutMs: Int? = nil, idempotencyKey: String? = nil) {
        self.id = id
        self.nodeId = nodeId
        self.command = command
        self.paramsJSON = paramsJSON
        self.timeoutMs = timeoutMs
        self.idempotencyKey = idempotencyKey
    }

    private enum CodingKeys: String, CodingKey {
        case id = "id"
        case nodeId = "nodeId"
        case command = "command"
        case paramsJSON = "paramsJSON"
        case timeoutMs = "timeoutMs"
        case idempotencyKey = "idempotencyKey"
    }
}

/// Payload of the event `node.pair.requested`.
public struct NodePairRequestedEvent: Codable, Equatable, Sendable {
    public var requestId: String
    public var nodeId: String
    public var displayName: String?
    public var platform: String?
    public var version: String?
    public var coreVersion: String?
    public var uiVersion: String?
    public var deviceFamily: String?
    public var modelIdentifier: String?
    public var remoteIp: String?
    public var caps: [String]?
    public var commands: [String]?
    public var silent: Bool?
    public var isRepair: Bool
    public var ts: Int

    public init(requestId: String, nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, coreVersion: String? = nil, uiVersion: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String]? = nil, commands: [String]? = nil, silent: Bool? = nil, isRepair: Bool, ts: Int) {
        self.requestId = requestId
        self.nodeId = nodeId
        self.displayName = displayName
        self.platform = platform
        self.version = version
        self.coreVersion = coreVersion
        self.uiVersion = uiVersion
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.remoteIp = remoteIp
        self.caps = caps
        self.commands = commands
        self.silent = silent
        self.isRepair = isRepair
        self.ts = ts
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
        case nodeId = "nodeId"
        case displayName = "displayName"
        case platform = "platform"
        case version = "version"
        case coreVersion = "coreVersion"
        case uiVersion = "uiVersion"
        case deviceFamily = "deviceFamily"
        case modelIdentifier = "modelIdentifier"
        case remoteIp = "remoteIp"
        case caps = "caps"
        case commands = "commands"
        case silent = "silent"
        case isRepair = "isRepair"
        case ts = "ts"
    }
}

/// Payload of the event `node.pair.resolved`.
public struct NodePairResolvedEvent: Codable, Equatable, Sendable {
    public var requestId: String
    public var nodeId: String
    public var decision: String
    public var ts: Int

    public init(requestId: String, nodeId: String, decision: String, ts: Int) {
        self.requestId = requestId
        self.nodeId = nodeId
        self.decision = decision
        self.ts = ts
    }

    private enum CodingKeys: String, CodingKey {
        case requestId = "requestId"
        case nodeId = "nodeId"
        case decision = "decision"
        case ts = "ts"
    }
}

/// Payload of the event `plugins.changed`.
public struct PluginsChangedEvent: Codable, Equatable, Sendable {
    /// pluginsItem
    public struct PluginsItem: Codable, Equatable, Sendable {
        public var id: String
        public var state: String
        public var reason: String?

        public init(id: String, state: String, reason: String? = nil) {
            self.id = id
            self.state = state
            self.reason = reason
        }

        private enum CodingKeys: String, CodingKey {
            case id = "id"
            case state = "state"
            case reason = "reason"
        }
    }
    /// features
    public struct Features: Codable, Equatable, Sendable {
        public var methods: [String]
        public var events: [String]

        public init(methods: [String], events: [String]) {
            self.methods = methods
            self.events = events
        }

        private enum CodingKeys: String, CodingKey {
            case methods = "methods"
            case events = "events"
        }
    }
    public var plugins: [PluginsItem]
    public var features: Features

    public init(plugins: [PluginsItem], features: Features) {
        self.plugins = plugins
        self.features = features
    }

    private enum CodingKeys: String, CodingKey {
        case plugins = "plugins"
        case features = "features"
    }
}

/// Payload of the event `presence`.
public struct PresenceEvent: Codable, Equatable, Sendable {
    /// presenceItem
    public struct PresenceItem: Codable, Equatable, Sendable {
        public var host: String?
        public var ip: String?
        public var version: String?
        public var platform: String?
        public var deviceFamily: String?
        public var modelIdentifier: String?
        public var mode: String?
        public var lastInputSeconds: Double?
        public var reason: String?
        public var tags: [String]?
        public var text: String?
        public var ts: Int
        public var deviceId: String?
        public var roles: [String]?
        public var scopes: [String]?
        public var instanceId: String?

        public init(host: String? = nil, ip: String? = nil, version: String? = nil, platform: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, mode: String? = nil, lastInputSeconds: Double? = nil, reason: String? = nil, tags: [String]? = nil, text: String? = nil, ts: Int, deviceId: String? = nil, roles: [String]? = nil, scopes: [String]? = nil, instanceId: String? = nil) {
            self.host = host
            self.ip = ip
            self.version = version
            self.platform = platform
            self.deviceFamily = deviceFamily
            self.modelIdentifier = modelIdentifier
            self.mode = mode
            self.lastInputSeconds = lastInputSeconds
            self.reason = reason
            self.tags = tags
            self.text = text
            self.ts = ts
            self.deviceId = deviceId
            self.roles = roles
            self.scopes = scopes
            self.instanceId = instanceId
        }

        private enum CodingKeys: String, CodingKey {
            case host = "host"
            case ip = "ip"
            case version = "version"
            case platform = "platform"
            case deviceFamily = "deviceFamily"
            case modelIdentifier = "modelIdentifier"
            case mode = "mode"
            case lastInputSeconds = "lastInputSeconds"
            case reason = "reason"
            case tags = "tags"
            case text = "text"
            case ts = "ts"
            case deviceId = "deviceId"
            case roles = "roles"
            case scopes = "scopes"
            case instanceId = "instanceId"
        }
    }
    public var presence: [PresenceItem]

    public init(presence: [PresenceItem]) {
        self.presence = presence
    }

    private enum CodingKeys: String, CodingKey {
        case presence = "presence"
    }
}

/// Payload of the event `sessions.changed`.
public struct SessionsChangedEvent: Codable, Equatable, Sendable {
    public var keys: [String]
    public var reason: String

    public init(keys: [String], reason: String) {
        self.keys = keys
        self.reason = reason
    }

    private enum CodingKeys: String, CodingKey {
        case keys = "keys"
        case reason = "reason"
    }
}

/// Payload of the event `shutdown`.
public struct ShutdownEvent: Codable, Equatable, Sendable {
    public var reason: String
    public var restartExpectedMs: Int?

    public init(reason: String, restartExpectedMs: Int? = nil) {
        self.reason = reason
        self.restartExpectedMs = restartExpectedMs
    }

    private enum CodingKeys: String, CodingKey {
        case reason = "reason"
        case restartExpectedMs = "restartExpectedMs"
    }
}

/// Payload of the event `talk.mode`.
public struct TalkModeEvent: Codable, Equatable, Sendable {
    public var enabled: Bool
    public var phase: Nullable<String>
    public var ts: Int

    public init(enabled: Bool, phase: Nullable<String>, ts: Int) {
        self.enabled = enabled
        self.phase = phase
        self.ts = ts
    }

    private enum CodingKeys: String, CodingKey {
        case enabled = "enabled"
        case phase = "phase"
        case ts = "ts"
    }
}

/// Payload of the event `tick`.
public struct TickEvent: Codable, Equatable, Sendable {
    public var ts: Int

    public init(ts: Int) {
        self.ts = ts
    }

    private enum CodingKeys: String, CodingKey {
        case ts = "ts"
    }
}

/// Payload of the event `voicewake.changed`.
public struct VoicewakeChangedEvent: Codable, Equatable, Sendable {
    public var triggers: [String]

    public init(triggers: [String]) {
        self.triggers = triggers
    }

    private enum CodingKeys: String, CodingKey {
        case triggers = "triggers"
    }
}

