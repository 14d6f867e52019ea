/** Something that `importSeed` did to a definition, or that its owner should look at. */
export interface Note {
  /** `CHANGED`: rewritten, it now does what it did or was meant to. `LOOK`: left as it is; it may do something else. */
  readonly kind: "CHANGED" | "LOOK";
  readonly code: NoteCode;
  /** JSON pointer into the definition as it was; "" is the whole document. */
  readonly pointer: string;
  readonly message: string;
}

export type NoteCode =
  | "NAME"
  | "VERSION"
  | "NULL_PATH"
  | "NEXT_AND_END"
  | "PATH_VALUE"
  | "KEY_SUFFIX"
  | "DOLLAR_TEXT"
  | "PASS_PARAMETERS"
  | "CHOICE_OPERATORS"
  | "CHOICE_VARIABLE"
  | "CHOICE_MISSING"
  | "CHOICE_RESULT_PATH"
  | "MESSAGE_PATH"
  | "MESSAGE_TIMEOUT_PATH"
  | "FAIL_PATH"
  | "RETRY_COUNT"
  | "ERROR_NAME";

/** Takes notes at one place of the definition. */
export class Notes {
  readonly all: Note[];
  readonly pointer: string;

  constructor(all: Note[] = [], pointer = "") {
    this.all = all;
    this.pointer = pointer;
  }

  /** The same notes, taken further inside. @param segment one step of a JSON pointer, escaped. */
  at(segment: string): Notes {
    return new Notes(this.all, `${this.pointer}/${segment}`);
  }

  changed(code: NoteCode, message: string): void {
    this.all.push({ kind: "CHANGED", code, pointer: this.pointer, message });
  }

  look(code: NoteCode, message: string): void {
    this.all.push({ kind: "LOOK", code, pointer: this.pointer, message });
  }
}
