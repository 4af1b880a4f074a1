import { PROTOCOL_VERSION } from "openclaw/plugin-sdk";
import type { Catalog } from "./catalog.ts";
import { constants, mapValue, nullable, typeName } from "./schema.ts";
import type { Definition, Schema } from "./schema.ts";

/** Words that need backticks as a name. */
const RESERVED = new Set(
  "Any Protocol Self Type as associatedtype break case catch class continue default defer deinit do else enum extension fallthrough false fileprivate for func guard if import in init inout internal is let nil operator private protocol public repeat rethrows return self static struct subscript super switch throw throws true try typealias var where while".split(
    " ",
  ),
);

/** Types that the models use. */
const USED = new Set(
  "Bool Codable CodingKey CodingKeys Double Equatable Int JSONValue Nullable Sendable String".split(" "),
);

/** A value whose shape the protocol does not fix. */
const JSON_VALUE = `/// A value whose shape the protocol does not fix.
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
}`;

/** A member that is always there and may be null: an optional would be left out when it is written. */
const NULLABLE = `/// A member that is always there and may be null.
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
}`;

/**
 * Codable models for the Apple clients. Optional members may be absent or null; a union of texts is an enumeration that
 * keeps what it does not know; any other union is a \`JSONValue\`.
 */
export function swift({ methods, events }: Catalog, all: readonly Definition[]): string {
  const models = all.map(({ name, about, schema }) => declare(name, schema, `/// ${about}`, 0).join("\n"));
  return [
    "// Made by npm run protocol:gen from what the stock plugins register. Do not edit.",
    "import Foundation",
    `public let gatewayProtocolVersion = ${PROTOCOL_VERSION}`,
    names("GatewayMethod", "Methods of the gateway.", methods),
    names("GatewayEvent", "Events of the gateway.", events),
    JSON_VALUE,
    NULLABLE,
    ...models,
    "",
  ].join("\n\n");
}

function names(type: string, about: string, all: readonly { readonly name: string }[]): string {
  const cases = all.map(({ name }) => `    case ${identifier(lowerFirst(typeName(name, "")))} = ${text(name)}`);
  return [`/// ${about}`, `public enum ${type}: String, Codable, CaseIterable, Sendable {`, ...cases, "}"].join("\n");
}

/** A type called `name`, with the types of its members inside. */
function declare(name: string, schema: Schema, about: string, depth: number): string[] {
  const indent = "    ".repeat(depth);
  const values = constants(schema);
  if (values?.every((value) => typeof value === "string")) return declareEnum(name, values, about, indent);
  if (schema.type !== "object" || mapValue(schema)) {
    const { type, inner } = typeOf(`${name}Value`, schema, depth);
    return [...inner, `${indent}${about}`, `${indent}public typealias ${name} = ${type}`];
  }
  return declareStruct(name, schema, about, depth);
}

function declareEnum(name: string, values: readonly string[], about: string, indent: string): string[] {
  const cases = values.map((value) => ({ name: identifier(caseName(value)), value: text(value) }));
  return [
    `${indent}${about}`,
    `${indent}public enum ${name}: RawRepresentable, Codable, Equatable, Sendable {`,
    ...cases.map((one) => `${indent}    case ${one.name}`),
    `${indent}    case unrecognized(String)`,
    "",
    `${indent}    public init(rawValue: String) {`,
    `${indent}        switch rawValue {`,
    ...cases.map((one) => `${indent}        case ${one.value}: self = .${one.name}`),
    `${indent}        default: self = .unrecognized(rawValue)`,
    `${indent}        }`,
    `${indent}    }`,
    "",
    `${indent}    public var rawValue: String {`,
    `${indent}        switch self {`,
    ...cases.map((one) => `${indent}        case .${one.name}: return ${one.value}`),
    `${indent}        case .unrecognized(let value): return value`,
    `${indent}        }`,
    `${indent}    }`,
    `${indent}}`,
  ];
}

function declareStruct(
  name: string,
  { properties = {}, required = [] }: Schema,
  about: string,
  depth: number,
): string[] {
  const indent = "    ".repeat(depth + 1);
  const inner: string[] = [];
  const members = Object.entries(properties).map(([key, schema]) => {
    const isRequired = required.includes(key);
    const rest = nullable(schema);
    const found = typeOf(typeName(key, ""), rest ?? schema, depth + 1);
    inner.push(...found.inner);
    const type = rest && isRequired ? `Nullable<${found.type}>` : found.type;
    return { key, name: identifier(memberName(key)), type: isRequired ? type : `${type}?`, isRequired };
  });
  const parameters = members.map((one) => `${one.name}: ${one.type}${one.isRequired ? "" : " = nil"}`);
  const outer = "    ".repeat(depth);
  return [
    `${outer}${about}`,
    `${outer}public struct ${name}: Codable, Equatable, Sendable {`,
    ...inner,
    ...members.map((one) => `${indent}public var ${one.name}: ${one.type}`),
    ...(members.length > 0 ? [""] : []),
    `${indent}public init(${parameters.join(", ")}) {`,
    ...members.map((one) => `${indent}    self.${one.name} = ${one.name}`),
    `${indent}}`,
    ...(members.length > 0
      ? [
          "",
          `${indent}private enum CodingKeys: String, CodingKey {`,
          ...members.map((one) => `${indent}    case ${one.name} = ${text(one.key)}`),
          `${indent}}`,
        ]
      : []),
    `${outer}}`,
  ];
}

/** The type of a member called `name`, and what has to be declared for it. */
function typeOf(name: string, schema: Schema, depth: number): { readonly type: string; readonly inner: string[] } {
  const values = constants(schema);
  if (values?.every((value) => typeof value === "string")) return own(name, schema, depth);
  if (values?.every((value) => typeof value === "boolean")) return plain("Bool");
  if (values?.every((value) => typeof value === "number")) return plain("Double");
  if (schema.anyOf) return plain("JSONValue");
  const value = mapValue(schema);
  if (value) {
    const { type, inner } = typeOf(`${name}Value`, value, depth);
    return { type: `[String: ${type}]`, inner };
  }
  switch (schema.type) {
    case "array": {
      const { type, inner } = typeOf(`${name}Item`, schema.items ?? {}, depth);
      return { type: `[${type}]`, inner };
    }
    case "object":
      return schema.properties ? own(name, schema, depth) : plain("[String: JSONValue]");
    case "string":
      return plain("String");
    case "boolean":
      return plain("Bool");
    case "integer":
      return plain("Int");
    case "number":
      return plain("Double");
    default:
      return plain("JSONValue");
  }
}

function own(name: string, schema: Schema, depth: number): { readonly type: string; readonly inner: string[] } {
  // `Type` means something else inside of a type, and a `String` of its own would be everybody's there.
  const type = RESERVED.has(name) || USED.has(name) ? `${name}Value` : name;
  return { type, inner: declare(type, schema, `/// ${name.charAt(0).toLowerCase()}${name.slice(1)}`, depth) };
}

function plain(type: string): { readonly type: string; readonly inner: string[] } {
  return { type, inner: [] };
}

function caseName(value: string): string {
  return value === "" ? "empty" : memberName(value);
}

/** `allow-once` becomes `allowOnce`; a name that begins with a digit gets a bar before it. */
function memberName(key: string): string {
  if (/^[A-Za-z_]\w*$/.test(key)) return key;
  const name = lowerFirst(typeName(key, ""));
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
}

function lowerFirst(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function identifier(name: string): string {
  return RESERVED.has(name) ? `\`${name}\`` : name;
}

function text(value: string): string {
  return JSON.stringify(value);
}
