/**
 * What a test file may say. The one source of it: files are checked against this (check-shape.ts), editors
 * complete from it (`pawl test --schema`), and docs/testing.md explains it.
 */
export const testFileSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Test cases of a state machine, for pawl test",
  type: "object",
  required: ["definition", "cases"],
  additionalProperties: false,
  properties: {
    definition: text("the definition, JSON or YAML; a path from this file's folder"),
    type: oneOf(["STANDARD", "EXPRESS"], "the state machine's type; STANDARD unless given"),
    startTime: text("when executions start, ISO 8601; 2000-01-01T00:00:00Z unless given"),
    mocks: mockTable("answers for every case; those of a case come first"),
    cases: {
      description: "the cases, each one execution",
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["name"],
        additionalProperties: false,
        properties: {
          name: text("what the case shows; no two cases of a file have the same name"),
          input: { description: "the execution's input; {} unless given" },
          inputFile: text("a JSON file with the input; a path from this file's folder"),
          startAt: text("the state to start at, instead of the definition's StartAt"),
          startTime: text("when this execution starts, ISO 8601"),
          variables: {
            description: "variables that are set before the first state",
            type: "object",
            additionalProperties: {},
          },
          context: {
            description: "names in the context object",
            type: "object",
            additionalProperties: false,
            properties: {
              Execution: names(["Id", "Name", "RoleArn"]),
              StateMachine: names(["Id", "Name"]),
            },
          },
          mocks: mockTable(
            "answers of tasks and messages by state name, path of a state, or resource",
          ),
          mockConfig: {
            description:
              "a test case of a MockConfigFile of Step Functions Local; `mocks` come first",
            type: "object",
            required: ["file", "stateMachine", "testCase"],
            additionalProperties: false,
            properties: {
              file: text("the MockConfigFile; a path from this file's folder"),
              stateMachine: text("its name under StateMachines"),
              testCase: text("its name under TestCases"),
            },
          },
          expect: expectation(),
        },
      },
    },
  },
} as const satisfies Schema;

/** The part of JSON Schema that is used here. A schema without `type` takes any value. */
export interface Schema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: "object" | "array" | "string" | "number" | "integer" | "boolean";
  readonly enum?: readonly (string | boolean)[];
  readonly minimum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: { readonly [key: string]: Schema };
  /** False: no others. */
  readonly additionalProperties?: false | Schema;
  /** Told apart by their types. */
  readonly anyOf?: readonly Schema[];
}

function expectation(): Schema {
  const counts = { type: "integer", minimum: 0 } as const;
  return {
    description: "what must come of it; without status and error it must succeed",
    type: "object",
    additionalProperties: false,
    properties: {
      status: oneOf(
        ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "ANY"],
        "how the execution ends",
      ),
      output: { description: "the whole output" },
      outputMatches: { description: "part of the output: its objects may have more keys" },
      error: text("the error that the execution ends with"),
      cause: text("its whole cause"),
      causeMatches: text("a regular expression that finds something in the cause"),
      path: path("names of the states entered at the top, in order; * is any number of states"),
      paths: {
        description:
          "the same within branches, Deliver[0], and items, Each[3]; Each[*] is every item",
        type: "object",
        additionalProperties: path("states entered there, in order"),
      },
      variables: {
        description: "variables at the end, with their values; there may be others",
        type: "object",
        additionalProperties: {},
      },
      durationSeconds: {
        description: "virtual time from start to end",
        type: "number",
        minimum: 0,
      },
      events: {
        description: "how many events of a type the history has",
        type: "object",
        additionalProperties: counts,
      },
      calls: {
        description:
          "by state name, path or resource: how often its task was tried, or with which inputs",
        type: "object",
        additionalProperties: { anyOf: [counts, { type: "array", items: {} }] },
      },
    },
  };
}

function mockTable(description: string): Schema {
  const answer: Schema = {
    type: "object",
    additionalProperties: false,
    properties: {
      result: { description: "the task succeeds with this" },
      error: text("the task fails with this error name"),
      cause: text("the failure's cause"),
      timeout: always("it never answers; the state's TimeoutSeconds runs out"),
      heartbeatTimeout: always("it never sends a heartbeat; the state's HeartbeatSeconds runs out"),
      delaySeconds: {
        description: "virtual time before the answer; 0 unless given",
        type: "number",
        minimum: 0,
      },
      times: {
        description: "calls in a row that this answers, in a list; 1 unless given",
        type: "integer",
        minimum: 1,
      },
    },
  };
  return {
    description,
    type: "object",
    additionalProperties: { anyOf: [answer, { type: "array", minItems: 1, items: answer }] },
  };
}

function text(description: string): Schema {
  return { description, type: "string" };
}

function oneOf(values: readonly string[], description: string): Schema {
  return { description, type: "string", enum: values };
}

function always(description: string): Schema {
  return { description, type: "boolean", enum: [true] };
}

function path(description: string): Schema {
  return { description, type: "array", items: { type: "string" } };
}

function names(keys: readonly string[]): Schema {
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(keys.map((key) => [key, { type: "string" } as const])),
  };
}
