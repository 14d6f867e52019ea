/**
 * YAML 1.2, core schema, one document, to plain JSON. No aliases, anchors or tags: they have no JSON
 * meaning, and they are what makes YAML dangerous.
 */
import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from "js-yaml";
import type { Event, ScalarEvent } from "js-yaml";
import type { Json } from "../json.ts";
import { numberOf, setKey } from "../json.ts";
import { pointerSegment } from "../json-scan.ts";
import { duplicateKey } from "./findings.ts";
import type { Finding, Places } from "./findings.ts";

export interface ParsedYaml {
  readonly tree?: Json;
  readonly findings: readonly Finding[];
  readonly places: Places;
  /** Where reading stopped, when it did. */
  readonly offset?: number;
}

export function parseYaml(text: string, depthMax: number): ParsedYaml {
  const builder = new Builder(text);
  try {
    const tree = builder.documents(parseEvents(text, { maxDepth: depthMax }));
    return { tree, findings: builder.findings, places: builder.places };
  } catch (error) {
    const { finding, offset } = stopOf(error);
    return { findings: [...builder.findings, finding], places: builder.places, offset };
  }
}

function stopOf(error: unknown): { finding: Finding; offset: number } {
  if (error instanceof YamlStop) return error;
  if (!(error instanceof YAMLException)) throw error;
  const isDepth = error.reason.startsWith("nesting exceeded");
  const code = isDepth ? "NESTING_TOO_DEEP" : "DEFINITION_SYNTAX";
  return {
    finding: { code, message: error.reason, pointer: "" },
    offset: error.mark?.position ?? 0,
  };
}

class YamlStop extends Error {
  readonly finding: Finding;
  readonly offset: number;

  constructor(code: string, message: string, offset: number) {
    super(message);
    this.finding = { code, message, pointer: "" };
    this.offset = offset;
  }
}

class Builder {
  readonly findings: Finding[] = [];
  readonly places: Places = { keys: new Map(), values: new Map() };
  private readonly text: string;
  private events: readonly Event[] = [];
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  documents(events: readonly Event[]): Json {
    this.events = events;
    this.at = 1;
    // A text of comments only has no document.
    const isEmpty = events.length < 2 || this.peek().type === EVENT_ID.POP;
    const tree = isEmpty ? null : this.node("");
    const another = events.findIndex(({ type }, index) => index > 0 && type === EVENT_ID.DOCUMENT);
    if (another !== -1) {
      throw new YamlStop(
        "DEFINITION_SYNTAX",
        "a definition is one YAML document; the text has several",
        this.offsetAfter(another),
      );
    }
    return tree;
  }

  /** Where the first thing after an event stands; documents have no place of their own. */
  private offsetAfter(index: number): number {
    const next = this.events
      .slice(index)
      .find((event) => event.type !== EVENT_ID.DOCUMENT && event.type !== EVENT_ID.POP);
    return next === undefined ? this.text.length : startOf(next);
  }

  private peek(): Event {
    return this.events[this.at]!;
  }

  private node(pointer: string): Json {
    const event = this.peek();
    this.at += 1;
    this.refuseExtras(event);
    this.places.values.set(pointer, startOf(event));
    switch (event.type) {
      case EVENT_ID.MAPPING:
        return this.mapping(pointer);
      case EVENT_ID.SEQUENCE:
        return this.sequence(pointer);
      case EVENT_ID.SCALAR:
        return this.scalar(event, pointer);
      default:
        throw new Error(`unexpected YAML event ${event.type}`);
    }
  }

  private refuseExtras(event: Event): void {
    if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return;
    if (event.type === EVENT_ID.ALIAS || event.anchorStart >= 0) {
      const message = "anchors and aliases are not allowed in a definition";
      throw new YamlStop("YAML_ALIASES_NOT_ALLOWED", message, Math.max(0, event.anchorStart - 1));
    }
    if (event.tagStart >= 0) {
      const tag = this.text.slice(event.tagStart, event.tagEnd).slice(0, 64);
      throw new YamlStop(
        "YAML_TAG",
        `tags are not allowed in a definition: ${tag}`,
        event.tagStart,
      );
    }
  }

  private mapping(pointer: string): Json {
    const object: { [key: string]: Json } = {};
    while (this.peek().type !== EVENT_ID.POP) {
      const event = this.peek();
      const offset = event.type === EVENT_ID.ALIAS ? event.anchorStart - 1 : startOf(event);
      this.refuseExtras(event);
      if (event.type !== EVENT_ID.SCALAR)
        throw new YamlStop("DEFINITION_SYNTAX", "a key must be a string", offset);
      this.at += 1;
      const key = getScalarValue(this.text, event);
      const child = `${pointer}/${pointerSegment(key)}`;
      if (Object.hasOwn(object, key)) this.findings.push(duplicateKey(child));
      this.places.keys.set(child, offset);
      setKey(object, key, this.node(child));
    }
    this.at += 1;
    return object;
  }

  private sequence(pointer: string): Json {
    const items: Json[] = [];
    while (this.peek().type !== EVENT_ID.POP) items.push(this.node(`${pointer}/${items.length}`));
    this.at += 1;
    return items;
  }

  private scalar(event: ScalarEvent, pointer: string): Json {
    const text = getScalarValue(this.text, event);
    if (event.style !== SCALAR_STYLE.PLAIN) return text;
    const value = resolve(text);
    if (value !== undefined) return value;
    this.findings.push({ code: "NON_FINITE", message: `${text} is not a JSON number`, pointer });
    return null;
  }
}

function startOf(event: Event): number {
  return "start" in event ? event.start : "valueStart" in event ? Math.max(0, event.valueStart) : 0;
}

/** YAML 1.2 § 10.3.2. `undefined` for the numbers that JSON does not have. */
function resolve(text: string): Json | undefined {
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^0o[0-7]+$/.test(text)) return Number(text);
  if (/^0x[0-9a-fA-F]+$/.test(text)) return Number(text);
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text)) return undefined;
  const [, sign = "", digits = ""] =
    /^([-+]?)((?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/.exec(text) ?? [];
  if (digits === "") return text;
  const value = Number(digits);
  if (!Number.isFinite(value)) return undefined;
  const plain = digits
    .replace(/^0+(?=[0-9])/, "")
    .replace(/^\./, "0.")
    .replace(/\.(?=[eE]|$)/, "");
  return numberOf(`${sign === "-" ? "-" : ""}${plain}`);
}
