const NAME = "(?:`[a-z]+`|[A-Za-z_]\\w*)";
const TYPE = "[\\[\\]A-Za-z_:<> ]+\\??";
/** Every kind of line that a model is made of. */
const LINES: readonly RegExp[] = [
  /^$/,
  /^\/\/\/? .+$/,
  /^import Foundation$/,
  /^public let gatewayProtocolVersion = \d+$/,
  new RegExp(`^public (?:struct|enum) ${NAME}(?:<Value: [A-Za-z &]+>)?: [A-Za-z, ]+ \\{$`),
  new RegExp(`^public typealias ${NAME} = ${TYPE}$`),
  new RegExp(`^public var ${NAME}: ${TYPE}$`),
  new RegExp(`^public init\\((?:${NAME}: ${TYPE}(?: = nil)?(?:, )?)*\\) \\{$`),
  new RegExp(`^self\\.${NAME} = ${NAME}$`),
  /^private enum CodingKeys: String, CodingKey \{$/,
  new RegExp(`^case ${NAME}(?: = "[^"\\\\]+"|\\(${TYPE}\\))?$`),
  /^public init\(from decoder: Decoder\) throws \{$/,
  /^public func encode\(to encoder: Encoder\) throws \{$/,
  /^public var rawValue: String \{$/,
  /^(?:let|var) container = (?:try )?(?:en|de)coder\.singleValueContainer\(\)$/,
  /^switch (?:self|rawValue) \{$/,
  /^(?:\} else )?if (?:container\.decodeNil\(\)|let value = try\? container\.decode\([^)]+\)) \{$/,
  /^\} else \{$/,
  /^self = \..+$/,
  /^self = container\.decodeNil\(\) \? \.null : \.value\(try container\.decode\(Value\.self\)\)$/,
  new RegExp(`^(?:case (?:"[^"\\\\]*"|\\.${NAME}(?:\\(let value\\))?)|default): .+$`),
  /^\}$/,
];

/** What is wrong with generated Swift, as far as that can be told without its compiler: none of it is for people to write. */
export function problemsOfSwift(text: string): string[] {
  const problems: string[] = [];
  /** Names that each open scope has declared. */
  const scopes: Set<string>[] = [new Set()];
  for (const [index, whole] of text.split("\n").entries()) {
    const line = whole.trim();
    const at = `line ${index + 1}: ${line}`;
    if (!LINES.some((pattern) => pattern.test(line))) problems.push(`unknown ${at}`);
    const declared = /^(?:public (?:struct|enum|typealias|var)|case) (`?\w+`?)(?![\w`]*:? \.)/.exec(line)?.[1];
    const scope = scopes.at(-1);
    if (declared !== undefined && !/^case .*: /.test(line)) {
      if (scope?.has(declared)) problems.push(`declared twice, ${at}`);
      scope?.add(declared);
    }
    if (line.startsWith("}")) scopes.pop();
    if (line.endsWith("{")) scopes.push(new Set());
    if (scopes.length === 0) problems.push(`closed too often, ${at}`);
    if (whole.length - whole.trimStart().length !== expectedIndent(line, scopes.length))
      problems.push(`indent of ${at}`);
  }
  if (scopes.length !== 1) problems.push("not everything that was opened is closed");
  return problems;
}

function expectedIndent(line: string, open: number): number {
  if (line === "") return 0;
  // The cases of a switch stand as far left as the switch itself.
  const isOfSwitch = /^(?:case (?:"[^"]*"|\.[^:]+)|default): /.test(line);
  const inside = open - (line.endsWith("{") || isOfSwitch ? 1 : 0) - 1;
  return Math.max(0, inside) * 4;
}
